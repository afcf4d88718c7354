//! Floor 4: one request is one function: bytes in, bytes out, one outcome counted.
//!
//! UDP, TCP, HTTP, the command line and the tests all call [`Service::respond`]. It knows no socket:
//! who may ask, and how bytes travel, is decided around it.

pub mod attempts;
pub mod bill;
pub mod control;
pub mod desk;
pub mod lookup;
pub mod rpc;
pub mod story;
mod view;

use crate::codec::fault::Fault;
use crate::codec::native::{self, Kind};
use crate::codec::{answer, query_string};
use crate::live::Live;
use crate::model::answer::{Rank, Refusal, RefusalCode, Status};
use crate::model::limits::Limits;
use crate::model::moment::Moment;
use crate::model::outcome::{Outcome, Protocol};
use crate::model::query::Query;
use crate::table::Table;
use arc_swap::{ArcSwap, Guard};
use desk::Desk;
use foldhash::quality::RandomState;
use std::borrow::Cow;
use std::hash::BuildHasher;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A request as it came.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// One native JSON object.
    Json(&'a [u8]),
    /// One that has to be of a kind: whoever sent it said which.
    JsonOf(Wanted, &'a [u8]),
    /// The query string of a `GET /lookup`.
    QueryString(&'a str),
}

/// A kind of request, where the way it came says which it has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A lookup.
    Lookup,
    /// A lookup that says what failed.
    Next,
    /// A report.
    Report,
}

/// How a request came, as far as the answer depends on it.
#[derive(Debug, Clone, Copy)]
pub struct Channel {
    /// What it is counted as.
    pub protocol: Protocol,
    /// Bytes of an answer at most.
    pub reply_max: usize,
    /// Whether a report is answered unasked: a sender on a stream waits for a word.
    pub confirms: bool,
    /// Whether the message waited so long that its asker has given up: a lookup is refused, a report
    /// still counts.
    pub overdue: bool,
    /// Whether the sender may change tables.
    pub may_change: bool,
}

/// What all fronts share.
pub struct Service {
    table: ArcSwap<Table>,
    /// Figures, calls and counters.
    pub live: Live,
    /// The bounds in force.
    pub limits: Limits,
    call_keys: RandomState,
    ids_made: AtomicU64,
    id_prefix: u64,
    forced: Rank,
}

impl Service {
    /// A service that answers from `table`.
    #[must_use]
    pub fn new(table: Table, live: Live, limits: Limits) -> Self {
        let call_keys = RandomState::default();
        Self {
            table: ArcSwap::from_pointee(table),
            live,
            limits,
            id_prefix: call_keys.hash_one("ids that are made up"),
            call_keys,
            ids_made: AtomicU64::new(0),
            forced: Rank::forced(),
        }
    }

    /// The table in force. Take it once for a batch of requests, and let it go before waiting.
    pub fn table(&self) -> Guard<Arc<Table>> {
        self.table.load()
    }

    /// Puts another table in force; the caller frees the old one, when its last reader let it go.
    pub fn publish(&self, table: Arc<Table>) -> Arc<Table> {
        self.table.swap(table)
    }

    /// Answers one request: `out` holds the answer afterwards, and stays empty where silence is one.
    ///
    /// A panic ends this request alone: it is counted, and the sender gets nothing.
    pub fn respond(
        &self,
        table: &Table,
        desk: &mut Desk,
        channel: Channel,
        moment: Moment,
        input: Input<'_>,
        out: &mut Vec<u8>,
    ) -> Outcome {
        out.clear();
        let request = AssertUnwindSafe(|| self.handle(table, desk, channel, moment, input, out));
        let outcome = catch_unwind(request).unwrap_or(Outcome::Panicked);
        if outcome == Outcome::Panicked {
            out.clear();
            *desk = Desk::default();
        }
        self.live.totals.count(channel.protocol, outcome);
        outcome
    }

    fn handle(
        &self,
        table: &Table,
        desk: &mut Desk,
        channel: Channel,
        moment: Moment,
        input: Input<'_>,
        out: &mut Vec<u8>,
    ) -> Outcome {
        desk.clear(table);
        let Desk { query, report, .. } = &mut *desk;
        let decoded = match input {
            Input::Json(bytes) | Input::JsonOf(_, bytes) if native::is_text_answer(bytes) => {
                Err(Fault::Reflected)
            }
            Input::Json(bytes) => native::decode(bytes, &table.slots, &self.limits, query, report),
            Input::JsonOf(wanted, bytes) => {
                let kind = native::decode(bytes, &table.slots, &self.limits, query, report);
                kind.and_then(|kind| wanted.check(kind, query).map_err(Fault::Bad))
            }
            Input::QueryString(text) => {
                query_string::decode(text, &table.slots, &self.limits, query).map(|()| Kind::Lookup)
            }
        };
        match decoded {
            Ok(Kind::Lookup) if channel.overdue => {
                let refusal = Refusal::new(
                    RefusalCode::Timeout,
                    Status::Fallback,
                    "the question waited longer than limits.deadline_ms",
                );
                answer::refuse(query.shape, &query.id, &refusal, None, channel.reply_max, out);
                Outcome::Timeout
            }
            Ok(Kind::Lookup) => self.lookup(table, desk, channel, moment, out),
            Ok(Kind::Report) => self.report(table, desk, channel, moment, out),
            Err(Fault::Reflected) => Outcome::Reflected,
            Err(Fault::Malformed(message)) => {
                let refusal = Refusal {
                    code: RefusalCode::BadRequest,
                    status: Status::Fallback,
                    field: None,
                    message: Cow::Owned(message),
                };
                answer::refuse(query.shape, &query.id, &refusal, None, channel.reply_max, out);
                Outcome::Malformed
            }
            Err(Fault::Bad(refusal)) => {
                // A report is never answered where nobody waits for a word: its sender's port is
                // the proxy's own SIP socket.
                let of_report = refusal.field.as_deref().is_some_and(is_of_report);
                if channel.confirms || report.ack || !of_report {
                    answer::refuse(query.shape, &query.id, &refusal, None, channel.reply_max, out);
                }
                Outcome::BadRequest
            }
        }
    }

    /// The key under which a call is remembered.
    fn call_key(&self, tenant: &str, id: &str) -> u64 {
        self.call_keys.hash_one((tenant, id))
    }

    /// Makes up an id for a question that has none.
    fn make_id(&self, id: &mut String) {
        use std::fmt::Write;
        let number = self.ids_made.fetch_add(1, Relaxed);
        // Writing to a string cannot fail.
        let _ = write!(id, "q{:08x}-{number}", self.id_prefix as u32);
    }
}

impl Wanted {
    fn check(self, kind: Kind, query: &Query) -> Result<Kind, Refusal> {
        match (self, kind) {
            (Self::Lookup | Self::Next, Kind::Report) => {
                Err(Refusal::bad_field("report", "belongs to POST /report"))
            }
            (Self::Report, Kind::Lookup) => {
                Err(Refusal::bad_field("event", "belongs to POST /lookup"))
            }
            (Self::Next, Kind::Lookup) if query.failed.is_empty() => Err(Refusal::bad_field(
                "failed",
                "is missing: the next supplier depends on what failed",
            )),
            _ => Ok(kind),
        }
    }
}

fn is_of_report(field: &str) -> bool {
    field == "report" || field.starts_with("report.")
}
