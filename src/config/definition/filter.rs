//! `[[filter]]`: a filter with a name.

use super::super::report::Report;
use super::super::walk::Node;
use super::{FilterRow, Origin, Row, activation, rule, tenant_of};
use crate::model::definition::{FilterDefinition, Generation, RuleDefinition};

/// Reads one; what is missing or wrong is empty, and the report has it.
pub(super) fn read(
    node: Node<'_>,
    tenant: &str,
    generation: Generation,
    report: &mut Report<'_>,
) -> FilterRow {
    let mut marks = Vec::new();
    let mut rules = Vec::new();
    for node in node.tables("rules") {
        let rule = RuleDefinition {
            kind: node.text("type").unwrap_or_default().to_owned(),
            element: node.text("element").unwrap_or_default().to_owned(),
            values: node.list("values"),
        };
        // A wrong kind of value has its error already.
        let readable = ["element", "values"].iter().all(|key| !node.has(key) || node.is_sound(key));
        if let (Some(_), true, Err(fault)) =
            (node.text("type"), readable, rule::check(&rule, generation))
        {
            report.error(node.mark_of("type"), &fault.text, &fault.help);
        }
        rules.push(rule);
        marks.push(node.mark_of("type"));
    }
    let id = node.text("id").unwrap_or_default();
    if id.starts_with('*') {
        let text = "`id` begins with `*`, which marks inline filters: nothing could name it";
        report.error(node.mark_of("id"), text, "choose another one, such as `FLTR_BUSINESS`");
    }
    let active = activation(node, "filter", report);
    if rules.is_empty() && !node.has("rules") {
        let text = "the filter has no rules: everything passes it";
        report.warn(node.mark_of("id"), text, "add `rules`, or leave it out");
    }
    let definition = FilterDefinition {
        tenant: tenant_of(node, tenant),
        id: id.to_owned(),
        rules: node.has("rules").then_some(rules),
        active,
    };
    let place = report.place(node.mark());
    let row = Row { definition, place, id: node.mark_of("id"), filters: Vec::new() };
    FilterRow { row, rules: marks, origin: Origin::Table }
}
