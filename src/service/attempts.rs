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
use crate::table::supplier::{LiveIndex, SupplierIndex};
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
        let refusal = if report.id.is_empty() {
            Some(Refusal::bad_field("id", "is missing: it says which call is meant"))
        } else if report.attempt.at != Party::Unnamed
            && table.suppliers.of_party(&report.attempt.at).is_none()
        {
            Some(Refusal::bad_field("report", "names no supplier of the table"))
        } else {
            None
        };
        if let Some(refusal) = refusal {
            if speaks {
                answer::refuse(desk.query.shape, &report.id, &refusal, None, out);
            }
            return Outcome::BadRequest;
        }
        let success = report.attempt.code.is_some_and(|code| code.class() == 2);
        let event = report.event.unwrap_or(if success {
            ReportEvent::Answer
        } else {
            ReportEvent::Attempt
        });
        self.live.totals.count_report(event);
        let key = self.call_key(&report.tenant, &report.id);
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
        let named = table.suppliers.of_party(&attempt.at);
        let named =
            named.and_then(|index| table.suppliers.get(index)).map(|supplier| supplier.live.0);
        let index = attempt_index(call, attempt, named);
        let place = call.place(index);
        let Some(supplier) = named.or(place.map(|place| place.supplier)) else {
            return self.enter_phase(call, event, moment);
        };
        let code = match event {
            ReportEvent::Attempt => attempt.final_code(),
            ReportEvent::Cancel => SipCode::new(487).unwrap_or(SipCode::TIMEOUT),
            ReportEvent::Answer => SipCode::new(200).unwrap_or(SipCode::TIMEOUT),
            ReportEvent::End => return self.enter_phase(call, event, moment),
        };
        let local = event == ReportEvent::Attempt && attempt.is_local();
        let rang = attempt.pdd_ms.is_some();
        let outcome = AttemptOutcome::of(code, local, rang);
        self.count(call, &Heard { supplier, index, attempt, outcome });
        if event != ReportEvent::Attempt {
            return self.enter_phase(call, event, moment);
        }
        let row = place.filter(|place| place.supplier == supplier).map_or(0, |place| place.policy);
        let policy = policy_of(table, row, supplier);
        let goes_on = policy.rules.verdict(code, local) == Verdict::Continue;
        let known = call.state().asked;
        let next = call.place(index + 1).map(|place| place.supplier);
        if goes_on && (next.is_some() || !known) && next != Some(supplier) {
            self.count_failover(call, index, supplier, next, attempt);
        }
        if known && (!goes_on || next.is_none()) {
            call.enter_phase(Phase::Over, moment.mono_ms);
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
        let live_of = |supplier: SupplierIndex| {
            asked.table.suppliers.get(supplier).map(|supplier| supplier.live.0)
        };
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
            self.count(&call, &Heard { supplier, index, attempt, outcome });
            let to = successor.and_then(live_of);
            if failure.verdict() == Verdict::Continue && to.is_some() && to != Some(supplier) {
                self.count_failover(&call, index, supplier, to, attempt);
            }
        }
    }

    /// Counts an attempt that was not heard of before.
    fn count(&self, call: &Call<'_>, heard: &Heard<'_>) {
        if !call.hear(heard.index) {
            return;
        }
        let Some(figures) = self.live.suppliers.get(heard.supplier) else { return };
        let sent = heard.attempt.code.filter(|_| !heard.attempt.local);
        figures.count_attempt(heard.outcome, sent);
        if let Some(pdd_ms) = heard.attempt.pdd_ms {
            figures.pdd_ms.record(u64::from(pdd_ms), 1);
        }
    }

    fn count_failover(
        &self,
        call: &Call<'_>,
        index: usize,
        from: u16,
        to: Option<u16>,
        attempt: &Attempt,
    ) {
        if call.leave(index) {
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
            call.enter_phase(Phase::Over, moment.mono_ms);
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

/// Which attempt of the call a report means, from 0: the one that it says, else the first place of
/// its supplier that was not heard of, else the first such place.
fn attempt_index(call: &Call<'_>, attempt: &Attempt, supplier: Option<u16>) -> usize {
    if let Some(number) = attempt.number {
        return (number as usize).saturating_sub(1);
    }
    let heard = call.state().heard;
    let mut open = (0..CALL_PLACES_MAX).filter(|index| heard >> index & 1 == 0);
    let first = open.clone().next().unwrap_or(CALL_PLACES_MAX - 1);
    open.find(|index| {
        supplier.is_some() && call.place(*index).map(|place| place.supplier) == supplier
    })
    .unwrap_or(first)
}

/// The policy of a remembered place: its row's, by number, else its supplier's, else the default.
fn policy_of(table: &Table, row: u8, live: u16) -> &TablePolicy {
    let supplier = table.suppliers.by_live(LiveIndex(live));
    table
        .failover
        .policy(table.failover.numbered(row), supplier.and_then(|supplier| supplier.policy))
}
