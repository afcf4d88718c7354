//! The bill of a call, for people with a pencil: how a rating plan came to its price.
//!
//! It hears the walk that prices a call. A story has one with each route that a price was looked for.

use crate::engine::rating::{Billed, Charge, Quirks, ROUNDING_DECIMALS, Recorder, Step, Sum};
use crate::model::cost::{Cost, Rounding, RoundingMethod};
use crate::model::go::duration;
use crate::table::rating::Plan;
use crate::table::rating::plan::ANY;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Lines of one bill: a call of many nights has as many parts.
const LINES_MAX: usize = 100;

/// The bills that were heard so far: prices of all routes are looked for before the first one is told of.
#[derive(Debug, Default)]
pub struct Bills {
    /// The route in work, by its key, and the number that is called.
    route: u64,
    number: String,
    lines: HashMap<u64, Vec<Value>>,
}

impl Bills {
    /// The price of a route is looked for, for calls to `number`.
    pub(super) fn begin(&mut self, route: u64, number: &str) {
        self.route = route;
        number.clone_into(&mut self.number);
        self.lines.remove(&route);
    }

    /// The bill of a route; `None`: no plan was asked that has a price.
    pub(super) fn take(&mut self, route: u64) -> Option<Vec<Value>> {
        self.lines.remove(&route)
    }

    fn add(&mut self, line: impl FnOnce() -> Value) {
        let lines = self.lines.entry(self.route).or_default();
        match lines.len() {
            LINES_MAX => lines.push(json!({ "more": "the rest of the bill is left out" })),
            0..LINES_MAX => lines.push(line()),
            _ => {}
        }
    }
}

impl Recorder for Bills {
    fn found(&mut self, plan: &Plan, prefix: Option<usize>) {
        let found = prefix.and_then(|length| self.number.get(..length)).unwrap_or(ANY).to_owned();
        self.add(|| json!({ "plan": plan.id(), "prefix": found }));
    }

    fn billed(&mut self, plan: &Plan, part: &Billed) {
        self.add(|| {
            let rate = part.slot.map(|(slot, price)| {
                json!({
                    "slot": duration::text(slot.start_ns),
                    "rate": price,
                    "unit": duration::text(slot.unit_ns),
                    "increment": duration::text(slot.increment_ns),
                })
            });
            json!({
                "from": duration::text(part.start_ns),
                "billed": duration::text(part.length_ns),
                "weight": plan.weight(&part.interval),
                "rate": rate,
                "increments": part.increments,
                "increment_price": part.unit_price,
            })
        });
        if let Some(charge) = part.apart() {
            self.add(|| json!({ "surprise": surprise(&charge) }));
        }
    }

    fn summed(&mut self, sum: &Sum) {
        self.add(|| {
            let mut line = json!({ "sum": sum.total, "so_far": sum.running });
            if let Some(line) = line.as_object_mut() {
                if sum.parts > 1 {
                    line.insert("equal_parts".into(), sum.parts.into());
                }
                if sum.connect_fee != 0.0 {
                    line.insert("connect_fee".into(), sum.connect_fee.into());
                }
                if sum.is_capped {
                    line.insert("max_cost".into(), true.into());
                }
            }
            line
        });
    }

    fn rounded(&mut self, from: f64, to: f64, decimals: i32, method: Option<RoundingMethod>) {
        self.add(|| {
            json!({
                "rounding": method.map_or("", RoundingMethod::as_str), "decimals": decimals, "from": from, "cost": to,
            })
        });
    }

    fn found_in_deck(&mut self, plan: &str, prefix: Option<&str>) {
        self.add(|| json!({ "plan": plan, "prefix": prefix.unwrap_or(ANY) }));
    }

    fn step(&mut self, step: &Step) {
        let time = |ns: u64| duration::text(i64::try_from(ns).unwrap_or(i64::MAX));
        let (first_ns, next_ns) = step.increments_ns;
        self.add(|| {
            json!({
                "from": time(step.start_ns),
                "billed": time(step.billed_ns),
                "minute_price": step.minute.to_string(),
                "increment": format!("{}/{}", duration::text(first_ns), duration::text(next_ns)),
                "cost": step.cost.to_string(),
            })
        });
    }

    fn exact(&mut self, fee: Cost, sum: Cost, rounding: Option<Rounding>, cost: Cost) {
        self.add(|| {
            json!({
                "connect_fee": fee.to_string(),
                "sum": sum.to_string(),
                "rounding": rounding.map(|rounding| rounding.method.as_str()),
                "decimals": rounding.map(|rounding| rounding.decimals),
                "cost": cost.to_string(),
            })
        });
    }

    fn ended(&mut self, quirks: Quirks) {
        for (quirk, text) in Quirks::ALL {
            if quirks.has(quirk) {
                self.add(|| json!({ "surprise": text }));
            }
        }
    }
}

/// That rounding brings a bill visibly apart from the rate.
fn surprise(charge: &Charge) -> String {
    format!(
        "{} than the rate says: an increment costs {} when it is rounded to {ROUNDING_DECIMALS} decimals",
        charge.percent(),
        charge.increment_price
    )
}
