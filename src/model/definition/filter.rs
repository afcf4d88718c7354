//! A named filter.

use super::Activation;

/// A filter with an id, for profiles and routes to refer to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilterDefinition {
    /// Whose it is.
    pub tenant: String,
    /// Its id.
    pub id: String,
    /// All must pass.
    pub rules: Option<Vec<RuleDefinition>>,
    /// When it is active; outside of it it is passed over.
    pub active: Option<Activation>,
}

/// One rule of a filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleDefinition {
    /// `*string`, `*notprefix`, …; not checked when it is set.
    pub kind: String,
    /// What is tested: a constant, or a path such as `~*req.Account`.
    pub element: String,
    /// Any of these.
    pub values: Option<Vec<String>>,
}
