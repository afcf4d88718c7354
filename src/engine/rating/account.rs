//! How long an account's balances pay for a call (section 4.3, step 1).
//!
//! A dry run: time is paid by balances of time first, then by money, increment by increment, as the rating
//! profile of category `*routes` has them. Ceilings of rates are of no effect here.

use super::clock::Clock;
use super::length::{Bill, INCREMENTS_MAX, float, lengthened};
use super::profile::{Rater, RatingError};
use super::round::half_up;
use super::{Billed, Call, Rated, Scratch, Stretch, Uncovered, total};
use crate::model::definition::{Account, Balance, BalanceKind};
use crate::model::go::duration;

/// The category by which accounts pay for routes.
pub const CATEGORY: &str = "*routes";

/// What a balance of time is counted by unless it says otherwise: seconds.
const SECOND_NS: i64 = 1_000_000_000;

/// What begins the rating subject of a balance whose time costs no money.
const ZERO: &str = "*zero";

/// Balances are asked again and again while they pay; this often is a mistake in the tables.
const TURNS_MAX: u32 = 10_000;

/// Why an account pays for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountError {
    /// There is no such account.
    NotFound,
    /// It is disabled.
    Disabled,
    /// The rest of the call, which its balances of time do not cover, has no price.
    Rating(RatingError),
}

impl AccountError {
    /// What clients are told.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::NotFound => "ACCOUNT_NOT_FOUND",
            Self::Disabled => "ACCOUNT_DISABLED",
            Self::Rating(error) => error.text(),
        }
    }
}

impl From<RatingError> for AccountError {
    fn from(error: RatingError) -> Self {
        Self::Rating(error)
    }
}

impl From<Uncovered> for AccountError {
    fn from(error: Uncovered) -> Self {
        Self::Rating(error.into())
    }
}

/// How much is known when an account is asked.
#[derive(Clone, Copy)]
pub struct Payment<'a> {
    /// The profiles that say what time costs; for routes its category is [`CATEGORY`].
    pub rater: Rater<'a>,
    /// Whether a destination, by its id, holds a number.
    pub covers: &'a dyn Fn(&str, &str) -> bool,
    /// The moment, in nanoseconds since the epoch: balances expire by it.
    pub now_ns: i64,
    /// Decimals to which amounts are rounded.
    pub rounding_decimals: i32,
}

/// How much of a call's usage an account pays for, in nanoseconds; -1: it may owe, and pays for anything.
///
/// # Errors
/// [`AccountError`]
pub fn max_usage(
    account: Option<&Account>,
    payment: &Payment<'_>,
    call: &Call<'_>,
    scratch: &mut Scratch,
) -> Result<i64, AccountError> {
    let account = account.ok_or(AccountError::NotFound)?;
    if account.is_disabled {
        return Err(AccountError::Disabled);
    }
    if account.allows_negative {
        return Ok(-1);
    }
    if call.usage_ns == 0 {
        return Ok(0);
    }
    let clock = Clock::of(call).ok_or(Uncovered)?;
    let useful = |kind| useful(account, payment, call, kind);
    let (mut time, mut money) = (useful(BalanceKind::Voice), useful(BalanceKind::Monetary));
    let mut debit = Debit {
        payment,
        call,
        clock,
        at_ns: 0,
        has_paid: false,
        lacks_fee: false,
        paid_ns: 0,
        turns: 0,
        scratch,
    };
    debit.run(&mut time, &mut money)?;
    Ok(if debit.lacks_fee { 0 } else { debit.paid_ns.min(call.usage_ns) })
}

/// A balance while it pays.
#[derive(Clone, Copy)]
struct Purse<'a> {
    balance: &'a Balance,
    value: f64,
}

/// The balances that may pay, the heaviest first.
fn useful<'a>(
    account: &'a Account,
    payment: &Payment<'_>,
    call: &Call<'_>,
    kind: BalanceKind,
) -> Vec<Purse<'a>> {
    let holds = |id: &String| id == "*any" || (payment.covers)(id, call.destination);
    let is_useful = |balance: &&Balance| {
        let is_alive = balance.expires.as_ref().is_none_or(|stamp| stamp.ns > payment.now_ns);
        let is_meant = balance.categories.is_empty()
            || balance.categories.iter().any(|category| category == payment.rater.category);
        balance.kind == kind
            && !balance.is_disabled
            && balance.value > 0.0
            && is_alive
            && is_meant
            && (balance.destinations.is_empty() || balance.destinations.iter().any(holds))
    };
    let mut purses: Vec<Purse<'_>> = account
        .balances
        .iter()
        .filter(is_useful)
        .map(|balance| Purse { balance, value: balance.value })
        .collect();
    purses.sort_by(|one, two| two.balance.weight.total_cmp(&one.balance.weight));
    purses
}

/// A call that is being paid for.
struct Debit<'d, 'a> {
    payment: &'d Payment<'a>,
    call: &'d Call<'d>,
    clock: Clock,
    /// Up to where it is paid.
    at_ns: i64,
    /// Something was paid, so that no connect fee is due.
    has_paid: bool,
    /// The connect fee could not be paid.
    lacks_fee: bool,
    /// The length of all increments that were paid.
    paid_ns: i64,
    turns: u32,
    scratch: &'d mut Scratch,
}

impl<'a> Debit<'_, 'a> {
    fn run(&mut self, time: &mut [Purse<'_>], money: &mut [Purse<'_>]) -> Result<(), AccountError> {
        let mut has_paid = true;
        while has_paid && self.turns < TURNS_MAX {
            has_paid = self.round(time.len(), |debit, place| debit.pay_time(time, place))?;
            has_paid |= self.round(money.len(), |debit, place| debit.pay_money(money, place))?;
            if self.is_paid() {
                return Ok(());
            }
        }
        // What is left is no loss where it is free.
        let stretch = self.rest();
        let rated = self.rated("", &stretch)?;
        let decimals = self.payment.rounding_decimals;
        let left = total::cost(&rated, &stretch, decimals, self.scratch, &mut ())?;
        if left.value == 0.0 {
            let mut bill = Bill::new(&rated, &stretch, decimals, self.scratch);
            while let Some(part) = bill.next()? {
                self.paid_ns = self.paid_ns.saturating_add(length(&part, part.increments));
            }
        }
        Ok(())
    }

    /// Asks each balance in turn, over and over while one of them pays. Whether any did.
    fn round(
        &mut self,
        count: usize,
        mut pay: impl FnMut(&mut Self, usize) -> Result<bool, AccountError>,
    ) -> Result<bool, AccountError> {
        let mut has_paid = false;
        let mut is_going_on = true;
        while is_going_on && self.turns < TURNS_MAX {
            is_going_on = false;
            for place in 0..count {
                self.turns += 1;
                if !self.is_paid() && pay(self, place)? {
                    is_going_on = true;
                    has_paid = true;
                }
            }
        }
        Ok(has_paid)
    }

    fn is_paid(&self) -> bool {
        self.has_paid && self.at_ns >= self.call.usage_ns
    }

    fn rest(&self) -> Stretch {
        Stretch {
            clock: self.clock,
            from_ns: self.at_ns,
            until_ns: self.call.usage_ns,
            is_voice: true,
        }
    }

    /// What rates the rest; a balance may have a subject of its own.
    fn rated(&self, subject: &str, rest: &Stretch) -> Result<Rated<'a>, AccountError> {
        let rater = &self.payment.rater;
        let subject = if subject.is_empty() { rater.subject } else { subject };
        Ok(rater.rated(subject, self.call, rest)?)
    }

    /// Lets a balance of time pay. One whose time is rated by another subject pays for nothing.
    fn pay_time(&mut self, purses: &mut [Purse<'_>], place: usize) -> Result<bool, AccountError> {
        let Some(purse) = purses.get_mut(place) else { return Ok(false) };
        let Some(increment_ns) = increment_of(&purse.balance.rating_subject) else {
            return Ok(false);
        };
        let increment = float(increment_ns);
        if purse.value < increment {
            return Ok(false);
        }
        let length_ns = lengthened(self.call.usage_ns - self.at_ns, increment_ns);
        let due = length_ns / increment_ns;
        if due > INCREMENTS_MAX {
            // Increments that are too many to be counted are not counted as paid either.
            self.go_on(length_ns, 0);
            return Ok(true);
        }
        let paid = due.min((purse.value / increment) as i64);
        purse.value -= float(paid) * increment;
        self.go_on(paid.saturating_mul(increment_ns), paid.saturating_mul(increment_ns));
        Ok(true)
    }

    fn go_on(&mut self, length_ns: i64, paid_ns: i64) {
        self.has_paid = true;
        self.lacks_fee = false;
        self.at_ns = self.at_ns.saturating_add(length_ns);
        self.paid_ns = self.paid_ns.saturating_add(paid_ns);
    }

    /// Lets a balance of money pay: the connect fee, as long as nothing was paid, and then increments.
    fn pay_money(&mut self, purses: &mut [Purse<'_>], place: usize) -> Result<bool, AccountError> {
        let Some(Purse { balance, value }) = purses.get(place).copied() else { return Ok(false) };
        if value <= 0.0 {
            return Ok(false);
        }
        let stretch = self.rest();
        let subject = &balance.rating_subject;
        let subject = if subject.starts_with(ZERO) { "" } else { subject.as_str() };
        let rated = self.rated(subject, &stretch)?;
        let decimals = self.payment.rounding_decimals;
        let mut bill = Bill::new(&rated, &stretch, decimals, self.scratch);
        let (mut paid_ns, mut end_ns, mut lacks_fee) = (0_i64, None, false);
        let mut is_first = !self.has_paid;
        while let Some(part) = bill.next()? {
            if is_first {
                is_first = false;
                let fee = rated.plan.shape(&part.interval).map_or(0.0, |shape| shape.connect_fee);
                lacks_fee = !pay_fee(purses, fee, decimals);
            }
            let Some(purse) = purses.get_mut(place) else { break };
            let paid = pay_increments(purse, &part, decimals);
            paid_ns = paid_ns.saturating_add(length(&part, paid));
            if paid < part.increments {
                if paid > 0 {
                    end_ns = Some(part.start_ns.saturating_add(length(&part, paid)));
                }
                break;
            }
            end_ns = Some(part.start_ns.saturating_add(part.length_ns));
        }
        let Some(end_ns) = end_ns else { return Ok(false) };
        self.go_on(end_ns.saturating_sub(self.at_ns), paid_ns);
        self.lacks_fee = lacks_fee;
        Ok(true)
    }
}

/// How long some increments of a part are.
fn length(part: &Billed, increments: i64) -> i64 {
    part.increment_ns.saturating_mul(increments)
}

/// Increments in which a balance's time is counted; `None`: another subject's rates decide.
fn increment_of(rating_subject: &str) -> Option<i64> {
    match rating_subject.trim() {
        "" | "*any" => Some(SECOND_NS),
        subject => {
            let text = subject.strip_prefix(ZERO).filter(|text| !text.is_empty())?;
            let ns = duration::parse(text).ok()?;
            (ns >= 0).then_some(if ns == 0 { SECOND_NS } else { ns })
        }
    }
}

/// Takes a connect fee from the first balance that has as much. Whether it was paid.
fn pay_fee(purses: &mut [Purse<'_>], fee: f64, decimals: i32) -> bool {
    match purses.iter_mut().find(|purse| purse.value >= fee) {
        Some(purse) => {
            purse.value = half_up(purse.value - fee, decimals);
            true
        }
        None => fee <= 0.0,
    }
}

/// How many increments of a part a balance pays for. Amounts are whole multiples of the last decimal once
/// something was taken, and so are reckoned as whole numbers rather than one by one.
fn pay_increments(purse: &mut Purse<'_>, part: &Billed, decimals: i32) -> i64 {
    let (count, price) = (part.increments, part.unit_price);
    if price <= 0.0 || count == 0 {
        return count;
    }
    if purse.value < price {
        return 0;
    }
    let scale = 10_f64.powi(decimals);
    let left = (half_up(purse.value - price, decimals) * scale).round();
    let each = (price * scale).round();
    // In floats, what is divided here is whole: a quotient that is just below a whole number does not occur.
    let more = (left / each).floor().min(float(count - 1));
    purse.value = (left - more * each) / scale;
    more as i64 + 1
}
