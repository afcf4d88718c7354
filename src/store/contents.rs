//! What the database holds → definitions, in the order in which they were stated.

use super::trouble::{Trouble, TroubleKind};
use super::{database, hash};
use crate::codec::definition::restore;
use crate::model::definition::{Definition, Key, Kind};
use rusqlite::{Connection, Row};
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

/// Reads the files of a folder that was loaded: name and content of each.
pub type Parse<'p> = dyn Fn(&[(String, Vec<u8>)]) -> Result<Vec<Definition>, String> + 'p;

/// A definition that holds, and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// What is stated.
    pub definition: Definition,
    /// The folder that stated it, or the database where a call of an API did.
    pub place: Arc<str>,
}

/// One statement; without `stored` it says that there is nothing.
struct Statement {
    seq: i64,
    key: Key,
    stored: Option<Stored>,
}

/// Everything that holds; what folders state, whether or not it still does, comes into `in_folders`.
pub(super) fn load(
    connection: &Connection,
    path: &Path,
    parse: &Parse<'_>,
    in_folders: &mut HashSet<Key>,
) -> Result<Vec<Stored>, Trouble> {
    let of = |error: rusqlite::Error| Trouble::of(path, &error);
    // One moment for all of it, whoever writes meanwhile.
    let moment = connection.unchecked_transaction().map_err(of)?;
    let mut statements = singles(&moment, path)?;
    for (seq, folder) in folders(&moment).map_err(of)? {
        let files = files(&moment, seq, path, &folder)?;
        let definitions = parse(&files).map_err(|why| {
            let why = format!("what was loaded from {folder} cannot be read again: {why}");
            Trouble::new(TroubleKind::Damaged, path, why)
        })?;
        for definition in definitions {
            let key = definition.key();
            in_folders.insert(key.clone());
            let stored = Some(Stored { definition, place: Arc::clone(&folder) });
            statements.push(Statement { seq, key, stored });
        }
    }
    // A stable sort: within a folder the last statement holds.
    statements.sort_by_key(|statement| statement.seq);
    let mut known = HashSet::with_capacity(statements.len());
    let mut held: Vec<Stored> = Vec::with_capacity(statements.len());
    for Statement { key, stored, .. } in statements.into_iter().rev() {
        if known.insert(key) {
            held.extend(stored);
        }
    }
    held.reverse();
    Ok(held)
}

fn singles(connection: &Connection, path: &Path) -> Result<Vec<Statement>, Trouble> {
    let of = |error: rusqlite::Error| Trouble::of(path, &error);
    let database: Arc<str> = database::NAME.into();
    let mut statements = Vec::new();
    let mut every = connection
        .prepare("SELECT kind, tenant, id, seq, body FROM definition ORDER BY seq")
        .map_err(of)?;
    let mut rows = every.query([]).map_err(of)?;
    while let Some(row) = rows.next().map_err(of)? {
        let (kind, tenant, id, seq, body) = columns(row).map_err(of)?;
        let damaged = |why: &str| {
            let why = format!("{kind} {tenant}:{id}: {why}");
            Trouble::new(TroubleKind::Damaged, path, why)
        };
        let known = Kind::named(&kind).ok_or_else(|| damaged("there is no such kind"))?;
        let definition = body.map(|body| restore(known, &body)).transpose();
        let definition = definition.map_err(|why| damaged(&why))?;
        let key = Key { kind: known, tenant: tenant.clone(), id: id.clone() };
        if definition.as_ref().is_some_and(|definition| definition.key() != key) {
            return Err(damaged("the row holds something else"));
        }
        let stored =
            definition.map(|definition| Stored { definition, place: Arc::clone(&database) });
        statements.push(Statement { seq, key, stored });
    }
    Ok(statements)
}

type Columns = (String, String, String, i64, Option<String>);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

fn folders(connection: &Connection) -> rusqlite::Result<Vec<(i64, Arc<str>)>> {
    let mut every = connection.prepare("SELECT seq, path FROM folder ORDER BY seq")?;
    let folder = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, String>(1)?.into()));
    every.query_map([], folder)?.collect()
}

fn files(
    connection: &Connection,
    seq: i64,
    path: &Path,
    folder: &str,
) -> Result<Vec<(String, Vec<u8>)>, Trouble> {
    const FILES: &str = "SELECT name, hash, bytes FROM folder_file LEFT JOIN content USING (hash)
                         WHERE seq = ?1 ORDER BY position";
    type File = (String, Vec<u8>, Option<Vec<u8>>);
    let read = || -> rusqlite::Result<Vec<File>> {
        let mut every = connection.prepare(FILES)?;
        let file = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        every.query_map([seq], file)?.collect()
    };
    let whole = |(name, sum, bytes): File| {
        let bytes = bytes.filter(|bytes| hash(bytes).as_bytes().as_slice() == sum);
        bytes.map(|bytes| (name.clone(), bytes)).ok_or_else(|| {
            let why = format!("{name} of {folder} is not what was loaded");
            Trouble::new(TroubleKind::Damaged, path, why)
        })
    };
    let files = read().map_err(|error| Trouble::of(path, &error))?;
    files.into_iter().map(whole).collect()
}
