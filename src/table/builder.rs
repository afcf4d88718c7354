//! Input → table: names become indexes, filters are bound to slots, rows are sorted into layers.

use super::Table;
use super::failover::Failover;
use super::input::{ProfileInput, ProfileRouteInput, SupplierInput, TableInput};
use super::layers::{Layers, Resolved};
use super::profile::{Profile, ProfileRoute, Profiles};
use super::supplier::{LiveIndex, Supplier, SupplierIndex, Suppliers};
use crate::model::answer::Rank;
use crate::model::event::SlotNames;
use std::sync::Arc;
use uuid::Uuid;

/// Under which name the figures of all suppliers are kept that nothing declares: labels of metrics are
/// a closed set.
const UNDECLARED: &str = "other";

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
    let mut suppliers = Suppliers::default();
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
    let mut slots = SlotNames::default();
    let profiles = input
        .profiles
        .into_iter()
        .map(|profile| compile_profile(profile, &mut suppliers, &mut slots, live))
        .collect::<Result<Vec<_>, String>>()?;

    Ok(Table {
        generation,
        fingerprint,
        suppliers: Arc::new(suppliers),
        layers: Arc::new(layers),
        profiles: Arc::new(Profiles::build(profiles)),
        failover: Arc::new(failover),
        slots: Arc::new(slots),
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

fn compile_profile(
    input: ProfileInput,
    suppliers: &mut Suppliers,
    slots: &mut SlotNames,
    live: &mut LiveIndexes<'_>,
) -> Result<(String, Profile), String> {
    let routes = input
        .routes
        .into_iter()
        .map(|route| compile_route(route, suppliers, slots, live))
        .collect::<Result<Vec<_>, String>>()?;
    let profile = Profile {
        id: input.id,
        rules: input.filters.into_iter().map(|filter| filter.compile(slots)).collect(),
        sorting: input.sorting,
        weight: input.weight,
        blocker: input.blocker,
        active_from_ns: input.active_from_ns.unwrap_or(i64::MIN),
        active_until_ns: input.active_until_ns.unwrap_or(i64::MAX),
        routes,
        place: input.place,
    };
    Ok((input.tenant, profile))
}

fn compile_route(
    input: ProfileRouteInput,
    suppliers: &mut Suppliers,
    slots: &mut SlotNames,
    live: &mut LiveIndexes<'_>,
) -> Result<ProfileRoute, String> {
    let supplier = match suppliers.find(&input.id) {
        Some(index) => index,
        None => {
            let live = live(UNDECLARED)?;
            suppliers.add(Supplier::undeclared(&input.id, live))
        }
    };
    Ok(ProfileRoute {
        supplier,
        tie_key: tie_key(&input.id),
        rules: input.filters.into_iter().map(|filter| filter.compile(slots)).collect(),
        weight: input.weight,
        rank: Rank::of_weight(input.weight),
        blocker: input.blocker,
        parameters: input.parameters.into(),
    })
}

/// A number of the route's id that is the same on every node and in every version.
fn tie_key(id: &str) -> u64 {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, id.as_bytes()).as_u64_pair().0
}
