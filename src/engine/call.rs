//! What a call's price depends on, as its event says it (section 4.3 of the CGRateS specification).

use super::fields::{Failure, text_form};
use crate::model::event::{Event, Kind, Slot, Value};
use crate::model::go::json::push_verb_v;
use crate::model::go::time::{self, Time};
use crate::model::go::{duration, number};
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// How long a call is taken to last where nobody says it.
pub const USAGE_NS: i64 = 60_000_000_000;

/// A call as prices see it.
#[derive(Debug, Clone)]
pub struct Call<'e> {
    /// Who pays.
    pub account: Cow<'e, str>,
    /// Whose prices are taken; the account where nobody says it.
    pub subject: Cow<'e, str>,
    /// What kind of call it is; nothing where nobody says it.
    pub category: Cow<'e, str>,
    /// The called number, as it came.
    pub destination: Cow<'e, str>,
    /// When it begins, by the clock that shows it.
    pub setup: Time,
    /// How long it lasts (nanoseconds).
    pub usage_ns: i64,
}

impl<'e> Call<'e> {
    /// Reads a call; what must be there is named one at a time. `is_native`: our own questions need no
    /// account.
    ///
    /// # Errors
    /// A field is missing, or cannot be read.
    pub fn of(
        event: &'e Event,
        zone: &TimeZone,
        now_ns: i64,
        is_native: bool,
    ) -> Result<Self, Failure> {
        let must = |slot, name| event.value(slot).ok_or_else(|| missing(name));
        let account = match event.value(Slot::ACCOUNT) {
            None if is_native => Cow::Borrowed(""),
            _ => text(must(Slot::ACCOUNT, "Account")?),
        };
        let destination = text(must(Slot::DESTINATION, "Destination")?);
        let setup = must(Slot::SETUP_TIME, "SetupTime")?;
        Ok(Self {
            subject: event.value(Slot::SUBJECT).map_or_else(|| account.clone(), text),
            category: event.value(Slot::CATEGORY).map_or(Cow::Borrowed(""), text),
            account,
            destination,
            setup: moment(setup, zone, now_ns)?,
            usage_ns: match event.value(Slot::USAGE) {
                Some(usage) => length(usage)?,
                None => USAGE_NS,
            },
        })
    }

    /// Reads a call that is rated itself, to be a ceiling: it must say how long it lasts, and it began when it
    /// was answered, if it was.
    ///
    /// # Errors
    /// As [`Call::of`].
    pub fn of_event(event: &'e Event, zone: &TimeZone, now_ns: i64) -> Result<Self, Failure> {
        let mut call = Self::of(event, zone, now_ns, false)?;
        if event.value(Slot::USAGE).is_none() {
            return Err(missing("Usage"));
        }
        if let Some(answered) = event.value(Slot::ANSWER_TIME) {
            let answered = moment(answered, zone, now_ns)?;
            if !answered.is_zero() {
                call.setup = answered;
            }
        }
        Ok(call)
    }
}

/// The field for whose sake an event has no price wherever it is asked, and what is wrong with it.
#[must_use]
pub fn unpriceable(
    event: &Event,
    zone: &TimeZone,
    now_ns: i64,
) -> Option<(&'static str, &'static str)> {
    match event.value(Slot::USAGE).map(length) {
        Some(Err(_)) => {
            return Some(("Usage", "is no duration: write `90s`, or a number of nanoseconds"));
        }
        Some(Ok(i64::MIN..0)) => return Some(("Usage", "is below zero")),
        Some(Ok(_)) | None => {}
    }
    let setup = event.value(Slot::SETUP_TIME)?;
    let is_wrong = moment(setup, zone, now_ns).is_err();
    is_wrong.then_some((
        "SetupTime",
        "is no time: write `2026-11-21T12:00:00Z`, or Unix seconds as text",
    ))
}

/// The words of CGRateS for a field that must be there.
pub fn missing(name: &str) -> Failure {
    Failure::Unpriced(format!("MANDATORY_IE_MISSING: [{name}]"))
}

fn text(value: Value<'_>) -> Cow<'_, str> {
    text_form(value.into())
}

/// A moment is text; a number is none.
fn moment(value: Value<'_>, zone: &TimeZone, now_ns: i64) -> Result<Time, Failure> {
    match value.kind {
        Kind::Text => time::parse(value.text, zone, now_ns).map_err(Failure::Unpriced),
        _ => Err(inconvertible(value, "time.Time")),
    }
}

/// A length is text, or a number of nanoseconds of which a fraction is cut.
///
/// # Errors
/// It is neither.
pub fn length(value: Value<'_>) -> Result<i64, Failure> {
    match value.kind {
        Kind::Text => duration::parse(value.text).map_err(Failure::Unpriced),
        Kind::Number => {
            let number: f64 = value.text.parse().unwrap_or_default();
            // Beyond its bounds a number is the bound.
            Ok(number as i64)
        }
        Kind::Null | Kind::Boolean | Kind::Json => Err(inconvertible(value, "time.Duration")),
    }
}

fn inconvertible(value: Value<'_>, wanted: &str) -> Failure {
    let shown = match value.kind {
        Kind::Null => "<nil>".to_owned(),
        Kind::Number => value.text.parse().map_or_else(|_| String::new(), number::verb_v),
        Kind::Json => {
            let mut shown = String::new();
            push_verb_v(value.text, &mut shown);
            shown
        }
        Kind::Boolean | Kind::Text => value.text.to_owned(),
    };
    Failure::Unpriced(format!("cannot convert field: {shown} to {wanted}"))
}
