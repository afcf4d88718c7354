//! Filters.csv: one rule a row; rows of one filter with the same type and element join their values.

use super::Manner;
use super::cell::SEPARATOR;
use super::merge::Merged;
use super::rows::{Layout, PlanFile, Row, Sink};
use crate::config::definition::{self, FilterRow, Origin};
use crate::config::report::Mark;
use crate::model::definition::{FilterDefinition, Generation, RuleDefinition};
use crate::table::filter::split_values;

static LAYOUT: Layout = Layout {
    model: "FilterMdl",
    columns: &["Tenant", "ID", "Type", "Element", "Values", "ActivationInterval"],
};
/// 1.0 has no activation interval.
static LAYOUT_100: Layout =
    Layout { model: "FilterMdl", columns: &["Tenant", "ID", "Type", "Element", "Values"] };

pub(super) fn read<'f, 's: 'f>(
    files: impl Iterator<Item = &'f PlanFile<'s>>,
    manner: &Manner,
    sink: &mut Sink<'s>,
) -> Vec<FilterRow> {
    let mut merged: Merged<(String, String), Filter> = Merged::default();
    for file in files {
        let layout = layout(file, manner);
        file.each(layout, sink, |row, sink| {
            let Some((tenant, id)) = row.key(sink) else { return };
            let active = row.activation(5, &manner.timezone, sink);
            let make = || Filter::new(tenant, id, row, sink);
            let Some(filter) = merged.entry((tenant.to_owned(), id.to_owned()), make) else {
                return;
            };
            if active.is_some() {
                filter.row.definition.active = active;
            }
            let (kind, element) = (row.text(2), row.text(3));
            if kind.is_empty() {
                return;
            }
            let make = || {
                let (kind, element) = (kind.to_owned(), element.to_owned());
                (RuleDefinition { kind, element, values: None }, row.mark(2))
            };
            if let Some((rule, _)) = filter.rules.entry((kind.to_owned(), element.to_owned()), make)
            {
                add_values(&mut rule.values, row.text(4));
            }
        });
    }
    merged.into_vec().into_iter().map(Filter::finish).collect()
}

fn layout(file: &PlanFile<'_>, manner: &Manner) -> &'static Layout {
    let heading = file.heading();
    let is_100 = match heading.as_slice() {
        [] => manner.generation == Generation::V100,
        names => !names.contains(&"ActivationInterval"),
    };
    if is_100 { &LAYOUT_100 } else { &LAYOUT }
}

#[derive(Debug)]
struct Filter {
    row: definition::Row<FilterDefinition>,
    rules: Merged<(String, String), (RuleDefinition, Mark)>,
}

impl Filter {
    fn new(tenant: &str, id: &str, row: &Row<'_>, sink: &Sink<'_>) -> Self {
        let definition = FilterDefinition {
            tenant: tenant.to_owned(),
            id: id.to_owned(),
            ..FilterDefinition::default()
        };
        Self { row: row.begin(1, sink, definition), rules: Merged::default() }
    }

    fn finish(self) -> FilterRow {
        let (rules, marks) = self.rules.into_vec().into_iter().unzip();
        let mut row = self.row;
        row.definition.rules = Some(rules);
        FilterRow { row, rules: marks, origin: Origin::Plan }
    }
}

/// No values at all stay none, as GetFilter tells them.
fn add_values(values: &mut Option<Vec<String>>, text: &str) {
    if !text.is_empty() {
        values.get_or_insert_default().extend(split_values(text, SEPARATOR));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_split_outside_of_angle_brackets() {
        for (text, want) in [
            ("a", &["a"][..]),
            ("a;b", &["a", "b"]),
            ("a;;b;", &["a", "", "b", ""]),
            ("~*uhc.<~*req.CGRID;-Account>;1001", &["~*uhc.<~*req.CGRID;-Account>", "1001"]),
            ("x<a;b>y;z", &["x<a;b>y", "z"]),
            ("<3;>5", &["<3;>5"]),
            (">5;<3", &[">5", "<3"]),
            ("<3;4", &["<3", "4"]),
            ("^+49;>100", &["^+49", ">100"]),
            ("ü;<ü;>", &["ü", "<ü;>"]),
        ] {
            assert_eq!(split_values(text, SEPARATOR), want, "{text}");
        }
    }
}
