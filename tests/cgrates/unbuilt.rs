//! What scenarios need that siproute does not have yet; the one place that says so.
//!
//! Whoever builds one of these takes its rule away and lowers the number in `replay.rs`.

use crate::json::Value;
use crate::vectors::{Scenario, Step};

/// Tariff-plan files of what is not there.
const FILES: [&str; 2] = ["Stats.csv", "Resources.csv"];

/// Parts of a method's name.
const METHODS: [&str; 4] = ["StatSv1.", "ResourceSv1.", "StatQueue", "ResourceProfile"];

/// Methods of sessions that are remembered.
const SESSIONS: [&str; 5] =
    ["InitiateSession", "UpdateSession", "TerminateSession", "ProcessCDR", "ProcessMessage"];

/// What an argument of a session asks for.
const ARGUMENTS: [&str; 4] = ["ProcessStats", "*stats", "Resources", "*resources"];

/// Strategies; one that nobody knows is an answer, not a need.
const STRATEGIES: [&str; 4] = ["*qos", "*load", "*reas", "*reds"];

/// What routes may name.
const LISTS: [&str; 3] = ["RateProfileIDs", "ResourceIDs", "StatIDs"];

/// How many steps of sessions are left out; those of scenarios that ask nothing then are among them.
pub const SKIPPED: usize = 536;

/// Whether a step of sessions is left out: they are asked for routes and attributes between steps that need
/// more.
pub fn is_skipped(step: &Step) -> bool {
    let has = |text: &str, parts: &[&str]| parts.iter().any(|part| text.contains(part));
    has(&step.method, &METHODS)
        || has(&step.method, &SESSIONS)
        || has(step.params.get(), &ARGUMENTS)
}

/// What the scenario needs and does not find, if anything.
pub fn need(scenario: &Scenario) -> Option<String> {
    let files = scenario.folder.iter().flatten().map(|file| file.0.as_str());
    let of_files = files.filter(|file| FILES.contains(file)).map(str::to_owned);
    let methods = scenario.steps.iter().map(|step| &step.method);
    let of_methods =
        methods.filter(|method| METHODS.iter().any(|part| method.contains(part))).cloned();
    let mut needs = of_files.chain(of_methods);
    needs.next().or_else(|| scenario.steps.iter().find_map(|step| of_profile(scenario, step)))
}

/// A profile whose routes are chosen by statistics or resources; storing one is no matter.
fn of_profile(scenario: &Scenario, step: &Step) -> Option<String> {
    let asks = |method: &str| {
        ["GetRoutes", "GetSuppliers", "AuthorizeEvent"].iter().any(|name| method.contains(name))
    };
    if !scenario.steps.iter().any(|step| asks(&step.method)) {
        return None;
    }
    let profile = Value::read(step.params.get());
    if let Some(sorting) = profile.text("Sorting").filter(|sorting| STRATEGIES.contains(sorting)) {
        return Some(sorting.to_owned());
    }
    let routes = profile.member("Routes").or_else(|| profile.member("Suppliers"))?.items();
    let used = |list: &&str| {
        routes.iter().any(|route| route.member(list).is_some_and(|ids| !ids.items().is_empty()))
    };
    LISTS.into_iter().find(used).map(str::to_owned)
}
