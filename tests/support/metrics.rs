//! A siproute's metrics as somebody outside reads them.

use super::peer::ask;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Those of the siproute whose operators' port this is.
pub struct Metrics(pub SocketAddr);

impl Metrics {
    /// Every sample as of now, by its name and labels.
    pub fn read(&self) -> BTreeMap<String, f64> {
        let text = ask(self.0, "GET /metrics")
            .unwrap_or_else(|error| panic!("no metrics from {}: {error}", self.0))
            .body;
        let sample = |line: &str| {
            let (name, value) = line.rsplit_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        };
        text.lines().filter(|line| !line.starts_with('#')).filter_map(sample).collect()
    }

    /// The sum of a counter's samples whose labels hold all of `labels`.
    pub fn sum(&self, name: &str, labels: &[&str]) -> usize {
        let samples = self.read();
        let wanted = |sample: &str| {
            sample.split('{').next() == Some(name)
                && labels.iter().all(|label| sample.contains(label))
        };
        samples.iter().filter(|(sample, _)| wanted(sample)).map(|(_, value)| value).sum::<f64>()
            as usize
    }

    /// Fails the test unless the sum comes to `want`: reports follow the call.
    pub fn expect(&self, want: usize, name: &str, labels: &[&str]) {
        let end = Instant::now() + Duration::from_secs(3);
        let mut have = self.sum(name, labels);
        while have < want && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(50));
            have = self.sum(name, labels);
        }
        assert_eq!(have, want, "{name} {labels:?}");
    }
}
