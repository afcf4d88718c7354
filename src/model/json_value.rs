//! Values of a JSON document as filters see them, read from the bytes as they stand.

use super::event::Kind;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt::{self, Write};

/// Writes the text form of a JSON value to `out` and says what it is (section 5.5 of the CGRateS
/// specification): strings unchanged, null as nothing, floats in the shortest decimal form without
/// exponent, lists and objects as their JSON stands.
///
/// # Errors
/// A lone surrogate; a number beyond what a double holds.
pub fn push_text(raw: &str, out: &mut String) -> Result<Kind, String> {
    match raw.as_bytes().first() {
        Some(b'"') => push_string(raw, out).map(|()| Kind::Text),
        Some(b'n') => Ok(Kind::Null),
        Some(b'-' | b'0'..=b'9') => {
            let plain = raw.len() <= 15 && raw.bytes().all(|b| b.is_ascii_digit() || b == b'-');
            if plain {
                out.push_str(raw);
                return Ok(Kind::Number);
            }
            let number: f64 = raw.parse().map_err(|_| "is no number".to_owned())?;
            if !number.is_finite() {
                return Err("is larger than any number that is understood".into());
            }
            write!(out, "{number}").map_err(|error| error.to_string())?;
            Ok(Kind::Number)
        }
        Some(b't' | b'f') => {
            out.push_str(raw);
            Ok(Kind::Boolean)
        }
        _ => {
            out.push_str(raw);
            Ok(Kind::Json)
        }
    }
}

/// Appends a JSON string's content. Without an escape it is copied as it stands; serde_json unescapes
/// the rest.
///
/// # Errors
/// A lone surrogate.
pub fn push_string(raw: &str, out: &mut String) -> Result<(), String> {
    let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
    if inner.contains('\\') {
        let unescaped: String =
            serde_json::from_str(raw).map_err(|_| "has a wrong escape".to_owned())?;
        out.push_str(&unescaped);
    } else {
        out.push_str(inner);
    }
    Ok(())
}

/// As [`push_text`], borrowed where the text stands in the document as it is.
///
/// # Errors
/// As [`push_text`].
pub fn text(raw: &str) -> Result<(Kind, Cow<'_, str>), String> {
    let is_plain_string = raw.starts_with('"') && !raw.contains('\\');
    if is_plain_string {
        return Ok((Kind::Text, Cow::Borrowed(raw.get(1..raw.len() - 1).unwrap_or_default())));
    }
    if raw.starts_with(['{', '[', 't', 'f']) {
        let is_json = raw.starts_with(['{', '[']);
        let kind = if is_json { Kind::Json } else { Kind::Boolean };
        return Ok((kind, Cow::Borrowed(raw)));
    }
    let mut out = String::new();
    push_text(raw, &mut out).map(|kind| (kind, Cow::Owned(out)))
}

/// The member `name` of an object, as its JSON stands; the last one of several.
#[must_use]
pub fn member<'j>(object: &'j str, name: &str) -> Option<&'j str> {
    let mut document = serde_json::Deserializer::from_str(object);
    document.deserialize_map(MemberOf(name)).ok().flatten()
}

/// The item at a position of a list, as its JSON stands.
#[must_use]
pub fn item(list: &str, index: usize) -> Option<&str> {
    let mut document = serde_json::Deserializer::from_str(list);
    document.deserialize_seq(ItemAt(index)).ok().flatten()
}

struct MemberOf<'n>(&'n str);

impl<'de> Visitor<'de> for MemberOf<'_> {
    type Value = Option<&'de str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            if key == self.0 {
                found = Some(map.next_value::<&RawValue>()?.get());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

struct ItemAt(usize);

impl<'de> Visitor<'de> for ItemAt {
    type Value = Option<&'de str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        let mut index = 0;
        while let Some(item) = list.next_element::<&RawValue>()? {
            if index == self.0 {
                found = Some(item.get());
            }
            index += 1;
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_one_text_form() {
        for (json, want) in [
            (r#""a\/b""#, Ok("a/b")),
            (r#""\u00fc\ud83d\ude00""#, Ok("ü😀")),
            ("null", Ok("")),
            ("true", Ok("true")),
            ("1001", Ok("1001")),
            ("-5", Ok("-5")),
            ("1e3", Ok("1000")),
            ("1e-7", Ok("0.0000001")),
            ("1e21", Ok("1000000000000000000000")),
            ("0.10", Ok("0.1")),
            ("60000000000", Ok("60000000000")),
            ("[1, 2]", Ok("[1, 2]")),
            (r#""\ud83d""#, Err("wrong escape")),
            ("1e999", Err("larger")),
        ] {
            match (text(json), want) {
                (Ok((_, got)), want) => assert_eq!(Ok(got.as_ref()), want, "{json}"),
                (Err(got), Err(want)) => assert!(got.contains(want), "{json}: {got}"),
                (Err(got), Ok(_)) => panic!("{json}: {got}"),
            }
        }
    }

    #[test]
    fn members_and_items_are_found_where_they_stand() {
        let object = r#"{"a": 1, "b": {"c": [1, "x"]}, "a": 2}"#;
        assert_eq!(member(object, "a"), Some("2"));
        assert_eq!(member(object, "b").and_then(|b| member(b, "c")), Some(r#"[1, "x"]"#));
        assert_eq!(member(object, "z"), None);
        assert_eq!(item(r#"[1, "x"]"#, 1), Some("\"x\""));
        assert_eq!(item("[]", 0), None);
    }
}
