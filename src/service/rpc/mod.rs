//! JSON-RPC: one request in, one answer out.
//!
//! The methods of CGRateS that siproute answers, by family: `routes.rs` for questions with their options in
//! `options.rs`, `sessions.rs` for what proxies ask of calls, `admin.rs` and `accounts.rs` for what changes and
//! shows definitions, `methods.rs` for their names. A request that changes tables is handed to whoever can wait
//! for it, and answered when the change is durable and in force.

mod accounts;
mod admin;
mod methods;
mod options;
mod routes;
mod sessions;

use super::control::{ChangeError, Edit};
use super::desk::Desk;
use super::{Channel, Service};
use crate::codec::jsonrpc::{self, Broken, Dialect, Request};
use crate::engine::fields::Failure;
use crate::model::moment::Moment;
use crate::model::outcome::Outcome;
use crate::table::Table;
use methods::{Method, Missing};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A request as it was sent: one JSON-RPC object.
#[derive(Debug, Clone, Copy)]
pub enum Sent<'b> {
    /// By itself.
    Alone(&'b [u8]),
    /// As an element of a batch.
    Element(&'b [u8]),
}

/// What became of a request.
pub enum Rpc {
    /// It is over and counted; the answer is empty where silence is one.
    Answered(Outcome),
    /// Tables are to change first: [`Service::rpc_changed`] answers and counts then.
    Change(Pending),
    /// No JSON-RPC request, and counted: the connection ends without an answer.
    Close,
}

/// A request that waits for a change.
pub struct Pending {
    id: String,
    dialect: Dialect,
    is_notification: bool,
    channel: Channel,
    /// What has to be done.
    pub work: Work,
}

/// What has to be done before a request can be answered.
pub enum Work {
    /// A change of the tables.
    Change(Edit),
    /// A tariff-plan folder is to be read; then it is a change.
    LoadFolder(String),
}

/// How a method ended.
enum Ended {
    /// Its result stands in the answer.
    Result,
    /// Tables are to change first.
    Work(Work),
}

/// Why a method has no result.
struct Refused {
    text: String,
    outcome: Outcome,
}

impl From<String> for Refused {
    fn from(text: String) -> Self {
        Self { outcome: outcome_of(&text), text }
    }
}

impl From<&str> for Refused {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// One request, and what it may look at.
struct Call<'c> {
    service: &'c Service,
    table: &'c Table,
    channel: Channel,
    moment: Moment,
    /// The argument as it stands; `None`: nothing is set in it.
    argument: Option<&'c str>,
}

impl Service {
    /// Answers one request: `out` holds the answer afterwards, without a line end, and stays empty where
    /// silence is one.
    ///
    /// A panic ends this request alone; `out` is empty then.
    pub fn rpc(
        &self,
        table: &Table,
        desk: &mut Desk,
        channel: Channel,
        moment: Moment,
        sent: Sent<'_>,
        out: &mut Vec<u8>,
    ) -> Rpc {
        out.clear();
        let answered =
            catch_unwind(AssertUnwindSafe(|| self.answer(table, desk, channel, moment, sent, out)));
        let rpc = answered.unwrap_or_else(|_| {
            out.clear();
            *desk = Desk::default();
            Rpc::Answered(Outcome::Panicked)
        });
        if let Rpc::Answered(outcome) = rpc {
            self.live.totals.count(channel.protocol, outcome);
        }
        rpc
    }

    fn answer(
        &self,
        table: &Table,
        desk: &mut Desk,
        channel: Channel,
        moment: Moment,
        sent: Sent<'_>,
        out: &mut Vec<u8>,
    ) -> Rpc {
        let parsed = match sent {
            Sent::Alone(bytes) => Request::parse(bytes),
            Sent::Element(bytes) => Request::parse_element(bytes),
        };
        let request = match parsed {
            Ok(request) => request,
            Err(broken) => return self.refuse(broken, channel, out),
        };
        let Request { id, dialect, is_notification, .. } = request;
        jsonrpc::begin_result(out, id, dialect);
        let ended = Method::find(&request.method, table.rules.generation)
            .map_err(|missing| missing.text(&request.method).into())
            .and_then(|method| {
                let argument = request.argument()?;
                let call = Call { service: self, table, channel, moment, argument };
                call.run(method, desk, out)
            });
        let outcome = match ended {
            Ok(Ended::Work(work)) => {
                out.clear();
                let id = id.to_owned();
                return Rpc::Change(Pending { id, dialect, is_notification, channel, work });
            }
            Ok(Ended::Result) => {
                jsonrpc::end_result(out, dialect);
                self.bound(id, dialect, channel, out)
            }
            Err(Refused { text, outcome }) => {
                out.clear();
                jsonrpc::error(out, id, dialect, &text);
                outcome
            }
        };
        if is_notification {
            out.clear();
        }
        Rpc::Answered(outcome)
    }

    fn refuse(&self, broken: Broken<'_>, channel: Channel, out: &mut Vec<u8>) -> Rpc {
        if broken.answer(out) {
            return Rpc::Answered(Outcome::Malformed);
        }
        self.live.totals.count(channel.protocol, Outcome::Malformed);
        Rpc::Close
    }

    /// An answer that its transport cannot carry is replaced.
    fn bound(&self, id: &str, dialect: Dialect, channel: Channel, out: &mut Vec<u8>) -> Outcome {
        // On a stream nothing is too large: lists of ids may be long.
        if channel.confirms || out.len() <= channel.reply_max {
            return Outcome::Ok;
        }
        out.clear();
        jsonrpc::error(out, id, dialect, "SERVER_ERROR: answer too large");
        Outcome::Error
    }

    /// Answers a request whose change was made or refused.
    pub fn rpc_changed(
        &self,
        pending: Pending,
        result: Result<(), ChangeError>,
        out: &mut Vec<u8>,
    ) -> Outcome {
        out.clear();
        let Pending { id, dialect, is_notification, channel, .. } = pending;
        let outcome = match result {
            Ok(()) => {
                jsonrpc::begin_result(out, &id, dialect);
                out.extend_from_slice(b"\"OK\"");
                jsonrpc::end_result(out, dialect);
                Outcome::Ok
            }
            Err(error) => {
                let text = error.to_string();
                jsonrpc::error(out, &id, dialect, &text);
                outcome_of(&text)
            }
        };
        if is_notification {
            out.clear();
        }
        self.live.totals.count(channel.protocol, outcome);
        outcome
    }
}

impl Call<'_> {
    fn run(&self, method: Method, desk: &mut Desk, out: &mut Vec<u8>) -> Result<Ended, Refused> {
        match method {
            Method::Ping => out.extend_from_slice(b"\"Pong\""),
            Method::Accepted => out.extend_from_slice(b"\"OK\""),
            Method::Status => self.status(out),
            Method::Ask(question) => self.ask(question, desk, out)?,
            Method::Session(session) => self.session(session, desk, out)?,
            Method::Show(kind, generation) => self.show(kind, generation, out)?,
            Method::List(kind) => self.list(kind, out)?,
            Method::Set(kind, generation) => return self.set(kind, generation).map(Ended::Work),
            Method::Remove(kind, generation) => {
                return self.remove(kind, generation).map(Ended::Work);
            }
            Method::ShowAccount => self.show_account(out)?,
            Method::SetAccount => return self.set_account().map(Ended::Work),
            Method::SetBalance => return self.set_balance().map(Ended::Work),
            Method::RemoveAccount => return self.remove_account().map(Ended::Work),
            Method::Load => return self.load().map(Ended::Work),
        }
        Ok(Ended::Result)
    }
}

impl Missing {
    fn text(self, method: &str) -> String {
        match self {
            Self::IllFormed => format!("rpc: service/method request ill-formed: {method}"),
            Self::Service => format!("rpc: can't find service {method}"),
            Self::Method => format!("rpc: can't find method {method}"),
        }
    }
}

/// The words of CGRateS for a question that has no answer.
fn text_of(failure: Failure) -> String {
    match failure {
        Failure::NotFound => "NOT_FOUND".into(),
        Failure::Told(text) | Failure::Unpriced(text) => format!("SERVER_ERROR: {text}"),
    }
}

/// What a refusal is counted as, whichever services handed it on: `ROUTES_ERROR:NOT_FOUND`.
fn outcome_of(text: &str) -> Outcome {
    let (mut rest, mut is_handed_on) = (text, false);
    while let Some((service, told)) = rest.split_once("_ERROR:")
        && service != "SERVER"
        && service.bytes().all(|byte| byte.is_ascii_uppercase())
    {
        (rest, is_handed_on) = (told, true);
    }
    if rest.starts_with("NOT_FOUND") {
        Outcome::NotFound
    } else if is_handed_on || rest.starts_with("SERVER_ERROR") {
        Outcome::Error
    } else {
        Outcome::BadRequest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_counts_as_what_it_is_whoever_handed_it_on() {
        for (text, want) in [
            ("NOT_FOUND", Outcome::NotFound),
            ("ROUTES_ERROR:NOT_FOUND", Outcome::NotFound),
            ("SUPPLIERS_ERROR:NOT_FOUND", Outcome::NotFound),
            ("ROUTES_ERROR:SERVER_ERROR: unsupported sorting strategy: x", Outcome::Error),
            ("SERVER_ERROR: ATTRIBUTES_ERROR:x", Outcome::Error),
            ("RALS_ERROR:ACCOUNT_NOT_FOUND", Outcome::Error),
            ("MANDATORY_IE_MISSING: [ID]", Outcome::BadRequest),
            ("json: A_ERROR: must be a string", Outcome::BadRequest),
        ] {
            assert_eq!(outcome_of(text), want, "{text}");
        }
    }
}
