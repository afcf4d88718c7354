//! From billed parts to a cost: folding, ceiling, final rounding (steps 7, 8 and 10).

use super::length::{Bill, Divided};
use super::recorder::{Billed, Recorder, Sum};
use super::round::round;
use super::{Cost, Quirks, Rated, Scratch, Stretch, Uncovered};
use crate::model::cost::RoundingMethod;
use crate::table::rating::Plan;

/// Equal neighbouring parts: the first, and how many there are.
struct Fold {
    head: Billed,
    parts: u32,
}

impl Fold {
    /// Whether a part equals those before it (step 7).
    fn takes(&self, part: &Billed) -> bool {
        let head = &self.head;
        let is_alike = head.unit_price == part.unit_price
            && head.increments == part.increments
            && head.increment_ns == part.increment_ns
            && head.length_ns == part.length_ns
            && head.interval.season() == part.interval.season();
        // Parts without increments have no unit price that could differ.
        is_alike && (head.increments > 0 || head.cost == part.cost)
    }
}

/// The sums of a call as they grow.
struct Total<'a> {
    plan: &'a Plan,
    decimals: i32,
    /// What the call costs so far.
    running: f64,
    /// The running totals added up: what a ceiling is compared with.
    sum: f64,
    is_first: bool,
    /// The largest number of final decimals so far, and its method.
    rounding: (i32, Option<RoundingMethod>),
    quirks: Quirks,
}

/// What a stretch of a call costs.
pub(super) fn cost(
    rated: &Rated<'_>,
    stretch: &Stretch,
    decimals: i32,
    scratch: &mut Scratch,
    recorder: &mut impl Recorder,
) -> Result<Cost, Uncovered> {
    let plan = rated.plan;
    recorder.found(plan, rated.prefix);
    let mut bill = Bill::new(rated, stretch, decimals, scratch);
    let mut total = Total {
        plan,
        decimals,
        running: 0.0,
        sum: 0.0,
        is_first: true,
        rounding: (0, None),
        quirks: Quirks::default(),
    };
    let mut fold: Option<Fold> = None;
    while let Some(part) = bill.next()? {
        recorder.billed(plan, &part);
        match &mut fold {
            Some(fold) if fold.takes(&part) => fold.parts = fold.parts.saturating_add(1),
            _ => {
                if let Some(done) = fold.replace(Fold { head: part, parts: 1 }) {
                    recorder.summed(&total.add(&done));
                }
            }
        }
    }
    if let Some(done) = fold {
        recorder.summed(&total.add(&done));
    }
    let value = total.rounded(recorder);
    let mut quirks = total.quirks;
    quirks.add(bill.quirks());
    recorder.ended(quirks);
    Ok(Cost { value, prefix: rated.prefix, quirks })
}

impl Total<'_> {
    /// Steps 7 and 8: the total of a fold, and the ceiling of its rate.
    fn add(&mut self, fold: &Fold) -> Sum {
        let Some(shape) = self.plan.shape(&fold.head.interval).copied() else {
            return Sum { parts: 0, connect_fee: 0.0, total: 0.0, running: 0.0, is_capped: false };
        };
        let connect_fee = if self.is_first { shape.connect_fee } else { 0.0 };
        let total = self.total(fold, connect_fee);
        self.is_first = false;
        self.running += total;
        self.sum += self.running;
        let is_capped = shape.ceiling > 0.0 && self.sum >= shape.ceiling;
        if is_capped {
            if self.running < shape.ceiling {
                self.quirks.add(Quirks::EARLY_CEILING);
            }
            self.running = shape.ceiling;
            self.sum = shape.ceiling;
        }
        if shape.decimals > self.rounding.0 {
            self.rounding = (shape.decimals, shape.rounding);
        }
        Sum { parts: fold.parts, connect_fee, total, running: self.running, is_capped }
    }

    fn total(&mut self, fold: &Fold, connect_fee: f64) -> f64 {
        let Fold { head, parts } = fold;
        if head.slot.is_none() {
            let quirk = if self.is_first { Quirks::NO_SLOT_FREE } else { Quirks::NO_SLOT_DEAR };
            self.quirks.add(quirk);
        }
        if head.is_too_fine && self.is_first {
            self.quirks.add(Quirks::MILLIONS_FREE);
        }
        if connect_fee != 0.0 && *parts > 1 {
            self.quirks.add(Quirks::FEE_TIMES);
        }
        let times = f64::from(*parts);
        if head.increments == 0 && !self.is_first {
            return head.cost * times;
        }
        Divided::total(head.increments, head.unit_price, connect_fee, self.decimals) * times
    }

    /// Step 10: rounded to the largest number of decimals, if there are any.
    fn rounded(&self, recorder: &mut impl Recorder) -> f64 {
        let (decimals, rounding) = self.rounding;
        if decimals == 0 {
            return self.running;
        }
        let value = round(self.running, decimals, rounding);
        recorder.rounded(self.running, value, decimals, rounding);
        value
    }
}
