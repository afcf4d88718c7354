//! Where a reload fails, and what it says then.

use crate::config::{Finding, Severity};

/// The stages of a reload, as the metric names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A file is missing, unreadable, too large, or no text.
    Read,
    /// A file is no TOML.
    Syntax,
    /// What the files say is wrong.
    Check,
    /// Too much would vanish.
    Guard,
    /// The table cannot be made.
    Build,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Read, Self::Syntax, Self::Check, Self::Guard, Self::Build];

    /// The label value.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Syntax => "syntax",
            Self::Check => "check",
            Self::Guard => "guard",
            Self::Build => "build",
        }
    }
}

/// Why there is no new table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where it failed.
    pub stage: Stage,
    /// One line that says why.
    pub message: String,
    /// All findings, as `check` prints them.
    pub findings: Vec<Finding>,
}

impl Refusal {
    /// A refusal without a place in a file.
    #[must_use]
    pub fn new(stage: Stage, message: String) -> Self {
        Self { stage, message, findings: Vec::new() }
    }

    /// From findings: the first error is the one line, with how many there are besides.
    #[must_use]
    pub fn of_findings(stage: Stage, findings: Vec<Finding>) -> Self {
        let mut errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let first = errors.next();
        let more = errors.count();
        let mut message = first.map_or_else(String::new, |finding| match finding.help.as_str() {
            "" => format!("{}: {}", finding.place, finding.text),
            help => format!("{}: {} ({help})", finding.place, finding.text),
        });
        if more > 0 {
            message.push_str(&format!("; and {more} more, see `siproute check`"));
        }
        Self { stage, message, findings }
    }
}
