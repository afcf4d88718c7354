//! The ledger of deviations, and that it says what is so: all of it, and nothing else.

use crate::own::ROWS;
use crate::replay::{by_setup, replay};
use crate::support::site::Setup;
use crate::vectors::{self, Expected, Scenario};
use serde::Deserialize;
use std::collections::BTreeSet;

/// `deviations.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    #[serde(rename = "deviation")]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    upstream: String,
    ours: String,
    why: String,
    restorable: bool,
    #[serde(default)]
    except: Vec<String>,
    #[serde(default)]
    unlabelled: Vec<String>,
}

impl Ledger {
    pub fn read() -> Self {
        toml::from_str(include_str!("deviations.toml")).unwrap()
    }

    /// Whether `cgrates_quirks` answers as the original does.
    pub fn restores(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name && entry.restorable)
    }

    /// Whether it answers as recorded to what is marked with this name.
    pub fn restores_answer(&self, name: &str, recorded: Expected) -> bool {
        let mut excepted = self.exceptions().filter(|(of, _)| *of == name);
        self.restores(name)
            && !excepted.any(|(_, beginning)| recorded.is_error_that_begins(beginning))
    }

    /// Names, and how the errors begin that are not restored under them.
    pub fn exceptions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().flat_map(|entry| {
            entry.except.iter().map(|beginning| (entry.name.as_str(), beginning.as_str()))
        })
    }

    /// The deviation that a scenario shows without a mark.
    pub fn unlabelled(&self, scenario: &str) -> Option<&str> {
        let shows = |entry: &&Entry| entry.unlabelled.iter().any(|one| one == scenario);
        self.entries.iter().find(shows).map(|entry| entry.name.as_str())
    }

    fn names(&self) -> BTreeSet<&str> {
        self.entries.iter().map(|entry| entry.name.as_str()).collect()
    }
}

fn names_in(scenario: &Scenario) -> impl Iterator<Item = &str> {
    scenario.steps.iter().filter_map(|step| step.deviation.as_deref())
}

#[test]
fn every_deviation_that_is_asked_for_stands_in_the_ledger_and_no_other() {
    let (ledger, scenarios) = (Ledger::read(), vectors::all());
    let asked: BTreeSet<&str> =
        scenarios.iter().flat_map(names_in).chain(ROWS.iter().map(|row| row.name)).collect();
    assert_eq!(ledger.names(), asked, "the ledger, and what the tests ask");
    assert_eq!(ledger.names().len(), ledger.entries.len(), "a name stands in it twice");
    for entry in &ledger.entries {
        for text in [&entry.upstream, &entry.ours, &entry.why] {
            assert!(!text.trim().is_empty() && !text.ends_with('.'), "{}: {text:?}", entry.name);
        }
        assert!(entry.restorable || entry.except.is_empty(), "{}: no exceptions", entry.name);
        for name in &entry.unlabelled {
            let scenario = scenarios.iter().find(|scenario| scenario.scenario == *name);
            let labels = scenario.map(|scenario| names_in(scenario).count());
            assert_eq!(labels, Some(0), "{name} is there, and without a mark");
        }
    }
}

#[test]
fn every_recorded_deviation_still_differs() {
    let (ledger, scenarios) = (Ledger::read(), vectors::all());
    let mut groups = by_setup(&scenarios, false);
    groups.values_mut().for_each(|group| group.retain(|one| names_in(one).next().is_some()));
    groups.retain(|_, group| !group.is_empty());
    let outcomes = replay(groups, &ledger);
    let differing: BTreeSet<&str> = outcomes
        .iter()
        .flat_map(|(_, outcome)| &outcome.deviations)
        .filter_map(|deviation| deviation.differs.then_some(deviation.name))
        .collect();
    let named: BTreeSet<&str> = scenarios.iter().flat_map(names_in).collect();
    let gone: Vec<&&str> = named.difference(&differing).collect();
    assert!(gone.is_empty(), "take these out of the ledger, nothing differs any more: {gone:?}");
}

#[test]
fn deviations_that_were_never_recorded_are_answered_as_the_ledger_says() {
    let ledger = Ledger::read();
    for quirks in [false, true] {
        let mut site = Setup { quirks, ..Setup::default() }.start();
        let mut faults = Vec::new();
        for (number, row) in ROWS.iter().enumerate() {
            // A connection of its own: one that ends is the fault of its own row.
            let restored = quirks && ledger.restores(row.name);
            match row.ask(&mut site.connect()) {
                Ok(reply) if restored && row.upstream.is(&reply) => {}
                Ok(reply) if restored => faults.push(format!(
                    "row {number}, {}: {:?} is expected, not {}",
                    row.name, row.upstream, reply.raw
                )),
                Ok(reply) => {
                    let same = row.upstream.is(&reply).then(|| "as the original".to_owned());
                    let fault = row.ours.fault(&reply).or(same);
                    faults
                        .extend(fault.map(|fault| format!("row {number}, {}: {fault}", row.name)));
                }
                Err(error) => faults.push(format!("row {number}, {}: {error}", row.name)),
            }
        }
        assert!(faults.is_empty(), "quirks {quirks}:\n{}", faults.join("\n"));
        assert!(site.daemon.is_alive());
    }
}
