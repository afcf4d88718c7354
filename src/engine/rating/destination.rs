//! Which destination of a plan a number meets (step 1).

use crate::table::rating::plan::ANY;
use crate::table::rating::{Moment, Offer, Plan};

/// What was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) offer: Offer,
    /// How long the prefix is; `None`: it is what counts for any number.
    pub(super) prefix: Option<usize>,
}

/// Step 1: the longest prefix whose destination has a timing that is active when the call begins; of several
/// destinations with that prefix the heaviest. Else what the plan has for any number, whenever that counts.
pub(super) fn find(plan: &Plan, number: &str, start: Moment) -> Option<Found> {
    let any = plan.any().map(|offer| Found { offer, prefix: None });
    if number.is_empty() || number == ANY {
        return any;
    }
    for (hit, offers) in plan.matches(number) {
        let mut best: Option<(Offer, f64)> = None;
        for offer in offers {
            if !is_active(plan, offer, start) {
                continue;
            }
            let weight = weight(plan, offer);
            if best.is_none_or(|(_, least)| weight > least) {
                best = Some((offer, weight));
            }
        }
        if let Some((offer, _)) = best {
            return Some(Found { offer, prefix: Some(hit.length) });
        }
    }
    any
}

fn is_active(plan: &Plan, offer: Offer, start: Moment) -> bool {
    plan.intervals(offer)
        .iter()
        .any(|interval| plan.timing(interval).is_some_and(|timing| timing.is_active(start)))
}

/// The largest weight of all its intervals, those included that are not active; at least 0.
fn weight(plan: &Plan, offer: Offer) -> f64 {
    plan.intervals(offer).iter().map(|interval| plan.weight(interval)).fold(0.0, f64::max)
}
