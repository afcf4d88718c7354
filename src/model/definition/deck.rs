//! A deck: what a supplier's calls cost, prefix by prefix, in exact decimals.

use crate::model::cost::Rounding;
use crate::model::money::Money;
use std::sync::Arc;

/// A rating plan that is stated as a list of rates, in a file of its own or beside its name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Deck {
    /// Its id, as routes name it; a supplier's own deck has the supplier's.
    pub id: String,
    /// In which currency its prices are; nothing is converted.
    pub currency: Option<String>,
    /// How costs are computed.
    pub arithmetic: Arithmetic,
    /// What its prefixes are compared with.
    pub compare: Compare,
    /// Its rates, in the order in which they count.
    pub rates: Vec<DeckRate>,
    /// What rates have in common.
    pub terms: Vec<Terms>,
    /// All prefixes, one behind the other.
    prefixes: String,
}

/// How the costs of a plan are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arithmetic {
    /// In exact fractions.
    #[default]
    Exact,
    /// In binary fractions, in the order of operations of CGRateS, to the last digit.
    Cgrates,
}

/// What prefixes are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compare {
    /// The digits of the normalised number; a prefix is digits, without a plus.
    #[default]
    Digits,
    /// The text of the event's `Destination`: `+49` and `0049` are two.
    Text,
}

/// A rate. Small, since there may be millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeckRate {
    /// The price of the unit.
    pub rate: Money,
    /// Where its prefix begins.
    start: u32,
    /// Which of the deck's terms it has.
    terms: u32,
    /// Bytes of its prefix.
    length: u8,
}

impl DeckRate {
    /// Which of its deck's terms it has.
    #[must_use]
    pub fn terms_place(&self) -> u32 {
        self.terms
    }

    /// The same with other terms of its deck.
    #[must_use]
    pub fn with_terms(self, terms: u32) -> Self {
        Self { terms, ..self }
    }
}

/// What a rate says beside its prefix and price.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Terms {
    /// What a call costs at once.
    pub connect_fee: Money,
    /// What the rate is for (nanoseconds, at least 1).
    pub unit_ns: i64,
    /// In which steps time is billed.
    pub increment: Increment,
    /// From which moment of the call on the rate counts (nanoseconds); the rates of one prefix, of equal
    /// validity, timing and weight are one price with several slots.
    pub slot_ns: i64,
    /// How the cost is rounded; `None`: not at all.
    pub rounding: Option<Rounding>,
    /// What a call costs at most; zero: no ceiling.
    pub max_cost: Money,
    /// `*free`: above the ceiling a call costs no more; otherwise the ceiling is of no effect.
    pub max_cost_strategy: MaxCostStrategy,
    /// The heavier rate counts.
    pub weight: Money,
    /// A timing's id: when the rate counts, by the start of the call; `None`: always.
    pub timing: Option<Arc<str>>,
    /// Valid from this moment on (Unix nanoseconds; far away when open).
    pub effective_ns: i64,
    /// Valid until just before this moment (Unix nanoseconds; far away when open).
    pub end_ns: i64,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            connect_fee: Money::ZERO,
            unit_ns: 60_000_000_000,
            increment: Increment::default(),
            slot_ns: 0,
            rounding: None,
            max_cost: Money::ZERO,
            max_cost_strategy: MaxCostStrategy::default(),
            weight: Money::ZERO,
            timing: None,
            effective_ns: i64::MIN,
            end_ns: i64::MAX,
        }
    }
}

/// Steps in which time is billed: `60/1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Increment {
    /// The first step (nanoseconds, at least 1).
    pub first_ns: i64,
    /// Those after it (nanoseconds, at least 1).
    pub next_ns: i64,
}

impl Default for Increment {
    /// By the second.
    fn default() -> Self {
        Self { first_ns: 1_000_000_000, next_ns: 1_000_000_000 }
    }
}

/// What a ceiling does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MaxCostStrategy {
    /// Nothing.
    #[default]
    Unnamed,
    /// Above it a call costs no more: `*free`.
    Free,
    /// The call would end there, which is of no effect on what it costs: `*disconnect`.
    Disconnect,
}

impl MaxCostStrategy {
    /// What decks call them.
    pub const WORDS: &[&str] = &["*free", "*disconnect"];

    /// The strategy called `word`.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "*free" => Some(Self::Free),
            "*disconnect" => Some(Self::Disconnect),
            _ => None,
        }
    }
}

impl Deck {
    /// The prefix that stands for every number.
    pub const ANY: &str = "*any";

    /// Adds a rate behind the others; `terms` is a place in the deck's terms.
    ///
    /// # Errors
    /// The prefix has more than 255 bytes, or the prefixes together more than 4 GiB.
    pub fn push(&mut self, prefix: &str, rate: Money, terms: u32) -> Result<(), String> {
        let length = u8::try_from(prefix.len())
            .map_err(|_| format!("a prefix has {} bytes, more than 255", prefix.len()))?;
        let start = u32::try_from(self.prefixes.len())
            .map_err(|_| "the deck has more than 4 GiB of prefixes".to_owned())?;
        self.prefixes.push_str(prefix);
        self.rates.push(DeckRate { rate, start, terms, length });
        Ok(())
    }

    /// The prefix of one of the deck's rates: digits or text, or [`ANY`](Self::ANY).
    #[must_use]
    pub fn prefix(&self, rate: &DeckRate) -> &str {
        let start = rate.start as usize;
        self.prefixes.get(start..start + usize::from(rate.length)).unwrap_or_default()
    }

    /// What one of the deck's rates says beside its prefix and price.
    #[must_use]
    pub fn terms(&self, rate: &DeckRate) -> Option<&Terms> {
        self.terms.get(rate.terms as usize)
    }
}
