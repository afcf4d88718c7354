//! Filters and sortings that cannot be used.
//!
//! The table refuses some of them, and then the whole of what was read: an error. Others CGRateS takes, and
//! every lookup that asks them fails: in a tariff plan, which is read as it is, they are a warning. (Table
//! files have their errors already.)

use super::super::finding::shown;
use super::super::report::{Mark, Report};
use super::{Definitions, Fault, FilterRow, FilterUse, Origin, rule};
use crate::model::definition::{FilterDefinition, Generation, RuleDefinition};
use crate::model::event::SlotNames;
use crate::table::filter::{self, compile_definition, compile_inline};
use crate::table::profile::Sorting;
use foldhash::HashSet;
use std::sync::Arc;

/// Reports them.
pub(in crate::config) fn unusable(
    all: &Definitions,
    generation: Generation,
    report: &mut Report<'_>,
) {
    // One for all, as in the table: there is room for so many fields and no more.
    let mut slots = Arc::default();
    for filter in &all.filters {
        for (rule, mark) in filter.rules() {
            named(filter, rule, mark, generation, &mut slots, report);
        }
    }
    // Many write the same.
    let mut good = HashSet::default();
    for (_, filter) in all.uses().filter(|(_, filter)| !filter.is_name()) {
        let key = (filter.generation, filter.id.as_str());
        if !good.contains(&key) && inline(filter, &mut slots, report) {
            good.insert(key);
        }
    }
    for row in all.profiles.iter().filter(|row| row.origin == Origin::Plan) {
        if Sorting::named(&row.definition.sorting).is_none() {
            let names: Vec<&str> = Sorting::ALL.into_iter().map(Sorting::name).collect();
            let text = format!("no sorting is called {}", shown(&row.definition.sorting));
            let help = format!(
                "what the profile matches is answered with an error; there are: {}",
                names.join(", ")
            );
            report.warn(row.id, &text, &help);
        }
    }
}

/// A rule of a named filter.
fn named(
    filter: &FilterRow,
    rule: &RuleDefinition,
    mark: Mark,
    generation: Generation,
    slots: &mut Arc<SlotNames>,
    report: &mut Report<'_>,
) {
    let doubt = rule::check(rule, generation).err();
    if doubt.is_some() && filter.origin == Origin::Table {
        return;
    }
    let id = filter.row.definition.id.clone();
    let alone =
        FilterDefinition { id, rules: Some(vec![rule.clone()]), ..FilterDefinition::default() };
    let refused = compile_definition(&alone, generation, slots).err();
    tell(mark, doubt, refused.map(|fault| (fault, true)), report);
}

/// An inline filter; whether nothing is wrong with it.
fn inline(filter: &FilterUse, slots: &mut Arc<SlotNames>, report: &mut Report<'_>) -> bool {
    let doubt = rule::inline(&filter.id, filter.generation).err();
    let refused = compile_inline(&filter.id, filter.generation, slots).err();
    let refused = refused.map(|fault| {
        let is_error = filter.required || matches!(fault, filter::Fault::Blocking(_));
        (fault, is_error)
    });
    let is_good = doubt.is_none() && refused.is_none();
    tell(filter.mark, doubt, refused, report);
    is_good
}

/// Our own words are told where there are some: they name a way out.
fn tell(
    mark: Mark,
    doubt: Option<Fault>,
    refused: Option<(filter::Fault, bool)>,
    report: &mut Report<'_>,
) {
    let is_error = matches!(refused, Some((_, true)));
    let told = doubt.or_else(|| refused.map(|(fault, _)| Fault::new(fault.to_string(), "")));
    let Some(Fault { text, help }) = told else { return };
    if is_error {
        report.error(mark, &text, &help);
    } else {
        report.warn(mark, &text, &help);
    }
}
