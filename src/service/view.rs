//! The choice as an answer: what the wire formats are handed, borrowed from table and question.

use super::desk::Numbers;
use crate::codec::answer;
use crate::engine::selection::{Origin, Place, Selection, Source};
use crate::model::answer::{Answer, Offer, Rank};
use crate::model::query::Query;
use crate::table::Table;
use crate::table::profile::Profile;

/// What an answer is put together from.
pub(super) struct View<'v> {
    pub(super) table: &'v Table,
    pub(super) query: &'v Query,
    pub(super) selection: &'v Selection,
    pub(super) places: &'v [Place],
    pub(super) numbers: &'v Numbers,
    /// The rank of suppliers that the question names.
    pub(super) forced: &'v Rank,
}

impl<'v> View<'v> {
    /// Writes the answer; gives the number of offers in it.
    pub(super) fn encode(
        &self,
        reply_max: usize,
        explain: Option<&[u8]>,
        out: &mut Vec<u8>,
    ) -> usize {
        self.answer(explain, |answer| answer::encode(self.query.shape, answer, reply_max, out))
    }

    /// Hands the answer to whoever writes it.
    pub(super) fn answer<T>(
        &self,
        explain: Option<&[u8]>,
        write: impl FnOnce(&Answer<'_>) -> T,
    ) -> T {
        let (profile, sorting) = match self.selection.source {
            Source::Profiles(index) => {
                let profile = self.table.objects.profile(index);
                (profile.map(Profile::id), profile.map_or("", sorting_of))
            }
            Source::Forced => (None, "*forced"),
            Source::Layers | Source::Nothing => (None, "*priority"),
        };
        let answer = Answer {
            id: &self.query.id,
            generation: self.table.generation,
            fingerprint: &self.table.fingerprint,
            profile,
            sorting,
            names_profiles: self.query.profile_count > 1,
            count: self.places.len(),
            offer: &|index| self.offer(index),
            explain,
        };
        write(&answer)
    }

    fn offer(&self, index: usize) -> Option<Offer<'v>> {
        let place = self.places.get(index)?;
        let supplier = place.supplier_in(self.table)?;
        let policy = place.policy_in(self.table);
        let (number, caller) = self.numbers.of(index);
        let mut offer = Offer {
            supplier: &supplier.facts,
            profile: None,
            sorting: None,
            number,
            caller,
            parameters: &supplier.facts.parameters,
            rank: self.forced,
            policy_json: &policy.json,
        };
        match place.origin {
            Origin::Row(row) => {
                let row = self.table.layers.row(row)?;
                offer.rank = &row.rank;
            }
            Origin::Route { profile, route } => {
                let profile = self.table.objects.profile(profile)?;
                let route = profile.routes.get(route as usize)?;
                offer.rank = self.selection.rank(place).unwrap_or(&route.rank);
                offer.profile = Some(profile.id());
                offer.sorting = Some(sorting_of(profile));
                if !route.parameters.as_str().is_empty() {
                    offer.parameters = &route.parameters;
                }
            }
            Origin::Forced => {}
        }
        Some(offer)
    }
}

fn sorting_of(profile: &Profile) -> &str {
    &profile.definition.sorting
}
