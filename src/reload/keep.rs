//! The last known good table: the accepted files, kept in the state directory.
//!
//! Invariant: under the final name there is one whole version at any moment, also after `kill -9` and a
//! power cut: a new one is written beside it, synced, and renamed over it. A checksum in the first line
//! says whether it is whole. Settings are not kept; the texts are checked anew when they are used.

use crate::config::Source;
use crate::config::files::read_source;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The name in the state directory.
const NAME: &str = "last_known_good";
/// Where the next one is written.
const TEMPORARY: &str = "last_known_good.tmp";
/// How its first line begins: the form, so that a later one can differ.
const MARK: &str = "siproute last known good 1 ";
/// Bytes of a kept file that are still read.
const BYTES_MAX: usize = 1 << 32;

/// One text in the second line.
#[derive(Debug, Serialize, Deserialize)]
struct Part {
    file: String,
    bytes: usize,
}

/// The place where it is kept.
#[derive(Debug)]
pub struct Keep {
    folder: PathBuf,
}

impl Keep {
    /// In the state directory `folder`, which is made when it is missing.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The kept file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.join(NAME)
    }

    /// Keeps these texts in place of the ones before.
    ///
    /// # Errors
    /// What the file system says; the version before stays.
    pub fn store(&self, sources: &[Source]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let temporary = self.folder.join(TEMPORARY);
        let written = write_synced(&temporary, sources)
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
        let kept = read_source(&path, BYTES_MAX)
            .map_err(|finding| format!("{}: {}", finding.place, finding.text))?;
        unpack(&kept.text).ok_or_else(|| {
            format!("{}: the file is damaged: its checksum does not fit", path.display())
        })
    }
}

fn write_synced(path: &Path, sources: &[Source]) -> io::Result<()> {
    let parts: Vec<Part> = sources
        .iter()
        .map(|source| Part { file: source.name.to_string(), bytes: source.text.len() })
        .collect();
    let list = serde_json::to_string(&parts)?;
    let mut file = File::create(path)?;
    let texts = || sources.iter().map(|source| source.text.as_str());
    writeln!(file, "{MARK}{}", checksum(&list, texts()))?;
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
        sources.push(Source { name: part.file.into(), text: text.to_owned() });
        rest = after;
    }
    let sum = checksum(list, sources.iter().map(|source| source.text.as_str()));
    (rest.is_empty() && first == sum.to_string()).then_some(sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Vec<Source> {
        [("routes.toml", "[[route]]\n"), ("ü\n\".toml", ""), ("b.toml", "x = \"é\"\n")]
            .map(|(name, text)| Source { name: name.into(), text: text.into() })
            .into()
    }

    fn keep(name: &str) -> Keep {
        let folder =
            std::env::temp_dir().join(format!("siproute-keep-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        Keep::new(folder)
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
    fn where_nothing_can_be_written_the_error_says_so() {
        let keep = keep("blocked");
        fs::write(&keep.folder, "a file where the folder should be").unwrap();
        assert!(keep.store(&sources()).is_err());
        fs::remove_file(&keep.folder).unwrap();
    }
}
