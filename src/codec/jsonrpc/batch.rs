//! Batches of JSON-RPC 2.0: a list of requests in one message, a list of answers in the next.

use super::super::scan::{Items, Malformed};
use super::reply::Code;
use super::{Broken, Dialect};

/// Whether a message is a list rather than one request.
#[must_use]
pub fn is_batch(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().first() == Some(&b'[')
}

/// The requests of a batch, for [`Request::parse_element`](super::Request::parse_element).
///
/// # Errors
/// A list that is no JSON, and one with nothing in it.
pub fn split(bytes: &[u8]) -> Result<Vec<&[u8]>, Broken<'static>> {
    let error = |code, text| Broken::Error { id: "null", dialect: Dialect::V2, code, text };
    let elements = std::str::from_utf8(bytes).ok().and_then(|text| elements(text).ok());
    match elements {
        None => Err(error(Code::Parse, "the batch is not valid JSON")),
        Some(elements) if elements.is_empty() => {
            Err(error(Code::InvalidRequest, "a batch has one request or more"))
        }
        Some(elements) => Ok(elements),
    }
}

fn elements(text: &str) -> Result<Vec<&[u8]>, Malformed> {
    let mut items = Items::of(text).ok_or(Malformed { at: 0 })?;
    let elements = items.by_ref().map(|item| item.map(str::as_bytes)).collect::<Result<_, _>>()?;
    items.end()?;
    Ok(elements)
}

/// Appends the answers as a list; empty ones are notifications'. Nothing is appended where there is no
/// answer at all.
pub fn join<'a>(answers: impl IntoIterator<Item = &'a [u8]>, out: &mut Vec<u8>) {
    let mut is_open = false;
    for answer in answers.into_iter().filter(|answer| !answer.is_empty()) {
        out.push(if is_open { b',' } else { b'[' });
        out.extend_from_slice(answer);
        is_open = true;
    }
    if is_open {
        out.push(b']');
    }
}

#[cfg(test)]
mod tests {
    use super::super::Request;
    use super::*;

    #[test]
    fn a_batch_is_split_into_its_requests() {
        let batch = br#" [{"jsonrpc":"2.0","method":"A.B","id":1}, 5,{"method":"A.B","id":2}]"#;
        assert!(is_batch(batch));
        assert!(!is_batch(b"{}"));
        let elements = split(batch).unwrap();
        assert_eq!(elements.len(), 3);
        let read: Vec<_> =
            elements.iter().map(|element| Request::parse_element(element).is_ok()).collect();
        assert_eq!(read, [true, false, false]);
        for (batch, want) in [("[]", "-32600"), ("[1,", "-32700"), ("[1]]", "-32700")] {
            let mut out = Vec::new();
            assert!(split(batch.as_bytes()).unwrap_err().answer(&mut out), "{batch}");
            assert!(String::from_utf8(out).unwrap().contains(want), "{batch}");
        }
    }

    #[test]
    fn notifications_have_no_place_among_the_answers() {
        for (answers, want) in
            [(&["1", "", "2"][..], "[1,2]"), (&["", "3"], "[3]"), (&["", ""], ""), (&[], "")]
        {
            let mut out = Vec::new();
            join(answers.iter().map(|answer| answer.as_bytes()), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
    }
}
