//! The texts of a rate, from a table file or a deck, to what they mean.

use super::column::Column;
use crate::config::dates::{self, DateOrder};
use crate::config::finding::shown;
use crate::config::schema::one_of;
use crate::model::cost::{Rounding, RoundingMethod, WRITTEN_DECIMALS};
use crate::model::definition::{Arithmetic, Compare, Deck, Increment, MaxCostStrategy, Terms};
use crate::model::digits::Digits;
use crate::model::duration;
use crate::model::money::Money;
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// How the rates of a plan are read, and what holds where they say nothing.
#[derive(Debug, Clone)]
pub(super) struct Manner {
    pub(super) unit_ns: i64,
    pub(super) increment: Increment,
    pub(super) rounding: Option<RoundingMethod>,
    pub(super) decimals: Option<u8>,
    pub(super) dates: DateOrder,
    pub(super) zone: TimeZone,
    pub(super) arithmetic: Arithmetic,
    pub(super) compare: Compare,
}

/// What is wrong with a rate, and the way out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) column: Column,
    pub(super) text: String,
    pub(super) help: String,
}

/// The text of a key or a column, where there is one.
pub(super) type Cell<'c> = dyn Fn(Column) -> Option<Cow<'c, str>> + 'c;

fn wrong(column: Column, text: String, help: &str) -> Wrong {
    Wrong { column, text, help: help.to_owned() }
}

/// A prefix, as it is compared.
pub(super) fn prefix(text: &str, compare: Compare) -> Result<&str, Wrong> {
    let help = "write digits, with or without a plus, one prefix a row; `*any` is every number";
    match compare {
        _ if text.is_empty() => Err(wrong(Column::Prefix, "it is empty".to_owned(), help)),
        _ if text == Deck::ANY => Ok(text),
        Compare::Digits => {
            let digits = text.strip_prefix('+').unwrap_or(text);
            let is_prefix = Digits::parse(digits).is_some();
            is_prefix.then_some(digits).ok_or_else(|| {
                wrong(
                    Column::Prefix,
                    format!("{} is no prefix of 1 to 32 digits", shown(text)),
                    help,
                )
            })
        }
        Compare::Text if text.len() > 255 => {
            let text = format!("a prefix of {} bytes", text.len());
            Err(wrong(Column::Prefix, text, "write 1 to 255 bytes"))
        }
        Compare::Text => Ok(text),
    }
}

/// A price.
pub(super) fn price(column: Column, text: &str, arithmetic: Arithmetic) -> Result<Money, Wrong> {
    if text.is_empty() {
        return Err(wrong(column, "it is empty".to_owned(), "write a price, such as `0.0123`"));
    }
    let money = Money::parse(text).map_err(|text| wrong(column, text, "write it as `0.0123`"))?;
    if money.is_negative() && arithmetic == Arithmetic::Exact {
        let text = format!("{} is below zero", shown(text));
        return Err(wrong(column, text, "nobody pays for calls to be taken: leave the row out"));
    }
    Ok(money)
}

/// What a rate says beside its prefix and price, or everything that is wrong with it.
pub(super) fn terms(manner: &Manner, cell: &Cell<'_>) -> Result<Terms, Vec<Wrong>> {
    let mut faults = Vec::new();
    let plain = Terms::default();
    let terms = {
        let mut reader = Reader { cell, faults: &mut faults };
        let money = |column| move |text: &str| price(column, text, manner.arithmetic);
        let connect_fee = reader.of(Column::ConnectFee, Money::ZERO, money(Column::ConnectFee));
        let max_cost = reader.of(Column::MaxCost, Money::ZERO, money(Column::MaxCost));
        let unit_ns = reader.of(Column::Unit, manner.unit_ns, |text| {
            unit(text).map_err(|text| wrong(Column::Unit, text, "write it as `60s`"))
        });
        let increment = reader.of(Column::Increment, manner.increment, |text| {
            let help = "write it as `60/1`: the first step and those after it, in seconds";
            increment(text).map_err(|text| wrong(Column::Increment, text, help))
        });
        let slot_ns = reader.of(Column::Slot, 0, |text| {
            slot(text).map_err(|text| wrong(Column::Slot, text, "write it as `60s`"))
        });
        let method = reader.of(Column::Rounding, manner.rounding, |text| {
            let words = RoundingMethod::WORDS;
            Ok(Some(word(Column::Rounding, text, words, RoundingMethod::named)?))
        });
        let decimals = reader.of(Column::Decimals, manner.decimals, |text| {
            let number = text.parse().ok().filter(|number| *number <= WRITTEN_DECIMALS);
            let text = || format!("{} is no number from 0 to {WRITTEN_DECIMALS}", shown(text));
            number.map(Some).ok_or_else(|| wrong(Column::Decimals, text(), "write it as `4`"))
        });
        let max_cost_strategy =
            reader.of(Column::MaxCostStrategy, MaxCostStrategy::Unnamed, |text| {
                let words = MaxCostStrategy::WORDS;
                word(Column::MaxCostStrategy, text, words, MaxCostStrategy::named)
            });
        let weight = reader.of(Column::Weight, Money::ZERO, |text| {
            let no_number = |_| format!("{} is no number", shown(text));
            let weight = Money::parse(text).map_err(no_number);
            weight.map_err(|text| wrong(Column::Weight, text, "write it as `10`"))
        });
        let timing = reader.of(Column::Timing, None, |text| Ok(Some(text.into())));
        let date = |column| {
            move |text: &str| {
                dates::written(text, manner.dates, &manner.zone).map(Some).map_err(|text| {
                    let help = "leave it out where there is no bound";
                    wrong(column, format!("it {text}"), help)
                })
            }
        };
        let effective = reader.of(Column::Effective, None, date(Column::Effective));
        let end = reader.of(Column::End, None, date(Column::End));
        let rounding = rounding(method, decimals, reader.faults);
        Terms {
            connect_fee,
            unit_ns,
            increment,
            slot_ns,
            rounding,
            max_cost,
            max_cost_strategy,
            weight,
            timing,
            effective_ns: effective.map_or(plain.effective_ns, |written| written.ns),
            end_ns: end.map_or(plain.end_ns, |written| written.over_ns),
        }
    };
    if terms.effective_ns >= terms.end_ns {
        let text = "it is not after `effective`: the rate would never be valid".to_owned();
        faults.push(wrong(Column::End, text, "swap them, or leave one out"));
    }
    let has_validity = (terms.effective_ns, terms.end_ns) != (plain.effective_ns, plain.end_ns);
    if has_validity && manner.arithmetic == Arithmetic::Cgrates {
        let text = "a plan of CGRateS' arithmetic has no validity".to_owned();
        let column = if effective_is_given(&terms) { Column::Effective } else { Column::End };
        faults.push(wrong(column, text, "leave it out, or compute exactly"));
    }
    if faults.is_empty() { Ok(terms) } else { Err(faults) }
}

fn effective_is_given(terms: &Terms) -> bool {
    terms.effective_ns != i64::MIN
}

/// Both, or neither.
fn rounding(
    method: Option<RoundingMethod>,
    decimals: Option<u8>,
    faults: &mut Vec<Wrong>,
) -> Option<Rounding> {
    match (method, decimals) {
        (Some(method), Some(decimals)) => Some(Rounding { method, decimals }),
        (None, None) => None,
        (Some(_), None) => {
            faults.push(lacks(Column::Decimals));
            None
        }
        (None, Some(_)) => {
            faults.push(lacks(Column::Rounding));
            None
        }
    }
}

/// One of `rounding` and `decimals` is there without the other.
pub(super) fn lacks(column: Column) -> Wrong {
    let (there, sample) = match column {
        Column::Decimals => ("rounding", "decimals = 4"),
        _ => ("decimals", "rounding = \"*up\""),
    };
    let text = format!("`{there}` rounds nothing without it");
    Wrong { column, text, help: format!("add `{sample}`, or leave `{there}` out") }
}

struct Reader<'r, 'c> {
    cell: &'r Cell<'c>,
    faults: &'r mut Vec<Wrong>,
}

impl Reader<'_, '_> {
    /// What a cell says; `otherwise` where it is empty or wrong.
    fn of<T>(
        &mut self,
        column: Column,
        otherwise: T,
        read: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> T {
        let Some(text) = (self.cell)(column).filter(|text| !text.is_empty()) else {
            return otherwise;
        };
        match read(&text) {
            Ok(value) => value,
            Err(fault) => {
                self.faults.push(fault);
                otherwise
            }
        }
    }
}

fn word<T>(
    column: Column,
    text: &str,
    words: &[&str],
    named: impl Fn(&str) -> Option<T>,
) -> Result<T, Wrong> {
    let help = || format!("use {}", one_of(words));
    named(text).ok_or_else(|| Wrong {
        column,
        text: format!("it is {}", shown(text)),
        help: help(),
    })
}

/// A length of time above nothing: `60s`, or seconds without a unit.
pub(super) fn unit(text: &str) -> Result<i64, String> {
    match slot(text)? {
        0 => Err(format!("{} is no time", shown(text))),
        ns => Ok(ns),
    }
}

/// A moment of a call: `60s`, or seconds without a unit.
fn slot(text: &str) -> Result<i64, String> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let ns = match is_number {
        true => duration::parse_ns(&format!("{text}s"))?,
        false => duration::parse_ns(text)?,
    };
    if ns < 0 { Err(format!("{} is below zero", shown(text))) } else { Ok(ns) }
}

/// `60/1`, or one number for both.
pub(super) fn increment(text: &str) -> Result<Increment, String> {
    let (first, next) = text.split_once('/').unwrap_or((text, text));
    Ok(Increment { first_ns: unit(first.trim())?, next_ns: unit(next.trim())? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manner() -> Manner {
        Manner {
            unit_ns: 60_000_000_000,
            increment: Increment::default(),
            rounding: None,
            decimals: None,
            dates: DateOrder::Dmy,
            zone: TimeZone::UTC,
            arithmetic: Arithmetic::Exact,
            compare: Compare::Digits,
        }
    }

    fn of(cells: &[(Column, &str)], manner: &Manner) -> Result<Terms, Vec<Wrong>> {
        let cell = |wanted| {
            cells.iter().find(|(column, _)| *column == wanted).map(|(_, text)| Cow::from(*text))
        };
        terms(manner, &cell)
    }

    #[test]
    fn what_is_not_said_is_the_plans() {
        let manner = Manner { rounding: Some(RoundingMethod::Up), decimals: Some(4), ..manner() };
        let read = of(&[(Column::Increment, "60/1"), (Column::Unit, "")], &manner).unwrap();
        assert_eq!(read.unit_ns, 60_000_000_000);
        assert_eq!(read.increment, Increment { first_ns: 60_000_000_000, next_ns: 1_000_000_000 });
        assert_eq!(read.rounding, Some(Rounding { method: RoundingMethod::Up, decimals: 4 }));
        let read = of(&[(Column::Rounding, "*down"), (Column::Decimals, "2")], &manner).unwrap();
        assert_eq!(read.rounding, Some(Rounding { method: RoundingMethod::Down, decimals: 2 }));
        let dated = [(Column::Effective, "31.01.2026"), (Column::End, "01.02.2026")];
        let read = of(&dated, &manner).unwrap();
        assert_eq!(read.end_ns - read.effective_ns, 2 * 86_400_000_000_000, "the last day counts");
    }

    #[test]
    fn everything_that_is_wrong_with_a_rate_is_said_at_once() {
        use Column::*;
        let cgrates = Manner { arithmetic: Arithmetic::Cgrates, ..manner() };
        for (cells, manner, want) in [
            (
                &[(ConnectFee, "x"), (Unit, "0"), (Increment, "60/"), (Slot, "-1s")][..],
                manner(),
                &["is no price", "is no time", "a duration is a number", "below zero"][..],
            ),
            (&[(Rounding, "up"), (Decimals, "13")], manner(), &["it is `up`", "from 0 to 12"]),
            (&[(Rounding, "*up")], manner(), &["without it"]),
            (&[(Decimals, "2")], manner(), &["without it"]),
            (&[(MaxCost, "-1"), (MaxCostStrategy, "free")], manner(), &["below zero", "`free`"]),
            (&[(Weight, "heavy")], manner(), &["no number"]),
            (&[(Effective, "2026-13-01")], manner(), &["no date such as 31.01.2026"]),
            (
                &[(Effective, "02.01.2026"), (End, "01.01.2026")],
                manner(),
                &["not after `effective`"],
            ),
            (&[(End, "01.01.2026")], cgrates, &["has no validity"]),
        ] {
            let faults = of(cells, &manner).unwrap_err();
            let mut texts: Vec<&str> = faults.iter().map(|fault| fault.text.as_str()).collect();
            assert_eq!(texts.len(), want.len(), "{texts:?}");
            for part in want {
                let at = texts.iter().position(|text| text.contains(part));
                texts.remove(at.unwrap_or_else(|| panic!("{part} in {texts:?}")));
            }
        }
    }

    #[test]
    fn prefixes_are_digits_unless_text_is_compared() {
        for (text, compare, want) in [
            ("+49151", Compare::Digits, Some("49151")),
            ("49151", Compare::Digits, Some("49151")),
            ("*any", Compare::Digits, Some("*any")),
            ("+49151", Compare::Text, Some("+49151")),
            ("sip:", Compare::Text, Some("sip:")),
            ("", Compare::Digits, None),
            ("+", Compare::Digits, None),
            ("93-70", Compare::Digits, None),
            ("4.9E+10", Compare::Digits, None),
            ("", Compare::Text, None),
        ] {
            assert_eq!(prefix(text, compare).ok(), want, "{text}");
        }
    }
}
