//! A supplier's gateway as a SIP URI, cut into the pieces that an answer is put together from.

use std::net::Ipv6Addr;

/// Where an INVITE goes: `sip:HOST[:PORT][;PARAMETERS]`, without a user part, which is the number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// `sip:` or `sips:`.
    scheme: &'static str,
    /// What follows the number: `@192.0.2.10:5060;transport=udp`.
    at_host: String,
}

impl Gateway {
    /// Reads a gateway URI.
    ///
    /// # Errors
    /// Says what is wrong: another scheme, a user part, a host or port that is none, a character
    /// that could break a header line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (scheme, rest) = match text.split_once(':') {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("sip") => ("sip:", rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("sips") => ("sips:", rest),
            _ => return Err("a gateway begins with `sip:` or `sips:`".into()),
        };
        if let Some(bad) =
            text.chars().find(|c| !c.is_ascii_graphic() || "<>\"{}|\\^`,".contains(*c))
        {
            return Err(format!("{bad:?} cannot stand in a SIP URI"));
        }
        if rest.contains('@') {
            return Err("a gateway has no user part: the number takes its place".into());
        }
        if rest.contains('?') {
            return Err("a gateway has no headers: use `headers`".into());
        }
        let host_port = rest.split(';').next().unwrap_or_default();
        check_host_port(host_port)?;
        // The URI grammar itself is rsip's; it knows no IPv6 reference, which is checked above.
        if !host_port.starts_with('[') {
            rsip::Uri::try_from(text).map_err(|_| "this is no SIP URI".to_owned())?;
        }
        Ok(Self { scheme, at_host: format!("@{rest}") })
    }

    /// Appends the URI with the number as its user part. Neither holds anything that a JSON string,
    /// or a list separated by commas, would have to escape.
    pub fn push_uri(&self, number: Option<&str>, out: &mut Vec<u8>) {
        out.extend_from_slice(self.scheme.as_bytes());
        match number {
            Some(number) => {
                out.extend_from_slice(number.as_bytes());
                out.extend_from_slice(self.at_host.as_bytes());
            }
            None => out.extend_from_slice(self.at_host.as_bytes().get(1..).unwrap_or_default()),
        }
    }

    /// Bytes of the URI without a number, at most.
    #[must_use]
    pub fn uri_len(&self) -> usize {
        self.scheme.len() + self.at_host.len()
    }

    /// The URI without a number, as it was declared.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("{}{}", self.scheme, self.at_host.trim_start_matches('@'))
    }
}

fn check_host_port(text: &str) -> Result<(), String> {
    let (host, port) = if let Some(reference) = text.strip_prefix('[') {
        let (address, rest) = reference.split_once(']').ok_or("a `[` without its `]`")?;
        address.parse::<Ipv6Addr>().map_err(|_| format!("`{address}` is no IPv6 address"))?;
        (address, rest.strip_prefix(':').or((!rest.is_empty()).then_some("?")))
    } else {
        text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)))
    };
    if host.is_empty() {
        return Err("the host is missing".into());
    }
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-_:".contains(c);
    if let Some(bad) = host.chars().find(|c| !is_host(*c)) {
        return Err(format!("{bad:?} cannot stand in a host name"));
    }
    match port.map(str::parse::<u16>) {
        None | Some(Ok(1..)) => Ok(()),
        _ => Err("the port is a number from 1 to 65535".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_is_a_sip_uri_without_a_user() {
        for (text, want) in [
            ("sip:192.0.2.10", Ok("sip:49@192.0.2.10")),
            ("SIP:192.0.2.10:5060;transport=udp", Ok("sip:49@192.0.2.10:5060;transport=udp")),
            ("sips:gw.example.org;lr", Ok("sips:49@gw.example.org;lr")),
            ("sip:[2001:db8::1]:5061", Ok("sip:49@[2001:db8::1]:5061")),
            ("192.0.2.10", Err("begins with")),
            ("tel:+49", Err("begins with")),
            ("sip:", Err("host is missing")),
            ("sip:alice@example.org", Err("no user part")),
            ("sip:192.0.2.10:99999", Err("port")),
            ("sip:192.0.2.10:x", Err("port")),
            ("sip:[2001:db8::1", Err("without its")),
            ("sip:[2001:zz::1]", Err("no IPv6")),
            ("sip:192.0.2.10;a=b\r\nX: y", Err("cannot stand")),
            ("sip:192.0.2.10?X=1", Err("no headers")),
        ] {
            match (Gateway::parse(text), want) {
                (Ok(got), Ok(want)) => {
                    let mut uri = Vec::new();
                    got.push_uri(Some("49"), &mut uri);
                    assert_eq!(String::from_utf8(uri).unwrap(), want);
                    assert_eq!(got.uri(), want.replace("49@", ""));
                }
                (Err(got), Err(want)) => assert!(got.contains(want), "{text}: {got}"),
                (got, want) => panic!("{text}: {got:?}, not {want:?}"),
            }
        }
    }
}
