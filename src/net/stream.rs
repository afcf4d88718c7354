//! A connection without HTTP: JSON lines, JSON-RPC objects or netstrings, answered in order.
//!
//! Every whole message of a read is answered, all answers leave in one write. Buffers are the thread's,
//! not the connection's: an idle connection holds none. A connection keeps only the begin of an
//! unfinished message, or what it sent while its answers wait: to be read, or for a change of the
//! tables. While they wait nothing more is read from it.

use super::frame::{self, Cutter, Framing};
use super::rpc::{self, Owed, Reply};
use super::tcp::{Front, SLICE};
use super::turn::turn;
use crate::model::outcome::{Outcome, Protocol};
use std::io;
use std::rc::Rc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

/// Bytes of one read.
const READ_BYTES: usize = 16 * 1024;
/// Bytes that were this long in coming were waited for: others had their turn.
const WAIT: Duration = Duration::from_micros(100);
/// What a refused connection may still send before it is cut.
const LINGER_BYTES: usize = 1024 * 1024;

/// Memory of the thread.
pub(super) struct Buffers {
    pub(super) input: Box<[u8]>,
    pub(super) answer: Vec<u8>,
    pub(super) out: Vec<u8>,
}

impl Default for Buffers {
    fn default() -> Self {
        Self { input: vec![0; READ_BYTES].into(), answer: Vec::new(), out: Vec::new() }
    }
}

/// Memory of one connection.
pub(super) struct Kept {
    /// How it is cut into messages.
    pub(super) cutter: Cutter,
    /// Whether its source may change tables.
    pub(super) may_change: bool,
    /// Bytes that were read and not answered.
    pub(super) unanswered: Vec<u8>,
    /// Bytes of answers that were not sent.
    pub(super) unsent: Vec<u8>,
    /// What has to be answered before anything else is.
    pub(super) owed: Option<Owed>,
    /// Since when a message is unfinished.
    pub(super) begun: Option<Instant>,
}

/// What follows a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// Wait for more.
    Read,
    /// More messages are there: answer them when the answers so far were sent.
    GoOn,
    /// Likewise, when what is owed was settled.
    Settle,
    /// It is over; the peer may still be sending.
    Refuse,
    /// It is over.
    Close,
}

/// Serves a connection until it ends.
pub(super) async fn serve(
    front: &Rc<Front>,
    mut stream: TcpStream,
    may_change: bool,
) -> io::Result<()> {
    let limits = &front.service.limits;
    let mut kept = Kept {
        cutter: Cutter::new(limits.tcp_request_max, limits.rpc_request_max),
        may_change,
        unanswered: Vec::new(),
        unsent: Vec::new(),
        owed: None,
        begun: None,
    };
    let mut stop = front.stop.clone();
    let stopped = stop.wait();
    tokio::pin!(stopped);
    let mut then = Then::Read;
    // How long it has been answered since it last had to wait for bytes.
    let mut busy = Duration::ZERO;
    loop {
        if then == Then::Read {
            let waiting = Instant::now();
            let readable = async {
                match kept.begun {
                    None => stream.readable().await,
                    Some(begun) => timeout_at(begun + front.patience, stream.readable())
                        .await
                        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())),
                }
            };
            tokio::select! {
                biased;
                ready = readable => if let Err(error) = ready {
                    if error.kind() == io::ErrorKind::TimedOut {
                        front.count(kept.protocol(), Outcome::Timeout);
                    }
                    return Err(error);
                },
                () = &mut stopped => return Ok(()),
            }
            if waiting.elapsed() >= WAIT {
                busy = Duration::ZERO;
            }
        }
        let begun = Instant::now();
        then = turn(front, &stream, &mut kept, then)?;
        if !kept.unsent.is_empty() {
            let unsent = std::mem::take(&mut kept.unsent);
            send(front, &mut stream, &unsent).await?;
        }
        if let Some(owed) = kept.owed.take() {
            then = settle(front, &mut stream, &kept, owed).await?;
        }
        busy += begun.elapsed();
        if busy >= SLICE {
            tokio::task::yield_now().await;
            busy = Duration::ZERO;
        }
        match then {
            Then::Read | Then::GoOn | Then::Settle => {}
            Then::Refuse => return linger(stream, front.patience).await,
            Then::Close => return stream.shutdown().await,
        }
    }
}

impl Kept {
    /// What its messages are counted as where none can be read.
    pub(super) fn protocol(&self) -> Protocol {
        match self.cutter.framing() {
            Framing::Open | Framing::Lines => Protocol::Tcp,
            Framing::Objects | Framing::Netstrings => Protocol::JsonRpc,
        }
    }
}

/// Waits for what could not be answered at once, and sends its answer.
async fn settle(
    front: &Rc<Front>,
    stream: &mut TcpStream,
    kept: &Kept,
    owed: Owed,
) -> io::Result<Then> {
    let channel = front.channel(Protocol::JsonRpc, kept.may_change);
    let (answer, then) = match rpc::settle(front, channel, owed).await {
        Reply::Answer(answer) | Reply::Invalid(answer) => (answer, Then::GoOn),
        Reply::Silence => return Ok(Then::GoOn),
        Reply::Broken(answer) if answer.is_empty() => return Ok(Then::Refuse),
        Reply::Broken(answer) => (answer, Then::Refuse),
        Reply::Fault => {
            let mut answer = Vec::new();
            rpc::refuse(rpc::OUR_FAULT, &mut answer);
            (answer, Then::Refuse)
        }
    };
    let mut out = Vec::with_capacity(answer.len() + 16);
    frame::write(kept.cutter.framing(), &answer, &mut out);
    send(front, stream, &out).await?;
    Ok(then)
}

/// Sends what the peer has to take in time.
async fn send(front: &Front, stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    timeout_at(Instant::now() + front.patience, stream.write_all(bytes)).await?
}

/// Lets the peer read the refusal: a connection closed over unread bytes would take it away.
async fn linger(mut stream: TcpStream, patience: Duration) -> io::Result<()> {
    stream.shutdown().await?;
    let until = Instant::now() + patience;
    let mut discarded = 0;
    let mut bytes = [0; 4096];
    while discarded < LINGER_BYTES {
        timeout_at(until, stream.readable()).await??;
        match stream.try_read(&mut bytes) {
            Ok(0) => break,
            Ok(count) => discarded += count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
