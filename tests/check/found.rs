//! How the rows say what is found.

use siproute::config::{Finding, Settings, Source, check_tables};

pub fn tables(texts: &[(&str, &str)]) -> Vec<Finding> {
    let source = |(name, text): &(&str, &str)| Source {
        name: (*name).into(),
        text: (*text).into(),
        folder: None,
        is_deck: name.ends_with(".csv"),
    };
    let sources: Vec<Source> = texts.iter().map(source).collect();
    check_tables(&Settings::default(), &sources).findings
}

pub fn listed(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("{finding}\n")).collect()
}

/// One finding is at `place` (`line:col: severity`) with both fragments.
pub fn assert_found(findings: &[Finding], place: &str, text: &str, help: &str, row: &str) {
    let found = findings.iter().any(|finding| {
        let Finding { severity, place: at, .. } = finding;
        let at = format!("{}:{}: {}", at.line, at.column, severity.as_str());
        at == place && finding.text.contains(text) && finding.help.contains(help)
    });
    assert!(found, "wanted {place}: …{text}…{help}… of\n{row}\nfound\n{}", listed(findings));
}
