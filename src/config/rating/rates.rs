//! Rates as they are gathered from files, each with its place, until a deck is made of them.

use crate::config::report::Mark;
use crate::model::definition::{Deck, DeckRate, Terms};
use crate::model::money::Money;
use foldhash::HashMap;

/// Rates of one plan.
#[derive(Debug, Default)]
pub(super) struct Rates {
    pub(super) deck: Deck,
    /// Where each rate is.
    pub(super) marks: Vec<Mark>,
    places: HashMap<Terms, u32>,
}

impl Rates {
    /// Where the deck has these terms.
    pub(super) fn place_of(&mut self, terms: Terms) -> u32 {
        let Self { deck, places, .. } = self;
        // There are fewer than rates.
        let fresh = u32::try_from(deck.terms.len()).unwrap_or(u32::MAX);
        *places.entry(terms).or_insert_with_key(|terms| {
            deck.terms.push(terms.clone());
            fresh
        })
    }

    /// Adds a rate.
    pub(super) fn push(
        &mut self,
        prefix: &str,
        rate: Money,
        terms: u32,
        mark: Mark,
    ) -> Result<(), String> {
        self.deck.push(prefix, rate, terms)?;
        self.marks.push(mark);
        Ok(())
    }

    /// The places of the rates, those of one prefix side by side and in their order.
    pub(super) fn by_prefix(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.deck.rates.len()).collect();
        order.sort_by_key(|place| self.prefix(*place));
        order
    }

    pub(super) fn rate(&self, place: usize) -> Option<&DeckRate> {
        self.deck.rates.get(place)
    }

    pub(super) fn prefix(&self, place: usize) -> &str {
        self.rate(place).map(|rate| self.deck.prefix(rate)).unwrap_or_default()
    }

    pub(super) fn terms(&self, place: usize) -> Option<&Terms> {
        self.deck.terms(self.rate(place)?)
    }

    pub(super) fn mark(&self, place: usize) -> Mark {
        self.marks.get(place).copied().unwrap_or_default()
    }
}
