//! What was chosen, in memory that is used again for the next question.

use super::fields::Figures;
use super::rating::Scratch;
use crate::model::answer::Rank;
use crate::table::Table;
use crate::table::failover::{PolicyIndex, TablePolicy};
use crate::table::layers::RowIndex;
use crate::table::profile::{ProfileIndex, ProfileRoute};
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
    /// Ranks that were not prepared with the table.
    ranks: Vec<Rank>,
    /// How many of them this question has.
    ranks_used: usize,
    /// Profiles that can match.
    pub(super) candidates: Vec<ProfileIndex>,
    /// Those of them that do, best first.
    pub(super) chosen: Vec<Candidate>,
    /// Memory of prices.
    pub(super) scratch: Scratch,
    /// Routes of the profile in work that passed their filters.
    pub(super) passed: Vec<Passed>,
}

/// Which part of the table answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Source {
    /// None: no profile matched, no row was found.
    #[default]
    Nothing,
    /// Profiles; the first one.
    Profiles(ProfileIndex),
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
    /// Its rank among those of the selection, where it is not the one that was prepared.
    pub rank: Option<u32>,
}

/// A profile that can match.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Which.
    pub index: ProfileIndex,
    /// Its weight.
    pub weight: f64,
    /// Whether its filters were asked, and passed.
    pub is_asked: bool,
}

/// A route that passed its filters.
#[derive(Debug, Clone, Copy)]
pub struct Passed {
    /// Position among the profile's routes.
    pub route: u32,
    /// What is known of it.
    pub figures: Figures,
    /// The list ends with it.
    pub blocks: bool,
}

/// What put a supplier into the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A row of the layered table.
    Row(RowIndex),
    /// A route of a profile, by the positions of both.
    Route {
        /// Which profile.
        profile: ProfileIndex,
        /// Position among the profile's routes.
        route: u32,
    },
    /// The question named it.
    Forced,
}

impl Selection {
    /// The rank of a place that has one of its own.
    #[must_use]
    pub fn rank(&self, place: &Place) -> Option<&Rank> {
        place.rank.and_then(|rank| self.ranks.get(rank as usize))
    }

    /// Writes one more rank, in memory that is used again; gives its number.
    pub(super) fn add_rank(&mut self, write: impl FnOnce(&mut Rank)) -> Option<u32> {
        if self.ranks_used == self.ranks.len() {
            self.ranks.push(Rank::default());
        }
        write(self.ranks.get_mut(self.ranks_used)?);
        self.ranks_used += 1;
        u32::try_from(self.ranks_used - 1).ok()
    }

    /// Empties it for a question to `table`.
    pub fn clear(&mut self, table: &Table) {
        self.source = Source::Nothing;
        self.places.clear();
        self.ranks_used = 0;
        self.own.clear(table.suppliers.count());
        self.growing.clear(table.suppliers.count());
    }
}

impl Place {
    /// The supplier itself: a declared one, else the bare id of the profile's route.
    #[must_use]
    pub fn supplier_in<'t>(&self, table: &'t Table) -> Option<&'t Supplier> {
        match self.origin {
            Origin::Route { .. } => self.route_in(table)?.supplier_in(table),
            Origin::Row(_) | Origin::Forced => table.suppliers.get(self.supplier),
        }
    }

    /// The profile's route that put the supplier here.
    #[must_use]
    pub fn route_in<'t>(&self, table: &'t Table) -> Option<&'t ProfileRoute> {
        match self.origin {
            Origin::Route { profile, route } => {
                table.objects.profile(profile)?.routes.get(route as usize)
            }
            Origin::Row(_) | Origin::Forced => None,
        }
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
