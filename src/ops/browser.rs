//! Requests that a browser sends for a web page: no port of siproute answers them.
//!
//! A browser on this host reaches loopback, so that a page which it shows could reload tables or forge
//! reports in its reader's name. Browsers mark what a page sends (`Origin`, `Sec-Fetch-Site`). What
//! comes after a name was made to point here (DNS rebinding) bears the marks of the same origin; its
//! `Host` gives it away. Who may connect at all is not decided here.

use hyper::Request;
use hyper::header::{HOST, ORIGIN};
use hyper::http::uri::Authority;
use std::net::IpAddr;

/// The field by which browsers say how page and address belong together.
const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Why a request is refused that a page made; `None`: no page made it. An address that somebody typed
/// into a browser is no page's.
#[must_use]
pub fn page_fault<B>(request: &Request<B>) -> Option<&'static str> {
    let headers = request.headers();
    if headers.contains_key(ORIGIN) {
        return Some("the request has an `Origin`: web pages may not ask siproute");
    }
    let mut sites = headers.get_all(SEC_FETCH_SITE).iter();
    let is_foreign = sites.any(|site| site != "none" && site != "same-origin");
    is_foreign.then_some("`Sec-Fetch-Site` names a web page: web pages may not ask siproute")
}

/// Why a request is refused that was sent to another name than this host's own; `None`: to an address,
/// to `localhost`, or without a `Host`, which no browser leaves out and probes of HTTP/1.0 do.
#[must_use]
pub fn host_fault<B>(request: &Request<B>) -> Option<&'static str> {
    let hosts = request.headers().get_all(HOST).iter();
    let mut hosts = hosts.map(|host| host.to_str().ok().and_then(|host| host.parse().ok()));
    let is_own = |authority: Option<Authority>| authority.is_some_and(|at| is_own_name(at.host()));
    let target = request.uri().authority();
    let is_fine = hosts.all(is_own) && target.is_none_or(|at| is_own_name(at.host()));
    (!is_fine).then_some("`Host` must be an IP address or `localhost`: ask by one of these")
}

fn is_own_name(host: &str) -> bool {
    let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    host.eq_ignore_ascii_case("localhost") || literal.unwrap_or(host).parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_an_address_or_localhost() {
        for (host, is_fine) in [
            ("127.0.0.1", true),
            ("127.0.0.1:9470", true),
            ("[::1]", true),
            ("[::1]:9470", true),
            ("localhost", true),
            ("LOCALHOST:9470", true),
            ("evil.example", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example:9470", false),
            ("localhost@evil.example", false),
            ("", false),
            ("a b", false),
        ] {
            let request = Request::builder().uri("/").header(HOST, host).body(()).unwrap();
            assert_eq!(host_fault(&request).is_none(), is_fine, "{host}");
            let request = Request::builder().uri("/").header(HOST, "localhost");
            let request = request.header(HOST, host).body(()).unwrap();
            assert_eq!(host_fault(&request).is_none(), is_fine, "localhost and {host}");
        }
        assert_eq!(host_fault(&Request::builder().uri("/").body(()).unwrap()), None);
        let target = Request::builder().uri("http://evil.example/").body(()).unwrap();
        assert!(host_fault(&target).is_some());
    }
}
