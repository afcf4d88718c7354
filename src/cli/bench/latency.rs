//! Latencies in fixed logarithmic buckets: 32 to each power of two, so that a value is off by 3 % at
//! most, whatever its size.

/// Buckets to a power of two.
const PARTS: u64 = 32;
const BUCKETS: usize = (64 * PARTS) as usize;

/// How often each latency was seen.
#[derive(Debug, Clone)]
pub(super) struct Latencies {
    buckets: Vec<u64>,
    count: u64,
}

impl Default for Latencies {
    fn default() -> Self {
        Self { buckets: vec![0; BUCKETS], count: 0 }
    }
}

impl Latencies {
    pub(super) fn record(&mut self, ns: u64) {
        if let Some(bucket) = self.buckets.get_mut(bucket_of(ns)) {
            *bucket += 1;
            self.count += 1;
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (bucket, more) in self.buckets.iter_mut().zip(&other.buckets) {
            *bucket += more;
        }
        self.count += other.count;
    }

    /// The least latency that this share of all does not exceed; nanoseconds.
    pub(super) fn percentile(&self, percent: f64) -> Option<u64> {
        let rank = ((self.count as f64 * percent / 100.0).ceil() as u64).max(1);
        let mut seen = 0;
        let found = self.buckets.iter().position(|bucket| {
            seen += bucket;
            seen >= rank
        });
        found.map(upper_bound)
    }
}

/// Values below `PARTS` have a bucket each; above, the five bits behind the first one count.
fn bucket_of(ns: u64) -> usize {
    let bits = u64::from(ns.max(1).ilog2());
    let shift = bits.saturating_sub(u64::from(PARTS.ilog2()));
    (shift * PARTS + (ns >> shift)) as usize
}

fn upper_bound(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < 2 * PARTS {
        return bucket;
    }
    let shift = bucket / PARTS - 1;
    ((bucket - shift * PARTS + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_never_wider_than_a_thirtysecond_of_its_value() {
        let mut last = 0;
        for ns in (0..5000).chain((0..60).map(|power| (1_u64 << power) + 12_345)) {
            let bound = upper_bound(bucket_of(ns));
            assert!(bound >= ns && bound - ns <= ns / PARTS, "{ns} in {bound}");
            if ns < 5000 {
                assert!(bucket_of(ns) == last || bucket_of(ns) == last + 1, "{ns}");
                last = bucket_of(ns);
            }
        }
        assert!(bucket_of(u64::MAX) < BUCKETS);
    }

    #[test]
    fn percentiles_are_ranks() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.percentile(50.0), None);
        for ns in 1..=10 {
            latencies.record(ns);
        }
        let mut more = Latencies::default();
        more.record(20);
        latencies.merge(&more);
        let got = [0.0, 50.0, 90.0, 99.9, 100.0].map(|percent| latencies.percentile(percent));
        assert_eq!(got, [1, 6, 10, 20, 20].map(Some));
        assert_eq!(latencies.count(), 11);
    }
}
