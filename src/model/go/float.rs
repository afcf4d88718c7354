//! Floating-point numbers as `strconv.ParseFloat` reads them: digits with underscores between them,
//! exponents, hexadecimal fractions, infinities.

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is not written like one.
    Syntax,
    /// It is greater than the type holds.
    Range,
}

impl Fault {
    /// In Go's words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Syntax => "invalid syntax",
            Self::Range => "value out of range",
        }
    }
}

/// Reads a number of 64 bits; only one with underscores allocates.
pub(super) fn read(text: &str) -> Result<f64, Fault> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    if unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity") {
        return Ok(sign * f64::INFINITY);
    }
    if text.eq_ignore_ascii_case("nan") {
        return Ok(f64::NAN);
    }
    let digits = unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X"));
    let is_hex = digits.is_some();
    if !is_number(digits.unwrap_or(unsigned).as_bytes(), is_hex) {
        return Err(Fault::Syntax);
    }
    let has_underscores = text.contains('_');
    if has_underscores && !underscores_stand_between_digits(unsigned, is_hex) {
        return Err(Fault::Syntax);
    }
    let value = match digits {
        Some(digits) => hexadecimal(digits),
        None if has_underscores => decimal(&unsigned.replace('_', ""))?,
        None => decimal(unsigned)?,
    };
    if value.is_infinite() { Err(Fault::Range) } else { Ok(sign * value) }
}

fn decimal(text: &str) -> Result<f64, Fault> {
    text.parse().map_err(|_| Fault::Syntax)
}

/// Whether `bytes`, without sign and base, are digits with at most one dot and an exponent, which a
/// hexadecimal number must have. Underscores pass here.
fn is_number(bytes: &[u8], is_hex: bool) -> bool {
    let is_digit =
        |byte: &u8| if is_hex { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() };
    let marker = if is_hex { b'p' } else { b'e' };
    let mut dots = 0;
    let mut digits = 0;
    let mut rest = bytes.iter();
    loop {
        match rest.next() {
            Some(byte) if is_digit(byte) => digits += 1,
            Some(b'_') => {}
            Some(b'.') if dots == 0 => dots = 1,
            Some(byte) if byte.to_ascii_lowercase() == marker && digits > 0 => break,
            None => return digits > 0 && !is_hex,
            Some(_) => return false,
        }
    }
    let exponent = match rest.as_slice() {
        [b'+' | b'-', exponent @ ..] => exponent,
        exponent => exponent,
    };
    exponent.first().is_some_and(u8::is_ascii_digit)
        && exponent.iter().all(|byte| byte.is_ascii_digit() || *byte == b'_')
}

/// An underscore has a digit, or the `0x`, before it and a digit behind it.
fn underscores_stand_between_digits(unsigned: &str, is_hex: bool) -> bool {
    // What stood before: `0` a digit, `_` an underscore, `!` anything else.
    let mut before = if is_hex { '0' } else { '!' };
    for c in unsigned.chars().skip(if is_hex { 2 } else { 0 }) {
        let is_digit = c.is_ascii_digit() || is_hex && c.is_ascii_hexdigit();
        match (before, c) {
            ('0', '_') => before = '_',
            (_, '_') => return false,
            _ if is_digit => before = '0',
            ('_', _) => return false,
            _ => before = '!',
        }
    }
    before != '_'
}

/// The value of hexadecimal digits with their binary exponent, rounded once to the nearest double, ties
/// to even.
fn hexadecimal(digits: &str) -> f64 {
    let (mantissa, power) = digits.split_once(['p', 'P']).unwrap_or((digits, "0"));
    let mut whole: u64 = 0;
    let mut exponent: i64 = 0;
    let mut is_inexact = false;
    let mut is_fraction = false;
    for c in mantissa.chars() {
        match c.to_digit(16) {
            Some(digit) if whole >> 60 == 0 => {
                whole = whole * 16 + u64::from(digit);
                exponent -= if is_fraction { 4 } else { 0 };
            }
            Some(digit) => {
                is_inexact |= digit != 0;
                exponent += if is_fraction { 0 } else { 4 };
            }
            None => is_fraction |= c == '.',
        }
    }
    let magnitude = power
        .chars()
        .filter_map(|c| c.to_digit(10))
        .fold(0_i64, |sum, digit| (sum * 10 + i64::from(digit)).min(1_000_000));
    exponent += if power.starts_with('-') { -magnitude } else { magnitude };
    if whole == 0 {
        return 0.0;
    }
    let highest = 63 - i64::from(whole.leading_zeros()) + exponent;
    if highest > 1023 {
        return f64::INFINITY;
    }
    // The lowest bit that the result can hold; one more stands below for what was cut off.
    let lowest = (highest - 52).max(-1074);
    let wide = u128::from(whole) << 1 | u128::from(is_inexact);
    let kept = match lowest - exponent + 1 {
        drop @ 1..=66 => {
            let kept = wide >> drop;
            let rest = wide & ((1 << drop) - 1);
            let half = 1 << (drop - 1);
            if rest > half || rest == half && kept & 1 == 1 { kept + 1 } else { kept }
        }
        drop @ -64..=0 => wide << -drop,
        _ => 0,
    };
    // At most 53 bits and a power of two: both are exact, and so is their product.
    kept as f64 * power_of_two(lowest)
}

/// 2 to the power of `exponent`, from -1074 to 1023.
fn power_of_two(exponent: i64) -> f64 {
    let bits = match exponent {
        -1022..=1023 => (exponent + 1023) << 52,
        -1074..=-1023 => 1 << (exponent + 1074),
        _ => 0,
    };
    f64::from_bits(bits.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_go_reads_them() {
        let inf = f64::INFINITY;
        for (text, want) in [
            ("0", Ok(0.0)),
            ("10445.5", Ok(10445.5)),
            ("+1.", Ok(1.0)),
            (".5", Ok(0.5)),
            ("1e3", Ok(1000.0)),
            ("1E+3", Ok(1000.0)),
            ("1_000", Ok(1000.0)),
            ("1_0.0_1e0_1", Ok(100.1)),
            ("0x1p-2", Ok(0.25)),
            ("0x_1p4", Ok(16.0)),
            ("0X1.fP3", Ok(15.5)),
            ("-0x1p-1074", Ok(-f64::from_bits(1))),
            ("0x1p-1075", Ok(0.0)),
            ("0x1.8p-1075", Ok(f64::from_bits(1))),
            ("0x1.fffffffffffffp1023", Ok(f64::MAX)),
            ("0x1.00000000000008p0", Ok(1.0)),
            ("0x1.00000000000008000001p0", Ok(1.0 + f64::EPSILON)),
            ("0x123456789abcdef01234p0", Ok(8.596805828370696e22)),
            ("0x1.fffffffffffff8p1023", Err(Fault::Range)),
            ("0x1p1024", Err(Fault::Range)),
            ("0x1p-99999999999999999999", Ok(0.0)),
            ("1e-400", Ok(0.0)),
            ("1e400", Err(Fault::Range)),
            ("inf", Ok(inf)),
            ("+Infinity", Ok(inf)),
            ("-INF", Ok(-inf)),
            ("+nan", Err(Fault::Syntax)),
            ("", Err(Fault::Syntax)),
            ("+", Err(Fault::Syntax)),
            (".", Err(Fault::Syntax)),
            ("1__0", Err(Fault::Syntax)),
            ("_1", Err(Fault::Syntax)),
            ("1_", Err(Fault::Syntax)),
            ("1_.5", Err(Fault::Syntax)),
            ("1e_1", Err(Fault::Syntax)),
            ("1e", Err(Fault::Syntax)),
            ("0x1", Err(Fault::Syntax)),
            ("0x", Err(Fault::Syntax)),
            ("0xp1", Err(Fault::Syntax)),
            ("1p1", Err(Fault::Syntax)),
            ("1.2.3", Err(Fault::Syntax)),
            (" 1", Err(Fault::Syntax)),
            ("1s", Err(Fault::Syntax)),
            ("--1", Err(Fault::Syntax)),
            ("١", Err(Fault::Syntax)),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
        assert!(read("NaN").is_ok_and(f64::is_nan));
        assert!(read("-0").is_ok_and(|zero| zero.is_sign_negative()));
    }
}
