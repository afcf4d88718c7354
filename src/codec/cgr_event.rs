//! CGREvent: the argument of every question in CGRateS' terms (section 2.2 of its specification).
//!
//! Read straight into the slots of the event; names of members are read without regard to case, those
//! that nothing reads are skipped. Numbers and times are not normalised here: filters see what came.

use super::json::{Members, Object, refuse, value};
use crate::model::event::{Event, Realm, Slot, SlotNames};
use crate::model::go::time::parse_rfc3339;
use crate::model::json_value;
use crate::model::query::Query;
use serde::de::{DeserializeSeed, MapAccess};
use serde_json::value::RawValue;

/// What an argument had.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// An `Event`, be it empty.
    pub event: bool,
    /// A `Tenant` that is not empty.
    pub tenant: bool,
    /// `Limit` of 0.10.
    pub limit: Option<i64>,
    /// `Offset` of 0.10.
    pub offset: Option<i64>,
}

/// Reads an argument; `None` has nothing set.
///
/// # Errors
/// Says which field is wrong, and what it must be.
pub fn decode(
    argument: Option<&str>,
    slots: &SlotNames,
    query: &mut Query,
) -> Result<Seen, String> {
    let Some(argument) = argument.filter(|raw| *raw != "null") else {
        return Ok(Seen::default());
    };
    let mut members = Argument { slots, query, seen: Seen::default(), wrong: None };
    let mut document = serde_json::Deserializer::from_str(argument);
    match Object(&mut members).deserialize(&mut document) {
        Ok(()) => Ok(members.seen),
        Err(_) => Err(members.wrong.unwrap_or_else(|| {
            "json: the argument must be an object: {\"Tenant\":…,\"ID\":…,\"Event\":{…}}".into()
        })),
    }
}

struct Argument<'m> {
    slots: &'m SlotNames,
    query: &'m mut Query,
    seen: Seen,
    wrong: Option<String>,
}

impl Members for Argument<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let is = |name: &str| key.eq_ignore_ascii_case(name);
        let raw = value(map)?;
        if raw.get() == "null" {
            return Ok(());
        }
        let read = if is("Event") {
            self.seen.event = true;
            fields(raw, Realm::Event, self.slots, &mut self.query.event)
        } else if is("APIOpts") {
            fields(raw, Realm::Options, self.slots, &mut self.query.event)
        } else if is("Tenant") {
            let read = string(raw, &mut self.query.tenant);
            self.seen.tenant = !self.query.tenant.is_empty();
            read
        } else if is("ID") {
            string(raw, &mut self.query.id)
        } else if is("Time") {
            time(raw).map(|time| self.query.time_ns = Some(time))
        } else if is("MaxCost") {
            // Of 0.10, as the options of later generations.
            self.query.event.read(Slot::MAX_COST, raw.get())
        } else if is("IgnoreErrors") {
            self.query.event.read(Slot::IGNORE_ERRORS, raw.get())
        } else if is("Limit") {
            whole(raw).map(|limit| self.seen.limit = Some(limit))
        } else if is("Offset") {
            whole(raw).map(|offset| self.seen.offset = Some(offset))
        } else {
            return Ok(());
        };
        read.map_err(|wrong| {
            self.wrong = Some(if wrong.starts_with("parsing time") {
                wrong
            } else {
                format!("json: {key} {wrong}")
            });
            refuse()
        })
    }
}

/// The members of `Event` or `APIOpts`.
fn fields(
    raw: &RawValue,
    realm: Realm,
    slots: &SlotNames,
    event: &mut Event,
) -> Result<(), String> {
    if slots.are_whole() {
        event.keep_whole(realm, raw.get());
    }
    let mut fields = Fields { realm, slots, event, wrong: None };
    let mut document = serde_json::Deserializer::from_str(raw.get());
    Object(&mut fields)
        .deserialize(&mut document)
        .map_err(|_| fields.wrong.unwrap_or_else(|| "must be an object".into()))
}

struct Fields<'m> {
    realm: Realm,
    slots: &'m SlotNames,
    event: &'m mut Event,
    wrong: Option<String>,
}

impl Members for Fields<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let Some(slot) = self.slots.find(self.realm, key) else {
            return map.next_value::<serde::de::IgnoredAny>().map(|_| ());
        };
        let raw = value(map)?;
        self.event.read(slot, raw.get()).map_err(|wrong| {
            self.wrong = Some(format!("has a field {key:?} that {wrong}"));
            refuse()
        })
    }
}

fn string(raw: &RawValue, out: &mut String) -> Result<(), String> {
    out.clear();
    if raw.get().starts_with('"') {
        json_value::push_string(raw.get(), out)
    } else {
        Err("must be a string".into())
    }
}

fn whole(raw: &RawValue) -> Result<i64, String> {
    raw.get().parse().map_err(|_| "must be a whole number".into())
}

/// A time that is far away, as Go's zero time is, stands before or behind everything.
fn time(raw: &RawValue) -> Result<i64, String> {
    let mut text = String::new();
    string(raw, &mut text)?;
    let time = parse_rfc3339(&text)?;
    let bounded = time.ns.clamp(i128::from(i64::MIN) + 1, i128::from(i64::MAX) - 1);
    i64::try_from(bounded).map_err(|error| error.to_string())
}
