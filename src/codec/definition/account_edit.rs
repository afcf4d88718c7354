//! Arguments of the methods that change accounts: `SetAccount`, `SetBalance`, `RemoveAccount`; and an
//! account as `GetAccount` tells it.

use super::account::{KINDS, kind};
use super::activation::side;
use super::read::{self, Wrong, mandatory};
use super::write::Writer;
use crate::codec::scan::{self, Items, Members};
use crate::model::definition::{Account, AccountEdit, Balance, BalanceEdit, Stamp};
use crate::model::go::json::push_string;
use crate::model::go::time;
use crate::model::query::DEFAULT_TENANT;
use jiff::tz::TimeZone;

/// `{"Tenant","Account"}`: which account is meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountName {
    /// Whose it is.
    pub tenant: String,
    /// Its id.
    pub id: String,
}

impl AccountName {
    /// Reads it. An empty tenant is the default one.
    ///
    /// # Errors
    /// A field of the wrong kind, or no account.
    pub fn decode(argument: Option<&str>) -> Result<Self, String> {
        let mut name = Self::default();
        read::object(argument.unwrap_or("{}"), &["Tenant", "Account"], |field, value| {
            name.take(field, value)
        })?;
        if name.id.is_empty() {
            return Err(mandatory(&["Account"]));
        }
        Ok(name.owned())
    }

    fn take(&mut self, field: &str, value: &str) -> Result<(), Wrong> {
        match field {
            "Tenant" => read::string(value, &mut self.tenant),
            _ => read::string(value, &mut self.id),
        }
    }

    fn owned(mut self) -> Self {
        if self.tenant.is_empty() {
            DEFAULT_TENANT.clone_into(&mut self.tenant);
        }
        self
    }
}

/// Reads the argument of `SetAccount`. Plans of actions are passed over: nothing happens by itself here.
///
/// # Errors
/// A field of the wrong kind, or no account.
pub fn decode_account(argument: Option<&str>) -> Result<AccountEdit, String> {
    let raw = argument.unwrap_or("{}");
    let AccountName { tenant, id } = AccountName::decode(argument)?;
    let mut edit = AccountEdit { tenant, id, ..AccountEdit::default() };
    read::object(raw, &["ExtraOptions"], |_, value| {
        if read::is_null(value) {
            return Ok(());
        }
        read::object(value, &["AllowNegative", "Disabled"], |name, value| match name {
            "AllowNegative" => optional(value, &mut edit.allows_negative, read::flag),
            _ => optional(value, &mut edit.is_disabled, read::flag),
        })
    })?;
    Ok(edit)
}

/// Reads the argument of `SetBalance` at the moment `now_ns`; a value of 0 in it is no value, but one in
/// `Balance` is.
///
/// # Errors
/// A field of the wrong kind, and mandatory fields that are missing.
pub fn decode_balance(
    argument: Option<&str>,
    timezone: &TimeZone,
    now_ns: i64,
) -> Result<AccountEdit, String> {
    let (mut name, mut type_name, mut value) = (AccountName::default(), String::new(), 0.0);
    let mut balance = BalanceEdit { now_ns, ..BalanceEdit::default() };
    let names = &["Tenant", "Account", "BalanceType", "Value", "Balance"];
    read::object(argument.unwrap_or("{}"), names, |field, raw| match field {
        "BalanceType" => read::string(raw, &mut type_name),
        "Value" => read::number(raw, &mut value),
        "Balance" if read::is_null(raw) => Ok(()),
        "Balance" => read_balance(raw, timezone, &mut balance),
        _ => name.take(field, raw),
    })?;
    let missing: Vec<&str> = [("Account", &name.id), ("BalanceType", &type_name)]
        .into_iter()
        .filter_map(|(field, text)| text.is_empty().then_some(field))
        .collect();
    if !missing.is_empty() {
        return Err(mandatory(&missing));
    }
    if balance.id.is_empty() {
        return Err(mandatory(&["BalanceID", "or", "BalanceUUID"]));
    }
    balance.kind = kind(&type_name);
    if value != 0.0 {
        balance.value = Some(value.abs());
    }
    let AccountName { tenant, id } = name.owned();
    Ok(AccountEdit { tenant, id, balance: Some(balance), ..AccountEdit::default() })
}

fn read_balance(raw: &str, timezone: &TimeZone, edit: &mut BalanceEdit) -> Result<(), Wrong> {
    let now_ns = edit.now_ns;
    let names = &[
        "ID",
        "Value",
        "Weight",
        "DestinationIDs",
        "Categories",
        "RatingSubject",
        "ExpiryTime",
        "Disabled",
    ];
    read::object(raw, names, |name, raw| match name {
        "ID" => read::string(raw, &mut edit.id),
        "Value" => {
            optional(raw, &mut edit.value, number)?;
            edit.value = edit.value.map(f64::abs);
            Ok(())
        }
        "Weight" => optional(raw, &mut edit.weight, number),
        "DestinationIDs" => optional(raw, &mut edit.destinations, |raw, list| {
            set(raw, list)?;
            if list.iter().any(|id| id == "*any") {
                list.clear();
            }
            Ok(())
        }),
        "Categories" => optional(raw, &mut edit.categories, set),
        "RatingSubject" => optional(raw, &mut edit.rating_subject, read::string),
        "ExpiryTime" => optional(raw, &mut edit.expires, |raw, field: &mut Option<Stamp>| {
            let text = scan::string(raw).ok_or_else(|| Wrong::must_be("a time", raw))?;
            let time = time::parse(&text, timezone, now_ns).map_err(Wrong::Text)?;
            *field = Stamp::of(&time);
            Ok(())
        }),
        _ => optional(raw, &mut edit.is_disabled, switch),
    })
}

/// A field that is set when it is there; a null leaves it as it is.
fn optional<T: Default>(
    raw: &str,
    field: &mut Option<T>,
    read: impl FnOnce(&str, &mut T) -> Result<(), Wrong>,
) -> Result<(), Wrong> {
    if !read::is_null(raw) {
        let mut value = T::default();
        read(raw, &mut value)?;
        *field = Some(value);
    }
    Ok(())
}

/// A number, or one that is written as a text.
fn number(raw: &str, field: &mut f64) -> Result<(), Wrong> {
    let Some(text) = scan::string(raw) else { return read::number(raw, field) };
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    *field = number.ok_or_else(|| Wrong::must_be("a number", raw))?;
    Ok(())
}

/// Yes or no, or a text that says so.
fn switch(raw: &str, field: &mut bool) -> Result<(), Wrong> {
    match scan::string(raw).as_deref() {
        Some("true") => *field = true,
        Some("false") => *field = false,
        _ => return read::flag(raw, field),
    }
    Ok(())
}

/// A set of ids: a text with `;` between them, a list, or an object with true for those that are meant
/// and false for those that are not (`!ID` in the other forms).
fn set(raw: &str, field: &mut Vec<String>) -> Result<(), Wrong> {
    field.clear();
    if let Some(text) = scan::string(raw) {
        field.extend(text.split(';').filter(|id| !id.is_empty()).map(str::to_owned));
    } else if let Some(items) = Items::of(raw) {
        for item in items {
            let mut id = String::new();
            read::string(item?, &mut id)?;
            field.push(id);
        }
    } else {
        let members = Members::of(raw).ok_or_else(|| Wrong::must_be("ids", raw))?;
        for member in members {
            let (name, value) = member?;
            let mut is_meant = false;
            read::flag(value, &mut is_meant)?;
            field.push(if is_meant {
                name.text().into_owned()
            } else {
                format!("!{}", name.text())
            });
        }
    }
    Ok(())
}

/// Appends an account as `GetAccount` tells it. Of what is not kept here it says that there is none.
pub fn encode_account(account: &Account, out: &mut Vec<u8>) {
    let mut object = Writer::object(out);
    object.string("ID", &format!("{}:{}", account.tenant, account.id));
    let mut kinds = KINDS;
    kinds.sort_by_key(|(name, _)| *name);
    let out = object.field("BalanceMap");
    if account.balances.is_empty() {
        out.extend_from_slice(b"null");
    } else {
        let mut map = Writer::object(out);
        for (name, kind) in kinds {
            let of_kind: Vec<&Balance> =
                account.balances.iter().filter(|balance| balance.kind == kind).collect();
            if !of_kind.is_empty() {
                map.list(name, Some(&of_kind), |balance, out| write_balance(balance, out));
            }
        }
        map.end();
    }
    object.field("UnitCounters").extend_from_slice(b"null");
    object.field("ActionTriggers").extend_from_slice(b"null");
    object.flag("AllowNegative", account.allows_negative);
    object.flag("Disabled", account.is_disabled);
    object.string("UpdateTime", Stamp::ZERO);
    object.end();
}

/// Appends a balance of an account, the one at a place among those of a type, as `GetAccount` tells it; `None`:
/// there is none.
pub fn encode_balance(
    account: &Account,
    balance_type: &str,
    place: usize,
    out: &mut Vec<u8>,
) -> Option<()> {
    let (_, kind) = KINDS.into_iter().find(|(name, _)| *name == balance_type)?;
    let balance = account.balances.iter().filter(|balance| balance.kind == kind).nth(place)?;
    write_balance(balance, out);
    Some(())
}

fn write_balance(balance: &Balance, out: &mut Vec<u8>) {
    let mut object = Writer::object(out);
    object.string("Uuid", "");
    object.string("ID", &balance.id);
    object.number("Value", balance.value);
    object.string("ExpirationDate", side(balance.expires.as_ref()));
    object.number("Weight", balance.weight);
    write_set(&balance.destinations, object.field("DestinationIDs"));
    object.string("RatingSubject", &balance.rating_subject);
    write_set(&balance.categories, object.field("Categories"));
    for name in ["SharedGroups", "Timings", "TimingIDs"] {
        object.field(name).extend_from_slice(b"null");
    }
    object.flag("Disabled", balance.is_disabled);
    object.field("Factors").extend_from_slice(b"null");
    object.flag("Blocker", false);
    object.end();
}

fn write_set(ids: &[String], out: &mut Vec<u8>) {
    if ids.is_empty() {
        return out.extend_from_slice(b"null");
    }
    let mut ids: Vec<(&str, bool)> = ids
        .iter()
        .map(|id| id.strip_prefix('!').map_or((id.as_str(), true), |id| (id, false)))
        .collect();
    ids.sort_unstable();
    out.push(b'{');
    for (place, (id, is_meant)) in ids.into_iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        push_string(out, id);
        out.extend_from_slice(if is_meant { b":true" } else { b":false" });
    }
    out.push(b'}');
}
