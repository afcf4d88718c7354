//! What plans and routes say of each other: ids that must be there once, and names that lead nowhere.

use super::plan::PlanRow;
use crate::config::definition::{Definitions, Origin};
use crate::config::finding::shown;
use crate::config::references::{Near, Owned, once_of_all};
use crate::config::report::{Mark, Report};
use crate::table::profile::Sorting;
use foldhash::{HashMap, HashSet};

/// Whether profiles that are sorted so need to know what each route costs.
fn is_priced(sorting: &str) -> bool {
    Sorting::named(sorting).is_some_and(Sorting::needs_price)
}

/// Routes that say nothing of their prices, in profiles that are sorted by them, cost what the deck of their
/// supplier says.
pub(in crate::config) fn use_own_decks(plans: &[PlanRow], definitions: &mut Definitions) {
    let own: HashSet<&str> =
        plans.iter().filter(|plan| plan.is_suppliers).map(|plan| plan.id.as_str()).collect();
    for row in &mut definitions.profiles {
        if !is_priced(&row.definition.sorting) {
            continue;
        }
        for (route, at) in row.definition.routes.iter_mut().flatten().zip(&row.routes) {
            let is_silent = at.plans.is_empty() && at.accounts.is_empty();
            let is_table = route.rating_plan_ids.as_ref().is_none_or(Vec::is_empty)
                && route.account_ids.as_ref().is_none_or(Vec::is_empty);
            if is_silent && is_table && own.contains(route.id.as_str()) {
                route.rating_plan_ids = Some(vec![route.id.clone()]);
            }
        }
    }
}

/// Reports plans that are there twice, and routes whose prices lead nowhere.
pub(in crate::config) fn check(
    plans: &[PlanRow],
    definitions: &Definitions,
    report: &mut Report<'_>,
) {
    let of_folders = definitions.rating_plans.iter();
    let of_folders = of_folders.map(|row| (row.definition.id.as_str(), row.id));
    let ours = plans.iter().map(|plan| (plan.id.as_str(), plan.mark));
    let all = of_folders.chain(ours).filter(|(id, _)| !id.is_empty());
    // Those of folders have their errors already.
    let folder_ids: HashSet<&str> =
        definitions.rating_plans.iter().map(|row| row.definition.id.as_str()).collect();
    let mut passed: HashSet<&str> = HashSet::default();
    let unique = all.clone().filter(|(id, _)| !folder_ids.contains(id) || passed.insert(id));
    let clashing = plans.iter().filter(|plan| folder_ids.contains(plan.id.as_str()));
    let clashing = clashing.map(|plan| (plan.id.as_str(), plan.mark));
    let unique: Vec<(&str, Mark)> = unique.chain(clashing).collect();
    once_of_all("rating plan", unique.into_iter(), report);

    let hidden = report.hidden();
    let plan_ids: HashSet<&str> = all.map(|(id, _)| id).collect();
    let accounts = definitions.accounts.iter().map(|row| &row.definition);
    let accounts = accounts.map(|account| (account.tenant.as_str(), account.id.as_str()));
    let accounts = Owned::new("account", accounts);
    let (mut near_plans, mut near_accounts) = (Near::new(&plan_ids), HashMap::default());
    for row in &definitions.profiles {
        let tenant = row.definition.tenant.as_str();
        let is_priced = is_priced(&row.definition.sorting);
        let routes = row.definition.routes.iter().flatten().zip(&row.routes);
        for (route, at) in routes {
            let is_known = |word: &str| plan_ids.contains(word) || hidden.contains(word);
            for (word, mark) in at.plans.iter().filter(|(word, _)| !is_known(word)) {
                let text = format!("no rating plan is called {}", shown(word));
                let near = near_plans.of(word).map(|near| format!("did you mean `{near}`?"));
                report.warn(*mark, &text, &near.unwrap_or_else(|| undeclared("rating plan")));
            }
            let is_known = |word: &str| accounts.has(tenant, word) || hidden.contains(word);
            for (word, mark) in at.accounts.iter().filter(|(word, _)| !is_known(word)) {
                let (text, help) = accounts.missing(tenant, word, &mut near_accounts);
                report.warn(*mark, &text, &help.unwrap_or_else(|| undeclared("account")));
            }
            let is_empty = |ids: &Option<Vec<String>>| ids.as_ref().is_none_or(Vec::is_empty);
            let is_free = is_empty(&route.rating_plan_ids) && is_empty(&route.account_ids);
            if !is_priced || !is_free {
                continue;
            }
            let (sorting, route) = (&row.definition.sorting, shown(&route.id));
            let text =
                format!("nothing says what the route {route} costs, and `{sorting}` fails without");
            match row.origin {
                Origin::Table => {
                    let help = "add `rating_plans`, or `deck` to its `[[supplier]]`";
                    report.error(at.id, &text, help);
                }
                // CGRateS loads it.
                Origin::Plan => {
                    let help = "name rating plans or accounts in a row of it: as it stands, whatever \
                                the profile matches is answered with an error";
                    report.warn(at.id, &text, help);
                }
            }
        }
    }
}

fn undeclared(what: &str) -> String {
    format!("declare it, or have an API state it: without the {what} the route drops out")
}
