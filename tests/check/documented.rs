//! Shipped examples are right, and every key is explained where operators look for it.

use crate::found::listed;
use siproute::config::schema::key_names;
use siproute::config::{check_tables, json_schema, load_settings, read_sources};
use std::path::Path;

const README: &str = include_str!("../../README.md");
const EXAMPLES: [&str; 2] =
    [include_str!("../../conf/siproute.toml"), include_str!("../../conf/routes.toml")];

#[test]
fn shipped_examples_have_no_findings() {
    let (mut settings, mut findings) = load_settings(&conf("siproute.toml")).unwrap();
    for file in ["routes.toml", "minimal.toml", "cgrates-profiles.toml", "least-cost.toml"] {
        settings.tables.files = vec![file.into()];
        let checked = check_tables(&settings, &read_sources(&settings).unwrap());
        findings.extend(checked.findings);
        assert!(checked.input.is_some(), "{file}:\n{}", listed(&findings));
    }
    assert!(findings.is_empty(), "{}", listed(&findings));
}

fn conf(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conf").join(name)
}

#[test]
fn every_key_stands_in_the_examples_or_in_the_readme() {
    // `key = …`, also commented out; in the README also as a cell of a table.
    let assigned = |text: &str, key: &str| {
        let starts = |line: &str| {
            let line = line.trim_start_matches(['#', ' ']);
            line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        text.lines().any(starts)
    };
    for name in key_names() {
        let key = name.rsplit('.').next().unwrap_or(&name);
        let cell =
            README.contains(&format!("`{key}`")) || README.contains(&format!("`route.{key}`"));
        let shown = EXAMPLES.iter().chain([&README]).any(|text| assigned(text, key));
        assert!(cell || shown, "`{name}` is explained neither in conf/ nor in README.md");
    }
}

fn is_assignment(line: &str) -> bool {
    line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '))
}

#[test]
fn the_examples_say_the_defaults_that_hold() {
    // What is commented out in the settings shows the default: taken literally, it changes nothing.
    let literal: String = EXAMPLES[0]
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|line| is_assignment(line)).unwrap_or(line))
        .filter(|line| !line.starts_with("country") && !line.starts_with('#'))
        .map(|line| format!("{line}\n"))
        .collect();
    let path = Path::new("conf/siproute.toml");
    let (said, findings) = siproute::config::load::check_settings(path, &literal);
    assert!(findings.is_empty(), "{}", listed(&findings));
    let (held, _) = siproute::config::load::check_settings(path, EXAMPLES[0]);
    assert_eq!(format!("{said:#?}"), format!("{held:#?}"));
}

#[test]
fn the_schema_beside_the_examples_is_the_program_s() {
    let schema = include_str!("../../conf/siproute.schema.json");
    assert!(
        schema == format!("{:#}\n", json_schema()),
        "run `siproute print schema > conf/siproute.schema.json`"
    );
}
