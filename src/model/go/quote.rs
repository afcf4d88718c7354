//! Quoted text inside errors: Go has two ways, one in `strconv`, one in `time`.

use std::fmt::Write as _;

/// As `strconv.Quote`: what cannot be printed is escaped by its code point.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            c if is_printable(c) => out.push(c),
            c => {
                let code = u32::from(c);
                let _ = match code {
                    0..0x80 => write!(out, "\\x{code:02x}"),
                    0x80..0x1_0000 => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push('"');
    out
}

/// Letters, marks, numbers, punctuation, symbols and the plain blank.
///
/// The standard library knows; it escapes a mark only where it has no letter before it.
fn is_printable(c: char) -> bool {
    let mut pair = String::from("a");
    pair.push(c);
    pair.escape_debug().nth(1) == Some(c) || c == '\''
}

/// As package `time` quotes: whatever is not ASCII is escaped byte by byte.
#[must_use]
pub fn quoted_bytewise(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for byte in text.bytes() {
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b' '..0x80 => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_quoted_in_both_of_gos_ways() {
        for (text, want, bytewise) in [
            ("", r#""""#, r#""""#),
            ("a b", r#""a b""#, r#""a b""#),
            ("a\"\\b", r#""a\"\\b""#, r#""a\"\\b""#),
            ("it's", r#""it's""#, r#""it's""#),
            ("\n\t\u{1}", r#""\n\t\x01""#, r#""\x0a\x09\x01""#),
            ("\u{7}\u{8}\u{b}\u{c}\r", r#""\a\b\v\f\r""#, r#""\x07\x08\x0b\x0c\x0d""#),
            ("\u{7f}", r#""\x7f""#, "\"\u{7f}\""),
            ("é", r#""é""#, r#""\xc3\xa9""#),
            ("e\u{301}", "\"e\u{301}\"", r#""e\xcc\x81""#),
            ("\u{a0}\u{200b}", r#""\u00a0\u200b""#, r#""\xc2\xa0\xe2\x80\x8b""#),
            ("\u{e0001}", r#""\U000e0001""#, r#""\xf3\xa0\x80\x81""#),
        ] {
            assert_eq!(quoted(text), want, "{text:?}");
            assert_eq!(quoted_bytewise(text), bytewise, "{text:?}");
        }
    }
}
