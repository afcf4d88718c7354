//! HTTP on the lookup port: `/lookup`, `/report`, `/next`, each one call of the service, and `/jsonrpc`,
//! where a call may wait for a change of the tables.
//!
//! The status repeats what the answer says, for scripts that look at nothing else; an rtjson document
//! tells it itself and is always 200, and so does JSON-RPC. Bodies end without a line end, but for
//! those of JSON-RPC.

use super::rpc::{self, Reply};
use super::tcp::Front;
use crate::codec::answer;
use crate::model::answer::{Refusal, RefusalCode, Status};
use crate::model::outcome::{Outcome, Protocol};
use crate::model::query::Shape;
use crate::ops::browser;
use crate::ops::http::{self, Answer, Broken, Unread};
use crate::ops::patience::Idle;
use crate::service::{Input, Wanted};
use crate::table::Table;
use crate::table::input::NoRoute;
use hyper::body::Incoming;
use hyper::{Method, Request, StatusCode};
use std::borrow::Cow;
use std::io;
use std::rc::Rc;
use std::time::Instant;
use tokio::net::TcpStream;

/// Serves a connection until it ends.
pub(super) async fn serve(
    front: &Rc<Front>,
    stream: TcpStream,
    may_change: bool,
) -> io::Result<()> {
    let handle = |request| handle(front, request, may_change);
    let served = http::serve(stream, front.patience, Idle::Stays, front.stop.clone(), handle);
    let outcome = match served.await {
        Ok(()) | Err(Broken::Gone) => return Ok(()),
        Err(Broken::Malformed) => Outcome::Malformed,
        Err(Broken::TooLong) => Outcome::TooLong,
        Err(Broken::Timeout) => Outcome::Timeout,
    };
    front.count(Protocol::Http, outcome);
    Ok(())
}

async fn handle(front: &Rc<Front>, request: Request<Incoming>, may_change: bool) -> Answer {
    if let Some(fault) = browser::page_fault(&request) {
        front.count(Protocol::Http, Outcome::NotAllowed);
        return http::last(http::error(StatusCode::FORBIDDEN, fault));
    }
    let wanted = match (request.uri().path(), request.method()) {
        ("/lookup", &Method::GET) => return look_up(front, &request),
        ("/lookup", &Method::POST) => Wanted::Lookup,
        ("/next", &Method::POST) => Wanted::Next,
        ("/report", &Method::POST) => Wanted::Report,
        ("/jsonrpc", &Method::POST) => return call(front, request, may_change).await,
        ("/lookup", _) => return refused(front, http::no_method("GET, POST")),
        ("/next" | "/report" | "/jsonrpc", _) => return refused(front, http::no_method("POST")),
        (path, _) => {
            return refused(front, http::no_path(path, "/lookup, /next, /report and /jsonrpc"));
        }
    };
    let bytes_max = front.service.limits.tcp_request_max;
    match http::body(request, bytes_max, front.patience).await {
        Ok(body) => respond(front, Input::JsonOf(wanted, &body)),
        Err(unread) => {
            front.count(Protocol::Http, outcome_of(unread));
            http::last(refusal(unread.status(), RefusalCode::BadRequest, unread.message(bytes_max)))
        }
    }
}

fn outcome_of(unread: Unread) -> Outcome {
    match unread {
        Unread::NoLength | Unread::Encoded => Outcome::BadRequest,
        Unread::TooLong => Outcome::TooLong,
        Unread::Incomplete => Outcome::Timeout,
    }
}

/// One call of JSON-RPC, or a batch.
async fn call(front: &Rc<Front>, request: Request<Incoming>, may_change: bool) -> Answer {
    let bytes_max = front.service.limits.rpc_request_max;
    let body = match http::body(request, bytes_max, front.patience).await {
        Ok(body) => body,
        Err(unread) => {
            front.count(Protocol::JsonRpc, outcome_of(unread));
            return http::last(error(unread.status(), &unread.message(bytes_max)));
        }
    };
    let channel = front.channel(Protocol::JsonRpc, may_change);
    match rpc::answer(front, channel, &body).await {
        Reply::Answer(answer) => answered(StatusCode::OK, answer),
        Reply::Broken(answer) if answer.is_empty() => {
            error(StatusCode::BAD_REQUEST, "this is no call of JSON-RPC")
        }
        Reply::Invalid(answer) | Reply::Broken(answer) => answered(StatusCode::BAD_REQUEST, answer),
        Reply::Silence => http::json(StatusCode::NO_CONTENT, Vec::new()),
        Reply::Fault => error(StatusCode::INTERNAL_SERVER_ERROR, rpc::OUR_FAULT),
    }
}

/// An error for whoever speaks JSON-RPC.
fn error(status: StatusCode, message: &str) -> Answer {
    let mut out = Vec::new();
    rpc::refuse(message, &mut out);
    answered(status, out)
}

fn answered(status: StatusCode, mut answer: Vec<u8>) -> Answer {
    answer.push(b'\n');
    http::json(status, answer)
}

/// A question in a query string.
fn look_up(front: &Front, request: &Request<Incoming>) -> Answer {
    let answer = respond(front, Input::QueryString(request.uri().query().unwrap_or_default()));
    // A body here is nobody's: what follows it on the connection is not to be guessed at.
    if http::has_body(request.headers()) { http::last(answer) } else { answer }
}

fn refused(front: &Front, answer: Answer) -> Answer {
    front.count(Protocol::Http, Outcome::BadRequest);
    // Its body was not read.
    http::last(answer)
}

/// Asks the service.
fn respond(front: &Front, input: Input<'_>) -> Answer {
    let started = Instant::now();
    let moment = front.clock.now();
    let table = front.service.table();
    let mut desk = front.desk.borrow_mut();
    let channel = front.channel(Protocol::Http, false);
    let mut out = Vec::new();
    let outcome = front.service.respond(&table, &mut desk, channel, moment, input, &mut out);
    front.time(started.elapsed(), 1);
    if out.is_empty() {
        return silent(outcome);
    }
    // The confirmation of a report is JSON, whatever was asked for.
    let shape = if outcome == Outcome::Report { Shape::Json } else { desk.query.shape };
    let status = status_of(outcome, shape, &table);
    if shape.is_text() { http::text(status, out) } else { http::json(status, out) }
}

/// The status that says what the answer says.
fn status_of(outcome: Outcome, shape: Shape, table: &Table) -> StatusCode {
    if shape == Shape::Rtjson {
        return StatusCode::OK;
    }
    match outcome {
        Outcome::Ok | Outcome::Report => StatusCode::OK,
        Outcome::NotFound if table.failover.no_route == NoRoute::Fallback => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Outcome::NotFound | Outcome::Stop | Outcome::Exhausted => StatusCode::NOT_FOUND,
        Outcome::BadRequest | Outcome::Malformed | Outcome::Reflected => StatusCode::BAD_REQUEST,
        Outcome::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
        Outcome::NotAllowed => StatusCode::FORBIDDEN,
        Outcome::Error | Outcome::Overloaded | Outcome::Timeout => StatusCode::SERVICE_UNAVAILABLE,
        Outcome::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Where a datagram would get silence, HTTP gets a refusal: somebody waits.
fn silent(outcome: Outcome) -> Answer {
    if outcome == Outcome::Panicked {
        let message = "the question met a fault of siproute itself";
        return refusal(
            StatusCode::INTERNAL_SERVER_ERROR,
            RefusalCode::ServerError,
            message.into(),
        );
    }
    let message = "this is an answer, not a question";
    refusal(StatusCode::BAD_REQUEST, RefusalCode::BadRequest, message.into())
}

fn refusal(status: StatusCode, code: RefusalCode, message: String) -> Answer {
    let refusal =
        Refusal { code, status: Status::Fallback, field: None, message: Cow::Owned(message) };
    let mut out = Vec::new();
    answer::refuse(Shape::Json, "", &refusal, None, usize::MAX, &mut out);
    http::json(status, out)
}
