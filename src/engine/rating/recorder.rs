//! What a walk tells as it goes: for `explain`, and nothing otherwise.

use super::Quirks;
use crate::table::rating::{Interval, Plan, Rounding, Slot};

/// A part of a call as it is billed, lengthened to whole increments.
#[derive(Debug, Clone, Copy)]
pub struct Billed {
    /// Where it begins, in nanoseconds since the start of the call.
    pub start_ns: i64,
    /// How long it is billed.
    pub length_ns: i64,
    /// What rates it.
    pub interval: Interval,
    /// The slot in force when it begins, with its price.
    pub slot: Option<(Slot, f64)>,
    /// How many increments it has; 0 where they are not counted.
    pub increments: i64,
    /// How long each is.
    pub increment_ns: i64,
    /// What each costs.
    pub unit_price: f64,
    /// What the length costs by the slot's price, before that is divided among increments.
    pub cost: f64,
    /// It has too many increments to be counted.
    pub is_too_fine: bool,
}

/// The total of equal neighbouring parts.
#[derive(Debug, Clone, Copy)]
pub struct Sum {
    /// How many parts.
    pub parts: u32,
    /// The connect fee in it, once.
    pub connect_fee: f64,
    /// The total of all of them.
    pub total: f64,
    /// What the call costs so far.
    pub running: f64,
    /// The ceiling was reached.
    pub is_capped: bool,
}

/// Is told each step of a walk.
pub trait Recorder {
    /// A plan is asked; the length of the prefix that was found in it, or what counts for any number.
    fn found(&mut self, plan: &Plan, prefix: Option<usize>);
    /// A part is billed.
    fn billed(&mut self, plan: &Plan, part: &Billed);
    /// Equal neighbouring parts are summed.
    fn summed(&mut self, sum: &Sum);
    /// The sum is rounded in the end.
    fn rounded(&mut self, from: f64, to: f64, decimals: i32, rounding: Rounding);
    /// What surprised on the way.
    fn ended(&mut self, quirks: Quirks);
}

/// Tells nobody.
impl Recorder for () {
    fn found(&mut self, _: &Plan, _: Option<usize>) {}
    fn billed(&mut self, _: &Plan, _: &Billed) {}
    fn summed(&mut self, _: &Sum) {}
    fn rounded(&mut self, _: f64, _: f64, _: i32, _: Rounding) {}
    fn ended(&mut self, _: Quirks) {}
}
