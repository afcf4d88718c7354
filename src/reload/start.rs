//! The first table: from the files, or from what is kept of them; then the thread.

use super::board::{Board, ControlHandle};
use super::guard::{self, Rows};
use super::keep::Keep;
use super::ledger::{Ledger, Recalled};
use super::picture::Picture;
use super::plan::{check, compile};
use super::read::{Reading, Texts, read};
use super::stage::{Refusal, Stage};
use super::watch::Watch;
use super::worker::{InForce, Worker};
use crate::config::{Finding, Settings};
use crate::live::Live;
use crate::ops::clock::Clock;
use crate::ops::shutdown::Stop;
use crate::service::Service;
use crate::table::Table;
use std::io;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Where the first table came from.
pub struct Origin {
    /// Warnings in its files.
    pub findings: Vec<Finding>,
    /// Why it is the last known good one and not what the files say.
    pub refusal: Option<Refusal>,
    /// What the guard would have said of files that lost much since the table that is kept, which
    /// stays for that: a start has to serve what there is, and what was lost may be wanted back.
    pub shrunk: Option<String>,
    texts: Texts,
    rows: Rows,
    seen: Picture,
    took: Duration,
    ledger: Ledger,
}

/// Why there is nothing to serve.
#[derive(Debug)]
pub struct NoTable {
    /// Why the files are refused.
    pub refusal: Refusal,
    /// Why the last known good table does not take their place, where it should.
    pub kept: Option<String>,
}

/// Reads the first table, to which belongs what the APIs changed before. The guard refuses nothing here; what it would say of the table that is kept
/// stands in the [`Origin`].
///
/// # Errors
/// The files are refused, and no last known good table takes their place.
pub fn first_table(
    settings: &Settings,
    live: &Live,
    (ledger, recalled): (Ledger, Recalled),
) -> Result<(Table, Origin), NoTable> {
    let start = Instant::now();
    let Reading { seen, texts, .. } = read(settings);
    let made = texts.and_then(|texts| make(settings, live, texts, &recalled));
    let (made, refusal) = match made {
        Ok(made) => (made, None),
        Err(refusal) if settings.tables.last_known_good => match kept(settings, live, &recalled) {
            Ok(made) => (made, Some(refusal)),
            Err(why) => return Err(NoTable { refusal, kept: Some(why) }),
        },
        Err(refusal) => return Err(NoTable { refusal, kept: None }),
    };
    let Made { table, findings, texts, rows } = made;
    let shrunk = refusal.is_none().then(|| shrunk(settings, &texts, &rows)).flatten();
    let took = start.elapsed();
    Ok((table, Origin { findings, refusal, shrunk, texts, rows, seen, took, ledger }))
}

/// What the guard says of these files after the kept ones. Of a table that is not kept, or could not
/// be used, nothing.
fn shrunk(settings: &Settings, texts: &Texts, rows: &Rows) -> Option<String> {
    let kept = Texts::new(settings, Keep::of(settings)?.load().ok()?);
    if kept.fingerprint == texts.fingerprint {
        return None;
    }
    let before = check(settings, &kept).ok()?.rows;
    let max_percent = settings.guard.shrink_max_percent;
    let fault = guard::judge(&before, rows, max_percent).err()?;
    let (now, before) = (rows.total(), before.total());
    Some(format!("rows: {now} in the files, {before} in the last known good table: {fault}"))
}

/// The table that the files and the APIs say now, for whoever serves nobody: the last known good table
/// takes no file's place.
///
/// # Errors
/// Why they are refused.
pub fn table_of_files(
    settings: &Settings,
    live: &Live,
    recalled: &Recalled,
) -> Result<Table, Refusal> {
    let made = read(settings).texts.and_then(|texts| make(settings, live, texts, recalled));
    made.map(|made| made.table)
}

struct Made {
    table: Table,
    findings: Vec<Finding>,
    texts: Texts,
    rows: Rows,
}

fn make(
    settings: &Settings,
    live: &Live,
    texts: Texts,
    recalled: &Recalled,
) -> Result<Made, Refusal> {
    let plan = check(settings, &texts)?;
    let fingerprint = recalled.told.fingerprint(&texts.fingerprint);
    let stored = recalled.stored.clone();
    let table = compile(plan.input, stored, 1, &fingerprint, &live.suppliers)?;
    Ok(Made { table, findings: plan.findings, texts, rows: plan.rows })
}

fn kept(settings: &Settings, live: &Live, recalled: &Recalled) -> Result<Made, String> {
    let sources = Keep::of(settings).ok_or("there is no tables.state_dir")?.load()?;
    let texts = Texts::new(settings, sources);
    make(settings, live, texts, recalled).map_err(|refusal| refusal.message)
}

/// Starts the control thread for the service that was made with the first table.
///
/// # Errors
/// When no thread can be had.
pub fn spawn(
    settings: Settings,
    first: Origin,
    service: Arc<Service>,
    clock: Clock,
    stop: Stop,
) -> io::Result<(Arc<ControlHandle>, JoinHandle<()>)> {
    let board = Arc::new(Board::new());
    let now_s = clock.now().wall_ns / 1_000_000_000;
    board.published(&service.table(), now_s);
    match &first.refusal {
        None => board.succeeded(now_s, first.took),
        Some(refusal) => {
            board.refused(refusal, first.took);
            board.status().last_known_good = true;
        }
    }
    let (sender, wishes) = mpsc::channel();
    let handle = Arc::new(ControlHandle::new(Arc::clone(&board), sender));
    let mut watch = Watch::new(first.seen.clone());
    if first.refusal.as_ref().is_some_and(|refusal| refusal.stage == Stage::Read) {
        watch.failed(first.seen, clock.now().mono_ms);
    }
    let in_force = InForce::new(&first.texts, first.rows, &first.findings);
    let is_to_be_kept = first.refusal.is_none() && first.shrunk.is_none();
    let to_keep = is_to_be_kept.then_some(first.texts.sources);
    let mut worker = Worker::new(settings, service, clock, board, watch, in_force, first.ledger);
    let thread = std::thread::Builder::new().name("control".into()).spawn(move || {
        if let Some(sources) = to_keep {
            worker.keep(&sources);
        }
        worker.run(&wishes, &stop);
    })?;
    Ok((handle, thread))
}
