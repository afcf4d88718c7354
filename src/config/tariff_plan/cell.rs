//! What stands in a cell: lists, numbers, yes and no, moments.
//!
//! An empty cell is nothing, zero, no or no moment; a wrong one is an error, and then counts as empty, so
//! that the rest of the row is looked at, too.

use super::moment;
use super::rows::{Row, Sink};
use crate::config::definition::FilterUse;
use crate::config::finding::shown;
use crate::config::report::Mark;
use crate::model::definition::{Activation, Generation, Stamp};
use crate::model::go::duration;
use foldhash::HashMap;
use jiff::tz::TimeZone;

/// A moment that never comes.
pub(super) const UNLIMITED: &str = "*unlimited";

/// What separates the parts of a list.
pub(super) const SEPARATOR: char = ';';

impl Row<'_> {
    /// The parts of a list; an empty cell has none.
    pub(super) fn list(&self, column: usize) -> Vec<String> {
        match self.text(column) {
            "" => Vec::new(),
            text => text.split(SEPARATOR).map(str::to_owned).collect(),
        }
    }

    /// The filters of a list, named and inline ones.
    pub(super) fn filters(
        &self,
        column: usize,
        generation: Generation,
        required: bool,
    ) -> impl Iterator<Item = FilterUse> {
        let ids = self.list(column);
        let mark = if ids.is_empty() { Mark::default() } else { self.mark(column) };
        ids.into_iter().map(move |id| FilterUse::of_plan(&id, mark, generation, required))
    }

    /// A cell that must not be empty; `None` is an error.
    pub(super) fn required(&self, column: usize, sink: &mut Sink<'_>) -> Option<&str> {
        let text = self.text(column);
        if !text.is_empty() {
            return Some(text);
        }
        let name = self.name(column);
        let said = format!("MANDATORY_IE_MISSING: [{name}]");
        sink.error(self.mark(column), &format!("the row has no {name}"), "", &said);
        None
    }

    /// Tenant and id, in the first two columns.
    pub(super) fn key(&self, sink: &mut Sink<'_>) -> Option<(&str, &str)> {
        let tenant = self.required(0, sink);
        let id = self.required(1, sink);
        Some((tenant?, id?))
    }

    /// A number.
    pub(super) fn number(&self, column: usize, sink: &mut Sink<'_>) -> f64 {
        let text = self.text(column);
        match number(text) {
            Some(number) => number,
            None => {
                self.wrong(column, "is no number", "write it as 10, 0.5 or -1", sink);
                0.0
            }
        }
    }

    /// Yes or no.
    pub(super) fn flag(&self, column: usize, sink: &mut Sink<'_>) -> bool {
        match flag(self.text(column)) {
            Some(flag) => flag,
            None => {
                self.wrong(column, "is neither true nor false", "write `true` or `false`", sink);
                false
            }
        }
    }

    /// `start` or `start;end`.
    pub(super) fn activation(
        &self,
        column: usize,
        zone: &TimeZone,
        sink: &mut Sink<'_>,
    ) -> Option<Activation> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let (from, until) = text.split_once(SEPARATOR).unwrap_or((text, ""));
        let mut side = |text| self.side(column, text, zone, sink);
        let (from, until) = (side(from), side(until));
        Some(Activation { from, until })
    }

    /// A moment, or none.
    pub(super) fn moment(
        &self,
        column: usize,
        zone: &TimeZone,
        sink: &mut Sink<'_>,
    ) -> Option<Stamp> {
        self.side(column, self.text(column), zone, sink)
    }

    /// A moment that is a part of a cell.
    fn side(
        &self,
        column: usize,
        text: &str,
        zone: &TimeZone,
        sink: &mut Sink<'_>,
    ) -> Option<Stamp> {
        moment::read(text, zone).unwrap_or_else(|help| {
            let text = format!("{} in {} is no moment", shown(text), self.name(column));
            sink.error(self.mark(column), &text, help, "Unsupported time format");
            None
        })
    }

    /// A cell whose text is refused, in CGRateS' words and in ours.
    pub(super) fn wrong(&self, column: usize, what: &str, help: &str, sink: &mut Sink<'_>) {
        let (text, name) = (self.text(column), self.name(column));
        let said = format!("invalid value \"{text}\" for field {}.{name}", self.layout.model);
        let text = format!("{} in {name} {what}", shown(text));
        sink.error(self.mark(column), &text, help, &said);
    }
}

/// Durations of many rows, of which few differ.
#[derive(Debug, Default)]
pub(super) struct Durations {
    known: HashMap<Box<str>, i64>,
}

impl Durations {
    /// A duration in nanoseconds: `1m30s`; a number without a unit is nanoseconds.
    pub(super) fn read(&mut self, row: &Row<'_>, column: usize, sink: &mut Sink<'_>) -> i64 {
        let text = row.text(column);
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        match duration::parse(text) {
            Ok(ns) => {
                self.known.insert(text.into(), ns);
                ns
            }
            Err(said) => {
                let text = format!("{} in {} is no duration", shown(text), row.name(column));
                sink.error(row.mark(column), &text, "write it as 60s or 1m30s", &said);
                0
            }
        }
    }
}

/// A number; JSON has no other than finite ones.
pub(super) fn number(text: &str) -> Option<f64> {
    match text {
        "" => Some(0.0),
        _ => text.parse().ok().filter(|number: &f64| number.is_finite()),
    }
}

/// Yes or no, in the words of Go.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "" | "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}
