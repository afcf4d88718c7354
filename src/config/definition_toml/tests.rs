//! Definitions as rows of a table file.

use super::*;
use crate::model::definition::{Attribute, RuleDefinition};

fn strings(values: &[&str]) -> Option<Vec<String>> {
    Some(values.iter().map(|value| (*value).to_owned()).collect())
}

fn stamp(text: &str) -> Option<Stamp> {
    Some(Stamp { ns: 0, text: text.to_owned() })
}

#[test]
fn every_kind_of_definition_is_written_for_people() {
    let active = Some(Activation { from: stamp("2026-01-01T00:00:00+01:00"), until: None });
    let definitions = [
        Definition::Filter(FilterDefinition {
            tenant: "acme".into(),
            id: "F".into(),
            rules: Some(vec![
                RuleDefinition {
                    kind: "*string".into(),
                    element: "~*req.A".into(),
                    values: strings(&["a", "b\"c"]),
                },
                RuleDefinition { kind: "*exists".into(), element: "~*req.B".into(), values: None },
            ]),
            active: active.clone(),
        }),
        Definition::Destination(Destination { id: "DE".into(), prefixes: vec!["+49".into()] }),
        Definition::Timing(Timing {
            id: "WORK".into(),
            week_days: vec![1, 2],
            start: "08:00:00".into(),
            ..Timing::default()
        }),
        Definition::Attribute(AttributeProfile {
            tenant: "acme".into(),
            id: "A".into(),
            contexts: strings(&["*routes"]),
            filter_ids: None,
            attributes: Some(vec![Attribute {
                filter_ids: strings(&[]),
                path: "*req.Account".into(),
                kind: "*composed".into(),
                value: strings(&["~*req.A", "a;b"]),
            }]),
            blocker: true,
            weight: 1.5,
            active: None,
        }),
        Definition::Profile(RouteProfile {
            tenant: "acme".into(),
            id: "P".into(),
            filter_ids: strings(&[]),
            sorting: "*weight".into(),
            weight: Weight::Fixed(20.0),
            routes: Some(vec![RouteDefinition {
                id: "r1".into(),
                parameters: "strip=1".into(),
                ..RouteDefinition::default()
            }]),
            ..RouteProfile::default()
        }),
    ];
    let written = write(&definitions, "From a test.\nSecond line");
    let want = r#"# From a test.
# Second line

tenant = "acme"

[[filter]]
id = "F"
rules = [
  { type = "*string", element = "~*req.A", values = ["a", 'b"c'] },
  { type = "*exists", element = "~*req.B" },
]
active_from = 2026-01-01T00:00:00+01:00

[[destination]]
id = "DE"
prefixes = ["+49"]

[[timing]]
id = "WORK"
week_days = [1, 2]
start = "08:00:00"

[[attribute]]
id = "A"
contexts = ["*routes"]
weight = 1.5
blocker = true
set = [{ field = "*req.Account", type = "*composed", value = ["~*req.A", "a;b"], filters = [] }]

[[profile]]
id = "P"
filters = []
sorting = "*weight"
weight = 20

  [[profile.route]]
  id = "r1"
  parameters = "strip=1"
"#;
    assert_eq!(written.text, want);
    assert_eq!(written.lost, Vec::<String>::new());
    written.text.parse::<toml::Table>().unwrap();
}

#[test]
fn what_a_table_file_cannot_say_is_named() {
    let weights = |entries: &[(&[&str], f64)]| {
        let entries = entries.iter().map(|(filters, weight)| (strings(filters), *weight));
        Weight::First(Some(entries.collect()))
    };
    for (profile, text, lost) in [
        (
            RouteProfile { weight: weights(&[(&[], 10.0), (&["F"], 5.0)]), ..profile() },
            "\nweight = 10\n",
            "",
        ),
        (RouteProfile { weight: Weight::First(None), ..profile() }, "id = \"P\"\n", ""),
        (
            RouteProfile { weight: weights(&[(&["F"], 10.0)]), ..profile() },
            "id = \"P\"\n",
            "the weights of profile cgrates.org:P have filters of their own",
        ),
        (
            RouteProfile {
                generation: Generation::V010,
                filter_ids: strings(&["*string:~*req.A:x;y", "F;G"]),
                ..profile()
            },
            r#"filters = ["*string:~*req.A:x|y", "F;G"]"#,
            "",
        ),
        (
            RouteProfile {
                generation: Generation::V010,
                filter_ids: strings(&["*string:~*req.A:x|y"]),
                ..profile()
            },
            "filters = ",
            "the `|` in the filter *string:~*req.A:x|y of profile cgrates.org:P would separate two values",
        ),
    ] {
        let written = write(&[Definition::Profile(profile)], "");
        assert!(written.text.contains(text), "{text}\n{}", written.text);
        assert_eq!(written.lost.join("\n"), lost);
    }
}

fn profile() -> RouteProfile {
    RouteProfile { tenant: TENANT.into(), id: "P".into(), ..RouteProfile::default() }
}

#[test]
fn whatever_a_text_holds_it_is_read_back_the_same() {
    let odd = ["", "'", "\"", "\\", "a\nb", "\t\u{7f}\u{0}", "ü\u{2028}", "'''\"\"\"", "]]\n#"];
    let prefixes: Vec<String> = odd.iter().map(|text| (*text).to_owned()).collect();
    let many: Vec<String> = (0..200).map(|number| format!("+49{number}")).collect();
    for prefixes in [prefixes, many] {
        let destination = Destination { id: "a\nb".into(), prefixes: prefixes.clone() };
        let written = write(&[Definition::Destination(destination)], "a\u{0}\u{1b}b");
        let table: toml::Table = written.text.parse().unwrap();
        let read = table["destination"][0]["prefixes"].as_array().unwrap();
        let read: Vec<&str> = read.iter().map(|value| value.as_str().unwrap()).collect();
        assert_eq!(read, prefixes, "{}", written.text);
        assert_eq!(table["destination"][0]["id"].as_str(), Some("a\nb"));
    }
}
