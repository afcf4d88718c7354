//! Options of a question in CGRateS' terms, with its leniency about their types (section 2.2).

use crate::engine::fields::{Failure, Scope};
use crate::engine::price;
use crate::engine::question::{Paging, Terms};
use crate::engine::rating::Scratch;
use crate::model::definition::Generation;
use crate::model::event::{Event, Kind, Slot, Value};
use crate::model::go::{json, number};
use crate::table::rules::Rules;

/// An option, by the names that the generations give it; the first that is there counts.
struct Spelt {
    name: &'static str,
    slots: &'static [Slot],
}

const PROFILE_COUNT: Spelt = Spelt { name: "*rouProfileCount", slots: &[Slot::PROFILE_COUNT] };
const PROFILES_COUNT: Spelt = Spelt {
    name: "*routesProfilesCount",
    slots: &[Slot::PROFILES_COUNT, Slot::PROFILES_COUNT_2025],
};
const LIMIT: [Spelt; 2] = [
    Spelt { name: "*rouLimit", slots: &[Slot::LIMIT] },
    Spelt { name: "*routesLimit", slots: &[Slot::ROUTES_LIMIT, Slot::LIMIT] },
];
const OFFSET: [Spelt; 2] = [
    Spelt { name: "*rouOffset", slots: &[Slot::OFFSET] },
    Spelt { name: "*routesOffset", slots: &[Slot::ROUTES_OFFSET, Slot::OFFSET] },
];
const IGNORE_ERRORS: [Spelt; 2] = [
    Spelt { name: "*rouIgnoreErrors", slots: &[Slot::IGNORE_ERRORS] },
    Spelt {
        name: "*routesIgnoreErrors",
        slots: &[Slot::ROUTES_IGNORE_ERRORS, Slot::IGNORE_ERRORS],
    },
];
const MAX_COST: [Spelt; 2] = [
    Spelt { name: "*rouMaxCost", slots: &[Slot::MAX_COST] },
    Spelt { name: "*routesMaxCost", slots: &[Slot::ROUTES_MAX_COST, Slot::MAX_COST] },
];
const MAX_ITEMS: Spelt =
    Spelt { name: "*routesMaxItems", slots: &[Slot::ROUTES_MAX_ITEMS, Slot::MAX_ITEMS] };

impl Spelt {
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

/// Reads what a question wants of routes.
///
/// # Errors
/// Says which option is wrong, and what it must be; or why the event has no price that could be a ceiling.
pub(super) fn read(scope: &Scope<'_>) -> Result<Terms, Failure> {
    let (event, rules) = (scope.event, scope.table.rules.as_ref());
    let is_new = rules.generation == Generation::V100;
    let of = usize::from(is_new);
    let named = |options: &'static [Spelt; 2]| options.get(of).unwrap_or(&options[0]);
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
    let ignores_errors = named(&IGNORE_ERRORS).switch(event, rules)?;
    let limit = named(&LIMIT).whole(event, rules)?.or(whole(defaults.limit));
    let offset = named(&OFFSET).whole(event, rules)?.or(whole(defaults.offset));
    let max_cost = max_cost(named(&MAX_COST), scope)?;
    if is_new
        && let (Some(limit), Some(items)) = (limit, MAX_ITEMS.whole(event, rules)?)
        && items < limit.saturating_add(offset.unwrap_or(0))
    {
        return Err(Failure::told("SERVER_ERROR: maximum number of items exceeded"));
    }
    Ok(Terms {
        paging: Paging { profiles, limit, offset },
        ignores_errors: ignores_errors.unwrap_or(defaults.ignore_errors),
        max_cost,
    })
}

/// Reads what a question of 0.10 wants of suppliers; its page stands beside the options.
///
/// # Errors
/// As [`read`].
pub(super) fn read_old(
    scope: &Scope<'_>,
    limit: Option<i64>,
    offset: Option<i64>,
) -> Result<Terms, Failure> {
    let [ignore_errors, _] = &IGNORE_ERRORS;
    let [ceiling, _] = &MAX_COST;
    Ok(Terms {
        paging: Paging { profiles: None, limit, offset },
        ignores_errors: ignore_errors.switch(scope.event, &scope.table.rules)?.unwrap_or(false),
        max_cost: max_cost(ceiling, scope)?,
    })
}

/// What a call may cost: a number, or the price of the event itself; 0 is no ceiling.
fn max_cost(option: &Spelt, scope: &Scope<'_>) -> Result<Option<f64>, Failure> {
    let rules = &scope.table.rules;
    let default = Value { kind: Kind::Text, text: &rules.options.max_cost };
    let value = option.value(scope.event).unwrap_or(default);
    let ceiling = match value.kind {
        Kind::Null => 0.0,
        Kind::Text if value.text == "*event_cost" => {
            return price::of_event(scope, &mut Scratch::default());
        }
        Kind::Text if value.text.is_empty() => 0.0,
        Kind::Text | Kind::Number => number::parse_float(value.text)
            .map_err(|_| option.wrong(value, Wanted::Price, rules))?,
        Kind::Boolean | Kind::Json => return Err(option.wrong(value, Wanted::Price, rules)),
    };
    Ok(Some(ceiling).filter(|ceiling| *ceiling != 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::builder::build;
    use crate::table::input::TableInput;
    use crate::table::supplier::LiveIndex;

    /// What a question with these options wants.
    fn terms(event: &Event, rules: Rules) -> Result<Terms, Failure> {
        let input = TableInput { rules, ..TableInput::default() };
        let table = build(input, 1, String::new(), &mut |_| Ok(LiveIndex(0))).unwrap();
        read(&Scope::new(&table, "t", event, 0))
    }

    #[test]
    fn what_is_wrong_with_an_option_is_said_plainly_or_in_gos_words() {
        const COUNT: &Spelt = &PROFILE_COUNT;
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
                let Err(Failure::Told(text)) = terms(&event, rules) else { panic!("{raw}") };
                assert!(text.contains(told), "{raw}: {text}");
                assert_eq!(text.contains(option.name), !quirks, "{text}");
            }
        }
        let mut event = Event::default();
        event.clear(64);
        event.set(Slot::LIMIT, "x");
        let rules = Rules { quirks: true, generation: Generation::V100, ..Rules::default() };
        let told = Failure::told(r#"strconv.Atoi: parsing "x": invalid syntax"#);
        assert_eq!(terms(&event, rules), Err(told), "1.0 reads by another function");
    }
}
