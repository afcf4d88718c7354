//! The sockets that `serve` listens on: bound by their addresses, told with their real ports.

use super::address::reachable;
use super::failure::Failure;
use crate::config::Settings;
use crate::ops::exit::Exit;
use std::io;
use std::net::{SocketAddr, TcpListener, UdpSocket};

/// What is listened on.
pub(super) struct Sockets {
    pub(super) udp: Vec<UdpSocket>,
    pub(super) tcp: Vec<TcpListener>,
    pub(super) admin: Option<TcpListener>,
}

impl Sockets {
    pub(super) fn bind(settings: &Settings) -> Result<Self, Failure> {
        let listen = &settings.listen;
        let udp = listen.udp.iter().map(|at| named("udp", *at, UdpSocket::bind(at)));
        let tcp = listen.tcp.iter().map(|at| named("tcp", *at, TcpListener::bind(at)));
        let admin = listen.admin.map(|at| named("admin", at, TcpListener::bind(at)));
        Ok(Self {
            udp: udp.collect::<Result<_, _>>()?,
            tcp: tcp.collect::<Result<_, _>>()?,
            admin: admin.transpose()?,
        })
    }

    pub(super) fn places(&self) -> Result<Places, Failure> {
        let udp: io::Result<_> = self.udp.iter().map(UdpSocket::local_addr).collect();
        let tcp: io::Result<_> = self.tcp.iter().map(TcpListener::local_addr).collect();
        let admin = self.admin.as_ref().map(TcpListener::local_addr).transpose();
        let failed = |error| Failure::io(&error, "a socket does not know its own address");
        Ok(Places {
            udp: udp.map_err(failed)?,
            tcp: tcp.map_err(failed)?,
            admin: admin.map_err(failed)?,
        })
    }
}

fn named<T>(what: &str, at: SocketAddr, bound: io::Result<T>) -> Result<T, Failure> {
    bound.map_err(|error| {
        let way_out = match error.kind() {
            io::ErrorKind::AddrInUse => "; another process, perhaps another siproute, has it",
            io::ErrorKind::AddrNotAvailable => "; this host does not have the address",
            io::ErrorKind::PermissionDenied => "; ports below 1024 need CAP_NET_BIND_SERVICE",
            _ => "",
        };
        let text = format!("cannot listen on {what} {at} (`listen.{what}`): {error}{way_out}");
        Failure::new(Exit::CannotBind, text)
    })
}

/// Where it listens, with the ports that the system chose for 0.
pub(super) struct Places {
    udp: Vec<SocketAddr>,
    tcp: Vec<SocketAddr>,
    admin: Option<SocketAddr>,
}

impl Places {
    pub(super) fn lines(&self) -> String {
        let udp = self.udp.iter().map(|at| format!("listening on udp {at}: JSON, JSON-RPC\n"));
        let tcp = self.tcp.iter();
        let tcp = tcp.map(|at| format!("listening on tcp {at}: JSON lines, JSON-RPC, HTTP\n"));
        let admin = self.admin.iter();
        let admin = admin.map(|at| format!("listening on admin {at}: /metrics, /ready, /table\n"));
        udp.chain(tcp).chain(admin).collect()
    }

    pub(super) fn next_step(&self) -> String {
        let mut text = String::new();
        if let Some(at) = self.udp.first().copied().map(reachable) {
            text = format!("try: siproute query --udp {at} Destination=+12125550123");
        }
        if let Some(at) = self.tcp.first().copied().map(reachable) {
            let or = if text.is_empty() { "try:" } else { "\nor:" };
            text.push_str(&format!("{or} curl 'http://{at}/lookup?Destination=+12125550123'"));
        }
        text
    }
}
