//! Definitions → a table file that says the same.
//!
//! Written for people to go on with: what is at its default is left out, and a tenant that all share
//! stands once at the top. What table files have no words for is named, never left out in silence.

mod deck;
mod prices;
mod value;

use crate::model::definition::{
    Activation, AttributeProfile, Blocker, Conditional, Definition, Destination, FilterDefinition,
    Generation, RouteDefinition, RouteProfile, Stamp, Timing, Weight,
};
use foldhash::HashMap;
use std::fmt::{Display, Write};
use value::{inline, list, number, one_line_list, quoted, tables};

/// The tenant that need not be named.
const TENANT: &str = "cgrates.org";

/// A table file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Its text.
    pub text: String,
    /// Files that it names, by their path from where it lies.
    pub decks: Vec<(String, String)>,
    /// What a table file cannot say, each a sentence.
    pub lost: Vec<String>,
}

/// A table file with these definitions, below `comment`.
#[must_use]
pub fn write(definitions: &[Definition], comment: &str) -> Written {
    let mut out = Writer { tenant: shared_tenant(definitions), ..Writer::default() };
    for line in comment.lines() {
        // A comment holds no control characters.
        let line = line.replace(char::is_control, " ");
        out.line("", format_args!("{}", format!("# {line}").trim_end()));
    }
    if out.tenant != TENANT {
        let tenant = quoted(out.tenant);
        out.line(if comment.is_empty() { "" } else { "\n" }, format_args!("tenant = {tenant}"));
    }
    let destinations = definitions.iter().filter_map(|definition| match definition {
        Definition::Destination(destination) => Some((destination.id.as_ref(), destination)),
        _ => None,
    });
    let destinations: HashMap<&str, &Destination> = destinations.collect();
    for definition in definitions {
        match definition {
            Definition::Filter(filter) => out.filter(filter),
            Definition::Destination(destination) => out.destination(destination),
            Definition::Timing(timing) => out.timing(timing),
            Definition::RatingPlan(plan) => out.rating_plan(plan, &destinations),
            Definition::RatingProfile(profile) => out.rating_profile(profile),
            Definition::Account(account) => out.account(account),
            Definition::Attribute(profile) => out.attribute(profile),
            Definition::Profile(profile) => out.profile(profile),
        }
    }
    out.written
}

/// The tenant of all that have one.
fn shared_tenant(definitions: &[Definition]) -> &str {
    let mut tenants = definitions.iter().filter_map(|definition| match definition {
        Definition::Filter(filter) => Some(filter.tenant.as_str()),
        Definition::Attribute(profile) => Some(&profile.tenant),
        Definition::Profile(profile) => Some(&profile.tenant),
        Definition::RatingProfile(profile) => Some(&profile.tenant),
        Definition::Account(account) => Some(&account.tenant),
        Definition::Destination(_) | Definition::Timing(_) | Definition::RatingPlan(_) => None,
    });
    match tenants.next() {
        Some(first) if tenants.all(|tenant| tenant == first) => first,
        _ => TENANT,
    }
}

#[derive(Debug, Default)]
struct Writer<'d> {
    written: Written,
    /// What stands at the top of the file.
    tenant: &'d str,
    indent: &'static str,
}

impl<'d> Writer<'d> {
    fn line(&mut self, before: &str, line: impl Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.written.text, "{before}{}{line}", self.indent);
    }

    fn table(&mut self, name: &str, indent: &'static str) {
        self.indent = indent;
        let gap = if self.written.text.is_empty() { "" } else { "\n" };
        self.line(gap, format_args!("[[{name}]]"));
    }

    fn key(&mut self, name: &str, value: impl Display) {
        self.line("", format_args!("{name} = {value}"));
    }

    fn text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.key(name, quoted(value));
        }
    }

    fn id(&mut self, tenant: &str, id: &str) {
        self.key("id", quoted(id));
        self.tenant(tenant);
    }

    fn tenant(&mut self, tenant: &str) {
        if tenant != self.tenant {
            self.key("tenant", quoted(tenant));
        }
    }

    fn strings(&mut self, name: &str, values: Option<&[String]>) {
        if let Some(values) = values {
            let items: Vec<String> = values.iter().map(|value| quoted(value)).collect();
            self.key(name, list(&items, self.indent));
        }
    }

    fn numbers(&mut self, name: &str, values: &[i64]) {
        if !values.is_empty() {
            let items: Vec<String> = values.iter().map(ToString::to_string).collect();
            self.key(name, list(&items, self.indent));
        }
    }

    fn active(&mut self, active: Option<&Activation>) {
        let mut side = |name, stamp: Option<&Stamp>| {
            if let Some(stamp) = stamp {
                self.key(name, &stamp.text);
            }
        };
        if let Some(active) = active {
            side("active_from", active.from.as_ref());
            side("active_until", active.until.as_ref());
        }
    }

    fn filter(&mut self, filter: &FilterDefinition) {
        self.table("filter", "");
        self.id(&filter.tenant, &filter.id);
        let rules: Option<Vec<String>> = filter.rules.as_ref().map(|rules| {
            let rules = rules.iter().map(|rule| {
                let values = rule.values.as_ref();
                inline(&[
                    ("type", Some(quoted(&rule.kind))),
                    ("element", Some(quoted(&rule.element))),
                    ("values", values.map(|values| one_line_list(values))),
                ])
            });
            rules.collect()
        });
        if let Some(rules) = rules {
            self.key("rules", tables(&rules));
        }
        self.active(filter.active.as_ref());
    }

    fn destination(&mut self, destination: &Destination) {
        self.table("destination", "");
        self.key("id", quoted(&destination.id));
        self.strings("prefixes", Some(&destination.prefixes));
    }

    fn timing(&mut self, timing: &Timing) {
        self.table("timing", "");
        self.key("id", quoted(&timing.id));
        self.numbers("years", &timing.years);
        self.numbers("months", &timing.months);
        self.numbers("month_days", &timing.month_days);
        self.numbers("week_days", &timing.week_days);
        self.text("start", &timing.start);
        self.text("end", &timing.end);
    }

    fn attribute(&mut self, profile: &AttributeProfile) {
        self.table("attribute", "");
        self.id(&profile.tenant, &profile.id);
        // Without the key it would be RouteS' own context.
        self.strings("contexts", Some(profile.contexts.as_deref().unwrap_or_default()));
        self.strings("filters", profile.filter_ids.as_deref());
        self.weight(&Weight::Fixed(profile.weight), "");
        self.blocker(&Blocker::Fixed(profile.blocker), "");
        self.active(profile.active.as_ref());
        if let Some(changes) = &profile.attributes {
            // In a table file a name alone is a field of the event.
            for path in changes.iter().map(|change| &change.path).filter(|it| !it.starts_with('*'))
            {
                self.written.lost.push(format!(
                    "the attribute {}:{} changes `{path}`, which is no path and changes nothing",
                    profile.tenant, profile.id
                ));
            }
            let changes = changes.iter().map(|change| {
                let filters = change.filter_ids.as_ref();
                inline(&[
                    ("field", Some(quoted(&change.path))),
                    ("type", Some(quoted(&change.kind))),
                    (
                        "value",
                        change.value.as_ref().map(|rules| match rules.as_slice() {
                            [rule] => quoted(rule),
                            rules => one_line_list(rules),
                        }),
                    ),
                    ("filters", filters.map(|filters| one_line_list(filters))),
                ])
            });
            let changes: Vec<String> = changes.collect();
            self.key("set", tables(&changes));
        }
    }

    fn profile(&mut self, profile: &RouteProfile) {
        self.table("profile", "");
        self.id(&profile.tenant, &profile.id);
        let whose = format!("profile {}:{}", profile.tenant, profile.id);
        let filters = self.inline_filters(profile.generation, profile.filter_ids.as_ref(), &whose);
        self.strings("filters", filters.as_deref());
        // Without the key it would be `*weight`.
        self.key("sorting", quoted(&profile.sorting));
        self.strings("sorting_parameters", profile.sorting_parameters.as_deref());
        self.weight(&profile.weight, &whose);
        self.blocker(&profile.blocker, &whose);
        self.active(profile.active.as_ref());
        if profile.routes.as_ref().is_some_and(Vec::is_empty) {
            self.key("route", "[]");
        }
        for route in profile.routes.iter().flatten() {
            self.route(profile.generation, route, &format!("route {} of {whose}", route.id));
        }
        self.indent = "";
    }

    fn route(&mut self, generation: Generation, route: &RouteDefinition, whose: &str) {
        self.table("profile.route", "  ");
        self.key("id", quoted(&route.id));
        let filters = self.inline_filters(generation, route.filter_ids.as_ref(), whose);
        self.strings("filters", filters.as_deref());
        self.strings("rating_plans", route.rating_plan_ids.as_deref());
        self.strings("accounts", route.account_ids.as_deref());
        self.strings("resources", route.resource_ids.as_deref());
        self.strings("stats", route.stat_ids.as_deref());
        self.weight(&route.weight, whose);
        self.blocker(&route.blocker, whose);
        self.text("parameters", &route.parameters);
    }

    fn weight(&mut self, weight: &Weight, whose: &str) {
        if let Some(weight) = self.fixed(weight, "weights", whose).filter(|weight| *weight != 0.0) {
            self.key("weight", number(weight));
        }
    }

    fn blocker(&mut self, blocker: &Blocker, whose: &str) {
        if self.fixed(blocker, "blockers", whose) == Some(true) {
            self.key("blocker", true);
        }
    }

    /// The one value that always holds.
    fn fixed<T: Copy>(&mut self, value: &Conditional<T>, what: &str, whose: &str) -> Option<T> {
        match value {
            Conditional::Fixed(value) => Some(*value),
            Conditional::First(entries) => match entries.iter().flatten().next() {
                None => None,
                // What comes after an entry without filters is never reached.
                Some((filters, value)) if filters.iter().flatten().next().is_none() => Some(*value),
                Some(_) => {
                    self.written
                        .lost
                        .push(format!("the {what} of {whose} have filters of their own"));
                    None
                }
            },
        }
    }

    /// Inline filters as they are written now: 0.10 separates their values by `;`.
    fn inline_filters(
        &mut self,
        generation: Generation,
        filters: Option<&Vec<String>>,
        whose: &str,
    ) -> Option<Vec<String>> {
        let filters = filters?;
        if generation != Generation::V010 {
            return Some(filters.clone());
        }
        let mut written = Vec::new();
        for filter in filters {
            let values = filter.strip_prefix('*').and_then(|filter| filter.splitn(3, ':').nth(2));
            if values.is_some_and(|values| values.contains('|')) {
                let text =
                    format!("the `|` in the filter {filter} of {whose} would separate two values");
                self.written.lost.push(text);
            }
            let is_inline = filter.starts_with('*');
            written.push(if is_inline { filter.replace(';', "|") } else { filter.clone() });
        }
        Some(written)
    }
}

#[cfg(test)]
mod tests;
