//! A profile with its routes.

use super::Activation;

/// The generation of CGRateS whose rules hold for something (section 1.1 of the specification).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Generation {
    /// SupplierS: values of inline filters are separated by `;`.
    V010,
    /// RouteS as the development line of 0.11 has it.
    #[default]
    V011,
    /// RouteS with weights and blockers that have filters of their own.
    V100,
}

impl Generation {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::V010, Self::V011, Self::V100];

    /// Its name in settings and in what is stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V010 => "0.10",
            Self::V011 => "0.11",
            Self::V100 => "1.0",
        }
    }

    /// By whose rules the filters of a definition of this generation are read where `served` is in force: one of
    /// 0.10 keeps its own, others follow the settings.
    #[must_use]
    pub fn served_as(self, served: Self) -> Self {
        if self == Self::V011 { served } else { self }
    }

    /// The generation called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|generation| generation.name() == name)
    }
}

/// A RouteProfile (SupplierProfile in 0.10).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RouteProfile {
    /// By whose rules its filters are read.
    pub generation: Generation,
    /// Whose it is.
    pub tenant: String,
    /// Its id.
    pub id: String,
    /// All must pass.
    pub filter_ids: Option<Vec<String>>,
    /// When it is active, by the event's `Time`.
    pub active: Option<Activation>,
    /// How its routes are ordered; not checked when it is set.
    pub sorting: String,
    /// What the strategy needs to know.
    pub sorting_parameters: Option<Vec<String>>,
    /// The routes, in order.
    pub routes: Option<Vec<RouteDefinition>>,
    /// Higher is first.
    pub weight: Weight,
    /// No profile after it is considered.
    pub blocker: Blocker,
}

/// A Route (Supplier in 0.10).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RouteDefinition {
    /// What answers name.
    pub id: String,
    /// All must pass.
    pub filter_ids: Option<Vec<String>>,
    /// Accounts whose balances pay.
    pub account_ids: Option<Vec<String>>,
    /// Rating plans that price it (RateProfileIDs in 1.0).
    pub rating_plan_ids: Option<Vec<String>>,
    /// Resources whose usage it shares.
    pub resource_ids: Option<Vec<String>>,
    /// Statistics that measure it.
    pub stat_ids: Option<Vec<String>>,
    /// Higher is first.
    pub weight: Weight,
    /// The list ends with it.
    pub blocker: Blocker,
    /// SupplierParameters, returned as they are.
    pub parameters: String,
}

/// One value, or in 1.0 a list of which the first whose filters pass counts.
#[derive(Debug, Clone, PartialEq)]
pub enum Conditional<T> {
    /// Always this.
    Fixed(T),
    /// The first whose filters all pass; none: the value's default.
    First(Option<Vec<(Option<Vec<String>>, T)>>),
}

impl<T: Default> Default for Conditional<T> {
    fn default() -> Self {
        Self::Fixed(T::default())
    }
}

/// A weight.
pub type Weight = Conditional<f64>;
/// A blocker.
pub type Blocker = Conditional<bool>;
