//! Mistakes in table files, and doubts about them.

use crate::found::{assert_found, listed, tables};
use siproute::config::{Finding, Settings, Source, check_tables};

#[test]
fn all_mistakes_of_one_file_are_listed_at_once_by_line() {
    let text = "\
[[suplier]]
id = \"x\"

[[supplier]]
id = \"tel nyx\"
timeout = 4

[[supplier]]
name = \"no id\"
parameters = \"a,b\"
gateways = [\"sip:192.0.2.1\", \"192.0.2.2\"]

[[route]]
target = \"+1\"
supplier = \"telnx\"
priority = \"first\"

[[route]]
target = = \"+1\"
supplier = \"gone\"
";
    let findings = tables(&[("r.toml", text)]);
    let errors: Vec<&Finding> =
        findings.iter().filter(|finding| finding.severity.as_str() == "error").collect();
    let lines: Vec<u32> = errors.iter().map(|finding| finding.place.line).collect();
    assert_eq!(lines, [1, 5, 6, 8, 10, 11, 15, 16, 19, 20], "{}", listed(&findings));
    assert!(findings.is_sorted_by_key(|finding| finding.place.line));
}

#[test]
fn references_are_checked_over_all_files() {
    let first = "[[supplier]]\nid = \"alfa\"\ngateways = [\"sip:192.0.2.1\"]\n";
    let second =
        "[[route]]\ntarget = \"+1\"\nsupplier = \"alpha\"\n\n[[supplier]]\nid = \"alfa\"\n";
    let findings = tables(&[("a.toml", first), ("b.toml", second)]);
    let row = format!("{first}{second}");
    assert_found(&findings, "3:12: error", "no supplier is called `alpha`", "`alfa`", &row);
    assert_found(&findings, "6:6: error", "twice, first at a.toml:2", "", &row);
}

#[test]
fn tables_that_lead_nowhere_are_a_warning() {
    let supplier = "[[supplier]]\nid = \"alfa\"\ndispatcher_set = 1\n";
    let route = "[[route]]\ntarget = \"all\"\nsupplier = \"alfa\"\n";
    let profile = "[[profile]]\nid = \"p\"\nroutes = [{ id = \"alfa\" }]\n";
    for (files, want) in [
        (vec![], Some("s.toml:1:1: warning: ")),
        (vec![("a.toml", supplier), ("b.toml", "")], Some("a.toml:1:1: warning: ")),
        (vec![("a.toml", supplier), ("b.toml", route)], None),
        (vec![("a.toml", supplier), ("b.toml", profile)], None),
        (vec![("a.toml", "[[route]\n")], None),
    ] {
        let sources = files.iter().map(|(name, text): &(&str, &str)| Source {
            name: (*name).into(),
            text: (*text).into(),
            folder: None,
            is_deck: false,
        });
        let settings = Settings { path: "s.toml".into(), ..Settings::default() };
        let findings = check_tables(&settings, &sources.collect::<Vec<_>>()).findings;
        let found = findings.iter().find(|finding| finding.text.contains("NO_TABLE"));
        let found = found.map(ToString::to_string);
        match (&found, want) {
            (Some(found), Some(want)) => assert!(found.starts_with(want), "{found}"),
            (found, want) => assert_eq!(found.as_deref(), want, "{files:?}: {}", listed(&findings)),
        }
    }
}

/// Two suppliers that are used, so that a row has only the finding that it is there for.
pub const BASE: &str = "\
[[supplier]]
id = \"alfa\"
gateways = [\"sip:192.0.2.1\"]
[[supplier]]
id = \"bravo\"
gateways = [\"sip:192.0.2.2\"]
[[route]]
target = \"all\"
supplier = \"alfa\"
priority = 1
[[route]]
target = \"all\"
supplier = \"bravo\"
priority = 2
";

#[test]
fn each_mistake_in_a_table_file_is_named_with_its_place_and_cure() {
    // Each row is a file of its own beside BASE; only this finding is there.
    for (text, place, wanted, help) in [
        // Syntax.
        ("x = [\n", "1:6: error", "unclosed array", ""),
        ("tenant = a\n", "1:10: error", "quoted", "double quotes"),
        ("tenant = \"a\"\ntenant = \"b\"\n", "2:1: error", "there twice", "keep one"),
        // Keys.
        (
            "[[suplier]]\nid = \"x\"\n",
            "1:3: error",
            "unknown key `suplier`",
            "did you mean `supplier`?",
        ),
        ("[failover]\nno_rout = 404\n", "2:1: error", "unknown key `no_rout`", "`no_route`"),
        ("[failover]\ntarget = \"+1\"\n", "2:1: error", "unknown key", "it is a key of [[route]]"),
        ("[failover]\nzzzzz = 1\n", "2:1: error", "unknown key", "knows default, no_route"),
        ("[listen]\nudp = []\n", "1:2: error", "belongs in the settings", "move it"),
        ("[routes]\n", "1:2: error", "belongs in the settings", "move it"),
        ("[[routes]]\n", "1:3: error", "unknown key `routes`", "did you mean `route`?"),
        ("[route]\ntarget = \"all\"\n", "1:1: error", "must be a list of tables", "two brackets"),
        ("[[failover]]\n", "1:1: error", "must be a table, found a list", "one bracket"),
        ("failover = 1\n", "1:12: error", "must be a table", "on a line of its own"),
        (
            "[failover]\npolicy.x = 5\n",
            "2:8: error",
            "`x` must be a table",
            "[failover.policy.NAME]",
        ),
        ("[failover.policy.\"a b\"]\n", "1:18: error", "no name of a policy", "letters"),
        (
            "[[route]]\nsupplier = \"alfa\"\n",
            "1:1: error",
            "[[route]] lacks `target`",
            "add `target =",
        ),
        ("[[supplier]]\n", "1:1: error", "[[supplier]] lacks `id`", "add `id = \"telnyx\"`"),
        (
            "[[profile]]\nid = \"P\"\nfilters = [\"*exists:~*req.X:\"]\nroute = [{ weight = 1 }]\n",
            "4:10: error",
            "[[profile.route]] lacks `id`",
            "",
        ),
        // Kinds and ranges.
        ("tenant = 1\n", "1:10: error", "must be a string, found the number 1", ""),
        ("tenant = \"\"\n", "1:10: error", "is empty", ""),
        ("tenant = \"a\\u0007b\"\n", "1:10: error", "control character U+0007", "leave it out"),
        ("[failover]\nno_route = 200\n", "2:12: error", "is 200", "from 400 to 699"),
        ("[failover]\nno_route = \"callback\"\n", "2:12: error", "`callback`", "\"fallback\""),
        ("[failover]\nend_with = true\n", "2:12: error", "found true", ""),
        (
            "[failover]\ndefault = \"clasic\"\n",
            "2:11: error",
            "no failover policy",
            "did you mean `classic`?",
        ),
        (
            "[failover.policy.x]\ncontinue = \"404\"\n",
            "2:12: error",
            "must be a list of SIP codes",
            "",
        ),
        (
            "[failover.policy.x]\ncontinue = [\"404\", \"40x\"]\n",
            "2:20: error",
            "`40x` in `continue`",
            "\"5xx\"",
        ),
        ("[failover.policy.x]\nstop = [\"302\"]\n", "2:9: error", "`302`", "`redirects`"),
        ("[failover.policy.x]\nstop = [200]\n", "2:9: error", "`200`", "no failures"),
        (
            "[failover.policy.x]\nunlisted = \"go\"\n",
            "2:12: error",
            "is `go`",
            "\"stop\" or \"continue\"",
        ),
        ("[failover.policy.x]\nmax_attempts = 0\n", "2:16: error", "outside 1 to", ""),
        ("[failover.policy.x]\nmax_time = \"0s\"\n", "2:12: error", "1ms is the least", "\"20s\""),
        ("[failover.policy.x]\nmax_time = \"20\"\n", "2:12: error", "has no unit", "\"20s\""),
        ("[failover.policy.x]\nretry_after = \"hold\"\n", "2:1: error", "unknown key", ""),
        (
            "[failover.policy.x]\ncontinue = [404]\nstop = [404]\n",
            "2:13: warning",
            "both continues and stops",
            "`stop` holds",
        ),
        // Suppliers.
        (&supplier("dispatcher_set = -1"), "4:18: error", "is -1, outside 0 to", "= 10"),
        (
            &supplier("dispatcher_set = \"10\""),
            "4:18: error",
            "found the string `10`",
            "dispatcher_set = 10",
        ),
        (&supplier("carrier = \"a,b\""), "4:11: error", "',' cannot stand", ""),
        (&supplier("carrier = \"a b\""), "4:11: error", "' ' cannot stand", ""),
        (&supplier("carrier = \"a|b\""), "4:11: error", "'|' cannot stand", ""),
        (&supplier("carrier = \"a\\u0007\""), "4:11: error", "control character U+0007", ""),
        (&supplier("gateway_ids = [\"gw 1\"]"), "4:16: error", "' ' cannot stand", ""),
        (&supplier("gateway_ids = [\"a\", \"b,c\"]"), "4:21: error", "',' cannot stand", ""),
        (&supplier("gateway_ids = [\"b|c\"]"), "4:16: error", "'|' cannot stand", ""),
        (&supplier("gateway_ids = [\"b\\nc\"]"), "4:16: error", "control character U+000A", ""),
        (&supplier("gateway_ids = [\"\"]"), "4:16: error", "a name is empty", ""),
        (
            &supplier("gateway_ids = \"gw1\""),
            "4:15: error",
            "a list of strings",
            "gateway_ids = [\"gw1\"]",
        ),
        (&supplier("codecs = [\"PCMA\", \"G 729\"]"), "4:19: error", "no name of a codec", ""),
        (&supplier("send = \"{E164}\""), "4:8: error", "`send`", "00{digits}"),
        (&supplier("caller = \"{digits\""), "4:10: error", "`caller`", ""),
        (&supplier("parameters = \"a,b\""), "4:14: error", "a comma", ""),
        (&supplier("parameters = \"a\\r\""), "4:14: error", "control character U+000D", ""),
        (
            &supplier("headers = { X-A = \"a\\r\\nVia: x\" }"),
            "4:19: error",
            "control character",
            "",
        ),
        (
            &supplier("headers = { \"X A\" = \"a\" }"),
            "4:13: error",
            "no name of a header",
            "X-Trunk",
        ),
        (&supplier("headers = { via = \"a\" }"), "4:13: error", "belongs to the proxy", ""),
        (&supplier("headers = { X-A = \"a\", x-a = \"b\" }"), "4:24: error", "there twice", ""),
        (&supplier("timeout = \"0ms\""), "4:11: error", "1ms is the least", "\"4s\""),
        (&supplier("ring_timeout = 60"), "4:16: error", "a duration in a string", "\"60s\""),
        (&supplier("failover = \"carier\""), "4:12: error", "no failover policy", "`carrier`"),
        (&supplier("max_calls = 5"), "4:1: error", "unknown key `max_calls`", ""),
        // Routes.
        (
            &route("target = \"+9\"\nsupplier = \"alfas\""),
            "3:12: error",
            "no supplier is called `alfas`",
            "`alfa`",
        ),
        (
            &route("target = \"+9\"\nsupplier = \"zulu\""),
            "3:12: error",
            "no supplier is called",
            "id = \"zulu\"",
        ),
        (&good("priority = 1.5"), "4:12: error", "found the number 1.5", ""),
        (&good("priority = 3000000000"), "4:12: error", "outside", ""),
        (&good("id = \"r1\""), "4:6: error", "no UUID", ""),
        (&good("hours = [\"mon-fri 08:00-18:00 Berlin\"]"), "4:10: error", "no IANA time zone", ""),
        (
            &good("valid_from = 2026-01-01T00:00:00"),
            "4:14: error",
            "without its offset",
            "`Z` or `+01:00`",
        ),
        (&good("created = \"yesterday\""), "4:11: error", "no moment", ""),
        (
            &good("valid_from = 2026-01-02T00:00:00Z\nvalid_until = 2026-01-02T00:00:00Z"),
            "5:15: error",
            "not after",
            "swap",
        ),
        (&good("exclusive = true"), "4:1: error", "unknown key", ""),
        (
            &good("failover = \"seed\""),
            "4:12: error",
            "no failover policy is called `seed`",
            "classic",
        ),
        (
            &route("target = \"82\"\nsupplier = \"alfa\""),
            "2:10: warning",
            "never matches",
            "write `+82`",
        ),
        (
            &route("target = \"ALL\"\nsupplier = \"alfa\""),
            "2:10: warning",
            "never matches",
            "lower case",
        ),
        (&route("target = \"\"\nsupplier = \"alfa\""), "2:10: warning", "never matches", "`all`"),
        (
            &route("target = \"all\"\nsupplier = \"alfa\"\npriority = 7"),
            "1:1: warning",
            "as the row at base.toml:7",
            "leave one out",
        ),
        (
            &route(
                "target = \"all\"\nsupplier = \"alfa\"\npriority = 2\nvalid_from = 2026-01-01T00:00:00Z\n[[route]]\ntarget = \"all\"\nsupplier = \"bravo\"\npriority = 2\nvalid_from = 2026-01-01T00:00:00Z",
            ),
            "6:1: warning",
            "the same priority, 2, as the row at r.toml:1",
            "`created`",
        ),
        (
            &good("customer = \"00000000-0000-0000-0000-000000000000\""),
            "4:12: warning",
            "nil UUID",
            "",
        ),
        // Profiles.
        (
            &profile("filters = [\"*string:~*req.A:1\", \"*string:~*req.A\"]"),
            "3:33: error",
            "three parts",
            "*prefix",
        ),
        (
            &profile("filters = [\"*exists:~*req.A:\"]\nsorting = \"*load\""),
            "4:11: error",
            "is `*load`",
            "\"*weight\"",
        ),
        (
            &profile("filters = [\"*exists:~*req.A:\"]\nweight = nan"),
            "4:10: error",
            "no finite number",
            "",
        ),
        (
            &profile(
                "filters = [\"*exists:~*req.A:\"]\nactive_from = 2026-01-02T00:00:00Z\nactive_until = 2026-01-01T00:00:00Z",
            ),
            "5:16: error",
            "not after",
            "",
        ),
        (&profile(""), "2:6: warning", "hides every `[[route]]`", "add `filters`"),
        (
            &profile("filters = [\"*exists:~*req.A:\"]\n[[profile.route]]\nid = \"alfaa\""),
            "5:6: warning",
            "no supplier is called `alfaa`",
            "did you mean `alfa`?",
        ),
        (
            &profile("filters = [\"*exists:~*req.A:\"]\n[[profile.route]]\nid = \"zulu\""),
            "5:6: warning",
            "no supplier is called",
            "returned as it is",
        ),
        (
            &profile(
                "filters = [\"*exists:~*req.A:\"]\n[[profile.route]]\nid = \"alfa\"\nparameters = \"a,b\"",
            ),
            "6:14: error",
            "a comma",
            "",
        ),
        (
            &profile(
                "filters = [\"*exists:~*req.A:\"]\n[[profile.route]]\nid = \"alfa\"\nparameters = \"a\\u0000\"",
            ),
            "6:14: error",
            "control character U+0000",
            "",
        ),
        (
            &profile("filters = [\"*exists:~*req.A:\"]\n[[profile.route]]\nid = \"al\\nfa\""),
            "5:6: error",
            "control character U+000A",
            "",
        ),
        (
            "[[profile]]\nid = \"P\"\nfilters = [\"*exists:~*req.A:\"]\n",
            "2:6: warning",
            "has no routes",
            "[[profile.route]]",
        ),
    ] {
        let findings = tables(&[("base.toml", BASE), ("r.toml", text)]);
        assert_found(&findings, place, wanted, help, text);
        assert_eq!(findings.len(), 1, "of\n{text}\nfound\n{}", listed(&findings));
        assert_eq!(&*findings[0].place.file, "r.toml");
    }
}

pub fn supplier(keys: &str) -> String {
    format!(
        "[[supplier]]\nid = \"charlie\"\ngateways = [\"sip:192.0.2.3\"]\n{keys}\n\
         [[route]]\ntarget = \"+1\"\nsupplier = \"charlie\"\n"
    )
}

fn route(keys: &str) -> String {
    format!("[[route]]\n{keys}\n")
}

fn good(keys: &str) -> String {
    route(&format!("target = \"+9\"\nsupplier = \"alfa\"\n{keys}"))
}

fn profile(keys: &str) -> String {
    let route =
        if keys.contains("profile.route") { "" } else { "[[profile.route]]\nid = \"alfa\"\n" };
    format!("[[profile]]\nid = \"P\"\n{keys}\n{route}")
}

#[test]
fn what_two_files_both_declare_is_an_error_that_names_both() {
    let id = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    let with_id = |target: &str, id: &str| good(&format!("id = \"{id}\"")).replace("+9", target);
    for (first, second, place, wanted) in [
        (
            with_id("+8", id),
            with_id("+9", &id.to_uppercase()),
            "4:6: error",
            "is used twice, first at a.toml:4",
        ),
        (
            profile("weight = 1"),
            profile("weight = 2"),
            "2:6: error",
            "`P` of tenant `cgrates.org` is declared twice, first at a.toml:2",
        ),
        (
            "[failover]\nno_route = 404\n".into(),
            "[failover]\nno_route = 503\n".into(),
            "2:12: error",
            "`failover.no_route` is set twice, first at a.toml:2",
        ),
        (
            "[failover.policy.x]\n".into(),
            "[failover.policy.x]\n".into(),
            "1:18: error",
            "`x` is declared twice, first at a.toml:1",
        ),
    ] {
        let findings = tables(&[("base.toml", BASE), ("a.toml", &first), ("b.toml", &second)]);
        assert_found(&findings, place, wanted, "leave", &second);
        assert_eq!(
            findings.iter().filter(|finding| finding.severity.as_str() == "error").count(),
            1
        );
    }
    // The same id under another tenant is another profile.
    let other = format!("tenant = \"b.example\"\n{}", profile("filters = [\"*exists:~*req.A:\"]"));
    let one = profile("filters = [\"*exists:~*req.A:\"]");
    let findings = tables(&[("base.toml", BASE), ("a.toml", &one), ("b.toml", &other)]);
    assert!(findings.is_empty(), "{}", listed(&findings));
}

#[test]
fn exact_targets_want_country_calling_codes() {
    let mut settings = Settings::default();
    settings.compat.voipbin_exact_targets = true;
    let rows = good("").replace("+9", "+82") + &good("").replace("+9", "+8210");
    let source = |name: &str, text: &str| Source {
        name: name.into(),
        text: text.into(),
        folder: None,
        is_deck: false,
    };
    let checked = check_tables(&settings, &[source("base.toml", BASE), source("r.toml", &rows)]);
    assert_found(&checked.findings, "6:10: warning", "+8210 is no country calling code", "", &rows);
    assert_eq!(checked.findings.len(), 1, "{}", listed(&checked.findings));
    assert!(checked.input.unwrap().exact_targets);
}
