//! Floor 1: one immutable snapshot of everything that decides a route.
//!
//! A table is a tree of shared branches, replaced whole at the top. It is built only by
//! [`build`](builder::build), and knows nothing of clocks, sockets and files.

pub mod attribute;
pub mod builder;
pub mod change;
pub mod changed;
pub mod compiler;
pub mod cron;
pub mod destination;
pub mod failover;
pub mod filter;
pub mod hours;
pub mod index;
pub mod input;
pub mod layers;
pub mod objects;
pub mod path;
pub mod posting;
pub mod prices;
pub mod profile;
pub mod rating;
pub mod rsr;
pub mod rules;
pub mod supplier;
pub mod tenant;
pub mod trie;

use crate::model::event::SlotNames;
use crate::model::number::NumberPlan;
use crate::model::query::Party;
use std::sync::Arc;
use supplier::{LiveIndex, SupplierIndex};

/// The snapshot.
#[derive(Debug, Clone)]
pub struct Table {
    /// Which publication it is, from 1.
    pub generation: u64,
    /// A short hash of what it was read from: the same on every node that read the same.
    pub fingerprint: String,
    /// Who carries calls.
    pub suppliers: Arc<supplier::Suppliers>,
    /// The layered routes.
    pub layers: Arc<layers::Layers>,
    /// Profiles, and what they refer to.
    pub objects: Arc<objects::Objects>,
    /// The settings that decide what profiles and filters mean.
    pub rules: Arc<rules::Rules>,
    /// Policies of failover.
    pub failover: Arc<failover::Failover>,
    /// The event's fields that are read.
    pub slots: Arc<SlotNames>,
    /// How numbers are normalised.
    pub numbers: Arc<NumberPlan>,
    /// A target is `all` or the number's country code, nothing else.
    pub exact_targets: bool,
}

impl Table {
    /// Whether nothing could ever be answered from it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.layers.count() == 0 && self.objects.profile_count() == 0
    }

    /// Whom a report means: a declared supplier, or one that a profile's route names.
    #[must_use]
    pub fn party(&self, party: &Party) -> Option<SupplierIndex> {
        self.suppliers.of_party(party).or_else(|| match party {
            Party::Supplier(id) | Party::Carrier(id) => {
                self.objects.offers_undeclared(id).then_some(SupplierIndex::UNDECLARED)
            }
            Party::Unnamed | Party::Set(_) | Party::Gateway(_) => None,
        })
    }

    /// Where the figures of a supplier are kept.
    #[must_use]
    pub fn live_of(&self, supplier: SupplierIndex) -> Option<LiveIndex> {
        if supplier == SupplierIndex::UNDECLARED {
            return Some(self.suppliers.undeclared());
        }
        self.suppliers.get(supplier).map(|supplier| supplier.live)
    }
}
