//! Texts → a table, or why not: the steps that a first load, a reload and a dry run share.

use super::guard::Rows;
use super::read::Texts;
use super::stage::{Refusal, Stage};
use crate::config::{Finding, Settings, check_tables};
use crate::live::suppliers::LiveSuppliers;
use crate::table::Table;
use crate::table::builder::build;
use crate::table::input::TableInput;
use crate::table::supplier::LiveIndex;
use std::panic::{AssertUnwindSafe, catch_unwind};

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

/// Builds the table that is to be published as `generation`.
///
/// # Errors
/// What the builder says.
pub fn compile(
    input: TableInput,
    generation: u64,
    fingerprint: &str,
    live: &LiveSuppliers,
) -> Result<Table, Refusal> {
    let mut index = |id: &str| live.index_of(id).map(LiveIndex);
    survive(|| build(input, generation, fingerprint.to_owned(), &mut index))?
        .map_err(|message| Refusal::new(Stage::Build, message))
}

/// As [`compile`], but no supplier gets a place among the live figures: for a dry run.
///
/// # Errors
/// As [`compile`].
pub fn compile_apart(
    input: TableInput,
    fingerprint: &str,
    live: &LiveSuppliers,
    suppliers_max: usize,
) -> Result<Table, Refusal> {
    let apart = LiveSuppliers::new(suppliers_max);
    for figures in live.iter() {
        apart.index_of(&figures.id).map_err(|message| Refusal::new(Stage::Build, message))?;
    }
    compile(input, 0, fingerprint, &apart)
}

/// A file that runs into a bug of ours is refused as any other bad file is.
fn survive<T>(work: impl FnOnce() -> T) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        let message =
            "a bug: reading these files panicked; the log has the place, please report it";
        Refusal::new(Stage::Build, message.into())
    })
}
