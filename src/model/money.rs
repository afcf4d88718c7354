//! Money and rates as they are written: decimal digits, exactly.
//!
//! Invariant: no binary fraction comes between the digits of a file and a price. A price has at most
//! [`DIGITS_MAX`] digits, so that what is computed with it fits. No currency here.

use std::cmp::Ordering;
use std::fmt;

/// Digits of a price, zeros at either end not counted: more than any deck writes.
pub const DIGITS_MAX: u32 = 18;
/// Decimals of a price.
pub const DECIMALS_MAX: u32 = 18;

/// A decimal: `mantissa` divided by ten to the power of `decimals`, without a zero at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Money {
    mantissa: i64,
    decimals: u8,
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self { mantissa: 0, decimals: 0 };

    /// Reads `0.0123`, `12`, `.5`, `-1`, `1.23e-2`.
    ///
    /// # Errors
    /// Says what is wrong: no number, or more digits than are computed with.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            let help = if text.contains(',') { ": decimals follow a point" } else { "" };
            format!("`{}` is no price{help}", shortened(text))
        };
        let (sign, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (-1, text.get(1..)),
            Some(b'+') => (1, text.get(1..)),
            _ => (1, Some(text)),
        };
        let unsigned = unsigned.unwrap_or_default();
        let (digits, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let unsigned_exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        if whole.is_empty() && fraction.is_empty()
            || !is_number(whole)
            || !is_number(fraction)
            || unsigned_exponent.is_empty()
            || !is_number(unsigned_exponent)
        {
            return Err(wrong());
        }
        let all = || whole.bytes().chain(fraction.bytes());
        let leading = all().take_while(|byte| *byte == b'0').count();
        let trailing = all().rev().take_while(|byte| *byte == b'0').count();
        let length = whole.len() + fraction.len();
        if leading == length {
            return Ok(Self::ZERO);
        }
        let too_fine = || {
            format!(
                "`{}` is beyond what is computed with: {DIGITS_MAX} digits, {DECIMALS_MAX} of them \
                 decimals at most",
                shortened(text)
            )
        };
        let significant = length - leading - trailing;
        // An exponent of more digits than these is out of bounds whatever stands before it.
        let exponent: i64 = match exponent.parse() {
            Ok(exponent) if length < 1_000 => exponent,
            _ => return Err(too_fine()),
        };
        let size = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let decimals = size(fraction.len()).saturating_sub(size(trailing));
        let decimals = decimals.saturating_sub(exponent);
        // Zeros that an exponent, or digits before the point, add at the end.
        let zeros = u32::try_from(decimals.saturating_neg().max(0)).map_err(|_| too_fine())?;
        let decimals = u32::try_from(decimals.max(0)).map_err(|_| too_fine())?;
        let count = u32::try_from(significant).map_err(|_| too_fine())?.saturating_add(zeros);
        if count > DIGITS_MAX || decimals > DECIMALS_MAX {
            return Err(too_fine());
        }
        let value = all().skip(leading).take(significant);
        let value = value.fold(0_i64, |value, byte| value * 10 + i64::from(byte - b'0'));
        let mantissa = sign * value * 10_i64.pow(zeros);
        Ok(Self { mantissa, decimals: u8::try_from(decimals).map_err(|_| too_fine())? })
    }

    /// The digits without their point.
    #[must_use]
    pub fn mantissa(self) -> i64 {
        self.mantissa
    }

    /// How many of the digits are decimals: 0 to [`DECIMALS_MAX`].
    #[must_use]
    pub fn decimals(self) -> u32 {
        u32::from(self.decimals)
    }

    /// Whether it is below nothing.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// The nearest binary fraction, for arithmetic that is made of these.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        const EXACT: u64 = 1 << 53;
        if self.mantissa.unsigned_abs() <= EXACT {
            // Both are exact, as ten is up to the power of 22: a division of two such is rounded once.
            return self.mantissa as f64 / 10_f64.powi(i32::from(self.decimals));
        }
        self.to_string().parse().unwrap_or_default()
    }
}

/// What a message quotes of a text that may be long.
fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

impl PartialOrd for Money {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Money {
    fn cmp(&self, other: &Self) -> Ordering {
        let scaled = |money: &Self, by: u8| i128::from(money.mantissa) * 10_i128.pow(by.into());
        scaled(self, other.decimals).cmp(&scaled(other, self.decimals))
    }
}

impl fmt::Display for Money {
    /// As short as it is exact: `0.0123`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10_u64.pow(self.decimals.into());
        let value = self.mantissa.unsigned_abs();
        let sign = if self.mantissa < 0 { "-" } else { "" };
        match self.decimals {
            0 => write!(f, "{sign}{value}"),
            width => {
                write!(f, "{sign}{}.{:0width$}", value / scale, value % scale, width = width.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_its_written_digits() {
        for (text, want) in [
            ("0.0123", "0.0123"),
            ("12", "12"),
            ("0012.50", "12.5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("0", "0"),
            ("-0.00", "0"),
            ("-1.5", "-1.5"),
            ("+1", "1"),
            ("1.23e-2", "0.0123"),
            ("1E3", "1000"),
            ("0.1", "0.1"),
            ("0.30000000000000", "0.3"),
            ("0.000000000000000001", "0.000000000000000001"),
            ("999999999999999999", "999999999999999999"),
            ("0.000001000000000000000000", "0.000001"),
            ("123000000000000e-12", "123"),
            ("0e99999999999999999999999", "0"),
        ] {
            assert_eq!(
                Money::parse(text).map(|money| money.to_string()),
                Ok(want.into()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_price_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", "is no price"),
            ("-", "is no price"),
            (".", "is no price"),
            ("e5", "is no price"),
            ("1e", "is no price"),
            ("1e+-1", "is no price"),
            ("1.2.3", "is no price"),
            ("0,0123", "decimals follow a point"),
            ("$1", "is no price"),
            ("1 000", "is no price"),
            ("inf", "is no price"),
            ("nan", "is no price"),
            ("٤", "is no price"),
            ("1234567890123456789", "beyond what"),
            ("0.0000000000000000001", "beyond what"),
            ("1e18", "beyond what"),
            ("1e99999999999999999999", "beyond what"),
            ("1e-99999999999999999999", "beyond what"),
            ("1e-9223372036854775808", "beyond what"),
        ] {
            let error = Money::parse(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
        assert!(Money::parse(&"9".repeat(100_000)).unwrap_err().len() < 300);
    }

    #[test]
    fn prices_are_compared_by_value() {
        for (a, b, want) in [
            ("0.1", "0.10", Ordering::Equal),
            ("0.1", "0.09", Ordering::Greater),
            ("-1", "0.000000000000001", Ordering::Less),
            ("999999999999999", "0.999999999999999", Ordering::Greater),
        ] {
            let [a, b] = [a, b].map(|text| Money::parse(text).unwrap());
            assert_eq!(a.cmp(&b), want, "{a} {b}");
        }
    }

    #[test]
    fn the_binary_fraction_is_the_nearest() {
        for text in ["0.1", "0.0123", "0.07", "0.12345678901234568", "0.000000000000001", "-1.1"] {
            let near: f64 = text.parse().unwrap();
            assert_eq!(Money::parse(text).unwrap().to_f64(), near, "{text}");
        }
    }
}
