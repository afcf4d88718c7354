//! HTTP/1.1 as both ports speak it: one connection served, bodies read within bounds, answers made.
//!
//! No routes here: each port has its own. Nothing is inflated, and only bodies that say their length
//! are read, so that a request has one end and no two parties disagree about it.

use super::patience::{Idle, Patient, Progress};
use super::shutdown::Stop;
use crate::codec::query_string;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{
    ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HeaderMap,
    HeaderValue, TRANSFER_ENCODING,
};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::json;
use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Bytes of a request's head, and fields in it.
const HEAD_BYTES_MAX: usize = 16 * 1024;
const HEAD_FIELDS_MAX: usize = 100;
/// hyper reads no less at a time.
const BUFFER_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a refused body that are read, so that its sender comes to read the refusal.
const DISCARD_BYTES_MAX: u64 = 1024 * 1024;

/// An answer.
pub type Answer = Response<Full<Bytes>>;

/// How a connection ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// What came was no HTTP; it was refused.
    Malformed,
    /// The head was longer than it may be; it was refused.
    TooLong,
    /// A request was begun and not finished in time.
    Timeout,
    /// The peer went away, or did not read its answer.
    Gone,
}

/// Serves a connection: `handle` answers its requests one by one.
///
/// # Errors
/// When the connection ended before its time.
pub async fn serve<F>(
    stream: TcpStream,
    patience: Duration,
    idle: Idle,
    mut stop: Stop,
    handle: impl Fn(Request<Incoming>) -> F,
) -> Result<(), Broken>
where
    F: Future<Output = Answer>,
{
    let progress = Progress::default();
    let io = TokioIo::new(Patient::new(stream, progress.clone(), patience, idle));
    let service = service_fn(|request| {
        let answered = handle(request);
        async {
            let answer = answered.await;
            progress.finish();
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        // Not `pipeline_flush`: it keeps back the refusal of a request behind which more was sent.
        .half_close(true)
        .max_header_size(HEAD_BYTES_MAX)
        .max_headers(HEAD_FIELDS_MAX)
        .max_buf_size(BUFFER_BYTES_MAX)
        // The stream itself times what is begun, and what is idle.
        .header_read_timeout(None)
        .serve_connection(io, service);
    tokio::pin!(connection);
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = stop.wait() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    served.map_err(|error| {
        if error.is_parse_too_large() {
            Broken::TooLong
        } else if error.is_parse() {
            Broken::Malformed
        } else if progress.is_begun() && is_timeout(&error) {
            Broken::Timeout
        } else {
            Broken::Gone
        }
    })
}

fn is_timeout(error: &hyper::Error) -> bool {
    let cause = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::TimedOut)
}

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It does not say its length.
    NoLength,
    /// It is encoded.
    Encoded,
    /// It is longer than it may be.
    TooLong,
    /// It did not come in time, or its sender went away.
    Incomplete,
}

impl Unread {
    /// The status that says so.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::NoLength => StatusCode::LENGTH_REQUIRED,
            Self::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Incomplete => StatusCode::REQUEST_TIMEOUT,
        }
    }

    /// A sentence for whoever sent it.
    #[must_use]
    pub fn message(self, bytes_max: usize) -> String {
        match self {
            Self::NoLength => "the body has no Content-Length: send one, not chunks".into(),
            Self::Encoded => "the body has a Content-Encoding: send it as it is".into(),
            Self::TooLong => format!("the body is longer than {bytes_max} bytes"),
            Self::Incomplete => "the body did not arrive in time".into(),
        }
    }
}

/// Reads the body of a request.
///
/// # Errors
/// An [`Unread`]; the connection should end then.
pub async fn body(
    request: Request<Incoming>,
    bytes_max: usize,
    patience: Duration,
) -> Result<Bytes, Unread> {
    let (head, body) = request.into_parts();
    if head.headers.contains_key(TRANSFER_ENCODING) {
        return Err(Unread::NoLength);
    }
    let encoding = head.headers.get(CONTENT_ENCODING);
    let unread = if encoding.is_some_and(|encoding| encoding != "identity") {
        Unread::Encoded
    } else if body.size_hint().lower() > bytes_max as u64 {
        Unread::TooLong
    } else {
        let collected = timeout(patience, body.collect()).await;
        return match collected {
            Ok(Ok(collected)) => Ok(collected.to_bytes()),
            Ok(Err(_)) | Err(_) => Err(Unread::Incomplete),
        };
    };
    discard(&head.headers, body, patience).await;
    Err(unread)
}

/// Reads a refused body away, within bounds.
async fn discard(headers: &HeaderMap, mut body: Incoming, patience: Duration) {
    if headers.contains_key(EXPECT) || body.size_hint().lower() > DISCARD_BYTES_MAX {
        return;
    }
    let rest = async { while let Some(Ok(_)) = body.frame().await {} };
    let _ = timeout(patience, rest).await;
}

/// Whether a request brings a body.
#[must_use]
pub fn has_body(headers: &HeaderMap) -> bool {
    headers.contains_key(TRANSFER_ENCODING)
        || headers.get(CONTENT_LENGTH).is_some_and(|length| length != "0")
}

/// An answer of some type.
#[must_use]
pub fn answer(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}

/// A JSON answer.
#[must_use]
pub fn json(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    answer(status, "application/json", body)
}

/// A text answer.
#[must_use]
pub fn text(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    answer(status, "text/plain; charset=utf-8", body)
}

/// The connection ends with this answer.
#[must_use]
pub fn last(mut answer: Answer) -> Answer {
    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// An error as JSON.
#[must_use]
pub fn error(status: StatusCode, message: &str) -> Answer {
    let code = if status.is_server_error() { "SERVER_ERROR" } else { "BAD_REQUEST" };
    json(status, json!({"error": {"code": code, "message": message}}).to_string())
}

/// No such path.
#[must_use]
pub fn no_path(path: &str, paths: &str) -> Answer {
    let path: String = path.chars().take(64).collect();
    error(StatusCode::NOT_FOUND, &format!("nothing is at {path}: there are {paths}"))
}

/// The path has no such method; `allow` lists those that it has.
#[must_use]
pub fn no_method(allow: &'static str) -> Answer {
    let mut answer =
        error(StatusCode::METHOD_NOT_ALLOWED, &format!("this path knows {allow} alone"));
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    answer
}

/// A value of a query string as forms write it: `%41` and a plus for a blank. `None`: no such escape,
/// or no UTF-8.
#[must_use]
pub fn unescape(text: &str) -> Option<String> {
    query_string::unescape(&text.replace('+', " ")).ok()
}
