//! The layered choice: customer before default, long targets before short ones and `all`.
//!
//! Within a customer the longest target that begins the number plays VoIPBIN's exact layer: all its
//! rows stay, even two of one supplier. Shorter targets and `all` only add suppliers that the list
//! lacks. The default customer's list, made the same way, only adds suppliers that the customer's
//! own list lacks.

use super::explain::{Reason, Recorder};
use super::question::Question;
use super::selection::{Origin, Place, Selection};
use crate::model::country;
use crate::model::digits::Digits;
use crate::model::limits::NUMBER_DIGITS_MAX;
use crate::table::Table;
use crate::table::input::Target;
use crate::table::layers::{Customer, DEFAULT_CUSTOMER, LayerIndex, Row, RowIndex, customer_key};

/// Which layers of a customer are asked.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// Those of the targets that begin this number, and `all`.
    Number(&'a Digits),
    /// Those of a short number: `all` alone, since 112 is no number of `+1`.
    Short,
    /// Those of the target `all` itself, which is the exact one then.
    All,
}

/// Appends the rows for `wanted` to the selection.
pub fn choose<R: Recorder>(
    table: &Table,
    question: &Question<'_>,
    wanted: Wanted<'_>,
    selection: &mut Selection,
    recorder: &mut R,
) {
    let own = customer_key(question.customer);
    if let Some(layers) = table.layers.customer(own) {
        Walk { table, question, customer: own, selection, recorder, exact: true }
            .run(layers, wanted);
    }
    for place in &selection.places {
        selection.own.add(place.supplier);
    }
    if own == DEFAULT_CUSTOMER {
        return;
    }
    if let Some(layers) = table.layers.customer(DEFAULT_CUSTOMER) {
        Walk { table, question, customer: DEFAULT_CUSTOMER, selection, recorder, exact: true }
            .run(layers, wanted);
    }
}

/// The list of one customer, while it grows.
struct Walk<'w, 'q, R> {
    table: &'w Table,
    question: &'w Question<'q>,
    customer: &'w str,
    selection: &'w mut Selection,
    recorder: &'w mut R,
    /// The layer in work is the exact one: no longer target has a row in force.
    exact: bool,
}

impl<R: Recorder> Walk<'_, '_, R> {
    fn run(&mut self, customer: Customer, wanted: Wanted<'_>) {
        let layers = &self.table.layers;
        if let Wanted::Number(number) = wanted {
            let mut found = [None; NUMBER_DIGITS_MAX];
            for (place, layer) in found.iter_mut().zip(layers.prefixes(customer, number)) {
                *place = Some(layer);
            }
            for layer in found.into_iter().rev().flatten() {
                if self.serves(layer, number) {
                    self.layer(layer);
                }
            }
        }
        if let Some(layer) = layers.all(customer) {
            self.exact = matches!(wanted, Wanted::All);
            self.layer(layer);
        }
    }

    /// Under `voipbin_exact_targets` a prefix counts only when it is the number's country code.
    fn serves(&self, layer: LayerIndex, number: &Digits) -> bool {
        let code = country::calling_code_len(number);
        !self.table.exact_targets
            || self.table.layers.rows(layer).next().is_some_and(|(_, row)| match &row.target {
                Target::Prefix(prefix) => Some(prefix.count()) == code,
                Target::All | Target::Never(_) => false,
            })
    }

    fn layer(&mut self, layer: LayerIndex) {
        let mut in_force = false;
        for (position, (index, row)) in self.table.layers.rows(layer).enumerate() {
            if position == 0 {
                self.recorder.layer(self.customer, &row.target);
            }
            let reason = self.row(index, row, &mut in_force);
            self.recorder.row(row, reason);
        }
        self.exact &= !in_force;
    }

    fn row<'r>(&mut self, index: RowIndex, row: &'r Row, in_force: &mut bool) -> Reason<'r> {
        let now_ns = self.question.now_ns;
        if now_ns < row.valid_from_ns {
            return Reason::NotYet(row.valid_from_ns);
        }
        if now_ns >= row.valid_until_ns {
            return Reason::Over(row.valid_until_ns);
        }
        if !row.hours.is_empty() && !row.hours.iter().any(|hours| hours.contains(now_ns)) {
            return Reason::Closed(&row.hours);
        }
        *in_force = true;
        let growing = &mut self.selection.growing;
        let there =
            self.selection.own.has(row.supplier) || (!self.exact && growing.has(row.supplier));
        if there {
            return Reason::Duplicate;
        }
        if !self.table.suppliers.get(row.supplier).is_some_and(|supplier| supplier.enabled) {
            return Reason::Disabled;
        }
        growing.add(row.supplier);
        self.selection.places.push(Place {
            supplier: row.supplier,
            origin: Origin::Row(index),
            rank: None,
        });
        Reason::Chosen
    }
}
