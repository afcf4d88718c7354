//! What an API may state, as CGRateS takes it, and what then fails the questions that meet it, or never passes.
//!
//! In table files these are errors, in tariff plans warnings; whoever was told "OK" finds them in the log.

use super::super::finding::shown;
use super::rule;
use crate::model::definition::{Definition, Generation};
use crate::table::attribute::is_known;
use crate::table::profile::Sorting;

/// Says what is doubtful about a definition; nothing is, nearly always.
#[must_use]
pub fn doubts(definition: &Definition, generation: Generation) -> Vec<String> {
    let mut doubts = Vec::new();
    let mut inline = |ids: Option<&[String]>, generation| {
        for id in ids.unwrap_or_default().iter().filter(|id| id.starts_with('*')) {
            if let Err(fault) = rule::inline(id, generation) {
                doubts.push(format!("the filter {}: {}", shown(id), fault.text));
            }
        }
    };
    match definition {
        Definition::Profile(profile) => {
            let generation = profile.generation.served_as(generation);
            inline(profile.filter_ids.as_deref(), generation);
            for route in profile.routes.iter().flatten() {
                inline(route.filter_ids.as_deref(), generation);
            }
            if Sorting::named(&profile.sorting).is_none() {
                doubts.push(format!("no sorting is called {}", shown(&profile.sorting)));
            }
        }
        Definition::Attribute(profile) => {
            inline(profile.filter_ids.as_deref(), generation);
            for attribute in profile.attributes.iter().flatten() {
                inline(attribute.filter_ids.as_deref(), generation);
            }
            let kinds = profile.attributes.iter().flatten().map(|attribute| &attribute.kind);
            let unknown = kinds.filter(|kind| !is_known(kind));
            doubts.extend(unknown.map(|kind| format!("{} is no type of change", shown(kind))));
        }
        Definition::Filter(filter) => {
            let rules = filter.rules.iter().flatten();
            let faults = rules.filter_map(|rule| rule::check(rule, generation).err());
            doubts.extend(faults.map(|fault| fault.text));
        }
        _ => {}
    }
    doubts
}
