//! Figures by supplier, under a number that every table gives the same id.
//!
//! A supplier that a reload removes keeps its place: when it comes back, so do its figures.

use super::histogram::{Histogram, PDD_BOUNDS_MS};
use crate::model::limits::CALL_PLACES_MAX;
use crate::model::outcome::AttemptOutcome;
use crate::model::sip::SipCode;
use crate::model::supplier::UNDECLARED;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Codes 100 to 699.
const CODES: usize = 600;

/// What one supplier did.
#[derive(Debug)]
pub struct SupplierFigures {
    /// Its id.
    pub id: String,
    offered: [AtomicU64; CALL_PLACES_MAX + 1],
    attempts: [AtomicU64; AttemptOutcome::COUNT],
    responses: OnceLock<Box<[AtomicU64]>>,
    /// Post-dial delay, milliseconds.
    pub pdd_ms: Histogram,
}

impl SupplierFigures {
    fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            offered: Default::default(),
            attempts: Default::default(),
            responses: OnceLock::new(),
            pdd_ms: Histogram::new(PDD_BOUNDS_MS),
        }
    }

    /// Counts an offer at a position from 0; positions from 16 on count together.
    pub fn count_offer(&self, position: usize) {
        if let Some(counter) = self.offered.get(position.min(CALL_PLACES_MAX)) {
            counter.fetch_add(1, Relaxed);
        }
    }

    /// Offers by position from 0; the last entry is all positions from 16 on.
    pub fn offers(&self) -> impl Iterator<Item = u64> + '_ {
        self.offered.iter().map(|counter| counter.load(Relaxed))
    }

    /// Counts an attempt, with the code where the supplier itself sent one.
    pub fn count_attempt(&self, outcome: AttemptOutcome, code: Option<SipCode>) {
        if let Some(counter) = self.attempts.get(outcome.index()) {
            counter.fetch_add(1, Relaxed);
        }
        let Some(code) = code else { return };
        let responses =
            self.responses.get_or_init(|| (0..CODES).map(|_| AtomicU64::new(0)).collect());
        if let Some(counter) = responses.get(usize::from(code.get()) - 100) {
            counter.fetch_add(1, Relaxed);
        }
    }

    /// Attempts that ended so.
    #[must_use]
    pub fn attempts(&self, outcome: AttemptOutcome) -> u64 {
        self.attempts.get(outcome.index()).map_or(0, |counter| counter.load(Relaxed))
    }

    /// Codes that the supplier sent, with how often.
    pub fn responses(&self) -> impl Iterator<Item = (u16, u64)> + '_ {
        let counters = self.responses.get().map(Box::as_ref).unwrap_or_default();
        (100_u16..)
            .zip(counters)
            .map(|(code, counter)| (code, counter.load(Relaxed)))
            .filter(|(_, count)| *count > 0)
    }
}

/// All suppliers since the start.
#[derive(Debug)]
pub struct LiveSuppliers {
    figures: Box<[OnceLock<Box<SupplierFigures>>]>,
    /// Asked only when a table is built.
    indexes: Mutex<HashMap<String, u16>>,
}

impl LiveSuppliers {
    /// Room for so many suppliers, and for those together that nothing declares: every table has them, since
    /// an API may state a profile that names some.
    #[must_use]
    pub fn new(suppliers_max: usize) -> Self {
        let figures: Box<[OnceLock<Box<SupplierFigures>>]> =
            (0..=suppliers_max).map(|_| OnceLock::new()).collect();
        if let Some(first) = figures.first() {
            first.get_or_init(|| Box::new(SupplierFigures::new(UNDECLARED)));
        }
        Self { figures, indexes: Mutex::new(HashMap::from([(UNDECLARED.to_owned(), 0)])) }
    }

    /// The number of a supplier's figures, a new one if the id is new.
    ///
    /// # Errors
    /// When more suppliers came since the start than `limits.suppliers_max` has room for.
    pub fn index_of(&self, id: &str) -> Result<u16, String> {
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = indexes.get(id) {
            return Ok(*index);
        }
        let next = indexes.len();
        let place = self.figures.get(next).ok_or_else(|| {
            format!(
                "more than {} suppliers since the start: raise limits.suppliers_max and restart",
                next.saturating_sub(1)
            )
        })?;
        place.get_or_init(|| Box::new(SupplierFigures::new(id)));
        let index = u16::try_from(next).map_err(|error| error.to_string())?;
        indexes.insert(id.to_owned(), index);
        Ok(index)
    }

    /// The figures under a number.
    #[must_use]
    pub fn get(&self, index: u16) -> Option<&SupplierFigures> {
        self.figures.get(usize::from(index)).and_then(OnceLock::get).map(Box::as_ref)
    }

    /// All figures, in the order in which their suppliers came.
    pub fn iter(&self) -> impl Iterator<Item = &SupplierFigures> {
        self.figures.iter().map_while(OnceLock::get).map(Box::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_supplier_that_comes_back_finds_its_figures() {
        let live = LiveSuppliers::new(2);
        let index = live.index_of("alfa").unwrap();
        live.get(index).unwrap().count_attempt(AttemptOutcome::Failed, SipCode::new(503));
        assert_eq!(live.index_of("beta"), Ok(2));
        assert_eq!(live.index_of("alfa"), Ok(index));
        let full = live.index_of("gamma").unwrap_err();
        assert!(full.starts_with("more than 2 suppliers"), "{full}");
        assert!(full.contains("limits.suppliers_max"), "{full}");
        assert_eq!(live.index_of(UNDECLARED), Ok(0), "for which there is always room");
        let figures = live.get(index).unwrap();
        assert_eq!(figures.attempts(AttemptOutcome::Failed), 1);
        assert_eq!(figures.responses().collect::<Vec<_>>(), [(503, 1)]);
    }
}
