//! Whether an event passes filters.
//!
//! Sections 5.2 and 5.3 of the CGRateS specification: filters and rules are ANDed in their order, values
//! ORed; a negation inverts the result, never an error; what is missing fails every test but `*empty`
//! and `^$`; values that are missing are passed over.

use super::fields::{Failure, Found, Scope};
use crate::model::event::Kind;
use crate::model::go::time::{self, Time};
use crate::model::go::typed::{self, Typed};
use crate::table::filter::{Bound, Comparison, Filter, Network, Operand, Rule, Test};
use crate::table::profile::{FilterRef, Graded};
use crate::table::rsr::Expression;
use std::borrow::Cow;
use std::net::IpAddr;

/// What filters say.
#[derive(Debug, Clone)]
pub enum Verdict<'r> {
    /// All pass.
    Passes,
    /// The first that does not, with the rule of it.
    Fails(&'r Filter, &'r Rule),
    /// All of them are inactive now, and there are some.
    Inactive,
}

/// Which rules of a route are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// All.
    Whole,
    /// Those that need nothing of the route.
    Early,
    /// Those that read what is known of the route.
    Deferred,
}

impl<'e> Scope<'e> {
    /// Asks filters one after the other, up to the first that does not pass.
    ///
    /// # Errors
    /// A filter is not there, or a rule gives no answer.
    pub fn verdict(&self, filters: &'e [FilterRef], phase: Phase) -> Result<Verdict<'e>, Failure> {
        let mut inactive = 0;
        for filter in filters {
            let filter = self.filter(filter)?;
            if !filter.is_active(self.now_ns) {
                inactive += 1;
                continue;
            }
            for rule in &filter.rules {
                let asked = match phase {
                    Phase::Whole => true,
                    Phase::Early => !rule.deferred,
                    Phase::Deferred => rule.deferred,
                };
                if asked && !self.passes(rule)? {
                    return Ok(Verdict::Fails(filter, rule));
                }
            }
        }
        let none_counts = inactive > 0 && inactive == filters.len();
        Ok(if none_counts { Verdict::Inactive } else { Verdict::Passes })
    }

    /// Whether filters pass; where all are inactive, they do.
    ///
    /// # Errors
    /// As [`Scope::verdict`].
    pub fn pass(&self, filters: &'e [FilterRef]) -> Result<bool, Failure> {
        Ok(!matches!(self.verdict(filters, Phase::Whole)?, Verdict::Fails(..)))
    }

    /// A value that may depend on filters: the first whose filters pass.
    ///
    /// # Errors
    /// As [`Scope::verdict`].
    pub fn graded<T: Copy + Default>(&self, value: &'e Graded<T>) -> Result<T, Failure> {
        match value {
            Graded::Fixed(value) => Ok(*value),
            Graded::First(choices) => {
                for (filters, value) in choices {
                    if self.pass(filters)? {
                        return Ok(*value);
                    }
                }
                Ok(T::default())
            }
        }
    }

    fn filter(&self, filter: &'e FilterRef) -> Result<&'e Filter, Failure> {
        match filter {
            FilterRef::Inline(filter) => Ok(filter),
            FilterRef::Named(id) => match self.tenant.and_then(|tenant| tenant.filter(id)) {
                Some(named) => Ok(&named.filter),
                None => Err(Failure::Told(format!("NOT_FOUND:{id}"))),
            },
            FilterRef::Broken(fault) => Err(Failure::Told(fault.to_string())),
        }
    }

    /// One rule.
    fn passes(&self, rule: &'e Rule) -> Result<bool, Failure> {
        if let Test::NotImplemented(kind) = &rule.test {
            return Err(Failure::Told(format!("NOT_IMPLEMENTED:{kind}")));
        }
        let positive = match self.locate(&rule.element)? {
            None => match &rule.test {
                Test::Empty => true,
                Test::Rsr(expressions) => Expression::pass_without_element(expressions),
                _ => false,
            },
            Some(found) => self.test(rule, found)?,
        };
        Ok(positive != rule.negated)
    }

    fn test(&self, rule: &'e Rule, found: Found<'e>) -> Result<bool, Failure> {
        match &rule.test {
            Test::Exists => return Ok(true),
            // An object of the request as a whole counts as filled, whatever is in it.
            Test::Empty if rule.element.is_whole() => return Ok(false),
            Test::Empty if rule.element.rule.is_bare() => return Ok(is_empty(&found)),
            Test::Never | Test::NotImplemented(_) => return Ok(false),
            _ => {}
        }
        let text = self.finish(&rule.element.rule, found)?;
        let text = text.as_ref();
        match &rule.test {
            Test::String(values) => self.any(values, |value| Ok(text == value)),
            Test::Contains(values) => self.any(values, |value| Ok(text.contains(value))),
            Test::Prefix(values) => self.any(values, |value| Ok(text.starts_with(value))),
            Test::Suffix(values) => self.any(values, |value| Ok(text.ends_with(value))),
            Test::Compare(comparison, values) => {
                self.any(values, |value| self.compare(text, *comparison, value))
            }
            Test::Equal(values) => self.any(values, |value| {
                typed::equal(&self.typed(text), &self.typed(value)).map_err(Failure::Told)
            }),
            Test::Rsr(expressions) => Ok(expressions.is_empty()
                || expressions.iter().any(|expression| {
                    expression.passes(text, &self.table.rules.default_timezone, self.now_ns)
                })),
            Test::Regex(patterns) => Ok(patterns.iter().any(|pattern| pattern.is_match(text))),
            Test::Networks(networks) => self.in_network(text, networks),
            Test::Active(bounds) => self.is_between(text, bounds),
            Test::Destinations(ids) => self.any(ids, |id| {
                let destination = self.table.objects.destination(id);
                Ok(destination.is_some_and(|destination| destination.holds(text)))
            }),
            Test::Timings(ids) => self.in_timing(text, ids),
            Test::Cron(patterns) => {
                let time = self.time(text)?;
                Ok(patterns.iter().any(|pattern| pattern.names(&time)))
            }
            Test::Empty => Ok(text.is_empty()),
            Test::Exists | Test::Never | Test::NotImplemented(_) => Ok(false),
        }
    }

    /// Whether a value passes; those that are missing are passed over.
    fn any(
        &self,
        values: &'e [Operand],
        mut passes: impl FnMut(&str) -> Result<bool, Failure>,
    ) -> Result<bool, Failure> {
        for value in values {
            let passed = match value.constant() {
                Some(text) => passes(text)?,
                None => match self.text(value)? {
                    Some(text) => passes(&text)?,
                    None => false,
                },
            };
            if passed {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn typed<'t>(&self, text: &'t str) -> Typed<'t> {
        Typed::of(text, &self.table.rules.default_timezone, self.now_ns)
    }

    fn compare(&self, text: &str, comparison: Comparison, value: &str) -> Result<bool, Failure> {
        let or_equal = matches!(comparison, Comparison::GreaterOrEqual | Comparison::Less);
        let greater = typed::greater(&self.typed(text), &self.typed(value), or_equal)
            .map_err(Failure::Told)?;
        Ok(match comparison {
            Comparison::Greater | Comparison::GreaterOrEqual => greater,
            Comparison::Less | Comparison::LessOrEqual => !greater,
        })
    }

    fn time(&self, text: &str) -> Result<Time, Failure> {
        let zone = &self.table.rules.default_timezone;
        time::parse(text, zone, self.now_ns).map_err(Failure::Told)
    }

    /// An address, or a network, that cannot be read lies nowhere, and nothing lies in it.
    fn in_network(&self, text: &str, networks: &'e [Network]) -> Result<bool, Failure> {
        let Ok(address) = text.parse::<IpAddr>() else { return Ok(false) };
        for network in networks {
            let network = match network {
                Network::Constant(network) => *network,
                Network::Read(operand) => match self.text(operand)? {
                    Some(text) => text.parse().ok(),
                    None => None,
                },
            };
            if network.is_some_and(|network| holds(&network, address)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// After the first value, before the second; a zero time is no bound. A third value means nothing.
    fn is_between(&self, text: &str, bounds: &'e [Bound]) -> Result<bool, Failure> {
        let at = self.time(text)?;
        let mut times = [None, None];
        for (time, bound) in times.iter_mut().zip(bounds) {
            let read = match bound {
                Bound::Constant(time) => *time,
                Bound::Read(operand) => {
                    let text = self.text(operand)?.ok_or(Failure::NotFound)?;
                    self.time(&text)?
                }
            };
            *time = Some(read).filter(|time| !time.is_zero());
        }
        let [start, end] = times;
        let is_any = !bounds.is_empty() && (start.is_some() || end.is_some());
        Ok(is_any
            && start.is_none_or(|start| start.ns < at.ns)
            && end.is_none_or(|end| at.ns < end.ns))
    }

    fn in_timing(&self, text: &str, ids: &'e [Operand]) -> Result<bool, Failure> {
        let at = self.time(text)?.civil();
        for id in ids {
            let id: Cow<'_, str> = self.text(id)?.ok_or(Failure::NotFound)?;
            if self.table.objects.timing(&id).is_some_and(|timing| timing.holds(at)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Nothing in it: null, no text, a list without items, an object without members.
fn is_empty(found: &Found<'_>) -> bool {
    match found.kind {
        Kind::Null => true,
        Kind::Text => found.text.is_empty(),
        Kind::Json => {
            let inner = found.text.get(1..found.text.len().saturating_sub(1)).unwrap_or_default();
            inner.trim().is_empty()
        }
        Kind::Boolean | Kind::Number => false,
    }
}

/// An IPv4 address is the same as the IPv6 address that maps it, and likewise with networks.
fn holds(network: &ipnet::IpNet, address: IpAddr) -> bool {
    use ipnet::IpNet;
    match (network, address.to_canonical()) {
        (IpNet::V6(net), IpAddr::V4(address)) if net.network().to_ipv4_mapped().is_some() => {
            net.contains(&address.to_ipv6_mapped())
        }
        (_, address) => network.contains(&address),
    }
}

#[cfg(test)]
mod tests;
