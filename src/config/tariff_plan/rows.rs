//! Rows of one file: comments and empty lines left out, columns counted, each with its place.
//!
//! Quotes are read leniently, but a cell ends with its line: a quote that is left open would swallow the
//! rest of the file unseen.

use super::names::Content;
use crate::config::billing::Billing;
use crate::config::definition;
use crate::config::report::{Mark, Report};
use crate::table::input::Place;
use csv::{ReaderBuilder, StringRecord};
use std::sync::Arc;

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Layout {
    /// What CGRateS calls a row in its errors.
    pub(super) model: &'static str,
    /// The names of the columns, in order.
    pub(super) columns: &'static [&'static str],
}

/// One file of a plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlanFile<'s> {
    /// Its path in the folder.
    pub(super) name: &'s str,
    text: &'s str,
    number: u32,
}

/// Findings, and the first error in CGRateS' words.
#[derive(Debug)]
pub(super) struct Sink<'s> {
    report: Report<'s>,
    answer: Option<String>,
    /// What the folder has files of.
    contents: Vec<Content>,
}

impl<'s> Sink<'s> {
    /// For findings beside those that a report has.
    pub(super) fn new(report: Report<'s>) -> Self {
        Self { report, answer: None, contents: Vec::new() }
    }

    /// Makes a file known; bytes that are no text are an error.
    pub(super) fn open(
        &mut self,
        folder: &str,
        name: &'s str,
        bytes: &'s [u8],
    ) -> Option<PlanFile<'s>> {
        let path: Arc<str> = format!("{}/{name}", folder.trim_end_matches('/')).into();
        self.contents.push(Content::of(name));
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text);
                let number = self.report.add_file(&path, text);
                Some(PlanFile { name, text, number })
            }
            Err(error) => {
                let (good, _) = bytes.split_at_checked(error.valid_up_to()).unwrap_or_default();
                let text = std::str::from_utf8(good).unwrap_or_default();
                let mark = Mark::new(self.report.add_file(&path, text), text.len());
                self.syntax(mark, "this is no UTF-8", "save the file as UTF-8", "invalid UTF-8");
                self.report.lose(&path);
                None
            }
        }
    }

    /// An error; `answer` is what CGRateS says of it.
    pub(super) fn error(&mut self, mark: Mark, text: &str, help: &str, answer: &str) {
        self.report.error(mark, text, help);
        self.answer.get_or_insert_with(|| answer.to_owned());
    }

    /// An error that hides what the row says.
    fn syntax(&mut self, mark: Mark, text: &str, help: &str, answer: &str) {
        self.report.syntax(mark, text, help);
        self.answer.get_or_insert_with(|| answer.to_owned());
    }

    /// Whether the folder has a file of this kind.
    pub(super) fn has(&self, content: Content) -> bool {
        self.contents.contains(&content)
    }

    /// Whether a file of this kind could not be read.
    pub(super) fn has_lost(&self, content: Content) -> bool {
        self.report.lost().any(|file| Content::of(file) == content)
    }

    /// Whether something was wrong so far, and may stand for what it is not.
    pub(super) fn has_errors(&self) -> bool {
        self.answer.is_some()
    }

    /// Warns of rates that are billed visibly wrong.
    pub(super) fn tell_billing(&mut self, billing: Billing) {
        billing.tell(&mut self.report);
    }

    /// A warning.
    pub(super) fn warn(&mut self, mark: Mark, text: &str, help: &str) {
        self.report.warn(mark, text, help);
    }

    /// File and line, as tables keep them.
    pub(super) fn place(&self, mark: Mark) -> Place {
        self.report.place(mark)
    }

    /// The first error, and the report with all findings.
    pub(super) fn finish(self) -> (Option<String>, Report<'s>) {
        (self.answer, self.report)
    }
}

/// One row.
#[derive(Debug)]
pub(super) struct Row<'r> {
    /// Its columns.
    pub(super) layout: &'static Layout,
    cells: &'r StringRecord,
    text: &'r str,
    file: u32,
    start: usize,
}

impl Row<'_> {
    /// The text of a cell.
    pub(super) fn text(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default()
    }

    /// The name of a column.
    pub(super) fn name(&self, column: usize) -> &'static str {
        self.layout.columns.get(column).copied().unwrap_or_default()
    }

    /// What the row is the first one of, with the place of its id in column `id`.
    pub(super) fn begin<T>(&self, id: usize, sink: &Sink<'_>, definition: T) -> definition::Row<T> {
        let place = sink.place(Mark::new(self.file, self.start));
        definition::Row { definition, place, id: self.mark(id), filters: Vec::new() }
    }

    /// Where a cell begins.
    pub(super) fn mark(&self, column: usize) -> Mark {
        let line = self.text.get(self.start..).unwrap_or_default();
        let mut quoted = false;
        let mut commas = 0;
        let mut at = 0;
        for (index, byte) in line.bytes().enumerate() {
            if commas == column {
                break;
            }
            match byte {
                b'"' => quoted = !quoted,
                b',' if !quoted => {
                    commas += 1;
                    at = index + 1;
                }
                b'\n' | b'\r' => break,
                _ => {}
            }
        }
        Mark::new(self.file, self.start + at)
    }
}

impl<'s> PlanFile<'s> {
    /// Its beginning.
    pub(super) fn mark(&self) -> Mark {
        Mark::new(self.number, 0)
    }

    /// The names of the columns, where a comment before the first row gives them.
    pub(super) fn heading(&self) -> Vec<&'s str> {
        let comments =
            self.text.lines().take_while(|line| line.is_empty() || line.starts_with('#'));
        let mut headings = comments
            .map(|line| line.trim_start_matches('#').split(',').map(str::trim).collect::<Vec<_>>());
        headings.find(|names| matches!(names.as_slice(), ["Tenant", _, ..])).unwrap_or_default()
    }

    /// Warns of a heading that has the names of the columns in another order: rows are read by their places.
    fn look_at_heading(&self, layout: &'static Layout, sink: &mut Sink<'_>) {
        let first = self.text.lines().next().unwrap_or_default();
        let Some(heading) = first.strip_prefix('#') else { return };
        let low = |name: &str| name.trim().to_ascii_lowercase();
        let named: Vec<String> = heading.split(',').map(low).collect();
        let read: Vec<String> = layout.columns.iter().map(|name| low(name)).collect();
        let (mut sorted, mut wanted) = (named.clone(), read.clone());
        sorted.sort_unstable();
        wanted.sort_unstable();
        if sorted == wanted && named != read {
            let text =
                "the heading has the columns in another order, and they are read by their places";
            let help = format!("they are {}", layout.columns.join(","));
            sink.warn(self.mark(), text, &help);
        }
    }

    /// Gives each row with the right number of columns to `take`; the others are errors.
    pub(super) fn each(
        &self,
        layout: &'static Layout,
        sink: &mut Sink<'_>,
        mut take: impl FnMut(&Row<'_>, &mut Sink<'_>),
    ) {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .from_reader(self.text.as_bytes());
        self.look_at_heading(layout, sink);
        let mut cells = StringRecord::new();
        let mut lines = Lines { text: self.text, at: 0, line: 1 };
        // The text is at hand and is text: reading it cannot fail.
        while reader.read_record(&mut cells).unwrap_or(false) {
            let begin = cells.position().and_then(|place| usize::try_from(place.byte()).ok());
            let start = lines.row_from(begin.unwrap_or_default());
            let row = Row { layout, cells: &cells, text: self.text, file: self.number, start };
            if is_broken(cells.as_slice()) {
                let column = cells.iter().position(is_broken).unwrap_or_default();
                let help = "a quote is opened here and not closed in this line";
                let said = format!("parse error on line {}: {BAD_QUOTE}", lines.line_at(start));
                sink.syntax(row.mark(column), "a cell runs over several lines", help, &said);
            } else if cells.len() == layout.columns.len() {
                take(&row, sink);
            } else {
                let want = layout.columns.len();
                let text = format!("the row has {}, not {want}", columns(cells.len()));
                let help = format!("they are {}", layout.columns.join(","));
                let line = lines.line_at(start);
                let said = format!("record on line {line}: wrong number of fields");
                sink.syntax(row.mark(0), &text, &help, &said);
            }
        }
    }
}

/// Whether a line ends in it.
fn is_broken(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.contains(&b'\n') || bytes.contains(&b'\r')
}

const BAD_QUOTE: &str = "extraneous or missing \" in quoted-field";

fn columns(count: usize) -> String {
    if count == 1 { "1 column".to_owned() } else { format!("{count} columns") }
}

/// Where rows begin: the reader counts the comments and empty lines before a row to the row.
#[derive(Debug)]
struct Lines<'s> {
    text: &'s str,
    /// Lines are counted so far, when somebody wants to know.
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// The start of the row that the reader began to look for at `begin`.
    fn row_from(&self, begin: usize) -> usize {
        let mut start = begin;
        loop {
            let rest = self.text.get(start..).unwrap_or_default();
            start += match rest.as_bytes().first() {
                Some(b'\n' | b'\r') => 1,
                Some(b'#') => rest.split_inclusive('\n').next().map_or(0, str::len),
                _ => return start,
            };
        }
    }

    /// The line of a row that is not before the one asked for last.
    fn line_at(&mut self, start: usize) -> usize {
        let passed = self.text.get(self.at..start).unwrap_or_default();
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count();
        self.at = start;
        self.line
    }
}
