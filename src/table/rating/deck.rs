//! A deck, compiled: prefixes that lead to rates of a few bytes.
//!
//! The rates of one prefix lie side by side, what counts first in front. A rate is a small number, its
//! price, and the place of what it has in common with others. Rates that are not valid at a moment are passed
//! over when they are looked up: future prices are part of the table.

use super::prefixes::Prefixes;
use super::tariff::Tariff;
use crate::model::definition::{Compare, Deck, DeckRate, Terms};
use crate::model::money::Money;
use crate::table::destination::Timing;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use std::collections::HashMap;
use std::sync::Arc;

/// Marks the last rate of a prefix.
const LAST: u32 = 1 << 31;

/// A deck.
#[derive(Debug, Clone, Default)]
pub struct CompiledDeck {
    compare: Compare,
    prefixes: Prefixes,
    /// Where the rates of every number are.
    any: Option<u32>,
    rates: Vec<Rate>,
    conditions: Vec<Conditions>,
    tariffs: Vec<Tariff>,
    timings: Vec<Arc<Timing>>,
}

#[derive(Debug, Clone, Copy)]
struct Rate {
    price: u32,
    /// Which conditions; the last of a prefix is marked.
    conditions: u32,
}

/// When a rate counts, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Conditions {
    effective_ns: i64,
    end_ns: i64,
    tariff: u32,
    /// A place among the timings.
    timing: Option<u32>,
}

/// When a call begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// Unix nanoseconds.
    pub ns: i64,
    /// By which clock timings are judged: seconds east of UTC.
    pub offset_s: i32,
}

/// What a deck says of a number.
#[derive(Debug, Clone, Copy)]
pub struct Price<'d> {
    /// The price of the tariff's first slot.
    pub price: u32,
    /// What else there is to it.
    pub tariff: &'d Tariff,
    /// The length in bytes of the prefix that was found; `None`: what counts for every number.
    pub prefix: Option<usize>,
}

/// Finds a timing by its id.
pub type Timings<'t> = dyn Fn(&str) -> Option<Arc<Timing>> + 't;

impl CompiledDeck {
    /// From its definition.
    ///
    /// # Errors
    /// Names the prefix whose rates cannot be used, and says why.
    pub fn compile(deck: &Deck, timings: &Timings<'_>) -> Result<Self, String> {
        let mut builder = Builder::new(deck, timings);
        let mut order: Vec<&DeckRate> = deck.rates.iter().collect();
        // Within a prefix the order of the deck stays.
        order.sort_by_key(|rate| deck.prefix(rate));
        let mut places = Vec::new();
        for same in order.chunk_by(|one, two| deck.prefix(one) == deck.prefix(two)) {
            let prefix = same.first().map_or("", |rate| deck.prefix(rate));
            let place =
                builder.prefix(same).map_err(|text| format!("the prefix `{prefix}`: {text}"))?;
            match prefix {
                Deck::ANY => builder.compiled.any = Some(place),
                _ => places.push((prefix, place)),
            }
        }
        let mut compiled = builder.compiled;
        compiled.prefixes = Prefixes::build(places.into_iter());
        compiled.rates.shrink_to_fit();
        Ok(compiled)
    }

    /// What its prefixes are compared with: whoever looks a number up passes it in that form.
    #[must_use]
    pub fn compare(&self) -> Compare {
        self.compare
    }

    /// Bytes that its rates and prefixes take.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.prefixes.size_bytes()
            + size_of_val(self.rates.as_slice())
            + size_of_val(self.conditions.as_slice())
            + size_of_val(self.tariffs.as_slice())
    }

    /// The rate that counts for a number: that of its longest prefix with a rate that is valid then.
    #[must_use]
    pub fn find(&self, number: &str, start: Start) -> Option<Price<'_>> {
        let of_prefixes = self.prefixes.hits(number).find_map(|hit| {
            let price = self.valid(hit.value, start)?;
            Some(Price { prefix: Some(hit.length), ..price })
        });
        of_prefixes.or_else(|| self.valid(self.any?, start))
    }

    /// The first of a prefix' rates that is valid then.
    fn valid(&self, place: u32, start: Start) -> Option<Price<'_>> {
        for rate in self.rates.get(place as usize..)? {
            let conditions = self.conditions.get((rate.conditions & !LAST) as usize)?;
            if (conditions.effective_ns..conditions.end_ns).contains(&start.ns)
                && conditions.timing.is_none_or(|timing| self.holds(timing, start))
            {
                let tariff = self.tariffs.get(conditions.tariff as usize)?;
                return Some(Price { price: rate.price, tariff, prefix: None });
            }
            if rate.conditions & LAST != 0 {
                return None;
            }
        }
        None
    }

    fn holds(&self, timing: u32, start: Start) -> bool {
        let timing = self.timings.get(timing as usize);
        timing.zip(start.shown()).is_some_and(|(timing, shown)| timing.holds(shown))
    }
}

impl Start {
    /// What the clock shows.
    fn shown(self) -> Option<DateTime> {
        let moment = Timestamp::from_nanosecond(self.ns.into()).ok()?;
        Some(Offset::from_seconds(self.offset_s).ok()?.to_datetime(moment))
    }
}

/// What is kept once while a deck is compiled.
struct Builder<'d> {
    deck: &'d Deck,
    timings_of: &'d Timings<'d>,
    compiled: CompiledDeck,
    /// Conditions of a rate with one slot, and the greatest price that they hold for: nearly all rates have
    /// the terms and the decimals of one before.
    plain: HashMap<(u32, u32), (u32, u32)>,
    tariffs: HashMap<Tariff, u32>,
    conditions: HashMap<Conditions, u32>,
    timings: HashMap<Arc<str>, u32>,
}

impl<'d> Builder<'d> {
    fn new(deck: &'d Deck, timings_of: &'d Timings<'d>) -> Self {
        let compiled = CompiledDeck { compare: deck.compare, ..CompiledDeck::default() };
        Self {
            deck,
            timings_of,
            compiled,
            plain: HashMap::new(),
            tariffs: HashMap::new(),
            conditions: HashMap::new(),
            timings: HashMap::new(),
        }
    }

    /// Adds the rates of one prefix, and says where they are.
    fn prefix(&mut self, rows: &[&DeckRate]) -> Result<u32, String> {
        let place = index(self.compiled.rates.len())?;
        if let [row] = rows {
            let rate = self.single(row)?;
            self.compiled.rates.push(rate);
        } else {
            let rates = self.several(rows)?;
            self.compiled.rates.extend(rates);
        }
        if let Some(last) = self.compiled.rates.last_mut() {
            last.conditions |= LAST;
        }
        Ok(place)
    }

    fn single(&mut self, row: &DeckRate) -> Result<Rate, String> {
        let key = (row.terms_place(), row.rate.decimals());
        let price = u32::try_from(row.rate.mantissa()).ok();
        if let (Some(price), Some((conditions, price_max))) = (price, self.plain.get(&key))
            && price <= *price_max
        {
            return Ok(Rate { price, conditions: *conditions });
        }
        let terms = self.terms(row)?;
        let (rate, price_max) = self.rate(terms, &[(terms, row.rate)])?;
        if price.is_some() {
            self.plain.insert(key, (rate.conditions, price_max));
        }
        Ok(rate)
    }

    /// Rates of several slots, or of several times.
    fn several(&mut self, rows: &[&DeckRate]) -> Result<Vec<Rate>, String> {
        let mut groups: Vec<(&Terms, Vec<(&Terms, Money)>)> = Vec::new();
        for row in rows {
            let terms = self.terms(row)?;
            match groups.iter_mut().find(|(first, _)| counts_alike(first, terms)) {
                Some((_, slots)) => slots.push((terms, row.rate)),
                None => groups.push((terms, vec![(terms, row.rate)])),
            }
        }
        // What is heavier counts; then what became valid last, then what is of a certain time.
        groups.sort_by(|(one, _), (two, _)| {
            let key = |terms: &Terms| (terms.weight, terms.effective_ns, terms.timing.is_some());
            key(two).cmp(&key(one))
        });
        let mut rates = Vec::with_capacity(groups.len());
        for (terms, mut slots) in groups {
            slots.sort_by_key(|(terms, _)| terms.slot_ns);
            if slots
                .windows(2)
                .any(|pair| matches!(pair, [(one, _), (two, _)] if one.slot_ns == two.slot_ns))
            {
                return Err("two rates count at the same time".into());
            }
            rates.push(self.rate(terms, &slots)?.0);
        }
        Ok(rates)
    }

    fn terms(&self, row: &DeckRate) -> Result<&'d Terms, String> {
        self.deck.terms(row).ok_or_else(|| "it has no terms".to_owned())
    }

    fn rate(&mut self, terms: &Terms, slots: &[(&Terms, Money)]) -> Result<(Rate, u32), String> {
        let (tariff, price) = Tariff::compile(slots)?;
        let price_max = tariff.price_max;
        let tariff = match self.tariffs.get(&tariff) {
            Some(place) => *place,
            None => {
                let place = index(self.compiled.tariffs.len())?;
                self.compiled.tariffs.push(tariff.clone());
                self.tariffs.insert(tariff, place);
                place
            }
        };
        let timing = terms.timing.as_ref().map(|id| self.timing(id)).transpose()?;
        let (effective_ns, end_ns) = (terms.effective_ns, terms.end_ns);
        let conditions = Conditions { effective_ns, end_ns, tariff, timing };
        let fresh = index(self.compiled.conditions.len())?;
        let place = *self.conditions.entry(conditions).or_insert(fresh);
        if place == fresh {
            self.compiled.conditions.push(conditions);
        }
        Ok((Rate { price, conditions: place }, price_max))
    }

    fn timing(&mut self, id: &Arc<str>) -> Result<u32, String> {
        if let Some(place) = self.timings.get(id) {
            return Ok(*place);
        }
        let timing = (self.timings_of)(id).ok_or_else(|| format!("no timing is called `{id}`"))?;
        let place = index(self.compiled.timings.len())?;
        self.compiled.timings.push(timing);
        self.timings.insert(id.clone(), place);
        Ok(place)
    }
}

/// Whether two rates of a prefix are slots of one price.
fn counts_alike(one: &Terms, two: &Terms) -> bool {
    one.weight == two.weight
        && one.timing == two.timing
        && (one.effective_ns, one.end_ns) == (two.effective_ns, two.end_ns)
}

/// A place in a list, with room for the mark.
fn index(at: usize) -> Result<u32, String> {
    u32::try_from(at)
        .ok()
        .filter(|place| *place < LAST)
        .ok_or_else(|| "there are more than 2,147,483,648 rates".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::definition;

    const DAY_NS: i64 = 86_400_000_000_000;

    fn money(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    fn deck(rows: &[(&str, &str, Terms)]) -> Deck {
        let mut deck = Deck::default();
        for (prefix, rate, terms) in rows {
            let place = u32::try_from(deck.terms.len()).unwrap();
            deck.terms.push(terms.clone());
            deck.push(prefix, money(rate), place).unwrap();
        }
        deck
    }

    fn evenings(id: &str) -> Option<Arc<Timing>> {
        let definition = definition::Timing {
            id: id.to_owned(),
            start: "18:00:00".to_owned(),
            ..definition::Timing::default()
        };
        (id == "EVENINGS").then(|| Arc::new(Timing::new(definition, None).unwrap()))
    }

    #[test]
    fn the_longest_prefix_with_a_valid_rate_counts() {
        let valid = |effective_ns, end_ns| Terms { effective_ns, end_ns, ..Terms::default() };
        let always = valid(i64::MIN, i64::MAX);
        let compiled = CompiledDeck::compile(
            &deck(&[
                ("49", "1", always.clone()),
                ("4915", "2", valid(10 * DAY_NS, 20 * DAY_NS)),
                ("4915", "3", valid(15 * DAY_NS, i64::MAX)),
                ("4915", "4", Terms { weight: money("1"), ..valid(18 * DAY_NS, 19 * DAY_NS) }),
                ("49", "5", Terms { timing: Some("EVENINGS".into()), ..always.clone() }),
                (Deck::ANY, "9", valid(0, 30 * DAY_NS)),
            ]),
            &evenings,
        )
        .unwrap();
        for (name, number, day, hour, want) in [
            ("a plain rate", "4930", 0, 0, Some((1, Some(2)))),
            ("one of the evening", "4930", 0, 19, Some((5, Some(2)))),
            (
                "one that is not valid yet leaves the shorter prefix",
                "49151",
                9,
                0,
                Some((1, Some(2))),
            ),
            ("one that became valid", "49151", 10, 0, Some((2, Some(4)))),
            ("the one that became valid last", "49151", 15, 0, Some((3, Some(4)))),
            ("the heaviest", "49151", 18, 0, Some((4, Some(4)))),
            ("until just before its end", "49151", 19, 0, Some((3, Some(4)))),
            ("no end", "49151", 1000, 0, Some((3, Some(4)))),
            ("the rate of every number", "33", 1, 0, Some((9, None))),
            ("that has ended, too", "33", 30, 0, None),
        ] {
            let start = Start { ns: day * DAY_NS + hour * 3_600_000_000_000, offset_s: 0 };
            let found = compiled.find(number, start).map(|price| (price.price, price.prefix));
            assert_eq!(found, want, "{name}");
        }
        let berlin = Start { ns: 17 * 3_600_000_000_000, offset_s: 3600 };
        assert_eq!(compiled.find("49", berlin).map(|price| price.price), Some(5), "its own clock");
    }

    #[test]
    fn a_deck_that_cannot_be_used_names_the_prefix() {
        let plain = Terms::default;
        for (rows, want) in [
            (vec![("49", "1", plain()), ("49", "2", plain())], "`49`: two rates"),
            (vec![("49", "-1", plain())], "below zero"),
            (vec![("49", "1", Terms { slot_ns: 5, ..plain() })], "slot of 0s"),
            (vec![("49", "1", Terms { timing: Some("X".into()), ..plain() })], "called `X`"),
        ] {
            let error = CompiledDeck::compile(&deck(&rows), &|_| None).unwrap_err();
            assert!(error.contains(want), "{error}");
        }
    }

    #[test]
    fn a_rate_takes_a_few_bytes() {
        let mut large = Deck::default();
        large.terms.push(Terms::default());
        for number in 0..50_000_u64 {
            let prefix = (1_000_000 + number * 37 / 10).to_string();
            let rate = money(&format!("0.0{:04}", number * 7919 % 9973));
            large.push(&prefix, rate, 0).unwrap();
        }
        let compiled = CompiledDeck::compile(&large, &|_| None).unwrap();
        let each = compiled.size_bytes() / compiled.rates.len();
        assert!(each <= 40, "{each} bytes a rate");
    }
}
