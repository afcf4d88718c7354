//! Profiles that `routes.indexed_selects` hides: none of their filters is in an index that is looked
//! up (sections 3.1 and 5.9 of the CGRateS specification).

use super::super::finding::shown;
use super::super::report::Report;
use super::super::settings::Settings;
use super::{Definitions, FilterUse, FiltersByKey};
use crate::model::definition::{Generation, RuleDefinition};
use crate::table::rules::Rules;

/// Warns of each.
pub(in crate::config) fn hidden(all: &Definitions, settings: &Settings, report: &mut Report<'_>) {
    let rules = settings.rules();
    if !rules.indexed_selects {
        return;
    }
    let filters = all.by_key();
    for row in all.profiles.iter().filter(|row| !row.filters.is_empty()) {
        let tenant = row.definition.tenant.as_str();
        if row.filters.iter().any(|filter| is_found(filter, tenant, &filters, &rules)) {
            continue;
        }
        let id = shown(&row.definition.id);
        let text = format!("the profile {id} is never found: no filter of it is in an index");
        let help = "add a `*string` filter of a field, name fields in `routes.prefix_indexed_fields` \
                    and the like, or set `routes.indexed_selects = false`";
        report.warn(row.id, &text, help);
    }
}

fn is_found(filter: &FilterUse, tenant: &str, all: &FiltersByKey<'_>, rules: &Rules) -> bool {
    match &filter.rule {
        Some(rule) => is_indexed(rule, rules),
        // One that is not declared has its error.
        None => all.get(&(tenant, filter.id.as_str())).is_none_or(|filter| {
            filter.row.definition.rules.iter().flatten().any(|rule| is_indexed(rule, rules))
        }),
    }
}

/// Whether the rule has a key in an index of a field that is looked up.
fn is_indexed(rule: &RuleDefinition, rules: &Rules) -> bool {
    let values = rule.values.as_deref().unwrap_or_default();
    let path = match (rule.kind.as_str(), field(&rule.element)) {
        ("*exists" | "*notexists", path) => path,
        (_, Some(path)) => values.iter().any(|value| !value.starts_with('~')).then_some(path),
        // A constant that is compared with a field is indexed the other way round.
        (_, None) if rule.element.starts_with('~') => None,
        (_, None) => values.iter().find_map(|value| field(value)),
    };
    let Some(path) = path else { return false };
    let among = |fields: &[String]| fields.iter().any(|field| field == path);
    match (rule.kind.as_str(), &rules.string_indexed_fields) {
        ("*string", Some(fields)) => among(fields),
        ("*string", None) => rules.nested_fields || is_first_level(path),
        ("*prefix", _) => among(&rules.prefix_indexed_fields),
        ("*suffix", _) => among(&rules.suffix_indexed_fields),
        ("*exists", _) => among(&rules.exists_indexed_fields),
        ("*notexists", _) => {
            rules.generation == Generation::V100 && among(&rules.notexists_indexed_fields)
        }
        _ => false,
    }
}

/// The path of a field of the event or of an option as an index names it.
fn field(path: &str) -> Option<&str> {
    let path = path.strip_prefix('~')?;
    let root = path.starts_with("*req.") || path.starts_with("*opts.");
    // What is computed from a field is not looked up.
    (root && !path.contains(['{', ':', '<', '#'])).then_some(path)
}

fn is_first_level(path: &str) -> bool {
    path.split_once('.').is_some_and(|(_, name)| !name.contains(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::super::rule::inline;
    use super::*;

    #[test]
    fn a_rule_is_found_by_the_index_of_a_field_that_is_looked_up() {
        let plain = Rules::default;
        let destination = || vec!["*req.Destination".to_owned()];
        let prefixes = Rules { prefix_indexed_fields: destination(), ..plain() };
        let strings = Rules { string_indexed_fields: Some(destination()), ..plain() };
        let nested = Rules { nested_fields: true, ..plain() };
        let exists = Rules { exists_indexed_fields: destination(), ..plain() };
        for (text, rules, want) in [
            ("*string:~*req.Account:1001", &plain(), true),
            ("*string:~*opts.Plan:a", &plain(), true),
            ("*string:1001:~*req.Account", &plain(), true),
            ("*string:~*req.Account:~*req.Subject", &plain(), false),
            ("*string:~*vars.Cost:1", &plain(), false),
            ("*string:~*req.A.B:1", &plain(), false),
            ("*string:~*req.A.B:1", &nested, true),
            ("*string:~*req.Account{*len}:4", &plain(), false),
            ("*string:~*req.Account:1001", &strings, false),
            ("*string:~*req.Destination:112", &strings, true),
            ("*notstring:~*req.Account:1001", &plain(), false),
            ("*nistring:~*req.Account:1001", &plain(), false),
            ("*prefix:~*req.Destination:+49", &plain(), false),
            ("*prefix:~*req.Destination:+49", &prefixes, true),
            ("*prefix:~*req.Account:+49", &prefixes, false),
            ("*suffix:~*req.Destination:9", &prefixes, false),
            ("*exists:~*req.Destination:", &exists, true),
            ("*notexists:~*req.Destination:", &exists, false),
            ("*gte:~*req.Usage:10", &plain(), false),
        ] {
            let rule = inline(text, Generation::V011).unwrap();
            assert_eq!(is_indexed(&rule, rules), want, "{text}");
        }
    }
}
