//! The results of CGRateS' `RouteSv1.GetRoutes` and its kin: profiles with their sorted routes.

use crate::model::answer::{Answer, Offer};
use crate::model::go::json::push_string;
use crate::model::json::{JsonText, push_whole};

/// Appends the list. A layered answer is a profile without a name, sorted by `*priority`.
pub fn encode(answer: &Answer<'_>, bytes_max: usize, out: &mut Vec<u8>) -> usize {
    const CLOSING: usize = b"]}]".len();
    let mut offers = 0;
    let mut profile = None;
    out.push(b'[');
    for offer in answer.offers() {
        let before = out.len();
        let own = offer.profile.or(answer.profile).unwrap_or_default();
        if profile == Some(own) {
            out.push(b',');
        } else {
            out.extend_from_slice(if profile.is_some() { b"]},{" } else { b"{" });
            push_profile(own, offer.sorting.unwrap_or(answer.sorting), out);
            out.extend_from_slice(b",\"Routes\":[");
        }
        push_route(&offer, out);
        if out.len() + CLOSING > bytes_max {
            out.truncate(before);
            break;
        }
        profile = Some(own);
        offers += 1;
    }
    out.extend_from_slice(if profile.is_some() { b"]}]" } else { b"]" });
    offers
}

/// Appends the routes of all profiles as one list of texts, `ID` or `ID:PARAMETERS`; `once`: each of them
/// once.
pub fn list(answer: &Answer<'_>, once: bool, out: &mut Vec<u8>) {
    let mut told: Vec<(&str, &str)> = Vec::new();
    out.push(b'[');
    let mut is_first = true;
    for offer in answer.offers() {
        let (id, parameters) = (offer.supplier.id.as_str(), offer.parameters.as_str());
        if once && told.contains(&(id, parameters)) {
            continue;
        }
        if once {
            told.push((id, parameters));
        }
        if !std::mem::take(&mut is_first) {
            out.push(b',');
        }
        out.push(b'"');
        push_joined(&offer, out);
        out.push(b'"');
    }
    out.push(b']');
}

/// Appends `ID` or `ID:PARAMETERS`, to stand inside of a string.
pub(super) fn push_joined(offer: &Offer<'_>, out: &mut Vec<u8>) {
    push_inner(&offer.supplier.id, out);
    if !offer.parameters.as_str().is_empty() {
        out.push(b':');
        push_inner(offer.parameters, out);
    }
}

/// Appends the result of `SupplierSv1.GetSuppliers` (0.10): one profile with its sorted suppliers.
pub fn suppliers(answer: &Answer<'_>, profile: &str, sorting: &str, out: &mut Vec<u8>) {
    out.push(b'{');
    push_profile(profile, sorting, out);
    out.extend_from_slice(b",\"Count\":");
    push_whole(out, answer.count as u64);
    out.extend_from_slice(b",\"SortedSuppliers\":[");
    for (position, offer) in answer.offers().enumerate() {
        out.extend_from_slice(if position > 0 { b",{" } else { b"{" });
        push_members(&offer, "Supplier", out);
    }
    out.extend_from_slice(b"]}");
}

fn push_profile(id: &str, sorting: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\"ProfileID\":");
    push_string(out, id);
    out.extend_from_slice(b",\"Sorting\":");
    push_string(out, sorting);
}

fn push_route(offer: &Offer<'_>, out: &mut Vec<u8>) {
    out.push(b'{');
    push_members(offer, "Route", out);
}

/// The members of a route with the brace behind them; 0.10 calls it a supplier.
fn push_members(offer: &Offer<'_>, name: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"ID\":\"");
    push_inner(&offer.supplier.id, out);
    out.extend_from_slice(b"\",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"Parameters\":\"");
    push_inner(offer.parameters, out);
    out.extend_from_slice(b"\",\"SortingData\":");
    out.extend_from_slice(offer.rank.sorting_data());
    out.push(b'}');
}

/// A text inside of a string, escaped as Go's encoder does it; nearly all texts look the same in both.
fn push_inner(text: &JsonText, out: &mut Vec<u8>) {
    let is_special =
        |c: char| matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\u{8}' | '\u{c}');
    if text.as_str().contains(is_special) {
        let start = out.len();
        push_string(out, text.as_str());
        out.remove(start);
        out.pop();
    } else {
        out.extend_from_slice(text.escaped());
    }
}
