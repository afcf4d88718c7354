//! A deck in CSV: a heading with the names of the columns, then a rate a row.
//!
//! Columns stand in any order, and those that nothing is known of are passed over. They are separated by
//! comma, semicolon, tab or `|`, whichever the heading has most of; `#` begins a comment. A cell ends with its
//! line: a quote that is left open would swallow the rest of the file unseen.

use super::column::Column;
use super::plan::PlanRow;
use super::rates::Rates;
use super::terms::{self, Manner, Wrong};
use crate::config::finding::shown;
use crate::config::report::{Mark, Report};
use crate::config::schema::did_you_mean;
use csv::{ByteRecord, ReaderBuilder};
use foldhash::HashMap;
use std::borrow::Cow;

/// What may separate columns.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A deck's text, known to the report.
#[derive(Debug, Clone, Copy)]
pub(super) struct DeckFile<'s> {
    pub(super) text: &'s str,
    /// What the report calls it.
    pub(super) file: u32,
}

impl<'s> DeckFile<'s> {
    /// The text without the mark that some programs put before it.
    pub(super) fn plain(text: &'s str) -> &'s str {
        text.strip_prefix('\u{feff}').unwrap_or(text)
    }

    /// Reads its rates; what is wrong is in the report.
    pub(super) fn read(&self, plan: &PlanRow, rates: &mut Rates, report: &mut Report<'s>) {
        let start = self.row_from(0);
        let heading = self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let mark = Mark::new(self.file, start);
        if heading.is_empty() {
            let help = "write the names of the columns in the first row, and the rates below";
            return report.error(mark, "the deck is empty", help);
        }
        let separator = separator(heading);
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .delimiter(separator)
            .from_reader(self.text.as_bytes());
        let mut cells = ByteRecord::new();
        // The text is at hand: reading it cannot fail.
        if !reader.read_byte_record(&mut cells).unwrap_or(false) {
            return;
        }
        let names: Vec<String> =
            cells.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
        let Some(layout) = Layout::find(&names, plan, mark, report) else { return };
        if layout.rounds_by_half(&plan.manner, plan, report) {
            return;
        }
        let count = names.len();
        let mut interner = Interner {
            layout: &layout,
            manner: &plan.manner,
            known: HashMap::default(),
            key: Vec::new(),
        };
        while reader.read_byte_record(&mut cells).unwrap_or(false) {
            let begin = cells.position().and_then(|place| usize::try_from(place.byte()).ok());
            let start = self.row_from(begin.unwrap_or_default());
            let mark = Mark::new(self.file, start);
            if let Some(column) = cells.iter().position(|cell| cell.contains(&b'\n')) {
                let at = self.cell_from(start, column, separator);
                let help = "a quote is opened here and not closed in this line";
                report.syntax(at, "a cell runs over several lines", help);
            } else if cells.len() != count {
                let text =
                    format!("the row has {} columns, not {count} as the heading", cells.len());
                report.syntax(mark, &text, "put a cell with the separator in it into quotes");
            } else if cells.iter().any(|cell| !cell.trim_ascii().is_empty()) {
                let at = |column: Column| match layout.place(column) {
                    Some(place) => self.cell_from(start, place, separator),
                    None => mark,
                };
                for fault in interner.add(&cells, mark, rates) {
                    let text = format!("`{}`: {}", fault.column.name(), fault.text);
                    report.error(at(fault.column), &text, &fault.help);
                }
            }
        }
    }

    /// The start of the row that the reader began to look for at `begin`: comments and empty lines before
    /// it count to it.
    fn row_from(&self, begin: usize) -> usize {
        let mut start = begin;
        while let Some(line) =
            self.text.get(start..).and_then(|rest| rest.split_inclusive('\n').next())
        {
            if !line.starts_with('#') && !line.trim_matches(['\r', '\n']).is_empty() {
                break;
            }
            start += line.len();
        }
        start
    }

    /// Where a cell of the row at `start` begins.
    fn cell_from(&self, start: usize, column: usize, separator: u8) -> Mark {
        let row = self.text.get(start..).unwrap_or_default();
        let (mut quoted, mut passed, mut at) = (false, 0, 0);
        for (index, byte) in row.bytes().enumerate() {
            if passed == column || byte == b'\n' {
                break;
            }
            if byte == b'"' {
                quoted = !quoted;
            } else if byte == separator && !quoted {
                passed += 1;
                at = index + 1;
            }
        }
        Mark::new(self.file, start + at)
    }
}

/// Whichever there is most of, outside of quotes.
fn separator(heading: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [0_usize; SEPARATORS.len()];
    for byte in heading.bytes() {
        if byte == b'"' {
            quoted = !quoted;
        } else if !quoted {
            let counts = counts.iter_mut().zip(SEPARATORS);
            counts.filter(|(_, separator)| *separator == byte).for_each(|(count, _)| *count += 1);
        }
    }
    let most = SEPARATORS.into_iter().zip(counts).rev().max_by_key(|(_, count)| *count);
    most.map_or(b',', |(separator, _)| separator)
}

/// Which column is where.
#[derive(Debug, Default)]
struct Layout {
    places: [Option<usize>; Column::ALL.len()],
}

impl Layout {
    fn place(&self, column: Column) -> Option<usize> {
        self.places.get(column as usize).copied().flatten()
    }

    /// Finds the columns by their names, upper and lower case being one; `None` is an error.
    fn find(
        names: &[String],
        plan: &PlanRow,
        heading: Mark,
        report: &mut Report<'_>,
    ) -> Option<Self> {
        let mut layout = Self::default();
        let mut is_whole = true;
        for column in Column::ALL {
            let mapped = plan.columns.iter().find(|(known, ..)| *known == column);
            let name = mapped.map_or(column.name(), |(_, name, _)| name.as_str());
            let is_it = |found: &&String| found.eq_ignore_ascii_case(name.trim());
            let place = names.iter().position(|found| is_it(&found));
            if let Some(slot) = layout.places.get_mut(column as usize) {
                *slot = place;
            }
            let heading_names = || names.iter().map(String::as_str);
            let listed = || format!("the deck has {}", names.join(", "));
            let (mark, text, help) = match (place, mapped) {
                (Some(_), _) if names.iter().filter(is_it).count() > 1 => {
                    let text = format!("the column {} is there twice", shown(name));
                    (heading, text, "rename one: they cannot be told apart".to_owned())
                }
                (None, Some((_, name, mark))) => {
                    let text = format!("the deck has no column {}", shown(name));
                    let near = did_you_mean(name, heading_names());
                    (
                        *mark,
                        text,
                        near.map_or_else(listed, |near| format!("did you mean `{near}`?")),
                    )
                }
                (None, None) if column.is_required() => {
                    let text = format!("the deck has no column `{}`", column.name());
                    let help = format!(
                        "say what it is called: `columns = {{ {} = \"…\" }}`; {}",
                        column.name(),
                        listed()
                    );
                    (heading, text, help)
                }
                _ => continue,
            };
            report.error(mark, &text, &help);
            is_whole = false;
        }
        layout.doubt(names, plan, heading, report);
        is_whole.then_some(layout)
    }

    /// Warns of columns that nothing reads and that are nearly called as one that is not there: a deck whose
    /// increments are overlooked would be billed by the second.
    fn doubt(&self, names: &[String], plan: &PlanRow, heading: Mark, report: &mut Report<'_>) {
        let is_read = |place: usize| self.places.contains(&Some(place));
        let unread =
            || names.iter().enumerate().filter(|(place, _)| !is_read(*place)).map(|(_, name)| name);
        for column in Column::ALL.into_iter().filter(|column| self.place(*column).is_none()) {
            let is_mapped = plan.columns.iter().any(|(known, ..)| *known == column);
            let near = did_you_mean(column.name(), unread().map(String::as_str));
            if let (false, Some(near)) = (is_mapped || column.is_required(), near) {
                let text = format!("the column {} is not read", shown(near));
                report.warn(heading, &text, &format!("did you mean `{}`?", column.name()));
            }
        }
    }

    /// Whether every row would have a rounding without decimals, or the other way round: said once.
    fn rounds_by_half(&self, manner: &Manner, plan: &PlanRow, report: &mut Report<'_>) -> bool {
        let lacking = match (manner.rounding, manner.decimals) {
            (Some(_), None) => Column::Decimals,
            (None, Some(_)) => Column::Rounding,
            _ => return false,
        };
        if self.place(lacking).is_some() {
            return false;
        }
        plan.lacks(lacking, report);
        true
    }
}

/// Rows whose cells beside prefix and price are the same have the same terms.
struct Interner<'i> {
    layout: &'i Layout,
    manner: &'i Manner,
    known: HashMap<Vec<u8>, u32>,
    key: Vec<u8>,
}

impl Interner<'_> {
    /// Adds the rate of a row, or says what is wrong with it.
    fn add(&mut self, cells: &ByteRecord, mark: Mark, rates: &mut Rates) -> Vec<Wrong> {
        let cell = |column| -> Option<Cow<'_, str>> {
            let cell = cells.get(self.layout.place(column)?)?;
            // The whole text is UTF-8, and so are its parts.
            Some(std::str::from_utf8(cell.trim_ascii()).unwrap_or_default().into())
        };
        let text = |column| cell(column).unwrap_or_default();
        let (prefix_text, rate_text) = (text(Column::Prefix), text(Column::Rate));
        let prefix = terms::prefix(&prefix_text, self.manner.compare);
        let rate = terms::price(Column::Rate, &rate_text, self.manner.arithmetic);
        self.key.clear();
        let others = Column::ALL.iter().filter(|column| !column.is_required());
        for place in others.filter_map(|column| self.layout.place(*column)) {
            self.key.extend_from_slice(cells.get(place).unwrap_or_default());
            self.key.push(0);
        }
        let terms = match self.known.get(&self.key) {
            Some(terms) => Ok(*terms),
            None => terms::terms(self.manner, &cell).map(|terms| {
                let place = rates.place_of(terms);
                self.known.insert(self.key.clone(), place);
                place
            }),
        };
        match (prefix, rate, terms) {
            (Ok(prefix), Ok(rate), Ok(terms)) => match rates.push(prefix, rate, terms, mark) {
                Ok(()) => Vec::new(),
                Err(text) => vec![Wrong { column: Column::Prefix, text, help: String::new() }],
            },
            (prefix, rate, terms) => {
                let ours = prefix.err().into_iter().chain(rate.err());
                ours.chain(terms.err().unwrap_or_default()).collect()
            }
        }
    }
}
