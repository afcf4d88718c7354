//! Weekly time windows with a time zone: `mon-fri 08:00-18:00 Europe/Berlin`.
//!
//! The wall clock of the zone decides: a window that daylight saving skips does not happen that day,
//! one that is repeated is open both times. The end is excluded. Nothing is rebuilt because a clock
//! ticked: the moment asked for is compared with precomputed minutes of the week.

use jiff::Timestamp;
use jiff::tz::TimeZone;

const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Windows of one entry of `hours`.
#[derive(Debug, Clone, PartialEq)]
pub struct Hours {
    /// As it was written, for messages and `explain`.
    pub text: String,
    zone: TimeZone,
    /// Minutes of the week from Monday 00:00, end excluded.
    windows: Vec<(u32, u32)>,
}

impl Hours {
    /// Reads `DAYS [HH:MM-HH:MM] ZONE`: days as `mon`, `mon-fri` or a comma list of such; a window
    /// whose end is not after its start runs into the next day; `24:00` ends a day; without times the
    /// whole days are meant.
    ///
    /// # Errors
    /// Says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (days, times, zone) = match words.as_slice() {
            [days, times, zone] => (*days, *times, *zone),
            [days, zone] => (*days, "00:00-24:00", *zone),
            _ => return Err("write it as `mon-fri 08:00-18:00 Europe/Berlin`".into()),
        };
        let zone_of = TimeZone::get(zone).map_err(|_| {
            format!("`{zone}` is no IANA time zone, such as `Europe/Berlin` or `UTC`")
        })?;
        let (start, end) = times
            .split_once('-')
            .ok_or_else(|| format!("`{times}` is no span of time: write it as `08:00-18:00`"))?;
        let (start, end) = (minute_of_day(start)?, minute_of_day(end)?);
        if start == DAY {
            return Err("a window cannot begin at 24:00: use 00:00 of the next day".into());
        }
        let length = if end > start { end - start } else { end + DAY - start };
        let mut windows = Vec::new();
        for day in days_of(days)? {
            let from = day * DAY + start;
            let until = from + length;
            windows.push((from, until.min(WEEK)));
            if until > WEEK {
                windows.push((0, until - WEEK));
            }
        }
        Ok(Self { text: text.to_owned(), zone: zone_of, windows })
    }

    /// Whether the moment (Unix nanoseconds) lies in one of the windows.
    #[must_use]
    pub fn contains(&self, now_ns: i64) -> bool {
        let Ok(now) = Timestamp::from_nanosecond(i128::from(now_ns)) else { return false };
        let local = self.zone.to_datetime(now);
        let day = u32::from(local.weekday().to_monday_zero_offset().unsigned_abs());
        let minute = day * DAY
            + u32::from(local.hour().unsigned_abs()) * 60
            + u32::from(local.minute().unsigned_abs());
        self.windows.iter().any(|(from, until)| (*from..*until).contains(&minute))
    }
}

fn minute_of_day(text: &str) -> Result<u32, String> {
    let wrong = || format!("`{text}` is no time of day from 00:00 to 24:00");
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let two = |part: &str| {
        let digits =
            (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok()).flatten().ok_or_else(wrong)
    };
    let (hour, minute) = (two(hour)?, two(minute)?);
    let total = hour * 60 + minute;
    if minute > 59 || total > DAY { Err(wrong()) } else { Ok(total) }
}

/// Days of the week from 0 for Monday.
fn days_of(text: &str) -> Result<Vec<u32>, String> {
    let day_of = |name: &str| {
        DAYS.iter()
            .position(|day| name.eq_ignore_ascii_case(day))
            .and_then(|day| u32::try_from(day).ok())
            .ok_or_else(|| format!("`{name}` is no day: use mon, tue, wed, thu, fri, sat or sun"))
    };
    let mut days = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (day_of(first)?, day_of(last)?);
        let count = (last + 7 - first) % 7;
        days.extend((0..=count).map(|step| (first + step) % 7));
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        i64::try_from(text.parse::<Timestamp>().unwrap().as_nanosecond()).unwrap()
    }

    #[test]
    fn a_window_is_open_by_the_wall_clock_of_its_zone() {
        for (hours, moment, open) in [
            // 2026-11-23 is a Monday; Berlin is at +01:00 in winter.
            ("mon-fri 08:00-18:00 Europe/Berlin", "2026-11-23T07:00:00Z", true),
            ("mon-fri 08:00-18:00 Europe/Berlin", "2026-11-23T06:59:59Z", false),
            ("mon-fri 08:00-18:00 Europe/Berlin", "2026-11-23T16:59:59Z", true),
            ("mon-fri 08:00-18:00 Europe/Berlin", "2026-11-23T17:00:00Z", false),
            ("mon-fri 08:00-18:00 Europe/Berlin", "2026-11-28T12:00:00Z", false),
            // In July it is at +02:00.
            ("mon-fri 08:00-18:00 Europe/Berlin", "2026-07-20T06:00:00Z", true),
            ("sat,sun UTC", "2026-11-28T00:00:00Z", true),
            ("sat,sun UTC", "2026-11-30T00:00:00Z", false),
            // Over midnight, and over the end of the week.
            ("fri 22:00-06:00 UTC", "2026-11-28T05:59:00Z", true),
            ("fri 22:00-06:00 UTC", "2026-11-27T05:59:00Z", false),
            ("sun 22:00-06:00 UTC", "2026-11-23T03:00:00Z", true),
            ("fri-mon 00:00-24:00 UTC", "2026-11-22T12:00:00Z", true),
            ("fri-mon 00:00-24:00 UTC", "2026-11-24T12:00:00Z", false),
            // 2026-03-29: Berlin's clock jumps from 02:00 to 03:00, so 02:30 does not happen.
            ("sun 02:00-03:00 Europe/Berlin", "2026-03-29T00:59:00Z", false),
            ("sun 02:00-03:00 Europe/Berlin", "2026-03-29T01:00:00Z", false),
            // 2026-10-25: 02:00 to 03:00 happens twice.
            ("sun 02:00-03:00 Europe/Berlin", "2026-10-25T00:30:00Z", true),
            ("sun 02:00-03:00 Europe/Berlin", "2026-10-25T01:30:00Z", true),
        ] {
            assert_eq!(
                Hours::parse(hours).unwrap().contains(at(moment)),
                open,
                "{hours} at {moment}"
            );
        }
    }

    #[test]
    fn a_wrong_window_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", "write it as"),
            ("mon-fri 08:00-18:00", "no IANA time zone"),
            ("mon-fri 08:00-18:00 Berlin", "no IANA time zone"),
            ("mo-fr 08:00-18:00 UTC", "is no day"),
            ("mon 8-18 UTC", "no time of day"),
            ("mon 08:00 UTC", "no span"),
            ("mon 08:61-09:00 UTC", "no time of day"),
            ("mon 08:00-24:01 UTC", "no time of day"),
            ("mon 24:00-08:00 UTC", "cannot begin"),
        ] {
            let error = Hours::parse(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
