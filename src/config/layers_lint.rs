//! Warnings about the layered rows together: the same row twice, an order left to chance, a single
//! supplier.

use super::finding::shown;
use super::report::Report;
use super::route::RouteRow;
use super::tables::Draft;
use crate::model::digits::Digits;
use crate::table::input::Target;
use crate::table::layers::customer_key;
use foldhash::{HashMap, HashSet};

/// Warnings of one kind that are listed; more are counted.
const LISTED_MAX: usize = 20;

/// Customer and target; `None` is `all`.
type Layer<'d> = (&'d str, Option<Digits>);

/// The rows by customer and target.
pub(super) struct Layers<'d> {
    layers: HashMap<Layer<'d>, Vec<&'d RouteRow>>,
    /// In order of first appearance, so that findings do not depend on a hash.
    order: Vec<Layer<'d>>,
    disabled: HashSet<&'d str>,
    exact: bool,
}

impl<'d> Layers<'d> {
    pub(super) fn new(draft: &'d Draft, exact: bool) -> Self {
        let mut layers: HashMap<Layer<'d>, Vec<&'d RouteRow>> = HashMap::default();
        let mut order = Vec::new();
        for row in draft.routes.iter().filter(|row| row.complete) {
            let target = match row.input.target {
                Target::All => None,
                Target::Prefix(digits) => Some(digits),
                Target::Never(_) => continue,
            };
            let layer = (customer_key(&row.input.customer), target);
            let rows = layers.entry(layer).or_default();
            if rows.is_empty() {
                order.push(layer);
            }
            rows.push(row);
        }
        let disabled = draft.suppliers.iter().filter(|row| !row.input.enabled);
        let disabled = disabled.map(|row| row.input.id.as_str()).collect();
        Self { layers, order, disabled, exact }
    }

    fn rows(&self, layer: &Layer<'d>) -> &[&'d RouteRow] {
        self.layers.get(layer).map(Vec::as_slice).unwrap_or_default()
    }

    /// Rows that say what another one says.
    pub(super) fn same_rows(&self, report: &mut Report<'_>) {
        for layer in &self.order {
            let mut seen: HashMap<(&str, Times<'_>), &RouteRow> = HashMap::default();
            for row in self.rows(layer) {
                let key = (row.input.supplier.as_str(), times(row));
                if let Some(first) = seen.get(&key) {
                    let text = format!(
                        "the same customer, target, supplier and validity as the row at {}",
                        first.input.place
                    );
                    report.warn(row.mark, &text, "leave one out: the supplier is offered twice");
                } else {
                    seen.insert(key, row);
                }
            }
        }
    }

    /// Equal priorities at the same times, where not every row says when it was created.
    pub(super) fn equal_priorities(&self, report: &mut Report<'_>) {
        for layer in &self.order {
            let mut last: HashMap<(i32, Times<'_>), &RouteRow> = HashMap::default();
            for row in self.rows(layer) {
                // A chain of equals is named link by link.
                let Some(before) = last.insert((row.input.priority, times(row)), row) else {
                    continue;
                };
                let decided = before.input.created_ns.is_some() && row.input.created_ns.is_some();
                if decided || before.input.supplier == row.input.supplier {
                    continue;
                }
                let text = format!(
                    "the same priority, {}, as the row at {} for the same customer and target",
                    row.input.priority, before.input.place
                );
                let help =
                    "give each its own `priority`, or `created` to both: the newest is first";
                report.warn(row.mark, &text, help);
            }
        }
    }

    /// Customers and targets whose calls have one supplier to go to, all their layers together.
    pub(super) fn single_suppliers(&self, report: &mut Report<'_>) {
        let mut count = 0;
        let mut last = None;
        for layer in &self.order {
            let suppliers = self.suppliers_for(layer);
            let [only] = suppliers.as_slice() else { continue };
            let Some(row) = self.rows(layer).first() else { continue };
            count += 1;
            last = Some(row.target);
            if count <= LISTED_MAX {
                let text = format!(
                    "calls of {} to {} have one supplier to go to, {}",
                    shown(&row.input.customer),
                    shown(&row.input.target.to_string()),
                    shown(only)
                );
                report.warn(
                    row.target,
                    &text,
                    "add a second one, or nothing is left when it fails",
                );
            }
        }
        if let (Some(mark), more @ 1..) = (last, count.saturating_sub(LISTED_MAX)) {
            let text = format!("and {more} more customers and targets with one supplier");
            report.warn(mark, &text, "add a second one to each");
        }
    }

    /// Up to two suppliers that a call of this layer's customer to its target can be offered.
    fn suppliers_for(&self, (customer, target): &Layer<'d>) -> Vec<&'d str> {
        let mut found: Vec<&str> = Vec::new();
        let text = target.map(|digits| digits.to_string()).unwrap_or_default();
        let shortest = if self.exact { text.len().max(1) } else { 1 };
        let prefixes = (shortest..=text.len()).rev().filter_map(|len| text.get(..len));
        let targets: Vec<Option<Digits>> =
            prefixes.map(Digits::parse).chain(std::iter::once(None)).collect();
        for customer in [customer, customer_key("default")] {
            for target in &targets {
                for row in self.rows(&(customer, *target)) {
                    let supplier = row.input.supplier.as_str();
                    if !self.disabled.contains(supplier) && !found.contains(&supplier) {
                        found.push(supplier);
                    }
                    if found.len() > 1 {
                        return found;
                    }
                }
            }
        }
        found
    }
}

/// When a row holds.
type Times<'r> = (Option<i64>, Option<i64>, Vec<&'r str>);

fn times(row: &RouteRow) -> Times<'_> {
    let hours = row.input.hours.iter().map(|hours| hours.text.as_str()).collect();
    (row.input.valid_from_ns, row.input.valid_until_ns, hours)
}
