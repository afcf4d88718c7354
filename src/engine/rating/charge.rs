//! What a rate bills, against what it says: five decimals for an increment are few.
//!
//! The arithmetic is that of every cost (steps 5 to 7), so that what is said of a rate is what a call pays.

use super::ROUNDING_DECIMALS;
use super::length::{Divided, float, lengthened};
use crate::model::definition::RateSlot;
use crate::table::rating::Slot;

/// From this part of a price on, a difference is worth a word: the margin of a minute that is sold on is a few
/// percent, and suppliers whose prices lie nearer than this are as good as equal.
pub const VISIBLE: f64 = 0.01;

/// The least time that a rate is looked at for: long enough that what is rounded is the increment, not the
/// time. (Where an increment lies just at the half of a digit, other times may be rounded the other way.)
const HOUR_NS: i64 = 3_600_000_000_000;

/// A time by a slot of a rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Charge {
    /// The time, whole increments of it.
    pub length_ns: i64,
    /// An increment of it.
    pub increment_ns: i64,
    /// What the rate says that it costs. Its own noise is far below what is visible.
    pub stated: f64,
    /// What it is billed.
    pub billed: f64,
    /// What each increment is billed; 0 where they are not counted.
    pub increment_price: f64,
    /// There are more increments than are counted: at the start of a call they are free.
    pub is_too_fine: bool,
}

impl Charge {
    /// A time of `length_ns` by a slot, without a connect fee.
    #[must_use]
    pub fn of(slot: &Slot, price: f64, length_ns: i64) -> Self {
        let Slot { unit_ns, increment_ns, .. } = *slot;
        let length_ns = lengthened(length_ns, increment_ns);
        let per_ns = price / float(unit_ns);
        let divided = Divided::of(length_ns, increment_ns, per_ns, ROUNDING_DECIMALS);
        let Divided { increments, unit_price, is_too_fine, .. } = divided;
        Self {
            length_ns,
            increment_ns,
            stated: price * (float(length_ns) / float(unit_ns)),
            billed: Divided::total(increments, unit_price, 0.0, ROUNDING_DECIMALS),
            increment_price: unit_price,
            is_too_fine,
        }
    }

    /// An hour by a slot, or a unit or an increment where that is longer. `None`: it costs nothing, or is
    /// stated in a way that says nothing of a price.
    #[must_use]
    pub fn of_hour(slot: &RateSlot) -> Option<Self> {
        let price = slot.rate;
        let slot = Slot::compile(slot);
        let is_plain = price > 0.0 && slot.unit_ns > 0 && slot.increment_ns > 0;
        is_plain.then(|| Self::of(&slot, price, HOUR_NS.max(slot.unit_ns)))
    }

    /// What is billed beyond what is stated, as a part of that; below 0: less is billed.
    #[must_use]
    pub fn excess(&self) -> f64 {
        (self.billed - self.stated) / self.stated
    }

    /// The same in words: `1.3 % more`, `20 % less`.
    #[must_use]
    pub fn percent(&self) -> String {
        let percent = 100.0 * self.excess().abs();
        let decimals = usize::from(percent < 10.0);
        let way = if self.excess() < 0.0 { "less" } else { "more" };
        format!("{percent:.decimals$} % {way}")
    }

    /// Whether that is worth a word.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        self.excess().abs() > VISIBLE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_billed_as_float64_has_it() {
        const S: i64 = 1_000_000_000;
        for (rate, unit_ns, increment_ns, stated, billed, percent) in [
            // A second is 0.000025, and the noise of this hour lifts it.
            (0.09, 3600 * S, S, 0.09, 0.108, "20 % more"),
            (0.01, 60 * S, S, 0.6, 0.612, "2.0 % more"),
            (0.02, 60 * S, 60 * S, 1.2, 1.2, "0.0 % more"),
            (0.0001, 60 * S, S, 0.006, 0.0, "100 % less"),
            (0.01, 0, 0, 36.0, 36.0, "0.0 % more"),
            // An increment that is longer than an hour.
            (0.5, 7200 * S, 7200 * S, 0.5, 0.5, "0.0 % more"),
            // More increments than are counted.
            (0.02, 60 * S, S / 1000, 1.2, 0.0, "100 % less"),
        ] {
            let slot = RateSlot { rate, unit_ns, increment_ns, start_ns: 0 };
            let charge = Charge::of_hour(&slot).unwrap();
            assert!((charge.stated - stated).abs() < 1e-9, "{slot:?} {charge:?}");
            assert_eq!(charge.billed, billed, "{slot:?}");
            assert_eq!(charge.percent(), percent, "{slot:?}");
            assert_eq!(charge.is_visible(), (stated - billed).abs() > stated * VISIBLE);
        }
        for (rate, unit_ns, increment_ns) in [(0.0, S, S), (-1.0, S, S), (1.0, -S, S), (1.0, S, -1)]
        {
            let slot = RateSlot { rate, unit_ns, increment_ns, start_ns: 0 };
            assert_eq!(Charge::of_hour(&slot), None, "{slot:?}");
        }
    }
}
