//! The closed loop: so many questions are always outstanding; each answer makes room for the next.

use super::PATIENCE;
use super::flow::{self, Receiver, TO_PEER, Tally, wall_ns};
use super::request::Request;
use crate::net::mmsg::{BATCH, Outbox};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How long each side is measured before the other has its turn.
pub(super) const ROUND: Duration = Duration::from_millis(250);
/// How long a side runs before anything counts.
pub(super) const WARM_UP: Duration = Duration::from_millis(100);

/// One server, with the sockets that ask it. One thread of ours serves all of them.
pub(super) struct Side {
    runtime: Runtime,
    flows: Vec<Flow>,
}

impl Side {
    /// `outstanding` questions spread over so many sockets, or fewer, since each has one at least.
    pub(super) fn new(target: SocketAddr, flows: usize, outstanding: usize) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let count = flows.clamp(1, outstanding);
        let entered = runtime.enter();
        let flows = (0..count)
            .map(|index| {
                let share = outstanding / count + usize::from(index < outstanding % count);
                let first = u32::try_from(index).unwrap_or(0) << 26;
                Flow::new(UdpSocket::from_std(flow::connect(target)?)?, share, first)
            })
            .collect::<io::Result<_>>()?;
        drop(entered);
        Ok(Self { runtime, flows })
    }

    /// Keeps the load up for `time`, then waits for the last answers.
    pub(super) fn round(&mut self, request: &Request, time: Duration) -> io::Result<Tally> {
        let flows = std::mem::take(&mut self.flows);
        let (flows, tally) = self.runtime.block_on(async {
            let until = Instant::now() + time;
            let mut running = JoinSet::new();
            for mut flow in flows {
                let request = request.clone();
                running.spawn(async move {
                    let ran = flow.run(&request, until).await;
                    (flow, ran)
                });
            }
            let (mut flows, mut whole) = (Vec::new(), Tally::default());
            while let Some(ended) = running.join_next().await {
                let (flow, tally) = ended.map_err(io::Error::other)?;
                whole.merge(&tally?);
                flows.push(flow);
            }
            io::Result::Ok((flows, whole))
        })?;
        self.flows = flows;
        Ok(tally)
    }
}

/// A question that is out.
#[derive(Debug, Clone, Copy)]
struct Slot {
    /// The number of its latest question.
    number: u32,
    sent_ns: i64,
    is_open: bool,
}

/// One socket and its questions. A question's number is its slot and its turn, so that an answer that
/// comes after its round is not taken for another's.
struct Flow {
    socket: UdpSocket,
    receiver: Receiver,
    outbox: Outbox,
    slots: Vec<Slot>,
    first: u32,
    open: usize,
}

impl Flow {
    fn new(socket: UdpSocket, outstanding: usize, first: u32) -> io::Result<Self> {
        let slot = |index| Slot { number: first + index, sent_ns: 0, is_open: false };
        let count = u32::try_from(outstanding).map_err(io::Error::other)?;
        let slots = (0..count).map(slot).collect();
        let (receiver, outbox) = (Receiver::new(), Outbox::new(512));
        Ok(Self { socket, receiver, outbox, slots, first, open: 0 })
    }

    async fn run(&mut self, request: &Request, until: Instant) -> io::Result<Tally> {
        let mut tally = Tally::default();
        for index in 0..self.slots.len() {
            self.ask(index, request, &mut tally);
            if self.outbox.count() == BATCH {
                flow::send(&self.socket, &mut self.outbox).await?;
            }
        }
        flow::send(&self.socket, &mut self.outbox).await?;
        let give_up = tokio::time::sleep_until(until + PATIENCE);
        tokio::pin!(give_up);
        while self.open > 0 {
            tokio::select! {
                ready = self.socket.readable() => ready?,
                () = &mut give_up => break,
            }
            while self.receiver.receive(&self.socket)? {
                self.take(request, until, &mut tally);
                flow::send(&self.socket, &mut self.outbox).await?;
            }
        }
        tally.lost = self.open as u64;
        self.open = 0;
        for slot in &mut self.slots {
            slot.is_open = false;
        }
        Ok(tally)
    }

    /// Counts a batch of answers, and asks anew for each.
    fn take(&mut self, request: &Request, until: Instant, tally: &mut Tally) {
        let goes_on = Instant::now() < until;
        let arrivals: Vec<_> = self.receiver.arrivals(request, tally).collect();
        for arrival in arrivals {
            let turn = arrival.number.wrapping_sub(self.first);
            let index = turn as usize % self.slots.len();
            let Some(slot) = self.slots.get_mut(index) else { continue };
            if slot.number != arrival.number || !slot.is_open {
                continue;
            }
            slot.is_open = false;
            self.open -= 1;
            let latency_ns = arrival.at_ns.saturating_sub(slot.sent_ns);
            tally.latencies.record(u64::try_from(latency_ns).unwrap_or(0));
            if goes_on {
                self.ask(index, request, tally);
            }
        }
    }

    /// Writes the next question of a slot to the outbox.
    fn ask(&mut self, index: usize, request: &Request, tally: &mut Tally) {
        let step = u32::try_from(self.slots.len()).unwrap_or(1);
        let (Some(slot), Some(out)) = (self.slots.get_mut(index), self.outbox.open()) else {
            return;
        };
        slot.number = slot.number.wrapping_add(step);
        request.write(slot.number, out);
        self.outbox.post(&TO_PEER);
        slot.sent_ns = wall_ns();
        slot.is_open = true;
        self.open += 1;
        tally.sent += 1;
    }
}
