//! Timings.csv: one recurring time a row.

use super::cell::SEPARATOR;
use super::merge::Merged;
use super::rows::{Layout, PlanFile, Row, Sink};
use crate::config::definition;
use crate::config::finding::shown;
use crate::model::definition::Timing;
use std::ops::RangeInclusive;

static LAYOUT: Layout = Layout {
    model: "TimingMdl",
    columns: &["Tag", "Years", "Months", "MonthDays", "WeekDays", "Time"],
};

pub(super) fn read<'f, 's: 'f>(
    files: impl Iterator<Item = &'f PlanFile<'s>>,
    sink: &mut Sink<'s>,
) -> Vec<definition::Row<Timing>> {
    let mut merged: Merged<String, definition::Row<Timing>> = Merged::default();
    for file in files {
        file.each(&LAYOUT, sink, |row, sink| {
            let Some(id) = row.required(0, sink) else { return };
            if merged.has(&id.to_owned()) {
                let text = format!("the timing {} stands in another row, too", shown(id));
                let said = format!("duplicate timing found: {id}");
                sink.error(row.mark(0), &text, "a timing is one row", &said);
                return;
            }
            let timing = timing(id, row, sink);
            let timing = row.begin(0, sink, timing);
            merged.entry(id.to_owned(), || timing);
        });
    }
    merged.into_vec()
}

fn timing(id: &str, row: &Row<'_>, sink: &mut Sink<'_>) -> Timing {
    let time = row.text(5);
    let (start, end) = time.split_once(SEPARATOR).unwrap_or((time, ""));
    let mut clock = |text: &str| {
        clock(text).unwrap_or_else(|| {
            let text = format!("{} in {} is no time of day", shown(text), row.name(5));
            sink.error(row.mark(5), &text, "write it as 08:00:00", &text);
            String::new()
        })
    };
    let start = clock(start);
    // The end of the day is what an open end means.
    let end = if end == "24:00:00" { String::new() } else { clock(end) };
    Timing {
        id: id.to_owned(),
        years: numbers(row, 1, 1..=9999, sink),
        months: numbers(row, 2, 1..=12, sink),
        month_days: numbers(row, 3, 1..=31, sink),
        week_days: numbers(row, 4, 0..=7, sink).into_iter().map(|day| day % 7).collect(),
        start,
        end,
    }
}

/// A list of numbers; `*any` and an empty cell are all of them.
fn numbers(
    row: &Row<'_>,
    column: usize,
    range: RangeInclusive<i64>,
    sink: &mut Sink<'_>,
) -> Vec<i64> {
    let mut numbers = Vec::new();
    let text = row.text(column);
    if matches!(text, "" | "*any") {
        return numbers;
    }
    for part in text.split(SEPARATOR) {
        match part.parse() {
            Ok(number) if range.contains(&number) => numbers.push(number),
            // CGRateS passes over words here: they are for plans of actions, not for calls.
            Err(_) if part.starts_with('*') => {
                let text = format!("{} in {} is passed over", shown(part), row.name(column));
                sink.warn(row.mark(column), &text, "routing knows `*any` and numbers");
            }
            _ => {
                let (from, to) = (range.start(), range.end());
                let what = format!("is no list of numbers from {from} to {to}");
                row.wrong(column, &what, "separate them by `;`, or write `*any`", sink);
                return Vec::new();
            }
        }
    }
    numbers
}

/// `HH:MM:SS` with two digits each; or what plans of actions have here, which says nothing of calls:
/// `*asap`, `+20s`.
fn clock(text: &str) -> Option<String> {
    if text.is_empty() || text.starts_with(['*', '+']) {
        return Some(text.to_owned());
    }
    let parts: Vec<&str> = text.split(':').collect();
    let [hour, minute, second] = parts.as_slice() else { return None };
    let below = |part: &str, bound: u8| {
        let is_plain = part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|number: &u8| is_plain && *number < bound)
    };
    let (hour, minute, second) = (below(hour, 24)?, below(minute, 60)?, below(second, 60)?);
    Some(format!("{hour:02}:{minute:02}:{second:02}"))
}
