//! The thread itself: one reload after the other, and what else nobody waits for.
//!
//! It alone publishes tables and frees them. It also forgets calls whose time is over, a part at a
//! time.

use super::board::{Board, Reload, Wish};
use super::change::{Asked, Untold};
use super::diff::Changes;
use super::guard::{self, Rows};
use super::keep::Keep;
use super::ledger::{Ledger, Recalled};
use super::picture::Picture;
use super::plan::{Plan, check, compile, compile_apart};
use super::read::{Reading, Texts, read};
use super::restart::SettingsWatch;
use super::stage::{Refusal, Stage};
use super::watch::{LOOK_CLOSELY_MS, LOOK_MS, Step, Watch};
use crate::config::settings::ReloadMode;
use crate::config::{Finding, Settings, Source};
use crate::ops::clock::Clock;
use crate::ops::shutdown::Stop;
use crate::service::Service;
use crate::service::control::{ReloadRequest, ReloadResult, Verdict};
use crate::table::Table;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Between two parts of the calls being swept.
const SWEEP_MS: u64 = 500;
/// Between two lines of the log that say that nothing changed.
const TELL_MS: u64 = 1_000;
/// Wishes that are looked at together.
const WISHES_MAX: usize = 1024;
/// Characters of a reason that reach the log.
const WHY_MAX: usize = 200;

/// What the table in force was made from.
#[derive(Debug)]
pub struct InForce {
    fingerprint: String,
    names: Vec<Arc<str>>,
    rows: Rows,
    /// What its warnings say, without their places: a row that moves is no news.
    warned: HashSet<String>,
}

impl InForce {
    /// From its texts, its rows and its warnings.
    #[must_use]
    pub fn new(texts: &Texts, rows: Rows, warnings: &[Finding]) -> Self {
        let names = texts.sources.iter().map(|source| Arc::clone(&source.name)).collect();
        let warned = warnings.iter().map(|warning| warning.text.clone()).collect();
        Self { fingerprint: texts.fingerprint.clone(), names, rows, warned }
    }

    /// Of the files.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// New warnings of one reload that the log gets.
const WARNED_MAX: usize = 5;

/// How a reload came to a good end.
enum Done {
    Published { message: String, findings: Vec<Finding> },
    Unchanged,
}

/// Everything that the thread holds.
pub struct Worker {
    settings: Settings,
    pub(super) service: Arc<Service>,
    clock: Clock,
    board: Arc<Board>,
    watch: Watch,
    settings_watch: SettingsWatch,
    pub(super) in_force: InForce,
    pub(super) ledger: Ledger,
    pub(super) untold: Untold,
    keep: Option<Keep>,
    keep_fails: bool,
    looked_ms: u64,
    told_unchanged_ms: Option<u64>,
    retired: Vec<Arc<Table>>,
    swept_ms: u64,
    sweep_part: usize,
}

impl Worker {
    /// A worker for the table that is in force.
    #[must_use]
    pub fn new(
        settings: Settings,
        service: Arc<Service>,
        clock: Clock,
        board: Arc<Board>,
        watch: Watch,
        in_force: InForce,
        ledger: Ledger,
    ) -> Self {
        Self {
            settings_watch: SettingsWatch::new(&settings),
            keep: Keep::of(&settings),
            ledger,
            untold: Untold::default(),
            keep_fails: false,
            looked_ms: 0,
            told_unchanged_ms: None,
            retired: Vec::new(),
            swept_ms: 0,
            sweep_part: 0,
            settings,
            service,
            clock,
            board,
            watch,
            in_force,
        }
    }

    /// Works until it is told to stop.
    pub fn run(&mut self, wishes: &Receiver<Wish>, stop: &Stop) {
        while !stop.is_said() {
            let settling = self.watch.is_settling() || self.settings_watch.is_settling();
            let pause_ms = if settling { LOOK_CLOSELY_MS } else { LOOK_MS };
            let left_ms = pause_ms.saturating_sub(self.since_look_ms());
            match wishes.recv_timeout(Duration::from_millis(left_ms)) {
                Ok(wish) => self.serve(wish, wishes),
                Err(RecvTimeoutError::Timeout) => {}
                // Nobody is left who could wish; files are watched all the same.
                Err(RecvTimeoutError::Disconnected) => {
                    std::thread::sleep(Duration::from_millis(left_ms));
                }
            }
            // Whatever came: wishes without an end keep no change from being seen.
            if self.since_look_ms() >= pause_ms {
                self.look();
            }
            self.retired.retain(|table| Arc::strong_count(table) > 1);
            self.sweep();
            self.tell_changes(self.clock.now().mono_ms);
        }
        // What was asked before the end is decided still; a reload has no more use.
        let left = wishes.try_iter().filter_map(|wish| match wish {
            Wish::Change(asked) => Some(asked),
            Wish::Reload(_) => None,
        });
        let left: Vec<Asked> = left.collect();
        self.change(left);
    }

    fn since_look_ms(&self) -> u64 {
        self.clock.now().mono_ms.saturating_sub(self.looked_ms)
    }

    fn look(&mut self) {
        let now_ms = self.clock.now().mono_ms;
        self.looked_ms = now_ms;
        self.look_at_settings(now_ms, false);
        let watches = self.settings.tables.reload == ReloadMode::Watch;
        if !watches {
            return;
        }
        let picture = Picture::of_tables(&self.settings).with_decks(self.watch.decks());
        if self.watch.look(picture, now_ms) == Step::Read {
            let reading = read(&self.settings);
            // What never holds still is looked at again: nobody waits, and nothing is wrong yet.
            if !reading.is_restless {
                self.reload(&ReloadRequest::default(), reading, false);
            }
        }
    }

    /// Serves a wish, and with it those that wait behind it: changes first, nobody else takes less time.
    fn serve(&mut self, first: Wish, wishes: &Receiver<Wish>) {
        let (mut changes, mut reloads) = (Vec::new(), Vec::new());
        for wish in std::iter::once(first).chain(wishes.try_iter().take(WISHES_MAX)) {
            match wish {
                Wish::Change(asked) => changes.push(asked),
                Wish::Reload(reload) => reloads.push(reload),
            }
        }
        if !changes.is_empty() {
            self.change(changes);
        }
        if !reloads.is_empty() {
            self.serve_reloads(reloads);
        }
    }

    /// Serves reloads, equal ones with one.
    fn serve_reloads(&mut self, mut waiting: Vec<Reload>) {
        self.look_at_settings(self.clock.now().mono_ms, true);
        while let Some(request) = waiting.first().map(|wish| wish.request.clone()) {
            let verdict = self.grant(&request);
            let (same, others) = waiting.into_iter().partition(|wish| wish.request == request);
            waiting = others;
            for wish in same {
                let wish: Reload = wish;
                if let Some(answer) = wish.verdict {
                    // Whoever asked may have gone.
                    let _ = answer.send(verdict.clone());
                }
            }
        }
    }

    fn look_at_settings(&mut self, now_ms: u64, at_once: bool) {
        let Some(lines) = self.settings_watch.look(&self.settings, now_ms, at_once) else { return };
        let mut status = self.board.status();
        if status.needs_restart != lines {
            match lines.as_slice() {
                [] => tracing::info!("the settings are again those that run: no restart is needed"),
                lines => tracing::warn!("needs restart: {}", lines.join("; ")),
            }
            status.needs_restart = lines;
        }
    }

    /// What somebody asked for.
    fn grant(&mut self, request: &ReloadRequest) -> Verdict {
        if let Err(message) = is_sound(request) {
            return self.verdict(ReloadResult::Refused, message, &[]);
        }
        let reading = read(&self.settings);
        if request.dry_run {
            return self.rehearse(request, reading.texts);
        }
        self.reload(request, reading, true)
    }

    /// One reload, when the files were read.
    fn reload(&mut self, request: &ReloadRequest, reading: Reading, asked: bool) -> Verdict {
        let start = Instant::now();
        let Reading { seen, texts, .. } = reading;
        match &texts {
            Ok(_) => self.watch.took(seen),
            Err(_) => self.watch.failed(seen, self.clock.now().mono_ms),
        }
        let done = texts.and_then(|texts| self.publish(request, texts));
        let took = start.elapsed();
        let now_s = self.clock.now().wall_ns / 1_000_000_000;
        match done {
            Ok(Done::Published { message, findings }) => {
                self.board.succeeded(now_s, took);
                self.verdict(ReloadResult::Published, message, &findings)
            }
            Ok(Done::Unchanged) => {
                let message = "the files say what is in force already".to_owned();
                let mended = !self.board.status().last_reload_successful;
                if mended || (asked && self.may_tell_unchanged()) {
                    tracing::info!("{message}: table {}", self.service.table().generation);
                }
                self.board.succeeded(now_s, took);
                self.verdict(ReloadResult::Unchanged, message, &[])
            }
            Err(refusal) => {
                if self.board.refused(&refusal, took) || asked {
                    let Refusal { stage, message, .. } = &refusal;
                    tracing::error!("reload refused ({}): {message}", stage.label());
                }
                self.verdict(ReloadResult::Refused, refusal.message, &refusal.findings)
            }
        }
    }

    /// Whether the log may say again that nothing changed: whoever asks fast does not fill it.
    fn may_tell_unchanged(&mut self) -> bool {
        let now_ms = self.clock.now().mono_ms;
        let before_ms = self.told_unchanged_ms;
        let may = before_ms.is_none_or(|told_ms| now_ms.saturating_sub(told_ms) >= TELL_MS);
        if may {
            self.told_unchanged_ms = Some(now_ms);
        }
        may
    }

    /// Check, guard, build, swap, retire.
    fn publish(&mut self, request: &ReloadRequest, texts: Texts) -> Result<Done, Refusal> {
        if texts.is_same(&self.in_force.fingerprint, &self.in_force.names) {
            // Files that lost much before the start, too, may be said to be meant.
            if request.accept.is_some() {
                tracing::warn!("the table in force is kept, because {:?}", reason(request));
                self.keep(&texts.sources);
            }
            return Ok(Done::Unchanged);
        }
        let Plan { input, rows, findings } = check(&self.settings, &texts)?;
        let passed = self.guard(request, &rows)?;
        let Recalled { stored, told } = self.recall()?;
        let generation = self.service.table().generation + 1;
        let fingerprint = told.fingerprint(&texts.fingerprint);
        let live = &self.service.live.suppliers;
        let table = compile(input, stored, generation, &fingerprint, live)?;
        let message = describe(&table, findings.len());
        self.put_in_force(table);
        self.ledger.adopt(told);
        if let Some(refused) = passed {
            let why = reason(request);
            tracing::warn!("the guard was told to let this pass, because {why:?}: {refused}");
        }
        tracing::info!("{message}");
        self.warn(&findings);
        self.in_force = InForce::new(&texts, rows, &findings);
        self.keep(&texts.sources);
        Ok(Done::Published { message, findings })
    }

    /// Tells of warnings that the files before did not have: a few words may fail every question from now on.
    fn warn(&self, warnings: &[Finding]) {
        let is_new = |warning: &&Finding| !self.in_force.warned.contains(&warning.text);
        let new: Vec<&Finding> = warnings.iter().filter(is_new).collect();
        for warning in new.iter().take(WARNED_MAX) {
            tracing::warn!("new in the table: {}", warning.in_a_line());
        }
        if let Some(more @ 1..) = new.len().checked_sub(WARNED_MAX) {
            tracing::warn!("new in the table: and {more} more warnings");
        }
    }

    /// Publishes a table, and keeps the one before until its last reader let it go.
    pub(super) fn put_in_force(&mut self, table: Table) {
        let table = Arc::new(table);
        self.retired.push(self.service.publish(Arc::clone(&table)));
        self.board.published(&table, self.clock.now().wall_ns / 1_000_000_000);
    }

    /// What the APIs stated, which is part of every table.
    fn recall(&mut self) -> Result<Recalled, Refusal> {
        let recalled = self.ledger.recall(&self.settings);
        recalled.map_err(|trouble| Refusal::new(Stage::Read, trouble.to_string()))
    }

    /// What the guard had to let pass, if it had to.
    fn guard(&self, request: &ReloadRequest, rows: &Rows) -> Result<Option<String>, Refusal> {
        let max_percent = self.settings.guard.shrink_max_percent;
        match guard::judge(&self.in_force.rows, rows, max_percent) {
            Ok(()) => Ok(None),
            Err(message) if request.accept.is_some() => Ok(Some(message)),
            Err(message) => Err(Refusal::new(Stage::Guard, message)),
        }
    }

    /// What a reload would do now.
    fn rehearse(&mut self, request: &ReloadRequest, texts: Result<Texts, Refusal>) -> Verdict {
        let rehearsed = texts.and_then(|texts| {
            if texts.is_same(&self.in_force.fingerprint, &self.in_force.names) {
                return Ok(None);
            }
            let Plan { input, rows, findings } = check(&self.settings, &texts)?;
            self.guard(request, &rows)?;
            let Recalled { stored, told } = self.recall()?;
            let fingerprint = told.fingerprint(&texts.fingerprint);
            let live = &self.service.live.suppliers;
            let suppliers_max = self.service.limits.suppliers_max;
            let table = compile_apart(input, stored, &fingerprint, live, suppliers_max)?;
            let changes = Changes::between(&self.service.table(), &table);
            Ok(Some((fingerprint, changes, findings)))
        });
        match rehearsed {
            Ok(None) => {
                let message = "nothing would change".to_owned();
                self.verdict(ReloadResult::Unchanged, message, &[])
            }
            Ok(Some((fingerprint, changes, findings))) => {
                let message = format!("would be published: {changes}");
                let verdict = self.verdict(ReloadResult::Published, message, &findings);
                Verdict { fingerprint, ..verdict }
            }
            Err(refusal) => {
                let message =
                    format!("would be refused ({}): {}", refusal.stage.label(), refusal.message);
                self.verdict(ReloadResult::Refused, message, &refusal.findings)
            }
        }
    }

    fn verdict(&self, result: ReloadResult, message: String, findings: &[Finding]) -> Verdict {
        let table = self.service.table();
        Verdict {
            result,
            generation: table.generation,
            fingerprint: table.fingerprint.clone(),
            message,
            findings: findings.iter().map(ToString::to_string).collect(),
        }
    }

    /// Keeps accepted texts. Where they cannot be kept, serving goes on, with one warning.
    pub fn keep(&mut self, sources: &[Source]) {
        let Some(keep) = &self.keep else { return };
        match keep.store(sources) {
            Ok(()) => {
                if std::mem::take(&mut self.keep_fails) {
                    tracing::info!("{} is kept again", keep.path().display());
                }
            }
            Err(error) => {
                if !std::mem::replace(&mut self.keep_fails, true) {
                    let path = keep.path();
                    tracing::warn!(
                        "{} cannot be written: {error}; serving goes on, the last known good table \
                         stays the one before",
                        path.display()
                    );
                }
            }
        }
    }

    fn sweep(&mut self) {
        let moment = self.clock.now();
        if moment.mono_ms.saturating_sub(self.swept_ms) >= SWEEP_MS {
            self.swept_ms = moment.mono_ms;
            self.service.sweep(self.sweep_part, moment);
            self.sweep_part = self.sweep_part.wrapping_add(1);
        }
    }
}

/// Why somebody passes the guard, as far as the log shows it.
fn reason(request: &ReloadRequest) -> String {
    request.why.chars().take(WHY_MAX).collect()
}

/// Whether a request can be served at all.
fn is_sound(request: &ReloadRequest) -> Result<(), String> {
    match request.accept.as_deref() {
        None => Ok(()),
        Some(guard::SHRINK) if request.why.trim().is_empty() && !request.dry_run => {
            Err("say why the guard may be passed: --why TEXT".into())
        }
        Some(guard::SHRINK) => Ok(()),
        Some(_) => Err(format!("there is no such guard: the only one is `{}`", guard::SHRINK)),
    }
}

/// One line on a table.
#[must_use]
pub fn describe(table: &Table, warnings: usize) -> String {
    let mut line = format!(
        "table {} ({}) is in force: suppliers {}, routes {}, profiles {} with {} routes",
        table.generation,
        table.fingerprint,
        table.suppliers.count(),
        table.layers.count(),
        table.objects.profile_count(),
        table.objects.route_count(),
    );
    if warnings > 0 {
        line.push_str(&format!("; warnings {warnings}, see `siproute check`"));
    }
    line
}
