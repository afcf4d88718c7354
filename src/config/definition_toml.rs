//! Definitions → a table file that says the same.
//!
//! Written for people to go on with: what is at its default is left out, and a tenant that all share
//! stands once at the top. What table files have no words for is named, never left out in silence.

use crate::model::definition::{
    Activation, AttributeProfile, Blocker, Conditional, Definition, Destination, FilterDefinition,
    Generation, RouteDefinition, RouteProfile, Stamp, Timing, Weight,
};
use std::fmt::{Display, Write};

/// The tenant that need not be named.
const TENANT: &str = "cgrates.org";
/// Characters of a list in one line.
const LIST_MAX: usize = 84;

/// A table file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Its text.
    pub text: String,
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
    for definition in definitions {
        match definition {
            Definition::Filter(filter) => out.filter(filter),
            Definition::Destination(destination) => out.destination(destination),
            Definition::Timing(timing) => out.timing(timing),
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
        Definition::Destination(_) | Definition::Timing(_) => None,
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
        self.strings("contexts", profile.contexts.as_deref());
        self.strings("filters", profile.filter_ids.as_deref());
        self.weight(&Weight::Fixed(profile.weight), "");
        self.blocker(&Blocker::Fixed(profile.blocker), "");
        self.active(profile.active.as_ref());
        if let Some(changes) = &profile.attributes {
            let changes = changes.iter().map(|change| {
                let filters = change.filter_ids.as_ref();
                inline(&[
                    ("field", Some(quoted(&change.path))),
                    ("type", Some(quoted(&change.kind))),
                    ("value", change.value.as_ref().map(|rules| quoted(&joined(rules)))),
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
        self.text("sorting", &profile.sorting);
        self.strings("sorting_parameters", profile.sorting_parameters.as_deref());
        self.weight(&profile.weight, &whose);
        self.blocker(&profile.blocker, &whose);
        self.active(profile.active.as_ref());
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

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A number as people write it: whole ones without a fraction.
fn number(value: f64) -> String {
    // Beyond 2^53 whole numbers have gaps, and TOML's end at 2^63.
    if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
        format!("{value:.0}")
    } else if value.is_nan() {
        "nan".to_owned()
    } else {
        format!("{value:?}")
    }
}

/// `{ a = 1, b = 2 }`, without what is absent.
fn inline(entries: &[(&str, Option<String>)]) -> String {
    let entries = entries.iter().filter_map(|(name, value)| {
        let value = value.as_ref()?;
        Some(format!("{name} = {value}"))
    });
    format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
}

fn one_line_list(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("[{}]", values.join(", "))
}

/// A list of tables: one in the line, more below each other.
fn tables(items: &[String]) -> String {
    match items {
        [] => "[]".to_owned(),
        [item] => format!("[{item}]"),
        _ => format!("[\n  {},\n]", items.join(",\n  ")),
    }
}

/// A list, in several lines when it is long.
fn list(items: &[String], indent: &str) -> String {
    let line = format!("[{}]", items.join(", "));
    if line.chars().count() <= LIST_MAX {
        return line;
    }
    let mut text = "[".to_owned();
    let mut room = 0;
    for item in items {
        let length = item.chars().count() + 2;
        if length > room {
            text.push_str("\n  ");
            text.push_str(indent);
            room = LIST_MAX;
        } else {
            text.push(' ');
        }
        room = room.saturating_sub(length);
        text.push_str(item);
        text.push(',');
    }
    text.push('\n');
    text.push_str(indent);
    text.push(']');
    text
}

/// Rules as one text: separated by `;`, and back-ticks around one that has such a character itself.
fn joined(rules: &[String]) -> String {
    let rules = rules.iter().map(|rule| {
        if rule.contains(';') && !rule.starts_with('~') {
            format!("`{rule}`")
        } else {
            rule.clone()
        }
    });
    rules.collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::definition::{Attribute, RuleDefinition};

    fn strings(values: &[&str]) -> Option<Vec<String>> {
        Some(values.iter().map(|value| (*value).to_owned()).collect())
    }

    fn stamp(text: &str) -> Option<Stamp> {
        Some(Stamp { ns: 0, text: text.to_owned() })
    }

    #[test]
    fn every_kind_of_definition_is_written_for_people() {
        let active = Some(Activation { from: stamp("2026-01-01T00:00:00+01:00"), until: None });
        let definitions = [
            Definition::Filter(FilterDefinition {
                tenant: "acme".into(),
                id: "F".into(),
                rules: Some(vec![
                    RuleDefinition {
                        kind: "*string".into(),
                        element: "~*req.A".into(),
                        values: strings(&["a", "b\"c"]),
                    },
                    RuleDefinition {
                        kind: "*exists".into(),
                        element: "~*req.B".into(),
                        values: None,
                    },
                ]),
                active: active.clone(),
            }),
            Definition::Destination(Destination { id: "DE".into(), prefixes: vec!["+49".into()] }),
            Definition::Timing(Timing {
                id: "WORK".into(),
                week_days: vec![1, 2],
                start: "08:00:00".into(),
                ..Timing::default()
            }),
            Definition::Attribute(AttributeProfile {
                tenant: "acme".into(),
                id: "A".into(),
                contexts: strings(&["*routes"]),
                filter_ids: None,
                attributes: Some(vec![Attribute {
                    filter_ids: strings(&[]),
                    path: "*req.Account".into(),
                    kind: "*composed".into(),
                    value: strings(&["~*req.A", "a;b"]),
                }]),
                blocker: true,
                weight: 1.5,
                active: None,
            }),
            Definition::Profile(RouteProfile {
                tenant: "acme".into(),
                id: "P".into(),
                filter_ids: strings(&[]),
                sorting: "*weight".into(),
                weight: Weight::Fixed(20.0),
                routes: Some(vec![RouteDefinition {
                    id: "r1".into(),
                    parameters: "strip=1".into(),
                    ..RouteDefinition::default()
                }]),
                ..RouteProfile::default()
            }),
        ];
        let written = write(&definitions, "From a test.\nSecond line");
        let want = r#"# From a test.
# Second line

tenant = "acme"

[[filter]]
id = "F"
rules = [
  { type = "*string", element = "~*req.A", values = ["a", 'b"c'] },
  { type = "*exists", element = "~*req.B" },
]
active_from = 2026-01-01T00:00:00+01:00

[[destination]]
id = "DE"
prefixes = ["+49"]

[[timing]]
id = "WORK"
week_days = [1, 2]
start = "08:00:00"

[[attribute]]
id = "A"
contexts = ["*routes"]
weight = 1.5
blocker = true
set = [{ field = "*req.Account", type = "*composed", value = "~*req.A;`a;b`", filters = [] }]

[[profile]]
id = "P"
filters = []
sorting = "*weight"
weight = 20

  [[profile.route]]
  id = "r1"
  parameters = "strip=1"
"#;
        assert_eq!(written.text, want);
        assert_eq!(written.lost, Vec::<String>::new());
        written.text.parse::<toml::Table>().unwrap();
    }

    #[test]
    fn what_a_table_file_cannot_say_is_named() {
        let weights = |entries: &[(&[&str], f64)]| {
            let entries = entries.iter().map(|(filters, weight)| (strings(filters), *weight));
            Weight::First(Some(entries.collect()))
        };
        for (profile, text, lost) in [
            (
                RouteProfile { weight: weights(&[(&[], 10.0), (&["F"], 5.0)]), ..profile() },
                "\nweight = 10\n",
                "",
            ),
            (RouteProfile { weight: Weight::First(None), ..profile() }, "id = \"P\"\n", ""),
            (
                RouteProfile { weight: weights(&[(&["F"], 10.0)]), ..profile() },
                "id = \"P\"\n",
                "the weights of profile cgrates.org:P have filters of their own",
            ),
            (
                RouteProfile {
                    generation: Generation::V010,
                    filter_ids: strings(&["*string:~*req.A:x;y", "F;G"]),
                    ..profile()
                },
                r#"filters = ["*string:~*req.A:x|y", "F;G"]"#,
                "",
            ),
            (
                RouteProfile {
                    generation: Generation::V010,
                    filter_ids: strings(&["*string:~*req.A:x|y"]),
                    ..profile()
                },
                "filters = ",
                "the `|` in the filter *string:~*req.A:x|y of profile cgrates.org:P would separate two values",
            ),
        ] {
            let written = write(&[Definition::Profile(profile)], "");
            assert!(written.text.contains(text), "{text}\n{}", written.text);
            assert_eq!(written.lost.join("\n"), lost);
        }
    }

    fn profile() -> RouteProfile {
        RouteProfile { tenant: TENANT.into(), id: "P".into(), ..RouteProfile::default() }
    }

    #[test]
    fn whatever_a_text_holds_it_is_read_back_the_same() {
        let odd = ["", "'", "\"", "\\", "a\nb", "\t\u{7f}\u{0}", "ü\u{2028}", "'''\"\"\"", "]]\n#"];
        let prefixes: Vec<String> = odd.iter().map(|text| (*text).to_owned()).collect();
        let many: Vec<String> = (0..200).map(|number| format!("+49{number}")).collect();
        for prefixes in [prefixes, many] {
            let destination = Destination { id: "a\nb".into(), prefixes: prefixes.clone() };
            let written = write(&[Definition::Destination(destination)], "a\u{0}\u{1b}b");
            let table: toml::Table = written.text.parse().unwrap();
            let read = table["destination"][0]["prefixes"].as_array().unwrap();
            let read: Vec<&str> = read.iter().map(|value| value.as_str().unwrap()).collect();
            assert_eq!(read, prefixes, "{}", written.text);
            assert_eq!(table["destination"][0]["id"].as_str(), Some("a\nb"));
        }
        for value in [1.0, -3.0, 0.1, 1e300, -1e-7, 12_345_678_901_234_567_890.0, f64::INFINITY] {
            let table: toml::Table = format!("a = {}", number(value)).parse().unwrap();
            let read = table["a"].as_float().or(table["a"].as_integer().map(|value| value as f64));
            assert_eq!(read, Some(value));
        }
    }
}
