//! The real program on all its ports, spoken to byte by byte.

use super::daemon::Daemon;
use super::folder::Folder;
use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Two suppliers for everyone.
pub const TABLE: &str = r#"
[[supplier]]
id = "alfa"
dispatcher_set = 10
gateways = ["sip:192.0.2.10"]
[[supplier]]
id = "beta"
dispatcher_set = 20
gateways = ["sip:192.0.2.20"]
[[route]]
target = "+49"
supplier = "alfa"
priority = 1
[[route]]
target = "+49"
supplier = "beta"
priority = 2
"#;

/// A question for it, and what it is answered.
pub const QUESTION: &str = r#"{"id":"q1","event":{"Destination":"+4930123"},"as":"sets"}"#;
pub const ANSWER: &str = "ok q1 10,20";

/// A running program in a folder of its own.
pub struct Wire {
    pub daemon: Daemon,
    pub folder: Folder,
}

impl Wire {
    pub fn start(name: &str) -> Self {
        Self::with_settings(name, "")
    }

    /// With more settings, tables of settings in front.
    pub fn with_settings(name: &str, more: &str) -> Self {
        let folder = Folder::new(name);
        folder.write("routes.toml", TABLE);
        let listen = "tcp = [\"127.0.0.1:0\"]\nadmin = \"127.0.0.1:0\"\n";
        let daemon = Daemon::start(&folder.settings(&format!("{listen}{more}")));
        Self { daemon, folder }
    }

    pub fn tcp(&self) -> Peer {
        Peer::to(self.daemon.tcp.unwrap())
    }

    pub fn admin(&self, request: &str) -> Reply {
        let mut peer = Peer::try_to(self.daemon.admin.unwrap())
            .unwrap_or_else(|error| panic!("{error}; its log: {}", self.daemon.log()));
        peer.send(
            format!("{request} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
                .as_bytes(),
        );
        peer.reply().unwrap()
    }

    /// Every sample as of now, by its name and labels.
    pub fn metrics(&self) -> BTreeMap<String, f64> {
        let text = self.admin("GET /metrics").body;
        let sample = |line: &str| {
            let (name, value) = line.rsplit_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        };
        text.lines().filter(|line| !line.starts_with('#')).filter_map(sample).collect()
    }

    /// Messages that ended so.
    pub fn outcome(&self, protocol: &str, outcome: &str) -> f64 {
        let name =
            format!("siproute_requests_total{{protocol=\"{protocol}\",outcome=\"{outcome}\"}}");
        self.metrics()[&name]
    }

    /// All messages so far.
    pub fn messages(&self) -> f64 {
        let metrics = self.metrics();
        let requests = metrics.iter().filter(|(name, _)| name.starts_with("siproute_requests_"));
        requests.map(|(_, value)| value).sum()
    }

    /// Waits until an outcome was counted so often.
    pub fn until(&self, protocol: &str, outcome: &str, count: f64) {
        let start = Instant::now();
        while self.outcome(protocol, outcome) < count {
            assert!(
                start.elapsed() < Duration::from_secs(5),
                "{outcome} on {protocol}: {}, not {count}",
                self.outcome(protocol, outcome)
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The other end of a connection.
pub struct Peer {
    pub stream: TcpStream,
    read: Vec<u8>,
}

/// An HTTP answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Peer {
    pub fn to(address: SocketAddr) -> Self {
        Self::try_to(address).unwrap()
    }

    fn try_to(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.set_write_timeout(Some(Duration::from_secs(5)))?;
        Ok(Self { stream, read: Vec::new() })
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    pub fn half_close(&self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }

    /// Reads more; `false`: the connection is over.
    fn more(&mut self) -> bool {
        let mut buffer = [0; 65_536];
        match self.stream.read(&mut buffer) {
            Ok(0) => false,
            Ok(count) => {
                self.read.extend_from_slice(&buffer[..count]);
                true
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => false,
            Err(error) => panic!("{error}; so far: {}", String::from_utf8_lossy(&self.read)),
        }
    }

    fn take(&mut self, count: usize) -> String {
        String::from_utf8(self.read.drain(..count).collect()).unwrap()
    }

    /// The next line without its end; `None`: the connection is over.
    pub fn line(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                return Some(self.take(end + 1).trim_end_matches('\n').to_owned());
            }
            if !self.more() {
                return None;
            }
        }
    }

    /// Everything until the connection is over.
    pub fn rest(&mut self) -> String {
        while self.more() {}
        let count = self.read.len();
        self.take(count)
    }

    /// The next HTTP answer; `None`: the connection is over.
    pub fn reply(&mut self) -> Option<Reply> {
        let end = loop {
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if !self.more() {
                return None;
            }
        };
        let head = self.take(end);
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.parse().unwrap());
        while self.read.len() < length {
            assert!(self.more(), "a body of {length} bytes: {head}");
        }
        let body = self.take(length);
        Some(Reply { status, head, body })
    }
}
