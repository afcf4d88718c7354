//! Costs worked out by hand from section 7 of the specification.

mod account;
mod profile;

use super::*;
use crate::model::definition::{PlanRow, Rate, RateSlot, RatingPlan, Timing};
use crate::model::go::time::{self, Zone};
use jiff::tz::TimeZone;
use std::sync::Arc;

pub(super) const S: i64 = 1_000_000_000;
pub(super) const M: i64 = 60 * S;
pub(super) const H: i64 = 60 * M;

/// A slot: from, price, unit, increment; all in seconds.
type SlotS = (i64, f64, i64, i64);

pub(super) fn rate(fee: f64, slots: &[SlotS], method: &str, decimals: i32) -> Rate {
    Rate {
        connect_fee: fee,
        slots: slots
            .iter()
            .map(|(start, rate, unit, increment)| RateSlot {
                start_ns: start * S,
                rate: *rate,
                unit_ns: unit * S,
                increment_ns: increment * S,
            })
            .collect(),
        rounding_method: method.to_owned(),
        rounding_decimals: decimals,
        ..Rate::default()
    }
}

pub(super) fn row(destination: &str, rate: Rate, timing: Option<Timing>, weight: f64) -> PlanRow {
    let timing = timing.map(Arc::new);
    PlanRow { destination: destination.into(), rate: Arc::new(rate), timing, weight }
}

fn from(start: &str, week_days: &[i64]) -> Option<Timing> {
    let (start, week_days) = (start.to_owned(), week_days.to_vec());
    Some(Timing { start, week_days, ..Timing::default() })
}

/// Destination `D49` has the prefix 49, and so on.
pub(super) fn plan(rows: Vec<PlanRow>) -> Plan {
    let lists: Vec<(String, Vec<String>)> =
        ["4", "49", "491"].map(|prefix| (format!("D{prefix}"), vec![prefix.to_owned()])).into();
    Plan::compile(&RatingPlan { id: "RP".to_owned(), rows }, &|id| {
        let same = |name: &str| name == id || id.strip_suffix('b') == Some(name);
        lists.iter().find(|(name, _)| same(name)).map(|(_, list)| list.as_slice())
    })
}

pub(super) fn moment(of_march: &str) -> Time {
    time::parse(&format!("2024-03-{of_march}Z"), &TimeZone::UTC, 0).unwrap()
}

/// A call to 49123 at a moment of March 2024, whose 13th is a Wednesday.
pub(super) fn call(at: &str, usage_ns: i64) -> Call<'static> {
    Call { destination: "49123", setup: moment(at), usage_ns, is_voice: true }
}

fn of(plan: &Plan, call: &Call<'_>) -> Result<Cost, Uncovered> {
    cost(plan, call, ROUNDING_DECIMALS, &mut Scratch::default())
}

fn value(plan: &Plan, call: &Call<'_>) -> f64 {
    of(plan, call).unwrap().value
}

#[test]
fn a_plain_rate_costs_what_the_worked_examples_say() {
    type Example<'a> = (f64, &'a [SlotS], &'a str, i32, &'a [(i64, f64)]);
    let examples: &[Example<'_>] = &[
        (
            0.0,
            &[(0, 0.01, 60, 1)],
            "*up",
            4,
            &[(60, 0.0102), (80, 0.0136), (620, 0.1054), (0, 0.0)],
        ),
        (
            0.8,
            &[(0, 0.4, 60, 30), (60, 0.2, 60, 10)],
            "*up",
            4,
            &[(60, 1.2), (80, 1.2667), (0, 0.0)],
        ),
        (0.0, &[(0, 0.1, 60, 1)], "*up", 5, &[(60, 0.1002), (150, 0.2505), (205, 0.34235)]),
        (0.0, &[(0, 0.05, 60, 1)], "*up", 5, &[(60, 0.0498), (150, 0.1245), (205, 0.17015)]),
        (0.0, &[(0, 0.01, 1, 60), (60, 0.01, 1, 1)], "*up", 4, &[(60, 0.6), (150, 1.5)]),
        (0.0, &[(0, 0.02, 60, 1)], "*up", 5, &[(120, 0.0396)]),
        (0.0, &[(0, 0.01, 0, 0)], "*up", 4, &[(30, 0.3), (61, 0.61)]),
        (0.3, &[(0, 0.01, 60, 1), (60, 0.3, 30, 15)], "*up", 2, &[(120, 0.92)]),
        // A quarter of 0.0149 is 0.003725, half way. Divided out of four it is rounded up; out of six the float
        // lies just below, and is rounded down.
        (0.0, &[(0, 0.0149, 60, 15)], "*up", 5, &[(60, 0.01492), (90, 0.02232)]),
        // What is exact in decimals lies just below in floats.
        (0.01, &[(0, 3.0, 60, 60)], "*down", 4, &[(60, 3.0099)]),
        // The unit is lengthened to the increment: 61 seconds are two minutes.
        (0.0, &[(0, 0.6, 60, 60)], "*up", 4, &[(61, 1.2), (1, 0.6)]),
        (0.123_456_7, &[(0, 0.6, 60, 60)], "*up", 9, &[(60, 0.72346)]),
        // No decimals: no rounding in the end.
        (0.0, &[(0, 0.0333, 60, 60)], "*up", 0, &[(60, 0.0333)]),
        (0.0, &[(0, 0.0333, 60, 60)], "*whatever", 2, &[(60, 0.0333)]),
    ];
    for (fee, slots, method, decimals, calls) in examples {
        let plan = plan(vec![row("D49", rate(*fee, slots, method, *decimals), None, 10.0)]);
        for (usage_s, want) in *calls {
            let got = value(&plan, &call("13T10:00:00", usage_s * S));
            assert_eq!(got, *want, "{fee} {slots:?} {usage_s} s");
        }
    }
}

#[test]
fn the_longest_prefix_that_counts_at_the_start_wins() {
    let priced = |price: f64| rate(0.0, &[(0, price, 60, 60)], "*up", 4);
    let rows = vec![
        row("D4", priced(4.0), None, 10.0),
        row("D49", priced(49.0), None, 10.0),
        row("D49b", priced(50.0), None, 11.0),
        row("D491", priced(491.0), from("18:00:00", &[]), 10.0),
        row("*any", priced(1.0), from("20:00:00", &[]), 10.0),
    ];
    let plan = plan(rows);
    for (number, at, want) in [
        ("49123", "13T19:00:00", Ok((491.0, Some(3)))),
        ("49123", "13T10:00:00", Ok((50.0, Some(2)))),
        ("4", "13T10:00:00", Ok((4.0, Some(1)))),
        ("33", "13T21:00:00", Ok((1.0, None))),
        ("*any", "13T21:00:00", Ok((1.0, None))),
        ("", "13T21:00:00", Ok((1.0, None))),
        // Any number's timing is not looked at, and then the part has no interval.
        ("33", "13T10:00:00", Err(Uncovered)),
    ] {
        let asked = Call { destination: number, ..call(at, M) };
        let got = of(&plan, &asked).map(|cost| (cost.value, cost.prefix));
        assert_eq!(got, want, "{number} {at}");
    }
}

#[test]
fn timings_cut_a_call() {
    let minute = |price: f64| rate(0.0, &[(0, price, 60, 60)], "*up", 4);
    let peak = plan(vec![
        row("D49", minute(1.0), from("08:00:00", &[]), 10.0),
        row("D49", minute(0.1), from("18:00:00", &[]), 10.0),
        row("D49", minute(0.1), from("00:00:00", &[]), 10.0),
    ]);
    let weekend = plan(vec![
        row("D49", minute(1.0), None, 10.0),
        row("D49", minute(0.5), from("00:00:00", &[6, 7]), 20.0),
    ]);
    let fee = plan(vec![row("D49", rate(0.5, &[(0, 0.1, 60, 60)], "*up", 4), None, 10.0)]);
    for (plan, at, usage_ns, want, why) in [
        (&peak, "13T07:58:00", 4 * M, 2.2, "two minutes of each"),
        (&peak, "13T17:58:00", 4 * M, 2.2, "two minutes of each"),
        (&peak, "13T17:58:30", 4 * M, 2.2, "the first part is lengthened, the second begins later"),
        (&peak, "13T17:58:30", 4 * M + S, 2.3, "and is lengthened as well"),
        (&weekend, "15T23:58:00", 4 * M, 3.0, "Friday, then Saturday"),
        (&weekend, "17T23:58:00", 4 * M, 3.0, "Sunday, then Monday"),
        (&weekend, "15T23:00:00", 25 * H, 1500.0, "no cut: it ends at midnight"),
        (&fee, "13T23:00:00", H, 6.5, "up to midnight"),
        (&fee, "13T23:00:00", 2 * H, 13.0, "two equal parts, and the fee for each"),
        (&fee, "13T23:30:00", 2 * H, 12.5, "two parts that differ, and one fee"),
    ] {
        assert_eq!(value(plan, &call(at, usage_ns)), want, "{at}: {why}");
    }
}

#[test]
fn quirks_are_named_where_they_change_a_cost() {
    let any = |rate: Rate| plan(vec![row("D49", rate, None, 10.0)]);
    let fee = any(rate(0.5, &[(0, 0.1, 60, 60)], "*up", 4));
    let mut fine = rate(0.5, &[(0, 0.001, 1, 1)], "*up", 4);
    for slot in &mut fine.slots {
        (slot.unit_ns, slot.increment_ns) = (S / 1000, S / 1000);
    }
    let fine = any(fine);
    let late = any(rate(0.5, &[(60, 0.1, 60, 60)], "*up", 4));
    let next_day = any(rate(0.5, &[(7200, 0.1, 60, 60)], "*up", 4));
    let capped = any(Rate {
        max_cost: 1.0,
        max_cost_strategy: "*free".to_owned(),
        ..rate(0.0, &[(0, 0.3, 60, 60), (60, 0.2, 60, 60), (120, 0.1, 60, 60)], "*up", 4)
    });
    let heavier_later = plan(vec![
        row("D49", rate(0.0, &[(0, 0.1, 60, 60)], "*up", 4), None, 10.0),
        row("D49", rate(0.0, &[(0, 0.2, 60, 60)], "*up", 4), from("08:00:00", &[]), 20.0),
    ]);
    let none = Quirks::default();
    for (plan, at, usage_ns, want, quirk) in [
        (&fee, "13T10:00:00", M, 0.6, none),
        (&fee, "13T23:00:00", 2 * H, 13.0, Quirks::FEE_TIMES),
        (&fine, "13T10:00:00", 1000 * S, 1000.5, none),
        (&fine, "13T10:00:00", 1001 * S, 0.5, Quirks::MILLIONS_FREE),
        (&late, "13T10:00:00", 2 * M, 0.6, Quirks::NO_SLOT_FREE),
        // Half an hour up to midnight is free, an hour and a half up to the slot costs 1 for each nanosecond.
        (&next_day, "13T23:30:00", 2 * H, 5.4e12 + 0.5, Quirks::NO_SLOT_DEAR),
        (&capped, "13T10:00:00", 2 * M, 0.5, none),
        // 0.3, then 0.3 + 0.5, then that and 0.6: above 1, though the call costs 0.6.
        (&capped, "13T10:00:00", 3 * M, 1.0, Quirks::EARLY_CEILING),
        (&fee, "13T10:00:00", 31 * 24 * H, 4464.5, Quirks::MIDNIGHT_UNCUT),
        (&heavier_later, "13T10:00:00", M, 0.2, none),
    ] {
        let cost = of(plan, &call(at, usage_ns)).unwrap();
        assert_eq!(cost.value, want, "{at} {usage_ns} {quirk:?}");
        assert!(cost.quirks.has(quirk), "{at} {usage_ns}: {:?}", cost.quirks);
        assert!(quirk != none || cost.quirks == none, "{at} {usage_ns}: {:?}", cost.quirks);
    }
}

#[test]
fn a_call_is_judged_on_its_own_clock() {
    let minute = |price: f64| rate(0.0, &[(0, price, 60, 60)], "*up", 4);
    let plan = plan(vec![
        row("D49", minute(0.1), None, 10.0),
        row("D49", minute(1.0), from("08:00:00", &[]), 10.0),
    ]);
    for (setup, want) in [
        ("2024-03-13T07:30:00Z", 0.1),
        ("2024-03-13T08:30:00+01:00", 1.0),
        ("2024-03-13T08:30:00Z", 1.0),
    ] {
        let setup = time::parse(setup, &TimeZone::UTC, 0).unwrap();
        assert_eq!(value(&plan, &Call { setup, ..call("13T00:00:00", M) }), want, "{setup:?}");
    }
}

#[test]
fn what_is_no_call_is_cut_at_slots_alone() {
    let plan = plan(vec![row("D49", rate(0.5, &[(0, 0.1, 60, 60)], "*up", 4), None, 10.0)]);
    let data = Call { is_voice: false, ..call("13T23:00:00", 2 * H) };
    assert_eq!(value(&plan, &data), 12.5);
}

#[test]
fn no_input_takes_long_or_ends_the_program() {
    const ODD: [i64; 9] = [0, 1, -1, S, -S, M, i64::MAX, i64::MIN, i64::MAX - 86_400 * S];
    let mut scratch = Scratch::default();
    let daily = [from("08:00:00", &[]), from("25:00:00", &[1]), from("00:00:00", &[3, 7]), None];
    for unit in ODD {
        for increment in ODD {
            let slots = [0, -5, 60 * S, i64::MAX].map(|start_ns| RateSlot {
                start_ns,
                rate: 0.1,
                unit_ns: unit,
                increment_ns: increment,
            });
            let rate = Rate { slots: slots.to_vec(), ..rate(0.5, &[], "*up", 400) };
            let rows = daily.iter().map(|timing| row("D49", rate.clone(), timing.clone(), 1.0));
            let plan = plan(rows.collect());
            for usage_ns in ODD {
                for ns in [0, i128::MAX, i128::MIN, 1_710_374_399_500_000_000] {
                    let setup = Time { ns, zone: Zone::Utc };
                    let asked = Call { setup, ..call("13T00:00:00", usage_ns) };
                    let first =
                        cost(&plan, &asked, 5, &mut scratch).map(|cost| cost.value.to_bits());
                    let second =
                        cost(&plan, &asked, 5, &mut scratch).map(|cost| cost.value.to_bits());
                    assert_eq!(first, second);
                    assert!(usage_ns >= 0 || first == Err(Uncovered));
                }
            }
        }
    }
}
