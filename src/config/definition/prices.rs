//! What rating plans, rating profiles and accounts say of each other and of destinations: ids that must be
//! there once, and names that lead nowhere.
//!
//! What is not declared in files an API may have stated: names that lead nowhere are warnings.

use super::super::finding::shown;
use super::super::references::{Near, once, once_of_all, once_of_tenant};
use super::super::report::{Mark, Report};
use super::{Definitions, shared_prefixes};
use foldhash::HashSet;
use std::sync::Arc;

/// What stands for every destination.
const ANY: &str = "*any";

/// Reports what is declared twice, and names that lead nowhere.
pub(super) fn check(all: &Definitions, destinations: &HashSet<&str>, report: &mut Report<'_>) {
    duplicates(all, report);
    shared_prefixes::check(all, report);
    let hidden = report.hidden();
    let mut near = Near::new(destinations);
    for (row, plan) in all.rating_plans.iter().map(|row| (row, &row.definition)) {
        // Rows share the texts of their destinations: each is looked up once.
        let mut seen = HashSet::default();
        for destination in plan.rows.iter().map(|row| &row.destination) {
            let id = destination.as_ref();
            if !seen.insert(Arc::as_ptr(destination)) || id == ANY || destinations.contains(id) {
                continue;
            }
            if hidden.contains(id) {
                continue;
            }
            let what = format!("the rating plan {} has prices for", shown(&plan.id));
            missing(&what, "destination", id, &mut near, row.id, report);
        }
    }
    let decks = all.decks.iter().map(|(id, _)| id.as_str());
    let plans = all.rating_plans.iter().map(|row| row.definition.id.as_str());
    let plans = plans.chain(decks).collect();
    let others = all.decks.iter().filter(|(_, serves)| !serves);
    let others: HashSet<&str> = others.map(|(id, _)| id.as_str()).collect();
    let mut near = Near::new(&plans);
    for (row, profile) in all.rating_profiles.iter().map(|row| (row, &row.definition)) {
        for activation in &profile.activations {
            let plan = activation.plan.as_str();
            if !plans.contains(plan) && !hidden.contains(plan) {
                let what = format!("the rating profile {} has", shown(&profile.id()));
                missing(&what, "rating plan", &activation.plan, &mut near, row.id, report);
            }
            if others.contains(activation.plan.as_str()) {
                let text = format!(
                    "the rating profile {} has the rating plan {}, which is not of CGRateS' kind",
                    shown(&profile.id()),
                    shown(&activation.plan)
                );
                let help = "give the plan `arithmetic = \"cgrates\"` and `compare = \"text\"`";
                report.error(row.id, &text, help);
            }
        }
    }
    let mut near = Near::new(destinations);
    for (row, account) in all.accounts.iter().map(|row| (row, &row.definition)) {
        for id in account.balances.iter().flat_map(|balance| &balance.destinations) {
            // With `!` before it, it is one that the balance does not pay for.
            let id = id.strip_prefix('!').unwrap_or(id);
            if !destinations.contains(id) && !hidden.contains(id) {
                let what = format!("a balance of the account {} is for", shown(&account.id));
                missing(&what, "destination", id, &mut near, row.id, report);
            }
        }
    }
}

fn missing(
    what: &str,
    kind: &str,
    id: &str,
    near: &mut Near<'_>,
    mark: Mark,
    report: &mut Report<'_>,
) {
    let text = format!("{what} the {kind} {}, which is not there", shown(id));
    let help = near.of(id).map_or_else(
        || "declare it: as it stands, no call is of it".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    report.warn(mark, &text, &help);
}

fn duplicates(all: &Definitions, report: &mut Report<'_>) {
    let plans = all.rating_plans.iter().map(|row| (row.definition.id.as_str(), row.id));
    once_of_all("rating plan", plans, report);
    let profiles = all.rating_profiles.iter().map(|row| {
        let profile = &row.definition;
        ((profile.tenant.as_str(), profile.category.as_str(), profile.subject.as_str()), row.id)
    });
    once(profiles, report, |(tenant, category, subject)| {
        let id = format!("{category}:{subject}");
        format!("the rating profile {} of tenant {} is declared", shown(&id), shown(tenant))
    });
    let accounts = all.accounts.iter().map(|row| (&row.definition, row.id));
    let accounts = accounts.map(|(one, mark)| (one.tenant.as_str(), one.id.as_str(), mark));
    once_of_tenant("account", accounts, report);
}
