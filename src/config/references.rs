//! What rows say of each other: names that must be declared, names that must be there once, and how
//! many rows there may be.

use super::definition::{self, Origin};
use super::finding::shown;
use super::report::{Mark, Report};
use super::schema::did_you_mean;
use super::tables::Draft;
use crate::model::limits::Limits;
use foldhash::{HashMap, HashSet};
use std::hash::Hash;

/// Names compared in search of near ones, about a second of them; beyond, none is named.
const COMPARED_MAX: usize = 1_000_000;

/// Reports references to what is not declared, and what is declared twice.
pub(super) fn check(draft: &Draft, limits: &Limits, report: &mut Report<'_>) {
    duplicates(draft, report);
    suppliers(draft, report);
    policies(draft, report);
    definition::check(&draft.definitions, report);
    bounds(draft, limits, report);
}

fn duplicates(draft: &Draft, report: &mut Report<'_>) {
    let suppliers = draft.suppliers.iter().map(|row| (row.input.id.as_str(), row.mark));
    once_of_all("supplier", suppliers, report);
    let routes = draft.routes.iter();
    let routes = routes.filter_map(|row| Some((row.input.id.as_deref()?, row.id)));
    once(routes, report, |id| format!("the route id {} is used", shown(id)));
}

/// Reports items whose key was there before.
pub(super) fn once<K: Hash + Eq + Copy>(
    items: impl Iterator<Item = (K, Mark)>,
    report: &mut Report<'_>,
    what: impl Fn(K) -> String,
) {
    let mut seen: HashMap<K, Mark> = HashMap::default();
    for (key, mark) in items {
        match seen.get(&key) {
            Some(first) => {
                let text = format!("{} twice, first at {}", what(key), report.place(*first));
                report.error(mark, &text, "rename one, or leave it out");
            }
            None => {
                seen.insert(key, mark);
            }
        }
    }
}

/// Reports what a tenant declares twice, by tenant and id. What has no id has its error already.
pub(super) fn once_of_tenant<'i>(
    what: &str,
    items: impl Iterator<Item = (&'i str, &'i str, Mark)>,
    report: &mut Report<'_>,
) {
    let items = items.filter(|(_, id, _)| !id.is_empty());
    once(items.map(|(tenant, id, mark)| ((tenant, id), mark)), report, |(tenant, id)| {
        format!("the {what} {} of tenant {} is declared", shown(id), shown(tenant))
    });
}

/// Reports what is declared twice, by its id. What has none has its error already.
pub(super) fn once_of_all<'i>(
    what: &str,
    items: impl Iterator<Item = (&'i str, Mark)>,
    report: &mut Report<'_>,
) {
    let items = items.filter(|(id, _)| !id.is_empty());
    once(items, report, |id| format!("the {what} {} is declared", shown(id)));
}

/// The nearest of known names, searched as long as that is quick.
pub(super) struct Near<'n> {
    names: &'n HashSet<&'n str>,
    found: HashMap<String, Option<&'n str>>,
}

impl<'n> Near<'n> {
    pub(super) fn new(names: &'n HashSet<&'n str>) -> Self {
        Self { names, found: HashMap::default() }
    }

    /// The name that `word` was probably meant to be.
    pub(super) fn of(&mut self, word: &str) -> Option<&'n str> {
        if let Some(found) = self.found.get(word) {
            return *found;
        }
        if self.found.len().saturating_mul(self.names.len()) > COMPARED_MAX {
            return None;
        }
        let near = did_you_mean(word, self.names.iter().copied());
        self.found.insert(word.to_owned(), near);
        near
    }
}

/// Ids of things of one kind, which each tenant has for itself.
pub(super) struct Owned<'n> {
    /// The kind.
    what: &'static str,
    by_tenant: HashMap<&'n str, HashSet<&'n str>>,
    /// A tenant that has an id.
    owners: HashMap<&'n str, &'n str>,
    none: HashSet<&'n str>,
}

impl<'n> Owned<'n> {
    /// Of tenants with ids.
    pub(super) fn new(
        what: &'static str,
        ids: impl Iterator<Item = (&'n str, &'n str)> + Clone,
    ) -> Self {
        let mut by_tenant: HashMap<&str, HashSet<&str>> = HashMap::default();
        for (tenant, id) in ids.clone() {
            by_tenant.entry(tenant).or_default().insert(id);
        }
        let owners = ids.map(|(tenant, id)| (id, tenant)).collect();
        Self { what, by_tenant, owners, none: HashSet::default() }
    }

    fn of(&self, tenant: &str) -> &HashSet<&'n str> {
        self.by_tenant.get(tenant).unwrap_or(&self.none)
    }

    /// Whether the tenant has it.
    pub(super) fn has(&self, tenant: &str, id: &str) -> bool {
        self.of(tenant).contains(id)
    }

    /// That the tenant does not have it, and what was probably meant.
    pub(super) fn missing<'o>(
        &'o self,
        tenant: &'o str,
        id: &str,
        near: &mut HashMap<&'o str, Near<'o>>,
    ) -> (String, Option<String>) {
        let what = self.what;
        let text = format!("no {what} of tenant {} is called {}", shown(tenant), shown(id));
        let help = match self.owners.get(id) {
            Some(owner) => Some(format!(
                "tenant {} has one of this id: a tenant's profiles use its own {what}s",
                shown(owner)
            )),
            None => {
                let near = near.entry(tenant).or_insert_with(|| Near::new(self.of(tenant)));
                near.of(id).map(|near| format!("did you mean `{near}`?"))
            }
        };
        (text, help)
    }
}

fn suppliers(draft: &Draft, report: &mut Report<'_>) {
    let declared: HashSet<&str> = draft.suppliers.iter().map(|row| row.input.id.as_str()).collect();
    // The lines that declare a supplier may be among those that cannot be read.
    let hidden = report.hidden();
    let is_known = |word: &str| word.is_empty() || declared.contains(word) || hidden.contains(word);
    let mut near = Near::new(&declared);
    for row in draft.routes.iter().filter(|row| !is_known(&row.input.supplier)) {
        let word = row.input.supplier.as_str();
        let help = near.of(word).map_or_else(
            || format!("declare it: `[[supplier]]` with `id = {}`", shown(word).replace('`', "\"")),
            |near| format!("did you mean `{near}`?"),
        );
        report.error(row.supplier, &format!("no supplier is called {}", shown(word)), &help);
    }
    for row in &draft.definitions.profiles {
        for (word, mark) in row.route_ids() {
            if is_known(word) {
                continue;
            }
            let near = near.of(word);
            // That is what its routes are in CGRateS.
            if near.is_none() && row.origin == Origin::Plan {
                continue;
            }
            let help = near.map_or_else(
                || "it is returned as it is; declare a `[[supplier]]` to give it gateways".into(),
                |near| format!("did you mean `{near}`? As it stands, it is returned as it is"),
            );
            report.warn(mark, &format!("no supplier is called {}", shown(word)), &help);
        }
    }
}

fn policies(draft: &Draft, report: &mut Report<'_>) {
    let suppliers = draft.suppliers.iter();
    let suppliers =
        suppliers.filter_map(|row| Some((row.input.failover.as_deref()?, row.failover)));
    let routes = draft.routes.iter();
    let routes = routes.filter_map(|row| Some((row.input.failover.as_deref()?, row.failover)));
    for (name, mark) in suppliers.chain(routes).chain(draft.failover.default()) {
        if draft.failover.knows(name) || report.is_broken() {
            continue;
        }
        let names: Vec<&str> = draft.failover.names().collect();
        let help = did_you_mean(name, names.iter().copied()).map_or_else(
            || format!("declare it as `[failover.policy.NAME]`; there are {}", names.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        report.error(mark, &format!("no failover policy is called {}", shown(name)), &help);
    }
}

fn bounds(draft: &Draft, limits: &Limits, report: &mut Report<'_>) {
    if let Some(row) = draft.routes.get(limits.table_routes_max) {
        let (count, max) = (draft.routes.len(), limits.table_routes_max);
        let text = format!("there are {count} rows of `[[route]]`, more than {max}");
        report.error(row.mark, &text, "raise `limits.table_routes_max`");
    }
    if let Some(row) = draft.suppliers.get(limits.suppliers_max) {
        let (count, max) = (draft.suppliers.len(), limits.suppliers_max);
        let text = format!("there are {count} suppliers, more than {max}");
        report.error(row.mark, &text, "raise `limits.suppliers_max`");
    }
}
