//! Table files → [`TableInput`], or everything that is wrong with them.
//!
//! Files are read one after the other into a draft, those of tariff plans behind the others; what rows say
//! of each other is checked when all are there, over all files together.

use super::definition::{self, Definitions};
use super::failover::FailoverDraft;
use super::files::Source;
use super::finding::Finding;
use super::keys_tables::TABLES;
use super::rating::{self, PlanRow};
use super::report::Report;
use super::route::{self, RouteRow};
use super::settings::Settings;
use super::supplier::{self, SupplierRow};
use super::tariff_plan::{self, Manner};
use super::walk::{self, Node};
use super::{lint, references};
use crate::table::input::{DeckInput, TableInput};
use foldhash::HashSet;
use std::sync::Arc;

/// What the check of table files found.
#[derive(Debug)]
pub struct Checked {
    /// What a table is built from; there exactly when no finding is an error and no file is lost.
    pub input: Option<TableInput>,
    /// Whether a file is no TOML, so that rows may be missing from everything else that was found.
    pub broken: bool,
    /// All findings, sorted by file and line.
    pub findings: Vec<Finding>,
}

/// What the files say, with the places of what can still turn out wrong.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub suppliers: Vec<SupplierRow>,
    pub routes: Vec<RouteRow>,
    pub definitions: Definitions,
    pub failover: FailoverDraft,
    pub plans: Vec<PlanRow>,
    decks: Vec<DeckInput>,
}

impl Draft {
    fn read(&mut self, root: Node<'_>, settings: &Settings, report: &mut Report<'_>) {
        let zone = &settings.routes.default_timezone;
        for node in root.tables("supplier") {
            let row = supplier::read(node, report);
            self.plans.extend(rating::of_supplier(node, &row.input.id, zone, report));
            self.suppliers.push(row);
        }
        for node in root.tables("rating_plan") {
            self.plans.push(rating::read(node, zone, report));
        }
        for node in root.tables("route") {
            self.routes.push(route::read(node, report));
        }
        self.definitions.read(root, settings.compat.cgrates, report);
        if let Some(node) = root.table("failover") {
            self.failover.read(node, report);
        }
    }

    /// Reads the decks, and what routes and plans say of each other.
    fn price<'s>(&mut self, sources: &'s [Source], report: &mut Report<'s>) {
        let plans = std::mem::take(&mut self.plans);
        rating::use_own_decks(&plans, &mut self.definitions);
        self.definitions.decks = plans.iter().map(PlanRow::named).collect();
        rating::check_references(&plans, &self.definitions, report);
        let timings = self.definitions.timings.iter().map(|row| row.definition.id.as_str());
        let timings: HashSet<&str> = timings.collect();
        self.decks = rating::finish(plans, sources, &timings, report);
    }

    /// Reads the files of a tariff-plan folder.
    fn read_plan<'s>(
        &mut self,
        folder: &str,
        files: &'s [Source],
        settings: &Settings,
        report: &mut Report<'s>,
    ) {
        let named = files
            .iter()
            .filter_map(|source| Some((source.name_in_folder()?, source.text.as_bytes())));
        let manner = Manner::of(settings);
        let read = tariff_plan::read(folder, named, &manner, &mut self.definitions, report);
        if let Some((_, mark)) = read.unread.first() {
            let names: Vec<&str> = read.unread.iter().map(|(name, _)| name.as_str()).collect();
            let text = format!("not read of this tariff plan: {}", names.join(", "));
            report.warn(*mark, &text, "no route depends on it");
        }
    }

    fn into_input(self, settings: &Settings) -> TableInput {
        TableInput {
            suppliers: self.suppliers.into_iter().map(|row| row.input).collect(),
            routes: self.routes.into_iter().map(|row| row.input).collect(),
            definitions: self.definitions.into_declared(),
            decks: self.decks,
            failover: self.failover.into_input(),
            numbers: settings.numbers.clone(),
            rules: settings.rules(),
            exact_targets: settings.compat.voipbin_exact_targets,
        }
    }
}

/// Checks all table files together.
#[must_use]
pub fn check_tables(settings: &Settings, sources: &[Source]) -> Checked {
    check_tables_beside(settings, sources, &[])
}

/// Checks the table files that could be read, beside those in `lost`, which have their findings already:
/// what these declare is not missed as well.
#[must_use]
pub fn check_tables_beside(settings: &Settings, sources: &[Source], lost: &[Arc<str>]) -> Checked {
    let mut report = Report::default();
    lost.iter().for_each(|file| report.lose(file));
    let mut draft = Draft::default();
    for source in sources.iter().filter(|source| source.folder.is_none() && !source.is_deck) {
        let file = report.add_file(&source.name, &source.text);
        let table = walk::parse(&source.text, file, &mut report);
        let root = Node::root(&table, &TABLES, file);
        walk::check(root, &mut report);
        draft.read(root, settings, &mut report);
    }
    for files in sources.chunk_by(|a, b| a.folder == b.folder) {
        if let Some(folder) = files.first().and_then(|source| source.folder.as_deref()) {
            draft.read_plan(folder, files, settings, &mut report);
        }
    }
    draft.price(sources, &mut report);
    definition::unusable(&draft.definitions, settings.compat.cgrates, &mut report);
    references::check(&draft, &settings.limits, &mut report);
    lint::rows(&draft, settings, &mut report);
    // Rows that a syntax error hides would be missed, and their lack complained of.
    if !report.is_broken() {
        lint::layers(&draft, settings, &mut report);
        if draft.routes.is_empty() && draft.definitions.profiles.is_empty() {
            // Without a table file it is the settings that name none.
            report.add_file(&settings.path.to_string_lossy().into(), "");
            lint::no_route(&mut report);
        }
    }
    let is_whole = !report.has_errors() && lost.is_empty();
    let input = is_whole.then(|| draft.into_input(settings));
    Checked { input, broken: report.is_broken(), findings: report.finish() }
}
