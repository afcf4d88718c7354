//! What is remembered of a call: whom it was offered, which attempts were heard of, how it stands.
//!
//! Slots of 64 bytes in fixed memory, in sets of eight; a call lies in the set that its key names.
//! Old calls make room for new ones. All writing is by atomics: no lock, no allocation. Two askers
//! who race for one slot may cost a call its memory, never its answer.

use super::slot::Slot;
pub use super::slot::{Lost, Offered, Phase, State};
use crate::model::limits::{CALL_PLACES_MAX, Limits};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

/// Slots among which a call may lie.
const WAYS: usize = 8;
/// No call.
const EMPTY: u64 = 0;
/// A call is being written.
const BUSY: u64 = 1;

/// A call in its slot.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    slot: &'a Slot,
    calls: &'a Calls,
}

/// All calls.
#[derive(Debug)]
pub struct Calls {
    slots: Box<[Slot]>,
    unanswered_ms: u64,
    answered_ms: u64,
    over_ms: u64,
}

impl Calls {
    /// Memory for `limits.calls_max` calls.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let sets = limits.calls_max.div_ceil(WAYS);
        let ms = |seconds: usize| seconds as u64 * 1000;
        Self {
            slots: (0..sets * WAYS).map(|_| Slot::default()).collect(),
            unanswered_ms: ms(limits.call_unanswered_s),
            answered_ms: ms(limits.call_answered_s),
            over_ms: ms(limits.call_over_s),
        }
    }

    fn set_of(&self, key: u64) -> &[Slot] {
        let sets = (self.slots.len() / WAYS) as u64;
        // The high bits choose the set: the product stays below the number of sets.
        let set = ((u128::from(key) * u128::from(sets)) >> 64) as usize;
        self.slots.get(set * WAYS..(set + 1) * WAYS).unwrap_or_default()
    }

    /// A call that is remembered at the moment `now_ms`.
    #[must_use]
    pub fn find(&self, key: u64, now_ms: u64) -> Option<Call<'_>> {
        let key = key | 2;
        self.set_of(key)
            .iter()
            .find(|slot| slot.key.load(Acquire) == key && slot.until_ms() > now_ms)
            .map(|slot| Call { slot, calls: self })
    }

    /// The call of this key, a new one if none is remembered; `lost` hears of a call that made room.
    pub fn enter(&self, key: u64, now_ms: u64, lost: &mut dyn FnMut(Lost)) -> Option<Call<'_>> {
        if let Some(call) = self.find(key, now_ms) {
            return Some(call);
        }
        let key = key | 2;
        let set = self.set_of(key);
        let stale = set.iter().find(|slot| slot.key.load(Acquire) == key);
        let slot = stale.or_else(|| {
            set.iter().filter(|slot| slot.key.load(Acquire) != BUSY).min_by_key(|slot| {
                if slot.key.load(Acquire) == EMPTY { 0 } else { slot.until_ms() }
            })
        })?;
        let old = slot.key.load(Acquire);
        if old == BUSY || slot.key.compare_exchange(old, BUSY, AcqRel, Relaxed).is_err() {
            return None;
        }
        if old != EMPTY {
            slot.lost().into_iter().for_each(&mut *lost);
        }
        slot.begin(now_ms, now_ms + self.unanswered_ms);
        slot.key.store(key, Release);
        Some(Call { slot, calls: self })
    }

    /// Forgets the calls of a part of the memory whose time is over; parts are `0..SWEEPS`.
    pub fn sweep(&self, part: usize, now_ms: u64, lost: &mut dyn FnMut(Lost)) {
        let length = self.slots.len().div_ceil(SWEEPS);
        for slot in self.slots.chunks(length).nth(part % SWEEPS).unwrap_or_default() {
            let key = slot.key.load(Acquire);
            let gone = key > BUSY && slot.until_ms() <= now_ms;
            if gone && slot.key.compare_exchange(key, BUSY, AcqRel, Relaxed).is_ok() {
                slot.lost().into_iter().for_each(&mut *lost);
                slot.key.store(EMPTY, Release);
            }
        }
    }
}

/// Parts in which the memory is swept.
pub const SWEEPS: usize = 16;

impl Call<'_> {
    /// How long ago it was first asked for or reported (ms, in steps of 16).
    #[must_use]
    pub fn age_ms(&self, now_ms: u64) -> u64 {
        self.slot.age_ms(now_ms)
    }

    /// What is known of it.
    #[must_use]
    pub fn state(&self) -> State {
        self.slot.state()
    }

    /// What was offered at a place from 0, if anything was.
    #[must_use]
    pub fn place(&self, index: usize) -> Option<Offered> {
        (index < usize::from(self.state().places)).then(|| self.slot.place(index)).flatten()
    }

    /// Remembers whom it was offered, from the call's first place on; places from the 17th on are not
    /// remembered.
    pub fn offered(&self, places: impl Iterator<Item = Offered>, now_ms: u64) {
        let count = self.slot.write_places(places);
        self.slot.change(|state| State { places: count, asked: true, ..state });
        if self.state().phase == Phase::Open {
            self.slot.keep_until(now_ms + self.calls.unanswered_ms);
        }
    }

    /// Hears of an attempt (from 0); `true` when it is the first time.
    #[must_use]
    pub fn hear(&self, attempt: usize) -> bool {
        let bit = bit_of(attempt);
        let before = self.slot.change(|state| State { heard: state.heard | bit, ..state });
        before.heard & bit == 0
    }

    /// Counts the failover from a place (from 0); `true` when it is the first time.
    #[must_use]
    pub fn leave(&self, place: usize) -> bool {
        let bit = bit_of(place);
        let before = self.slot.change(|state| State { left: state.left | bit, ..state });
        before.left & bit == 0
    }

    /// Moves it on; a call that is over stays over.
    pub fn enter_phase(&self, phase: Phase, now_ms: u64) {
        let before = self.slot.change(|state| match (state.phase, phase) {
            (Phase::Over, _) | (Phase::Answered, Phase::Open) => state,
            _ => State { phase, ..state },
        });
        let kept_ms = match (before.phase, phase) {
            (Phase::Over, _) => return,
            (_, Phase::Open) => self.calls.unanswered_ms,
            (_, Phase::Answered) => self.calls.answered_ms,
            (_, Phase::Over) => self.calls.over_ms,
        };
        self.slot.keep_until(now_ms + kept_ms);
    }
}

/// The bit of an attempt; those from the 16th on share the last one.
fn bit_of(index: usize) -> u16 {
    1 << index.min(CALL_PLACES_MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(calls_max: usize) -> Calls {
        Calls::new(&Limits { calls_max, ..Limits::default() })
    }

    /// Places of rows without a policy of their own.
    fn plain(suppliers: &[u16]) -> impl Iterator<Item = Offered> {
        suppliers.iter().map(|supplier| Offered { supplier: *supplier, policy: 0 })
    }

    #[test]
    fn a_call_remembers_whom_it_was_offered_and_counts_an_attempt_once() {
        let calls = calls(1024);
        let call = calls.enter(77 << 8, 1000, &mut |_| panic!("nothing is lost")).unwrap();
        let third = Offered { supplier: 65_000, policy: 15 };
        call.offered(plain(&[3, 4]).chain([third]), 1000);
        let again = calls.find(77 << 8, 2000).unwrap();
        assert_eq!(again.place(0), plain(&[3]).next());
        assert_eq!((again.place(2), again.place(3)), (Some(third), None));
        assert!(again.hear(0));
        assert!(!again.hear(0));
        assert!(again.leave(0));
        assert!(!again.leave(0));
        assert_eq!(again.age_ms(2000), 1008, "in steps of 16 ms");
        assert!(calls.find(77 << 8, 1000 + 180_000).is_none(), "three minutes until answered");
    }

    #[test]
    fn an_answered_call_is_kept_three_hours_and_one_that_is_over_a_minute() {
        let calls = calls(1024);
        let call = calls.enter(5 << 8, 0, &mut |_| ()).unwrap();
        call.enter_phase(Phase::Answered, 1000);
        assert!(calls.find(5 << 8, 1000 + 10_799_999).is_some());
        call.enter_phase(Phase::Over, 2000);
        assert!(calls.find(5 << 8, 2000 + 59_999).is_some());
        call.enter_phase(Phase::Answered, 3000);
        assert_eq!(call.state().phase, Phase::Over);
        assert!(calls.find(5 << 8, 2000 + 60_000).is_none());
    }

    #[test]
    fn what_expires_or_makes_room_counts_as_lost() {
        let calls = calls(1024);
        let call = calls.enter(1 << 40, 0, &mut |_| ()).unwrap();
        call.offered(plain(&[7, 8]), 0);
        assert!(call.hear(0));
        let mut lost = Vec::new();
        for part in 0..SWEEPS {
            calls.sweep(part, 200_000, &mut |call| lost.push(call));
        }
        assert_eq!(lost, [Lost { supplier: Some(8), unreported: false }]);

        // Keys of one set: the first call makes room for the ninth.
        lost.clear();
        for key in 1..=9_u64 {
            let call = calls.enter(key << 8, key * 1000, &mut |call| lost.push(call)).unwrap();
            call.offered(plain(&[key as u16]), key * 1000);
        }
        assert_eq!(lost, [Lost { supplier: Some(1), unreported: true }]);
        assert!(calls.find(1 << 8, 10).is_none());
        assert!(calls.find(9 << 8, 10).is_some());
    }
}
