//! Changes that AttributeS makes to an event before routes are chosen.

use super::Activation;

/// Changes for the events that its filters pass (AttributeProfile).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AttributeProfile {
    /// Whose it is.
    pub tenant: String,
    /// Its id.
    pub id: String,
    /// For which contexts: `*routes`, `*any`.
    pub contexts: Option<Vec<String>>,
    /// All must pass.
    pub filter_ids: Option<Vec<String>>,
    /// When it is active.
    pub active: Option<Activation>,
    /// The changes, in order.
    pub attributes: Option<Vec<Attribute>>,
    /// No profile after it changes the event.
    pub blocker: bool,
    /// Higher is first.
    pub weight: f64,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attribute {
    /// All must pass.
    pub filter_ids: Option<Vec<String>>,
    /// What is changed: `*req.Account`, `*opts.*rouLimit`, `*tenant`.
    pub path: String,
    /// How: `*constant`, `*variable`, `*composed`, …
    pub kind: String,
    /// RSR rules (`{"Rules": …}` each), joined.
    pub value: Option<Vec<String>>,
}
