//! Where a value of a filter comes from: a path such as `~*req.Cust.Addr[0].Zip`, bound to a slot.
//!
//! Section 5.4 of the CGRateS specification. What a path finds is looked for in `engine/fields.rs`; a
//! path that is put together from what the event says (`~*req.<~*req.Name>`) is bound there, too.

use super::rsr::{Part, RsrRule};
use crate::model::event::{Realm, Slot, SlotNames};
use std::sync::Arc;

/// Why no more fields are read. Names of fields are kept until the next reload.
pub(super) const NO_ROOM: &str = "the filters read more fields than there is room for; a reload gives back the room \
                                  of those that were taken away";

/// A bound path.
#[derive(Debug, Clone)]
pub enum Path {
    /// A field of the event or of the options, and what lies within it.
    Field {
        /// Which object it belongs to.
        realm: Realm,
        /// Its name.
        name: String,
        /// Where the event keeps it.
        slot: Slot,
        /// What stands in brackets behind its name.
        index: Option<String>,
        /// The way from there.
        steps: Vec<Step>,
    },
    /// An object of the request as a whole: `~*req`.
    Whole(Realm),
    /// A figure of the route in work: `~*vars.Weight`.
    Route(String),
    /// All figures of the route in work: `~*vars`.
    WholeRoute,
    /// Something of an account as `GetAccount` tells it: `~*accounts.1001.BalanceMap.*monetary[0].Value`.
    Account {
        /// The account of the question's tenant.
        id: String,
        /// The way from there.
        steps: Vec<Step>,
    },
    /// Nothing that there is: it is missing in every event.
    Nowhere,
    /// A text that is no path; why.
    Invalid(String),
    /// Put together from what the event says.
    Spliced(Vec<Part>),
}

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The member.
    pub name: String,
    /// What stands in brackets behind it: a position, or the name of a member.
    pub index: Option<String>,
}

impl Step {
    fn parse(segment: &str) -> Self {
        let bracket = segment.strip_suffix(']').and_then(|open| open.split_once('['));
        match bracket {
            Some((name, index)) => Self { name: name.to_owned(), index: Some(index.to_owned()) },
            None => Self { name: segment.to_owned(), index: None },
        }
    }
}

impl Path {
    /// Binds what stands behind the `~` of a rule; fields that are new get a slot.
    ///
    /// # Errors
    /// There is no slot left.
    pub fn bind(parts: &[Part], slots: &mut Arc<SlotNames>) -> Result<Self, String> {
        let text = match parts {
            [] => "",
            [Part::Text(text)] => text.as_str(),
            _ => {
                SlotNames::keep_whole(slots);
                bind_nested(parts, slots)?;
                return Ok(Self::Spliced(parts.to_vec()));
            }
        };
        let mut is_full = false;
        let path = Self::read(text, |realm, name| {
            let slot = SlotNames::slot_of(slots, realm, name);
            is_full |= slot.is_none();
            slot.unwrap_or(Slot::UNKNOWN)
        });
        if is_full {
            return Err(NO_ROOM.to_owned());
        }
        if matches!(path, Self::Whole(_)) {
            SlotNames::keep_whole(slots);
        }
        Ok(path)
    }

    /// Reads a path; `slot_of` finds the slot of a field.
    #[must_use]
    pub fn read(text: &str, slot_of: impl FnOnce(Realm, &str) -> Slot) -> Self {
        let mut segments = text.split('.');
        let realm = match segments.next() {
            Some("*req") => Realm::Event,
            Some("*opts") => Realm::Options,
            Some("*vars") => {
                let name = segments.collect::<Vec<_>>().join(".");
                return if name.is_empty() { Self::WholeRoute } else { Self::Route(name) };
            }
            Some("*accounts") => {
                let Some(id) = segments.next() else { return Self::Nowhere };
                return Self::Account {
                    id: id.to_owned(),
                    steps: segments.map(Step::parse).collect(),
                };
            }
            None | Some("") => return Self::Nowhere,
            Some(prefix) if prefix.starts_with('*') => return Self::Nowhere,
            Some(_) => {
                let names = text.split('.').collect::<Vec<_>>().join(" ");
                return Self::Invalid(format!("invalid fieldname <[{names}]>"));
            }
        };
        let Some(first) = segments.next() else { return Self::Whole(realm) };
        let Step { name, index } = Step::parse(first);
        let slot = slot_of(realm, &name);
        Self::Field { realm, name, slot, index, steps: segments.map(Step::parse).collect() }
    }

    /// The slot, where the path is a field and nothing but a field.
    #[must_use]
    pub fn plain(&self) -> Option<(Realm, Slot)> {
        match self {
            Self::Field { realm, slot, index: None, steps, .. } if steps.is_empty() => {
                Some((*realm, *slot))
            }
            _ => None,
        }
    }

    /// Whether looking for it can end in an error rather than in a value or in none.
    #[must_use]
    pub fn can_fail(&self) -> bool {
        match self {
            Self::Field { index, steps, .. } => index.is_some() || !steps.is_empty(),
            Self::Invalid(_) | Self::Spliced(_) => true,
            Self::Whole(_)
            | Self::Route(_)
            | Self::WholeRoute
            | Self::Account { .. }
            | Self::Nowhere => false,
        }
    }
}

/// Gives slots to the fields that are read within a path that is put together.
fn bind_nested(parts: &[Part], slots: &mut Arc<SlotNames>) -> Result<(), String> {
    use super::rsr::Source;
    let nested = parts.iter().filter_map(|part| match part {
        Part::Nested(rules) => Some(rules),
        Part::Text(_) => None,
    });
    for rule in nested.flatten() {
        let RsrRule { source, .. } = rule;
        if let Source::Path(parts) = source {
            Path::bind(parts, slots)?;
        }
    }
    Ok(())
}
