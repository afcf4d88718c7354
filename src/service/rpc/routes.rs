//! Questions for routes: RouteSv1, and SupplierSv1 of 0.10 (sections 2.3, 2.4 and 3).
//!
//! They remember no call and reserve nothing: their ids need not be unique. Numbers are seen as they came.

use super::methods::Question as Asked;
use super::{Call, Desk, options, text_of};
use crate::codec::cgr_event::{Beside, Page};
use crate::codec::{cgr_event, cgrates, definition};
use crate::engine::attributes::Changed;
use crate::engine::call::USAGE_NS;
use crate::engine::explain::Silent;
use crate::engine::fields::{Failure, Scope};
use crate::engine::question::{Manner, Question};
use crate::engine::selection::{Selection, Source};
use crate::engine::sort::weight::seed_of;
use crate::engine::{attributes, profiles};
use crate::model::definition::Generation;
use crate::model::event::{Event, Kind, Slot};
use crate::model::go::duration;
use crate::model::query::{DEFAULT_TENANT, Query, Shape};
use crate::service::view::View;
use crate::table::profile::Profile;
use std::sync::atomic::Ordering::Relaxed;

impl Call<'_> {
    /// Answers a question.
    pub(super) fn ask(
        &self,
        asked: Asked,
        desk: &mut Desk,
        out: &mut Vec<u8>,
    ) -> Result<(), String> {
        let is_old = matches!(asked, Asked::Suppliers | Asked::SupplierProfiles);
        let mut page = Page::default();
        let seen = if is_old { self.read(desk, &mut page)? } else { self.read(desk, &mut ())? };
        check(&desk.query, seen, is_old)?;
        match asked {
            Asked::Profiles | Asked::SupplierProfiles => self.matching(asked, desk, out),
            Asked::Routes | Asked::RoutesList | Asked::Suppliers => {
                self.routes(asked, page, desk)?;
                self.write(asked, desk, out);
                Ok(())
            }
        }
    }

    /// Reads the event of a question, and what stands beside it.
    pub(super) fn read(
        &self,
        desk: &mut Desk,
        beside: &mut impl Beside,
    ) -> Result<cgr_event::Seen, String> {
        if self.channel.overdue {
            return Err("SERVER_ERROR: the question waited longer than limits.deadline_ms".into());
        }
        desk.clear(self.table);
        let query = &mut desk.query;
        query.shape = Shape::Cgrates;
        let seen = cgr_event::decode(self.argument, &self.table.slots, query, beside)?;
        if query.tenant.is_empty() {
            query.tenant.push_str(DEFAULT_TENANT);
        }
        Ok(seen)
    }

    /// Chooses the routes of a question.
    pub(super) fn routes(&self, asked: Asked, page: Page, desk: &mut Desk) -> Result<(), String> {
        let is_old = matches!(asked, Asked::Suppliers);
        let Desk { query, selection, .. } = desk;
        self.prepare(query, if is_old { Prefixes::SUPPLIERS } else { Prefixes::ROUTES })?;
        let scope = Scope::new(self.table, &query.tenant, &query.event, self.moment.wall_ns);
        let is_found = if is_old {
            let terms = || options::read_old(&scope, page.limit, page.offset);
            let found = self.choose(query, selection, Manner::Suppliers(&terms));
            found.map_err(text_of)?
                && (!selection.places.is_empty() || self.may_be_empty(selection))
        } else {
            let terms = || options::read(&scope);
            self.choose(query, selection, Manner::Routes(&terms)).map_err(text_of)?;
            !selection.places.is_empty()
        };
        if is_found {
            return Ok(());
        }
        self.service.live.totals.no_route.fetch_add(1, Relaxed);
        Err("NOT_FOUND".into())
    }

    /// Whether a list without suppliers is an answer: by strategies that need no price.
    fn may_be_empty(&self, selection: &Selection) -> bool {
        let Source::Profiles(index) = selection.source else { return false };
        let profile = self.table.objects.profile(index);
        profile.and_then(|profile| profile.sorting).is_some_and(|sorting| !sorting.needs_price())
    }

    /// What is done to an event before routes are chosen: attributes change it, and a usage is assumed.
    fn prepare(&self, query: &mut Query, prefixes: Prefixes) -> Result<(), String> {
        let rules = &self.table.rules;
        if query.event.get(Slot::CONTEXT).is_none_or(str::is_empty) {
            query.event.set(Slot::CONTEXT, &rules.options.context);
        }
        query.event.set(Slot::SUBSYSTEM, prefixes.subsystem);
        self.attribute(query, None, &[])
            .map_err(|failure| format!("{}{}", prefixes.error, text_of(failure)))?;
        if query.event.value(Slot::USAGE).is_none() && rules.generation != Generation::V100 {
            query
                .event
                .set_with(Slot::USAGE, Kind::Text, |text| duration::push_text(USAGE_NS, text));
        }
        Ok(())
    }

    /// Lets attributes change an event: those of the context that its options name, else of `context`; of the
    /// profiles named alone, if any are.
    pub(super) fn attribute(
        &self,
        query: &mut Query,
        context: Option<&str>,
        profiles: &[String],
    ) -> Result<Changed, Failure> {
        let tenant = self.table.objects.tenant(&query.tenant);
        let Some(tenant) = tenant.filter(|tenant| !tenant.attributes().is_empty()) else {
            return Ok(Changed::default());
        };
        let own = query.event.get(Slot::CONTEXT).filter(|own| !own.is_empty());
        let context = own.or(context).unwrap_or_default().to_owned();
        let runs = query.event.get(Slot::ATTRIBUTE_RUNS).and_then(|runs| runs.parse().ok());
        let asked = attributes::Asked {
            table: self.table,
            tenant,
            tenant_name: &query.tenant,
            context: &context,
            profiles,
            runs: runs.unwrap_or(1).min(RUNS_MAX),
            active_at_ns: query.time_ns,
            now_ns: self.moment.wall_ns,
        };
        let changed = attributes::apply(&asked, &mut query.event)?;
        if let Some(tenant) = &changed.tenant {
            query.tenant.clone_from(tenant);
        }
        Ok(changed)
    }

    fn choose(
        &self,
        query: &Query,
        selection: &mut Selection,
        manner: Manner<'_>,
    ) -> Result<bool, Failure> {
        selection.clear(self.table);
        let question = self.question(query, &query.event, manner);
        profiles::choose(self.table, &question, selection, &mut Silent)
    }

    fn question<'q>(&self, query: &'q Query, event: &'q Event, manner: Manner<'q>) -> Question<'q> {
        Question {
            tenant: &query.tenant,
            customer: "",
            number: None,
            event,
            now_ns: self.moment.wall_ns,
            active_at_ns: query.time_ns,
            seed: seed_of(&query.id),
            manner,
        }
    }

    /// The profiles that match, as they were stated. Attributes and options do not come into it.
    fn matching(&self, asked: Asked, desk: &mut Desk, out: &mut Vec<u8>) -> Result<(), String> {
        let Desk { query, selection, .. } = desk;
        selection.clear(self.table);
        let pages = || Ok(Default::default());
        let question = self.question(query, &query.event, Manner::Routes(&pages));
        let found = profiles::matching(self.table, &question, selection).map_err(text_of)?;
        if found.is_empty() {
            return Err("NOT_FOUND".into());
        }
        let generation = match asked {
            Asked::SupplierProfiles => Generation::V010,
            _ => self.table.rules.generation,
        };
        let encode = |profile: &Profile, out: &mut Vec<u8>| {
            definition::encode_profile(&profile.definition, generation, out);
        };
        definition::push_list(found, encode, out);
        Ok(())
    }

    /// Writes the routes that were chosen, and counts whom they offer.
    pub(super) fn write(&self, asked: Asked, desk: &Desk, out: &mut Vec<u8>) {
        let selection = &desk.selection;
        self.view(desk).answer(None, |answer| match asked {
            Asked::Suppliers => {
                let profile = match selection.source {
                    Source::Profiles(index) => self.table.objects.profile(index),
                    Source::Nothing | Source::Layers | Source::Forced => None,
                };
                let (id, sorting) = profile.map_or(("", ""), |profile| {
                    (profile.id(), profile.definition.sorting.as_str())
                });
                cgrates::suppliers(answer, id, sorting, out);
            }
            Asked::RoutesList => {
                let once = self.table.rules.generation == Generation::V100;
                cgrates::list(answer, once, out);
            }
            // Profiles as they are stated are written where they are found.
            Asked::Routes | Asked::Profiles | Asked::SupplierProfiles => {
                _ = cgrates::encode(answer, usize::MAX, out);
            }
        });
        self.service.count_offers(self.table, &selection.places);
    }

    /// The routes that were chosen, for whoever writes them.
    pub(super) fn view<'v>(&'v self, desk: &'v Desk) -> View<'v> {
        View {
            table: self.table,
            query: &desk.query,
            selection: &desk.selection,
            places: &desk.selection.places,
            numbers: &desk.numbers,
            forced: &self.service.forced,
        }
    }
}

/// Runs of attributes that one question may ask for.
const RUNS_MAX: usize = 16;

/// The words by which AttributeS is asked, and by which its errors are told.
struct Prefixes {
    subsystem: &'static str,
    error: &'static str,
}

impl Prefixes {
    const ROUTES: Self = Self { subsystem: "*routes", error: "ROUTES_ERROR:" };
    const SUPPLIERS: Self = Self { subsystem: "*suppliers", error: "ATTRIBUTES_ERROR:" };
}

/// What a question must have.
fn check(query: &Query, seen: cgr_event::Seen, is_old: bool) -> Result<(), String> {
    let missing = match (is_old && !seen.tenant, query.id.is_empty()) {
        (true, true) => "Tenant ID",
        (true, false) => "Tenant",
        (false, true) => "ID",
        (false, false) if !seen.event => "Event",
        (false, false) => return Ok(()),
    };
    Err(format!("MANDATORY_IE_MISSING: [{missing}]"))
}
