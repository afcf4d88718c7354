//! How a call is cut into parts, each with the interval that rates it (steps 2 and 4).

use super::choose::{Best, Choice};
use super::clock::Clock;
use super::{LOOKS_MAX, Quirks, Rated, Scratch, Stretch, Uncovered};
use crate::table::rating::timing::Date;
use crate::table::rating::{Interval, Plan};

/// An end in the first second of a day belongs to the day before.
const SECOND_NS: i64 = 1_000_000_000;

/// A part of a call, in nanoseconds since its start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) start_ns: i64,
    pub(super) end_ns: i64,
    /// What rates it.
    pub(super) interval: Option<Interval>,
}

/// Yields the parts of a call, in order.
///
/// A part that was cut off waits on a stack, since it is looked at as a new one; days that were not yet looked
/// at wait in `rest`.
pub(super) struct Cutter<'a> {
    plan: &'a Plan,
    choice: Choice<'a>,
    stretch: Stretch,
    /// Where the first part ends that no plan's activation cuts.
    cut_ns: Option<i64>,
    rest: Option<(i64, i64)>,
    parts: &'a mut Vec<Span>,
    looks: u32,
    sorts: u32,
    pub(super) quirks: Quirks,
}

impl<'a> Cutter<'a> {
    pub(super) fn new(rated: &Rated<'a>, stretch: &Stretch, scratch: &'a mut Scratch) -> Self {
        scratch.parts.clear();
        let mut quirks = Quirks::default();
        let inside = stretch.from_ns + 1..stretch.until_ns;
        let cut_ns = rated.cut_ns.filter(|ns| stretch.is_voice && inside.contains(ns));
        if cut_ns.is_some() {
            quirks.add(Quirks::PLAN_GOES_ON);
        }
        Self {
            plan: rated.plan,
            choice: Choice::new(rated.plan, rated.offer),
            stretch: *stretch,
            cut_ns,
            rest: Some((stretch.from_ns, cut_ns.unwrap_or(stretch.until_ns))),
            parts: &mut scratch.parts,
            looks: 0,
            sorts: 0,
            quirks,
        }
    }

    fn clock(&self) -> &Clock {
        &self.stretch.clock
    }

    /// Step 2: what begins the rest of the call up to where it is cut next.
    fn next_day(&mut self) -> Option<Span> {
        let (start_ns, end_ns) = match self.rest.take() {
            Some(rest) => rest,
            None => (self.cut_ns.take()?, self.stretch.until_ns),
        };
        let span = Span { start_ns, end_ns, interval: None };
        if !self.stretch.is_voice {
            return Some(span);
        }
        let (start, end) = (self.clock().at(start_ns), self.clock().at(end_ns));
        if start.day == end.day {
            return Some(span);
        }
        let is_uncut =
            end.of_day_ns < SECOND_NS || Date::of(start.day).day == Date::of(end.day).day;
        let midnight_ns = self.clock().midnight(start.day + 1);
        if is_uncut {
            if midnight_ns < end_ns.saturating_sub(SECOND_NS) {
                self.quirks.add(Quirks::MIDNIGHT_UNCUT);
            }
            return Some(span);
        }
        self.rest = Some((midnight_ns, end_ns));
        Some(Span { end_ns: midnight_ns, ..span })
    }

    /// The next part, with its interval if it found one (steps 3 and 4).
    pub(super) fn next(&mut self) -> Result<Option<Span>, Uncovered> {
        let Some(mut span) = self.parts.pop().or_else(|| self.next_day()) else {
            return Ok(None);
        };
        let looks = u32::try_from(self.choice.len()).unwrap_or(LOOKS_MAX).saturating_add(1);
        self.looks = self.looks.saturating_add(looks);
        if self.looks > LOOKS_MAX {
            return Err(Uncovered);
        }
        let has_moved = self.choice.sort();
        if has_moved && self.sorts > 0 {
            self.quirks.add(Quirks::ORDER);
        }
        self.sorts = self.sorts.saturating_add(1);
        let best = self.choice.best(self.clock(), span.start_ns);
        self.rate(&mut span, best);
        Ok(Some(span))
    }

    /// Step 4: each candidate in turn, until one has cut the part and the earlier half has an interval.
    fn rate(&mut self, span: &mut Span, best: Best) {
        let end_ns = span.end_ns;
        for place in best.place..self.choice.len() {
            let Some(interval) = self.choice.at(place) else { break };
            if place > best.place {
                if self.choice.weight(interval) < best.weight {
                    break;
                }
                if self.choice.start_ns(interval, self.clock(), span.start_ns) >= end_ns {
                    continue;
                }
            }
            if let Some(later) = self.try_interval(span, interval) {
                self.parts.push(later);
                if span.interval.is_some() {
                    break;
                }
            }
        }
    }

    /// Lets a candidate take a part, or cut it; what was cut off is returned.
    fn try_interval(&self, span: &mut Span, interval: &Interval) -> Option<Span> {
        let Span { start_ns, end_ns, .. } = *span;
        let at_start = self.choice.is_active(interval, self.clock(), start_ns);
        let at_end = self.choice.is_active(interval, self.clock(), self.last_ns(end_ns));
        if !at_start && !at_end {
            return None;
        }
        if let Some(at_ns) = self.slot_within(interval, start_ns, end_ns) {
            self.take(span, interval);
            let mut later = cut(span, at_ns);
            self.take(&mut later, interval);
            return Some(later);
        }
        if at_start && (at_end || !self.stretch.is_voice) {
            self.take(span, interval);
            return None;
        }
        if !self.stretch.is_voice {
            return None;
        }
        if at_start {
            self.take(span, interval);
            let midnight_ns = self.clock().midnight(self.clock().at(start_ns).day + 1);
            return (midnight_ns != end_ns).then(|| cut(span, midnight_ns));
        }
        let at_ns = self.start_before(interval, start_ns, end_ns);
        if at_ns == end_ns {
            return None;
        }
        let mut later = cut(span, at_ns);
        self.take(&mut later, interval);
        Some(later)
    }

    /// The moment at which the end of a part is judged.
    fn last_ns(&self, end_ns: i64) -> i64 {
        if self.clock().at(end_ns).of_day_ns < SECOND_NS { end_ns - SECOND_NS } else { end_ns }
    }

    /// The first slot of an interval's rate that begins inside a part.
    fn slot_within(&self, interval: &Interval, start_ns: i64, end_ns: i64) -> Option<i64> {
        let slots = self.plan.slots(interval);
        let next = slots.partition_point(|slot| slot.start_ns <= start_ns);
        slots.get(next).map(|slot| slot.start_ns).filter(|ns| *ns < end_ns)
    }

    /// Where an interval begins that is active at the end of a part only: at midnight on the day of the end, at
    /// any other time on the day of the start.
    fn start_before(&self, interval: &Interval, start_ns: i64, end_ns: i64) -> i64 {
        let at_ns = self.choice.start_ns(interval, self.clock(), end_ns);
        let shown = self.clock().at(at_ns);
        if shown.of_day_ns < SECOND_NS {
            return at_ns;
        }
        self.clock().midnight(self.clock().at(start_ns).day).saturating_add(shown.of_day_ns)
    }

    /// Gives a part an interval that has begun by then, unless it has one that is as heavy and as near.
    fn take(&self, span: &mut Span, interval: &Interval) {
        let start_of = |interval| self.choice.start_ns(interval, self.clock(), span.start_ns);
        let start_ns = start_of(interval);
        if start_ns > span.start_ns {
            return;
        }
        let is_better = span.interval.as_ref().is_none_or(|own| {
            self.choice.weight(own) < self.choice.weight(interval) || start_of(own) < start_ns
        });
        if is_better {
            span.interval = Some(*interval);
        }
    }
}

/// Shortens a part; what follows it has no interval yet.
fn cut(span: &mut Span, at_ns: i64) -> Span {
    let later = Span { start_ns: at_ns, end_ns: span.end_ns, interval: None };
    span.end_ns = at_ns;
    later
}
