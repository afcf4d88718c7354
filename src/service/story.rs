//! The story of a decision: everything considered, and why it is in or out, as JSON.
//!
//! It hears the engine's own walk. Only questions that ask for it pay for it.

use super::lookup::Told;
use crate::engine::explain::{Reason, Recorder};
use crate::table::Table;
use crate::table::input::Target;
use crate::table::layers::{DEFAULT_CUSTOMER, Row};
use crate::table::profile::{Profile, ProfileRoute};
use crate::table::supplier::SupplierIndex;
use jiff::Timestamp;
use serde_json::{Value, json};

/// What was heard so far.
pub struct Story<'t> {
    table: &'t Table,
    lines: Vec<Value>,
    told: Vec<u8>,
}

impl<'t> Story<'t> {
    /// Nothing yet.
    #[must_use]
    pub fn new(table: &'t Table) -> Self {
        Self { table, lines: Vec::new(), told: Vec::new() }
    }

    fn supplier(&self, index: SupplierIndex) -> &'t str {
        self.table.suppliers.get(index).map_or("", |supplier| supplier.facts.id.as_str())
    }
}

impl Told for Story<'_> {
    fn told(&mut self) -> Option<&[u8]> {
        self.told = serde_json::to_vec(&self.lines).ok()?;
        Some(&self.told)
    }
}

impl Recorder for Story<'_> {
    fn profile(&mut self, profile: &Profile, reason: Reason<'_>) {
        self.lines.push(json!({
            "profile": profile.id,
            "place": profile.place.to_string(),
            "in": is_in(&reason),
            "why": why(&reason, "it matches"),
        }));
    }

    fn route(&mut self, profile: &Profile, route: &ProfileRoute, reason: Reason<'_>) {
        self.lines.push(json!({
            "profile": profile.id,
            "route": self.supplier(route.supplier),
            "weight": route.weight,
            "in": is_in(&reason),
            "why": why(&reason, "it passes"),
        }));
    }

    fn layer(&mut self, customer: &str, target: &Target) {
        let customer = if customer == DEFAULT_CUSTOMER { "default" } else { customer };
        self.lines.push(json!({ "layer": target.to_string(), "customer": customer }));
    }

    fn row(&mut self, row: &Row, reason: Reason<'_>) {
        self.lines.push(json!({
            "route": row.id,
            "supplier": self.supplier(row.supplier),
            "priority": row.priority,
            "place": row.place.to_string(),
            "in": is_in(&reason),
            "why": why(&reason, "it adds its supplier"),
        }));
    }

    fn place(&mut self, supplier: SupplierIndex, reason: Reason<'_>) {
        self.lines.push(json!({
            "supplier": self.supplier(supplier),
            "in": is_in(&reason),
            "why": why(&reason, "it is in the answer"),
        }));
    }
}

fn is_in(reason: &Reason<'_>) -> bool {
    matches!(reason, Reason::Chosen)
}

/// The reason as a sentence.
fn why(reason: &Reason<'_>, chosen: &str) -> String {
    match reason {
        Reason::Chosen => chosen.to_owned(),
        Reason::Filter(rule, None) => {
            format!("{} does not pass: the event has no {}", rule.filter.text, rule.filter.field)
        }
        Reason::Filter(rule, Some(value)) => {
            format!("{} does not pass: {} is \"{value}\"", rule.filter.text, rule.filter.field)
        }
        Reason::NotYet(from_ns) => format!("its time begins at {}", moment(*from_ns)),
        Reason::Over(until_ns) => format!("its time ended at {}", moment(*until_ns)),
        Reason::Closed(hours) => {
            let texts: Vec<&str> = hours.iter().map(|hours| hours.text.as_str()).collect();
            format!("none of its hours is open: {}", texts.join(", "))
        }
        Reason::Disabled => "its supplier is disabled".into(),
        Reason::Duplicate => "an earlier layer has its supplier already".into(),
        Reason::Blocked => "a blocker stands before it".into(),
        Reason::NotNeeded => "an earlier profile answers".into(),
        Reason::Failed => "an attempt at it failed".into(),
        Reason::Skipped => "it stands before the offset".into(),
        Reason::BeyondLimit => {
            "it stands behind the limit, or behind the attempts that are left".into()
        }
    }
}

fn moment(ns: i64) -> String {
    Timestamp::from_nanosecond(i128::from(ns))
        .map_or_else(|_| ns.to_string(), |time| time.to_string())
}
