//! Rounding as CGRateS does it, its noise included.

use crate::model::cost::RoundingMethod;

/// Powers of ten that are exact.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// A fraction below this of the last digit is noise to `*up`, up to seven decimals.
const NOISE_DECIMALS: i32 = 7;

fn power(decimals: i32) -> f64 {
    usize::try_from(decimals)
        .ok()
        .and_then(|at| POWERS.get(at).copied())
        .unwrap_or_else(|| 10_f64.powi(decimals))
}

/// `x` rounded to `decimals`; without a method it stays.
pub(super) fn round(x: f64, decimals: i32, method: Option<RoundingMethod>) -> f64 {
    let power = power(decimals);
    let scaled = x * power;
    let fraction = scaled.fract();
    let whole = match method {
        Some(RoundingMethod::Up) if fraction >= noise(decimals) => scaled.ceil(),
        Some(RoundingMethod::Middle) if fraction >= 0.5 => scaled.ceil(),
        Some(_) => scaled.floor(),
        None => scaled,
    };
    whole / power
}

/// The least fraction of the last digit that `*up` rounds up.
fn noise(decimals: i32) -> f64 {
    match decimals.max(NOISE_DECIMALS) {
        NOISE_DECIMALS => 1e-7,
        8 => 1e-8,
        9 => 1e-9,
        10 => 1e-10,
        more => 10_f64.powi(-more),
    }
}

/// Half up to `decimals`: what is done to prices on the way.
pub(super) fn half_up(x: f64, decimals: i32) -> f64 {
    round(x, decimals, Some(RoundingMethod::Middle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_rounded_as_float64_has_it() {
        use RoundingMethod::{Down, Middle, Up};
        for (x, decimals, method, want) in [
            (1.26666, 4, Some(Up), 1.2667),
            (1.26666, 4, Some(Down), 1.2666),
            (0.01 / 60.0, 5, Some(Middle), 0.00017),
            // 3.01 times 10,000 lies just below 30,100.
            (3.01, 4, Some(Down), 3.0099),
            (0.26085, 9, Some(Up), 0.260850001),
            // 0.003725 is half way, and what float64 makes of it by dividing lies just below.
            (0.01490 / 4.0, 5, Some(Middle), 0.00373),
            (0.02235 / 6.0, 5, Some(Middle), 0.00372),
            // A fraction below a ten-millionth of the last digit is noise.
            (1.00000000001, 2, Some(Up), 1.0),
            (1.0000001, 2, Some(Up), 1.01),
            (2.5, 0, Some(Middle), 3.0),
            (-2.5, 0, Some(Middle), -3.0),
            (0.123456, 4, None, 0.123456),
        ] {
            assert_eq!(round(x, decimals, method), want, "{x} {decimals} {method:?}");
        }
    }
}
