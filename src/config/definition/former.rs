//! Profiles as the engine reads them: filters as parsed ones, named filters spelled out.
//!
//! A profile with a filter that the engine cannot test is left out, since without it the profile
//! would match what it must not.

use super::profile::ProfileRow;
use super::{FilterUse, FiltersByKey};
use crate::model::definition::{Conditional, RuleDefinition};
use crate::table::filter::Filter;
use crate::table::input::{ProfileInput, ProfileRouteInput, Sorting};

/// One profile, unless the engine cannot test a filter of it.
pub(super) fn profile(row: &ProfileRow, all: &FiltersByKey<'_>) -> Option<ProfileInput> {
    let definition = &row.definition;
    let tenant = definition.tenant.as_str();
    let routes = definition.routes.iter().flatten().zip(&row.routes);
    let routes = routes.map(|(route, uses)| {
        Some(ProfileRouteInput {
            id: route.id.clone(),
            filters: filters(&uses.filters, tenant, all)?,
            weight: fixed(&route.weight),
            blocker: fixed(&route.blocker),
            parameters: route.parameters.clone(),
        })
    });
    let active = definition.active.clone().unwrap_or_default();
    Some(ProfileInput {
        tenant: tenant.to_owned(),
        id: definition.id.clone(),
        filters: filters(&row.filters, tenant, all)?,
        sorting: Sorting::Weight,
        weight: fixed(&definition.weight),
        blocker: fixed(&definition.blocker),
        active_from_ns: active.from.map(|stamp| stamp.ns),
        active_until_ns: active.until.map(|stamp| stamp.ns),
        routes: routes.collect::<Option<Vec<_>>>()?,
        place: row.place.clone(),
    })
}

fn fixed<T: Copy + Default>(value: &Conditional<T>) -> T {
    match value {
        Conditional::Fixed(value) => *value,
        Conditional::First(_) => T::default(),
    }
}

fn filters(uses: &[FilterUse], tenant: &str, all: &FiltersByKey<'_>) -> Option<Vec<Filter>> {
    let mut filters = Vec::new();
    for filter in uses {
        if filter.rule.is_some() {
            filters.push(Filter::parse(&filter.id).ok()?);
            continue;
        }
        let definition = &all.get(&(tenant, filter.id.as_str()))?.row.definition;
        if definition.active.is_some() {
            return None;
        }
        for rule in definition.rules.iter().flatten() {
            filters.push(Filter::parse(&inline(rule)).ok()?);
        }
    }
    Some(filters)
}

fn inline(rule: &RuleDefinition) -> String {
    let values = rule.values.as_deref().unwrap_or_default().join("|");
    format!("{}:{}:{values}", rule.kind, rule.element)
}
