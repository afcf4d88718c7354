//! Rust source as the rules read it: tokens with their lines.
//!
//! Comments and the contents of literals are no tokens, so that a word in a sentence is never taken
//! for code. This is a lexer of what the rules ask for, not a parser of Rust.

use std::collections::BTreeSet;
use std::path::Path;

/// An identifier or number, `::`, `""` for any literal text, or one character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// From 1.
    pub line: usize,
    pub text: String,
}

/// A path such as `crate::model::digits`, groups of a `use` expanded.
#[derive(Debug)]
pub struct Named {
    /// Index of its first token.
    pub at: usize,
    pub line: usize,
    pub segments: Vec<String>,
}

impl Named {
    pub fn text(&self) -> String {
        self.segments.join("::")
    }
}

/// One file.
pub struct Source {
    /// From the project's root: `src/table/filter.rs`.
    pub path: String,
    pub text: String,
    pub tokens: Vec<Token>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), tokens: lex(text) }
    }

    /// Every `.rs` file below `folder`, in order of path.
    pub fn walk(root: &Path, folder: &str) -> Vec<Self> {
        let mut sources = Vec::new();
        let mut open = vec![root.join(folder)];
        while let Some(folder) = open.pop() {
            let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{folder:?}: {e}"));
            for entry in entries {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let name = path.strip_prefix(root).unwrap().to_str().unwrap();
                    sources.push(Self::new(name, &text));
                }
            }
        }
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        sources
    }

    /// The tokens without items marked `#[cfg(test)]`.
    pub fn shipped(&self) -> Vec<Token> {
        let mut kept = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            if let Some(after) = test_attribute(&self.tokens, at) {
                at = item_end(&self.tokens, after);
            } else {
                kept.push(self.tokens[at].clone());
                at += 1;
            }
        }
        kept
    }

    /// Files that this one declares as `#[cfg(test)] mod NAME;`.
    pub fn test_files(&self) -> BTreeSet<String> {
        let (parent, name) = self.path.rsplit_once('/').unwrap();
        let folder = match name {
            "mod.rs" | "lib.rs" | "main.rs" => parent.to_owned(),
            _ => format!("{parent}/{}", name.trim_end_matches(".rs")),
        };
        (0..self.tokens.len())
            .filter_map(|at| test_attribute(&self.tokens, at))
            .filter(|after| is(&self.tokens, *after, "mod") && is(&self.tokens, after + 2, ";"))
            .flat_map(|after| {
                let name = &self.tokens[after + 1].text;
                [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")]
            })
            .collect()
    }

    /// Every path that is named, in a `use` or in place.
    pub fn named(&self) -> Vec<Named> {
        named(&self.tokens)
    }

    /// How many `mod NAME { … }` blocks enclose the token at `at`.
    pub fn nesting(&self, at: usize) -> usize {
        (0..at)
            .filter(|start| is(&self.tokens, *start, "mod") && is(&self.tokens, start + 2, "{"))
            .filter(|start| block_end(&self.tokens, start + 2) > at)
            .count()
    }
}

/// Every path that `tokens` name; groups of a `use` are expanded.
pub fn named(tokens: &[Token]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let follows_path = at > 0 && tokens[at - 1].text == "::";
        let begins = is(tokens, at + 1, "::") || (at > 0 && tokens[at - 1].text == "use");
        if is_word(&tokens[at].text) && begins && !follows_path {
            at = tree(tokens, at, at, &[], &mut found).max(at + 1);
        } else {
            at += 1;
        }
    }
    found
}

pub fn is(tokens: &[Token], at: usize, text: &str) -> bool {
    tokens.get(at).is_some_and(|token| token.text == text)
}

/// Whether `pattern` stands at `at`, token by token.
pub fn stands(tokens: &[Token], at: usize, pattern: &[&str]) -> bool {
    pattern.iter().enumerate().all(|(offset, text)| is(tokens, at + offset, text))
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The index after `#[cfg(test)]` or another `cfg` that asks for `test`, if one stands at `at`.
fn test_attribute(tokens: &[Token], at: usize) -> Option<usize> {
    if !stands(tokens, at, &["#", "[", "cfg", "("]) {
        return None;
    }
    let end = (at..tokens.len()).find(|i| is(tokens, *i, "]"))?;
    let inside = |word| tokens[at..end].iter().any(|token| token.text == word);
    (inside("test") && !inside("not")).then_some(end + 1)
}

/// The index after the item that begins at `at`, its further attributes included.
fn item_end(tokens: &[Token], at: usize) -> usize {
    let mut depth = 0_usize;
    for index in at..tokens.len() {
        match tokens[index].text.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            ";" if depth == 0 => return index + 1,
            "{" if depth == 0 => return block_end(tokens, index),
            _ => {}
        }
    }
    tokens.len()
}

/// The index after the block whose `{` stands at `open`.
fn block_end(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" if depth <= 1 => return index + 1,
            "}" => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Reads one branch of a path or of a `use` tree; returns the index after it.
fn tree(
    tokens: &[Token],
    start: usize,
    mut at: usize,
    prefix: &[String],
    found: &mut Vec<Named>,
) -> usize {
    let Some(token) = tokens.get(at) else { return at };
    let with = |last: &str| [prefix, &[last.to_owned()]].concat();
    let line = token.line;
    match token.text.as_str() {
        "{" => {
            at += 1;
            while at < tokens.len() && !is(tokens, at, "}") {
                let after = tree(tokens, start, at, prefix, found);
                at = after + usize::from(is(tokens, after, ","));
            }
            at + 1
        }
        word if is_word(word) && is(tokens, at + 1, "::") && !is(tokens, at + 2, "<") => {
            tree(tokens, start, at + 2, &with(word), found)
        }
        word if is_word(word) || word == "*" => {
            found.push(Named { at: start, line, segments: with(word) });
            at + if is(tokens, at + 1, "as") { 3 } else { 1 }
        }
        _ => at + 1,
    }
}

/// Cuts `text` into tokens.
fn lex(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let (end, token) = next(&chars, at);
        if let Some(text) = token {
            tokens.push(Token { line, text });
        }
        line += chars[at..end].iter().filter(|c| **c == '\n').count();
        at = end;
    }
    tokens
}

/// The end of what begins at `at`, and its token if it makes one.
fn next(chars: &[char], at: usize) -> (usize, Option<String>) {
    let peek = |offset: usize| chars.get(at + offset).copied().unwrap_or('\0');
    let until = |from: usize, stop: &dyn Fn(usize) -> bool| {
        (from..chars.len()).find(|i| stop(*i)).unwrap_or(chars.len())
    };
    match (chars[at], peek(1)) {
        ('/', '/') => (until(at, &|i| chars[i] == '\n'), None),
        ('/', '*') => (block_comment_end(chars, at), None),
        ('"', _) => (quoted_end(chars, at + 1, '"'), Some("\"\"".into())),
        ('\'', '\\') => (quoted_end(chars, at + 1, '\''), Some("\"\"".into())),
        ('\'', _) if peek(2) == '\'' => (at + 3, Some("\"\"".into())),
        // A lifetime.
        ('\'', _) => (until(at + 1, &|i| !chars[i].is_alphanumeric() && chars[i] != '_'), None),
        (':', ':') => (at + 2, Some("::".into())),
        (c, _) if c.is_alphanumeric() || c == '_' => {
            let end = until(at, &|i| !chars[i].is_alphanumeric() && chars[i] != '_');
            let word: String = chars[at..end].iter().collect();
            let hashes = chars[end..].iter().take_while(|c| **c == '#').count();
            let quote = chars.get(end + hashes) == Some(&'"');
            match word.as_str() {
                "r" | "br" | "cr" if quote => {
                    let close: Vec<char> = std::iter::once('"').chain(vec!['#'; hashes]).collect();
                    let body = end + hashes + 1;
                    let stop = until(body, &|i| chars[i..].starts_with(&close));
                    ((stop + close.len()).min(chars.len()), Some("\"\"".into()))
                }
                _ => (end, Some(word)),
            }
        }
        (c, _) if c.is_whitespace() => (at + 1, None),
        (c, _) => (at + 1, Some(c.to_string())),
    }
}

fn quoted_end(chars: &[char], from: usize, quote: char) -> usize {
    let mut at = from;
    while at < chars.len() && chars[at] != quote {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// Block comments nest.
fn block_comment_end(chars: &[char], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) if depth == 1 => return at + 2,
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    chars.len()
}
