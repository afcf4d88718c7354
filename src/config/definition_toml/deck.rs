//! A rating plan as a deck: CSV, a line for each prefix and each slot of its price.
//!
//! A line with a later slot than the line before it, and the same prefix, timing and weight, goes on with
//! the price of that line. What such lines cannot say is named; words that have no effect in CGRateS are
//! left out.

use crate::model::cost::RoundingMethod;
use crate::model::definition::{Destination, PlanRow, Rate, RatingPlan};
use crate::model::go::duration;
use foldhash::{HashMap, HashSet};

/// The destination that every number is of; as a prefix it stands for itself.
const ANY: &str = "*any";
/// Strategies; others are of no effect.
const STRATEGIES: [&str; 2] = ["*free", "*disconnect"];
/// To how many decimals a table file rounds.
const DECIMALS_MAX: i32 = 12;
/// What a unit and an increment of 0 count as.
const SECOND_NS: i64 = 1_000_000_000;

/// A deck in writing.
#[derive(Debug, Default)]
pub(super) struct Deck {
    /// Its text.
    pub text: String,
    /// What a deck cannot say.
    pub lost: Vec<String>,
}

/// The columns beside prefix, rate, unit and increment, which every deck has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    ConnectFee,
    Rounding,
    Decimals,
    Slot,
    Timing,
    Weight,
    MaxCost,
    MaxCostStrategy,
}

const COLUMNS: [(Column, &str); 8] = [
    (Column::ConnectFee, "connect_fee"),
    (Column::Rounding, "rounding"),
    (Column::Decimals, "decimals"),
    (Column::Slot, "slot"),
    (Column::Timing, "timing"),
    (Column::Weight, "weight"),
    (Column::MaxCost, "max_cost"),
    (Column::MaxCostStrategy, "max_cost_strategy"),
];

fn rounds(rate: &Rate) -> bool {
    RoundingMethod::named(&rate.rounding_method).is_some()
}

impl Column {
    /// Whether a row says something in it.
    fn is_used(self, row: &PlanRow) -> bool {
        let rate = &row.rate;
        match self {
            Self::ConnectFee => rate.connect_fee != 0.0,
            Self::Rounding | Self::Decimals => rounds(rate),
            Self::Slot => rate.slots.iter().any(|slot| slot.start_ns != 0),
            Self::Timing => row.timing.is_some(),
            Self::Weight => row.weight != 0.0,
            Self::MaxCost => rate.max_cost != 0.0,
            Self::MaxCostStrategy => STRATEGIES.contains(&rate.max_cost_strategy.as_str()),
        }
    }

    fn cell(self, row: &PlanRow, slot_ns: i64) -> String {
        let rate = &row.rate;
        match self {
            Self::ConnectFee => rate.connect_fee.to_string(),
            Self::Rounding | Self::Decimals if !rounds(rate) => String::new(),
            Self::Rounding => rate.rounding_method.clone(),
            Self::Decimals => rate.rounding_decimals.to_string(),
            Self::Slot => span(slot_ns),
            Self::Timing => row.timing.as_ref().map(|it| it.id.clone()).unwrap_or_default(),
            Self::Weight => row.weight.to_string(),
            Self::MaxCost => rate.max_cost.to_string(),
            Self::MaxCostStrategy if !self.is_used(row) => String::new(),
            Self::MaxCostStrategy => rate.max_cost_strategy.clone(),
        }
    }
}

/// Writes the deck of a plan; destinations that are not there have no prefixes.
pub(super) fn write(plan: &RatingPlan, destinations: &HashMap<&str, &Destination>) -> Deck {
    let mut deck = Deck::default();
    let used =
        COLUMNS.into_iter().filter(|(column, _)| plan.rows.iter().any(|row| column.is_used(row)));
    let (columns, names): (Vec<Column>, Vec<&str>) = used.unzip();
    shared(plan, destinations, &mut deck.lost);
    deck.line(["prefix", "rate", "unit", "increment"].into_iter().chain(names));
    roundings(plan, &mut deck.lost);
    let mut ends = HashMap::default();
    for row in &plan.rows {
        let mut prefixes = vec![];
        match destinations.get(row.destination.as_ref()) {
            _ if *row.destination == *ANY => prefixes.push(ANY),
            Some(destination) => prefixes.extend(destination.prefixes.iter().map(String::as_str)),
            None => {}
        }
        check_slots(plan, row, &mut ends, &mut deck.lost);
        let lines: Vec<Vec<String>> = row
            .rate
            .slots
            .iter()
            .map(|slot| {
                let second = |ns: i64| span(if ns == 0 { SECOND_NS } else { ns });
                let own = [slot.rate.to_string(), second(slot.unit_ns), second(slot.increment_ns)];
                own.into_iter()
                    .chain(columns.iter().map(|column| column.cell(row, slot.start_ns)))
                    .collect()
            })
            .collect();
        let mut seen = HashSet::default();
        for prefix in prefixes.into_iter().filter(|prefix| seen.insert(*prefix)) {
            for line in &lines {
                deck.line(std::iter::once(prefix).chain(line.iter().map(String::as_str)));
            }
        }
    }
    deck
}

/// The least last slot of all prices of a destination, timing and weight so far.
type Ends<'p> = HashMap<(&'p str, Option<&'p str>, u64), i64>;

/// Slots that would not be read as they are meant.
fn check_slots<'p>(
    plan: &RatingPlan,
    row: &'p PlanRow,
    ends: &mut Ends<'p>,
    lost: &mut Vec<String>,
) {
    let starts: Vec<i64> = row.rate.slots.iter().map(|slot| slot.start_ns).collect();
    let (Some(first), Some(last)) = (starts.first(), starts.last()) else { return };
    if starts.iter().zip(starts.iter().skip(1)).any(|(slot, next)| slot == next) {
        lost.push(format!(
            "the rating plan {} has two prices for {} from the same moment of a call on",
            plan.id, row.destination
        ));
    }
    let timing = row.timing.as_ref().map(|timing| timing.id.as_str());
    let end = ends.entry((&row.destination, timing, row.weight.to_bits())).or_insert(i64::MAX);
    if *end < *first {
        lost.push(format!(
            "the rating plan {} has a price for {} that begins later in a call than one before it",
            plan.id, row.destination
        ));
    }
    *end = (*end).min(*last);
}

/// Roundings that a deck has no words for, where they count: that of the most decimals does.
fn roundings(plan: &RatingPlan, lost: &mut Vec<String>) {
    let rates = || plan.rows.iter().map(|row| &row.rate);
    let too_fine =
        rates().find(|rate| rounds(rate) && !(0..=DECIMALS_MAX).contains(&rate.rounding_decimals));
    if let Some(rate) = too_fine {
        let decimals = rate.rounding_decimals;
        lost.push(format!("the rating plan {} rounds to {decimals} decimals", plan.id));
    }
    let silent = rates().find(|rate| !rounds(rate) && rate.rounding_decimals > 0);
    if let Some(rate) = silent.filter(|_| rates().any(|rate| rounds(rate))) {
        lost.push(format!(
            "the rating plan {} has decimals for the rounding `{}`, which is none",
            plan.id, rate.rounding_method
        ));
    }
}

/// Prefixes of several destinations, of which only the heaviest one counts.
fn shared(plan: &RatingPlan, destinations: &HashMap<&str, &Destination>, lost: &mut Vec<String>) {
    let mut owners: HashMap<&str, &str> = HashMap::default();
    let mut seen = HashSet::default();
    let named = plan.rows.iter().map(|row| row.destination.as_ref());
    for destination in named.filter(|id| seen.insert(*id)).filter_map(|id| destinations.get(id)) {
        for prefix in &destination.prefixes {
            let owner = *owners.entry(prefix).or_insert(&destination.id);
            if prefix.trim() != prefix || prefix == ANY {
                lost.push(format!(
                    "in the rating plan {} the prefix {prefix:?} of {} would be another in a deck",
                    plan.id, destination.id
                ));
            }
            if *owner != *destination.id {
                lost.push(format!(
                    "in the rating plan {} the prefix {prefix} is of two destinations: {owner} and {}",
                    plan.id, destination.id
                ));
            }
        }
    }
}

/// A span of time; whole seconds as seconds.
pub(super) fn span(ns: i64) -> String {
    if ns % SECOND_NS == 0 && ns >= 0 { format!("{}s", ns / SECOND_NS) } else { duration::text(ns) }
}

impl Deck {
    fn line<'c>(&mut self, cells: impl Iterator<Item = &'c str>) {
        for (place, cell) in cells.enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            if cell.contains([',', '"', '\n', '\r', '#']) {
                self.text.push('"');
                self.text.push_str(&cell.replace('"', "\"\""));
                self.text.push('"');
            } else {
                self.text.push_str(cell);
            }
        }
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::definition::{Rate, RateSlot, Timing};
    use std::sync::Arc;

    fn slot(start_s: i64, rate: f64) -> RateSlot {
        let (start_ns, unit_ns) = (start_s * SECOND_NS, 60 * SECOND_NS);
        RateSlot { start_ns, rate, unit_ns, increment_ns: 0 }
    }

    fn row(destination: &str, slots: &[RateSlot], weight: f64) -> PlanRow {
        let rate = Arc::new(Rate { slots: slots.to_vec(), ..Rate::default() });
        PlanRow { destination: destination.into(), rate, timing: None, weight }
    }

    fn rounding(method: &str, decimals: i32) -> PlanRow {
        let rate = Rate {
            slots: vec![slot(0, 1.0)],
            rounding_method: method.into(),
            rounding_decimals: decimals,
            ..Rate::default()
        };
        PlanRow { rate: Arc::new(rate), ..row("FR", &[], 0.0) }
    }

    fn deck(rows: Vec<PlanRow>) -> Deck {
        let prefixes = |prefixes: &[&str]| prefixes.iter().map(|it| (*it).to_owned()).collect();
        let destinations =
            [("DE", &["49", "0049", "49"][..]), ("FR", &["33"]), ("EU", &["33", "3"])]
                .map(|(id, list)| Destination { id: id.into(), prefixes: prefixes(list) });
        let by_id = destinations.iter().map(|it| (it.id.as_ref(), it)).collect();
        write(&RatingPlan { id: "RP".into(), rows }, &by_id)
    }

    #[test]
    fn a_deck_has_a_line_for_each_prefix_and_slot_and_only_columns_that_say_something() {
        let plain = deck(vec![row("DE", &[slot(0, 0.02)], 0.0), row("GONE", &[slot(0, 1.0)], 0.0)]);
        assert_eq!(plain.text, "prefix,rate,unit,increment\n49,0.02,60s,1s\n0049,0.02,60s,1s\n");
        let rate = Rate {
            connect_fee: 0.1,
            slots: vec![slot(0, 1e-7), RateSlot { increment_ns: 1_500_000_000, ..slot(60, 0.5) }],
            rounding_method: "*up".into(),
            rounding_decimals: 4,
            max_cost: 0.5,
            max_cost_strategy: "*free".into(),
        };
        let timing = Timing { id: "a,b".into(), ..Timing::default() };
        let full = deck(vec![PlanRow {
            rate: Arc::new(rate),
            timing: Some(Arc::new(timing)),
            ..row("*any", &[], 10.5)
        }]);
        assert_eq!(
            full.text,
            "prefix,rate,unit,increment,connect_fee,rounding,decimals,slot,timing,weight,max_cost,max_cost_strategy\n\
             *any,0.0000001,60s,1s,0.1,*up,4,0s,\"a,b\",10.5,0.5,*free\n\
             *any,0.5,60s,1.5s,0.1,*up,4,60s,\"a,b\",10.5,0.5,*free\n"
        );
        assert!(plain.lost.is_empty() && full.lost.is_empty());
        let odd = Rate {
            slots: vec![slot(0, 1.0)],
            rounding_method: "*bogus".into(),
            rounding_decimals: 4,
            max_cost_strategy: "*stop".into(),
            ..Rate::default()
        };
        let odd = deck(vec![PlanRow { rate: Arc::new(odd), ..row("*any", &[], 0.0) }]);
        assert_eq!(odd.text, "prefix,rate,unit,increment\n*any,1,60s,1s\n");
        assert_eq!(odd.lost, Vec::<String>::new());
    }

    #[test]
    fn what_a_deck_cannot_say_is_named() {
        for (rows, want) in [
            (vec![row("FR", &[slot(0, 1.0)], 0.0), row("FR", &[slot(0, 1.0)], 0.0)], ""),
            (vec![row("FR", &[slot(0, 1.0)], 0.0), row("FR", &[slot(9, 1.0)], 1.0)], ""),
            (vec![rounding("*up", 4), rounding("*none", 0)], ""),
            (
                vec![rounding("*up", 4), rounding("*none", 5)],
                "the rating plan RP has decimals for the rounding `*none`, which is none",
            ),
            (vec![rounding("*up", 13)], "the rating plan RP rounds to 13 decimals"),
            (
                vec![row("FR", &[slot(0, 1.0)], 0.0), row("FR", &[slot(9, 1.0)], 0.0)],
                "the rating plan RP has a price for FR that begins later in a call than one before it",
            ),
            (
                vec![row("FR", &[slot(0, 1.0), slot(0, 2.0)], 0.0)],
                "the rating plan RP has two prices for FR from the same moment of a call on",
            ),
            (
                vec![row("FR", &[slot(0, 1.0)], 0.0), row("EU", &[slot(0, 1.0)], 0.0)],
                "in the rating plan RP the prefix 33 is of two destinations: FR and EU",
            ),
        ] {
            assert_eq!(deck(rows).lost.join("; "), want);
        }
    }
}
