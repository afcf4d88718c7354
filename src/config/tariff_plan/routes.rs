//! Routes.csv of 0.11 and Suppliers.csv of 0.10: rows of one id make one profile.

use super::Manner;
use super::merge::{Merged, Union};
use super::routes_100;
use super::rows::{Layout, PlanFile, Row, Sink};
use crate::config::definition::profile::{ProfileRow, RouteUse};
use crate::config::definition::{self, FilterUse, Origin};
use crate::config::finding::shown;
use crate::config::report::Mark;
use crate::model::definition::{Blocker, Generation, RouteDefinition, RouteProfile, Weight};

static LAYOUT_011: Layout = Layout {
    model: "RouteMdl",
    columns: &[
        "Tenant",
        "ID",
        "FilterIDs",
        "ActivationInterval",
        "Sorting",
        "SortingParameters",
        "RouteID",
        "RouteFilterIDs",
        "RouteAccountIDs",
        "RouteRatingPlanIDs",
        "RouteResourceIDs",
        "RouteStatIDs",
        "RouteWeight",
        "RouteBlocker",
        "RouteParameters",
        "Weight",
    ],
};

static LAYOUT_010: Layout = Layout {
    model: "TpSupplier",
    columns: &[
        "Tenant",
        "ID",
        "FilterIDs",
        "ActivationInterval",
        "Sorting",
        "SortingParameters",
        "SupplierID",
        "SupplierFilterIDs",
        "SupplierAccountIDs",
        "SupplierRatingPlanIDs",
        "SupplierResourceIDs",
        "SupplierStatIDs",
        "SupplierWeight",
        "SupplierBlocker",
        "SupplierParameters",
        "Weight",
    ],
};

/// Tenant and id.
pub(super) type Id = (String, String);

/// Profiles of all generations; an id belongs to one.
pub(super) fn read<'f, 's: 'f>(
    routes: impl Iterator<Item = &'f PlanFile<'s>>,
    suppliers: impl Iterator<Item = &'f PlanFile<'s>>,
    manner: &Manner,
    sink: &mut Sink<'s>,
) -> Vec<ProfileRow> {
    let mut merged: Merged<Id, Profile> = Merged::default();
    for file in routes {
        if routes_100::is_100(file, manner) {
            routes_100::read(file, &mut merged, sink);
        } else {
            read_file(file, Generation::V011, &LAYOUT_011, manner, &mut merged, sink);
        }
    }
    for file in suppliers {
        read_file(file, Generation::V010, &LAYOUT_010, manner, &mut merged, sink);
    }
    merged.into_vec().into_iter().map(Profile::finish).collect()
}

fn read_file(
    file: &PlanFile<'_>,
    generation: Generation,
    layout: &'static Layout,
    manner: &Manner,
    merged: &mut Merged<Id, Profile>,
    sink: &mut Sink<'_>,
) {
    file.each(layout, sink, |row, sink| {
        let active = row.activation(3, &manner.timezone, sink);
        let route_weight = row.number(12, sink);
        let blocker = row.flag(13, sink);
        let weight = row.number(15, sink);
        let Some(profile) = profile_of(row, generation, merged, sink) else { return };
        // What the file does not say is as the settings have it.
        let rules = generation.served_as(manner.generation);
        profile.add_head(row, 2, 4, rules);
        if active.is_some() {
            profile.row.definition.active = active;
        }
        // A zero cannot be told from an empty cell, and so takes nothing back.
        if weight != 0.0 {
            profile.row.definition.weight = Weight::Fixed(weight);
        }
        let id = row.text(6);
        if id.is_empty() {
            return;
        }
        // The same route with other filters is another entry.
        let mut filters = row.list(7);
        filters.sort();
        filters.dedup();
        let make = || {
            let definition = RouteDefinition {
                id: id.to_owned(),
                weight: Weight::Fixed(route_weight),
                blocker: Blocker::Fixed(blocker),
                parameters: row.text(14).to_owned(),
                ..RouteDefinition::default()
            };
            Route::new(definition, row.mark(6))
        };
        let key = (id.to_owned(), filters);
        let is_again = profile.routes.has(&key);
        if let Some(route) = profile.routes.entry(key, make) {
            if is_again {
                look_again(row, route, route_weight, blocker, sink);
            }
            route.add_lists(row, 7, rules);
        }
    });
}

/// A row of a route that is there already: its lists are added, and nothing else counts.
fn look_again(row: &Row<'_>, route: &Route, weight: f64, blocker: bool, sink: &mut Sink<'_>) {
    let Route { definition, uses } = route;
    let lists = [
        &definition.account_ids,
        &definition.rating_plan_ids,
        &definition.resource_ids,
        &definition.stat_ids,
    ];
    let is_new = |column: usize, list: &Option<Vec<String>>| {
        row.list(column).iter().any(|part| !list.iter().flatten().any(|known| known == part))
    };
    let adds = (8..).zip(lists).any(|(column, list)| is_new(column, list));
    let is_other = (weight != 0.0 && definition.weight != Weight::Fixed(weight))
        || (blocker && definition.blocker != Blocker::Fixed(true))
        || (!row.text(14).is_empty() && row.text(14) != definition.parameters);
    if adds && !is_other {
        return;
    }
    let first = sink.place(uses.id);
    let id = shown(row.text(6));
    let text = format!("the route {id} of these filters is in the profile already, at {first}");
    let help = if is_other {
        "weight, blocker and parameters are those of its first row: write them there"
    } else {
        "leave the row out: it adds nothing"
    };
    sink.warn(row.mark(6), &text, help);
}

/// The profile of a row, made when there is none; one of another generation is an error.
pub(super) fn profile_of<'m>(
    row: &Row<'_>,
    generation: Generation,
    merged: &'m mut Merged<Id, Profile>,
    sink: &mut Sink<'_>,
) -> Option<&'m mut Profile> {
    let (tenant, id) = row.key(sink)?;
    let make = || Profile::new(generation, tenant, id, row, sink);
    let profile = merged.entry((tenant.to_owned(), id.to_owned()), make)?;
    if profile.row.definition.generation == generation {
        return Some(profile);
    }
    let text = format!("the profile {} stands in a file of another generation, too", shown(id));
    sink.error(row.mark(1), &text, "keep one of them, or give it another id", &text);
    None
}

/// A route as its rows make it.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) definition: RouteDefinition,
    pub(super) uses: RouteUse,
}

impl Route {
    /// Whose id stands at `id`.
    pub(super) fn new(definition: RouteDefinition, id: Mark) -> Self {
        Self {
            definition,
            uses: RouteUse { id, filters: Vec::new(), plans: Vec::new(), accounts: Vec::new() },
        }
    }

    /// Its five lists, which stand one after the other.
    pub(super) fn add_lists(&mut self, row: &Row<'_>, first: usize, rules: Generation) {
        self.uses.filters.extend(row.filters(first, rules, false));
        let named =
            |column: usize| row.list(column).into_iter().map(move |id| (id, row.mark(column)));
        self.uses.accounts.extend(named(first + 1));
        self.uses.plans.extend(named(first + 2));
        let route = &mut self.definition;
        let lists = [
            &mut route.filter_ids,
            &mut route.account_ids,
            &mut route.rating_plan_ids,
            &mut route.resource_ids,
            &mut route.stat_ids,
        ];
        for (column, list) in (first..).zip(lists) {
            let parts = row.list(column);
            // No cell with anything in it: none, not an empty list.
            if !parts.is_empty() {
                list.get_or_insert_default().extend(parts);
            }
        }
    }
}

/// A profile as its rows make it.
#[derive(Debug)]
pub(super) struct Profile {
    pub(super) row: definition::Row<RouteProfile>,
    filters: Union,
    sorting_parameters: Union,
    /// The filters of its weights and blockers.
    pub(super) conditions: Vec<FilterUse>,
    /// By id and filters.
    pub(super) routes: Merged<(String, Vec<String>), Route>,
}

impl Profile {
    fn new(generation: Generation, tenant: &str, id: &str, row: &Row<'_>, sink: &Sink<'_>) -> Self {
        let definition = RouteProfile {
            generation,
            tenant: tenant.to_owned(),
            id: id.to_owned(),
            ..RouteProfile::default()
        };
        Self {
            row: row.begin(1, sink, definition),
            filters: Union::default(),
            sorting_parameters: Union::default(),
            conditions: Vec::new(),
            routes: Merged::default(),
        }
    }

    /// Filters, sorting and the parameters behind it.
    pub(super) fn add_head(
        &mut self,
        row: &Row<'_>,
        filters: usize,
        sorting: usize,
        rules: Generation,
    ) {
        self.filters.extend(row.list(filters));
        self.row.filters.extend(row.filters(filters, rules, true));
        if !row.text(sorting).is_empty() {
            self.row.definition.sorting = row.text(sorting).to_owned();
        }
        self.sorting_parameters.extend(row.list(sorting + 1));
    }

    fn finish(self) -> ProfileRow {
        let definition::Row { mut definition, place, id, filters } = self.row;
        let routes = self.routes.into_vec().into_iter().map(|route| (route.definition, route.uses));
        let (routes, uses) = routes.unzip();
        definition.filter_ids = Some(self.filters.into_vec());
        definition.sorting_parameters = Some(self.sorting_parameters.into_vec());
        definition.routes = Some(routes);
        ProfileRow {
            definition,
            place,
            id,
            filtered: !filters.is_empty(),
            filters,
            conditions: self.conditions,
            routes: uses,
            origin: Origin::Plan,
        }
    }
}
