//! RSR filter expressions, the values of `*rsr`: `^acme`, `!17$`, `~^\d+$`, `>=10` (section 5.8).

use super::regexp;
use crate::model::go::typed::{Typed, greater};
use jiff::tz::TimeZone;
use regex::Regex;

/// One expression.
#[derive(Debug, Clone)]
pub struct Expression {
    /// Without the `!`.
    text: String,
    negated: bool,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    Anything,
    Contains(String),
    Prefix(String),
    Suffix(String),
    Exactly(String),
    Found(Regex),
    Compared(Order, String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Expression {
    /// Reads an expression: `TEXT` anywhere, `^TEXT` at the beginning, `TEXT$` at the end, `^TEXT$` alone,
    /// `~PATTERN`, `>VALUE`, `>=VALUE`, `<VALUE`, `<=VALUE`; nothing at all fits everything. `!` before it
    /// inverts.
    ///
    /// # Errors
    /// A pattern that is none, in RE2's words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (negated, text) = match text.strip_prefix('!') {
            Some(text) => (true, text),
            None => (false, text),
        };
        Ok(Self { text: text.to_owned(), negated, test: Test::parse(text)? })
    }

    /// Whether `text` fits. A comparison that cannot be made is false, also when it is inverted.
    ///
    /// `zone` is that of times that state none, `now_ns` the moment in nanoseconds since the Unix epoch.
    #[must_use]
    pub fn passes(&self, text: &str, zone: &TimeZone, now_ns: i64) -> bool {
        let fits = match &self.test {
            Test::Anything => true,
            Test::Contains(part) => text.contains(part.as_str()),
            Test::Prefix(start) => text.starts_with(start.as_str()),
            Test::Suffix(end) => text.ends_with(end.as_str()),
            Test::Exactly(all) => text == all,
            Test::Found(pattern) => pattern.is_match(text),
            Test::Compared(order, value) => {
                let of = |text| Typed::of(text, zone, now_ns);
                match order.holds(&of(text), &of(value)) {
                    Some(holds) => holds,
                    None => return false,
                }
            }
        };
        fits != self.negated
    }

    /// Whether an element that is not there passes `expressions`: only when they are `^$`, whether inverted
    /// or not, which is to say when their texts without the `!`, one behind the other, are.
    #[must_use]
    pub fn pass_without_element(expressions: &[Self]) -> bool {
        let mut rest = "^$";
        for expression in expressions {
            match rest.strip_prefix(expression.text.as_str()) {
                Some(behind) => rest = behind,
                None => return false,
            }
        }
        rest.is_empty()
    }
}

impl Test {
    fn parse(text: &str) -> Result<Self, String> {
        const ORDERS: [(&str, Order); 4] = [
            (">=", Order::GreaterOrEqual),
            ("<=", Order::LessOrEqual),
            (">", Order::Greater),
            ("<", Order::Less),
        ];
        if text.is_empty() {
            return Ok(Self::Anything);
        }
        if let Some(pattern) = text.strip_prefix('~') {
            return regexp::compile(pattern).map(Self::Found);
        }
        for (sign, order) in ORDERS {
            if let Some(value) = text.strip_prefix(sign) {
                return Ok(Self::Compared(order, value.to_owned()));
            }
        }
        let start = text.strip_prefix('^');
        let inner = start.unwrap_or(text);
        Ok(match (start, inner.strip_suffix('$')) {
            (Some(_), Some(all)) => Self::Exactly(all.to_owned()),
            (Some(start), None) => Self::Prefix(start.to_owned()),
            (None, Some(end)) => Self::Suffix(end.to_owned()),
            (None, None) => Self::Contains(text.to_owned()),
        })
    }
}

impl Order {
    /// None when the two cannot be compared.
    fn holds(self, text: &Typed<'_>, value: &Typed<'_>) -> Option<bool> {
        let or_equal = matches!(self, Self::GreaterOrEqual | Self::Less);
        let is_greater = greater(text, value, or_equal).ok()?;
        Some(is_greater == matches!(self, Self::Greater | Self::GreaterOrEqual))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(expression: &str, text: &str) -> bool {
        Expression::parse(expression).unwrap().passes(text, &TimeZone::UTC, 0)
    }

    #[test]
    fn a_text_passes_the_expressions_that_it_passed_in_cgrates() {
        let expressions = [
            "acme",
            "^acme",
            "17$",
            "^acme-17$",
            "^$",
            r"~^acme-\d+$",
            r"~\d{3}",
            "!acme",
            "!^acme",
            "!17$",
            "!^$",
            "!~x",
            "!",
            ">5",
            ">=7",
            "<10",
            "<=7",
            "!>5",
            ">abc",
            "=7",
            "7",
            "^7$",
            ">5s",
            "~(?i)ACME",
            " ",
            "^",
            "$",
            "~",
            "",
        ];
        // Recorded from the engine, but for the last expression: the places of those that a text passes.
        let rows: [(&str, &[usize]); 7] = [
            ("acme-17", &[0, 1, 2, 3, 5, 10, 11, 20, 23, 25, 26, 27, 28]),
            ("7", &[7, 8, 9, 10, 11, 13, 14, 15, 16, 20, 21, 25, 26, 27, 28]),
            ("", &[4, 7, 8, 9, 11, 25, 26, 27, 28]),
            ("ACME", &[7, 8, 9, 10, 11, 23, 25, 26, 27, 28]),
            ("x17", &[2, 7, 8, 10, 20, 25, 26, 27, 28]),
            ("7s", &[7, 8, 9, 10, 11, 13, 14, 20, 22, 25, 26, 27, 28]),
            ("10", &[7, 8, 9, 10, 11, 13, 14, 25, 26, 27, 28]),
        ];
        for (text, numbers) in rows {
            for (number, expression) in expressions.iter().enumerate() {
                assert_eq!(
                    passes(expression, text),
                    numbers.contains(&number),
                    "{expression} on {text:?}"
                );
            }
        }
    }

    #[test]
    fn texts_patterns_and_typed_comparisons_decide() {
        let rows = [
            ("dan", "sip:11561561561561568@dan", true),
            (r"~^\w{30,}", "12345678901234567", false),
            (">=10", "20s", true),
            ("<1m", "20s", true),
            (">2025-01-01T00:00:00Z", "2025-03-07T10:11:12Z", true),
            (">2025-01-01T00:00:00Z", "7", false),
            ("!>2025-01-01T00:00:00Z", "7", false),
            ("<", "7", false),
        ];
        for (expression, text, expected) in rows {
            assert_eq!(passes(expression, text), expected, "{expression} on {text}");
        }
    }

    #[test]
    fn without_its_element_only_the_empty_text_passes() {
        let rows: [(&[&str], bool); 9] = [
            (&["^$"], true),
            (&["!^$"], true),
            (&["^", "$"], true),
            (&["^$", "x"], false),
            (&["~example$", "!^$"], false),
            (&["!acme"], false),
            (&["^"], false),
            (&["!"], false),
            (&[], false),
        ];
        for (texts, expected) in rows {
            let expressions: Vec<_> =
                texts.iter().map(|text| Expression::parse(text).unwrap()).collect();
            assert_eq!(Expression::pass_without_element(&expressions), expected, "{texts:?}");
        }
    }

    #[test]
    fn a_pattern_that_is_none_is_refused() {
        let refused = Expression::parse("!~(").unwrap_err();
        assert_eq!(refused, "error parsing regexp: missing closing ): `(`");
    }
}
