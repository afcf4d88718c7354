//! One document for Kamailio: ready for `rtjson_init_routes`, with what a script needs beside it.
//!
//! rtjson keeps the timers of the previous route where a route has none, so each has them; it takes
//! strings alone where a string belongs, and no empty `routes`. Twelve branches are Kamailio's
//! default, of which a parked call uses one: eleven routes at most.

use crate::model::answer::{Answer, Offer};
use crate::model::json::{push_integer, push_string};

/// Gateways in one document (Kamailio's `max_branches` less the parked one).
const ROUTES_MAX: usize = 11;

/// Appends the document.
pub(super) fn encode(answer: &Answer<'_>, bytes_max: usize, out: &mut Vec<u8>) -> usize {
    out.extend_from_slice(b"{\"version\":\"1.0\",\"id\":");
    push_string(out, answer.id);
    out.extend_from_slice(b",\"status\":\"ok\"");
    if let Some(profile) = answer.profile {
        out.extend_from_slice(b",\"profile\":");
        push_string(out, profile);
    }
    out.extend_from_slice(b",\"routing\":\"serial\"");
    let offers = fitting(answer, bytes_max.saturating_sub(out.len()));
    push_sets(answer, offers, out);
    push_suppliers(answer, offers, out);
    push_routes(answer, offers, out);
    if offers < answer.count {
        out.extend_from_slice(b",\"truncated\":true");
    }
    out.push(b'}');
    offers
}

/// How many offers have room, by an upper bound of what each adds.
fn fitting(answer: &Answer<'_>, bytes_max: usize) -> usize {
    let (mut bytes, mut routes) = (128, 0);
    answer
        .offers()
        .take_while(|offer| {
            let facts = offer.supplier;
            let common = 2 * (facts.id.quoted().len() + offer.parameters.quoted().len())
                + facts.extra_headers_json.len()
                + offer.policy_json.len()
                + 2 * offer.number.unwrap_or_default().len()
                + offer.caller.unwrap_or_default().len()
                + 256;
            let gateways: usize =
                facts.gateways.iter().map(|gateway| common + 2 * (gateway.uri_len())).sum();
            bytes += common + gateways;
            routes += facts.gateways.len();
            bytes <= bytes_max && (routes <= ROUTES_MAX || routes == facts.gateways.len())
        })
        .count()
}

/// `"sets":"10=8;12=8"`, the rule of `ds_select_routes`: sets in order, each by priority.
fn push_sets(answer: &Answer<'_>, count: usize, out: &mut Vec<u8>) {
    let mut first = true;
    for set in answer.offers().take(count).filter_map(|offer| offer.supplier.dispatcher_set) {
        out.extend_from_slice(if first { b",\"sets\":\"" } else { b";" });
        push_integer(out, set);
        out.extend_from_slice(b"=8");
        first = false;
    }
    if !first {
        out.push(b'"');
    }
}

/// `"suppliers":[…]`, one for each place: what a script needs that walks dispatcher sets.
fn push_suppliers(answer: &Answer<'_>, count: usize, out: &mut Vec<u8>) {
    for (index, offer) in answer.offers().take(count).enumerate() {
        out.extend_from_slice(if index == 0 {
            b",\"suppliers\":[{\"supplier\":"
        } else {
            b",{\"supplier\":"
        });
        out.extend_from_slice(offer.supplier.id.quoted());
        if let Some(set) = offer.supplier.dispatcher_set {
            out.extend_from_slice(b",\"set\":");
            push_integer(out, set);
        }
        push_terms(&offer, out);
        out.push(b'}');
    }
    if count > 0 {
        out.push(b']');
    }
}

/// `"routes":[…]`, one for each gateway.
fn push_routes(answer: &Answer<'_>, count: usize, out: &mut Vec<u8>) {
    let mut routes = 0;
    for (place, offer) in (1_u32..).zip(answer.offers().take(count)) {
        for gateway in offer.supplier.gateways.iter().take(ROUTES_MAX - routes) {
            out.extend_from_slice(if routes == 0 { b",\"routes\":[" } else { b"," });
            out.extend_from_slice(b"{\"id\":");
            out.extend_from_slice(offer.supplier.id.quoted());
            out.extend_from_slice(b",\"supplier\":");
            out.extend_from_slice(offer.supplier.id.quoted());
            out.extend_from_slice(b",\"place\":");
            push_integer(out, place);
            out.extend_from_slice(b",\"params\":");
            out.extend_from_slice(offer.parameters.quoted());
            out.extend_from_slice(b",\"uri\":\"");
            gateway.push_uri(offer.number, out);
            out.extend_from_slice(b"\",\"dst_uri\":\"");
            gateway.push_uri(None, out);
            out.push(b'"');
            if let Some(set) = offer.supplier.dispatcher_set {
                out.extend_from_slice(b",\"set\":");
                push_integer(out, set);
            }
            push_terms(&offer, out);
            out.push(b'}');
            routes += 1;
        }
    }
    if routes > 0 {
        out.push(b']');
    }
}

/// What an attempt needs beside its address, whether it goes to a gateway or to a set.
fn push_terms(offer: &Offer<'_>, out: &mut Vec<u8>) {
    if !offer.supplier.extra_headers_json.is_empty() {
        out.extend_from_slice(b",\"headers\":{\"extra\":\"");
        out.extend_from_slice(&offer.supplier.extra_headers_json);
        out.extend_from_slice(b"\"}");
    }
    push_number(offer, out);
    out.extend_from_slice(offer.policy_json);
    out.extend_from_slice(b",\"fr_timer\":");
    push_integer(out, offer.supplier.timeout_ms);
    out.extend_from_slice(b",\"fr_inv_timer\":");
    push_integer(out, offer.supplier.ring_timeout_ms);
}

fn push_number(offer: &Offer<'_>, out: &mut Vec<u8>) {
    let pairs = [(&b",\"number\":\""[..], offer.number), (b",\"caller\":\"", offer.caller)];
    for (key, number) in pairs.into_iter().filter_map(|(key, number)| Some((key, number?))) {
        out.extend_from_slice(key);
        out.extend_from_slice(number.as_bytes());
        out.push(b'"');
    }
}
