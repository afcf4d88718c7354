//! `[[rating_profile]]`: which rating plan rates whose calls, since when.

use super::super::finding::shown;
use super::super::report::Report;
use super::super::walk::Node;
use super::{Row, tenant_of};
use crate::model::definition::{PlanActivation, RatingProfile, Stamp};

/// Reads one; what is missing or wrong is empty, and the report has it.
pub(super) fn read(node: Node<'_>, tenant: &str, report: &mut Report<'_>) -> Row<RatingProfile> {
    let category = node.text("category").unwrap_or_default().to_owned();
    if category.contains(RatingProfile::SEPARATOR) {
        let text = format!("`category`: {} has a colon", shown(&category));
        report.error(node.mark_of("category"), &text, "it could not be told from the subject");
    }
    let plans = node.tables("plans").into_iter().map(|node| PlanActivation {
        from: node.stamp("from").unwrap_or_else(Stamp::first),
        plan: node.text("plan").unwrap_or_default().to_owned(),
        fallback: node.list("fallback").unwrap_or_default(),
    });
    let mut activations: Vec<PlanActivation> = plans.collect();
    if activations.is_empty() && !node.has("plans") {
        let help = "add `plans = [{ plan = \"RP_RETAIL\" }]`, or leave it out";
        report.warn(node.mark_of("subject"), "the rating profile has no plan", help);
    }
    activations.sort_by_key(|activation| activation.from.ns);
    let definition = RatingProfile {
        tenant: tenant_of(node, tenant),
        category,
        subject: node.text("subject").unwrap_or_default().to_owned(),
        activations,
    };
    let place = report.place(node.mark());
    Row { definition, place, id: node.mark_of("subject"), filters: Vec::new() }
}
