//! A table after a change by an API. Files and APIs go one way: definitions are stated in [`Objects`].
//!
//! What a file declares no API changes. A change is whole: where one definition of a folder cannot be
//! stated, none is.

use super::Table;
use super::change::{Change, ChangeError, Edit};
use super::compiler::Compiler;
use super::objects::{Objects, Unstatable};
use crate::model::definition::{Definition, Generation, Key, Kind};
use std::borrow::Cow;
use std::sync::Arc;

impl Table {
    /// What has to be changed in this table, when it is asked for `edit`.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub fn settle<'e>(&self, edit: &'e Edit) -> Result<Cow<'e, Change>, ChangeError> {
        Ok(match edit {
            Edit::Change(change) => Cow::Borrowed(change),
            Edit::Add(definition) if self.objects.find(&definition.key()).is_some() => {
                return Err(ChangeError::Exists);
            }
            Edit::Add(definition) => Cow::Owned(Change::Set(definition.clone())),
            Edit::Account(edit) => {
                let known = self.objects.prices().account(&edit.tenant, &edit.id);
                let account = edit.apply(known.map(|known| known.definition.as_ref()));
                Cow::Owned(Change::Set(Box::new(Definition::Account(account))))
            }
        })
    }

    /// The table that is in force after `change`, to be published as `generation`.
    ///
    /// # Errors
    /// Why the change is refused; this table is as it was in any case.
    pub fn changed(&self, change: &Change, generation: u64) -> Result<Self, ChangeError> {
        let mut objects = Objects::clone(&self.objects);
        let mut slots = Arc::clone(&self.slots);
        let mut compiler = Compiler::new(&mut slots, &self.suppliers, &self.rules);
        match change {
            Change::Set(definition) => state(&mut objects, definition, &mut compiler)?,
            Change::Remove(key) => remove(&mut objects, key, &compiler)?,
            Change::Load(folder) => {
                for kind in Kind::ALL {
                    let of_kind = |definition: &&Definition| definition.key().kind == kind;
                    for definition in folder.definitions.iter().filter(of_kind) {
                        state(&mut objects, definition, &mut compiler)?;
                    }
                }
            }
        }
        objects.finish();
        Ok(Self { generation, objects: Arc::new(objects), slots, ..self.clone() })
    }
}

fn state(
    objects: &mut Objects,
    definition: &Definition,
    compiler: &mut Compiler<'_>,
) -> Result<(), ChangeError> {
    let key = definition.key();
    let is_old = matches!(
        definition,
        Definition::Profile(profile) if profile.generation == Generation::V010
    );
    refuse_declared(objects, &key)?;
    objects.set(definition.clone(), None, compiler).map_err(|why| match why {
        Unstatable::BrokenReference(filter) => ChangeError::BrokenReference { filter, key, is_old },
        // Of an inline filter of a profile more is told than that its reference is broken.
        Unstatable::Invalid(text) if text.starts_with("value of filter <*") => {
            ChangeError::Invalid { text: format!("{text} for item with ID: {key}") }
        }
        Unstatable::Invalid(text) => ChangeError::Invalid { text },
    })
}

fn remove(objects: &mut Objects, key: &Key, compiler: &Compiler<'_>) -> Result<(), ChangeError> {
    if objects.find(key).is_none() {
        return Err(ChangeError::NotFound);
    }
    refuse_declared(objects, key)?;
    if key.kind == Kind::Filter {
        let tenant = objects.tenant(&key.tenant);
        let users = tenant.into_iter().flat_map(|tenant| tenant.users(&key.id));
        let users: Vec<_> = users.map(|(kind, id)| (kind, id.to_owned())).collect();
        if !users.is_empty() {
            return Err(ChangeError::InUse { filter: key.clone(), users });
        }
    }
    objects.remove(key, compiler);
    Ok(())
}

/// What a file declares is changed in the file.
fn refuse_declared(objects: &Objects, key: &Key) -> Result<(), ChangeError> {
    match objects.find(key) {
        Some(Some(place)) => {
            Err(ChangeError::InFile { key: key.clone(), place: place.to_string() })
        }
        Some(None) | None => Ok(()),
    }
}
