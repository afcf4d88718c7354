//! Attempts as a report and the entries of `failed` tell them: the same fields in both.

use super::fault::{Fault, shown_name};
use super::field;
use super::json::{Items, Members, Object, refuse, value};
use crate::model::answer::Refusal;
use crate::model::json_value;
use crate::model::limits::Limits;
use crate::model::outcome::ReportEvent;
use crate::model::query::{Attempt, Party, Query, Report};
use serde::de::{MapAccess, SeqAccess};
use serde_json::value::RawValue;

/// `failed`.
pub(super) struct Failed<'m> {
    pub(super) query: &'m mut Query,
    pub(super) limits: &'m Limits,
    pub(super) fault: Option<Fault>,
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
            (None, Ok(Some(()))) if entry.attempt.code.is_some_and(|code| code.class() < 3) => {
                let wrong = "must be 300 to 699: the attempt failed".to_owned();
                Some((format!("failed[{index}].code"), wrong))
            }
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
pub(super) struct ReportMembers<'m> {
    pub(super) report: &'m mut Report,
    pub(super) fault: Option<Fault>,
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
        json_value::push_text(raw.get(), &mut text).map(|_| text)
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
        "cost" => _ = field::decimal(raw)?,
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
