//! One question, one list of suppliers: the list that the question names, else profiles, else the
//! layered table.

use super::explain::{Reason, Recorder};
use super::fields::Failure;
use super::layers::{self, Wanted};
use super::profiles;
use super::question::Question;
use super::selection::{Origin, Place, Selection, Source};
use crate::model::number::Number;
use crate::table::Table;
use crate::table::supplier::SupplierIndex;

/// Fills `selection` with the suppliers for a question, first choice first.
///
/// A matching profile hides the layered table, even when none of its routes is left.
///
/// # Errors
/// A filter gives no answer.
pub fn select<R: Recorder>(
    table: &Table,
    question: &Question<'_>,
    selection: &mut Selection,
    recorder: &mut R,
) -> Result<(), Failure> {
    selection.clear(table);
    if profiles::choose(table, question, selection, recorder)? {
        return Ok(());
    }
    let Some(number) = question.number else { return Ok(()) };
    let wanted = match number {
        Number::E164(digits) => Wanted::Number(digits),
        Number::Short(_) => Wanted::Short,
    };
    layers::choose(table, question, wanted, selection, recorder);
    if !selection.places.is_empty() {
        selection.source = Source::Layers;
    }
    Ok(())
}

/// Fills `selection` with the suppliers that the question names, in its order.
pub fn force<R: Recorder>(
    table: &Table,
    suppliers: impl Iterator<Item = SupplierIndex>,
    selection: &mut Selection,
    recorder: &mut R,
) {
    selection.clear(table);
    selection.source = Source::Forced;
    for index in suppliers {
        let place = Place { supplier: index, origin: Origin::Forced, rank: None };
        if table.suppliers.get(index).is_some_and(|supplier| supplier.enabled) {
            selection.places.push(place);
        } else {
            recorder.place(&place, Reason::Disabled);
        }
    }
}
