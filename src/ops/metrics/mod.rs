//! What Prometheus reads: plain counters of the lookup path, copied into handles at a scrape.
//!
//! The recorder is this process's object, not the program's global one, so that several can live side
//! by side. Handles are registered once. Nothing on the lookup path knows of any of this.

pub mod names;
mod suppliers;
mod text;

use super::kernel;
use crate::live::Live;
use crate::live::pairs::Pair;
use crate::model::outcome::{Outcome, Protocol, ReportEvent};
use crate::model::supplier::UNDECLARED;
use metrics::{Counter, Gauge, Key, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use names::{Kind, Metric};
use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;
use suppliers::SupplierHandles;

/// What is known of the table in force and of reloads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableFigures {
    /// Which publication it is, from 1.
    pub generation: u64,
    /// A short hash of what it was read from.
    pub fingerprint: String,
    /// Rows and routes of profiles.
    pub routes: usize,
    /// Whether the last reload was not refused.
    pub last_reload_successful: bool,
    /// When the files were last read without a refusal (Unix seconds).
    pub last_success_s: i64,
    /// Refused reloads by stage.
    pub failures: Vec<(&'static str, u64)>,
    /// How long the last reload took, seconds.
    pub last_duration_s: f64,
}

/// The metrics of one process.
pub struct Metrics {
    recorder: PrometheusRecorder,
    sockets: kernel::Sockets,
    exporter: PrometheusHandle,
    requests: Vec<(Protocol, Outcome, Counter)>,
    reports: Vec<(ReportEvent, Counter)>,
    counters: HashMap<&'static str, Counter>,
    gauges: HashMap<&'static str, Gauge>,
    suppliers: Vec<SupplierHandles>,
    failovers: HashMap<(u16, Option<u16>, &'static str), Counter>,
}

impl Metrics {
    /// Registers everything that is known beforehand; sockets that are opened later are not seen.
    #[must_use]
    pub fn new() -> Self {
        let recorder = PrometheusBuilder::new().build_recorder();
        let simple = |kind| {
            names::ALL.iter().filter(move |metric| metric.kind == kind && metric.labels.is_empty())
        };
        let mut metrics = Self {
            sockets: kernel::Sockets::open(),
            exporter: recorder.handle(),
            requests: Vec::new(),
            reports: Vec::new(),
            counters: simple(Kind::Counter)
                .map(|metric| (metric.name, counter(&recorder, metric, &[])))
                .collect(),
            gauges: simple(Kind::Gauge)
                .map(|metric| (metric.name, gauge(&recorder, metric, &[])))
                .collect(),
            suppliers: Vec::new(),
            failovers: HashMap::new(),
            recorder,
        };
        metrics.describe();
        metrics.register();
        metrics
    }

    fn describe(&self) {
        for metric in names::ALL {
            let (name, unit, help) = (metric.name.into(), Some(metric.unit), metric.help.into());
            match metric.kind {
                Kind::Counter => self.recorder.describe_counter(name, unit, help),
                Kind::Gauge => self.recorder.describe_gauge(name, unit, help),
                // Written by hand, see `text`.
                Kind::Histogram => {}
            }
        }
    }

    fn register(&mut self) {
        for protocol in Protocol::ALL {
            for outcome in Outcome::ALL {
                let labels = [("protocol", protocol.label()), ("outcome", outcome.label())];
                let handle = counter(&self.recorder, &names::REQUESTS, &labels);
                self.requests.push((*protocol, *outcome, handle));
            }
        }
        for event in ReportEvent::ALL {
            let labels = [("event", event.label())];
            self.reports.push((*event, counter(&self.recorder, &names::REPORTS, &labels)));
        }
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        gauge(&self.recorder, &names::BUILD_INFO, &version).set(1.0);
        self.set(&names::START_TIME, kernel::start_time_s());
    }

    /// Everything as of now, in Prometheus' text format.
    pub fn scrape(&mut self, live: &Live, table: &TableFigures) -> String {
        self.copy_totals(live);
        self.copy_suppliers(live);
        self.copy_failovers(live);
        self.copy_table(table);
        let mut out = self.exporter.render();
        text::head(&names::TABLE_INFO, &mut out);
        text::sample(&names::TABLE_INFO, "fingerprint", &table.fingerprint, 1.0, &mut out);
        text::head(&names::REQUEST_DURATION, &mut out);
        let duration = &live.totals.duration_ns;
        text::histogram(&names::REQUEST_DURATION, "", duration, 1e9, &mut out);
        text::head(&names::PDD, &mut out);
        for figures in live.suppliers.iter() {
            if figures.pdd_ms.buckets().any(|(count, _)| count > 0) {
                let label = text::pair("supplier", &figures.id);
                text::histogram(&names::PDD, &label, &figures.pdd_ms, 1e3, &mut out);
            }
        }
        out
    }

    fn copy_totals(&self, live: &Live) {
        let totals = &live.totals;
        for (protocol, outcome, handle) in &self.requests {
            handle.absolute(totals.requests(*protocol, *outcome));
        }
        for (event, handle) in &self.reports {
            handle.absolute(totals.reports(*event));
        }
        for (metric, value) in [
            (&names::NO_ROUTE, &totals.no_route),
            (&names::EXHAUSTED, &totals.exhausted),
            (&names::UNREPORTED, &totals.unreported),
            (&names::TCP_REJECTED, &totals.connections_refused),
        ] {
            self.count(metric, value.load(Relaxed));
        }
        self.set(&names::TCP_CONNECTIONS, Some(totals.connections.load(Relaxed) as f64));
        self.set(&names::RESIDENT, kernel::resident_bytes());
        self.count(&names::UDP_DROPS, self.sockets.udp_drops());
    }

    fn copy_suppliers(&mut self, live: &Live) {
        for (index, figures) in live.suppliers.iter().enumerate() {
            if self.suppliers.len() <= index {
                self.suppliers.push(SupplierHandles::new(&self.recorder, figures));
            }
            if let Some(handles) = self.suppliers.get_mut(index) {
                handles.copy(&self.recorder, figures);
            }
        }
    }

    fn copy_failovers(&mut self, live: &Live) {
        let id_of = |index: u16| live.suppliers.get(index).map_or(UNDECLARED, |it| it.id.as_str());
        for (Pair { from, to, class }, count) in live.pairs.iter() {
            let handle = self.failovers.entry((from, to, class.label())).or_insert_with(|| {
                let to = to.map_or("unknown", id_of);
                let labels = [("from", id_of(from)), ("to", to), ("code_class", class.label())];
                counter(&self.recorder, &names::FAILOVERS, &labels)
            });
            handle.absolute(count);
        }
        let other = live.pairs.other();
        if other > 0 {
            let labels = [("from", "other"), ("to", "other"), ("code_class", "other")];
            counter(&self.recorder, &names::FAILOVERS, &labels).absolute(other);
        }
    }

    fn copy_table(&self, table: &TableFigures) {
        for (stage, count) in &table.failures {
            let labels = [("stage", *stage)];
            counter(&self.recorder, &names::RELOAD_FAILURES, &labels).absolute(*count);
        }
        for (metric, value) in [
            (&names::TABLE_GENERATION, table.generation as f64),
            (&names::TABLE_ROUTES, table.routes as f64),
            (&names::RELOAD_SUCCESSFUL, f64::from(u8::from(table.last_reload_successful))),
            (&names::RELOAD_SUCCESS_TIME, table.last_success_s as f64),
            (&names::RELOAD_DURATION, table.last_duration_s),
        ] {
            self.set(metric, Some(value));
        }
    }

    fn count(&self, metric: &Metric, value: u64) {
        if let Some(handle) = self.counters.get(metric.name) {
            handle.absolute(value);
        }
    }

    fn set(&self, metric: &Metric, value: Option<f64>) {
        if let Some((handle, value)) = self.gauges.get(metric.name).zip(value) {
            handle.set(value);
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

fn key(metric: &Metric, labels: &[(&'static str, &str)]) -> Key {
    let labels: Vec<Label> =
        labels.iter().map(|(name, value)| Label::new(*name, (*value).to_owned())).collect();
    Key::from_parts(metric.name, labels)
}

/// The recorder asks for it and does not use it.
const METADATA: Metadata<'static> = Metadata::new("siproute", Level::INFO, None);

/// The handle of a counter with these labels.
fn counter(recorder: &dyn Recorder, metric: &Metric, labels: &[(&'static str, &str)]) -> Counter {
    recorder.register_counter(&key(metric, labels), &METADATA)
}

/// The handle of a gauge with these labels.
fn gauge(recorder: &dyn Recorder, metric: &Metric, labels: &[(&'static str, &str)]) -> Gauge {
    recorder.register_gauge(&key(metric, labels), &METADATA)
}
