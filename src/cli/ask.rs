//! One message to a running daemon and its answer: UDP, a line on TCP, or HTTP.
//!
//! Blocking, with a time limit, one connection a message: people ask here, not proxies.

use super::address::Listener;
use super::failure::Failure;
use super::http;
use super::settings::Place;
use crate::ops::exit::Exit;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

/// Bytes of an answer at most; the greatest that any limit allows is shorter.
const ANSWER_MAX: u64 = 8 << 20;

/// How to reach the daemon.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Way {
    /// Ask over UDP, at this address (the default way; address from `listen.udp` of the settings)
    #[arg(long, value_name = "ADDR", group = "way")]
    udp: Option<String>,
    /// Ask with a line on TCP (address from `listen.tcp` of the settings)
    #[arg(long, value_name = "ADDR", num_args = 0..=1, group = "way")]
    tcp: Option<Option<String>>,
    /// Ask over HTTP (address from `listen.tcp` of the settings)
    #[arg(long, value_name = "ADDR", num_args = 0..=1, group = "way")]
    http: Option<Option<String>>,
    /// How long to wait for the answer
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration)]
    timeout: Duration,
    #[command(flatten)]
    place: Place,
}

/// What a message is: its path, where it travels over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Message {
    Lookup,
    Report,
}

impl Message {
    fn path(self) -> &'static str {
        match self {
            Self::Lookup => "/lookup",
            Self::Report => "/report",
        }
    }
}

impl Way {
    /// Takes back a `KEY=VALUE` that stood behind `--tcp` or `--http`, where an address may stand.
    pub(super) fn stray(&mut self) -> Option<String> {
        let slot = self.tcp.as_mut().or(self.http.as_mut())?;
        slot.take_if(|text| text.contains('='))
    }

    /// Sends a message and waits for its answer.
    pub(super) fn ask(&self, message: Message, body: &[u8]) -> Result<Vec<u8>, Failure> {
        if let Some(said) = &self.tcp {
            let address = Listener::Tcp.find(said.as_deref(), &self.place)?;
            tcp(address, body, self.timeout).map_err(|error| self.silent("tcp", address, &error))
        } else if let Some(said) = &self.http {
            let address = Listener::Tcp.find(said.as_deref(), &self.place)?;
            http::post(address, message.path(), body, self.timeout)
                .and_then(|answer| match answer.body.is_empty() {
                    true => Err(io::Error::other(format!("HTTP {} without a body", answer.status))),
                    false => Ok(answer.body),
                })
                .map_err(|error| self.silent("http", address, &error))
        } else {
            let address = Listener::Udp.find(self.udp.as_deref(), &self.place)?;
            udp(address, body, self.timeout).map_err(|error| self.silent("udp", address, &error))
        }
    }

    fn silent(&self, way: &str, address: SocketAddr, error: &io::Error) -> Failure {
        let (why, check) = match error.kind() {
            io::ErrorKind::ConnectionRefused => {
                ("nobody listens there".to_owned(), "does `siproute serve` run, at this address?")
            }
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => (
                format!("silence for {:?}", self.timeout),
                "is this host in its `access.allow`? `siproute_requests_total` of /metrics tells \
                 whether the question arrived, and what became of it",
            ),
            io::ErrorKind::UnexpectedEof => (
                "the connection was closed".to_owned(),
                "is this host in its `access.allow`? is `limits.tcp_connections_max` reached?",
            ),
            _ => (error.to_string(), "does `siproute serve` run, at this address?"),
        };
        Failure::new(Exit::Io, format!("no answer from {way} {address}: {why}\n  check: {check}"))
    }
}

/// A time as the settings write it: `1s`, `250ms`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let ns = crate::model::duration::parse_ns(text)?;
    match u64::try_from(ns) {
        Ok(ns) if ns > 0 => Ok(Duration::from_nanos(ns)),
        _ => Err("must be longer than nothing".into()),
    }
}

/// Sends a datagram and waits for one.
pub(super) fn udp(address: SocketAddr, body: &[u8], timeout: Duration) -> io::Result<Vec<u8>> {
    let any: SocketAddr = match address {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any)?;
    socket.connect(address)?;
    socket.set_read_timeout(Some(timeout))?;
    socket.send(body)?;
    let mut answer = vec![0; 65_536];
    let len = socket.recv(&mut answer)?;
    answer.truncate(len);
    Ok(answer)
}

/// Sends a line and waits for one.
pub(super) fn tcp(address: SocketAddr, body: &[u8], timeout: Duration) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&address, timeout)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(timeout))?;
    stream.set_write_timeout(Some(timeout))?;
    stream.write_all(&[body, b"\n"].concat())?;
    let mut answer = Vec::new();
    BufReader::new(stream.take(ANSWER_MAX)).read_until(b'\n', &mut answer)?;
    if answer.pop() == Some(b'\n') { Ok(answer) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
