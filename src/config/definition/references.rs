//! What definitions say of each other: ids that must be there once, filters, destinations and timings
//! that must be declared.

use super::super::finding::shown;
use super::super::references::{Near, Owned, once_of_all, once_of_tenant};
use super::super::report::{Mark, Report};
use super::{Definitions, Origin, prices};
use foldhash::{HashMap, HashSet};

/// Reports what is declared twice, and references to what is not declared.
pub(in crate::config) fn check(all: &Definitions, report: &mut Report<'_>) {
    duplicates(all, report);
    doubled_routes(all, report);
    filters(all, report);
    let destinations = all.destinations.iter().map(|row| row.definition.id.as_ref()).collect();
    named_by_rules(all, "destinations", "destination", &destinations, report);
    prices::check(all, &destinations, report);
    let timings = all.timings.iter().map(|row| row.definition.id.as_str()).collect();
    named_by_rules(all, "timings", "timing", &timings, report);
}

fn duplicates(all: &Definitions, report: &mut Report<'_>) {
    let profiles = all.profiles.iter().map(|row| (&row.definition, row.id));
    let profiles = profiles.map(|(one, mark)| (one.tenant.as_str(), one.id.as_str(), mark));
    once_of_tenant("profile", profiles, report);
    let filters = all.filters.iter().map(|filter| (&filter.row.definition, filter.row.id));
    let filters = filters.map(|(one, mark)| (one.tenant.as_str(), one.id.as_str(), mark));
    once_of_tenant("filter", filters, report);
    let attributes = all.attributes.iter().map(|row| (&row.definition, row.id));
    let attributes = attributes.map(|(one, mark)| (one.tenant.as_str(), one.id.as_str(), mark));
    once_of_tenant("attribute", attributes, report);
    let destinations = all.destinations.iter().map(|row| (row.definition.id.as_ref(), row.id));
    once_of_all("destination", destinations, report);
    let timings = all.timings.iter().map(|row| (row.definition.id.as_str(), row.id));
    once_of_all("timing", timings, report);
}

/// Routes of one id are told apart by their filters; in a tariff plan, rows that are not are one route.
fn doubled_routes(all: &Definitions, report: &mut Report<'_>) {
    for row in all.profiles.iter().filter(|row| row.origin == Origin::Table) {
        let mut seen: HashMap<(&str, Vec<&str>), Mark> = HashMap::default();
        for (route, at) in row.definition.routes.iter().flatten().zip(&row.routes) {
            let filters = route.filter_ids.iter().flatten().map(String::as_str);
            let mut filters: Vec<&str> = filters.collect();
            filters.sort_unstable();
            let first = *seen.entry((&route.id, filters)).or_insert(at.id);
            if first != at.id && !route.id.is_empty() {
                let text = format!(
                    "the route {} of these filters is in the profile already, at {}",
                    shown(&route.id),
                    report.place(first)
                );
                report.warn(at.id, &text, "the heavier one counts alone: leave the other out");
            }
        }
    }
}

fn filters(all: &Definitions, report: &mut Report<'_>) {
    let declared = all.filters.iter().map(|filter| &filter.row.definition);
    let declared = declared.map(|filter| (filter.tenant.as_str(), filter.id.as_str()));
    let declared = Owned::new("filter", declared);
    // The lines that declare a filter may be among those that cannot be read.
    let hidden = report.hidden();
    let mut near = HashMap::default();
    for (tenant, filter) in all.uses().filter(|(_, filter)| filter.is_name()) {
        let id = filter.id.as_str();
        if declared.has(tenant, id) || hidden.contains(id) {
            continue;
        }
        let (text, help) = declared.missing(tenant, id, &mut near);
        let help = help.unwrap_or_else(|| {
            "declare it: `[[filter]]` with this `id`; an inline filter begins with `*`, as \
             `*string:~*req.Account:1001`"
                .to_owned()
        });
        if filter.required {
            report.error(filter.mark, &text, &help);
        } else {
            report.warn(filter.mark, &text, &help);
        }
    }
}

/// Constants of rules `*NAME` and `*notNAME`: those that are not declared never match.
fn named_by_rules(
    all: &Definitions,
    name: &str,
    heading: &str,
    declared: &HashSet<&str>,
    report: &mut Report<'_>,
) {
    let hidden = report.hidden();
    let mut near = Near::new(declared);
    let is_such = |kind: &str| {
        let kind = kind.strip_prefix('*').unwrap_or(kind);
        kind.strip_prefix("not").unwrap_or(kind) == name
    };
    for (rule, mark) in all.rules().filter(|(rule, _)| is_such(&rule.kind)) {
        for id in rule.values.iter().flatten().filter(|id| !id.starts_with('~')) {
            if declared.contains(id.as_str()) || hidden.contains(id.as_str()) {
                continue;
            }
            let help = near.of(id).map_or_else(
                || {
                    format!(
                        "declare it: `[[{heading}]]` with this `id`; as it stands, it never matches"
                    )
                },
                |near| format!("did you mean `{near}`? As it stands, it never matches"),
            );
            report.warn(mark, &format!("no {heading} is called {}", shown(id)), &help);
        }
    }
}

/// Filters that nothing refers to. Those of a tariff plan may be there for what is not read of it.
pub(in crate::config) fn unused(all: &Definitions, report: &mut Report<'_>) {
    let used: HashSet<(&str, &str)> =
        all.uses().map(|(tenant, filter)| (tenant, filter.id.as_str())).collect();
    for filter in all.filters.iter().filter(|filter| filter.origin == Origin::Table) {
        let definition = &filter.row.definition;
        let (tenant, id) = (definition.tenant.as_str(), definition.id.as_str());
        if !id.is_empty() && !id.starts_with('*') && !used.contains(&(tenant, id)) {
            let text = format!("nothing uses the filter {}", shown(id));
            report.warn(filter.row.id, &text, "name it in `filters` of a profile, or leave it out");
        }
    }
}
