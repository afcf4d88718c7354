//! What the engine is asked.

use crate::model::event::Event;
use crate::model::number::Number;

/// What the choice depends on, besides the table.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Whose profiles.
    pub tenant: &'a str,
    /// Whose layered rows.
    pub customer: &'a str,
    /// The called number as it was normalised; `None`: there is none, or it is no number.
    pub number: Option<&'a Number>,
    /// What filters read.
    pub event: &'a Event,
    /// The moment that decides activity, validity and hours (Unix nanoseconds).
    pub now_ns: i64,
    /// What breaks ties.
    pub seed: u64,
    /// Profiles that may answer together; 0 counts as 1.
    pub profile_count: usize,
}
