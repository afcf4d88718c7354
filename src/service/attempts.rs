//! What happened to calls: attempts and their ends, from reports and from the `failed` of questions.
//!
//! Reports may be lost, doubled and out of order: each attempt of a call counts once, whichever
//! message told of it first.

use super::desk::Desk;
use super::lookup::Asked;
use super::{Channel, Service};
use crate::codec::answer;
use crate::engine::failover::{Failure, Next};
use crate::engine::selection::Selection;
use crate::live::calls::{Call, Lost, Phase};
use crate::live::pairs::{CodeClass, Pair};
use crate::model::answer::Refusal;
use crate::model::limits::CALL_PLACES_MAX;
use crate::model::moment::Moment;
use crate::model::outcome::{AttemptOutcome, Outcome, ReportEvent};
use crate::model::policy::Verdict;
use crate::model::query::{Attempt, DEFAULT_TENANT, Party};
use crate::model::sip::SipCode;
use crate::table::Table;
use crate::table::failover::TablePolicy;
use crate::table::supplier::LiveIndex;
use std::sync::atomic::Ordering::Relaxed;

/// An attempt as it is counted.
struct Heard<'a> {
    /// Number of the supplier's figures.
    supplier: u16,
    /// Which attempt of the call, from 0.
    index: usize,
    attempt: &'a Attempt,
    outcome: AttemptOutcome,
}

impl Service {
    /// Takes the report on the desk.
    pub(super) fn report(
        &self,
        table: &Table,
        desk: &mut Desk,
        channel: Channel,
        moment: Moment,
        out: &mut Vec<u8>,
    ) -> Outcome {
        let report = &mut desk.report;
        if report.tenant.is_empty() {
            report.tenant.push_str(DEFAULT_TENANT);
        }
        let speaks = channel.confirms || report.ack;
        let success = report.attempt.code.is_some_and(|code| code.class() == 2);
        let told = if success { ReportEvent::Answer } else { ReportEvent::Attempt };
        let event = report.event.unwrap_or(told);
        let key = self.call_key(&report.tenant, &report.id);
        let call = self.live.calls.find(key, moment.mono_ms);
        let asked = call.is_some_and(|call| call.state().asked);
        let refusal = if report.id.is_empty() {
            Some(Refusal::bad_field("id", "is missing: it says which call is meant"))
        } else if let Some(wrong) = contradiction(event, &report.attempt) {
            Some(Refusal::bad_field("report.code", wrong))
        } else if (event == ReportEvent::Attempt || !asked)
            && report.attempt.at != Party::Unnamed
            && table.party(&report.attempt.at).is_none()
        {
            // The end of a call that was asked for counts all the same: its supplier may have left
            // the table meanwhile.
            let message =
                "names no supplier of the table (a gateway goes by its id or its whole URI)";
            Some(Refusal::bad_field("report", message))
        } else {
            None
        };
        if let Some(refusal) = refusal {
            if speaks {
                let shape = desk.query.shape;
                answer::refuse(shape, &report.id, &refusal, None, channel.reply_max, out);
            }
            return Outcome::BadRequest;
        }
        self.live.totals.count_report(event);
        if let Some(call) = self.enter(key, moment) {
            self.hear_report(table, &call, event, &report.attempt, moment);
        }
        if speaks {
            answer::confirm(&report.id, out);
        }
        Outcome::Report
    }

    fn hear_report(
        &self,
        table: &Table,
        call: &Call<'_>,
        event: ReportEvent,
        attempt: &Attempt,
        moment: Moment,
    ) {
        let named = table.party(&attempt.at).and_then(|supplier| table.live_of(supplier));
        let named = named.map(|live| live.0);
        let index = attempt_index(call, attempt, named);
        let supplier = named.or(call.place(index).map(|place| place.supplier));
        let (Some(supplier), Some(code)) = (supplier, code_of(event, attempt)) else {
            return self.enter_phase(call, event, moment);
        };
        let local = event == ReportEvent::Attempt && attempt.is_local();
        let outcome = AttemptOutcome::of(code, local, attempt.pdd_ms.is_some());
        let first = self.count(call, &Heard { supplier, index, attempt, outcome });
        if event != ReportEvent::Attempt {
            return self.enter_phase(call, event, moment);
        }
        // The place is the supplier's, wherever the script's own counting of attempts stands.
        let place = place_of(call, index, supplier);
        let row = place.and_then(|place| call.place(place)).map_or(0, |place| place.policy);
        let policy = policy_of(table, row, supplier);
        let goes_on = policy.rules.verdict(code, local) == Verdict::Continue;
        let known = call.state().asked;
        let next = place.and_then(|place| call.place(place + 1)).map(|place| place.supplier);
        if first && goes_on && (next.is_some() || !known) && next != Some(supplier) {
            self.count_failover(call, place.unwrap_or(index), supplier, next, attempt);
        }
        if known && (!goes_on || next.is_none()) {
            call.enter_phase(Phase::Failed, moment.mono_ms);
        }
    }

    fn enter_phase(&self, call: &Call<'_>, event: ReportEvent, moment: Moment) {
        let phase = match event {
            ReportEvent::Attempt => Phase::Open,
            ReportEvent::Answer => Phase::Answered,
            ReportEvent::Cancel | ReportEvent::End => Phase::Over,
        };
        call.enter_phase(phase, moment.mono_ms);
    }

    /// Counts the failures that a question tells of; `selection` is what it will be offered next.
    pub(super) fn hear_failures(
        &self,
        asked: &Asked<'_>,
        failures: &[Failure<'_>],
        next: Next,
        selection: &Selection,
    ) {
        if failures.is_empty() {
            return;
        }
        let Some(call) = self.enter(asked.key, asked.moment) else { return };
        let live_of = |supplier| asked.table.live_of(supplier).map(|live: LiveIndex| live.0);
        let offered = match next {
            Next::Offer { .. } => selection.places.first().map(|place| place.supplier),
            Next::Stop(_) | Next::Exhausted(_) => None,
        };
        let successors = failures.iter().skip(1).map(|failure| failure.supplier).chain([offered]);
        for ((position, failure), successor) in failures.iter().enumerate().zip(successors) {
            let Some(supplier) = failure.supplier.and_then(live_of) else { continue };
            let attempt = failure.attempt;
            let index = attempt.number.map_or(position, |number| number as usize - 1);
            let rang = attempt.pdd_ms.is_some();
            let outcome = AttemptOutcome::of(attempt.final_code(), attempt.is_local(), rang);
            let first = self.count(&call, &Heard { supplier, index, attempt, outcome });
            let to = successor.and_then(live_of);
            let goes_on = failure.verdict() == Verdict::Continue;
            if first && goes_on && to.is_some() && to != Some(supplier) {
                let place = place_of(&call, index, supplier).unwrap_or(index);
                self.count_failover(&call, place, supplier, to, attempt);
            }
        }
    }

    /// Counts an attempt; `false` when it was heard of before, and keeps its first outcome.
    fn count(&self, call: &Call<'_>, heard: &Heard<'_>) -> bool {
        if !call.hear(heard.index) {
            return false;
        }
        let Some(figures) = self.live.suppliers.get(heard.supplier) else { return true };
        let sent = heard.attempt.code.filter(|_| !heard.attempt.local);
        figures.count_attempt(heard.outcome, sent);
        if let Some(pdd_ms) = heard.attempt.pdd_ms {
            figures.pdd_ms.record(u64::from(pdd_ms), 1);
        }
        true
    }

    fn count_failover(
        &self,
        call: &Call<'_>,
        place: usize,
        from: u16,
        to: Option<u16>,
        attempt: &Attempt,
    ) {
        if call.leave(place) {
            let class = match attempt.is_local() {
                true => CodeClass::Timeout,
                false => CodeClass::Class(attempt.final_code().class()),
            };
            self.live.pairs.count(Pair { from, to, class });
        }
    }

    /// A call for which nothing is left.
    pub(super) fn end_call(&self, key: u64, moment: Moment) {
        if let Some(call) = self.live.calls.find(key, moment.mono_ms) {
            call.enter_phase(Phase::Failed, moment.mono_ms);
        }
    }

    fn enter(&self, key: u64, moment: Moment) -> Option<Call<'_>> {
        self.live.calls.enter(key, moment.mono_ms, &mut |lost| self.lose(lost))
    }

    /// Counts a call that was forgotten before its end was heard of.
    pub(super) fn lose(&self, lost: Lost) {
        if lost.unreported {
            self.live.totals.unreported.fetch_add(1, Relaxed);
        }
        let figures = lost.supplier.and_then(|supplier| self.live.suppliers.get(supplier));
        if let Some(figures) = figures {
            figures.count_attempt(AttemptOutcome::Unknown, None);
        }
    }

    /// Forgets calls whose time is over, a part of them at a time (`part` counts up).
    pub fn sweep(&self, part: usize, moment: Moment) {
        self.live.calls.sweep(part, moment.mono_ms, &mut |lost| self.lose(lost));
    }
}

/// What is wrong with a code beside its event.
fn contradiction(event: ReportEvent, attempt: &Attempt) -> Option<&'static str> {
    match (event, attempt.code?.class()) {
        (_, 1) => Some("must be a final code: 200 to 699"),
        (ReportEvent::Answer, 3..) => Some("must be a 2xx code: this call is said to be answered"),
        (ReportEvent::Attempt, 2) => Some("must be 300 to 699: an answer is the event `answer`"),
        _ => None,
    }
}

/// The code with which an attempt ended; `None`: the event is of the call, not of an attempt.
fn code_of(event: ReportEvent, attempt: &Attempt) -> Option<SipCode> {
    match event {
        ReportEvent::Attempt => Some(attempt.final_code()),
        ReportEvent::Cancel => SipCode::new(487),
        ReportEvent::Answer => SipCode::new(200),
        ReportEvent::End => None,
    }
}

/// Which attempt of the call a report means, from 0: the one that it says; else the first place of its
/// supplier that was not heard of, else the first such place, for the report is doubled. A call that
/// was never asked for gets the supplier as a place.
fn attempt_index(call: &Call<'_>, attempt: &Attempt, supplier: Option<u16>) -> usize {
    if let Some(number) = attempt.number {
        return (number as usize).saturating_sub(1);
    }
    let state = call.state();
    let is_open = |index: &usize| state.heard >> index & 1 == 0;
    let first_open = || (0..CALL_PLACES_MAX).find(is_open).unwrap_or(CALL_PLACES_MAX - 1);
    let Some(supplier) = supplier else { return first_open() };
    let mut his = places_of(call, supplier);
    let place = his.clone().find(is_open).or_else(|| his.next());
    let appended = || if state.asked { None } else { call.append(supplier) };
    place.or_else(appended).unwrap_or_else(first_open)
}

/// The places at which a supplier was offered.
fn places_of<'c>(call: &'c Call<'_>, supplier: u16) -> impl Iterator<Item = usize> + Clone + 'c {
    let is_his =
        move |index: &usize| call.place(*index).is_some_and(|place| place.supplier == supplier);
    (0..CALL_PLACES_MAX).filter(is_his)
}

/// The place of an attempt at a supplier: that of its number if it is his, else his first one.
fn place_of(call: &Call<'_>, index: usize, supplier: u16) -> Option<usize> {
    let mut his = places_of(call, supplier);
    his.clone().find(|place| *place == index).or_else(|| his.next())
}

/// The policy of a remembered place: its row's, by number, else its supplier's, else the default.
fn policy_of(table: &Table, row: u8, live: u16) -> &TablePolicy {
    let supplier = table.suppliers.by_live(LiveIndex(live));
    table
        .failover
        .policy(table.failover.numbered(row), supplier.and_then(|supplier| supplier.policy))
}
