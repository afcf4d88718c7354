//! When a price counts: days, and the time of day from which on it does.

use crate::model::definition;

/// Nanoseconds of a day.
pub const DAY_NS: i64 = 86_400_000_000_000;

/// A point on the clock that a call was stated on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Days since 1970-01-01.
    pub day: i64,
    /// Nanoseconds since that day's midnight.
    pub of_day_ns: i64,
}

/// A recurring time: on some days, from a time of day up to midnight.
///
/// An end that was stated is of no effect (section 7.1), and neither is the name: two timings with the same
/// days and the same start are the same one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Timing {
    /// Empty: every year.
    years: Box<[i64]>,
    /// Bits of the months, the first in bit 1.
    months: u16,
    /// Bits of the days of a month, the first in bit 1.
    month_days: u32,
    /// Bits of the days of a week, Sunday in bit 0.
    week_days: u8,
    start_ns: i64,
}

impl Timing {
    /// From its definition; `None` is always.
    #[must_use]
    pub fn compile(definition: Option<&definition::Timing>) -> Self {
        let Some(timing) = definition else {
            return Self {
                years: Box::default(),
                months: u16::MAX,
                month_days: u32::MAX,
                week_days: u8::MAX,
                start_ns: 0,
            };
        };
        // Zero and seven are both Sunday.
        let week_days: Vec<i64> = timing.week_days.iter().map(|day| day % 7).collect();
        Self {
            years: timing.years.clone().into(),
            months: u16::try_from(bits(&timing.months, 12)).unwrap_or(u16::MAX),
            month_days: bits(&timing.month_days, 31),
            week_days: u8::try_from(bits(&week_days, 6)).unwrap_or(u8::MAX),
            start_ns: start_ns(&timing.start),
        }
    }

    /// From when on it counts, in nanoseconds since midnight.
    #[must_use]
    pub fn start_ns(&self) -> i64 {
        self.start_ns
    }

    /// Whether it counts every day.
    #[must_use]
    pub fn is_daily(&self) -> bool {
        self.years.is_empty()
            && self.months == u16::MAX
            && self.month_days == u32::MAX
            && self.week_days == u8::MAX
    }

    /// Whether it counts then.
    #[must_use]
    pub fn is_active(&self, at: Moment) -> bool {
        at.of_day_ns >= self.start_ns && (self.is_daily() || self.has_day(at.day))
    }

    fn has_day(&self, day: i64) -> bool {
        let date = Date::of(day);
        (self.years.is_empty() || self.years.contains(&date.year))
            && self.months >> date.month & 1 == 1
            && self.month_days >> date.day & 1 == 1
            && self.week_days >> (day + 4).rem_euclid(7) & 1 == 1
    }
}

/// A date of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// The year.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// The date that is `days` after 1970-01-01.
    #[must_use]
    pub fn of(days: i64) -> Self {
        // Years begin in March here, so that the leap day is the last of one; four hundred have 146,097 days.
        let days = days.saturating_add(719_468);
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era =
            (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096).div_euclid(365);
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self {
            year,
            month: u8::try_from(month).unwrap_or_default(),
            day: u8::try_from(day).unwrap_or_default(),
        }
    }
}

/// The bits of a list's values up to `last`; all of them where the list is empty.
fn bits(list: &[i64], last: i64) -> u32 {
    if list.is_empty() {
        return u32::MAX;
    }
    list.iter().filter(|value| (0..=last).contains(value)).fold(0, |bits, value| bits | 1 << value)
}

/// `HH:MM:SS` in nanoseconds since midnight; parts that are missing or no number are 0.
fn start_ns(text: &str) -> i64 {
    let mut seconds = 0_i64;
    let mut parts = text.split(':');
    for unit_s in [3_600, 60, 1] {
        let part = parts.next().and_then(|part| part.trim().parse::<u16>().ok()).unwrap_or(0);
        seconds += i64::from(part) * unit_s;
    }
    seconds * 1_000_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_the_dates_of_the_calendar() {
        for (days, year, month, day) in [
            (0, 1970, 1, 1),
            (-1, 1969, 12, 31),
            (59, 1970, 3, 1),
            (11_016, 2000, 2, 29),
            (19_782, 2024, 2, 29),
            (19_783, 2024, 3, 1),
            (20_088, 2024, 12, 31),
            (-719_528, 0, 1, 1),
            (2_932_896, 9999, 12, 31),
        ] {
            assert_eq!(Date::of(days), Date { year, month, day }, "day {days}");
        }
        let mut before = Date::of(-800_000);
        for days in -799_999..800_000 {
            let date = Date::of(days);
            let is_next = date == Date { day: before.day + 1, ..before }
                || date.day == 1 && (before.day >= 28);
            assert!(is_next, "{before:?} then {date:?}");
            before = date;
        }
    }

    #[test]
    fn timings_count_on_their_days_from_their_start_on() {
        let timing = |years: &[i64], months: &[i64], days: &[i64], week: &[i64], start: &str| {
            Timing::compile(Some(&definition::Timing {
                id: "T".to_owned(),
                years: years.to_vec(),
                months: months.to_vec(),
                month_days: days.to_vec(),
                week_days: week.to_vec(),
                start: start.to_owned(),
                end: "18:00:00".to_owned(),
            }))
        };
        // 2024-03-13 is a Wednesday, 2024-03-17 a Sunday.
        let at = |day: i64, hour: i64| Moment { day, of_day_ns: hour * 3_600_000_000_000 };
        let (wednesday, sunday) = (19_795, 19_799);
        for (timing, moment, want, why) in [
            (Timing::compile(None), at(wednesday, 0), true, "always"),
            (timing(&[], &[], &[], &[], "08:00:00"), at(wednesday, 7), false, "too early"),
            (timing(&[], &[], &[], &[], "08:00:00"), at(wednesday, 8), true, "on the second"),
            (timing(&[], &[], &[], &[], "08:00:00"), at(wednesday, 23), true, "the end is ignored"),
            (timing(&[], &[], &[], &[3], ""), at(wednesday, 0), true, "Wednesday"),
            (timing(&[], &[], &[], &[0], ""), at(sunday, 0), true, "Sunday is 0"),
            (timing(&[], &[], &[], &[7], ""), at(sunday, 0), true, "and 7"),
            (timing(&[], &[], &[], &[7], ""), at(wednesday, 0), false, "no Sunday"),
            (timing(&[2024], &[3], &[13], &[], ""), at(wednesday, 0), true, "that very day"),
            (timing(&[2025], &[], &[], &[], ""), at(wednesday, 0), false, "another year"),
            (timing(&[], &[4], &[], &[], ""), at(wednesday, 0), false, "another month"),
            (timing(&[], &[], &[14], &[], ""), at(wednesday, 0), false, "another day"),
            (timing(&[], &[13], &[], &[], ""), at(wednesday, 0), false, "no such month"),
        ] {
            assert_eq!(timing.is_active(moment), want, "{why}");
        }
    }
}
