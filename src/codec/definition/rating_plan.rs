//! A RatingPlan as it is kept: its rows name rates and timings by their places in two lists, so that a
//! million rows of a few thousand prices stay small.
//!
//! Two plans that say the same are written alike, whatever of them is shared in memory: fingerprints are
//! made of this.

use super::read::{self, Wrong};
use super::timing;
use super::write::Writer;
use crate::model::definition::{PlanRow, Rate, RateSlot, RatingPlan};
use crate::model::go::json::push_string;
use crate::model::go::number::push_json;
use crate::model::json::push_integer;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) fn write(plan: &RatingPlan, out: &mut Vec<u8>) {
    let (mut rates, mut timings) = (Pool::new(write_rate), Pool::new(timing::write));
    let mut rows = Vec::with_capacity(plan.rows.len() * 24);
    for row in &plan.rows {
        rows.push(if rows.is_empty() { b'[' } else { b',' });
        rows.push(b'[');
        push_string(&mut rows, &row.destination);
        rows.push(b',');
        push_integer(&mut rows, rates.place(&row.rate));
        rows.push(b',');
        match &row.timing {
            Some(timing) => push_integer(&mut rows, timings.place(timing)),
            None => rows.extend_from_slice(b"null"),
        }
        rows.push(b',');
        push_json(row.weight, &mut rows);
        rows.push(b']');
    }
    if rows.is_empty() {
        rows.push(b'[');
    }
    rows.push(b']');
    let mut object = Writer::object(out);
    object.string("ID", &plan.id);
    rates.write(object.field("Rates"));
    timings.write(object.field("Timings"));
    object.field("Rows").extend_from_slice(&rows);
    object.end();
}

/// Things that are written once, however often they are named.
struct Pool<T> {
    write: fn(&T, &mut Vec<u8>),
    by_address: HashMap<*const T, i64>,
    by_text: HashMap<Vec<u8>, i64>,
    texts: Vec<u8>,
}

impl<T> Pool<T> {
    fn new(write: fn(&T, &mut Vec<u8>)) -> Self {
        Self { write, by_address: HashMap::new(), by_text: HashMap::new(), texts: Vec::new() }
    }

    /// The place of a thing; what is shared in memory is looked at once.
    fn place(&mut self, thing: &Arc<T>) -> i64 {
        let address = Arc::as_ptr(thing);
        if let Some(place) = self.by_address.get(&address) {
            return *place;
        }
        let mut text = Vec::new();
        (self.write)(thing, &mut text);
        // No more things than memory holds.
        let next = i64::try_from(self.by_text.len()).unwrap_or(i64::MAX);
        let place = *self.by_text.entry(text).or_insert_with_key(|text| {
            self.texts.push(if next == 0 { b'[' } else { b',' });
            self.texts.extend_from_slice(text);
            next
        });
        self.by_address.insert(address, place);
        place
    }

    fn write(&self, out: &mut Vec<u8>) {
        if self.texts.is_empty() {
            out.push(b'[');
        }
        out.extend_from_slice(&self.texts);
        out.push(b']');
    }
}

fn write_rate(rate: &Rate, out: &mut Vec<u8>) {
    let mut object = Writer::object(out);
    object.number("ConnectFee", rate.connect_fee);
    object.list("Slots", Some(&rate.slots), |slot, out| {
        let mut object = Writer::object(out);
        push_integer(object.field("Start"), slot.start_ns);
        object.number("Rate", slot.rate);
        push_integer(object.field("Unit"), slot.unit_ns);
        push_integer(object.field("Increment"), slot.increment_ns);
        object.end();
    });
    object.string("RoundingMethod", &rate.rounding_method);
    push_integer(object.field("RoundingDecimals"), i64::from(rate.rounding_decimals));
    object.number("MaxCost", rate.max_cost);
    object.string("MaxCostStrategy", &rate.max_cost_strategy);
    object.end();
}

pub(super) fn read(raw: &str) -> Result<RatingPlan, Wrong> {
    let (mut id, mut rates, mut timings, mut rows) = (String::new(), None, None, None);
    read::object(raw, &["ID", "Rates", "Timings", "Rows"], |name, value| match name {
        "ID" => read::string(value, &mut id),
        "Rates" => read::objects(value, &mut rates, |raw| rate(raw).map(Arc::new)),
        "Timings" => read::objects(value, &mut timings, |raw| timing::read(raw).map(Arc::new)),
        _ => read::objects(value, &mut rows, row),
    })?;
    let (rates, timings) = (rates.unwrap_or_default(), timings.unwrap_or_default());
    let mut destinations: HashMap<String, Arc<str>> = HashMap::new();
    let mut whole = Vec::new();
    for row in rows.unwrap_or_default() {
        let missing =
            |what: &str| Wrong::Text(format!("json: Rows name a {what} that is not there"));
        let rate = rates.get(row.rate).ok_or_else(|| missing("rate"))?;
        let timing = row.timing.map(|place| timings.get(place).ok_or_else(|| missing("timing")));
        let destination = match destinations.get(&row.destination) {
            Some(known) => Arc::clone(known),
            None => {
                let new: Arc<str> = row.destination.as_str().into();
                destinations.insert(row.destination, Arc::clone(&new));
                new
            }
        };
        whole.push(PlanRow {
            destination,
            rate: Arc::clone(rate),
            timing: timing.transpose()?.cloned(),
            weight: row.weight,
        });
    }
    Ok(RatingPlan { id, rows: whole })
}

fn rate(raw: &str) -> Result<Rate, Wrong> {
    let (mut rate, mut slots) = (Rate::default(), None);
    let names = &[
        "ConnectFee",
        "Slots",
        "RoundingMethod",
        "RoundingDecimals",
        "MaxCost",
        "MaxCostStrategy",
    ];
    read::object(raw, names, |name, value| match name {
        "ConnectFee" => read::number(value, &mut rate.connect_fee),
        "Slots" => read::objects(value, &mut slots, slot),
        "RoundingMethod" => read::string(value, &mut rate.rounding_method),
        "RoundingDecimals" => {
            let decimals = read::integer(value)?;
            rate.rounding_decimals = i32::try_from(decimals)
                .map_err(|_| Wrong::must_be("a number of decimals", value))?;
            Ok(())
        }
        "MaxCost" => read::number(value, &mut rate.max_cost),
        _ => read::string(value, &mut rate.max_cost_strategy),
    })?;
    rate.slots = slots.unwrap_or_default();
    Ok(rate)
}

fn slot(raw: &str) -> Result<RateSlot, Wrong> {
    let mut slot = RateSlot::default();
    read::object(raw, &["Start", "Rate", "Unit", "Increment"], |name, value| {
        let field = match name {
            "Rate" => return read::number(value, &mut slot.rate),
            "Start" => &mut slot.start_ns,
            "Unit" => &mut slot.unit_ns,
            _ => &mut slot.increment_ns,
        };
        *field = read::integer(value)?;
        Ok(())
    })?;
    Ok(slot)
}

/// A row before its places are looked up.
struct Places {
    destination: String,
    rate: usize,
    timing: Option<usize>,
    weight: f64,
}

fn row(raw: &str) -> Result<Places, Wrong> {
    let parts = read::parts(raw)?;
    let &[destination, rate, timing, weight] = parts.as_slice() else {
        return Err(Wrong::must_be("destination, rate, timing and weight", raw));
    };
    let place = |raw: &str| {
        usize::try_from(read::integer(raw)?).map_err(|_| Wrong::must_be("a place in a list", raw))
    };
    let mut row = Places {
        destination: String::new(),
        rate: place(rate)?,
        timing: if read::is_null(timing) { None } else { Some(place(timing)?) },
        weight: 0.0,
    };
    read::string(destination, &mut row.destination)?;
    read::number(weight, &mut row.weight)?;
    Ok(row)
}
