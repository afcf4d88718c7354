//! A telephone number or a prefix of one: 1 to 32 decimal digits, nothing else.
//!
//! Parsed once, compared as digits ever after. There is no plus, no blank and no letter in it.

use super::limits::NUMBER_DIGITS_MAX;
use std::fmt;

/// 1 to 32 decimal digits, kept as ASCII without heap memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digits {
    digits: [u8; NUMBER_DIGITS_MAX],
    len: u8,
}

impl Digits {
    /// Takes ASCII digits as they stand.
    ///
    /// Returns `None` for an empty text, more than 32 digits, or any other byte.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() { None } else { Self::EMPTY.join(text) }
    }

    const EMPTY: Self = Self { digits: [0; NUMBER_DIGITS_MAX], len: 0 };

    /// `self` followed by the ASCII digits of `rest`, if both together are a number.
    #[must_use]
    pub fn join(mut self, rest: &str) -> Option<Self> {
        let length = self.count() + rest.len();
        let place = self.digits.get_mut(usize::from(self.len)..length)?;
        if !rest.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        place.copy_from_slice(rest.as_bytes());
        self.len = u8::try_from(length).ok()?;
        Some(self)
    }

    /// The digits as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.ascii()).unwrap_or_default()
    }

    /// The digits as ASCII bytes, first digit first.
    #[must_use]
    pub fn ascii(&self) -> &[u8] {
        self.digits.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// How many digits there are: 1 to 32.
    #[must_use]
    pub fn count(&self) -> usize {
        usize::from(self.len)
    }

    /// Whether `self` begins with all digits of `prefix`.
    #[must_use]
    pub fn starts_with(&self, prefix: &Digits) -> bool {
        self.ascii().starts_with(prefix.ascii())
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_1_to_32_ascii_digits() {
        let longest = "1".repeat(32);
        for (text, good) in [
            ("1", true),
            ("4930123456", true),
            (longest.as_str(), true),
            ("", false),
            ("+", false),
            ("+49", false),
            ("49a", false),
            ("49 30", false),
            ("٤٩", false), // Arabic-Indic digits are no ASCII digits
        ] {
            assert_eq!(Digits::parse(text).is_some(), good, "{text}");
        }
        assert!(Digits::parse(&"1".repeat(33)).is_none());
    }

    #[test]
    fn a_prefix_is_compared_by_digits() {
        let number = Digits::parse("4930").unwrap();
        assert!(number.starts_with(&Digits::parse("49").unwrap()));
        assert!(number.starts_with(&number));
        assert!(!number.starts_with(&Digits::parse("49301").unwrap()));
        assert_eq!(number.to_string(), "4930");
    }
}
