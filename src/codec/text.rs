//! Answers of one line, which a script can use without parsing: `ok px1-17 10,12`.
//!
//! Each begins with its status and the question's id, so that a late answer or a refusal is never
//! taken for carriers. A supplier that lacks the thing asked for is left out; so is one whose text
//! would break the line apart.

use super::answer::Written;
use crate::model::answer::{Answer, Offer, Refusal, Status};
use crate::model::json::push_integer;
use crate::model::query::Shape;

/// Appends the line, without a line end.
pub(super) fn encode(
    shape: Shape,
    answer: &Answer<'_>,
    bytes_max: usize,
    out: &mut Vec<u8>,
) -> Written {
    out.extend_from_slice(b"ok ");
    out.extend_from_slice(answer.id.as_bytes());
    out.push(b' ');
    let separator = if shape == Shape::Line { b' ' } else { b',' };
    let (mut offers, mut items) = (0, 0_usize);
    for offer in answer.offers() {
        let before = out.len();
        let added = push_items(shape, &offer, separator, items == 0, out);
        if out.len() > bytes_max {
            out.truncate(before);
            break;
        }
        items += added;
        offers += 1;
    }
    Written { offers: if items == 0 { 0 } else { offers } }
}

/// What one offer adds; gives the number of items.
fn push_items(
    shape: Shape,
    offer: &Offer<'_>,
    separator: u8,
    first: bool,
    out: &mut Vec<u8>,
) -> usize {
    let supplier = offer.supplier;
    let mut count = 0;
    let mut item = |out: &mut Vec<u8>, write: &dyn Fn(&mut Vec<u8>)| {
        if !first || count > 0 {
            out.push(separator);
        }
        write(out);
        count += 1;
    };
    match shape {
        Shape::Sets => {
            if let Some(set) = supplier.dispatcher_set {
                item(out, &|out| push_integer(out, set));
            }
        }
        Shape::Carriers if is_word(&supplier.carrier) => {
            item(out, &|out| out.extend_from_slice(supplier.carrier.as_bytes()));
        }
        Shape::Gateways => {
            for gateway in supplier.gateway_ids.iter().filter(|gateway| is_word(gateway)) {
                item(out, &|out| out.extend_from_slice(gateway.as_bytes()));
            }
        }
        Shape::Uris => {
            for gateway in &supplier.gateways {
                item(out, &|out| gateway.push_uri(offer.number, out));
            }
        }
        Shape::Line if is_word(supplier.id.as_str()) => item(out, &|out| push_line(offer, out)),
        Shape::Digest if is_word(supplier.id.as_str()) => item(out, &|out| {
            out.extend_from_slice(supplier.id.as_str().as_bytes());
            if !offer.parameters.as_str().is_empty() {
                out.push(b':');
                out.extend_from_slice(offer.parameters.as_str().as_bytes());
            }
        }),
        _ => {}
    }
    count
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

/// Whether a text can stand in a list without breaking it.
fn is_word(text: &str) -> bool {
    !text.is_empty()
        && !text.contains([',', '|'])
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
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
