//! A histogram of plain atomics: a count and a sum for each bucket.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Buckets of a set of bounds; what lies above the last bound has a bucket of its own.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [u64],
    buckets: Box<[Bucket]>,
}

#[derive(Debug, Default)]
struct Bucket {
    count: AtomicU64,
    sum: AtomicU64,
}

/// Upper bounds of a request's duration, nanoseconds.
pub const REQUEST_BOUNDS_NS: &[u64] = &[
    1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000,
    5_000_000, 10_000_000, 20_000_000, 50_000_000,
];

/// Upper bounds of post-dial delay, milliseconds.
pub const PDD_BOUNDS_MS: &[u64] = &[
    100, 250, 500, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 15_000, 30_000,
];

impl Histogram {
    /// An empty histogram.
    #[must_use]
    pub fn new(bounds: &'static [u64]) -> Self {
        Self { bounds, buckets: (0..=bounds.len()).map(|_| Bucket::default()).collect() }
    }

    /// Counts `times` samples of `value`.
    pub fn record(&self, value: u64, times: u64) {
        let index = self.bounds.partition_point(|bound| *bound < value);
        if let Some(bucket) = self.buckets.get(index) {
            bucket.count.fetch_add(times, Relaxed);
            bucket.sum.fetch_add(value.saturating_mul(times), Relaxed);
        }
    }

    /// Upper bounds of the buckets, but for the last one, which has none.
    #[must_use]
    pub fn bounds(&self) -> &'static [u64] {
        self.bounds
    }

    /// Count and sum of every bucket so far, lowest first.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.buckets.iter().map(|bucket| (bucket.count.load(Relaxed), bucket.sum.load(Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_falls_into_the_first_bucket_whose_bound_it_does_not_exceed() {
        let histogram = Histogram::new(&[10, 20]);
        for value in [0, 10, 11, 20, 21, 1000] {
            histogram.record(value, 1);
        }
        histogram.record(15, 3);
        assert_eq!(histogram.buckets().collect::<Vec<_>>(), [(2, 10), (5, 76), (2, 1021)]);
    }
}
