//! JSON text as Go's `encoding/json` writes it, and what `%v` prints of a value that came as JSON.

use super::number::{Bytes, push_verb_v as push_number, write_json};
use serde_json::Value;
use std::fmt::{self, Write};

/// Appends `text` as a JSON string with its quotes, escaped as Go escapes it: what HTML gives a meaning, too.
pub fn push_string(out: &mut Vec<u8>, text: &str) {
    let _ = write_string(text, &mut Bytes(out));
}

/// Appends the text form of a list or map (section 5.5): what Go prints after it has read it, with sorted keys,
/// the shortest numbers and no blanks.
///
/// What cannot be read (nesting beyond 128 deep, half a surrogate pair) stays as it came.
pub fn push_canonical(raw_json: &str, out: &mut String) {
    match serde_json::from_str::<Value>(raw_json) {
        Ok(value) => {
            let _ = write_value(&value, out);
        }
        Err(_) => out.push_str(raw_json),
    }
}

/// Appends what Go's `%v` prints of the value: `map[a:1 b:x]`, `[a b]`, `<nil>`.
///
/// What cannot be read stays as it came, as in [`push_canonical`].
pub fn push_verb_v(raw_json: &str, out: &mut String) {
    match serde_json::from_str::<Value>(raw_json) {
        Ok(value) => push_value_verb_v(&value, out),
        Err(_) => out.push_str(raw_json),
    }
}

/// Go reads every number as a double.
fn number(number: &serde_json::Number) -> f64 {
    number.as_f64().unwrap_or_default()
}

/// Members come sorted bytewise: the map is ordered, and so is its text in UTF-8.
fn write_value(value: &Value, out: &mut String) -> fmt::Result {
    match value {
        Value::Null => out.write_str("null"),
        Value::Bool(truth) => write!(out, "{truth}"),
        Value::Number(value) => write_json(number(value), out),
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            let mut before = '[';
            for item in items {
                out.write_char(before)?;
                write_value(item, out)?;
                before = ',';
            }
            out.write_str(if before == '[' { "[]" } else { "]" })
        }
        Value::Object(members) => {
            let mut before = '{';
            for (name, member) in members {
                out.write_char(before)?;
                write_string(name, out)?;
                out.write_char(':')?;
                write_value(member, out)?;
                before = ',';
            }
            out.write_str(if before == '{' { "{}" } else { "}" })
        }
    }
}

fn push_value_verb_v(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("<nil>"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(value) => push_number(number(value), out),
        Value::String(text) => out.push_str(text),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { " " } else { "" });
                push_value_verb_v(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push_str("map[");
            for (at, (name, member)) in members.iter().enumerate() {
                out.push_str(if at > 0 { " " } else { "" });
                out.push_str(name);
                out.push(':');
                push_value_verb_v(member, out);
            }
            out.push(']');
        }
    }
}

fn write_string(text: &str, out: &mut impl Write) -> fmt::Result {
    out.write_char('"')?;
    let mut clean = text;
    while let Some(at) = clean.find(is_escaped) {
        let (before, rest) = clean.split_at(at);
        out.write_str(before)?;
        let mut chars = rest.chars();
        match chars.next() {
            Some(c @ ('"' | '\\')) => write!(out, "\\{c}")?,
            Some('\n') => out.write_str("\\n")?,
            Some('\r') => out.write_str("\\r")?,
            Some('\t') => out.write_str("\\t")?,
            Some('\u{8}') => out.write_str("\\b")?,
            Some('\u{c}') => out.write_str("\\f")?,
            Some(c) => write!(out, "\\u{:04x}", u32::from(c))?,
            None => {}
        }
        clean = chars.as_str();
    }
    out.write_str(clean)?;
    out.write_char('"')
}

fn is_escaped(c: char) -> bool {
    matches!(c, '"' | '\\' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_go_escapes_them() {
        for (text, want) in [
            ("", r#""""#),
            ("plain", r#""plain""#),
            ("a\"b\\c/d", r#""a\"b\\c/d""#),
            ("<a>&b", r#""\u003ca\u003e\u0026b""#),
            ("\u{2028}\u{2029}", r#""\u2028\u2029""#),
            ("\u{8}\u{c}\n\r\t", r#""\b\f\n\r\t""#),
            ("\0\u{1f}", r#""\u0000\u001f""#),
            ("\u{7f}ü€😀", "\"\u{7f}ü€😀\""),
        ] {
            let mut out = Vec::new();
            push_string(&mut out, text);
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
    }

    #[test]
    fn lists_and_maps_are_told_as_go_tells_them_after_reading() {
        for (raw, canonical, verb) in [
            ("[ ]", "[]", "[]"),
            ("{ }", "{}", "map[]"),
            ("null", "null", "<nil>"),
            ("[1, 2]", "[1,2]", "[1 2]"),
            (r#"["a", 1.5, null, true]"#, r#"["a",1.5,null,true]"#, "[a 1.5 <nil> true]"),
            (r#"{"b": 1, "a": [1], "B": ""}"#, r#"{"B":"","a":[1],"b":1}"#, "map[B: a:[1] b:1]"),
            (r#"{"a":1,"a":"x"}"#, r#"{"a":"x"}"#, "map[a:x]"),
            ("[1.0, 1e6, 1e21, 1e-7, -0]", "[1,1000000,1e+21,1e-7,-0]", "[1 1e+06 1e+21 1e-07 -0]"),
            ("[123456789012345678]", "[123456789012345680]", "[1.2345678901234568e+17]"),
            ("[18446744073709551616]", "[18446744073709552000]", "[1.8446744073709552e+19]"),
            ("[0.30000000000000004]", "[0.30000000000000004]", "[0.30000000000000004]"),
            (r#"["\u003c\/"]"#, r#"["\u003c/"]"#, "[</]"),
            (r#"{"ü":{"":{}}}"#, r#"{"ü":{"":{}}}"#, "map[ü:map[:map[]]]"),
            ("[broken", "[broken", "[broken"),
        ] {
            let (mut text, mut printed) = (String::new(), String::new());
            push_canonical(raw, &mut text);
            push_verb_v(raw, &mut printed);
            assert_eq!((text.as_str(), printed.as_str()), (canonical, verb), "{raw}");
        }
        let deep = "[".repeat(100_000);
        let mut out = String::new();
        push_canonical(&deep, &mut out);
        assert_eq!(out, deep);
    }
}
