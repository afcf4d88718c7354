//! Warnings: what is legal and probably not meant.
//!
//! Invariant: a warning never keeps a table from being used, and the shipped examples have none.

use super::definition;
use super::finding::shown;
use super::layers_lint::Layers;
use super::report::{Mark, Report};
use super::settings::Settings;
use super::supplier::SupplierRow;
use super::tables::Draft;
use crate::model::country;
use crate::table::input::Target;
use foldhash::{HashMap, HashSet};

/// Rows of `[[route]]` from which on TOML costs to read: 0.2 s and 120 MB for so many, 9 s and
/// 2.3 GB for a million.
const TOML_ROWS_SLOW: usize = 50_000;

/// The customer id that routes get in VoIPBIN when none was given; nobody asks under it.
const NIL_CUSTOMER: &str = "00000000-0000-0000-0000-000000000000";

/// What each row says by itself.
pub(super) fn rows(draft: &Draft, settings: &Settings, report: &mut Report<'_>) {
    for row in draft.routes.iter().filter(|row| row.complete) {
        target(row, settings.compat.voipbin_exact_targets, report);
        if row.input.customer == NIL_CUSTOMER {
            let text = "the nil UUID is nobody's customer id: the row is never used";
            report.warn(row.customer, text, "leave `customer` out for rows that serve everyone");
        }
    }
    if let Some(row) = draft.routes.get(TOML_ROWS_SLOW) {
        let count = draft.routes.len();
        let text = format!("{count} rows of `[[route]]` take time and memory to read");
        let help = "a million take 9 s and 2.3 GB: say the same by shorter prefixes and exceptions";
        report.warn(row.mark, &text, help);
    }
    for row in draft.suppliers.iter().filter(|row| !row.input.id.is_empty()) {
        shapes(row, report);
    }
}

fn target(row: &super::route::RouteRow, exact: bool, report: &mut Report<'_>) {
    match &row.input.target {
        Target::Never(text) => {
            let digits = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
            let help = match text.as_str() {
                _ if text.eq_ignore_ascii_case("all") => "write `all` in lower case".to_owned(),
                _ if digits => format!("write `+{}`, with the plus", shown(text).replace('`', "")),
                _ => "write `all`, or a plus and 1 to 32 digits".to_owned(),
            };
            let text = format!("the target {} never matches", shown(text));
            report.warn(row.target, &text, &help);
        }
        Target::Prefix(digits)
            if exact && country::calling_code_len(digits) != Some(digits.count()) =>
        {
            let text = format!("the target +{digits} is no country calling code and never matches");
            let help = "`compat.voipbin_exact_targets` of the settings is on: use `all` or a code";
            report.warn(row.target, &text, help);
        }
        Target::Prefix(_) | Target::All => {}
    }
}

/// Text shapes that carry a name alone lose how the number and the call are to be sent.
fn shapes(row: &SupplierRow, report: &mut Report<'_>) {
    let input = &row.input;
    let id = shown(&input.id);
    let named = [
        ("`sets`", input.dispatcher_set.is_some()),
        ("`carriers`", row.has_carrier),
        ("`gateways`", !input.gateway_ids.is_empty()),
    ];
    let named: Vec<&str> = named.iter().filter(|(_, is)| *is).map(|(shape, _)| *shape).collect();
    if let Some(mark) = row.rewrites
        && !named.is_empty()
    {
        let text =
            format!("{id}: the shapes {} and `digest` drop `send` and `headers`", named.join(", "));
        let help = "ask for `rtjson` or `json`, or leave the rewriting to the proxy";
        report.warn(mark, &text, help);
    }
    if named.is_empty() && input.gateways.is_empty() {
        let text = format!("{id} has no `dispatcher_set`, `gateways` or `gateway_ids`");
        let help = "only the shapes that give its name can offer it: add what your proxy asks for";
        report.warn(row.mark, &text, help);
    }
}

/// What rows say together.
pub(super) fn layers(draft: &Draft, settings: &Settings, report: &mut Report<'_>) {
    unused(draft, report);
    mixed_shapes(draft, report);
    shared_sets(draft, report);
    if !draft.routes.is_empty() {
        for row in draft.definitions.profiles.iter().filter(|row| !row.filtered) {
            let text = format!(
                "the profile {} has no filters: it matches everything, and hides every `[[route]]`",
                shown(&row.definition.id)
            );
            report.warn(row.id, &text, "add `filters`, or leave the profile or the routes out");
        }
    }
    definition::unused(&draft.definitions, report);
    definition::hidden(&draft.definitions, settings, report);
    let layers = Layers::new(draft, settings.compat.voipbin_exact_targets);
    layers.same_rows(report);
    layers.equal_priorities(report);
    layers.single_suppliers(report);
}

/// Nothing leads anywhere: said of the first file.
pub(super) fn no_route(report: &mut Report<'_>) {
    let text = "there is neither a `[[route]]` nor a `[[profile]]`: every question gets fallback \
                NO_TABLE";
    report.warn(Mark::default(), text, "add rows, or files to `tables.files`");
}

fn unused(draft: &Draft, report: &mut Report<'_>) {
    if draft.routes.is_empty() && draft.definitions.profiles.is_empty() {
        return;
    }
    let mut used: HashSet<&str> =
        draft.routes.iter().map(|row| row.input.supplier.as_str()).collect();
    let routes = draft.definitions.profiles.iter().flat_map(|row| row.route_ids());
    used.extend(routes.map(|(id, _)| id));
    used.insert(""); // one without an id has its error
    for row in draft.suppliers.iter().filter(|row| !used.contains(row.input.id.as_str())) {
        let text = format!("no route uses the supplier {}", shown(&row.input.id));
        report.warn(row.mark, &text, "route something to it, or leave it out");
    }
}

/// A supplier that lacks what most others have would silently be left out of that shape.
fn mixed_shapes(draft: &Draft, report: &mut Report<'_>) {
    type Has = fn(&SupplierRow) -> bool;
    let shapes: [(&str, &str, Has); 2] = [
        ("dispatcher_set", "`sets`", |row| row.input.dispatcher_set.is_some()),
        ("gateway_ids", "`gateways`", |row| !row.input.gateway_ids.is_empty()),
    ];
    for (key, shape, has) in shapes {
        let count = draft.suppliers.iter().filter(|row| has(row)).count();
        if count * 2 <= draft.suppliers.len() {
            continue;
        }
        // One that rewrites numbers is better left out of shapes that drop what it wants.
        for row in draft.suppliers.iter().filter(|row| !has(row) && row.rewrites.is_none()) {
            let id = shown(&row.input.id);
            let text =
                format!("{id} has no `{key}`, as most suppliers have: {shape} leaves it out");
            report.warn(
                row.mark,
                &text,
                &format!("add `{key}`, or leave it where no proxy asks for {shape}"),
            );
        }
    }
}

/// A set stands for a supplier: it is how a proxy that dispatches tells which one it tried.
fn shared_sets(draft: &Draft, report: &mut Report<'_>) {
    let mut firsts: HashMap<u32, &SupplierRow> = HashMap::default();
    for row in &draft.suppliers {
        let Some(set) = row.input.dispatcher_set else { continue };
        let first = *firsts.entry(set).or_insert(row);
        if first.input.id != row.input.id {
            let text = format!(
                "{} and {}, at {}, share the dispatcher set {set}: a report that names the set counts \
                 for the latter, and a proxy that tries the set cannot tell them apart",
                shown(&row.input.id),
                shown(&first.input.id),
                first.input.place
            );
            report.warn(row.dispatcher_set, &text, "give each a set of its own");
        }
    }
}
