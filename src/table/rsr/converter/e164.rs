//! Domains of ENUM (RFC 6116): `*e164` is the number that one stands for, `*e164Domain` the rest of it.

/// `3.2.1.9.4.e164.arpa` stands for `49123`.
pub fn number(text: &str) -> Result<String, String> {
    split(text).map(|(digits, _)| digits.chars().rev().filter(|c| *c != '.').collect())
}

/// The domain without the digits and without a last dot: `e164.arpa`.
pub fn domain(text: &str) -> Result<String, String> {
    split(text).map(|(_, domain)| domain.strip_suffix('.').unwrap_or(domain).to_owned())
}

/// The labels of one digit, and what stands behind them.
fn split(text: &str) -> Result<(&str, &str), String> {
    let bytes = text.as_bytes();
    let labels = bytes.chunks(2).take_while(|pair| matches!(pair, [b'0'..=b'9', b'.'])).count();
    text.split_at_checked(labels * 2)
        .filter(|(digits, domain)| !digits.is_empty() && !domain.is_empty())
        .ok_or_else(|| format!("`{text}` is no number in a domain: `3.2.1.9.4.e164.arpa`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_and_the_domain_are_told_apart() {
        let text = "3.2.1.9.4.e164.arpa.";
        assert_eq!(number(text).as_deref(), Ok("49123"));
        assert_eq!(domain(text).as_deref(), Ok("e164.arpa"));
        for other in ["", "+4930", "e164.arpa", "3.2.1."] {
            assert!(number(other).is_err(), "{other}");
        }
    }
}
