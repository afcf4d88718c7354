//! Rates.csv and DestinationRates.csv: what a call to a destination costs.
//!
//! A folder may have a million rows of a few thousand prices: each price and each destination's id is held
//! once, however many rows name it.

use super::cell::Durations;
use super::missing::Named;
use super::odd_rows::{Often, RateDoubts, SlotDoubts, look_at_rounding};
use super::rows::{Layout, PlanFile, Row, Sink};
use crate::config::definition;
use crate::config::finding::shown;
use crate::config::report::Mark;
use crate::model::definition::{Destination, Rate, RateSlot};
use foldhash::{HashMap, HashSet};
use std::sync::Arc;

static RATES: Layout = Layout {
    model: "RateMdl",
    columns: &["Id", "ConnectFee", "Rate", "RateUnit", "RateIncrement", "GroupIntervalStart"],
};

static DESTINATION_RATES: Layout = Layout {
    model: "DestinationRateMdl",
    columns: &[
        "Id",
        "DestinationId",
        "RatesTag",
        "RoundingMethod",
        "RoundingDecimals",
        "MaxCost",
        "MaxCostStrategy",
    ],
};

/// What rows of one tag in Rates.csv say.
#[derive(Debug, Default)]
struct Price {
    connect_fee: f64,
    /// Each with where it stands.
    slots: Vec<(RateSlot, Mark)>,
}

/// The prices of a folder by their tags.
#[derive(Debug, Default)]
pub(super) struct Prices {
    tags: HashMap<Box<str>, usize>,
    prices: Vec<Price>,
}

/// What destinations cost, by the ids of DestinationRates.csv, in the order of its rows.
#[derive(Debug, Default)]
pub(super) struct DestinationRates {
    by_id: HashMap<Box<str>, Group>,
}

/// Rows of one id, each with where its destination stands.
#[derive(Debug, Default)]
struct Group {
    rates: Vec<DestinationRate>,
    marks: Vec<Mark>,
}

/// A destination and what a call to it costs.
#[derive(Debug, Clone)]
pub(super) struct DestinationRate {
    pub(super) destination: Arc<str>,
    pub(super) rate: Arc<Rate>,
}

impl DestinationRates {
    pub(super) fn get(&self, id: &str) -> Option<&[DestinationRate]> {
        self.by_id.get(id).map(|group| group.rates.as_slice())
    }

    fn add(&mut self, id: &str, rate: DestinationRate, mark: Mark) {
        if !self.by_id.contains_key(id) {
            self.by_id.insert(id.into(), Group::default());
        }
        if let Some(group) = self.by_id.get_mut(id) {
            group.rates.push(rate);
            group.marks.push(mark);
        }
    }

    /// Warns of destinations that an id has twice.
    fn tell_doubles(&self, sink: &mut Sink<'_>) {
        let mut doubles = Vec::new();
        let mut order = Vec::new();
        for (id, Group { rates, marks }) in &self.by_id {
            // What is the same is held once.
            order.clear();
            order.extend(rates.iter().map(|one| one.destination.as_ptr()).zip(marks));
            order.sort_unstable();
            let pairs = order.iter().zip(order.iter().skip(1));
            let same = pairs.filter(|((one, _), (two, _))| one == two);
            doubles.extend(same.map(|((_, first), (_, mark))| (**mark, **first, id)));
        }
        doubles.sort_unstable();
        let mut often = Often::default();
        for (mark, first, id) in doubles {
            let first = sink.place(first);
            often.tell(mark, sink, || {
                let text = format!("{} has this destination twice, first at {first}", shown(id));
                (text, "both count for the same calls: leave out the one that is not meant".into())
            });
        }
        often.finish("name a destination that their id has already", sink);
    }
}

/// Reads Rates.csv.
pub(super) fn read_prices<'f, 's: 'f>(
    files: impl Iterator<Item = &'f PlanFile<'s>>,
    sink: &mut Sink<'s>,
) -> Prices {
    let mut read = Prices::default();
    let mut durations = Durations::default();
    let mut doubts = RateDoubts::default();
    for file in files {
        file.each(&RATES, sink, |row, sink| {
            let Some(tag) = row.required(0, sink) else { return };
            let connect_fee = row.number(1, sink);
            let slot = RateSlot {
                start_ns: durations.read(row, 5, sink),
                rate: row.number(2, sink),
                unit_ns: durations.read(row, 3, sink),
                increment_ns: durations.read(row, 4, sink),
            };
            doubts.look(row, &slot, connect_fee, sink);
            // The fee is that of the first row, whatever its slot.
            let place = match read.tags.get(tag) {
                Some(place) => *place,
                None => {
                    read.prices.push(Price { connect_fee, slots: Vec::with_capacity(1) });
                    read.tags.insert(tag.into(), read.prices.len() - 1);
                    read.prices.len() - 1
                }
            };
            if let Some(price) = read.prices.get_mut(place) {
                price.slots.push((slot, row.mark(5)));
            }
        });
    }
    doubts.finish(sink);
    let mut slots = SlotDoubts::default();
    for price in &mut read.prices {
        price.slots.sort_by_key(|(slot, _)| slot.start_ns);
        slots.look(&price.slots, sink);
    }
    slots.finish(sink);
    read.share();
    read
}

impl Prices {
    /// Tags that say the same lead to the same price.
    fn share(&mut self) {
        let mut known: HashMap<Box<[u64]>, usize> = HashMap::default();
        let mut content = Vec::new();
        let mut first = Vec::with_capacity(self.prices.len());
        for (place, price) in self.prices.iter().enumerate() {
            price.content(&mut content);
            let same = known.get(content.as_slice()).copied();
            if same.is_none() {
                known.insert(content.as_slice().into(), place);
            }
            first.push(same.unwrap_or(place));
        }
        for place in self.tags.values_mut() {
            *place = first.get(*place).copied().unwrap_or(*place);
        }
    }
}

impl Price {
    fn slots(&self) -> Vec<RateSlot> {
        self.slots.iter().map(|(slot, _)| *slot).collect()
    }

    /// Two prices of which this is the same are the same.
    fn content(&self, content: &mut Vec<u64>) {
        let slots = self.slots.iter().flat_map(|(slot, _)| {
            let [start, unit, increment] = [slot.start_ns, slot.unit_ns, slot.increment_ns];
            [
                start.cast_unsigned(),
                slot.rate.to_bits(),
                unit.cast_unsigned(),
                increment.cast_unsigned(),
            ]
        });
        content.clear();
        content.push(self.connect_fee.to_bits());
        content.extend(slots);
    }
}

/// What makes a rate: the place of its price, and what DestinationRates.csv adds.
#[derive(Debug, PartialEq, Eq, Hash)]
struct RateKey {
    price: usize,
    rounding_method: usize,
    rounding_decimals: i32,
    max_cost: u64,
    max_cost_strategy: usize,
}

/// Reads DestinationRates.csv.
pub(super) fn read<'f, 's: 'f>(
    files: impl Iterator<Item = &'f PlanFile<'s>>,
    prices: &Prices,
    destinations: &[definition::Row<Destination>],
    sink: &mut Sink<'s>,
) -> DestinationRates {
    let mut read = DestinationRates::default();
    let mut rates: HashMap<RateKey, Arc<Rate>> = HashMap::default();
    let mut names = Names::of(destinations);
    let mut words = Words::default();
    let mut named = Named::new("Rates.csv", "Id", sink);
    let mut roundings = Often::default();
    for file in files {
        file.each(&DESTINATION_RATES, sink, |row, sink| {
            let ids = [0, 1, 2].map(|column| row.required(column, sink));
            let rounding_decimals = decimals(row, sink);
            let max_cost = row.number(5, sink);
            let [Some(id), Some(destination), Some(tag)] = ids else { return };
            look_at_rounding(row, &mut roundings, sink);
            let Some(price) = prices.tags.get(tag).copied() else {
                // The id is there all the same: what names it is not to be wrong as well.
                read.by_id.entry(id.into()).or_default();
                return named.miss(row, 2, &format!("could not find rate for tag \"{tag}\""), sink);
            };
            let key = RateKey {
                price,
                rounding_method: words.place(row.text(3)),
                rounding_decimals,
                max_cost: max_cost.to_bits(),
                max_cost_strategy: words.place(row.text(6)),
            };
            let make = || {
                let price = prices.prices.get(price);
                Arc::new(Rate {
                    connect_fee: price.map_or(0.0, |price| price.connect_fee),
                    slots: price.map_or_else(Vec::new, Price::slots),
                    rounding_method: row.text(3).to_owned(),
                    rounding_decimals,
                    max_cost,
                    max_cost_strategy: row.text(6).to_owned(),
                })
            };
            let rate = Arc::clone(rates.entry(key).or_insert_with(make));
            let one = DestinationRate { destination: names.share(destination), rate };
            read.add(id, one, row.mark(1));
        });
    }
    roundings.finish("have a rounding that is none", sink);
    read.tell_doubles(sink);
    read
}

/// Ids of destinations, each held once: by the destination itself, where there is one.
#[derive(Debug)]
struct Names(HashSet<Arc<str>>);

impl Names {
    fn of(destinations: &[definition::Row<Destination>]) -> Self {
        Self(destinations.iter().map(|row| Arc::clone(&row.definition.id)).collect())
    }

    fn share(&mut self, id: &str) -> Arc<str> {
        if let Some(known) = self.0.get(id) {
            return Arc::clone(known);
        }
        let new: Arc<str> = id.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}

/// RoundingDecimals: a whole number.
fn decimals(row: &Row<'_>, sink: &mut Sink<'_>) -> i32 {
    match row.text(4) {
        "" => 0,
        text => text.parse().unwrap_or_else(|_| {
            row.wrong(4, "is no whole number", "write it as 4", sink);
            0
        }),
    }
}

/// A few words that stand in many rows.
#[derive(Debug, Default)]
struct Words {
    known: Vec<Box<str>>,
}

impl Words {
    fn place(&mut self, word: &str) -> usize {
        self.known.iter().position(|known| **known == *word).unwrap_or_else(|| {
            self.known.push(word.into());
            self.known.len() - 1
        })
    }
}
