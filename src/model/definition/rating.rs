//! What calls cost, as CGRateS' tariff plans state it (section 7.1 of the specification).

use super::{Stamp, Timing};
use std::sync::Arc;

/// A RatingPlan: prices of destinations, in the order of the plan's rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RatingPlan {
    /// Its id; plans have no tenant.
    pub id: String,
    /// Its rows.
    pub rows: Vec<PlanRow>,
}

/// A row of a plan: a destination, what a call to it costs, and when that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanRow {
    /// A destination's id, or `*any`.
    pub destination: Arc<str>,
    /// What a call costs.
    pub rate: Arc<Rate>,
    /// When it counts; `None`: always, from midnight on (`*any`).
    pub timing: Option<Arc<Timing>>,
    /// The heavier row counts.
    pub weight: f64,
}

/// A rate with its rounding and its ceiling.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rate {
    /// What a call costs at once.
    pub connect_fee: f64,
    /// What its time costs, by the moment of the call from which that counts; sorted.
    pub slots: Vec<RateSlot>,
    /// `*up`, `*middle`, `*down`; anything else rounds nothing.
    pub rounding_method: String,
    /// Decimals of a cost.
    pub rounding_decimals: i32,
    /// What a call costs at most; 0: no ceiling.
    pub max_cost: f64,
    /// `*free`: above the ceiling the call is free; anything else is of no effect.
    pub max_cost_strategy: String,
}

/// A slot of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RateSlot {
    /// From this moment of the call on (nanoseconds).
    pub start_ns: i64,
    /// The price of `unit_ns`.
    pub rate: f64,
    /// What `rate` is for (nanoseconds; 0 counts as a second).
    pub unit_ns: i64,
    /// Steps in which time is billed (nanoseconds; 0 counts as a second).
    pub increment_ns: i64,
}

/// A RatingProfile: which plan rates the calls of a subject, since when.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RatingProfile {
    /// Whose it is.
    pub tenant: String,
    /// Of which category.
    pub category: String,
    /// Whose calls; `*any`: everybody's.
    pub subject: String,
    /// The plans, by the moment from which they count; sorted.
    pub activations: Vec<PlanActivation>,
}

impl RatingProfile {
    /// What stands between category and subject in a profile's id.
    pub const SEPARATOR: char = ':';

    /// Its id: `CATEGORY:SUBJECT`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}{}{}", self.category, Self::SEPARATOR, self.subject)
    }

    /// Category and subject of an id.
    #[must_use]
    pub fn split(id: &str) -> Option<(&str, &str)> {
        id.split_once(Self::SEPARATOR)
    }
}

/// A plan of a RatingProfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanActivation {
    /// From when it counts.
    pub from: Stamp,
    /// The plan.
    pub plan: String,
    /// Subjects whose profiles are asked where the plan lacks the destination.
    pub fallback: Vec<String>,
}

/// An account, as far as its balances pay for calls.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Account {
    /// Whose it is.
    pub tenant: String,
    /// Its id.
    pub id: String,
    /// Its balances, in the order in which they were made.
    pub balances: Vec<Balance>,
    /// It may owe.
    pub allows_negative: bool,
    /// It pays for nothing.
    pub is_disabled: bool,
}

impl Account {
    /// The same with nothing in it.
    #[must_use]
    pub fn without_balances(&self) -> Self {
        Self {
            tenant: self.tenant.clone(),
            id: self.id.clone(),
            balances: Vec::new(),
            allows_negative: self.allows_negative,
            is_disabled: self.is_disabled,
        }
    }
}

/// A balance of an account.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Balance {
    /// Its id; setting one with the same id and type again replaces its value.
    pub id: String,
    /// What it holds.
    pub kind: BalanceKind,
    /// Nanoseconds of time, or money.
    pub value: f64,
    /// Heavier balances pay first.
    pub weight: f64,
    /// Destinations that it pays for; empty: all.
    pub destinations: Vec<String>,
    /// Categories that it pays for; empty: all.
    pub categories: Vec<String>,
    /// Whose rates its time is counted by: `*zero20s`, `*zero1m`; empty: seconds.
    pub rating_subject: String,
    /// It holds nothing from this moment on.
    pub expires: Option<Stamp>,
    /// It pays for nothing.
    pub is_disabled: bool,
}

/// What a balance holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BalanceKind {
    /// Time: `*voice`.
    Voice,
    /// Money: `*monetary`.
    #[default]
    Monetary,
    /// Something that pays for no call.
    Other,
}
