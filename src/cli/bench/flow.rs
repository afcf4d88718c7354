//! One socket that asks, and what is counted of its answers.

use super::latency::Latencies;
use super::request::Request;
use crate::net::mmsg::{BATCH, Envelope, Inbox, Outbox, prepare};
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::AsFd;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::io::Interest;
use tokio::net::UdpSocket;

/// Bytes of an answer that are taken; its head says all that is counted. No power of two, lest the
/// buffers of a batch share their cache lines.
const ANSWER_MAX: usize = 8_192 + 192;

/// To the peer that the socket is connected to.
pub(super) const TO_PEER: Envelope =
    Envelope { peer: None, local: None, arrived_ns: None, len: 0, truncated: false };

/// What became of questions.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) sent: u64,
    /// Answers without routes.
    pub(super) refused: u64,
    /// Questions without an answer.
    pub(super) lost: u64,
    /// Bytes of all answers.
    pub(super) bytes: u64,
    /// One for each answer.
    pub(super) latencies: Latencies,
    /// How much later than meant questions were sent (open loop).
    pub(super) lateness: Latencies,
}

impl Tally {
    pub(super) fn answers(&self) -> u64 {
        self.latencies.count()
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.sent += other.sent;
        self.refused += other.refused;
        self.lost += other.lost;
        self.bytes += other.bytes;
        self.latencies.merge(&other.latencies);
        self.lateness.merge(&other.lateness);
    }

    /// Bytes of an answer, on average.
    pub(super) fn answer_bytes(&self) -> usize {
        usize::try_from(self.bytes.checked_div(self.answers()).unwrap_or(0)).unwrap_or(0)
    }
}

/// A socket that is connected to `target` and stamps what arrives.
pub(super) fn connect(target: SocketAddr) -> io::Result<std::net::UdpSocket> {
    let any: SocketAddr = match target {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = std::net::UdpSocket::bind(any)?;
    socket.connect(target)?;
    socket.set_nonblocking(true)?;
    prepare(&socket)?;
    Ok(socket)
}

/// Now, in Unix nanoseconds: the clock by which the kernel stamps what arrives.
pub(super) fn wall_ns() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_nanos()).unwrap_or(i64::MAX)
}

/// An answer that arrived.
pub(super) struct Arrival {
    /// The number of its question.
    pub(super) number: u32,
    pub(super) at_ns: i64,
}

/// Takes what has arrived at a socket.
pub(super) struct Receiver {
    inbox: Inbox,
    count: usize,
}

impl Receiver {
    pub(super) fn new() -> Self {
        Self { inbox: Inbox::new(ANSWER_MAX), count: 0 }
    }

    /// Takes a batch; `false`: nothing was there, and the socket is to be waited for.
    pub(super) fn receive(&mut self, socket: &UdpSocket) -> io::Result<bool> {
        let inbox = &mut self.inbox;
        match socket.try_io(Interest::READABLE, || inbox.receive(socket.as_fd())) {
            Ok(count) => {
                self.count = count;
                if count < BATCH {
                    // A short batch emptied the socket; what arrives later raises a new edge.
                    let _: io::Result<()> =
                        socket.try_io(Interest::READABLE, || Err(io::ErrorKind::WouldBlock.into()));
                }
                Ok(true)
            }
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(false),
                _ => Err(error),
            },
        }
    }

    /// The answers of the batch to questions of ours, counted but for their latency.
    pub(super) fn arrivals<'r>(
        &'r self,
        request: &'r Request,
        tally: &'r mut Tally,
    ) -> impl Iterator<Item = Arrival> + 'r {
        let now_ns = wall_ns();
        self.inbox.datagrams(self.count).filter_map(move |(envelope, bytes)| {
            let glance = request.glance(bytes)?;
            tally.refused += u64::from(!glance.ok);
            tally.bytes += bytes.len() as u64;
            Some(Arrival { number: glance.number, at_ns: envelope.arrived_ns.unwrap_or(now_ns) })
        })
    }
}

/// Sends all of an outbox.
pub(super) async fn send(socket: &UdpSocket, outbox: &mut Outbox) -> io::Result<()> {
    let mut sent = 0;
    while sent < outbox.count() {
        match socket.try_io(Interest::WRITABLE, || outbox.send(socket.as_fd(), sent)) {
            Ok(count) => sent += count,
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock => socket.writable().await?,
                io::ErrorKind::Interrupted => {}
                _ => return Err(error),
            },
        }
    }
    outbox.clear();
    Ok(())
}
