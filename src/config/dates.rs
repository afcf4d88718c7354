//! Dates as decks write them: `2026-01-31`, `31.01.2026`, `01/31/2026 12:00`, or a moment with its offset.
//!
//! A date or a time without an offset is of the zone that the settings name, never of the host's.

use super::finding::shown;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// How a deck writes its dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum DateOrder {
    /// Year, month, day.
    #[default]
    Ymd,
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

impl DateOrder {
    /// What files call them.
    pub(super) const WORDS: &[&str] = &["ymd", "dmy", "mdy"];

    pub(super) fn named(word: &str) -> Self {
        match word {
            "dmy" => Self::Dmy,
            "mdy" => Self::Mdy,
            _ => Self::Ymd,
        }
    }

    fn sample(self) -> &'static str {
        match self {
            Self::Ymd => "2026-01-31",
            Self::Dmy => "31.01.2026",
            Self::Mdy => "01/31/2026",
        }
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    /// The moment, of a date its midnight (Unix nanoseconds).
    pub(super) ns: i64,
    /// The moment at which a date is over; of a moment that itself.
    pub(super) over_ns: i64,
}

/// Reads a date or a moment.
pub(super) fn written(text: &str, order: DateOrder, zone: &TimeZone) -> Result<Written, String> {
    let no_date = || format!("is {}, no date such as {}", shown(text), order.sample());
    let far = || format!("is {}, outside 1678 to 2262", shown(text));
    let moment = |ns: i128| {
        let ns = i64::try_from(ns).map_err(|_| far())?;
        Ok(Written { ns, over_ns: ns })
    };
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return moment(timestamp.as_nanosecond());
    }
    let (day, time) = match text.split_once([' ', 'T']) {
        Some((day, time)) => (day, Some(time.trim())),
        None => (text, None),
    };
    let date = date(day, order).ok_or_else(no_date)?;
    let midnight = |date: Date| {
        zone.to_timestamp(date.to_datetime(Time::midnight())).map(Timestamp::as_nanosecond)
    };
    let Some(time) = time else {
        let ns = midnight(date).map_err(|_| far())?;
        let over = date.tomorrow().and_then(midnight).map_err(|_| far())?;
        let Written { ns, .. } = moment(ns)?;
        return Ok(Written { over_ns: moment(over)?.ns, ns });
    };
    let time: Time = time.parse().map_err(|_| no_date())?;
    let at = zone.to_timestamp(date.to_datetime(time)).map_err(|_| far())?;
    moment(at.as_nanosecond())
}

/// Three numbers with one of `-./` between them.
fn date(text: &str, order: DateOrder) -> Option<Date> {
    let separator = text.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<&str> = text.split(separator).collect();
    let [one, two, three] = parts.as_slice() else { return None };
    let is_number = |part: &&&str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !"-./".contains(separator) || ![one, two, three].iter().all(is_number) {
        return None;
    }
    // A year has four digits, and where it stands first the order is clear.
    let (year, month, day) = match order {
        _ if one.len() == 4 => (one, two, three),
        DateOrder::Ymd => return None,
        DateOrder::Dmy => (three, two, one),
        DateOrder::Mdy => (three, one, two),
    };
    if year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_NS: i64 = 3_600_000_000_000;
    const NEW_YEAR: i64 = 1_767_225_600_000_000_000;

    #[test]
    fn a_date_is_read_in_the_order_of_its_deck_and_the_zone_of_the_settings() {
        use DateOrder::{Dmy, Mdy, Ymd};
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let day = 24 * HOUR_NS;
        for (text, order, zone, want) in [
            ("2026-01-01", Ymd, &TimeZone::UTC, Ok((NEW_YEAR, NEW_YEAR + day))),
            ("2026/1/1", Ymd, &TimeZone::UTC, Ok((NEW_YEAR, NEW_YEAR + day))),
            ("2026-01-01", Dmy, &TimeZone::UTC, Ok((NEW_YEAR, NEW_YEAR + day))),
            ("01.01.2026", Dmy, &TimeZone::UTC, Ok((NEW_YEAR, NEW_YEAR + day))),
            ("02/01/2026", Dmy, &TimeZone::UTC, Ok((NEW_YEAR + day, NEW_YEAR + 2 * day))),
            ("01/02/2026", Mdy, &TimeZone::UTC, Ok((NEW_YEAR + day, NEW_YEAR + 2 * day))),
            ("2026-01-01", Ymd, &berlin, Ok((NEW_YEAR - HOUR_NS, NEW_YEAR + day - HOUR_NS))),
            ("2026-01-01 02:00", Ymd, &berlin, Ok((NEW_YEAR + HOUR_NS, NEW_YEAR + HOUR_NS))),
            ("2026-01-01T00:00:00Z", Dmy, &berlin, Ok((NEW_YEAR, NEW_YEAR))),
            ("2026-01-01T01:00:00+01:00", Ymd, &berlin, Ok((NEW_YEAR, NEW_YEAR))),
            ("01.01.2026", Ymd, &berlin, Err("no date such as 2026-01-31")),
            ("13/01/2026", Mdy, &berlin, Err("no date such as 01/31/2026")),
            ("31.02.2026", Dmy, &berlin, Err("no date")),
            ("01.01.26", Dmy, &berlin, Err("no date")),
            ("2026-01", Ymd, &berlin, Err("no date")),
            ("2026-01-01 noon", Ymd, &berlin, Err("no date")),
            ("ASAP", Ymd, &berlin, Err("no date")),
            ("", Ymd, &berlin, Err("no date")),
            ("1500-01-01", Ymd, &berlin, Err("outside 1678 to 2262")),
            ("9999-12-31", Ymd, &berlin, Err("outside 1678 to 2262")),
        ] {
            match (written(text, order, zone), want) {
                (Ok(got), Ok((ns, over_ns))) => assert_eq!(got, Written { ns, over_ns }, "{text}"),
                (Err(got), Err(want)) => assert!(got.contains(want), "{text}: {got}"),
                (got, _) => panic!("{text}: {got:?}"),
            }
        }
    }
}
