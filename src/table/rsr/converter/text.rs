//! Texts written otherwise: in hexadecimal, and as parts of URLs.

use std::fmt::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The bytes of an address. Chosen: an IPv6 address with all its sixteen.
pub fn ip_hex(text: &str) -> Result<String, String> {
    let four = text.parse::<Ipv4Addr>().map(|address| hex(&address.octets()));
    let six = || text.parse::<Ipv6Addr>().map(|address| hex(&address.octets()));
    four.or_else(|_| six()).map_err(|_| format!("`{text}` is no IP address"))
}

/// The bytes, two digits each. Chosen: `0x` stands before them, as AVPs of Diameter are written.
pub fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(2 + 2 * bytes.len());
    out.push_str("0x");
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// As the value in a query string: a blank is a plus.
pub fn url_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// The reverse of [`url_encode`].
pub fn url_decode(text: &str) -> Result<String, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
        let pair = |(high, low)| u8::try_from(high * 16 + low).ok();
        out.push(match byte {
            b'+' => b' ',
            b'%' => digit().zip(digit()).and_then(pair).ok_or_else(|| {
                format!("`{text}` has a % without two hexadecimal digits behind it")
            })?,
            byte => byte,
        });
    }
    String::from_utf8(out).map_err(|_| format!("`{text}` is no text in UTF-8 when it is decoded"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_in_hexadecimal() {
        assert_eq!(ip_hex("127.0.0.1").as_deref(), Ok("0x7f000001"));
        assert_eq!(ip_hex("2001:db8::5").as_deref(), Ok("0x20010db8000000000000000000000005"));
        assert_eq!(hex("é!".as_bytes()), "0xc3a921");
        assert!(ip_hex("192.0.2.300").is_err());
    }

    #[test]
    fn texts_of_urls_are_encoded_and_decoded() {
        let rows = [("a b&ü", "a+b%26%C3%BC"), ("~x-1_.", "~x-1_."), ("+", "%2B")];
        for (plain, encoded) in rows {
            assert_eq!(url_encode(plain), encoded);
            assert_eq!(url_decode(encoded).as_deref(), Ok(plain));
        }
        for bad in ["%", "%4", "%zz", "%ff"] {
            assert!(url_decode(bad).is_err(), "{bad}");
        }
    }
}
