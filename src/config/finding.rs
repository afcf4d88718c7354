//! What a check found: where, what is wrong, how to mend it.
//!
//! Invariant: place, text and help are written as single lines without control characters, whatever
//! the file held and is called, so that it cannot write to a terminal or forge a second finding. No reading of files here.

use serde_json::{Value, json};
use std::fmt;
use std::sync::Arc;

/// Characters of one text or help; a longer one is cut.
const TEXT_MAX: usize = 600;
/// Characters of a file's name as it is written; the longest path that Linux knows has no more.
const FILE_MAX: usize = 4096;

/// Whether a finding keeps the files from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is served from these files.
    Error,
    /// Legal, and probably not what was meant.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A place in a file, as compilers write it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The file as the user named it.
    pub file: Arc<str>,
    /// Line from 1; 0 is the file as a whole.
    pub line: u32,
    /// Column from 1, in characters; 0 with line 0.
    pub column: u32,
}

impl Position {
    /// The file as a whole.
    #[must_use]
    pub fn whole(file: &str) -> Self {
        Self { file: file.into(), line: 0, column: 0 }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = one_line(&self.file, FILE_MAX);
        match self.line {
            0 => f.write_str(&file),
            line => write!(f, "{file}:{line}:{}", self.column),
        }
    }
}

/// One mistake or doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether it keeps the files from being used.
    pub severity: Severity,
    /// Where it is.
    pub place: Position,
    /// What is wrong.
    pub text: String,
    /// How to mend it; empty where the text says all.
    pub help: String,
}

impl Finding {
    /// A finding with its text and help made safe to print.
    #[must_use]
    pub fn new(severity: Severity, place: Position, text: &str, help: &str) -> Self {
        Self { severity, place, text: one_line(text, TEXT_MAX), help: one_line(help, TEXT_MAX) }
    }

    /// An error.
    #[must_use]
    pub fn error(place: Position, text: &str, help: &str) -> Self {
        Self::new(Severity::Error, place, text, help)
    }

    /// For a log: the same, its help behind it in the same line.
    #[must_use]
    pub fn in_a_line(&self) -> String {
        self.to_string().replace("\n  help: ", "; ")
    }

    /// For machines: `severity`, `file`, `line`, `column` (absent for a whole file), `text`, `help`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut value = json!({
            "severity": self.severity.as_str(),
            "file": &*self.place.file,
            "text": self.text,
            "help": self.help,
        });
        if let (Some(object), 1..) = (value.as_object_mut(), self.place.line) {
            object.insert("line".into(), self.place.line.into());
            object.insert("column".into(), self.place.column.into());
        }
        value
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.place, self.severity.as_str(), self.text)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, "\n  help: {}", self.help) }
    }
}

/// Whether any of them is an error.
#[must_use]
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// Sorts by file, line, column; errors before warnings in one place.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| (&a.place, a.severity, &a.text).cmp(&(&b.place, b.severity, &b.text)));
}

/// A text of the file as messages quote it: escaped, and cut where it is long.
pub(super) fn shown(text: &str) -> String {
    format!("`{}`", one_line(text, 60))
}

/// Without control characters and without what turns the direction of a line; cut after `max`
/// characters.
fn one_line(text: &str, max: usize) -> String {
    let mut line = String::with_capacity(text.len().min(max));
    for (count, c) in text.chars().enumerate() {
        if count == max {
            line.push('…');
            break;
        }
        let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || turns {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_written_as_compilers_write_it() {
        let place = Position { file: "conf/routes.toml".into(), line: 3, column: 7 };
        let finding = Finding::error(place, "unknown key `suplier`", "did you mean `supplier`?");
        assert_eq!(
            finding.to_string(),
            "conf/routes.toml:3:7: error: unknown key `suplier`\n  help: did you mean `supplier`?"
        );
        assert_eq!(finding.to_json()["line"], 3);
        let whole = Finding::error(Position::whole("a.toml"), "no such file", "");
        assert_eq!(whole.to_string(), "a.toml: error: no such file");
        assert!(whole.to_json().get("line").is_none());
    }

    #[test]
    fn a_file_cannot_write_to_the_terminal() {
        let finding = Finding::error(Position::whole("a"), "x\u{1b}[2J\ny\u{202e}", "");
        assert_eq!(finding.text, "x\\u{1b}[2J\\ny\\u{202e}");
        let place = Position { file: "a\u{1b}[2J\nb\u{202e}.toml".into(), line: 1, column: 2 };
        assert_eq!(place.to_string(), "a\\u{1b}[2J\\nb\\u{202e}.toml:1:2");
        let whole = Position::whole("a\r.toml");
        assert_eq!(whole.to_string(), "a\\r.toml");
        assert_eq!(shown(&"a".repeat(100)).chars().count(), 63);
    }
}
