//! Routes.csv of 1.0: weights and blockers have filters of their own, routes merge by id.

use super::Manner;
use super::cell::{self, SEPARATOR};
use super::merge::Merged;
use super::routes::{Id, Profile, Route, profile_of};
use super::rows::{Layout, PlanFile, Row, Sink};
use crate::config::definition::FilterUse;
use crate::config::finding::shown;
use crate::config::report::Mark;
use crate::model::definition::{Conditional, Generation, RouteDefinition};

static LAYOUT: Layout = Layout {
    model: "RouteMdl",
    columns: &[
        "Tenant",
        "ID",
        "FilterIDs",
        "Weights",
        "Blockers",
        "Sorting",
        "SortingParameters",
        "RouteID",
        "RouteFilterIDs",
        "RouteAccountIDs",
        "RouteRateProfileIDs",
        "RouteResourceIDs",
        "RouteStatIDs",
        "RouteWeights",
        "RouteBlockers",
        "RouteParameters",
    ],
};

/// What separates filters of one weight.
const AND: char = '&';

/// Whether a file has the columns of 1.0: its heading tells, or else the settings.
pub(super) fn is_100(file: &PlanFile<'_>, manner: &Manner) -> bool {
    let heading = file.heading();
    if heading.contains(&"Weights") || heading.contains(&"RouteWeights") {
        true
    } else if heading.contains(&"ActivationInterval") || heading.contains(&"RouteWeight") {
        false
    } else {
        manner.generation == Generation::V100
    }
}

pub(super) fn read(file: &PlanFile<'_>, merged: &mut Merged<Id, Profile>, sink: &mut Sink<'_>) {
    file.each(&LAYOUT, sink, |row, sink| {
        let weight = weights(row, 3, sink);
        let blocker = blockers(row, 4, sink);
        let route_weight = weights(row, 13, sink);
        let route_blocker = blockers(row, 14, sink);
        let Some(profile) = profile_of(row, Generation::V100, merged, sink) else { return };
        profile.add_head(row, 2, 5, Generation::V100);
        let (definition, uses) = (&mut profile.row.definition, &mut profile.conditions);
        // Without a cell they are an empty list, not a number.
        set(&mut definition.weight, weight, row.mark(3), uses);
        set(&mut definition.blocker, blocker, row.mark(4), uses);
        let id = row.text(7);
        if id.is_empty() {
            return;
        }
        let make = || {
            let route = RouteDefinition { id: id.to_owned(), ..RouteDefinition::default() };
            Route::new(route, row.mark(7))
        };
        let Some(route) = profile.routes.entry((id.to_owned(), Vec::new()), make) else { return };
        route.add_lists(row, 8, Generation::V100);
        let (route, uses) = (&mut route.definition, &mut route.uses.filters);
        set(&mut route.weight, route_weight, row.mark(13), uses);
        set(&mut route.blocker, route_blocker, row.mark(14), uses);
        if !row.text(15).is_empty() {
            route.parameters = row.text(15).to_owned();
        }
    });
}

type Entries<T> = Vec<(Option<Vec<String>>, T)>;

/// Sets a value from the cell at `mark`; its filters are among the `uses`.
fn set<T>(
    value: &mut Conditional<T>,
    entries: Option<Entries<T>>,
    mark: Mark,
    uses: &mut Vec<FilterUse>,
) {
    let filters = entries.iter().flatten().filter_map(|(filters, _)| filters.as_ref()).flatten();
    uses.extend(filters.map(|id| FilterUse::of_plan(id, mark, Generation::V100, false)));
    if entries.is_some() || matches!(value, Conditional::Fixed(_)) {
        *value = Conditional::First(entries);
    }
}

fn weights(row: &Row<'_>, column: usize, sink: &mut Sink<'_>) -> Option<Entries<f64>> {
    let said = |text: &str, value: &str| format!("invalid Weight <{value}> in string: <{text}>");
    entries(row, column, sink, "DynamicWeight", cell::number, said)
}

fn blockers(row: &Row<'_>, column: usize, sink: &mut Sink<'_>) -> Option<Entries<bool>> {
    let said =
        |_: &str, value: &str| format!("cannot convert bool with value: <{value}> into Blocker");
    entries(row, column, sink, "DynamicBlocker", cell::flag, said)
}

/// `FLTR_A&FLTR_B;10;;5`: filters and a value, in turn.
fn entries<T>(
    row: &Row<'_>,
    column: usize,
    sink: &mut Sink<'_>,
    what: &str,
    read: impl Fn(&str) -> Option<T>,
    said: impl Fn(&str, &str) -> String,
) -> Option<Entries<T>> {
    let (text, name) = (row.text(column), row.name(column));
    if text.is_empty() {
        return None;
    }
    let help = "write `filter;value`, or `;value` for one without a filter";
    let parts: Vec<&str> = text.split(SEPARATOR).collect();
    if !parts.len().is_multiple_of(2) {
        let said = format!("invalid {what} format for string <{text}>");
        let text = format!("{} in {name} is not made of pairs", shown(text));
        sink.error(row.mark(column), &text, help, &said);
        return None;
    }
    let mut entries = Vec::new();
    for pair in parts.chunks_exact(2) {
        let [filters, value] = pair else { continue };
        let Some(read) = read(value) else {
            let said = said(text, value);
            let text = format!("{} in {name} cannot be read", shown(value));
            sink.error(row.mark(column), &text, help, &said);
            continue;
        };
        let filters = (!filters.is_empty())
            .then(|| filters.split(AND).map(str::to_owned).collect::<Vec<_>>());
        entries.push((filters, read));
    }
    Some(entries)
}
