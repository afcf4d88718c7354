//! `[[rating_plan]]`, and the deck of a `[[supplier]]`: how prices are to be read, and those that stand in the
//! table file itself.

use super::column::Column;
use super::rates::Rates;
use super::terms::{self, Manner, Wrong};
use crate::config::dates::DateOrder;
use crate::config::decks;
use crate::config::report::{Mark, Report};
use crate::config::walk::Node;
use crate::model::cost::RoundingMethod;
use crate::model::definition::{Arithmetic, Compare};
use crate::table::input::Place;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::path::PathBuf;

/// Keys that say how a deck is read, and mean nothing without one.
const MANNERS: [&str; 8] =
    ["columns", "unit", "increment", "currency", "mode", "dates", "rounding", "decimals"];

/// A plan with the places that later findings point to.
#[derive(Debug)]
pub(in crate::config) struct PlanRow {
    /// Its id; that of a supplier's own deck is the supplier's.
    pub(in crate::config) id: String,
    pub(in crate::config) mark: Mark,
    /// Whether it is a supplier's own.
    pub(in crate::config) is_suppliers: bool,
    pub(super) place: Place,
    pub(super) manner: Manner,
    pub(super) currency: Option<String>,
    pub(super) amends: bool,
    /// Its decks, as they are written and as they are found.
    pub(super) decks: Vec<(String, PathBuf, Mark)>,
    /// What the deck calls its columns.
    pub(super) columns: Vec<(Column, String, Mark)>,
    /// Those that stand in the table file.
    pub(super) rates: Rates,
    /// Whether there are any, right or wrong.
    pub(super) has_rates: bool,
    /// Where `rounding` or `decimals` is, else where the plan is.
    rounding: Mark,
}

/// Reads a `[[rating_plan]]`; what is missing or wrong is empty, and the report has it.
pub(in crate::config) fn read(node: Node<'_>, zone: &TimeZone, report: &mut Report<'_>) -> PlanRow {
    let id = node.text("id").unwrap_or_default().to_owned();
    let mut plan = shared(node, id, zone, report);
    if node.text("arithmetic") == Some("cgrates") {
        plan.manner.arithmetic = Arithmetic::Cgrates;
    }
    if node.text("compare") == Some("text") {
        plan.manner.compare = Compare::Text;
    }
    let rates = node.tables("rate");
    plan.has_rates = node.has("rate");
    let lacking = match (plan.manner.rounding, plan.manner.decimals) {
        (Some(_), None) => Some(Column::Decimals),
        (None, Some(_)) => Some(Column::Rounding),
        _ => None,
    };
    if let Some(column) = lacking
        .filter(|column| plan.decks.is_empty() && !rates.iter().any(|rate| rate.has(column.name())))
    {
        plan.lacks(column, report);
        (plan.manner.rounding, plan.manner.decimals) = (None, None);
    }
    // Dates of a table file are TOML's.
    let manner = Manner { dates: DateOrder::Ymd, ..plan.manner.clone() };
    for rate in rates {
        read_rate(rate, &manner, &mut plan.rates, report);
    }
    if !node.has("deck") && !plan.has_rates {
        let help = "add `deck = \"decks/telnyx.csv\"`, or `[[rating_plan.rate]]` below it";
        report.error(plan.mark, "the plan has no prices", help);
    }
    if !plan.decks.is_empty() && plan.has_rates && !plan.amends {
        let help = "leave one out, or let the rates amend the deck: `mode = \"amend\"`";
        report.error(node.mark_of("rate"), "the plan has a deck, and rates beside it", help);
    }
    plan
}

/// Reads the deck of a `[[supplier]]`, when it has one.
pub(in crate::config) fn of_supplier(
    node: Node<'_>,
    id: &str,
    zone: &TimeZone,
    report: &mut Report<'_>,
) -> Option<PlanRow> {
    if node.has("deck") {
        return Some(PlanRow { is_suppliers: true, ..shared(node, id.to_owned(), zone, report) });
    }
    if let Some(key) = MANNERS.into_iter().find(|key| node.has(key)) {
        let text = format!("`{key}` says how a deck is read, and the supplier has none");
        report.error(
            node.mark_of(key),
            &text,
            "add `deck = \"decks/telnyx.csv\"`, or leave it out",
        );
    }
    None
}

/// What both have.
fn shared(node: Node<'_>, id: String, zone: &TimeZone, report: &mut Report<'_>) -> PlanRow {
    let mut decks = Vec::new();
    let table_file = report.place(node.mark()).file;
    for (deck, mark) in node.one_or_more_texts("deck") {
        match decks::fault(deck) {
            Ok(()) => decks.push((deck.to_owned(), decks::entry(&table_file, deck), mark)),
            Err(text) => report.error(mark, &format!("`deck`: {text}"), "write `decks/telnyx.csv`"),
        }
    }
    let columns = node.table("columns").map_or_else(Vec::new, |columns| {
        let named = |column: Column| {
            let name = columns.text(column.name())?;
            Some((column, name.to_owned(), columns.mark_of(column.name())))
        };
        Column::ALL.into_iter().filter_map(named).collect()
    });
    let decimals = node.integer("decimals").and_then(|decimals| u8::try_from(decimals).ok());
    let rounding = ["rounding", "decimals"].into_iter().find(|key| node.has(key));
    PlanRow {
        id,
        mark: node.mark_of("id"),
        is_suppliers: false,
        place: report.place(node.mark()),
        manner: Manner {
            unit_ns: node.read("unit", report, terms::unit).unwrap_or(60_000_000_000),
            increment: node.read("increment", report, terms::increment).unwrap_or_default(),
            rounding: node.text("rounding").and_then(RoundingMethod::named),
            decimals,
            dates: DateOrder::named(node.text("dates").unwrap_or_default()),
            zone: zone.clone(),
            arithmetic: Arithmetic::Exact,
            compare: Compare::Digits,
        },
        currency: node.text("currency").map(str::to_owned),
        amends: node.text("mode") == Some("amend"),
        decks,
        columns,
        rates: Rates::default(),
        has_rates: false,
        rounding: rounding.map_or_else(|| node.mark(), |key| node.mark_of(key)),
    }
}

fn read_rate(node: Node<'_>, manner: &Manner, rates: &mut Rates, report: &mut Report<'_>) {
    let text = |column: Column| -> Option<Cow<'_, str>> {
        let name = column.name();
        match column {
            Column::Effective | Column::End => node.time_text(name).map(Into::into),
            _ => node.number_text(name).map(Into::into),
        }
    };
    let mut tell = |faults: Vec<Wrong>| {
        for fault in faults {
            let text = format!("`{}`: {}", fault.column.name(), fault.text);
            report.error(node.mark_of(fault.column.name()), &text, &fault.help);
        }
    };
    let prefix = text(Column::Prefix);
    let prefix = prefix.as_deref().map(|text| terms::prefix(text, manner.compare));
    let rate = text(Column::Rate);
    let rate = rate.as_deref().map(|text| terms::price(Column::Rate, text, manner.arithmetic));
    match (prefix, rate, terms::terms(manner, &text)) {
        (Some(Ok(prefix)), Some(Ok(rate)), Ok(terms)) => {
            let terms = rates.place_of(terms);
            if let Err(text) = rates.push(prefix, rate, terms, node.mark_of("prefix")) {
                tell(vec![Wrong { column: Column::Prefix, text, help: String::new() }]);
            }
        }
        (prefix, rate, terms) => {
            tell(prefix.and_then(Result::err).into_iter().collect());
            tell(rate.and_then(Result::err).into_iter().collect());
            tell(terms.err().unwrap_or_default());
        }
    }
}

impl PlanRow {
    /// Its id, and whether it is one that rating profiles of CGRateS can have.
    pub(in crate::config) fn named(&self) -> (String, bool) {
        let Manner { arithmetic, compare, .. } = self.manner;
        (self.id.clone(), (arithmetic, compare) == (Arithmetic::Cgrates, Compare::Text))
    }

    /// Reports that one of `rounding` and `decimals` is there without the other.
    pub(super) fn lacks(&self, column: Column, report: &mut Report<'_>) {
        let Wrong { text, help, .. } = terms::lacks(column);
        report.error(self.rounding, &format!("`{}`: {text}", column.name()), &help);
    }
}
