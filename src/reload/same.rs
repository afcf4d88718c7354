//! Whether two tables say the same of a row, a supplier or a profile.
//!
//! Suppliers, policies and fields of the event are numbers that differ from table to table: they are
//! compared by their names. Where a thing is declared does not matter. What a supplier or a profile
//! has is taken apart member by member, so that none is forgotten when one is added.

use crate::model::supplier::SupplierFacts;
use crate::table::Table;
use crate::table::failover::PolicyIndex;
use crate::table::layers::Row;
use crate::table::profile::Profile;
use crate::table::supplier::{Supplier, SupplierIndex};

/// Whether a row says the same in both tables.
pub(super) fn rows((old, was): (&Table, &Row), (new, is): (&Table, &Row)) -> bool {
    let Row {
        id,
        customer,
        supplier,
        priority,
        rank: _,
        policy,
        valid_from_ns,
        valid_until_ns,
        hours,
        created_ns,
        target,
        place: _,
    } = was;
    (id, customer, priority, target) == (&is.id, &is.customer, &is.priority, &is.target)
        && (valid_from_ns, valid_until_ns) == (&is.valid_from_ns, &is.valid_until_ns)
        && (hours, created_ns) == (&is.hours, &is.created_ns)
        && supplier_id(old, *supplier) == supplier_id(new, is.supplier)
        && policy_name(old, *policy) == policy_name(new, is.policy)
}

/// Whether a supplier is declared the same in both tables.
pub(super) fn suppliers((old, was): (&Table, &Supplier), (new, is): (&Table, &Supplier)) -> bool {
    let Supplier { facts: before, live: _, send, caller, policy, enabled, place: _ } = was;
    facts(before, &is.facts)
        && (send, caller, enabled) == (&is.send, &is.caller, &is.enabled)
        && policy_name(old, *policy) == policy_name(new, is.policy)
}

fn facts(was: &SupplierFacts, is: &SupplierFacts) -> bool {
    let SupplierFacts {
        id,
        dispatcher_set,
        carrier,
        gateways,
        gateway_ids,
        parameters,
        timeout_ms,
        ring_timeout_ms,
        extra_headers_json,
        // Headers and codecs among them.
        json,
    } = was;
    (id, dispatcher_set, carrier) == (&is.id, &is.dispatcher_set, &is.carrier)
        && (gateways, gateway_ids) == (&is.gateways, &is.gateway_ids)
        && (timeout_ms, ring_timeout_ms) == (&is.timeout_ms, &is.ring_timeout_ms)
        && (parameters, extra_headers_json, json)
            == (&is.parameters, &is.extra_headers_json, &is.json)
}

/// Whether a profile says the same in both tables, its routes included.
pub(super) fn profiles(was: &Profile, is: &Profile) -> bool {
    was.definition == is.definition
}

fn supplier_id(table: &Table, index: SupplierIndex) -> Option<&str> {
    table.suppliers.get(index).map(|supplier| supplier.facts.id.as_str())
}

fn policy_name(table: &Table, policy: Option<PolicyIndex>) -> Option<&str> {
    policy.and_then(|policy| table.failover.name(policy))
}
