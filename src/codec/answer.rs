//! Answers and refusals in the shape that was asked for.

use super::{cgrates, rtjson, text};
use crate::model::answer::{Answer, Offer, Refusal, Status};
use crate::model::json::{push_escaped, push_integer, push_string, push_whole};
use crate::model::query::Shape;

/// Appends an answer; what would make it longer than `bytes_max` falls off its end. Gives the number
/// of offers that stand in it; 0: not even the first has room, and nothing is written.
///
/// Each offer's supplier takes a place in this shape ([`SupplierFacts::places_in`]).
///
/// [`SupplierFacts::places_in`]: crate::model::supplier::SupplierFacts::places_in
pub fn encode(shape: Shape, answer: &Answer<'_>, bytes_max: usize, out: &mut Vec<u8>) -> usize {
    let offers = match shape {
        Shape::Json => json(answer, bytes_max, out),
        Shape::Cgrates => cgrates::encode(answer, bytes_max, out),
        Shape::Rtjson => rtjson::encode(answer, bytes_max, out),
        _ => text::encode(shape, answer, bytes_max, out),
    };
    if offers == 0 {
        out.clear();
    }
    offers
}

/// Appends the word for a report that was taken.
pub fn confirm(id: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"id\":");
    push_string(out, id);
    out.extend_from_slice(b",\"status\":\"ok\"}");
}

/// Appends a refusal; the story of it falls off where it would make the answer longer than
/// `bytes_max`.
pub fn refuse(
    shape: Shape,
    id: &str,
    refusal: &Refusal,
    explain: Option<&[u8]>,
    bytes_max: usize,
    out: &mut Vec<u8>,
) {
    if shape.is_text() {
        return text::refuse(id, refusal, out);
    }
    let rtjson = shape == Shape::Rtjson;
    out.extend_from_slice(if rtjson { b"{\"version\":\"1.0\",\"id\":" } else { b"{\"id\":" });
    push_string(out, id);
    match refusal.status {
        Status::Reject(code) => {
            out.extend_from_slice(b",\"status\":\"reject\"");
            out.extend_from_slice(if rtjson { b",\"code\":" } else { b",\"sip\":" });
            push_integer(out, code.get());
            if rtjson {
                out.extend_from_slice(b",\"reason\":");
                push_string(out, code.reason());
            }
        }
        Status::Fallback => out.extend_from_slice(b",\"status\":\"fallback\""),
    }
    push_error(refusal, out);
    match explain {
        Some(explain) if out.len() + explain.len() + b",\"explain\":}".len() <= bytes_max => {
            out.extend_from_slice(b",\"explain\":");
            out.extend_from_slice(explain);
        }
        Some(_) => out.extend_from_slice(b",\"truncated\":true"),
        None => {}
    }
    out.push(b'}');
}

fn push_error(refusal: &Refusal, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"error\":{\"code\":\"");
    out.extend_from_slice(refusal.code.name().as_bytes());
    if let Some(field) = &refusal.field {
        out.extend_from_slice(b"\",\"field\":\"");
        push_escaped(out, field);
    }
    out.extend_from_slice(b"\",\"message\":\"");
    push_escaped(out, &refusal.message);
    out.extend_from_slice(b"\"}");
}

/// The native shape.
fn json(answer: &Answer<'_>, bytes_max: usize, out: &mut Vec<u8>) -> usize {
    out.extend_from_slice(b"{\"id\":");
    push_string(out, answer.id);
    out.extend_from_slice(b",\"status\":\"ok\",\"generation\":");
    push_whole(out, answer.generation);
    out.extend_from_slice(b",\"table\":\"");
    out.extend_from_slice(answer.fingerprint.as_bytes());
    out.push(b'"');
    if let Some(profile) = answer.profile {
        out.extend_from_slice(b",\"profile\":");
        push_string(out, profile);
    }
    out.extend_from_slice(b",\"sorting\":\"");
    out.extend_from_slice(answer.sorting.as_bytes());
    out.extend_from_slice(b"\",\"routes\":[");

    // What stands behind the routes grows with them: the digest, and the closing words.
    const CLOSING: usize = b"],\"digest\":\"\",\"truncated\":true}".len();
    let (mut offers, mut digest_len) = (0, 0);
    for offer in answer.offers() {
        let before = out.len();
        if offers > 0 {
            out.push(b',');
        }
        push_route(&offer, answer.names_profiles, out);
        digest_len += 2 + offer.supplier.id.escaped().len() + offer.parameters.escaped().len();
        if out.len() + digest_len + CLOSING > bytes_max {
            out.truncate(before);
            break;
        }
        offers += 1;
    }
    out.extend_from_slice(b"],\"digest\":\"");
    for (index, offer) in answer.offers().take(offers).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(offer.supplier.id.escaped());
        if !offer.parameters.as_str().is_empty() {
            out.push(b':');
            out.extend_from_slice(offer.parameters.escaped());
        }
    }
    out.push(b'"');
    let mut truncated = offers < answer.count;
    if let Some(explain) = answer.explain {
        let fits = out.len() + explain.len() + CLOSING <= bytes_max;
        truncated |= !fits;
        if fits {
            out.extend_from_slice(b",\"explain\":");
            out.extend_from_slice(explain);
        }
    }
    if truncated {
        out.extend_from_slice(b",\"truncated\":true");
    }
    out.push(b'}');
    offers
}

fn push_route(offer: &Offer<'_>, names_profile: bool, out: &mut Vec<u8>) {
    out.push(b'{');
    offer.supplier.json.push(offer.number, out);
    if let Some(caller) = offer.caller {
        out.extend_from_slice(b",\"caller\":\"");
        out.extend_from_slice(caller.as_bytes());
        out.push(b'"');
    }
    out.extend_from_slice(b",\"parameters\":");
    out.extend_from_slice(offer.parameters.quoted());
    out.extend_from_slice(offer.policy_json);
    if let Some(profile) = offer.profile.filter(|_| names_profile) {
        out.extend_from_slice(b",\"profile\":");
        push_string(out, profile);
    }
    out.extend_from_slice(offer.rank.members());
    out.push(b'}');
}
