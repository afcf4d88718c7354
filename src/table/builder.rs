//! Input → table: names become indexes, filters are bound to slots, rows are sorted into layers.

use super::Table;
use super::compiler::Compiler;
use super::failover::Failover;
use super::input::{SupplierInput, TableInput};
use super::layers::{Layers, Resolved};
use super::objects::{Objects, Unstatable};
use super::supplier::{LiveIndex, Supplier, SupplierIndex, Suppliers};
use crate::model::event::SlotNames;
use crate::model::supplier::UNDECLARED;
use std::sync::Arc;

/// Gives a supplier's id the number of its live figures, the same for every table.
pub type LiveIndexes<'a> = dyn FnMut(&str) -> Result<LiveIndex, String> + 'a;

/// Builds the table that is to be published as `generation`.
///
/// # Errors
/// Says which reference is broken, or what `live` says when there are too many suppliers.
pub fn build(
    input: TableInput,
    generation: u64,
    fingerprint: String,
    live: &mut LiveIndexes<'_>,
) -> Result<Table, String> {
    let failover = Failover::build(input.failover)?;
    let mut suppliers = Suppliers::new(live(UNDECLARED)?);
    for supplier in input.suppliers {
        add_supplier(&mut suppliers, supplier, &failover, live)?;
    }
    let layers = Layers::build(input.routes, |route| {
        let supplier = suppliers.find(&route.supplier).ok_or_else(|| {
            format!("{}: no supplier is called `{}`", route.place, route.supplier)
        })?;
        let policy = route.failover.as_deref().map(|name| failover.find(name)).transpose()?;
        Ok(Resolved { supplier, policy })
    })?;
    let mut slots = Arc::new(SlotNames::default());
    let mut objects = Objects::default();
    let mut compiler = Compiler::new(&mut slots, &suppliers, &input.rules);
    for declared in input.definitions {
        let (key, place) = (declared.definition.key(), declared.place.clone());
        objects.set(declared.definition, Some(declared.place), &mut compiler).map_err(|why| {
            match why {
                Unstatable::BrokenReference(filter) => {
                    format!("{place}: {key} names the filter `{filter}`, which is not there")
                }
                Unstatable::Invalid(text) => format!("{place}: {key}: {text}"),
            }
        })?;
    }
    objects.finish();
    Ok(Table {
        generation,
        fingerprint,
        suppliers: Arc::new(suppliers),
        layers: Arc::new(layers),
        objects: Arc::new(objects),
        rules: Arc::new(input.rules),
        failover: Arc::new(failover),
        slots,
        numbers: Arc::new(input.numbers),
        exact_targets: input.exact_targets,
    })
}

fn add_supplier(
    suppliers: &mut Suppliers,
    input: SupplierInput,
    failover: &Failover,
    live: &mut LiveIndexes<'_>,
) -> Result<SupplierIndex, String> {
    let policy = input.failover.as_deref().map(|name| failover.find(name)).transpose()?;
    let live = live(&input.id)?;
    Ok(suppliers.add(Supplier::declared(input, live, policy)))
}
