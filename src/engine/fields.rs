//! What the paths of filters find in a question.
//!
//! Section 5.4 of the CGRateS specification: what is not there is missing, which is no error; a path
//! that goes through something that has no parts is one. Borrows from the event; nothing is allocated
//! for a plain field.

use super::explain::Seen;
use super::question::Question;
use crate::codec::definition::{encode_account, encode_balance};
use crate::model::amount::Amount;
use crate::model::answer::{Known, Rank};
use crate::model::event::{Event, Kind, Realm, Slot, Value};
use crate::model::go::duration;
use crate::model::go::json::push_canonical;
use crate::model::go::number::atoi;
use crate::model::json_value;
use crate::table::Table;
use crate::table::filter::{Operand, Rule};
use crate::table::path::{Path, Step};
use crate::table::profile::ProfileRoute;
use crate::table::rsr::{Part, RsrRule, Source};
use crate::table::tenant::Tenant;
use std::borrow::Cow;

/// What filters may look at.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'e> {
    /// The table in force.
    pub table: &'e Table,
    /// Whose question it is.
    pub tenant_name: &'e str,
    /// The part of the question's tenant, if it has one.
    pub tenant: Option<&'e Tenant>,
    /// What the question says.
    pub event: &'e Event,
    /// The wall clock (Unix nanoseconds).
    pub now_ns: i64,
    /// The route in work, and what is known of it; `None`: it is no route that is judged.
    pub route: Option<(&'e ProfileRoute, Figures)>,
    /// Options are out of sight.
    pub without_options: bool,
}

/// What is known of a route: its SortingData.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Its weight.
    pub weight: f64,
    /// What the call costs.
    pub price: Option<Price>,
}

/// What a call costs by a route.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Price {
    /// The cost.
    pub cost: Amount,
    /// Which of the route's rating plans priced it.
    pub plan: Option<u16>,
    /// Which of the route's accounts pays.
    pub account: Option<u16>,
    /// How long that account pays (nanoseconds).
    pub max_usage_ns: Option<i64>,
}

/// Why a filter gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Something that had to be there is not.
    NotFound,
    /// In the words of CGRateS.
    Told(String),
    /// Routes cannot be put in order, or have no price: in the words of CGRateS.
    Unpriced(String),
}

impl Failure {
    /// Why there is no price, in the words of CGRateS.
    #[must_use]
    pub fn unpriced(text: impl Into<String>) -> Self {
        Self::Unpriced(text.into())
    }

    /// In the words of CGRateS.
    #[must_use]
    pub fn told(text: impl Into<String>) -> Self {
        Self::Told(text.into())
    }
}

/// What a path found.
#[derive(Debug, Clone)]
pub struct Found<'e> {
    /// What it is.
    pub kind: Kind,
    /// Its text; of a list or an object, its JSON.
    pub text: Cow<'e, str>,
}

impl<'e> From<Value<'e>> for Found<'e> {
    fn from(value: Value<'e>) -> Self {
        Self { kind: value.kind, text: Cow::Borrowed(value.text) }
    }
}

impl<'e> Scope<'e> {
    /// What may be looked at as long as no route is judged.
    #[must_use]
    pub fn new(table: &'e Table, tenant_name: &'e str, event: &'e Event, now_ns: i64) -> Self {
        Self {
            table,
            tenant_name,
            tenant: table.objects.tenant(tenant_name),
            event,
            now_ns,
            route: None,
            without_options: false,
        }
    }

    /// [`Scope::new`], of a question.
    #[must_use]
    pub fn of(table: &'e Table, question: &Question<'e>) -> Self {
        Self::new(table, question.tenant, question.event, question.now_ns)
    }

    /// What a rule read in place of what it wanted, for people.
    #[must_use]
    pub fn seen(&self, rule: &'e Rule) -> Option<Seen> {
        let (path, operand) = rule.reads()?;
        let found = self.text(operand).ok().flatten().map(Cow::into_owned);
        Some(Seen { path: path.into_owned(), found })
    }

    /// What a path finds.
    ///
    /// # Errors
    /// It leads through something that has no parts.
    pub fn look(&self, path: &'e Path) -> Result<Option<Found<'e>>, Failure> {
        self.follow(path)
    }

    /// What an operand stands for, before anything is done to its text; `None`: it is missing.
    ///
    /// # Errors
    /// The path leads through something that has no parts.
    pub fn locate(&self, operand: &'e Operand) -> Result<Option<Found<'e>>, Failure> {
        match (&operand.path, &operand.rule.source) {
            (Some(path), _) => self.follow(path),
            (None, Source::Constant(text)) => {
                Ok(Some(Found { kind: Kind::Text, text: Cow::Borrowed(text) }))
            }
            (None, Source::Path(parts)) => self.splice(parts),
        }
    }

    /// The text of an operand; `None`: it is missing.
    ///
    /// # Errors
    /// As [`Scope::locate`]; and what converters say.
    pub fn text(&self, operand: &'e Operand) -> Result<Option<Cow<'e, str>>, Failure> {
        match self.locate(operand)? {
            Some(found) => self.finish(&operand.rule, found).map(Some),
            None => Ok(None),
        }
    }

    /// The text form of what was found, with everything done to it that the rule says.
    pub(super) fn finish(&self, rule: &RsrRule, found: Found<'e>) -> Result<Cow<'e, str>, Failure> {
        let text = text_form(found);
        if rule.is_bare() {
            return Ok(text);
        }
        let zone = &self.table.rules.default_timezone;
        let finished = rule.finish(&text, zone, self.now_ns).map_err(Failure::Told)?;
        Ok(Cow::Owned(finished.into_owned()))
    }

    fn follow(&self, path: &'e Path) -> Result<Option<Found<'e>>, Failure> {
        match path {
            Path::Field { realm, .. } if self.hides(*realm) => Ok(None),
            Path::Field { realm, name, slot, index, steps } => {
                let found = match self.event.value(*slot) {
                    None if *slot == Slot::UNKNOWN => self.of_whole(*realm, name)?,
                    value => value.map(Found::from),
                };
                match found {
                    Some(found) => self.walk(found, index.as_deref(), steps),
                    None => Ok(None),
                }
            }
            Path::Whole(realm) if self.hides(*realm) => Ok(None),
            Path::Whole(realm) => {
                let json = self.event.whole(*realm).unwrap_or("{}");
                Ok(Some(Found { kind: Kind::Json, text: Cow::Borrowed(json) }))
            }
            Path::Route(name) => {
                Ok(self.route.and_then(|(route, figures)| figures.get(route, name)))
            }
            Path::WholeRoute => Ok(self.route.map(|(route, figures)| figures.whole(route))),
            Path::Account { id, steps } => Ok(self.of_account(id, steps)),
            Path::Nowhere => Ok(None),
            Path::Invalid(why) => Err(Failure::told(why)),
            Path::Spliced(parts) => self.splice(parts),
        }
    }

    /// Goes from a value into its parts.
    fn walk(
        &self,
        value: Found<'e>,
        index: Option<&str>,
        steps: &[Step],
    ) -> Result<Option<Found<'e>>, Failure> {
        let mut at = match index {
            Some(index) => match self.part_at(value, index)? {
                Some(part) => part,
                None => return Ok(None),
            },
            None => value,
        };
        for step in steps {
            if at.kind != Kind::Json || !at.text.starts_with('{') {
                return Err(Failure::told("WRONG_PATH"));
            }
            let Some(next) = member(&at, &step.name)? else { return Ok(None) };
            at = match &step.index {
                Some(index) => match self.part_at(next, index)? {
                    Some(part) => part,
                    None => return Ok(None),
                },
                None => next,
            };
        }
        Ok(Some(at))
    }

    /// What stands in brackets behind a name: a member of an object, else a position in a list.
    fn part_at(&self, value: Found<'e>, index: &str) -> Result<Option<Found<'e>>, Failure> {
        if value.kind == Kind::Json && value.text.starts_with('{') {
            return member(&value, index);
        }
        let position = atoi(index).map_err(|words| match self.table.rules.quirks {
            true => Failure::Told(words),
            false => {
                Failure::Told(format!("`[{index}]` is no position in a list: write a whole number"))
            }
        })?;
        // A negative position ends the original's process.
        let Ok(position) = usize::try_from(position) else { return Ok(None) };
        if value.kind != Kind::Json {
            return Ok(None);
        }
        part(&value, |json| json_value::item(json, position))
    }

    /// Something of an account; what leads nowhere in it is missing.
    fn of_account(&self, id: &str, steps: &[Step]) -> Option<Found<'e>> {
        let account = &self.table.objects.prices().account(self.tenant_name, id)?.definition;
        let mut json = Vec::new();
        // An account may have thousands of balances: one is told alone.
        let rest = match steps {
            [map, Step { name: kind, index: Some(index) }, rest @ ..]
                if map.name == "BalanceMap" && map.index.is_none() =>
            {
                encode_balance(account, kind, index.parse().ok()?, &mut json)?;
                rest
            }
            [first, ..] if first.name != "BalanceMap" => {
                encode_account(&account.without_balances(), &mut json);
                steps
            }
            _ => {
                encode_account(account, &mut json);
                steps
            }
        };
        let text = Cow::Owned(String::from_utf8(json).ok()?);
        self.walk(Found { kind: Kind::Json, text }, None, rest).ok().flatten()
    }

    /// A field that has no slot, in the object as it came.
    fn of_whole(&self, realm: Realm, name: &str) -> Result<Option<Found<'e>>, Failure> {
        let raw = self.event.whole(realm).and_then(|json| json_value::member(json, name));
        let read = |raw| json_value::text(raw).map_err(Failure::Told);
        Ok(raw.map(read).transpose()?.map(|(kind, text)| Found { kind, text }))
    }

    fn hides(&self, realm: Realm) -> bool {
        self.without_options && realm == Realm::Options
    }

    /// A path that is put together: its nested rules are asked first.
    fn splice(&self, parts: &'e [Part]) -> Result<Option<Found<'e>>, Failure> {
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Nested(rules) => {
                    for rule in rules {
                        let Some(part) = self.nested(rule)? else { return Ok(None) };
                        text.push_str(&part);
                    }
                }
            }
        }
        let found = self.read(&text)?;
        Ok(found.map(|found| Found { kind: found.kind, text: found.text.into_owned().into() }))
    }

    fn nested(&self, rule: &'e RsrRule) -> Result<Option<Cow<'e, str>>, Failure> {
        let found = match &rule.source {
            Source::Constant(text) => {
                Some(Found { kind: Kind::Text, text: Cow::Borrowed(text.as_str()) })
            }
            Source::Path(parts) => self.splice(parts)?,
        };
        found.map(|found| self.finish(rule, found)).transpose()
    }

    /// Follows a path whose text is known only now.
    fn read(&self, text: &str) -> Result<Option<Found<'e>>, Failure> {
        let slots = &self.table.slots;
        let slot_of = |realm, name: &str| slots.find(realm, name).unwrap_or(Slot::UNKNOWN);
        let path = Path::read(text, slot_of);
        let scope: Scope<'_> = *self;
        Ok(scope.follow(&path)?.map(own))
    }
}

/// The text of what was found: a list or an object is written as Go writes it.
pub(super) fn text_form(found: Found<'_>) -> Cow<'_, str> {
    if found.kind != Kind::Json {
        return found.text;
    }
    let mut canonical = String::new();
    push_canonical(&found.text, &mut canonical);
    Cow::Owned(canonical)
}

fn own<'p>(found: Found<'_>) -> Found<'p> {
    Found { kind: found.kind, text: Cow::Owned(found.text.into_owned()) }
}

impl Figures {
    /// What answers tell of them; `blocks`: that the list ends with the route.
    #[must_use]
    pub fn known<'k>(&self, route: &'k ProfileRoute, blocks: bool) -> Known<'k> {
        let name = |list: &'k [String], index: Option<u16>| {
            index.and_then(|index| list.get(usize::from(index))).map(String::as_str)
        };
        Known {
            weight: self.weight,
            blocks,
            cost: self.price.map(|price| price.cost),
            account: self.price.and_then(|price| name(&route.accounts, price.account)),
            plan: self.price.and_then(|price| name(&route.plans, price.plan)),
            max_usage_ns: self.price.and_then(|price| price.max_usage_ns),
        }
    }

    fn get<'e>(&self, route: &'e ProfileRoute, name: &str) -> Option<Found<'e>> {
        let known = self.known(route, false);
        let text = |text: &'e str| Found { kind: Kind::Text, text: Cow::Borrowed(text) };
        let number = |number: String| Found { kind: Kind::Number, text: Cow::Owned(number) };
        match name {
            "Weight" => Some(number(known.weight.to_string())),
            "Cost" => known.cost.map(|cost| number(cost.to_string())),
            "RatingPlanID" => known.plan.map(text),
            "Account" => known.account.map(text),
            "MaxUsage" => known.max_usage_ns.map(|usage_ns| Found {
                kind: Kind::Text,
                text: Cow::Owned(duration::text(usage_ns)),
            }),
            _ => None,
        }
    }

    fn whole<'e>(&self, route: &ProfileRoute) -> Found<'e> {
        let mut rank = Rank::default();
        rank.write(&self.known(route, false));
        let text = String::from_utf8_lossy(rank.sorting_data()).into_owned();
        Found { kind: Kind::Json, text: Cow::Owned(text) }
    }
}

fn member<'e>(value: &Found<'e>, name: &str) -> Result<Option<Found<'e>>, Failure> {
    part(value, |json| json_value::member(json, name))
}

/// A part of a JSON value; borrowed from where the value is borrowed from.
fn part<'e>(
    value: &Found<'e>,
    pick: impl for<'j> Fn(&'j str) -> Option<&'j str>,
) -> Result<Option<Found<'e>>, Failure> {
    /// Keeps the lifetime that the document has, rather than that of the reference to it.
    fn pick_of<'e>(
        json: &&'e str,
        pick: &impl for<'j> Fn(&'j str) -> Option<&'j str>,
    ) -> Option<&'e str> {
        let json: &'e str = json;
        pick(json)
    }
    fn read(raw: &str) -> Result<(Kind, Cow<'_, str>), Failure> {
        json_value::text(raw).map_err(Failure::Told)
    }
    Ok(match &value.text {
        Cow::Borrowed(json) => match pick_of(json, &pick) {
            Some(raw) => read(raw).map(|(kind, text)| Some(Found { kind, text }))?,
            None => None,
        },
        Cow::Owned(json) => match pick(json) {
            Some(raw) => read(raw).map(|(kind, text)| Some(own(Found { kind, text })))?,
            None => None,
        },
    })
}
