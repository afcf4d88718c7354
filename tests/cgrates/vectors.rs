//! The recorded conversations: what was asked, and what the original answered.

use crate::ledger::Ledger;
use crate::support::jsonrpc::present;
use crate::unbuilt;
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// The files that concern selection, cost and sessions, with the number of scenarios that each holds.
pub const FILES: [(&str, usize); 6] = [
    ("selection", 404),
    ("selection-indexed", 89),
    ("routes-100", 33),
    ("suppliers-010", 58),
    ("cost", 351),
    // Of 42: the others ask for nothing that is built.
    ("sessions", 31),
];

/// One conversation, in a tenant of its own.
#[derive(Deserialize)]
pub struct Scenario {
    pub scenario: String,
    /// The generation that was recorded: 0.10, 0.11 or 1.0.
    pub engine: String,
    #[serde(default)]
    pub note: String,
    /// Keys of `[routes]` that differ from our defaults.
    #[serde(default)]
    pub routes_config: BTreeMap<String, serde_json::Value>,
    /// A tariff-plan folder: files by name.
    #[serde(default)]
    pub folder: Option<BTreeMap<String, String>>,
    pub steps: Vec<Step>,
}

/// One call.
#[derive(Deserialize)]
pub struct Step {
    pub method: String,
    pub params: Box<RawValue>,
    #[serde(default, deserialize_with = "present")]
    result: Option<Box<RawValue>>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    pub ties: Vec<Vec<String>>,
    #[serde(default)]
    pub float: bool,
    #[serde(default)]
    pub ignore: Vec<String>,
    /// Where our answer is another one on purpose: the ledger's name for it, and ours.
    #[serde(default)]
    pub deviation: Option<String>,
    #[serde(default, deserialize_with = "present")]
    want: Option<Box<RawValue>>,
    #[serde(default)]
    want_error: Option<String>,
}

/// What a call is answered with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expected<'s> {
    Result(&'s str),
    /// An error; `*` is any.
    Error(&'s str),
}

impl Expected<'_> {
    /// Whether it is an error whose text begins so.
    pub fn is_error_that_begins(self, beginning: &str) -> bool {
        matches!(self, Self::Error(text) if text.starts_with(beginning))
    }
}

impl Step {
    /// Whether it asks something that filters decide.
    pub fn is_question(&self) -> bool {
        self.method.starts_with("RouteSv1.") || self.method.starts_with("SupplierSv1.")
    }

    /// What the original answered.
    pub fn recorded(&self) -> Expected<'_> {
        match (&self.error, &self.result) {
            (Some(error), _) => Expected::Error(error),
            (None, Some(result)) => Expected::Result(result.get()),
            (None, None) => panic!("{} has no answer", self.method),
        }
    }

    /// What siproute answers; with `quirks` as the original did, where the ledger says that it can.
    pub fn expected(&self, quirks: bool, ledger: &Ledger) -> Expected<'_> {
        let restored = quirks
            && (self.deviation.as_ref())
                .is_some_and(|name| ledger.restores_answer(name, self.recorded()));
        match (&self.want_error, &self.want) {
            (Some(error), _) if !restored => Expected::Error(error),
            (None, Some(want)) if !restored => Expected::Result(want.get()),
            _ => self.recorded(),
        }
    }
}

/// The scenarios of one file, without the steps that [`unbuilt::is_skipped`] leaves out.
pub fn read(name: &str) -> Vec<Scenario> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("tests/cgrates/vectors/{name}.jsonl.gz"));
    let lines = BufReader::new(GzDecoder::new(std::fs::File::open(path).unwrap())).lines();
    let mut scenarios: Vec<Scenario> = lines.map(|line| parse(&line.unwrap())).collect();
    if name == "sessions" {
        let count = |scenarios: &[Scenario]| -> usize {
            scenarios.iter().map(|scenario| scenario.steps.len()).sum()
        };
        let all = count(&scenarios);
        for scenario in &mut scenarios {
            scenario.steps.retain(|step| !unbuilt::is_skipped(step));
        }
        let asks = |step: &Step| step.method.starts_with("SessionSv1.");
        scenarios.retain(|scenario| scenario.steps.iter().any(asks));
        assert_eq!(all - count(&scenarios), unbuilt::SKIPPED, "steps that are left out");
    }
    scenarios
}

/// One scenario from its line.
pub fn parse(line: &str) -> Scenario {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// Those of all files.
pub fn all() -> Vec<Scenario> {
    let mut all = Vec::new();
    for (name, count) in FILES {
        let scenarios = read(name);
        assert_eq!(scenarios.len(), count, "scenarios in {name}");
        all.extend(scenarios);
    }
    all
}
