//! The rating plans of table files, and the decks of suppliers, by their ids.
//!
//! Each computes as it says: in exact fractions, or as CGRateS does.

use super::deck::{CompiledDeck, Timings};
use super::plan::Plan;
use crate::model::definition::{
    Arithmetic, Deck, DeckRate, MaxCostStrategy, PlanRow, Rate, RateSlot, RatingPlan, Terms,
};
use crate::model::money::Money;
use crate::table::input::{DeckInput, Place};
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::Arc;

/// All of them.
#[derive(Debug, Clone, Default)]
pub struct Decks {
    by_id: BTreeMap<Box<str>, StatedDeck>,
}

/// A plan, and where a file states it.
#[derive(Debug, Clone)]
pub struct StatedDeck {
    /// How it computes.
    pub pricing: Pricing,
    /// Where it is stated.
    pub place: Place,
}

/// A plan, ready to be asked.
#[derive(Debug, Clone)]
pub enum Pricing {
    /// In exact fractions.
    Exact(Box<CompiledDeck>),
    /// As CGRateS does.
    Cgrates(Arc<Plan>),
}

impl Decks {
    /// Compiles them.
    ///
    /// # Errors
    /// Says which rate cannot be used, and where its plan is stated.
    pub fn build(inputs: Vec<DeckInput>, timings: &Timings<'_>) -> Result<Self, String> {
        let mut by_id = BTreeMap::new();
        for DeckInput { deck, place } in inputs {
            let pricing = Pricing::compile(&deck, timings)
                .map_err(|text| format!("{place}: {}: {text}", deck.id))?;
            by_id.insert(deck.id.as_str().into(), StatedDeck { pricing, place });
        }
        Ok(Self { by_id })
    }

    /// A plan by its id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&StatedDeck> {
        self.by_id.get(id)
    }

    /// The plans in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &StatedDeck)> {
        self.by_id.iter().map(|(id, deck)| (&**id, deck))
    }
}

impl Pricing {
    /// From its definition.
    ///
    /// # Errors
    /// Says which rate cannot be used.
    pub fn compile(deck: &Deck, timings: &Timings<'_>) -> Result<Self, String> {
        match deck.arithmetic {
            Arithmetic::Exact => {
                CompiledDeck::compile(deck, timings).map(|deck| Self::Exact(Box::new(deck)))
            }
            Arithmetic::Cgrates => {
                let definition = plan_of(deck, timings)?;
                // What stands for a destination is its one prefix.
                let prefixes: HashMap<&str, [String; 1]> = definition
                    .rows
                    .iter()
                    .map(|row| (&*row.destination, [row.destination.to_string()]))
                    .collect();
                let prefix = |id: &str| match id {
                    Deck::ANY => None,
                    id => prefixes.get(id).map(<[String; 1]>::as_slice),
                };
                let plan = Plan::compile(&definition, &prefix).comparing(deck.compare);
                Ok(Self::Cgrates(Arc::new(plan)))
            }
        }
    }
}

/// The deck as a plan of CGRateS, each prefix being the id of a destination that has it alone.
///
/// # Errors
/// A timing is not there.
pub fn plan_of(deck: &Deck, timings: &Timings<'_>) -> Result<RatingPlan, String> {
    let mut order: Vec<&DeckRate> = deck.rates.iter().collect();
    order.sort_by_key(|rate| deck.prefix(rate));
    let mut rows = Vec::new();
    for same in order.chunk_by(|one, two| deck.prefix(one) == deck.prefix(two)) {
        let prefix: Arc<str> = same.first().map_or("", |rate| deck.prefix(rate)).into();
        for slots in slots_of(deck, same) {
            let Some((terms, _)) = slots.first().copied() else { continue };
            let timing = match &terms.timing {
                None => None,
                Some(id) => {
                    let timing =
                        timings(id).ok_or_else(|| format!("no timing is called `{id}`"))?;
                    Some(Arc::clone(&timing.definition))
                }
            };
            rows.push(PlanRow {
                destination: Arc::clone(&prefix),
                rate: Arc::new(rate_of(&slots)),
                timing,
                weight: terms.weight.to_f64(),
            });
        }
    }
    Ok(RatingPlan { id: deck.id.clone(), rows })
}

/// The slots of each rate of a prefix, in the order of the deck: a slot that is not after the one before it
/// begins another rate.
fn slots_of<'d>(deck: &'d Deck, same: &[&DeckRate]) -> Vec<Vec<(&'d Terms, Money)>> {
    let mut rates: Vec<Vec<(&Terms, Money)>> = Vec::new();
    for row in same {
        let Some(terms) = deck.terms(row) else { continue };
        let before = rates.iter_mut().rev().find(|slots| {
            slots.last().is_some_and(|(last, _)| {
                (&last.timing, last.weight) == (&terms.timing, terms.weight)
                    && last.slot_ns < terms.slot_ns
            })
        });
        match before {
            Some(slots) => slots.push((terms, row.rate)),
            None => rates.push(vec![(terms, row.rate)]),
        }
    }
    rates
}

fn rate_of(slots: &[(&Terms, Money)]) -> Rate {
    let mut compiled = Vec::with_capacity(slots.len());
    for (index, (terms, rate)) in slots.iter().enumerate() {
        let slot = RateSlot {
            start_ns: terms.slot_ns,
            rate: rate.to_f64(),
            unit_ns: terms.unit_ns,
            increment_ns: terms.increment.first_ns,
        };
        compiled.push(slot);
        // Steps after the first are a slot of their own.
        let then_ns = terms.slot_ns.saturating_add(terms.increment.first_ns);
        let next_ns = slots.get(index + 1).map_or(i64::MAX, |(next, _)| next.slot_ns);
        if terms.increment.first_ns != terms.increment.next_ns && then_ns < next_ns {
            let increment_ns = terms.increment.next_ns;
            compiled.push(RateSlot { start_ns: then_ns, increment_ns, ..slot });
        }
    }
    let Some((terms, _)) = slots.first() else { return Rate::default() };
    Rate {
        connect_fee: terms.connect_fee.to_f64(),
        slots: compiled,
        rounding_method: terms.rounding.map_or("", |rounding| rounding.method.as_str()).to_owned(),
        rounding_decimals: terms.rounding.map_or(0, |rounding| rounding.decimals.into()),
        max_cost: terms.max_cost.to_f64(),
        max_cost_strategy: match terms.max_cost_strategy {
            MaxCostStrategy::Unnamed => String::new(),
            MaxCostStrategy::Free => "*free".to_owned(),
            MaxCostStrategy::Disconnect => "*disconnect".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::definition::Increment;

    #[test]
    fn steps_and_slots_of_a_deck_are_slots_of_a_plan() {
        const SECOND: i64 = 1_000_000_000;
        let step =
            |first: i64, next: i64| Increment { first_ns: first * SECOND, next_ns: next * SECOND };
        let mut deck = Deck::default();
        deck.arithmetic = Arithmetic::Cgrates;
        for (rate, slot, increment) in
            [("0.4", 0, step(30, 6)), ("0.2", 20, step(60, 1)), ("0.1", 100, step(1, 1))]
        {
            let place = u32::try_from(deck.terms.len()).unwrap();
            let slot_ns = slot * SECOND;
            deck.terms.push(Terms { slot_ns, increment, ..Terms::default() });
            deck.push("+49", Money::parse(rate).unwrap(), place).unwrap();
        }
        let plan = plan_of(&deck, &|_| None).unwrap();
        let [row] = plan.rows.as_slice() else { panic!("{plan:?}") };
        let slots: Vec<(i64, f64, i64)> = row
            .rate
            .slots
            .iter()
            .map(|slot| (slot.start_ns / SECOND, slot.rate, slot.increment_ns / SECOND))
            .collect();
        assert_eq!(slots, [(0, 0.4, 30), (20, 0.2, 60), (80, 0.2, 1), (100, 0.1, 1)]);
    }
}
