//! `[[attribute]]`: changes to an event before routes are chosen.

use super::super::finding::shown;
use super::super::report::Report;
use super::super::schema::did_you_mean;
use super::super::walk::Node;
use super::{Fault, FilterUse, Row, activation, barred, filters, tenant_of};
use crate::model::definition::{Attribute, AttributeProfile, Generation};
use crate::table::attribute::{How, check_value, is_known};

/// The context that RouteS asks for.
const CONTEXT: &str = "*routes";

/// Reads one; what is missing or wrong is empty, and the report has it.
pub(super) fn read(
    node: Node<'_>,
    tenant: &str,
    generation: Generation,
    report: &mut Report<'_>,
) -> Row<AttributeProfile> {
    let mut uses = filters(node, generation, report);
    let mut attributes = Vec::new();
    for node in node.tables("set") {
        attributes.push(change(node, generation, &mut uses, report));
    }
    if attributes.is_empty() && !node.has("set") {
        let text = "the attribute changes nothing";
        report.warn(node.mark_of("id"), text, "add `set`, or leave it out");
    }
    let definition = AttributeProfile {
        tenant: tenant_of(node, tenant),
        id: node.text("id").unwrap_or_default().to_owned(),
        contexts: node.list("contexts").or_else(|| Some(vec![CONTEXT.to_owned()])),
        filter_ids: node.list("filters"),
        active: activation(node, "attribute", report),
        attributes: node.has("set").then_some(attributes),
        blocker: node.boolean("blocker").unwrap_or(false),
        weight: node.number("weight").unwrap_or(0.0),
    };
    let place = report.place(node.mark());
    Row { definition, place, id: node.mark_of("id"), filters: uses }
}

fn change(
    node: Node<'_>,
    generation: Generation,
    uses: &mut Vec<FilterUse>,
    report: &mut Report<'_>,
) -> Attribute {
    uses.extend(filters(node, generation, report));
    let value = node.list("value");
    let mut fault = |key, result: Result<(), Fault>| {
        if let Err(Fault { text, help }) = result {
            report.error(node.mark_of(key), &format!("`{key}`: {text}"), &help);
        }
    };
    let (field, kind) = (node.text("field"), node.text("type").unwrap_or("*constant"));
    let path = field.map(path).transpose().unwrap_or_else(|error| {
        fault("field", Err(error));
        None
    });
    let known = kind_fault(kind);
    let is_known = known.is_ok();
    fault("type", known);
    for text in value.iter().flatten() {
        fault("value", barred(text));
        if is_known {
            fault("value", check_value(kind, text).map_err(|wrong| Fault::new(wrong, VALUE_HELP)));
        }
    }
    Attribute {
        filter_ids: node.list("filters"),
        path: path.unwrap_or_default(),
        kind: kind.to_owned(),
        value,
    }
}

/// How values are written.
const VALUE_HELP: &str = "write text, or a path such as `~*req.Account`";

/// Where the value goes: a field of the event by its name alone, else a path.
fn path(field: &str) -> Result<String, Fault> {
    let known = ["*req.", "*opts."].iter().find_map(|root| field.strip_prefix(root));
    match known {
        Some(name) if !name.is_empty() => Ok(field.to_owned()),
        None if field == "*tenant" => Ok(field.to_owned()),
        None if !field.is_empty() && !field.starts_with(['*', '~']) => Ok(format!("*req.{field}")),
        _ => Err(Fault::new(
            format!("{} cannot be set", shown(field)),
            "write a field of the event (`Account`), an option (`*opts.*rouLimit`) or `*tenant`",
        )),
    }
}

fn kind_fault(kind: &str) -> Result<(), Fault> {
    if kind.starts_with("*http") {
        return Err(Fault::new(
            format!("{} asks a server, and no lookup waits for one", shown(kind)),
            "let the proxy ask and put the answer into the event",
        ));
    }
    if is_known(kind) {
        return Ok(());
    }
    let near = did_you_mean(kind, How::names());
    let help = near.map_or_else(
        || format!("use {}", How::names().collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Err(Fault::new(format!("{} is no type of change", shown(kind)), help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_one_of_the_event_unless_it_says_more() {
        for (field, want) in [
            ("Account", Some("*req.Account")),
            ("*req.Account", Some("*req.Account")),
            ("*opts.*rouLimit", Some("*opts.*rouLimit")),
            ("*tenant", Some("*tenant")),
            ("*vars.Cost", None),
            ("~*req.Account", None),
            ("*req.", None),
            ("", None),
        ] {
            assert_eq!(path(field).ok().as_deref(), want, "{field}");
        }
    }
}
