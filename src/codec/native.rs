//! Native JSON requests: a lookup or a report, one object.
//!
//! The shape is ours, so an unknown member is refused with its name; members of `event` are the
//! proxy's, and those that the table does not read are skipped unread.

use super::attempt::{Failed, ReportMembers};
use super::fault::{Fault, shown_name};
use super::field;
use super::fields::Fields;
use super::json::{List, Members, Object, refuse, value};
use super::options::Options;
use crate::model::answer::Refusal;
use crate::model::event::{Realm, SlotNames};
use crate::model::limits::Limits;
use crate::model::query::{Query, Report, Shape};
use serde::de::{DeserializeSeed, MapAccess};
use serde_json::value::RawValue;

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A question; the query is filled.
    Lookup,
    /// A report; the report is filled.
    Report,
}

/// Reads one message.
///
/// # Errors
/// A [`Fault`].
pub fn decode(
    input: &[u8],
    slots: &SlotNames,
    limits: &Limits,
    query: &mut Query,
    report: &mut Report,
) -> Result<Kind, Fault> {
    let text = std::str::from_utf8(input).map_err(|error| {
        Fault::Malformed(format!("no UTF-8 from byte {} on", error.valid_up_to()))
    })?;
    let mut message =
        Message { slots, limits, query, report, seen: Seen::default(), fault: None, at: "" };
    let mut document = serde_json::Deserializer::from_str(text);
    let walked = Object(&mut message).deserialize(&mut document).and_then(|()| document.end());
    let (seen, fault, at) = (message.seen, message.fault.take(), message.at);
    let fault = match (walked, fault) {
        (Ok(()), _) if seen.report => {
            report.id.clone_from(&query.id);
            report.tenant.clone_from(&query.tenant);
            return Ok(Kind::Report);
        }
        (Ok(()), _) if seen.event => return Ok(Kind::Lookup),
        (Ok(()), _) => Fault::Bad(Refusal::bad_field(
            "event",
            "is missing: a lookup has an `event`, a report a `report`",
        )),
        (Err(_), Some(fault)) => fault,
        (Err(error), None) if error.is_data() && !at.is_empty() => {
            let wanted = if at == "failed" { "a list" } else { "an object" };
            Fault::Bad(Refusal::bad_field(at, format!("must be {wanted}")))
        }
        (Err(error), None) => Fault::Malformed(format!("no JSON object: {error}")),
    };
    if matches!(fault, Fault::Bad(_)) && recover(text, limits, query, report) {
        return Err(Fault::Reflected);
    }
    Err(fault)
}

/// What a refusal echoes, when it stands behind the wrong field.
#[derive(serde::Deserialize)]
struct Echoed<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow, rename = "as")]
    shape: Option<&'a RawValue>,
    #[serde(borrow)]
    ack: Option<&'a RawValue>,
    /// What answers alone have. An answer must never be answered, whatever else is wrong with it: two
    /// that answer each other's errors would not stop (CVE-2024-2169).
    #[serde(borrow)]
    status: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(borrow)]
    routes: Option<&'a RawValue>,
}

/// Reads id, shape and `ack` of a message with a wrong field; `true` when it is an answer. The walk
/// ended at the field, so that the text is read once more.
fn recover(text: &str, limits: &Limits, query: &mut Query, report: &mut Report) -> bool {
    let Ok(echoed) = serde_json::from_str::<Echoed<'_>>(text) else { return false };
    let Echoed { status, error, result, routes, .. } = echoed;
    if [status, error, result, routes].iter().any(Option::is_some) {
        return true;
    }
    if query.id.is_empty()
        && let Some(id) = echoed.id
    {
        let mut read = String::new();
        if field::string(id, &mut read).and_then(|()| check_id(&read, limits.id_bytes_max)).is_ok()
        {
            query.id = read;
        }
    }
    report.ack = echoed.ack.is_some_and(|ack| field::switch(ack) == Ok(true));
    if let Some(shape) = echoed.shape {
        let mut name = String::new();
        if field::string(shape, &mut name).is_ok() {
            query.shape = Shape::named(&name).unwrap_or_default();
        }
    }
    false
}

#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    event: bool,
    report: bool,
}

/// The whole message.
struct Message<'m> {
    slots: &'m SlotNames,
    limits: &'m Limits,
    query: &'m mut Query,
    report: &'m mut Report,
    seen: Seen,
    fault: Option<Fault>,
    /// The member in work that holds others, for the error.
    at: &'static str,
}

impl Message<'_> {
    /// Keeps why the walk through a member that holds others ended early.
    fn leave<E>(
        &mut self,
        at: &'static str,
        walked: Result<(), E>,
        fault: Option<Fault>,
    ) -> Result<(), E> {
        if walked.is_err() {
            self.at = at;
            self.fault = fault;
        }
        walked
    }
}

impl Members for Message<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let query = &mut *self.query;
        let limits = self.limits;
        let read = match key {
            "event" => {
                self.seen.event = true;
                let mut fields = Fields::new(Realm::Event, self.slots, &mut query.event);
                let walked = match fields.take_next(map) {
                    Ok(true) => Ok(()),
                    Ok(false) => Err(refuse()),
                    Err(error) => Err(error),
                };
                let fault = fields.wrong.map(|(key, wrong)| {
                    let name = format!("event.{}", shown_name(&key));
                    Fault::Bad(Refusal::bad_field(name, wrong))
                });
                return self.leave("event", walked, fault);
            }
            "opts" => {
                let mut members = Options::new(self.slots, query, limits);
                let walked = map.next_value_seed(Object(&mut members));
                let fault = members.finish();
                return self.leave("opts", walked, fault);
            }
            "failed" => {
                let mut items = Failed { query, limits, fault: None };
                let walked = map.next_value_seed(List(&mut items));
                let fault = items.fault;
                return self.leave("failed", walked, fault);
            }
            "report" => {
                self.seen.report = true;
                let mut members = ReportMembers { report: self.report, fault: None };
                let walked = map.next_value_seed(Object(&mut members));
                let fault = members.fault;
                return self.leave("report", walked, fault);
            }
            "result" | "error" | "routes" | "status" | "version" => {
                self.fault = Some(Fault::Reflected);
                return Err(refuse());
            }
            "id" => {
                let raw = value(map)?;
                query.id.clear();
                field::string(raw, &mut query.id)
                    .and_then(|()| check_id(&query.id, limits.id_bytes_max))
                    .inspect_err(|_| query.id.clear())
            }
            "call_id" => field::check_string(value(map)?),
            "tenant" => take_string(value(map)?, &mut query.tenant),
            "customer" => take_string(value(map)?, &mut query.customer),
            "time" => field::moment(value(map)?).map(|time| query.time_ns = Some(time)),
            "as" => {
                let name = value(map)?.get().trim_matches('"');
                Shape::parse(name).map(|shape| query.shape = shape)
            }
            "ack" => field::switch(value(map)?).map(|ack| self.report.ack = ack),
            "method" => Err("is unknown: questions are native JSON here, with an `event`".into()),
            _ => {
                Err("is unknown: a message has id, call_id, tenant, customer, time, event, opts, \
                      failed, as, report and ack"
                    .into())
            }
        };
        read.map_err(|wrong| {
            self.fault = Some(Fault::Bad(Refusal::bad_field(shown_name(key), wrong)));
            refuse()
        })
    }
}

/// An id has no blanks and no control characters: it stands in text answers and in logs.
pub(super) fn check_id(id: &str, bytes_max: usize) -> Result<(), String> {
    if id.is_empty() {
        return Err("must not be empty: leave it out, and one is made up".into());
    }
    if id.len() > bytes_max {
        return Err(format!("must have {bytes_max} bytes at most"));
    }
    let is_plain = |byte: u8| (b'!'..=b'~').contains(&byte);
    if !id.bytes().all(is_plain) && id.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("must not hold blanks or control characters".into());
    }
    Ok(())
}

fn take_string(raw: &RawValue, out: &mut String) -> Result<(), String> {
    out.clear();
    field::string(raw, out)
}

/// Whether a text that is no JSON is one of our own text answers.
#[must_use]
pub fn is_text_answer(input: &[u8]) -> bool {
    [&b"ok "[..], b"reject ", b"fallback "].iter().any(|head| input.starts_with(head))
}
