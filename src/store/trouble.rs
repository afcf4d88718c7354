//! What can be wrong with the state database, and the way out.

use super::database::NAME;
use rusqlite::ErrorCode;
use std::fmt;
use std::path::{Path, PathBuf};

/// Why the state database cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Of which kind.
    pub kind: TroubleKind,
    /// The file.
    pub path: PathBuf,
    /// What exactly, in words of the one who found it.
    why: String,
}

/// Kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// It is damaged, or holds what cannot be read again.
    Damaged,
    /// It is another program's, or was written by a later version.
    Foreign,
    /// Another process has it.
    InUse,
    /// It cannot be read or written.
    Io,
}

impl Trouble {
    /// Of a kind.
    pub(super) fn new(kind: TroubleKind, path: &Path, why: impl Into<String>) -> Self {
        Self { kind, path: path.to_owned(), why: why.into() }
    }

    /// What SQLite says.
    pub(super) fn of(path: &Path, error: &rusqlite::Error) -> Self {
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => TroubleKind::Damaged,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => TroubleKind::InUse,
            _ => TroubleKind::Io,
        };
        Self::new(kind, path, error.to_string())
    }

    /// How to go on, for who starts `siproute serve`.
    #[must_use]
    pub fn help(&self) -> String {
        const WITHOUT: &str =
            "`siproute serve --without-state` starts from the files alone and refuses changes";
        let path = self.path.display();
        match self.kind {
            TroubleKind::Damaged => format!(
                "to set it aside: mv {path} {path}.damaged (and {path}-wal, if it is there, to \
                 {path}.damaged-wal); what the APIs changed is then to be stated anew. {WITHOUT}"
            ),
            TroubleKind::Foreign => format!(
                "name another folder in tables.state_dir, or run the version that wrote it. {WITHOUT}"
            ),
            TroubleKind::InUse => {
                "end the other one, or give each a tables.state_dir of its own".into()
            }
            TroubleKind::Io => WITHOUT.into(),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, why) = (self.path.display(), &self.why);
        match self.kind {
            TroubleKind::Damaged => write!(f, "the state database {path} is damaged: {why}"),
            TroubleKind::Foreign => {
                write!(f, "{path} is no state database of this siproute: {why}")
            }
            TroubleKind::InUse => {
                write!(f, "the state database {path} is in use by another process: {why}")
            }
            TroubleKind::Io => write!(f, "the state database {path} cannot be used: {why}"),
        }
    }
}

impl std::error::Error for Trouble {}

/// What nobody but siproute should have named so.
pub(super) fn no_file(path: &Path) -> Trouble {
    Trouble::new(TroubleKind::Io, path, format!("{NAME} is no regular file"))
}
