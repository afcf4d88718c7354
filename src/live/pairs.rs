//! Who failed over to whom, and after what: counters that come into being at first use.
//!
//! Open addressing in fixed memory. When the agreed number of pairs is reached, what is new counts
//! as one pair of `other`.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// Why a call went on: the class of the code, or a timeout of the proxy's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeClass {
    /// `3xx` to `6xx`.
    Class(u8),
    /// The proxy had no answer, or could not send.
    Timeout,
}

impl CodeClass {
    /// The label value.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Class(3) => "3xx",
            Self::Class(4) => "4xx",
            Self::Class(5) => "5xx",
            Self::Class(_) => "6xx",
            Self::Timeout => "timeout",
        }
    }

    fn bits(self) -> u64 {
        match self {
            Self::Class(class) => u64::from(class),
            Self::Timeout => 0,
        }
    }

    fn of_bits(bits: u64) -> Self {
        match bits {
            0 => Self::Timeout,
            class => Self::Class(class as u8 & 7),
        }
    }
}

/// One failover: from, to (`None`: not known), why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Number of the supplier that failed.
    pub from: u16,
    /// Number of the supplier that is tried next.
    pub to: Option<u16>,
    /// Why.
    pub class: CodeClass,
}

impl Pair {
    /// Never 0, which is an empty place.
    fn key(self) -> u64 {
        let to = self.to.map_or(0, |to| u64::from(to) + 1);
        1 << 63 | u64::from(self.from) << 32 | to << 8 | self.class.bits()
    }

    fn of_key(key: u64) -> Self {
        let to = (key >> 8) & 0xff_ffff;
        Self {
            from: (key >> 32) as u16,
            to: to.checked_sub(1).map(|to| to as u16),
            class: CodeClass::of_bits(key & 0xff),
        }
    }
}

/// The matrix of failovers.
#[derive(Debug)]
pub struct FailoverPairs {
    keys: Box<[AtomicU64]>,
    counts: Box<[AtomicU64]>,
    used: AtomicUsize,
    pairs_max: usize,
    other: AtomicU64,
}

impl FailoverPairs {
    /// Room for so many pairs.
    #[must_use]
    pub fn new(pairs_max: usize) -> Self {
        let places = (pairs_max * 2).next_power_of_two();
        let zeros = || (0..places).map(|_| AtomicU64::new(0)).collect();
        Self {
            keys: zeros(),
            counts: zeros(),
            used: AtomicUsize::new(0),
            pairs_max,
            other: AtomicU64::new(0),
        }
    }

    /// Counts a failover.
    pub fn count(&self, pair: Pair) {
        match self.place_of(pair.key()).and_then(|place| self.counts.get(place)) {
            Some(counter) => counter.fetch_add(1, Relaxed),
            None => self.other.fetch_add(1, Relaxed),
        };
    }

    fn place_of(&self, key: u64) -> Option<usize> {
        let mask = self.keys.len() - 1;
        // Fibonacci hashing; at most half of the places are ever taken, so the probe ends soon.
        let start = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize;
        for place in (0..self.keys.len()).map(|step| (start + step) & mask) {
            let slot = self.keys.get(place)?;
            match slot.load(Relaxed) {
                found if found == key => return Some(place),
                0 => {
                    if self.used.fetch_add(1, Relaxed) >= self.pairs_max {
                        self.used.fetch_sub(1, Relaxed);
                        return None;
                    }
                    match slot.compare_exchange(0, key, Relaxed, Relaxed) {
                        Ok(_) => return Some(place),
                        Err(found) => {
                            self.used.fetch_sub(1, Relaxed);
                            if found == key {
                                return Some(place);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// All pairs that were counted, with how often.
    pub fn iter(&self) -> impl Iterator<Item = (Pair, u64)> + '_ {
        self.keys
            .iter()
            .zip(&self.counts)
            .map(|(key, count)| (key.load(Relaxed), count.load(Relaxed)))
            .filter(|(key, _)| *key != 0)
            .map(|(key, count)| (Pair::of_key(key), count))
    }

    /// Failovers of pairs that found no room.
    #[must_use]
    pub fn other(&self) -> u64 {
        self.other.load(Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_told_apart_up_to_their_number() {
        let pairs = FailoverPairs::new(3);
        let list = [
            Pair { from: 0, to: Some(1), class: CodeClass::Class(5) },
            Pair { from: 0, to: Some(1), class: CodeClass::Timeout },
            Pair { from: 65_000, to: None, class: CodeClass::Class(6) },
            Pair { from: 7, to: Some(65_000), class: CodeClass::Class(4) },
        ];
        for (times, pair) in (1..).zip(list) {
            (0..times).for_each(|_| pairs.count(pair));
        }
        let mut counted: Vec<_> = pairs.iter().collect();
        counted.sort_by_key(|(_, count)| *count);
        assert_eq!(counted, [(list[0], 1), (list[1], 2), (list[2], 3)]);
        assert_eq!(pairs.other(), 4);
    }
}
