//! How long an account's balances pay.

use super::profile::{profile, table};
use super::*;
use crate::engine::rating::account::{AccountError, CATEGORY, Payment, max_usage};
use crate::model::definition::{Account, Balance, BalanceKind, Stamp};

fn time_of(seconds: i64) -> Balance {
    let value = length::float(seconds * S);
    Balance { kind: BalanceKind::Voice, value, ..Balance::default() }
}

fn money(value: f64) -> Balance {
    Balance { value, ..Balance::default() }
}

fn subject(rating_subject: &str, balance: Balance) -> Balance {
    Balance { rating_subject: rating_subject.to_owned(), ..balance }
}

/// What an account pays of `usage_s` seconds, in seconds, by the plan of category `*routes`.
fn paid(account: &Account, rate: Option<Rate>, usage_s: i64) -> Result<i64, &'static str> {
    let profiles: Option<_> =
        rate.is_some().then(|| profile(CATEGORY, "*any", &[("01T00:00:00", "RP", &[])]));
    let plans = vec![("RP", "D49", rate.unwrap_or_default())];
    let table = table(plans, profiles.into_iter().collect());
    let prices = table.objects.prices();
    let rater = Rater { prices, tenant: "t", category: CATEGORY, subject: "1001" };
    let covers = |id: &str, number: &str| id == "D49" && number.starts_with("49");
    let payment = Payment { rater, covers: &covers, now_ns: 1_000, rounding_decimals: 5 };
    let asked = call("13T10:00:00", usage_s * S);
    max_usage(Some(account), &payment, &asked, &mut Scratch::default())
        .map(|ns| if ns == -1 { -1 } else { ns / S })
        .map_err(AccountError::text)
}

fn with(balances: Vec<Balance>) -> Account {
    Account { balances, ..Account::default() }
}

#[test]
fn balances_pay_as_long_as_they_last() {
    let second = || Some(rate(0.0, &[(0, 0.6, 60, 1)], "*up", 4));
    let minute = |fee: f64| Some(rate(fee, &[(0, 0.6, 60, 60)], "*up", 4));
    let free = |fee: f64| Some(rate(fee, &[(0, 0.0, 60, 60)], "*up", 4));
    let dear = || Some(rate(0.0, &[(0, 0.6, 60, 1), (60, 6.0, 60, 1)], "*up", 4));
    let heavy = |weight: f64, balance: Balance| Balance { weight, ..balance };
    let lists = |destination: &str, category: &str, balance: Balance| Balance {
        destinations: vec![destination.to_owned()],
        categories: vec![category.to_owned()],
        ..balance
    };
    let expires = |ns: i64, balance: Balance| Balance {
        expires: Some(Stamp { ns, text: String::new() }),
        ..balance
    };
    for (balances, rate, usage_s, want, why) in [
        (vec![time_of(40)], second(), 30, 30, "never more than the usage"),
        (vec![time_of(40)], second(), 60, 40, "time"),
        (vec![time_of(20), time_of(15)], second(), 60, 35, "two of them"),
        (vec![subject("*zero20s", time_of(50))], second(), 60, 40, "whole increments"),
        (vec![subject("*zero20s", time_of(50))], second(), 10, 10, "an increment covers it"),
        (vec![subject("*zero1m", time_of(50))], second(), 60, 0, "less than one increment"),
        (vec![subject("somebody", time_of(50))], second(), 60, 0, "another subject's time"),
        (vec![money(0.2)], second(), 60, 20, "a second costs 0.01"),
        (vec![money(0.2), time_of(30)], second(), 60, 50, "time first, then money"),
        (vec![money(100.0)], second(), 60, 60, "enough"),
        (vec![money(0.5), money(0.5)], minute(0.0), 60, 0, "one increment is paid by one balance"),
        (vec![money(0.6), money(0.6)], minute(0.0), 180, 120, "an increment each"),
        (vec![money(0.9)], minute(0.3), 120, 60, "the fee first"),
        (vec![money(0.8)], minute(0.3), 120, 0, "the fee leaves too little"),
        (vec![time_of(60), money(0.8)], minute(0.3), 120, 120, "no fee where time has paid"),
        (vec![money(1.2)], dear(), 120, 66, "the price of the slot in force"),
        (vec![], free(0.0), 60, 60, "a rate of 0 covers everything"),
        (vec![], free(0.3), 60, 0, "but for its fee"),
        (vec![], second(), 60, 0, "nothing left is no failure"),
        (vec![], None, 0, 0, "usage 0 needs no profile"),
        (
            vec![heavy(1.0, money(0.6)), heavy(2.0, money(0.7))],
            minute(0.1),
            60,
            60,
            "heavier first",
        ),
        (vec![lists("D49", CATEGORY, time_of(40))], second(), 60, 40, "meant for this"),
        (vec![lists("D50", CATEGORY, time_of(40))], second(), 60, 0, "another destination"),
        (vec![lists("*any", CATEGORY, time_of(40))], second(), 60, 40, "any destination"),
        (vec![lists("D49", "call", time_of(40))], second(), 60, 0, "another category"),
        (vec![expires(1_000, time_of(40))], second(), 60, 0, "expired"),
        (vec![expires(1_001, time_of(40))], second(), 60, 40, "not expired"),
        (vec![Balance { is_disabled: true, ..time_of(40) }], second(), 60, 0, "disabled"),
        (
            vec![money(1e9)],
            second(),
            900_000,
            900_000,
            "many increments are not counted one by one",
        ),
        (vec![money(8_999.999)], second(), 900_000, 899_999, "to the last of them"),
        (vec![time_of(2_000_000)], second(), 1_000_001, 0, "more than a million are not counted"),
    ] {
        assert_eq!(paid(&with(balances), rate, usage_s), Ok(want), "{why}");
    }
}

#[test]
fn an_account_that_cannot_be_asked_says_why() {
    let rate = Some(rate(0.0, &[(0, 0.6, 60, 1)], "*up", 4));
    let disabled = Account { is_disabled: true, ..with(vec![time_of(40)]) };
    let owes = Account { allows_negative: true, ..with(vec![]) };
    assert_eq!(paid(&disabled, rate.clone(), 60), Err("ACCOUNT_DISABLED"));
    assert_eq!(paid(&owes, rate.clone(), 60), Ok(-1));
    assert_eq!(paid(&with(vec![time_of(40)]), None, 60), Err("RATING_PLAN_NOT_FOUND"));
    assert_eq!(paid(&with(vec![time_of(60)]), None, 60), Ok(60), "no profile is needed");
    assert_eq!(paid(&with(vec![]), rate, -5), Err("UNAUTHORIZED_DESTINATION"));
}
