//! Filters: which events a profile or a route is for.
//!
//! Section 5 of the CGRateS specification. A filter is a list of rules, all of which must pass; it has
//! a name, or is written where it is used (`*TYPE:ELEMENT:VALUE|VALUE`). What is here is a filter ready to
//! be asked: fields are bound to slots, regular expressions and networks are read. `engine/matching/`
//! decides whether an event passes.

mod compile;
mod inline;
mod kinds;

pub use compile::{Fault, check_inline, compile_definition, compile_inline};
pub use inline::{parse as parse_inline, split_values};
pub use kinds::{Base, base_of, is_blocking, names};

use super::path::Path;
use super::rsr::{Expression, RsrRule};
use crate::model::event::{Realm, Slot};
use crate::model::go::time::Time;
use ipnet::IpNet;
use regex::Regex;
use std::borrow::Cow;
use std::sync::Arc;

/// A filter.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Its id, or the text of an inline filter.
    pub id: String,
    /// All must pass, in this order.
    pub rules: Vec<Rule>,
    /// Passed over up to this moment (Unix nanoseconds).
    pub from_ns: i64,
    /// Passed over from this moment on (Unix nanoseconds).
    pub until_ns: i64,
}

impl Filter {
    /// Whether it counts now.
    #[must_use]
    pub fn is_active(&self, now_ns: i64) -> bool {
        now_ns > self.from_ns && now_ns < self.until_ns
    }

    /// Whether it counts always.
    #[must_use]
    pub fn is_timeless(&self) -> bool {
        self.from_ns == i64::MIN && self.until_ns == i64::MAX
    }
}

/// A rule of a filter.
#[derive(Debug, Clone)]
pub struct Rule {
    /// As it was written: `*string:~*req.Account:1001|1002`.
    pub text: String,
    /// Bytes of the element in that text.
    pub element_len: usize,
    /// What is tested.
    pub test: Test,
    /// Whether the result is inverted.
    pub negated: bool,
    /// Whether the index of profiles may lead through it (the `*ni…` types keep out of upstream's).
    pub indexed: bool,
    /// What the test is made on.
    pub element: Operand,
    /// On a route it is asked when the route's figures are known: it reads what is there only then.
    pub deferred: bool,
}

/// The element of a rule, or one of its values.
#[derive(Debug, Clone)]
pub struct Operand {
    /// Constant or path, with what is done to the text.
    pub rule: RsrRule,
    /// Where the value comes from; `None`: it is a constant.
    pub path: Option<Path>,
}

/// The test that a rule makes. Values are alternatives: one that passes is enough.
#[derive(Debug, Clone)]
pub enum Test {
    /// The text equals a value.
    String(Vec<Operand>),
    /// The text holds a value.
    Contains(Vec<Operand>),
    /// The text begins with a value.
    Prefix(Vec<Operand>),
    /// The text ends with a value.
    Suffix(Vec<Operand>),
    /// Nothing is there, or nothing is in it.
    Empty,
    /// Something is there, be it `""` or null.
    Exists,
    /// A typed comparison with a value.
    Compare(Comparison, Vec<Operand>),
    /// Typed equality with a value.
    Equal(Vec<Operand>),
    /// An RSR expression accepts the text; without any, everything passes.
    Rsr(Vec<Expression>),
    /// A pattern is found.
    Regex(Vec<Regex>),
    /// The address lies in a network.
    Networks(Vec<Network>),
    /// The time lies between the first and the second value.
    Active(Vec<Bound>),
    /// The text begins with a prefix of a destination.
    Destinations(Vec<Operand>),
    /// The time lies in a timing.
    Timings(Vec<Operand>),
    /// Never passes (1.0).
    Never,
    /// The time is one that a cron expression names (1.0).
    Cron(Vec<Arc<super::cron::Cron>>),
    /// There is no such type: asking it is an error.
    NotImplemented(String),
}

/// Typed comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `*lt`.
    Less,
    /// `*lte`.
    LessOrEqual,
    /// `*gt`.
    Greater,
    /// `*gte`.
    GreaterOrEqual,
}

/// A network of `*ipnet`.
#[derive(Debug, Clone)]
pub enum Network {
    /// Written in the filter; `None`: it is no network, and nothing lies in it.
    Constant(Option<IpNet>),
    /// Read from the event.
    Read(Operand),
}

/// A bound of `*ai`.
#[derive(Debug, Clone)]
pub enum Bound {
    /// Written in the filter, and the same whenever it is asked.
    Constant(Time),
    /// Read from the event, or relative to now, or no time at all.
    Read(Operand),
}

/// How an index finds the events that a rule passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum How {
    /// By the whole text.
    Exact,
    /// By how it begins.
    Prefix,
    /// By how it ends.
    Suffix,
    /// By its being there.
    Exists,
}

/// The ways to the events that a rule passes; each is enough.
#[derive(Debug, Clone, Default)]
pub struct Leads<'r> {
    /// The ways.
    pub ways: Vec<Lead<'r>>,
    /// Whether it passes no event that none of them leads to.
    pub are_all: bool,
}

/// A way to the events that a rule passes.
#[derive(Debug, Clone, Copy)]
pub struct Lead<'r> {
    /// Where the text comes from.
    pub path: &'r Path,
    /// The path as it was written, without the `~`.
    pub path_text: &'r str,
    /// How the text is compared.
    pub how: How,
    /// With what.
    pub text: &'r str,
}

impl<'r> Lead<'r> {
    fn of(operand: &'r Operand, how: How, text: &'r str) -> Option<Self> {
        let path = operand.path.as_ref()?;
        let is_field = operand.rule.is_bare() && matches!(path, Path::Field { .. });
        let path_text = operand.rule.path_text()?;
        is_field.then_some(Self { path, path_text, how, text })
    }
}

impl Rule {
    /// How an index finds the events that the rule passes.
    #[must_use]
    pub fn leads(&self) -> Leads<'_> {
        if self.negated || !self.element.rule.is_bare() {
            return Leads::default();
        }
        let (how, values) = match &self.test {
            Test::String(values) => (How::Exact, values.as_slice()),
            Test::Prefix(values) => (How::Prefix, values.as_slice()),
            Test::Suffix(values) => (How::Suffix, values.as_slice()),
            Test::Exists => (How::Exists, [].as_slice()),
            _ => return Leads::default(),
        };
        if how == How::Exists {
            let ways = Vec::from_iter(Lead::of(&self.element, how, ""));
            return Leads { are_all: !ways.is_empty(), ways };
        }
        let ways: Vec<_> = values.iter().filter_map(|value| self.way(how, value)).collect();
        Leads { are_all: ways.len() == values.len(), ways }
    }

    /// The way to what passes for one of the values.
    fn way<'r>(&'r self, how: How, value: &'r Operand) -> Option<Lead<'r>> {
        match self.element.constant() {
            // The other way round: fields that are compared with a constant.
            Some(text) => Lead::of(value, how, text),
            None => Lead::of(&self.element, how, value.constant()?),
        }
    }

    /// Its element as it was written.
    fn element_text(&self) -> &str {
        self.text
            .split_once(':')
            .map_or("", |(_, rest)| rest.get(..self.element_len).unwrap_or(rest))
    }

    /// What it reads of the event, for people: its element, else the first value that is no constant.
    #[must_use]
    pub fn reads(&self) -> Option<(Cow<'_, str>, &Operand)> {
        if self.element.path.is_some() {
            return Some((self.element_text().into(), &self.element));
        }
        let value = self.values().into_iter().find(|value| value.path.is_some())?;
        let name = value.rule.path_text().map_or("a value".into(), |path| format!("~{path}"));
        Some((name.into(), value))
    }

    /// Whether asking it can end in an error for some event.
    #[must_use]
    pub fn can_fail(&self) -> bool {
        let test_fails = match &self.test {
            Test::Compare(..)
            | Test::Equal(_)
            | Test::Active(_)
            | Test::Timings(_)
            | Test::Cron(_)
            | Test::NotImplemented(_) => true,
            Test::String(_)
            | Test::Contains(_)
            | Test::Prefix(_)
            | Test::Suffix(_)
            | Test::Destinations(_)
            | Test::Networks(_)
            | Test::Empty
            | Test::Exists
            | Test::Rsr(_)
            | Test::Regex(_)
            | Test::Never => false,
        };
        test_fails || self.element.can_fail() || self.values().into_iter().any(Operand::can_fail)
    }

    /// Its values, as far as they are read when it is asked.
    fn values(&self) -> Vec<&Operand> {
        match &self.test {
            Test::String(values)
            | Test::Contains(values)
            | Test::Prefix(values)
            | Test::Suffix(values)
            | Test::Compare(_, values)
            | Test::Equal(values)
            | Test::Destinations(values)
            | Test::Timings(values) => values.iter().collect(),
            Test::Networks(networks) => {
                let read = networks.iter().filter_map(|network| match network {
                    Network::Read(operand) => Some(operand),
                    Network::Constant(_) => None,
                });
                read.collect()
            }
            Test::Active(bounds) => {
                let read = bounds.iter().filter_map(|bound| match bound {
                    Bound::Read(operand) => Some(operand),
                    Bound::Constant(_) => None,
                });
                read.collect()
            }
            Test::Empty
            | Test::Exists
            | Test::Rsr(_)
            | Test::Regex(_)
            | Test::Never
            | Test::Cron(_)
            | Test::NotImplemented(_) => Vec::new(),
        }
    }
}

impl Operand {
    /// Its text, where it is a constant and stays as it is.
    #[must_use]
    pub fn constant(&self) -> Option<&str> {
        match (&self.path, &self.rule.source) {
            (None, super::rsr::Source::Constant(text)) if self.rule.is_bare() => Some(text),
            _ => None,
        }
    }

    /// The field that it reads, where it reads one as it stands.
    #[must_use]
    pub fn field(&self) -> Option<(Realm, Slot)> {
        self.path.as_ref().and_then(Path::plain).filter(|_| self.rule.is_bare())
    }

    /// Whether it is an object of the request, or what is known of a route, as a whole.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self.path, Some(Path::Whole(_) | Path::WholeRoute))
    }

    fn can_fail(&self) -> bool {
        !self.rule.is_bare() || self.path.as_ref().is_some_and(Path::can_fail)
    }
}
