//! What one worker keeps from request to request, so that a normal one allocates nothing.

use crate::engine::selection::Selection;
use crate::model::number::{Number, NumberForm};
use crate::model::query::{Query, Report};
use crate::table::Table;
use crate::table::supplier::Supplier;

/// The memory of one worker. Not shared: each thread has its own.
#[derive(Debug, Default)]
pub struct Desk {
    /// The question in work.
    pub query: Query,
    /// The report in work.
    pub report: Report,
    /// The choice in work.
    pub selection: Selection,
    /// Numbers as suppliers want them.
    pub numbers: Numbers,
}

impl Desk {
    /// Makes room for the next request.
    pub fn clear(&mut self, table: &Table) {
        self.query.clear(table.slots.count());
        self.report.clear();
        self.numbers.clear();
    }
}

/// Called and calling number of each place, in the form that its supplier wants.
#[derive(Debug, Default)]
pub struct Numbers {
    text: String,
    places: Vec<[Option<Span>; 2]>,
    /// The called number in the form that most suppliers want: written once.
    called_e164: Option<Span>,
}

/// From where to where a number stands in the text.
type Span = (usize, usize);

/// A number as it came, and as it was normalised.
#[derive(Debug, Clone, Copy)]
pub struct Arrived<'a> {
    /// As it came.
    pub raw: &'a str,
    /// As it was normalised, if it is a number.
    pub number: Option<Number>,
}

impl Numbers {
    fn clear(&mut self) {
        self.text.clear();
        self.places.clear();
        self.called_e164 = None;
    }

    /// Writes the numbers of the next place.
    pub fn add(
        &mut self,
        table: &Table,
        supplier: &Supplier,
        called: Option<Arrived<'_>>,
        caller: Option<Arrived<'_>>,
    ) {
        let plain = supplier.send.is_e164();
        let called = match self.called_e164.filter(|_| plain) {
            Some(span) => Some(span),
            None => called.map(|arrived| self.write(table, &supplier.send, arrived)),
        };
        if plain {
            self.called_e164 = called;
        }
        let caller = supplier.caller.as_ref().zip(caller);
        let caller = caller.map(|(form, arrived)| self.write(table, form, arrived));
        self.places.push([called, caller]);
    }

    fn write(&mut self, table: &Table, form: &NumberForm, arrived: Arrived<'_>) -> Span {
        let start = self.text.len();
        form.write(arrived.number.as_ref(), arrived.raw, &table.numbers, &mut self.text);
        (start, self.text.len())
    }

    /// Called and calling number of a place.
    #[must_use]
    pub fn of(&self, place: usize) -> (Option<&str>, Option<&str>) {
        let [called, caller] = self.places.get(place).copied().unwrap_or_default();
        let text = |span: Option<Span>| {
            let (start, end) = span?;
            self.text.get(start..end).filter(|text| !text.is_empty())
        };
        (text(called), text(caller))
    }
}
