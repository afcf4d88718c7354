//! `siproute check`: every mistake in settings and tables, without serving.
//!
//! Findings go to standard output, since they are what was asked for; the exit code says whether
//! one of them is an error.

use super::settings::Place;
use super::{Done, output};
use crate::config::files::{idle_patterns, read_decks, read_each, read_source};
use crate::config::finding::{Finding, Position, Severity, has_errors, sort};
use crate::config::load::check_settings;
use crate::config::{FileKind, Settings, Source, check_tables_beside, decks, doubts, folders};
use crate::live::Live;
use crate::model::limits::Limits;
use crate::ops::exit::Exit;
use crate::reload::{Recalled, table_of_files};
use crate::store::NAME;
use crate::table::builder::build;
use crate::table::input::TableInput;
use crate::table::supplier::LiveIndex;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Check settings and tables without serving: every mistake at once
#[derive(Debug, Clone, Default, clap::Args)]
#[command(after_help = "Exit codes: 0 clean, or warnings alone; 1 errors; 74 nowhere to print.")]
pub(super) struct Arguments {
    /// Settings or table files, told by their content; table files are checked together, in place of
    /// those that the settings name. Without any: the settings and their table files
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(arguments: &Arguments) -> Done {
    let outcome = check(arguments);
    output::print(&if arguments.json { outcome.as_json() } else { outcome.as_text() })?;
    Ok(if has_errors(&outcome.findings) { Exit::Findings } else { Exit::Fine })
}

/// What a check found, and how much there is when nothing is wrong.
#[derive(Debug, Default)]
struct Outcome {
    findings: Vec<Finding>,
    /// Files that could not be read.
    lost: Vec<Arc<str>>,
    counts: Counts,
}

/// How much there is of what.
type Counts = [(&'static str, usize); 3];

fn check(arguments: &Arguments) -> Outcome {
    let mut outcome = Outcome::default();
    let mut settings = None;
    if arguments.files.is_empty() || arguments.place.config.is_some() {
        let path = arguments.place.file();
        if let Some(source) = outcome.read(&path, &Settings::default()) {
            settings = Some(outcome.settings(&path, &source));
        }
    }
    let mut tables = Vec::new();
    for path in &arguments.files {
        let bounds = settings.clone().unwrap_or_default();
        let Some(source) = outcome.read(path, &bounds) else { continue };
        match FileKind::of(&source.text) {
            FileKind::Settings => settings = Some(outcome.settings(path, &source)),
            FileKind::Table => tables.push(source),
        }
    }
    let is_whole = tables.is_empty();
    if let Some(settings) = settings.as_ref().filter(|_| is_whole) {
        let (sources, findings) = read_each(settings);
        outcome.lose(findings);
        outcome.findings.extend(idle_patterns(settings));
        outcome.findings.extend(folders::warnings(settings));
        tables = sources;
    } else {
        let settings = settings.clone().unwrap_or_default();
        let entries = decks::entries(&tables);
        let mut findings = Vec::new();
        tables.extend(read_decks(&entries, &settings, &mut findings));
        outcome.lose(findings);
    }
    // Settings that could not be read leave nothing to check against, unless tables were named.
    if settings.is_some() || !tables.is_empty() {
        outcome.tables(settings.as_ref().unwrap_or(&Settings::default()), &tables);
    }
    // What the APIs changed belongs to the tables that the settings name.
    if let Some(settings) = settings.filter(|_| is_whole) {
        outcome.state(&settings);
    }
    sort(&mut outcome.findings);
    outcome
}

impl Outcome {
    fn read(&mut self, path: &Path, settings: &Settings) -> Option<Source> {
        let source = read_source(path, settings.limits.table_file_max);
        source.map_err(|finding| self.lose(vec![finding])).ok()
    }

    /// What kept files from being read.
    fn lose(&mut self, findings: Vec<Finding>) {
        self.lost.extend(findings.iter().map(|finding| Arc::clone(&finding.place.file)));
        self.findings.extend(findings);
    }

    fn settings(&mut self, path: &Path, source: &Source) -> Settings {
        let (settings, findings) = check_settings(path, &source.text);
        self.findings.extend(findings);
        settings
    }

    fn tables(&mut self, settings: &Settings, sources: &[Source]) {
        let checked = check_tables_beside(settings, sources, &self.lost);
        self.findings.extend(checked.findings);
        if let Some(input) = checked.input {
            self.counts = counts(&input);
            // What only shows when the parts are put together, such as a value of an attribute.
            let built = build(input, 1, String::new(), &mut |_| Ok(LiveIndex(0)));
            self.findings.extend(built.err().map(|message| misfit(&message)));
        }
    }

    /// What the APIs changed, as a start would read it.
    fn state(&mut self, settings: &Settings) {
        let Some(folder) = &settings.tables.state_dir else { return };
        let place = || Position::whole(&folder.join(NAME).to_string_lossy());
        let recalled = match Recalled::read(settings) {
            Ok(recalled) => recalled,
            Err(trouble) => {
                let finding = Finding::error(place(), &trouble.to_string(), &trouble.help());
                return self.findings.push(finding);
            }
        };
        for one in &recalled.stored {
            for doubt in doubts(&one.definition, settings.compat.cgrates) {
                let key = one.definition.key();
                let text = format!("an API stated the {} `{key}`: {doubt}", key.kind.name());
                self.findings.push(Finding::new(
                    Severity::Warning,
                    place(),
                    &text,
                    "state it anew",
                ));
            }
        }
        if recalled.stored.is_empty() || has_errors(&self.findings) {
            return;
        }
        // Nobody calls.
        let live = Live::new(&Limits { calls_max: 1024, ..settings.limits.clone() });
        if let Err(refusal) = table_of_files(settings, &live, &recalled) {
            let message = Finding::error(place(), &refusal.message, "");
            let known = refusal.findings.is_empty().then_some(message);
            self.findings.extend(refusal.findings.into_iter().chain(known));
        }
    }

    fn as_text(&self) -> String {
        let mut text: String = self.findings.iter().map(|finding| format!("{finding}\n")).collect();
        if !has_errors(&self.findings) {
            let counts = self.counts.map(|(what, count)| match count {
                1 => format!("1 {}", what.trim_end_matches('s')),
                _ => format!("{count} {what}"),
            });
            text.push_str(&format!("ok: {}\n", counts.join(", ")));
        }
        text
    }

    fn as_json(&self) -> String {
        let findings: Vec<_> = self.findings.iter().map(Finding::to_json).collect();
        let [(_, routes), (_, suppliers), (_, profiles)] = self.counts;
        let document = json!({
            "ok": !has_errors(&self.findings),
            "findings": findings,
            "routes": routes,
            "suppliers": suppliers,
            "profiles": profiles,
        });
        format!("{document:#}\n")
    }
}

fn counts(input: &TableInput) -> Counts {
    [
        ("routes", input.routes.len()),
        ("suppliers", input.suppliers.len()),
        ("profiles", input.profile_count()),
    ]
}

/// What the builder says, `FILE:LINE: TEXT` where it knows the place.
fn misfit(message: &str) -> Finding {
    let placed = message.split_once(": ").and_then(|(place, text)| {
        let (file, line) = place.rsplit_once(':')?;
        Some((Position { file: file.into(), line: line.parse().ok()?, column: 1 }, text))
    });
    let (place, text) = placed.unwrap_or((Position::whole("tables"), message));
    Finding::error(place, text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conf(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("conf").join(name)
    }

    #[test]
    fn files_are_told_by_their_content() {
        let settings = || Some(conf("siproute.toml"));
        for (config, files, wanted) in [
            (settings(), vec![], "ok: 10 routes, 4 suppliers, 1 profile\n"),
            (None, vec![conf("siproute.toml")], "ok: 10 routes, 4 suppliers, 1 profile\n"),
            (None, vec![conf("routes.toml")], "ok: 10 routes, 4 suppliers, 1 profile\n"),
            (settings(), vec![conf("minimal.toml")], "ok: 4 routes, 2 suppliers, 0 profiles\n"),
            (
                None,
                vec![conf("siproute.toml"), conf("minimal.toml")],
                "ok: 4 routes, 2 suppliers, 0 profiles\n",
            ),
        ] {
            let arguments = Arguments { files, json: false, place: Place { config } };
            assert_eq!(check(&arguments).as_text(), wanted, "{arguments:?}");
        }
    }

    #[test]
    fn what_is_missing_is_an_error_and_no_table_is_checked_for_it() {
        let place = Place { config: Some("nowhere.toml".into()) };
        let outcome = check(&Arguments { place, ..Arguments::default() });
        assert_eq!(outcome.as_text(), "nowhere.toml: error: there is no such file\n");
        assert!(has_errors(&outcome.findings));
        assert_eq!(outcome.counts, Counts::default());
    }

    #[test]
    fn machines_get_one_document() {
        let finding = Finding::error(Position::whole("a.toml"), "wrong", "mend it");
        let outcome = Outcome { findings: vec![finding], ..Outcome::default() };
        let document: serde_json::Value = serde_json::from_str(&outcome.as_json()).unwrap();
        assert_eq!(document["ok"], false);
        assert_eq!(document["findings"][0]["help"], "mend it");
    }
}
