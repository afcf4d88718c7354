//! JSON-RPC that cannot be answered at once: what waits for a change, and batches, whose calls may.
//!
//! Nothing here is on the way of a lookup: a single call is answered in `turn.rs`, and comes here when
//! the service says that tables have to change first.

use super::tcp::Front;
use crate::model::outcome::{Outcome, Protocol};
use crate::service::Channel;
use crate::service::rpc::{Pending, Rpc, Work};
use serde_json::value::RawValue;
use std::rc::Rc;
use std::time::Instant;

/// Calls in one batch: the answers of all are held until the last one is there.
const BATCH_CALLS_MAX: usize = 100;

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
    /// Nothing: nobody waits for a word.
    Silence,
    /// Nothing, and nothing more: it is itself an answer.
    Reflected,
    /// Nothing, and nothing more: it is no JSON-RPC.
    Broken,
    /// It met a fault of siproute itself.
    Fault,
}

/// Answers a request, or a batch of them.
pub(super) async fn answer(front: &Rc<Front>, channel: Channel, request: &[u8]) -> Reply {
    if request.trim_ascii_start().starts_with(b"[") {
        batch(front, channel, request).await
    } else {
        single(front, channel, request).await
    }
}

/// Answers what could not be answered at once.
pub(super) async fn settle(front: &Rc<Front>, channel: Channel, owed: Owed) -> Reply {
    match owed {
        Owed::Change(pending) => change(front, *pending).await,
        Owed::Batch(bytes) => batch(front, channel, &bytes).await,
    }
}

async fn single(front: &Rc<Front>, channel: Channel, request: &[u8]) -> Reply {
    let mut out = Vec::new();
    match ask(front, channel, request, &mut out) {
        Rpc::Change(pending) => change(front, pending).await,
        Rpc::Close => Reply::Broken,
        Rpc::Answered(_) if !out.is_empty() => Reply::Answer(out),
        Rpc::Answered(Outcome::Reflected) => Reply::Reflected,
        Rpc::Answered(Outcome::Panicked) => Reply::Fault,
        Rpc::Answered(_) => Reply::Silence,
    }
}

/// Asks the service.
fn ask(front: &Front, channel: Channel, request: &[u8], out: &mut Vec<u8>) -> Rpc {
    let started = Instant::now();
    let moment = front.clock.now();
    let table = front.service.table();
    let mut desk = front.desk.borrow_mut();
    let rpc = front.service.rpc(&table, &mut desk, channel, moment, request, out);
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
    let Ok(calls) = serde_json::from_slice::<Vec<&RawValue>>(request) else {
        front.count(Protocol::JsonRpc, Outcome::Malformed);
        return Reply::Broken;
    };
    if calls.is_empty() {
        front.count(Protocol::JsonRpc, Outcome::Malformed);
        return Reply::Answer(fault(-32600, "Invalid Request"));
    }
    if calls.len() > BATCH_CALLS_MAX {
        front.count(Protocol::JsonRpc, Outcome::TooLong);
        let text = format!("Invalid Request: a batch has {BATCH_CALLS_MAX} calls at most");
        return Reply::Answer(fault(-32600, &text));
    }
    let mut out = Vec::new();
    for call in calls {
        let call = call.get().as_bytes();
        let reply = if call.starts_with(b"{") {
            single(front, channel, call).await
        } else {
            front.count(Protocol::JsonRpc, Outcome::Malformed);
            Reply::Broken
        };
        let answer = match reply {
            Reply::Answer(answer) => answer,
            Reply::Silence | Reply::Reflected => continue,
            Reply::Broken => fault(-32600, "Invalid Request"),
            Reply::Fault => fault(-32603, "Internal error"),
        };
        out.push(if out.is_empty() { b'[' } else { b',' });
        out.extend_from_slice(&answer);
    }
    if out.is_empty() {
        return Reply::Silence;
    }
    out.push(b']');
    Reply::Answer(out)
}

/// An error of JSON-RPC 2.0 that belongs to no call.
fn fault(code: i32, message: &str) -> Vec<u8> {
    let error = serde_json::json!({"code": code, "message": message});
    format!("{{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{error}}}").into_bytes()
}

/// Writes an error that belongs to no call which could be read: its dialect is not known, and what
/// reads the older one finds its three members.
pub(super) fn refuse(message: &str, out: &mut Vec<u8>) {
    let error = serde_json::Value::from(format!("SERVER_ERROR: {message}"));
    out.extend_from_slice(format!("{{\"id\":null,\"result\":null,\"error\":{error}}}").as_bytes());
}
