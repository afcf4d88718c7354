//! What a plan finds for a number, and how little memory it takes.

use super::*;
use crate::model::definition::{self, RateSlot};
use std::sync::Arc;

fn rate(price: f64) -> Arc<Rate> {
    let slot =
        RateSlot { start_ns: 0, rate: price, unit_ns: 60_000_000_000, increment_ns: 1_000_000_000 };
    Arc::new(Rate { slots: vec![slot], rounding_method: "*up".to_owned(), ..Rate::default() })
}

fn row(destination: &str, rate: &Arc<Rate>, weight: f64) -> PlanRow {
    PlanRow { destination: destination.into(), rate: Arc::clone(rate), timing: None, weight }
}

/// Destination `D49` has the prefix 49, and so on; `SIX` has two.
fn prefixes(id: &str) -> Option<&'static [String]> {
    static LISTS: std::sync::LazyLock<Vec<(&str, Vec<String>)>> = std::sync::LazyLock::new(|| {
        [("D49", &["49"][..]), ("D491", &["491"]), ("SIX", &["49", "+49"])]
            .map(|(id, list)| (id, list.iter().map(|text| (*text).to_owned()).collect()))
            .to_vec()
    });
    LISTS.iter().find(|(name, _)| *name == id).map(|(_, list)| list.as_slice())
}

#[test]
fn a_number_finds_the_rows_of_its_destinations() {
    let (one, two, three) = (rate(0.1), rate(0.2), rate(0.3));
    let definition = RatingPlan {
        id: "RP".to_owned(),
        rows: vec![
            row("D49", &one, 10.0),
            row("SIX", &two, 10.0),
            row("D49", &three, 20.0),
            row("D491", &three, 10.0),
            row("*any", &one, 10.0),
            row("D49", &rate(0.1), 10.0),
            row("GONE", &one, 10.0),
        ],
    };
    let plan = Plan::compile(&definition, &prefixes);
    let found = |number: &str| -> Vec<(usize, Vec<Vec<f64>>)> {
        plan.matches(number)
            .map(|(hit, offers)| {
                let prices = |offer| {
                    let intervals = plan.intervals(offer).iter();
                    intervals.map(|i| plan.slot_at(i, 0).unwrap().1).collect()
                };
                (hit.length, offers.map(prices).collect())
            })
            .collect()
    };
    let d49 = vec![0.1, 0.3];
    assert_eq!(found("4930"), [(2, vec![d49.clone(), vec![0.2]])], "a row twice counts once");
    assert_eq!(found("491"), [(3, vec![vec![0.3]]), (2, vec![d49, vec![0.2]])]);
    assert_eq!(found("+491"), [(3, vec![vec![0.2]])]);
    assert_eq!(found("33"), []);
    assert_eq!(plan.any().map(|offer| plan.intervals(offer).len()), Some(1));
    assert_eq!(plan.id(), "RP");
}

#[test]
fn the_slot_in_force_is_the_last_that_has_begun() {
    let slot = |start_s: i64, rate: f64| RateSlot {
        start_ns: start_s * 1_000_000_000,
        rate,
        unit_ns: 0,
        increment_ns: 0,
    };
    for (slots, at_s, want) in [
        (vec![slot(0, 1.0), slot(60, 2.0)], 59, Some(1.0)),
        (vec![slot(0, 1.0), slot(60, 2.0)], 60, Some(2.0)),
        (vec![slot(60, 2.0), slot(0, 1.0)], 0, Some(1.0)),
        (vec![slot(0, 1.0), slot(0, 2.0)], 0, Some(2.0)),
        (vec![slot(5, 1.0)], 4, None),
        (vec![], 4, None),
    ] {
        let rate = Arc::new(Rate { slots, ..Rate::default() });
        let rows = vec![row("*any", &rate, 0.0)];
        let plan = Plan::compile(&RatingPlan { id: String::new(), rows }, &|_| None);
        let interval = plan.intervals(plan.any().unwrap())[0];
        let got = plan.slot_at(&interval, at_s * 1_000_000_000);
        assert_eq!(got.map(|(_, price)| price), want, "{rate:?}");
        if let Some((slot, _)) = got {
            assert_eq!((slot.unit_ns, slot.increment_ns), (1_000_000_000, 1_000_000_000));
        }
    }
}

#[test]
fn timings_that_are_alike_are_one() {
    let timing = |id: &str, start: &str| definition::Timing {
        id: id.to_owned(),
        start: start.to_owned(),
        ..definition::Timing::default()
    };
    let rate = rate(0.1);
    let with = |timing: definition::Timing| PlanRow {
        timing: Some(Arc::new(timing)),
        ..row("*any", &rate, 5.0)
    };
    let rows = vec![
        row("*any", &rate, 5.0),
        with(timing("A", "00:00:00")),
        with(timing("B", "08:00:00")),
        with(timing("C", "08:00:00")),
    ];
    let plan = Plan::compile(&RatingPlan { id: String::new(), rows }, &|_| None);
    assert_eq!(plan.intervals(plan.any().unwrap()).len(), 2);
}

#[test]
fn a_large_deck_takes_little_memory() {
    let names: Vec<String> = (0..50_000).map(|n| format!("D{n}")).collect();
    let numbers: Vec<[String; 1]> =
        (0..50_000_u64).map(|n| [(1_000_000 + n * 37 / 10).to_string()]).collect();
    let price = |n: usize| f64::from(u32::try_from(n).unwrap()) * 0.0001;
    let rows = (0..).zip(&names).map(|(n, name)| row(name, &rate(price(n)), 10.0)).collect();
    let definition = RatingPlan { id: "RP".to_owned(), rows };
    let plan = Plan::compile(&definition, &|name| {
        name[1..].parse::<usize>().ok().and_then(|n| numbers.get(n)).map(<[String; 1]>::as_slice)
    });
    let (_, rates) = plan.size_bytes();
    assert!(rates / 50_000 <= 24, "{} bytes a rate", rates / 50_000);
    for n in [0, 1, 777, 49_999] {
        let (_, mut offers) = plan.matches(&numbers[n][0]).next().unwrap();
        let interval = plan.intervals(offers.next().unwrap())[0];
        assert_eq!(plan.slot_at(&interval, 0).unwrap().1.to_bits(), price(n).to_bits());
    }
}
