//! `[[profile]]` and `[[profile.route]]`.

use super::super::report::{Mark, Report};
use super::super::supplier::parameters;
use super::super::walk::Node;
use super::{FilterUse, Origin, activation, filters, tenant_of};
use crate::model::definition::{Conditional, Generation, RouteDefinition, RouteProfile};
use crate::table::input::Place;
use crate::table::profile::Sorting;

/// A profile with the places that later findings point to.
#[derive(Debug)]
pub(in crate::config) struct ProfileRow {
    pub definition: RouteProfile,
    pub place: Place,
    /// Its id.
    pub id: Mark,
    /// Its own filters, without those of its routes.
    pub filters: Vec<FilterUse>,
    /// The filters of its weights and blockers (1.0).
    pub conditions: Vec<FilterUse>,
    /// Whether it has filters, right or wrong.
    pub filtered: bool,
    /// Its routes.
    pub routes: Vec<RouteUse>,
    pub origin: Origin,
}

/// What later findings about a route point to.
#[derive(Debug)]
pub(in crate::config) struct RouteUse {
    /// Its id.
    pub id: Mark,
    pub filters: Vec<FilterUse>,
    /// Rating plans that it names.
    pub plans: Vec<(String, Mark)>,
    /// Accounts that it names.
    pub accounts: Vec<(String, Mark)>,
}

impl ProfileRow {
    /// The ids of its routes, with their places.
    pub(in crate::config) fn route_ids(&self) -> impl Iterator<Item = (&str, Mark)> {
        let ids = self.definition.routes.iter().flatten().map(|route| route.id.as_str());
        ids.zip(self.routes.iter().map(|route| route.id))
    }
}

/// Reads one; what is missing or wrong is empty, and the report has it.
pub(super) fn read(
    node: Node<'_>,
    tenant: &str,
    generation: Generation,
    report: &mut Report<'_>,
) -> ProfileRow {
    let mut routes = Vec::new();
    let mut uses = Vec::new();
    for route in node.tables("route") {
        routes.push(read_route(route, report));
        let filters = filters(route, generation, report);
        let named = |key| route.texts(key).map(|(id, mark)| (id.to_owned(), mark)).collect();
        let (plans, accounts) = (named("rating_plans"), named("accounts"));
        uses.push(RouteUse { id: route.mark_of("id"), filters, plans, accounts });
    }
    if uses.is_empty() && !node.has("route") {
        let text = "the profile has no routes: what it matches is answered NOT_FOUND";
        report.warn(node.mark_of("id"), text, "add a `[[profile.route]]` below it");
    }
    let sorting = node.text("sorting").unwrap_or("*weight");
    if Sorting::named(sorting).is_some() && node.items("sorting_parameters").next().is_some() {
        let text = format!("`{sorting}` takes no parameters");
        report.warn(node.mark_of("sorting_parameters"), &text, "leave them out");
    }
    let definition = RouteProfile {
        generation,
        tenant: tenant_of(node, tenant),
        id: node.text("id").unwrap_or_default().to_owned(),
        filter_ids: node.list("filters"),
        active: activation(node, "profile", report),
        sorting: sorting.to_owned(),
        sorting_parameters: node.list("sorting_parameters"),
        routes: node.has("route").then_some(routes),
        weight: Conditional::Fixed(node.number("weight").unwrap_or(0.0)),
        blocker: Conditional::Fixed(node.boolean("blocker").unwrap_or(false)),
    };
    ProfileRow {
        definition,
        place: report.place(node.mark()),
        id: node.mark_of("id"),
        filters: filters(node, generation, report),
        filtered: node.items("filters").next().is_some(),
        conditions: Vec::new(),
        routes: uses,
        origin: Origin::Table,
    }
}

fn read_route(node: Node<'_>, report: &mut Report<'_>) -> RouteDefinition {
    RouteDefinition {
        id: node.text("id").unwrap_or_default().to_owned(),
        filter_ids: node.list("filters"),
        account_ids: node.list("accounts"),
        rating_plan_ids: node.list("rating_plans"),
        weight: Conditional::Fixed(node.number("weight").unwrap_or(0.0)),
        blocker: Conditional::Fixed(node.boolean("blocker").unwrap_or(false)),
        parameters: node.read("parameters", report, parameters).unwrap_or_default(),
        ..RouteDefinition::default()
    }
}
