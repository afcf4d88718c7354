//! The story of a decision: everything considered, and why it is in or out, as JSON.
//!
//! It hears the engine's own walk. Only questions that ask for it pay for it. Each line is an object
//! whose `step` says what it tells of: number, customer, profile, profile_route, layer, row, place.

use super::bill::Bills;
use super::lookup::Told;
use crate::engine::explain::{Reason, Recorder, Seen};
use crate::engine::fields::Failure;
use crate::engine::selection::{Origin, Place};
use crate::model::definition::Compare;
use crate::model::event::Slot;
use crate::model::number::{Number, NumberPlan, number_part};
use crate::model::query::Query;
use crate::table::Table;
use crate::table::input::{Place as Declared, Target};
use crate::table::layers::{DEFAULT_CUSTOMER, Row};
use crate::table::profile::{Profile, ProfileRoute};
use crate::table::rating::{Plan, Pricing};
use crate::table::supplier::SupplierIndex;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Lines of one story.
const LINES_MAX: usize = 2_000;

/// What was heard so far.
pub struct Story<'t> {
    table: &'t Table,
    lines: Vec<Value>,
    told: Vec<u8>,
    /// What the filter read that the next line tells of.
    saw: Option<Seen>,
    /// How prices came about, of the routes whose lines come later.
    bills: Bills,
    /// The called number as it came.
    called: String,
}

impl<'t> Story<'t> {
    /// Nothing yet.
    #[must_use]
    pub fn new(table: &'t Table) -> Self {
        Self {
            table,
            lines: Vec::new(),
            told: Vec::new(),
            saw: None,
            bills: Bills::default(),
            called: String::new(),
        }
    }

    /// Whether another line may be told. One question must not cost more than many.
    fn has_room(&mut self) -> bool {
        if self.lines.len() == LINES_MAX {
            self.lines.push(json!({ "step": "more", "why": "the rest of the story is left out" }));
        }
        self.lines.len() < LINES_MAX
    }

    /// The lines that were heard, in their order.
    #[must_use]
    pub fn into_lines(self) -> Vec<Value> {
        self.lines
    }

    /// What the choice depends on: the number as it was normalised, and whose rows are asked.
    pub(super) fn question(&mut self, query: &Query, customer: &str) {
        let raw = query.event.get(Slot::DESTINATION);
        let number = raw.and_then(|raw| self.table.numbers.normalise(raw));
        self.lines.push(json!({
            "step": "number",
            "arrived": raw,
            "number": number.as_ref().map(written),
            "why": normalised(&self.table.numbers, raw, number.as_ref()),
        }));
        let from = if !query.customer.is_empty() {
            "from the question's `customer`"
        } else if query.event.get(Slot::CUSTOMER).is_some_and(|customer| !customer.is_empty()) {
            "from the event's Customer"
        } else if customer.is_empty() {
            "the event has neither Customer nor Account"
        } else {
            "from the event's Account"
        };
        self.lines.push(json!({
            "step": "customer",
            "customer": customer,
            "tenant": query.tenant,
            "why": from,
        }));
    }

    /// What a route's plans were asked for: what is compared is not always the number that the story began with.
    fn asked_plans(&self, route: &ProfileRoute) -> String {
        let Self { table, called, .. } = self;
        let compare = |id: &str| match table.decks.find(id).map(|stated| &stated.pricing) {
            Some(Pricing::Exact(deck)) => Some(deck.compare()),
            Some(Pricing::Cgrates(plan)) => Some(plan.compare()),
            None => table.objects.prices().compiled(id).map(Plan::compare),
        };
        let asked = route.plans.iter().map(|id| match compare(id) {
            None => format!("; there is no rating plan `{id}`"),
            Some(Compare::Text) => {
                format!("; the rating plan `{id}` was asked for the text {called:?}")
            }
            Some(Compare::Digits) => {
                let number = table.numbers.normalise(called);
                let digits = number.as_ref().map_or("", Number::digits);
                format!("; the rating plan `{id}` was asked for the digits {digits:?}")
            }
        });
        asked.collect()
    }

    fn supplier(&self, index: SupplierIndex) -> &'t str {
        self.table.suppliers.get(index).map_or("", |supplier| supplier.facts.id.as_str())
    }
}

impl Told for Story<'_> {
    fn told(&mut self) -> Option<&[u8]> {
        self.told = serde_json::to_vec(&self.lines).ok()?;
        Some(&self.told)
    }
}

impl Recorder for Story<'_> {
    type Bill = Bills;

    const HEARS_ALL: bool = true;

    fn saw(&mut self, seen: Option<Seen>) {
        self.saw = seen;
    }

    fn bill(&mut self, route: &ProfileRoute, number: &str) -> &mut Bills {
        self.bills.begin(route.tie_key, number);
        number.clone_into(&mut self.called);
        &mut self.bills
    }

    fn profile(&mut self, profile: &Profile, reason: Reason<'_>) {
        if !self.has_room() {
            return;
        }
        self.lines.push(json!({
            "step": "profile",
            "profile": profile.id(),
            "weight": profile.weight.fixed(),
            "place": profile.place.as_ref().map_or_else(|| "API".to_owned(), Declared::to_string),
            "in": is_in(&reason),
            "why": why(&reason, "it matches", self.saw.take()),
        }));
    }

    fn route(&mut self, profile: &Profile, route: &ProfileRoute, reason: Reason<'_>) {
        if !self.has_room() {
            return;
        }
        let bill = self.bills.take(route.tie_key);
        let mut told = why(&reason, "it passes", self.saw.take());
        if matches!(reason, Reason::Unpriced(_)) {
            told.push_str(&self.asked_plans(route));
        }
        let mut line = json!({
            "step": "profile_route",
            "profile": profile.id(),
            "supplier": route.supplier_in(self.table).map(|supplier| supplier.facts.id.as_str()),
            "weight": route.weight.fixed(),
            "in": is_in(&reason),
            "why": told,
        });
        if let (Some(line), Some(bill)) = (line.as_object_mut(), bill) {
            line.insert("bill".into(), bill.into());
        }
        self.lines.push(line);
    }

    fn layer(&mut self, customer: &str, target: &Target) {
        if !self.has_room() {
            return;
        }
        let customer = if customer == DEFAULT_CUSTOMER { "default" } else { customer };
        self.lines.push(json!({
            "step": "layer",
            "target": target.to_string(),
            "customer": customer,
        }));
    }

    fn row(&mut self, row: &Row, reason: Reason<'_>) {
        if !self.has_room() {
            return;
        }
        self.lines.push(json!({
            "step": "row",
            "route": row.id,
            "supplier": self.supplier(row.supplier),
            "priority": row.priority,
            "place": row.place.to_string(),
            "in": is_in(&reason),
            "why": why(&reason, "it adds its supplier", None),
        }));
    }

    fn place(&mut self, place: &Place, reason: Reason<'_>) {
        if !self.has_room() {
            return;
        }
        let row = match place.origin {
            Origin::Row(row) => self.table.layers.row(row),
            Origin::Route { .. } | Origin::Forced => None,
        };
        self.lines.push(json!({
            "step": "place",
            "supplier": place.supplier_in(self.table).map(|supplier| supplier.facts.id.as_str()),
            "route": row.map(|row| &row.id),
            "policy": place.policy_in(self.table).rules.name,
            "in": is_in(&reason),
            "why": why(&reason, "it is in the answer", None),
        }));
    }
}

/// A normalised number for people: E.164 with its plus, a short one as it is.
fn written(number: &Number) -> String {
    match number {
        Number::E164(digits) => format!("+{digits}"),
        Number::Short(digits) => digits.to_string(),
    }
}

/// How the number was understood.
fn normalised(plan: &NumberPlan, raw: Option<&str>, number: Option<&Number>) -> String {
    let Some(raw) = raw else {
        return "the event has no Destination: it meets no [[route]]".into();
    };
    let part = number_part(raw);
    let international = plan.international.iter().filter(|prefix| !prefix.is_empty());
    let prefix = international.filter(|prefix| part.starts_with(prefix.as_str())).max();
    match (number, prefix, plan.country) {
        (None, _, _) => "it is no number of 1 to 32 digits: it meets no [[route]]".into(),
        (Some(Number::Short(_)), _, _) => format!(
            "it has {} digits or fewer: a short number, which meets the target `all` alone",
            plan.keep_short
        ),
        (_, Some(prefix), _) => format!("`{prefix}` begins a number in international form"),
        (_, None, None) => "without `numbers.country`, its digits are taken as E.164".into(),
        (_, None, Some(country)) if part.starts_with(plan.national.as_str()) => {
            format!("country {country} stands in the place of `{}`", plan.national)
        }
        (_, None, Some(country)) => format!("country {country} stands before it"),
    }
}

fn is_in(reason: &Reason<'_>) -> bool {
    matches!(reason, Reason::Chosen)
}

/// The reason as a sentence.
fn why(reason: &Reason<'_>, chosen: &str, saw: Option<Seen>) -> String {
    match reason {
        Reason::Chosen => chosen.to_owned(),
        Reason::Filter(filter, rule) => {
            let filter = if filter.id.starts_with('*') {
                rule.text.clone()
            } else {
                format!("{}: {}", filter.id, rule.text)
            };
            match saw.map(seen) {
                Some(seen) => format!("{filter} does not pass: {seen}"),
                None => format!("{filter} does not pass"),
            }
        }
        Reason::NoAnswer(failure) => failed(failure),
        Reason::Inactive => "none of its filters counts at this time".into(),
        Reason::Hidden => "no rule of it leads to it in the index (routes.indexed_selects)".into(),
        Reason::NotYet(from_ns) => format!("its time begins at {}", moment(*from_ns)),
        Reason::Over(until_ns) => format!("its time ended at {}", moment(*until_ns)),
        Reason::Closed(hours) => {
            let texts: Vec<&str> = hours.iter().map(|hours| hours.text.as_str()).collect();
            format!("none of its hours is open: {}", texts.join(", "))
        }
        Reason::TooDear => "it costs more than the call may".into(),
        Reason::Unpriced(Some(failure)) => failed(failure),
        Reason::Unpriced(None) => {
            "no account pays for it, and no rating plan has a price for it".into()
        }
        Reason::Disabled => "its supplier is disabled".into(),
        Reason::Duplicate => "an earlier layer has its supplier already".into(),
        Reason::Twin => "a heavier route of the profile has the same id".into(),
        Reason::Blocked => "a blocker stands before it".into(),
        Reason::NotNeeded => "an earlier profile answers".into(),
        Reason::Unsaid => "the shape asked for has no word for its supplier".into(),
        Reason::Failed => "an attempt at it failed".into(),
        Reason::Skipped => "it stands before the offset".into(),
        Reason::BeyondLimit => {
            "it stands behind the limit, or behind the attempts that are left".into()
        }
    }
}

/// What a rule read.
fn seen(seen: Seen) -> String {
    let path = seen.path.as_str();
    let field = path.strip_prefix("~*req.");
    match (seen.found, field) {
        (Some(found), _) => format!("{} is {found:?}", field.unwrap_or(path)),
        (None, Some(field)) => format!("the event has no {field}"),
        (None, None) => format!("there is no {path}"),
    }
}

/// Why filters give no answer.
pub(super) fn failed(failure: &Failure) -> String {
    match failure {
        Failure::NotFound => {
            "a filter compares with a field that the event does not have".to_owned()
        }
        Failure::Told(text) => format!("a filter gives no answer: {text}"),
        Failure::Unpriced(text) => format!("routes have no price or order: {text}"),
    }
}

fn moment(ns: i64) -> String {
    Timestamp::from_nanosecond(i128::from(ns))
        .map_or_else(|_| ns.to_string(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::digits::Digits;

    #[test]
    fn it_is_told_how_a_destination_became_a_number() {
        let plain = NumberPlan::default();
        let german = NumberPlan { country: Digits::parse("49"), ..NumberPlan::default() };
        for (plan, raw, want) in [
            (&german, "030123456", "country 49 stands in the place of `0`"),
            (&german, "30123456", "country 49 stands before it"),
            (&german, "0044123456", "`00` begins a number in international form"),
            (&plain, "sip:+4930@a", "`+` begins a number in international form"),
            (&plain, "4930123456", "without `numbers.country`, its digits are taken as E.164"),
            (
                &german,
                "112",
                "it has 6 digits or fewer: a short number, which meets the target `all` alone",
            ),
            (&german, "anonymous", "it is no number of 1 to 32 digits: it meets no [[route]]"),
        ] {
            assert_eq!(normalised(plan, Some(raw), plan.normalise(raw).as_ref()), want, "{raw}");
        }
    }
}
