//! `opts` of a native question, and the same options in a query string.

use super::fault::{Fault, shown_name};
use super::field;
use super::json::{Members, refuse, value};
use crate::model::answer::Refusal;
use crate::model::limits::Limits;
use crate::model::query::Query;
use serde::de::MapAccess;
use serde_json::value::RawValue;

/// `opts`.
pub(super) struct Options<'m> {
    pub(super) query: &'m mut Query,
    pub(super) limits: &'m Limits,
    pub(super) fault: Option<Fault>,
}

impl Members for Options<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let raw = value(map)?;
        let read = if key == "suppliers" {
            suppliers(raw, self.query, self.limits)
        } else {
            option(key, raw, self.query)
        };
        read.map_err(|wrong| {
            let name = format!("opts.{}", shown_name(key));
            self.fault = Some(Fault::Bad(Refusal::bad_field(name, wrong)));
            refuse()
        })
    }
}

/// `opts.suppliers`, as JSON.
fn suppliers(raw: &RawValue, query: &mut Query, limits: &Limits) -> Result<(), String> {
    let names =
        serde_json::from_str(raw.get()).map_err(|_| "must be a list of supplier ids".to_owned())?;
    take_suppliers(names, query, limits)
}

/// These suppliers and no others.
pub(super) fn take_suppliers(
    names: Vec<String>,
    query: &mut Query,
    limits: &Limits,
) -> Result<(), String> {
    if names.len() > limits.routes_max {
        return Err(format!("must have {} entries at most", limits.routes_max));
    }
    query.suppliers = names;
    Ok(())
}

/// One option of a lookup, by its name.
pub(super) fn option(key: &str, raw: &RawValue, query: &mut Query) -> Result<(), String> {
    let count = |raw| field::whole(raw).map(|number| usize::try_from(number).unwrap_or(usize::MAX));
    match key {
        "limit" => match count(raw)? {
            0 => return Err("must be 1 or more".into()),
            limit => query.limit = Some(limit),
        },
        "offset" => query.offset = count(raw)?,
        "profile_count" => query.profile_count = count(raw)?,
        "explain" => query.explain = field::switch(raw)?,
        "max_cost" => query.max_cost = Some(field::decimal(raw)?),
        "ignore_errors" => query.minds_errors = !field::switch(raw)?,
        // Keys of the event's options, for filters.
        _ if key.starts_with('*') || key.starts_with(|c: char| c.is_ascii_uppercase()) => {}
        _ => {
            return Err("is unknown: there are limit, offset, profile_count, suppliers, explain, \
                        max_cost and ignore_errors"
                .into());
        }
    }
    Ok(())
}
