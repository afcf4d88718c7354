//! The table that the files say, for verbs that need no daemon.

use super::failure::Failure;
use super::settings::Place;
use crate::config::{Finding, Settings};
use crate::live::Live;
use crate::model::limits::Limits;
use crate::ops::exit::Exit;
use crate::reload::{Refusal, table_of_files};
use crate::service::Service;

/// A service on the files that `place` names, without listeners; nobody's calls are in it.
pub(super) fn service(place: &Place) -> Result<Service, Failure> {
    let settings = place.load()?;
    let live = Live::new(&bounds(&settings));
    let table = table_of_files(&settings, &live).map_err(refused)?;
    Ok(Service::new(table, live, settings.limits))
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
