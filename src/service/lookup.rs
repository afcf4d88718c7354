//! A lookup: the question is normalised, the engine chooses, the answer is written and remembered.

use super::desk::{Arrived, Desk, Numbers};
use super::story::{Story, failed};
use super::view::View;
use super::{Channel, Service};
use crate::codec::answer;
use crate::engine::call::unpriceable;
use crate::engine::explain::{Reason, Recorder, Silent};
use crate::engine::failover::{self, Next};
use crate::engine::fields::Failure;
use crate::engine::question::{Manner, Question, Terms};
use crate::engine::select;
use crate::engine::selection::{Place, Selection, Source};
use crate::engine::sort::weight::seed_of;
use crate::live::calls::{Call, Offered};
use crate::model::answer::{Refusal, RefusalCode, Status};
use crate::model::event::{Kind, Slot};
use crate::model::moment::Moment;
use crate::model::number::{Number, number_part};
use crate::model::outcome::Outcome;
use crate::model::query::{DEFAULT_TENANT, Query};
use crate::table::Table;
use crate::table::failover::PolicyIndex;
use crate::table::input::NoRoute;
use crate::table::profile::Sorting;
use crate::table::supplier::SupplierIndex;
use jiff::Timestamp;
use std::fmt::Write;
use std::sync::atomic::Ordering::Relaxed;

impl Service {
    /// Answers the question on the desk.
    pub(super) fn lookup(
        &self,
        table: &Table,
        desk: &mut Desk,
        channel: Channel,
        moment: Moment,
        out: &mut Vec<u8>,
    ) -> Outcome {
        if desk.query.id.is_empty() {
            self.make_id(&mut desk.query.id);
        }
        if desk.query.tenant.is_empty() {
            desk.query.tenant.push_str(DEFAULT_TENANT);
        }
        if desk.query.explain {
            let mut story = Story::new(table);
            story.question(&desk.query, customer_of(&desk.query));
            self.lookup_with(table, desk, channel, moment, out, &mut story)
        } else {
            self.lookup_with(table, desk, channel, moment, out, &mut Silent)
        }
    }

    fn lookup_with<R: Recorder + Told>(
        &self,
        table: &Table,
        desk: &mut Desk,
        channel: Channel,
        moment: Moment,
        out: &mut Vec<u8>,
        recorder: &mut R,
    ) -> Outcome {
        let Desk { query, selection, numbers, .. } = desk;
        // Normalised before the event is cut down: a `tel:` URI's context stands behind its number.
        let number = arrived(table, query.event.get(Slot::DESTINATION)).and_then(|it| it.number);
        complete(query, moment);
        let raw = query.event.get(Slot::DESTINATION).filter(|raw| !raw.is_empty());
        let called = raw.map(|raw| Arrived { raw, number });
        let key = self.call_key(&query.tenant, &query.id);
        let known = self.live.calls.find(key, moment.mono_ms);
        let asked = Asked { table, query, moment, key, known };
        let decided = if table.is_empty() {
            Err(Refusal::new(RefusalCode::NoTable, Status::Fallback, "the table is empty"))
        } else {
            self.choose(&asked, number.as_ref(), selection, recorder)
        };
        let decided = decided.and_then(|at_most| {
            let places = page(query, selection, at_most, self.limits.routes_max, recorder);
            if places.is_empty() {
                return Err(no_route(table, query, moment, selection.source));
            }
            write_numbers(table, query, called, places, numbers);
            let view = View { table, query, selection, places, numbers, forced: &self.forced };
            let written = view.encode(channel.reply_max, recorder.told(), out);
            if written == 0 {
                return Err(Refusal::new(
                    RefusalCode::ServerError,
                    Status::Fallback,
                    "the answer is too large for this way of asking: raise its limit, or use TCP",
                ));
            }
            self.remember(&asked, places.get(..written).unwrap_or(places));
            Ok(())
        });
        let Err(refusal) = decided else { return Outcome::Ok };
        let outcome = match refusal.code {
            RefusalCode::NotFound => {
                self.live.totals.no_route.fetch_add(1, Relaxed);
                Outcome::NotFound
            }
            RefusalCode::Exhausted => {
                self.live.totals.exhausted.fetch_add(1, Relaxed);
                Outcome::Exhausted
            }
            RefusalCode::Stop => Outcome::Stop,
            RefusalCode::BadRequest => Outcome::BadRequest,
            _ => Outcome::Error,
        };
        let told = recorder.told();
        answer::refuse(query.shape, &query.id, &refusal, told, channel.reply_max, out);
        outcome
    }

    /// Fills the selection; gives how many places may be offered.
    fn choose<R: Recorder>(
        &self,
        asked: &Asked<'_>,
        number: Option<&Number>,
        selection: &mut Selection,
        recorder: &mut R,
    ) -> Result<usize, Refusal> {
        let Asked { table, query, moment, .. } = *asked;
        let now_ns = query.time_ns.unwrap_or(moment.wall_ns);
        let question = Question {
            tenant: &query.tenant,
            customer: customer_of(query),
            number,
            event: &query.event,
            now_ns,
            active_at_ns: Some(now_ns),
            seed: seed_of(&query.id),
            manner: Manner::Native { profiles: query.profile_count, terms: terms_of(query) },
        };
        if query.suppliers.is_empty() {
            select::select(table, &question, selection, recorder).map_err(no_answer)?;
        } else {
            let forced = forced(table, &query.suppliers)?;
            select::force(table, forced.into_iter(), selection, recorder);
        }
        let failures = failover::take_failed(table, selection, &query.failed, |place| {
            recorder.place(place, Reason::Failed);
        });
        selection.places.retain(|place| {
            let said = place
                .supplier_in(table)
                .is_some_and(|supplier| supplier.facts.places_in(query.shape) > 0);
            if !said {
                recorder.place(place, Reason::Unsaid);
            }
            said
        });
        let elapsed_ms = asked.known.map(|call| call.age_ms(moment.mono_ms));
        let next = failover::next(table, selection, &failures, elapsed_ms);
        self.hear_failures(asked, &failures, next, selection);
        let (code, sip, message) = match next {
            Next::Offer { .. } if selection.places.is_empty() => {
                return Err(no_route(table, query, moment, selection.source));
            }
            Next::Offer { at_most } => return Ok(at_most),
            Next::Stop(sip) => (RefusalCode::Stop, sip, "the policy takes this code as final"),
            Next::Exhausted(sip) => {
                (RefusalCode::Exhausted, sip, "no supplier, no attempt or no time is left")
            }
        };
        self.end_call(asked.key, moment);
        Err(Refusal::new(code, Status::Reject(sip), message))
    }

    /// Counts whom an answer offers, and in which place.
    pub(super) fn count_offers(&self, table: &Table, places: &[Place]) {
        for (position, place) in places.iter().enumerate() {
            let live = table.live_of(place.supplier);
            if let Some(figures) = live.and_then(|live| self.live.suppliers.get(live.0)) {
                figures.count_offer(position);
            }
        }
    }

    /// Remembers whom the call was offered, and counts the offers.
    fn remember(&self, asked: &Asked<'_>, places: &[Place]) {
        let Asked { table, query, moment, key, known } = *asked;
        let live_of = |index| table.live_of(index).map(|live| live.0);
        self.count_offers(table, places);
        let failed = query.failed.iter().filter_map(|attempt| {
            let supplier = table.party(&attempt.at).and_then(live_of)?;
            Some(Offered { supplier, policy: 0 })
        });
        let offered = places.iter().filter_map(|place| {
            let supplier = place.supplier_in(table)?;
            let policy = place.row_policy_in(table).map_or(0, PolicyIndex::number);
            let offered = Offered { supplier: supplier.live.0, policy };
            Some(std::iter::repeat_n(offered, supplier.facts.places_in(query.shape)))
        });
        let places = failed.chain(offered.flatten());
        // Attempts that the question itself told of may have made the call.
        let known =
            if query.failed.is_empty() { known } else { self.live.calls.find(key, moment.mono_ms) };
        let lost = &mut |lost| self.lose(lost);
        self.live.calls.offer(key, known, moment.mono_ms, places, lost);
    }
}

/// A question, and what is known of its call.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) table: &'a Table,
    pub(super) query: &'a Query,
    pub(super) moment: Moment,
    /// The key under which the call is remembered.
    pub(super) key: u64,
    /// The call, if it was asked for or reported before.
    pub(super) known: Option<Call<'a>>,
}

/// Makes the event what filters expect: of a `sip:` or `tel:` URI the number, and the question's time
/// for a `SetupTime` that is missing.
fn complete(query: &mut Query, moment: Moment) {
    query.event.narrow(Slot::DESTINATION, number_part);
    if query.event.get(Slot::SETUP_TIME).is_none() {
        let time_ns = i128::from(query.time_ns.unwrap_or(moment.wall_ns));
        if let Ok(time) = Timestamp::from_nanosecond(time_ns) {
            // Writing to a string cannot fail.
            let write = |text: &mut String| _ = write!(text, "{time:.0}");
            query.event.set_with(Slot::SETUP_TIME, Kind::Text, write);
        }
    }
}

/// What a route may cost; without a price it drops out, unless the question minds.
fn terms_of(query: &Query) -> Terms {
    Terms { ignores_errors: !query.minds_errors, max_cost: query.max_cost, ..Terms::default() }
}

/// Whose layered rows are used.
fn customer_of(query: &Query) -> &str {
    if !query.customer.is_empty() {
        return &query.customer;
    }
    let event = &query.event;
    event
        .get(Slot::CUSTOMER)
        .filter(|customer| !customer.is_empty())
        .or_else(|| event.get(Slot::ACCOUNT))
        .unwrap_or_default()
}

/// What a question without an offer gets; `source` is what answered it.
fn no_route(table: &Table, query: &Query, moment: Moment, source: Source) -> Refusal {
    let profile = match source {
        Source::Profiles(index) => table.objects.profile(index),
        Source::Layers | Source::Forced | Source::Nothing => None,
    };
    if profile.and_then(|profile| profile.sorting).is_some_and(Sorting::needs_price)
        && let Some((field, wrong)) =
            unpriceable(&query.event, &table.rules.default_timezone, moment.wall_ns)
    {
        return Refusal::bad_field(format!("event.{field}"), wrong);
    }
    let status = match table.failover.no_route {
        NoRoute::Reject(code) => Status::Reject(code),
        NoRoute::Fallback => Status::Fallback,
    };
    let message = match source {
        Source::Nothing => "no profile or route matches",
        _ => "routes match, but none of them can be offered; explain says why",
    };
    Refusal::new(RefusalCode::NotFound, status, message)
}

/// A filter that gives no answer leaves the question without one.
fn no_answer(failure: Failure) -> Refusal {
    let message = failed(&failure);
    Refusal::new(RefusalCode::ServerError, Status::Fallback, message)
}

/// The suppliers that the question names.
fn forced(table: &Table, names: &[String]) -> Result<Vec<SupplierIndex>, Refusal> {
    let find = |(index, name): (usize, &String)| {
        table.suppliers.find(name).ok_or_else(|| {
            Refusal::bad_field(format!("opts.suppliers[{index}]"), "is no supplier of the table")
        })
    };
    names.iter().enumerate().map(find).collect()
}

/// The places that the answer may hold.
fn page<'s, R: Recorder>(
    query: &Query,
    selection: &'s Selection,
    at_most: usize,
    routes_max: usize,
    recorder: &mut R,
) -> &'s [Place] {
    let places = selection.places.as_slice();
    let start = query.offset.min(places.len());
    let length = at_most.min(query.limit.unwrap_or(routes_max)).min(routes_max);
    let end = start.saturating_add(length).min(places.len());
    for (index, place) in places.iter().enumerate() {
        let reason = match index {
            _ if index < start => Reason::Skipped,
            _ if index >= end => Reason::BeyondLimit,
            _ => Reason::Chosen,
        };
        recorder.place(place, reason);
    }
    places.get(start..end).unwrap_or_default()
}

/// A number of the event with what it was normalised to; `None`: the event has none.
fn arrived<'q>(table: &Table, raw: Option<&'q str>) -> Option<Arrived<'q>> {
    let raw = raw.filter(|raw| !raw.is_empty())?;
    Some(Arrived { raw, number: table.numbers.normalise(raw) })
}

/// Writes called and calling number as each place's supplier wants them.
fn write_numbers(
    table: &Table,
    query: &Query,
    called: Option<Arrived<'_>>,
    places: &[Place],
    numbers: &mut Numbers,
) {
    if !query.shape.carries_numbers() {
        return;
    }
    let suppliers = || places.iter().filter_map(|place| place.supplier_in(table));
    let event = &query.event;
    let caller = if suppliers().any(|supplier| supplier.caller.is_some()) {
        let own = event.get(Slot::CALLER).filter(|caller| !caller.is_empty());
        arrived(table, own.or_else(|| event.get(Slot::ACCOUNT)))
    } else {
        None
    };
    suppliers().for_each(|supplier| numbers.add(table, supplier, called, caller));
}

/// A recorder that can tell what it heard.
pub(super) trait Told {
    /// A JSON array, where there is something to tell.
    fn told(&mut self) -> Option<&[u8]>;
}

impl Told for Silent {
    fn told(&mut self) -> Option<&[u8]> {
        None
    }
}
