//! What files look like from outside: whether one changed is told without reading it.

use crate::config::Settings;
use crate::config::decks;
use crate::config::files::watched;
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// One file, links followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Device.
    pub device: u64,
    /// Inode: another one when the file was replaced.
    pub inode: u64,
    /// When it was made, where the file system says so: a freed inode soon is another file's.
    pub made: Option<SystemTime>,
    /// Bytes.
    pub size: u64,
    /// When the content was last written (Unix nanoseconds).
    pub written_ns: i64,
    /// When anything of it last changed, its name included (Unix nanoseconds).
    pub changed_ns: i64,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let ns = |seconds: i64, ns: i64| seconds.saturating_mul(1_000_000_000).saturating_add(ns);
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            made: metadata.created().ok(),
            size: metadata.size(),
            written_ns: ns(metadata.mtime(), metadata.mtime_nsec()),
            changed_ns: ns(metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// Whether it is the same file on disk, whatever is in it.
    #[must_use]
    pub fn is_same_file(&self, other: &Self) -> bool {
        (self.device, self.inode, self.made) == (other.device, other.inode, other.made)
    }
}

/// All files of interest; `None` stands for one that cannot be seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picture {
    /// By path as the settings name it.
    pub files: BTreeMap<PathBuf, Option<Stamp>>,
    /// The decks among them, as table files name them: files and patterns.
    pub decks: Vec<PathBuf>,
}

impl Picture {
    /// The table files, patterns expanded anew, and the files of tariff plans. A folder that cannot be
    /// listed hides its files, and reading them says why.
    #[must_use]
    pub fn of_tables(settings: &Settings) -> Self {
        Self::of(watched(settings))
    }

    /// The same with the decks that table files name, patterns expanded anew.
    #[must_use]
    pub fn with_decks(mut self, decks: &[PathBuf]) -> Self {
        self.files.append(&mut Self::of(decks::files(decks)).files);
        self.decks = decks.to_vec();
        self
    }

    /// The settings file.
    #[must_use]
    pub fn of_settings(path: &Path) -> Self {
        Self::of(vec![path.to_owned()])
    }

    fn of(paths: Vec<PathBuf>) -> Self {
        let look = |path: PathBuf| {
            let stamp = std::fs::metadata(&path).ok().as_ref().map(Stamp::of);
            (path, stamp)
        };
        Self { files: paths.into_iter().map(look).collect(), decks: Vec::new() }
    }
}
