//! What calls cost: rating plans, rating profiles and accounts, by their ids.
//!
//! A plan may have a million rows: it is shared by whatever holds it, never copied.

use super::destination::Destination;
use super::input::Place;
use super::rating::Plan;
use crate::model::definition::{Account, Key, Kind, RatingPlan, RatingProfile};
use foldhash::{HashMap, HashSet};
use imbl::OrdMap;
use std::sync::Arc;

/// A definition, and where a file declares it.
#[derive(Debug, Clone)]
pub struct Stated<T> {
    /// As it was stated.
    pub definition: Arc<T>,
    /// Where a file declares it; `None`: an API stated it.
    pub place: Option<Place>,
}

/// Things by their ids.
type ById<T> = OrdMap<Arc<str>, Stated<T>>;

/// What calls cost.
#[derive(Debug, Clone, Default)]
pub struct Prices {
    plans: ById<RatingPlan>,
    /// The plans, ready to be asked. Lookups find them by hash; a change of one copies the list of all.
    compiled: Arc<HashMap<Arc<str>, Arc<Plan>>>,
    /// Where files state plans as decks, by their ids.
    decks: OrdMap<Arc<str>, Place>,
    /// Plans and destinations that changed since the plans were compiled.
    changed_plans: HashSet<Arc<str>>,
    changed_destinations: HashSet<Arc<str>>,
    /// By tenant, category and subject.
    profiles: OrdMap<Arc<str>, OrdMap<Arc<str>, ById<RatingProfile>>>,
    /// By tenant and id.
    accounts: OrdMap<Arc<str>, ById<Account>>,
}

impl Prices {
    /// A rating plan by its id.
    #[must_use]
    pub fn plan(&self, id: &str) -> Option<&Stated<RatingPlan>> {
        self.plans.get(id)
    }

    /// A rating plan, ready to be asked.
    #[must_use]
    pub fn compiled(&self, id: &str) -> Option<&Plan> {
        self.compiled.get(id).map(Arc::as_ref)
    }

    /// The rating profile of exactly this subject: who stands in for it is not decided here.
    #[must_use]
    pub fn profile(
        &self,
        tenant: &str,
        category: &str,
        subject: &str,
    ) -> Option<&Stated<RatingProfile>> {
        self.profiles.get(tenant)?.get(category)?.get(subject)
    }

    /// An account by its tenant and id.
    #[must_use]
    pub fn account(&self, tenant: &str, id: &str) -> Option<&Stated<Account>> {
        self.accounts.get(tenant)?.get(id)
    }

    /// Whether something is stated, and where: see [`Objects::find`](super::objects::Objects::find).
    #[must_use]
    pub(super) fn find(&self, key: &Key) -> Option<Option<&Place>> {
        let (tenant, id) = (key.tenant.as_str(), key.id.as_str());
        Some(match key.kind {
            Kind::RatingPlan => match self.decks.get(id) {
                Some(place) => Some(place),
                None => self.plan(id)?.place.as_ref(),
            },
            Kind::RatingProfile => {
                let (category, subject) = RatingProfile::split(id)?;
                self.profile(tenant, category, subject)?.place.as_ref()
            }
            Kind::Account => self.account(tenant, id)?.place.as_ref(),
            _ => return None,
        })
    }

    /// Notes that a destination has other prefixes now: plans hold those, not its name.
    pub(super) fn destination_changed(&mut self, id: &Arc<str>) {
        if !self.plans.is_empty() {
            self.changed_destinations.insert(Arc::clone(id));
        }
    }

    /// Compiles the plans that changed, and those that name a destination that did. Done once for all that
    /// changes at once: a plan may have a million rows.
    pub(super) fn compile(&mut self, destinations: &OrdMap<Arc<str>, Arc<Destination>>) {
        let changed_plans = std::mem::take(&mut self.changed_plans);
        let changed = std::mem::take(&mut self.changed_destinations);
        let is_stale = |(id, stated): &(&Arc<str>, &Stated<RatingPlan>)| {
            let mut rows = stated.definition.rows.iter();
            changed_plans.contains(*id)
                || (!changed.is_empty() && rows.any(|row| changed.contains(&row.destination)))
        };
        let stale: Vec<_> = self.plans.iter().filter(is_stale).collect();
        // Many plans name the same destinations: a hash finds them sooner than their order.
        let are_many = stale.len() > 1;
        let hashed = destinations.iter().filter(|_| are_many);
        let hashed: HashMap<&str, &Destination> =
            hashed.map(|(id, one)| (id.as_ref(), one.as_ref())).collect();
        let find = |id: &str| {
            let one = if are_many {
                hashed.get(id).copied()
            } else {
                destinations.get(id).map(Arc::as_ref)
            };
            one.map(|destination| destination.definition.prefixes.as_slice())
        };
        for (id, stated) in &stale {
            let compiled = Plan::compile(&stated.definition, &find);
            Arc::make_mut(&mut self.compiled).insert(Arc::clone(id), Arc::new(compiled));
        }
    }

    /// States a plan, in place of the one that was there.
    pub(super) fn set_plan(&mut self, definition: Arc<RatingPlan>, place: Option<Place>) {
        let id: Arc<str> = definition.id.as_str().into();
        self.changed_plans.insert(Arc::clone(&id));
        self.plans.insert(id, Stated { definition, place });
    }

    /// States a plan that a file has as a deck; `plan`: it is one of CGRateS, for rating profiles, too.
    pub(super) fn set_deck(&mut self, id: &str, plan: Option<Arc<Plan>>, place: Place) {
        let id: Arc<str> = id.into();
        if let Some(plan) = plan {
            Arc::make_mut(&mut self.compiled).insert(Arc::clone(&id), plan);
        }
        self.decks.insert(id, place);
    }

    /// States a profile. A category with a colon could not be told from its subject in a key.
    pub(super) fn set_profile(
        &mut self,
        mut profile: RatingProfile,
        place: Option<Place>,
    ) -> Result<(), String> {
        if profile.category.contains(RatingProfile::SEPARATOR) {
            return Err(format!("the category `{}` has a colon", profile.category));
        }
        profile.activations.sort_by_key(|activation| activation.from.ns);
        let (tenant, category) = (profile.tenant.as_str().into(), profile.category.as_str().into());
        let subject = profile.subject.as_str().into();
        let stated = Stated { definition: Arc::new(profile), place };
        self.profiles
            .entry(tenant)
            .or_default()
            .entry(category)
            .or_default()
            .insert(subject, stated);
        Ok(())
    }

    /// States an account, in place of the one that was there.
    pub(super) fn set_account(&mut self, account: Account, place: Option<Place>) {
        let (tenant, id) = (account.tenant.as_str().into(), account.id.as_str().into());
        let stated = Stated { definition: Arc::new(account), place };
        self.accounts.entry(tenant).or_default().insert(id, stated);
    }

    /// Takes something away, where it is there.
    pub(super) fn remove(&mut self, key: &Key) {
        let (tenant, id) = (key.tenant.as_str(), key.id.as_str());
        match key.kind {
            Kind::RatingPlan => {
                self.plans.remove(id);
                Arc::make_mut(&mut self.compiled).remove(id);
            }
            Kind::RatingProfile => {
                let Some((category, subject)) = RatingProfile::split(id) else { return };
                let subjects =
                    self.profiles.get_mut(tenant).and_then(|tenant| tenant.get_mut(category));
                if let Some(subjects) = subjects {
                    subjects.remove(subject);
                }
            }
            Kind::Account => {
                if let Some(accounts) = self.accounts.get_mut(tenant) {
                    accounts.remove(id);
                }
            }
            _ => {}
        }
    }
}
