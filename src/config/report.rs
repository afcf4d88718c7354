//! Collects findings while files are walked, and turns byte offsets into lines and columns.
//!
//! Invariant: a line with a syntax error carries that finding alone, because whatever else is said
//! of it follows from it. Knows nothing of what the files mean.

use super::finding::{self, Finding, Position, Severity};
use crate::table::input::Place;
use foldhash::{HashMap, HashSet};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Findings kept of one check; more are counted.
const FINDINGS_MAX: usize = 1000;

/// A place in one of the files of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    file: u32,
    offset: u32,
}

impl Mark {
    pub(super) fn new(file: u32, offset: usize) -> Self {
        Self { file, offset: u32::try_from(offset).unwrap_or(u32::MAX) }
    }
}

/// One file with the starts of its lines.
#[derive(Debug)]
struct Lines<'s> {
    name: Arc<str>,
    text: &'s str,
    starts: Vec<usize>,
}

impl Lines<'_> {
    /// Line from 1.
    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// Line and column from 1, columns in characters: as slow as the line is long.
    fn position(&self, offset: usize) -> (u32, u32) {
        let line = self.line(offset);
        let start = line.checked_sub(1).and_then(|index| self.starts.get(index)).copied();
        let before = self.text.get(start.unwrap_or(0)..offset.min(self.text.len()));
        let column = before.map_or(0, |before| before.chars().count()) + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }
}

/// Ids that may be declared where nothing could be read, and so are not to be missed.
#[derive(Debug, Default)]
pub(super) struct Hidden<'s> {
    ids: HashSet<&'s str>,
    /// Of a file that could not be read, nobody knows what it declares.
    is_all: bool,
}

impl Hidden<'_> {
    pub(super) fn contains(&self, id: &str) -> bool {
        self.is_all || self.ids.contains(id)
    }
}

/// The findings of one check.
#[derive(Debug, Default)]
pub(super) struct Report<'s> {
    files: Vec<Lines<'s>>,
    findings: Vec<Finding>,
    /// File and line of each syntax error.
    broken: BTreeSet<(u32, u32)>,
    /// Files that are there and could not be read.
    lost: Vec<Arc<str>>,
    /// How many of each severity there were.
    counts: HashMap<Severity, usize>,
}

impl<'s> Report<'s> {
    /// Makes a file known; the number is its name in marks.
    pub(super) fn add_file(&mut self, name: &Arc<str>, text: &'s str) -> u32 {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        self.files.push(Lines { name: name.clone(), text, starts });
        u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX)
    }

    fn lines(&self, file: u32) -> Option<&Lines<'s>> {
        self.files.get(usize::try_from(file).ok()?)
    }

    /// File, line and column.
    pub(super) fn position(&self, mark: Mark) -> Position {
        let Some(lines) = self.lines(mark.file) else { return Position::whole("") };
        let (line, column) = lines.position(mark.offset as usize);
        Position { file: lines.name.clone(), line, column }
    }

    /// File and line, as tables keep them.
    pub(super) fn place(&self, mark: Mark) -> Place {
        let file = self.lines(mark.file).map_or_else(|| "".into(), |lines| lines.name.clone());
        Place { file, line: self.line(mark) }
    }

    fn line(&self, mark: Mark) -> u32 {
        let line = self.lines(mark.file).map(|lines| lines.line(mark.offset as usize));
        line.and_then(|line| u32::try_from(line).ok()).unwrap_or_default()
    }

    /// An error in the syntax of a file; the first of a line counts.
    pub(super) fn syntax(&mut self, mark: Mark, text: &str, help: &str) {
        if self.broken.insert((mark.file, self.line(mark))) {
            self.push(Severity::Error, mark, text, help);
        }
    }

    /// A file could not be read: it is not to be missed as well.
    pub(super) fn lose(&mut self, file: &Arc<str>) {
        self.lost.push(Arc::clone(file));
    }

    /// Files that could not be read.
    pub(super) fn lost(&self) -> impl Iterator<Item = &str> {
        self.lost.iter().map(AsRef::as_ref)
    }

    /// Whether a file has errors in its syntax or could not be read, so that rows may be missing.
    pub(super) fn is_broken(&self) -> bool {
        !self.broken.is_empty() || !self.lost.is_empty()
    }

    /// Ids that may be declared in what could not be read.
    pub(super) fn hidden(&self) -> Hidden<'s> {
        let ids = if self.broken.is_empty() { HashSet::default() } else { self.ids_by_line() };
        Hidden { ids, is_all: !self.lost.is_empty() }
    }

    /// Strings of all lines that look like `id = "WORD"`, and the first two cells of lines that look like
    /// rows of a tariff plan, read or not.
    fn ids_by_line(&self) -> HashSet<&'s str> {
        let id = |line: &'s str| {
            let value = line.trim_start().strip_prefix("id")?.trim_start().strip_prefix('=')?;
            value.split(['"', '\'']).nth(1)
        };
        let cells = |line: &'s str| line.split(',').take(2).map(|cell| cell.trim_matches('"'));
        let (rows, tables): (Vec<_>, Vec<_>) =
            self.files.iter().partition(|lines| lines.name.ends_with(".csv"));
        let tables = tables.into_iter().flat_map(|lines| lines.text.lines()).filter_map(id);
        let rows = rows.into_iter().flat_map(|lines| lines.text.lines()).flat_map(cells);
        tables.chain(rows).collect()
    }

    /// Whether a syntax error lies between two places of one file, or in the line after them.
    pub(super) fn is_broken_near(&self, from: Mark, to: Mark) -> bool {
        let first = self.line(from);
        // What stands in for a value that could not be read is at the start of the file.
        let last = self.line(to).max(first).saturating_add(1);
        self.broken.range((from.file, first)..=(from.file, last)).next().is_some()
    }

    /// An error.
    pub(super) fn error(&mut self, mark: Mark, text: &str, help: &str) {
        self.at(Severity::Error, mark, text, help);
    }

    /// A warning.
    pub(super) fn warn(&mut self, mark: Mark, text: &str, help: &str) {
        self.at(Severity::Warning, mark, text, help);
    }

    fn at(&mut self, severity: Severity, mark: Mark, text: &str, help: &str) {
        if !self.broken.contains(&(mark.file, self.line(mark))) {
            self.push(severity, mark, text, help);
        }
    }

    fn push(&mut self, severity: Severity, mark: Mark, text: &str, help: &str) {
        if !self.is_full(severity) {
            self.findings.push(Finding::new(severity, self.position(mark), text, help));
        }
        *self.counts.entry(severity).or_default() += 1;
    }

    /// Whether further findings are only counted, so that their words need not be found.
    pub(super) fn is_full(&self, severity: Severity) -> bool {
        self.counts.get(&severity).is_some_and(|count| *count >= FINDINGS_MAX)
    }

    /// Whether there is an error so far.
    pub(super) fn has_errors(&self) -> bool {
        self.counts.contains_key(&Severity::Error)
    }

    /// All findings, sorted by file and line; what was beyond the bound is counted at the end.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        finding::sort(&mut self.findings);
        let last = self.findings.last().map(|finding| finding.place.file.clone());
        for severity in [Severity::Error, Severity::Warning] {
            let count = self.counts.get(&severity).copied().unwrap_or_default();
            if let count @ 1.. = count.saturating_sub(FINDINGS_MAX) {
                let place = Position::whole(last.as_deref().unwrap_or_default());
                let text = format!("and {count} more {}s", severity.as_str());
                self.findings.push(Finding::new(severity, place, &text, "mend these first"));
            }
        }
        self.findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let mut report = Report::default();
        let text = "a = 1\nü = \"é\"\n";
        let file = report.add_file(&"x.toml".into(), text);
        for (offset, want) in [
            (0, "x.toml:1:1"),
            (4, "x.toml:1:5"),
            (6, "x.toml:2:1"),
            (11, "x.toml:2:5"),
            (99, "x.toml:3:1"),
        ] {
            let place = report.position(Mark::new(file, offset)).to_string();
            assert_eq!(place, want, "{offset}");
        }
    }

    #[test]
    fn a_line_with_a_syntax_error_has_no_second_finding() {
        let mut report = Report::default();
        let file = report.add_file(&"x".into(), "a\nb\n");
        report.syntax(Mark::new(file, 0), "first", "");
        report.syntax(Mark::new(file, 1), "second", "");
        report.error(Mark::new(file, 0), "third", "");
        report.error(Mark::new(file, 2), "fourth", "");
        let texts: Vec<String> = report.finish().into_iter().map(|finding| finding.text).collect();
        assert_eq!(texts, ["first", "fourth"]);
    }

    #[test]
    fn findings_beyond_the_bound_are_counted() {
        let mut report = Report::default();
        let file = report.add_file(&"x".into(), "a\n");
        for _ in 0..FINDINGS_MAX + 5 {
            report.error(Mark::new(file, 0), "wrong", "");
        }
        let findings = report.finish();
        assert_eq!(findings.len(), FINDINGS_MAX + 1);
        assert_eq!(findings.last().unwrap().text, "and 5 more errors");
    }
}
