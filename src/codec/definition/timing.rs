//! A Timing: `ID`, `Years`, `Months`, `MonthDays`, `WeekDays`, `StartTime`, `EndTime`.

use super::read::{self, Wrong};
use super::write::Writer;
use crate::model::definition::Timing;
use crate::model::json::push_integer;

pub(super) fn read(raw: &str) -> Result<Timing, Wrong> {
    let mut timing = Timing::default();
    let names =
        &["ID", "Years", "Months", "MonthDays", "WeekDays", "StartTime", "EndTime", "APIOpts"];
    read::object(raw, names, |name, value| match name {
        "ID" => read::string(value, &mut timing.id),
        "Years" => read::integers(value, &mut timing.years),
        "Months" => read::integers(value, &mut timing.months),
        "MonthDays" => read::integers(value, &mut timing.month_days),
        "WeekDays" => read::integers(value, &mut timing.week_days),
        "StartTime" => read::string(value, &mut timing.start),
        "EndTime" => read::string(value, &mut timing.end),
        _ => read::options(value),
    })?;
    Ok(timing)
}

pub(super) fn write(timing: &Timing, out: &mut Vec<u8>) {
    let mut object = Writer::object(out);
    object.string("ID", &timing.id);
    for (name, numbers) in [
        ("Years", &timing.years),
        ("Months", &timing.months),
        ("MonthDays", &timing.month_days),
        ("WeekDays", &timing.week_days),
    ] {
        object.list(name, Some(numbers), |number, out| push_integer(out, *number));
    }
    object.string("StartTime", &timing.start);
    object.string("EndTime", &timing.end);
    object.end();
}
