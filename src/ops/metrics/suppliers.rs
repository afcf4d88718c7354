//! Handles of one supplier's counters.
//!
//! Outcomes of attempts are there from the first scrape on, so that a rate sees the first failure;
//! positions and codes come into being when they are first counted.

use super::{counter, names};
use crate::live::suppliers::SupplierFigures;
use crate::model::limits::CALL_PLACES_MAX;
use crate::model::outcome::AttemptOutcome;
use metrics::{Counter, Recorder};
use std::collections::BTreeMap;

/// The handles.
pub(super) struct SupplierHandles {
    attempts: Vec<(AttemptOutcome, Counter)>,
    offers: BTreeMap<usize, Counter>,
    responses: BTreeMap<u16, Counter>,
}

impl SupplierHandles {
    pub(super) fn new(recorder: &dyn Recorder, figures: &SupplierFigures) -> Self {
        let handle = |outcome: &AttemptOutcome| {
            let labels = [("supplier", figures.id.as_str()), ("outcome", outcome.label())];
            (*outcome, counter(recorder, &names::ATTEMPTS, &labels))
        };
        Self {
            attempts: AttemptOutcome::ALL.iter().map(handle).collect(),
            offers: BTreeMap::new(),
            responses: BTreeMap::new(),
        }
    }

    pub(super) fn copy(&mut self, recorder: &dyn Recorder, figures: &SupplierFigures) {
        let supplier = ("supplier", figures.id.as_str());
        for (outcome, handle) in &self.attempts {
            handle.absolute(figures.attempts(*outcome));
        }
        for (place, count) in figures.offers().enumerate().filter(|(_, count)| *count > 0) {
            let handle = self.offers.entry(place).or_insert_with(|| {
                let labels = [supplier, ("position", &position(place))];
                counter(recorder, &names::ROUTES_OFFERED, &labels)
            });
            handle.absolute(count);
        }
        for (code, count) in figures.responses() {
            let handle = self.responses.entry(code).or_insert_with(|| {
                let labels = [supplier, ("code", &code.to_string())];
                counter(recorder, &names::ATTEMPT_RESPONSES, &labels)
            });
            handle.absolute(count);
        }
    }
}

/// Positions count from 1; what lies behind the last one that is told apart counts together.
fn position(place: usize) -> String {
    if place < CALL_PLACES_MAX {
        (place + 1).to_string()
    } else {
        format!("{}+", CALL_PLACES_MAX + 1)
    }
}
