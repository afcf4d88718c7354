//! Classes of characters in brackets: `[a-z_]`, `[^[:digit:]\d]`.

use super::Fault;
use super::escape::{self, BAD_RANGE, Escape};
use std::fmt::Write;

/// Names between `[:` and `:]`.
const NAMED: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// Says the class at the beginning of `text`, which is a bracket, in the syntax of the `regex` crate;
/// gives what stands behind it.
pub fn push<'p>(text: &'p str, out: &mut String) -> Result<&'p str, Fault> {
    let mut rest = text.strip_prefix('[').unwrap_or(text);
    out.push('[');
    if let Some(behind) = rest.strip_prefix('^') {
        out.push('^');
        rest = behind;
    }
    // What has no characters at all is a class too, when every range is of surrogates.
    out.push_str(r"\P{Any}");
    let mut first = true;
    while first || !rest.starts_with(']') {
        first = false;
        rest = match named(rest, out)? {
            Some(behind) => behind,
            None => range(text, rest, out)?,
        };
    }
    out.push(']');
    Ok(rest.strip_prefix(']').unwrap_or(rest))
}

/// `[:alpha:]` or `[:^alpha:]`; none when there is no such thing.
fn named<'p>(text: &'p str, out: &mut String) -> Result<Option<&'p str>, Fault> {
    let Some((name, rest)) = text.strip_prefix("[:").and_then(|text| text.split_once(":]")) else {
        return Ok(None);
    };
    let whole = escape::before(text, rest);
    if !NAMED.contains(&name.strip_prefix('^').unwrap_or(name)) {
        return Err(Fault::new(BAD_RANGE, whole));
    }
    out.push_str(whole);
    Ok(Some(rest))
}

/// A character, a range, or an escape that is a class.
fn range<'p>(class: &str, text: &'p str, out: &mut String) -> Result<&'p str, Fault> {
    let (low, rest) = match escape::next(text) {
        Some(('\\', _)) => match escape::read(text)? {
            (Escape::Char(low), rest) => (low, rest),
            (Escape::Class(escaped), rest) => {
                out.push_str(&escaped);
                return Ok(rest);
            }
        },
        _ => member(class, text)?,
    };
    // The dash of `[a-]` is a character.
    let behind =
        rest.strip_prefix('-').filter(|rest| !matches!(escape::next(rest), None | Some((']', _))));
    let (high, rest) = match behind {
        Some(behind) => member(class, behind)?,
        None => (low, rest),
    };
    if high < low {
        return Err(Fault::new(BAD_RANGE, escape::before(text, rest)));
    }
    push_range(low, high, out);
    Ok(rest)
}

/// One end of a range: a character, escaped or not.
fn member<'p>(class: &str, text: &'p str) -> Result<(u32, &'p str), Fault> {
    match escape::next(text) {
        None => Err(Fault::new("missing closing ]", class)),
        Some(('\\', _)) => escape::single(text),
        Some((plain, rest)) => Ok((u32::from(plain), rest)),
    }
}

/// Both ends are escaped, so that none of them means anything; surrogates are in no text.
fn push_range(low: u32, high: u32, out: &mut String) {
    let is_surrogate = |code: u32| char::from_u32(code).is_none();
    let low = if is_surrogate(low) { 0xE000 } else { low };
    let high = if is_surrogate(high) { 0xD7FF } else { high };
    if low <= high {
        // Writing to a string cannot fail.
        let _ = write!(out, r"\x{{{low:X}}}-\x{{{high:X}}}");
    }
}
