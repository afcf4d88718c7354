//! Every recorded conversation, asked again through the real port.

use crate::compare::{Manner, shown};
use crate::json::Value;
use crate::ledger::Ledger;
use crate::support::figures;
use crate::support::jsonrpc::{Reply, Rpc};
use crate::support::site::Setup;
use crate::unbuilt;
use crate::vectors::{self, Expected, Scenario, Step};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

/// How many scenarios need what is not built; see `unbuilt.rs`.
const UNBUILT: usize = 16;
/// How many differences are printed.
const SHOWN: usize = 20;

/// What came of one scenario.
#[derive(Default)]
pub struct Outcome<'s> {
    /// The first answer that is not as expected; nothing is asked after it.
    pub difference: Option<String>,
    /// Equal answers whose bytes are not the original's.
    pub strict: Vec<String>,
    pub deviations: Vec<Deviation<'s>>,
    pub asked: usize,
}

/// An answer that may be another one than was recorded.
pub struct Deviation<'s> {
    /// The ledger's name for it.
    pub name: &'s str,
    pub recorded: Expected<'s>,
    /// Whether it is another one.
    pub differs: bool,
}

/// Replays scenarios against one address.
pub struct Replay<'l> {
    pub address: SocketAddr,
    pub quirks: bool,
    pub ledger: &'l Ledger,
    /// Where tariff-plan folders are written.
    pub work: PathBuf,
}

impl<'l> Replay<'l> {
    /// All of them over one connection; a new one after a connection that ended.
    pub fn all<'s>(&self, scenarios: &[&'s Scenario]) -> Vec<(&'s Scenario, Outcome<'s>)>
    where
        'l: 's,
    {
        let mut rpc = Rpc::to(self.address);
        let mut outcomes = Vec::new();
        for scenario in scenarios {
            let mut outcome = Outcome::default();
            if let Err(error) = self.one(&mut rpc, scenario, &mut outcome) {
                let step = &scenario.steps[outcome.asked.saturating_sub(1)];
                outcome.difference = Some(format!("{}: connection: {error}", step.method));
                rpc = Rpc::try_to(self.address).unwrap_or_else(|again| {
                    panic!("{}: {error}, and the server is gone: {again}", scenario.scenario)
                });
            }
            outcomes.push((*scenario, outcome));
        }
        outcomes
    }

    fn one<'s>(
        &self,
        rpc: &mut Rpc,
        scenario: &'s Scenario,
        out: &mut Outcome<'s>,
    ) -> std::io::Result<()>
    where
        'l: 's,
    {
        let unlabelled = self
            .ledger
            .unlabelled(&scenario.scenario)
            .filter(|name| !(self.quirks && self.ledger.restores(name)));
        let folder = self.work.join(&scenario.scenario);
        if let Some(files) = &scenario.folder {
            std::fs::create_dir_all(&folder)?;
            for (name, text) in files {
                std::fs::write(folder.join(name), text)?;
            }
        }
        let folder = serde_json::to_string(&folder)?;
        for (number, step) in scenario.steps.iter().enumerate() {
            out.asked += 1;
            let params = step.params.get().replace("\"@folder@\"", &folder);
            let reply = rpc.call(&step.method, &params)?;
            let expected = step.expected(self.quirks, self.ledger);
            let difference = difference(step, expected, &reply);
            let unlabelled = unlabelled.filter(|_| step.is_question());
            if let Some(name) = step.deviation.as_deref().or(unlabelled) {
                let recorded = step.recorded();
                let differs = self::difference(step, recorded, &reply).is_some();
                out.deviations.push(Deviation { name, recorded, differs });
                if differs && step.deviation.is_none() {
                    continue;
                }
            }
            if let Some(difference) = difference {
                out.difference = Some(format!("step {number} {}: {difference}", step.method));
                return Ok(());
            }
            if let Some(difference) = strict(step, expected, &reply) {
                out.strict.push(format!("step {number} {}: {difference}", step.method));
            }
        }
        if let Some(name) = unlabelled
            && !out.deviations.iter().any(|deviation| deviation.differs)
        {
            out.difference = Some(format!("all is as recorded: take it off {name} in the ledger"));
        }
        Ok(())
    }
}

/// How an answer differs from the expected one.
pub fn difference(step: &Step, expected: Expected, reply: &Reply) -> Option<String> {
    let result = || reply.result.as_ref().map_or(Value::Null, |text| Value::read(text.get()));
    match (expected, &reply.error) {
        (Expected::Error("*"), Some(error)) if !error.is_empty() => None,
        (Expected::Error(want), Some(error)) if error == want => None,
        (Expected::Error(want), error) => Some(format!(
            "expected error {want:?}, got error {error:?}, result {}",
            shown(&result())
        )),
        (Expected::Result(_), Some(error)) => {
            Some(format!("expected a result, got error {error:?}"))
        }
        (Expected::Result(want), None) => {
            let manner = Manner {
                loose: step.float,
                ignored: step.ignore.iter().map(|path| format!("result.{path}")).collect(),
                ties: &step.ties,
            };
            manner.difference(&Value::read(want), &result())
        }
    }
}

/// The bytes of an equal answer beside those of the original: order of keys, form of numbers and text.
fn strict(step: &Step, expected: Expected, reply: &Reply) -> Option<String> {
    if step.float
        || !step.ties.is_empty()
        || !step.ignore.is_empty()
        || expected == Expected::Error("*")
    {
        return None;
    }
    let text = |error: &str| Value::Text(error.to_owned()).as_written();
    let (result, error) = match expected {
        Expected::Result(result) => (Value::read(result).as_written(), "null".to_owned()),
        Expected::Error(error) => ("null".to_owned(), text(error)),
    };
    let want = format!("{{\"id\":{},\"result\":{result},\"error\":{error}}}\n", reply.id);
    let same = want.bytes().zip(reply.raw.bytes()).take_while(|(one, other)| one == other).count();
    let near = |text: &str| {
        let bytes = text.as_bytes();
        let from = same.saturating_sub(30).min(bytes.len());
        String::from_utf8_lossy(&bytes[from..(from + 80).min(bytes.len())]).into_owned()
    };
    (want != reply.raw)
        .then(|| format!("byte {same}: expected …{:?}, got …{:?}", near(&want), near(&reply.raw)))
}

/// Those that can be answered, by the server that they need.
pub fn by_setup(scenarios: &[Scenario], quirks: bool) -> BTreeMap<Setup, Vec<&Scenario>> {
    let mut groups: BTreeMap<Setup, Vec<&Scenario>> = BTreeMap::new();
    for scenario in scenarios.iter().filter(|scenario| unbuilt::need(scenario).is_none()) {
        let v100 = scenario.engine == "1.0";
        let setup = Setup { v100, quirks, ..Setup::routes(&scenario.routes_config) };
        groups.entry(setup).or_default().push(scenario);
    }
    groups
}

/// Replays groups, each against a server of its own.
pub fn replay<'s>(
    groups: BTreeMap<Setup, Vec<&'s Scenario>>,
    ledger: &'s Ledger,
) -> Vec<(&'s Scenario, Outcome<'s>)> {
    let mut outcomes = Vec::new();
    for (setup, scenarios) in groups {
        let site = setup.start();
        let replay = Replay {
            address: site.address(),
            quirks: setup.quirks,
            ledger,
            work: site.path("plans"),
        };
        outcomes.extend(replay.all(&scenarios));
    }
    outcomes
}

/// Prints what failed, and how many; the failing scenarios.
fn tell(what: &str, differences: &[(&Scenario, &str)], of: usize) -> usize {
    let mut failing: Vec<&str> = differences.iter().map(|row| row.0.scenario.as_str()).collect();
    failing.dedup();
    for (scenario, difference) in differences.iter().take(SHOWN) {
        println!("{} ({}): {difference}", scenario.scenario, scenario.note);
    }
    let failed = failing.len();
    println!(
        "{what}: {} of {of} scenarios as expected, {failed} not: {}",
        of - failed,
        failing.join(" ")
    );
    failed
}

#[test]
fn every_recorded_answer_comes_through_the_port() {
    let (ledger, scenarios) = (Ledger::read(), vectors::all());
    let needs: Vec<(&str, String)> = scenarios
        .iter()
        .filter_map(|scenario| Some((scenario.scenario.as_str(), unbuilt::need(scenario)?)))
        .collect();
    assert_eq!(needs.len(), UNBUILT, "what needs more than is built: {needs:?}");

    let outcomes = replay(by_setup(&scenarios, false), &ledger);
    assert_eq!(outcomes.len() + UNBUILT, scenarios.len());
    let differences: Vec<(&Scenario, &str)> = outcomes
        .iter()
        .filter_map(|(scenario, outcome)| Some((*scenario, outcome.difference.as_deref()?)))
        .collect();
    let strict: Vec<(&Scenario, &str)> = outcomes
        .iter()
        .flat_map(|(scenario, outcome)| {
            outcome.strict.iter().map(|text| (*scenario, text.as_str()))
        })
        .collect();
    let failed = tell("values", &differences, outcomes.len());
    let misprinted = tell("bytes", &strict, outcomes.len());
    let asked: usize = outcomes.iter().map(|(_, outcome)| outcome.asked).sum();
    figures::leave(
        "cgrates",
        &format!(
            "CGRateS' recorded answers: {} of {} scenarios answered alike ({UNBUILT} need what is not \
             built), {misprinted} with other bytes; {asked} calls",
            outcomes.len() - failed,
            scenarios.len(),
        ),
    );
    assert_eq!((failed, misprinted), (0, 0), "scenarios answered otherwise, and with other bytes");
}

#[test]
fn with_quirks_all_is_answered_as_recorded_but_what_the_ledger_excepts() {
    let (ledger, scenarios) = (Ledger::read(), vectors::all());
    let outcomes = replay(by_setup(&scenarios, true), &ledger);
    assert_eq!(outcomes.len() + UNBUILT, scenarios.len());
    let differences: Vec<(&Scenario, &str)> = outcomes
        .iter()
        .filter_map(|(scenario, outcome)| Some((*scenario, outcome.difference.as_deref()?)))
        .collect();
    assert_eq!(tell("with quirks", &differences, outcomes.len()), 0);

    for (name, beginning) in ledger.exceptions() {
        let mut deviations = outcomes.iter().flat_map(|(_, outcome)| &outcome.deviations);
        let excepted = deviations.any(|deviation| {
            deviation.name == name
                && deviation.differs
                && deviation.recorded.is_error_that_begins(beginning)
        });
        assert!(excepted, "{name}: take {beginning:?} out, nothing differs any more");
    }
}
