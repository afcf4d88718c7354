//! The memory of one call: 64 bytes of atomics.
//!
//! What is packed into which word is decided here alone; how slots are found and given away is
//! `calls.rs`.

use crate::model::limits::CALL_PLACES_MAX;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// One call, 64 bytes.
#[derive(Debug, Default)]
#[repr(align(64))]
pub(super) struct Slot {
    /// Key of the call.
    pub(super) key: AtomicU64,
    /// [`State`] in bits.
    state: AtomicU64,
    /// When it was first asked for (ms).
    first_ms: AtomicU64,
    /// Suppliers offered, four of 16 bits in each.
    places: [AtomicU64; CALL_PLACES_MAX / 4],
    /// Failover policies of the rows that offered them, four bits each; 0: the row has none.
    policies: AtomicU64,
}

/// One place that a call was offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offered {
    /// Number of the supplier's figures.
    pub supplier: u16,
    /// Number of the row's failover policy, from 1 to 15; 0: it has none, or a later one.
    pub policy: u8,
}

/// How far a call has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Being set up.
    Open,
    /// Answered.
    Answered,
    /// Over.
    Over,
    /// Every attempt failed, as far as is known; a late answer may still take it.
    Failed,
}

/// What is known of a call, besides whom it was offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// How far it has come.
    pub phase: Phase,
    /// How many places were offered: 0 to 16.
    pub places: u8,
    /// Attempts that were heard of, a bit each.
    pub heard: u16,
    /// Places whose failover was counted, a bit each.
    pub left: u16,
    /// Whether it was asked for; else reports alone made it.
    pub asked: bool,
}

impl State {
    /// Of a call that was neither asked for nor reported.
    pub(super) const NEW: Self =
        Self { phase: Phase::Open, places: 0, heard: 0, left: 0, asked: false };

    fn bits(self) -> u64 {
        let phase = match self.phase {
            Phase::Open => 0,
            Phase::Answered => 1,
            Phase::Over => 2,
            Phase::Failed => 3,
        };
        phase
            | u64::from(self.places) << 2
            | u64::from(self.asked) << 7
            | u64::from(self.heard) << 8
            | u64::from(self.left) << 24
    }

    fn of_bits(bits: u64) -> Self {
        Self {
            phase: match bits & 3 {
                0 => Phase::Open,
                1 => Phase::Answered,
                2 => Phase::Over,
                _ => Phase::Failed,
            },
            places: (bits >> 2) as u8 & 31,
            asked: bits >> 7 & 1 == 1,
            heard: (bits >> 8) as u16,
            left: (bits >> 24) as u16,
        }
    }
}

/// A call that was forgotten before its end was heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// The supplier whose attempt was to come next, where one was.
    pub supplier: Option<u16>,
    /// Whether nothing at all was reported.
    pub unreported: bool,
}

impl Slot {
    /// Begins a new call.
    pub(super) fn begin(&self, key: u64, now_ms: u64, state: State) {
        self.key.store(key, Relaxed);
        if state.places == 0 {
            self.write_places(std::iter::empty());
        }
        self.state.store(state.bits(), Relaxed);
        self.first_ms.store(now_ms, Relaxed);
    }

    pub(super) fn state(&self) -> State {
        State::of_bits(self.state.load(Relaxed))
    }

    /// Changes the state; gives the one before.
    pub(super) fn change(&self, change: impl Fn(State) -> State) -> State {
        let changed = self
            .state
            .fetch_update(Relaxed, Relaxed, |bits| Some(change(State::of_bits(bits)).bits()));
        State::of_bits(changed.unwrap_or_else(|bits| bits))
    }

    /// Writes the places; gives how many there are. Those from the 17th on are left out.
    pub(super) fn write_places(&self, places: impl Iterator<Item = Offered>) -> u8 {
        let mut words = [0_u64; CALL_PLACES_MAX / 4];
        let (mut policies, mut count) = (0_u64, 0_u8);
        for (index, place) in places.take(CALL_PLACES_MAX).enumerate() {
            if let Some(word) = words.get_mut(index / 4) {
                *word |= u64::from(place.supplier) << (index % 4 * 16);
            }
            policies |= u64::from(place.policy & 15) << (index * 4);
            count += 1;
        }
        self.policies.store(policies, Relaxed);
        for (place, word) in self.places.iter().zip(words) {
            place.store(word, Relaxed);
        }
        count
    }

    /// Adds a place to those of a call that was never asked for; gives its index.
    pub(super) fn append(&self, place: Offered) -> Option<usize> {
        let index = usize::from(self.state().places);
        let word = self.places.get(index / 4)?;
        word.fetch_or(u64::from(place.supplier) << (index % 4 * 16), Relaxed);
        self.change(|state| State { places: state.places.max(index as u8 + 1), ..state });
        Some(index)
    }

    /// What stands at a place from 0, whether or not it was offered.
    pub(super) fn place(&self, index: usize) -> Option<Offered> {
        let word = self.places.get(index / 4)?.load(Relaxed);
        let policies = self.policies.load(Relaxed);
        Some(Offered {
            supplier: (word >> (index % 4 * 16)) as u16,
            policy: (policies >> (index * 4)) as u8 & 15,
        })
    }

    /// How long ago the call began (ms).
    pub(super) fn age_ms(&self, now_ms: u64) -> u64 {
        now_ms.saturating_sub(self.first_ms.load(Relaxed))
    }

    /// What an open call leaves behind when it is forgotten.
    pub(super) fn lost(&self) -> Option<Lost> {
        let state = self.state();
        if state.phase != Phase::Open || !state.asked {
            return None;
        }
        let next = (0..usize::from(state.places)).find(|index| state.heard >> index & 1 == 0);
        Some(Lost {
            supplier: next.and_then(|index| self.place(index)).map(|place| place.supplier),
            unreported: state.heard == 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_64_bytes() {
        assert_eq!(size_of::<Slot>(), 64);
    }
}
