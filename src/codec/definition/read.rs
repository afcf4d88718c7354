//! Fields of arguments read as CGRateS reads them: a null leaves a field as it is, a list null; what is of
//! the wrong kind is named with its place.

use crate::codec::scan::{self, Items, Malformed, Members};
use std::fmt::Display;

/// Why an argument cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A field is of the wrong kind.
    Field {
        /// `Routes[0].Weight`; empty: the argument itself.
        place: String,
        /// `must be a number, not a string`
        text: String,
    },
    /// An error with words of its own.
    Text(String),
}

impl Wrong {
    /// What has to stand there instead of `raw`.
    pub(super) fn must_be(wanted: &str, raw: &str) -> Self {
        Self::Field {
            place: String::new(),
            text: format!("must be {wanted}, not {}", scan::kind(raw)),
        }
    }

    /// The same, seen from the object or list around it.
    fn within(self, step: impl Display) -> Self {
        match self {
            Self::Field { place, text } if place.is_empty() || place.starts_with('[') => {
                Self::Field { place: format!("{step}{place}"), text }
            }
            Self::Field { place, text } => Self::Field { place: format!("{step}.{place}"), text },
            Self::Text(text) => Self::Text(text),
        }
    }
}

impl From<Malformed> for Wrong {
    fn from(Malformed { at }: Malformed) -> Self {
        Self::Text(format!("json: the argument is not valid JSON from byte {at} on"))
    }
}

impl From<Wrong> for String {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Field { place, text } if place.is_empty() => {
                format!("json: the argument {text}")
            }
            Wrong::Field { place, text } => format!("json: {place} {text}"),
            Wrong::Text(text) => text,
        }
    }
}

/// Hands the members of an object that are called one of `names` to `take`; others are ignored.
pub(super) fn object(
    raw: &str,
    names: &[&'static str],
    mut take: impl FnMut(&'static str, &str) -> Result<(), Wrong>,
) -> Result<(), Wrong> {
    for member in Members::of(raw).ok_or_else(|| Wrong::must_be("an object", raw))? {
        let (name, value) = member?;
        if let Some(name) = name.among(names) {
            take(name, value).map_err(|wrong| wrong.within(name))?;
        }
    }
    Ok(())
}

/// A text.
pub(super) fn string(raw: &str, field: &mut String) -> Result<(), Wrong> {
    if !is_null(raw) {
        let text = scan::string(raw).ok_or_else(|| Wrong::must_be("a string", raw))?;
        *field = text.into_owned();
    }
    Ok(())
}

/// A number; a double holds it.
pub(super) fn number(raw: &str, field: &mut f64) -> Result<(), Wrong> {
    if !is_null(raw) {
        let number = raw.parse().ok().filter(|_| is_number(raw));
        let number: f64 = number.ok_or_else(|| Wrong::must_be("a number", raw))?;
        if !number.is_finite() {
            return Err(Wrong::Field {
                place: String::new(),
                text: "is larger than any number that a double holds".into(),
            });
        }
        *field = number;
    }
    Ok(())
}

/// A whole number, written without fraction and exponent.
pub(super) fn integer(raw: &str) -> Result<i64, Wrong> {
    raw.parse().ok().filter(|_| is_number(raw)).ok_or_else(|| {
        if is_number(raw) {
            Wrong::Field { place: String::new(), text: "must be a whole number".into() }
        } else {
            Wrong::must_be("a whole number", raw)
        }
    })
}

/// `true` or `false`.
pub(super) fn flag(raw: &str, field: &mut bool) -> Result<(), Wrong> {
    match raw {
        "null" => {}
        "true" => *field = true,
        "false" => *field = false,
        _ => return Err(Wrong::must_be("true or false", raw)),
    }
    Ok(())
}

/// A list of texts, where a null is an empty text.
pub(super) fn strings(raw: &str, field: &mut Option<Vec<String>>) -> Result<(), Wrong> {
    list(raw, "a list of strings", field, |raw| {
        let mut text = String::new();
        string(raw, &mut text).map(|()| text)
    })
}

/// A list of objects. CGRateS ends at a null among them, so that it is refused.
pub(super) fn objects<T>(
    raw: &str,
    field: &mut Option<Vec<T>>,
    read: impl FnMut(&str) -> Result<T, Wrong>,
) -> Result<(), Wrong> {
    list(raw, "a list of objects", field, read)
}

/// The values of a list as they stand.
pub(super) fn parts(raw: &str) -> Result<Vec<&str>, Wrong> {
    let items = Items::of(raw).ok_or_else(|| Wrong::must_be("a list", raw))?;
    Ok(items.collect::<Result<_, _>>()?)
}

/// A list of whole numbers, where a null is 0.
pub(super) fn integers(raw: &str, field: &mut Vec<i64>) -> Result<(), Wrong> {
    let mut read = None;
    list(raw, "a list of whole numbers", &mut read, |raw| {
        if is_null(raw) { Ok(0) } else { integer(raw) }
    })?;
    *field = read.unwrap_or_default();
    Ok(())
}

fn list<T>(
    raw: &str,
    wanted: &str,
    field: &mut Option<Vec<T>>,
    mut read: impl FnMut(&str) -> Result<T, Wrong>,
) -> Result<(), Wrong> {
    if is_null(raw) {
        *field = None;
        return Ok(());
    }
    let items = Items::of(raw).ok_or_else(|| Wrong::must_be(wanted, raw))?;
    let mut list = Vec::new();
    for (index, item) in items.enumerate() {
        list.push(read(item?).map_err(|wrong| wrong.within(format_args!("[{index}]")))?);
    }
    *field = Some(list);
    Ok(())
}

/// Options that nothing here reads, of which only the kind is looked at.
pub(super) fn options(raw: &str) -> Result<(), Wrong> {
    if is_null(raw) || raw.starts_with('{') {
        Ok(())
    } else {
        Err(Wrong::must_be("an object", raw))
    }
}

/// Whether a value is null.
pub(super) fn is_null(raw: &str) -> bool {
    raw == "null"
}

fn is_number(raw: &str) -> bool {
    raw.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

/// The error for mandatory fields that are missing.
pub(super) fn mandatory(missing: &[&str]) -> String {
    format!("MANDATORY_IE_MISSING: [{}]", missing.join(" "))
}
