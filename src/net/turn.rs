//! One turn of a connection: one read, every whole message in it answered, one write.
//!
//! A lookup allocates nothing here: whole messages are answered where they were read to, and answers
//! are written to buffers of the thread.

use super::frame::{self, Framing, Step};
use super::nest::{Speech, speech_of};
use super::rpc::{self, Owed};
use super::stream::{Buffers, Kept, Then};
use super::tcp::{Front, SLICE};
use crate::codec::answer;
use crate::model::answer::{Refusal, RefusalCode, Status};
use crate::model::moment::Moment;
use crate::model::outcome::{Outcome, Protocol};
use crate::model::query::Shape;
use crate::service::Input;
use crate::service::desk::Desk;
use crate::service::rpc::{Rpc, Sent};
use crate::table::Table;
use std::borrow::Cow;
use std::io;
use std::time::Instant;
use tokio::net::TcpStream;

/// Answers of more bytes than this are sent before more messages are answered.
const MARK_BYTES: usize = 64 * 1024;
/// After so many messages the clock is looked at: a few that came together are answered together.
const LOOK_EVERY: u64 = 4;
/// A connection's memory for unfinished messages is given back above this.
const KEPT_BYTES: usize = 4 * 1024;

/// Reads once (or takes up what is left), answers every whole message, sends what the kernel takes.
pub(super) fn turn(
    front: &Front,
    stream: &TcpStream,
    kept: &mut Kept,
    last: Then,
) -> io::Result<Then> {
    let mut buffers = front.buffers.borrow_mut();
    let Buffers { input, answer, out } = &mut *buffers;
    out.clear();
    let mut batch = Batch { front, stream, answer, out, kept, stalled: false };
    if last != Then::Read {
        let left = std::mem::take(&mut batch.kept.unanswered);
        let then = batch.answer_messages(&left);
        return Ok(batch.finish(then));
    }
    let count = match stream.try_read(input) {
        Ok(count) => count,
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(Then::Read),
        Err(error) => return Err(error),
    };
    if batch.kept.cutter.framing() == Framing::Netstrings {
        // Kamailio keeps its next question until this one is confirmed (Nagle's algorithm).
        let _: io::Result<()> = stream.set_quickack(true);
    }
    let then = if count == 0 {
        batch.answer_last()
    } else {
        batch.answer_read(input.get(..count).unwrap_or_default())
    };
    Ok(batch.finish(then))
}

/// The messages of one turn.
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
            return self.answer_messages(bytes);
        }
        let count = match self.kept.cutter.step(bytes) {
            Step::Whole(count) => count,
            Step::More => {
                self.kept.unanswered.extend_from_slice(bytes);
                return Then::Read;
            }
            step => return self.refuse(step),
        };
        let (head, rest) = bytes.split_at_checked(count).unwrap_or((bytes, &[]));
        let mut message = std::mem::take(&mut self.kept.unanswered);
        message.extend_from_slice(head);
        self.kept.begun = None;
        let then = self.answer_messages(&message);
        if message.capacity() <= KEPT_BYTES && self.kept.unanswered.is_empty() {
            message.clear();
            self.kept.unanswered = message;
        }
        match then {
            Then::Read => self.answer_messages(rest),
            Then::GoOn | Then::Settle => {
                self.kept.unanswered.extend_from_slice(rest);
                then
            }
            Then::Refuse | Then::Close => then,
        }
    }

    /// Answers whole messages; what is left of `bytes` is kept.
    fn answer_messages(&mut self, bytes: &[u8]) -> Then {
        let started = Instant::now();
        let moment = self.front.clock.now();
        let table = self.front.service.table();
        let mut desk = self.front.desk.borrow_mut();
        let mut rest = bytes;
        let mut answered = 0;
        let mut then = Then::Read;
        while then == Then::Read {
            self.kept.cutter.begin();
            rest = rest.trim_ascii_start();
            if rest.is_empty() {
                break;
            }
            let count = match self.kept.cutter.step(rest) {
                Step::Whole(count) => count,
                Step::More => break,
                step => {
                    then = self.refuse(step);
                    break;
                }
            };
            let (message, behind) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            then = match self.kept.cutter.content(message) {
                Ok(message) => {
                    answered += 1;
                    self.answer_message(&table, &mut desk, moment, message)
                }
                Err(step) => self.refuse(step),
            };
            rest = behind;
            if then == Then::Read && self.out.len() >= MARK_BYTES && !self.send() {
                then = Then::GoOn;
            }
            if then == Then::Read && answered % LOOK_EVERY == 0 && started.elapsed() >= SLICE {
                then = Then::GoOn;
            }
        }
        self.front.time(started.elapsed(), answered);
        if matches!(then, Then::Read | Then::GoOn | Then::Settle) {
            self.kept.unanswered.extend_from_slice(rest);
        }
        then
    }

    /// The peer will send no more: a last line without its end is a line, another unfinished message
    /// is none.
    fn answer_last(&mut self) -> Then {
        let mut left = std::mem::take(&mut self.kept.unanswered);
        if left.is_empty() {
            return Then::Close;
        }
        self.kept.cutter.end();
        if self.kept.cutter.framing() != Framing::Lines {
            self.refuse(Step::Broken);
            return Then::Close;
        }
        left.push(b'\n');
        match self.answer_messages(&left) {
            // What the peer did not take yet is sent before the close.
            Then::Read | Then::GoOn | Then::Close => Then::Close,
            then => then,
        }
    }

    /// Answers one message in its own words.
    fn answer_message(
        &mut self,
        table: &Table,
        desk: &mut Desk,
        moment: Moment,
        message: &[u8],
    ) -> Then {
        let is_line = self.kept.cutter.framing() == Framing::Lines;
        if !is_line && message.starts_with(b"[") {
            self.kept.owed = Some(Owed::Batch(message.to_vec()));
            return Then::Settle;
        }
        let unsaid = if is_line { Speech::Native } else { Speech::JsonRpc };
        let service = &self.front.service;
        match speech_of(message).unwrap_or(unsaid) {
            Speech::Native => {
                let channel = self.front.channel(Protocol::Tcp, false);
                let input = Input::Json(message);
                let outcome = service.respond(table, desk, channel, moment, input, self.answer);
                self.write_native(outcome)
            }
            Speech::JsonRpc => {
                let channel = self.front.channel(Protocol::JsonRpc, self.kept.may_change);
                let sent = Sent::Alone(message);
                match service.rpc(table, desk, channel, moment, sent, self.answer) {
                    Rpc::Answered(outcome) => self.write_rpc(outcome),
                    Rpc::Change(pending) => {
                        self.kept.owed = Some(Owed::Change(Box::new(pending)));
                        Then::Settle
                    }
                    Rpc::Close => Then::Refuse,
                }
            }
        }
    }

    fn write_native(&mut self, outcome: Outcome) -> Then {
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
            return Then::Refuse;
        }
        self.write()
    }

    fn write_rpc(&mut self, outcome: Outcome) -> Then {
        if !self.answer.is_empty() {
            return self.write();
        }
        match outcome {
            Outcome::Panicked => {
                // Whoever waits for a word would wait for ever.
                rpc::refuse(rpc::OUR_FAULT, self.answer);
                self.write();
                Then::Refuse
            }
            // A notification.
            _ => Then::Read,
        }
    }

    fn write(&mut self) -> Then {
        frame::write(self.kept.cutter.framing(), self.answer, self.out);
        Then::Read
    }

    /// Ends the connection over a message that is too long, with a word, or that is none.
    fn refuse(&mut self, step: Step) -> Then {
        let protocol = self.kept.protocol();
        if step != Step::TooLong {
            self.front.count(protocol, Outcome::Malformed);
            return Then::Refuse;
        }
        self.front.count(protocol, Outcome::TooLong);
        let bytes_max = self.kept.cutter.bytes_max();
        self.answer.clear();
        if protocol == Protocol::JsonRpc {
            let message = format!("longer than limits.rpc_request_max, {bytes_max} bytes");
            rpc::refuse(&message, self.answer);
        } else {
            let message = format!("longer than limits.tcp_request_max, {bytes_max} bytes");
            let refusal = Refusal {
                code: RefusalCode::BadRequest,
                status: Status::Fallback,
                field: None,
                message: Cow::Owned(message),
            };
            answer::refuse(Shape::Json, "", &refusal, None, usize::MAX, self.answer);
        }
        self.write();
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

    /// Sends the rest, and starts the peer's time where it left a message unfinished.
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
