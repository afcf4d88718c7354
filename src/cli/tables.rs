//! The table that files and APIs say, for verbs that need no daemon.

use super::failure::Failure;
use super::settings::Place;
use crate::config::{Finding, Settings};
use crate::live::Live;
use crate::model::limits::Limits;
use crate::ops::exit::Exit;
use crate::reload::{Recalled, Refusal, table_of_files};
use crate::service::Service;
use crate::store::{Trouble, TroubleKind};

/// A service on the files that `place` names, without listeners; nobody's calls are in it.
///
/// What the APIs changed is part of it, unless it is asked for `without_state`.
pub(super) fn service(place: &Place, without_state: bool) -> Result<Service, Failure> {
    let settings = place.load()?;
    let live = Live::new(&bounds(&settings));
    let recalled = if without_state { Ok(Recalled::default()) } else { Recalled::read(&settings) };
    let recalled = recalled.map_err(|trouble| {
        let help = "--without-state tells what the files alone would do";
        Failure::new(trouble_exit(&trouble), format!("{trouble}\n  help: {help}"))
    })?;
    let table = table_of_files(&settings, &live, &recalled).map_err(refused)?;
    Ok(Service::new(table, live, settings.limits))
}

/// How a verb ends that cannot use the state database.
pub(super) fn trouble_exit(trouble: &Trouble) -> Exit {
    match trouble.kind {
        TroubleKind::Damaged | TroubleKind::Foreign => Exit::Config,
        // It may be over with the next start.
        TroubleKind::InUse | TroubleKind::Io => Exit::Io,
    }
}

/// One question is asked: it needs no room for the calls of a proxy.
fn bounds(settings: &Settings) -> Limits {
    Limits { calls_max: 1024, ..settings.limits.clone() }
}

/// All findings, as `check` prints them; without any, the one line.
fn refused(refusal: Refusal) -> Failure {
    if refusal.findings.is_empty() {
        return Failure::new(Exit::Config, refusal.message);
    }
    let lines: Vec<String> = refusal.findings.iter().map(Finding::to_string).collect();
    Failure::findings(Exit::Config, lines.join("\n"))
}
