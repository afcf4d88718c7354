//! The clock that a call was stated on: from nanoseconds since its start to days and times of day.

use super::Call;
use crate::table::rating::Moment;
use crate::table::rating::timing::DAY_NS;

/// What the clock shows when a call begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    start: Moment,
}

impl Clock {
    /// `None` where usage is negative, or so long that its end has no place on the clock.
    pub(super) fn of(call: &Call<'_>) -> Option<Self> {
        let offset_ns = i128::from(call.setup.zone.offset_s()) * 1_000_000_000;
        let shown = call.setup.ns.checked_add(offset_ns)?;
        // Divisions of 128 bits are slow, and calls are of our days.
        let (day, of_day_ns) = match i64::try_from(shown) {
            Ok(shown) => (shown.div_euclid(DAY_NS), shown.rem_euclid(DAY_NS)),
            Err(_) => (
                i64::try_from(shown.div_euclid(i128::from(DAY_NS))).ok()?,
                i64::try_from(shown.rem_euclid(i128::from(DAY_NS))).ok()?,
            ),
        };
        let is_call = (0..i64::MAX - 4 * DAY_NS).contains(&call.usage_ns);
        is_call.then_some(Self { start: Moment { day, of_day_ns } })
    }

    /// What it shows `ns` after the start.
    pub(super) fn at(&self, ns: i64) -> Moment {
        let of_start = self.start.of_day_ns.saturating_add(ns);
        if (0..DAY_NS).contains(&of_start) {
            return Moment { of_day_ns: of_start, ..self.start };
        }
        Moment {
            day: self.start.day.saturating_add(of_start.div_euclid(DAY_NS)),
            of_day_ns: of_start.rem_euclid(DAY_NS),
        }
    }

    /// A day's midnight, in nanoseconds since the start.
    pub(super) fn midnight(&self, day: i64) -> i64 {
        day.saturating_sub(self.start.day).saturating_mul(DAY_NS) - self.start.of_day_ns
    }
}
