//! Moments as tariff plans write them (section 5.7 of the CGRateS specification).
//!
//! Moments relative to now are not there: a file says the same whenever it is read.

use crate::model::definition::Stamp;
use crate::model::go::time;
use jiff::tz::TimeZone;

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
    let time = time::parse(text, zone, 0).map_err(|_| HELP)?;
    Ok(Stamp::of(&time))
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
