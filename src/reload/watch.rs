//! When files that changed are read: at once, or when they have been still for a moment.
//!
//! Pure: it is shown pictures and the time. A file that was surely replaced by rename (another inode,
//! whose last change was not a writing) is read at once. Another inode that was only just written may
//! be a rename in the same tick of the file system's clock, or a file that is being written anew; it
//! must be still for a short while. One written in place must be still for longer.

use super::picture::{Picture, Stamp};
use std::path::PathBuf;

/// Between two looks.
pub const LOOK_MS: u64 = 100;
/// Between two looks while something changes.
pub const LOOK_CLOSELY_MS: u64 = 20;
/// How long a file that is written in place must be still.
const STILL_MS: u64 = 200;
/// How long a file with another inode must be still when it may still be written.
const DOUBT_MS: u64 = 100;
/// Changes of inode after which a file that is never still is read all the same: it is being
/// replaced again and again, not written slowly.
const REPLACED_MAX: u32 = 3;
/// First pause before unreadable files are read again, doubled each time.
const RETRY_MIN_MS: u64 = 1_000;
/// Longest such pause.
const RETRY_MAX_MS: u64 = 60_000;

/// What is to be done after a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Idle,
    /// Look again soon.
    Settle,
    /// Read.
    Read,
}

/// What was read, and what has been seen since.
#[derive(Debug)]
pub struct Watch {
    read: Picture,
    pending: Option<Pending>,
    retry: Option<Retry>,
}

#[derive(Debug)]
struct Pending {
    picture: Picture,
    since_ms: u64,
    replaced: u32,
}

#[derive(Debug)]
struct Retry {
    at_ms: u64,
    pause_ms: u64,
}

impl Watch {
    /// After the files were read as they are in `read`.
    #[must_use]
    pub fn new(read: Picture) -> Self {
        Self { read, pending: None, retry: None }
    }

    /// The decks that were read, as table files name them.
    #[must_use]
    pub fn decks(&self) -> &[PathBuf] {
        &self.read.decks
    }

    /// Takes a look at the files.
    pub fn look(&mut self, picture: Picture, now_ms: u64) -> Step {
        if picture == self.read {
            self.pending = None;
            let due = self.retry.as_ref().is_some_and(|retry| retry.at_ms <= now_ms);
            return if due { Step::Read } else { Step::Idle };
        }
        let pending = match self.pending.take() {
            Some(pending) if pending.picture == picture => pending,
            Some(pending) => {
                let replaced = pending.replaced + u32::from(replaces(&picture, &pending.picture));
                Pending { picture, since_ms: now_ms, replaced }
            }
            None => Pending { picture, since_ms: now_ms, replaced: 0 },
        };
        let still_ms = now_ms.saturating_sub(pending.since_ms);
        let ready = pending.replaced >= REPLACED_MAX
            || still_ms >= patience_ms(&self.read, &pending.picture);
        self.pending = Some(pending);
        if ready { Step::Read } else { Step::Settle }
    }

    /// Whether something is changing.
    #[must_use]
    pub fn is_settling(&self) -> bool {
        self.pending.is_some()
    }

    /// The files were read as they are in `picture`, whatever became of what they say.
    pub fn took(&mut self, picture: Picture) {
        *self = Self::new(picture);
    }

    /// Reading failed at the moment `now_ms`: it is tried again later, and later each time.
    pub fn failed(&mut self, picture: Picture, now_ms: u64) {
        let pause_ms = match &self.retry {
            Some(retry) if picture == self.read => (retry.pause_ms * 2).min(RETRY_MAX_MS),
            _ => RETRY_MIN_MS,
        };
        self.took(picture);
        self.retry = Some(Retry { at_ms: now_ms + pause_ms, pause_ms });
    }
}

/// How long files must be still before they are read, by what differs most.
fn patience_ms(read: &Picture, seen: &Picture) -> u64 {
    let paths = read.files.keys().chain(seen.files.keys());
    let stamp = |picture: &Picture, path| picture.files.get(path).copied().flatten();
    paths.map(|path| patience_of_file_ms(stamp(read, path), stamp(seen, path))).max().unwrap_or(0)
}

fn patience_of_file_ms(read: Option<Stamp>, seen: Option<Stamp>) -> u64 {
    match (read, seen) {
        (read, seen) if read == seen => 0,
        (Some(read), Some(seen)) if read.is_same_file(&seen) => STILL_MS,
        (_, Some(seen)) if seen.changed_ns > seen.written_ns => 0,
        (Some(_), Some(_)) => DOUBT_MS,
        _ => STILL_MS,
    }
}

/// Whether a file of `now` is another one than it was in `before`.
fn replaces(now: &Picture, before: &Picture) -> bool {
    now.files.iter().any(|(path, stamp)| {
        let old = before.files.get(path).copied().flatten();
        matches!((stamp, old), (Some(stamp), Some(old)) if !stamp.is_same_file(&old))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file: inode, when it was written, when it was changed.
    type File = Option<(u64, i64, i64)>;
    /// A name, what is shown when, and when it is read.
    type Row = (&'static str, &'static [(u64, File)], Option<u64>);

    fn picture(files: &[(&str, File)]) -> Picture {
        let stamp = |(inode, written_ns, changed_ns): (u64, i64, i64)| Stamp {
            device: 1,
            inode,
            made: None,
            size: 100,
            written_ns,
            changed_ns,
        };
        Picture {
            files: files.iter().map(|(path, file)| ((*path).into(), file.map(stamp))).collect(),
            decks: Vec::new(),
        }
    }

    /// Shows one file at moments; gives the first moment at which it is to be read.
    fn read_at(shown: &[(u64, File)]) -> Option<u64> {
        let mut watch = Watch::new(picture(&[("a", Some((1, 10, 10)))]));
        let reads = |(at_ms, file): &(u64, File)| {
            (watch.look(picture(&[("a", *file)]), *at_ms) == Step::Read).then_some(*at_ms)
        };
        shown.iter().find_map(reads)
    }

    #[test]
    fn a_file_is_read_when_nobody_can_be_writing_it_any_more() {
        const SAME: File = Some((1, 10, 10));
        const WRITTEN: File = Some((1, 20, 20));
        let rows: [Row; 9] = [
            ("unchanged", &[(0, SAME), (500, SAME)], None),
            ("replaced by rename", &[(0, Some((2, 15, 20)))], Some(0)),
            (
                "replaced in the tick in which it was written",
                &[(0, Some((2, 20, 20))), (80, Some((2, 20, 20))), (100, Some((2, 20, 20)))],
                Some(100),
            ),
            (
                "removed and written anew, slowly",
                &[
                    (0, Some((2, 20, 20))),
                    (90, Some((2, 21, 21))),
                    (180, Some((2, 22, 22))),
                    (270, Some((2, 22, 22))),
                    (280, Some((2, 22, 22))),
                ],
                Some(280),
            ),
            ("written in place", &[(0, WRITTEN), (180, WRITTEN), (200, WRITTEN)], Some(200)),
            (
                "written in place, slowly",
                &[
                    (0, WRITTEN),
                    (150, Some((1, 21, 21))),
                    (300, Some((1, 22, 22))),
                    (499, Some((1, 22, 22))),
                    (500, Some((1, 22, 22))),
                ],
                Some(500),
            ),
            ("its times set back", &[(0, Some((1, 5, 30))), (200, Some((1, 5, 30)))], Some(200)),
            ("removed", &[(0, None), (100, None), (200, None)], Some(200)),
            (
                "replaced faster than it is ever still",
                &[
                    (0, Some((2, 20, 20))),
                    (20, Some((3, 21, 21))),
                    (40, Some((4, 22, 22))),
                    (60, Some((5, 23, 23))),
                ],
                Some(60),
            ),
        ];
        for (name, shown, want) in rows {
            assert_eq!(read_at(shown), want, "{name}");
        }
    }

    #[test]
    fn files_that_come_and_go_under_a_pattern_are_changes() {
        let one = [("a", Some((1, 10, 10)))];
        let two = [("a", Some((1, 10, 10))), ("b", Some((2, 20, 20)))];
        let mut watch = Watch::new(picture(&one));
        assert_eq!(watch.look(picture(&two), 0), Step::Settle);
        assert_eq!(watch.look(picture(&two), 200), Step::Read);
        watch.took(picture(&two));
        assert_eq!(watch.look(picture(&two), 300), Step::Idle);
        assert_eq!(watch.look(picture(&one), 400), Step::Settle);
        assert_eq!(watch.look(picture(&two), 420), Step::Idle, "it came back");
        assert_eq!(watch.look(picture(&one), 500), Step::Settle);
        assert_eq!(watch.look(picture(&one), 700), Step::Read);
    }

    #[test]
    fn what_cannot_be_read_is_tried_again_later_and_later() {
        let files = || picture(&[("a", Some((1, 10, 10)))]);
        let mut watch = Watch::new(files());
        let mut reads = Vec::new();
        for now_ms in (0..200_000).step_by(100) {
            if now_ms == 0 || watch.look(files(), now_ms) == Step::Read {
                watch.failed(files(), now_ms);
                reads.push(now_ms / 1000);
            }
        }
        assert_eq!(reads, [0, 1, 3, 7, 15, 31, 63, 123, 183]);
        watch.took(files());
        assert_eq!(watch.look(files(), 400_000), Step::Idle);
    }
}
