//! A tariff-plan folder of CGRateS → definitions.
//!
//! Every bad row is reported with file, line and column, and a folder with one of them gives nothing at
//! all. Where CGRateS leaves an order to chance (lists of ids, routes of a profile) it is that of the file.
//! Columns are told by their place, as CGRateS tells them. What refers to what is checked where all that a
//! table is made of is at hand, not here.

mod accounts;
mod actions;
mod attributes;
mod cell;
mod destinations;
mod filters;
mod folder;
mod merge;
mod missing;
mod moment;
mod names;
mod odd_rows;
mod rates;
mod rating_plans;
mod rating_profiles;
mod routes;
mod routes_100;
mod rows;
mod timings;

use super::definition::Definitions;
use super::finding::Finding;
use super::report::{Mark, Report};
use super::settings::Settings;
use crate::model::definition::{Definition, Generation};
use crate::model::limits::Limits;
use crate::table::input::Declared;
pub(super) use folder::{Listed, list};
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

impl Manner {
    /// As the settings have it.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        Self {
            generation: settings.compat.cgrates,
            timezone: settings.routes.default_timezone.clone(),
        }
    }
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
    /// Kind by kind, what others refer to first; within a kind as in the files. The place is that of the
    /// first row.
    pub definitions: Vec<Declared>,
    /// Legal, and probably not what was meant.
    pub warnings: Vec<Finding>,
    /// Files that are part of a tariff plan and are not read, by their path in the folder.
    pub unread: Vec<String>,
}

impl Plan {
    /// What is stated, wherever it stands.
    #[must_use]
    pub fn into_definitions(self) -> Vec<Definition> {
        self.definitions.into_iter().map(|declared| declared.definition).collect()
    }
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
    let Listed { files, warnings } = list(path)?;
    let files = folder::read(files, limits.table_file_max)?;
    let mut plan = parse(&name, &files, manner)?;
    plan.warnings.extend(warnings);
    Ok(PlanFolder { path: name.into_owned(), files, plan })
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
    let mut report = Report::default();
    let mut all = Definitions::default();
    let files = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let Reading { answer, unread } = read(folder, files, manner, &mut all, &mut report);
    let findings = report.finish();
    match answer {
        Some(answer) => Err(PlanError { answer: format!("SERVER_ERROR: {answer}"), findings }),
        None => Ok(Plan {
            definitions: all.into_declared(),
            warnings: findings,
            unread: unread.into_iter().map(|(name, _)| name).collect(),
        }),
    }
}

/// What came of reading files, beside definitions and findings.
pub(super) struct Reading {
    /// The first error, as CGRateS answers it.
    answer: Option<String>,
    /// Files that are not read, each with its beginning.
    pub(super) unread: Vec<(String, Mark)>,
}

/// Reads files into definitions that are there already, so that what all of them say of each other can be
/// looked at.
pub(super) fn read<'s>(
    folder: &str,
    files: impl Iterator<Item = (&'s str, &'s [u8])>,
    manner: &Manner,
    all: &mut Definitions,
    report: &mut Report<'s>,
) -> Reading {
    let mut sink = Sink::new(std::mem::take(report));
    let sources: Vec<PlanFile<'_>> =
        files.filter_map(|(name, bytes)| sink.open(folder, name, bytes)).collect();
    let of = |content| sources.iter().filter(move |file| Content::of(file.name) == content);

    // In the order in which CGRateS loads them, so that the first error is the same one.
    all.destinations.extend(destinations::read(of(Content::Destinations), &mut sink));
    let timings = timings::read(of(Content::Timings), &mut sink);
    let prices = rates::read_prices(of(Content::Rates), &mut sink);
    let rates = rates::read(of(Content::DestinationRates), &prices, &all.destinations, &mut sink);
    let plans = rating_plans::read(of(Content::RatingPlans), &rates, &timings, &mut sink);
    all.rating_plans.extend(plans);
    let profiles = rating_profiles::read(of(Content::RatingProfiles), manner, &mut sink);
    all.rating_profiles.extend(profiles);
    let (actions, plans) = (of(Content::Actions), of(Content::ActionPlans));
    let plans = actions::read(actions, plans, &timings, manner, &mut sink);
    all.accounts.extend(accounts::read(of(Content::AccountActions), &plans, &mut sink));
    all.timings.extend(timings);
    all.filters.extend(filters::read(of(Content::Filters), manner, &mut sink));
    let unread = of(Content::Unread).map(|file| (file.name.to_owned(), file.mark()));
    let mut unread: Vec<(String, Mark)> = unread.collect();
    let suppliers = of(Content::Suppliers);
    all.profiles.extend(routes::read(of(Content::Routes), suppliers, manner, &mut sink));
    let attributes = attributes::read(of(Content::Attributes), manner, &mut unread, &mut sink);
    all.attributes.extend(attributes);
    let answer;
    (answer, *report) = sink.finish();
    Reading { answer, unread }
}

#[cfg(test)]
mod price_tests;
#[cfg(test)]
mod tests;
