//! Texts → a table, or why not: the steps that a first load, a reload and a dry run share.

use super::guard::Rows;
use super::read::Texts;
use super::stage::{Refusal, Stage};
use crate::config::finding::Position;
use crate::config::{Finding, Settings, check_tables};
use crate::live::suppliers::LiveSuppliers;
use crate::model::definition::Key;
use crate::store::{NAME, Stored};
use crate::table::Table;
use crate::table::builder::build;
use crate::table::change::{Change, ChangeError, Folder};
use crate::table::input::TableInput;
use crate::table::supplier::LiveIndex;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What the files say, checked.
#[derive(Debug)]
pub struct Plan {
    /// What the table is built from.
    pub input: TableInput,
    /// Its rows, for the guard.
    pub rows: Rows,
    /// Warnings.
    pub findings: Vec<Finding>,
}

/// Checks texts.
///
/// # Errors
/// Every mistake in them.
pub fn check(settings: &Settings, texts: &Texts) -> Result<Plan, Refusal> {
    let checked = survive(|| check_tables(settings, &texts.sources))?;
    match checked.input {
        Some(input) => Ok(Plan { rows: Rows::of(&input), input, findings: checked.findings }),
        None => {
            let stage = if checked.broken { Stage::Syntax } else { Stage::Check };
            Err(Refusal::of_findings(stage, checked.findings))
        }
    }
}

/// Builds the table that is to be published as `generation`: of files, and of what the APIs stated.
///
/// # Errors
/// What the builder says; something is stated in a file and by an API.
pub fn compile(
    input: TableInput,
    stored: Vec<Stored>,
    generation: u64,
    fingerprint: &str,
    live: &LiveSuppliers,
) -> Result<Table, Refusal> {
    let mut index = |id: &str| live.index_of(id).map(LiveIndex);
    let table = survive(|| build(input, generation, fingerprint.to_owned(), &mut index))?
        .map_err(|message| Refusal::new(Stage::Build, message))?;
    if stored.is_empty() { Ok(table) } else { join(&table, stored) }
}

/// The same table with what the APIs stated: all at once, as one folder, of which what others refer to is
/// stated first. One after the other would not do: a filter may have been stated again after its users.
fn join(table: &Table, stored: Vec<Stored>) -> Result<Table, Refusal> {
    let name = |one: &Stored| (one.definition.key(), Arc::clone(&one.place));
    let places: Vec<(Key, Arc<str>)> = stored.iter().map(name).collect();
    let definitions = stored.into_iter().map(|one| one.definition).collect();
    let all = Change::Load(Folder { definitions, ..Folder::default() });
    let joined = survive(|| table.changed(&all, table.generation))?;
    joined.map_err(|error| match error {
        ChangeError::InFile { key, place } => {
            let other = places.iter().find(|(other, _)| *other == key);
            let finding = twice(&key, &place, other.map_or(NAME, |(_, other)| other));
            Refusal::of_findings(Stage::Check, vec![finding])
        }
        error => Refusal::new(Stage::Build, format!("what the APIs stated ({NAME}): {error}")),
    })
}

/// A definition that stands in a file and was stated by an API.
fn twice(key: &Key, place: &str, other: &str) -> Finding {
    let (file, line) = place.rsplit_once(':').unwrap_or((place, ""));
    let line = line.parse().unwrap_or_default();
    let place = Position { file: file.into(), line, column: u32::from(line > 0) };
    let kept = if other == NAME { NAME.to_owned() } else { format!("{NAME}, loaded from {other}") };
    let text = format!("{} `{key}` was stated by an API, too: {kept}", key.kind.name());
    let help = "take it out of the file, or remove it by the API that stated it";
    Finding::error(place, &text, help)
}

/// As [`compile`], but no supplier gets a place among the live figures: for a dry run.
///
/// # Errors
/// As [`compile`].
pub fn compile_apart(
    input: TableInput,
    stored: Vec<Stored>,
    fingerprint: &str,
    live: &LiveSuppliers,
    suppliers_max: usize,
) -> Result<Table, Refusal> {
    let apart = LiveSuppliers::new(suppliers_max);
    for figures in live.iter() {
        apart.index_of(&figures.id).map_err(|message| Refusal::new(Stage::Build, message))?;
    }
    compile(input, stored, 0, fingerprint, &apart)
}

/// A file that runs into a bug of ours is refused as any other bad file is.
fn survive<T>(work: impl FnOnce() -> T) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        let message =
            "a bug: reading these files panicked; the log has the place, please report it";
        Refusal::new(Stage::Build, message.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::definition::Kind;

    #[test]
    fn what_is_stated_twice_is_told_with_both_places() {
        let key = Key { kind: Kind::Profile, tenant: "cgrates.org".into(), id: "RP1".into() };
        for (place, other, want) in [
            (
                "conf/routes.toml:12",
                NAME,
                "conf/routes.toml:12:1: error: profile `cgrates.org:RP1` was stated by an API, too: \
                 siproute.db",
            ),
            (
                "routes.toml",
                "/srv/tp",
                "routes.toml: error: profile `cgrates.org:RP1` was stated by an API, too: \
                 siproute.db, loaded from /srv/tp",
            ),
        ] {
            let told = twice(&key, place, other).to_string();
            assert_eq!(told.lines().next(), Some(want));
        }
    }
}
