//! What rates have in common when only their prices differ: fee, units, increments, rounding, ceiling.

use crate::model::cost::RoundingMethod;
use crate::model::definition;

/// A time without a unit or an increment is billed by the second.
const SECOND_NS: i64 = 1_000_000_000;

/// A rate without its prices. Its slots are kept by the plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// What a call costs at once.
    pub connect_fee: f64,
    /// From this cost on the rest of a call is free; 0: no such ceiling.
    pub ceiling: f64,
    /// How a cost is rounded in the end; `None`: not at all, as by an unknown method.
    pub rounding: Option<RoundingMethod>,
    /// To how many decimals.
    pub decimals: i32,
    /// Where the plan keeps its slots.
    pub(super) slots: (u32, u32),
}

/// A slot of a rate without its price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    /// From this moment of the call on (nanoseconds).
    pub start_ns: i64,
    /// What a price is for (nanoseconds, not 0).
    pub unit_ns: i64,
    /// Steps in which time is billed (nanoseconds, not 0).
    pub increment_ns: i64,
}

impl Slot {
    /// From its definition: a unit and an increment of 0 are a second.
    #[must_use]
    pub fn compile(slot: &definition::RateSlot) -> Self {
        let or_second = |ns: i64| if ns == 0 { SECOND_NS } else { ns };
        Self {
            start_ns: slot.start_ns,
            unit_ns: or_second(slot.unit_ns),
            increment_ns: or_second(slot.increment_ns),
        }
    }
}

/// What makes two shapes the same one.
pub(super) type ShapeKey = (u64, u64, Option<RoundingMethod>, i32, Vec<Slot>);

/// The ceiling that is of effect.
pub(super) fn ceiling(rate: &definition::Rate) -> f64 {
    if rate.max_cost_strategy == "*free" && rate.max_cost > 0.0 { rate.max_cost } else { 0.0 }
}

pub(super) fn key(rate: &definition::Rate, slots: &[Slot]) -> ShapeKey {
    (
        rate.connect_fee.to_bits(),
        ceiling(rate).to_bits(),
        RoundingMethod::named(&rate.rounding_method),
        rate.rounding_decimals,
        slots.to_vec(),
    )
}
