//! Changes to an event before routes are chosen (AttributeS, as far as RouteS asks it).
//!
//! Each run takes the heaviest profile that matches and was not taken before; usually there is one run.
//! A value that is missing ends the work without a change; so does an error, which is told.

use super::fields::{Failure, Scope};
use crate::model::event::{Event, Kind, Realm, Slot};
use crate::model::go::{duration, number};
use crate::table::Table;
use crate::table::attribute::{Arithmetic, AttributeProfile, FieldChange, How, Target};
use crate::table::filter::Operand;
use crate::table::tenant::Tenant;
use std::sync::Arc;

/// Bytes of one value that attributes make.
const VALUE_MAX: usize = 65_536;
/// Bytes that one profile of attributes makes of one question.
const MADE_MAX: usize = 1_048_576;

/// What was done to an event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// The tenant from now on.
    pub tenant: Option<String>,
    /// The profiles that matched, in the order in which they were taken.
    pub profiles: Vec<String>,
    /// The fields that were changed, by their paths, each once.
    pub fields: Vec<(String, Realm, Slot)>,
}

/// Who asks, when, and for what.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The table in force.
    pub table: &'a Table,
    /// Whose attributes.
    pub tenant: &'a Tenant,
    /// What the tenant is called.
    pub tenant_name: &'a str,
    /// For which context.
    pub context: &'a str,
    /// The profiles that may be taken, sorted; none: all.
    pub profiles: &'a [String],
    /// How often a profile is looked for.
    pub runs: usize,
    /// The event's `Time`; `None`: all profiles are active (Unix nanoseconds).
    pub active_at_ns: Option<i64>,
    /// The wall clock (Unix nanoseconds).
    pub now_ns: i64,
}

/// Changes an event as the attributes of its tenant want it.
///
/// # Errors
/// A filter gives no answer, a value cannot be computed, a type is unknown; the event is as it was then.
pub fn apply(asked: &Asked<'_>, event: &mut Event) -> Result<Changed, Failure> {
    let before = event.snapshot();
    let mut changed = Changed::default();
    let mut taken: Vec<&str> = Vec::new();
    for _ in 0..asked.runs {
        let worked = match find(asked, event, &taken) {
            Ok(Some(profile)) => {
                taken.push(&profile.definition.id);
                changed.profiles.push(profile.definition.id.clone());
                let worked = work(asked, profile, event, &mut changed);
                if profile.definition.blocker {
                    taken.extend(
                        asked.tenant.attributes().iter().map(|it| it.definition.id.as_str()),
                    );
                }
                worked
            }
            Ok(None) => break,
            Err(failure) => Err(failure),
        };
        match worked {
            Ok(()) => {}
            // What a value needs is not there: nothing is changed, and that is no error.
            Err(Failure::NotFound) => {
                event.restore(before);
                return Ok(Changed::default());
            }
            Err(failure) => {
                event.restore(before);
                return Err(failure);
            }
        }
    }
    Ok(changed)
}

fn scope<'e>(asked: &Asked<'e>, event: &'e Event) -> Scope<'e> {
    Scope::new(asked.table, asked.tenant_name, event, asked.now_ns)
}

fn find<'t>(
    asked: &Asked<'t>,
    event: &Event,
    taken: &[&str],
) -> Result<Option<&'t AttributeProfile>, Failure> {
    for profile in asked.tenant.attributes().iter().map(Arc::as_ref) {
        let definition = &profile.definition;
        let contexts = definition.contexts.as_deref().unwrap_or_default();
        let is_meant = contexts.iter().any(|context| context == asked.context || context == "*any");
        let bounds = definition.active.as_ref().map(|active| active.bounds_ns());
        let is_active = match (asked.active_at_ns, bounds) {
            (Some(at_ns), Some((from_ns, until_ns))) => from_ns < at_ns && at_ns < until_ns,
            _ => true,
        };
        let is_asked =
            asked.profiles.is_empty() || asked.profiles.binary_search(&definition.id).is_ok();
        if is_meant
            && is_asked
            && is_active
            && !taken.contains(&definition.id.as_str())
            && scope(asked, event).pass(&profile.filters)?
        {
            return Ok(Some(profile));
        }
    }
    Ok(None)
}

fn work(
    asked: &Asked<'_>,
    profile: &AttributeProfile,
    event: &mut Event,
    changed: &mut Changed,
) -> Result<(), Failure> {
    let mut made = 0;
    let stated = profile.definition.attributes.as_deref().unwrap_or_default();
    for (change, stated) in profile.changes.iter().zip(stated) {
        let scope = scope(asked, event);
        if !scope.pass(&change.filters)? {
            continue;
        }
        let old = match change.target {
            Target::Field(_, slot) => event.get(slot).unwrap_or_default(),
            Target::Tenant | Target::Elsewhere => "",
        };
        let value = value(&scope, change, old)?;
        made += value.as_ref().map_or(0, |(_, text)| text.len());
        if made > MADE_MAX {
            return Err(told(format!(
                "attributes make more than {MADE_MAX} bytes of one question"
            )));
        }
        match (&change.target, value) {
            (Target::Field(realm, slot), Some((kind, text))) => {
                write(event, *slot, kind, &text, change);
                if !changed.fields.iter().any(|(.., of)| of == slot) {
                    changed.fields.push((stated.path.clone(), *realm, *slot));
                }
            }
            (Target::Tenant, Some((_, text))) => changed.tenant = Some(text),
            (Target::Elsewhere, _) | (_, None) => {}
        }
    }
    Ok(())
}

fn write(event: &mut Event, slot: Slot, kind: Kind, text: &str, change: &FieldChange) {
    if change.how == How::Constant && text == "*remove" {
        event.remove(slot);
    } else {
        event.set_with(slot, kind, |out| out.push_str(text));
    }
}

/// What a change makes of its rules; `None`: nothing, the field stays as it is.
fn value(
    scope: &Scope<'_>,
    change: &FieldChange,
    old: &str,
) -> Result<Option<(Kind, String)>, Failure> {
    Ok(match &change.how {
        How::Constant => Some((Kind::Text, joined(scope, &change.value)?)),
        How::Variable => {
            let text = joined(scope, &change.value)?;
            (!text.is_empty()).then_some((Kind::Text, text))
        }
        How::Composed => {
            let text = joined(scope, &change.value)?;
            if old.len() > VALUE_MAX {
                return Err(told(format!("an attribute adds to more than {VALUE_MAX} bytes")));
            }
            Some((Kind::Text, format!("{old}{text}")))
        }
        How::Arithmetic(arithmetic) => {
            let numbers = numbers(scope, &change.value)?;
            let mut text = String::new();
            number::push_plain(compute(*arithmetic, &numbers), &mut text);
            Some((Kind::Number, text))
        }
        How::UsageDifference => {
            let [first, second] = two(scope, change)?;
            let read = |text: &str| duration::parse(text).map_err(told);
            let difference_ns = read(&first)?.saturating_sub(read(&second)?);
            Some((Kind::Text, duration::text(difference_ns)))
        }
        How::ValueExponent => {
            let [first, second] = two(scope, change)?;
            let value = number::parse_float(&first).map_err(told)?;
            let exponent = number::atoi(&second).map_err(told)?;
            let exponent = i32::try_from(exponent).map_err(|error| told(error.to_string()))?;
            let mut text = String::new();
            number::push_plain(value * 10_f64.powi(exponent), &mut text);
            Some((Kind::Text, text))
        }
        How::Unknown(kind) => return Err(told(format!("unsupported type: <{kind}>"))),
    })
}

fn told(text: String) -> Failure {
    Failure::Told(text)
}

fn texts(scope: &Scope<'_>, operands: &[Operand]) -> Result<Vec<String>, Failure> {
    let text = |operand| scope.text(operand)?.ok_or(Failure::NotFound).map(|it| it.into_owned());
    operands.iter().map(text).collect()
}

/// The texts one behind the other. A value that holds itself twice would double with each change.
fn joined(scope: &Scope<'_>, operands: &[Operand]) -> Result<String, Failure> {
    let mut joined = String::new();
    for operand in operands {
        joined.push_str(&scope.text(operand)?.ok_or(Failure::NotFound)?);
        if joined.len() > VALUE_MAX {
            return Err(told(format!("an attribute makes a value of more than {VALUE_MAX} bytes")));
        }
    }
    Ok(joined)
}

fn numbers(scope: &Scope<'_>, operands: &[Operand]) -> Result<Vec<f64>, Failure> {
    let texts = texts(scope, operands)?;
    texts.iter().map(|text| number::parse_float(text).map_err(told)).collect()
}

fn two(scope: &Scope<'_>, change: &FieldChange) -> Result<[String; 2], Failure> {
    texts(scope, &change.value)?.try_into().map_err(|texts: Vec<String>| {
        told(format!("an attribute of this type has two values, not {}", texts.len()))
    })
}

fn compute(arithmetic: Arithmetic, numbers: &[f64]) -> f64 {
    let all = numbers.iter().copied();
    match arithmetic {
        Arithmetic::Sum => all.sum(),
        Arithmetic::Difference => all.reduce(|left, right| left - right).unwrap_or(0.0),
        Arithmetic::Multiply => all.reduce(|left, right| left * right).unwrap_or(0.0),
        Arithmetic::Divide => all.reduce(|left, right| left / right).unwrap_or(0.0),
    }
}
