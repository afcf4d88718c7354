//! What calls cost as tables of a table file: rating plans with their decks, rating profiles, accounts.

use super::Writer;
use super::deck;
use super::value::{inline, number, one_line_list, quoted, tables};
use crate::codec::definition::balance_type;
use crate::model::definition::{
    Account, Balance, BalanceKind, Destination, RatingPlan, RatingProfile, Stamp,
};
use foldhash::HashMap;

/// Where decks are written, beside the table file.
const FOLDER: &str = "decks";

impl Writer<'_> {
    /// A rating plan; its prices stand in a file of their own.
    pub(super) fn rating_plan(
        &mut self,
        plan: &RatingPlan,
        destinations: &HashMap<&str, &Destination>,
    ) {
        let deck = deck::write(plan, destinations);
        let path = self.deck_path(&plan.id);
        self.table("rating_plan", "");
        self.key("id", quoted(&plan.id));
        self.key("deck", quoted(&path));
        self.key("arithmetic", quoted("cgrates"));
        self.key("compare", quoted("text"));
        self.written.lost.extend(deck.lost);
        self.written.decks.push((path, deck.text));
    }

    /// A name that is nothing but a name in every file system, and no other plan's.
    fn deck_path(&self, id: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "_-.".contains(c) { c } else { '_' };
        let name: String = id.trim_start_matches('.').chars().take(100).map(plain).collect();
        let path = |number: usize| match number {
            0 => format!("{FOLDER}/{name}.csv"),
            number => format!("{FOLDER}/{name}-{number}.csv"),
        };
        let is_free = |path: &String| {
            !self.written.decks.iter().any(|(known, _)| known.eq_ignore_ascii_case(path))
        };
        (0..).map(path).find(is_free).unwrap_or_default()
    }

    /// A rating profile.
    pub(super) fn rating_profile(&mut self, profile: &RatingProfile) {
        self.table("rating_profile", "");
        self.key("category", quoted(&profile.category));
        self.key("subject", quoted(&profile.subject));
        self.tenant(&profile.tenant);
        let plans = profile.activations.iter().map(|activation| {
            let from = Some(&activation.from).filter(|from| **from != Stamp::first());
            let fallback = Some(&activation.fallback).filter(|fallback| !fallback.is_empty());
            inline(&[
                ("from", from.map(|from| from.text.clone())),
                ("plan", Some(quoted(&activation.plan))),
                ("fallback", fallback.map(|fallback| one_line_list(fallback))),
            ])
        });
        let plans: Vec<String> = plans.collect();
        self.key("plans", tables(&plans));
    }

    /// An account.
    pub(super) fn account(&mut self, account: &Account) {
        self.table("account", "");
        self.id(&account.tenant, &account.id);
        // What is neither time nor money pays for no call.
        let balances = account.balances.iter().filter(|balance| balance.kind != BalanceKind::Other);
        let balances: Vec<String> = balances.map(balance).collect();
        if !balances.is_empty() {
            self.key("balances", tables(&balances));
        }
        if account.allows_negative {
            self.key("allow_negative", true);
        }
        if account.is_disabled {
            self.key("enabled", false);
        }
    }
}

fn balance(balance: &Balance) -> String {
    let text = |text: &str| Some(text).filter(|text| !text.is_empty()).map(quoted);
    let list = |list: &[String]| Some(list).filter(|list| !list.is_empty()).map(one_line_list);
    inline(&[
        ("id", text(&balance.id)),
        ("type", Some(quoted(balance_type(balance.kind)))),
        ("value", Some(value(balance))),
        ("destinations", list(&balance.destinations)),
        ("categories", list(&balance.categories)),
        ("rating_subject", text(&balance.rating_subject)),
        ("weight", Some(balance.weight).filter(|weight| *weight != 0.0).map(number)),
        ("expires", balance.expires.as_ref().map(|stamp| stamp.text.clone())),
        ("enabled", balance.is_disabled.then(|| "false".to_owned())),
    ])
}

/// Time as people write it: less than a nanosecond is nothing.
fn value(balance: &Balance) -> String {
    match balance.kind {
        BalanceKind::Voice => quoted(&deck::span(balance.value as i64)),
        BalanceKind::Monetary | BalanceKind::Other => number(balance.value),
    }
}

#[cfg(test)]
mod tests {
    use super::super::write;
    use crate::model::definition::{
        Account, Balance, BalanceKind, Definition, Destination, PlanActivation, PlanRow, Rate,
        RateSlot, RatingPlan, RatingProfile, Stamp,
    };
    use std::sync::Arc;

    #[test]
    fn prices_are_written_with_their_decks() {
        let slot = RateSlot { rate: 0.02, unit_ns: 60_000_000_000, ..RateSlot::default() };
        let rate = Arc::new(Rate { slots: vec![slot], ..Rate::default() });
        let row = PlanRow { destination: "DE".into(), rate, timing: None, weight: 0.0 };
        let plan = |id: &str| {
            let rows = vec![row.clone()];
            Definition::RatingPlan(Arc::new(RatingPlan { id: id.into(), rows }))
        };
        let at = |ns, text: &str| Stamp { ns, text: text.into() };
        let balance = |kind, value| Balance { kind, value, ..Balance::default() };
        let definitions = [
            Definition::Destination(Destination { id: "DE".into(), prefixes: vec!["49".into()] }),
            plan("../RP A"),
            plan(".rp_a"),
            plan("RP/A"),
            Definition::RatingProfile(RatingProfile {
                tenant: "t".into(),
                category: "call".into(),
                subject: "*any".into(),
                activations: vec![
                    PlanActivation { from: Stamp::first(), plan: "A".into(), fallback: vec![] },
                    PlanActivation {
                        from: at(1, "2026-01-01T00:00:00Z"),
                        plan: "B".into(),
                        fallback: vec!["1001".into()],
                    },
                ],
            }),
            Definition::Account(Account {
                tenant: "t".into(),
                id: "1001".into(),
                balances: vec![
                    Balance {
                        id: "B1".into(),
                        destinations: vec!["DE".into()],
                        categories: vec!["call".into()],
                        rating_subject: "*zero1m".into(),
                        weight: 10.0,
                        expires: Some(at(1, "2030-01-01T00:00:00+01:00")),
                        is_disabled: true,
                        ..balance(BalanceKind::Voice, 3e10)
                    },
                    balance(BalanceKind::Monetary, 0.4),
                    balance(BalanceKind::Other, 7.0),
                ],
                allows_negative: true,
                is_disabled: true,
            }),
        ];
        let written = write(&definitions, "");
        let want = r#"tenant = "t"

[[destination]]
id = "DE"
prefixes = ["49"]

[[rating_plan]]
id = "../RP A"
deck = "decks/_RP_A.csv"
arithmetic = "cgrates"
compare = "text"

[[rating_plan]]
id = ".rp_a"
deck = "decks/rp_a.csv"
arithmetic = "cgrates"
compare = "text"

[[rating_plan]]
id = "RP/A"
deck = "decks/RP_A-1.csv"
arithmetic = "cgrates"
compare = "text"

[[rating_profile]]
category = "call"
subject = "*any"
plans = [
  { plan = "A" },
  { from = 2026-01-01T00:00:00Z, plan = "B", fallback = ["1001"] },
]

[[account]]
id = "1001"
balances = [
  { id = "B1", type = "*voice", value = "30s", destinations = ["DE"], categories = ["call"], rating_subject = "*zero1m", weight = 10, expires = 2030-01-01T00:00:00+01:00, enabled = false },
  { type = "*monetary", value = 0.4 },
]
allow_negative = true
enabled = false
"#;
        assert_eq!(written.text, want);
        assert_eq!(written.lost, Vec::<String>::new());
        let decks: Vec<&str> = written.decks.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(decks, ["decks/_RP_A.csv", "decks/rp_a.csv", "decks/RP_A-1.csv"]);
        assert_eq!(written.decks[0].1, "prefix,rate,unit,increment\n49,0.02,60s,1s\n");
        written.text.parse::<toml::Table>().unwrap();
    }
}
