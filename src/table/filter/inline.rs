//! The text of an inline filter, taken apart: `*TYPE:ELEMENT:VALUE|VALUE`.

use crate::model::definition::{Generation, RuleDefinition};

/// Takes an inline filter apart. The first two colons outside of brackets separate; what stands in
/// `<…>` is one value, whatever is in it.
///
/// # Errors
/// The text lacks a part: `inline parse error for string: <…>`.
pub fn parse(text: &str, generation: Generation) -> Result<RuleDefinition, String> {
    let broken = || format!("inline parse error for string: <{text}>");
    let (kind, rest) = split_colon(text).ok_or_else(broken)?;
    let (element, values) = split_colon(rest).ok_or_else(broken)?;
    let separator = if generation == Generation::V010 { ';' } else { '|' };
    let values = if values.is_empty() { Vec::new() } else { split_values(values, separator) };
    Ok(RuleDefinition { kind: kind.to_owned(), element: element.to_owned(), values: Some(values) })
}

/// Splits at the first colon that stands in no brackets.
fn split_colon(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => return Some((text.get(..at)?, text.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

/// Splits values; a `<` that is closed later protects what stands up to there.
#[must_use]
pub fn split_values(text: &str, separator: char) -> Vec<String> {
    let mut values = Vec::new();
    let mut value = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let closed = if c == '<' { rest.find('>').and_then(|end| rest.get(..=end)) } else { None };
        if let Some(protected) = closed {
            value.push_str(protected);
            rest = rest.get(protected.len()..).unwrap_or_default();
            continue;
        }
        if c == separator {
            values.push(std::mem::take(&mut value));
        } else {
            value.push(c);
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    values.push(value);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inline_filter_has_three_parts() {
        for (text, want) in [
            ("*string:~*req.A:a|b", Some(("*string", "~*req.A", vec!["a", "b"]))),
            ("*exists:~*req.A:", Some(("*exists", "~*req.A", vec![]))),
            ("*string:~*req.A:1007:error", Some(("*string", "~*req.A", vec!["1007:error"]))),
            (
                "*string:~*req.A:~*uhc.<~*req.B;|x>|1001",
                Some(("*string", "~*req.A", vec!["~*uhc.<~*req.B;|x>", "1001"])),
            ),
            ("*rsr:~*req.A:>5|<3", Some(("*rsr", "~*req.A", vec![">5", "<3"]))),
            ("*string:~*req.A", None),
            ("*string:[a:b:c", None),
            ("**", None),
        ] {
            let got = parse(text, Generation::V011).ok();
            let got = got.map(|rule| (rule.kind, rule.element, rule.values.unwrap()));
            let want = want.map(|(kind, element, values)| {
                let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
                (kind.to_owned(), element.to_owned(), values)
            });
            assert_eq!(got, want, "{text}");
        }
        let old = parse("*string:~*req.A:a;b", Generation::V010).unwrap();
        assert_eq!(old.values, Some(vec!["a".to_owned(), "b".to_owned()]));
    }
}
