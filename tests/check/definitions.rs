//! Profiles, filters, attributes, destinations and timings: mistakes, doubts, and what right ones mean.

use crate::found::{assert_found, listed, tables};
use siproute::config::{Settings, Source, check_tables};
use siproute::model::definition::{
    Activation, Attribute, AttributeProfile, Conditional, Definition, Destination,
    FilterDefinition, Generation, RouteDefinition, RouteProfile, RuleDefinition, Stamp, Timing,
};

/// A supplier, and a profile that uses the filter `F`.
const BASE: &str = "\
[[supplier]]
id = \"alfa\"
gateways = [\"sip:192.0.2.1\"]
[[profile]]
id = \"BASE\"
filters = [\"F\"]
[[profile.route]]
id = \"alfa\"
";

/// The filter `F` with one rule.
const F: &str = "[[filter]]\nid = \"F\"\nrules = [{ type = \"*exists\", element = \"~*req.A\" }]\n";

/// The filter `F` whose rule is `rule`.
fn filter(rule: &str) -> String {
    format!("[[filter]]\nid = \"F\"\nrules = [{rule}]\n")
}

fn profile(keys: &str) -> String {
    format!("{F}[[profile]]\nid = \"P\"\n{keys}\n[[profile.route]]\nid = \"alfa\"\n")
}

fn attribute(keys: &str) -> String {
    format!("{F}[[attribute]]\nid = \"A\"\n{keys}\n")
}

#[test]
fn each_mistake_and_doubt_is_named_with_its_place_and_cure() {
    let rows: &[(&str, &str, &str, &str)] = &[
        // References.
        (
            &(profile("filters = [\"BUSINES\", \"BUSINESS\"]")
                + &F.replace("\"F\"", "\"BUSINESS\"")),
            "6:12: error",
            "no filter of tenant `cgrates.org` is called `BUSINES`",
            "did you mean `BUSINESS`?",
        ),
        (
            &format!(
                "{F}[[profile]]\nid = \"P\"\nfilters = [\"F\"]\n[[profile.route]]\nid = \"alfa\"\nfilters = [\"G\"]\n"
            ),
            "9:12: error",
            "is called `G`",
            "",
        ),
        (
            &attribute("set = [{ field = \"A\", value = \"1\", filters = [\"G\"] }]"),
            "6:47: error",
            "is called `G`",
            "",
        ),
        (&profile("filters = [\"F\", \"\"]"), "6:17: error", "a name is empty", ""),
        (&(F.to_owned() + &F.replace("\"F\"", "\"G\"")), "5:6: warning", "nothing uses", "name it"),
        // Filters.
        ("[[filter]]\nid = \"F\"\n", "2:6: warning", "has no rules", "add `rules`"),
        (&filter("{ element = \"~*req.A\" }"), "3:10: error", "`rules` lacks `type`", "*string"),
        (
            &filter("{ type = \"*exists\", element = \"~*req.A\", path = \"\" }"),
            "3:51: error",
            "unknown key",
            "knows",
        ),
        (
            &filter("{ type = \"*strin\", element = \"~*req.A\", values = [\"1\"] }"),
            "3:19: error",
            "`*strin` is no type of filter",
            "did you mean `*string`?",
        ),
        (
            &filter("{ type = \"string\", element = \"~*req.A\", values = [\"1\"] }"),
            "3:19: error",
            "`string` is no type of filter",
            "did you mean `*string`?",
        ),
        (
            &filter("{ type = \"*string\", element = \"~*req.A\" }"),
            "3:19: error",
            "without values",
            "",
        ),
        (
            &filter("{ type = \"*string\", element = \"A\", values = [\"1\"] }"),
            "3:19: error",
            "constants alone",
            "`~*req.A`",
        ),
        (
            &filter("{ type = \"*apiban\", element = \"~*req.A\", values = [\"*all\"] }"),
            "3:19: error",
            "asks a server",
            "the proxy",
        ),
        (
            &filter(
                "{ type = \"*eq\", element = \"~*req.A{*libphonenumber}\", values = [\"49\"] }",
            ),
            "3:19: error",
            "does not hold",
            "",
        ),
        (&filter("{ type = \"*never\" }"), "3:19: error", "of CGRateS 1.0", "compat.cgrates"),
        (
            &filter("{ type = \"*string\", element = \"~*req.A\", values = \"1\" }"),
            "3:60: error",
            "must be a list of strings",
            "",
        ),
        (
            &format!(
                "{F}active_from = 2026-01-02T00:00:00Z\nactive_until = 2026-01-01T00:00:00Z\n"
            ),
            "5:16: error",
            "the filter would never be used",
            "swap",
        ),
        (
            &(F.to_owned() + F),
            "5:6: error",
            "`F` of tenant `cgrates.org` is declared twice",
            "rename",
        ),
        (
            &(F.to_owned() + &F.replace("\"F\"", "\"*exists:~*req.A:\"")),
            "5:6: error",
            "marks inline filters",
            "",
        ),
        // Inline filters.
        (
            &profile("filters = [\"*http#http://192.0.2.1/:~*req.A:\"]"),
            "6:12: error",
            "asks a server",
            "the proxy",
        ),
        (&profile("filters = [\"*notgt:~*req.A:1\"]"), "6:12: error", "no type of filter", ""),
        // Destinations and timings.
        (
            &filter("{ type = \"*notdestinations\", element = \"~*req.A\", values = [\"DST\"] }"),
            "3:19: warning",
            "no destination is called `DST`",
            "never matches",
        ),
        (
            &(profile("filters = [\"*destinations:~*req.A:DST_1|~*req.B\"]")
                + "[[destination]]\nid = \"DST_2\"\nprefixes = [\"+49\"]\n"),
            "6:12: warning",
            "no destination is called `DST_1`",
            "did you mean `DST_2`?",
        ),
        (
            &profile("filters = [\"*timings:~*req.A:TM\"]"),
            "6:12: warning",
            "no timing is called `TM`",
            "[[timing]]",
        ),
        (&format!("{F}[[destination]]\nid = \"D\"\n"), "4:1: error", "lacks `prefixes`", "+4915"),
        (
            &format!("{F}[[destination]]\nid = \"D\"\nprefixes = [\"\"]\n"),
            "6:13: error",
            "a prefix is empty",
            "",
        ),
        (
            &format!("{F}[[destination]]\nid = \"D\"\nprefixes = []\n"),
            "6:12: warning",
            "has no prefixes",
            "",
        ),
        (
            &format!("{F}{0}{0}", "[[destination]]\nid = \"D\"\nprefixes = [\"1\"]\n"),
            "8:6: error",
            "the destination `D` is declared twice",
            "",
        ),
        (
            &format!("{F}[[timing]]\nid = \"T\"\nmonths = [0, 12]\n"),
            "6:11: error",
            "`months` has 0, outside 1 to 12",
            "months = [1, 12]",
        ),
        (
            &format!("{F}[[timing]]\nid = \"T\"\nweek_days = [\"mon\"]\n"),
            "6:14: error",
            "found the string `mon` in it",
            "",
        ),
        (&format!("{F}[[timing]]\nid = \"T\"\nyears = 2026\n"), "6:9: error", "must be a list", ""),
        (
            &format!("{F}[[timing]]\nid = \"T\"\nstart = \"8:00\"\n"),
            "6:9: error",
            "no time of day",
            "08:00:00",
        ),
        (
            &format!("{F}[[timing]]\nid = \"T\"\nstart = \"22:00:00\"\nend = \"02:00:00\"\n"),
            "7:7: warning",
            "never holds",
            "two timings",
        ),
        (
            &format!("{F}{0}{0}", "[[timing]]\nid = \"T\"\n"),
            "7:6: error",
            "the timing `T` is declared twice",
            "",
        ),
        // Attributes.
        (&attribute(""), "5:6: warning", "changes nothing", "add `set`"),
        (&attribute("set = [{ value = \"1\" }]"), "6:8: error", "`set` lacks `field`", "Account"),
        (
            &attribute("set = [{ field = \"~*req.A\", value = \"1\" }]"),
            "6:18: error",
            "cannot be set",
            "`Account`",
        ),
        (
            &attribute("set = [{ field = \"A\", type = \"constant\", value = \"1\" }]"),
            "6:30: error",
            "no type of change",
            "*constant",
        ),
        (
            &attribute("set = [{ field = \"A\", type = \"*http#x\", value = \"1\" }]"),
            "6:30: error",
            "asks a server",
            "",
        ),
        (
            &attribute("set = [{ field = \"A\", value = 1 }]"),
            "6:31: error",
            "a string or a list of strings",
            "",
        ),
        (
            &(attribute("set = [{ field = \"A\", value = \"1\" }]")
                + "[[attribute]]\nid = \"A\"\nset = [{ field = \"A\", value = \"1\" }]\n"),
            "8:6: error",
            "the attribute `A` of tenant `cgrates.org` is declared twice",
            "",
        ),
        // Profiles.
        (
            &profile("filters = [\"F\"]\nsorting_parameters = [\"*acd\"]"),
            "7:22: warning",
            "takes no parameters",
            "",
        ),
        (
            &profile("filters = [\"F\"]\nsorting = \"*qos\""),
            "7:11: error",
            "is `*qos`",
            "\"*weight\"",
        ),
    ];
    for (text, place, wanted, help) in rows {
        let findings = tables(&[("base.toml", BASE), ("r.toml", text)]);
        assert_found(&findings, place, wanted, help, text);
        assert_eq!(findings.len(), 1, "of\n{text}\nfound\n{}", listed(&findings));
        assert_eq!(&*findings[0].place.file, "r.toml");
    }
}

#[test]
fn a_filter_is_looked_for_in_its_own_tenant() {
    for (text, wanted, help) in [
        ("", "no filter of tenant `cgrates.org` is called `F`", "`[[filter]]` with this `id`"),
        (&format!("tenant = \"b\"\n{F}"), "is called `F`", "tenant `b` has one"),
        (&F.replace("\"F\"", "\"F1\""), "is called `F`", "did you mean `F1`?"),
    ] {
        let findings = tables(&[("base.toml", BASE), ("r.toml", text)]);
        assert_found(&findings, "6:12: error", wanted, help, text);
    }
}

#[test]
fn definitions_are_what_the_file_says() {
    let text = r#"
tenant = "a.example"
[[profile]]
id = "P"
filters = ["F", "*string:~*req.A:1"]
weight = 2.5
active_from = 2026-01-01T01:00:00+01:00
sorting_parameters = []
route = [{ id = "alfa", parameters = "x=1" }, { id = "bravo", filters = [], weight = 3, blocker = true }]
[[filter]]
id = "F"
rules = [{ type = "*destinations", element = "~*req.Destination", values = ["D"] }, { type = "*exists", element = "~*req.A" }]
active_until = 2027-01-01T00:00:00Z
[[destination]]
id = "D"
prefixes = ["+49", "0049"]
[[timing]]
id = "T"
months = [12]
week_days = [1, 7]
end = "12:00:00"
[[attribute]]
tenant = "b.example"
id = "A"
set = [{ field = "B", type = "*variable", value = ["~*req.A", "-"] }, { field = "*opts.*rouLimit", value = "1" }]
"#;
    let source = Source { name: "r.toml".into(), text: text.into(), folder: None };
    let checked = check_tables(&Settings::default(), &[source]);
    let input = checked.input.unwrap_or_else(|| panic!("{}", listed(&checked.findings)));
    let places: Vec<u32> = input.definitions.iter().map(|declared| declared.place.line).collect();
    assert_eq!(places, [10, 14, 17, 22, 3]);
    let texts =
        |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
    let rule = |kind: &str, element: &str, values| RuleDefinition {
        kind: kind.into(),
        element: element.into(),
        values,
    };
    let stamp = |ns, text: &str| Some(Stamp { ns, text: text.into() });
    let change = |path: &str, kind: &str, value| Attribute {
        filter_ids: None,
        path: path.into(),
        kind: kind.into(),
        value,
    };
    let want = [
        Definition::Filter(FilterDefinition {
            tenant: "a.example".into(),
            id: "F".into(),
            rules: Some(vec![
                rule("*destinations", "~*req.Destination", texts(&["D"])),
                rule("*exists", "~*req.A", None),
            ]),
            active: Some(Activation {
                from: None,
                until: stamp(1_798_761_600_000_000_000, "2027-01-01T00:00:00Z"),
            }),
        }),
        Definition::Destination(Destination {
            id: "D".into(),
            prefixes: vec!["+49".into(), "0049".into()],
        }),
        Definition::Timing(Timing {
            id: "T".into(),
            months: vec![12],
            week_days: vec![1, 0],
            end: "12:00:00".into(),
            ..Timing::default()
        }),
        Definition::Attribute(AttributeProfile {
            tenant: "b.example".into(),
            id: "A".into(),
            contexts: texts(&["*routes"]),
            attributes: Some(vec![
                change("*req.B", "*variable", texts(&["~*req.A", "-"])),
                change("*opts.*rouLimit", "*constant", texts(&["1"])),
            ]),
            ..AttributeProfile::default()
        }),
        Definition::Profile(RouteProfile {
            generation: Generation::V011,
            tenant: "a.example".into(),
            id: "P".into(),
            filter_ids: texts(&["F", "*string:~*req.A:1"]),
            active: Some(Activation {
                from: stamp(1_767_225_600_000_000_000, "2026-01-01T01:00:00+01:00"),
                until: None,
            }),
            sorting: "*weight".into(),
            sorting_parameters: Some(Vec::new()),
            routes: Some(vec![
                RouteDefinition {
                    id: "alfa".into(),
                    parameters: "x=1".into(),
                    ..RouteDefinition::default()
                },
                RouteDefinition {
                    id: "bravo".into(),
                    filter_ids: Some(Vec::new()),
                    weight: Conditional::Fixed(3.0),
                    blocker: Conditional::Fixed(true),
                    ..RouteDefinition::default()
                },
            ]),
            weight: Conditional::Fixed(2.5),
            blocker: Conditional::Fixed(false),
        }),
    ];
    for (declared, want) in input.definitions.iter().zip(&want) {
        assert_eq!(&declared.definition, want);
    }
}

#[test]
fn a_profile_that_the_index_hides_is_a_warning() {
    let mut settings = Settings::default();
    settings.routes.indexed_selects = true;
    settings.routes.prefix_indexed_fields = vec!["*req.Destination".into()];
    let found = |settings: &Settings, text: &str| {
        let source =
            |name: &str, text: &str| Source { name: name.into(), text: text.into(), folder: None };
        let sources = [source("base.toml", BASE), source("r.toml", text)];
        let findings = check_tables(settings, &sources).findings;
        findings.iter().filter(|finding| finding.text.contains("never found")).count()
    };
    let string = "{ type = \"*string\", element = \"~*req.A\", values = [\"1\"] }";
    let prefix = "{ type = \"*prefix\", element = \"~*req.Destination\", values = [\"+49\"] }";
    let other = "{ type = \"*prefix\", element = \"~*req.A\", values = [\"1\"] }";
    let gte = "{ type = \"*gte\", element = \"~*req.Usage\", values = [\"1\"] }";
    for (rules, want) in [
        (string.to_owned(), 0),
        (prefix.to_owned(), 0),
        (other.to_owned(), 1),
        (gte.to_owned(), 1),
        (format!("{gte}, {string}"), 0),
        (String::new(), 1),
    ] {
        assert_eq!(found(&settings, &filter(&rules)), want, "{rules}");
        assert_eq!(found(&Settings::default(), &filter(&rules)), 0, "{rules}");
    }
}

#[test]
fn inline_filters_are_read_by_the_generation_of_the_settings() {
    let mut settings = Settings::default();
    for (generation, text, want) in [
        (Generation::V100, "*never::", true),
        (Generation::V011, "*never::", false),
        (Generation::V010, "*string:~*req.Account:1001;1002", true),
        // A form of 0.10 that the table does not have: the path stands in the value.
        (Generation::V010, "*rsr::~*req.Account(~^10)", false),
        (Generation::V011, "*rsr::~*req.Account(~^10)", false),
    ] {
        settings.compat.cgrates = generation;
        let text = profile(&format!("filters = [\"{text}\"]"));
        let source =
            |name: &str, text: &str| Source { name: name.into(), text: text.into(), folder: None };
        let checked =
            check_tables(&settings, &[source("base.toml", BASE), source("r.toml", &text)]);
        assert_eq!(checked.input.is_some(), want, "{text}: {}", listed(&checked.findings));
        let Some(input) = checked.input else { continue };
        assert_eq!(input.rules.generation, generation);
    }
}
