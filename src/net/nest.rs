//! A walk over the bytes of one JSON object or list: where it ends, and what its first names tell.
//!
//! It pairs brackets outside strings, nothing else: what else is no JSON ends somewhere or nowhere, and
//! whoever reads it says so.

/// Whose words an object is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speech {
    /// JSON-RPC.
    JsonRpc,
    /// Native JSON.
    Native,
}

/// Names that only an envelope of JSON-RPC has. It may write them in any case.
const OF_JSON_RPC: [&[u8]; 3] = [b"method", b"params", b"jsonrpc"];
/// Names that only a native message has. It has more, but an envelope of JSON-RPC may have any name in
/// addition, so that these are the ones that are never beside a method.
const OF_NATIVE: [&[u8]; 6] = [b"event", b"report", b"opts", b"failed", b"call_id", b"customer"];
/// Bytes of a name that are looked at: one more than the longest that tells.
const NAME_BYTES: usize = 9;

/// Whose words a whole object is in; `None`: no name in it tells.
pub(super) fn speech_of(object: &[u8]) -> Option<Speech> {
    let mut nest = Nest::default();
    nest.tell(object);
    nest.told()
}

/// How far the walk has come.
#[derive(Debug, Default)]
pub(super) struct Nest {
    depth: u32,
    /// Which of the open brackets are lists, the outermost in the lowest bit; deeper ones have no bit.
    lists: u64,
    is_over: bool,
    /// Within a string; behind a backslash in it.
    quoted: bool,
    escaped: bool,
    /// The next string on the first level is a name; this string is one.
    name_next: bool,
    in_name: bool,
    name: [u8; NAME_BYTES],
    name_len: usize,
    told: Option<Speech>,
    /// There was a name other than `id` that told nothing.
    others: bool,
}

impl Nest {
    /// Whether it has not begun.
    pub(super) fn is_fresh(&self) -> bool {
        self.depth == 0 && !self.is_over
    }

    /// Whether the last bracket was closed, or one by another kind.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whose words it is in, as far as it is told.
    pub(super) fn told(&self) -> Option<Speech> {
        self.told
    }

    /// Whether what stands on the first line of an object may go on on a second one: JSON-RPC may be
    /// printed over several. Its names so far are none, or an id.
    pub(super) fn may_be_rpc(&self) -> bool {
        !self.is_over && !self.quoted && !self.others
    }

    /// Walks on to the end: the count of bytes up to it. `None`: it is not among them.
    pub(super) fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let at = self.walk(bytes, false);
        self.is_over.then_some(at)
    }

    /// Walks on until a name tells whose words it is in, or to the end: the count of bytes up to there.
    pub(super) fn tell(&mut self, bytes: &[u8]) -> usize {
        self.walk(bytes, true)
    }

    fn walk(&mut self, bytes: &[u8], until_told: bool) -> usize {
        let mut rest = bytes;
        while !(self.is_over || until_told && self.told.is_some()) {
            if self.quoted && !self.escaped && !self.in_name {
                // In a string nothing counts but its end.
                let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'));
                rest = rest.get(plain.unwrap_or(rest.len())..).unwrap_or_default();
            }
            let Some((byte, behind)) = rest.split_first() else { break };
            rest = behind;
            if self.quoted { self.step_quoted(*byte) } else { self.step(*byte) }
        }
        bytes.len() - rest.len()
    }

    fn step(&mut self, byte: u8) {
        match byte {
            b'"' => {
                self.quoted = true;
                self.in_name = self.name_next && self.depth == 1;
                self.name_len = 0;
            }
            b'{' | b'[' => {
                self.name_next = self.depth == 0 && byte == b'{';
                let bit = level_bit(self.depth);
                self.lists = if byte == b'[' { self.lists | bit } else { self.lists & !bit };
                self.depth = self.depth.saturating_add(1);
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                let bit = level_bit(self.depth);
                let pairs = bit == 0 || (self.lists & bit != 0) == (byte == b']');
                // Behind a bracket of the wrong kind nothing makes sense: it is over.
                self.is_over = self.depth == 0 || !pairs;
            }
            b':' if self.depth == 1 => self.name_next = false,
            // In a list no comma is followed by a name, but nobody looks at those of a list.
            b',' if self.depth == 1 => self.name_next = true,
            _ => {}
        }
    }

    fn step_quoted(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => {
                self.quoted = false;
                if std::mem::take(&mut self.in_name) {
                    self.take_name();
                }
                return;
            }
            _ => {}
        }
        if self.in_name
            && let Some(place) = self.name.get_mut(self.name_len)
        {
            *place = byte;
            self.name_len += 1;
        }
    }

    fn take_name(&mut self) {
        let name = self.name.get(..self.name_len).unwrap_or_default();
        if self.told.is_some() || name == b"id" {
        } else if OF_JSON_RPC.iter().any(|one| name.eq_ignore_ascii_case(one)) {
            self.told = Some(Speech::JsonRpc);
        } else if OF_NATIVE.contains(&name) {
            self.told = Some(Speech::Native);
        } else {
            self.others = true;
        }
    }
}

/// The bit of a bracket on this level; none for deeper ones.
fn level_bit(level: u32) -> u64 {
    1_u64.checked_shl(level).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_ends_where_its_last_bracket_closes() {
        for (bytes, want) in [
            ("{}", Some(2)),
            ("{} {}", Some(2)),
            ("[]x", Some(2)),
            ("{\"a\":{\"b\":[1,{}]}}{", Some(18)),
            ("{\"a\":\"}\"}}", Some(9)),
            ("{\"a\":\"\\\"}\"}", Some(11)),
            ("{\"a\":\"\\\\\"}", Some(10)),
            ("{\"}\":1}", Some(7)),
            ("{\n \"a\" : [ ]\n}\n", Some(14)),
            ("{\"a\":[1}]}", Some(8)),
            ("[{\"a\":1]", Some(8)),
            ("{\"a\":1", None),
            ("{\"a\":\"}", None),
            ("{\"a\":\"}\\\"}", None),
        ] {
            assert_eq!(Nest::default().end(bytes.as_bytes()), want, "{bytes}");
            let mut nest = Nest::default();
            let ends = bytes.bytes().map(|byte| nest.end(&[byte]).is_some());
            let end = ends.collect::<Vec<_>>().iter().position(|over| *over).map(|at| at + 1);
            assert_eq!(end, want, "{bytes}, byte by byte");
        }
    }

    #[test]
    fn brackets_deeper_than_those_that_are_remembered_still_pair() {
        for depth in [63, 64, 65, 200] {
            let nested = format!("{}{}", "{\"a\":[".repeat(depth), "]}".repeat(depth));
            assert_eq!(Nest::default().end(nested.as_bytes()), Some(nested.len()), "{depth}");
        }
    }

    #[test]
    fn names_on_the_first_level_tell_whose_words_an_object_is_in() {
        use Speech::{JsonRpc, Native};
        for (object, want) in [
            ("{\"method\":\"A.B\"}", Some(JsonRpc)),
            ("{ \"METHOD\" : 1}", Some(JsonRpc)),
            ("{\"jsonrpc\":\"2.0\",\"result\":1}", Some(JsonRpc)),
            ("{\"id\":1,\"params\":[{\"event\":1}],\"method\":\"A.B\"}", Some(JsonRpc)),
            ("{\"id\":{\"event\":{\"method\":1}},\"method\":\"A.B\"}", Some(JsonRpc)),
            ("{\"id\":\"event\",\"x\":\"report\",\"y\":[\"event\"],\"method\":1}", Some(JsonRpc)),
            ("{\"x\":\"\\\"event\\\"\",\"method\":\"A.B\"}", Some(JsonRpc)),
            ("{\"event\":{\"method\":1}}", Some(Native)),
            ("{\"id\":\"method\",\"tenant\":\"params\",\"event\":{}}", Some(Native)),
            ("{\"report\":{}}", Some(Native)),
            ("{\"eventually\":{},\"methodical\":1}", None),
            ("{\"id\":1,\"result\":{\"method\":1},\"error\":null}", None),
            ("{}", None),
            ("{", None),
            ("", None),
        ] {
            assert_eq!(speech_of(object.as_bytes()), want, "{object}");
            let mut nest = Nest::default();
            for byte in object.bytes() {
                nest.tell(&[byte]);
            }
            assert_eq!(nest.told(), want, "{object}, byte by byte");
        }
    }
}
