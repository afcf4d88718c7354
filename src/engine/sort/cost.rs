//! `*lc` and `*hc`: the cheaper route first, or the dearer one; of equal prices the heavier route.
//!
//! Prices are compared as they are, not as they are printed. A route without a price counts as one that
//! costs nothing (section 3.5 of the CGRateS specification).

use super::weight;
use crate::engine::selection::Passed;
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
    let cost = |one: &Passed| one.figures.price.map_or(0.0, |price| price.cost);
    let by_cost = cost(a).total_cmp(&cost(b));
    let by_cost = if dearer { by_cost.reverse() } else { by_cost };
    by_cost.then_with(|| weight::compare(a, b, route_at, seed))
}
