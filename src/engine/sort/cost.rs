//! `*lc` and `*hc`: the cheaper route first, or the dearer one; of equal prices the heavier route.
//!
//! Prices are compared as they are, not as they are printed. A route without a price counts as one that
//! costs nothing (section 3.5 of the CGRateS specification).

use super::weight;
use crate::engine::fields::Price;
use crate::engine::selection::Passed;
use crate::model::cost::Cost;
use crate::table::profile::ProfileRoute;
use std::cmp::Ordering;

/// Which of two routes stands before the other; `dearer`: the one that costs more.
#[must_use]
pub fn compare<'t>(
    a: &Passed,
    b: &Passed,
    route_at: &impl Fn(&Passed) -> Option<&'t ProfileRoute>,
    seed: u64,
    dearer: bool,
) -> Ordering {
    let price = |one: &Passed| one.figures.price.unwrap_or_default();
    let by_cost = compare_prices(&price(a), &price(b));
    let by_cost = if dearer { by_cost.reverse() } else { by_cost };
    by_cost.then_with(|| weight::compare(a, b, route_at, seed))
}

/// Which of two prices is less. Where one of them is exact, so is what is compared: binary fractions are
/// fractions, too.
fn compare_prices(a: &Price, b: &Price) -> Ordering {
    if let (None, None) = (a.exact, b.exact) {
        return a.cost.total_cmp(&b.cost);
    }
    let exact = |price: &Price| price.exact.or_else(|| Cost::of_f64(price.cost));
    match (exact(a), exact(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.cost.total_cmp(&b.cost),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_prices_are_compared_as_they_are() {
        let exact = |numerator, denominator| {
            let cost = Cost::new(numerator, denominator);
            Price { cost: cost.written(), exact: Some(cost), ..Price::default() }
        };
        let float = |cost| Price { cost, ..Price::default() };
        for (a, b, want) in [
            (exact(1, 3), exact(2, 6), Ordering::Equal),
            (exact(333_333_333_333, 1_000_000_000_000), exact(1, 3), Ordering::Less),
            (exact(1, 10), float(0.1), Ordering::Less),
            (exact(1, 2), float(0.5), Ordering::Equal),
            (float(0.1), float(0.2), Ordering::Less),
        ] {
            assert_eq!(compare_prices(&a, &b), want, "{a:?} {b:?}");
            assert_eq!(compare_prices(&b, &a), want.reverse(), "{b:?} {a:?}");
        }
    }
}
