//! What `check` finds, through the public functions: rows of (text, place, text and help).

use siproute::config::{Finding, Settings, Source, check_tables, load_settings, read_sources};
use std::path::Path;

fn tables(texts: &[(&str, &str)]) -> Vec<Finding> {
    let source =
        |(name, text): &(&str, &str)| Source { name: (*name).into(), text: (*text).into() };
    let sources: Vec<Source> = texts.iter().map(source).collect();
    check_tables(&Settings::default(), &sources).findings
}

fn listed(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("{finding}\n")).collect()
}

/// One finding is at `place` (`line:col: severity`) with both fragments.
fn assert_found(findings: &[Finding], place: &str, text: &str, help: &str, row: &str) {
    let found = findings.iter().any(|finding| {
        let Finding { severity, place: at, .. } = finding;
        let at = format!("{}:{}: {}", at.line, at.column, severity.as_str());
        at == place && finding.text.contains(text) && finding.help.contains(help)
    });
    assert!(found, "wanted {place}: …{text}…{help}… of\n{row}\nfound\n{}", listed(findings));
}

fn siproute_conf(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conf").join(name)
}

#[test]
fn shipped_examples_have_no_findings() {
    let (mut settings, mut findings) = load_settings(&siproute_conf("siproute.toml")).unwrap();
    for file in ["routes.toml", "minimal.toml"] {
        settings.tables.files = vec![file.into()];
        let checked = check_tables(&settings, &read_sources(&settings).unwrap());
        findings.extend(checked.findings);
        assert!(checked.input.is_some(), "{file}:\n{}", listed(&findings));
    }
    assert!(findings.is_empty(), "{}", listed(&findings));
}

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
