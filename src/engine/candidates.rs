//! The profiles that can match an event, from the index of their tenant.

use super::fields::{Failure, Scope, text_form};
use crate::model::event::{Event, Slot};
use crate::table::index::{Field, Index};
use crate::table::path::Path;
use crate::table::profile::ProfileIndex;
use crate::table::rules::Rules;
use crate::table::tenant::Tenant;

/// Appends the profiles that can match; each once, in no order that means anything.
///
/// # Errors
/// A path of the index leads through something that has no parts.
pub fn find(
    scope: &Scope<'_>,
    tenant: &Tenant,
    out: &mut Vec<ProfileIndex>,
) -> Result<(), Failure> {
    let rules = &scope.table.rules;
    let index = tenant.index();
    index.push_always(out);
    if rules.indexed_selects {
        by_documented_index(scope, index, rules, out)?;
    } else {
        for (_, field) in index.fields() {
            if let Path::Field { slot, .. } = &field.path {
                by_field(scope.event, *slot, field, out);
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    Ok(())
}

fn by_field(event: &Event, slot: Slot, field: &Field, out: &mut Vec<ProfileIndex>) {
    if let Some(value) = event.value(slot) {
        field.push(&text_form(value.into()), out);
    }
}

/// As CGRateS selects with `indexed_selects` (section 3.1): which fields are looked up is a matter of
/// settings, the longest prefix and the shortest suffix alone count.
fn by_documented_index(
    scope: &Scope<'_>,
    index: &Index,
    rules: &Rules,
    out: &mut Vec<ProfileIndex>,
) -> Result<(), Failure> {
    for (path, field) in index.fields() {
        let named = |list: &[String]| list.iter().any(|field| field == path);
        let strings = match &rules.string_indexed_fields {
            Some(list) => named(list),
            None => rules.nested_fields || field.path.plain().is_some(),
        };
        let prefixes = named(&rules.prefix_indexed_fields);
        let suffixes = named(&rules.suffix_indexed_fields);
        let exists = named(&rules.exists_indexed_fields);
        if !(strings || prefixes || suffixes || exists) {
            continue;
        }
        // A path that leads nowhere is no error here: the event just has no such field.
        let Ok(Some(found)) = scope.look(&field.path) else { continue };
        let text = text_form(found);
        if strings {
            field.push_exact(&text, out);
        }
        if prefixes {
            field.push_longest_prefix(&text, out);
        }
        if suffixes {
            field.push_shortest_suffix(&text, out);
        }
        if exists {
            field.push_exists(out);
        }
    }
    Ok(())
}
