//! Floor 1: what changes between reloads: figures of suppliers, calls in progress, counters.
//!
//! Everything here is atomics in fixed places, written without lock or allocation, and survives a
//! reload by the supplier's id. It knows neither tables nor sockets nor clocks: moments are
//! arguments, in milliseconds of a clock that never steps back.

pub mod calls;
pub mod histogram;
pub mod pairs;
mod slot;
pub mod suppliers;
pub mod totals;

use crate::model::limits::Limits;
use calls::Calls;
use pairs::FailoverPairs;
use suppliers::LiveSuppliers;
use totals::Totals;

/// All live state of one process.
#[derive(Debug)]
pub struct Live {
    /// Figures by supplier.
    pub suppliers: LiveSuppliers,
    /// Calls that were asked for or reported.
    pub calls: Calls,
    /// Who failed over to whom.
    pub pairs: FailoverPairs,
    /// Figures of the process.
    pub totals: Totals,
}

impl Live {
    /// Takes all memory that live state will ever take, but for the figures of new suppliers.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            suppliers: LiveSuppliers::new(limits.suppliers_max),
            calls: Calls::new(limits),
            pairs: FailoverPairs::new(limits.failover_pairs_max),
            totals: Totals::default(),
        }
    }
}
