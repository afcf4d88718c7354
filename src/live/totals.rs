//! Counters of the whole process.

use super::histogram::{Histogram, REQUEST_BOUNDS_NS};
use crate::model::outcome::{Outcome, Protocol, ReportEvent};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counters that have no supplier.
#[derive(Debug)]
pub struct Totals {
    requests: [[AtomicU64; Outcome::COUNT]; Protocol::COUNT],
    reports: [AtomicU64; ReportEvent::COUNT],
    /// Nanoseconds from a request's arrival in our hands to its finished answer.
    pub duration_ns: Histogram,
    /// Calls for which nothing was left.
    pub exhausted: AtomicU64,
    /// Lookups that no profile and no row served.
    pub no_route: AtomicU64,
    /// Lookups that nothing was ever reported of.
    pub unreported: AtomicU64,
    /// TCP connections held now.
    pub connections: AtomicU64,
    /// TCP connections refused for lack of room.
    pub connections_refused: AtomicU64,
}

impl Default for Totals {
    fn default() -> Self {
        Self {
            requests: Default::default(),
            reports: Default::default(),
            duration_ns: Histogram::new(REQUEST_BOUNDS_NS),
            exhausted: AtomicU64::new(0),
            no_route: AtomicU64::new(0),
            unreported: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            connections_refused: AtomicU64::new(0),
        }
    }
}

impl Totals {
    /// Counts a message by how it ended.
    pub fn count(&self, protocol: Protocol, outcome: Outcome) {
        if let Some(counter) =
            self.requests.get(protocol.index()).and_then(|row| row.get(outcome.index()))
        {
            counter.fetch_add(1, Relaxed);
        }
    }

    /// How many messages ended so.
    #[must_use]
    pub fn requests(&self, protocol: Protocol, outcome: Outcome) -> u64 {
        self.requests
            .get(protocol.index())
            .and_then(|row| row.get(outcome.index()))
            .map_or(0, |counter| counter.load(Relaxed))
    }

    /// Counts a report.
    pub fn count_report(&self, event: ReportEvent) {
        if let Some(counter) = self.reports.get(event.index()) {
            counter.fetch_add(1, Relaxed);
        }
    }

    /// How many reports said so.
    #[must_use]
    pub fn reports(&self, event: ReportEvent) -> u64 {
        self.reports.get(event.index()).map_or(0, |counter| counter.load(Relaxed))
    }
}
