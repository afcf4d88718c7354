//! `[[profile]]` and `[[profile.route]]`.

use super::report::{Mark, Report};
use super::supplier::parameters;
use super::walk::Node;
use crate::table::filter::Filter;
use crate::table::input::{ProfileInput, ProfileRouteInput, Sorting};

/// A profile with the places that later findings point to.
#[derive(Debug)]
pub(super) struct ProfileRow {
    pub input: ProfileInput,
    /// Its id.
    pub id: Mark,
    /// The ids of its routes.
    pub routes: Vec<Mark>,
    /// Whether it has filters, right or wrong.
    pub filtered: bool,
    /// Where its filters and those of its routes begin.
    pub filters: Mark,
}

/// Reads one; what is missing or wrong is empty, and the report has it.
pub(super) fn read(node: Node<'_>, tenant: &str, report: &mut Report<'_>) -> ProfileRow {
    let id = node.text("id").unwrap_or_default().to_owned();
    let mut routes = Vec::new();
    let mut marks = Vec::new();
    for route in node.tables("route") {
        routes.push(read_route(route, report));
        marks.push(route.mark_of("id"));
    }
    let input = ProfileInput {
        tenant: node.text("tenant").unwrap_or(tenant).to_owned(),
        id,
        filters: node.read_all("filters", report, Filter::parse),
        sorting: Sorting::Weight,
        weight: node.number("weight").unwrap_or(0.0),
        blocker: node.boolean("blocker").unwrap_or(false),
        active_from_ns: node.time_ns("active_from"),
        active_until_ns: node.time_ns("active_until"),
        routes,
        place: report.place(node.mark()),
    };
    if let (Some(from), Some(until)) = (input.active_from_ns, input.active_until_ns)
        && from >= until
    {
        let text = "`active_until` is not after `active_from`: the profile would never be used";
        report.error(node.mark_of("active_until"), text, "swap them, or leave one out");
    }
    if marks.is_empty() && !node.has("route") {
        let text = "the profile has no routes: what it matches is answered NOT_FOUND";
        report.warn(node.mark_of("id"), text, "add a `[[profile.route]]` below it");
    }
    let (id, filters) = (node.mark_of("id"), node.mark_of("filters"));
    let filtered = node.items("filters").next().is_some();
    ProfileRow { input, id, routes: marks, filtered, filters }
}

fn read_route(node: Node<'_>, report: &mut Report<'_>) -> ProfileRouteInput {
    ProfileRouteInput {
        id: node.text("id").unwrap_or_default().to_owned(),
        filters: node.read_all("filters", report, Filter::parse),
        weight: node.number("weight").unwrap_or(0.0),
        blocker: node.boolean("blocker").unwrap_or(false),
        parameters: node.read("parameters", report, parameters).unwrap_or_default(),
    }
}
