//! What calls cost, in table files: rating plans, their decks in CSV, and the decks of suppliers.
//!
//! All of it is read into one form, whichever way it is written: rates with prefixes, exact prices and terms.

mod amend;
mod check;
mod column;
mod deck_file;
mod plan;
mod rates;
mod references;
mod terms;

use super::files::{Source, matches};
use super::finding::shown;
use super::report::Report;
use crate::table::input::DeckInput;
use deck_file::DeckFile;
use foldhash::{HashMap, HashSet};
pub(super) use plan::{PlanRow, of_supplier, read};
use rates::Rates;
pub(super) use references::{check as check_references, use_own_decks};
use std::path::Path;
use std::sync::Arc;

/// Reads the decks of all plans; what is wrong with them is in the report.
pub(super) fn finish<'s>(
    plans: Vec<PlanRow>,
    sources: &'s [Source],
    timings: &HashSet<&str>,
    report: &mut Report<'s>,
) -> Vec<DeckInput> {
    let decks: Vec<&Source> = sources.iter().filter(|source| source.is_deck).collect();
    let mut known = Known::default();
    plans
        .into_iter()
        .filter_map(|plan| finish_one(plan, &decks, &mut known, timings, report))
        .collect()
}

/// Decks that the report knows.
type Known = HashMap<Arc<str>, u32>;

fn finish_one<'s>(
    mut plan: PlanRow,
    decks: &[&'s Source],
    known: &mut Known,
    timings: &HashSet<&str>,
    report: &mut Report<'s>,
) -> Option<DeckInput> {
    let mut files = files_of(&plan, decks, report);
    if !plan.amends {
        // The last one holds all prices.
        files = files.pop().into_iter().collect();
    }
    let inline = std::mem::take(&mut plan.rates);
    let mut rates = Rates::default();
    let mut starts = Vec::new();
    for source in files {
        starts.push(rates.marks.len());
        let text = DeckFile::plain(&source.text);
        let file = *known
            .entry(Arc::clone(&source.name))
            .or_insert_with(|| report.add_file(&source.name, text));
        DeckFile { text, file }.read(&plan, &mut rates, report);
    }
    if starts.is_empty() {
        rates = inline;
    } else if plan.has_rates {
        starts.push(rates.marks.len());
        append(&mut rates, &inline);
    }
    if starts.len() > 1 {
        amend::amend(&mut rates, &starts);
    }
    let (arithmetic, compare) = (plan.manner.arithmetic, plan.manner.compare);
    check::check(&rates, arithmetic, compare, timings, report);
    if rates.marks.is_empty() && !starts.is_empty() && !report.has_errors() {
        let text = format!("there is no rate in the deck of {}", shown(&plan.id));
        report.error(plan.mark, &text, "an empty file is usually a mistake: write it anew");
    }
    let mut deck = rates.deck;
    deck.id = plan.id;
    deck.currency = plan.currency;
    (deck.arithmetic, deck.compare) = (arithmetic, compare);
    Some(DeckInput { deck: Arc::new(deck), place: plan.place })
}

fn append(rates: &mut Rates, other: &Rates) {
    for (rate, mark) in other.deck.rates.iter().zip(&other.marks) {
        let Some(terms) = other.deck.terms(rate) else { continue };
        let terms = rates.place_of(terms.clone());
        // A deck of that size was refused before.
        let _ = rates.push(other.deck.prefix(rate), rate.rate, terms, *mark);
    }
}

/// The files of a plan, in the order in which they count.
fn files_of<'s>(plan: &PlanRow, decks: &[&'s Source], report: &mut Report<'s>) -> Vec<&'s Source> {
    let mut files: Vec<&Source> = Vec::new();
    for (written, path, mark) in &plan.decks {
        let mut found: Vec<&Source> =
            decks.iter().copied().filter(|source| is_of(&source.name, path)).collect();
        found.sort_by(|one, two| one.name.cmp(&two.name));
        if found.is_empty() && !report.lost().any(|name| is_of(name, path)) {
            let (text, help) = if written.contains('*') {
                (format!("no deck fits the pattern {}", shown(written)), "patterns and files")
            } else {
                let text = format!("the deck {} is not there", shown(written));
                (text, "files")
            };
            let help = format!("{help} are taken from the folder of this file");
            report.error(*mark, &text, &help);
        }
        found.retain(|source| !files.iter().any(|file| file.name == source.name));
        files.append(&mut found);
    }
    files
}

/// Whether a file is the one, or one of those, that a path means.
fn is_of(name: &str, path: &Path) -> bool {
    let name = Path::new(name);
    let file = |path: &Path| path.file_name().and_then(|name| name.to_str().map(str::to_owned));
    match (file(path), file(name)) {
        (Some(pattern), Some(found)) if pattern.contains('*') => {
            name.parent() == path.parent() && matches(&pattern, &found)
        }
        _ => name == path,
    }
}
