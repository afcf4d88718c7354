//! Attributes.csv: one change of an event a row.
//!
//! The columns of 1.0 have weights and blockers with filters of their own, which changes of events do not have
//! here: such a file is named as one that is not read.

use super::Manner;
use super::cell::SEPARATOR;
use super::merge::{Merged, Union};
use super::rows::{Layout, PlanFile, Row, Sink};
use crate::config::definition;
use crate::config::finding::shown;
use crate::config::report::Mark;
use crate::model::definition::{Attribute, AttributeProfile, Generation};
use crate::table::attribute::is_known;

static LAYOUT: Layout = Layout {
    model: "AttributeMdl",
    columns: &[
        "Tenant",
        "ID",
        "Contexts",
        "FilterIDs",
        "ActivationInterval",
        "AttributeFilterIDs",
        "Path",
        "Type",
        "Value",
        "Blocker",
        "Weight",
    ],
};

pub(super) fn read<'f, 's: 'f>(
    files: impl Iterator<Item = &'f PlanFile<'s>>,
    manner: &Manner,
    unread: &mut Vec<(String, Mark)>,
    sink: &mut Sink<'s>,
) -> Vec<definition::Row<AttributeProfile>> {
    let mut merged: Merged<(String, String), Profile> = Merged::default();
    for file in files {
        if is_100(file, manner) {
            unread.push((file.name.to_owned(), file.mark()));
            continue;
        }
        file.each(&LAYOUT, sink, |row, sink| {
            let Some((tenant, id)) = row.key(sink) else { return };
            let active = row.activation(4, &manner.timezone, sink);
            let blocker = row.flag(9, sink);
            let weight = row.number(10, sink);
            let value = row.text(8);
            if !value.matches('`').count().is_multiple_of(2) {
                let text = "a back-tick in Value has no second one";
                sink.error(row.mark(8), text, "a pair of them encloses plain text", text);
            }
            let make = || Profile::new(tenant, id, blocker, row, sink);
            let Some(profile) = merged.entry((tenant.to_owned(), id.to_owned()), make) else {
                return;
            };
            if active.is_some() {
                profile.row.definition.active = active;
            }
            // A zero cannot be told from an empty cell, and so takes nothing back.
            if weight != 0.0 {
                profile.row.definition.weight = weight;
            }
            profile.contexts.extend(row.list(2));
            profile.filters.extend(row.list(3));
            profile.row.filters.extend(row.filters(3, manner.generation, true));
            if row.text(6).is_empty() {
                return;
            }
            if !row.text(6).starts_with('*') {
                let path = row.text(6);
                let text = format!("{} is no path: it changes nothing", shown(path));
                sink.warn(row.mark(6), &text, &format!("write `*req.{path}`"));
            }
            if !is_known(row.text(7)) {
                let text = format!("{} is no type of change", shown(row.text(7)));
                let help = "CGRateS answers what it is for with an error; write `*constant` or `*variable`";
                sink.warn(row.mark(7), &text, help);
            }
            profile.row.filters.extend(row.filters(5, manner.generation, false));
            profile.row.definition.attributes.get_or_insert_default().push(Attribute {
                filter_ids: Some(row.list(5)),
                path: row.text(6).to_owned(),
                kind: row.text(7).to_owned(),
                value: (!value.is_empty()).then(|| rules(value)),
            });
        });
    }
    merged.into_vec().into_iter().map(Profile::finish).collect()
}

fn is_100(file: &PlanFile<'_>, manner: &Manner) -> bool {
    let heading = file.heading();
    match heading.as_slice() {
        [] => manner.generation == Generation::V100,
        names => names.contains(&"AttributeBlockers") || names.contains(&"Weights"),
    }
}

#[derive(Debug)]
struct Profile {
    row: definition::Row<AttributeProfile>,
    contexts: Union,
    filters: Union,
}

impl Profile {
    /// The blocker is that of the first row.
    fn new(tenant: &str, id: &str, blocker: bool, row: &Row<'_>, sink: &Sink<'_>) -> Self {
        let definition = AttributeProfile {
            tenant: tenant.to_owned(),
            id: id.to_owned(),
            blocker,
            attributes: Some(Vec::new()),
            ..AttributeProfile::default()
        };
        let row = row.begin(1, sink, definition);
        Self { row, contexts: Union::default(), filters: Union::default() }
    }

    fn finish(self) -> definition::Row<AttributeProfile> {
        let mut row = self.row;
        row.definition.contexts = Some(self.contexts.into_vec());
        row.definition.filter_ids = Some(self.filters.into_vec());
        row
    }
}

/// The rules of a value: between `;`, but for what back-ticks or `<…>` enclose.
fn rules(text: &str) -> Vec<String> {
    let mut rules = Vec::new();
    let mut rule = String::new();
    let (mut plain, mut depth) = (false, 0_u32);
    for c in text.chars() {
        match c {
            '`' => {
                plain = !plain;
                continue;
            }
            '<' if !plain => depth += 1,
            '>' if !plain => depth = depth.saturating_sub(1),
            SEPARATOR if !plain && depth == 0 => {
                rules.push(std::mem::take(&mut rule));
                continue;
            }
            _ => {}
        }
        rule.push(c);
    }
    rules.push(rule);
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_or_more_rules() {
        for (text, want) in [
            ("1001", &["1001"][..]),
            ("~*req.A;x;~*req.B", &["~*req.A", "x", "~*req.B"]),
            ("~*req.A;`a;b`;c", &["~*req.A", "a;b", "c"]),
            ("~*req.<~*req.A;x>;y", &["~*req.<~*req.A;x>", "y"]),
        ] {
            assert_eq!(rules(text), want, "{text}");
        }
    }
}
