//! What is stated for one tenant: profiles, filters, attributes, and the index that leads to profiles.

use super::attribute::AttributeProfile;
use super::filter::Filter;
use super::index::{Entry, Index};
use super::input::Place;
use super::profile::{FilterRef, Profile, ProfileIndex};
use super::rules::Rules;
use crate::model::definition::{FilterDefinition, Kind};
use imbl::{OrdMap, OrdSet};
use std::sync::Arc;

/// One tenant's part of a table. A copy shares everything that is not changed in it.
#[derive(Debug, Clone, Default)]
pub struct Tenant {
    profiles: OrdMap<Arc<str>, ProfileIndex>,
    filters: OrdMap<Arc<str>, Arc<NamedFilter>>,
    attributes: OrdMap<Arc<str>, Arc<AttributeProfile>>,
    /// Attribute profiles in the order in which they are tried.
    ranked: Arc<[Arc<AttributeProfile>]>,
    /// Who names a filter.
    users: OrdMap<Arc<str>, OrdSet<(Kind, Arc<str>)>>,
    index: Index,
}

/// A filter with its name.
#[derive(Debug, Clone)]
pub struct NamedFilter {
    /// As it was stated.
    pub definition: Arc<FilterDefinition>,
    /// Ready to be asked.
    pub filter: Filter,
    /// Where a file declares it; `None`: an API stated it.
    pub place: Option<Place>,
}

impl Tenant {
    /// The position of a profile.
    #[must_use]
    pub fn profile(&self, id: &str) -> Option<ProfileIndex> {
        self.profiles.get(id).copied()
    }

    /// The profiles, by their ids in order.
    pub fn profiles(&self) -> impl Iterator<Item = (&str, ProfileIndex)> {
        self.profiles.iter().map(|(id, index)| (id.as_ref(), *index))
    }

    /// How many profiles there are.
    #[must_use]
    pub fn profile_count(&self) -> usize {
        self.profiles.len()
    }

    /// A filter by its name.
    #[must_use]
    pub fn filter(&self, id: &str) -> Option<&NamedFilter> {
        self.filters.get(id).map(Arc::as_ref)
    }

    /// The filters, by their ids in order.
    pub fn filters(&self) -> impl Iterator<Item = &NamedFilter> {
        self.filters.values().map(Arc::as_ref)
    }

    /// An attribute profile by its id.
    #[must_use]
    pub fn attribute(&self, id: &str) -> Option<&AttributeProfile> {
        self.attributes.get(id).map(Arc::as_ref)
    }

    /// The ids of the attribute profiles in order.
    pub fn attribute_ids(&self) -> impl Iterator<Item = &str> {
        self.attributes.keys().map(AsRef::as_ref)
    }

    /// The attribute profiles, heavier first, then by id.
    #[must_use]
    pub fn attributes(&self) -> &[Arc<AttributeProfile>] {
        &self.ranked
    }

    /// The index of the profiles.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Whether nothing is stated.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.profiles.is_empty() && self.filters.is_empty() && self.attributes.is_empty()
    }

    /// Who names a filter: profiles and attribute profiles, by kind and id.
    pub fn users(&self, filter: &str) -> impl Iterator<Item = (Kind, &str)> {
        let users = self.users.get(filter).into_iter().flatten();
        users.map(|(kind, id)| (*kind, id.as_ref()))
    }

    /// Enters a profile under its id and into the index; says where.
    pub(super) fn add_profile(
        &mut self,
        index: ProfileIndex,
        profile: &Profile,
        rules: &Rules,
    ) -> Arc<[Entry]> {
        self.profiles.insert(profile.id().into(), index);
        self.note_users(Kind::Profile, profile.id(), &profile.filters);
        self.lead_to(index, profile, rules)
    }

    /// Enters a profile into the index; says where.
    pub(super) fn lead_to(
        &mut self,
        index: ProfileIndex,
        profile: &Profile,
        rules: &Rules,
    ) -> Arc<[Entry]> {
        let named = &self.filters;
        let filters = profile.filters.iter().map(|filter| match filter {
            FilterRef::Inline(filter) => Some(filter.as_ref()),
            FilterRef::Named(id) => named.get(id).map(|named| &named.filter),
            FilterRef::Broken(_) => None,
        });
        if rules.indexed_selects {
            self.index.enter_everywhere(index, filters)
        } else {
            self.index.enter_once(index, filters)
        }
    }

    /// Takes a profile out of the index alone.
    pub(super) fn lead_no_more(&mut self, index: ProfileIndex, entries: &[Entry]) {
        self.index.leave(index, entries);
    }

    /// Takes a profile out.
    pub(super) fn remove_profile(&mut self, index: ProfileIndex, profile: &Profile, at: &[Entry]) {
        self.profiles.remove(profile.id());
        self.forget_users(Kind::Profile, profile.id(), &profile.filters);
        self.index.leave(index, at);
    }

    pub(super) fn set_filter(&mut self, filter: NamedFilter) {
        self.filters.insert(filter.definition.id.as_str().into(), Arc::new(filter));
    }

    pub(super) fn remove_filter(&mut self, id: &str) {
        self.filters.remove(id);
    }

    pub(super) fn set_attribute(&mut self, attribute: AttributeProfile) {
        self.remove_attribute(&attribute.definition.id.clone());
        self.note_users(Kind::Attribute, &attribute.definition.id, &attribute.filters);
        self.attributes.insert(attribute.definition.id.as_str().into(), Arc::new(attribute));
        self.rank();
    }

    pub(super) fn remove_attribute(&mut self, id: &str) {
        if let Some(old) = self.attributes.remove(id) {
            self.forget_users(Kind::Attribute, id, &old.filters);
            self.rank();
        }
    }

    fn rank(&mut self) {
        let mut ranked: Vec<_> = self.attributes.values().cloned().collect();
        // Stable: those of equal weight stay in the order of their ids.
        ranked.sort_by(|a, b| b.definition.weight.total_cmp(&a.definition.weight));
        self.ranked = ranked.into();
    }

    fn note_users(&mut self, kind: Kind, id: &str, filters: &[FilterRef]) {
        for filter in filters {
            if let FilterRef::Named(name) = filter {
                let users = self.users.entry(Arc::clone(name)).or_default();
                users.insert((kind, id.into()));
            }
        }
    }

    fn forget_users(&mut self, kind: Kind, id: &str, filters: &[FilterRef]) {
        for filter in filters {
            let FilterRef::Named(name) = filter else { continue };
            let Some(users) = self.users.get_mut(name) else { continue };
            users.remove(&(kind, Arc::from(id)));
            if users.is_empty() {
                self.users.remove(name);
            }
        }
    }
}
