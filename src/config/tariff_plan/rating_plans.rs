//! RatingPlans.csv: which prices count, when, and which before others.

use super::merge::Merged;
use super::missing::Named;
use super::rates::DestinationRates;
use super::rows::{Layout, PlanFile, Sink};
use crate::config::definition;
use crate::model::definition::{PlanRow, RatingPlan, Timing};
use foldhash::HashMap;
use std::sync::Arc;

static LAYOUT: Layout = Layout {
    model: "RatingPlanMdl",
    columns: &["Id", "DestinationRatesId", "TimingTag", "Weight"],
};

/// The timing that is always, whatever Timings.csv says.
const ANY: &str = "*any";

/// Plans with the rows of DestinationRates.csv that they name, in the order of both files.
pub(super) fn read<'f, 's: 'f>(
    files: impl Iterator<Item = &'f PlanFile<'s>>,
    rates: &DestinationRates,
    timings: &[definition::Row<Timing>],
    sink: &mut Sink<'s>,
) -> Vec<definition::Row<RatingPlan>> {
    let timings: HashMap<&str, &Timing> =
        timings.iter().map(|row| (row.definition.id.as_str(), &row.definition)).collect();
    let mut used: HashMap<&str, Arc<Timing>> = HashMap::default();
    let mut merged: Merged<String, definition::Row<RatingPlan>> = Merged::default();
    let mut timing_tags = Named::new("Timings.csv", "id", sink);
    let mut rate_ids = Named::new("DestinationRates.csv", "id", sink);
    for file in files {
        file.each(&LAYOUT, sink, |row, sink| {
            let ids = [0, 1, 2].map(|column| row.required(column, sink));
            let weight = row.number(3, sink);
            let [Some(id), Some(named), Some(tag)] = ids else { return };
            let timing = match timings.get_key_value(tag) {
                _ if tag == ANY => None,
                Some((tag, timing)) => {
                    Some(used.entry(tag).or_insert_with(|| Arc::new(Timing::clone(timing))))
                }
                None => {
                    let said = format!("could not get timing for tag {tag}");
                    return timing_tags.miss(row, 2, &said, sink);
                }
            };
            let Some(rates) = rates.get(named) else {
                let said = format!("could not find destination rate for tag {named}");
                return rate_ids.miss(row, 1, &said, sink);
            };
            let make =
                || row.begin(0, sink, RatingPlan { id: id.to_owned(), ..RatingPlan::default() });
            let Some(plan) = merged.entry(id.to_owned(), make) else { return };
            plan.definition.rows.extend(rates.iter().map(|one| PlanRow {
                destination: Arc::clone(&one.destination),
                rate: Arc::clone(&one.rate),
                timing: timing.as_deref().cloned(),
                weight,
            }));
        });
    }
    merged.into_vec()
}
