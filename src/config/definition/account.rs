//! `[[account]]`: balances that pay for calls.

use super::super::finding::shown;
use super::super::report::Report;
use super::super::walk::Node;
use super::{Row, tenant_of};
use crate::model::definition::{Account, Balance, BalanceKind};
use crate::model::duration;
use crate::model::money::Money;

/// Reads one; what is missing or wrong is empty, and the report has it.
pub(super) fn read(node: Node<'_>, tenant: &str, report: &mut Report<'_>) -> Row<Account> {
    let mut balances: Vec<Balance> = Vec::new();
    for (place, balance) in (1..).zip(node.tables("balances")) {
        let read = read_balance(balance, place, report);
        if balances.iter().any(|known| known.id == read.id && known.kind == read.kind) {
            let text = format!("the balance {} of this type is there twice", shown(&read.id));
            report.error(balance.mark_of("id"), &text, "give each an `id` of its own");
        }
        balances.push(read);
    }
    let definition = Account {
        tenant: tenant_of(node, tenant),
        id: node.text("id").unwrap_or_default().to_owned(),
        balances,
        allows_negative: node.boolean("allow_negative").unwrap_or(false),
        is_disabled: !node.boolean("enabled").unwrap_or(true),
    };
    let place = report.place(node.mark());
    Row { definition, place, id: node.mark_of("id"), filters: Vec::new() }
}

fn read_balance(node: Node<'_>, place: u32, report: &mut Report<'_>) -> Balance {
    let kind = match node.text("type") {
        Some("*voice") => BalanceKind::Voice,
        _ => BalanceKind::Monetary,
    };
    let value = node.number_text("value").map(|text| amount(&text, kind)).transpose();
    let value = value.unwrap_or_else(|(text, help)| {
        report.error(node.mark_of("value"), &format!("`value` {text}"), help);
        None
    });
    Balance {
        id: node.text("id").map_or_else(|| place.to_string(), str::to_owned),
        kind,
        value: value.unwrap_or_default(),
        weight: node.number("weight").unwrap_or(0.0),
        destinations: node.list("destinations").unwrap_or_default(),
        categories: node.list("categories").unwrap_or_default(),
        rating_subject: node.text("rating_subject").unwrap_or_default().to_owned(),
        expires: node.stamp("expires"),
        is_disabled: !node.boolean("enabled").unwrap_or(true),
    }
}

/// Nanoseconds of time, or money.
fn amount(text: &str, kind: BalanceKind) -> Result<f64, (String, &'static str)> {
    let is_time = kind == BalanceKind::Voice;
    match (is_time, duration::parse_ns(text), Money::parse(text)) {
        // Up to 104 days this is exact.
        (true, Ok(ns), _) if ns >= 0 => Ok(ns as f64),
        (true, ..) => {
            Err((format!("is {}, and the balance holds time", shown(text)), "write it as `30s`"))
        }
        (false, _, Ok(money)) => Ok(money.to_f64()),
        (false, ..) => {
            Err((format!("is {}, and the balance holds money", shown(text)), "write it as `1.5`"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balance_holds_time_or_money() {
        for (text, kind, want) in [
            ("30s", BalanceKind::Voice, Some(30e9)),
            ("0", BalanceKind::Voice, Some(0.0)),
            ("30", BalanceKind::Voice, None),
            ("-30s", BalanceKind::Voice, None),
            ("1.5", BalanceKind::Monetary, Some(1.5)),
            ("-1", BalanceKind::Monetary, Some(-1.0)),
            ("30s", BalanceKind::Monetary, None),
        ] {
            assert_eq!(amount(text, kind).ok(), want, "{text} {kind:?}");
        }
    }
}
