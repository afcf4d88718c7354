//! Parts of SIP URIs (RFC 3261 19.1): `*sipuri_user`, `*sipuri_host`, `*sipuri_method`.
//!
//! The text may be a URI, a name-addr such as `"Alice" <sip:alice@host>;tag=1`, or the first line of a
//! request. Chosen: what is not there is no text, and no error.

/// Schemes, with their colon.
const SCHEMES: [&str; 3] = ["sip:", "sips:", "tel:"];

/// The part before the `@`, without a password; of a `tel` URI the number.
pub fn user(text: &str) -> &str {
    let (scheme, uri) = uri(text);
    let user = match uri.rsplit_once('@') {
        Some((user, _)) => user.split(':').next().unwrap_or(user),
        None if scheme == "tel:" => uri,
        None => "",
    };
    until(user, &[';'])
}

/// The host without the port; the brackets of an IPv6 address stay.
pub fn host(text: &str) -> &str {
    let (scheme, uri) = uri(text);
    if scheme == "tel:" {
        return "";
    }
    let host = until(uri.rsplit_once('@').map_or(uri, |(_, host)| host), &[';', '?']);
    match host.strip_prefix('[').and_then(|_| host.find(']')) {
        Some(end) => host.get(..=end).unwrap_or(host),
        None => until(host, &[':']),
    }
}

/// The method of a request's first line, else the URI's parameter `method`.
pub fn method(text: &str) -> &str {
    let first = text.split_ascii_whitespace().next().unwrap_or_default();
    let is_token = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase());
    if is_token(first) && first.len() < text.len() {
        return first;
    }
    let (_, uri) = uri(text);
    let parameters = uri.rsplit_once('@').map_or(uri, |(_, host)| host);
    let found = parameters.split(['?']).next().unwrap_or_default().split(';').skip(1);
    found
        .filter_map(|one| one.split_once('='))
        .find(|(name, _)| *name == "method")
        .map_or("", |(_, method)| method)
}

/// The scheme and what stands behind it, up to the end of the URI.
fn uri(text: &str) -> (&'static str, &str) {
    let inner = match text.rsplit_once('<') {
        Some((_, inner)) => until(inner, &['>']),
        None => text,
    };
    let inner = inner.split_ascii_whitespace().find(|word| word.contains(':')).unwrap_or(inner);
    let found = SCHEMES.iter().find_map(|scheme| {
        let start = inner.get(..scheme.len())?;
        start
            .eq_ignore_ascii_case(scheme)
            .then(|| (*scheme, inner.get(scheme.len()..).unwrap_or_default()))
    });
    found.unwrap_or(("", inner))
}

/// What stands before the first of `ends`.
fn until<'t>(text: &'t str, ends: &[char]) -> &'t str {
    text.split(ends).next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_host_and_method_are_found() {
        let rows = [
            ("sip:bob@x.example", "bob", "x.example", ""),
            ("sips:bob:pw@x.example:5061;transport=tls?a=b", "bob", "x.example", ""),
            ("sip:+4930;cpc=x@[2001:db8::5]:5060", "+4930", "[2001:db8::5]", ""),
            ("\"A\" <SIP:alice@h>;tag=1", "alice", "h", ""),
            ("sip:h.example;method=REGISTER?x=y", "", "h.example", "REGISTER"),
            ("INVITE sip:bob@x.example SIP/2.0", "bob", "x.example", "INVITE"),
            ("tel:+4930;ext=1", "+4930", "", ""),
            ("bob@x", "bob", "x", ""),
            ("", "", "", ""),
        ];
        for (text, its_user, its_host, its_method) in rows {
            assert_eq!(user(text), its_user, "user of {text}");
            assert_eq!(host(text), its_host, "host of {text}");
            assert_eq!(method(text), its_method, "method of {text}");
        }
    }
}
