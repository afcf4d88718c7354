//! JSON whose numbers are decimals and whose members keep their order.
//!
//! `serde_json::Value` would round numbers to binary and sort members; both are looked at here.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// A number as it was written; it equals what has the same value.
#[derive(Debug, Clone)]
pub struct Number(pub String);

impl Number {
    /// Sign, digits without zeros around them, and the power of ten of the last of them.
    fn parts(&self) -> (bool, String, i64) {
        let (mantissa, exponent) = match self.0.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().unwrap()),
            None => (self.0.as_str(), 0),
        };
        let (negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(mantissa) => (true, mantissa),
            None => (false, mantissa),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let significant = digits.trim_end_matches('0');
        let cut = (digits.len() - significant.len()) as i64;
        let power = exponent - fraction.len() as i64 + cut;
        match significant.trim_start_matches('0') {
            "" => (false, String::new(), 0),
            digits => (negative, digits.to_owned(), power),
        }
    }

    /// The nearest float.
    pub fn float(&self) -> f64 {
        self.0.parse().unwrap()
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

/// Members in their order.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Deserialize<'t> for Members<'t> {
    fn deserialize<D: Deserializer<'t>>(from: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'t> Visitor<'t> for Each {
            type Value = Members<'t>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(Each)
    }
}

impl Value {
    /// Reads JSON.
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        match text.as_bytes()[0] {
            b'{' => {
                let members: Members = serde_json::from_str(text).unwrap();
                let read = |(name, value): (String, &RawValue)| (name, Self::read(value.get()));
                Self::Object(members.0.into_iter().map(read).collect())
            }
            b'[' => {
                let items: Vec<&RawValue> = serde_json::from_str(text).unwrap();
                Self::List(items.into_iter().map(|item| Self::read(item.get())).collect())
            }
            b'"' => Self::Text(serde_json::from_str(text).unwrap()),
            b't' => Self::Bool(true),
            b'f' => Self::Bool(false),
            b'n' => Self::Null,
            _ => Self::Number(Number(text.to_owned())),
        }
    }

    /// A member of an object.
    pub fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|member| member.0 == name).map(|member| &member.1)
    }

    /// A member that is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.member(name) {
            Some(Self::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The text that the original writes for it: rule by rule section 2.1 of its specification.
    pub fn as_written(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) => out.push_str(&float_as_written(number)),
            Self::Text(text) => write_text(text, out),
            Self::List(items) => {
                for (place, item) in items.iter().enumerate() {
                    out.push(if place == 0 { '[' } else { ',' });
                    item.write(out);
                }
                out.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Self::Object(members) => {
                for (place, (name, value)) in members.iter().enumerate() {
                    out.push(if place == 0 { '{' } else { ',' });
                    write_text(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push_str(if members.is_empty() { "{}" } else { "}" });
            }
        }
    }
}

/// Shortest digits; an exponent below 1e-6 and from 1e21. Whole numbers stand as they are: durations
/// are not floats.
fn float_as_written(number: &Number) -> String {
    if !number.0.contains(['.', 'e', 'E']) {
        return number.0.clone();
    }
    let value = number.float();
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{value:e}");
        return if text.contains("e-") { text } else { text.replace('e', "e+") };
    }
    format!("{value}")
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..'\u{20}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
}

#[test]
fn numbers_are_equal_by_value() {
    let rows = [
        ("7", "7.0", true),
        ("7", "70e-1", true),
        ("1e+21", "1000000000000000000000", true),
        ("0", "-0.0", true),
        ("0.1", "0.10000000000000001", false),
        ("7", "-7", false),
        ("7", "70", false),
        ("1.5e-7", "0.00000015", true),
    ];
    for (one, other, equal) in rows {
        assert_eq!(Value::read(one) == Value::read(other), equal, "{one} {other}");
    }
}

#[test]
fn text_is_written_as_the_original_writes_it() {
    let rows = [
        (r#" { "b" : 1.0 , "a" : [ ] , "c" : { } } "#, r#"{"b":1,"a":[],"c":{}}"#),
        (
            "[1e-7, 1e-6, 1e20, 1e21, 1e16, 12.50]",
            "[1e-7,0.000001,100000000000000000000,1e+21,10000000000000000,12.5]",
        ),
        (
            r#""<a&b> \u00fc \u2028 \u0001 \t\"""#,
            "\"\\u003ca\\u0026b\\u003e ü \\u2028 \\u0001 \\t\\\"\"",
        ),
        ("[null, true, false, -3]", "[null,true,false,-3]"),
    ];
    for (text, written) in rows {
        assert_eq!(Value::read(text).as_written(), written);
    }
}
