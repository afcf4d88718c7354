//! One value against the kind that its key wants.
//!
//! What a value means beyond its kind (a number form, a filter, a reference) is checked where the
//! table is read.

use super::dates::{self, DateOrder};
use super::finding::shown;
use super::schema::{Key, Kind, one_of};
use crate::model::definition::Stamp;
use crate::model::duration;
use crate::model::money::Money;
use crate::model::sip::SipCode;
use jiff::Timestamp;
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::TimeZone;
use std::ops::{Range, RangeInclusive};
use toml::Spanned;
use toml::de::{DeInteger, DeValue};

/// Faults of one value that are named: a list may have millions.
const FAULTS_MAX: usize = 1000;

/// What is wrong with a value, and where when it is only a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub at: Option<Range<usize>>,
    pub text: String,
    pub help: String,
}

impl Fault {
    fn new(text: String, help: impl Into<String>) -> Self {
        Self { at: None, text, help: help.into() }
    }
}

/// Everything that is wrong with a value; tables are for the walk.
pub(super) fn faults(key: &Key, value: &DeValue<'_>) -> Vec<Fault> {
    match (key.kind, value) {
        (Kind::Texts | Kind::TextOrTexts, DeValue::Array(items)) => {
            items.iter().filter_map(|item| text_fault(key, item)).take(FAULTS_MAX).collect()
        }
        (Kind::Integers(min, max), DeValue::Array(items)) => {
            let fault = |item| integer_fault(key, min..=max, item);
            items.iter().filter_map(fault).take(FAULTS_MAX).collect()
        }
        (Kind::Codes, DeValue::Array(items)) => {
            items.iter().filter_map(|item| code_fault(key, item)).take(FAULTS_MAX).collect()
        }
        (Kind::TextMap, DeValue::Table(items)) => {
            items.iter().filter_map(|(_, item)| text_fault(key, item)).take(FAULTS_MAX).collect()
        }
        _ => single(key, value).into_iter().collect(),
    }
}

fn single(key: &Key, value: &DeValue<'_>) -> Option<Fault> {
    let name = key.name;
    match (key.kind, value) {
        (Kind::Text | Kind::TextOrTexts, DeValue::String(text)) => control_fault(name, text),
        (Kind::Id, DeValue::String(text)) => id_fault(key, text),
        (Kind::Word(words), DeValue::String(text)) => (!words.contains(&&**text)).then(|| {
            Fault::new(format!("`{name}` is {}", shown(text)), format!("use {}", one_of(words)))
        }),
        (Kind::Boolean, DeValue::Boolean(_)) => None,
        (Kind::Integer(min, max), DeValue::Integer(number)) => {
            let inside = integer(number).is_some_and(|number| (min..=max).contains(&number));
            (!inside).then(|| {
                let text = format!("`{name}` is {number}, outside {min} to {max}");
                Fault::new(text, write_sample(key))
            })
        }
        (Kind::Number | Kind::NumberOr(_), DeValue::Integer(_) | DeValue::Float(_)) => {
            match number(value) {
                Some(_) => None,
                None => Some(Fault::new(
                    format!("`{name}` is no finite number"),
                    format!("write `{name} = 10` or `{name} = 0.5`"),
                )),
            }
        }
        (Kind::Money, DeValue::Integer(_) | DeValue::Float(_) | DeValue::String(_)) => {
            let written = digits(value).unwrap_or_default();
            let fault = Money::parse(&written).err()?;
            Some(Fault::new(format!("`{name}`: {fault}"), write_sample(key)))
        }
        (Kind::Amount, DeValue::Integer(_) | DeValue::Float(_) | DeValue::String(_)) => {
            let written = digits(value).unwrap_or_default();
            let known = Money::parse(&written).is_ok() || duration::parse_ns(&written).is_ok();
            (!known).then(|| {
                let text = format!("`{name}` is {}, no amount and no duration", shown(&written));
                Fault::new(text, write_sample(key))
            })
        }
        (Kind::Date, DeValue::String(_) | DeValue::Datetime(_)) => {
            let fault = dates::written(&time_text(value)?, DateOrder::Ymd, &TimeZone::UTC).err()?;
            Some(Fault::new(format!("`{name}` {fault}"), write_sample(key)))
        }
        (Kind::NumberOr(words), DeValue::String(text)) => {
            let known = words.contains(&&**text) || text.parse().is_ok_and(f64::is_finite);
            (!known).then(|| {
                Fault::new(
                    format!("`{name}` is {}", shown(text)),
                    format!("use a number, or {}", one_of(words)),
                )
            })
        }
        (Kind::Duration, DeValue::String(text)) => match duration_ms(text) {
            Ok(_) => None,
            Err(text) => Some(Fault::new(format!("`{name}`: {text}"), write_sample(key))),
        },
        (Kind::Time, DeValue::String(_) | DeValue::Datetime(_)) => match time_ns(value) {
            Ok(_) => None,
            Err((text, help)) => Some(Fault::new(format!("`{name}` {text}"), help)),
        },
        (Kind::CodeOr(words), DeValue::String(text)) => {
            let known = words.contains(&&**text) || code_of(value).is_some();
            (!known).then(|| {
                Fault::new(
                    format!("`{name}` is {}", shown(text)),
                    format!("use a SIP code from 400 to 699, or {}", one_of(words)),
                )
            })
        }
        (Kind::CodeOr(words), DeValue::Integer(number)) => code_of(value).is_none().then(|| {
            Fault::new(
                format!("`{name}` is {number}"),
                format!("use a SIP code from 400 to 699, or {}", one_of(words)),
            )
        }),
        (Kind::Table(_) | Kind::Named(_), DeValue::Table(_)) => None,
        _ => Some(kind_fault(key, value)),
    }
}

/// Whether a heading is written with the brackets of its key: `[routes]` and `[[route]]` are two.
pub(super) fn has_brackets_of(key: &Key, value: &DeValue<'_>) -> bool {
    match key.kind {
        Kind::Tables(_) => value.as_array().is_some(),
        Kind::Table(_) | Kind::Named(_) => value.as_table().is_some(),
        _ => true,
    }
}

fn kind_fault(key: &Key, value: &DeValue<'_>) -> Fault {
    let text = format!("`{}` must be {}, found {}", key.name, key.kind.wanted(), found(value));
    let help = match (key.kind, value) {
        (Kind::Tables(spec), DeValue::Table(_)) => {
            format!("write {} with two brackets", spec.heading)
        }
        (Kind::Table(spec), DeValue::Array(_)) => {
            format!("write {} with one bracket", spec.heading)
        }
        (Kind::Tables(spec) | Kind::Table(spec) | Kind::Named(spec), _) => {
            format!("write {} on a line of its own, its keys below", spec.heading)
        }
        (Kind::Texts, DeValue::String(one)) => {
            format!("write `{} = [\"{}\"]`", key.name, one.escape_default())
        }
        _ => write_sample(key),
    };
    Fault::new(text, help)
}

/// ``write `timeout = "4s"` ``.
fn write_sample(key: &Key) -> String {
    format!("write `{} = {}`", key.name, key.sample())
}

/// What a value is, for messages.
fn found(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the string {}", shown(text)),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(_) => "a date or time".into(),
        DeValue::Array(_) => "a list".into(),
        DeValue::Table(_) => "a table".into(),
    }
}

fn text_fault(key: &Key, item: &Spanned<DeValue<'_>>) -> Option<Fault> {
    let fault = match item.get_ref() {
        DeValue::String(text) => control_fault(key.name, text)?,
        other => Fault::new(
            format!("`{}` must be {}, found {} in it", key.name, key.kind.wanted(), found(other)),
            write_sample(key),
        ),
    };
    Some(Fault { at: Some(item.span()), ..fault })
}

fn integer_fault(
    key: &Key,
    bounds: RangeInclusive<i64>,
    item: &Spanned<DeValue<'_>>,
) -> Option<Fault> {
    let number = item.get_ref().as_integer();
    if number.and_then(integer).is_some_and(|number| bounds.contains(&number)) {
        return None;
    }
    let text = match number {
        Some(number) => {
            format!("`{}` has {number}, outside {} to {}", key.name, bounds.start(), bounds.end())
        }
        None => {
            let found = found(item.get_ref());
            format!("`{}` must be {}, found {found} in it", key.name, key.kind.wanted())
        }
    };
    Some(Fault { at: Some(item.span()), ..Fault::new(text, write_sample(key)) })
}

fn control_fault(name: &str, text: &str) -> Option<Fault> {
    let bad = text.chars().find(|c| c.is_control())?;
    let text = format!("`{name}` holds the control character U+{:04X}", u32::from(bad));
    Some(Fault::new(text, "leave it out: line breaks and the like could forge a message"))
}

fn id_fault(key: &Key, text: &str) -> Option<Fault> {
    match text.len() {
        0 => Some(Fault::new(format!("`{}` is empty", key.name), write_sample(key))),
        1..=255 => control_fault(key.name, text),
        len => {
            Some(Fault::new(format!("`{}` has {len} bytes, more than 255", key.name), "shorten it"))
        }
    }
}

/// The whole number, if it fits.
pub(super) fn integer(number: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// The finite number.
pub(super) fn number(value: &DeValue<'_>) -> Option<f64> {
    let number = match value {
        DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok()?,
        // Other bases are whole numbers that fit; more digits than a float holds are rounded.
        DeValue::Integer(number) => integer(number)? as f64,
        DeValue::Float(number) => number.as_str().parse::<f64>().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// A number's digits as they are written, or the string in its place.
pub(super) fn digits(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().into()),
        DeValue::Integer(number) => integer(number).map(|number| number.to_string()),
        DeValue::Float(number) => Some(number.as_str().into()),
        other => other.as_str().map(str::to_owned),
    }
}

/// Milliseconds, at least 1.
pub(super) fn duration_ms(text: &str) -> Result<u32, String> {
    match duration::parse_ms(text) {
        Ok(0) => Err("a duration of nothing; 1ms is the least".into()),
        other => other,
    }
}

/// Unix nanoseconds of a moment with its offset; otherwise what is wrong, and the help.
pub(super) fn time_ns(value: &DeValue<'_>) -> Result<i64, (String, &'static str)> {
    const HELP: &str = "write it as 2026-01-01T00:00:00Z or 2026-01-01T00:00:00+01:00";
    let text = time_text(value).ok_or(("is no moment".into(), HELP))?;
    let moment = text.parse::<Timestamp>().map_err(|_| {
        let local = text.parse::<jiff::civil::DateTime>().is_ok();
        if local {
            let text = format!("is {}, a time without its offset from UTC", shown(&text));
            (text, "add the offset, such as `Z` or `+01:00`: the host's time zone is never used")
        } else {
            (format!("is {}, no moment", shown(&text)), HELP)
        }
    })?;
    i64::try_from(moment.as_nanosecond())
        .map_err(|_| (format!("is {}, outside 1678 to 2262", shown(&text)), HELP))
}

pub(super) fn time_text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Datetime(time) => Some(time.to_string()),
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    }
}

/// The moment with the offset that it was written in.
pub(super) fn stamp(value: &DeValue<'_>) -> Option<Stamp> {
    let ns = time_ns(value).ok()?;
    let text = time_text(value)?;
    let pieces = Pieces::parse(&text).ok()?;
    let offset = match pieces.offset()? {
        PiecesOffset::Numeric(offset) => {
            let offset = offset.offset();
            let minutes = offset.seconds().unsigned_abs() / 60;
            let sign = if offset.is_negative() { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        }
        _ => "Z".to_owned(),
    };
    Some(Stamp { ns, text: format!("{}T{}{offset}", pieces.date(), pieces.time()?) })
}

/// The SIP code of a final failure.
pub(super) fn code_of(value: &DeValue<'_>) -> Option<SipCode> {
    let code: u16 = match value {
        DeValue::String(text) if text.len() == 3 => text.parse().ok()?,
        DeValue::Integer(number) => u16::try_from(integer(number)?).ok()?,
        _ => return None,
    };
    SipCode::new(code).filter(|code| (4..=6).contains(&code.class()))
}

/// The class that `5xx` names.
pub(super) fn class_of(value: &DeValue<'_>) -> Option<u8> {
    let text = value.as_str()?;
    let digit = text.strip_suffix("xx").or_else(|| text.strip_suffix("XX"))?;
    digit.parse().ok().filter(|class| (4..=6).contains(class))
}

fn code_fault(key: &Key, item: &Spanned<DeValue<'_>>) -> Option<Fault> {
    let value = item.get_ref();
    if code_of(value).is_some() || class_of(value).is_some() {
        return None;
    }
    let text = match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        other => found(other),
    };
    let help = match text.as_bytes().first() {
        Some(b'3') if text.len() == 3 => "redirections have a key of their own: `redirects`",
        Some(b'1' | b'2') if text.len() == 3 => "1xx and 2xx are no failures",
        _ => "use codes and classes from 400 to 699, such as \"404\" and \"5xx\"",
    };
    let text = format!("{} in `{}` is no code or class of a failure", shown(&text), key.name);
    Some(Fault { at: Some(item.span()), ..Fault::new(text, help) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Result<i64, (String, &'static str)> {
        time_ns(DeValue::parse(text).unwrap().get_ref())
    }

    #[test]
    fn a_moment_needs_its_offset() {
        let new_year = 1_767_225_600_000_000_000;
        for (text, want) in [
            ("2026-01-01T00:00:00Z", Ok(new_year)),
            ("2026-01-01 00:00:00Z", Ok(new_year)),
            ("2026-01-01T01:00:00+01:00", Ok(new_year)),
            ("2026-01-01T00:00:00.5Z", Ok(new_year + 500_000_000)),
            ("\"2026-01-01T00:00:00Z\"", Ok(new_year)),
            ("2026-01-01T00:00:00", Err("without its offset")),
            ("2026-01-01", Err("without its offset")),
            ("\"2026-01-01T00:00:00\"", Err("without its offset")),
            ("07:00:00", Err("no moment")),
            ("\"tomorrow\"", Err("no moment")),
            ("1500-01-01T00:00:00Z", Err("outside 1678 to 2262")),
            ("9000-01-01T00:00:00Z", Err("outside 1678 to 2262")),
        ] {
            match (time(text), want) {
                (Ok(got), Ok(want)) => assert_eq!(got, want, "{text}"),
                (Err((got, _)), Err(want)) => assert!(got.contains(want), "{text}: {got}"),
                (got, _) => panic!("{text}: {got:?}"),
            }
        }
    }

    #[test]
    fn a_moment_is_kept_as_it_was_written() {
        for (text, want) in [
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            ("2026-01-01 00:00:00Z", "2026-01-01T00:00:00Z"),
            ("2026-01-01T01:00:00+01:00", "2026-01-01T01:00:00+01:00"),
            ("2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00"),
            ("2025-12-31T18:30:00-05:30", "2025-12-31T18:30:00-05:30"),
            ("2026-01-01T00:00:00.50Z", "2026-01-01T00:00:00.5Z"),
            ("\"2026-01-01t00:00:00z\"", "2026-01-01T00:00:00Z"),
        ] {
            let stamp = stamp(DeValue::parse(text).unwrap().get_ref());
            assert_eq!(stamp.map(|stamp| stamp.text).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn numbers_are_taken_from_their_digits() {
        for (text, want) in [
            ("10", Some(10.0)),
            ("-0.5", Some(-0.5)),
            ("1_000", Some(1000.0)),
            ("0x10", Some(16.0)),
            ("1e3", Some(1000.0)),
            ("nan", None),
            ("inf", None),
            ("1e999", None),
            ("true", None),
        ] {
            assert_eq!(number(DeValue::parse(text).unwrap().get_ref()), want, "{text}");
        }
    }
}
