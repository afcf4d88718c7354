//! Which intervals a part of a call may be rated by, and in which order (step 3).

use super::clock::Clock;
use crate::table::rating::plan::UNSORTED_MAX;
use crate::table::rating::{Interval, Offer, Plan, Timing};

/// The intervals of a destination in the order that the parts before left behind.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    plan: &'a Plan,
    intervals: &'a [Interval],
    order: [u8; UNSORTED_MAX],
}

/// Where the candidates for a part begin in the order, and the weight that none of them may fall below.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    pub(super) place: usize,
    pub(super) weight: f64,
}

impl<'a> Choice<'a> {
    pub(super) fn new(plan: &'a Plan, offer: Offer) -> Self {
        let mut order = [0; UNSORTED_MAX];
        for (place, index) in order.iter_mut().zip(0..) {
            *place = index;
        }
        Self { plan, intervals: plan.intervals(offer), order }
    }

    pub(super) fn len(&self) -> usize {
        self.intervals.len()
    }

    /// The interval at a place of the order.
    pub(super) fn at(&self, place: usize) -> Option<&'a Interval> {
        if self.intervals.len() > UNSORTED_MAX {
            return self.intervals.get(place);
        }
        self.order.get(place).and_then(|index| self.intervals.get(usize::from(*index)))
    }

    pub(super) fn weight(&self, interval: &Interval) -> f64 {
        self.plan.weight(interval)
    }

    /// Where an interval begins on the day of `ns`.
    pub(super) fn start_ns(&self, interval: &Interval, clock: &Clock, ns: i64) -> i64 {
        let of_day_ns = self.plan.timing(interval).map_or(0, Timing::start_ns);
        clock.midnight(clock.at(ns).day).saturating_add(of_day_ns)
    }

    /// Whether an interval counts at `ns`.
    pub(super) fn is_active(&self, interval: &Interval, clock: &Clock, ns: i64) -> bool {
        self.plan.timing(interval).is_some_and(|timing| timing.is_active(clock.at(ns)))
    }

    /// Sorts by insertion. Heavier comes first, and so does what starts earlier in the day: where these
    /// disagree, each sorting turns the two around. Whether anything moved.
    pub(super) fn sort(&mut self) -> bool {
        let count = self.intervals.len();
        if !(2..=UNSORTED_MAX).contains(&count) {
            return false;
        }
        let mut has_moved = false;
        for from in 1..count {
            let mut place = from;
            while place > 0 && self.is_before(place, place - 1) {
                self.order.swap(place, place - 1);
                place -= 1;
                has_moved = true;
            }
        }
        has_moved
    }

    fn is_before(&self, one: usize, two: usize) -> bool {
        let (Some(one), Some(two)) = (self.at(one), self.at(two)) else { return false };
        let start = |interval| self.plan.timing(interval).map_or(0, Timing::start_ns);
        self.weight(one) > self.weight(two) || start(one) < start(two)
    }

    /// Of the intervals that are active at `ns` the one that began last, as long as no heavier one came before
    /// it; the first of all where none is.
    pub(super) fn best(&self, clock: &Clock, ns: i64) -> Best {
        let mut best = Best { place: 0, weight: 0.0 };
        let mut nearest: Option<i64> = None;
        for place in 0..self.len() {
            let Some(interval) = self.at(place) else { break };
            if !self.is_active(interval, clock, ns) {
                continue;
            }
            let weight = self.weight(interval);
            if weight < best.weight {
                break;
            }
            let distance = ns.saturating_sub(self.start_ns(interval, clock, ns));
            if nearest.is_none_or(|least| distance < least) {
                best = Best { place, weight };
                nearest = Some(distance);
            }
        }
        best
    }
}
