//! `*weight`: the heavier route first.
//!
//! A tie is broken by a hash of the question's id and the route's id: fair over calls, and the same
//! for a retransmission and on every node.

use crate::engine::selection::Passed;
use crate::table::profile::ProfileRoute;
use std::cmp::Ordering;

/// The seed of a question: the same id, the same seed, on every node and in every version (FNV-1a).
#[must_use]
pub fn seed_of(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Which of two routes stands before the other.
#[must_use]
pub fn compare<'t>(
    a: &Passed,
    b: &Passed,
    route_at: &impl Fn(&Passed) -> Option<&'t ProfileRoute>,
    seed: u64,
) -> Ordering {
    let key = |one: &Passed| route_at(one).map(|route| draw(seed, route.tie_key));
    b.figures
        .weight
        .total_cmp(&a.figures.weight)
        .then_with(|| key(a).cmp(&key(b)))
        .then_with(|| a.route.cmp(&b.route))
}

/// A number that depends on every bit of both (the finaliser of SplitMix64).
fn draw(seed: u64, key: u64) -> u64 {
    let mut mixed = seed ^ key.rotate_left(32);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn ties_are_fair_over_calls_and_the_same_for_a_retransmission() {
        let mut first: HashMap<u64, u32> = HashMap::new();
        for call in 0..3000 {
            let seed = seed_of(&format!("px1-{call}"));
            assert_eq!(seed, seed_of(&format!("px1-{call}")));
            let winner = [11_u64, 22, 33].into_iter().min_by_key(|key| draw(seed, *key)).unwrap();
            *first.entry(winner).or_default() += 1;
        }
        for (key, count) in first {
            assert!((850..1150).contains(&count), "{key} is first in {count} of 3000 calls");
        }
    }
}
