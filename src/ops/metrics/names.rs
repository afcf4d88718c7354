//! Every metric: its name, kind, labels and meaning, once.
//!
//! A name here is part of the contract with dashboards and alerts. Label sets are bounded: a supplier
//! is one that a table named, a code is one of 600, everything else is a closed set.

use metrics::Unit;

/// What a metric is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It is what it is now.
    Gauge,
    /// Counts by bucket, with their sum.
    Histogram,
}

impl Kind {
    /// The word of the exposition format.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// One metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Its labels (without the `le` of a histogram's buckets).
    pub labels: &'static [&'static str],
    /// What it counts.
    pub unit: Unit,
    /// What it says, a sentence without a full stop.
    pub help: &'static str,
}

macro_rules! metrics {
    ($($constant:ident = $name:literal $kind:ident [$($label:literal),*] $unit:ident $help:literal;)+) => {
        $(
            #[doc = $help]
            pub const $constant: Metric = Metric {
                name: $name,
                kind: Kind::$kind,
                labels: &[$($label),*],
                unit: Unit::$unit,
                help: $help,
            };
        )+

        /// All of them.
        pub const ALL: &[Metric] = &[$($constant),+];
    };
}

metrics! {
    REQUESTS = "siproute_requests_total" Counter ["protocol", "outcome"] Count
        "Messages, by how they came and how they ended; each ends in exactly one outcome";
    REQUEST_DURATION = "siproute_request_duration_seconds" Histogram [] Seconds
        "From a message in our hands to its finished answer; messages of one batch share its mean";
    ROUTES_OFFERED = "siproute_routes_offered_total" Counter ["supplier", "position"] Count
        "Routes in answers, by supplier and place in the answer; 17+ is every place behind the 16th";
    NO_ROUTE = "siproute_no_route_total" Counter [] Count
        "Questions that no profile and no row served";
    ATTEMPTS = "siproute_attempts_total" Counter ["supplier", "outcome"] Count
        "Attempts at a supplier that ended, from reports and from the failed of questions";
    ATTEMPT_RESPONSES = "siproute_attempt_responses_total" Counter ["supplier", "code"] Count
        "Final SIP codes that a supplier sent";
    FAILOVERS = "siproute_failovers_total" Counter ["from", "to", "code_class"] Count
        "Calls that went on from one supplier to the next, and after what";
    EXHAUSTED = "siproute_exhausted_total" Counter [] Count
        "Calls for which no supplier, attempt or time was left";
    PDD = "siproute_pdd_seconds" Histogram ["supplier"] Seconds
        "Post-dial delay of attempts, as reported";
    REPORTS = "siproute_reports_total" Counter ["event"] Count
        "Reports that were taken";
    UNREPORTED = "siproute_lookups_unreported_total" Counter [] Count
        "Calls that were forgotten without any report of them";
    TABLE_GENERATION = "siproute_table_generation" Gauge [] Count
        "Publications since the start: the table in force is the latest one";
    TABLE_ROUTES = "siproute_table_routes" Gauge [] Count
        "Rows of the layered table and routes of profiles in force";
    TABLE_INFO = "siproute_table_info" Gauge ["fingerprint"] Count
        "1 for the fingerprint of the table in force; nodes that read the same files have the same";
    RELOAD_SUCCESSFUL = "siproute_config_last_reload_successful" Gauge [] Count
        "1 when the last reload was not refused, else 0";
    RELOAD_SUCCESS_TIME = "siproute_config_last_reload_success_timestamp_seconds" Gauge [] Seconds
        "When the files were last read without a refusal (Unix time)";
    RELOAD_FAILURES = "siproute_reload_failures_total" Counter ["stage"] Count
        "Reloads that were refused, by what refused them";
    RELOAD_DURATION = "siproute_reload_duration_seconds" Gauge [] Seconds
        "How long the last reload took";
    TCP_CONNECTIONS = "siproute_tcp_connections" Gauge [] Count
        "Connections on the lookup port now";
    TCP_REJECTED = "siproute_tcp_rejected_total" Counter [] Count
        "Connections closed at once: limits.tcp_connections_max were held, or all that the admin port has";
    UDP_DROPS = "siproute_udp_kernel_drops_total" Counter [] Count
        "Datagrams that the kernel dropped on our sockets: they came faster than they were read";
    BUILD_INFO = "siproute_build_info" Gauge ["version"] Count
        "1 for the version that runs";
    START_TIME = "process_start_time_seconds" Gauge [] Seconds
        "When the process began (Unix time)";
    RESIDENT = "process_resident_memory_bytes" Gauge [] Bytes
        "Memory in use";
}

/// The list for people: each metric with its kind, its labels and what it says.
#[must_use]
pub fn list() -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for metric in ALL {
        let labels = metric.labels.join(", ");
        let labels = if labels.is_empty() { labels } else { format!(" {{{labels}}}") };
        // Writing to a string cannot fail.
        let _ =
            writeln!(text, "{}{labels} {}\n    {}", metric.name, metric.kind.word(), metric.help);
    }
    text
}
