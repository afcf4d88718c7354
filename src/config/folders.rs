//! The tariff-plan folders that the settings name: which files they have, and reading them.
//!
//! They are read like table files: whole, as text, each below the bound of one. What the files say is in
//! `tariff_plan/`.

use super::files::{Source, read_source};
use super::finding::Finding;
use super::settings::Settings;
use super::tariff_plan::{self, Listed};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folders in the order of the settings, each once.
fn folders(settings: &Settings) -> Vec<PathBuf> {
    let base = settings.path.parent().unwrap_or(Path::new(""));
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in settings.tables.cgrates.iter().map(|entry| base.join(entry)) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

/// Whatever tells that something changed: the files of each folder, or the folder itself where they
/// cannot be listed.
#[must_use]
pub(super) fn watched(settings: &Settings) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for folder in folders(settings) {
        match tariff_plan::list(&folder) {
            Ok(listed) => paths.extend(listed.files.into_iter().map(|(_, path)| path)),
            Err(_) => paths.push(folder),
        }
    }
    paths
}

/// Reads the files of all folders; what keeps one from being read is a finding.
pub(super) fn read(settings: &Settings, findings: &mut Vec<Finding>) -> Vec<Source> {
    let mut sources = Vec::new();
    for folder in folders(settings) {
        let Listed { files, .. } = match tariff_plan::list(&folder) {
            Ok(listed) => listed,
            Err(error) => {
                let named = format!("`tables.cgrates` of {} names it", settings.path.display());
                findings.extend(error.findings.into_iter().map(|finding| match finding.help {
                    help if help.is_empty() => Finding { help: named.clone(), ..finding },
                    help => Finding { help, ..finding },
                }));
                continue;
            }
        };
        let name: Arc<str> = folder.to_string_lossy().trim_end_matches('/').into();
        for (_, path) in files {
            match read_source(&path, settings.limits.table_file_max) {
                Ok(source) => sources.push(Source { folder: Some(Arc::clone(&name)), ..source }),
                Err(finding) => findings.push(finding),
            }
        }
    }
    sources
}

/// Warnings of folders without a tariff plan, and of files in them whose names are probably misspelt.
#[must_use]
pub fn warnings(settings: &Settings) -> Vec<Finding> {
    let listed = folders(settings).into_iter().filter_map(|folder| tariff_plan::list(&folder).ok());
    listed.flat_map(|listed| listed.warnings).collect()
}
