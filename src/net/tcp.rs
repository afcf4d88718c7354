//! Connections: one thread for all of them, their protocol told by the first byte.
//!
//! The first letter of an HTTP method: HTTP/1.1. `{`, `[`, a digit or a blank: JSON lines, JSON-RPC
//! objects or netstrings, which `frame.rs` tells apart. Anything else is closed and counted. An idle
//! connection stays; what it began is timed. The table is taken for what a connection has sent so far,
//! and never held across a wait.

use super::access::AccessList;
use super::changes::{Changes, Means};
use super::{http, stream};
use crate::model::outcome::{Outcome, Protocol};
use crate::ops::clock::Clock;
use crate::ops::listen;
use crate::ops::shutdown::Stop;
use crate::service::desk::Desk;
use crate::service::{Channel, Service};
use std::cell::{Cell, RefCell};
use std::io;
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::LocalSet;

/// How long what was received may take to be answered after the word to stop.
const FAREWELL: Duration = Duration::from_secs(2);

/// Starts the thread that answers on all of `listeners`.
///
/// # Errors
/// When a socket cannot be prepared, or no thread can be had.
pub fn spawn(
    listeners: Vec<std::net::TcpListener>,
    service: Arc<Service>,
    access: Arc<AccessList>,
    means: Means,
    clock: Clock,
    stop: Stop,
) -> io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let adopted: io::Result<Vec<_>> = {
        let _entered = runtime.enter();
        listeners.into_iter().map(listen::adopt).collect()
    };
    let listeners = adopted?;
    std::thread::Builder::new().name("tcp".into()).spawn(move || {
        let front = Rc::new(Front::new(service, access, means, clock, stop));
        let tasks = LocalSet::new();
        let connections = async {
            let loops: Vec<_> = listeners
                .into_iter()
                .map(|listener| {
                    let front = Rc::clone(&front);
                    let stop = front.stop.clone();
                    tokio::task::spawn_local(listen::accept(listener, stop, move |stream, peer| {
                        Front::admit(&front, stream, peer.ip());
                    }))
                })
                .collect();
            for accepting in loops {
                let _ = accepting.await;
            }
        };
        runtime.block_on(tasks.run_until(connections));
        // Connections hear the same word: each ends with what it has received.
        let _ = runtime.block_on(async { tokio::time::timeout(FAREWELL, tasks).await });
    })
}

/// A connection that has been answered for so long without a wait lets the others of its thread go first.
pub(super) const SLICE: Duration = Duration::from_millis(1);

/// What the connections of the thread share.
pub(super) struct Front {
    pub(super) service: Arc<Service>,
    access: Arc<AccessList>,
    pub(super) changes: Changes,
    pub(super) clock: Clock,
    pub(super) stop: Stop,
    pub(super) patience: Duration,
    connections: Cell<usize>,
    /// Never borrowed across a wait.
    pub(super) desk: RefCell<Desk>,
    /// Never borrowed across a wait.
    pub(super) buffers: RefCell<stream::Buffers>,
}

impl Front {
    fn new(
        service: Arc<Service>,
        access: Arc<AccessList>,
        means: Means,
        clock: Clock,
        stop: Stop,
    ) -> Self {
        let patience_ms = u64::try_from(service.limits.tcp_patience_ms).unwrap_or(u64::MAX);
        Self {
            service,
            access,
            changes: Changes::new(means),
            clock,
            stop,
            patience: Duration::from_millis(patience_ms),
            connections: Cell::new(0),
            desk: RefCell::default(),
            buffers: RefCell::default(),
        }
    }

    /// Takes a connection, or closes it: its source may not ask, or there is no room.
    fn admit(front: &Rc<Self>, stream: TcpStream, source: IpAddr) {
        if !front.access.allows(source) {
            return front.count(Protocol::Tcp, Outcome::NotAllowed);
        }
        if front.connections.get() >= front.service.limits.tcp_connections_max {
            front.service.live.totals.connections_refused.fetch_add(1, Relaxed);
            return front.count(Protocol::Tcp, Outcome::Overloaded);
        }
        let place = Place::take(Rc::clone(front));
        let may_change = front.changes.allows(source);
        tokio::task::spawn_local(async move {
            // A connection that breaks ends itself; nobody waits for a word of it.
            let _: io::Result<()> = serve(&place.0, stream, may_change).await;
            drop(place);
        });
    }

    pub(super) fn count(&self, protocol: Protocol, outcome: Outcome) {
        self.service.live.totals.count(protocol, outcome);
    }

    /// How a request of this protocol comes, from a source that may change tables or not.
    pub(super) fn channel(&self, protocol: Protocol, may_change: bool) -> Channel {
        Channel {
            protocol,
            reply_max: self.service.limits.tcp_reply_max,
            confirms: true,
            overdue: false,
            may_change,
        }
    }

    /// Records the time that `count` answers took.
    pub(super) fn time(&self, elapsed: Duration, count: u64) {
        let elapsed_ns = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX);
        if let Some(each_ns) = elapsed_ns.checked_div(count) {
            self.service.live.totals.duration_ns.record(each_ns, count);
        }
    }
}

/// One connection's place among all that are held.
struct Place(Rc<Front>);

impl Place {
    fn take(front: Rc<Front>) -> Self {
        front.connections.set(front.connections.get() + 1);
        front.service.live.totals.connections.fetch_add(1, Relaxed);
        Self(front)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.connections.set(self.0.connections.get().saturating_sub(1));
        self.0.service.live.totals.connections.fetch_sub(1, Relaxed);
    }
}

/// Waits for the first byte, and serves the protocol that it tells.
async fn serve(front: &Rc<Front>, stream: TcpStream, may_change: bool) -> io::Result<()> {
    let mut first = [0];
    let mut stop = front.stop.clone();
    let peeked = tokio::select! {
        peeked = stream.peek(&mut first) => peeked?,
        () = stop.wait() => 0,
    };
    if peeked == 0 {
        return Ok(());
    }
    let [first] = first;
    match first {
        b'{' | b'[' | b'0'..=b'9' | b' ' | b'\t' | b'\r' | b'\n' => {
            stream::serve(front, stream, may_change).await
        }
        // CONNECT, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, TRACE.
        b'C' | b'D' | b'G' | b'H' | b'O' | b'P' | b'T' => {
            http::serve(front, stream, may_change).await
        }
        _ => {
            front.count(Protocol::Tcp, Outcome::Malformed);
            Ok(())
        }
    }
}
