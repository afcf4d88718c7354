//! `[routes]` of the settings: how profiles are found, and what holds for questions that do not say it.

use super::finding::shown;
use super::report::Report;
use super::walk::Node;
use crate::model::definition::Generation;
use crate::table::rules::{Options, Rules};
use jiff::tz::TimeZone;

/// Reads the table; what is wrong keeps its default, and the report has it.
pub(super) fn read(root: Node<'_>, report: &mut Report<'_>) -> Rules {
    let mut routes = Rules::default();
    let Some(node) = root.table("routes") else { return routes };
    let is_on = |key| node.boolean(key).unwrap_or(false);
    let mut fields = |key| node.read_all(key, report, indexed_field);
    routes.indexed_selects = is_on("indexed_selects");
    routes.nested_fields = is_on("nested_fields");
    let strings = fields("string_indexed_fields");
    routes.string_indexed_fields = node.has("string_indexed_fields").then_some(strings);
    routes.prefix_indexed_fields = fields("prefix_indexed_fields");
    routes.suffix_indexed_fields = fields("suffix_indexed_fields");
    routes.exists_indexed_fields = fields("exists_indexed_fields");
    routes.notexists_indexed_fields = fields("notexists_indexed_fields");
    if let Some(ratio) = count(node, "default_ratio") {
        routes.default_ratio = ratio;
    }
    if let Some(zone) = node.read("default_timezone", report, time_zone) {
        routes.default_timezone = zone;
    }
    if let Some(node) = node.table("opts") {
        routes.options = options(node);
    }
    routes
}

/// Reports keys that the generation of CGRateS does not have.
pub(super) fn of_generation(root: Node<'_>, generation: Generation, report: &mut Report<'_>) {
    const KEY: &str = "notexists_indexed_fields";
    let Some(node) = root.table("routes") else { return };
    if generation != Generation::V100 && node.items(KEY).next().is_some() {
        let text = format!("`routes.{KEY}` is of CGRateS 1.0, and `compat.cgrates` is another one");
        let help = "leave it out, or set `compat.cgrates = \"1.0\"`";
        report.error(node.mark_of(KEY), &text, help);
    }
}

fn count(node: Node<'_>, key: &str) -> Option<u32> {
    node.integer(key).and_then(|value| u32::try_from(value).ok())
}

fn options(node: Node<'_>) -> Options {
    let held = Options::default();
    Options {
        context: node.text("*context").map_or(held.context, str::to_owned),
        ignore_errors: node.boolean("*ignoreErrors").unwrap_or(held.ignore_errors),
        max_cost: node.number_text("*maxCost").unwrap_or(held.max_cost),
        profile_count: count(node, "*profileCount"),
        limit: count(node, "*limit"),
        offset: count(node, "*offset"),
    }
}

/// A field as an index names it: its path without the tilde.
fn indexed_field(text: &str) -> Result<String, String> {
    let known = ["*req.", "*opts."].iter().find_map(|root| text.strip_prefix(root));
    match known {
        Some(field) if !field.is_empty() => Ok(text.to_owned()),
        None if text.starts_with('~') => Err(format!("{} is written without the `~`", shown(text))),
        _ => Err(format!("{} is no field, such as `*req.Destination`", shown(text))),
    }
}

fn time_zone(name: &str) -> Result<TimeZone, String> {
    let zone = TimeZone::get(name)
        .map_err(|_| format!("{} is no IANA time zone, such as `Europe/Berlin`", shown(name)))?;
    Ok(if zone.iana_name() == Some("UTC") { TimeZone::UTC } else { zone })
}
