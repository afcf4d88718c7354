//! Reading the files that the settings name: patterns, sizes, UTF-8.
//!
//! Regular files alone are opened for reading, without blocking, so that a FIFO or a device under the
//! name of a table holds nothing up; a file over its bound is refused unread.

use super::decks;
use super::finding::{Finding, Position, Severity, shown};
use super::folders;
use super::report::{Mark, Report};
use super::settings::Settings;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One table file, one file of a tariff plan, or a deck, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file as messages name it: the settings' folder and what the settings say.
    pub name: Arc<str>,
    /// Its text.
    pub text: String,
    /// The tariff-plan folder that it belongs to, as messages name it; `None`: it is a table file.
    pub folder: Option<Arc<str>>,
    /// Whether it is a deck that a table file names.
    pub is_deck: bool,
}

impl Source {
    /// Its path in its folder.
    #[must_use]
    pub fn name_in_folder(&self) -> Option<&str> {
        let name = self.name.strip_prefix(self.folder.as_deref()?);
        Some(name.unwrap_or(&self.name).trim_start_matches('/'))
    }
}

/// The table files in the order of the settings, patterns expanded and sorted, each file once.
///
/// A pattern without a match stands for no file. A plain name is returned whether or not there is
/// such a file: reading it says so.
///
/// # Errors
/// Folders that cannot be listed.
pub fn table_files(settings: &Settings) -> Result<Vec<PathBuf>, Vec<Finding>> {
    let base = settings.path.parent().unwrap_or(Path::new(""));
    let mut files: Vec<PathBuf> = Vec::new();
    let mut findings = Vec::new();
    for entry in &settings.tables.files {
        match expand(&base.join(entry)) {
            Ok(found) => {
                for file in found {
                    if !files.contains(&file) {
                        files.push(file);
                    }
                }
            }
            Err(finding) => findings.push(finding),
        }
    }
    if findings.is_empty() { Ok(files) } else { Err(findings) }
}

/// Warnings of patterns that fit no file: legal, since files may come, and often a name that is wrong.
#[must_use]
pub fn idle_patterns(settings: &Settings) -> Vec<Finding> {
    let base = settings.path.parent().unwrap_or(Path::new(""));
    let entries = settings.tables.files.iter();
    let idle =
        entries.filter(|entry| expand(&base.join(entry)).is_ok_and(|files| files.is_empty()));
    let warning = |entry: &String| {
        let text = format!("the pattern {} of `tables.files` fits no file", shown(entry));
        let help = "patterns are taken from the folder of the settings";
        Finding::new(
            Severity::Warning,
            Position::whole(&settings.path.to_string_lossy()),
            &text,
            help,
        )
    };
    idle.map(warning).collect()
}

pub(super) fn expand(path: &Path) -> Result<Vec<PathBuf>, Finding> {
    let Some(pattern) = path.file_name().and_then(|name| name.to_str()) else {
        return Ok(vec![path.to_owned()]);
    };
    if !pattern.contains('*') {
        return Ok(vec![path.to_owned()]);
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = match std::fs::read_dir(listed) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(cannot_read(folder, &error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(|error| cannot_read(folder, &error))?.file_name();
        names.extend(name.to_str().filter(|name| matches(pattern, name)).map(str::to_owned));
    }
    names.sort();
    Ok(names.into_iter().map(|name| folder.join(name)).collect())
}

/// Whether a file's name fits a pattern of literals and `*`; a leading `*` means no hidden file.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    if pattern.starts_with('*') && name.starts_with('.') {
        return false;
    }
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = name.find(part) else { return false };
        name = name.get(at + part.len()..).unwrap_or_default();
    }
    name.ends_with(last)
}

/// The files whose change may be one of the tables, but for the decks that these name; a folder that cannot be listed stands for its files, and
/// reading it says why.
#[must_use]
pub fn watched(settings: &Settings) -> Vec<PathBuf> {
    let mut paths = table_files(settings).unwrap_or_default();
    paths.extend(folders::watched(settings));
    paths
}

/// Reads all table files, behind them those of tariff-plan folders, and the decks that are named.
///
/// # Errors
/// A finding for each file that cannot be read or is no text.
pub fn read_sources(settings: &Settings) -> Result<Vec<Source>, Vec<Finding>> {
    let (sources, findings) = read_each(settings);
    if findings.is_empty() { Ok(sources) } else { Err(findings) }
}

/// As [`read_sources`], with whatever could be read beside the findings, to be checked all the same.
#[must_use]
pub fn read_each(settings: &Settings) -> (Vec<Source>, Vec<Finding>) {
    let (mut sources, mut findings) = read_tables(settings);
    let entries = decks::entries(&sources);
    sources.extend(read_decks(&entries, settings, &mut findings));
    (sources, findings)
}

/// Reads decks; what keeps one from being read is a finding.
pub fn read_decks(
    entries: &[PathBuf],
    settings: &Settings,
    findings: &mut Vec<Finding>,
) -> Vec<Source> {
    decks::read(entries, settings.limits.table_file_max, findings)
}

/// Reads table files and those of tariff-plan folders, without the decks that they name.
#[must_use]
pub fn read_tables(settings: &Settings) -> (Vec<Source>, Vec<Finding>) {
    let mut sources = Vec::new();
    let (files, mut findings) = match table_files(settings) {
        Ok(files) => (files, Vec::new()),
        Err(findings) => (Vec::new(), findings),
    };
    for file in files {
        match read_source(&file, settings.limits.table_file_max) {
            Ok(source) => sources.push(source),
            Err(mut finding) => {
                if finding.help.is_empty() {
                    let help = format!("`tables.files` of {} names it", settings.path.display());
                    finding = Finding::error(finding.place, &finding.text, &help);
                }
                findings.push(finding);
            }
        }
    }
    sources.extend(folders::read(settings, &mut findings));
    (sources, findings)
}

/// Reads one file of at most `max` bytes.
///
/// # Errors
/// What keeps it from being read, with the place of the first byte that is no text.
pub fn read_source(path: &Path, max: usize) -> Result<Source, Finding> {
    let name: Arc<str> = path.to_string_lossy().into();
    let bytes = read_bytes(path, max)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(error.as_bytes().get(..at).unwrap_or_default());
        let byte = error.as_bytes().get(at).copied().unwrap_or_default();
        let text = format!("the byte {byte:#04x} is no UTF-8");
        Finding::error(place(&name, &before, at), &text, "save the file as UTF-8")
    })?;
    match text.find('\0') {
        Some(at) => Err(Finding::error(
            place(&name, &text, at),
            "a zero byte stands here",
            "the file is damaged or no text: write it again, to another name, and rename it",
        )),
        None => Ok(Source { name, text, folder: None, is_deck: false }),
    }
}

fn place(name: &Arc<str>, text: &str, at: usize) -> Position {
    let mut report = Report::default();
    let file = report.add_file(name, text);
    report.position(Mark::new(file, at))
}

fn read_bytes(path: &Path, max: usize) -> Result<Vec<u8>, Finding> {
    let file = open(path)?;
    let too_long = |length: u64| {
        let text = format!("the file has {length} bytes, more than {max}");
        let help = "split it, or raise `limits.table_file_max`";
        Finding::error(Position::whole(&path.to_string_lossy()), &text, help)
    };
    let bound = u64::try_from(max).unwrap_or(u64::MAX);
    let length = file.metadata().map_err(|error| cannot_read(path, &error))?.len();
    if length > bound {
        return Err(too_long(length));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    // The file may grow while it is read.
    let read = file.take(bound.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| cannot_read(path, &error))?;
    if bytes.len() > max { Err(too_long(bytes.len() as u64)) } else { Ok(bytes) }
}

fn open(path: &Path) -> Result<File, Finding> {
    let not_a_file = || {
        let text = "this is no regular file";
        Finding::error(Position::whole(&path.to_string_lossy()), text, "")
    };
    // Looked at before it is opened: opening alone can wake what sits behind a device.
    let metadata = std::fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
    if !metadata.is_file() {
        return Err(not_a_file());
    }
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)
        .map_err(|error| cannot_read(path, &error))?;
    // And once more, in case it was replaced in between.
    match file.metadata() {
        Ok(metadata) if metadata.is_file() => Ok(file),
        Ok(_) => Err(not_a_file()),
        Err(error) => Err(cannot_read(path, &error)),
    }
}

fn cannot_read(path: &Path, error: &io::Error) -> Finding {
    let place = Position::whole(&path.to_string_lossy());
    match error.kind() {
        io::ErrorKind::NotFound => Finding::error(place, "there is no such file", ""),
        io::ErrorKind::PermissionDenied => {
            Finding::error(place, "reading it is not permitted", "give siproute's user read access")
        }
        _ => Finding::error(place, &format!("it cannot be read: {error}"), ""),
    }
}

/// Why an entry of `tables.files` cannot name files.
pub(super) fn pattern_fault(entry: &str) -> Result<(), String> {
    if entry.is_empty() {
        return Err("a name is empty".into());
    }
    match entry.rsplit_once('/') {
        Some((folder, _)) if folder.contains('*') => {
            Err(format!("`*` in {} may stand in the last part alone", shown(entry)))
        }
        Some((_, "")) => Err(format!("{} is a folder: add `*.toml`", shown(entry))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_part_of_a_name() {
        for (pattern, name, want) in [
            ("*.toml", "a.toml", true),
            ("*.toml", ".a.toml", false),
            ("*.toml", "a.toml~", false),
            ("*", "a", true),
            ("a*", "a", true),
            ("a*b*c", "abc", true),
            ("a*b*c", "a--b--c", true),
            ("a*b*c", "ac", false),
            ("ab*ba", "aba", false),
            ("**.toml", "x.toml", true),
            ("a.toml", "a.toml", true),
        ] {
            assert_eq!(matches(pattern, name), want, "{pattern} {name}");
        }
    }
}
