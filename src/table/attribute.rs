//! Attribute profiles, ready to be asked: filters compiled, values bound.

use super::compiler::Compiler;
use super::filter::Operand;
use super::input::Place;
use super::path::{NO_ROOM, Path};
use super::profile::FilterRef;
use super::rsr::{RsrRule, Source};
use crate::model::definition::{self, Generation};
use crate::model::event::{Realm, Slot, SlotNames};
use std::sync::Arc;

/// Changes for the events that its filters pass.
#[derive(Debug, Clone)]
pub struct AttributeProfile {
    /// As it was stated.
    pub definition: Arc<definition::AttributeProfile>,
    /// All must pass.
    pub filters: Vec<FilterRef>,
    /// The changes, in order.
    pub changes: Vec<FieldChange>,
    /// Where a file declares it; `None`: an API stated it.
    pub place: Option<Place>,
}

/// One change.
#[derive(Debug, Clone)]
pub struct FieldChange {
    /// All must pass.
    pub filters: Vec<FilterRef>,
    /// What is changed.
    pub target: Target,
    /// How.
    pub how: How,
    /// Rules whose texts are joined.
    pub value: Vec<Operand>,
}

/// What an attribute changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A field of the event or an option.
    Field(Realm, Slot),
    /// The tenant.
    Tenant,
    /// Nothing that a route depends on.
    Elsewhere,
}

/// How an attribute makes its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// `*constant`: as it is written; `*remove` takes the field away.
    Constant,
    /// `*variable`: the texts of its rules, joined; without any the field stays as it is.
    Variable,
    /// `*composed`: behind what the field has.
    Composed,
    /// `*sum`, `*difference`: of the numbers.
    Arithmetic(Arithmetic),
    /// `*usage_difference`: of two durations.
    UsageDifference,
    /// `*value_exponent`: the first times ten to the power of the second.
    ValueExponent,
    /// No such type.
    Unknown(String),
}

/// What is done with numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// Added.
    Sum,
    /// The others are taken from the first.
    Difference,
    /// Multiplied.
    Multiply,
    /// The first is divided by the others.
    Divide,
}

impl AttributeProfile {
    /// Makes a profile ready.
    ///
    /// # Errors
    /// A value that cannot be read, with the words that CGRateS has for it.
    pub(super) fn compile(
        definition: Arc<definition::AttributeProfile>,
        place: Option<Place>,
        compiler: &mut Compiler<'_>,
    ) -> Result<Self, String> {
        let filters = compiler.filters(definition.filter_ids.as_deref(), Generation::V011);
        let attributes = definition.attributes.as_deref().unwrap_or_default().iter();
        let changes = attributes.map(|attribute| FieldChange::compile(attribute, compiler));
        Ok(Self { filters, changes: changes.collect::<Result<_, _>>()?, place, definition })
    }
}

impl FieldChange {
    fn compile(
        attribute: &definition::Attribute,
        compiler: &mut Compiler<'_>,
    ) -> Result<Self, String> {
        let how = How::named(&attribute.kind);
        let mut value = Vec::new();
        let texts = attribute.value.as_deref().unwrap_or_default();
        if how == How::Constant {
            let source = Source::Constant(texts.concat());
            value.push(Operand { rule: RsrRule::bare(source), path: None });
        }
        for text in texts.iter().filter(|_| how != How::Constant) {
            value.push(operand(text, compiler.slots)?);
        }
        let target = match attribute.path.split_once('.') {
            None if attribute.path == "*tenant" => Target::Tenant,
            Some(("*req", field)) => Target::field(Realm::Event, field, compiler)?,
            Some(("*opts", field)) => Target::field(Realm::Options, field, compiler)?,
            _ => Target::Elsewhere,
        };
        let filters = compiler.filters(attribute.filter_ids.as_deref(), Generation::V011);
        Ok(Self { filters, target, how, value })
    }
}

impl Target {
    fn field(realm: Realm, field: &str, compiler: &mut Compiler<'_>) -> Result<Self, String> {
        let slot = SlotNames::slot_of(compiler.slots, realm, field).ok_or(NO_ROOM)?;
        Ok(Self::Field(realm, slot))
    }
}

/// The types that there are.
const TYPES: [(&str, How); 9] = [
    ("*constant", How::Constant),
    ("*variable", How::Variable),
    ("*composed", How::Composed),
    ("*sum", How::Arithmetic(Arithmetic::Sum)),
    ("*difference", How::Arithmetic(Arithmetic::Difference)),
    ("*multiply", How::Arithmetic(Arithmetic::Multiply)),
    ("*divide", How::Arithmetic(Arithmetic::Divide)),
    ("*usage_difference", How::UsageDifference),
    ("*value_exponent", How::ValueExponent),
];

impl How {
    /// The names of all types.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TYPES.iter().map(|(name, _)| *name)
    }

    fn named(name: &str) -> Self {
        let known = TYPES.into_iter().find(|(known, _)| *known == name);
        known.map_or_else(|| Self::Unknown(name.to_owned()), |(_, how)| how)
    }
}

/// Whether there are changes of this type.
#[must_use]
pub fn is_known(kind: &str) -> bool {
    !matches!(How::named(kind), How::Unknown(_))
}

/// Whether a value can be used by a change of this type.
///
/// # Errors
/// What is wrong with it, with the words that CGRateS has for it.
pub fn check_value(kind: &str, text: &str) -> Result<(), String> {
    match How::named(kind) {
        How::Constant => Ok(()),
        _ => operand(text, &mut Arc::default()).map(|_| ()),
    }
}

fn operand(text: &str, slots: &mut Arc<SlotNames>) -> Result<Operand, String> {
    let rule = RsrRule::parse(text)?;
    let path = match &rule.source {
        Source::Constant(_) => None,
        Source::Path(parts) => Some(Path::bind(parts, slots)?),
    };
    Ok(Operand { rule, path })
}
