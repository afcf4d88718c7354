//! What compiling a definition needs: names that become slots and indexes, and filters that many
//! profiles write alike.

use super::filter::{Filter, compile_inline};
use super::profile::FilterRef;
use super::rules::Rules;
use super::supplier::Suppliers;
use crate::model::definition::Generation;
use crate::model::event::SlotNames;
use std::collections::HashMap;
use std::sync::Arc;

/// The helper of one build or one change.
pub struct Compiler<'c> {
    /// Fields that get slots.
    pub slots: &'c mut Arc<SlotNames>,
    /// Who carries calls.
    pub suppliers: &'c Suppliers,
    /// The settings that decide what definitions mean.
    pub rules: &'c Rules,
    /// Inline filters that were compiled before: one for all that write the same.
    inline: HashMap<(Generation, String), FilterRef>,
}

impl<'c> Compiler<'c> {
    /// A compiler that has compiled nothing yet.
    pub fn new(slots: &'c mut Arc<SlotNames>, suppliers: &'c Suppliers, rules: &'c Rules) -> Self {
        Self { slots, suppliers, rules, inline: HashMap::new() }
    }

    /// By whose rules a filter is read: a definition of 0.10 keeps its own, others follow the settings.
    #[must_use]
    pub fn generation(&self, of: Generation) -> Generation {
        of.served_as(self.rules.generation)
    }

    /// Compiles the filters of an object.
    pub fn filters(&mut self, ids: Option<&[String]>, generation: Generation) -> Vec<FilterRef> {
        let ids = ids.unwrap_or_default();
        ids.iter().map(|id| self.filter(id, generation)).collect()
    }

    fn filter(&mut self, id: &str, generation: Generation) -> FilterRef {
        if !id.starts_with('*') {
            return FilterRef::Named(id.into());
        }
        let generation = self.generation(generation);
        let key = (generation, id.to_owned());
        if let Some(known) = self.inline.get(&key) {
            return known.clone();
        }
        let compiled = match compile_inline(id, generation, self.slots) {
            Ok(filter) => FilterRef::Inline(Arc::<Filter>::new(filter)),
            Err(fault) => FilterRef::Broken(Arc::new(fault)),
        };
        self.inline.insert(key, compiled.clone());
        compiled
    }
}
