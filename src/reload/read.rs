//! Reading the files as they were at one moment.
//!
//! Invariant: what is returned was the same before and after it was read. The reader refuses what is
//! no regular file, and what is too large, without waiting for it.

use super::fingerprint::fingerprint;
use super::picture::Picture;
use super::stage::{Refusal, Stage};
use crate::config::files::{read_decks, read_tables};
use crate::config::{Settings, Source, decks};
use std::time::Duration;

/// Times that files which change meanwhile are read anew.
const TRIES: u32 = 10;
/// Pause between two tries.
const PAUSE: Duration = Duration::from_millis(3);

/// The files' texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// In the order of the settings.
    pub sources: Vec<Source>,
    /// Of their content.
    pub fingerprint: String,
}

impl Texts {
    /// With their fingerprint.
    #[must_use]
    pub fn new(settings: &Settings, sources: Vec<Source>) -> Self {
        Self { fingerprint: fingerprint(settings, &sources), sources }
    }

    /// Whether they make the same table from the same places.
    #[must_use]
    pub fn is_same(&self, fingerprint: &str, names: &[std::sync::Arc<str>]) -> bool {
        self.fingerprint == fingerprint
            && self.sources.iter().map(|source| &source.name).eq(names.iter())
    }
}

/// What came of reading.
pub struct Reading {
    /// The files as they were then.
    pub seen: Picture,
    /// Whether they changed at every try, so that nothing is known of them.
    pub is_restless: bool,
    /// The texts, or what cannot be read.
    pub texts: Result<Texts, Refusal>,
}

/// Reads the table files.
#[must_use]
pub fn read(settings: &Settings) -> Reading {
    let mut before = Picture::of_tables(settings);
    for _ in 0..TRIES {
        // Which decks there are is known when the table files are read.
        let (mut sources, mut findings) = read_tables(settings);
        let decks = decks::entries(&sources);
        before = before.with_decks(&decks);
        sources.extend(read_decks(&decks, settings, &mut findings));
        let after = Picture::of_tables(settings);
        if before == after.clone().with_decks(&decks) {
            let texts = match findings.as_slice() {
                [] => Ok(Texts::new(settings, sources)),
                _ => Err(Refusal::of_findings(Stage::Read, findings)),
            };
            return Reading { seen: before, is_restless: false, texts };
        }
        before = after;
        std::thread::sleep(PAUSE);
    }
    let message = "the files change while they are read: ask again when they are still";
    let texts = Err(Refusal::new(Stage::Read, message.into()));
    Reading { seen: before, is_restless: true, texts }
}
