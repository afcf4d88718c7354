//! Everything that is stated in CGRateS' terms, for all tenants: the branch of a table that APIs change.
//!
//! Files and APIs go one way: each definition is stated by [`Objects::set`], one after the other. A copy
//! shares whatever a change leaves alone, so that stating one profile among 100,000 costs about what the
//! first one cost. Where what is stated comes from, and whether it may be changed, is decided in
//! `change.rs` and `changed.rs`.

use super::attribute::AttributeProfile;
use super::compiler::Compiler;
use super::destination::{Destination, Timing};
use super::filter::{Fault, check_inline, compile_definition};
use super::index::Entry;
use super::input::Place;
use super::prices::Prices;
use super::profile::{FilterRef, Profile, ProfileIndex};
use super::rating::{Decks, Pricing};
use super::tenant::{NamedFilter, Tenant};
use crate::model::definition::{Definition, Generation, Key, Kind};
use imbl::{OrdMap, Vector};
use std::sync::Arc;

/// What is stated.
#[derive(Debug, Clone, Default)]
pub struct Objects {
    /// Profiles by their positions; a position that was left is used again.
    profiles: Vector<Option<Held>>,
    free: Vector<ProfileIndex>,
    tenants: OrdMap<Arc<str>, Arc<Tenant>>,
    destinations: OrdMap<Arc<str>, Arc<Destination>>,
    timings: OrdMap<Arc<str>, Arc<Timing>>,
    prices: Prices,
    /// Ids of routes that nothing declares as suppliers, and how many routes have each.
    undeclared: OrdMap<Arc<str>, usize>,
    profile_count: usize,
    route_count: usize,
}

/// A profile, and where the index has it.
#[derive(Debug, Clone)]
struct Held {
    profile: Arc<Profile>,
    entries: Arc<[Entry]>,
}

/// Why a definition cannot be stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unstatable {
    /// It names a filter that is not there or does not parse.
    BrokenReference(String),
    /// Anything else, in the words of CGRateS where it has any.
    Invalid(String),
}

impl Objects {
    /// A tenant's part.
    #[must_use]
    pub fn tenant(&self, tenant: &str) -> Option<&Tenant> {
        self.tenants.get(tenant).map(Arc::as_ref)
    }

    /// The tenants that anything is stated for, in order of their names.
    pub fn tenants(&self) -> impl Iterator<Item = (&str, &Tenant)> {
        self.tenants.iter().map(|(name, tenant)| (name.as_ref(), tenant.as_ref()))
    }

    /// The profile at a position.
    #[must_use]
    pub fn profile(&self, index: ProfileIndex) -> Option<&Profile> {
        self.profiles.get(index.0 as usize)?.as_ref().map(|held| held.profile.as_ref())
    }

    /// All profiles, in the order of their tenants and ids.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        let all = self.tenants.values().flat_map(|tenant| tenant.profiles());
        all.filter_map(|(_, index)| self.profile(index))
    }

    /// A destination by its id.
    #[must_use]
    pub fn destination(&self, id: &str) -> Option<&Destination> {
        self.destinations.get(id).map(Arc::as_ref)
    }

    /// A timing by its id.
    #[must_use]
    pub fn timing(&self, id: &str) -> Option<&Timing> {
        self.timings.get(id).map(Arc::as_ref)
    }

    /// A timing by its id, for what keeps it.
    #[must_use]
    pub fn shared_timing(&self, id: &str) -> Option<Arc<Timing>> {
        self.timings.get(id).cloned()
    }

    /// Makes the plans known that files state as decks.
    pub fn set_decks(&mut self, decks: &Decks) {
        for (id, stated) in decks.iter() {
            let plan = match &stated.pricing {
                Pricing::Exact(_) => None,
                Pricing::Cgrates(plan) => Some(Arc::clone(plan)),
            };
            self.prices.set_deck(id, plan, stated.place.clone());
        }
    }

    /// What calls cost.
    #[must_use]
    pub fn prices(&self) -> &Prices {
        &self.prices
    }

    /// The ids of the destinations in order.
    pub fn destination_ids(&self) -> impl Iterator<Item = &str> {
        self.destinations.keys().map(AsRef::as_ref)
    }

    /// The ids of the timings in order.
    pub fn timing_ids(&self) -> impl Iterator<Item = &str> {
        self.timings.keys().map(AsRef::as_ref)
    }

    /// How many profiles there are.
    #[must_use]
    pub fn profile_count(&self) -> usize {
        self.profile_count
    }

    /// How many routes they have.
    #[must_use]
    pub fn route_count(&self) -> usize {
        self.route_count
    }

    /// Whether a route has this id, and nothing declares it as a supplier.
    #[must_use]
    pub fn offers_undeclared(&self, id: &str) -> bool {
        self.undeclared.contains_key(id)
    }

    /// Whether something is stated, and where: the place of the file that declares it, `None` for an API.
    #[must_use]
    pub fn find(&self, key: &Key) -> Option<Option<&Place>> {
        let id = key.id.as_str();
        let tenant = || self.tenant(&key.tenant);
        Some(match key.kind {
            Kind::Filter => tenant()?.filter(id)?.place.as_ref(),
            Kind::Destination => self.destination(id)?.place.as_ref(),
            Kind::Timing => self.timing(id)?.place.as_ref(),
            Kind::RatingPlan | Kind::RatingProfile | Kind::Account => self.prices.find(key)?,
            Kind::Attribute => tenant()?.attribute(id)?.place.as_ref(),
            Kind::Profile => self.profile(tenant()?.profile(id)?)?.place.as_ref(),
        })
    }

    /// States a definition, in place of the one that was there.
    ///
    /// # Errors
    /// It cannot be stated; nothing has changed then.
    pub fn set(
        &mut self,
        definition: Definition,
        place: Option<Place>,
        compiler: &mut Compiler<'_>,
    ) -> Result<(), Unstatable> {
        match definition {
            Definition::Filter(filter) => {
                let generation = compiler.rules.generation;
                let compiled = compile_definition(&filter, generation, compiler.slots)
                    .map_err(|fault| Unstatable::Invalid(fault.to_string()))?;
                let (tenant, id) = (filter.tenant.clone(), filter.id.clone());
                let named = NamedFilter { definition: Arc::new(filter), filter: compiled, place };
                self.change_tenant(&tenant, |tenant| tenant.set_filter(named));
                self.lead_anew(&tenant, &id, compiler);
            }
            Definition::Destination(destination) => {
                let id = Arc::clone(&destination.id);
                self.prices.destination_changed(&id);
                self.destinations.insert(id, Arc::new(Destination::new(destination, place)));
            }
            Definition::Timing(timing) => {
                let timing = Timing::new(timing, place).map_err(Unstatable::Invalid)?;
                self.timings.insert(timing.definition.id.as_str().into(), Arc::new(timing));
            }
            Definition::RatingPlan(plan) => self.prices.set_plan(plan, place),
            Definition::RatingProfile(profile) => {
                self.prices.set_profile(profile, place).map_err(Unstatable::Invalid)?;
            }
            Definition::Account(account) => self.prices.set_account(account, place),
            Definition::Attribute(attribute) => {
                let name = attribute.tenant.clone();
                let generation = compiler.rules.generation;
                self.check_filters(&name, attribute.filter_ids.as_deref(), generation)?;
                let compiled = AttributeProfile::compile(Arc::new(attribute), place, compiler)
                    .map_err(Unstatable::Invalid)?;
                self.change_tenant(&name, |tenant| tenant.set_attribute(compiled));
            }
            Definition::Profile(profile) => {
                let name = profile.tenant.clone();
                let generation = compiler.generation(profile.generation);
                self.check_filters(&name, profile.filter_ids.as_deref(), generation)?;
                let compiled = Profile::compile(Arc::new(profile), place, compiler);
                refuse_blocking(&compiled)?;
                self.set_profile(compiled, compiler);
            }
        }
        Ok(())
    }

    /// Makes ready what changed definitions have a part in: done once, when all are stated.
    pub fn finish(&mut self) {
        self.prices.compile(&self.destinations);
    }

    /// Takes a definition away, where there is one.
    pub fn remove(&mut self, key: &Key, compiler: &Compiler<'_>) {
        match key.kind {
            Kind::Filter => {
                self.change_tenant(&key.tenant, |tenant| tenant.remove_filter(&key.id));
                self.lead_anew(&key.tenant, &key.id, compiler);
            }
            Kind::Destination => {
                self.destinations.remove(key.id.as_str());
                self.prices.destination_changed(&key.id.as_str().into());
            }
            Kind::Timing => _ = self.timings.remove(key.id.as_str()),
            Kind::RatingPlan | Kind::RatingProfile | Kind::Account => self.prices.remove(key),
            Kind::Attribute => {
                self.change_tenant(&key.tenant, |tenant| tenant.remove_attribute(&key.id));
            }
            Kind::Profile => {
                if let Some(index) = self.tenant(&key.tenant).and_then(|it| it.profile(&key.id)) {
                    self.remove_profile(index);
                }
            }
        }
    }

    /// Filters that an object names must be there, those that it writes must parse.
    fn check_filters(
        &self,
        tenant: &str,
        ids: Option<&[String]>,
        generation: Generation,
    ) -> Result<(), Unstatable> {
        let tenant = self.tenant(tenant);
        for id in ids.unwrap_or_default() {
            let broken = || Err(Unstatable::BrokenReference(id.clone()));
            if !id.starts_with('*') {
                if tenant.and_then(|tenant| tenant.filter(id)).is_none() {
                    return broken();
                }
                continue;
            }
            match check_inline(id, generation) {
                Ok(()) => {}
                Err(Fault::Parse(_)) => return broken(),
                Err(Fault::Told(text) | Fault::Blocking(text)) => {
                    return Err(Unstatable::Invalid(text));
                }
            }
        }
        Ok(())
    }

    fn set_profile(&mut self, profile: Profile, compiler: &Compiler<'_>) {
        let known = self.tenant(profile.tenant()).and_then(|it| it.profile(profile.id()));
        if let Some(index) = known {
            self.remove_profile(index);
        }
        let index = self.free.pop_back().unwrap_or_else(|| {
            self.profiles.push_back(None);
            // Memory ends long before positions do.
            ProfileIndex(u32::try_from(self.profiles.len() - 1).unwrap_or(u32::MAX))
        });
        let name = profile.tenant().to_owned();
        let entries =
            self.change_tenant(&name, |tenant| tenant.add_profile(index, &profile, compiler.rules));
        self.count(&profile, true);
        let held = Held { profile: Arc::new(profile), entries };
        if let Some(place) = self.profiles.get_mut(index.0 as usize) {
            *place = Some(held);
        }
    }

    fn remove_profile(&mut self, index: ProfileIndex) {
        let place = self.profiles.get_mut(index.0 as usize).and_then(Option::take);
        let Some(Held { profile, entries }) = place else { return };
        self.free.push_back(index);
        let name = profile.tenant().to_owned();
        self.change_tenant(&name, |tenant| tenant.remove_profile(index, &profile, &entries));
        self.count(&profile, false);
    }

    fn count(&mut self, profile: &Profile, comes: bool) {
        let change = |count: &mut usize, by: usize| {
            *count = if comes { *count + by } else { count.saturating_sub(by) };
        };
        change(&mut self.profile_count, 1);
        change(&mut self.route_count, profile.routes.len());
        for own in profile.routes.iter().filter_map(|route| route.own.as_ref()) {
            let id = own.facts.id.as_str();
            let mut count = self.undeclared.get(id).copied().unwrap_or(0);
            change(&mut count, 1);
            if count == 0 {
                self.undeclared.remove(id);
            } else {
                self.undeclared.insert(id.into(), count);
            }
        }
    }

    /// A filter changed: the profiles that name it are led to anew.
    fn lead_anew(&mut self, tenant_name: &str, filter: &str, compiler: &Compiler<'_>) {
        let Some(tenant) = self.tenant(tenant_name) else { return };
        let profiles = tenant.users(filter).filter(|(kind, _)| *kind == Kind::Profile);
        let users: Vec<_> = profiles.filter_map(|(_, id)| tenant.profile(id)).collect();
        for index in users {
            let Some(Some(held)) = self.profiles.get(index.0 as usize).cloned() else { continue };
            let entries = self.change_tenant(tenant_name, |tenant| {
                tenant.lead_no_more(index, &held.entries);
                tenant.lead_to(index, &held.profile, compiler.rules)
            });
            if let Some(Some(held)) = self.profiles.get_mut(index.0 as usize) {
                held.entries = entries;
            }
        }
    }

    fn change_tenant<T>(&mut self, name: &str, change: impl FnOnce(&mut Tenant) -> T) -> T {
        let tenant = self.tenants.entry(name.into()).or_default();
        let tenant = Arc::make_mut(tenant);
        let changed = change(tenant);
        if tenant.is_empty() {
            self.tenants.remove(name);
        }
        changed
    }
}

/// A route's filter that would ask a service elsewhere is refused, though others that cannot be used are
/// answered only when they are asked.
fn refuse_blocking(profile: &Profile) -> Result<(), Unstatable> {
    let filters = profile.routes.iter().flat_map(|route| &route.filters);
    for filter in filters {
        if let FilterRef::Broken(fault) = filter
            && let Fault::Blocking(text) = fault.as_ref()
        {
            return Err(Unstatable::Invalid(text.clone()));
        }
    }
    Ok(())
}
