//! An Account with its balances, as the state database keeps it.

use super::activation;
use super::read::{self, Wrong};
use super::write::Writer;
use crate::model::definition::{Account, Balance, BalanceKind};

/// Names of what balances hold. What pays for no call is one kind here.
pub(super) const KINDS: [(&str, BalanceKind); 3] = [
    ("*voice", BalanceKind::Voice),
    ("*monetary", BalanceKind::Monetary),
    ("*generic", BalanceKind::Other),
];

/// What a BalanceType says.
pub(super) fn kind(name: &str) -> BalanceKind {
    let known = KINDS.into_iter().find(|(known, _)| *known == name);
    known.map_or(BalanceKind::Other, |(_, kind)| kind)
}

/// A BalanceType.
#[must_use]
pub fn balance_type(kind: BalanceKind) -> &'static str {
    KINDS.into_iter().find(|(_, known)| *known == kind).map_or("", |(name, _)| name)
}

pub(super) fn read(raw: &str) -> Result<Account, Wrong> {
    let mut account = Account::default();
    let mut balances = None;
    let names = &["Tenant", "ID", "Balances", "AllowNegative", "Disabled"];
    read::object(raw, names, |name, value| match name {
        "Tenant" => read::string(value, &mut account.tenant),
        "ID" => read::string(value, &mut account.id),
        "Balances" => read::objects(value, &mut balances, balance),
        "AllowNegative" => read::flag(value, &mut account.allows_negative),
        _ => read::flag(value, &mut account.is_disabled),
    })?;
    account.balances = balances.unwrap_or_default();
    Ok(account)
}

fn balance(raw: &str) -> Result<Balance, Wrong> {
    let mut balance = Balance::default();
    let (mut name_of_kind, mut destinations, mut categories) = (String::new(), None, None);
    let names = &[
        "ID",
        "Type",
        "Value",
        "Weight",
        "DestinationIDs",
        "Categories",
        "RatingSubject",
        "ExpiryTime",
        "Disabled",
    ];
    read::object(raw, names, |name, value| match name {
        "ID" => read::string(value, &mut balance.id),
        "Type" => read::string(value, &mut name_of_kind),
        "Value" => read::number(value, &mut balance.value),
        "Weight" => read::number(value, &mut balance.weight),
        "DestinationIDs" => read::strings(value, &mut destinations),
        "Categories" => read::strings(value, &mut categories),
        "RatingSubject" => read::string(value, &mut balance.rating_subject),
        "ExpiryTime" => activation::read_stamp(value, &mut balance.expires),
        _ => read::flag(value, &mut balance.is_disabled),
    })?;
    balance.kind = kind(&name_of_kind);
    balance.destinations = destinations.unwrap_or_default();
    balance.categories = categories.unwrap_or_default();
    Ok(balance)
}

pub(super) fn write(account: &Account, out: &mut Vec<u8>) {
    let mut object = Writer::object(out);
    object.string("Tenant", &account.tenant);
    object.string("ID", &account.id);
    object.list("Balances", Some(&account.balances), |balance, out| {
        let mut object = Writer::object(out);
        object.string("ID", &balance.id);
        object.string("Type", balance_type(balance.kind));
        object.number("Value", balance.value);
        object.number("Weight", balance.weight);
        object.strings("DestinationIDs", Some(&balance.destinations));
        object.strings("Categories", Some(&balance.categories));
        object.string("RatingSubject", &balance.rating_subject);
        object.string("ExpiryTime", activation::side(balance.expires.as_ref()));
        object.flag("Disabled", balance.is_disabled);
        object.end();
    });
    object.flag("AllowNegative", account.allows_negative);
    object.flag("Disabled", account.is_disabled);
    object.end();
}
