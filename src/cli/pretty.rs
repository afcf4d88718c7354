//! JSON for people: members keep their order, what fits on a line stays on one.
//!
//! Text is laid out again, not parsed: what is no JSON passes as it is.

use serde_json::value::RawValue;

/// Columns of a line at most, where the layout can help it.
const WIDTH: usize = 100;
const INDENT: usize = 2;

/// Lays a JSON document out; any other text is returned as it is.
pub(super) fn json(text: &str) -> String {
    if !text.starts_with(['{', '[']) || serde_json::from_str::<&RawValue>(text).is_err() {
        return text.to_owned();
    }
    let tokens = tokens(text);
    let mut out = String::with_capacity(text.len() * 2);
    lay_out(&mut tokens.iter().copied().peekable(), 0, &mut out);
    out
}

/// Punctuation, strings and other scalars, without the blanks between them.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '{' | '}' | '[' | ']' | ',' | ':' => 1,
            '"' => string_len(rest),
            _ => rest.find([',', ':', '}', ']', ' ', '\n', '\r', '\t']).unwrap_or(rest.len()),
        };
        let (token, tail) = rest.split_at(len);
        tokens.push(token);
        rest = tail.trim_start();
    }
    tokens
}

/// Length of the string that the text begins with, both quotes included.
fn string_len(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

type Tokens<'t> = std::iter::Peekable<std::iter::Copied<std::slice::Iter<'t, &'t str>>>;

/// Writes the next value, which begins at column `indent` or behind its name.
fn lay_out(tokens: &mut Tokens<'_>, indent: usize, out: &mut String) {
    let line_start = out.rfind('\n').map_or(0, |end| end + 1);
    let column = out.len() - line_start;
    if let Some((line, taken)) = one_line(tokens.clone(), WIDTH.saturating_sub(column)) {
        out.push_str(&line);
        tokens.by_ref().take(taken).for_each(drop);
        return;
    }
    let Some(open) = tokens.next() else { return };
    out.push_str(open);
    if !matches!(open, "{" | "[") {
        return;
    }
    let inner = indent + INDENT;
    loop {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', inner));
        lay_out(tokens, inner, out);
        if tokens.next_if(|token| *token == ":").is_some() {
            out.push_str(": ");
            lay_out(tokens, inner, out);
        }
        match tokens.next() {
            Some(",") => out.push(','),
            close => {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent));
                out.push_str(close.unwrap_or_default());
                return;
            }
        }
    }
}

/// The next value on one line and its number of tokens, if it has `room`.
fn one_line(tokens: Tokens<'_>, room: usize) -> Option<(String, usize)> {
    let mut line = String::new();
    let mut depth = 0_usize;
    for (index, token) in tokens.enumerate() {
        match token {
            "{" | "[" => depth += 1,
            "}" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        line.push_str(token);
        if depth == 0 {
            return (line.len() <= room).then_some((line, index + 1));
        }
        if matches!(token, "," | ":") {
            line.push(' ');
        }
        if line.len() > room {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_on_a_line_and_members_keep_their_order() {
        let long = "x".repeat(94);
        for (text, want) in [
            (r#"{"z":1,"a":[1,2,{}]}"#, r#"{"z": 1, "a": [1, 2, {}]}"#.to_owned()),
            (r#"{"a":"\",:{"}"#, r#"{"a": "\",:{"}"#.to_owned()),
            ("{}", "{}".to_owned()),
            ("ok px1 10,12", "ok px1 10,12".to_owned()),
            ("{no json", "{no json".to_owned()),
            ("", String::new()),
            (
                &format!(r#"{{"b":"{long}","a":[{{"c":1}}]}}"#),
                format!("{{\n  \"b\": \"{long}\",\n  \"a\": [{{\"c\": 1}}]\n}}"),
            ),
            (
                &format!(r#"["{long}",["{long}",1]]"#),
                format!("[\n  \"{long}\",\n  [\n    \"{long}\",\n    1\n  ]\n]"),
            ),
        ] {
            assert_eq!(json(text), want);
        }
    }
}
