//! Single values of a JSON document: read from the bytes as they stand, with an error for people.

use super::scan;
use crate::model::duration;
use crate::model::json_value;
use crate::model::sip::SipCode;
use serde_json::value::RawValue;

/// What a single value has to be, when it is not.
pub type Wrong = String;

/// Writes a string to `out`.
///
/// # Errors
/// Anything but a JSON string; a lone surrogate.
pub fn string(raw: &RawValue, out: &mut String) -> Result<(), Wrong> {
    check_string(raw)?;
    json_value::push_string(raw.get(), out)
}

/// A string that nothing reads.
///
/// # Errors
/// Anything but a JSON string.
pub fn check_string(raw: &RawValue) -> Result<(), Wrong> {
    let text = raw.get();
    if text.starts_with('"') {
        Ok(())
    } else {
        Err(format!("must be a string, not {}", scan::kind(text)))
    }
}

/// A whole number of 0 or more; it may be text.
///
/// # Errors
/// Anything else.
pub fn whole(raw: &RawValue) -> Result<u64, Wrong> {
    unquoted(raw)
        .parse()
        .map_err(|_| format!("must be a whole number of 0 or more, not {}", shown(raw)))
}

/// Whether a value says that something is not known: null, `""`, -1.
fn is_unknown(raw: &RawValue) -> bool {
    matches!(unquoted(raw), "null" | "" | "-1" | "<null>")
}

/// Milliseconds; a null, `""` or -1 is unknown.
///
/// # Errors
/// Anything that is no whole number.
pub fn milliseconds(raw: &RawValue) -> Result<Option<u32>, Wrong> {
    if is_unknown(raw) {
        return Ok(None);
    }
    let number =
        whole(raw).map_err(|wrong| wrong.replace("0 or more", "0 or more (-1: unknown)"))?;
    Ok(Some(u32::try_from(number).unwrap_or(u32::MAX)))
}

/// A SIP code; null, `""`, 0 and -1 are none.
///
/// # Errors
/// A number outside 100 to 699, or no number.
pub fn code(raw: &RawValue) -> Result<Option<SipCode>, Wrong> {
    if is_unknown(raw) || unquoted(raw) == "0" {
        return Ok(None);
    }
    let number: Option<u16> = unquoted(raw).parse().ok();
    number
        .and_then(SipCode::new)
        .map(Some)
        .ok_or_else(|| format!("must be a SIP code from 100 to 699, not {}", shown(raw)))
}

/// A switch: true, false, 0, 1, or one of them as text.
///
/// # Errors
/// Anything else.
pub fn switch(raw: &RawValue) -> Result<bool, Wrong> {
    match unquoted(raw) {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(format!("must be true or false, not {}", shown(raw))),
    }
}

/// A moment in RFC 3339 with its offset, as Unix nanoseconds.
///
/// # Errors
/// Anything else, and years that nanoseconds in 64 bits do not reach (1678 to 2261).
pub fn moment(raw: &RawValue) -> Result<i64, Wrong> {
    let wrong = || format!("must be a time such as \"2026-11-21T12:00:00Z\", not {}", shown(raw));
    let text = raw.get();
    if !text.starts_with('"') {
        return Err(wrong());
    }
    let time: jiff::Timestamp = unquoted(raw).parse().map_err(|_| wrong())?;
    i64::try_from(time.as_nanosecond()).map_err(|_| wrong())
}

/// A duration in Go style; a bare number is seconds.
///
/// # Errors
/// Anything else.
pub fn duration(raw: &RawValue) -> Result<(), Wrong> {
    let text = unquoted(raw);
    if is_unknown(raw) || text.parse::<f64>().is_ok() {
        return Ok(());
    }
    duration::parse_ns(text).map(|_| ())
}

/// A decimal number; it may be text.
///
/// # Errors
/// Anything else.
pub fn decimal(raw: &RawValue) -> Result<f64, Wrong> {
    let number: Option<f64> = unquoted(raw).parse().ok();
    match number {
        Some(number) if number.is_finite() => Ok(number),
        _ => Err(format!("must be a number, not {}", shown(raw))),
    }
}

/// The value without the quotes that make a number text.
fn unquoted(raw: &RawValue) -> &str {
    raw.get().trim_matches('"')
}

/// The value as an error shows it: cut, so that no answer grows with its question.
fn shown(raw: &RawValue) -> String {
    const SHOWN_CHARS: usize = 24;
    let text = raw.get();
    let mut cut: String = text.chars().take(SHOWN_CHARS).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn numbers_of_reports_may_be_text() {
        assert_eq!(whole(&raw("3")), Ok(3));
        assert_eq!(whole(&raw("\"3\"")), Ok(3));
        assert!(whole(&raw("3.5")).is_err());
        assert_eq!(milliseconds(&raw("-1")), Ok(None));
        assert_eq!(milliseconds(&raw("\"850\"")), Ok(Some(850)));
        assert_eq!(code(&raw("\"503\"")), Ok(SipCode::new(503)));
        assert_eq!(code(&raw("0")), Ok(None));
        assert!(code(&raw("99")).is_err());
        assert_eq!(switch(&raw("1")), Ok(true));
        assert!(switch(&raw("\"yes\"")).is_err());
        assert_eq!(moment(&raw("\"1970-01-01T00:00:01Z\"")), Ok(1_000_000_000));
        assert!(moment(&raw("1795344503")).is_err());
    }
}
