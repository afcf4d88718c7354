//! What one converter hands to the next: a value with its type.

use crate::model::go::{duration, json, number};
use serde::de::IgnoredAny;
use std::borrow::Cow;

/// A value between two converters.
#[derive(Debug, PartialEq)]
pub enum Datum<'v> {
    Text(Cow<'v, str>),
    Int(i64),
    Float(f64),
    /// In nanoseconds.
    Duration(i64),
    /// Its JSON and the number of its members.
    List(Cow<'v, str>, i64),
}

impl<'v> Datum<'v> {
    /// A text that was made.
    pub fn text(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }

    /// The text form (section 5.5).
    pub fn into_text(self) -> Cow<'v, str> {
        let mut text = String::new();
        match self {
            Self::Text(text) => return text,
            Self::Int(whole) => return Cow::Owned(whole.to_string()),
            Self::Float(value) => number::push_plain(value, &mut text),
            Self::Duration(ns) => duration::push_text(ns, &mut text),
            Self::List(list, _) => json::push_canonical(&list, &mut text),
        }
        Cow::Owned(text)
    }

    /// As JSON. A duration is its nanoseconds there, as in every answer of CGRateS.
    pub fn into_json(self) -> String {
        match self {
            Self::Text(text) => {
                let mut quoted = Vec::with_capacity(text.len() + 2);
                json::push_string(&mut quoted, &text);
                String::from_utf8(quoted).unwrap_or_default()
            }
            Self::Duration(ns) => ns.to_string(),
            other => other.into_text().into_owned(),
        }
    }

    /// The number that it is or spells.
    pub fn float(self) -> Result<f64, String> {
        match self {
            Self::Int(whole) | Self::Duration(whole) => Ok(whole as f64),
            Self::Float(value) => Ok(value),
            other => number::parse_float(&other.into_text()),
        }
    }

    /// The whole number that it is or spells.
    pub fn int(self) -> Result<i64, String> {
        match self {
            Self::Int(whole) | Self::Duration(whole) => Ok(whole),
            other => number::parse_int(&other.into_text()),
        }
    }

    /// The duration that it is or spells; a number is nanoseconds.
    pub fn duration_ns(self) -> Result<i64, String> {
        match self {
            Self::Int(whole) | Self::Duration(whole) => Ok(whole),
            Self::Float(value) => Ok(value as i64),
            other => duration::parse(&other.into_text()),
        }
    }

    /// Members of a list, else bytes of the text.
    pub fn len(self) -> i64 {
        match self {
            Self::List(_, members) => members,
            other => i64::try_from(other.into_text().len()).unwrap_or(i64::MAX),
        }
    }

    /// The list that the text spells in JSON.
    pub fn into_list(self) -> Result<Self, String> {
        if let Self::List(..) = self {
            return Ok(self);
        }
        let text = self.into_text();
        let members: Vec<IgnoredAny> =
            serde_json::from_str(&text).map_err(|_| format!("`{text}` is no list"))?;
        let members = i64::try_from(members.len()).unwrap_or(i64::MAX);
        Ok(Self::List(text, members))
    }

    /// The part of the text that `part` leaves.
    pub fn narrowed(self, part: impl Fn(&str) -> &str) -> Self {
        Self::Text(match self.into_text() {
            Cow::Borrowed(text) => Cow::Borrowed(part(text)),
            Cow::Owned(text) => Cow::Owned(part(&text).to_owned()),
        })
    }
}
