//! The real program on all its ports, spoken to byte by byte.

use super::daemon::Daemon;
use super::folder::Folder;
use super::metrics::Metrics;
use super::peer::{Peer, Reply, ask};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Two suppliers for everyone.
pub const TABLE: &str = r#"
[[supplier]]
id = "alfa"
dispatcher_set = 10
gateways = ["sip:192.0.2.10"]
[[supplier]]
id = "beta"
dispatcher_set = 20
gateways = ["sip:192.0.2.20"]
[[route]]
target = "+49"
supplier = "alfa"
priority = 1
[[route]]
target = "+49"
supplier = "beta"
priority = 2
"#;

/// A question for it, and what it is answered.
pub const QUESTION: &str = r#"{"id":"q1","event":{"Destination":"+4930123"},"as":"sets"}"#;
pub const ANSWER: &str = "ok q1 10,20";

/// A running program in a folder of its own.
pub struct Wire {
    pub daemon: Daemon,
    pub folder: Folder,
}

impl Wire {
    pub fn start(name: &str) -> Self {
        Self::with_settings(name, "")
    }

    /// With more settings, tables of settings in front.
    pub fn with_settings(name: &str, more: &str) -> Self {
        let folder = Folder::new(name);
        folder.write("routes.toml", TABLE);
        let listen = "tcp = [\"127.0.0.1:0\"]\nadmin = \"127.0.0.1:0\"\n";
        let daemon = Daemon::start(&folder.settings(&format!("{listen}{more}")));
        Self { daemon, folder }
    }

    pub fn tcp(&self) -> Peer {
        Peer::to(self.daemon.tcp.unwrap())
    }

    pub fn admin(&self, request: &str) -> Reply {
        ask(self.daemon.admin.unwrap(), request)
            .unwrap_or_else(|error| panic!("{error}; its log: {}", self.daemon.log()))
    }

    /// Every sample as of now, by its name and labels.
    pub fn metrics(&self) -> BTreeMap<String, f64> {
        Metrics(self.daemon.admin.unwrap()).read()
    }

    /// Messages that ended so.
    pub fn outcome(&self, protocol: &str, outcome: &str) -> f64 {
        let name =
            format!("siproute_requests_total{{protocol=\"{protocol}\",outcome=\"{outcome}\"}}");
        self.metrics()[&name]
    }

    /// All messages so far.
    pub fn messages(&self) -> f64 {
        let metrics = self.metrics();
        let requests = metrics.iter().filter(|(name, _)| name.starts_with("siproute_requests_"));
        requests.map(|(_, value)| value).sum()
    }

    /// Waits until an outcome was counted so often.
    pub fn until(&self, protocol: &str, outcome: &str, count: f64) {
        let start = Instant::now();
        while self.outcome(protocol, outcome) < count {
            assert!(
                start.elapsed() < Duration::from_secs(5),
                "{outcome} on {protocol}: {}, not {count}",
                self.outcome(protocol, outcome)
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
