//! Floor 3: the state database `siproute.db`: what the APIs changed, durable before it is acknowledged.
//!
//! It is a log by sequence numbers, of which only what still counts is kept: a definition's last
//! statement, and each folder that was loaded, as its files. What has the greatest number holds. Changes
//! are committed by the one control thread; whoever else looks reads. Live figures are not here: losing
//! them loses nothing that was acknowledged.

mod contents;
mod database;
mod trouble;

pub use contents::{Parse, Stored};
pub use database::NAME;
pub use trouble::{Trouble, TroubleKind};

use crate::codec::definition::store;
use crate::model::definition::{Definition, Key};
use crate::table::change::{Change, Folder};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The state database, opened by the one process that changes it.
#[derive(Debug)]
pub struct State {
    connection: Connection,
    /// Held as long as the database: see [`database::lock`].
    _lock: Connection,
    path: PathBuf,
    /// Which file on disk it is.
    file: database::Identity,
    /// The number of the next change.
    next: i64,
    /// Everything that a loaded folder states, and perhaps more; `None` until that was read.
    in_folders: Option<HashSet<Key>>,
}

impl State {
    /// Opens the database in the state directory `folder`; both are made when they are missing.
    ///
    /// # Errors
    /// Another process has it, it is damaged, or what the file system says.
    pub fn open(folder: &Path) -> Result<Self, Trouble> {
        let path = folder.join(NAME);
        // First of all: nobody but the one who holds the lock may touch the rest.
        let lock = database::lock(folder)?;
        let connection = database::open(&path)?;
        let file = database::identity(&path)?;
        let next = next(&connection).map_err(|error| Trouble::of(&path, &error))?;
        Ok(Self { connection, _lock: lock, path, file, next, in_folders: None })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything that holds, in the order in which it was stated; `parse` reads the files of folders.
    ///
    /// # Errors
    /// The database is damaged, or `parse` refuses what it once took.
    pub fn load(&mut self, parse: &Parse<'_>) -> Result<Vec<Stored>, Trouble> {
        let mut in_folders = HashSet::new();
        let stored = contents::load(&self.connection, &self.path, parse, &mut in_folders)?;
        self.in_folders = Some(in_folders);
        Ok(stored)
    }

    /// Makes changes durable, all of them or none.
    ///
    /// # Errors
    /// What the file system says, or that the file is no longer there: what was written to one that was moved
    /// away or emptied would be gone with the process. Nothing was changed then.
    pub fn commit<'c>(
        &mut self,
        changes: impl IntoIterator<Item = &'c Change>,
    ) -> Result<(), Trouble> {
        if !database::identity(&self.path).is_ok_and(|now| self.file.holds(now)) {
            let why =
                "it was moved away, replaced or emptied while siproute runs: restart siproute";
            return Err(Trouble::new(TroubleKind::Io, &self.path, why));
        }
        self.write(changes).map_err(|error| Trouble::of(&self.path, &error))
    }

    fn write<'c>(&mut self, changes: impl IntoIterator<Item = &'c Change>) -> rusqlite::Result<()> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut seq = self.next;
        for change in changes {
            match change {
                Change::Set(definition) => set(&transaction, seq, definition)?,
                Change::Remove(key) => {
                    // What no folder states is gone with its row; over a folder it takes a mark.
                    let hides = match &self.in_folders {
                        Some(keys) => keys.contains(key),
                        None => has_folders(&transaction)?,
                    };
                    remove(&transaction, seq, key, hides)?;
                }
                Change::Load(folder) => {
                    load(&transaction, seq, folder)?;
                    // Also when the transaction fails: too many are known to no harm.
                    if let Some(keys) = &mut self.in_folders {
                        keys.extend(folder.definitions.iter().map(Definition::key));
                    }
                }
            }
            seq += 1;
        }
        transaction.commit()?;
        self.next = seq;
        Ok(())
    }
}

/// What the database in the state directory `folder` holds, for whoever changes nothing; nothing when
/// there is none. A running daemon is not disturbed.
///
/// # Errors
/// It cannot be read, or is damaged.
pub fn read(folder: &Path, parse: &Parse<'_>) -> Result<Vec<Stored>, Trouble> {
    let path = folder.join(NAME);
    match database::open_to_read(&path)? {
        Some(connection) => contents::load(&connection, &path, parse, &mut HashSet::new()),
        None => Ok(Vec::new()),
    }
}

/// Whether a database is there that may hold something.
#[must_use]
pub fn is_there(folder: &Path) -> bool {
    // What cannot be seen may well be there.
    folder.join(NAME).metadata().map_or_else(
        |error| {
            !matches!(
                error.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
            )
        },
        |metadata| metadata.len() > 0,
    )
}

/// Whether a database is there and has not one byte, as none that siproute wrote.
#[must_use]
pub fn is_empty(folder: &Path) -> bool {
    folder.join(NAME).metadata().is_ok_and(|file| file.is_file() && file.len() == 0)
}

/// One more than the greatest number that is there.
fn next(connection: &Connection) -> rusqlite::Result<i64> {
    const GREATEST: &str = "SELECT max(seq) FROM (SELECT max(seq) AS seq FROM definition
                            UNION ALL SELECT max(seq) FROM folder)";
    let greatest: Option<i64> = connection.query_row(GREATEST, [], |row| row.get(0))?;
    Ok(greatest.unwrap_or(0) + 1)
}

fn has_folders(transaction: &Transaction<'_>) -> rusqlite::Result<bool> {
    let mut any = transaction.prepare_cached("SELECT 1 FROM folder LIMIT 1")?;
    Ok(any.query_row([], |_| Ok(())).optional()?.is_some())
}

fn set(transaction: &Transaction<'_>, seq: i64, definition: &Definition) -> rusqlite::Result<()> {
    state(transaction, seq, &definition.key(), Some(&store(definition)))
}

/// States `body` under `key`, or with `None` that there is nothing.
fn state(
    transaction: &Transaction<'_>,
    seq: i64,
    key: &Key,
    body: Option<&str>,
) -> rusqlite::Result<()> {
    const SET: &str = "INSERT INTO definition (kind, tenant, id, seq, body)
                       VALUES (?1, ?2, ?3, ?4, ?5)
                       ON CONFLICT DO UPDATE SET seq = excluded.seq, body = excluded.body";
    let mut set = transaction.prepare_cached(SET)?;
    set.execute(params![key.kind.name(), key.tenant, key.id, seq, body])?;
    Ok(())
}

fn remove(transaction: &Transaction<'_>, seq: i64, key: &Key, hides: bool) -> rusqlite::Result<()> {
    const DELETE: &str = "DELETE FROM definition WHERE kind = ?1 AND tenant = ?2 AND id = ?3";
    if hides {
        return state(transaction, seq, key, None);
    }
    let mut delete = transaction.prepare_cached(DELETE)?;
    delete.execute(params![key.kind.name(), key.tenant, key.id])?;
    Ok(())
}

/// Keeps a folder as its files, in place of earlier loads of which every file is among them.
fn load(transaction: &Transaction<'_>, seq: i64, folder: &Folder) -> rusqlite::Result<()> {
    transaction
        .execute("INSERT INTO folder (seq, path) VALUES (?1, ?2)", params![seq, folder.path])?;
    let mut content = transaction.prepare_cached(
        "INSERT INTO content (hash, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
    )?;
    let mut file = transaction.prepare_cached(
        "INSERT INTO folder_file (seq, position, name, hash) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for (position, (name, bytes)) in (0_i64..).zip(&folder.files) {
        let hash = hash(bytes);
        content.execute(params![hash.as_bytes(), bytes])?;
        file.execute(params![seq, position, name, hash.as_bytes()])?;
    }
    // Their contents stay: the new load has all of them.
    const REPLACED: &str = "DELETE FROM folder WHERE seq < ?1 AND NOT EXISTS (
        SELECT 1 FROM folder_file AS old WHERE old.seq = folder.seq AND NOT EXISTS (
            SELECT 1 FROM folder_file AS new
            WHERE new.seq = ?1 AND new.name = old.name AND new.hash = old.hash))";
    transaction.execute(REPLACED, [seq])?;
    transaction.execute("DELETE FROM folder_file WHERE seq NOT IN (SELECT seq FROM folder)", [])?;
    Ok(())
}

/// What a content is known by.
fn hash(bytes: &[u8]) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, bytes)
}

#[cfg(test)]
mod tests;
