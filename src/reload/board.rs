//! What the control thread shows, and the slot for wishes to it: the [`Control`] of all fronts.

use super::change::Asked;
use super::stage::{Refusal, Stage};
use crate::service::control::{
    Control, Done, Edit, ReloadRequest, ReloadResult, TableStatus, Verdict,
};
use crate::table::Table;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Sender, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What the control thread is asked for.
pub enum Wish {
    /// A reload.
    Reload(Reload),
    /// A change.
    Change(Asked),
}

/// A reload, and who waits for its verdict; nobody does for a signal.
pub struct Reload {
    /// What is wished.
    pub request: ReloadRequest,
    /// Where the verdict goes.
    pub verdict: Option<SyncSender<Verdict>>,
}

/// The control thread, as everyone else sees it.
pub struct ControlHandle {
    board: Arc<Board>,
    wishes: Sender<Wish>,
}

impl ControlHandle {
    pub(super) fn new(board: Arc<Board>, wishes: Sender<Wish>) -> Self {
        Self { board, wishes }
    }

    /// Wishes for a reload without waiting for it.
    pub fn wish(&self) {
        // Without a control thread the process is about to end.
        let wish = Reload { request: ReloadRequest::default(), verdict: None };
        let _ = self.wishes.send(Wish::Reload(wish));
    }

    /// From now on no question should come here.
    pub fn close(&self) {
        self.board.is_ready.store(false, Relaxed);
    }
}

impl Control for ControlHandle {
    fn reload(&self, request: ReloadRequest) -> Verdict {
        let (sender, verdict) = sync_channel(1);
        let sent = self.wishes.send(Wish::Reload(Reload { request, verdict: Some(sender) }));
        sent.ok().and_then(|()| verdict.recv().ok()).unwrap_or_else(|| {
            let status = self.status();
            Verdict {
                result: ReloadResult::Refused,
                generation: status.generation,
                fingerprint: status.fingerprint,
                message: "siproute is about to end".into(),
                findings: Vec::new(),
            }
        })
    }

    fn change(&self, edit: Edit, done: Done) {
        // Without a control thread it is refused when it is dropped.
        let _ = self.wishes.send(Wish::Change(Asked::new(edit, done)));
    }

    fn status(&self) -> TableStatus {
        self.board.status().clone()
    }

    fn is_ready(&self) -> bool {
        self.board.is_ready.load(Relaxed)
    }
}

/// What stands written.
pub struct Board {
    status: Mutex<TableStatus>,
    is_ready: AtomicBool,
}

impl Board {
    /// With nothing in force yet.
    #[must_use]
    pub fn new() -> Self {
        let failures = Stage::ALL.map(|stage| (stage.label(), 0)).to_vec();
        let status =
            TableStatus { failures, last_reload_successful: true, ..TableStatus::default() };
        Self { status: Mutex::new(status), is_ready: AtomicBool::new(true) }
    }

    /// To be read or changed; held for a moment.
    pub fn status(&self) -> MutexGuard<'_, TableStatus> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another table came into force at `now_s`.
    pub fn published(&self, table: &Table, now_s: i64) {
        let mut status = self.status();
        status.generation = table.generation;
        status.fingerprint.clone_from(&table.fingerprint);
        status.suppliers = table.suppliers.count();
        status.routes = table.layers.count();
        status.profiles = table.objects.profile_count();
        status.profile_routes = table.objects.route_count();
        status.published_s = now_s;
    }

    /// A reload came to a good end.
    pub fn succeeded(&self, now_s: i64, took: Duration) {
        let mut status = self.status();
        status.last_reload_successful = true;
        status.last_known_good = false;
        status.last_success_s = now_s;
        status.last_error.clear();
        status.last_duration = took;
    }

    /// A reload was refused; `true` when it says something new.
    pub fn refused(&self, refusal: &Refusal, took: Duration) -> bool {
        let mut status = self.status();
        for (label, count) in &mut status.failures {
            *count += u64::from(*label == refusal.stage.label());
        }
        status.last_duration = took;
        let is_news = status.last_reload_successful || status.last_error != refusal.message;
        status.last_reload_successful = false;
        status.last_error.clone_from(&refusal.message);
        is_news
    }
}
