//! The last known good table: the accepted files, kept in the state directory.
//!
//! Invariant: under the final name there is one whole version at any moment, also after `kill -9` and a
//! power cut: a new one is written beside it, synced, and renamed over it. A checksum in the first line
//! says whether it is whole. Settings are not kept; the texts are checked anew when they are used.

use crate::config::files::read_source;
use crate::config::{Settings, Source};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The name in the state directory.
const NAME: &str = "last_known_good";
/// Where the next one is written.
const TEMPORARY: &str = "last_known_good.tmp";
/// How its first line begins: the form, so that a later one can differ.
const MARK: &str = "siproute last known good 1 ";
/// How many table files of the greatest length it may hold: neither written nor read is more.
const FILES_MAX: usize = 4;

/// One text in the second line.
#[derive(Debug, Serialize, Deserialize)]
struct Part {
    file: String,
    bytes: usize,
    /// The tariff-plan folder that the file belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    folder: Option<String>,
    /// Whether it is a deck.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    deck: bool,
}

/// The place where it is kept.
#[derive(Debug)]
pub struct Keep {
    folder: PathBuf,
    bytes_max: usize,
}

impl Keep {
    /// In the state directory `folder`, which is made when it is missing; `table_file_max` are the bytes
    /// of one table file.
    #[must_use]
    pub fn new(folder: PathBuf, table_file_max: usize) -> Self {
        Self { folder, bytes_max: table_file_max.saturating_mul(FILES_MAX) }
    }

    /// In the state directory that the settings name, if they do.
    #[must_use]
    pub fn of(settings: &Settings) -> Option<Self> {
        let folder = settings.tables.state_dir.clone()?;
        Some(Self::new(folder, settings.limits.table_file_max))
    }

    /// The kept file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.join(NAME)
    }

    /// Keeps these texts in place of the ones before.
    ///
    /// # Errors
    /// They are longer than what would be read, or what the file system says; the version before
    /// stays.
    pub fn store(&self, sources: &[Source]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let list = list(sources)?;
        let texts = sources.iter().map(|source| source.text.len()).sum::<usize>();
        // The first line, and the ends of two.
        let bytes = texts + list.len() + MARK.len() + uuid::fmt::Hyphenated::LENGTH + 2;
        if bytes > self.bytes_max {
            return Err(io::Error::other(format!(
                "{bytes} bytes are more than {}, {FILES_MAX} times `limits.table_file_max`",
                self.bytes_max
            )));
        }
        let temporary = self.folder.join(TEMPORARY);
        let written = write_synced(&temporary, &list, sources)
            .and_then(|()| fs::rename(&temporary, self.path()))
            .and_then(|()| File::open(&self.folder)?.sync_all());
        if written.is_err() {
            // Half of it would hold space that a full disk lacks.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    /// The kept texts.
    ///
    /// # Errors
    /// Says in one line why there are none.
    pub fn load(&self) -> Result<Vec<Source>, String> {
        let path = self.path();
        let kept = read_source(&path, self.bytes_max)
            .map_err(|finding| format!("{}: {}", finding.place, finding.text))?;
        unpack(&kept.text).ok_or_else(|| {
            format!("{}: the file is damaged: its checksum does not fit", path.display())
        })
    }
}

/// The second line.
fn list(sources: &[Source]) -> io::Result<String> {
    let parts: Vec<Part> = sources
        .iter()
        .map(|source| Part {
            file: source.name.to_string(),
            bytes: source.text.len(),
            folder: source.folder.as_deref().map(str::to_owned),
            deck: source.is_deck,
        })
        .collect();
    Ok(serde_json::to_string(&parts)?)
}

/// A file that is nobody else's: what has the name already goes, and no link is followed, so that
/// nothing that lies there is waited for or written to.
fn create(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
        .open(path)
}

fn write_synced(path: &Path, list: &str, sources: &[Source]) -> io::Result<()> {
    let mut file = create(path)?;
    let texts = || sources.iter().map(|source| source.text.as_str());
    writeln!(file, "{MARK}{}", checksum(list, texts()))?;
    writeln!(file, "{list}")?;
    for text in texts() {
        file.write_all(text.as_bytes())?;
    }
    file.sync_all()
}

fn checksum<'a>(list: &str, texts: impl Iterator<Item = &'a str>) -> Uuid {
    let start = Uuid::new_v5(&Uuid::NAMESPACE_OID, list.as_bytes());
    texts.fold(start, |before, text| Uuid::new_v5(&before, text.as_bytes()))
}

/// The texts of a whole file.
fn unpack(kept: &str) -> Option<Vec<Source>> {
    let (first, rest) = kept.strip_prefix(MARK)?.split_once('\n')?;
    let (list, mut rest) = rest.split_once('\n')?;
    let parts: Vec<Part> = serde_json::from_str(list).ok()?;
    let mut sources = Vec::with_capacity(parts.len());
    for part in parts {
        let (text, after) = rest.split_at_checked(part.bytes)?;
        let folder = part.folder.map(Into::into);
        sources.push(Source {
            name: part.file.into(),
            text: text.to_owned(),
            folder,
            is_deck: part.deck,
        });
        rest = after;
    }
    let sum = checksum(list, sources.iter().map(|source| source.text.as_str()));
    (rest.is_empty() && first == sum.to_string()).then_some(sources)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn sources() -> Vec<Source> {
        [
            ("routes.toml", "[[route]]\n", None),
            ("ü\n\".toml", "", None),
            ("ü/Routes.csv", "x,\"é\"\n", Some("ü".into())),
        ]
        .map(|(name, text, folder)| Source {
            name: name.into(),
            text: text.into(),
            folder,
            is_deck: false,
        })
        .into()
    }

    fn keep(name: &str) -> Keep {
        let folder =
            std::env::temp_dir().join(format!("siproute-keep-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        Keep::new(folder, 1024)
    }

    #[test]
    fn what_was_kept_comes_back() {
        let keep = keep("back");
        assert!(keep.load().unwrap_err().contains("there is no such file"));
        keep.store(&sources()[..1]).unwrap();
        keep.store(&sources()).unwrap();
        assert_eq!(keep.load(), Ok(sources()));
        assert_eq!(fs::read_dir(&keep.folder).unwrap().count(), 1, "nothing is left beside it");
        fs::remove_dir_all(&keep.folder).unwrap();
    }

    #[test]
    fn a_kept_file_that_is_not_whole_is_refused() {
        let keep = keep("damaged");
        keep.store(&sources()).unwrap();
        let whole = fs::read(keep.path()).unwrap();
        for cut in 0..whole.len() {
            fs::write(keep.path(), &whole[..cut]).unwrap();
            assert!(keep.load().is_err(), "cut after {cut} bytes");
        }
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(keep.path(), bytes).unwrap();
            assert!(keep.load().is_err(), "byte {at} changed");
        }
        fs::write(keep.path(), [&whole[..], b"\n"].concat()).unwrap();
        assert!(keep.load().is_err(), "a line more");
        fs::remove_dir_all(&keep.folder).unwrap();
    }

    #[test]
    fn what_lies_under_the_temporary_name_is_neither_waited_for_nor_written_to() {
        let keep = keep("squat");
        fs::create_dir_all(&keep.folder).unwrap();
        let (temporary, other) = (keep.folder.join(TEMPORARY), keep.folder.join("other"));
        fs::write(&other, "somebody's").unwrap();
        let fifo = || {
            let made = std::process::Command::new("mkfifo").arg(&temporary).status();
            assert!(made.unwrap().success());
        };
        let link = || std::os::unix::fs::symlink(&other, &temporary).unwrap();
        let left = || fs::write(&temporary, "half of one").unwrap();
        for (name, squat) in [("FIFO", &fifo as &dyn Fn()), ("link", &link), ("file", &left)] {
            squat();
            keep.store(&sources()).unwrap();
            assert_eq!(keep.load(), Ok(sources()), "{name}");
            let kept = fs::symlink_metadata(keep.path()).unwrap();
            assert!(kept.is_file(), "{name}");
            assert_eq!(kept.permissions().mode() & 0o777, 0o600, "{name}");
        }
        assert_eq!(fs::read_to_string(&other).unwrap(), "somebody's");
        fs::remove_dir_all(&keep.folder).unwrap();
    }

    #[test]
    fn more_than_the_limits_allow_is_neither_written_nor_read() {
        let keep = keep("bound");
        keep.store(&sources()).unwrap();
        let whole = fs::metadata(keep.path()).unwrap().len();
        let text = |bytes: usize| {
            [Source { name: "a".into(), text: "#".repeat(bytes), folder: None, is_deck: false }]
        };
        let error = keep.store(&text(4096)).unwrap_err().to_string();
        assert!(error.contains("limits.table_file_max"), "{error}");
        assert_eq!(fs::metadata(keep.path()).unwrap().len(), whole, "the version before stays");
        let most = (0..4096).rev().find(|bytes| keep.store(&text(*bytes)).is_ok()).unwrap();
        assert_eq!(keep.load(), Ok(text(most).into()));
        assert_eq!(fs::metadata(keep.path()).unwrap().len(), 4096);
        File::create(keep.path()).unwrap().set_len(3 << 30).unwrap();
        let error = keep.load().unwrap_err();
        assert!(error.contains("more than 4096"), "{error}");
        fs::remove_dir_all(&keep.folder).unwrap();
    }

    #[test]
    fn where_nothing_can_be_written_the_error_says_so() {
        let keep = keep("blocked");
        fs::write(&keep.folder, "a file where the folder should be").unwrap();
        assert!(keep.store(&sources()).is_err());
        fs::remove_file(&keep.folder).unwrap();
    }
}
