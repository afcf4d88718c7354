//! Text → filter: types are looked up, fields bound, expressions read.

use super::kinds::{Base, named};
use super::{Bound, Filter, Network, Operand, Rule, Test, inline, is_blocking};
use crate::model::definition::{FilterDefinition, Generation, RuleDefinition};
use crate::model::event::SlotNames;
use crate::model::go::time;
use crate::table::cron::Cron;
use crate::table::path::Path;
use crate::table::rsr::{Expression, Part, RsrRule, Source, regexp};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// Why a filter cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It does not parse, with the words that CGRateS has for it.
    Parse(String),
    /// What CGRateS tells of an inline filter as well, where it tells of other faults only that the
    /// reference is broken.
    Told(String),
    /// It would ask a service elsewhere, and a lookup would wait for it.
    Blocking(String),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Parse(text) | Self::Told(text) | Self::Blocking(text) => f.write_str(text),
        }
    }
}

/// Reads a filter that is written where it is used.
///
/// # Errors
/// A [`Fault`].
pub fn compile_inline(
    text: &str,
    generation: Generation,
    slots: &mut Arc<SlotNames>,
) -> Result<Filter, Fault> {
    let rule = inline::parse(text, generation).map_err(Fault::Parse)?;
    let rules = compile_rules(text, &rule, generation, slots)?;
    Ok(Filter { id: text.to_owned(), rules, from_ns: i64::MIN, until_ns: i64::MAX })
}

/// Whether an inline filter can be used; its fields get no slots.
///
/// # Errors
/// A [`Fault`].
pub fn check_inline(text: &str, generation: Generation) -> Result<(), Fault> {
    compile_inline(text, generation, &mut Arc::default()).map(|_| ())
}

/// Reads a filter that has a name.
///
/// # Errors
/// A [`Fault`].
pub fn compile_definition(
    definition: &FilterDefinition,
    generation: Generation,
    slots: &mut Arc<SlotNames>,
) -> Result<Filter, Fault> {
    let id = &definition.id;
    if id.starts_with('*') {
        inline::parse(id, generation).map_err(Fault::Parse)?;
    }
    let mut rules = Vec::new();
    for rule in definition.rules.iter().flatten() {
        rules.extend(compile_rules(id, rule, generation, slots)?);
    }
    let (from_ns, until_ns) = match &definition.active {
        Some(active) => active.bounds_ns(),
        None => (i64::MIN, i64::MAX),
    };
    Ok(Filter { id: id.clone(), rules, from_ns, until_ns })
}

/// One rule as a rule, but for `*rsr` of 0.10 without an element: there each value has a field of its own,
/// `~*req.Account(~^10)`, and all must pass.
fn compile_rules(
    id: &str,
    rule: &RuleDefinition,
    generation: Generation,
    slots: &mut Arc<SlotNames>,
) -> Result<Vec<Rule>, Fault> {
    let values = rule.values.as_deref().unwrap_or_default();
    let is_fused = generation == Generation::V010
        && rule.element.is_empty()
        && named(&rule.kind, generation).is_some_and(|named| named.base == Base::Rsr)
        && !values.is_empty();
    if !is_fused {
        return Ok(vec![compile_rule(id, rule, generation, slots)?]);
    }
    if rule.kind != "*rsr" && values.len() > 1 {
        let text = format!("`{}` without an element has one value", rule.kind);
        return Err(Fault::Told(text));
    }
    let apart = values.iter().map(|value| {
        let fused = value.strip_suffix(')').and_then(|value| value.split_once('('));
        let (element, expression) = fused.unwrap_or((value, ""));
        let (kind, element) = (rule.kind.clone(), element.to_owned());
        let rule = RuleDefinition { kind, element, values: Some(vec![expression.to_owned()]) };
        compile_rule(id, &rule, generation, slots)
    });
    apart.collect()
}

fn compile_rule(
    id: &str,
    rule: &RuleDefinition,
    generation: Generation,
    slots: &mut Arc<SlotNames>,
) -> Result<Rule, Fault> {
    let kind = rule.kind.as_str();
    if is_blocking(kind) {
        return Err(Fault::Blocking(format!(
            "`{kind}` asks a service elsewhere, and every lookup would wait for it: it is not \
             supported; let the proxy ask, and give the result as a field of the event"
        )));
    }
    let values = rule.values.as_deref().unwrap_or_default();
    let named = named(kind, generation);
    check_values(id, kind, named.map(|named| named.base), values)?;
    let needs_element = named.is_none_or(|named| named.base != Base::Never);
    if rule.element.is_empty() && needs_element {
        return Err(Fault::Parse("empty RSRParser in rule: <>".into()));
    }
    let texts = std::iter::once(rule.element.as_str()).chain(values.iter().map(String::as_str));
    for text in texts.clone() {
        check_path(id, text)?;
    }
    let element = if rule.element.is_empty() { nothing() } else { operand(&rule.element, slots)? };
    let test = match named {
        Some(named) => test(named.base, values, slots)?,
        None => {
            for value in values {
                operand(value, slots)?;
            }
            Test::NotImplemented(kind.to_owned())
        }
    };
    Ok(Rule {
        text: format!("{kind}:{}:{}", rule.element, values.join("|")),
        element_len: rule.element.len(),
        test,
        negated: named.is_some_and(|named| named.negated),
        indexed: named.is_some_and(|named| named.indexed),
        element,
        deferred: texts.into_iter().any(is_deferred),
    })
}

/// Values that a type must not have.
fn check_values(id: &str, kind: &str, base: Option<Base>, values: &[String]) -> Result<(), Fault> {
    let takes_none = matches!(base, Some(Base::Empty | Base::Exists)) && !kind.starts_with("*ni");
    if takes_none {
        let given = values.iter().find(|value| !(value.is_empty() && kind == "*notexists"));
        if let Some(value) = given {
            return Err(Fault::Told(format!("value of filter <{id}> is not empty <{value}>")));
        }
        return Ok(());
    }
    let may_be_empty = matches!(base, Some(Base::Active | Base::Rsr));
    if !may_be_empty && values.iter().any(String::is_empty) {
        return Err(Fault::Parse("emtpy RSRParser in rule: <>".into()));
    }
    Ok(())
}

/// A path without a name between two dots. (The original shows an address of its memory in the brackets.)
fn check_path(id: &str, text: &str) -> Result<(), Fault> {
    let Some(path) = text.strip_prefix("~*") else {
        let is_gap = text == "~." || text.starts_with("~.");
        let told = Fault::Told(format!("Empty field path  for filter <{id}>"));
        return if is_gap { Err(told) } else { Ok(()) };
    };
    if path.contains('<') {
        return Ok(());
    }
    let path = path.split(['{', '#']).next().unwrap_or_default();
    let path = path.split(":s/").next().unwrap_or_default();
    if path.split('.').any(str::is_empty) {
        return Err(Fault::Told(format!("Empty field path  for filter <{id}>")));
    }
    Ok(())
}

/// Whether a text reads what is known only when a route's figures are: any prefix but these.
fn is_deferred(text: &str) -> bool {
    const EARLY: [&str; 4] = ["~*req", "~*accounts", "~*resources", "~*stats"];
    text.starts_with('~') && !EARLY.iter().any(|prefix| text.starts_with(prefix))
}

fn operand(text: &str, slots: &mut Arc<SlotNames>) -> Result<Operand, Fault> {
    let rule = RsrRule::parse(text).map_err(Fault::Parse)?;
    let path = match &rule.source {
        Source::Constant(_) => None,
        Source::Path(parts) => Some(bind(parts, slots)?),
    };
    Ok(Operand { rule, path })
}

fn bind(parts: &[Part], slots: &mut Arc<SlotNames>) -> Result<Path, Fault> {
    Path::bind(parts, slots).map_err(Fault::Parse)
}

fn test(base: Base, values: &[String], slots: &mut Arc<SlotNames>) -> Result<Test, Fault> {
    let mut operands = || -> Result<Vec<Operand>, Fault> {
        values.iter().map(|value| operand(value, slots)).collect()
    };
    Ok(match base {
        Base::String => Test::String(operands()?),
        Base::Contains => Test::Contains(operands()?),
        Base::Prefix => Test::Prefix(operands()?),
        Base::Suffix => Test::Suffix(operands()?),
        Base::Empty => Test::Empty,
        Base::Exists => Test::Exists,
        Base::Compare(comparison) => Test::Compare(comparison, operands()?),
        Base::Equal => Test::Equal(operands()?),
        Base::Rsr => {
            let read = values.iter().map(|value| Expression::parse(value).map_err(Fault::Parse));
            Test::Rsr(read.collect::<Result<_, _>>()?)
        }
        Base::Regex => {
            let read = values.iter().map(|value| regexp::compile(value).map_err(Fault::Parse));
            Test::Regex(read.collect::<Result<_, _>>()?)
        }
        Base::IpNet => Test::Networks(operands()?.into_iter().map(network).collect()),
        Base::Active => {
            let read = values.iter().map(|value| bound(value, slots));
            Test::Active(read.collect::<Result<_, _>>()?)
        }
        Base::Destinations => Test::Destinations(operands()?),
        Base::Timings => Test::Timings(operands()?),
        Base::Never => Test::Never,
        Base::Cron => {
            let read = values.iter().map(|value| Cron::parse(value).map(Arc::new));
            Test::Cron(read.collect::<Result<_, _>>().map_err(Fault::Parse)?)
        }
    })
}

fn network(operand: Operand) -> Network {
    match operand.constant() {
        Some(text) => Network::Constant(text.parse().ok()),
        None => Network::Read(operand),
    }
}

/// A bound that is the same whenever it is asked is read once: RFC 3339, which no zone and no clock
/// changes.
fn bound(text: &str, slots: &mut Arc<SlotNames>) -> Result<Bound, Fault> {
    let zone = text.get("2006-01-02T15:04:05".len()..).unwrap_or_default();
    let is_absolute = text.as_bytes().get(10) == Some(&b'T') && zone.contains(['Z', '+', '-']);
    if is_absolute && let Ok(time) = time::parse(text, &TimeZone::UTC, 0) {
        return Ok(Bound::Constant(time));
    }
    Ok(Bound::Read(if text.is_empty() { nothing() } else { operand(text, slots)? }))
}

/// An empty text, where one may stand.
fn nothing() -> Operand {
    Operand { rule: RsrRule::bare(Source::Constant(String::new())), path: None }
}
