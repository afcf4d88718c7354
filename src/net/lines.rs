//! JSON lines on TCP: every whole line of a read is answered, all answers leave in one write.
//!
//! Buffers are the thread's, not the connection's: an idle connection holds none. A connection keeps
//! only the begin of an unfinished line, or what it sent while its answers wait to be read; while they
//! wait nothing more is read from it.

use super::tcp::Front;
use crate::codec::answer;
use crate::model::answer::{Refusal, RefusalCode, Status};
use crate::model::outcome::{Outcome, Protocol};
use crate::model::query::Shape;
use crate::service::Input;
use std::borrow::Cow;
use std::io;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout_at;

/// Bytes of one read.
const READ_BYTES: usize = 16 * 1024;
/// Answers of more bytes than this are sent before more lines are answered.
const MARK_BYTES: usize = 64 * 1024;
/// A connection's memory for unfinished lines is given back above this.
const KEPT_BYTES: usize = 4 * 1024;
/// What a refused connection may still send before it is cut.
const LINGER_BYTES: usize = 1024 * 1024;

/// Memory of the thread.
pub(super) struct Buffers {
    input: Box<[u8]>,
    answer: Vec<u8>,
    out: Vec<u8>,
}

impl Default for Buffers {
    fn default() -> Self {
        Self { input: vec![0; READ_BYTES].into(), answer: Vec::new(), out: Vec::new() }
    }
}

/// Memory of one connection.
#[derive(Default)]
struct Kept {
    /// Bytes that were read and not answered.
    unanswered: Vec<u8>,
    /// Bytes of answers that were not sent.
    unsent: Vec<u8>,
    /// Since when a line is unfinished.
    begun: Option<tokio::time::Instant>,
}

/// What follows a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// Wait for more.
    Read,
    /// More lines are there: answer them when the answers so far were sent.
    GoOn,
    /// It is over; the peer may still be sending.
    Refuse,
    /// It is over.
    Close,
}

/// Serves a connection until it ends.
pub(super) async fn serve(front: &Front, mut stream: TcpStream) -> io::Result<()> {
    let mut kept = Kept::default();
    let mut stop = front.stop.clone();
    let stopped = stop.wait();
    tokio::pin!(stopped);
    let mut then = Then::Read;
    loop {
        if then == Then::Read {
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
                        front.count(Protocol::Tcp, Outcome::Timeout);
                    }
                    return Err(error);
                },
                () = &mut stopped => return Ok(()),
            }
        }
        then = turn(front, &stream, &mut kept, then)?;
        if !kept.unsent.is_empty() {
            let until = tokio::time::Instant::now() + front.patience;
            timeout_at(until, stream.write_all(&kept.unsent)).await??;
            kept.unsent = Vec::new();
        } else if then == Then::GoOn {
            tokio::task::yield_now().await;
        }
        match then {
            Then::Read | Then::GoOn => {}
            Then::Refuse => return linger(stream, front.patience).await,
            Then::Close => return stream.shutdown().await,
        }
    }
}

/// Reads once (or takes up what is left), answers every whole line, sends what the kernel takes.
fn turn(front: &Front, stream: &TcpStream, kept: &mut Kept, last: Then) -> io::Result<Then> {
    let mut buffers = front.buffers.borrow_mut();
    let Buffers { input, answer, out } = &mut *buffers;
    out.clear();
    let mut batch = Batch { front, stream, answer, out, kept, stalled: false };
    if last == Then::GoOn {
        let left = std::mem::take(&mut batch.kept.unanswered);
        let then = batch.answer_lines(&left);
        return Ok(batch.finish(then));
    }
    let count = match stream.try_read(input) {
        Ok(count) => count,
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(Then::Read),
        Err(error) => return Err(error),
    };
    let then = if count == 0 {
        batch.answer_last()
    } else {
        batch.answer_read(input.get(..count).unwrap_or_default())
    };
    Ok(batch.finish(then))
}

/// The lines of one turn.
struct Batch<'b> {
    front: &'b Front,
    stream: &'b TcpStream,
    answer: &'b mut Vec<u8>,
    out: &'b mut Vec<u8>,
    kept: &'b mut Kept,
    /// The peer does not take its answers.
    stalled: bool,
}

impl Batch<'_> {
    /// Answers what was just read, behind what is left of the last read.
    fn answer_read(&mut self, bytes: &[u8]) -> Then {
        if self.kept.unanswered.is_empty() {
            return self.answer_lines(bytes);
        }
        let line_max = self.front.service.limits.tcp_request_max;
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
            self.kept.unanswered.extend_from_slice(bytes);
            return if self.kept.unanswered.len() > line_max {
                self.too_long()
            } else {
                Then::Read
            };
        };
        let (head, rest) = bytes.split_at(end + 1);
        let mut line = std::mem::take(&mut self.kept.unanswered);
        line.extend_from_slice(head);
        self.kept.begun = None;
        let then = self.answer_lines(&line);
        if line.capacity() <= KEPT_BYTES && self.kept.unanswered.is_empty() {
            line.clear();
            self.kept.unanswered = line;
        }
        match then {
            Then::Read => self.answer_lines(rest),
            Then::GoOn => {
                self.kept.unanswered.extend_from_slice(rest);
                then
            }
            Then::Refuse | Then::Close => then,
        }
    }

    /// Answers whole lines; what is left of `bytes` is kept.
    fn answer_lines(&mut self, bytes: &[u8]) -> Then {
        let started = Instant::now();
        let moment = self.front.clock.now();
        let table = self.front.service.table();
        let mut desk = self.front.desk.borrow_mut();
        let channel = self.front.channel(Protocol::Tcp);
        let line_max = self.front.service.limits.tcp_request_max;
        let mut rest = bytes;
        let mut answered = 0;
        let mut then = Then::Read;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, behind) = rest.split_at(end);
            let line = line.trim_ascii();
            if line.len() > line_max {
                then = self.too_long();
                break;
            }
            rest = behind.get(1..).unwrap_or_default();
            if line.is_empty() {
                continue;
            }
            let input = Input::Json(line);
            let service = &self.front.service;
            let outcome = service.respond(&table, &mut desk, channel, moment, input, self.answer);
            answered += 1;
            if !self.write(outcome) {
                then = Then::Refuse;
                break;
            }
            if self.out.len() >= MARK_BYTES && !self.send() {
                then = Then::GoOn;
                break;
            }
        }
        self.front.time(started.elapsed(), answered);
        if matches!(then, Then::Read | Then::GoOn) { self.keep(rest, line_max, then) } else { then }
    }

    /// Keeps what is not answered.
    fn keep(&mut self, rest: &[u8], line_max: usize, then: Then) -> Then {
        if then == Then::Read && rest.len() > line_max {
            return self.too_long();
        }
        self.kept.unanswered.extend_from_slice(rest);
        then
    }

    /// The peer will send no more: a last line without its end is a line.
    fn answer_last(&mut self) -> Then {
        let mut line = std::mem::take(&mut self.kept.unanswered);
        if !line.is_empty() {
            line.push(b'\n');
            if self.answer_lines(&line) == Then::Refuse {
                return Then::Refuse;
            }
        }
        Then::Close
    }

    /// Appends the answer; `false`: there is none to be given, and the connection ends.
    fn write(&mut self, outcome: Outcome) -> bool {
        if outcome == Outcome::Panicked {
            let refusal = Refusal::new(
                RefusalCode::ServerError,
                Status::Fallback,
                "the question met a fault of siproute itself",
            );
            answer::refuse(Shape::Json, "", &refusal, None, usize::MAX, self.answer);
        }
        if self.answer.is_empty() {
            // A message that is itself an answer: to answer it could go on for ever.
            return false;
        }
        self.out.extend_from_slice(self.answer);
        self.out.push(b'\n');
        true
    }

    fn too_long(&mut self) -> Then {
        let bytes = self.front.service.limits.tcp_request_max;
        self.front.count(Protocol::Tcp, Outcome::TooLong);
        let refusal = Refusal {
            code: RefusalCode::BadRequest,
            status: Status::Fallback,
            field: None,
            message: Cow::Owned(format!("longer than limits.tcp_request_max, {bytes} bytes")),
        };
        answer::refuse(Shape::Json, "", &refusal, None, usize::MAX, self.out);
        self.out.push(b'\n');
        Then::Refuse
    }

    /// Sends what the kernel takes at once; `false`: not everything.
    fn send(&mut self) -> bool {
        let mut sent = 0;
        while let Some(rest) = self.out.get(sent..).filter(|rest| !rest.is_empty()) {
            match self.stream.try_write(rest) {
                Ok(count) => sent += count,
                // Any other error shows again when the rest is written.
                Err(_) => {
                    self.kept.unsent.extend_from_slice(rest);
                    self.stalled = true;
                    break;
                }
            }
        }
        self.out.clear();
        !self.stalled
    }

    /// Sends the rest, and starts the peer's time where it left a line unfinished.
    fn finish(mut self, then: Then) -> Then {
        if self.stalled {
            self.kept.unsent.append(self.out);
        } else {
            self.send();
        }
        let unfinished = then == Then::Read && !self.kept.unanswered.is_empty();
        if !unfinished {
            self.kept.begun = None;
        } else if self.kept.begun.is_none() {
            self.kept.begun = Some(tokio::time::Instant::now());
        }
        then
    }
}

/// Lets the peer read the refusal: a connection closed over unread bytes would take it away.
async fn linger(mut stream: TcpStream, patience: Duration) -> io::Result<()> {
    stream.shutdown().await?;
    let until = tokio::time::Instant::now() + patience;
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
