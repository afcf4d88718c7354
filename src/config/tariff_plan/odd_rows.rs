//! Rows that CGRateS loads and that probably do not say what was meant.
//!
//! A plan counts as it is read, so these are warnings. Whole decks may share a mistake: of each kind the first
//! few rows are told, and how many more there are. A row without one costs a few comparisons.

use super::rows::{Row, Sink};
use crate::config::billing::Billing;
use crate::config::finding::shown;
use crate::config::report::Mark;
use crate::model::cost::RoundingMethod;
use crate::model::definition::RateSlot;
use crate::model::go::duration;

/// Rows of one kind that are told one by one: enough to see what they have in common.
const TOLD_MAX: usize = 20;

/// Rows with one kind of doubt.
#[derive(Debug, Default)]
pub(super) struct Often {
    count: usize,
    /// The first that was not told.
    more: Option<Mark>,
}

impl Often {
    /// Tells of a row, its words and the way out, or counts it.
    pub(super) fn tell(
        &mut self,
        mark: Mark,
        sink: &mut Sink<'_>,
        words: impl FnOnce() -> (String, String),
    ) {
        self.count += 1;
        if self.count <= TOLD_MAX {
            let (text, help) = words();
            sink.warn(mark, &text, &help);
        } else {
            self.more.get_or_insert(mark);
        }
    }

    /// Tells how many more rows there are of which `what` is true.
    pub(super) fn finish(self, what: &str, sink: &mut Sink<'_>) {
        if let Some(mark) = self.more {
            let text = format!("{} more rows {what}, this the first", self.count - TOLD_MAX);
            sink.warn(mark, &text, "see those before it");
        }
    }
}

/// Doubts of the rows of Rates.csv, one a row.
#[derive(Debug, Default)]
pub(super) struct RateDoubts {
    negative: Often,
    unitless: Often,
    without_unit: Often,
    billing: Billing,
}

impl RateDoubts {
    /// Looks at a row.
    pub(super) fn look(
        &mut self,
        row: &Row<'_>,
        slot: &RateSlot,
        connect_fee: f64,
        sink: &mut Sink<'_>,
    ) {
        let mut money = [(1, connect_fee), (2, slot.rate)].into_iter();
        let mut times = [(3, slot.unit_ns), (4, slot.increment_ns), (5, slot.start_ns)].into_iter();
        if let Some((column, _)) = money.find(|(_, amount)| *amount < 0.0) {
            self.negative.tell(row.mark(column), sink, || {
                let (text, name) = (shown(row.text(column)), row.name(column));
                let help = "CGRateS subtracts it, so that `*lc` prefers the route; leave out what nobody \
                            may call";
                (format!("{text} in {name} is below zero"), help.to_owned())
            });
        } else if let Some((column, _)) =
            times.find(|(column, ns)| *ns != 0 && (*ns < 0 || ends_in_digit(row.text(*column))))
        {
            self.unitless.tell(row.mark(column), sink, || odd_time(row, column));
        } else if slot.unit_ns == 0 && slot.rate != 0.0 && is_zero(row.text(3)) {
            self.without_unit.tell(row.mark(3), sink, || {
                let text = format!("the RateUnit of the rate {} is none", shown(row.text(2)));
                (
                    text,
                    "it counts as the price of a second: write `1s`, or `60s` for a minute".into(),
                )
            });
        } else {
            self.billing.look(slot, || row.mark(2));
        }
    }

    /// Tells what was counted.
    pub(super) fn finish(self, sink: &mut Sink<'_>) {
        self.negative.finish("have a price below zero", sink);
        self.unitless.finish("have a time without a unit or below zero", sink);
        self.without_unit.finish("have no RateUnit", sink);
        sink.tell_billing(self.billing);
    }
}

/// Doubts of the slots of one Id in Rates.csv, together.
#[derive(Debug, Default)]
pub(super) struct SlotDoubts {
    same: Often,
    late: Often,
}

impl SlotDoubts {
    /// Looks at the slots of an Id, sorted by their starts, each with its place.
    pub(super) fn look(&mut self, slots: &[(RateSlot, Mark)], sink: &mut Sink<'_>) {
        if let Some((_, mark)) = slots.first().filter(|(slot, _)| slot.start_ns > 0) {
            self.late.tell(*mark, sink, || {
                let text =
                    "the rate begins later than the call: the time up to its first slot is free";
                (text.to_owned(), "add a row with the GroupIntervalStart 0s".to_owned())
            });
        }
        for ((one, first), (two, mark)) in slots.iter().zip(slots.iter().skip(1)) {
            if one.start_ns == two.start_ns && !sink.has_errors() {
                let first = sink.place(*first);
                self.same.tell(*mark, sink, || {
                    let text =
                        format!("a row of this Id has the same GroupIntervalStart, at {first}");
                    (text, "the last of them counts: leave out the one that is not meant".into())
                });
            }
        }
    }

    /// Tells what was counted.
    pub(super) fn finish(self, sink: &mut Sink<'_>) {
        self.same.finish("have a GroupIntervalStart that their Id has already", sink);
        self.late.finish("begin later than the call", sink);
    }
}

/// Whether it says so: what is no duration counts as zero, and has its error.
fn is_zero(time: &str) -> bool {
    duration::parse(time) == Ok(0)
}

fn ends_in_digit(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit() || c == '.')
}

/// A number without a unit, or a time below zero.
fn odd_time(row: &Row<'_>, column: usize) -> (String, String) {
    let (text, name) = (row.text(column), row.name(column));
    if ends_in_digit(text) {
        let help = format!("write `{text}s` if seconds are meant");
        return (format!("{} in {name} has no unit, and counts as nanoseconds", shown(text)), help);
    }
    (format!("{} in {name} is below zero", shown(text)), "write it as 60s or 1m".to_owned())
}

/// Looks at the rounding of a row of DestinationRates.csv: an unknown method rounds nothing.
pub(super) fn look_at_rounding(row: &Row<'_>, often: &mut Often, sink: &mut Sink<'_>) {
    let method = row.text(3);
    if method.is_empty() || RoundingMethod::named(method).is_some() {
        return;
    }
    often.tell(row.mark(3), sink, || {
        let text = format!("no rounding is called {}: the cost is not rounded", shown(method));
        (text, format!("there are: {}", RoundingMethod::WORDS.join(", ")))
    });
}

/// Looks at a prefix of Destinations.csv: whatever a number is dialled with may be in it.
pub(super) fn look_at_prefix(row: &Row<'_>, often: &mut Often, sink: &mut Sink<'_>) {
    let is_dialled = |c: char| c.is_ascii_digit() || "+*#".contains(c);
    let prefix = row.text(1);
    let Some(odd) = prefix.chars().find(|c| !is_dialled(*c)) else { return };
    often.tell(row.mark(1), sink, || {
        let what = match odd {
            c if c.is_whitespace() => "a space".to_owned(),
            c => shown(c.encode_utf8(&mut [0; 4])),
        };
        let text = format!("the prefix {} has {what} in it, which no number has", shown(prefix));
        (text, "numbers are compared with it as text: write digits alone".to_owned())
    });
}
