//! Options of a question in CGRateS' terms, with its leniency about their types (section 2.2).

use crate::engine::fields::Failure;
use crate::engine::question::{Paging, Terms};
use crate::model::definition::Generation;
use crate::model::event::{Event, Kind, Slot, Value};
use crate::model::go::{duration, json, number};
use crate::table::rules::Rules;

/// An option, by the names that the generations give it; the first that is there counts.
struct Option_ {
    name: &'static str,
    slots: &'static [Slot],
}

const PROFILE_COUNT: Option_ = Option_ { name: "*rouProfileCount", slots: &[Slot::PROFILE_COUNT] };
const PROFILES_COUNT: Option_ = Option_ {
    name: "*routesProfilesCount",
    slots: &[Slot::PROFILES_COUNT, Slot::PROFILES_COUNT_2025],
};
const LIMIT: [Option_; 2] = [
    Option_ { name: "*rouLimit", slots: &[Slot::LIMIT] },
    Option_ { name: "*routesLimit", slots: &[Slot::ROUTES_LIMIT, Slot::LIMIT] },
];
const OFFSET: [Option_; 2] = [
    Option_ { name: "*rouOffset", slots: &[Slot::OFFSET] },
    Option_ { name: "*routesOffset", slots: &[Slot::ROUTES_OFFSET, Slot::OFFSET] },
];
const IGNORE_ERRORS: [Option_; 2] = [
    Option_ { name: "*rouIgnoreErrors", slots: &[Slot::IGNORE_ERRORS] },
    Option_ {
        name: "*routesIgnoreErrors",
        slots: &[Slot::ROUTES_IGNORE_ERRORS, Slot::IGNORE_ERRORS],
    },
];
const MAX_COST: [Option_; 2] = [
    Option_ { name: "*rouMaxCost", slots: &[Slot::MAX_COST] },
    Option_ { name: "*routesMaxCost", slots: &[Slot::ROUTES_MAX_COST, Slot::MAX_COST] },
];
const MAX_ITEMS: Option_ =
    Option_ { name: "*routesMaxItems", slots: &[Slot::ROUTES_MAX_ITEMS, Slot::MAX_ITEMS] };

impl Option_ {
    fn value<'e>(&self, event: &'e Event) -> Option<Value<'e>> {
        self.slots.iter().find_map(|slot| event.value(*slot))
    }

    fn wrong(&self, value: Value<'_>, wanted: Wanted, rules: &Rules) -> Failure {
        if rules.quirks {
            return Failure::Told(wanted.go_words(value, rules.generation));
        }
        let shown = match value.kind {
            Kind::Null => "null".to_owned(),
            Kind::Text => format!("{:?}", value.text),
            Kind::Boolean | Kind::Number | Kind::Json => value.text.to_owned(),
        };
        Failure::Told(format!("{} must be {}, not {shown}", self.name, wanted.words()))
    }

    /// A whole number; a fraction of a number is cut, text has none.
    fn whole(&self, event: &Event, rules: &Rules) -> Result<Option<i64>, Failure> {
        let Some(value) = self.value(event) else { return Ok(None) };
        let read = match value.kind {
            Kind::Number => value.text.parse::<f64>().ok().map(|number| number as i64),
            Kind::Text => number::parse_int(value.text).ok(),
            Kind::Null | Kind::Boolean | Kind::Json => None,
        };
        read.map(Some).ok_or_else(|| self.wrong(value, Wanted::Whole, rules))
    }

    /// A switch: a number above 0 is on.
    fn switch(&self, event: &Event, rules: &Rules) -> Result<Option<bool>, Failure> {
        let Some(value) = self.value(event) else { return Ok(None) };
        let read = match value.kind {
            Kind::Boolean => Some(value.text == "true"),
            Kind::Number => value.text.parse::<f64>().ok().map(|number| number > 0.0),
            Kind::Text => number::parse_bool(value.text).ok(),
            Kind::Null | Kind::Json => None,
        };
        read.map(Some).ok_or_else(|| self.wrong(value, Wanted::Switch, rules))
    }
}

/// What an option has to be.
#[derive(Clone, Copy)]
enum Wanted {
    /// A whole number.
    Whole,
    /// On or off.
    Switch,
    /// A price.
    Price,
}

impl Wanted {
    fn words(self) -> &'static str {
        match self {
            Self::Whole => "a whole number",
            Self::Switch => "true or false",
            Self::Price => "a number, \"\" or \"*event_cost\"",
        }
    }

    /// What the library says by which the original reads it (section 2.6).
    fn go_words(self, value: Value<'_>, generation: Generation) -> String {
        let text = value.text;
        if value.kind == Kind::Text {
            let refused = match self {
                Self::Whole if generation == Generation::V100 => number::atoi(text).err(),
                Self::Whole => number::parse_int(text).err(),
                Self::Switch => number::parse_bool(text).err(),
                Self::Price => number::parse_float(text).err(),
            };
            return refused.unwrap_or_default();
        }
        let raw = if value.kind == Kind::Null { "null" } else { text };
        let mut shown = String::new();
        json::push_verb_v(raw, &mut shown);
        let kind = match value.kind {
            Kind::Boolean => "bool",
            Kind::Json if raw.starts_with('[') => "[]interface {}",
            Kind::Json => "map[string]interface {}",
            Kind::Null | Kind::Number | Kind::Text => "<nil>",
        };
        match self {
            Self::Whole => format!("cannot convert field<{kind}>: {shown} to int"),
            Self::Switch => format!("cannot convert field: {shown} to bool"),
            Self::Price => format!("cannot convert field: {shown} to float64"),
        }
    }
}

/// Reads what decides which page is wanted, and whether everything else can be read at all.
///
/// # Errors
/// Says which option is wrong, and what it must be.
pub(super) fn read(event: &Event, rules: &Rules) -> Result<Terms, Failure> {
    let is_new = rules.generation == Generation::V100;
    let of = usize::from(is_new);
    let named = |options: &'static [Option_; 2]| options.get(of).unwrap_or(&options[0]);
    let count = if is_new { PROFILES_COUNT } else { PROFILE_COUNT };
    let defaults = &rules.options;
    let whole = |default: Option<u32>| default.map(i64::from);
    let profiles = match count.whole(event, rules)? {
        Some(negative @ i64::MIN..0) => {
            let wanted = "a whole number of 0 or more";
            return Err(Failure::Told(format!("{} must be {wanted}, not {negative}", count.name)));
        }
        // 1.0 answers one profile where nobody asks for more.
        None => whole(defaults.profile_count).or(is_new.then_some(1)),
        count => count,
    };
    named(&IGNORE_ERRORS).switch(event, rules)?;
    let limit = named(&LIMIT).whole(event, rules)?.or(whole(defaults.limit));
    let offset = named(&OFFSET).whole(event, rules)?.or(whole(defaults.offset));
    check_max_cost(named(&MAX_COST), event, rules)?;
    if is_new
        && let (Some(limit), Some(items)) = (limit, MAX_ITEMS.whole(event, rules)?)
        && items < limit.saturating_add(offset.unwrap_or(0))
    {
        return Err(Failure::told("SERVER_ERROR: maximum number of items exceeded"));
    }
    Ok(Terms { paging: Paging { profiles, limit, offset }, ..Terms::default() })
}

/// What a call may cost: a number, or the price of the event itself.
fn check_max_cost(option: &Option_, event: &Event, rules: &Rules) -> Result<(), Failure> {
    let Some(value) = option.value(event) else { return Ok(()) };
    match value.kind {
        Kind::Null | Kind::Number => Ok(()),
        Kind::Text if value.text == "*event_cost" => event_cost(event),
        Kind::Text if value.text.is_empty() || number::parse_float(value.text).is_ok() => Ok(()),
        _ => Err(option.wrong(value, Wanted::Price, rules)),
    }
}

/// The price of the event itself: what it needs must be there. No rating profile is known, so that nothing
/// but a call of no length has a price.
fn event_cost(event: &Event) -> Result<(), Failure> {
    let needed = [
        (Slot::ACCOUNT, "Account"),
        (Slot::DESTINATION, "Destination"),
        (Slot::SETUP_TIME, "SetupTime"),
        (Slot::USAGE, "Usage"),
    ];
    if let Some((_, name)) = needed.iter().find(|(slot, _)| event.value(*slot).is_none()) {
        return Err(Failure::Told(format!("MANDATORY_IE_MISSING: [{name}]")));
    }
    let usage = event.get(Slot::USAGE).unwrap_or_default();
    match duration::parse(usage).map_err(Failure::Told)? {
        0 => Ok(()),
        _ => Err(Failure::told("RATING_PLAN_NOT_FOUND")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_an_option_is_said_plainly_or_in_gos_words() {
        const COUNT: &Option_ = &PROFILE_COUNT;
        let [limit, switch, price] = [&LIMIT[0], &IGNORE_ERRORS[0], &MAX_COST[0]];
        let rows = [
            (limit, r#""x""#, "a whole number, not \"x\"", r#"strconv.ParseInt: parsing "x""#),
            (limit, "null", "a whole number, not null", "cannot convert field<<nil>>: <nil> to"),
            (COUNT, "true", "a whole number, not true", "cannot convert field<bool>: true to int"),
            (limit, "[1, 2]", "a whole number, not", "field<[]interface {}>: [1 2] to int"),
            (
                limit,
                r#"{"b":1,"a":"x"}"#,
                "a whole number, not {",
                "cannot convert field<map[string]interface {}>: map[a:x b:1] to int",
            ),
            (switch, r#""x""#, "true or false, not \"x\"", r#"strconv.ParseBool: parsing "x""#),
            (switch, "null", "true or false, not null", "cannot convert field: <nil> to bool"),
            (price, r#""1s""#, "a number, \"\" or", r#"strconv.ParseFloat: parsing "1s""#),
            (price, "true", "*event_cost\", not true", "cannot convert field: true to float64"),
        ];
        for (option, raw, plain, words) in rows {
            let mut event = Event::default();
            event.clear(64);
            event.read(option.slots[0], raw).unwrap();
            for (quirks, told) in [(false, plain), (true, words)] {
                let rules = Rules { quirks, ..Rules::default() };
                let Err(Failure::Told(text)) = read(&event, &rules) else { panic!("{raw}") };
                assert!(text.contains(told), "{raw}: {text}");
                assert_eq!(text.contains(option.name), !quirks, "{text}");
            }
        }
        let mut event = Event::default();
        event.clear(64);
        event.set(Slot::LIMIT, "x");
        let rules = Rules { quirks: true, generation: Generation::V100, ..Rules::default() };
        let told = Failure::told(r#"strconv.Atoi: parsing "x": invalid syntax"#);
        assert_eq!(read(&event, &rules), Err(told), "1.0 reads by another function");
    }
}
