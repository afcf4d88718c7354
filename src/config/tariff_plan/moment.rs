//! Moments as tariff plans write them (section 5.7 of the CGRateS specification).
//!
//! Moments relative to now are not there: a file says the same whenever it is read.

use crate::model::definition::Stamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};

const HELP: &str = "write it as 2026-01-01T00:00:00Z";
const HELP_RELATIVE: &str = "a file must not change its meaning with time: write the moment itself";

/// A moment, or none where the text says that a side is open. What cannot be read gives a way out.
pub(super) fn read(text: &str, zone: &TimeZone) -> Result<Option<Stamp>, &'static str> {
    if matches!(text, "" | "0" | "*unlimited") {
        return Ok(None);
    }
    if text.starts_with(['*', '+']) {
        return Err(HELP_RELATIVE);
    }
    let moment = unix(text, zone).or_else(|| written(text, zone)).ok_or(HELP)?;
    Ok((moment.year() != 1 || moment.day_of_year() != 1).then(|| stamp(&moment)))
}

fn stamp(moment: &ZonedDateTime) -> Stamp {
    let ns = moment.timestamp().as_nanosecond();
    // A year that nanoseconds cannot tell is far away all the same.
    let far = if ns < 0 { i64::MIN } else { i64::MAX };
    let mut text = moment.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let fraction = moment.subsec_nanosecond();
    if fraction != 0 {
        text.push('.');
        text.push_str(format!("{fraction:09}").trim_end_matches('0'));
    }
    match moment.offset() {
        Offset::UTC => text.push('Z'),
        _ => text.push_str(&moment.strftime("%:z").to_string()),
    }
    Stamp { ns: i64::try_from(ns).unwrap_or(far), text }
}

/// Seconds, or finer, since 1970; the number of digits tells which.
fn unix(text: &str, zone: &TimeZone) -> Option<ZonedDateTime> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value: i64 = text.parse().ok()?;
    let moment = match text.len() {
        10 => Timestamp::from_second(value),
        13 => Timestamp::from_millisecond(value),
        16 => Timestamp::from_microsecond(value),
        19 => Timestamp::from_nanosecond(value.into()),
        _ => return None,
    };
    Some(moment.ok()?.to_zoned_datetime(zone.clone()))
}

/// A date and a time of day, with a zone or in the zone that is given.
fn written(text: &str, zone: &TimeZone) -> Option<ZonedDateTime> {
    let (date, rest) = date(text)?;
    let (time, rest) = time(rest)?;
    let (time, rest) = fraction(time, rest)?;
    let moment = DateTime::from_parts(date, time);
    let zone = match rest {
        "" => zone.clone(),
        _ => offset(rest)?.to_time_zone(),
    };
    moment.to_zoned_datetime(zone).ok()
}

/// `2026-01-31T`, `2026-01-31 `, `31.01.2026 `, `31/01/2026 ` or `20260131`.
fn date(text: &str) -> Option<(Date, &str)> {
    let forms: [(&str, [usize; 3]); 5] = [
        ("dddd-dd-ddT", [0, 5, 8]),
        ("dddd-dd-dd ", [0, 5, 8]),
        ("dd.dd.dddd ", [6, 3, 0]),
        ("dd/dd/dddd ", [6, 3, 0]),
        ("dddddddd", [0, 4, 6]),
    ];
    let (rest, [year, month, day]) =
        forms.iter().find_map(|(form, places)| Some((fits(text, form)?, *places)))?;
    let date = Date::new(digits(text, year, 4)?, digits(text, month, 2)?, digits(text, day, 2)?);
    Some((date.ok()?, rest))
}

/// `23:59:59`, or `235959` behind a date without separators.
fn time(text: &str) -> Option<(Time, &str)> {
    let forms = [("dd:dd:dd", [0, 3, 6]), ("dddddd", [0, 2, 4])];
    let (rest, [hour, minute, second]) =
        forms.iter().find_map(|(form, places)| Some((fits(text, form)?, *places)))?;
    let part = |at| digits::<i8>(text, at, 2);
    Some((Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?, rest))
}

/// `.5`, where there is one.
fn fraction(time: Time, text: &str) -> Option<(Time, &str)> {
    let Some(rest) = text.strip_prefix('.') else { return Some((time, text)) };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (figures, rest) = rest.split_at_checked(end)?;
    let nanoseconds: i32 = match figures.len() {
        1..=9 => format!("{figures:0<9}").parse().ok()?,
        _ => return None,
    };
    Some((time.with().subsec_nanosecond(nanoseconds).build().ok()?, rest))
}

/// `Z`, `+02:00`, `+0200`, or as Go prints it: ` +0200 CEST`.
fn offset(text: &str) -> Option<Offset> {
    if text == "Z" {
        return Some(Offset::UTC);
    }
    let text = text.strip_prefix(' ').map_or(text, |rest| rest.split(' ').next().unwrap_or(rest));
    let sign = match text.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let clock = text.get(1..)?;
    let minute = match (fits(clock, "dd:dd"), fits(clock, "dddd")) {
        (Some(""), _) => digits::<i32>(clock, 3, 2)?,
        (_, Some("")) => digits::<i32>(clock, 2, 2)?,
        _ => return None,
    };
    let hour: i32 = digits(clock, 0, 2)?;
    Offset::from_seconds(sign * (hour * 3600 + minute * 60)).ok()
}

/// What follows a text that begins as `form` says, where `d` is a digit.
fn fits<'t>(text: &'t str, form: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(form.len())?;
    let is_fit = head.bytes().zip(form.bytes()).all(|(byte, want)| match want {
        b'd' => byte.is_ascii_digit(),
        _ => byte == want,
    });
    is_fit.then_some(rest)
}

fn digits<T: std::str::FromStr>(text: &str, at: usize, count: usize) -> Option<T> {
    text.get(at..at + count)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_in_all_forms_that_tariff_plans_have() {
        for (text, want) in [
            ("2026-01-31T12:00:00Z", Ok(Some("2026-01-31T12:00:00Z"))),
            ("2026-01-31T12:00:00+00:00", Ok(Some("2026-01-31T12:00:00Z"))),
            ("2026-01-31T12:00:00.250+02:00", Ok(Some("2026-01-31T12:00:00.25+02:00"))),
            ("2026-01-31T12:00:00-0330", Ok(Some("2026-01-31T12:00:00-03:30"))),
            ("2026-01-31 12:00:00 +0200 CEST", Ok(Some("2026-01-31T12:00:00+02:00"))),
            ("2026-01-31 12:00:00", Ok(Some("2026-01-31T12:00:00+01:00"))),
            ("2026-07-31T12:00:00", Ok(Some("2026-07-31T12:00:00+02:00"))),
            ("31.01.2026 12:00:00", Ok(Some("2026-01-31T12:00:00+01:00"))),
            ("31/01/2026 12:00:00", Ok(Some("2026-01-31T12:00:00+01:00"))),
            ("20260131120000", Ok(Some("2026-01-31T12:00:00+01:00"))),
            ("1769857200", Ok(Some("2026-01-31T12:00:00+01:00"))),
            ("1769857200500", Ok(Some("2026-01-31T12:00:00.5+01:00"))),
            ("", Ok(None)),
            ("0", Ok(None)),
            ("*unlimited", Ok(None)),
            ("0001-01-01T00:00:00Z", Ok(None)),
            ("*now", Err(HELP_RELATIVE)),
            ("+1h", Err(HELP_RELATIVE)),
            ("2026-02-30T12:00:00Z", Err(HELP)),
            ("2026-01-31", Err(HELP)),
            ("2026-01-31T12:00", Err(HELP)),
            ("2026-01-31T12:00:00Zulu", Err(HELP)),
            ("2026-01-31T12:00:00.Z", Err(HELP)),
            ("tomorrow", Err(HELP)),
            ("123", Err(HELP)),
            ("ä026-01-31T12:00:00Z", Err(HELP)),
        ] {
            let zone = TimeZone::get("Europe/Berlin").unwrap();
            let stamp = read(text, &zone);
            let told = stamp.as_ref().map(|stamp| stamp.as_ref().map(|stamp| stamp.text.as_str()));
            assert_eq!(told, want.as_ref().map(|want| *want), "{text}");
        }
        let stamp = read("1970-01-01T01:00:00+00:30", &TimeZone::UTC).unwrap().unwrap();
        assert_eq!(stamp.ns, 1_800_000_000_000);
        let far = read("9999-01-01T00:00:00Z", &TimeZone::UTC).unwrap().unwrap();
        assert_eq!(far.ns, i64::MAX);
    }
}
