//! A set of prefixes with a name.

/// A Destination. Its prefixes are text: `+49` and `0049` are two.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Destination {
    /// Its id.
    pub id: String,
    /// What numbers of it begin with.
    pub prefixes: Vec<String>,
}
