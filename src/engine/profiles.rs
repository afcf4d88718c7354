//! The choice among profiles: filters, activity, weight, blockers.

use super::explain::{Reason, Recorder};
use super::matching::first_failure;
use super::question::Question;
use super::selection::{Origin, Place, Selection, Source};
use super::sort;
use crate::table::Table;
use crate::table::input::Sorting;
use crate::table::profile::Profile;
use std::cmp::Ordering;

/// Appends the routes of the matching profiles; `false` when none matches.
pub fn choose<R: Recorder>(
    table: &Table,
    question: &Question<'_>,
    selection: &mut Selection,
    recorder: &mut R,
) -> bool {
    let mut wanted = question.profile_count.max(1);
    let mut blocked = false;
    for (index, profile) in (0_u32..).zip(table.profiles.of(question.tenant)) {
        let reason = match mismatch(profile, question) {
            Some(reason) => reason,
            None if blocked => Reason::Blocked,
            None if wanted == 0 => Reason::NotNeeded,
            None => Reason::Chosen,
        };
        recorder.profile(profile, reason);
        if !matches!(reason, Reason::Chosen) {
            continue;
        }
        if selection.source == Source::Nothing {
            selection.source = Source::Profiles(index);
        }
        routes(table, question, index, profile, selection, recorder);
        wanted -= 1;
        blocked |= profile.blocker;
    }
    selection.source != Source::Nothing
}

/// Why a profile does not match.
fn mismatch<'p>(profile: &'p Profile, question: &Question<'p>) -> Option<Reason<'p>> {
    if question.now_ns <= profile.active_from_ns {
        return Some(Reason::NotYet(profile.active_from_ns));
    }
    if question.now_ns >= profile.active_until_ns {
        return Some(Reason::Over(profile.active_until_ns));
    }
    first_failure(&profile.rules, question.event)
        .map(|rule| Reason::Filter(rule, question.event.get(rule.slot)))
}

/// Appends the routes of one profile in the order of its strategy, up to a blocker.
fn routes<R: Recorder>(
    table: &Table,
    question: &Question<'_>,
    profile_index: u32,
    profile: &Profile,
    selection: &mut Selection,
    recorder: &mut R,
) {
    let mut passed = std::mem::take(&mut selection.passed);
    passed.clear();
    for (index, route) in (0_u32..).zip(&profile.routes) {
        let enabled = table.suppliers.get(route.supplier).is_some_and(|supplier| supplier.enabled);
        if let Some(rule) = first_failure(&route.rules, question.event) {
            let value = question.event.get(rule.slot);
            recorder.route(profile, route, Reason::Filter(rule, value));
        } else if enabled {
            passed.push(index);
        } else {
            recorder.route(profile, route, Reason::Disabled);
        }
    }
    let route_at = |index: u32| profile.routes.get(index as usize);
    passed.sort_unstable_by(|a, b| match (route_at(*a), route_at(*b)) {
        (Some(a), Some(b)) => match profile.sorting {
            Sorting::Weight => sort::weight::compare(a, b, question.seed),
        },
        _ => Ordering::Equal,
    });
    let mut blocked = false;
    for (index, route) in passed.iter().filter_map(|index| Some((*index, route_at(*index)?))) {
        recorder.route(profile, route, if blocked { Reason::Blocked } else { Reason::Chosen });
        if !blocked {
            let origin = Origin::Route { profile: profile_index, route: index };
            selection.places.push(Place { supplier: route.supplier, origin });
        }
        blocked |= route.blocker;
    }
    selection.passed = passed;
}
