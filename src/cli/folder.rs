//! Tariff-plan folders that an API names: reading them, and telling the operator what is wrong with one.
//!
//! The client gets the one line that CGRateS would answer, the log all that is wrong, with files and lines:
//! a bounded part of it, and no more often than once in a while, so that nobody fills the log by asking.

use crate::config::Settings;
use crate::config::finding::Finding;
use crate::config::tariff_plan::{Manner, read_folder};
use crate::net::changes::FolderReader;
use crate::service::control::Folder;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Findings of one folder that the log gets.
const TOLD_MAX: usize = 20;
/// Between two folders of which the log tells.
const PAUSE: Duration = Duration::from_secs(1);

/// The reader for the fronts.
pub(super) fn reader(settings: &Settings) -> FolderReader {
    let (limits, manner) = (settings.limits.clone(), Manner::of(settings));
    let told = Mutex::new(None);
    Arc::new(move |path| {
        let read = read_folder(Path::new(path), &limits, &manner).map_err(|error| {
            if is_due(&told) {
                tell(&error.findings);
            }
            error.answer
        })?;
        if !read.plan.warnings.is_empty() && is_due(&told) {
            tell(&read.plan.warnings);
        }
        Ok(Folder { path: read.path, files: read.files, definitions: read.plan.into_definitions() })
    })
}

/// Whether the log may be told again.
fn is_due(told: &Mutex<Option<Instant>>) -> bool {
    let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
    let is_due = told.is_none_or(|told| told.elapsed() >= PAUSE);
    if is_due {
        *told = Some(Instant::now());
    }
    is_due
}

/// A line for each finding.
fn tell(findings: &[Finding]) {
    for finding in findings.iter().take(TOLD_MAX) {
        tracing::warn!("a tariff plan that an API named: {}", finding.in_a_line());
    }
    if let Some(more @ 1..) = findings.len().checked_sub(TOLD_MAX) {
        tracing::warn!("a tariff plan that an API named: and {more} more");
    }
}
