//! What is stated of routing in CGRateS' terms: profiles, filters, attributes, destinations, timings; and
//! of what calls cost: rating plans and profiles, accounts.
//!
//! A definition is plain data, as a table file, a tariff-plan folder or an API states it, with the
//! difference between an empty list and none kept, so that it is told again as it was stated (sections 1,
//! 5.1 and 7.1 of the CGRateS specification). What the engine runs is compiled from it in `table/`.

mod account;
mod activation;
mod attribute;
mod deck;
mod destination;
mod filter;
mod profile;
mod rating;
mod timing;

pub use account::{AccountEdit, BalanceEdit};
pub use activation::{Activation, Stamp};
pub use attribute::{Attribute, AttributeProfile};
pub use deck::{Arithmetic, Compare, Deck, DeckRate, Increment, MaxCostStrategy, Terms};
pub use destination::Destination;
pub use filter::{FilterDefinition, RuleDefinition};
pub use profile::{Blocker, Conditional, Generation, RouteDefinition, RouteProfile, Weight};
pub use rating::{
    Account, Balance, BalanceKind, PlanActivation, PlanRow, Rate, RateSlot, RatingPlan,
    RatingProfile,
};
pub use timing::Timing;

use std::sync::Arc;

/// What can be defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A named filter.
    Filter,
    /// A set of prefixes with a name.
    Destination,
    /// A recurring time with a name.
    Timing,
    /// Prices of destinations.
    RatingPlan,
    /// Which rating plan rates whose calls.
    RatingProfile,
    /// Balances that pay for calls.
    Account,
    /// Changes to an event, made before routes are chosen.
    Attribute,
    /// Routes for the events that its filters pass.
    Profile,
}

impl Kind {
    /// All of them; what others refer to comes first.
    pub const ALL: [Self; 8] = [
        Self::Filter,
        Self::Destination,
        Self::Timing,
        Self::RatingPlan,
        Self::RatingProfile,
        Self::Account,
        Self::Attribute,
        Self::Profile,
    ];

    /// Its name in table files and in the state database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::Destination => "destination",
            Self::Timing => "timing",
            Self::RatingPlan => "rating_plan",
            Self::RatingProfile => "rating_profile",
            Self::Account => "account",
            Self::Attribute => "attribute",
            Self::Profile => "profile",
        }
    }

    /// Whether tenants have their own.
    #[must_use]
    pub fn has_tenant(self) -> bool {
        !matches!(self, Self::Destination | Self::Timing | Self::RatingPlan)
    }

    /// The kind called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a definition is known by. The tenant of what has none is empty; the
/// id of a rating profile is `CATEGORY:SUBJECT`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// What it is.
    pub kind: Kind,
    /// Whose it is.
    pub tenant: String,
    /// Its id.
    pub id: String,
}

impl std::fmt::Display for Key {
    /// As CGRateS names it: `TENANT:ID`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.tenant.is_empty() {
            f.write_str(&self.id)
        } else {
            write!(f, "{}:{}", self.tenant, self.id)
        }
    }
}

/// One definition.
#[derive(Debug, Clone, PartialEq)]
pub enum Definition {
    /// A named filter.
    Filter(FilterDefinition),
    /// A set of prefixes with a name.
    Destination(Destination),
    /// A recurring time with a name.
    Timing(Timing),
    /// Prices of destinations; shared, since they may be a million.
    RatingPlan(Arc<RatingPlan>),
    /// Which rating plan rates whose calls.
    RatingProfile(RatingProfile),
    /// Balances that pay for calls.
    Account(Account),
    /// Changes to an event.
    Attribute(AttributeProfile),
    /// A profile with its routes.
    Profile(RouteProfile),
}

impl Definition {
    /// What it is known by.
    #[must_use]
    pub fn key(&self) -> Key {
        let (kind, tenant, id): (_, _, &str) = match self {
            Self::Filter(filter) => (Kind::Filter, filter.tenant.as_str(), &filter.id),
            Self::Destination(destination) => (Kind::Destination, "", &destination.id),
            Self::Timing(timing) => (Kind::Timing, "", &timing.id),
            Self::RatingPlan(plan) => (Kind::RatingPlan, "", &plan.id),
            Self::RatingProfile(profile) => {
                let (tenant, id) = (profile.tenant.clone(), profile.id());
                return Key { kind: Kind::RatingProfile, tenant, id };
            }
            Self::Account(account) => (Kind::Account, account.tenant.as_str(), &account.id),
            Self::Attribute(profile) => (Kind::Attribute, profile.tenant.as_str(), &profile.id),
            Self::Profile(profile) => (Kind::Profile, profile.tenant.as_str(), &profile.id),
        };
        Key { kind, tenant: tenant.to_owned(), id: id.to_owned() }
    }
}
