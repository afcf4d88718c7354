//! Cron expressions of `*cronexp`: which moments they name.

use crate::model::go::time::Time;
use chrono::NaiveDate;
use croner::parser::{CronParser, Seconds};

/// A cron expression: five fields, minutes first.
#[derive(Debug, Clone)]
pub struct Cron(croner::Cron);

impl Cron {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parser = CronParser::builder().seconds(Seconds::Disallowed).build();
        let read = parser.parse(text).map(Self);
        read.map_err(|error| format!("`{text}` is no cron expression of five fields: {error}"))
    }

    /// Whether the minute of a moment is one that it names, by the clock that shows the moment.
    #[must_use]
    pub fn names(&self, time: &Time) -> bool {
        let civil = time.civil();
        let date = NaiveDate::from_ymd_opt(
            civil.year().into(),
            civil.month().unsigned_abs().into(),
            civil.day().unsigned_abs().into(),
        );
        let minute = date.and_then(|date| {
            date.and_hms_opt(
                civil.hour().unsigned_abs().into(),
                civil.minute().unsigned_abs().into(),
                0,
            )
        });
        // As if it were UTC: the clock that shows the moment is the one that counts.
        minute.is_some_and(|minute| self.0.is_time_matching(&minute.and_utc()).unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::go::time;
    use jiff::tz::TimeZone;

    #[test]
    fn a_minute_is_named_by_the_clock_of_the_moment() {
        let cron = Cron::parse("* 10 * * *").unwrap();
        for (text, want) in [
            ("2026-03-02T10:00:00Z", true),
            ("2026-03-02T10:59:59Z", true),
            ("2026-03-02T11:30:00Z", false),
            ("2026-03-02T10:30:00+05:00", true),
        ] {
            let time = time::parse(text, &TimeZone::UTC, 0).unwrap();
            assert_eq!(cron.names(&time), want, "{text}");
        }
        assert!(Cron::parse("* 10").is_err());
    }
}
