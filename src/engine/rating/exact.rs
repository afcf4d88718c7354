//! What a call costs by a deck of our own, exactly.
//!
//! No binary fraction comes between the digits of the deck and those of the answer, and nothing is rounded
//! but where the deck asks for it:
//!
//! 1. A call of no time costs nothing.
//! 2. Time is billed in steps: of `60/1` the first is 60 s, those after it 1 s; what begins a step is billed
//!    whole. A slot (`from 60s on`) begins where it says, or later, where a step of the slot before ends.
//! 3. The cost is the connect fee, and for each slot its billed time by its rate, an exact fraction.
//! 4. A ceiling (`max_cost` with `*free`) is the most that a call costs.
//! 5. Last, the cost is rounded, where the deck asks for it.
//!
//! The rate that is valid when the call begins holds for all of it.

use super::{Recorder, Step};
use crate::model::cost::Cost;
use crate::table::rating::deck::Price;
use crate::table::rating::tariff::Slot;

/// What explain names prices for.
const MINUTE_NS: i128 = 60_000_000_000;

/// What a call costs by the price that was found; the recorder is told each step.
#[must_use]
pub fn cost_told(price: &Price<'_>, usage_ns: i64, recorder: &mut impl Recorder) -> Cost {
    let tariff = price.tariff;
    if usage_ns <= 0 {
        return Cost::ZERO;
    }
    let mut numerator = tariff.fee;
    let mut at_ns = 0_u64;
    let mut weight = i128::from(price.price);
    let usage_ns = usage_ns.unsigned_abs();
    let mut slots = tariff.slots.iter().peekable();
    while let Some(slot) = slots.next() {
        let next = slots.peek().map_or(u64::MAX, |next| next.start_ns.unsigned_abs());
        let until_ns = usage_ns.min(next);
        if let Some(time_ns @ 1..) = until_ns.checked_sub(at_ns) {
            let billed_ns = billed(slot, time_ns);
            // A tariff holds no price with which this could be too large.
            let per_ns = slot.factor.saturating_mul(weight);
            let amount = per_ns.saturating_mul(billed_ns.into());
            numerator = numerator.saturating_add(amount);
            recorder.step(&Step {
                start_ns: at_ns,
                billed_ns,
                increments_ns: (slot.first_ns, slot.next_ns),
                minute: Cost::new(per_ns.saturating_mul(MINUTE_NS), tariff.denominator),
                cost: Cost::new(amount, tariff.denominator),
            });
            at_ns = at_ns.saturating_add(billed_ns);
        }
        // The factors of later slots have their prices in them.
        weight = 1;
    }
    if let Some(ceiling) = tariff.ceiling {
        numerator = numerator.min(ceiling);
    }
    let cost = Cost::new(numerator, tariff.denominator);
    let rounded = tariff.rounding.map_or(cost, |rounding| cost.rounded(rounding));
    let fee = Cost::new(tariff.fee, tariff.denominator);
    recorder.exact(fee, cost, tariff.rounding, rounded);
    rounded
}

/// The steps that `time_ns`, at least 1, begins.
fn billed(slot: &Slot, time_ns: u64) -> u64 {
    let (first_ns, next_ns) = (slot.first_ns.unsigned_abs(), slot.next_ns.unsigned_abs().max(1));
    let steps = time_ns.saturating_sub(first_ns).div_ceil(next_ns);
    steps.saturating_mul(next_ns).saturating_add(first_ns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cost::{Rounding, RoundingMethod};
    use crate::model::definition::{Deck, Increment, MaxCostStrategy, Terms};
    use crate::model::money::Money;
    use crate::table::rating::deck::{CompiledDeck, Start};
    use num_rational::BigRational;
    use std::str::FromStr;

    const START: Start = Start { ns: 0, offset_s: 0 };

    fn price(deck: &CompiledDeck, number: &str, start: Start, usage_ns: i64) -> Option<Cost> {
        deck.find(number, start).map(|price| cost_told(&price, usage_ns, &mut ()))
    }

    fn seconds(seconds: i64) -> i64 {
        seconds * 1_000_000_000
    }

    fn money(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    fn step(first: i64, next: i64) -> Increment {
        Increment { first_ns: seconds(first), next_ns: seconds(next) }
    }

    fn compiled(rows: &[(&str, Terms)]) -> Result<CompiledDeck, String> {
        let mut deck = Deck::default();
        for (place, (rate, terms)) in (0..).zip(rows) {
            deck.terms.push(terms.clone());
            deck.push("49", money(rate), place).unwrap();
        }
        CompiledDeck::compile(&deck, &|_| None)
    }

    fn cost_of(rows: &[(&str, Terms)], usage_ns: i64) -> Cost {
        price(&compiled(rows).unwrap(), "4930", START, usage_ns).unwrap()
    }

    #[test]
    fn costs_are_those_of_the_worked_examples_but_for_their_roundings_in_between() {
        let plain = Terms::default;
        let unit = |s| Terms { unit_ns: seconds(s), ..Terms::default() };
        let up = |decimals| Some(Rounding { method: RoundingMethod::Up, decimals });
        let per_minute = [("0.01", Terms { rounding: up(4), ..plain() })];
        let slots = [
            (
                "0.4",
                Terms {
                    connect_fee: money("0.8"),
                    increment: step(30, 30),
                    rounding: up(4),
                    ..plain()
                },
            ),
            ("0.2", Terms { slot_ns: seconds(60), increment: step(10, 10), ..plain() }),
        ];
        let minute_first = [
            ("0.01", Terms { increment: step(60, 60), ..unit(1) }),
            ("0.01", Terms { slot_ns: seconds(60), ..unit(1) }),
        ];
        let free = |max: &str| Terms {
            max_cost: money(max),
            max_cost_strategy: MaxCostStrategy::Free,
            ..unit(1)
        };
        /// A name, rates, seconds of a call, and what it costs.
        type Row<'r> = (&'r str, &'r [(&'r str, Terms)], i64, &'r str);
        let rows: &[Row<'_>] = &[
            ("a cent a minute", &per_minute, 60, "0.01"),
            ("rounded up once, at the end", &per_minute, 80, "0.0134"),
            ("ten minutes and twenty seconds", &per_minute, 620, "0.1034"),
            ("no time costs nothing, no fee either", &slots, 0, "0"),
            ("a negative time neither", &slots, -5, "0"),
            ("the fee and two steps", &slots, 60, "1.2"),
            ("a step begun is billed whole", &slots, 31, "1.2"),
            ("steps of the second slot", &slots, 80, "1.2667"),
            ("the first minute whole, then seconds", &minute_first, 60, "0.6"),
            ("which is what 60/1 says", &minute_first, 150, "1.5"),
            (
                "60/1 below a minute",
                &[("0.01", Terms { increment: step(60, 1), ..unit(1) })],
                5,
                "0.6",
            ),
            ("60/1 above it", &[("0.01", Terms { increment: step(60, 1), ..unit(1) })], 61, "0.61"),
            ("30/6", &[("0.06", Terms { increment: step(30, 6), ..plain() })], 31, "0.036"),
            ("a third stays one", &[("0.01", plain())], 20, "0.003333333333"),
            ("and three are the whole", &[("0.01", plain())], 60, "0.01"),
            (
                "a slot that a step reaches into begins later",
                &[
                    ("1", Terms { increment: step(60, 60), ..unit(60) }),
                    ("2", Terms { slot_ns: seconds(30), increment: step(60, 60), ..unit(60) }),
                ],
                61,
                "3",
            ),
            ("below the ceiling", &[("0.01", free("0.5"))], 50, "0.5"),
            ("above it the call is free", &[("0.01", free("0.5"))], 5000, "0.5"),
            (
                "without its strategy a ceiling is none",
                &[("0.01", Terms { max_cost: money("0.5"), ..unit(1) })],
                100,
                "1",
            ),
            ("a free call", &[("0", plain())], 100, "0"),
        ];
        for (name, rates, usage_s, want) in rows {
            assert_eq!(cost_of(rates, seconds(*usage_s)).to_string(), *want, "{name}");
        }
    }

    #[test]
    fn the_longest_call_at_the_greatest_price_has_a_cost() {
        let terms = Terms {
            increment: Increment { first_ns: i64::MAX, next_ns: i64::MAX },
            ..Terms::default()
        };
        let cost = cost_of(&[("999999999999999", terms)], i64::MAX);
        assert!(cost > Cost::new(10_i128.pow(23), 1), "{cost}");
    }

    /// A small generator: the same numbers in each run.
    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: i64) -> i64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((self.0 >> 33) as i64) % bound
        }

        fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
            items[self.below(items.len() as i64) as usize]
        }

        fn amount(&mut self) -> String {
            let decimals = self.below(9) as usize;
            let bound = self.one_of(&[10, 1_000, 100_000, 1 << 24]);
            let digits = format!("{:0width$}", self.below(bound), width = decimals + 1);
            let (whole, fraction) = digits.split_at(digits.len() - decimals);
            format!("{whole}.{fraction}")
        }

        fn terms(&mut self, slot_ns: i64) -> Terms {
            let time = |random: &mut Self| {
                let unit = random.one_of(&[1_000_000, 1_000_000_000, 60_000_000_000]);
                (random.below(90) + 1) * unit
            };
            let first_ns = time(self);
            let next_ns = if self.below(2) == 0 { first_ns } else { time(self) };
            let method =
                self.one_of(&[RoundingMethod::Up, RoundingMethod::Middle, RoundingMethod::Down]);
            let decimals = self.below(9) as u8;
            Terms {
                connect_fee: money(&self.amount()),
                unit_ns: time(self),
                increment: Increment { first_ns, next_ns },
                slot_ns,
                rounding: (self.below(3) == 0).then_some(Rounding { method, decimals }),
                max_cost: money(&self.amount()),
                max_cost_strategy: self.one_of(&[
                    MaxCostStrategy::Unnamed,
                    MaxCostStrategy::Free,
                    MaxCostStrategy::Disconnect,
                ]),
                ..Terms::default()
            }
        }
    }

    fn big(text: impl ToString) -> BigRational {
        let text = text.to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let scale = format!("1{}", "0".repeat(fraction.len()));
        BigRational::from_str(&format!("{whole}{fraction}/{scale}")).unwrap()
    }

    /// The definition, word by word, in fractions without bounds.
    fn expected(rows: &[(&str, Terms)], usage_ns: i64) -> BigRational {
        let terms = &rows[0].1;
        let mut total = if usage_ns > 0 { big(terms.connect_fee) } else { big(0) };
        let mut at = 0;
        for (index, (rate, slot)) in rows.iter().enumerate() {
            let end = rows.get(index + 1).map_or(i64::MAX, |(_, next)| next.slot_ns);
            let mut step = slot.increment.first_ns;
            let mut billed = 0;
            while at < usage_ns && at < end {
                billed += step;
                at += step;
                step = slot.increment.next_ns;
            }
            total += big(rate) * big(billed) / big(slot.unit_ns);
        }
        let ceiling = big(terms.max_cost);
        if terms.max_cost_strategy == MaxCostStrategy::Free && ceiling > big(0) && total > ceiling {
            total = ceiling;
        }
        let Some(Rounding { method, decimals }) = terms.rounding else { return total };
        let scale = big(10_u64.pow(decimals.into()));
        let scaled = total * &scale;
        let whole = match method {
            RoundingMethod::Up => scaled.ceil(),
            RoundingMethod::Down => scaled.floor(),
            RoundingMethod::Middle => (scaled + big("0.5")).floor(),
        };
        whole / scale
    }

    #[test]
    fn costs_are_those_of_fractions_without_bounds() {
        let mut random = Random(42);
        let mut refused = 0;
        for round in 0..4_000 {
            let first = (random.amount(), random.terms(0));
            let mut rows = vec![first];
            let mut slot_ns = 0;
            for _ in 0..random.below(3) {
                slot_ns += random.below(100) * 1_000_000_000 + 1;
                rows.push((random.amount(), random.terms(slot_ns)));
            }
            let rows: Vec<(&str, Terms)> =
                rows.iter().map(|(rate, terms)| (rate.as_str(), terms.clone())).collect();
            let smallest =
                rows.iter().map(|(_, t)| t.increment.first_ns.min(t.increment.next_ns)).min();
            // Few enough steps to count them one by one.
            let most = smallest.unwrap() * 200;
            let usage_ns = random.below(most.min(1 << 30)) * (most / most.min(1 << 30)).max(1);
            let Ok(deck) = compiled(&rows) else {
                refused += 1;
                continue;
            };
            let got = price(&deck, "49", START, usage_ns).unwrap();
            let want = expected(&rows, usage_ns);
            let name = format!("round {round}: {rows:?} for {usage_ns} ns: {got} and {want}");
            let (numerator, denominator) = got.parts();
            assert_eq!(big(numerator) / big(denominator), want, "{name}");
        }
        assert!(refused < 100, "{refused} of 4,000 decks of plain prices are refused");
    }
}
