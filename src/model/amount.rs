//! What a call costs, in the arithmetic that its rating plan asks for.

use super::cost::Cost;
use super::go::number::push_json;
use std::cmp::Ordering;
use std::fmt;
use std::io::Write;

/// A cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// Of a plan that came from CGRateS: the number that it computes, to the last digit.
    Cgrates(f64),
    /// Of a deck of our own.
    Exact(Cost),
}

impl Default for Amount {
    fn default() -> Self {
        Self::Cgrates(0.0)
    }
}

impl Amount {
    /// Which is less. What two arithmetics came to is compared as it is, not as it is printed.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Cgrates(one), Self::Cgrates(other)) => one.total_cmp(other),
            (one, other) => one.exact().cmp(&other.exact()),
        }
    }

    /// Whether it is above a ceiling. An exact cost is above it if its nearest binary number is, so that a
    /// ceiling of 0.03 lets 0.03 pass.
    #[must_use]
    pub fn is_above(&self, ceiling: f64) -> bool {
        match self {
            Self::Cgrates(cost) => *cost > ceiling,
            Self::Exact(cost) => cost.to_f64() > ceiling,
        }
    }

    /// As answers print it.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Cgrates(cost) => push_json(*cost, out),
            // Writing to memory cannot fail.
            Self::Exact(cost) => _ = write!(out, "{cost}"),
        }
    }

    fn exact(&self) -> Cost {
        match self {
            Self::Cgrates(cost) => Cost::of_f64(*cost).unwrap_or(Cost::ZERO),
            Self::Exact(cost) => *cost,
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cgrates(cost) => cost.fmt(f),
            Self::Exact(cost) => cost.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_both_arithmetics_are_in_one_order() {
        let exact = |numerator, denominator| Amount::Exact(Cost::new(numerator, denominator));
        let third = exact(1, 3);
        for (one, other, want) in [
            (Amount::Cgrates(0.1), Amount::Cgrates(0.2), Ordering::Less),
            // The binary number next to a tenth is above it.
            (Amount::Cgrates(0.1), exact(1, 10), Ordering::Greater),
            (Amount::Cgrates(0.25), exact(1, 4), Ordering::Equal),
            (third, Amount::Cgrates(0.333), Ordering::Greater),
            (third, exact(2, 6), Ordering::Equal),
        ] {
            assert_eq!(one.compare(&other), want, "{one} {other}");
            assert_eq!(other.compare(&one), want.reverse(), "{other} {one}");
        }
        for (cost, ceiling, want) in [
            (exact(3, 100), 0.03, false),
            (exact(30_001, 1_000_000), 0.03, true),
            (Amount::Cgrates(0.03), 0.03, false),
            (third, 0.333_333, true),
        ] {
            assert_eq!(cost.is_above(ceiling), want, "{cost} {ceiling}");
        }
    }
}
