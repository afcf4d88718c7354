//! Changes by the APIs: checked against the table in force, written down, published, acknowledged.
//!
//! Those that wait together share one transaction and one publication: a disk that takes its time is
//! waited for once. Each sees the ones before it and has a verdict of its own.

use super::worker::Worker;
use crate::config::doubts;
use crate::model::definition::{Definition, Generation};
use crate::service::control::{ChangeError, Done, Edit};
use crate::table::change::Change;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Between two lines of the log on changes.
const TELL_MS: u64 = 1_000;

/// A change, and who waits for its verdict. It is told exactly once, whatever becomes of it.
pub struct Asked {
    edit: Edit,
    done: Option<Done>,
}

impl Asked {
    /// A change that somebody waits for.
    #[must_use]
    pub fn new(edit: Edit, done: Done) -> Self {
        Self { edit, done: Some(done) }
    }

    fn tell(mut self, verdict: Result<(), ChangeError>) {
        if let Some(done) = self.done.take() {
            done(verdict);
        }
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            done(Err(ChangeError::Store { text: "siproute is about to end".into() }));
        }
    }
}

/// Doubts that the log names at a time; the others are counted.
const DOUBTS_TOLD: usize = 5;

/// What the log has yet to say of changes.
#[derive(Debug, Default)]
pub struct Untold {
    changes: u64,
    doubts: Vec<String>,
    more_doubts: u64,
    told_ms: Option<u64>,
}

impl Untold {
    fn note(&mut self, change: &Change, of: Generation) {
        self.changes += 1;
        match change {
            Change::Set(definition) => self.doubt(definition, of),
            Change::Load(folder) => folder.definitions.iter().for_each(|one| self.doubt(one, of)),
            Change::Remove(_) => {}
        }
    }

    fn doubt(&mut self, definition: &Definition, of: Generation) {
        for doubt in doubts(definition, of) {
            if self.doubts.len() < DOUBTS_TOLD {
                let key = definition.key();
                self.doubts.push(format!("the {} {key}: {doubt}", key.kind.name()));
            } else {
                self.more_doubts += 1;
            }
        }
    }
}

impl Worker {
    /// Serves changes in their order.
    pub(super) fn change(&mut self, waiting: Vec<Asked>) {
        match self.decide(&waiting) {
            Ok(verdicts) => {
                waiting.into_iter().zip(verdicts).for_each(|(asked, verdict)| asked.tell(verdict));
            }
            // One that cannot be written takes no other with it.
            Err(_) if waiting.len() > 1 => {
                waiting.into_iter().for_each(|asked| self.change(vec![asked]));
            }
            Err(error) => waiting.into_iter().for_each(|asked| asked.tell(Err(error.clone()))),
        }
    }

    /// The verdict on each. What is taken is durable and in force afterwards; on an error nothing is.
    fn decide(&mut self, waiting: &[Asked]) -> Result<Vec<Result<(), ChangeError>>, ChangeError> {
        if let Some(refusal) = self.ledger.refusal() {
            return Err(refusal);
        }
        let in_force = self.service.table();
        let generation = in_force.generation + 1;
        let mut changed = None;
        let mut taken = Vec::new();
        let mut verdicts = Vec::with_capacity(waiting.len());
        for Asked { edit, .. } in waiting {
            let before = changed.as_ref().unwrap_or(&**in_force);
            let after = survive(|| {
                let change = before.settle(edit)?;
                Ok((before.changed(&change, generation)?, change))
            });
            verdicts.push(after.map(|(after, change)| {
                changed = Some(after);
                taken.push(change);
            }));
        }
        if let Some(mut table) = changed {
            let changes: Vec<&Change> = taken.iter().map(AsRef::as_ref).collect();
            self.ledger.commit(&changes)?;
            table.fingerprint = self.ledger.fingerprint(self.in_force.fingerprint());
            self.put_in_force(table);
            let rules = Arc::clone(&self.service.table().rules);
            changes.into_iter().for_each(|change| self.untold.note(change, rules.generation));
        }
        Ok(verdicts)
    }

    /// One line on all changes since the last one, and a few on what is doubtful about them: whoever changes
    /// fast does not fill the log.
    pub(super) fn tell_changes(&mut self, now_ms: u64) {
        let may = self.untold.told_ms.is_none_or(|told| now_ms.saturating_sub(told) >= TELL_MS);
        if self.untold.changes == 0 || !may {
            return;
        }
        let count = std::mem::take(&mut self.untold.changes);
        self.untold.told_ms = Some(now_ms);
        for doubt in self.untold.doubts.drain(..) {
            tracing::warn!("an API stated what is of no use as it stands: {doubt}");
        }
        let more = std::mem::take(&mut self.untold.more_doubts);
        if more > 0 {
            tracing::warn!("{more} more such warnings are left out");
        }
        let table = self.service.table();
        tracing::info!(
            "changed by the APIs: {count}; table {} ({}) is in force",
            table.generation,
            table.fingerprint
        );
    }
}

/// A change that runs into a bug of ours is refused as any other bad one is.
fn survive<T>(work: impl FnOnce() -> Result<T, ChangeError>) -> Result<T, ChangeError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let text = "a bug: this change panicked; the log has the place, please report it";
        Err(ChangeError::Invalid { text: text.into() })
    })
}
