//! Why a message cannot be understood.

use crate::model::answer::Refusal;

/// Why a message is neither a question nor a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No JSON object; a sentence that says where it breaks.
    Malformed(String),
    /// An answer, of ours or of another program like us.
    Reflected,
    /// A wrong field. Id and shape are in the query as far as they could be read.
    Bad(Refusal),
}

/// A name as an error shows it: cut, so that no answer grows with its question.
pub(super) fn shown_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}
