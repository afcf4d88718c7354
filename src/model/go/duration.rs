//! Durations as Go's package `time` reads and writes them, with what CGRateS adds: no text is 0,
//! `*unlimited` is -1, and a number without a unit is nanoseconds (section 5.6).

use super::float;
use super::quote::quoted_bytewise;
use std::fmt::Write as _;

/// The text that stands for no limit, and its duration.
const UNLIMITED: (&str, i64) = ("*unlimited", -1);

/// What Go's arithmetic allows before the sign: 2^63 nanoseconds.
const MAX_NS: u64 = 1 << 63;

/// Reads a duration in nanoseconds: `1m30s`, `150ms`, `60` (a fraction of a nanosecond is cut off).
///
/// # Errors
/// In the words of `time.ParseDuration`, to which a number goes with `ns` behind it.
pub fn parse(text: &str) -> Result<i64, String> {
    read(text).map_err(|fault| fault.words())
}

/// Why a text is no duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault<'a> {
    what: What<'a>,
    text: &'a str,
    is_number: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What<'a> {
    Invalid,
    MissingUnit,
    UnknownUnit(&'a str),
}

impl Fault<'_> {
    /// In Go's words.
    pub(super) fn words(&self) -> String {
        let what = match self.what {
            What::Invalid => "invalid duration".to_owned(),
            What::MissingUnit => "missing unit in duration".to_owned(),
            What::UnknownUnit(unit) => {
                format!("unknown unit {} in duration", quoted_bytewise(unit))
            }
        };
        let text = quoted_bytewise(self.text);
        match text.strip_suffix('"').filter(|_| self.is_number) {
            Some(open) => format!("time: {what} {open}ns\""),
            None => format!("time: {what} {text}"),
        }
    }
}

/// [`parse`] without words.
pub(super) fn read(text: &str) -> Result<i64, Fault<'_>> {
    if text.is_empty() {
        return Ok(0);
    }
    if text == UNLIMITED.0 {
        return Ok(UNLIMITED.1);
    }
    let is_number = float::read(text).is_ok();
    read_units(text, is_number).map_err(|what| Fault { what, text, is_number })
}

/// Numbers with their units, one after the other; where `is_number`, the last may lack its unit.
fn read_units(text: &str, is_number: bool) -> Result<i64, What<'_>> {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(What::Invalid);
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (whole, tail) = split(rest, |c| !c.is_ascii_digit());
        let (fraction, tail) = match tail.strip_prefix('.') {
            Some(tail) => split(tail, |c| !c.is_ascii_digit()),
            None => ("", tail),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(What::Invalid);
        }
        let whole = leading_whole(whole).ok_or(What::Invalid)?;
        let (unit, tail) = split(tail, |c| c == '.' || c.is_ascii_digit());
        let unit_ns: u64 = match unit {
            "" if is_number && tail.is_empty() => 1,
            "" => return Err(What::MissingUnit),
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            other => return Err(What::UnknownUnit(other)),
        };
        let (fraction, scale) = leading_fraction(fraction);
        // The product is below an hour; the cast cuts off what is less than a nanosecond.
        let part_ns = (fraction as f64 * (unit_ns as f64 / scale)) as u64;
        total = whole
            .checked_mul(unit_ns)
            .and_then(|ns| ns.checked_add(part_ns))
            .and_then(|ns| total.checked_add(ns))
            .filter(|total| *total <= MAX_NS)
            .ok_or(What::Invalid)?;
        rest = tail;
    }
    let total = if text.starts_with('-') { -i128::from(total) } else { i128::from(total) };
    i64::try_from(total).map_err(|_| What::Invalid)
}

/// What stands before the first character that is an `end`, and the rest.
fn split(text: &str, end: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(end).unwrap_or(text.len()))
}

/// Digits before the dot; none are 0.
fn leading_whole(digits: &str) -> Option<u64> {
    digits.bytes().try_fold(0_u64, |sum, byte| {
        sum.checked_mul(10)?.checked_add(u64::from(byte - b'0')).filter(|sum| *sum <= MAX_NS)
    })
}

/// Digits behind the dot and the power of ten that they are divided by; those that are too many count for
/// nothing.
fn leading_fraction(digits: &str) -> (u64, f64) {
    let mut sum: u64 = 0;
    let mut scale = 1.0;
    for byte in digits.bytes() {
        let next = sum * 10 + u64::from(byte - b'0');
        if next > MAX_NS {
            break;
        }
        sum = next;
        scale *= 10.0;
        if sum > (MAX_NS - 1) / 10 {
            break;
        }
    }
    (sum, scale)
}

/// A duration as text, as [`push_text`] writes it.
#[must_use]
pub fn text(ns: i64) -> String {
    let mut text = String::new();
    push_text(ns, &mut text);
    text
}

/// Appends a duration as text: `1m20s`, `150ms`, `0s`; the one that means no limit is `-1`.
pub fn push_text(ns: i64, out: &mut String) {
    if ns == UNLIMITED.1 {
        return out.push_str("-1");
    }
    if ns < 0 {
        out.push('-');
    }
    let size = ns.unsigned_abs();
    let _ = match size {
        0 => out.write_str("0s"),
        1..1_000 => write!(out, "{size}ns"),
        1_000..1_000_000 => return push_fraction(size, 3, "µs", out),
        1_000_000..1_000_000_000 => return push_fraction(size, 6, "ms", out),
        _ => {
            let minutes = size / 60_000_000_000;
            let _ = match (minutes / 60, minutes % 60) {
                (0, 0) => Ok(()),
                (0, minutes) => write!(out, "{minutes}m"),
                (hours, minutes) => write!(out, "{hours}h{minutes}m"),
            };
            return push_fraction(size % 60_000_000_000, 9, "s", out);
        }
    };
}

/// `size` divided by 10 to the power of `digits`, without zeros at its end, and the unit.
fn push_fraction(size: u64, digits: usize, unit: &str, out: &mut String) {
    let scale = 10_u64.pow(u32::try_from(digits).unwrap_or_default());
    let _ = write!(out, "{}", size / scale);
    let rest = size % scale;
    if rest > 0 {
        let _ = write!(out, ".{rest:0digits$}");
        out.truncate(out.trim_end_matches('0').len());
    }
    out.push_str(unit);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_cgrates_reads_them() {
        const S: i64 = 1_000_000_000;
        for (text, want) in [
            ("", 0),
            ("0", 0),
            ("-0", 0),
            ("*unlimited", -1),
            ("-1", -1),
            ("60", 60),
            ("60.5", 60),
            ("+60", 60),
            ("60.", 60),
            (".5", 0),
            ("60000000000", 60 * S),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("1m30s", 90 * S),
            ("+90s", 90 * S),
            ("-10s", -10 * S),
            (".5m", 30 * S),
            ("1.s", S),
            ("1h0.5s", 3600 * S + S / 2),
            ("1h30m", 5400 * S),
            ("100ms", S / 10),
            ("1us", 1_000),
            ("1µs1μs1ns", 2_001),
            ("0.1h", 360 * S),
            ("0.9223372036854775807s", 922_337_203),
            ("0.00000000000000000000000000001s", 0),
            ("1.00000000000000000000000000001s", S),
            ("1s1s", 2 * S),
        ] {
            assert_eq!(parse(text), Ok(want), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused_in_gos_words() {
        for (text, want) in [
            ("abc", r#"invalid duration "abc""#),
            ("-", r#"invalid duration "-""#),
            (".s", r#"invalid duration ".s""#),
            ("1d", r#"unknown unit "d" in duration "1d""#),
            ("1 m", r#"unknown unit " m" in duration "1 m""#),
            ("1m 5s", r#"unknown unit "m " in duration "1m 5s""#),
            ("1e3", r#"unknown unit "e" in duration "1e3ns""#),
            ("1_000", r#"unknown unit "_" in duration "1_000ns""#),
            ("0x1p-2", r#"unknown unit "x" in duration "0x1p-2ns""#),
            ("inf", r#"invalid duration "infns""#),
            ("1e400", r#"unknown unit "e" in duration "1e400""#),
            ("1h1", r#"missing unit in duration "1h1""#),
            ("1.5.5s", r#"missing unit in duration "1.5.5s""#),
            ("9223372036854775808", r#"invalid duration "9223372036854775808ns""#),
            ("9223372036s1s", r#"invalid duration "9223372036s1s""#),
            ("2562048h", r#"invalid duration "2562048h""#),
            (" 5s", r#"invalid duration " 5s""#),
            ("1é\"", r#"unknown unit "\xc3\xa9\"" in duration "1\xc3\xa9\"""#),
        ] {
            assert_eq!(parse(text), Err(format!("time: {want}")), "{text}");
        }
    }

    #[test]
    fn durations_are_written_as_go_writes_them() {
        for (ns, want) in [
            (0, "0s"),
            (-1, "-1"),
            (-2, "-2ns"),
            (999, "999ns"),
            (1_500, "1.5µs"),
            (150_000_000, "150ms"),
            (1_000_001, "1.000001ms"),
            (1_500_000_000, "1.5s"),
            (10_000_000_001, "10.000000001s"),
            (80_000_000_000, "1m20s"),
            (60_000_000_000, "1m0s"),
            (-3_600_000_000_000, "-1h0m0s"),
            (i64::MAX, "2562047h47m16.854775807s"),
            (i64::MIN, "-2562047h47m16.854775808s"),
        ] {
            let mut out = String::new();
            push_text(ns, &mut out);
            assert_eq!(out, want);
        }
    }
}
