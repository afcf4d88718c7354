//! One HTTP/1.1 exchange, waited for.

use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// Bytes of a body at most; the greatest that any limit allows is shorter.
const BODY_MAX: usize = 8 << 20;

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    /// The status code.
    pub(super) status: u16,
    /// All of the body.
    pub(super) body: Vec<u8>,
}

/// Posts a JSON body.
pub(super) fn post(
    address: SocketAddr,
    path: &str,
    body: &[u8],
    timeout: Duration,
) -> io::Result<Answer> {
    wait(address, Method::POST, path, body, timeout)
}

/// Gets a path, which may have a query string.
pub(super) fn get(address: SocketAddr, path: &str, timeout: Duration) -> io::Result<Answer> {
    wait(address, Method::GET, path, &[], timeout)
}

fn wait(
    address: SocketAddr,
    method: Method,
    path: &str,
    body: &[u8],
    timeout: Duration,
) -> io::Result<Answer> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        tokio::time::timeout(timeout, exchange(address, method, path, body))
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    })
}

async fn exchange(
    address: SocketAddr,
    method: Method,
    path: &str,
    body: &[u8],
) -> io::Result<Answer> {
    let stream = tokio::net::TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, address.to_string())
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(bytes::Bytes::copy_from_slice(body)))
        .map_err(io::Error::other)?;
    let answered = async {
        let response = sender.send_request(request).await.map_err(closed)?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), BODY_MAX).collect().await;
        let body = body.map_err(io::Error::other)?.to_bytes().to_vec();
        Ok(Answer { status, body })
    };
    tokio::pin!(answered);
    tokio::select! {
        answer = &mut answered => answer,
        _ = connection => answered.await,
    }
}

fn closed(error: hyper::Error) -> io::Error {
    match error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        true => io::ErrorKind::UnexpectedEof.into(),
        false => io::Error::other(error),
    }
}
