//! Prefixes that several destinations of one rating plan have: what a call costs then hangs on weights and on
//! the order of the plan's rows, and on nothing that the prefix says.

use super::super::finding::shown;
use super::super::report::Report;
use super::Definitions;
use foldhash::{HashMap, HashSet};
use std::collections::BTreeMap;

/// Warns of them, once a plan.
pub(super) fn check(all: &Definitions, report: &mut Report<'_>) {
    let shared = shared(all);
    for row in all.rating_plans.iter().filter(|_| !shared.is_empty()) {
        let plan = &row.definition;
        let named: HashSet<&str> = plan.rows.iter().map(|row| row.destination.as_ref()).collect();
        let mut found = shared.iter().filter_map(|(prefix, owners)| {
            let mut of_plan = owners.iter().filter(|id| named.contains(**id));
            Some((prefix, of_plan.next()?, of_plan.next()?))
        });
        let Some((prefix, one, other)) = found.next() else { continue };
        let more = match found.count() {
            0 => String::new(),
            1 => ", and 1 more prefix is".to_owned(),
            more => format!(", and {more} more prefixes are"),
        };
        let text = format!(
            "in the rating plan {} the prefix {} is of two destinations, {} and {}{more}",
            shown(&plan.id),
            shown(prefix),
            shown(one),
            shown(other)
        );
        let help =
            "which price counts hangs on weights and the order of rows: leave it in one of them";
        report.warn(row.id, &text, help);
    }
}

/// The prefixes that more than one destination has, with these.
fn shared(all: &Definitions) -> BTreeMap<&str, Vec<&str>> {
    let mut owners: HashMap<&str, &str> = HashMap::default();
    let mut shared: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for destination in all.destinations.iter().map(|row| &row.definition) {
        for prefix in &destination.prefixes {
            let first = *owners.entry(prefix).or_insert(&destination.id);
            if first != &*destination.id {
                let ids = shared.entry(prefix).or_insert_with(|| vec![first]);
                if !ids.contains(&&*destination.id) {
                    ids.push(&destination.id);
                }
            }
        }
    }
    shared
}
