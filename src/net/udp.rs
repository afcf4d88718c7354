//! Datagrams: taken in batches, answered inline, sent in batches. One thread for each socket.
//!
//! No task, no channel, no allocation and no log line for a datagram. The table is taken once for a
//! batch and let go before anything waits.

use super::access::{AccessList, Source};
use super::mmsg::{BATCH, Envelope, Inbox, Outbox, prepare, wait_readable};
use super::nest::{Speech, speech_of};
use crate::codec::native;
use crate::model::moment::Moment;
use crate::model::outcome::{Outcome, Protocol};
use crate::ops::clock::Clock;
use crate::ops::shutdown::Stop;
use crate::service::control::ChangeError;
use crate::service::desk::Desk;
use crate::service::rpc::{Rpc, Sent};
use crate::service::{Channel, Input, Service};
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::io::unix::AsyncFd;

/// Full batches in a row after which the runtime is given a turn (signals of a stop).
const BATCHES_IN_A_ROW: usize = 8;
/// How long the thread rests when the kernel has no memory.
const REST: Duration = Duration::from_millis(10);

/// Starts the thread that answers on `socket`.
///
/// # Errors
/// When the socket cannot be prepared, or no thread can be had.
pub fn spawn(
    socket: UdpSocket,
    service: Arc<Service>,
    access: Arc<AccessList>,
    clock: Clock,
    stop: Stop,
) -> io::Result<JoinHandle<()>> {
    socket.set_nonblocking(true)?;
    prepare(&socket)?;
    let own = socket.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let socket = {
        let _entered = runtime.enter();
        wait_readable(socket)?
    };
    std::thread::Builder::new().name("udp".into()).spawn(move || {
        let worker = Worker::new(service, access, clock, own);
        runtime.block_on(worker.run(socket, stop));
    })
}

/// What the thread keeps from batch to batch.
struct Worker {
    service: Arc<Service>,
    access: Arc<AccessList>,
    clock: Clock,
    own: SocketAddr,
    deadline_ns: i64,
    desk: Desk,
    inbox: Inbox,
    outbox: Outbox,
}

impl Worker {
    fn new(service: Arc<Service>, access: Arc<AccessList>, clock: Clock, own: SocketAddr) -> Self {
        let limits = &service.limits;
        let deadline_ns =
            i64::try_from(limits.deadline_ms).unwrap_or(i64::MAX / 2_000_000) * 1_000_000;
        Self {
            // One byte more than a question may have: a cut datagram is never taken for a whole one.
            inbox: Inbox::new(limits.udp_request_max + 1),
            outbox: Outbox::new(limits.udp_reply_max),
            desk: Desk::default(),
            deadline_ns,
            service,
            access,
            clock,
            own,
        }
    }

    async fn run(mut self, socket: AsyncFd<UdpSocket>, mut stop: Stop) {
        while !stop.is_said() {
            tokio::select! {
                ready = socket.readable() => match ready {
                    Ok(mut ready) => {
                        if self.drain(socket.get_ref()).await {
                            ready.clear_ready();
                        }
                    }
                    Err(error) => return tracing::error!("udp {}: {error}", self.own),
                },
                () = stop.wait() => {}
            }
        }
        // What arrived before the stop is answered.
        self.drain(socket.get_ref()).await;
    }

    /// Answers what has arrived; `true` when nothing is left. A short batch emptied the socket: what
    /// arrives later raises a new edge, so that the kernel need not be asked again.
    async fn drain(&mut self, socket: &UdpSocket) -> bool {
        for _ in 0..BATCHES_IN_A_ROW {
            match self.inbox.receive(socket.as_fd()) {
                Ok(count) => {
                    self.answer(count);
                    self.send(socket).await;
                    if count < BATCH {
                        return true;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return true,
                // An answer of ours found a closed port (ICMP); or a signal came between.
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::ConnectionRefused | io::ErrorKind::Interrupted
                    ) => {}
                Err(_) => tokio::time::sleep(REST).await,
            }
        }
        tokio::task::yield_now().await;
        false
    }

    /// Writes the answers of a batch to the outbox.
    fn answer(&mut self, count: usize) {
        self.outbox.clear();
        let started = Instant::now();
        let moment = self.clock.moment_of(started);
        let table = self.service.table();
        let mut read = 0;
        for (envelope, bytes) in self.inbox.datagrams(count) {
            if let Some(outcome) = self.refuse(envelope, bytes) {
                self.service.live.totals.count(Protocol::Udp, outcome);
                continue;
            }
            let Some(out) = self.outbox.open() else { break };
            let is_rpc = speech_of(bytes) == Some(Speech::JsonRpc);
            let channel = Channel {
                protocol: if is_rpc { Protocol::JsonRpc } else { Protocol::Udp },
                reply_max: self.service.limits.udp_reply_max,
                confirms: false,
                overdue: is_overdue(envelope.arrived_ns, moment, self.deadline_ns),
                may_change: false,
            };
            let (service, desk) = (&self.service, &mut self.desk);
            if is_rpc {
                match service.rpc(&table, desk, channel, moment, Sent::Alone(bytes), out) {
                    Rpc::Answered(_) => {}
                    Rpc::Close => out.clear(),
                    Rpc::Change(pending) => {
                        let text = "tables are not changed over UDP".into();
                        service.rpc_changed(pending, Err(ChangeError::Invalid { text }), out);
                    }
                }
            } else {
                service.respond(&table, desk, channel, moment, Input::Json(bytes), out);
            }
            read += 1;
            if !out.is_empty() {
                self.outbox.post(envelope);
            }
        }
        let elapsed_ns = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        if let Some(each_ns) = elapsed_ns.checked_div(read) {
            self.service.live.totals.duration_ns.record(each_ns, read);
        }
    }

    /// What is told without reading a datagram: it gets silence, and is counted.
    fn refuse(&self, envelope: &Envelope, bytes: &[u8]) -> Option<Outcome> {
        match envelope.peer.map(|peer| self.access.judge(peer, self.own)) {
            Some(Source::NotAllowed) => Some(Outcome::NotAllowed),
            Some(Source::Impossible) | None => Some(Outcome::Reflected),
            Some(Source::Allowed) => {
                let too_long =
                    envelope.truncated || bytes.len() > self.service.limits.udp_request_max;
                if too_long {
                    Some(Outcome::TooLong)
                } else if native::is_text_answer(bytes) {
                    Some(Outcome::Reflected)
                } else {
                    (!looks_like_json(bytes)).then_some(Outcome::Malformed)
                }
            }
        }
    }

    /// Sends the outbox; a datagram that the kernel refuses is left out. Where the kernel has no room,
    /// it is asked again as long as an asker waits.
    async fn send(&mut self, socket: &UdpSocket) {
        let (mut sent, mut waits) = (0, 0);
        while sent < self.outbox.count() {
            match self.outbox.send(socket.as_fd(), sent) {
                Ok(count) => sent += count,
                Err(error)
                    if error.kind() == io::ErrorKind::WouldBlock
                        && waits < self.service.limits.deadline_ms =>
                {
                    waits += 1;
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => sent += 1,
            }
        }
    }
}

/// Whether the first byte that is no blank opens an object. What is not even that is no question in
/// any protocol of this port, and gets silence.
fn looks_like_json(bytes: &[u8]) -> bool {
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

/// Whether a datagram waited longer than its asker does.
fn is_overdue(arrived_ns: Option<i64>, now: Moment, deadline_ns: i64) -> bool {
    arrived_ns.is_some_and(|arrived_ns| now.wall_ns.saturating_sub(arrived_ns) > deadline_ns)
}
