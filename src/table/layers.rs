//! The layered route table: whose number goes to which supplier, in which layer.
//!
//! Rows of one customer and one target are a layer, kept in the order in which they are offered:
//! priority, then newest first, then the greater id; rows without `created` last in file order.
//! Which layers a call meets, and what later ones may add, is decided in `engine/layers.rs`.

use super::failover::PolicyIndex;
use super::hours::Hours;
use super::input::{Place, RouteInput, Target};
use super::supplier::SupplierIndex;
use super::trie::{DigitTrie, Root};
use crate::model::answer::Rank;
use crate::model::digits::Digits;
use foldhash::fast::FixedState;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// The customer whose rows serve everyone.
pub const DEFAULT_CUSTOMER: &str = "00000000-0000-0000-0000-000000000001";

/// The one name of a customer that has two.
#[must_use]
pub fn customer_key(customer: &str) -> &str {
    if customer == "default" { DEFAULT_CUSTOMER } else { customer }
}

/// One row, compiled.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its UUID.
    pub id: String,
    /// Whose row it is.
    pub customer: Arc<str>,
    /// Who carries the call.
    pub supplier: SupplierIndex,
    /// Lower is earlier.
    pub priority: i32,
    /// Id and priority as answers say them.
    pub rank: Rank,
    /// Its failover policy, when it has one.
    pub policy: Option<PolicyIndex>,
    /// Valid from this moment on (Unix nanoseconds).
    pub valid_from_ns: i64,
    /// Valid until just before this moment (Unix nanoseconds).
    pub valid_until_ns: i64,
    /// Weekly windows; empty is always.
    pub hours: Vec<Hours>,
    /// When it was made (Unix nanoseconds): among equal priorities the newest is first.
    pub created_ns: Option<i64>,
    /// As it was written.
    pub target: Target,
    /// Where it is declared.
    pub place: Place,
}

/// Rows of one customer and one target.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
}

/// The layers of one customer.
#[derive(Debug, Clone, Copy)]
pub struct Customer {
    by_prefix: Root,
    all: Option<u32>,
}

/// The whole layered table.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    rows: Vec<Row>,
    spans: Vec<Span>,
    trie: DigitTrie,
    customers: HashMap<String, Customer, FixedState>,
}

/// What the builder resolved of a row.
pub struct Resolved {
    /// Index of the row's supplier.
    pub supplier: SupplierIndex,
    /// Index of the row's policy.
    pub policy: Option<PolicyIndex>,
}

impl Layers {
    /// Sorts rows into layers; `resolve` finds supplier and policy of a row.
    ///
    /// # Errors
    /// What `resolve` says.
    pub fn build(
        routes: Vec<RouteInput>,
        mut resolve: impl FnMut(&RouteInput) -> Result<Resolved, String>,
    ) -> Result<Self, String> {
        let ids = row_ids(&routes);
        let mut keyed = Vec::with_capacity(routes.len());
        // Rows of one customer share its name.
        let mut names: HashSet<Arc<str>> = HashSet::new();
        let mut shared = |customer: &str| match names.get(customer) {
            Some(name) => Arc::clone(name),
            None => {
                let name: Arc<str> = customer.into();
                names.insert(Arc::clone(&name));
                name
            }
        };
        for ((order, route), id) in routes.into_iter().enumerate().zip(ids) {
            let resolved = resolve(&route)?;
            keyed.push((shared(customer_key(&route.customer)), order, id, route, resolved));
        }
        // Among equal priorities: newest first, the greater id first; without `created` last, in
        // file order, where ids say nothing.
        keyed.sort_by(|(customer_a, order_a, id_a, a, _), (customer_b, order_b, id_b, b, _)| {
            (customer_a, target_key(&a.target), a.priority, Reverse(a.created_ns))
                .cmp(&(customer_b, target_key(&b.target), b.priority, Reverse(b.created_ns)))
                .then_with(|| match a.created_ns {
                    Some(_) => id_b.cmp(id_a),
                    None => order_a.cmp(order_b),
                })
        });

        let mut layers = Self::default();
        for (customer, _, id, route, resolved) in keyed {
            layers.add(customer, id, route, resolved);
        }
        Ok(layers)
    }

    /// Appends a row; rows of one layer come one after the other.
    fn add(&mut self, customer: Arc<str>, id: String, route: RouteInput, resolved: Resolved) {
        let index = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let fresh = u32::try_from(self.spans.len()).unwrap_or(u32::MAX);
        let trie = &mut self.trie;
        let entry = match self.customers.get_mut(&*customer) {
            Some(entry) => entry,
            None => self
                .customers
                .entry(customer.as_ref().to_owned())
                .or_insert_with(|| Customer { by_prefix: trie.add_root(), all: None }),
        };
        let span = match &route.target {
            Target::All => Some(*entry.all.get_or_insert(fresh)),
            Target::Prefix(digits) => {
                Some(self.trie.insert(entry.by_prefix, digits.ascii(), fresh))
            }
            Target::Never(_) => None,
        };
        if span == Some(fresh) {
            self.spans.push(Span { start: index, end: index });
        }
        if let Some(span) = span.and_then(|span| self.spans.get_mut(span as usize)) {
            span.end = index + 1;
        }
        self.rows.push(Row {
            rank: Rank::of_row(&id, route.priority),
            id,
            customer,
            supplier: resolved.supplier,
            priority: route.priority,
            policy: resolved.policy,
            valid_from_ns: route.valid_from_ns.unwrap_or(i64::MIN),
            valid_until_ns: route.valid_until_ns.unwrap_or(i64::MAX),
            hours: route.hours,
            created_ns: route.created_ns,
            target: route.target,
            place: route.place,
        });
    }

    /// The layers of a customer, if it has rows.
    #[must_use]
    pub fn customer(&self, customer: &str) -> Option<Customer> {
        self.customers.get(customer_key(customer)).copied()
    }

    /// Targets that begin the number, shortest first.
    pub fn prefixes<'a>(
        &'a self,
        customer: Customer,
        number: &'a Digits,
    ) -> impl Iterator<Item = LayerIndex> + 'a {
        self.trie.walk(customer.by_prefix, number.ascii()).map(LayerIndex)
    }

    /// The layer of target `all`.
    #[must_use]
    pub fn all(&self, customer: Customer) -> Option<LayerIndex> {
        customer.all.map(LayerIndex)
    }

    /// The rows of a layer, in the order of offering, with their indexes.
    pub fn rows(&self, layer: LayerIndex) -> impl Iterator<Item = (RowIndex, &Row)> {
        let span = self.spans.get(layer.0 as usize).copied().unwrap_or(Span { start: 0, end: 0 });
        let rows = self.rows.get(span.start as usize..span.end as usize).unwrap_or_default();
        (span.start..).map(RowIndex).zip(rows)
    }

    /// A row.
    #[must_use]
    pub fn row(&self, index: RowIndex) -> Option<&Row> {
        self.rows.get(index.0 as usize)
    }

    /// How many rows there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// All rows.
    pub fn iter(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }
}

/// Position of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayerIndex(u32);

/// Position of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowIndex(u32);

/// Rows of one target together; the order of targets does not matter.
fn target_key(target: &Target) -> (u8, Option<Digits>, &str) {
    match target {
        Target::All => (0, None, ""),
        Target::Prefix(digits) => (1, Some(*digits), ""),
        Target::Never(text) => (2, None, text),
    }
}

/// The ids of rows: their own, or derived from customer, target, supplier and a running number
/// among such rows, so that a change of priority keeps the id.
fn row_ids(routes: &[RouteInput]) -> Vec<String> {
    let mut running: HashMap<(&str, String, &str), u32> = HashMap::new();
    routes
        .iter()
        .map(|route| {
            if let Some(id) = &route.id {
                return id.to_ascii_lowercase();
            }
            let customer = customer_key(&route.customer);
            let target = route.target.to_string();
            let number = running.entry((customer, target.clone(), &route.supplier)).or_default();
            *number += 1;
            let name = format!("{customer}\0{target}\0{}\0{number}", route.supplier);
            Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
        })
        .collect()
}
