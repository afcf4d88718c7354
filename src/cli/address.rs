//! Where a running daemon is: what the command line says, else what its settings say, else the
//! ports of the shipped example.

use super::failure::Failure;
use super::settings::Place;
use crate::config::Settings;
use crate::ops::exit::Exit;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};

/// Where questions are asked when neither command line nor settings say it.
const LOOKUP: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 5070);
/// Likewise for administration.
const ADMIN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9470);

/// Which listener is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listener {
    Udp,
    Tcp,
    Admin,
}

impl Listener {
    fn key(self) -> &'static str {
        match self {
            Self::Udp => "listen.udp",
            Self::Tcp => "listen.tcp",
            Self::Admin => "listen.admin",
        }
    }

    fn in_settings(self, settings: &Settings) -> Option<SocketAddr> {
        match self {
            Self::Udp => settings.listen.udp.first().copied(),
            Self::Tcp => settings.listen.tcp.first().copied(),
            Self::Admin => settings.listen.admin,
        }
    }

    /// The address to ask.
    pub(super) fn find(self, said: Option<&str>, place: &Place) -> Result<SocketAddr, Failure> {
        if let Some(text) = said {
            return resolve(text);
        }
        let Some(settings) = place.load_if_any()? else {
            return Ok(if self == Self::Admin { ADMIN } else { LOOKUP });
        };
        let found = self.in_settings(&settings);
        let file = place.file();
        match found {
            Some(address) if address.port() != 0 => Ok(reachable(address)),
            Some(_) => Err(Failure::new(
                Exit::Config,
                format!(
                    "{}: `{}` has port 0, which says nothing of the port in use: name the address",
                    file.display(),
                    self.key()
                ),
            )),
            None => Err(Failure::new(
                Exit::Config,
                format!("{}: there is no `{}`: name the address", file.display(), self.key()),
            )),
        }
    }
}

/// A host and a port, the host by name or by number.
pub(super) fn resolve(text: &str) -> Result<SocketAddr, Failure> {
    let wrong = |why: String| {
        Failure::usage(format!("`{text}` is no address ({why}): write HOST:PORT, 127.0.0.1:5070"))
    };
    let mut found = text.to_socket_addrs().map_err(|error| wrong(error.to_string()))?;
    found.next().ok_or_else(|| wrong("the name stands for none".into()))
}

/// A socket that is bound to all addresses is asked on loopback.
pub(super) fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        assert_eq!(resolve("127.0.0.1:5070").unwrap(), LOOKUP);
        assert_eq!(resolve("[::1]:1").unwrap().port(), 1);
        for wrong in ["127.0.0.1", "", "host:port", "127.0.0.1:65536"] {
            assert!(resolve(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_listener_on_all_addresses_is_asked_on_loopback() {
        for (bound, asked) in
            [("0.0.0.0:7", "127.0.0.1:7"), ("[::]:7", "[::1]:7"), ("192.0.2.1:7", "192.0.2.1:7")]
        {
            assert_eq!(reachable(bound.parse().unwrap()), asked.parse().unwrap());
        }
    }
}
