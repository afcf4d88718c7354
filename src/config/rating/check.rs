//! What the rates of one prefix say of each other, and whether they can be computed with.

use super::rates::Rates;
use crate::config::billing::Billing;
use crate::config::finding::shown;
use crate::config::report::Report;
use crate::model::definition::{Arithmetic, Compare, MaxCostStrategy, RateSlot, Terms};
use crate::model::money::Money;
use crate::table::rating::tariff::{Fits, Tariff};
use foldhash::HashSet;

/// Reports rates that cannot be used, and those that are probably not meant.
pub(super) fn check(
    rates: &Rates,
    arithmetic: Arithmetic,
    compare: Compare,
    timings: &HashSet<&str>,
    report: &mut Report<'_>,
) {
    let mut fits = Fits::default();
    if arithmetic == Arithmetic::Cgrates {
        cgrates(rates, report);
    }
    for same in rates.by_prefix().chunk_by(|one, two| rates.prefix(*one) == rates.prefix(*two)) {
        if let [place] = same {
            single(rates, *place, arithmetic, &mut fits, report);
        } else {
            several(rates, same, arithmetic, report);
        }
    }
    tell_once(rates, compare, timings, report);
}

fn single(
    rates: &Rates,
    place: usize,
    arithmetic: Arithmetic,
    fits: &mut Fits,
    report: &mut Report<'_>,
) {
    let (Some(rate), Some(terms)) = (rates.rate(place), rates.terms(place)) else { return };
    if terms.slot_ns != 0 {
        no_beginning(rates, place, arithmetic, report);
    } else if arithmetic == Arithmetic::Exact
        && let Err(text) = fits.check(rate, terms)
    {
        report.error(
            rates.mark(place),
            &text,
            "see the number of digits of `rate` and `connect_fee`",
        );
    }
}

/// What bills visibly another price than it says; each row's own steps, those after the first as well.
fn cgrates(rates: &Rates, report: &mut Report<'_>) {
    let mut billing = Billing::default();
    let mut told_negative = false;
    for place in 0..rates.marks.len() {
        let (Some(rate), Some(terms)) = (rates.rate(place), rates.terms(place)) else { continue };
        let first = RateSlot {
            start_ns: terms.slot_ns,
            rate: rate.rate.to_f64(),
            unit_ns: terms.unit_ns,
            increment_ns: terms.increment.first_ns,
        };
        let next = RateSlot { increment_ns: terms.increment.next_ns, ..first };
        let mark = || rates.mark(place);
        if !billing.look(&next, mark) && next != first {
            billing.look(&first, mark);
        }
        let is_negative = rate.rate.is_negative() || terms.connect_fee.is_negative();
        if is_negative && !std::mem::replace(&mut told_negative, true) {
            let text = "the price is below zero: who calls is paid for it";
            report.warn(mark(), text, "leave the row out where nobody may call");
        }
    }
    billing.tell(report);
}

/// To CGRateS, a beginning without a price is free: what was imported from there goes on to be.
fn no_beginning(rates: &Rates, place: usize, arithmetic: Arithmetic, report: &mut Report<'_>) {
    let text = format!(
        "the beginning of a call to {} has no price: its first slot is not 0s",
        shown(rates.prefix(place))
    );
    let help = "add a row for the slot of 0s";
    match arithmetic {
        Arithmetic::Exact => report.error(rates.mark(place), &text, help),
        Arithmetic::Cgrates => {
            let help = format!("{help}: as it stands, the time up to its first slot is free");
            report.warn(rates.mark(place), &text, &help);
        }
    }
}

/// What of a rate is the same in all of its slots.
type Whole<'t> = (Money, &'t Option<std::sync::Arc<str>>, i64, i64);

fn whole(terms: &Terms) -> Whole<'_> {
    (terms.weight, &terms.timing, terms.effective_ns, terms.end_ns)
}

fn several(rates: &Rates, same: &[usize], arithmetic: Arithmetic, report: &mut Report<'_>) {
    let mut order: Vec<(usize, &Terms)> =
        same.iter().filter_map(|place| Some((*place, rates.terms(*place)?))).collect();
    // Stable: of equal ones the first in the file stays in front.
    order.sort_by(|(_, one), (_, two)| {
        whole(one).cmp(&whole(two)).then(one.slot_ns.cmp(&two.slot_ns))
    });
    for slots in order.chunk_by(|(_, one), (_, two)| whole(one) == whole(two)) {
        let Some((first, terms)) = slots.first().copied() else { continue };
        if terms.slot_ns != 0 {
            no_beginning(rates, first, arithmetic, report);
            continue;
        }
        // CGRateS knows no order of rows that count at the same time; what it does with them is its own.
        if arithmetic == Arithmetic::Exact && !slots_are_wrong(rates, slots, report) {
            let slots: Vec<(&Terms, Money)> = slots
                .iter()
                .filter_map(|(place, terms)| Some((*terms, rates.rate(*place)?.rate)))
                .collect();
            if let Err(text) = Tariff::compile(&slots) {
                let help = "see the number of digits of `rate` and `connect_fee`";
                report.error(rates.mark(first), &text, help);
            }
        }
    }
}

/// Reports slots that cannot be one price.
fn slots_are_wrong(rates: &Rates, slots: &[(usize, &Terms)], report: &mut Report<'_>) -> bool {
    let mut is_wrong = false;
    for pair in slots.windows(2) {
        let [(before, one), (place, two)] = pair else { continue };
        let prefix = shown(rates.prefix(*place));
        let (text, help) = if one.slot_ns == two.slot_ns {
            let first = report.place(rates.mark(*before));
            (
                format!(
                    "the prefix {prefix} is there twice with the same validity, first at {first}"
                ),
                "leave one out, or say from when on each is valid",
            )
        } else if !two.connect_fee.is_zero() {
            (
                format!("a later slot of {prefix} has a connect fee"),
                "it belongs to the row of the slot of 0s",
            )
        } else if (one.rounding, one.max_cost, one.max_cost_strategy)
            != (two.rounding, two.max_cost, two.max_cost_strategy)
        {
            (
                format!("the slots of {prefix} differ in their rounding or their ceiling"),
                "write the same in each: a call is rounded once",
            )
        } else {
            continue;
        };
        report.error(rates.mark(*place), &text, help);
        is_wrong = true;
    }
    is_wrong
}

/// What is said once, of the first rate that it is true of.
fn tell_once(rates: &Rates, compare: Compare, timings: &HashSet<&str>, report: &mut Report<'_>) {
    let hidden = report.hidden();
    let mut told = vec![false; rates.deck.terms.len()];
    let mut told_zero = false;
    for place in 0..rates.marks.len() {
        let (Some(rate), Some(terms)) = (rates.rate(place), rates.terms(place)) else { continue };
        let prefix = rates.prefix(place);
        if compare == Compare::Digits && prefix.starts_with('0') && !told_zero {
            let text =
                format!("the prefix {} begins with 0, as no number in E.164 does", shown(prefix));
            report.warn(rates.mark(place), &text, "write the country's code first, such as 49");
            told_zero = true;
        }
        let Some(told) = told.get_mut(rate.terms_place() as usize) else { continue };
        if std::mem::replace(told, true) {
            continue;
        }
        if let Some(id) =
            terms.timing.as_deref().filter(|id| !timings.contains(id) && !hidden.contains(id))
        {
            let text = format!("no timing is called {}", shown(id));
            report.error(rates.mark(place), &text, "declare it: `[[timing]]` with this `id`");
        }
        if !terms.max_cost.is_zero() && terms.max_cost_strategy != MaxCostStrategy::Free {
            let text = "`max_cost` is of no effect without `max_cost_strategy = \"*free\"`";
            report.warn(rates.mark(place), text, "add it, or leave the ceiling out");
        }
    }
}
