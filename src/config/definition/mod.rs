//! Profiles, filters, attributes, destinations, timings, rating profiles and accounts, in CGRateS' terms.
//!
//! A file that is called like a heading of table files reads that into the definition of the same name. What
//! is wrong with a rule is in `rule.rs` and what cannot be used in `plan.rs`, whoever states it; what they say of
//! each other, in table files and tariff plans, is in `references.rs`, `prices.rs` and `index_lint.rs`, and what
//! is doubtful in what APIs state in `stated.rs`.

mod account;
mod attribute;
mod destination;
mod filter;
mod index_lint;
mod plan;
mod prices;
pub(super) mod profile;
mod rating_profile;
mod references;
pub(super) mod rule;
mod shared_prefixes;
mod stated;
mod timing;

use super::finding::shown;
use super::report::{Mark, Report};
use super::walk::Node;
use crate::model::definition::{
    Account, Activation, AttributeProfile, Definition, Destination, FilterDefinition, Generation,
    RatingPlan, RatingProfile, RuleDefinition, Timing,
};
use crate::model::query::DEFAULT_TENANT;
use crate::table::filter::parse_inline;
use crate::table::input::{Declared, Place};
use foldhash::HashMap;
use profile::ProfileRow;
use std::sync::Arc;

pub(super) use index_lint::hidden;
pub(super) use plan::unusable;
pub(super) use references::{check, unused};
pub use stated::doubts;

/// What a definition was read from, as far as findings differ: CGRateS takes things in a tariff plan that
/// no table file says on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A table file.
    Table,
    /// A tariff-plan folder.
    Plan,
}

/// A definition with the places that later findings point to.
#[derive(Debug)]
pub(super) struct Row<T> {
    pub definition: T,
    pub place: Place,
    /// Its id.
    pub id: Mark,
    /// The filters that it refers to, those of its parts included.
    pub filters: Vec<FilterUse>,
}

/// A filter as a profile, a route or an attribute refers to it.
#[derive(Debug)]
pub(super) struct FilterUse {
    /// Its name, or the inline filter itself.
    pub id: String,
    pub mark: Mark,
    /// The rule of an inline filter.
    pub rule: Option<RuleDefinition>,
    /// By whose rules it is read.
    pub generation: Generation,
    /// Whether nothing can be used that lacks it; else it is missed when it is asked.
    pub required: bool,
}

/// `[[filter]]`, with the place of each rule.
#[derive(Debug)]
pub(super) struct FilterRow {
    pub row: Row<FilterDefinition>,
    pub rules: Vec<Mark>,
    pub origin: Origin,
}

impl FilterUse {
    /// One of a tariff plan, where what is wrong with it is told later.
    pub(super) fn of_plan(id: &str, mark: Mark, generation: Generation, required: bool) -> Self {
        let rule = id.starts_with('*').then(|| parse_inline(id, generation).ok()).flatten();
        Self { id: id.to_owned(), mark, rule, generation, required }
    }

    /// Whether it is a name: an inline filter begins with `*`.
    fn is_name(&self) -> bool {
        !self.id.starts_with('*')
    }
}

impl FilterRow {
    /// Its rules with their places.
    pub(super) fn rules(&self) -> impl Iterator<Item = (&RuleDefinition, Mark)> {
        self.row.definition.rules.iter().flatten().zip(self.rules.iter().copied())
    }
}

/// Named filters by tenant and id.
type FiltersByKey<'d> = HashMap<(&'d str, &'d str), &'d FilterRow>;

/// All of them, over all files.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    pub filters: Vec<FilterRow>,
    pub destinations: Vec<Row<Destination>>,
    pub timings: Vec<Row<Timing>>,
    pub rating_plans: Vec<Row<RatingPlan>>,
    pub rating_profiles: Vec<Row<RatingProfile>>,
    /// Ids of plans that are stated as decks, and whether rating profiles can have them.
    pub decks: Vec<(String, bool)>,
    pub accounts: Vec<Row<Account>>,
    pub attributes: Vec<Row<AttributeProfile>>,
    pub profiles: Vec<ProfileRow>,
}

impl Definitions {
    /// Reads those of one file.
    pub(super) fn read(&mut self, root: Node<'_>, generation: Generation, report: &mut Report<'_>) {
        let tenant = root.text("tenant").unwrap_or(DEFAULT_TENANT);
        for node in root.tables("filter") {
            self.filters.push(filter::read(node, tenant, generation, report));
        }
        self.destinations.extend(
            root.tables("destination").into_iter().map(|node| destination::read(node, report)),
        );
        self.timings
            .extend(root.tables("timing").into_iter().map(|node| timing::read(node, report)));
        for node in root.tables("rating_profile") {
            self.rating_profiles.push(rating_profile::read(node, tenant, report));
        }
        for node in root.tables("account") {
            self.accounts.push(account::read(node, tenant, report));
        }
        for node in root.tables("attribute") {
            self.attributes.push(attribute::read(node, tenant, generation, report));
        }
        for node in root.tables("profile") {
            self.profiles.push(profile::read(node, tenant, generation, report));
        }
    }

    /// Every filter that is referred to, with the tenant that refers to it.
    fn uses(&self) -> impl Iterator<Item = (&str, &FilterUse)> {
        let attributes = self.attributes.iter();
        let attributes = attributes.map(|row| (row.definition.tenant.as_str(), &row.filters));
        let profiles = self.profiles.iter().flat_map(|row| {
            let tenant = row.definition.tenant.as_str();
            let routes = row.routes.iter().map(|route| &route.filters);
            let own = [&row.filters, &row.conditions];
            own.into_iter().chain(routes).map(move |filters| (tenant, filters))
        });
        let all = attributes.chain(profiles);
        all.flat_map(|(tenant, filters)| filters.iter().map(move |filter| (tenant, filter)))
    }

    /// Every rule, inline or of a named filter, with its place.
    pub(super) fn rules(&self) -> impl Iterator<Item = (&RuleDefinition, Mark)> {
        let inline =
            self.uses().filter_map(|(_, filter)| Some((filter.rule.as_ref()?, filter.mark)));
        inline.chain(self.filters.iter().flat_map(FilterRow::rules))
    }

    /// The named filters by tenant and id.
    fn by_key(&self) -> FiltersByKey<'_> {
        let keyed = self.filters.iter().map(|filter| {
            let definition = &filter.row.definition;
            ((definition.tenant.as_str(), definition.id.as_str()), filter)
        });
        keyed.collect()
    }

    /// As they are stated: what others refer to comes first, each kind in the order of the files.
    pub(super) fn into_declared(self) -> Vec<Declared> {
        let filters = self.filters.into_iter().map(|row| row.row.declared(Definition::Filter));
        let destinations = self.destinations.into_iter();
        let timings = self.timings.into_iter().map(|row| row.declared(Definition::Timing));
        let plan = |plan| Definition::RatingPlan(Arc::new(plan));
        let rating_plans = self.rating_plans.into_iter().map(move |row| row.declared(plan));
        let rating_profiles = self.rating_profiles.into_iter();
        let accounts = self.accounts.into_iter();
        let attributes = self.attributes.into_iter();
        let profiles = self.profiles.into_iter().map(|row| Declared {
            definition: Definition::Profile(row.definition),
            place: row.place,
        });
        filters
            .chain(destinations.map(|row| row.declared(Definition::Destination)))
            .chain(timings)
            .chain(rating_plans)
            .chain(rating_profiles.map(|row| row.declared(Definition::RatingProfile)))
            .chain(accounts.map(|row| row.declared(Definition::Account)))
            .chain(attributes.map(|row| row.declared(Definition::Attribute)))
            .chain(profiles)
            .collect()
    }
}

impl<T> Row<T> {
    fn declared(self, definition: fn(T) -> Definition) -> Declared {
        Declared { definition: definition(self.definition), place: self.place }
    }
}

/// `tenant` of a table, else the file's.
fn tenant_of(node: Node<'_>, file: &str) -> String {
    node.text("tenant").unwrap_or(file).to_owned()
}

/// `active_from` and `active_until`.
fn activation(node: Node<'_>, what: &str, report: &mut Report<'_>) -> Option<Activation> {
    let active = Activation { from: node.stamp("active_from"), until: node.stamp("active_until") };
    let (from, until) = active.bounds_ns();
    if from >= until {
        let text =
            format!("`active_until` is not after `active_from`: the {what} would never be used");
        report.error(node.mark_of("active_until"), &text, "swap them, or leave one out");
    }
    (active != Activation::default()).then_some(active)
}

/// `filters`: names, and inline filters whose form is right.
fn filters(node: Node<'_>, generation: Generation, report: &mut Report<'_>) -> Vec<FilterUse> {
    let mut filters = Vec::new();
    for (id, mark) in node.texts("filters").filter(|(id, _)| !id.contains(char::is_control)) {
        let rule =
            if id.starts_with('*') { rule::inline(id, generation).map(Some) } else { Ok(None) };
        match rule {
            Ok(_) if id.is_empty() => {
                report.error(mark, "`filters`: a name is empty", "leave it out");
            }
            Ok(rule) => filters.push(FilterUse {
                id: id.to_owned(),
                mark,
                rule,
                generation,
                required: true,
            }),
            Err(fault) => {
                let text = format!("`filters`: {}", fault.text);
                report.error(mark, &text, &fault.help);
            }
        }
    }
    filters
}

/// What is wrong with a part of a definition, and the way out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub text: String,
    pub help: String,
}

impl Fault {
    fn new(text: impl Into<String>, help: impl Into<String>) -> Self {
        Self { text: text.into(), help: help.into() }
    }
}

/// What no lookup may wait for, or what the program does not hold; anything else is fine.
fn barred(text: &str) -> Result<(), Fault> {
    if text.contains("*libphonenumber") {
        return Err(Fault::new(
            format!("{} asks for numbering plans that siproute does not hold", shown(text)),
            "test prefixes of the number, or let the proxy put the field into the event",
        ));
    }
    Ok(())
}
