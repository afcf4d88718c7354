//! The event: what the proxy says of a call, as far as the table in force reads it.
//!
//! An event is not a map. The table knows at build time which fields its filters and strategies
//! read; each gets a slot, a decoder fills the slots and skips everything else, so that anything
//! else a request carries costs only its bytes. The options of a request (`~*opts`) have slots of the
//! same kind.

use super::json_value;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::Arc;

/// Index of a field among those that the table reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(pub u16);

/// Which of the two objects of a request a field belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Realm {
    /// The event itself: `~*req.FIELD`.
    Event,
    /// The options beside it: `~*opts.FIELD`.
    Options,
}

impl Slot {
    /// That of a field which the table does not read: no event has anything there.
    pub const UNKNOWN: Self = Self(u16::MAX);
}

macro_rules! reserved {
    ($($(#[doc = $doc:literal])+ $constant:ident = $index:literal, $realm:ident, $name:literal;)+) => {
        impl Slot {
            $($(#[doc = $doc])+ pub const $constant: Self = Self($index);)+
        }
        /// The fields that siproute itself reads, in the order of their slots.
        const RESERVED: &[(Realm, &str)] = &[$((Realm::$realm, $name),)+];
    };
}

reserved! {
    /// `Account`: who calls.
    ACCOUNT = 0, Event, "Account";
    /// `Destination`: the called number.
    DESTINATION = 1, Event, "Destination";
    /// `Customer`: whose layered routes are used, before the account.
    CUSTOMER = 2, Event, "Customer";
    /// `Caller`: the caller's number where it is not the account.
    CALLER = 3, Event, "Caller";
    /// `SetupTime`: when the call began.
    SETUP_TIME = 4, Event, "SetupTime";
    /// `Usage`: how long the call is expected to last.
    USAGE = 5, Event, "Usage";
    /// Profiles in one answer (0.11).
    PROFILE_COUNT = 6, Options, "*rouProfileCount";
    /// Routes in one answer (0.11, and 1.0 of 2025).
    LIMIT = 7, Options, "*rouLimit";
    /// Routes left out at the head (0.11, and 1.0 of 2025).
    OFFSET = 8, Options, "*rouOffset";
    /// Whether routes that cannot be priced drop out (0.11, and 1.0 of 2025).
    IGNORE_ERRORS = 9, Options, "*rouIgnoreErrors";
    /// What a call may cost (0.11, and 1.0 of 2025).
    MAX_COST = 10, Options, "*rouMaxCost";
    /// For which context attributes change the event.
    CONTEXT = 11, Options, "*context";
    /// Which service asks AttributeS.
    SUBSYSTEM = 12, Options, "*subsys";
    /// How often attributes are looked for anew.
    ATTRIBUTE_RUNS = 13, Options, "*attrProcessRuns";
    /// Profiles in one answer (1.0).
    PROFILES_COUNT = 14, Options, "*routesProfilesCount";
    /// Profiles in one answer (1.0 of 2025).
    PROFILES_COUNT_2025 = 15, Options, "*rouProfilesCount";
    /// Routes in one answer (1.0).
    ROUTES_LIMIT = 16, Options, "*routesLimit";
    /// Routes left out at the head (1.0).
    ROUTES_OFFSET = 17, Options, "*routesOffset";
    /// Limit and offset together at most (1.0).
    ROUTES_MAX_ITEMS = 18, Options, "*routesMaxItems";
    /// Limit and offset together at most (1.0 of 2025).
    MAX_ITEMS = 19, Options, "*rouMaxItems";
    /// Whether routes that cannot be priced drop out (1.0).
    ROUTES_IGNORE_ERRORS = 20, Options, "*routesIgnoreErrors";
    /// What a call may cost (1.0).
    ROUTES_MAX_COST = 21, Options, "*routesMaxCost";
    /// `Subject`: whose prices are taken.
    SUBJECT = 22, Event, "Subject";
    /// `Category`: what kind of call it is.
    CATEGORY = 23, Event, "Category";
    /// `AnswerTime`: when the call was answered.
    ANSWER_TIME = 24, Event, "AnswerTime";
    /// `ToR`: what is counted.
    TYPE_OF_RECORD = 25, Event, "ToR";
    /// `RequestType`: who pays when.
    REQUEST_TYPE = 26, Event, "RequestType";
    /// `ACD`: how long calls of this kind last; sessions take it for the usage.
    AVERAGE_DURATION = 27, Event, "ACD";
}

/// The names of the slots, the same for decoder and table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotNames {
    event: HashMap<String, Slot, FixedState>,
    options: HashMap<String, Slot, FixedState>,
    /// Something is read whose name is known only when the event is there.
    whole: bool,
}

impl Default for SlotNames {
    fn default() -> Self {
        let mut names =
            Self { event: HashMap::default(), options: HashMap::default(), whole: false };
        for (realm, name) in RESERVED {
            names.add(*realm, name);
        }
        names
    }
}

impl SlotNames {
    /// The slot of a field, a new one if the field is new; `None` when there is no room for one more. Names
    /// that are shared are copied only when there is a new one.
    pub fn slot_of(this: &mut Arc<Self>, realm: Realm, field: &str) -> Option<Slot> {
        match this.find(realm, field) {
            Some(slot) => Some(slot),
            None => Arc::make_mut(this).add(realm, field),
        }
    }

    fn add(&mut self, realm: Realm, field: &str) -> Option<Slot> {
        let slot =
            u16::try_from(self.count()).ok().map(Slot).filter(|slot| *slot != Slot::UNKNOWN)?;
        match realm {
            Realm::Event => self.event.insert(field.to_owned(), slot),
            Realm::Options => self.options.insert(field.to_owned(), slot),
        };
        Some(slot)
    }

    /// The slot of a field, if the table reads it.
    #[must_use]
    pub fn find(&self, realm: Realm, field: &str) -> Option<Slot> {
        match realm {
            Realm::Event => self.event.get(field).copied(),
            Realm::Options => self.options.get(field).copied(),
        }
    }

    /// From now on events are kept whole, too: a path is put together from what an event says.
    pub fn keep_whole(this: &mut Arc<Self>) {
        if !this.whole {
            Arc::make_mut(this).whole = true;
        }
    }

    /// Whether events are kept whole.
    #[must_use]
    pub fn are_whole(&self) -> bool {
        self.whole
    }

    /// How many slots there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.event.len() + self.options.len()
    }
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`: its text is empty.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number, in the shortest decimal form without exponent.
    Number,
    /// Text.
    Text,
    /// A list or an object, as its JSON stands.
    Json,
}

/// One value of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<'e> {
    /// What it is.
    pub kind: Kind,
    /// Its text form (section 5.5 of the CGRateS specification); of a list or an object, its JSON.
    pub text: &'e str,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    kind: Kind,
    start: u32,
    end: u32,
}

/// Values of an event as they were.
#[derive(Debug)]
pub struct Snapshot(Vec<Option<Span>>);

/// The values of one event, by slot.
///
/// Reused from message to message: clearing keeps the memory, and costs what the last event filled.
#[derive(Debug, Default)]
pub struct Event {
    values: Vec<Option<Span>>,
    filled: Vec<Slot>,
    whole: [Option<Span>; 2],
    text: String,
}

impl Event {
    /// Empties the event for a table with `slots` fields.
    pub fn clear(&mut self, slots: usize) {
        for slot in self.filled.drain(..) {
            if let Some(place) = self.values.get_mut(usize::from(slot.0)) {
                *place = None;
            }
        }
        if self.values.len() < slots {
            self.values.resize(slots, None);
        }
        self.whole = [None; 2];
        self.text.clear();
    }

    /// Gives a slot a text; the last one counts.
    pub fn set(&mut self, slot: Slot, value: &str) {
        self.set_with(slot, Kind::Text, |text| text.push_str(value));
    }

    /// As [`Event::set`], with a value of any kind, whose text is written by `write`.
    pub fn set_with(&mut self, slot: Slot, kind: Kind, write: impl FnOnce(&mut String)) {
        let span = self.append(kind, write);
        self.place(slot, span);
    }

    fn place(&mut self, slot: Slot, span: Option<Span>) {
        if let Some(place) = self.values.get_mut(usize::from(slot.0)) {
            if place.is_none() {
                self.filled.push(slot);
            }
            *place = span;
        }
    }

    /// Gives a slot the value that JSON text has.
    ///
    /// # Errors
    /// What cannot be read, as [`json_value::push_text`] tells it; the slot is empty then.
    pub fn read(&mut self, slot: Slot, raw: &str) -> Result<(), String> {
        let mut read = Ok(Kind::Null);
        self.set_with(slot, Kind::Null, |text| read = json_value::push_text(raw, text));
        let kind = read.inspect_err(|_| self.remove(slot))?;
        if let Some(Some(span)) = self.values.get_mut(usize::from(slot.0)) {
            span.kind = kind;
        }
        Ok(())
    }

    fn append(&mut self, kind: Kind, write: impl FnOnce(&mut String)) -> Option<Span> {
        let start = u32::try_from(self.text.len()).ok()?;
        write(&mut self.text);
        let end = u32::try_from(self.text.len()).ok()?;
        Some(Span { kind, start, end })
    }

    /// Gives a slot what another one has.
    pub fn copy(&mut self, from: Slot, to: Slot) {
        let span = self.values.get(usize::from(from.0)).copied().flatten();
        self.place(to, span);
    }

    /// The event lacks the field from now on.
    pub fn remove(&mut self, slot: Slot) {
        if let Some(place) = self.values.get_mut(usize::from(slot.0)) {
            *place = None;
        }
    }

    /// The values as they are now, to be restored.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.values.clone())
    }

    /// The values as they were.
    pub fn restore(&mut self, snapshot: Snapshot) {
        self.values = snapshot.0;
    }

    /// Keeps an object of the request whole, as its JSON stands.
    pub fn keep_whole(&mut self, realm: Realm, json: &str) {
        let span = self.append(Kind::Json, |text| text.push_str(json));
        if let Some(place) = self.whole.get_mut(realm as usize) {
            *place = span;
        }
    }

    /// An object of the request, where it was kept whole.
    #[must_use]
    pub fn whole(&self, realm: Realm) -> Option<&str> {
        let span = (*self.whole.get(realm as usize)?)?;
        self.text.get(span.start as usize..span.end as usize)
    }

    /// Cuts a slot's text down to the part of it that `pick` gives.
    pub fn narrow(&mut self, slot: Slot, pick: impl Fn(&str) -> &str) {
        let Some(text) = self.get(slot) else { return };
        let part = pick(text);
        let before = part.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
        let (Ok(before), Ok(length)) = (u32::try_from(before), u32::try_from(part.len())) else {
            return;
        };
        if let Some(Some(span)) = self.values.get_mut(usize::from(slot.0)) {
            let from = span.start.saturating_add(before).min(span.end);
            span.end = from.saturating_add(length).min(span.end);
            span.start = from;
        }
    }

    /// The value of a slot; `None` when the event lacks the field.
    #[must_use]
    pub fn value(&self, slot: Slot) -> Option<Value<'_>> {
        let span = (*self.values.get(usize::from(slot.0))?)?;
        let text = self.text.get(span.start as usize..span.end as usize)?;
        Some(Value { kind: span.kind, text })
    }

    /// The text of a slot; `None` when the event lacks the field.
    #[must_use]
    pub fn get(&self, slot: Slot) -> Option<&str> {
        self.value(slot).map(|value| value.text)
    }
}
