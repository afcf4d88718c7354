//! A supplier's gateway as a SIP URI, cut into the pieces that an answer is put together from.

use std::net::Ipv6Addr;

/// Where an INVITE goes: `sip:HOST[:PORT][;PARAMETERS]`, without a user part, which is the number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// `sip` or `sips`.
    pub scheme: &'static str,
    /// Host and port as they stand in a URI: `192.0.2.10:5060`, `[2001:db8::1]`, `gw.example.org`.
    pub host_port: String,
    /// URI parameters with their leading semicolon (`;transport=udp`), or empty.
    pub parameters: String,
}

impl Gateway {
    /// Reads a gateway URI.
    ///
    /// # Errors
    /// Says what is wrong: another scheme, a user part, a host or port that is none, a character
    /// that could break a header line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (scheme, rest) = match text.split_once(':') {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("sip") => ("sip", rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("sips") => ("sips", rest),
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
        let (host_port, parameters) = rest.split_at(rest.find(';').unwrap_or(rest.len()));
        check_host_port(host_port)?;
        // The URI grammar itself is rsip's; it knows no IPv6 reference, which is checked above.
        if !host_port.starts_with('[') {
            rsip::Uri::try_from(text).map_err(|_| "this is no SIP URI".to_owned())?;
        }
        Ok(Self { scheme, host_port: host_port.to_owned(), parameters: parameters.to_owned() })
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
            ("sip:192.0.2.10", Ok(("192.0.2.10", ""))),
            ("sip:192.0.2.10:5060;transport=udp", Ok(("192.0.2.10:5060", ";transport=udp"))),
            ("sips:gw.example.org;lr", Ok(("gw.example.org", ";lr"))),
            ("sip:[2001:db8::1]:5061", Ok(("[2001:db8::1]:5061", ""))),
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
                (Ok(got), Ok((host_port, parameters))) => {
                    assert_eq!(
                        (got.host_port.as_str(), got.parameters.as_str()),
                        (host_port, parameters)
                    );
                }
                (Err(got), Err(want)) => assert!(got.contains(want), "{text}: {got}"),
                (got, want) => panic!("{text}: {got:?}, not {want:?}"),
            }
        }
    }
}
