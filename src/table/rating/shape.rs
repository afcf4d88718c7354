//! What rates have in common when only their prices differ: fee, units, increments, rounding, ceiling.

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
    /// How a cost is rounded in the end.
    pub rounding: Rounding,
    /// To how many decimals.
    pub decimals: i32,
    /// Where the plan keeps its slots.
    pub(super) slots: (u32, u32),
}

/// How a cost is rounded in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the next greater.
    Up,
    /// Half up.
    Middle,
    /// To the next smaller.
    Down,
    /// Not at all.
    Never,
}

impl Rounding {
    /// By its name in a tariff plan; an unknown one rounds nothing.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "*up" => Self::Up,
            "*middle" => Self::Middle,
            "*down" => Self::Down,
            _ => Self::Never,
        }
    }

    /// Its name in a tariff plan; empty where nothing is rounded.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Up => "*up",
            Self::Middle => "*middle",
            Self::Down => "*down",
            Self::Never => "",
        }
    }
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
pub(super) type ShapeKey = (u64, u64, Rounding, i32, Vec<Slot>);

/// The ceiling that is of effect.
pub(super) fn ceiling(rate: &definition::Rate) -> f64 {
    if rate.max_cost_strategy == "*free" && rate.max_cost > 0.0 { rate.max_cost } else { 0.0 }
}

pub(super) fn key(rate: &definition::Rate, slots: &[Slot]) -> ShapeKey {
    (
        rate.connect_fee.to_bits(),
        ceiling(rate).to_bits(),
        Rounding::named(&rate.rounding_method),
        rate.rounding_decimals,
        slots.to_vec(),
    )
}
