//! `[[route]]`.

use super::report::{Mark, Report};
use super::walk::Node;
use crate::table::hours::Hours;
use crate::table::input::{RouteInput, Target};
use uuid::Uuid;

/// A row with the places that later findings point to.
#[derive(Debug)]
pub(super) struct RouteRow {
    pub input: RouteInput,
    /// Whether it says which numbers go to whom, and when.
    pub complete: bool,
    pub mark: Mark,
    pub id: Mark,
    pub customer: Mark,
    pub target: Mark,
    pub supplier: Mark,
    pub failover: Mark,
}

/// Reads one; what is missing or wrong is empty, and the report has it.
pub(super) fn read(node: Node<'_>, report: &mut Report<'_>) -> RouteRow {
    let input = RouteInput {
        target: Target::parse(node.text("target").unwrap_or_default()),
        supplier: node.text("supplier").unwrap_or_default().to_owned(),
        customer: node.text("customer").unwrap_or("default").to_owned(),
        id: node.read("id", report, uuid),
        priority: node.integer("priority").and_then(|value| i32::try_from(value).ok()).unwrap_or(0),
        valid_from_ns: node.time_ns("valid_from"),
        valid_until_ns: node.time_ns("valid_until"),
        hours: node.read_all("hours", report, Hours::parse),
        created_ns: node.time_ns("created"),
        failover: node.text("failover").map(str::to_owned),
        place: report.place(node.mark()),
    };
    if let (Some(from), Some(until)) = (input.valid_from_ns, input.valid_until_ns)
        && from >= until
    {
        let text = "`valid_until` is not after `valid_from`: the row would never be used";
        report.error(node.mark_of("valid_until"), text, "swap them, or leave one out");
    }
    let named = node.text("target").is_some() && node.text("supplier").is_some();
    RouteRow {
        complete: named && input.hours.len() == node.items("hours").count(),
        input,
        mark: node.mark(),
        id: node.mark_of("id"),
        customer: node.mark_of("customer"),
        target: node.mark_of("target"),
        supplier: node.mark_of("supplier"),
        failover: node.mark_of("failover"),
    }
}

/// Hyphenated, in lower case: the form that is compared and sorted.
fn uuid(text: &str) -> Result<String, String> {
    let wrong = || "it is no UUID; leave it out to have one derived from the row".to_owned();
    if text.len() != 36 {
        return Err(wrong());
    }
    Uuid::parse_str(text).map(|uuid| uuid.to_string()).map_err(|_| wrong())
}
