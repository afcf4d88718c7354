//! `*round:2:*up`: decimals and the direction.

use crate::model::cost::RoundingMethod;
use crate::model::go::number::atoi;

/// Decimals that a number can be rounded to, and the places before the dot as well.
const DECIMALS_MAX: i64 = 15;

/// What `*up` takes for noise of binary fractions, in units of the last digit (section 7.2).
const NOISE: f64 = 1e-7;

/// How to round.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Round {
    scale: f64,
    method: RoundingMethod,
}

impl Round {
    /// `DECIMALS` or `DECIMALS:METHOD`; half goes up when no method is given.
    pub fn parse(parameters: Option<&str>) -> Result<Self, String> {
        let parameters = parameters.ok_or("`*round` needs the decimals: `*round:2`")?;
        let (decimals, method) =
            parameters.split_once(':').unwrap_or((parameters, RoundingMethod::Middle.as_str()));
        let decimals = atoi(decimals)?;
        if !(-DECIMALS_MAX..=DECIMALS_MAX).contains(&decimals) {
            return Err(format!("{decimals} decimals are too many: at most {DECIMALS_MAX}"));
        }
        let Some(method) = RoundingMethod::named(method) else {
            let words = RoundingMethod::WORDS.join(", ");
            return Err(format!("`{method}` is no way to round: {words}"));
        };
        // Within the bounds above.
        Ok(Self { scale: 10_f64.powi(i32::try_from(decimals).unwrap_or_default()), method })
    }

    pub fn of(self, value: f64) -> f64 {
        let scaled = value * self.scale;
        let below = scaled.floor();
        let goes_up = match self.method {
            RoundingMethod::Up => scaled - below > NOISE,
            RoundingMethod::Down => false,
            RoundingMethod::Middle => scaled - below >= 0.5,
        };
        (if goes_up { below + 1.0 } else { below }) / self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_rounded_so_is_refused() {
        let rows = [
            (None, "`*round` needs the decimals: `*round:2`"),
            (Some("x"), "strconv.Atoi: parsing \"x\": invalid syntax"),
            (Some("99"), "99 decimals are too many: at most 15"),
            (Some("1:up"), "`up` is no way to round: *up, *middle, *down"),
        ];
        for (parameters, error) in rows {
            assert_eq!(Round::parse(parameters), Err(error.into()), "{parameters:?}");
        }
    }

    #[test]
    fn numbers_are_rounded_up_down_and_half_up() {
        let rows = [
            ("2:*up", 1.001, 1.01),
            ("2:*up", 1.000_000_000_1, 1.0),
            ("0:*up", -1.5, -1.0),
            ("1:*down", 1.99, 1.9),
            ("0:*down", -1.5, -2.0),
            ("0", -1.5, -1.0),
            ("-2", 1250.0, 1300.0),
        ];
        for (parameters, value, rounded) in rows {
            let round = Round::parse(Some(parameters)).unwrap();
            assert_eq!(round.of(value), rounded, "{parameters} of {value}");
        }
    }
}
