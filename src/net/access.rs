//! Who may ask: networks of the access list, and sources that cannot have asked.

use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// The networks whose questions are answered.
#[derive(Debug, Clone)]
pub struct AccessList {
    networks: Vec<IpNet>,
}

/// What becomes of a message by its source alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// It is read.
    Allowed,
    /// Silence: not in the list.
    NotAllowed,
    /// Silence: no one can have sent it, or we did.
    Impossible,
}

/// Ports of services that answer whatever they get (echo, discard, daytime, quotd, chargen, time, DNS,
/// TFTP, NTP): a forged question from there would make two servers talk for ever (CVE-2024-2169).
const TALKERS: [u16; 9] = [7, 9, 13, 17, 19, 37, 53, 69, 123];

impl AccessList {
    /// A list of networks.
    #[must_use]
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self { networks }
    }

    /// Judges a connection by its source.
    #[must_use]
    pub fn allows(&self, source: IpAddr) -> bool {
        let source = source.to_canonical();
        self.networks.iter().any(|network| network.contains(&source))
    }

    /// Judges a datagram by its source; `own` is the socket's own address.
    #[must_use]
    pub fn judge(&self, source: SocketAddr, own: SocketAddr) -> Source {
        let ip = source.ip().to_canonical();
        let broadcast = matches!(ip, IpAddr::V4(v4) if v4.is_broadcast());
        let own_address = source.port() == own.port()
            && (ip == own.ip().to_canonical() || (own.ip().is_unspecified() && ip.is_loopback()));
        if source.port() == 0
            || ip.is_unspecified()
            || ip.is_multicast()
            || broadcast
            || TALKERS.contains(&source.port())
            || own_address
        {
            return Source::Impossible;
        }
        if self.allows(ip) { Source::Allowed } else { Source::NotAllowed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_judged_before_a_byte_is_read() {
        let list =
            AccessList::new(vec!["127.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()]);
        for (source, want) in [
            ("127.0.0.1:40000", Source::Allowed),
            ("[::ffff:127.0.0.9]:40000", Source::Allowed),
            ("[2001:db8::7]:40000", Source::Allowed),
            ("192.0.2.1:40000", Source::NotAllowed),
            ("[::1]:40000", Source::NotAllowed),
            ("127.0.0.1:0", Source::Impossible),
            ("127.0.0.1:53", Source::Impossible),
            ("127.0.0.1:5070", Source::Impossible),
            ("127.0.0.2:5070", Source::Allowed),
            ("0.0.0.0:40000", Source::Impossible),
            ("255.255.255.255:40000", Source::Impossible),
            ("224.0.0.1:40000", Source::Impossible),
        ] {
            let judged = list.judge(source.parse().unwrap(), "127.0.0.1:5070".parse().unwrap());
            assert_eq!(judged, want, "{source}");
        }
    }
}
