//! `[[timing]]`: a recurring time with a name.

use super::super::finding::shown;
use super::super::report::Report;
use super::super::walk::Node;
use super::Row;
use crate::model::definition::Timing;

/// Reads one; what is missing or wrong is empty, and the report has it.
pub(super) fn read(node: Node<'_>, report: &mut Report<'_>) -> Row<Timing> {
    let numbers = |key| node.integers(key).unwrap_or_default();
    // Both are Sunday.
    let week_days = numbers("week_days").into_iter().map(|day| day % 7).collect();
    let mut time = |key| node.read(key, report, time_of_day).unwrap_or_default();
    let definition = Timing {
        id: node.text("id").unwrap_or_default().to_owned(),
        years: numbers("years"),
        months: numbers("months"),
        month_days: numbers("month_days"),
        week_days,
        start: time("start"),
        end: time("end"),
    };
    // As text they compare as the clock does.
    if !definition.end.is_empty() && definition.end < definition.start {
        let text = "`end` is before `start`: the timing never holds";
        let help = "write two timings, one up to 23:59:59 and one from 00:00:00";
        report.warn(node.mark_of("end"), text, help);
    }
    let place = report.place(node.mark());
    Row { definition, place, id: node.mark_of("id"), filters: Vec::new() }
}

/// `HH:MM:SS`.
fn time_of_day(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split(':').collect();
    let below = |part: &&str, bound: u8| {
        let plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        plain && part.parse::<u8>().is_ok_and(|number| number < bound)
    };
    match parts.as_slice() {
        [hour, minute, second] if below(hour, 24) && below(minute, 60) && below(second, 60) => {
            Ok(text.to_owned())
        }
        _ => Err(format!("{} is no time of day from 00:00:00 to 23:59:59", shown(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_has_hours_minutes_and_seconds() {
        for (text, good) in [
            ("00:00:00", true),
            ("23:59:59", true),
            ("24:00:00", false),
            ("08:00", false),
            ("8:00:00", false),
            ("08:60:00", false),
            ("+8:00:00", false),
            ("", false),
        ] {
            assert_eq!(time_of_day(text).is_ok(), good, "{text}");
        }
    }
}
