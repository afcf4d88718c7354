//! Answers of one line, which a script can use without parsing: `ok px1-17 10,12`.
//!
//! Each begins with its status and the question's id, so that a late answer or a refusal is never
//! taken for carriers. A supplier that lacks the thing asked for, or whose text would break the line
//! apart, is not among the offers.

use crate::model::answer::{Answer, Offer, Refusal, Status};
use crate::model::json::push_integer;
use crate::model::query::Shape;
use crate::model::supplier::is_word;

/// Appends the line, without a line end.
pub(super) fn encode(
    shape: Shape,
    answer: &Answer<'_>,
    bytes_max: usize,
    out: &mut Vec<u8>,
) -> usize {
    out.extend_from_slice(b"ok ");
    out.extend_from_slice(answer.id.as_bytes());
    out.push(b' ');
    let separator = if shape == Shape::Line { b' ' } else { b',' };
    let mut offers = 0;
    for offer in answer.offers() {
        let before = out.len();
        push_items(shape, &offer, separator, offers == 0, out);
        if out.len() > bytes_max {
            out.truncate(before);
            break;
        }
        offers += 1;
    }
    offers
}

/// Appends what one offer adds to the list.
fn push_items(shape: Shape, offer: &Offer<'_>, separator: u8, first: bool, out: &mut Vec<u8>) {
    let supplier = offer.supplier;
    if !first {
        out.push(separator);
    }
    match shape {
        Shape::Sets => push_integer(out, supplier.dispatcher_set.unwrap_or_default()),
        Shape::Carriers => out.extend_from_slice(supplier.carrier.as_bytes()),
        Shape::Gateways => {
            let ids = supplier.gateway_ids.iter().filter(|id| is_word(id));
            push_list(ids, separator, out, |id, out| out.extend_from_slice(id.as_bytes()));
        }
        Shape::Uris => push_list(supplier.gateways.iter(), separator, out, |gateway, out| {
            gateway.push_uri(offer.number, out);
        }),
        Shape::Line => push_line(offer, out),
        _ => {
            out.extend_from_slice(supplier.id.as_str().as_bytes());
            if !offer.parameters.as_str().is_empty() {
                out.push(b':');
                out.extend_from_slice(offer.parameters.as_str().as_bytes());
            }
        }
    }
}

fn push_list<T>(
    items: impl Iterator<Item = T>,
    separator: u8,
    out: &mut Vec<u8>,
    push: impl Fn(T, &mut Vec<u8>),
) {
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(separator);
        }
        push(item, out);
    }
}

/// `telnyx|10|004930123456`; what is not there is empty.
fn push_line(offer: &Offer<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(offer.supplier.id.as_str().as_bytes());
    out.push(b'|');
    if let Some(set) = offer.supplier.dispatcher_set {
        push_integer(out, set);
    }
    out.push(b'|');
    out.extend_from_slice(offer.number.unwrap_or_default().as_bytes());
}

/// Appends `reject ID CODE NAME` or `fallback ID NAME`.
pub(super) fn refuse(id: &str, refusal: &Refusal, out: &mut Vec<u8>) {
    let (word, code) = match refusal.status {
        Status::Reject(code) => (&b"reject "[..], Some(code)),
        Status::Fallback => (&b"fallback "[..], None),
    };
    out.extend_from_slice(word);
    out.extend_from_slice(if id.is_empty() { b"-" } else { id.as_bytes() });
    out.push(b' ');
    if let Some(code) = code {
        push_integer(out, code.get());
        out.push(b' ');
    }
    out.extend_from_slice(refusal.code.name().as_bytes());
}
