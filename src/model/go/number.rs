//! Numbers and truth values as Go's `strconv`, `fmt` and `encoding/json` read and write them.

use super::float::{self, Fault};
use super::quote::quoted;
use crate::model::json::push_integer;
use std::fmt::{self, Write};

/// Appends the shortest decimal that is `value` again when it is read, without an exponent.
pub fn push_plain(value: f64, out: &mut String) {
    let _ = if value.is_infinite() {
        out.write_str(if value < 0.0 { "-Inf" } else { "+Inf" })
    } else {
        write!(out, "{value}")
    };
}

/// `value` as `%v` prints it: with an exponent from a million on and below a ten-thousandth.
#[must_use]
pub fn verb_v(value: f64) -> String {
    let mut out = String::new();
    push_verb_v(value, &mut out);
    out
}

/// Appends `value` as `%v` prints it.
pub fn push_verb_v(value: f64, out: &mut String) {
    if !value.is_finite() || value == 0.0 {
        return push_plain(value, out);
    }
    let mut text = Short::default();
    let _ = write!(text, "{value:e}");
    let (digits, exponent) = text.parts();
    let _ = if (-4..6).contains(&exponent) {
        write!(out, "{value}")
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(out, "{digits}e{sign}{:02}", exponent.unsigned_abs())
    };
}

/// Appends `value` as a JSON number: with an exponent below 1e-6 and from 1e21 on.
///
/// JSON has no infinities; `null` stands for what is no number.
pub fn push_json(value: f64, out: &mut Vec<u8>) {
    // Nearly every price and weight. Of fifteen digits there is one shortest decimal at most, whoever looks
    // for it; of more the two ways choose differently in the middle between two.
    const SAME_BYTES: usize = 16;
    // A weight is whole, nearly always.
    let whole = value as i32;
    if whole != 0 && f64::from(whole) == value {
        return push_integer(out, whole);
    }
    if value != 0.0 && (1e-4..1e15).contains(&value.abs()) {
        let mut buffer = ryu::Buffer::new();
        let text = buffer.format_finite(value);
        if text.len() <= SAME_BYTES {
            out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
            return;
        }
    }
    let _ = write_json(value, &mut Bytes(out));
}

/// [`push_json`] to any writer.
pub(super) fn write_json(value: f64, out: &mut impl Write) -> fmt::Result {
    let size = value.abs();
    if !value.is_finite() {
        out.write_str("null")
    } else if size == 0.0 || (1e-6..1e21).contains(&size) {
        write!(out, "{value}")
    } else if size < 1.0 {
        write!(out, "{value:e}")
    } else {
        let mut text = Short::default();
        write!(text, "{value:e}")?;
        let (digits, exponent) = text.parts();
        write!(out, "{digits}e+{exponent}")
    }
}

/// Writes text to bytes.
pub(super) struct Bytes<'a>(pub(super) &'a mut Vec<u8>);

impl Write for Bytes<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// A number with its exponent: 17 digits, signs, dot, `e` and three digits fit.
#[derive(Default)]
struct Short {
    bytes: [u8; 32],
    len: usize,
}

impl Short {
    /// Digits and exponent.
    fn parts(&self) -> (&str, i32) {
        let text = self.bytes.get(..self.len).unwrap_or_default();
        let text = std::str::from_utf8(text).unwrap_or_default();
        let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
        (digits, exponent.parse().unwrap_or_default())
    }
}

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

/// Reads a decimal whole number of 64 bits.
///
/// # Errors
/// In the words of `strconv.ParseInt`.
pub fn parse_int(text: &str) -> Result<i64, String> {
    read_int(text).map_err(|fault| words("ParseInt", text, fault))
}

/// Reads a decimal whole number of 64 bits.
///
/// # Errors
/// In the words of `strconv.Atoi`.
pub fn atoi(text: &str) -> Result<i64, String> {
    read_int(text).map_err(|fault| words("Atoi", text, fault))
}

/// Reads a floating-point number.
///
/// # Errors
/// In the words of `strconv.ParseFloat`.
pub fn parse_float(text: &str) -> Result<f64, String> {
    float::read(text).map_err(|fault| words("ParseFloat", text, fault))
}

/// Reads a truth value: `1 t T true TRUE True` and the like for false.
///
/// # Errors
/// In the words of `strconv.ParseBool`.
pub fn parse_bool(text: &str) -> Result<bool, String> {
    read_bool(text).ok_or_else(|| words("ParseBool", text, Fault::Syntax))
}

fn words(function: &str, text: &str, fault: Fault) -> String {
    format!("strconv.{function}: parsing {}: {}", quoted(text), fault.words())
}

/// [`parse_int`] without words.
///
/// A number that is too long is out of range even where something else follows it, unless its digits so far
/// fit in 64 bits without a sign.
pub(super) fn read_int(text: &str) -> Result<i64, Fault> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() {
        return Err(Fault::Syntax);
    }
    let mut size: u64 = 0;
    for byte in digits.bytes() {
        if !byte.is_ascii_digit() {
            return Err(Fault::Syntax);
        }
        let digit = u64::from(byte - b'0');
        size = size.checked_mul(10).and_then(|size| size.checked_add(digit)).ok_or(Fault::Range)?;
    }
    let value = if text.starts_with('-') { -i128::from(size) } else { i128::from(size) };
    i64::try_from(value).map_err(|_| Fault::Range)
}

/// [`parse_bool`] without words.
pub(super) fn read_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_plainly_for_errors_and_for_json() {
        for (value, plain, verb, json) in [
            (0.0, "0", "0", "0"),
            (-0.0, "-0", "-0", "-0"),
            (7.0, "7", "7", "7"),
            (10445.5, "10445.5", "10445.5", "10445.5"),
            (100_000.0, "100000", "100000", "100000"),
            (123_456.0, "123456", "123456", "123456"),
            (123_456.789, "123456.789", "123456.789", "123456.789"),
            (1e6, "1000000", "1e+06", "1000000"),
            (1_741_342_272.0, "1741342272", "1.741342272e+09", "1741342272"),
            (1e10, "10000000000", "1e+10", "10000000000"),
            (20_250_307_101_112.0, "20250307101112", "2.0250307101112e+13", "20250307101112"),
            (-1e20, "-100000000000000000000", "-1e+20", "-100000000000000000000"),
            (1e21, "1000000000000000000000", "1e+21", "1e+21"),
            (0.0001, "0.0001", "0.0001", "0.0001"),
            (0.00001, "0.00001", "1e-05", "0.00001"),
            (1e-6, "0.000001", "1e-06", "0.000001"),
            (1.5e-7, "0.00000015", "1.5e-07", "1.5e-7"),
            (1e-10, "0.0000000001", "1e-10", "1e-10"),
            (0.1 + 0.2, "0.30000000000000004", "0.30000000000000004", "0.30000000000000004"),
            (
                123_456_789_012_345_678.0,
                "123456789012345680",
                "1.2345678901234568e+17",
                "123456789012345680",
            ),
            (f64::INFINITY, "+Inf", "+Inf", "null"),
            (f64::NEG_INFINITY, "-Inf", "-Inf", "null"),
            (f64::NAN, "NaN", "NaN", "null"),
        ] {
            let mut text = String::new();
            push_plain(value, &mut text);
            assert_eq!(text, plain);
            assert_eq!(verb_v(value), verb);
            let mut out = Vec::new();
            push_json(value, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), json);
        }
        let mut out = Vec::new();
        push_json(f64::MAX, &mut out);
        assert_eq!(out, b"1.7976931348623157e+308");
    }

    #[test]
    fn whole_numbers_are_read_or_refused_in_gos_words() {
        let syntax = |text: &str| Err(format!("{text}: invalid syntax"));
        let range = |text: &str| Err(format!("{text}: value out of range"));
        for (text, want) in [
            ("0", Ok(0)),
            ("+7", Ok(7)),
            ("-007", Ok(-7)),
            ("9223372036854775807", Ok(i64::MAX)),
            ("-9223372036854775808", Ok(i64::MIN)),
            ("", syntax(r#""""#)),
            ("-", syntax(r#""-""#)),
            (" 1", syntax(r#"" 1""#)),
            ("2.5", syntax(r#""2.5""#)),
            ("1e0", syntax(r#""1e0""#)),
            ("0x1", syntax(r#""0x1""#)),
            ("1_000", syntax(r#""1_000""#)),
            ("1][0", syntax(r#""1][0""#)),
            ("a\"b", syntax(r#""a\"b""#)),
            ("9223372036854775808", range(r#""9223372036854775808""#)),
            ("-9223372036854775809", range(r#""-9223372036854775809""#)),
            ("9999999999999999999x", syntax(r#""9999999999999999999x""#)),
            ("99999999999999999999x", range(r#""99999999999999999999x""#)),
        ] {
            let named = |function: &str| {
                want.clone().map_err(|error: String| format!("strconv.{function}: parsing {error}"))
            };
            assert_eq!(parse_int(text), named("ParseInt"));
            assert_eq!(atoi(text), named("Atoi"));
        }
    }

    #[test]
    fn fractions_and_truth_are_refused_in_gos_words() {
        for (text, want) in [
            ("abc", r#"strconv.ParseFloat: parsing "abc": invalid syntax"#),
            ("", r#"strconv.ParseFloat: parsing "": invalid syntax"#),
            ("1s", r#"strconv.ParseFloat: parsing "1s": invalid syntax"#),
            ("1e400", r#"strconv.ParseFloat: parsing "1e400": value out of range"#),
        ] {
            assert_eq!(parse_float(text).unwrap_err(), want);
        }
        for text in ["1", "t", "T", "true", "TRUE", "True"] {
            assert_eq!(parse_bool(text), Ok(true), "{text}");
        }
        for text in ["0", "f", "F", "false", "FALSE", "False"] {
            assert_eq!(parse_bool(text), Ok(false), "{text}");
        }
        let want = r#"strconv.ParseBool: parsing "maybe": invalid syntax"#;
        assert_eq!(parse_bool("maybe").unwrap_err(), want);
        assert!(parse_bool("tRUE").is_err());
    }

    #[test]
    fn the_quick_way_prints_what_the_slow_one_prints() {
        let mut bits = 1_u64;
        let mut values: Vec<f64> = vec![0.0, -0.0, 1e-4, 9.99e-5, 1e15, 999_999_999_999_999.0, 0.1];
        for round in 0..200_000_u32 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            values.push(f64::from_bits(bits));
            // As prices are: a few digits behind the point.
            values.push(f64::from((bits >> 40) as u32) / 10_f64.powi(round as i32 % 9));
        }
        for value in values {
            let (mut quick, mut slow) = (Vec::new(), String::new());
            push_json(value, &mut quick);
            write_json(value, &mut slow).unwrap();
            assert_eq!(std::str::from_utf8(&quick), Ok(slow.as_str()));
        }
    }
}
