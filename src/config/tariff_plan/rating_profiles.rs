//! RatingProfiles.csv: which plan rates whose calls, since when.

use super::Manner;
use super::merge::Merged;
use super::rows::{Layout, PlanFile, Sink};
use crate::config::definition;
use crate::config::finding::shown;
use crate::model::definition::{PlanActivation, RatingProfile, Stamp};

static LAYOUT: Layout = Layout {
    model: "RatingProfileMdl",
    columns: &[
        "Tenant",
        "Category",
        "Subject",
        "ActivationTime",
        "RatingPlanId",
        "RatesFallbackSubject",
    ],
};

pub(super) fn read<'f, 's: 'f>(
    files: impl Iterator<Item = &'f PlanFile<'s>>,
    manner: &Manner,
    sink: &mut Sink<'s>,
) -> Vec<definition::Row<RatingProfile>> {
    let mut merged: Merged<[String; 3], definition::Row<RatingProfile>> = Merged::default();
    for file in files {
        file.each(&LAYOUT, sink, |row, sink| {
            // Calls without a category have one: the empty one.
            let ids = [0, 2, 4].map(|column| row.required(column, sink));
            let from = row.moment(3, &manner.timezone, sink).unwrap_or_else(Stamp::first);
            let category = row.text(1);
            if category.contains(RatingProfile::SEPARATOR) {
                let text = format!("the category {} has a colon", shown(category));
                sink.error(row.mark(1), &text, "it could not be told from the subject", &text);
            }
            let [Some(tenant), Some(subject), Some(plan)] = ids else { return };
            let key = [tenant, category, subject].map(str::to_owned);
            let make = || {
                let [tenant, category, subject] = key.clone();
                let activations = Vec::new();
                row.begin(2, sink, RatingProfile { tenant, category, subject, activations })
            };
            if let Some(profile) = merged.entry(key.clone(), make) {
                let plan = plan.to_owned();
                let activation = PlanActivation { from, plan, fallback: row.list(5) };
                profile.definition.activations.push(activation);
            }
        });
    }
    let mut profiles = merged.into_vec();
    for profile in &mut profiles {
        profile.definition.activations.sort_by_key(|activation| activation.from.ns);
    }
    profiles
}
