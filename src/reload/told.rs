//! What the APIs stated, as a number: its part of a table's fingerprint.
//!
//! Invariant: it tells what holds, not how it came about. Two nodes that were told the same have the same
//! number, in whatever order and with whatever detours they were told.

use super::fingerprint;
use crate::codec::definition::store;
use crate::model::definition::{Definition, Key};
use crate::table::change::Change;
use std::collections::HashMap;
use uuid::Uuid;

/// The sum of the hashes of all definitions.
#[derive(Debug, Clone, Default)]
pub struct Told {
    sum: u128,
    /// What each definition has added, by its key's hash: so much is taken off when it changes.
    parts: HashMap<u128, u128>,
}

impl Told {
    /// Of definitions that hold.
    pub fn of<'d>(definitions: impl IntoIterator<Item = &'d Definition>) -> Self {
        let mut told = Self::default();
        definitions.into_iter().for_each(|definition| told.state(definition));
        told
    }

    /// After a change.
    pub fn change(&mut self, change: &Change) {
        match change {
            Change::Set(definition) => self.state(definition),
            Change::Remove(key) => self.forget(hash(key).as_u128()),
            Change::Load(folder) => folder.definitions.iter().for_each(|one| self.state(one)),
        }
    }

    /// The fingerprint of a table, when that of its files is `files`.
    #[must_use]
    pub fn fingerprint(&self, files: &str) -> String {
        if self.parts.is_empty() {
            return files.to_owned();
        }
        fingerprint::short(&format!("{files} {:032x}", self.sum))
    }

    fn state(&mut self, definition: &Definition) {
        let key = hash(&definition.key());
        let part = Uuid::new_v5(&key, store(definition).as_bytes()).as_u128();
        self.forget(key.as_u128());
        self.parts.insert(key.as_u128(), part);
        self.sum = self.sum.wrapping_add(part);
    }

    fn forget(&mut self, key: u128) {
        let part = self.parts.remove(&key).unwrap_or_default();
        self.sum = self.sum.wrapping_sub(part);
    }
}

/// Lengths stand before texts: no key can pass for another.
fn hash(Key { kind, tenant, id }: &Key) -> Uuid {
    let text = format!("{} {} {tenant}{id}", kind.name(), tenant.len());
    Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::definition::Destination;
    use crate::table::change::Folder;

    fn destination(id: &str, prefix: &str) -> Definition {
        Definition::Destination(Destination { id: id.into(), prefixes: vec![prefix.into()] })
    }

    fn set(id: &str, prefix: &str) -> Change {
        Change::Set(Box::new(destination(id, prefix)))
    }

    fn remove(id: &str) -> Change {
        Change::Remove(destination(id, "").key())
    }

    #[test]
    fn what_holds_makes_the_fingerprint_whatever_the_way() {
        let loaded = Folder {
            definitions: vec![destination("A", "+49"), destination("B", "+1")],
            ..Folder::default()
        };
        let both = [set("A", "+49"), set("B", "+1")];
        let told = |changes: &[Change]| {
            let mut told = Told::default();
            changes.iter().for_each(|change| told.change(change));
            told.fingerprint("0123456789ab")
        };
        let base = told(&both);
        assert_eq!(base.len(), 12);
        for (name, changes) in [
            ("in another order", vec![set("B", "+1"), set("A", "+49")]),
            ("twice", vec![set("A", "+49"), set("B", "+1"), set("A", "+49")]),
            (
                "by a detour",
                vec![set("A", "+7"), set("C", "+3"), set("B", "+1"), remove("C"), set("A", "+49")],
            ),
            ("from a folder", vec![set("A", "+7"), Change::Load(loaded.clone())]),
        ] {
            assert_eq!(told(&changes), base, "{name}");
        }
        let read = Told::of(&loaded.definitions);
        assert_eq!(read.fingerprint("0123456789ab"), base, "read again");
        assert_ne!(read.fingerprint("0123456789ac"), base, "other files");
        for (name, changes) in [
            ("another prefix", vec![set("A", "+48"), set("B", "+1")]),
            ("another id", vec![set("A", "+49"), set("C", "+1")]),
            ("the other way round", vec![set("A", "+1"), set("B", "+49")]),
            ("one less", vec![set("A", "+49")]),
            ("one more", vec![set("A", "+49"), set("B", "+1"), set("C", "+1")]),
        ] {
            assert_ne!(told(&changes), base, "{name}");
        }
        assert_eq!(told(&[]), "0123456789ab", "nothing was told");
        assert_eq!(told(&[set("A", "+49"), remove("A")]), "0123456789ab", "nothing is left");
    }
}
