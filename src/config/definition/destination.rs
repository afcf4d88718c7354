//! `[[destination]]`: prefixes with a name.

use super::super::report::Report;
use super::super::walk::Node;
use super::Row;
use crate::model::definition::Destination;

/// Reads one; what is missing or wrong is empty, and the report has it.
pub(super) fn read(node: Node<'_>, report: &mut Report<'_>) -> Row<Destination> {
    let prefixes = node.read_all("prefixes", report, |prefix| match prefix {
        "" => Err("a prefix is empty, every number begins with it".into()),
        _ => Ok(prefix.to_owned()),
    });
    if node.is_sound("prefixes") && node.items("prefixes").next().is_none() {
        let text = "the destination has no prefixes: no number is of it";
        report.warn(node.mark_of("prefixes"), text, "add prefixes, or leave it out");
    }
    let id = node.text("id").unwrap_or_default().to_owned();
    let definition = Destination { id: id.into(), prefixes };
    let place = report.place(node.mark());
    Row { definition, place, id: node.mark_of("id"), filters: Vec::new() }
}
