//! What a call costs by CGRateS' tariff plans, to the last digit.
//!
//! A migration must not move a price. Everything here is therefore worked out in float64 in the order of
//! operations of section 7.2 of the specification, with what it calls quirks; each step is a function that
//! names its number. `explain` is the same walk with a [`Recorder`]. Nothing is allocated but for the parts of
//! a call that its timings cut, and those lie in a [`Scratch`] that is used again.

pub mod account;
mod charge;
mod choose;
mod clock;
mod cut;
mod destination;
pub mod exact;
mod length;
mod profile;
mod recorder;
mod round;
mod total;

#[cfg(test)]
mod tests;

use crate::model::go::time::Time;
use crate::table::rating::{Offer, Plan};
pub use charge::{Charge, VISIBLE};
use clock::Clock;
pub use profile::{Rater, RatingError, event_cost};
pub use recorder::{Billed, Recorder, Step, Sum};

/// Decimals to which CGRateS rounds within a cost, unless its configuration says otherwise.
pub const ROUNDING_DECIMALS: i32 = 5;

/// Intervals that are looked at for one cost. A call of a year with two intervals takes about a thousand, ten
/// years with four take 20,000; what takes more than this is no call.
const LOOKS_MAX: u32 = 50_000;

/// A call to be rated.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The number, or `*any`.
    pub destination: &'a str,
    /// When it begins; the clock that this was stated on decides timings and midnights. Its offset holds for all
    /// of the call, even where summer time begins or ends in it.
    pub setup: Time,
    /// How long it takes, in nanoseconds.
    pub usage_ns: i64,
    /// It is a call (`*voice`, or no ToR). Anything else is cut at slots alone.
    pub is_voice: bool,
}

/// What a call costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// The cost.
    pub value: f64,
    /// The length in bytes of the prefix that was found; `None`: what counts for any number.
    pub prefix: Option<usize>,
    /// What of this would surprise.
    pub quirks: Quirks,
}

/// Why a call has no cost: `UNAUTHORIZED_DESTINATION`.
///
/// Its number has no price at that moment; or a part of it has none, where CGRateS itself ends; or its usage is
/// negative; or it is cut into so many parts (centuries of nights) that it is no call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uncovered;

impl Uncovered {
    /// What clients are told.
    pub const TEXT: &'static str = "UNAUTHORIZED_DESTINATION";
}

/// Behaviour of CGRateS that changes money and surprises; a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quirks(u16);

impl Quirks {
    /// The connect fee is charged once for each of equal neighbouring parts.
    pub const FEE_TIMES: Self = Self(1);
    /// The call begins with more than a million increments: they are free.
    pub const MILLIONS_FREE: Self = Self(1 << 1);
    /// No slot counts when the call begins: it is free up to the first slot.
    pub const NO_SLOT_FREE: Self = Self(1 << 2);
    /// No slot counts in a later part: it costs 1 for each nanosecond.
    pub const NO_SLOT_DEAR: Self = Self(1 << 3);
    /// The ceiling was reached by a sum of running totals, not by the cost.
    pub const EARLY_CEILING: Self = Self(1 << 4);
    /// A part crosses midnight without being cut there.
    pub const MIDNIGHT_UNCUT: Self = Self(1 << 5);
    /// A heavier interval begins later in the day: which one counts depends on how many parts came before.
    pub const ORDER: Self = Self(1 << 6);
    /// A plan begins to count during the call, and the plan before it goes on to rate it.
    pub const PLAN_GOES_ON: Self = Self(1 << 7);

    /// All of them with a sentence for people each.
    pub const ALL: [(Self, &'static str); 8] = [
        (
            Self::FEE_TIMES,
            "the connect fee is charged several times: neighbouring parts of the call are equal",
        ),
        (Self::MILLIONS_FREE, "the time is free: it begins with more than 1,000,000 increments"),
        (Self::NO_SLOT_FREE, "the time up to the first slot of the rate is free"),
        (
            Self::NO_SLOT_DEAR,
            "a part before the first slot of its rate costs 1 for each nanosecond",
        ),
        (
            Self::EARLY_CEILING,
            "the ceiling was reached early: it is compared with the sum of running totals",
        ),
        (Self::MIDNIGHT_UNCUT, "the call crosses midnight without being cut there"),
        (
            Self::ORDER,
            "a heavier interval begins later in the day: the order of intervals changes with each part of the call",
        ),
        (
            Self::PLAN_GOES_ON,
            "a plan that begins during the call is not used: the plan before it goes on",
        ),
    ];

    /// Whether it has all of `other`.
    #[must_use]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// Memory that is used again for the next cost.
#[derive(Debug, Default)]
pub struct Scratch {
    parts: Vec<cut::Span>,
}

/// What a call costs by one plan, as if that were the only rating profile, active from the start of the call.
/// Usage 0 costs nothing.
///
/// # Errors
/// [`Uncovered`]
pub fn cost(
    plan: &Plan,
    call: &Call<'_>,
    rounding_decimals: i32,
    scratch: &mut Scratch,
) -> Result<Cost, Uncovered> {
    cost_told(plan, call, rounding_decimals, scratch, &mut ())
}

/// [`cost`], with a recorder that is told each step.
///
/// # Errors
/// [`Uncovered`]
pub fn cost_told(
    plan: &Plan,
    call: &Call<'_>,
    rounding_decimals: i32,
    scratch: &mut Scratch,
    recorder: &mut impl Recorder,
) -> Result<Cost, Uncovered> {
    if call.usage_ns == 0 {
        return Ok(Cost { value: 0.0, prefix: None, quirks: Quirks::default() });
    }
    let clock = Clock::of(call).ok_or(Uncovered)?;
    let found = destination::find(plan, call.destination, clock.at(0)).ok_or(Uncovered)?;
    let rated = Rated { plan, offer: found.offer, prefix: found.prefix, cut_ns: None };
    let span = Stretch { clock, from_ns: 0, until_ns: call.usage_ns, is_voice: call.is_voice };
    total::cost(&rated, &span, rounding_decimals, scratch, recorder)
}

/// What rates a call: a plan, and what it says of the number.
#[derive(Debug, Clone, Copy)]
struct Rated<'a> {
    plan: &'a Plan,
    offer: Offer,
    prefix: Option<usize>,
    /// Where a later plan begins to count, in nanoseconds since the start of the call.
    cut_ns: Option<i64>,
}

/// A part of a call, in nanoseconds since its start, with the clock that it is judged on.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    clock: Clock,
    from_ns: i64,
    until_ns: i64,
    is_voice: bool,
}
