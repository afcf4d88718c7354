//! Reading the files of a tariff-plan folder: which, how many, how large.
//!
//! Files in subfolders are part of the plan, as they are for CGRateS. A folder may be named over the
//! network: names that no tariff plan has are not opened, links to folders are not followed, and the walk is bounded.

use super::PlanError;
use super::names::{Content, meant};
use crate::config::files::read_source;
use crate::config::finding::{Finding, Position, Severity, shown};
use std::io;
use std::path::{Path, PathBuf};

/// Folders below a plan's own; a plan has a handful.
const FOLDERS_MAX: usize = 64;
/// Files of one plan; every folder may have each of thirty.
const FILES_MAX: usize = 256;
/// Entries of all folders together that are looked at.
const ENTRIES_MAX: usize = 10_000;

/// What CGRateS answers when the folder is not there.
const NO_FOLDER: &str = "INVALID_PATH";

/// The files of a folder.
#[derive(Debug, Default)]
pub(in crate::config) struct Listed {
    /// By their path in the folder; and where each lies.
    pub(in crate::config) files: Vec<(String, PathBuf)>,
    /// Files that look as if they were meant to be read, and the lack of any.
    pub(in crate::config) warnings: Vec<Finding>,
}

/// Reads listed files, each of at most `file_max` bytes.
pub(super) fn read(
    files: Vec<(String, PathBuf)>,
    file_max: usize,
) -> Result<Vec<(String, Vec<u8>)>, PlanError> {
    let mut read = Vec::with_capacity(files.len());
    let mut findings = Vec::new();
    for (name, path) in files {
        match read_source(&path, file_max) {
            Ok(source) => read.push((name, source.text.into_bytes())),
            Err(finding) => findings.push(finding),
        }
    }
    match findings.first() {
        None => Ok(read),
        Some(first) => Err(PlanError { answer: format!("SERVER_ERROR: {}", first.text), findings }),
    }
}

/// Lists the files that are part of a tariff plan.
pub(in crate::config) fn list(path: &Path) -> Result<Listed, PlanError> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(refused(NO_FOLDER, whole(path, "this is no folder"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(refused(NO_FOLDER, whole(path, "there is no such folder")));
        }
        Err(error) => return Err(unlisted(path, &error)),
    }
    let mut listed = Listed::default();
    for (name, file) in walk(path)? {
        match Content::of(&name) {
            Content::Unknown => listed.warnings.extend(stranger(&name, &file)),
            _ if listed.files.len() >= FILES_MAX => {
                let text = format!("the plan has more than {FILES_MAX} files");
                return Err(refused(&format!("SERVER_ERROR: {text}"), whole(&file, &text)));
            }
            _ => listed.files.push((name, file)),
        }
    }
    if listed.files.is_empty() {
        let text = "no file of a tariff plan is in this folder";
        let help = "a tariff plan has names such as Routes.csv or Filters.csv";
        let place = Position::whole(&path.to_string_lossy());
        listed.warnings.push(Finding::new(Severity::Warning, place, text, help));
    }
    Ok(listed)
}

/// Every file with its path in the folder: the folder's own, then those of its subfolders, by name.
fn walk(root: &Path) -> Result<Vec<(String, PathBuf)>, PlanError> {
    let mut files = Vec::new();
    let mut waiting = vec![(String::new(), root.to_owned())];
    let (mut folders, mut entries) = (0, 0);
    while let Some((prefix, folder)) = waiting.pop() {
        let mut below = Vec::new();
        let mut here = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(|error| unlisted(&folder, &error))? {
            let entry = entry.map_err(|error| unlisted(&folder, &error))?;
            entries += 1;
            let kind = entry.file_type().map_err(|error| unlisted(&folder, &error))?;
            // No file of a plan has another name than these.
            let Some(name) = entry.file_name().to_str().map(|name| format!("{prefix}{name}"))
            else {
                continue;
            };
            if kind.is_dir() {
                folders += 1;
                below.push((format!("{name}/"), entry.path()));
            } else {
                here.push((name, entry.path()));
            }
            if folders > FOLDERS_MAX || entries > ENTRIES_MAX {
                let text = format!(
                    "more than {FOLDERS_MAX} folders or {ENTRIES_MAX} files are below this one: it is no tariff plan"
                );
                return Err(refused(&format!("SERVER_ERROR: {text}"), whole(root, &text)));
            }
        }
        here.sort();
        files.append(&mut here);
        below.sort_by(|a, b| b.cmp(a));
        waiting.append(&mut below);
    }
    Ok(files)
}

fn stranger(name: &str, path: &Path) -> Option<Finding> {
    let file = name.rsplit('/').next().unwrap_or(name);
    if !file.to_lowercase().ends_with(".csv") {
        return None;
    }
    let help = match meant(file) {
        Some(known) => format!("did you mean {}?", shown(known)),
        None => String::new(),
    };
    let text = "no file of a tariff plan has this name: it is not read";
    let place = Position::whole(&path.to_string_lossy());
    Some(Finding::new(Severity::Warning, place, text, &help))
}

fn unlisted(folder: &Path, error: &io::Error) -> PlanError {
    let text = format!("the folder cannot be read: {error}");
    refused(&format!("SERVER_ERROR: {text}"), whole(folder, &text))
}

fn whole(path: &Path, text: &str) -> Finding {
    Finding::error(Position::whole(&path.to_string_lossy()), text, "")
}

fn refused(answer: &str, finding: Finding) -> PlanError {
    PlanError { answer: answer.to_owned(), findings: vec![finding] }
}
