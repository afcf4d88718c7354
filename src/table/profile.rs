//! Profiles: which routes an event gets by its filters, and their weights.

use super::filter::Rule;
use super::input::{Place, Sorting};
use super::supplier::SupplierIndex;
use crate::model::answer::Rank;
use crate::model::json::JsonText;
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// One profile, compiled.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its id.
    pub id: String,
    /// All must pass.
    pub rules: Vec<Rule>,
    /// How its routes are ordered.
    pub sorting: Sorting,
    /// Higher is tried first.
    pub weight: f64,
    /// Nothing after it is considered.
    pub blocker: bool,
    /// Active after this moment (Unix nanoseconds).
    pub active_from_ns: i64,
    /// Active before this moment (Unix nanoseconds).
    pub active_until_ns: i64,
    /// Its routes, in file order.
    pub routes: Vec<ProfileRoute>,
    /// Where it is declared.
    pub place: Place,
}

/// One route of a profile.
#[derive(Debug, Clone)]
pub struct ProfileRoute {
    /// Who carries the call.
    pub supplier: SupplierIndex,
    /// Key of the tie between routes of equal weight, from its id.
    pub tie_key: u64,
    /// All must pass.
    pub rules: Vec<Rule>,
    /// Higher is earlier.
    pub weight: f64,
    /// The weight as answers say it.
    pub rank: Rank,
    /// The list ends with it.
    pub blocker: bool,
    /// In place of the supplier's own parameters, when not empty.
    pub parameters: JsonText,
}

impl Sorting {
    /// Its name in files and answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Weight => "*weight",
        }
    }
}

/// All profiles, by tenant, in the order in which they are tried.
#[derive(Debug, Clone, Default)]
pub struct Profiles {
    by_tenant: HashMap<String, Vec<Profile>, FixedState>,
}

impl Profiles {
    /// Sorts profiles: heavier first, then by id.
    #[must_use]
    pub fn build(profiles: Vec<(String, Profile)>) -> Self {
        let mut by_tenant: HashMap<String, Vec<Profile>, FixedState> = HashMap::default();
        for (tenant, profile) in profiles {
            by_tenant.entry(tenant).or_default().push(profile);
        }
        for list in by_tenant.values_mut() {
            list.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.id.cmp(&b.id)));
        }
        Self { by_tenant }
    }

    /// A tenant's profiles in the order in which they are tried.
    #[must_use]
    pub fn of(&self, tenant: &str) -> &[Profile] {
        self.by_tenant.get(tenant).map_or(&[], Vec::as_slice)
    }

    /// All of them with their tenants, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Profile)> {
        let lists = self.by_tenant.iter();
        lists.flat_map(|(tenant, list)| list.iter().map(move |profile| (tenant.as_str(), profile)))
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.by_tenant.values().map(Vec::len).sum()
    }

    /// How many routes they have.
    #[must_use]
    pub fn route_count(&self) -> usize {
        self.by_tenant.values().flatten().map(|profile| profile.routes.len()).sum()
    }
}
