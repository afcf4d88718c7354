//! The open loop: questions come at random moments at a rate (a Poisson process), whether answers do
//! or not. One thread of ours asks, another one listens.

use super::PATIENCE;
use super::flow::{self, Receiver, TO_PEER, Tally, wall_ns};
use super::request::Request;
use crate::net::mmsg::{BATCH, Outbox};
use crate::ops::shutdown::{self, Stop};
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};
use tokio::net::UdpSocket;
use tokio::task::JoinSet;

/// Questions whose answers can be waited for at once.
const OPEN_MAX: usize = 1 << 20;

/// When each question was sent, by its number; 0: it is answered, or was never asked.
struct Ledger {
    sent_ns: Vec<AtomicI64>,
    answers: AtomicU64,
}

impl Ledger {
    fn place(&self, number: u32) -> Option<&AtomicI64> {
        self.sent_ns.get(number as usize % OPEN_MAX)
    }
}

/// Asks for `time`, then waits for the last answers.
pub(super) fn run(
    target: SocketAddr,
    request: &Request,
    flows: usize,
    rate: u32,
    time: Duration,
) -> io::Result<Tally> {
    let sockets = (0..flows).map(|_| flow::connect(target)).collect::<io::Result<Vec<_>>>()?;
    let ledger = Arc::new(Ledger {
        sent_ns: (0..OPEN_MAX).map(|_| AtomicI64::new(0)).collect(),
        answers: AtomicU64::new(0),
    });
    let (stopper, stop) = shutdown::pair();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut listening = JoinSet::new();
    {
        let _entered = runtime.enter();
        for socket in &sockets {
            let socket = UdpSocket::from_std(socket.try_clone()?)?;
            let listener = listen(socket, request.clone(), Arc::clone(&ledger), stop.clone());
            listening.spawn_on(listener, runtime.handle());
        }
    }
    let (asker, asked_of, counted) = (request.clone(), sockets, Arc::clone(&ledger));
    let asking = std::thread::Builder::new()
        .name("ask".into())
        .spawn(move || ask(&asked_of, &asker, rate, time, &counted))?;
    let mut whole = runtime.block_on(async {
        while !asking.is_finished() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut whole = asking.join().map_err(|_| io::Error::other("the asking thread died"))??;
        let end = Instant::now() + PATIENCE;
        while ledger.answers.load(Relaxed) < whole.sent && Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stopper.stop();
        while let Some(ended) = listening.join_next().await {
            whole.merge(&ended.map_err(io::Error::other)??);
        }
        io::Result::Ok(whole)
    })?;
    whole.lost = whole.sent.saturating_sub(whole.answers());
    Ok(whole)
}

/// Takes the answers of one socket.
async fn listen(
    socket: UdpSocket,
    request: Request,
    ledger: Arc<Ledger>,
    mut stop: Stop,
) -> io::Result<Tally> {
    let (mut tally, mut receiver) = (Tally::default(), Receiver::new());
    while !stop.is_said() {
        tokio::select! {
            ready = socket.readable() => ready?,
            () = stop.wait() => break,
        }
        while receiver.receive(&socket)? {
            let arrivals: Vec<_> = receiver.arrivals(&request, &mut tally).collect();
            for arrival in arrivals {
                let sent_ns =
                    ledger.place(arrival.number).map_or(0, |place| place.swap(0, Relaxed));
                if sent_ns != 0 {
                    let latency_ns = arrival.at_ns.saturating_sub(sent_ns);
                    tally.latencies.record(u64::try_from(latency_ns).unwrap_or(0));
                    ledger.answers.fetch_add(1, Relaxed);
                }
            }
        }
    }
    Ok(tally)
}

/// Sends questions when they are due. What fell due while this thread slept goes out together; how
/// late that was is told beside the latencies, which count from the sending.
fn ask(
    sockets: &[std::net::UdpSocket],
    request: &Request,
    rate: u32,
    time: Duration,
    ledger: &Ledger,
) -> io::Result<Tally> {
    let mut tally = Tally::default();
    let mut outboxes: Vec<Outbox> = sockets.iter().map(|_| Outbox::new(512)).collect();
    let mut chance = Chance::new();
    let gap_s = 1.0 / f64::from(rate);
    let start = Instant::now();
    let (mut due, mut number) = (start, 0_u32);
    while due < start + time {
        let now = Instant::now();
        if due > now {
            std::thread::sleep(due - now);
            continue;
        }
        let mut batch = 0;
        while due <= now && due < start + time && batch < BATCH {
            let index = number as usize % outboxes.len().max(1);
            let Some(outbox) = outboxes.get_mut(index) else { break };
            let Some(out) = outbox.open() else { break };
            request.write(number, out);
            outbox.post(&TO_PEER);
            if let Some(place) = ledger.place(number) {
                place.store(wall_ns(), Relaxed);
            }
            let late_ns = u64::try_from((now - due).as_nanos()).unwrap_or(u64::MAX);
            tally.lateness.record(late_ns);
            number = number.wrapping_add(1);
            batch += 1;
            due += Duration::from_secs_f64(chance.exponential() * gap_s);
        }
        for (outbox, socket) in outboxes.iter_mut().zip(sockets) {
            tally.sent += send(socket, outbox)?;
        }
    }
    Ok(tally)
}

/// Sends an outbox without waiting for more than room in the socket.
fn send(socket: &std::net::UdpSocket, outbox: &mut Outbox) -> io::Result<u64> {
    let mut sent = 0;
    while sent < outbox.count() {
        match outbox.send(socket.as_fd(), sent) {
            Ok(count) => sent += count,
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => std::thread::yield_now(),
                _ => return Err(error),
            },
        }
    }
    outbox.clear();
    Ok(sent as u64)
}

/// A xorshift generator: all that gaps between questions need.
struct Chance(u64);

impl Chance {
    fn new() -> Self {
        Self(wall_ns().unsigned_abs() | 1)
    }

    /// Exponentially distributed with the mean 1.
    fn exponential(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let uniform = ((self.0 >> 11) as f64 + 1.0) / (1_u64 << 53) as f64;
        -uniform.ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_have_the_mean_and_the_spread_of_a_poisson_process() {
        let mut chance = Chance(42);
        let gaps: Vec<f64> = (0..100_000).map(|_| chance.exponential()).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        let beyond = gaps.iter().filter(|gap| **gap > 1.0).count() as f64 / gaps.len() as f64;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        assert!((beyond - (-1.0_f64).exp()).abs() < 0.01, "{beyond}");
    }
}
