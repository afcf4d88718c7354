//! Moments with their zone, as Go's package `time` holds and prints them.
//!
//! Unlike a timestamp, a time knows on which clock it was stated: CGRateS judges timings on that clock, and
//! two times are equal only when their zones are the same one, not merely alike (section 5.6).

mod forms;
mod layout;
mod zone;

pub(super) use forms::read;
pub use forms::{parse, parse_rfc3339};
use jiff::SignedDuration;
use jiff::civil::DateTime;
use std::fmt::Write as _;
pub use zone::{Named, Zone};

/// What the Unix epoch reads on a clock in UTC.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// The first moment of year 1 in UTC: what Go holds for no time.
const ZERO_NS: i128 = -62_135_596_800_000_000_000;

/// A moment and the zone that it was stated in.
#[derive(Debug, Clone, Copy)]
pub struct Time {
    /// Nanoseconds since the Unix epoch.
    pub ns: i128,
    /// The clock that it was stated on.
    pub zone: Zone,
}

impl Time {
    /// No time: how an open side, or an empty text, is told.
    pub const ZERO: Self = Self { ns: ZERO_NS, zone: Zone::Utc };

    /// Whether it is no time, in whatever zone.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.ns == ZERO_NS
    }

    /// Equality as Go's `==` has it: of the moment and of the zone.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.ns == other.ns && self.zone.is_same(&other.zone)
    }

    /// What the clock that it was stated on shows.
    #[must_use]
    pub fn civil(&self) -> DateTime {
        let ns = self.ns + i128::from(self.zone.offset_s()) * 1_000_000_000;
        let since = SignedDuration::try_from_nanos_i128(ns).unwrap_or_default();
        EPOCH.saturating_add(since)
    }
}

/// Appends a time as Go prints it by default: `2025-03-07 10:11:12 +0000 UTC`.
pub fn push_default(time: &Time, out: &mut String) {
    push_clock(time, ' ', true, out);
    out.push(' ');
    push_offset(time.zone.offset_s(), "", out);
    out.push(' ');
    match time.zone.name() {
        "" => push_offset(time.zone.offset_s(), "", out),
        name => out.push_str(name),
    }
}

/// Appends a time by RFC 3339, in whole seconds: the text of a time in an event.
pub fn push_rfc3339(time: &Time, out: &mut String) {
    push_clock(time, 'T', false, out);
    push_zulu(time, out);
}

/// Appends a time by RFC 3339 with the fraction that it has: a time in JSON.
pub fn push_rfc3339_nano(time: &Time, out: &mut String) {
    push_clock(time, 'T', true, out);
    push_zulu(time, out);
}

fn push_clock(time: &Time, between: char, has_fraction: bool, out: &mut String) {
    let clock = time.civil();
    let (year, month, day) = (clock.year(), clock.month(), clock.day());
    let (hour, minute, second) = (clock.hour(), clock.minute(), clock.second());
    let _ = write!(out, "{year:04}-{month:02}-{day:02}{between}{hour:02}:{minute:02}:{second:02}");
    let fraction = clock.subsec_nanosecond();
    if has_fraction && fraction != 0 {
        let _ = write!(out, ".{fraction:09}");
        out.truncate(out.trim_end_matches('0').len());
    }
}

fn push_zulu(time: &Time, out: &mut String) {
    match time.zone.offset_s() {
        0 => out.push('Z'),
        offset => push_offset(offset, ":", out),
    }
}

fn push_offset(offset_s: i32, between: &str, out: &mut String) {
    let minutes = offset_s.abs() / 60;
    let sign = if offset_s < 0 { '-' } else { '+' };
    let _ = write!(out, "{sign}{:02}{between}{:02}", minutes / 60, minutes % 60);
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    #[test]
    fn times_are_printed_as_go_prints_them() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        for (text, default, rfc3339, nano) in [
            (
                "2025-03-07T10:11:12Z",
                "2025-03-07 10:11:12 +0000 UTC",
                "2025-03-07T10:11:12Z",
                "2025-03-07T10:11:12Z",
            ),
            (
                "2025-03-07T10:11:12.5+05:30",
                "2025-03-07 10:11:12.5 +0530 +0530",
                "2025-03-07T10:11:12+05:30",
                "2025-03-07T10:11:12.5+05:30",
            ),
            (
                "2025-03-07T10:11:12.000000010-05:00",
                "2025-03-07 10:11:12.00000001 -0500 -0500",
                "2025-03-07T10:11:12-05:00",
                "2025-03-07T10:11:12.00000001-05:00",
            ),
            (
                "2025-07-07 10:11:12",
                "2025-07-07 10:11:12 +0200 CEST",
                "2025-07-07T10:11:12+02:00",
                "2025-07-07T10:11:12+02:00",
            ),
            (
                "2025-03-07 10:11:12 -0800 PST",
                "2025-03-07 10:11:12 -0800 PST",
                "2025-03-07T10:11:12-08:00",
                "2025-03-07T10:11:12-08:00",
            ),
            ("", "0001-01-01 00:00:00 +0000 UTC", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            (
                "9999-12-31T23:59:59.999999999Z",
                "9999-12-31 23:59:59.999999999 +0000 UTC",
                "9999-12-31T23:59:59Z",
                "9999-12-31T23:59:59.999999999Z",
            ),
        ] {
            let time = parse(text, &berlin, 0).unwrap();
            let mut out = [String::new(), String::new(), String::new()];
            push_default(&time, &mut out[0]);
            push_rfc3339(&time, &mut out[1]);
            push_rfc3339_nano(&time, &mut out[2]);
            assert_eq!(out, [default, rfc3339, nano], "{text}");
        }
    }

    #[test]
    fn no_time_is_the_first_moment_of_year_one() {
        assert!(Time::ZERO.is_zero());
        assert_eq!(Time::ZERO.civil(), DateTime::constant(1, 1, 1, 0, 0, 0, 0));
        assert!(parse_rfc3339("0001-01-01T00:00:00Z").unwrap().is_zero());
        assert!(parse_rfc3339("0001-01-01T02:00:00+02:00").unwrap().is_zero());
        assert!(!parse_rfc3339("1970-01-01T00:00:00Z").unwrap().is_zero());
    }
}
