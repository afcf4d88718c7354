//! Suppliers, by index and by name.
//!
//! A supplier is a small integer everywhere else in the table. A profile's route may name one that
//! is not declared: the route has its bare id itself, and it is answered as it is.

use super::failover::PolicyIndex;
use super::input::{Place, SupplierInput};
use crate::model::number::NumberForm;
use crate::model::query::Party;
use crate::model::supplier::SupplierFacts;
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// Position of a supplier in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SupplierIndex(pub u32);

impl SupplierIndex {
    /// A supplier that nothing declares: a profile's route names it, and has its bare id.
    pub const UNDECLARED: Self = Self(u32::MAX);
}

/// The number by which a supplier's live figures are kept; the same in every table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LiveIndex(pub u16);

/// One supplier.
#[derive(Debug, Clone)]
pub struct Supplier {
    /// What answers say of it.
    pub facts: SupplierFacts,
    /// Where its figures are kept.
    pub live: LiveIndex,
    /// The form of the called number.
    pub send: NumberForm,
    /// The form of the caller's number, when it wants one.
    pub caller: Option<NumberForm>,
    /// Its failover policy, when it has one.
    pub policy: Option<PolicyIndex>,
    /// `false`: in no answer.
    pub enabled: bool,
    /// Where it is declared; `None`: a route names it, nothing declares it.
    pub place: Option<Place>,
}

/// rtjson `fr_timer` where the supplier says nothing, milliseconds.
pub const TIMEOUT_MS: u32 = 4_000;
/// rtjson `fr_inv_timer` where the supplier says nothing, milliseconds.
pub const RING_TIMEOUT_MS: u32 = 60_000;

impl Supplier {
    /// From its declaration.
    #[must_use]
    pub fn declared(input: SupplierInput, live: LiveIndex, policy: Option<PolicyIndex>) -> Self {
        let facts = SupplierFacts {
            carrier: input.carrier.unwrap_or_else(|| input.id.clone()),
            id: input.id.into(),
            dispatcher_set: input.dispatcher_set,
            gateways: input.gateways,
            gateway_ids: input.gateway_ids,
            parameters: input.parameters.into(),
            timeout_ms: input.timeout_ms.unwrap_or(TIMEOUT_MS),
            ring_timeout_ms: input.ring_timeout_ms.unwrap_or(RING_TIMEOUT_MS),
            ..SupplierFacts::default()
        };
        Self {
            facts: facts.prepared(&input.headers, &input.codecs),
            live,
            send: input.send,
            caller: input.caller,
            policy,
            enabled: input.enabled,
            place: Some(input.place),
        }
    }

    /// Whether a report means it, by its id or its carrier.
    #[must_use]
    pub fn is_called(&self, party: &Party) -> bool {
        match party {
            Party::Supplier(id) => self.facts.id.as_str() == id,
            Party::Carrier(carrier) => self.facts.carrier == *carrier,
            Party::Unnamed | Party::Set(_) | Party::Gateway(_) => false,
        }
    }

    /// From its bare id.
    #[must_use]
    pub fn undeclared(id: &str, live: LiveIndex) -> Self {
        let facts = SupplierFacts {
            id: id.to_owned().into(),
            carrier: id.to_owned(),
            timeout_ms: TIMEOUT_MS,
            ring_timeout_ms: RING_TIMEOUT_MS,
            ..SupplierFacts::default()
        };
        Self {
            facts: facts.prepared(&[], &[]),
            live,
            send: NumberForm::default(),
            caller: None,
            policy: None,
            enabled: true,
            place: None,
        }
    }
}

/// All suppliers of a table.
#[derive(Debug, Clone, Default)]
pub struct Suppliers {
    list: Vec<Supplier>,
    by_id: HashMap<String, SupplierIndex, FixedState>,
    by_live: HashMap<u16, SupplierIndex, FixedState>,
    by_set: HashMap<u32, SupplierIndex, FixedState>,
    by_carrier: HashMap<String, SupplierIndex, FixedState>,
    by_gateway: HashMap<String, SupplierIndex, FixedState>,
    undeclared: Option<LiveIndex>,
}

impl Suppliers {
    /// No supplier yet; those that nothing declares have their figures under `undeclared`.
    #[must_use]
    pub fn new(undeclared: LiveIndex) -> Self {
        Self { undeclared: Some(undeclared), ..Self::default() }
    }

    /// Where the figures of suppliers are kept that nothing declares.
    #[must_use]
    pub fn undeclared(&self) -> LiveIndex {
        self.undeclared.unwrap_or(LiveIndex(u16::MAX))
    }

    /// Adds a supplier; where two share a set, a carrier or a gateway, the first one keeps it.
    pub fn add(&mut self, supplier: Supplier) -> SupplierIndex {
        let index = SupplierIndex(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        let facts = &supplier.facts;
        self.by_id.insert(facts.id.as_str().to_owned(), index);
        self.by_live.entry(supplier.live.0).or_insert(index);
        self.by_carrier.entry(facts.carrier.clone()).or_insert(index);
        if let Some(set) = facts.dispatcher_set {
            self.by_set.entry(set).or_insert(index);
        }
        for gateway in &facts.gateway_ids {
            self.by_gateway.entry(gateway.clone()).or_insert(index);
        }
        for gateway in &facts.gateways {
            self.by_gateway.entry(gateway.uri()).or_insert(index);
        }
        self.list.push(supplier);
        index
    }

    /// The supplier at an index.
    #[must_use]
    pub fn get(&self, index: SupplierIndex) -> Option<&Supplier> {
        self.list.get(index.0 as usize)
    }

    /// The index of an id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<SupplierIndex> {
        self.by_id.get(id).copied()
    }

    /// The supplier whose figures are kept under `live`.
    #[must_use]
    pub fn by_live(&self, live: LiveIndex) -> Option<&Supplier> {
        self.by_live.get(&live.0).and_then(|index| self.get(*index))
    }

    /// Whom a report means.
    #[must_use]
    pub fn of_party(&self, party: &Party) -> Option<SupplierIndex> {
        match party {
            Party::Unnamed => None,
            Party::Supplier(id) => self.by_id.get(id),
            Party::Set(set) => self.by_set.get(set),
            Party::Carrier(carrier) => self.by_carrier.get(carrier),
            Party::Gateway(gateway) => self.by_gateway.get(gateway),
        }
        .copied()
    }

    /// All of them, in the order of their indexes.
    pub fn iter(&self) -> impl Iterator<Item = &Supplier> {
        self.list.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.list.len()
    }
}
