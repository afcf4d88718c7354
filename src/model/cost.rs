//! What a call costs, as an exact fraction.
//!
//! A third of a cent stays a third until it is written: costs are compared as they are, and nothing is
//! rounded but where the deck asks for it. Written, a cost has at most [`WRITTEN_DECIMALS`] decimals, the
//! last one rounded half up.

use std::cmp::Ordering;
use std::fmt;

/// Decimals of a cost that is written without being rounded by its deck.
pub const WRITTEN_DECIMALS: u8 = 12;
/// How a cost is written that its deck does not round.
const WRITTEN: Rounding = Rounding { method: RoundingMethod::Middle, decimals: WRITTEN_DECIMALS };
/// The greatest denominator: ten times what is below it fits.
pub const DENOMINATOR_MAX: i128 = 10_i128.pow(37);
/// The greatest cost: with all decimals that it may have it fits.
pub const COST_MAX: i128 = 10_i128.pow(25);

/// How a cost is rounded to decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoundingMethod {
    /// Up, whatever is left over.
    Up,
    /// To the nearest; half is up.
    Middle,
    /// Down.
    Down,
}

impl RoundingMethod {
    /// All of them.
    const ALL: [Self; 3] = [Self::Up, Self::Middle, Self::Down];

    /// What decks and tariff plans call them.
    pub const WORDS: &[&str] = &[Self::Up.as_str(), Self::Middle.as_str(), Self::Down.as_str()];

    /// The method called `word`.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == word)
    }

    /// What decks and tariff plans call it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "*up",
            Self::Middle => "*middle",
            Self::Down => "*down",
        }
    }
}

/// Rounding of a cost, as a deck asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rounding {
    /// How.
    pub method: RoundingMethod,
    /// To how many decimals, [`WRITTEN_DECIMALS`] at most.
    pub decimals: u8,
}

/// A cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    numerator: i128,
    /// 1 to [`DENOMINATOR_MAX`].
    denominator: i128,
}

impl Cost {
    /// Nothing.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// A fraction. A cost beyond [`COST_MAX`] becomes that; what states prices keeps them far below.
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Self {
        let denominator = denominator.clamp(1, DENOMINATOR_MAX);
        if numerator / denominator >= COST_MAX {
            return Self { numerator: COST_MAX, denominator: 1 };
        }
        if numerator / denominator <= -COST_MAX {
            return Self { numerator: -COST_MAX, denominator: 1 };
        }
        Self { numerator, denominator }
    }

    /// Numerator and denominator; the latter is above zero, and they may have a divisor in common.
    #[must_use]
    pub fn parts(self) -> (i128, i128) {
        (self.numerator, self.denominator)
    }

    /// The fraction that a binary one is; those of more than 120 binary places lose what is beyond.
    /// `None`: it is no number.
    ///
    /// By this, costs of both arithmetics are in one order.
    #[must_use]
    pub fn of_f64(number: f64) -> Option<Self> {
        const PLACES: i32 = 120;
        if !number.is_finite() {
            return None;
        }
        let bits = number.to_bits();
        let biased = i32::try_from((bits >> 52) & 0x7ff).unwrap_or_default();
        let fraction = i128::from(bits & ((1 << 52) - 1));
        let (mantissa, exponent) = match biased {
            0 => (fraction, -1074),
            _ => (fraction | 1 << 52, biased - 1075),
        };
        let sign = if number < 0.0 { -1 } else { 1 };
        Some(if exponent >= 40 {
            // 53 bits that are moved by 40 are beyond what a cost may be.
            Self::new(sign * COST_MAX, 1)
        } else if exponent >= 0 {
            Self::new(sign * (mantissa << exponent), 1)
        } else if exponent >= -PLACES {
            Self::new(sign * mantissa, 1 << -exponent)
        } else {
            let lost = (-PLACES - exponent).unsigned_abs();
            Self::new(sign * mantissa.checked_shr(lost).unwrap_or(0), 1 << PLACES)
        })
    }

    /// Rounded as a deck asks for it.
    #[must_use]
    pub fn rounded(self, rounding: Rounding) -> Self {
        let decimals = rounding.decimals.min(WRITTEN_DECIMALS);
        let (value, rest) = self.scaled(decimals);
        let up = match rounding.method {
            RoundingMethod::Up => rest > 0,
            RoundingMethod::Middle => rest >= self.denominator - rest,
            RoundingMethod::Down => false,
        };
        Self { numerator: value + i128::from(up), denominator: 10_i128.pow(decimals.into()) }
    }

    /// Ten to the power of `decimals` times the cost, cut to a whole number, and the numerator of what is
    /// left over. Digit by digit where the product would not fit.
    fn scaled(self, decimals: u8) -> (i128, i128) {
        if let Some(scaled) = self.numerator.checked_mul(10_i128.pow(decimals.into())) {
            return (scaled.div_euclid(self.denominator), scaled.rem_euclid(self.denominator));
        }
        let whole = self.numerator.div_euclid(self.denominator);
        let rest = self.numerator.rem_euclid(self.denominator);
        (0..decimals).fold((whole, rest), |(value, rest), _| {
            let rest = rest * 10;
            (value * 10 + rest / self.denominator, rest % self.denominator)
        })
    }

    /// The nearest binary fraction.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        const EXACT: i128 = 1 << 53;
        let divisor = gcd(self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).unwrap_or(1).max(1);
        let (numerator, denominator) = (self.numerator / divisor, self.denominator / divisor);
        if numerator.abs() <= EXACT && denominator <= EXACT {
            // Both are exact, and a division of two such is rounded once.
            return numerator as f64 / denominator as f64;
        }
        // What is written is near enough: it is what answers say.
        self.to_string().parse().unwrap_or_default()
    }
}

fn gcd(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Ord for Cost {
    fn cmp(&self, other: &Self) -> Ordering {
        let products = (
            self.numerator.checked_mul(other.denominator),
            other.numerator.checked_mul(self.denominator),
        );
        if let (Some(left), Some(right)) = products {
            return left.cmp(&right);
        }
        // Whole parts first; of what is left over, the greater reciprocal is the less.
        let (mut a, mut b) = (self.numerator, self.denominator);
        let (mut c, mut d) = (other.numerator, other.denominator);
        loop {
            let wholes = a.div_euclid(b).cmp(&c.div_euclid(d));
            if wholes.is_ne() {
                return wholes;
            }
            match (a.rem_euclid(b), c.rem_euclid(d)) {
                (0, rest) => return 0.cmp(&rest),
                (_, 0) => return Ordering::Greater,
                (left, right) => (a, b, c, d) = (d, right, b, left),
            }
        }
    }
}

impl PartialOrd for Cost {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Cost {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Cost {}

impl fmt::Display for Cost {
    /// As short as it is exact, with at most [`WRITTEN_DECIMALS`] decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = self.rounded(WRITTEN);
        let sign = if rounded.numerator < 0 { "-" } else { "" };
        let value = rounded.numerator.unsigned_abs();
        let scale = rounded.denominator.unsigned_abs();
        let (whole, mut fraction) = (value / scale, value % scale);
        write!(f, "{sign}{whole}")?;
        if fraction == 0 {
            return Ok(());
        }
        let mut width = usize::from(WRITTEN_DECIMALS);
        while fraction % 10 == 0 {
            fraction /= 10;
            width -= 1;
        }
        write!(f, ".{fraction:0width$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUGE: i128 = DENOMINATOR_MAX;

    #[test]
    fn a_cost_is_written_as_short_as_it_is_exact() {
        for (numerator, denominator, want) in [
            (0, 1, "0"),
            (136, 10_000, "0.0136"),
            (12_000, 10_000, "1.2"),
            (5, 1, "5"),
            (1, 3, "0.333333333333"),
            (2, 3, "0.666666666667"),
            (1, 1_000_000_000_000, "0.000000000001"),
            (1, 2_000_000_000_000, "0.000000000001"),
            (1, 3_000_000_000_000, "0"),
            (-1, 4, "-0.25"),
            (HUGE - 1, HUGE, "1"),
            (1, HUGE, "0"),
            (i128::MAX, 1, "10000000000000000000000000"),
        ] {
            let cost = Cost::new(numerator, denominator);
            assert_eq!(cost.to_string(), want, "{numerator}/{denominator}");
        }
    }

    #[test]
    fn a_cost_is_rounded_as_it_is_asked_for() {
        use RoundingMethod::{Down, Middle, Up};
        for (numerator, denominator, method, decimals, want) in [
            (126_666, 100_000, Up, 4, "1.2667"),
            (126_666, 100_000, Down, 4, "1.2666"),
            (1, 3, Middle, 2, "0.33"),
            (2, 3, Middle, 2, "0.67"),
            (5, 1_000, Middle, 2, "0.01"),
            (4_999, 1_000_000, Middle, 2, "0"),
            (1, HUGE, Up, 2, "0.01"),
            (1, 100, Up, 2, "0.01"),
            (7, 2, Up, 0, "4"),
            (7, 2, Down, 0, "3"),
            (HUGE - 1, HUGE, Down, 12, "0.999999999999"),
        ] {
            let got = Cost::new(numerator, denominator).rounded(Rounding { method, decimals });
            let name = format!("{numerator}/{denominator} {method:?} {decimals}");
            assert_eq!(got.to_string(), want, "{name}");
        }
    }

    #[test]
    fn costs_are_compared_exactly() {
        use Ordering::{Equal, Greater, Less};
        for ((a, b), (c, d), want) in [
            ((1, 3), (2, 6), Equal),
            ((1, 3), (333_333, 1_000_000), Greater),
            ((1, HUGE), (1, HUGE - 1), Less),
            ((HUGE - 1, HUGE), (HUGE - 2, HUGE - 1), Greater),
            ((HUGE / 3, HUGE), (1, 3), Less),
            ((2 * (HUGE / 4), HUGE), (1, 2), Equal),
            ((3 * (HUGE - 7), HUGE - 7), (3 * (HUGE - 9), HUGE - 9), Equal),
            ((-1, HUGE), (0, 1), Less),
            ((-1, HUGE), (-1, HUGE - 1), Greater),
        ] {
            let (left, right) = (Cost::new(a, b), Cost::new(c, d));
            assert_eq!(left.cmp(&right), want, "{a}/{b} {c}/{d}");
            assert_eq!(right.cmp(&left), want.reverse(), "{c}/{d} {a}/{b}");
        }
    }

    #[test]
    fn binary_fractions_come_and_go_unchanged() {
        for number in [0.0, 0.1, 1.0 / 3.0, 0.0136, -2.5, 1e-30, 123_456_789.125, 5e-324, 1e18] {
            let cost = Cost::of_f64(number).unwrap();
            if number == 0.0 || number.abs() > 1e-12 {
                assert!((cost.to_f64() - number).abs() <= 1e-12, "{number}: {cost}");
            }
        }
        assert_eq!(Cost::of_f64(0.5), Some(Cost::new(1, 2)));
        assert!(Cost::of_f64(0.1).unwrap() > Cost::new(1, 10), "the double is a little above");
        assert!(Cost::of_f64(f64::MAX).unwrap() > Cost::of_f64(1e24).unwrap());
        assert_eq!(Cost::of_f64(f64::NAN), None);
        assert_eq!(Cost::new(136, 10_000).to_f64(), 0.0136);
    }
}
