//! What one worker keeps from request to request, so that a normal one allocates nothing.

use crate::engine::selection::Selection;
use crate::model::number::Number;
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
    text: Vec<u8>,
    places: Vec<[Option<(usize, usize)>; 2]>,
}

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
    }

    /// Writes the numbers of the next place.
    pub fn add(
        &mut self,
        table: &Table,
        supplier: &Supplier,
        called: Option<Arrived<'_>>,
        caller: Option<Arrived<'_>>,
    ) {
        let called = called.map(|arrived| (&supplier.send, arrived));
        let caller = supplier.caller.as_ref().zip(caller);
        let place = [called, caller].map(|number| {
            let (form, arrived) = number?;
            let start = self.text.len();
            form.write(arrived.number.as_ref(), arrived.raw, &table.numbers, &mut self.text);
            Some((start, self.text.len()))
        });
        self.places.push(place);
    }

    /// Called and calling number of a place.
    #[must_use]
    pub fn of(&self, place: usize) -> (Option<&str>, Option<&str>) {
        let [called, caller] = self.places.get(place).copied().unwrap_or_default();
        let text = |span: Option<(usize, usize)>| {
            let (start, end) = span?;
            let text = std::str::from_utf8(self.text.get(start..end)?).ok()?;
            (!text.is_empty()).then_some(text)
        };
        (text(called), text(caller))
    }
}
