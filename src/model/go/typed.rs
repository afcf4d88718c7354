//! Comparison of texts by what they mean, as `*lt`, `*lte`, `*gt`, `*gte` and `*eq` do it (section 5.6).
//!
//! `*lt` is "not greater or equal", `*lte` is "not greater": the caller negates. No comparison that succeeds
//! allocates.

use super::number::{push_verb_v, read_bool, read_int};
use super::time::{self, Time, push_default};
use super::{duration, float};
use jiff::tz::TimeZone;

/// A text by the first meaning that fits.
#[derive(Debug, Clone, Copy)]
pub enum Typed<'a> {
    /// No other meaning, or nothing.
    Text(&'a str),
    /// A whole number.
    Int(i64),
    /// `true`, `f` and the like.
    Bool(bool),
    /// A number with a fraction or an exponent.
    Float(f64),
    /// A moment, also one relative to now.
    Time(Time),
    /// Nanoseconds.
    Duration(i64),
}

impl<'a> Typed<'a> {
    /// The first meaning of `text` that fits; `local` is the zone of a time that states none.
    #[must_use]
    pub fn of(text: &'a str, local: &TimeZone, now_ns: i64) -> Self {
        if text.is_empty() {
            Self::Text(text)
        } else if let Ok(whole) = read_int(text) {
            Self::Int(whole)
        } else if let Some(truth) = read_bool(text) {
            Self::Bool(truth)
        } else if let Ok(number) = float::read(text) {
            Self::Float(number)
        } else if let Ok(time) = time::read(text, local, now_ns) {
            Self::Time(time)
        } else if let Ok(ns) = duration::read(text) {
            Self::Duration(ns)
        } else {
            Self::Text(text)
        }
    }

    /// Numbers and durations, which mix.
    fn number(&self) -> Option<f64> {
        match self {
            Self::Int(whole) | Self::Duration(whole) => Some(*whole as f64),
            Self::Float(number) => Some(*number),
            Self::Text(_) | Self::Bool(_) | Self::Time(_) => None,
        }
    }

    fn push_operand(&self, out: &mut String) {
        out.push('<');
        match (self, self.number()) {
            (_, Some(number)) => push_verb_v(number, out),
            (Self::Time(time), _) => push_default(time, out),
            _ => out.push_str("<nil>"),
        }
        out.push('>');
    }
}

/// Whether `a` is greater than `b`, or equal where that counts.
///
/// # Errors
/// In the words that clients know: two of different types, or of a type without an order.
pub fn greater(a: &Typed<'_>, b: &Typed<'_>, or_equal: bool) -> Result<bool, String> {
    match (a, b) {
        (Typed::Int(a), Typed::Int(b)) | (Typed::Duration(a), Typed::Duration(b)) => {
            Ok(a > b || or_equal && a == b)
        }
        (Typed::Time(a), Typed::Time(b)) => Ok(a.ns > b.ns || or_equal && a.is_same(b)),
        (Typed::Text(_), Typed::Text(_)) => Err(unsupported("string")),
        (Typed::Bool(_), Typed::Bool(_)) => Err(unsupported("bool")),
        _ => match (a.number(), b.number()) {
            (Some(a), Some(b)) => Ok(a > b || or_equal && a == b),
            _ => Err(incomparable(a, b)),
        },
    }
}

/// Whether `a` equals `b`.
///
/// # Errors
/// In the words that clients know: two of different types, or two truth values.
pub fn equal(a: &Typed<'_>, b: &Typed<'_>) -> Result<bool, String> {
    match (a, b) {
        (Typed::Int(a), Typed::Int(b)) | (Typed::Duration(a), Typed::Duration(b)) => Ok(a == b),
        (Typed::Time(a), Typed::Time(b)) => Ok(a.is_same(b)),
        (Typed::Text(a), Typed::Text(b)) => Ok(a == b),
        (Typed::Bool(_), Typed::Bool(_)) => Err(unsupported("bool")),
        _ => match (a.number(), b.number()) {
            (Some(a), Some(b)) => Ok(a == b),
            _ => Err(incomparable(a, b)),
        },
    }
}

fn unsupported(kind: &str) -> String {
    format!("unsupported comparison type: {kind}, kind: {kind}")
}

fn incomparable(a: &Typed<'_>, b: &Typed<'_>) -> String {
    let mut out = String::from("incomparable: ");
    a.push_operand(&mut out);
    out.push_str(" with ");
    b.push_operand(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Typed<'_> {
        Typed::of(text, &TimeZone::UTC, 1_741_342_272_000_000_000)
    }

    #[test]
    fn a_text_has_the_first_meaning_that_fits() {
        for (text, want) in [
            ("", "Text"),
            ("1", "Int(1)"),
            ("+49", "Int(49)"),
            ("t", "Bool(true)"),
            ("False", "Bool(false)"),
            ("1e3", "Float(1000.0)"),
            ("1_000", "Float(1000.0)"),
            ("inf", "Float(inf)"),
            ("9223372036854775808", "Float(9.223372036854776e18)"),
            ("2025-03-07T10:11:12Z", "Time"),
            ("2024-02-30T10:00:00Z", "Text"),
            ("-5s", "Time"),
            ("+5s", "Time"),
            ("*unlimited", "Time"),
            ("5s", "Duration(5000000000)"),
            ("1d", "Text"),
            ("2025-03-07", "Text"),
            ("tRUE", "Text"),
        ] {
            let got = format!("{:?}", of(text));
            assert!(got.starts_with(want), "{text}: {got}");
        }
    }

    #[test]
    fn texts_are_compared_by_what_they_mean() {
        // Greater, greater or equal, equal.
        for (a, b, want) in [
            ("40", "40", [false, true, true]),
            ("40", "35.5", [true, true, false]),
            ("40.0", "40", [false, true, true]),
            ("2m", "1m50s", [true, true, false]),
            ("20s", "10", [true, true, false]),
            ("20000000000", "10s", [true, true, false]),
            ("20000000000", "20s", [false, true, true]),
            ("60s", "1m", [false, true, true]),
            ("-1", "0s", [false, false, false]),
            ("9007199254740993", "9007199254740992", [true, true, false]),
            ("nan", "nan", [false, false, false]),
            ("inf", "5", [true, true, false]),
            ("2025-03-07T10:11:12Z", "2025-03-07T10:11:12Z", [false, true, true]),
            ("2025-03-07T10:11:12Z", "2025-03-07 10:11:12", [false, false, false]),
            ("2025-03-07T10:11:12.5Z", "2025-03-07 10:11:12", [true, true, false]),
            ("*unlimited", "2025-03-07T10:11:12Z", [false, false, false]),
            ("+5s", "-5s", [true, true, false]),
        ] {
            let (a, b) = (of(a), of(b));
            let got = [greater(&a, &b, false), greater(&a, &b, true), equal(&a, &b)];
            assert_eq!(got, want.map(Ok), "{a:?} and {b:?}");
        }
        assert_eq!(equal(&of("string1"), &of("string1")), Ok(true));
        assert_eq!(equal(&of("string1"), &of("string2")), Ok(false));
    }

    #[test]
    fn what_cannot_be_compared_is_told_in_the_words_that_clients_know() {
        let time = "2025-03-07T10:11:12Z";
        for (a, b, want) in [
            ("", "10", "<<nil>> with <10>"),
            ("10445.5", "abc", "<10445.5> with <<nil>>"),
            ("true", "abc", "<<nil>> with <<nil>>"),
            ("true", "12.75", "<<nil>> with <12.75>"),
            ("", time, "<<nil>> with <2025-03-07 10:11:12 +0000 UTC>"),
            (time, "10s", "<2025-03-07 10:11:12 +0000 UTC> with <1e+10>"),
            (time, "1741342272", "<2025-03-07 10:11:12 +0000 UTC> with <1.741342272e+09>"),
            ("20250307101112", "x", "<2.0250307101112e+13> with <<nil>>"),
            ("7", "2025-01-01T00:00:00Z", "<7> with <2025-01-01 00:00:00 +0000 UTC>"),
            ("x", "1m", "<<nil>> with <6e+10>"),
        ] {
            let want = Err(format!("incomparable: {want}"));
            assert_eq!(greater(&of(a), &of(b), true), want);
            assert_eq!(equal(&of(a), &of(b)), want);
        }
        let string = "unsupported comparison type: string, kind: string";
        assert_eq!(greater(&of("a"), &of(""), false), Err(string.into()));
        let bool = "unsupported comparison type: bool, kind: bool";
        assert_eq!(greater(&of("true"), &of("f"), false), Err(bool.into()));
        assert_eq!(equal(&of("true"), &of("true")), Err(bool.into()));
    }
}
