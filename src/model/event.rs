//! The event: what the proxy says of a call, as far as the table in force reads it.
//!
//! An event is not a map. The table knows at build time which fields its filters and strategies
//! read; each gets a slot, a decoder fills the slots and skips everything else, so that anything
//! else a request carries costs only its bytes.

/// Index of a field among those that the table reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot(pub u16);

impl Slot {
    /// `Account`: who calls.
    pub const ACCOUNT: Self = Self(0);
    /// `Destination`: the called number.
    pub const DESTINATION: Self = Self(1);
    /// `Customer`: whose layered routes are used, before the account.
    pub const CUSTOMER: Self = Self(2);
    /// `Caller`: the caller's number where it is not the account.
    pub const CALLER: Self = Self(3);
}

/// The names of the slots, the same for decoder and table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotNames {
    names: Vec<String>,
}

impl Default for SlotNames {
    /// The fields that siproute itself reads, in the order of [`Slot`]'s constants.
    fn default() -> Self {
        Self { names: ["Account", "Destination", "Customer", "Caller"].map(str::to_owned).to_vec() }
    }
}

impl SlotNames {
    /// The slot of a field, a new one if the field is new.
    pub fn slot_of(&mut self, field: &str) -> Slot {
        if let Some(slot) = self.find(field) {
            return slot;
        }
        self.names.push(field.to_owned());
        // The check of tables keeps the number of fields far below 65,535.
        Slot(u16::try_from(self.names.len() - 1).unwrap_or(u16::MAX))
    }

    /// The slot of a field, if the table reads it.
    #[must_use]
    pub fn find(&self, field: &str) -> Option<Slot> {
        self.names
            .iter()
            .position(|name| name == field)
            .and_then(|index| u16::try_from(index).ok())
            .map(Slot)
    }

    /// How many slots there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.names.len()
    }
}

/// The values of one event, by slot.
///
/// Reused from message to message: clearing keeps the memory.
#[derive(Debug, Default)]
pub struct Event {
    values: Vec<Option<(u32, u32)>>,
    text: String,
}

impl Event {
    /// Empties the event for a table with `slots` fields.
    pub fn clear(&mut self, slots: usize) {
        self.values.clear();
        self.values.resize(slots, None);
        self.text.clear();
    }

    /// Gives a slot its text form (section 5.5 of the CGRateS specification); the last one counts.
    pub fn set(&mut self, slot: Slot, value: &str) {
        self.set_with(slot, |text| text.push_str(value));
    }

    /// As [`Event::set`], with the text written by `write`.
    pub fn set_with(&mut self, slot: Slot, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        let span = u32::try_from(start).ok().zip(u32::try_from(self.text.len()).ok());
        if let Some(place) = self.values.get_mut(usize::from(slot.0)) {
            *place = span;
        }
    }

    /// Cuts a slot's text down to the part of it that `pick` gives.
    pub fn narrow(&mut self, slot: Slot, pick: impl Fn(&str) -> &str) {
        let Some(text) = self.get(slot) else { return };
        let part = pick(text);
        let before = part.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
        let (Ok(before), Ok(length)) = (u32::try_from(before), u32::try_from(part.len())) else {
            return;
        };
        if let Some(Some((start, end))) = self.values.get_mut(usize::from(slot.0)) {
            let from = start.saturating_add(before).min(*end);
            *end = from.saturating_add(length).min(*end);
            *start = from;
        }
    }

    /// The text of a slot; `None` when the event lacks the field.
    #[must_use]
    pub fn get(&self, slot: Slot) -> Option<&str> {
        let (start, end) = (*self.values.get(usize::from(slot.0))?)?;
        self.text.get(start as usize..end as usize)
    }
}
