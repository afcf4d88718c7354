//! An ActivationInterval: `{"ActivationTime","ExpiryTime"}`; the zero time is an open side.

use super::read::{self, Wrong};
use super::write::Writer;
use crate::codec::scan;
use crate::model::definition::{Activation, Stamp};
use crate::model::go::time::parse_rfc3339;

pub(super) fn read(raw: &str, field: &mut Option<Activation>) -> Result<(), Wrong> {
    if read::is_null(raw) {
        *field = None;
        return Ok(());
    }
    let mut active = Activation::default();
    read::object(raw, &["ActivationTime", "ExpiryTime"], |name, value| match name {
        "ActivationTime" => read_stamp(value, &mut active.from),
        _ => read_stamp(value, &mut active.until),
    })?;
    *field = Some(active);
    Ok(())
}

pub(super) fn write(active: Option<&Activation>, out: &mut Vec<u8>) {
    let Some(active) = active else { return out.extend_from_slice(b"null") };
    let mut object = Writer::object(out);
    object.string("ActivationTime", side(active.from.as_ref()));
    object.string("ExpiryTime", side(active.until.as_ref()));
    object.end();
}

/// A moment as it is written, an open side as the zero time.
pub(super) fn side(stamp: Option<&Stamp>) -> &str {
    stamp.map_or(Stamp::ZERO, |stamp| &stamp.text)
}

/// A moment, or none where it is the zero time. It is told again in the zone that it was stated in.
pub(super) fn read_stamp(raw: &str, field: &mut Option<Stamp>) -> Result<(), Wrong> {
    if read::is_null(raw) {
        return Ok(());
    }
    let text = scan::string(raw)
        .ok_or_else(|| Wrong::must_be("a time such as \"2026-11-21T12:00:00Z\"", raw))?;
    let time = parse_rfc3339(&text).map_err(Wrong::Text)?;
    *field = Stamp::of(&time);
    Ok(())
}
