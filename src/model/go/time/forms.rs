//! The forms of a time that CGRateS takes (section 5.7), told apart by their shape.

use super::super::duration;
use super::layout::{self, Fault as Unlike};
use super::zone::local_ns;
use super::{Time, Zone};
use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;

const RFC3339: &str = "2006-01-02T15:04:05Z07:00";

const SECOND_NS: i128 = 1_000_000_000;

/// Reads a time in any form that CGRateS takes; `local` is the zone of one that states none.
///
/// # Errors
/// `Unsupported time format`; of a form that is known with a value that cannot be, what Go says of it.
pub fn parse(text: &str, local: &TimeZone, now_ns: i64) -> Result<Time, String> {
    read(text, local, now_ns).map_err(|fault| fault.words())
}

/// Reads a time as `encoding/json` does, without its quotes; it always states its zone.
///
/// # Errors
/// In the words of `time.Parse`.
pub fn parse_rfc3339(text: &str) -> Result<Time, String> {
    layout::read(RFC3339, text, &TimeZone::UTC).map_err(|fault| fault.words())
}

/// Why a text is no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Fault<'a> {
    Unsupported,
    Unlike(Unlike<'a>),
    Duration(duration::Fault<'a>),
}

impl Fault<'_> {
    /// In the words that clients see.
    pub(in super::super) fn words(&self) -> String {
        match self {
            Self::Unsupported => "Unsupported time format".to_owned(),
            Self::Unlike(fault) => fault.words(),
            Self::Duration(fault) => fault.words(),
        }
    }
}

/// [`parse`] without words.
pub(in super::super) fn read<'a>(
    text: &'a str,
    local: &TimeZone,
    now_ns: i64,
) -> Result<Time, Fault<'a>> {
    let now = Now { ns: i128::from(now_ns), local };
    match text.as_bytes() {
        [] | b"0" | b"*unlimited" => Ok(Time::ZERO),
        [b'*', ..] => now.named(text),
        [b'+' | b'-', ..] => Ok(now.later(now.ns, read_duration(text)?)),
        _ if is_digits(text) => match (text.len(), text.parse::<i128>()) {
            (10, Ok(seconds)) => Ok(now.at(seconds * SECOND_NS)),
            (13, Ok(milliseconds)) => Ok(now.at(milliseconds * 1_000_000)),
            (16, Ok(microseconds)) => Ok(now.at(microseconds * 1_000)),
            (19, Ok(nanoseconds)) => Ok(now.at(nanoseconds)),
            (14, _) => by_layout("20060102150405", text, local),
            _ => Err(Fault::Unsupported),
        },
        _ => match shaped(text) {
            Some(layout) => by_layout(layout, text, local),
            None => Err(Fault::Unsupported),
        },
    }
}

fn by_layout<'a>(layout: &'static str, text: &'a str, local: &TimeZone) -> Result<Time, Fault<'a>> {
    layout::read(layout, text, local).map_err(Fault::Unlike)
}

fn read_duration(text: &str) -> Result<i64, Fault<'_>> {
    duration::read(text).map_err(Fault::Duration)
}

/// The layout of a text that begins with a date.
fn shaped(text: &str) -> Option<&'static str> {
    if let Some(rest) = after_shape(text, "9999-99-99T99:99:99") {
        let zone = after_fraction(rest);
        return match zone {
            "Z" => Some(RFC3339),
            "" if rest.is_empty() => Some("2006-01-02T15:04:05"),
            _ => {
                let offset = zone.strip_prefix(['+', '-'])?;
                match () {
                    () if after_shape(offset, "99:99") == Some("") => Some(RFC3339),
                    () if after_shape(offset, "9999") == Some("") => {
                        Some("2006-01-02T15:04:05.999-0700")
                    }
                    () => None,
                }
            }
        };
    }
    if let Some(rest) = after_shape(text, "9999-99-99 99:99:99") {
        if rest.is_empty() {
            return Some("2006-01-02 15:04:05");
        }
        let offset = after_fraction(rest).strip_prefix(' ')?.strip_prefix(['+', '-'])?;
        let (offset, name) = offset.split_once(' ')?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let is_printed = is_digits(offset) && !name.is_empty() && name.chars().all(is_word);
        return is_printed.then_some("2006-01-02 15:04:05.999999999 -0700 MST");
    }
    [
        ("99999999999999.999", "20060102150405.000"),
        ("99.99.9999 99:99:99", "02.01.2006 15:04:05"),
        ("99/99/9999 99:99:99", "02/01/2006 15:04:05"),
    ]
    .into_iter()
    .find(|(shape, _)| after_shape(text, shape) == Some(""))
    .map(|(_, layout)| layout)
}

/// What follows the head of `text` that has this shape; a `9` in it is any digit.
fn after_shape<'a>(text: &'a str, shape: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(shape.len())?;
    let fits = |(byte, want): (u8, u8)| byte == want || want == b'9' && byte.is_ascii_digit();
    head.bytes().zip(shape.bytes()).all(fits).then_some(rest)
}

/// What follows a dot and digits; all of `text` where there are none.
fn after_fraction(text: &str) -> &str {
    match text
        .strip_prefix('.')
        .map(|rest| (rest, rest.trim_start_matches(|c: char| c.is_ascii_digit())))
    {
        Some((digits, rest)) if rest.len() < digits.len() => rest,
        _ => text,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The present, and the zone that it is told in.
struct Now<'a> {
    ns: i128,
    local: &'a TimeZone,
}

impl Now<'_> {
    /// The words that stand for a moment after now.
    fn named<'a>(&self, text: &'a str) -> Result<Time, Fault<'a>> {
        match text {
            "*now" => Ok(self.at(self.ns)),
            "*daily" => Ok(self.at(self.after(0, 1))),
            "*monthly" => Ok(self.at(self.after(1, 0))),
            "*monthly_estimated" => Ok(self.at(self.next_month())),
            "*yearly" => Ok(self.at(self.after(12, 0))),
            "*month_end" => Ok(self.at(self.month_end())),
            _ => {
                if let Some(more) = text.strip_prefix("*month_end+") {
                    Ok(self.later(self.month_end(), read_duration(more)?))
                } else if let Some(more) = text.strip_prefix("*mo+") {
                    Ok(self.later(self.after(1, 0), read_duration(more)?))
                } else {
                    Err(Fault::Unsupported)
                }
            }
        }
    }

    /// The moment `ns`, told in the local zone.
    fn at(&self, ns: i128) -> Time {
        Time { ns, zone: Zone::local_at(ns, self.local) }
    }

    fn later(&self, ns: i128, more_ns: i64) -> Time {
        self.at(ns + i128::from(more_ns))
    }

    /// Now, by months and days on the calendar. A day that the month lacks runs over into the next, as in Go:
    /// a month after 31 January is 3 March.
    fn after(&self, months: i64, days: i64) -> i128 {
        let clock = self.at(self.ns).civil();
        let (month, rest) = (clock.date().first_of_month(), i64::from(clock.day()) - 1 + days);
        let date = in_calendar(month, months, rest);
        local_ns(date.to_datetime(clock.time()), self.local)
    }

    /// A month from now, or the last day of that month where it is shorter.
    fn next_month(&self) -> i128 {
        let clock = self.at(self.ns).civil();
        let date = in_calendar(clock.date(), 1, 0);
        local_ns(date.to_datetime(clock.time()), self.local)
    }

    /// The last second of this month.
    fn month_end(&self) -> i128 {
        let next = in_calendar(self.at(self.ns).civil().date().first_of_month(), 1, 0);
        local_ns(next.at(0, 0, 0, 0), self.local) - SECOND_NS
    }
}

/// `date` moved by months, the day at most the last of the month, and then by days.
fn in_calendar(date: Date, months: i64, days: i64) -> Date {
    let span = |months, days| Span::new().try_months(months).and_then(|span| span.try_days(days));
    match (span(months, 0), span(0, days)) {
        (Ok(months), Ok(days)) => date.saturating_add(months).saturating_add(days),
        _ => date,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{push_default, push_rfc3339_nano};
    use super::*;

    /// 2025-01-31 10:11:12.5 in UTC.
    const NOW_NS: i64 = 1_738_318_272_500_000_000;

    fn told(text: &str, zone: &str) -> Result<String, String> {
        let mut out = String::new();
        let time = parse(text, &TimeZone::get(zone).unwrap(), NOW_NS)?;
        push_rfc3339_nano(&time, &mut out);
        Ok(out)
    }

    #[test]
    fn every_form_of_a_time_is_read() {
        for (text, want) in [
            ("", "0001-01-01T00:00:00Z"),
            ("0", "0001-01-01T00:00:00Z"),
            ("*unlimited", "0001-01-01T00:00:00Z"),
            ("2025-03-07T10:11:12Z", "2025-03-07T10:11:12Z"),
            ("2025-03-07T10:11:12.5Z", "2025-03-07T10:11:12.5Z"),
            ("2025-03-07T10:11:12.123456789123Z", "2025-03-07T10:11:12.123456789Z"),
            ("2024-03-10T22:45:10+05:30", "2024-03-10T22:45:10+05:30"),
            ("2025-03-07T10:11:12.25+0200", "2025-03-07T10:11:12.25+02:00"),
            ("2025-03-07 10:11:12 +0000 UTC", "2025-03-07T10:11:12Z"),
            ("2025-03-07 12:11:12.5 +0200 CEST", "2025-03-07T12:11:12.5+02:00"),
            ("2025-03-07 10:11:12", "2025-03-07T10:11:12+01:00"),
            ("2025-07-07T10:11:12", "2025-07-07T10:11:12+02:00"),
            ("1741342272", "2025-03-07T11:11:12+01:00"),
            ("1741342272123", "2025-03-07T11:11:12.123+01:00"),
            ("1741342272123456", "2025-03-07T11:11:12.123456+01:00"),
            ("1741342272123456789", "2025-03-07T11:11:12.123456789+01:00"),
            ("20250307101112", "2025-03-07T10:11:12+01:00"),
            ("20250307101112.250", "2025-03-07T10:11:12.25+01:00"),
            ("07.03.2025 10:11:12", "2025-03-07T10:11:12+01:00"),
            ("13/03/2024 10:00:00", "2024-03-13T10:00:00+01:00"),
            ("*now", "2025-01-31T11:11:12.5+01:00"),
            ("+1h", "2025-01-31T12:11:12.5+01:00"),
            ("-10m", "2025-01-31T11:01:12.5+01:00"),
            ("+500000000", "2025-01-31T11:11:13+01:00"),
            ("*daily", "2025-02-01T11:11:12.5+01:00"),
            ("*monthly", "2025-03-03T11:11:12.5+01:00"),
            ("*monthly_estimated", "2025-02-28T11:11:12.5+01:00"),
            ("*yearly", "2026-01-31T11:11:12.5+01:00"),
            ("*mo+24h", "2025-03-04T11:11:12.5+01:00"),
            ("*month_end", "2025-01-31T23:59:59+01:00"),
            ("*month_end+1s", "2025-02-01T00:00:00+01:00"),
            // The hour that a clock leaves out, and the one that it shows twice.
            ("2025-03-30 02:30:00", "2025-03-30T03:30:00+02:00"),
            ("2025-10-26 02:30:00", "2025-10-26T02:30:00+01:00"),
        ] {
            assert_eq!(told(text, "Europe/Berlin"), Ok(want.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused_in_the_words_that_clients_know() {
        for text in [
            "2025-01-01",
            "13-03-2024",
            "2025-03-07T10:11",
            "2025-03-07T10:11:12z",
            "2025-03-07 10:11:12Z",
            "2025-03-07T10:11:12.Z",
            "45",
            "60000000000",
            "20250307101112.5",
            "*now+5m",
            "*month_endless",
            "garbage",
            "true",
            "ünï-1",
            " 2025-03-07T10:11:12Z",
        ] {
            assert_eq!(told(text, "UTC").unwrap_err(), "Unsupported time format", "{text}");
        }
        for (text, want) in [
            ("2024-02-30T10:00:00Z", r#""2024-02-30T10:00:00Z": day out of range"#),
            ("2024-13-30T10:00:00Z", r#""2024-13-30T10:00:00Z": month out of range"#),
            ("2024-02-00 10:00:00", r#""2024-02-00 10:00:00": day out of range"#),
            ("2024-02-01T24:00:00Z", r#""2024-02-01T24:00:00Z": hour out of range"#),
            ("31.02.2024 10:60:00", r#""31.02.2024 10:60:00": minute out of range"#),
            ("20240230100060", r#""20240230100060": second out of range"#),
            (
                "2024-02-01T10:00:00+25:00",
                r#""2024-02-01T10:00:00+25:00": time zone offset hour out of range"#,
            ),
        ] {
            assert_eq!(told(text, "UTC").unwrap_err(), format!("parsing time {want}"));
        }
        assert_eq!(told("+1d", "UTC").unwrap_err(), r#"time: unknown unit "d" in duration "+1d""#);
    }

    #[test]
    fn times_in_json_are_refused_in_gos_words() {
        let unlike = |text: &str, rest: &str, element: &str| {
            format!(
                "parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{rest}\" \
                 as \"{element}\""
            )
        };
        for (text, want) in [
            ("soon", unlike("soon", "soon", "2006")),
            ("", unlike("", "", "2006")),
            ("2024-01", unlike("2024-01", "", "-")),
            ("2024-1-01T00:00:00Z", unlike("2024-1-01T00:00:00Z", "1-01T00:00:00Z", "01")),
            ("2024-01-01", unlike("2024-01-01", "", "T")),
            ("2024-01-01 10:00:00Z", unlike("2024-01-01 10:00:00Z", " 10:00:00Z", "T")),
            ("2024-01-01T10:00:00", unlike("2024-01-01T10:00:00", "", "Z07:00")),
            ("2024-01-01T10:00:00*01:00", unlike("2024-01-01T10:00:00*01:00", "*01:00", "Z07:00")),
            ("2024-01-01T10:00:00+0100", unlike("2024-01-01T10:00:00+0100", "+0100", "Z07:00")),
            (
                "2024-01-01T10:00:00Zx",
                r#"parsing time "2024-01-01T10:00:00Zx": extra text: "x""#.into(),
            ),
            (
                "2024-02-30T10:00:00Z",
                r#"parsing time "2024-02-30T10:00:00Z": day out of range"#.into(),
            ),
        ] {
            assert_eq!(parse_rfc3339(text).unwrap_err(), want);
        }
        assert!(parse_rfc3339("2024-01-01T1:00:00,5Z").is_ok());
    }

    #[test]
    fn zones_are_the_same_only_where_go_holds_them_once() {
        const Z: &str = "2025-03-07T10:11:12Z";
        for (one, two, want) in [
            (Z, Z, true),
            (Z, "2025-03-07 10:11:12 +0000 UTC", true),
            (Z, "2025-03-07T10:11:12+00:00", false),
            (Z, "2025-03-07T10:11:12.000+0000", false),
            (Z, "2025-03-07T10:11:12", false),
            (Z, "2025-03-07T12:11:12+02:00", false),
            ("2025-03-07T12:11:12+02:00", "2025-03-07T12:11:12+02:00", true),
            ("2025-03-07T12:11:12+02:00", "2025-03-07T11:11:12+01:00", false),
            ("2025-03-07T15:41:12+05:30", "2025-03-07T15:41:12+05:30", false),
            ("2025-03-07 12:11:12 +0200 CEST", "2025-03-07 12:11:12 +0200 CEST", false),
            ("2025-03-07T10:11:12+00:00", "2025-03-07 10:11:12", true),
            ("2025-03-07 10:11:12", "07.03.2025 10:11:12", true),
            (Z, "2025-03-07T10:11:12.5Z", false),
        ] {
            let read = |text| parse(text, &TimeZone::UTC, NOW_NS).unwrap();
            assert_eq!(read(one).is_same(&read(two)), want, "{one} and {two}");
        }
        let mut out = String::new();
        let unknown = parse("2025-03-07 10:11:12", &TimeZone::unknown(), NOW_NS).unwrap();
        push_default(&unknown, &mut out);
        assert_eq!(out, "2025-03-07 10:11:12 +0000 UTC");
    }
}
