//! What fronts may ask of the control thread, without knowing it.
//!
//! One thread alone publishes tables. Whoever wants a reload or a change, or wants to know how the last
//! reload went, speaks to it through [`Control`].

pub use crate::table::change::{Change, ChangeError, Edit, Folder};
use std::time::Duration;

/// Called once, from the control thread, when the change is durable and in force, or refused.
pub type Done = Box<dyn FnOnce(Result<(), ChangeError>) + Send>;

/// A wish for a reload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReloadRequest {
    /// Say what would change or be refused, and change nothing.
    pub dry_run: bool,
    /// A guard to be passed once, by its name: `shrink`.
    pub accept: Option<String>,
    /// Why it may be passed; for the log.
    pub why: String,
}

/// How a reload went.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Verdict {
    /// What became of it.
    pub result: ReloadResult,
    /// The generation in force afterwards.
    pub generation: u64,
    /// The fingerprint in force afterwards (of what was read, in a dry run).
    pub fingerprint: String,
    /// One line that says what happened.
    pub message: String,
    /// Every finding in the files, as `check` prints them.
    pub findings: Vec<String>,
}

/// What became of a reload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReloadResult {
    /// A new table is in force (would be, in a dry run).
    Published,
    /// The files say what is in force already.
    Unchanged,
    /// The table in force stays.
    Refused,
}

/// What is in force, and how it got there.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct TableStatus {
    /// Which publication it is, from 1.
    pub generation: u64,
    /// A short hash of what it was read from.
    pub fingerprint: String,
    /// Declared suppliers.
    pub suppliers: usize,
    /// Rows of the layered table.
    pub routes: usize,
    /// Profiles.
    pub profiles: usize,
    /// Routes of all profiles.
    pub profile_routes: usize,
    /// When it was published (Unix seconds).
    pub published_s: i64,
    /// Whether it is the last known good table, since the files are broken.
    pub last_known_good: bool,
    /// Whether the last reload succeeded.
    pub last_reload_successful: bool,
    /// When a reload last succeeded (Unix seconds).
    pub last_success_s: i64,
    /// Why the last reload was refused, in one line; empty when it was not.
    pub last_error: String,
    /// Refused reloads by stage; each stage is there, also with none.
    pub failures: Vec<(&'static str, u64)>,
    /// How long the last reload took.
    pub last_duration: Duration,
    /// Settings that changed on disk and need a restart, one line each.
    pub needs_restart: Vec<String>,
}

/// The control thread, as fronts see it.
pub trait Control: Send + Sync {
    /// Asks for a reload and waits for its verdict.
    fn reload(&self, request: ReloadRequest) -> Verdict;

    /// Asks for a change, and does not wait: `done` is told once, when the change is durable and in
    /// force, or refused. It is called on the thread that everyone waits for, and must not linger.
    fn change(&self, edit: Edit, done: Done);

    /// What is in force.
    fn status(&self) -> TableStatus;

    /// Whether questions should come here: not once the process is about to end.
    fn is_ready(&self) -> bool;
}
