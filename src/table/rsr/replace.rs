//! Search and replace in rules: `:s/^\+43(\d+)$/0${1}/`.
//!
//! Where the pattern is found, the whole text becomes the template with the groups in it; else the text
//! stays. The template is read once, with the rule.

use super::regexp::{self, Names};
use regex::Regex;
use std::borrow::Cow;

/// Bytes that a rule may make of a text: eight groups seven times over would be two million times as many.
const MADE_MAX: usize = 65_536;

/// One search and what its match makes of a text.
#[derive(Debug, Clone)]
pub(super) struct Replace {
    search: Regex,
    template: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// The first of these groups that took part in the match; none is no text.
    Groups(Vec<usize>),
}

impl Replace {
    pub fn new(search: &str, template: &str) -> Result<Self, String> {
        let (search, names) = regexp::compile_named(search)?;
        Ok(Self { search, template: pieces(template, &names) })
    }

    /// What `text` becomes; it stays the text that it is where nothing is found.
    ///
    /// # Errors
    /// It would be longer than a rule may make a text.
    pub fn apply<'v>(&self, text: Cow<'v, str>) -> Result<Cow<'v, str>, String> {
        let Some(found) = self.search.captures(&text) else { return Ok(text) };
        let mut out = String::new();
        for piece in &self.template {
            match piece {
                Piece::Text(plain) => out.push_str(plain),
                Piece::Groups(groups) => {
                    let group = groups.iter().find_map(|number| found.get(*number));
                    out.push_str(group.map_or("", |group| group.as_str()));
                }
            }
            if out.len() > MADE_MAX {
                return Err(format!("a rule makes a text of more than {MADE_MAX} bytes"));
            }
        }
        Ok(Cow::Owned(out))
    }
}

/// Reads a template of Go: `${1}`, `$1`, `${name}`, `$$`; a dollar sign before anything else is itself.
fn pieces(template: &str, names: &Names) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            text.push('$');
            rest = after;
        } else if let Some((name, after)) = reference(after) {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
            pieces.push(Piece::Groups(groups(name, names)));
            rest = after;
        } else {
            text.push('$');
            rest = after;
        }
    }
    text.push_str(rest);
    pieces.push(Piece::Text(text));
    pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
    pieces
}

/// The name behind a dollar sign, and what stands behind it.
fn reference(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('{');
    let from = inner.unwrap_or(text);
    let end = from.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(from.len());
    let (name, rest) = from.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
    let rest = if inner.is_some() { rest.strip_prefix('}')? } else { rest };
    Some((name, rest))
}

/// The groups that a name may stand for; a number without a leading zero is the group's own.
fn groups(name: &str, names: &Names) -> Vec<usize> {
    let is_number = name == "0" || !name.starts_with('0');
    match name.parse::<usize>() {
        Ok(number) if is_number => vec![number],
        _ => names.iter().filter(|(other, _)| other == name).map(|(_, number)| *number).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_text_becomes_the_template_where_the_search_matches() {
        let rows = [
            (r"^\+43(\d+)$", "0${1}", "+4367612", "067612"),
            (r"^\+49(\d+)$", "0${1}", "+4367612", "+4367612"),
            ("acme", "x", "an acme-17", "x"),
            (r"(acme)-(\d+)", "${2}-${1}", "x acme-17 y", "17-acme"),
            (r"(a)(b)?", "[$2$1$0$9]", "ab ac", "[baab]"),
            (r"(a)(b)?", "[$2$1]", "ac", "[a]"),
            ("a", "$$1 $ ${ ${x $- ${}", "a", "$1 $ ${ ${x $- ${}"),
            ("(a)", "$1x|${1}x|$01", "a", "|ax|"),
            ("(?P<n>a)|(?P<n>b)", "<$n>", "b", "<b>"),
            ("x*", "y", "", "y"),
        ];
        for (search, template, text, becomes) in rows {
            let replace = Replace::new(search, template).unwrap();
            assert_eq!(
                replace.apply(Cow::Borrowed(text)).unwrap(),
                becomes,
                "{search} {template} {text}"
            );
        }
    }

    #[test]
    fn what_would_grow_without_end_is_refused() {
        let replace = Replace::new("(.*)", &"$1".repeat(8)).unwrap();
        let grown = |bytes: usize| replace.apply(Cow::Owned("x".repeat(bytes))).map(|it| it.len());
        assert_eq!(grown(MADE_MAX / 8), Ok(MADE_MAX));
        assert!(grown(MADE_MAX / 8 + 1).is_err());
    }
}
