//! JSON-RPC that cannot be answered at once: what waits for a change, and batches, whose calls may.
//!
//! Nothing here is on the way of a lookup: a single call is answered in `turn.rs`, and comes here when
//! the service says that tables have to change first.

use super::tcp::{Front, SLICE};
use crate::codec::jsonrpc::{self, Broken, Code, Dialect};
use crate::model::outcome::{Outcome, Protocol};
use crate::service::Channel;
use crate::service::rpc::{Pending, Rpc, Sent, Work};
use std::rc::Rc;
use std::time::Instant;

/// Calls in one batch: the answers of all are held until the last one is there.
const BATCH_CALLS_MAX: usize = 100;

/// What a call that met a panic is told.
pub(super) const OUR_FAULT: &str = "the call met a fault of siproute itself";

/// What cannot be answered at once.
pub(super) enum Owed {
    /// A call that waits for a change.
    Change(Box<Pending>),
    /// A batch.
    Batch(Vec<u8>),
}

/// What a request is answered.
pub(super) enum Reply {
    /// This.
    Answer(Vec<u8>),
    /// This: it is no request, and is told so.
    Invalid(Vec<u8>),
    /// Nothing: nobody waits for a word.
    Silence,
    /// This, if anything, and nothing more: it is no JSON, and nobody knows where it ends.
    Broken(Vec<u8>),
    /// It met a fault of siproute itself.
    Fault,
}

/// Answers a request, or a batch of them.
pub(super) async fn answer(front: &Rc<Front>, channel: Channel, request: &[u8]) -> Reply {
    if jsonrpc::is_batch(request) {
        batch(front, channel, request).await
    } else {
        single(front, channel, Sent::Alone(request)).await
    }
}

/// Answers what could not be answered at once.
pub(super) async fn settle(front: &Rc<Front>, channel: Channel, owed: Owed) -> Reply {
    match owed {
        Owed::Change(pending) => change(front, *pending).await,
        Owed::Batch(bytes) => batch(front, channel, &bytes).await,
    }
}

async fn single(front: &Rc<Front>, channel: Channel, sent: Sent<'_>) -> Reply {
    let mut out = Vec::new();
    match ask(front, channel, sent, &mut out) {
        Rpc::Change(pending) => change(front, pending).await,
        Rpc::Close => Reply::Broken(Vec::new()),
        Rpc::Answered(Outcome::Malformed) if !out.is_empty() => Reply::Invalid(out),
        Rpc::Answered(_) if !out.is_empty() => Reply::Answer(out),
        Rpc::Answered(Outcome::Panicked) => Reply::Fault,
        Rpc::Answered(_) => Reply::Silence,
    }
}

/// Asks the service.
fn ask(front: &Front, channel: Channel, sent: Sent<'_>, out: &mut Vec<u8>) -> Rpc {
    let started = Instant::now();
    let moment = front.clock.now();
    let table = front.service.table();
    let mut desk = front.desk.borrow_mut();
    let rpc = front.service.rpc(&table, &mut desk, channel, moment, sent, out);
    front.time(started.elapsed(), 1);
    rpc
}

/// Waits for a change. A task of its own does, so that it ends as it should when the client goes away.
async fn change(front: &Rc<Front>, mut pending: Pending) -> Reply {
    let task = {
        let front = Rc::clone(front);
        tokio::task::spawn_local(async move {
            // What has to be done goes its way; the rest is needed for the answer.
            let work = std::mem::replace(&mut pending.work, Work::LoadFolder(String::new()));
            let result = front.changes.make(work).await;
            let mut out = Vec::new();
            front.service.rpc_changed(pending, result, &mut out);
            out
        })
    };
    match task.await {
        Ok(out) if out.is_empty() => Reply::Silence,
        Ok(out) => Reply::Answer(out),
        Err(_) => {
            front.count(Protocol::JsonRpc, Outcome::Panicked);
            Reply::Fault
        }
    }
}

/// Answers the calls of a batch one by one, in order.
async fn batch(front: &Rc<Front>, channel: Channel, request: &[u8]) -> Reply {
    let calls = match jsonrpc::split(request) {
        Ok(calls) if calls.len() > BATCH_CALLS_MAX => {
            front.count(Protocol::JsonRpc, Outcome::TooLong);
            let text = format!("a batch has {BATCH_CALLS_MAX} calls at most");
            return Reply::Invalid(fault(Code::InvalidRequest, &text));
        }
        Ok(calls) => calls,
        Err(broken) => {
            front.count(Protocol::JsonRpc, Outcome::Malformed);
            return refused(broken);
        }
    };
    let mut answers = Vec::with_capacity(calls.len());
    let mut begun = Instant::now();
    for call in calls {
        if begun.elapsed() >= SLICE {
            tokio::task::yield_now().await;
            begun = Instant::now();
        }
        match single(front, channel, Sent::Element(call)).await {
            Reply::Answer(answer) | Reply::Invalid(answer) => answers.push(answer),
            Reply::Silence => {}
            Reply::Broken(_) | Reply::Fault => answers.push(fault(Code::Server, OUR_FAULT)),
        }
    }
    let mut out = Vec::new();
    jsonrpc::join(answers.iter().map(Vec::as_slice), &mut out);
    if out.is_empty() { Reply::Silence } else { Reply::Answer(out) }
}

fn refused(broken: Broken<'_>) -> Reply {
    let mut out = Vec::new();
    broken.answer(&mut out);
    match broken {
        Broken::Error { code: Code::InvalidRequest, .. } => Reply::Invalid(out),
        Broken::Error { .. } | Broken::Close => Reply::Broken(out),
    }
}

/// An error of JSON-RPC 2.0 that belongs to no call.
fn fault(code: Code, text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    jsonrpc::coded_error(&mut out, "null", Dialect::V2, code, text);
    out
}

/// Writes an error that belongs to no call which could be read: its dialect is not known, and what
/// reads the older one finds its three members.
pub(super) fn refuse(message: &str, out: &mut Vec<u8>) {
    jsonrpc::error(out, "null", Dialect::V1, &format!("SERVER_ERROR: {message}"));
}
