//! Terms of a deck, ready to be computed with: every amount is a whole number of one fraction.
//!
//! Invariant: with a price up to [`Tariff::price_max`], no call can cost more than the types of exact
//! arithmetic hold. What does not fit is refused when the table is built, so that a lookup cannot fail.

use crate::model::cost::{COST_MAX, DENOMINATOR_MAX, Rounding};
use crate::model::definition::{DeckRate, MaxCostStrategy, Terms};
use crate::model::money::Money;
use std::collections::HashMap;

/// The time of the longest call with its steps, in nanoseconds: what is billed is never more.
const BILLED_MAX: i128 = 3 * (i64::MAX as i128);

/// What rates of a deck have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tariff {
    /// The fraction that all amounts are whole numbers of.
    pub denominator: i128,
    /// What a call costs at once.
    pub fee: i128,
    /// What a call costs at most.
    pub ceiling: Option<i128>,
    /// How the cost is rounded.
    pub rounding: Option<Rounding>,
    /// By how long a call has lasted; the first begins at zero.
    pub slots: Box<[Slot]>,
    /// The greatest price that it can be computed with.
    pub price_max: u32,
}

/// From a moment of the call on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    /// That moment (nanoseconds).
    pub start_ns: i64,
    /// What a nanosecond costs; in the first slot, for each 1 of the rate's price.
    pub factor: i128,
    /// The first step in which time is billed (nanoseconds).
    pub first_ns: i64,
    /// Those after it (nanoseconds).
    pub next_ns: i64,
}

impl Tariff {
    /// From the terms and rates of one price's slots, sorted by their starts. With it comes the price of the
    /// first slot: what the rates of equal tariffs differ in.
    ///
    /// The first slot's terms hold for all but the time.
    ///
    /// # Errors
    /// Says why it cannot be computed with.
    pub fn compile(slots: &[(&Terms, Money)]) -> Result<(Self, u32), String> {
        let Some(((terms, rate), _)) = slots.split_first() else {
            return Err("there is no rate".into());
        };
        if terms.slot_ns != 0 {
            return Err("the beginning of the call has no price: a slot of 0s is missing".into());
        }
        if slots.iter().any(|(_, rate)| rate.is_negative()) || terms.connect_fee.is_negative() {
            return Err("a price is below zero".into());
        }
        Self::fitting(terms, *rate, slots).ok_or_else(|| {
            "its digits, units and fees together are beyond exact arithmetic: write fewer digits".into()
        })
    }

    fn fitting(terms: &Terms, rate: Money, slots: &[(&Terms, Money)]) -> Option<(Self, u32)> {
        let scale = |money: Money| 10_i128.pow(money.decimals());
        let denominators =
            slots.iter().map(|(terms, rate)| scale(*rate) * i128::from(terms.unit_ns.max(1)));
        let denominator = denominators
            .chain([scale(terms.connect_fee), scale(terms.max_cost)])
            .try_fold(1, least_common_multiple)
            .filter(|denominator| *denominator <= DENOMINATOR_MAX)?;
        let amount =
            |money: Money| i128::from(money.mantissa()).checked_mul(denominator / scale(money));
        let per_ns = |terms: &Terms, rate: Money| {
            denominator / (scale(rate) * i128::from(terms.unit_ns.max(1)))
        };
        // A price that is no small number is part of the tariff.
        let (price, own) = match u32::try_from(rate.mantissa()) {
            Ok(price) => (price, 1),
            Err(_) => (1, i128::from(rate.mantissa())),
        };
        let mut compiled = Vec::with_capacity(slots.len());
        for (index, (terms, rate)) in slots.iter().enumerate() {
            let own = if index == 0 { own } else { i128::from(rate.mantissa()) };
            compiled.push(Slot {
                start_ns: terms.slot_ns,
                factor: per_ns(terms, *rate).checked_mul(own)?,
                first_ns: terms.increment.first_ns.max(1),
                next_ns: terms.increment.next_ns.max(1),
            });
        }
        let fee = amount(terms.connect_fee)?;
        let ceiling = (terms.max_cost_strategy == MaxCostStrategy::Free)
            .then_some(terms.max_cost)
            .filter(|ceiling| !ceiling.is_zero());
        let ceiling = match ceiling {
            Some(ceiling) => Some(amount(ceiling)?),
            None => None,
        };
        let (first, later) = compiled.split_first()?;
        let mut room = denominator.saturating_mul(COST_MAX).checked_sub(fee)?;
        for slot in later {
            room = room.checked_sub(slot.factor.checked_mul(BILLED_MAX)?)?;
        }
        let price_max = room / first.factor.checked_mul(BILLED_MAX)?.max(1);
        let price_max = u32::try_from(price_max.max(0)).unwrap_or(u32::MAX);
        let tariff = Self {
            denominator,
            fee,
            ceiling,
            rounding: terms.rounding,
            slots: compiled.into(),
            price_max,
        };
        (price <= price_max).then_some((tariff, price))
    }
}

/// Rates of one slot that were found to fit, so that most of a deck are looked at for a moment only.
#[derive(Debug, Default)]
pub struct Fits {
    /// The greatest price that fits, by terms and decimals.
    known: HashMap<(u32, u32), u32>,
}

impl Fits {
    /// Whether a rate with these terms of its deck can be computed with.
    ///
    /// # Errors
    /// As [`Tariff::compile`].
    pub fn check(&mut self, rate: &DeckRate, terms: &Terms) -> Result<(), String> {
        let key = (rate.terms_place(), rate.rate.decimals());
        let price = u32::try_from(rate.rate.mantissa()).ok();
        if let (Some(price), Some(price_max)) = (price, self.known.get(&key))
            && price <= *price_max
        {
            return Ok(());
        }
        let (tariff, _) = Tariff::compile(&[(terms, rate.rate)])?;
        if price.is_some() {
            self.known.insert(key, tariff.price_max);
        }
        Ok(())
    }
}

fn least_common_multiple(a: i128, b: i128) -> Option<i128> {
    let (mut divisor, mut rest) = (a, b);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    (a / divisor.max(1)).checked_mul(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::definition::Increment;

    fn money(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    #[test]
    fn rates_that_differ_in_their_price_alone_have_one_tariff() {
        let terms = Terms { connect_fee: money("0.05"), ..Terms::default() };
        let compile = |rate: &str| Tariff::compile(&[(&terms, money(rate))]).unwrap();
        let (first, price) = compile("0.0123");
        assert_eq!(price, 123);
        assert_eq!(compile("0.0456"), (first, 456));
    }

    #[test]
    fn a_price_that_is_no_small_number_is_part_of_its_tariff() {
        let terms = Terms::default();
        let (tariff, price) = Tariff::compile(&[(&terms, money("12345.6789012"))]).unwrap();
        assert_eq!((price, tariff.slots[0].factor), (1, 123_456_789_012));
    }

    #[test]
    fn what_cannot_be_computed_exactly_is_refused() {
        let plain = Terms::default;
        let fine = money("0.000000000000001");
        let large = money("999999999999999");
        for (terms, rate, want) in [
            (plain(), large, None),
            (plain(), fine, None),
            (Terms { unit_ns: i64::MAX, ..plain() }, fine, None),
            (Terms { connect_fee: fine, ..plain() }, large, Some("beyond exact arithmetic")),
            (Terms { unit_ns: 1, ..plain() }, large, Some("beyond exact arithmetic")),
            (Terms { slot_ns: 1, ..plain() }, fine, Some("slot of 0s")),
            (plain(), money("-1"), Some("below zero")),
            (
                Terms { increment: Increment { first_ns: i64::MAX, next_ns: i64::MAX }, ..plain() },
                large,
                None,
            ),
        ] {
            let got = Tariff::compile(&[(&terms, rate)]).err();
            match want {
                Some(want) => assert!(got.unwrap().contains(want), "{terms:?} {rate}"),
                None => assert_eq!(got, None, "{terms:?} {rate}"),
            }
        }
    }
}
