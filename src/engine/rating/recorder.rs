//! What a walk tells as it goes: for `explain`, and nothing otherwise.

use super::{Charge, Quirks};
use crate::model::cost::{Cost, Rounding, RoundingMethod};
use crate::table::rating::{Interval, Plan, Slot};

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

impl Billed {
    /// What it says and what it is billed, where rounding brought these visibly apart.
    #[must_use]
    pub fn apart(&self) -> Option<Charge> {
        let (slot, price) = self.slot?;
        // More increments than are counted are told of as such.
        let charge = (!self.is_too_fine).then(|| Charge::of(&slot, price, self.length_ns))?;
        charge.is_visible().then_some(charge)
    }
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

/// A slot of a deck's price, as far as a call reaches into it.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Where it begins, in nanoseconds since the start of the call.
    pub start_ns: u64,
    /// How long it is billed.
    pub billed_ns: u64,
    /// The first increment, and those after it (nanoseconds).
    pub increments_ns: (i64, i64),
    /// What a minute of it costs.
    pub minute: Cost,
    /// What it costs.
    pub cost: Cost,
}

/// Is told each step of a walk; what it does not want to hear it leaves out.
pub trait Recorder {
    /// A plan is asked; the length of the prefix that was found in it, or what counts for any number.
    fn found(&mut self, _plan: &Plan, _prefix: Option<usize>) {}
    /// A part is billed.
    fn billed(&mut self, _plan: &Plan, _part: &Billed) {}
    /// Equal neighbouring parts are summed.
    fn summed(&mut self, _sum: &Sum) {}
    /// The sum is rounded in the end.
    fn rounded(&mut self, _from: f64, _to: f64, _decimals: i32, _method: Option<RoundingMethod>) {}
    /// A deck has a price: the prefix that was found in it, or what counts for any number.
    fn found_in_deck(&mut self, _plan: &str, _prefix: Option<&str>) {}
    /// A slot of a deck's price is billed.
    fn step(&mut self, _step: &Step) {}
    /// A cost by a deck: its connect fee, all together, how that is rounded, and to what.
    fn exact(&mut self, _fee: Cost, _sum: Cost, _rounding: Option<Rounding>, _cost: Cost) {}
    /// What surprised on the way.
    fn ended(&mut self, _quirks: Quirks) {}
}

/// Hears nothing.
impl Recorder for () {}
