//! Floor 1: one immutable snapshot of everything that decides a route.
//!
//! A table is a tree of shared branches, replaced whole at the top. It is built only by
//! [`build`](builder::build), and knows nothing of clocks, sockets and files.

pub mod builder;
pub mod change;
pub mod failover;
pub mod filter;
pub mod hours;
pub mod input;
pub mod layers;
pub mod profile;
pub mod supplier;
pub mod trie;

use crate::model::event::SlotNames;
use crate::model::number::NumberPlan;
use std::sync::Arc;

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
    /// The profiles.
    pub profiles: Arc<profile::Profiles>,
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
        self.layers.count() == 0 && self.profiles.count() == 0
    }
}
