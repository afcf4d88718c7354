//! Actions.csv and ActionPlans.csv: what fills the balances of accounts when a folder is loaded.
//!
//! Of actions only those that fill a balance are read, of plans only what is done at once. What happens
//! later, or does something else, needs an engine that keeps accounts: it is passed over with a warning.

use super::Manner;
use super::cell::{self, Durations, SEPARATOR};
use super::missing::Named;
use super::rows::{Layout, PlanFile, Row, Sink};
use crate::config::definition;
use crate::config::finding::shown;
use crate::model::definition::{Balance, BalanceKind, Timing};
use foldhash::{HashMap, HashSet};

static ACTIONS: Layout = Layout {
    model: "ActionMdl",
    columns: &[
        "ActionsId",
        "Action",
        "ExtraParameters",
        "Filter",
        "BalanceId",
        "BalanceType",
        "Categories",
        "DestinationIds",
        "RatingSubject",
        "SharedGroup",
        "ExpiryTime",
        "TimingIds",
        "Units",
        "BalanceWeight",
        "BalanceBlocker",
        "BalanceDisabled",
        "Weight",
    ],
};

static PLANS: Layout =
    Layout { model: "ActionPlanMdl", columns: &["Id", "ActionsId", "TimingId", "Weight"] };

/// What a cell has that leaves open what it could say.
const ANY: &str = "*any";
/// When something is done at once.
const ASAP: &str = "*asap";

/// An action that fills a balance.
#[derive(Debug, Clone)]
pub(super) struct TopUp {
    /// The balance that is made where there is none.
    pub(super) balance: Balance,
    /// Whether its value replaces what is there, or is added.
    pub(super) resets: bool,
    weight: f64,
}

/// Plans of actions by their ids: what is done at once, in its order.
#[derive(Debug, Default)]
pub(super) struct ActionPlans {
    by_id: HashMap<String, Vec<Step>>,
}

#[derive(Debug)]
struct Step {
    top_ups: Vec<TopUp>,
    weight: f64,
}

impl ActionPlans {
    /// What a plan does at once.
    pub(super) fn get(&self, id: &str) -> Option<impl Iterator<Item = &TopUp>> {
        Some(self.by_id.get(id)?.iter().flat_map(|step| &step.top_ups))
    }
}

/// Actions by their ids, those with the greater weight first.
type Actions = HashMap<String, Vec<TopUp>>;

/// Reads both files.
pub(super) fn read<'f, 's: 'f>(
    actions: impl Iterator<Item = &'f PlanFile<'s>>,
    plans: impl Iterator<Item = &'f PlanFile<'s>>,
    timings: &[definition::Row<Timing>],
    manner: &Manner,
    sink: &mut Sink<'s>,
) -> ActionPlans {
    let actions = read_actions(actions, manner, sink);
    let timings: HashMap<&str, &str> = timings
        .iter()
        .map(|row| (row.definition.id.as_str(), row.definition.start.as_str()))
        .collect();
    let mut read = ActionPlans::default();
    let mut action_ids = Named::new("Actions.csv", "id", sink);
    let mut timing_tags = Named::new("Timings.csv", "id", sink);
    for file in plans {
        file.each(&PLANS, sink, |row, sink| {
            let ids = [0, 1, 2].map(|column| row.required(column, sink));
            let weight = row.number(3, sink);
            let [Some(id), Some(named), Some(timing)] = ids else { return };
            let steps = read.by_id.entry(id.to_owned()).or_default();
            let Some(top_ups) = actions.get(named) else {
                let said = format!("[ActionPlans] Could not load the action for tag: {named}");
                return action_ids.miss(row, 1, &said, sink);
            };
            let start = match timings.get(timing) {
                Some(start) => start,
                None if timing.starts_with('*') => timing,
                None => {
                    let said = format!("[ActionPlans] Could not load the timing for tag: {timing}");
                    return timing_tags.miss(row, 2, &said, sink);
                }
            };
            if start == ASAP {
                steps.push(Step { top_ups: top_ups.clone(), weight });
            } else {
                let text = format!("the actions at {} are passed over", shown(timing));
                sink.warn(row.mark(2), &text, "balances are filled once, when the plan is loaded");
            }
        });
    }
    for steps in read.by_id.values_mut() {
        steps.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    }
    read
}

fn read_actions<'f, 's: 'f>(
    files: impl Iterator<Item = &'f PlanFile<'s>>,
    manner: &Manner,
    sink: &mut Sink<'s>,
) -> Actions {
    let mut actions = Actions::default();
    let mut passed_over = HashSet::default();
    let mut durations = Durations::default();
    for file in files {
        file.each(&ACTIONS, sink, |row, sink| {
            let (Some(id), Some(action)) = (row.required(0, sink), row.required(1, sink)) else {
                return;
            };
            let top_ups = actions.entry(id.to_owned()).or_default();
            let resets = match action {
                "*topup_reset" => true,
                "*topup" => false,
                other => {
                    if passed_over.insert(other.to_owned()) {
                        let text = format!("the action {} is passed over", shown(other));
                        let help = "routing reads `*topup_reset` and `*topup`: how balances begin";
                        sink.warn(row.mark(1), &text, help);
                    }
                    return;
                }
            };
            let balance = balance(row, manner, &mut durations, sink);
            top_ups.push(TopUp { balance, resets, weight: row.number(16, sink) });
        });
    }
    for top_ups in actions.values_mut() {
        top_ups.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    }
    actions
}

fn balance(
    row: &Row<'_>,
    manner: &Manner,
    durations: &mut Durations,
    sink: &mut Sink<'_>,
) -> Balance {
    for (column, what) in
        [(3, "Filter"), (9, "SharedGroup"), (11, "TimingIds"), (14, "BalanceBlocker")]
    {
        let text = row.text(column);
        if !matches!(text, "" | ANY | "false" | "0") {
            let text = format!("{} in {what} is passed over", shown(text));
            sink.warn(row.mark(column), &text, "whatever it says, the balance pays for calls");
        }
    }
    let kind = match row.text(5) {
        "*voice" => BalanceKind::Voice,
        "*monetary" => BalanceKind::Monetary,
        _ => BalanceKind::Other,
    };
    let cell = |column| Some(row.text(column)).filter(|text| *text != ANY).unwrap_or_default();
    let list = |column| match cell(column) {
        "" => Vec::new(),
        text => text.split(SEPARATOR).map(str::to_owned).collect(),
    };
    Balance {
        id: cell(4).to_owned(),
        kind,
        value: match (cell(12), kind) {
            ("", _) => 0.0,
            // A span of time below 2^53 nanoseconds is 104 days: longer ones are rounded.
            (_, BalanceKind::Voice) => durations.read(row, 12, sink) as f64,
            _ => row.number(12, sink).abs(),
        },
        weight: if cell(13).is_empty() { 0.0 } else { row.number(13, sink) },
        destinations: every(list(7)),
        categories: list(6),
        rating_subject: cell(8).to_owned(),
        expires: expires(row, manner, sink),
        is_disabled: !cell(15).is_empty() && row.flag(15, sink),
    }
}

/// A list with `*any` in it is one of everything: an empty one.
fn every(list: Vec<String>) -> Vec<String> {
    if list.iter().any(|part| part == ANY) { Vec::new() } else { list }
}

/// ExpiryTime. What counts from the moment of filling is no bound here: the balance is as filled whenever
/// the folder is read.
fn expires(
    row: &Row<'_>,
    manner: &Manner,
    sink: &mut Sink<'_>,
) -> Option<crate::model::definition::Stamp> {
    let text = row.text(10);
    if text != cell::UNLIMITED && text.starts_with(['*', '+']) {
        let text = format!("{} in {} is read as `*unlimited`", shown(text), row.name(10));
        let help = "a file must not change its meaning with time: write the moment itself";
        sink.warn(row.mark(10), &text, help);
        return None;
    }
    row.moment(10, &manner.timezone, sink)
}
