//! Whether an event passes filters.

use crate::model::event::Event;
use crate::table::filter::{Filter, Rule, Test};

/// The first rule that an event does not pass; `None`: it passes them all.
#[must_use]
pub fn first_failure<'r>(rules: &'r [Rule], event: &Event) -> Option<&'r Rule> {
    rules.iter().find(|rule| !passes(&rule.filter, event.get(rule.slot)))
}

/// One rule: values are ORed, a missing field fails every test, a negation inverts the result.
fn passes(filter: &Filter, value: Option<&str>) -> bool {
    let positive = value.is_some_and(|text| match filter.test {
        Test::Exists => true,
        Test::String => filter.values.iter().any(|value| text == value),
        Test::Prefix => filter.values.iter().any(|value| text.starts_with(value.as_str())),
        Test::Suffix => filter.values.iter().any(|value| text.ends_with(value.as_str())),
    });
    positive != filter.negated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filter_passes_what_it_names() {
        for (filter, value, want) in [
            ("*string:~*req.F:a|b", Some("b"), true),
            ("*string:~*req.F:a|b", Some("B"), false),
            ("*string:~*req.F:a|b", None, false),
            ("*notstring:~*req.F:a|b", Some("a"), false),
            ("*notstring:~*req.F:a|b", Some("c"), true),
            ("*notstring:~*req.F:a|b", None, true),
            ("*prefix:~*req.F:+49|+43", Some("+4930"), true),
            ("*prefix:~*req.F:+49|+43", Some("4930"), false),
            ("*notprefix:~*req.F:+49", Some("+4930"), false),
            ("*suffix:~*req.F:99|00", Some("1200"), true),
            ("*suffix:~*req.F:99|00", Some("1201"), false),
            ("*notsuffix:~*req.F:99", None, true),
            ("*exists:~*req.F:", Some(""), true),
            ("*exists:~*req.F:", None, false),
            ("*notexists:~*req.F:", None, true),
            ("*notexists:~*req.F:", Some("x"), false),
        ] {
            let filter = Filter::parse(filter).unwrap();
            assert_eq!(passes(&filter, value), want, "{} on {value:?}", filter.text);
        }
    }
}
