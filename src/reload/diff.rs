//! What a new table would change: for a dry run.
//!
//! Rows are told by their ids, suppliers by theirs, profiles by tenant and id. Names, comments and
//! places are no change: nobody is answered otherwise because of them.

use super::same;
use crate::table::Table;
use crate::table::layers::Row;
use crate::table::profile::Profile;
use crate::table::supplier::Supplier;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// Suppliers that a line names.
const NAMED_MAX: usize = 10;

/// How many come, go, and change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Count {
    added: usize,
    removed: usize,
    changed: usize,
}

/// Rows, profiles and suppliers that come, go, and change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    rows: Count,
    profiles: Count,
    suppliers_added: Vec<String>,
    suppliers_removed: Vec<String>,
    suppliers_changed: Vec<String>,
    failover: bool,
}

impl Changes {
    /// Compares two tables.
    #[must_use]
    pub fn between(old: &Table, new: &Table) -> Self {
        let mut changes = Self {
            rows: rows(old, new),
            profiles: profiles(old, new),
            failover: !old.failover.says_the_same(&new.failover),
            ..Self::default()
        };
        let (was, is) = (declared(old), declared(new));
        for (id, supplier) in &is {
            match was.get(id) {
                None => changes.suppliers_added.push((*id).to_owned()),
                Some(before) if !same::suppliers((old, before), (new, supplier)) => {
                    changes.suppliers_changed.push((*id).to_owned());
                }
                Some(_) => {}
            }
        }
        let removed = was.keys().filter(|id| !is.contains_key(*id));
        changes.suppliers_removed = removed.map(|id| (*id).to_owned()).collect();
        changes
    }
}

/// A row that says the same is changed all the same when it is offered after one that it was offered
/// before: rows of equal priority are offered in file order.
fn rows(old: &Table, new: &Table) -> Count {
    let was: HashMap<&str, (usize, &Row)> =
        old.layers.iter().enumerate().map(|at| (at.1.id.as_str(), at)).collect();
    let mut count = Count::default();
    let mut layer = None;
    let mut last = 0;
    for row in new.layers.iter() {
        if layer.replace((&row.customer, &row.target)) != Some((&row.customer, &row.target)) {
            last = 0;
        }
        match was.get(row.id.as_str()) {
            None => count.added += 1,
            Some((position, before)) => {
                let moved = *position < last;
                if moved || !same::rows((old, before), (new, row)) {
                    count.changed += 1;
                } else {
                    last = *position;
                }
            }
        }
    }
    count.removed = was.len().saturating_sub(new.layers.count() - count.added);
    count
}

fn profiles(old: &Table, new: &Table) -> Count {
    let was: HashMap<(&str, &str), &Profile> = by_name(old).collect();
    let mut count = Count::default();
    for (name, profile) in by_name(new) {
        match was.get(&name) {
            None => count.added += 1,
            Some(before) if !same::profiles(before, profile) => count.changed += 1,
            Some(_) => {}
        }
    }
    count.removed = was.len().saturating_sub(new.objects.profile_count() - count.added);
    count
}

fn by_name(table: &Table) -> impl Iterator<Item = ((&str, &str), &Profile)> {
    table.objects.profiles().map(|profile| ((profile.tenant(), profile.id()), profile))
}

fn declared(table: &Table) -> BTreeMap<&str, &Supplier> {
    table.suppliers.iter().map(|supplier| (supplier.facts.id.as_str(), supplier)).collect()
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { added, removed, changed } = self;
        write!(f, "{added} added, {removed} removed, {changed} changed")
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "routes: {}; profiles: {}", self.rows, self.profiles)?;
        for (what, ids) in [
            ("added", &self.suppliers_added),
            ("removed", &self.suppliers_removed),
            ("changed", &self.suppliers_changed),
        ] {
            if ids.is_empty() {
                continue;
            }
            let named: Vec<&str> = ids.iter().take(NAMED_MAX).map(String::as_str).collect();
            write!(f, "; suppliers {what}: {}", named.join(", "))?;
            if let Some(more @ 1..) = ids.len().checked_sub(NAMED_MAX) {
                write!(f, " and {more} more")?;
            }
        }
        if self.failover {
            f.write_str("; [failover] changed")?;
        }
        Ok(())
    }
}
