//! Whether a call goes on after attempts that failed, and to whom.
//!
//! The choice is stateless: it is what the table now in force gives, each attempt taking one place
//! of its supplier off.

use super::selection::{Place, Selection};
use crate::model::policy::Verdict;
use crate::model::query::Attempt;
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

/// How many attempts the first answer may offer: the cap of its first place's policy.
#[must_use]
pub fn first_offer(table: &Table, selection: &Selection) -> usize {
    selection.places.first().map_or(usize::MAX, |place| cap(place.policy_in(table)))
}

fn cap(policy: &TablePolicy) -> usize {
    policy.rules.max_attempts.and_then(|cap| usize::try_from(cap).ok()).unwrap_or(usize::MAX)
}

/// Takes the places of failed attempts off the selection and decides what follows.
///
/// `failed` has each attempt's supplier where the table knows it; the last entry's policy decides.
/// `elapsed_ms` is the time since the call's first question, where that is known.
pub fn continue_after(
    table: &Table,
    selection: &mut Selection,
    failed: &[(Option<SupplierIndex>, &Attempt)],
    elapsed_ms: Option<u64>,
    mut taken: impl FnMut(&Place),
) -> Next {
    let mut policy = table.failover.policy(None, None);
    for (supplier, _) in failed {
        policy = table.failover.policy(None, None);
        let Some(supplier) = *supplier else { continue };
        match take_off(selection, supplier) {
            Some(place) => {
                policy = place.policy_in(table);
                taken(&place);
            }
            None => {
                let own = table.suppliers.get(supplier).and_then(|supplier| supplier.policy);
                policy = table.failover.policy(None, own);
            }
        }
    }
    let Some((_, last)) = failed.last() else {
        return Next::Offer { at_most: first_offer(table, selection) };
    };
    if policy.rules.verdict(last.final_code(), last.is_local()) == Verdict::Stop {
        return Next::Stop(last.final_code());
    }
    let late = policy
        .rules
        .max_time_ms
        .zip(elapsed_ms)
        .is_some_and(|(most, elapsed)| elapsed >= u64::from(most));
    let at_most = cap(policy).saturating_sub(failed.len());
    if late || at_most == 0 || selection.places.is_empty() {
        let codes = failed.iter().map(|(_, attempt)| attempt.final_code());
        return Next::Exhausted(end_code(table.failover.end_with, codes));
    }
    Next::Offer { at_most }
}

/// Removes the first place of a supplier.
fn take_off(selection: &mut Selection, supplier: SupplierIndex) -> Option<Place> {
    let position = selection.places.iter().position(|place| place.supplier == supplier)?;
    Some(selection.places.remove(position))
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
            (&[302, 404], 302, 404),
            (&[408, 503], 408, 503),
        ] {
            let codes = codes.iter().filter_map(|code| SipCode::new(*code));
            assert_eq!(end_code(EndWith::Best, codes.clone()).get(), best);
            assert_eq!(end_code(EndWith::Last, codes.clone()).get(), last);
            assert_eq!(end_code(EndWith::Code(SipCode::UNAVAILABLE), codes).get(), 503);
        }
    }
}
