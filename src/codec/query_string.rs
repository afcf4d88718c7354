//! `GET /lookup?as=sets&Account=1001&Destination=+4930…`: a question in a query string.
//!
//! `as`, `id`, `tenant`, `time` and the names of options are ours, the rest is the event. A `+` is a
//! plus, as telephone numbers are written, not a blank.

use super::fault::{Fault, shown_name};
use super::fields::Gathered;
use super::native::check_id;
use super::options::{option, take_suppliers};
use crate::model::answer::Refusal;
use crate::model::event::{Realm, SlotNames};
use crate::model::limits::Limits;
use crate::model::query::{Query, Shape};
use serde_json::value::RawValue;

/// Reads a question.
///
/// # Errors
/// A [`Fault`] that names the parameter.
pub fn decode(
    text: &str,
    slots: &SlotNames,
    limits: &Limits,
    query: &mut Query,
) -> Result<(), Fault> {
    // Id and shape first: a refusal echoes them, wherever in the string they stand.
    let pairs = || text.split('&').filter(|pair| !pair.is_empty());
    let leads = |pair: &&str| pair.starts_with("as=") || pair.starts_with("id=");
    let sorted = pairs().filter(leads).chain(pairs().filter(|pair| !leads(pair)));
    let mut whole = Gathered::default();
    for pair in sorted {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let refuse = |wrong: String| Fault::Bad(Refusal::bad_field(shown_name(name), wrong));
        let name = unescape(name).map_err(refuse)?;
        let value = unescape(value).map_err(refuse)?;
        let Some(value) = parameter(&name, value, limits, query).map_err(refuse)? else { continue };
        if slots.are_whole() {
            whole.add_text(&name, &value);
        }
        if let Some(slot) = slots.find(Realm::Event, &name) {
            query.event.set(slot, &value);
        }
    }
    if let Some(whole) = whole.object() {
        query.event.keep_whole(Realm::Event, &whole);
    }
    Ok(())
}

/// Takes a parameter that is ours; a value that comes back is the event's.
fn parameter(
    name: &str,
    value: String,
    limits: &Limits,
    query: &mut Query,
) -> Result<Option<String>, String> {
    let raw = || {
        let text = serde_json::to_string(&value).map_err(|error| error.to_string())?;
        RawValue::from_string(text).map_err(|error| error.to_string())
    };
    match name {
        "as" => query.shape = Shape::parse(&value)?,
        "id" => {
            check_id(&value, limits.id_bytes_max)?;
            query.id = value;
        }
        "tenant" => query.tenant = value,
        "customer" => query.customer = value,
        "time" => query.time_ns = Some(super::field::moment(&raw()?)?),
        "suppliers" => {
            take_suppliers(value.split(',').map(str::to_owned).collect(), query, limits)?
        }
        "limit" | "offset" | "profile_count" | "explain" | "max_cost" | "ignore_errors" => {
            option(name, &raw()?, query)?;
        }
        _ => return Ok(Some(value)),
    }
    Ok(None)
}

/// Resolves `%41`; a plus stays a plus.
///
/// # Errors
/// A `%` without its two digits; bytes that are no UTF-8.
pub fn unescape(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else {
            return Err("has a `%` without its two digits".into());
        };
        // Two hexadecimal digits are one byte.
        bytes.push((high * 16 + low) as u8);
    }
    String::from_utf8(bytes).map_err(|_| "is no UTF-8".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::Slot;

    #[test]
    fn ours_and_the_events_parameters_are_told_apart() {
        let mut query = Query::default();
        let slots = SlotNames::default();
        query.clear(slots.count());
        let text = "as=sets&id=px1&limit=2&Account=1%3001&Destination=+4930123&Other=x&";
        decode(text, &slots, &Limits::default(), &mut query).unwrap();
        assert_eq!((query.shape, query.id.as_str(), query.limit), (Shape::Sets, "px1", Some(2)));
        assert_eq!(query.event.get(Slot::ACCOUNT), Some("1001"));
        assert_eq!(query.event.get(Slot::DESTINATION), Some("+4930123"));
    }

    #[test]
    fn a_refusal_knows_id_and_shape_wherever_they_stand() {
        for text in ["limit=0&as=sets&id=q", "as=sets&id=q&limit=0"] {
            let mut query = Query::default();
            query.clear(SlotNames::default().count());
            decode(text, &SlotNames::default(), &Limits::default(), &mut query).unwrap_err();
            assert_eq!((query.shape, query.id.as_str()), (Shape::Sets, "q"), "{text}");
        }
    }

    #[test]
    fn a_wrong_parameter_is_named() {
        for (text, field) in [
            ("limit=0", "limit"),
            ("as=xml", "as"),
            ("id=a%20b", "id"),
            ("A=%zz", "A"),
            ("A=%4", "A"),
        ] {
            let mut query = Query::default();
            let slots = SlotNames::default();
            query.clear(slots.count());
            match decode(text, &slots, &Limits::default(), &mut query) {
                Err(Fault::Bad(refusal)) => assert_eq!(refusal.field.as_deref(), Some(field)),
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
