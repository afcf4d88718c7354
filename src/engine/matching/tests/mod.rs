//! Rows of filters and events: `types.rs` has one table for each kind of test, `paths.rs` what is read from
//! where, and filters that cannot be used. `O111` and the like are the cases of CGRateS' own tests (section
//! 8.6 of its specification), the others are by sections 5.2 to 5.8.

mod paths;
mod types;

use super::*;
use crate::codec::cgr_event;
use crate::engine::fields::Figures;
use crate::model::definition::{
    Activation, Definition, Destination, FilterDefinition, Generation, RouteDefinition,
    RouteProfile, RuleDefinition, Stamp, Timing,
};
use crate::model::query::Query;
use crate::table::Table;
use crate::table::builder::build;
use crate::table::input::{Declared, Place, TableInput};
use crate::table::profile::ProfileIndex;
use crate::table::rules::Rules;
use crate::table::supplier::LiveIndex;

/// 2025-03-07T10:11:12Z.
const NOW_NS: i64 = 1_741_342_272_000_000_000;

/// What a filter says of an event.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Says {
    Yes,
    No,
    Error(&'static str),
}

use Says::{Error, No, Yes};

/// A filter, the members of the event, what it says.
type Row = (&'static str, &'static str, Says);

fn texts(list: &[&str]) -> Option<Vec<String>> {
    Some(list.iter().map(|text| (*text).to_owned()).collect())
}

fn named(id: &str, rules: &[(&str, &str, &[&str])], active: Option<(i64, i64)>) -> Definition {
    let rule = |(kind, element, values): &(&str, &str, &[&str])| RuleDefinition {
        kind: (*kind).to_owned(),
        element: (*element).to_owned(),
        values: texts(values),
    };
    let stamp = |ns| Some(Stamp { ns, text: String::new() });
    Definition::Filter(FilterDefinition {
        tenant: "t".into(),
        id: id.into(),
        rules: Some(rules.iter().map(rule).collect()),
        active: active.map(|(from, until)| Activation { from: stamp(from), until: stamp(until) }),
    })
}

/// Definitions that rows refer to.
fn definitions() -> Vec<Definition> {
    let timing = |id: &str, start: &str, end: &str, week_days: &[i64]| {
        Definition::Timing(Timing {
            id: id.into(),
            start: start.into(),
            end: end.into(),
            week_days: week_days.to_vec(),
            ..Timing::default()
        })
    };
    let destination = |id: &str, prefixes: &[&str]| {
        let prefixes = texts(prefixes).unwrap_or_default();
        Definition::Destination(Destination { id: id.into(), prefixes })
    };
    vec![
        destination("DST_DE", &["+49", "0049"]),
        destination("DST_1", &["1"]),
        timing("MORNING", "08:00:00", "12:11:12", &[]),
        timing("NIGHT", "22:00:00", "02:00:00", &[]),
        timing("WEEKEND", "", "", &[6, 0]),
        named("TWO", &[("*prefix", "~*req.F", &["a"]), ("*suffix", "~*req.F", &["z"])], None),
        named("FAILS", &[("*string", "~*req.F", &["a"]), ("*gt", "~*req.G", &["1"])], None),
        named("NO_RULES", &[], None),
        named("OVER", &[("*string", "~*req.F", &["never"])], Some((0, NOW_NS))),
        named("STILL", &[("*string", "~*req.F", &["a"])], Some((0, NOW_NS + 1))),
        named("SEARCH", &[("*string", r"~*req.F:s/^\+49(\d+)$/0${1}/", &["0301"])], None),
        named("LENGTH", &[("*string", "~*req.F{*len}", &["4"])], None),
        named("EMPTY_TEXT", &[("*ai", "~*req.F", &["", "2025-03-07T10:11:12Z"])], None),
    ]
}

/// A table with one profile of one route that has these filters.
fn table(generation: Generation, filters: &[&str]) -> Table {
    let route = RouteDefinition {
        id: "r".into(),
        filter_ids: texts(filters),
        ..RouteDefinition::default()
    };
    // 0.10 is a matter of the profile alone, 1.0 one of the settings.
    let is_old = generation == Generation::V010;
    let rules = if is_old { Generation::V011 } else { generation };
    let profile = RouteProfile {
        generation: if is_old { generation } else { Generation::V011 },
        tenant: "t".into(),
        id: "P".into(),
        sorting: "*weight".into(),
        routes: Some(vec![route]),
        ..RouteProfile::default()
    };
    let all = definitions().into_iter().chain([Definition::Profile(profile)]);
    let input = TableInput {
        definitions: all
            .map(|definition| Declared { definition, place: Place::default() })
            .collect(),
        rules: Rules { generation: rules, ..Rules::default() },
        ..TableInput::default()
    };
    build(input, 1, String::new(), &mut |_| Ok(LiveIndex(0))).unwrap()
}

/// What filters say of `{"Event":{…},"APIOpts":{…}}`.
fn asked(
    table: &Table,
    argument: &str,
    phase: Phase,
    figures: Option<Figures>,
) -> Result<bool, Failure> {
    let mut query = Query::default();
    query.event.clear(table.slots.count());
    cgr_event::decode(Some(argument), &table.slots, &mut query, &mut ()).unwrap();
    let route = &table.objects.profile(ProfileIndex(0)).unwrap().routes[0];
    let route_known = figures.map(|figures| (route, figures));
    let scope = Scope { route: route_known, ..Scope::new(table, "t", &query.event, NOW_NS) };
    scope.verdict(&route.filters, phase).map(|verdict| !matches!(verdict, Verdict::Fails(..)))
}

fn check_in(generation: Generation, rows: &[Row]) {
    let mut wrong = Vec::new();
    for (filter, members, says) in rows {
        let event = format!("{{\"Event\":{{{members}}},\"APIOpts\":{{\"Tier\":\"gold\"}}}}");
        let got = asked(&table(generation, &[filter]), &event, Phase::Whole, None);
        let want = match says {
            Yes => Ok(true),
            No => Ok(false),
            Error("NOT_FOUND") => Err(Failure::NotFound),
            Error(text) => Err(Failure::told(*text)),
        };
        if got != want {
            wrong.push(format!("{filter} on {members}: {got:?}, not {want:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(rows: &[Row]) {
    check_in(Generation::V011, rows);
}

#[test]
fn filters_are_asked_in_their_order_up_to_the_first_that_does_not_pass() {
    // O126 and section 5.2.
    let all = ["*string:~*req.F:az", "*prefix:~*req.F:a", "*suffix:~*req.F:z", "*rsr:~*req.G:1002"];
    let incomparable = || Err(Failure::told("incomparable: <<nil>> with <1>"));
    let rows: Vec<(&[&str], &str, Result<bool, Failure>)> = vec![
        (&[], r#""F":"1003""#, Ok(true)),
        (&all, r#""F":"az","G":"1002""#, Ok(true)),
        (&all, r#""F":"az","G":"1003""#, Ok(false)),
        (&["TWO"], r#""F":"a to z""#, Ok(true)),
        (&["TWO"], r#""F":"a to b""#, Ok(false)),
        (&["NO_RULES"], "", Ok(true)),
        (&["FAILS"], r#""F":"b","G":"x""#, Ok(false)),
        (&["FAILS"], r#""F":"a","G":"x""#, incomparable()),
        (&["*string:~*req.F:b", "FAILS"], r#""F":"a","G":"x""#, Ok(false)),
        (&["FAILS", "*string:~*req.F:b"], r#""F":"a","G":"x""#, incomparable()),
        // One that is not active is passed over, whatever it says.
        (&["OVER", "STILL"], r#""F":"a""#, Ok(true)),
        (&["OVER", "STILL"], r#""F":"b""#, Ok(false)),
        (&["OVER"], r#""F":"b""#, Ok(true)),
    ];
    for (filters, members, want) in rows {
        let event = format!("{{\"Event\":{{{members}}}}}");
        let got = asked(&table(Generation::V011, filters), &event, Phase::Whole, None);
        assert_eq!(got, want, "{filters:?} on {members}");
    }
}

#[test]
fn a_profile_whose_filters_are_all_inactive_is_told_apart() {
    let table = table(Generation::V011, &["OVER", "OVER"]);
    let query = Query::default();
    let scope = Scope::new(&table, "t", &query.event, NOW_NS);
    let filters = &table.objects.profile(ProfileIndex(0)).unwrap().routes[0].filters;
    assert!(matches!(scope.verdict(filters, Phase::Whole), Ok(Verdict::Inactive)));
    assert!(matches!(scope.verdict(&filters[..0], Phase::Whole), Ok(Verdict::Passes)));
}

#[test]
fn what_a_route_is_known_by_is_asked_for_last() {
    // O130
    let rows = [
        (Phase::Early, r#"{"Event":{"Account":"1001"}}"#, None, true),
        (Phase::Early, r#"{"Event":{"Account":"1002"}}"#, None, false),
        (Phase::Deferred, r#"{"Event":{"Account":"1002"}}"#, Some(20.0), true),
        (Phase::Deferred, r#"{"Event":{"Account":"1001"}}"#, Some(10.0), false),
        (Phase::Deferred, r#"{"Event":{"Account":"1001"}}"#, None, false),
        (Phase::Whole, r#"{"Event":{"Account":"1001"}}"#, Some(20.0), true),
        (Phase::Whole, r#"{"Event":{"Account":"1002"}}"#, Some(20.0), false),
    ];
    let table = table(Generation::V011, &["*string:~*req.Account:1001", "*gte:~*vars.Weight:15"]);
    for (phase, event, weight, passes) in rows {
        let figures = weight.map(|weight| Figures { weight, price: None });
        assert_eq!(
            asked(&table, event, phase, figures),
            Ok(passes),
            "{phase:?} {event} {weight:?}"
        );
    }
}
