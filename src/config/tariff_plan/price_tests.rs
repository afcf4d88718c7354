//! What calls cost, as rows say it, and what is said of wrong ones.

use super::*;
use crate::config::Severity;
use crate::model::definition::{
    Account, Balance, BalanceKind, PlanRow, Rate, RateSlot, RatingPlan, Stamp,
};
use std::sync::Arc;

const DESTINATION_RATES: (&str, &str) = (
    "DestinationRates.csv",
    "DR,DE,RT,*up,4,0,\nDR,*any,RT,*up,4,0,\nDR2,DE,RT_SAME,*up,4,0,\nDR2,FR,RT,,,0.5,*free\n",
);
const RATES: (&str, &str) = (
    "Rates.csv",
    "RT,0.1,0.02,1m,30s,60s\nRT,9,0.03,60s,1s,\nRT_SAME,0.1,0.02,60s,30s,1m\n\
     RT_SAME,0.4,0.030,1m,1000000000,0\n",
);

fn read(files: &[(&str, &str)]) -> Result<Plan, PlanError> {
    let files: Vec<_> =
        files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    parse("plan", &files, &Manner::default())
}

fn definitions(files: &[(&str, &str)]) -> Vec<Definition> {
    read(files).unwrap_or_else(|error| panic!("{files:?}\n{error:?}")).into_definitions()
}

fn plans(files: &[(&str, &str)]) -> Vec<Arc<RatingPlan>> {
    let plans = definitions(files).into_iter().filter_map(|definition| match definition {
        Definition::RatingPlan(plan) => Some(plan),
        _ => None,
    });
    plans.collect()
}

#[test]
fn a_plan_has_the_rows_of_its_destination_rates_in_the_order_of_the_files() {
    let plans = plans(&[
        RATES,
        DESTINATION_RATES,
        ("Timings.csv", "PEAK,*any,*any,*any,1;2;3;4;5,08:00:00;18:00:00\n"),
        (
            "RatingPlans.csv",
            "#Id,DestinationRatesId,TimingTag,Weight\nB,DR2,*any,\nA,DR,PEAK,10.5\nB,DR,*any,-5\n",
        ),
    ]);
    let second = 1_000_000_000;
    let slot = |start_s, rate, increment_s| RateSlot {
        start_ns: start_s * second,
        rate,
        unit_ns: 60 * second,
        increment_ns: increment_s * second,
    };
    let up = Rate {
        connect_fee: 0.1,
        slots: vec![slot(0, 0.03, 1), slot(60, 0.02, 30)],
        rounding_method: "*up".into(),
        rounding_decimals: 4,
        ..Rate::default()
    };
    let capped = Rate {
        rounding_method: String::new(),
        rounding_decimals: 0,
        max_cost: 0.5,
        max_cost_strategy: "*free".into(),
        ..up.clone()
    };
    let row = |destination: &str, rate: &Rate, weight| PlanRow {
        destination: destination.into(),
        rate: Arc::new(rate.clone()),
        timing: None,
        weight,
    };
    let [b, a] = plans.as_slice() else { panic!("{plans:?}") };
    assert_eq!((b.id.as_str(), a.id.as_str()), ("B", "A"), "in the order of the file");
    let want = [
        row("DE", &up, 0.0),
        row("FR", &capped, 0.0),
        row("DE", &up, -5.0),
        row("*any", &up, -5.0),
    ];
    assert_eq!(b.rows, want);
    let [first, any] = a.rows.as_slice() else { panic!("{a:?}") };
    assert_eq!((first.destination.as_ref(), any.destination.as_ref()), ("DE", "*any"));
    let timing = first.timing.as_deref().unwrap();
    assert_eq!(
        (timing.start.as_str(), timing.week_days.as_slice()),
        ("08:00:00", &[1, 2, 3, 4, 5][..])
    );
    assert!(Arc::ptr_eq(&first.rate, &b.rows[0].rate), "what says the same is held once");
    assert!(Arc::ptr_eq(&first.destination, &b.rows[2].destination), "so are destinations");
}

#[test]
fn a_profile_has_its_plans_by_the_time_from_which_they_count() {
    let files = [(
        "RatingProfiles.csv",
        "t,call,1001,2024-03-01T00:00:00Z,B,1002;*any\nt,,*any,,A,\nt,call,1001,2020-01-01T00:00:00Z,A,\n",
    )];
    let told: Vec<String> = definitions(&files)
        .into_iter()
        .map(|definition| match definition {
            Definition::RatingProfile(profile) => {
                let plans = profile.activations.iter().map(|activation| {
                    let fallback = activation.fallback.join(";");
                    format!(" {} {} [{fallback}]", activation.from.text, activation.plan)
                });
                format!("{}{}", profile.id(), plans.collect::<String>())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        told,
        [
            "call:1001 2020-01-01T00:00:00Z A [] 2024-03-01T00:00:00Z B [1002;*any]",
            ":*any 0001-01-01T00:00:00Z A []",
        ]
    );
}

const ACTION_PLANS: (&str, &str) =
    ("ActionPlans.csv", "AP,ACT,*asap,10\nAP,LATER,*monthly,10\nTAG,ACT2,SOON,1\n");
const ACTIONS: (&str, &str) = (
    "Actions.csv",
    "ACT,*topup_reset,,,B1,*voice,,DE;!FR,*zero1m,,*unlimited,,30s,20,false,false,5\n\
     ACT,*topup,,,B2,*monetary,call,*any,,,2030-01-01T00:00:00Z,,0.4,*any,,true,10\n\
     ACT,*topup,,,B2,*monetary,,,,,,,0.1,,,,10\n\
     ACT,*topup_reset,,,B1,*voice,,*any,,,+720h,,20,10,,,1\n\
     ACT,*log,,,,,,,,,,,,,,,10\n\
     LATER,*topup_reset,,,B9,*voice,,,,,,,30s,,,,\n\
     ACT2,*topup_reset,,,*any,*sms,,,,,,,5,,,,\n",
);

#[test]
fn an_account_has_the_balances_that_its_plan_fills_at_once() {
    let plan = read(&[
        ACTIONS,
        ACTION_PLANS,
        ("Timings.csv", "SOON,*any,*any,*any,*any,*asap\n"),
        ("AccountActions.csv", "t,1001,AP,,true,false\nt,1002,TAG,,,1\nt,1003,,,,\n"),
    ])
    .unwrap();
    let warnings: Vec<String> = plan
        .warnings
        .iter()
        .map(|one| one.to_string().lines().next().unwrap().to_owned())
        .collect();
    assert_eq!(
        warnings,
        [
            "plan/ActionPlans.csv:2:10: warning: the actions at `*monthly` are passed over",
            "plan/Actions.csv:4:38: warning: `+720h` in ExpiryTime is read as `*unlimited`",
            "plan/Actions.csv:5:5: warning: the action `*log` is passed over",
        ]
    );
    let accounts: Vec<Account> = plan
        .into_definitions()
        .into_iter()
        .filter_map(|definition| match definition {
            Definition::Account(account) => Some(account),
            _ => None,
        })
        .collect();
    let money = Balance {
        id: "B2".into(),
        kind: BalanceKind::Monetary,
        value: 0.5,
        categories: vec!["call".into()],
        expires: Some(Stamp { ns: 1_893_456_000_000_000_000, text: "2030-01-01T00:00:00Z".into() }),
        is_disabled: true,
        ..Balance::default()
    };
    let voice = Balance {
        id: "B1".into(),
        kind: BalanceKind::Voice,
        value: 20.0,
        weight: 10.0,
        ..Balance::default()
    };
    let other = Balance { kind: BalanceKind::Other, value: 5.0, ..Balance::default() };
    let account = |id: &str, balances| Account {
        tenant: "t".into(),
        id: id.into(),
        balances,
        ..Account::default()
    };
    assert_eq!(
        accounts,
        [
            Account { allows_negative: true, ..account("1001", vec![money, voice]) },
            Account { is_disabled: true, ..account("1002", vec![other]) },
            account("1003", vec![]),
        ]
    );
}

#[test]
fn wrong_prices_are_named_with_their_place() {
    for (files, answer, found) in [
        (
            &[("Rates.csv", "RT,0,abc,1m,30s,0\nRT,0,1,1x,1s,0\n")][..],
            "SERVER_ERROR: invalid value \"abc\" for field RateMdl.Rate",
            &[
                "plan/Rates.csv:1:6: error: `abc` in Rate is no number",
                "plan/Rates.csv:2:8: error: `1x` in RateUnit is no duration",
            ][..],
        ),
        (
            &[RATES, ("DestinationRates.csv", "DR,DE,NONE,*up,4,0,\nDR,DE,RT,*up,4.5,x,\n")],
            "SERVER_ERROR: could not find rate for tag \"NONE\"",
            &[
                "plan/DestinationRates.csv:1:7: error: no row of Rates.csv has the Id `NONE`",
                "plan/DestinationRates.csv:2:14: error: `4.5` in RoundingDecimals is no whole number",
                "plan/DestinationRates.csv:2:18: error: `x` in MaxCost is no number",
            ],
        ),
        (
            &[
                RATES,
                DESTINATION_RATES,
                ("Timings.csv", "OFF,*any,*any,*any,*any,00:00:00\n"),
                ("RatingPlans.csv", "P,DR,PEAK,1\nP,NONE,*any,1\n,DR,*any,\n"),
            ],
            "SERVER_ERROR: could not get timing for tag PEAK",
            &[
                "plan/RatingPlans.csv:1:6: error: no row of Timings.csv has the id `PEAK`",
                "plan/RatingPlans.csv:2:3: error: no row of DestinationRates.csv has the id `NONE`",
                "plan/RatingPlans.csv:3:1: error: the row has no Id",
            ],
        ),
        (
            &[("RatingProfiles.csv", "t,a:b,1001,soon,P,\n")],
            "SERVER_ERROR: Unsupported time format",
            &[
                "plan/RatingProfiles.csv:1:3: error: the category `a:b` has a colon",
                "plan/RatingProfiles.csv:1:12: error: `soon` in ActivationTime is no moment",
            ],
        ),
        (
            &[
                ("Timings.csv", "OFF,*any,*any,*any,*any,00:00:00\n"),
                ("Actions.csv", "A,*topup,,,B,*voice,,,,,,,soon,,,,\n"),
                ("ActionPlans.csv", "P,NONE,*asap,1\nP,A,NEVER,1\n"),
                ("AccountActions.csv", "t,1,NONE,,,\n"),
            ],
            "SERVER_ERROR: time: invalid duration \"soon\"",
            &[
                "plan/AccountActions.csv:1:5: error: no row of ActionPlans.csv has the id `NONE`",
                "plan/ActionPlans.csv:1:3: error: no row of Actions.csv has the id `NONE`",
                "plan/ActionPlans.csv:2:5: error: no row of Timings.csv has the id `NEVER`",
                "plan/Actions.csv:1:27: error: `soon` in Units is no duration",
            ],
        ),
    ] {
        let error = read(files).unwrap_err();
        assert_eq!(error.answer, answer, "{files:?}");
        let errors = error.findings.iter().filter(|one| one.severity == Severity::Error);
        let told: Vec<String> =
            errors.map(|finding| finding.to_string().lines().next().unwrap().to_owned()).collect();
        assert_eq!(told, found, "{files:?}");
    }
}
