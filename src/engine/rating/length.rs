//! How long each part is billed, and what it costs (steps 5 and 6).

use super::cut::{Cutter, Span};
use super::round::half_up;
use super::{Billed, Quirks, Rated, Scratch, Stretch, Uncovered};
use crate::table::rating::Plan;

/// With more increments than this a part has none.
pub(super) const INCREMENTS_MAX: i64 = 1_000_000;

/// Whole numbers up to here, and the sum of two of them, are exact in float64.
const EXACT_MAX: i64 = 1 << 52;

/// Yields the parts of a call as they are billed, in order.
pub(super) struct Bill<'a> {
    plan: &'a Plan,
    cutter: Cutter<'a>,
    decimals: i32,
    /// Up to where a lengthened part reaches.
    covered_ns: Option<i64>,
}

impl<'a> Bill<'a> {
    pub(super) fn new(
        rated: &Rated<'a>,
        stretch: &Stretch,
        decimals: i32,
        scratch: &'a mut Scratch,
    ) -> Self {
        let cutter = Cutter::new(rated, stretch, scratch);
        Self { plan: rated.plan, cutter, decimals, covered_ns: None }
    }

    pub(super) fn quirks(&self) -> Quirks {
        self.cutter.quirks
    }

    /// The next part. One without an interval ends CGRateS (step 9).
    pub(super) fn next(&mut self) -> Result<Option<Billed>, Uncovered> {
        while let Some(mut span) = self.cutter.next()? {
            if let Some(covered_ns) = self.covered_ns {
                if span.end_ns <= covered_ns {
                    continue;
                }
                span.start_ns = span.start_ns.max(covered_ns);
                self.covered_ns = None;
            }
            return self.bill(&span).map(Some);
        }
        Ok(None)
    }

    fn bill(&mut self, span: &Span) -> Result<Billed, Uncovered> {
        let interval = span.interval.ok_or(Uncovered)?;
        let slot = self.plan.slot_at(&interval, span.start_ns);
        // Without a slot price, unit and increment are all -1.
        let (increment_ns, unit_ns, price) =
            slot.map_or((-1, -1, -1.0), |(slot, price)| (slot.increment_ns, slot.unit_ns, price));
        let own_ns = span.end_ns.checked_sub(span.start_ns).ok_or(Uncovered)?;
        let length_ns = lengthened(own_ns, increment_ns);
        if length_ns > own_ns {
            let end_ns = span.start_ns.checked_add(length_ns).ok_or(Uncovered)?;
            self.covered_ns = Some(end_ns);
        }
        let divided = Divided::of(length_ns, increment_ns, price / float(unit_ns), self.decimals);
        let Divided { increments, unit_price, cost, is_too_fine } = divided;
        Ok(Billed {
            start_ns: span.start_ns,
            length_ns,
            interval,
            slot,
            increments,
            increment_ns,
            unit_price,
            cost,
            is_too_fine,
        })
    }
}

/// What a length costs, divided among its increments (step 6).
#[derive(Debug, Clone, Copy)]
pub(super) struct Divided {
    /// How many; 0 where they are not counted.
    pub(super) increments: i64,
    /// What each costs.
    pub(super) unit_price: f64,
    /// What the length costs before that.
    pub(super) cost: f64,
    /// There are too many to be counted.
    pub(super) is_too_fine: bool,
}

impl Divided {
    pub(super) fn of(length_ns: i64, increment_ns: i64, per_ns: f64, decimals: i32) -> Self {
        let cost = half_up(float(length_ns) * per_ns, decimals);
        let increments = length_ns.wrapping_div(increment_ns);
        let has_increments = (1..=INCREMENTS_MAX).contains(&increments);
        let unit_price =
            if has_increments { half_up(cost / float(increments), decimals) } else { 0.0 };
        Self {
            increments: if has_increments { increments } else { 0 },
            unit_price,
            cost,
            is_too_fine: increments > INCREMENTS_MAX,
        }
    }

    /// What all increments cost with a fee (step 7).
    pub(super) fn total(increments: i64, unit_price: f64, fee: f64, decimals: i32) -> f64 {
        half_up(fee + unit_price * float(increments), decimals)
    }
}

/// Step 5: a length up to the next multiple of its increment, reckoned in floats.
pub(super) fn lengthened(length_ns: i64, increment_ns: i64) -> i64 {
    if increment_ns >= length_ns {
        return increment_ns;
    }
    if (0..EXACT_MAX).contains(&length_ns) && (1..EXACT_MAX).contains(&increment_ns) {
        // Floats are exact here.
        let over = length_ns % increment_ns;
        return if over == 0 { length_ns } else { length_ns + (increment_ns - over) };
    }
    let (length, increment) = (float(length_ns), float(increment_ns));
    let over = length % increment;
    if over == 0.0 {
        return length_ns;
    }
    let whole = (increment - over) + length;
    // What has no place in 64 bits becomes the least of all there, and lengthens nothing.
    if whole >= float(i64::MAX) { length_ns } else { length_ns.max(whole as i64) }
}

/// Lengths are reckoned with in float64, as everything else is.
pub(super) fn float(ns: i64) -> f64 {
    ns as f64
}
