//! The envelope of JSON-RPC: who is called with which argument, in which of two dialects.
//!
//! Without a member `jsonrpc` it is 1.0 as CGRateS speaks it, with one it is 2.0. Reading a request
//! allocates nothing, unless its method has an escape. What the argument says is not looked at here,
//! but that the whole request is JSON is certain afterwards.

mod batch;
mod reply;

pub use batch::{is_batch, join, split};
pub use reply::{Code, begin_result, coded_error, end_result, error};

use super::scan::{self, Malformed, Members};
use std::borrow::Cow;

/// How requests and answers are put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// 1.0: an error is a text or null.
    V1,
    /// 2.0: an error is an object; what has no id gets no answer.
    V2,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'a> {
    /// `RouteSv1.GetRoutes`; empty where there is none.
    pub method: Cow<'a, str>,
    /// The id as it stands, to be echoed; `null` where there is none.
    pub id: &'a str,
    /// Its dialect.
    pub dialect: Dialect,
    /// Whether nobody waits for an answer (2.0 without an id).
    pub is_notification: bool,
    params: Option<&'a str>,
}

/// Why there is no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken<'a> {
    /// No JSON object, or its method is no text: the connection ends without an answer.
    Close,
    /// It is answered with an error.
    Error {
        /// The id as it stands, `null` where none can be told.
        id: &'a str,
        /// Its dialect.
        dialect: Dialect,
        /// What kind of error it is in 2.0.
        code: Code,
        /// For people.
        text: &'static str,
    },
}

impl Broken<'_> {
    /// Appends the answer; `false`: there is none, and the connection ends.
    pub fn answer(&self, out: &mut Vec<u8>) -> bool {
        let Self::Error { id, dialect, code, text } = *self else { return false };
        coded_error(out, id, dialect, code, text);
        true
    }
}

/// The members of an envelope as they stand.
#[derive(Default)]
struct Envelope<'a> {
    method: Option<&'a str>,
    params: Option<&'a str>,
    id: Option<&'a str>,
    version: Option<&'a str>,
}

impl<'a> Request<'a> {
    /// Reads a request. Bytes that are no UTF-8 are no JSON; who would have them replaced as CGRateS does
    /// hands over `String::from_utf8_lossy(bytes).as_bytes()`.
    ///
    /// # Errors
    /// [`Broken`] says whether it is answered.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Broken<'a>> {
        let text = std::str::from_utf8(bytes).map_err(|_| Broken::Close)?;
        let mut envelope = Envelope::default();
        if let Err(Malformed { .. }) = envelope.read(text) {
            return Err(envelope.refused(None, Code::Parse, "the request is not valid JSON"));
        }
        envelope.request()
    }

    /// Reads an element of a batch. A batch is 2.0, so that each element has an answer of its own.
    ///
    /// # Errors
    /// An element that is no request of 2.0; never [`Broken::Close`].
    pub fn parse_element(bytes: &'a [u8]) -> Result<Self, Broken<'a>> {
        let invalid = |text| Broken::Error {
            id: "null",
            dialect: Dialect::V2,
            code: Code::InvalidRequest,
            text,
        };
        match Self::parse(bytes) {
            Ok(request) if request.dialect == Dialect::V1 => {
                Err(invalid("a request in a batch has a member \"jsonrpc\" with \"2.0\""))
            }
            Err(Broken::Close) => Err(invalid("a request in a batch is an object")),
            parsed => parsed,
        }
    }

    /// The argument as it stands: `None` is one with nothing set. It is asked for once the method is
    /// known, since a method that there is not is the graver mistake.
    ///
    /// # Errors
    /// What is wrong with `params`, to be answered.
    pub fn argument(&self) -> Result<Option<&'a str>, &'static str> {
        let given = self.params.filter(|raw| !raw.starts_with('n'));
        let is_v1 = self.dialect == Dialect::V1;
        match given {
            None if is_v1 => Err("jsonrpc: request body missing params"),
            None => Ok(None),
            Some(raw) => match raw.as_bytes().first() {
                Some(b'[') => Ok(scan::Items::of(raw)
                    .and_then(|mut items| items.next())
                    .and_then(Result::ok)
                    .filter(|first| !first.starts_with('n'))),
                Some(b'{') if !is_v1 => Ok(Some(raw)),
                _ if !is_v1 => Err("json: params must be a list or an object"),
                Some(b'{') => {
                    Err("json: cannot unmarshal object into Go value of type [1]interface {}")
                }
                Some(b'"') => {
                    Err("json: cannot unmarshal string into Go value of type [1]interface {}")
                }
                Some(b't' | b'f') => {
                    Err("json: cannot unmarshal bool into Go value of type [1]interface {}")
                }
                _ => Err("json: cannot unmarshal number into Go value of type [1]interface {}"),
            },
        }
    }
}

impl<'a> Envelope<'a> {
    /// Takes the members; of several with one name the last counts, but a null leaves the method as
    /// it is.
    fn read(&mut self, text: &'a str) -> Result<(), Malformed> {
        let mut members = Members::of(text).ok_or(Malformed { at: 0 })?;
        for member in members.by_ref() {
            let (name, raw) = member?;
            match name.among(&["method", "params", "id", "jsonrpc"]) {
                Some("method") if !raw.starts_with('n') => self.method = Some(raw),
                Some("params") => self.params = Some(raw),
                Some("id") => self.id = Some(raw),
                Some("jsonrpc") => self.version = Some(raw),
                _ => {}
            }
        }
        members.end()
    }

    fn dialect(&self) -> Dialect {
        if self.version.is_some() { Dialect::V2 } else { Dialect::V1 }
    }

    fn refused(&self, id: Option<&'a str>, code: Code, text: &'static str) -> Broken<'a> {
        match self.dialect() {
            Dialect::V1 => Broken::Close,
            dialect => Broken::Error { id: id.unwrap_or("null"), dialect, code, text },
        }
    }

    fn request(self) -> Result<Request<'a>, Broken<'a>> {
        let dialect = self.dialect();
        let method = match self.method {
            Some(raw) => scan::string(raw).ok_or_else(|| {
                self.refused(self.id, Code::InvalidRequest, "method must be a string")
            })?,
            None if dialect == Dialect::V2 => {
                return Err(self.refused(self.id, Code::InvalidRequest, "method is missing"));
            }
            None => Cow::Borrowed(""),
        };
        Ok(Request {
            method,
            id: self.id.unwrap_or("null"),
            dialect,
            is_notification: dialect == Dialect::V2 && self.id.is_none(),
            params: self.params,
        })
    }
}

#[cfg(test)]
mod tests;
