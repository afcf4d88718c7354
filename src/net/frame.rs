//! Where one message ends in a stream and the next begins, told from the bytes as they come.
//!
//! A message may come in any pieces: no byte is looked at twice while one is unfinished. What it says
//! is not read here, but for the first names in it, which tell JSON-RPC from native JSON.

use super::nest::{Nest, Speech};
use std::io::Write;

/// Digits of a netstring's length: more than any bound that can be set has.
const LENGTH_DIGITS_MAX: u8 = 9;

/// How messages stand in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// It is not told yet: the first message has not come far enough.
    Open,
    /// One a line.
    Lines,
    /// JSON objects and batches, one behind the other.
    Objects,
    /// `12:{"method":…},`.
    Netstrings,
}

/// What some bytes are to the message in work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// All of them belong to it, and it is unfinished.
    More,
    /// So many of them finish it.
    Whole(usize),
    /// It cannot become one.
    Broken,
    /// It is longer than it may be.
    TooLong,
}

/// Cuts a stream into messages.
#[derive(Debug)]
pub(super) struct Cutter {
    framing: Framing,
    line_max: usize,
    rpc_max: usize,
    /// Bytes of the unfinished message so far.
    count: usize,
    nest: Nest,
    header: Header,
}

impl Cutter {
    /// For a new stream; bounds are bytes of a line and of a JSON-RPC request.
    pub(super) fn new(line_max: usize, rpc_max: usize) -> Self {
        Self {
            framing: Framing::Open,
            line_max,
            rpc_max,
            count: 0,
            nest: Nest::default(),
            header: Header::default(),
        }
    }

    /// How messages stand, as far as it is told.
    pub(super) fn framing(&self) -> Framing {
        self.framing
    }

    /// Nothing more will come: what is unfinished and not told is a line.
    pub(super) fn end(&mut self) {
        if self.framing == Framing::Open {
            self.framing = Framing::Lines;
        }
    }

    /// Forgets the message in work: what comes next begins one.
    pub(super) fn begin(&mut self) {
        self.count = 0;
        self.nest = Nest::default();
        self.header = Header::default();
    }

    /// The bytes that a message may have.
    pub(super) fn bytes_max(&self) -> usize {
        match self.framing {
            Framing::Open | Framing::Lines => self.line_max,
            Framing::Objects | Framing::Netstrings => self.rpc_max,
        }
    }

    /// Goes on with the message in work; a new one begins without blanks.
    pub(super) fn step(&mut self, bytes: &[u8]) -> Step {
        match self.take(bytes) {
            Step::More => {
                self.count = self.count.saturating_add(bytes.len());
                // A netstring's length was judged when it was read.
                let told = self.framing == Framing::Netstrings;
                if !told && self.count > self.bytes_max() { Step::TooLong } else { Step::More }
            }
            step => step,
        }
    }

    /// What a whole message holds, or why it is none.
    pub(super) fn content<'b>(&self, message: &'b [u8]) -> Result<&'b [u8], Step> {
        let content = if self.framing == Framing::Netstrings {
            let behind = message.iter().position(|byte| *byte == b':').map_or(0, |colon| colon + 1);
            let end = message.len().saturating_sub(1);
            message.get(behind..end).unwrap_or_default()
        } else {
            message
        };
        let content = content.trim_ascii();
        if content.len() > self.bytes_max() { Err(Step::TooLong) } else { Ok(content) }
    }

    fn take(&mut self, bytes: &[u8]) -> Step {
        match self.framing {
            Framing::Open => self.tell(bytes),
            Framing::Lines => line(bytes),
            Framing::Objects => self.object(bytes),
            Framing::Netstrings => self.header.step(bytes, self.rpc_max),
        }
    }

    /// Looks at the first message of a stream until it tells how it stands there.
    fn tell(&mut self, bytes: &[u8]) -> Step {
        if self.count == 0 {
            match bytes.first() {
                Some(b'{') => {}
                Some(b'[') => self.framing = Framing::Objects,
                Some(byte) if byte.is_ascii_digit() => self.framing = Framing::Netstrings,
                _ => self.framing = Framing::Lines,
            }
            if self.framing != Framing::Open {
                return self.take(bytes);
            }
        }
        let line_end = bytes.iter().position(|byte| *byte == b'\n');
        let first_line = bytes.get(..line_end.unwrap_or(bytes.len())).unwrap_or_default();
        let at = self.nest.tell(first_line);
        self.framing = match (self.nest.told(), line_end) {
            (Some(Speech::JsonRpc), _) => Framing::Objects,
            (Some(Speech::Native), _) => Framing::Lines,
            (None, _) if self.nest.is_over() => Framing::Lines,
            // A native question has no second line.
            (None, Some(_)) if self.nest.may_be_rpc() => Framing::Objects,
            (None, Some(_)) => Framing::Lines,
            (None, None) => return Step::More,
        };
        match self.framing {
            Framing::Objects => match self.object(bytes.get(at..).unwrap_or_default()) {
                Step::Whole(count) => Step::Whole(at + count),
                step => step,
            },
            _ => line(bytes),
        }
    }

    fn object(&mut self, bytes: &[u8]) -> Step {
        if self.nest.is_fresh() && !matches!(bytes.first(), None | Some(b'{' | b'[')) {
            return Step::Broken;
        }
        self.nest.end(bytes).map_or(Step::More, Step::Whole)
    }
}

fn line(bytes: &[u8]) -> Step {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    end.map_or(Step::More, |end| Step::Whole(end + 1))
}

/// The length before a netstring, and how much of it is to come.
#[derive(Debug, Default)]
struct Header {
    digits: u8,
    left: usize,
    is_read: bool,
}

impl Header {
    fn step(&mut self, bytes: &[u8], bytes_max: usize) -> Step {
        let mut rest = bytes;
        while !self.is_read {
            let Some((byte, behind)) = rest.split_first() else { return Step::More };
            rest = behind;
            match byte {
                b'0'..=b'9' if self.digits < LENGTH_DIGITS_MAX => {
                    self.left = self.left * 10 + usize::from(byte - b'0');
                    self.digits += 1;
                }
                b'0'..=b'9' => return Step::TooLong,
                b':' if self.digits > 0 => self.is_read = true,
                _ => return Step::Broken,
            }
        }
        if self.left > bytes_max {
            return Step::TooLong;
        }
        match rest.get(self.left) {
            None => {
                self.left -= rest.len();
                Step::More
            }
            Some(b',') => Step::Whole(bytes.len() - rest.len() + self.left + 1),
            Some(_) => Step::Broken,
        }
    }
}

/// Appends an answer as messages stand on its connection.
pub(super) fn write(framing: Framing, answer: &[u8], out: &mut Vec<u8>) {
    if framing == Framing::Netstrings {
        // Writing to memory cannot fail.
        let _ = write!(out, "{}:", answer.len());
        out.extend_from_slice(answer);
        out.push(b',');
    } else {
        out.extend_from_slice(answer);
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cuts a stream that comes in such pieces: how it stands there, the messages, and how it ends.
    fn cut<'p>(pieces: impl Iterator<Item = &'p [u8]>) -> (Framing, Vec<String>, Step) {
        let mut cutter = Cutter::new(40, 60);
        let mut left = Vec::new();
        let mut messages = Vec::new();
        for piece in pieces {
            let mut walked = left.len();
            left.extend_from_slice(piece);
            loop {
                if walked == 0 {
                    cutter.begin();
                    left = left.trim_ascii_start().to_vec();
                }
                if left.len() == walked {
                    break;
                }
                match cutter.step(&left[walked..]) {
                    Step::More => break,
                    Step::Whole(count) => match cutter.content(&left[..walked + count]) {
                        Ok(message) => {
                            messages.push(String::from_utf8(message.to_vec()).unwrap());
                            left.drain(..walked + count);
                            walked = 0;
                        }
                        Err(step) => return (cutter.framing(), messages, step),
                    },
                    step => return (cutter.framing(), messages, step),
                }
            }
        }
        (cutter.framing(), messages, Step::More)
    }

    #[test]
    fn a_stream_is_cut_in_the_same_way_however_it_comes() {
        use Framing::{Lines, Netstrings, Objects, Open};
        use Step::{Broken, More, TooLong};
        let long = "x".repeat(61);
        for (stream, framing, messages, end) in [
            ("", Open, vec![], More),
            ("  \n ", Open, vec![], More),
            ("{", Open, vec![], More),
            ("{\"event\":1}", Lines, vec![], More),
            ("{\"event\":1}\n {\"x\"", Lines, vec!["{\"event\":1}"], More),
            (
                "\n\r\n{\"x\":1}\r\n\n{\"method\":1}\n",
                Lines,
                vec!["{\"x\":1}", "{\"method\":1}"],
                More,
            ),
            ("{\"x\":1}{\"method\":1}\n", Lines, vec!["{\"x\":1}{\"method\":1}"], More),
            ("{\"x\":\n1}\n", Lines, vec!["{\"x\":", "1}"], More),
            ("{\"id\":\"\n\"}\n", Lines, vec!["{\"id\":\"", "\"}"], More),
            (" what?\n", Lines, vec!["what?"], More),
            ("{\"method\":1}", Objects, vec!["{\"method\":1}"], More),
            (
                "{\"method\":1}{\"id\":1} \n[1,2]{\"event\":1}{\"",
                Objects,
                vec!["{\"method\":1}", "{\"id\":1}", "[1,2]", "{\"event\":1}"],
                More,
            ),
            (
                "{\n  \"id\": 1,\n  \"params\": [\n]\n}\n{}",
                Objects,
                vec!["{\n  \"id\": 1,\n  \"params\": [\n]\n}", "{}"],
                More,
            ),
            ("[{\"event\":1}][]", Objects, vec!["[{\"event\":1}]", "[]"], More),
            ("{\"method\":\"}\"}x{}", Objects, vec!["{\"method\":\"}\"}"], Broken),
            ("2:{},0:,3: 1 ,\n1:a,", Netstrings, vec!["{}", "", "1", "a"], More),
            ("2:{}x", Netstrings, vec![], Broken),
            ("2{}", Netstrings, vec![], Broken),
            ("0000000002:{},", Netstrings, vec![], TooLong),
            ("61:", Netstrings, vec![], TooLong),
            (&format!("{{\"{long}\""), Open, vec![], TooLong),
            (&format!("{{\"method\":\"{long}\"}}"), Objects, vec![], TooLong),
            (&format!("{{\"event\":1}}\n{long}\n"), Lines, vec!["{\"event\":1}"], TooLong),
        ] {
            let want = (framing, messages.iter().map(|it| (*it).to_owned()).collect(), end);
            let bytes = stream.as_bytes();
            assert_eq!(cut(bytes.chunks(1)), want, "{stream}, byte by byte");
            for at in 0..bytes.len() {
                let (one, two) = bytes.split_at(at);
                assert_eq!(cut([one, two].into_iter()), want, "{stream}, cut at {at}");
            }
        }
    }

    #[test]
    fn an_answer_stands_as_messages_do() {
        for (framing, want) in [
            (Framing::Lines, "{\"id\":1}\n"),
            (Framing::Objects, "{\"id\":1}\n"),
            (Framing::Netstrings, "8:{\"id\":1},"),
        ] {
            let mut out = Vec::new();
            write(framing, b"{\"id\":1}", &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
    }
}
