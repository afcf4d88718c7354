//! The question as bytes: the same each time, but for its id, by which its answer is known.

use serde_json::Value;
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

/// Hex digits of a number within an id.
const DIGITS: usize = 8;
/// Where an answer's id begins: in JSON, behind `ok `, `reject ` and `fallback `, in rtjson.
const ID_PLACES: [usize; 4] = [7, 3, 9, 23];

/// A question with a place for the number of its id.
#[derive(Debug, Clone)]
pub(super) struct Request {
    head: Vec<u8>,
    tail: Vec<u8>,
    /// What every id begins with.
    mark: String,
}

/// What an answer says at first glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glance {
    /// The number of its question.
    pub(super) number: u32,
    /// Whether it is one with routes.
    pub(super) ok: bool,
}

impl Request {
    /// From a message without an id.
    pub(super) fn new(message: &Value) -> Self {
        // Another run asks for other calls.
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mark = format!("bench-{:08x}-", since_epoch.as_millis() as u32);
        let head = format!("{{\"id\":\"{mark}").into_bytes();
        let message = message.to_string();
        let tail = format!("\",{}", message.strip_prefix('{').unwrap_or_default()).into_bytes();
        Self { head, tail, mark }
    }

    /// Writes the question with this number.
    pub(super) fn write(&self, number: u32, out: &mut Vec<u8>) {
        out.clear();
        out.extend_from_slice(&self.head);
        // Writing to memory cannot fail.
        let _ = write!(out, "{number:0DIGITS$x}");
        out.extend_from_slice(&self.tail);
    }

    /// A question that no loop asks.
    pub(super) fn sample(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(u32::MAX, &mut bytes);
        bytes
    }

    /// Reads an answer as far as it must be; `None`: it answers no question of ours.
    pub(super) fn glance(&self, answer: &[u8]) -> Option<Glance> {
        let mark = self.mark.as_bytes();
        let rest = ID_PLACES.iter().find_map(|place| answer.get(*place..)?.strip_prefix(mark))?;
        let (digits, rest) = rest.split_at_checked(DIGITS)?;
        let number = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        let ok = answer.starts_with(b"ok ") || rest.starts_with(b"\",\"status\":\"ok\"");
        Some(Glance { number, ok })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_is_known_by_the_id_of_its_question() {
        let request = Request::new(&json!({"as": "json", "event": {"Account": "1"}}));
        let mut question = Vec::new();
        request.write(0xabc, &mut question);
        let id = format!("{}00000abc", request.mark);
        let read: Value = serde_json::from_slice(&question).unwrap();
        assert_eq!(read, json!({"id": id, "as": "json", "event": {"Account": "1"}}));
        for (answer, want) in [
            (format!(r#"{{"id":"{id}","status":"ok","routes":[]}}"#), Some(true)),
            (format!(r#"{{"id":"{id}","status":"reject","sip":404}}"#), Some(false)),
            (format!(r#"{{"version":"1.0","id":"{id}","status":"ok"}}"#), Some(true)),
            (format!("ok {id} 10,12"), Some(true)),
            (format!("reject {id} 404 NOT_FOUND"), Some(false)),
            (format!("fallback {id} TIMEOUT"), Some(false)),
            (r#"{"id":"another","status":"ok"}"#.into(), None),
            (String::new(), None),
        ] {
            let got = request.glance(answer.as_bytes());
            assert_eq!(got, want.map(|ok| Glance { number: 0xabc, ok }), "{answer}");
        }
    }
}
