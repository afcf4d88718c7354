//! Native JSON requests: a lookup or a report, one object.
//!
//! The shape is ours, so an unknown member is refused with its name; members of `event` are the
//! proxy's, and those that the table does not read are skipped unread.

use super::field;
use super::json::{Items, List, Members, Object, refuse, value};
use crate::model::answer::Refusal;
use crate::model::event::SlotNames;
use crate::model::limits::Limits;
use crate::model::outcome::ReportEvent;
use crate::model::query::{Attempt, Party, Query, Report, Shape};
use serde::de::{DeserializeSeed, MapAccess, SeqAccess};
use serde_json::value::RawValue;

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A question; the query is filled.
    Lookup,
    /// A report; the report is filled.
    Report,
}

/// Why a message is neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No JSON object; a sentence that says where it breaks.
    Malformed(String),
    /// An answer, of ours or of another program like us.
    Reflected,
    /// A wrong field. Id and shape are in the query as far as they could be read.
    Bad(Refusal),
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
            let wanted =
                if at == "failed" || at == "opts.suppliers" { "a list" } else { "an object" };
            Fault::Bad(Refusal::bad_field(at, format!("must be {wanted}")))
        }
        (Err(error), None) => Fault::Malformed(format!("no JSON object: {error}")),
    };
    if matches!(fault, Fault::Bad(_)) {
        recover(text, limits, query, report);
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
}

/// Reads id, shape and `ack` of a message with a wrong field.
fn recover(text: &str, limits: &Limits, query: &mut Query, report: &mut Report) {
    let Ok(echoed) = serde_json::from_str::<Echoed<'_>>(text) else { return };
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

impl Members for Message<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let query = &mut *self.query;
        let read = match key {
            "event" => {
                self.seen.event = true;
                self.at = "event";
                let mut event = EventMembers { slots: self.slots, query, fault: None };
                let walked = map.next_value_seed(Object(&mut event));
                self.fault = event.fault;
                walked?;
                self.at = "";
                return Ok(());
            }
            "opts" => {
                self.at = "opts";
                let mut opts = Opts { query, limits: self.limits, fault: None };
                let walked = map.next_value_seed(Object(&mut opts));
                self.fault = opts.fault;
                walked?;
                self.at = "";
                return Ok(());
            }
            "failed" => {
                self.at = "failed";
                let mut failed = Failed { query, limits: self.limits, fault: None };
                let walked = map.next_value_seed(List(&mut failed));
                self.fault = failed.fault;
                walked?;
                self.at = "";
                return Ok(());
            }
            "report" => {
                self.seen.report = true;
                self.at = "report";
                let mut members = ReportMembers { report: self.report, fault: None };
                let walked = map.next_value_seed(Object(&mut members));
                self.fault = members.fault;
                walked?;
                self.at = "";
                return Ok(());
            }
            "result" | "error" | "routes" | "status" => {
                self.fault = Some(Fault::Reflected);
                return Err(refuse());
            }
            "id" => {
                let raw = value(map)?;
                query.id.clear();
                field::string(raw, &mut query.id)
                    .and_then(|()| check_id(&query.id, self.limits.id_bytes_max))
                    .inspect_err(|_| query.id.clear())
            }
            "call_id" => field::check_string(value(map)?),
            "tenant" => take_string(value(map)?, &mut query.tenant),
            "customer" => take_string(value(map)?, &mut query.customer),
            "time" => field::moment(value(map)?).map(|time| query.time_ns = Some(time)),
            "as" => shape(value(map)?).map(|shape| query.shape = shape),
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

/// A name as an error shows it: cut, so that no answer grows with its question.
fn shown_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// An id has no blanks and no control characters: it stands in text answers and in logs.
pub(super) fn check_id(id: &str, bytes_max: usize) -> Result<(), String> {
    if id.is_empty() {
        return Err("must not be empty: leave it out, and one is made up".into());
    }
    if id.len() > bytes_max {
        return Err(format!("must have {bytes_max} bytes at most"));
    }
    if id.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("must not hold blanks or control characters".into());
    }
    Ok(())
}

fn take_string(raw: &RawValue, out: &mut String) -> Result<(), String> {
    out.clear();
    field::string(raw, out)
}

fn shape(raw: &RawValue) -> Result<Shape, String> {
    let name = raw.get().trim_matches('"');
    Shape::named(name).ok_or_else(|| {
        let names: Vec<&str> = Shape::NAMES.iter().map(|(name, _)| *name).collect();
        format!("must be one of {}", names.join(", "))
    })
}

/// `event`.
struct EventMembers<'m> {
    slots: &'m SlotNames,
    query: &'m mut Query,
    fault: Option<Fault>,
}

impl Members for EventMembers<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let raw = value(map)?;
        let Some(slot) = self.slots.find(key) else { return Ok(()) };
        let mut read = Ok(());
        self.query.event.set_with(slot, |text| read = field::text_form(raw, text));
        read.map_err(|wrong| {
            let name = format!("event.{}", shown_name(key));
            self.fault = Some(Fault::Bad(Refusal::bad_field(name, wrong)));
            refuse()
        })
    }
}

/// `opts`.
struct Opts<'m> {
    query: &'m mut Query,
    limits: &'m Limits,
    fault: Option<Fault>,
}

impl Members for Opts<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        if key == "suppliers" {
            let mut names = Names { query: self.query, limits: self.limits, fault: None };
            let walked = map.next_value_seed(List(&mut names));
            self.fault = names.fault;
            return walked;
        }
        option(key, value(map)?, self.query).map_err(|wrong| {
            let name = format!("opts.{}", shown_name(key));
            self.fault = Some(Fault::Bad(Refusal::bad_field(name, wrong)));
            refuse()
        })
    }
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
        // Prices do not decide yet in `*weight` and `*priority`; what is written is still checked.
        "max_cost" => field::decimal(raw)?,
        "ignore_errors" => field::switch(raw).map(|_| ())?,
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

/// `opts.suppliers`.
struct Names<'m> {
    query: &'m mut Query,
    limits: &'m Limits,
    fault: Option<Fault>,
}

impl Items for Names<'_> {
    fn item<'de, A: SeqAccess<'de>>(
        &mut self,
        index: usize,
        list: &mut A,
    ) -> Result<Option<()>, A::Error> {
        let Some(raw) = list.next_element::<&RawValue>()? else { return Ok(None) };
        let mut name = String::new();
        let read = if index < self.limits.routes_max {
            field::string(raw, &mut name)
        } else {
            Err(format!("must be {} at most", self.limits.routes_max))
        };
        match read {
            Ok(()) => self.query.suppliers.push(name),
            Err(wrong) => {
                let field = format!("opts.suppliers[{index}]");
                self.fault = Some(Fault::Bad(Refusal::bad_field(field, wrong)));
                return Err(refuse());
            }
        }
        Ok(Some(()))
    }
}

/// `failed`.
struct Failed<'m> {
    query: &'m mut Query,
    limits: &'m Limits,
    fault: Option<Fault>,
}

impl Items for Failed<'_> {
    fn item<'de, A: SeqAccess<'de>>(
        &mut self,
        index: usize,
        list: &mut A,
    ) -> Result<Option<()>, A::Error> {
        let mut entry = AttemptMembers { attempt: Attempt::default(), wrong: None };
        let walked = list.next_element_seed(Object(&mut entry));
        let wrong = match (entry.wrong.take(), &walked) {
            (Some((name, wrong)), _) => Some((format!("failed[{index}].{name}"), wrong)),
            (None, Ok(None)) => return Ok(None),
            (None, Ok(Some(()))) if index >= self.limits.failed_max => Some((
                "failed".to_owned(),
                format!("must have {} entries at most", self.limits.failed_max),
            )),
            (None, Ok(Some(()))) if entry.attempt.at == Party::Unnamed => {
                Some((format!("failed[{index}].supplier"), "is missing".to_owned()))
            }
            (None, _) => None,
        };
        if let Some((field, wrong)) = wrong {
            self.fault = Some(Fault::Bad(Refusal::bad_field(field, wrong)));
            return Err(refuse());
        }
        walked?;
        self.query.failed.push(entry.attempt);
        Ok(Some(()))
    }
}

/// One attempt, as an entry of `failed`.
struct AttemptMembers {
    attempt: Attempt,
    wrong: Option<(String, String)>,
}

impl Members for AttemptMembers {
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        attempt_member(key, value(map)?, &mut self.attempt, None).map_err(|wrong| {
            self.wrong = Some((shown_name(key), wrong));
            refuse()
        })
    }
}

/// `report`.
struct ReportMembers<'m> {
    report: &'m mut Report,
    fault: Option<Fault>,
}

impl Members for ReportMembers<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let Report { attempt, event, .. } = &mut *self.report;
        attempt_member(key, value(map)?, attempt, Some(event)).map_err(|wrong| {
            let name = format!("report.{}", shown_name(key));
            self.fault = Some(Fault::Bad(Refusal::bad_field(name, wrong)));
            refuse()
        })
    }
}

/// One field of a report or of an entry of `failed`, which has the same fields.
fn attempt_member(
    key: &str,
    raw: &RawValue,
    attempt: &mut Attempt,
    event: Option<&mut Option<ReportEvent>>,
) -> Result<(), String> {
    let text = || {
        let mut text = String::new();
        field::text_form(raw, &mut text).map(|()| text)
    };
    match key {
        "event" => {
            let read = event_named(&text()?)?;
            if let Some(event) = event {
                *event = Some(read);
            }
        }
        "attempt" => {
            attempt.number = match field::whole(raw)? {
                0 => return Err("must be 1 or more: the first attempt is 1".into()),
                number => Some(u32::try_from(number).unwrap_or(u32::MAX)),
            }
        }
        "supplier" => attempt.at = Party::Supplier(text()?),
        "carrier" => attempt.at = Party::Carrier(text()?),
        "gateway" => attempt.at = Party::Gateway(text()?),
        "set" => {
            let set = field::whole(raw)?;
            attempt.at = Party::Set(u32::try_from(set).map_err(|error| error.to_string())?);
        }
        "code" => attempt.code = field::code(raw)?,
        "local" => attempt.local = field::switch(raw)?,
        "pdd_ms" => attempt.pdd_ms = field::milliseconds(raw)?,
        // Told by proxies that know them; nothing decides by them yet.
        "usage" => field::duration(raw)?,
        "usage_ms" | "retry_after" => field::milliseconds(raw).map(|_| ())?,
        "cost" => field::decimal(raw)?,
        _ => {
            return Err("is unknown: there are event, attempt, supplier, set, carrier, gateway, \
                        code, local, pdd_ms, usage, usage_ms, cost and retry_after"
                .into());
        }
    }
    Ok(())
}

fn event_named(name: &str) -> Result<ReportEvent, String> {
    ReportEvent::ALL.iter().find(|event| event.label() == name).copied().ok_or_else(|| {
        let names: Vec<&str> = ReportEvent::ALL.iter().map(|event| event.label()).collect();
        format!("must be one of {}", names.join(", "))
    })
}

/// Whether a text that is no JSON is one of our own text answers.
#[must_use]
pub fn is_text_answer(input: &[u8]) -> bool {
    [&b"ok "[..], b"reject ", b"fallback "].iter().any(|head| input.starts_with(head))
}
