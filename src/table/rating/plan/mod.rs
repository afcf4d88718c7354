//! A rating plan: which prices count for a number, and when.
//!
//! A destination's rows are intervals that lie side by side, in the order of the plan. An interval is a price
//! and two numbers: what it has in common with others (its shape, its timing with its weight) is kept once.
//! Of a rate with several slots the price is the place where its prices lie.
//!
//! A plan holds prefixes, not names of destinations: when a destination changes, its plans are compiled again.

use super::prefixes::{Hit, Prefixes};
use super::shape::{self, Shape, ShapeKey, Slot};
use super::timing::Timing;
use crate::model::cost::RoundingMethod;
use crate::model::definition::{Compare, PlanRow, Rate, RateSlot, RatingPlan};
use foldhash::{HashMap, HashSet};
use std::sync::Arc;

/// Marks the last of neighbours, and a prefix of several destinations.
const MARK: u32 = 1 << 31;

/// Up to here the order of intervals is found anew for each part of a call, as CGRateS does; longer lists, whose
/// order it does not define, are sorted once.
pub const UNSORTED_MAX: usize = 12;

/// The destination of every number that no other destination of a plan holds.
pub const ANY: &str = "*any";

/// A plan.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    id: Box<str>,
    prefixes: Prefixes,
    compare: Compare,
    /// Offers of prefixes that several destinations have.
    shared: Vec<u32>,
    any: Option<Offer>,
    intervals: Vec<Interval>,
    shapes: Vec<Shape>,
    slots: Vec<Slot>,
    /// Prices of rates with several slots.
    prices: Vec<f64>,
    seasons: Vec<Season>,
    timings: Vec<Timing>,
}

/// When an interval counts, and how much it weighs.
#[derive(Debug, Clone, Copy)]
struct Season {
    timing: u32,
    weight: f64,
}

/// A row of a plan: a price, and when it counts.
#[derive(Debug, Clone, Copy)]
pub struct Interval {
    price: f64,
    shape: u32,
    season: u32,
}

impl Interval {
    /// Equal in two intervals of a plan that have the same timing and the same weight.
    #[must_use]
    pub fn season(&self) -> u32 {
        self.season & !MARK
    }
}

/// What a plan says of a destination: its intervals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer(u32);

impl Plan {
    /// From its definition, and the prefixes of the destinations that it names. A destination that is not there
    /// has no prefixes.
    #[must_use]
    pub fn compile<'a>(
        definition: &RatingPlan,
        destinations: &dyn Fn(&str) -> Option<&'a [String]>,
    ) -> Self {
        let mut builder = Builder::default();
        // Destinations are text.
        builder.plan.compare = Compare::Text;
        let mut places: HashMap<&str, usize> = HashMap::default();
        let mut names: Vec<&str> = Vec::new();
        let mut intervals: Vec<(usize, Interval)> = Vec::with_capacity(definition.rows.len());
        for row in &definition.rows {
            let place = *places.entry(&row.destination).or_insert_with(|| {
                names.push(&row.destination);
                names.len() - 1
            });
            intervals.push((place, builder.interval(row)));
        }
        // Each destination's rows side by side, as they stand in the plan.
        intervals.sort_by_key(|(place, _)| *place);
        let mut rows: Vec<(&str, u32)> = Vec::with_capacity(names.len());
        let of_each = intervals.chunk_by(|(one, _), (two, _)| one == two);
        for (destination, of_it) in names.into_iter().zip(of_each) {
            let offer = builder.offer(of_it.iter().map(|(_, interval)| *interval));
            if destination == ANY {
                builder.plan.any = Some(offer);
            }
            let prefixes = destinations(destination).unwrap_or_default();
            rows.extend(prefixes.iter().map(|prefix| (prefix.as_str(), offer.0)));
        }
        builder.finish(definition.id.as_str().into(), rows)
    }

    /// The same, asked for the normalised number or for the destination's text.
    #[must_use]
    pub fn comparing(self, compare: Compare) -> Self {
        Self { compare, ..self }
    }

    /// What its prefixes are compared with.
    #[must_use]
    pub fn compare(&self) -> Compare {
        self.compare
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The prefixes that a number begins with, the longest first, with the destinations that have them.
    pub fn matches<'a>(
        &'a self,
        number: &str,
    ) -> impl Iterator<Item = (Hit, impl Iterator<Item = Offer> + use<'a>)> + use<'a> {
        self.prefixes.hits(number).map(|hit| (hit, self.offers(hit.value)))
    }

    fn offers(&self, value: u32) -> impl Iterator<Item = Offer> + use<'_> {
        let one = (value & MARK == 0).then_some(Offer(value));
        let many = (value & MARK != 0)
            .then(|| self.shared.get((value & !MARK) as usize..))
            .flatten()
            .unwrap_or_default();
        let last = many.iter().position(|offer| offer & MARK != 0);
        let many = many.get(..last.map_or(0, |last| last + 1)).unwrap_or_default();
        one.into_iter().chain(many.iter().map(|offer| Offer(offer & !MARK)))
    }

    /// What counts for numbers that no destination holds.
    #[must_use]
    pub fn any(&self) -> Option<Offer> {
        self.any
    }

    /// The intervals of a destination, at least one.
    #[must_use]
    pub fn intervals(&self, offer: Offer) -> &[Interval] {
        let rest = self.intervals.get(offer.0 as usize..).unwrap_or_default();
        let last = rest.iter().position(|interval| interval.season & MARK != 0);
        rest.get(..last.map_or(0, |last| last + 1)).unwrap_or_default()
    }

    /// When an interval counts.
    #[must_use]
    pub fn timing(&self, interval: &Interval) -> Option<&Timing> {
        let season = self.seasons.get(interval.season() as usize)?;
        self.timings.get(season.timing as usize)
    }

    /// How much an interval weighs.
    #[must_use]
    pub fn weight(&self, interval: &Interval) -> f64 {
        self.seasons.get(interval.season() as usize).map_or(0.0, |season| season.weight)
    }

    /// An interval's rate, but for its slots and prices.
    #[must_use]
    pub fn shape(&self, interval: &Interval) -> Option<&Shape> {
        self.shapes.get(interval.shape as usize)
    }

    /// The slots of an interval's rate, sorted by their starts.
    #[must_use]
    pub fn slots(&self, interval: &Interval) -> &[Slot] {
        let Some(Shape { slots: (start, count), .. }) = self.shape(interval) else {
            return &[];
        };
        let (start, count) = (*start as usize, *count as usize);
        self.slots.get(start..start + count).unwrap_or_default()
    }

    /// The slot of an interval's rate that is in force at a moment of the call, and its price.
    #[must_use]
    pub fn slot_at(&self, interval: &Interval, moment_ns: i64) -> Option<(Slot, f64)> {
        let slots = self.slots(interval);
        let at = slots.partition_point(|slot| slot.start_ns <= moment_ns).checked_sub(1)?;
        let slot = *slots.get(at)?;
        if slots.len() == 1 {
            return Some((slot, interval.price));
        }
        let first = usize::try_from(interval.price.to_bits()).ok()?;
        Some((slot, *self.prices.get(first + at)?))
    }

    /// Bytes that its prefixes take, and those that its prices take.
    #[must_use]
    pub fn size_bytes(&self) -> (usize, usize) {
        let rates = size_of_val(self.intervals.as_slice())
            + size_of_val(self.shapes.as_slice())
            + size_of_val(self.slots.as_slice())
            + size_of_val(self.prices.as_slice())
            + size_of_val(self.seasons.as_slice())
            + size_of_val(self.timings.as_slice());
        (self.prefixes.size_bytes() + size_of_val(self.shared.as_slice()), rates)
    }
}

/// What is interned while a plan is compiled.
#[derive(Default)]
struct Builder {
    plan: Plan,
    shapes: HashMap<ShapeKey, u32>,
    seasons: HashMap<(u32, u64), u32>,
    timings: HashMap<Timing, u32>,
    prices: HashMap<Vec<u64>, u64>,
    /// Many rows share a rate, a timing: by where those lie, while the definition holds them.
    by_rate: HashMap<usize, (f64, u32)>,
    by_timing: HashMap<(usize, u64), u32>,
    /// The intervals of one destination.
    list: Vec<Interval>,
    seen: HashSet<(u64, u32, u32)>,
}

impl Builder {
    fn interval(&mut self, row: &PlanRow) -> Interval {
        let at = row.timing.as_ref().map_or(0, |timing| Arc::as_ptr(timing).addr());
        let key = (at, row.weight.to_bits());
        let season = match self.by_timing.get(&key) {
            Some(season) => *season,
            None => {
                let season = self.season(row);
                self.by_timing.insert(key, season);
                season
            }
        };
        let at = Arc::as_ptr(&row.rate).addr();
        let (price, shape) = match self.by_rate.get(&at) {
            Some(rate) => *rate,
            None => {
                let rate = self.rate(&row.rate);
                self.by_rate.insert(at, rate);
                rate
            }
        };
        Interval { price, shape, season }
    }

    /// A rate's price, and its shape.
    fn rate(&mut self, rate: &Rate) -> (f64, u32) {
        let mut slots = rate.slots.clone();
        slots.sort_by_key(|slot| slot.start_ns);
        let grid: Vec<Slot> = slots.iter().map(Slot::compile).collect();
        let shape = self.shape(rate, grid);
        let price = match slots.as_slice() {
            [only] => only.rate,
            several => f64::from_bits(self.prices(several)),
        };
        (price, shape)
    }

    /// Where the prices of a rate with several slots lie.
    fn prices(&mut self, slots: &[RateSlot]) -> u64 {
        let Self { plan, prices, .. } = self;
        let bits = slots.iter().map(|slot| slot.rate.to_bits()).collect();
        *prices.entry(bits).or_insert_with(|| {
            plan.prices.extend(slots.iter().map(|slot| slot.rate));
            (plan.prices.len() - slots.len()) as u64
        })
    }

    fn season(&mut self, row: &PlanRow) -> u32 {
        let Self { plan, seasons, timings, .. } = self;
        let timing =
            *timings.entry(Timing::compile(row.timing.as_deref())).or_insert_with_key(|timing| {
                plan.timings.push(timing.clone());
                index(plan.timings.len() - 1)
            });
        *seasons.entry((timing, row.weight.to_bits())).or_insert_with(|| {
            plan.seasons.push(Season { timing, weight: row.weight });
            index(plan.seasons.len() - 1)
        })
    }

    fn shape(&mut self, rate: &Rate, grid: Vec<Slot>) -> u32 {
        let Self { plan, shapes, .. } = self;
        *shapes.entry(shape::key(rate, &grid)).or_insert_with(|| {
            let slots = (index(plan.slots.len()), index(grid.len()));
            plan.slots.extend(grid);
            plan.shapes.push(Shape {
                connect_fee: rate.connect_fee,
                ceiling: shape::ceiling(rate),
                rounding: RoundingMethod::named(&rate.rounding_method),
                decimals: rate.rounding_decimals,
                slots,
            });
            index(plan.shapes.len() - 1)
        })
    }

    /// Puts the intervals of a destination side by side. One that equals an earlier one counts for nothing.
    fn offer(&mut self, of_it: impl ExactSizeIterator<Item = Interval>) -> Offer {
        let Self { plan, list, seen, .. } = self;
        let is_only = of_it.len() == 1;
        list.clear();
        seen.clear();
        list.extend(
            of_it.filter(|it| is_only || seen.insert((it.price.to_bits(), it.shape, it.season))),
        );
        if list.len() > UNSORTED_MAX {
            list.sort_by(|one, two| {
                let start = |interval| plan.timing(interval).map_or(0, Timing::start_ns);
                let heavier = plan.weight(two).total_cmp(&plan.weight(one));
                heavier.then_with(|| start(one).cmp(&start(two)))
            });
        }
        if let Some(last) = list.last_mut() {
            last.season |= MARK;
        }
        let offer = Offer(index(plan.intervals.len()));
        plan.intervals.extend_from_slice(list);
        offer
    }

    fn finish(mut self, id: Box<str>, mut rows: Vec<(&str, u32)>) -> Plan {
        rows.sort_by_key(|(prefix, _)| *prefix);
        rows.dedup();
        let mut unique: Vec<(&str, u32)> = Vec::with_capacity(rows.len());
        for same in rows.chunk_by(|one, two| one.0 == two.0) {
            match same {
                [only] => unique.push(*only),
                [first, ..] => {
                    unique.push((first.0, MARK | index(self.plan.shared.len())));
                    self.plan.shared.extend(same.iter().map(|(_, offer)| *offer));
                    if let Some(last) = self.plan.shared.last_mut() {
                        *last |= MARK;
                    }
                }
                [] => {}
            }
        }
        let mut plan = self.plan;
        plan.id = id;
        plan.prefixes = Prefixes::build(unique.into_iter());
        plan.intervals.shrink_to_fit();
        plan.shared.shrink_to_fit();
        plan.prices.shrink_to_fit();
        plan
    }
}

/// Thousands of millions of rows would not fit into memory.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(!MARK).min(!MARK)
}

#[cfg(test)]
mod tests;
