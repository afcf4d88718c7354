//! What was chosen, in memory that is used again for the next question.

use crate::table::Table;
use crate::table::failover::{PolicyIndex, TablePolicy};
use crate::table::layers::RowIndex;
use crate::table::supplier::{Supplier, SupplierIndex};

/// The suppliers of an answer, first choice first.
#[derive(Debug, Default)]
pub struct Selection {
    /// Which part of the table answered.
    pub source: Source,
    /// The places, in order.
    pub places: Vec<Place>,
    /// Suppliers of the customer's own list, and of the list that is growing.
    pub(super) own: Marks,
    pub(super) growing: Marks,
    /// Routes of the profile in work that passed their filters.
    pub(super) passed: Vec<u32>,
}

/// Which part of the table answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Source {
    /// None: no profile matched, no row was found.
    #[default]
    Nothing,
    /// Profiles; the first one's position among its tenant's.
    Profiles(u32),
    /// The layered table.
    Layers,
    /// The list that the question names.
    Forced,
}

/// One place of a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Who.
    pub supplier: SupplierIndex,
    /// Where it comes from.
    pub origin: Origin,
}

/// What put a supplier into the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A row of the layered table.
    Row(RowIndex),
    /// A route of a profile, by the positions of both.
    Route {
        /// Position among the tenant's profiles.
        profile: u32,
        /// Position among the profile's routes.
        route: u32,
    },
    /// The question named it.
    Forced,
}

impl Selection {
    /// Empties it for a question to `table`.
    pub fn clear(&mut self, table: &Table) {
        self.source = Source::Nothing;
        self.places.clear();
        self.own.clear(table.suppliers.count());
        self.growing.clear(table.suppliers.count());
    }
}

impl Place {
    /// The supplier itself.
    #[must_use]
    pub fn supplier_in<'t>(&self, table: &'t Table) -> Option<&'t Supplier> {
        table.suppliers.get(self.supplier)
    }

    /// The failover policy of the row that put the supplier here, if it has one.
    #[must_use]
    pub fn row_policy_in(&self, table: &Table) -> Option<PolicyIndex> {
        match self.origin {
            Origin::Row(row) => table.layers.row(row).and_then(|row| row.policy),
            Origin::Route { .. } | Origin::Forced => None,
        }
    }

    /// The failover policy that decides after an attempt at this place: the row's, else the
    /// supplier's, else the default one.
    #[must_use]
    pub fn policy_in<'t>(&self, table: &'t Table) -> &'t TablePolicy {
        let row = self.row_policy_in(table);
        table.failover.policy(row, self.supplier_in(table).and_then(|supplier| supplier.policy))
    }
}

/// A set of suppliers that empties in one step.
#[derive(Debug, Default)]
pub(super) struct Marks {
    turn: u32,
    marked: Vec<u32>,
}

impl Marks {
    fn clear(&mut self, count: usize) {
        self.turn = self.turn.wrapping_add(1);
        if self.turn == 0 {
            self.marked.fill(0);
            self.turn = 1;
        }
        if self.marked.len() < count {
            self.marked.resize(count, 0);
        }
    }

    pub(super) fn has(&self, supplier: SupplierIndex) -> bool {
        self.marked.get(supplier.0 as usize) == Some(&self.turn)
    }

    pub(super) fn add(&mut self, supplier: SupplierIndex) {
        if let Some(mark) = self.marked.get_mut(supplier.0 as usize) {
            *mark = self.turn;
        }
    }
}
