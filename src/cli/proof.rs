//! What an import would write, checked before it is written: `check` refuses nothing of it.
//!
//! A table file is read more strictly than a tariff plan, which counts as CGRateS takes it. What the one has and
//! the other refuses is told with its place in the plan.

use crate::config::definition_toml::Written;
use crate::config::finding::{Finding, Position, Severity};
use crate::config::{Settings, Source, check_tables};
use crate::model::definition::Definition;
use crate::table::input::{Declared, Place};
use std::path::Path;
use std::sync::Arc;

/// What is wrong with a table file that would lie at `file`, each with the place of what says it in the plan.
pub(super) fn faults(
    written: &Written,
    definitions: &[Declared],
    file: &Path,
    settings: &Settings,
) -> Vec<Finding> {
    let name: Arc<str> = file.to_string_lossy().into();
    let folder = file.parent().unwrap_or(Path::new(""));
    let source = |name: Arc<str>, text: &str, is_deck| Source {
        name,
        text: text.to_owned(),
        folder: None,
        is_deck,
    };
    let mut sources = vec![source(Arc::clone(&name), &written.text, false)];
    let decks: Vec<Arc<str>> =
        written.decks.iter().map(|(path, _)| folder.join(path).to_string_lossy().into()).collect();
    sources.extend(
        decks.iter().zip(&written.decks).map(|(name, (_, text))| source(name.clone(), text, true)),
    );
    let findings = check_tables(settings, &sources).findings;
    let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
    let mut faults: Vec<Finding> = errors
        .map(|error| {
            let place = if error.place.file == name {
                place_in_table(&written.text, error.place.line, definitions)
            } else {
                let deck = decks.iter().position(|deck| *deck == error.place.file);
                deck.and_then(|deck| plans(definitions).nth(deck))
            };
            let place = place.map_or(error.place, position);
            Finding { place, text: format!("a table file cannot say it: {}", error.text), ..error }
        })
        .collect();
    faults.dedup();
    faults
}

/// Where the plan says what stands in a line of the table file: each definition is one table there, in their
/// order.
fn place_in_table<'d>(text: &str, line: u32, definitions: &'d [Declared]) -> Option<&'d Place> {
    let lines = text.lines().take(usize::try_from(line).ok()?);
    let tables = lines.filter(|line| line.starts_with("[[")).count();
    definitions.get(tables.checked_sub(1)?).map(|declared| &declared.place)
}

/// Where the plan states its rating plans, each of which has one deck, in their order.
fn plans(definitions: &[Declared]) -> impl Iterator<Item = &Place> {
    let plans = definitions
        .iter()
        .filter(|declared| matches!(declared.definition, Definition::RatingPlan(_)));
    plans.map(|declared| &declared.place)
}

fn position(place: &Place) -> Position {
    Position { file: Arc::clone(&place.file), line: place.line, column: u32::from(place.line > 0) }
}
