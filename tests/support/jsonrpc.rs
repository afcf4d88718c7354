//! A client of CGRateS' JSON-RPC on TCP: one connection, one call in flight.
//!
//! Each reply is one line: JSON holds no line end, and one follows every reply.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::io::{BufRead, BufReader, Error, ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long a reply may take; loading a tariff plan is the longest.
const PATIENCE: Duration = Duration::from_secs(10);

/// The connection.
pub struct Rpc {
    reader: BufReader<TcpStream>,
    id: u64,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// Every byte of it, the line end as well.
    pub raw: String,
    /// The id that it was asked with.
    pub id: u64,
    /// The result's own text.
    pub result: Option<Box<RawValue>>,
    /// The error: null is none.
    pub error: Option<String>,
}

#[derive(Deserialize)]
struct Envelope {
    id: u64,
    #[serde(default, deserialize_with = "present")]
    result: Option<Box<RawValue>>,
    error: Option<String>,
}

/// A member that is there, `null` as well.
pub fn present<'d, D: Deserializer<'d>>(from: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::<RawValue>::deserialize(from).map(Some)
}

impl Rpc {
    pub fn to(address: SocketAddr) -> Self {
        Self::try_to(address).unwrap()
    }

    pub fn try_to(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { reader: BufReader::new(stream), id: 0 })
    }

    /// Asks with `params`, the JSON of the one argument, and waits. An error: the connection is over.
    pub fn call(&mut self, method: &str, params: &str) -> std::io::Result<Reply> {
        self.id += 1;
        let method = serde_json::to_string(method)?;
        let call = format!("{{\"method\":{method},\"params\":[{params}],\"id\":{}}}", self.id);
        self.reader.get_mut().write_all(call.as_bytes())?;
        loop {
            let mut raw = String::new();
            if self.reader.read_line(&mut raw)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            let told = |error| Error::new(ErrorKind::InvalidData, format!("{error}: {raw}"));
            let envelope: Envelope = serde_json::from_str(&raw).map_err(told)?;
            if envelope.id == self.id {
                let Envelope { id, result, error } = envelope;
                return Ok(Reply { raw, id, result, error });
            }
        }
    }

    /// Asks, and fails the test without a result.
    pub fn result(&mut self, method: &str, params: &str) -> String {
        let reply = self.call(method, params).unwrap();
        match (&reply.error, reply.result) {
            (None, Some(result)) => result.get().to_owned(),
            (error, _) => panic!("{method} {params}: {error:?}"),
        }
    }
}
