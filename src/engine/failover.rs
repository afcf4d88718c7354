//! Whether a call goes on after attempts that failed, and to whom.
//!
//! The choice is stateless: it is what the table now in force gives, each attempt taking one place
//! of its supplier off.

use super::selection::{Place, Selection};
use crate::model::policy::Verdict;
use crate::model::query::{Attempt, Party};
use crate::model::sip::SipCode;
use crate::table::Table;
use crate::table::failover::TablePolicy;
use crate::table::input::EndWith;
use crate::table::supplier::SupplierIndex;

/// What a call with failed attempts gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The places that are left, so many of them at most.
    Offer {
        /// Attempts that the policy leaves.
        at_most: usize,
    },
    /// The code of the last attempt is final.
    Stop(SipCode),
    /// No place, no attempt or no time is left.
    Exhausted(SipCode),
}

/// Attempts that a policy allows for one call.
fn cap(policy: &TablePolicy) -> usize {
    policy.rules.max_attempts.and_then(|cap| usize::try_from(cap).ok()).unwrap_or(usize::MAX)
}

/// An attempt that failed, judged.
#[derive(Debug, Clone, Copy)]
pub struct Failure<'a> {
    /// At whom, where the table knows it.
    pub supplier: Option<SupplierIndex>,
    /// What is told of it.
    pub attempt: &'a Attempt,
    /// The policy of the place that it took: the row's, else the supplier's, else the default one.
    policy: &'a TablePolicy,
}

impl Failure<'_> {
    /// What the policy says of it.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.policy.rules.verdict(self.attempt.final_code(), self.attempt.is_local())
    }
}

/// Judges attempts that failed, and takes the place of each off the selection; `taken` hears of it.
#[must_use]
pub fn take_failed<'a>(
    table: &'a Table,
    selection: &mut Selection,
    attempts: &'a [Attempt],
    mut taken: impl FnMut(&Place),
) -> Vec<Failure<'a>> {
    let judge = |attempt: &'a Attempt| {
        let supplier = table.party(&attempt.at);
        let place = supplier.and_then(|supplier| take_off(table, selection, supplier, &attempt.at));
        let policy = match place {
            Some(place) => {
                taken(&place);
                place.policy_in(table)
            }
            None => {
                let supplier = supplier.and_then(|supplier| table.suppliers.get(supplier));
                table.failover.policy(None, supplier.and_then(|supplier| supplier.policy))
            }
        };
        Failure { supplier, attempt, policy }
    };
    attempts.iter().map(judge).collect()
}

/// What follows after failures: the last one's policy decides. Without any, the first answer follows.
///
/// `elapsed_ms` is the time since the call's first question, where that is known.
#[must_use]
pub fn next(
    table: &Table,
    selection: &Selection,
    failures: &[Failure<'_>],
    elapsed_ms: Option<u64>,
) -> Next {
    let Some(last) = failures.last() else {
        let first = selection.places.first();
        return Next::Offer { at_most: first.map_or(0, |place| cap(place.policy_in(table))) };
    };
    if last.verdict() == Verdict::Stop {
        return Next::Stop(for_caller(last.attempt.final_code()));
    }
    let most_ms = last.policy.rules.max_time_ms.map(u64::from);
    let late = most_ms.zip(elapsed_ms).is_some_and(|(most, elapsed)| elapsed >= most);
    let at_most = cap(last.policy).saturating_sub(failures.len());
    if late || at_most == 0 || selection.places.is_empty() {
        let codes = failures.iter().map(|failure| for_caller(failure.attempt.final_code()));
        return Next::Exhausted(end_code(table.failover.end_with, codes));
    }
    Next::Offer { at_most }
}

/// Removes the first place of a supplier; those that nothing declares are told by their ids.
fn take_off(
    table: &Table,
    selection: &mut Selection,
    supplier: SupplierIndex,
    party: &Party,
) -> Option<Place> {
    let is_it = |place: &Place| {
        place.supplier == supplier
            && (supplier != SupplierIndex::UNDECLARED
                || place.supplier_in(table).is_some_and(|own| own.is_called(party)))
    };
    let position = selection.places.iter().position(is_it)?;
    Some(selection.places.remove(position))
}

/// What a caller may hear of a code: a redirection without its Contact says nothing.
fn for_caller(code: SipCode) -> SipCode {
    if code.class() == 3 { SipCode::UNAVAILABLE } else { code }
}

/// The code for the caller when all attempts failed.
fn end_code(rule: EndWith, codes: impl Iterator<Item = SipCode> + Clone) -> SipCode {
    match rule {
        EndWith::Code(code) => code,
        EndWith::Last => codes.last().unwrap_or(SipCode::UNAVAILABLE),
        EndWith::Best => codes.min_by_key(|code| rank(*code)).unwrap_or(SipCode::UNAVAILABLE),
    }
}

/// Lower is better (RFC 3261 16.7 step 6): a 6xx, else the lowest class; within 4xx those that tell
/// the caller how to mend the request; the first of equals.
fn rank(code: SipCode) -> (u8, u8) {
    let helpful = matches!(code.get(), 401 | 407 | 415 | 420 | 484);
    let class = if code.class() == 6 { 0 } else { code.class() };
    (class, u8::from(!helpful))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caller_gets_the_best_code_that_was_heard() {
        for (codes, best, last) in [
            (&[503][..], 503, 503),
            (&[503, 404], 404, 404),
            (&[404, 503], 404, 503),
            (&[503, 486, 484], 484, 484),
            (&[486, 480], 486, 480),
            (&[404, 603, 500], 603, 500),
            (&[480, 410], 480, 410),
            (&[408, 503], 408, 503),
        ] {
            let codes = codes.iter().filter_map(|code| SipCode::new(*code));
            assert_eq!(end_code(EndWith::Best, codes.clone()).get(), best);
            assert_eq!(end_code(EndWith::Last, codes.clone()).get(), last);
            assert_eq!(end_code(EndWith::Code(SipCode::UNAVAILABLE), codes).get(), 503);
        }
    }
}
