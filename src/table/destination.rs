//! Destinations and timings, ready to be asked by filters.

use super::input::Place;
use crate::model::definition;
use jiff::civil::{DateTime, Time};
use std::sync::Arc;

/// A destination: a set of prefixes.
#[derive(Debug, Clone)]
pub struct Destination {
    /// As it was stated.
    pub definition: definition::Destination,
    /// Where a file declares it; `None`: an API stated it.
    pub place: Option<Place>,
    /// Its prefixes in order, where they are not stated so.
    sorted: Option<Box<[String]>>,
    longest: usize,
}

impl Destination {
    /// From its definition.
    #[must_use]
    pub fn new(definition: definition::Destination, place: Option<Place>) -> Self {
        let stated = &definition.prefixes;
        let longest = stated.iter().map(String::len).max().unwrap_or(0);
        let sorted = (!stated.is_sorted()).then(|| {
            let mut prefixes = stated.clone();
            prefixes.sort_unstable();
            prefixes.into()
        });
        Self { definition, place, sorted, longest }
    }

    /// Whether a number begins with one of its prefixes. Prefixes are text.
    #[must_use]
    pub fn holds(&self, number: &str) -> bool {
        let prefixes = self.sorted.as_deref().unwrap_or(&self.definition.prefixes);
        let ends = 1..=number.len().min(self.longest);
        ends.filter_map(|end| number.get(..end))
            .any(|begin| prefixes.binary_search_by(|prefix| prefix.as_str().cmp(begin)).is_ok())
    }
}

/// A recurring time.
#[derive(Debug, Clone)]
pub struct Timing {
    /// As it was stated.
    pub definition: Arc<definition::Timing>,
    /// Where a file declares it; `None`: an API stated it.
    pub place: Option<Place>,
    start: Time,
    end: Time,
}

impl Timing {
    /// From its definition.
    ///
    /// # Errors
    /// Says which time of day cannot be read.
    pub fn new(definition: definition::Timing, place: Option<Place>) -> Result<Self, String> {
        let read = |text: &str, otherwise: Time| match text {
            "" => Ok(otherwise),
            // `*any`; or what says when actions are done (`*asap`, `+20s`), and nothing of calls.
            text if text.starts_with(['*', '+']) => Ok(otherwise),
            text => {
                text.parse::<Time>().map_err(|_| format!("`{text}` is no time of day: HH:MM:SS"))
            }
        };
        let start = read(&definition.start, Time::midnight())?;
        let end = read(&definition.end, Time::MAX)?;
        Ok(Self { definition: Arc::new(definition), place, start, end })
    }

    /// Whether a moment lies in it, by the clock that shows it. The last second is part of it; a span
    /// that ends before it begins holds nothing.
    #[must_use]
    pub fn holds(&self, at: DateTime) -> bool {
        let one_of = |list: &[i64], value: i64| list.is_empty() || list.contains(&value);
        let Self { definition, start, end, .. } = self;
        let weekday = i64::from(at.weekday().to_sunday_zero_offset());
        let whole_second = at.time().with().subsec_nanosecond(0).build().unwrap_or(at.time());
        one_of(&definition.years, at.year().into())
            && one_of(&definition.months, at.month().into())
            && one_of(&definition.month_days, at.day().into())
            && (one_of(&definition.week_days, weekday)
                || (weekday == 0 && definition.week_days.contains(&7)))
            && *start <= whole_second
            && whole_second <= *end
    }
}
