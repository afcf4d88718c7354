//! The file itself: made, opened, checked, locked.
//!
//! Invariant: one process alone writes. It holds an exclusive lock on a file beside the database, not on
//! the database, so that others may read what is there while it runs.

use super::trouble::{Trouble, TroubleKind, no_file};
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

/// Its name in the state directory.
pub const NAME: &str = "siproute.db";
/// What is locked; SQLite keeps it empty.
const LOCK: &str = "siproute.lock";
/// "sipr": whose database it is, for `file` and for us.
const APPLICATION: i32 = 0x7369_7072;
/// The form that is written; a later one has a greater number.
const VERSION: i32 = 1;
/// How long somebody else's lock is waited for: an instance that ends holds it for a moment.
const PATIENCE: Duration = Duration::from_secs(1);
/// Bytes to which the log of changes is cut when a great one has passed through it.
const LOG_BYTES: i64 = 64 * 1024 * 1024;

/// A body that is null: removed, although a folder that was loaded before has it.
const SCHEMA: &str = "
    CREATE TABLE definition (
        kind TEXT NOT NULL, tenant TEXT NOT NULL, id TEXT NOT NULL,
        seq INTEGER NOT NULL, body TEXT,
        PRIMARY KEY (kind, tenant, id)
    );
    CREATE INDEX definition_seq ON definition (seq);
    CREATE TABLE folder (seq INTEGER PRIMARY KEY, path TEXT NOT NULL);
    CREATE TABLE folder_file (
        seq INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (seq, position)
    ) WITHOUT ROWID;
    CREATE TABLE content (hash BLOB PRIMARY KEY, bytes BLOB NOT NULL);
";

/// Locks the state directory, which is made when it is missing, as long as the result lives; the system
/// unlocks it when the process ends, however it ends.
pub(super) fn lock(folder: &Path) -> Result<Connection, Trouble> {
    let path = folder.join(NAME);
    fs::create_dir_all(folder).map_err(|error| of_io(&path, &error))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let locked = Connection::open_with_flags(folder.join(LOCK), flags).and_then(|lock| {
        lock.busy_timeout(PATIENCE)?;
        lock.execute_batch("BEGIN EXCLUSIVE")?;
        Ok(lock)
    });
    locked.map_err(|error| Trouble::of(&path, &error))
}

/// Opens the database, and makes it when it is missing. The lock is held by the caller.
pub(super) fn open(path: &Path) -> Result<Connection, Trouble> {
    make(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let of = |error: rusqlite::Error| Trouble::of(path, &error);
    let mut connection = Connection::open_with_flags(path, flags).map_err(of)?;
    connection.busy_timeout(PATIENCE).map_err(of)?;
    let is_new = is_new(&connection, path)?;
    configure(&connection).map_err(of)?;
    if is_new {
        create(&mut connection).map_err(of)?;
    } else {
        sound(&connection, path)?;
    }
    Ok(connection)
}

/// Opens the database for reading; `None` when there is none.
pub(super) fn open_to_read(path: &Path) -> Result<Option<Connection>, Trouble> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(of_io(path, &error)),
        Ok(metadata) if !metadata.is_file() => return Err(no_file(path)),
        Ok(_) => {}
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let of = |error: rusqlite::Error| Trouble::of(path, &error);
    let connection = Connection::open_with_flags(path, flags).map_err(of)?;
    connection.busy_timeout(PATIENCE).map_err(of)?;
    Ok(if is_new(&connection, path)? { None } else { Some(connection) })
}

/// An empty file of our own, when nothing is there: what the APIs state is not for everyone to read.
fn make(path: &Path) -> Result<(), Trouble> {
    let mut options = OpenOptions::new();
    // Nothing that lies there is waited for.
    options.write(true).create(true).truncate(false).mode(0o600).custom_flags(libc::O_NONBLOCK);
    let made = options.open(path).map_err(|error| of_io(path, &error))?;
    let metadata = made.metadata().map_err(|error| of_io(path, &error))?;
    if !metadata.is_file() {
        return Err(no_file(path));
    }
    if metadata.len() > 0 {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| of_io(path, &error))
}

/// Whether nothing was ever written to it.
fn is_new(connection: &Connection, path: &Path) -> Result<bool, Trouble> {
    let of = |error: rusqlite::Error| Trouble::of(path, &error);
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let application = number("application_id").map_err(of)?;
    let version = number("user_version").map_err(of)?;
    let tables = "SELECT count(*) FROM sqlite_schema";
    let tables: i64 = connection.query_row(tables, [], |row| row.get(0)).map_err(of)?;
    match (application, version, tables) {
        (0, 0, 0) => Ok(true),
        (APPLICATION, VERSION, _) => Ok(false),
        (APPLICATION, later, _) => {
            let why = format!("it has version {later}, this program writes {VERSION}");
            Err(Trouble::new(TroubleKind::Foreign, path, why))
        }
        _ => Err(Trouble::new(TroubleKind::Foreign, path, "another program made it")),
    }
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    let journal: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if journal != "wal" {
        tracing::warn!("{NAME}: the file system allows no write-ahead log; `{journal}` is used");
    }
    // Each change is on disk before it is acknowledged, also when the power is cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update_and_check(None, "journal_size_limit", LOG_BYTES, |_| Ok(()))
}

fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

/// Walks every page.
fn sound(connection: &Connection, path: &Path) -> Result<(), Trouble> {
    let said: rusqlite::Result<String> =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
    match said.map_err(|error| Trouble::of(path, &error))?.as_str() {
        "ok" => Ok(()),
        why => Err(Trouble::new(TroubleKind::Damaged, path, why)),
    }
}

/// Which file on disk one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
    is_empty: bool,
}

impl Identity {
    /// Whether it is the same file still, and was not emptied.
    pub(super) fn holds(self, now: Self) -> bool {
        let is_there = (self.device, self.inode) == (now.device, now.inode);
        is_there && (self.is_empty || !now.is_empty)
    }
}

/// Which file lies at `path` now.
pub(super) fn identity(path: &Path) -> Result<Identity, Trouble> {
    let file = fs::metadata(path).map_err(|error| of_io(path, &error))?;
    Ok(Identity { device: file.dev(), inode: file.ino(), is_empty: file.len() == 0 })
}

fn of_io(path: &Path, error: &io::Error) -> Trouble {
    Trouble::new(TroubleKind::Io, path, error.to_string())
}
