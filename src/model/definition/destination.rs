//! A set of prefixes with a name.

use std::sync::Arc;

/// A Destination. Its prefixes are text: `+49` and `0049` are two.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Destination {
    /// Its id: the rows of rating plans share it.
    pub id: Arc<str>,
    /// What numbers of it begin with.
    pub prefixes: Vec<String>,
}
