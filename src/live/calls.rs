//! What is remembered of a call: whom it was offered, which attempts were heard of, how it stands.
//!
//! Slots of 64 bytes in fixed memory, in sets of eight; a call lies in the set that its key names. Old
//! calls make room for new ones. All writing
//! is by atomics: no lock, no allocation. Two askers who race for one slot may cost a call its memory,
//! never its answer.

use super::slot::Slot;
pub use super::slot::{Lost, Offered, Phase, State};
use crate::model::limits::{CALL_PLACES_MAX, Limits};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

/// Slots among which a call may lie.
const WAYS: usize = 8;

/// Slots that lie together: a question touches one page of memory, and of it the line of the heads and
/// the line of one slot.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Set {
    heads: [AtomicU64; WAYS],
    slots: [Slot; WAYS],
}

impl Set {
    fn ways(&self) -> impl Iterator<Item = (&AtomicU64, &Slot)> {
        self.heads.iter().zip(&self.slots)
    }
}

/// What tells a slot's call from the others of its set, and when it is forgotten: 32 bits each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    /// Bits of the key that do not choose the set.
    tag: u32,
    /// Whole seconds.
    until_s: u32,
}

impl Head {
    /// No call. No call's tag is 0.
    const EMPTY: Self = Self { tag: 0, until_s: 0 };
    /// A call is being written.
    const BUSY: Self = Self { tag: 0, until_s: 1 };

    fn new(key: u64, until_ms: u64) -> Self {
        Self { tag: key as u32 | 1, until_s: seconds_up(until_ms) }
    }

    fn bits(self) -> u64 {
        u64::from(self.tag) << 32 | u64::from(self.until_s)
    }

    fn of(word: &AtomicU64) -> Self {
        let bits = word.load(Acquire);
        Self { tag: (bits >> 32) as u32, until_s: bits as u32 }
    }

    fn is_call(self) -> bool {
        self.tag != 0
    }

    fn until_ms(self) -> u64 {
        u64::from(self.until_s) * 1000
    }
}

/// Whole seconds, rounded up.
fn seconds_up(ms: u64) -> u32 {
    u32::try_from(ms.div_ceil(1000)).unwrap_or(u32::MAX)
}

/// A call in its slot.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    head: &'a AtomicU64,
    /// What its head says as long as the slot is its own.
    tag: u32,
    slot: &'a Slot,
    calls: &'a Calls,
}

/// All calls.
#[derive(Debug)]
pub struct Calls {
    sets: Box<[Set]>,
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
            sets: (0..sets).map(|_| Set::default()).collect(),
            unanswered_ms: ms(limits.call_unanswered_s),
            answered_ms: ms(limits.call_answered_s),
            over_ms: ms(limits.call_over_s),
        }
    }

    /// Heads and slots of the set that a key names.
    fn set_of(&self, key: u64) -> impl Iterator<Item = (&AtomicU64, &Slot)> {
        // The high bits choose the set: the product stays below the number of sets.
        let set = ((u128::from(key) * self.sets.len() as u128) >> 64) as usize;
        self.sets.get(set).into_iter().flat_map(Set::ways)
    }

    /// A call that is remembered at the moment `now_ms`.
    #[must_use]
    pub fn find(&self, key: u64, now_ms: u64) -> Option<Call<'_>> {
        let tag = Head::new(key, 0).tag;
        self.set_of(key)
            .find(|(head, slot)| {
                let head = Head::of(head);
                head.tag == tag && head.until_ms() > now_ms && slot.key.load(Relaxed) == key
            })
            .map(|(head, slot)| Call { head, tag, slot, calls: self })
    }

    /// The call of this key, a new one if none is remembered; `lost` hears of a call that made room.
    pub fn enter(&self, key: u64, now_ms: u64, lost: &mut dyn FnMut(Lost)) -> Option<Call<'_>> {
        if let Some(call) = self.find(key, now_ms) {
            return Some(call);
        }
        let (head, slot) = self.take(key, lost)?;
        slot.begin(key, now_ms, State::NEW);
        let fresh = Head::new(key, now_ms + self.unanswered_ms);
        head.store(fresh.bits(), Release);
        Some(Call { head, tag: fresh.tag, slot, calls: self })
    }

    /// Remembers whom a call was offered, from its first place on; places from the 17th on are not
    /// remembered. `known` is what [`Calls::find`] gave for it, asked long enough before that the memory
    /// has come meanwhile; `lost` hears of a call that made room.
    pub fn offer(
        &self,
        key: u64,
        known: Option<Call<'_>>,
        now_ms: u64,
        places: impl Iterator<Item = Offered>,
        lost: &mut dyn FnMut(Lost),
    ) {
        if let Some(call) = known {
            return call.offered(places, now_ms);
        }
        let Some((head, slot)) = self.take(key, lost) else { return };
        let places = slot.write_places(places);
        slot.begin(key, now_ms, State { places, asked: true, ..State::NEW });
        head.store(Head::new(key, now_ms + self.unanswered_ms).bits(), Release);
    }

    /// A slot of the key's set, for writing: an empty one, else the one that would be forgotten first.
    /// `None` when somebody else was faster.
    fn take(&self, key: u64, lost: &mut dyn FnMut(Lost)) -> Option<(&AtomicU64, &Slot)> {
        let (head, slot) = self
            .set_of(key)
            .filter(|(head, _)| Head::of(head) != Head::BUSY)
            .min_by_key(|(head, _)| Head::of(head).until_s)?;
        let old = Head::of(head);
        if old == Head::BUSY || !claim(head, old) {
            return None;
        }
        if old.is_call() {
            slot.lost().into_iter().for_each(&mut *lost);
        }
        Some((head, slot))
    }

    /// Forgets the calls of a part of the memory whose time is over; parts are `0..SWEEPS`.
    pub fn sweep(&self, part: usize, now_ms: u64, lost: &mut dyn FnMut(Lost)) {
        let length = self.sets.len().div_ceil(SWEEPS);
        let sets = self.sets.chunks(length).nth(part % SWEEPS).unwrap_or_default();
        for (head, slot) in sets.iter().flat_map(Set::ways) {
            let old = Head::of(head);
            if old.is_call() && old.until_ms() <= now_ms && claim(head, old) {
                slot.lost().into_iter().for_each(&mut *lost);
                head.store(Head::EMPTY.bits(), Release);
            }
        }
    }
}

/// Takes a slot for writing; `false` when somebody else was faster.
fn claim(head: &AtomicU64, old: Head) -> bool {
    head.compare_exchange(old.bits(), Head::BUSY.bits(), AcqRel, Relaxed).is_ok()
}

/// Parts in which the memory is swept.
pub const SWEEPS: usize = 16;

impl Call<'_> {
    /// How long ago it was first asked for or reported (ms).
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

    /// Remembers whom it was offered, as [`Calls::offer`].
    fn offered(&self, places: impl Iterator<Item = Offered>, now_ms: u64) {
        let count = self.slot.write_places(places);
        self.slot.change(|state| State { places: count, asked: true, ..state });
        if self.state().phase == Phase::Open {
            self.keep_until(now_ms + self.calls.unanswered_ms);
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

    fn keep_until(&self, until_ms: u64) {
        let until_s = seconds_up(until_ms);
        // A slot that was given away meanwhile keeps what its new call says.
        let _ = self.head.fetch_update(AcqRel, Acquire, |bits| {
            let own = (bits >> 32) as u32 == self.tag;
            own.then(|| Head { tag: self.tag, until_s }.bits())
        });
    }

    /// Adds a supplier that a report names to a call that was never asked for; gives its place.
    #[must_use]
    pub fn append(&self, supplier: u16) -> Option<usize> {
        self.slot.append(Offered { supplier, policy: 0 })
    }

    /// Moves it on; a call that is over stays over.
    pub fn enter_phase(&self, phase: Phase, now_ms: u64) {
        let stays = |before: Phase| {
            before == Phase::Over
                || (before == Phase::Answered && matches!(phase, Phase::Open | Phase::Failed))
                || (before == Phase::Failed && phase == Phase::Open)
        };
        let before = self
            .slot
            .change(|state| if stays(state.phase) { state } else { State { phase, ..state } });
        if stays(before.phase) {
            return;
        }
        let kept_ms = match phase {
            Phase::Open => self.calls.unanswered_ms,
            Phase::Answered => self.calls.answered_ms,
            Phase::Over | Phase::Failed => self.calls.over_ms,
        };
        self.keep_until(now_ms + kept_ms);
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
        let third = Offered { supplier: 65_000, policy: 15 };
        let places = || plain(&[3, 4]).chain([third]);
        calls.offer(77 << 8, None, 1000, places(), &mut |_| panic!("nothing is lost"));
        calls.offer(77 << 8, calls.find(77 << 8, 1500), 1500, places(), &mut |_| {
            panic!("nothing is lost")
        });
        let again = calls.find(77 << 8, 2000).unwrap();
        assert_eq!(again.place(0), plain(&[3]).next());
        assert_eq!((again.place(2), again.place(3)), (Some(third), None));
        assert!(again.hear(0));
        assert!(!again.hear(0));
        assert!(again.leave(0));
        assert!(!again.leave(0));
        assert_eq!(again.age_ms(2500), 1500);
        assert!(calls.find(77 << 8, 1500 + 180_500).is_none(), "three minutes until answered");
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
        calls.offer(1 << 40, None, 0, plain(&[7, 8]), &mut |_| ());
        let call = calls.find(1 << 40, 1).unwrap();
        assert!(call.hear(0));
        let mut lost = Vec::new();
        for part in 0..SWEEPS {
            calls.sweep(part, 200_000, &mut |call| lost.push(call));
        }
        assert_eq!(lost, [Lost { supplier: Some(8), unreported: false }]);

        // Keys of one set: the first call makes room for the ninth.
        lost.clear();
        for key in 1..=9_u64 {
            calls.offer(key << 8, None, key * 1000, plain(&[key as u16]), &mut |call| {
                lost.push(call)
            });
        }
        assert_eq!(lost, [Lost { supplier: Some(1), unreported: true }]);
        assert!(calls.find(1 << 8, 10).is_none());
        assert!(calls.find(9 << 8, 10).is_some());
    }
}
