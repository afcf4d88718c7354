//! The table that the files say, for verbs that need no daemon.

use super::failure::Failure;
use super::settings::Place;
use crate::config::finding::{Finding, has_errors};
use crate::config::{Settings, check_tables, read_sources};
use crate::live::Live;
use crate::model::limits::Limits;
use crate::ops::exit::Exit;
use crate::reload::fingerprint;
use crate::service::Service;
use crate::table::builder;
use crate::table::supplier::LiveIndex;

/// A service on the files that `place` names, without listeners; nobody's calls are in it.
pub(super) fn service(place: &Place) -> Result<Service, Failure> {
    let settings = place.load()?;
    let sources = read_sources(&settings).map_err(|findings| broken(&findings))?;
    let checked = check_tables(&settings, &sources);
    let Some(input) = checked.input.filter(|_| !has_errors(&checked.findings)) else {
        return Err(broken(&checked.findings));
    };
    let live = Live::new(&bounds(&settings));
    let mut index_of = |id: &str| live.suppliers.index_of(id).map(LiveIndex);
    let table = builder::build(input, 1, fingerprint(&settings, &sources), &mut index_of)
        .map_err(|error| Failure::new(Exit::Config, error))?;
    Ok(Service::new(table, live, settings.limits))
}

/// One question is asked: it needs no room for the calls of a proxy.
fn bounds(settings: &Settings) -> Limits {
    Limits { calls_max: 1024, ..settings.limits.clone() }
}

fn broken(findings: &[Finding]) -> Failure {
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    Failure::findings(Exit::Config, lines.join("\n"))
}
