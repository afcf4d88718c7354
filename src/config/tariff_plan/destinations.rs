//! Destinations.csv: one prefix a row.

use super::merge::Merged;
use super::odd_rows::{Often, look_at_prefix};
use super::rows::{Layout, PlanFile, Sink};
use crate::config::definition::Row;
use crate::model::definition::Destination;
use std::sync::Arc;

static LAYOUT: Layout = Layout { model: "DestinationMdl", columns: &["Id", "Prefix"] };

pub(super) fn read<'f, 's: 'f>(
    files: impl Iterator<Item = &'f PlanFile<'s>>,
    sink: &mut Sink<'s>,
) -> Vec<Row<Destination>> {
    let mut merged: Merged<Arc<str>, Row<Destination>> = Merged::default();
    let mut odd = Often::default();
    for file in files {
        file.each(&LAYOUT, sink, |row, sink| {
            let (Some(id), Some(prefix)) = (row.required(0, sink), row.required(1, sink)) else {
                return;
            };
            look_at_prefix(row, &mut odd, sink);
            let make = || {
                let id: Arc<str> = id.into();
                let prefixes = Vec::with_capacity(1);
                (Arc::clone(&id), row.begin(0, sink, Destination { id, prefixes }))
            };
            if let Some(destination) = merged.entry_of(id, make) {
                destination.definition.prefixes.push(prefix.to_owned());
            }
        });
    }
    odd.finish("have a prefix which no number has", sink);
    merged.into_vec()
}
