//! Plans, profiles and accounts kept and read again.

use super::super::{restore, store};
use crate::model::definition::{
    Account, Balance, BalanceKind, Definition, PlanActivation, PlanRow, Rate, RateSlot, RatingPlan,
    RatingProfile, Stamp, Timing,
};
use std::sync::Arc;

fn plan(shared: bool) -> RatingPlan {
    let rate = Arc::new(Rate {
        connect_fee: 0.1,
        slots: vec![RateSlot { start_ns: 0, rate: 1e21, unit_ns: 60_000_000_000, increment_ns: 1 }],
        rounding_method: "*up".into(),
        rounding_decimals: -4,
        max_cost: 0.5,
        max_cost_strategy: "*free".into(),
    });
    let timing = Arc::new(Timing { id: "T\"".into(), years: vec![2026], ..Timing::default() });
    let row = |destination: &str, rate: &Arc<Rate>, timing: Option<&Arc<Timing>>| PlanRow {
        destination: destination.into(),
        rate: if shared { Arc::clone(rate) } else { Arc::new(Rate::clone(rate)) },
        timing: timing.cloned(),
        weight: -0.5,
    };
    let free = Arc::new(Rate::default());
    let rows = vec![
        row("*any", &rate, None),
        row("DST_\"ü\"", &free, Some(&timing)),
        row("*any", &rate, Some(&timing)),
    ];
    RatingPlan { id: "RP".into(), rows }
}

#[test]
fn what_calls_cost_is_kept_whole() {
    let stamp = |ns, text: &str| Stamp { ns, text: text.into() };
    let expires = Some(stamp(1_767_225_600_000_000_000, "2026-01-01T01:00:00+01:00"));
    let activation = |from, fallback: &[&str]| PlanActivation {
        from,
        plan: "RP".into(),
        fallback: fallback.iter().map(|subject| (*subject).to_owned()).collect(),
    };
    for definition in [
        Definition::RatingPlan(Arc::new(plan(true))),
        Definition::RatingPlan(Arc::new(RatingPlan { id: "none".into(), rows: vec![] })),
        Definition::RatingProfile(RatingProfile {
            tenant: "t".into(),
            category: String::new(),
            subject: "*any".into(),
            activations: vec![
                activation(Stamp::first(), &[]),
                activation(
                    stamp(1_577_836_800_000_000_000, "2020-01-01T00:00:00Z"),
                    &["1001", "*any"],
                ),
            ],
        }),
        Definition::Account(Account {
            tenant: "t".into(),
            id: "1001".into(),
            balances: vec![
                Balance {
                    id: "B".into(),
                    kind: BalanceKind::Voice,
                    value: 3e10,
                    weight: 10.0,
                    destinations: vec!["DST".into()],
                    categories: vec!["call".into()],
                    rating_subject: "*zero1m".into(),
                    expires,
                    is_disabled: true,
                },
                Balance { kind: BalanceKind::Other, ..Balance::default() },
            ],
            allows_negative: true,
            is_disabled: true,
        }),
    ] {
        let kept = store(&definition);
        assert_eq!(restore(definition.key().kind, &kept), Ok(definition), "{kept}");
    }
}

#[test]
fn plans_that_say_the_same_are_written_alike() {
    let text = |shared| store(&Definition::RatingPlan(Arc::new(plan(shared))));
    assert_eq!(text(true), text(false));
    assert!(
        text(true).ends_with(
            r#""Rows":[["*any",0,null,-0.5],["DST_\"ü\"",1,0,-0.5],["*any",0,0,-0.5]]}"#
        )
    );
}
