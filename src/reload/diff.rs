//! What a new table would change: for a dry run.

use crate::table::Table;
use crate::table::layers::Row;
use std::collections::{BTreeSet, HashMap};
use std::fmt;

/// Suppliers that a line names.
const NAMED_MAX: usize = 10;

/// Rows and suppliers that come, go, and change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    rows_added: usize,
    rows_removed: usize,
    rows_changed: usize,
    profiles: (usize, usize),
    profile_routes: (usize, usize),
    suppliers_added: Vec<String>,
    suppliers_removed: Vec<String>,
}

impl Changes {
    /// Compares two tables; rows are the same when their ids are.
    #[must_use]
    pub fn between(old: &Table, new: &Table) -> Self {
        let was: HashMap<&str, &Row> =
            old.layers.iter().map(|row| (row.id.as_str(), row)).collect();
        let mut changes = Self {
            profiles: (old.profiles.count(), new.profiles.count()),
            profile_routes: (old.profiles.route_count(), new.profiles.route_count()),
            ..Self::default()
        };
        let mut kept = 0;
        for row in new.layers.iter() {
            match was.get(row.id.as_str()) {
                Some(before) => {
                    kept += 1;
                    changes.rows_changed += usize::from(!says_the_same((old, before), (new, row)));
                }
                None => changes.rows_added += 1,
            }
        }
        changes.rows_removed = was.len().saturating_sub(kept);
        let (was, is) = (declared(old), declared(new));
        changes.suppliers_added = is.difference(&was).map(|id| (*id).to_owned()).collect();
        changes.suppliers_removed = was.difference(&is).map(|id| (*id).to_owned()).collect();
        changes
    }
}

fn declared(table: &Table) -> BTreeSet<&str> {
    table.suppliers.declared().map(|supplier| supplier.facts.id.as_str()).collect()
}

fn says_the_same((old, before): (&Table, &Row), (new, now): (&Table, &Row)) -> bool {
    let supplier = |table: &Table, row: &Row| {
        table.suppliers.get(row.supplier).map(|supplier| supplier.facts.id.clone())
    };
    before.priority == now.priority
        && before.target == now.target
        && before.valid_from_ns == now.valid_from_ns
        && before.valid_until_ns == now.valid_until_ns
        && before.hours == now.hours
        && supplier(old, before) == supplier(new, now)
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "routes: {} added, {} removed, {} changed; profiles: {} to {}, with {} to {} routes",
            self.rows_added,
            self.rows_removed,
            self.rows_changed,
            self.profiles.0,
            self.profiles.1,
            self.profile_routes.0,
            self.profile_routes.1,
        )?;
        for (what, ids) in [("added", &self.suppliers_added), ("removed", &self.suppliers_removed)]
        {
            if let Some(more) = ids.len().checked_sub(1) {
                let named: Vec<&str> = ids.iter().take(NAMED_MAX).map(String::as_str).collect();
                write!(f, "; suppliers {what}: {}", named.join(", "))?;
                if more >= NAMED_MAX {
                    write!(f, " and {} more", ids.len() - NAMED_MAX)?;
                }
            }
        }
        Ok(())
    }
}
