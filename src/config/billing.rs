//! Rates whose bill is visibly not what they say, as CGRateS' arithmetic rounds it.
//!
//! Of a deck that is stated by the minute and billed by the second, every other rate may be one: the worst are
//! told, and how many more there are.

use super::report::{Mark, Report};
use crate::engine::rating::{Charge, VISIBLE};
use crate::model::cost::Cost;
use crate::model::definition::RateSlot;
use crate::model::go::duration;

/// Prices of a folder or a deck that are told one by one: enough to see what they have in common.
const TOLD_MAX: usize = 20;

/// Those that were found.
#[derive(Debug, Default)]
pub(super) struct Billing {
    found: Vec<(f64, Mark, RateSlot)>,
}

impl Billing {
    /// Looks at a rate; whether its bill is visibly another.
    pub(super) fn look(&mut self, slot: &RateSlot, mark: impl FnOnce() -> Mark) -> bool {
        let charge = Charge::of_hour(slot).filter(Charge::is_visible);
        if let Some(charge) = &charge {
            self.found.push((charge.excess().abs(), mark(), *slot));
        }
        charge.is_some()
    }

    /// Warns of the worst, each in its place, and counts the others.
    pub(super) fn tell(mut self, report: &mut Report<'_>) {
        let key = |slot: &RateSlot| (slot.rate.to_bits(), slot.unit_ns, slot.increment_ns);
        self.found.sort_by(|(one, at, slot), (two, other, same)| {
            two.total_cmp(one).then(key(slot).cmp(&key(same))).then(at.cmp(other))
        });
        let mut others: Vec<Mark> = Vec::new();
        let alike = self.found.chunk_by(|(.., one), (.., two)| key(one) == key(two));
        for (place, alike) in alike.enumerate() {
            let mut marks = alike.iter().map(|(_, mark, _)| *mark);
            if place < TOLD_MAX
                && let (Some(mark), Some((.., slot))) = (marks.next(), alike.first())
                && let Some(charge) = Charge::of_hour(slot)
            {
                report.warn(mark, &text(slot, &charge), HELP);
            }
            others.extend(marks);
        }
        if let Some(first) = others.iter().min() {
            let (count, percent) = (others.len(), VISIBLE * 100.0);
            let rows = if count == 1 { "row is" } else { "rows are" };
            let text = format!(
                "{count} more {rows} billed more than {percent} % off the price, this the first; the worst \
                 prices are named once each"
            );
            report.warn(*first, &text, HELP);
        }
    }
}

const HELP: &str = "CGRateS bills it the same; a longer increment rounds less, and a deck of your own \
                    computes exactly";

fn text(slot: &RateSlot, charge: &Charge) -> String {
    let unit_ns = if slot.unit_ns == 0 { 1_000_000_000 } else { slot.unit_ns };
    let said = format!("the rate {} for {}", slot.rate, duration::text(unit_ns));
    let hour = duration::text(charge.length_ns);
    let increment = duration::text(charge.increment_ns);
    let stated = written(charge.stated);
    if charge.is_too_fine {
        return format!(
            "{said} bills nothing for {hour}, not {stated}: it has more than 1,000,000 increments of \
             {increment}, and at the start of a call those are free"
        );
    }
    let exact = charge.stated * (charge.increment_ns as f64 / charge.length_ns as f64);
    format!(
        "{said} bills {} for {hour}, not {stated} ({}): {increment} costs {}, rounded to {}",
        written(charge.billed),
        charge.percent(),
        written(exact),
        written(charge.increment_price),
    )
}

/// Without the noise of float64.
fn written(amount: f64) -> String {
    Cost::of_f64(amount).map(|cost| cost.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_are_told_and_the_others_counted() {
        let mut report = Report::default();
        let rows: String = (0..50).map(|row| format!("row {row}\n")).collect();
        let file = report.add_file(&"Rates.csv".into(), &rows);
        let mut billing = Billing::default();
        for (row, at) in rows.match_indices('\n').map(|(at, _)| at).enumerate() {
            // Every tenth is far off, the others a little; a price that five decimals hold is not.
            let little = 0.01 + row as f64 / 1e6;
            let rate = if row % 10 == 0 { 0.0002 } else { little };
            let slot = RateSlot { rate, unit_ns: 60_000_000_000, ..RateSlot::default() };
            assert!(billing.look(&slot, || Mark::new(file, at)));
            assert!(!billing.look(&RateSlot { rate: 0.06, ..slot }, Mark::default));
        }
        billing.tell(&mut report);
        let findings = report.finish();
        assert_eq!(findings.len(), TOLD_MAX + 1);
        let far = findings.iter().filter(|finding| finding.text.contains("100 % less"));
        assert_eq!(far.count(), 1, "what is alike is told once");
        let counted = findings.iter().find(|finding| finding.text.starts_with("30 more rows are"));
        assert_eq!(counted.unwrap().place.line, 11, "the second of those that are far off");
    }
}
