//! A tariff-plan folder of CGRateS → definitions.
//!
//! Every bad row is reported with file, line and column, and a folder with one of them gives nothing at
//! all. Where CGRateS leaves an order to chance (lists of ids, routes of a profile) it is that of the file.
//! Columns are told by their place, as CGRateS tells them. What refers to what is checked where a table is
//! made of the definitions, not here.

mod attributes;
mod cell;
mod destinations;
mod filters;
mod folder;
mod merge;
mod moment;
mod names;
mod routes;
mod routes_100;
mod rows;
mod timings;

use super::finding::{Finding, Position, Severity};
use crate::model::definition::{Definition, Generation};
use crate::model::limits::Limits;
use jiff::tz::TimeZone;
use names::Content;
use rows::{PlanFile, Sink};
use std::path::Path;

/// How a folder is read where its files leave it open.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Whose columns `Routes.csv` has, when its heading does not tell (`compat.cgrates`).
    pub generation: Generation,
    /// The zone of times that name none (`routes.default_timezone`).
    pub timezone: TimeZone,
}

impl Default for Manner {
    fn default() -> Self {
        Self { generation: Generation::default(), timezone: TimeZone::UTC }
    }
}

/// A tariff-plan folder that was read.
#[derive(Debug, Clone)]
pub struct PlanFolder {
    /// The folder as it was named.
    pub path: String,
    /// Its files by their path in the folder; those that are not read yet are kept, too.
    pub files: Vec<(String, Vec<u8>)>,
    /// What the files say.
    pub plan: Plan,
}

/// What the files of a tariff plan say.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Kind by kind, what others refer to first; within a kind as in the files.
    pub definitions: Vec<Definition>,
    /// Legal, and probably not what was meant.
    pub warnings: Vec<Finding>,
    /// Files that are part of a tariff plan and are not read, by their path in the folder.
    pub unread: Vec<String>,
}

/// Why a tariff plan cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanError {
    /// What CGRateS answers: the first error alone.
    pub answer: String,
    /// Everything that is wrong, warnings included.
    pub findings: Vec<Finding>,
}

/// Reads a folder and what lies in its subfolders.
///
/// # Errors
/// What is wrong with its files, or why there are none.
pub fn read_folder(path: &Path, limits: &Limits, manner: &Manner) -> Result<PlanFolder, PlanError> {
    let name = path.to_string_lossy();
    let listed = folder::read(path, limits.table_file_max)?;
    let mut plan = parse(&name, &listed.files, manner)?;
    plan.warnings.extend(listed.warnings);
    if listed.files.is_empty() {
        let text = "no file of a tariff plan is in this folder";
        let help = "a tariff plan has names such as Routes.csv or Filters.csv";
        let place = Position::whole(&name);
        plan.warnings.push(Finding::new(Severity::Warning, place, text, help));
    }
    Ok(PlanFolder { path: name.into_owned(), files: listed.files, plan })
}

/// Reads files that are at hand; `folder` is what messages say before their names.
///
/// # Errors
/// What is wrong with the files.
pub fn parse(
    folder: &str,
    files: &[(String, Vec<u8>)],
    manner: &Manner,
) -> Result<Plan, PlanError> {
    let mut sink = Sink::default();
    let sources: Vec<PlanFile<'_>> =
        files.iter().filter_map(|(name, bytes)| sink.open(folder, name, bytes)).collect();
    let of = |content| sources.iter().filter(move |file| Content::of(file.name) == content);

    // In the order in which CGRateS loads them, so that the first error is the same one.
    let destinations = destinations::read(of(Content::Destinations), &mut sink);
    let timings = timings::read(of(Content::Timings), &mut sink);
    let filters = filters::read(of(Content::Filters), manner, &mut sink);
    let mut unread: Vec<String> = of(Content::Unread).map(|file| file.name.to_owned()).collect();
    let suppliers = of(Content::Suppliers);
    let profiles = routes::read(of(Content::Routes), suppliers, manner, &mut sink);
    let attributes = attributes::read(of(Content::Attributes), manner, &mut unread, &mut sink);

    let (answer, findings) = sink.finish();
    if let Some(answer) = answer {
        return Err(PlanError { answer: format!("SERVER_ERROR: {answer}"), findings });
    }
    let mut definitions: Vec<Definition> = Vec::new();
    definitions.extend(filters.into_iter().map(Definition::Filter));
    definitions.extend(destinations.into_iter().map(Definition::Destination));
    definitions.extend(timings.into_iter().map(Definition::Timing));
    definitions.extend(attributes.into_iter().map(Definition::Attribute));
    definitions.extend(profiles.into_iter().map(Definition::Profile));
    Ok(Plan { definitions, warnings: findings, unread })
}

#[cfg(test)]
mod tests;
