//! A client that sees each byte: lines and HTTP answers on one connection.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

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

    pub fn try_to(address: SocketAddr) -> std::io::Result<Self> {
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

/// One HTTP request, as `GET /path`, on a connection of its own.
pub fn ask(address: SocketAddr, request: &str) -> std::io::Result<Reply> {
    let mut peer = Peer::try_to(address)?;
    peer.send(
        format!("{request} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n").as_bytes(),
    );
    peer.reply().ok_or_else(|| ErrorKind::UnexpectedEof.into())
}
