//! CGREvent: the argument of every question in CGRateS' terms (section 2.2 of its specification).
//!
//! Read straight into the slots of the event; names of members are read without regard to case, those
//! that nothing reads are skipped. Numbers and times are not normalised here: filters see what came.

use super::fields::Fields;
use super::json::{Members, Object, refuse, value};
use crate::model::event::{Event, Kind, Realm, Slot, SlotNames};
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
}

/// Members that some methods have beside the event.
pub trait Beside {
    /// Takes one; it is not null. Names are compared without regard to case, unknown ones skipped.
    ///
    /// # Errors
    /// Says what it must be.
    fn member(&mut self, key: &str, raw: &RawValue, event: &mut Event) -> Result<(), String>;
}

/// No members.
impl Beside for () {
    fn member(&mut self, _: &str, _: &RawValue, _: &mut Event) -> Result<(), String> {
        Ok(())
    }
}

/// The page of `SupplierSv1` (0.10), whose options stand beside the event, too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Page {
    /// `Limit`.
    pub limit: Option<i64>,
    /// `Offset`.
    pub offset: Option<i64>,
}

impl Beside for Page {
    fn member(&mut self, key: &str, raw: &RawValue, event: &mut Event) -> Result<(), String> {
        let is = |name: &str| key.eq_ignore_ascii_case(name);
        if is("MaxCost") {
            event.read(Slot::MAX_COST, raw.get())?;
        } else if is("IgnoreErrors") {
            event.read(Slot::IGNORE_ERRORS, raw.get())?;
        } else if is("Limit") {
            self.limit = Some(whole(raw)?);
        } else if is("Offset") {
            self.offset = Some(whole(raw)?);
        }
        Ok(())
    }
}

/// Reads an argument; `None` has nothing set.
///
/// # Errors
/// Says which field is wrong, and what it must be.
pub fn decode(
    argument: Option<&str>,
    slots: &SlotNames,
    query: &mut Query,
    beside: &mut impl Beside,
) -> Result<Seen, String> {
    let Some(argument) = argument.filter(|raw| *raw != "null") else {
        return Ok(Seen::default());
    };
    let mut members = Argument { slots, query, beside, seen: Seen::default(), wrong: None };
    let mut document = serde_json::Deserializer::from_str(argument);
    match Object(&mut members).deserialize(&mut document) {
        Ok(()) => Ok(members.seen),
        Err(_) => Err(members.wrong.unwrap_or_else(|| {
            "json: the argument must be an object: {\"Tenant\":…,\"ID\":…,\"Event\":{…}}".into()
        })),
    }
}

struct Argument<'m, B> {
    slots: &'m SlotNames,
    query: &'m mut Query,
    beside: &'m mut B,
    seen: Seen,
    wrong: Option<String>,
}

impl<B> Argument<'_, B> {
    /// The members of `Event` or `APIOpts`; `false` where null stands.
    fn fields<'de, A: MapAccess<'de>>(
        &mut self,
        realm: Realm,
        key: &str,
        map: &mut A,
    ) -> Result<bool, A::Error> {
        let mut fields = Fields::new(realm, self.slots, &mut self.query.event);
        fields.take_next(map).inspect_err(|_| {
            self.wrong = Some(match fields.wrong {
                Some((field, wrong)) => format!("json: {key} has a field {field:?} that {wrong}"),
                None => format!("json: {key} must be an object"),
            });
        })
    }
}

impl<B: Beside> Members for Argument<'_, B> {
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let is = |name: &str| key.eq_ignore_ascii_case(name);
        if is("Event") {
            self.seen.event |= self.fields(Realm::Event, key, map)?;
            return Ok(());
        }
        if is("APIOpts") {
            return self.fields(Realm::Options, key, map).map(|_| ());
        }
        let raw = value(map)?;
        if raw.get() == "null" {
            return Ok(());
        }
        let read = if is("Tenant") {
            let read = string(raw, &mut self.query.tenant);
            self.seen.tenant = !self.query.tenant.is_empty();
            read
        } else if is("ID") {
            string(raw, &mut self.query.id)
        } else if is("Time") {
            time(raw).map(|time| self.query.time_ns = Some(time))
        } else {
            self.beside.member(key, raw, &mut self.query.event)
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
    let (kind, text) = json_value::text(raw.get())?;
    if kind != Kind::Text {
        return Err("must be a string".into());
    }
    let time = parse_rfc3339(&text)?;
    let bounded = time.ns.clamp(i128::from(i64::MIN) + 1, i128::from(i64::MAX) - 1);
    i64::try_from(bounded).map_err(|error| error.to_string())
}
