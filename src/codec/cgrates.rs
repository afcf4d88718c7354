//! The results of CGRateS' `RouteSv1.GetRoutes` and its kin: profiles with their sorted routes.

use crate::model::answer::{Answer, Offer};
use crate::model::json::push_string;

/// Appends the list. A layered answer is a profile without a name, sorted by `*priority`.
pub(super) fn encode(answer: &Answer<'_>, bytes_max: usize, out: &mut Vec<u8>) -> usize {
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

fn push_profile(id: &str, sorting: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\"ProfileID\":");
    push_string(out, id);
    out.extend_from_slice(b",\"Sorting\":");
    push_string(out, sorting);
}

fn push_route(offer: &Offer<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"RouteID\":");
    out.extend_from_slice(offer.supplier.id.quoted());
    out.extend_from_slice(b",\"RouteParameters\":");
    out.extend_from_slice(offer.parameters.quoted());
    out.extend_from_slice(b",\"SortingData\":");
    out.extend_from_slice(offer.rank.sorting_data());
    out.push(b'}');
}
