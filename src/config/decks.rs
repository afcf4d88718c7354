//! The deck files that table files name: which they are, and reading them.
//!
//! They are read like table files, whole, as text, each below the bound of one. What they say is read in
//! `rating/`. A deck that is not there is no matter of reading: the row that names it has the error.

use super::files::{Source, expand, read_source};
use super::finding::{Finding, shown};
use foldhash::HashSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// The headings whose rows may name decks.
const HEADINGS: [&str; 2] = ["rating_plan", "supplier"];

/// The file, or the pattern of files, that `deck` of a table file means: relative to that file's folder.
pub(super) fn entry(table_file: &str, deck: &str) -> PathBuf {
    Path::new(table_file).parent().unwrap_or(Path::new("")).join(deck)
}

/// The files and patterns that table files name, each once.
#[must_use]
pub fn entries(tables: &[Source]) -> Vec<PathBuf> {
    let mut seen = HashSet::default();
    let mut entries = Vec::new();
    for source in tables.iter().filter(|source| source.folder.is_none() && !source.is_deck) {
        // Parsing takes time, and most files name none.
        if source.text.contains("deck") {
            for deck in named(&source.text) {
                let path = entry(&source.name, &deck);
                if seen.insert(path.clone()) {
                    entries.push(path);
                }
            }
        }
    }
    entries
}

/// What `deck` says in a text, wherever it may.
fn named(text: &str) -> Vec<String> {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut decks = Vec::new();
    for heading in HEADINGS {
        let rows = table.get_ref().get(heading).and_then(|rows| rows.get_ref().as_array());
        for row in rows.into_iter().flat_map(|rows| rows.iter()) {
            let deck = row.get_ref().as_table().and_then(|row| row.get("deck"));
            match deck.map(|deck| deck.get_ref()) {
                Some(DeValue::String(deck)) => decks.push(deck.to_string()),
                Some(DeValue::Array(items)) => decks.extend(
                    items.iter().filter_map(|item| item.get_ref().as_str().map(str::to_owned)),
                ),
                _ => {}
            }
        }
    }
    decks.retain(|deck| fault(deck).is_ok());
    decks
}

/// Why a text can name no deck.
pub(super) fn fault(deck: &str) -> Result<(), String> {
    if deck.is_empty() || deck.contains(char::is_control) {
        return Err("a name is empty, or holds control characters".into());
    }
    match deck.rsplit_once('/') {
        Some((folder, _)) if folder.contains('*') => {
            Err(format!("`*` in {} may stand in the last part alone", shown(deck)))
        }
        Some((_, "")) => Err(format!("{} is a folder: add `*.csv`", shown(deck))),
        _ => Ok(()),
    }
}

/// The files that entries stand for now, in their order, each once; a pattern's in order of name.
#[must_use]
pub fn files(entries: &[PathBuf]) -> Vec<PathBuf> {
    let mut seen = HashSet::default();
    let mut files: Vec<PathBuf> = entries
        .iter()
        // A folder that cannot be listed holds no deck for us.
        .flat_map(|entry| expand(entry).unwrap_or_default())
        .collect();
    files.retain(|file| seen.insert(file.clone()));
    files
}

/// Reads the decks, each of at most `max` bytes.
pub(super) fn read(entries: &[PathBuf], max: usize, findings: &mut Vec<Finding>) -> Vec<Source> {
    let mut sources = Vec::new();
    for file in files(entries) {
        let is_missing =
            std::fs::metadata(&file).is_err_and(|error| error.kind() == ErrorKind::NotFound);
        if is_missing {
            continue;
        }
        match read_source(&file, max) {
            Ok(source) => sources.push(Source { is_deck: true, ..source }),
            Err(finding) => findings.push(finding),
        }
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decks_are_named_by_plans_and_suppliers_from_the_folder_of_their_file() {
        let source = |name: &str, text: &str| Source {
            name: name.into(),
            text: text.into(),
            folder: None,
            is_deck: false,
        };
        let tables = [
            source("conf/routes.toml", "[[supplier]]\ndeck = \"decks/a.csv\"\n"),
            source(
                "conf/routes.d/b.toml",
                "[[rating_plan]]\ndeck = [\"/srv/b.csv\", \"b-*.csv\", \"\", \"x/\"]\n[[broken\n",
            ),
            source("c.toml", "[[supplier]]\nid = \"no deck\"\n[[supplier]]\ndeck = \"c.csv\"\n"),
            source("d.toml", "[[supplier]]\ndeck = \"/srv/b.csv\"\n"),
        ];
        let want = ["conf/decks/a.csv", "/srv/b.csv", "conf/routes.d/b-*.csv", "c.csv"];
        assert_eq!(entries(&tables), want.map(PathBuf::from));
    }
}
