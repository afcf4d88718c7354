//! Members of an event, or of the options beside it, into their slots.
//!
//! Those that the table does not read are skipped unread. Where it may read anything, the object is kept
//! as it stands, too.

use super::json::{Maybe, Members, refuse, value};
use crate::model::event::{Event, Realm, SlotNames};
use crate::model::json::push_string;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess};

/// The members of one object.
pub(super) struct Fields<'m> {
    realm: Realm,
    slots: &'m SlotNames,
    event: &'m mut Event,
    /// The member that ended the walk, and why.
    pub(super) wrong: Option<(String, String)>,
}

impl<'m> Fields<'m> {
    pub(super) fn new(realm: Realm, slots: &'m SlotNames, event: &'m mut Event) -> Self {
        Self { realm, slots, event, wrong: None }
    }

    /// Takes the members of the next value of a document; `false` where null stands.
    ///
    /// # Errors
    /// It is no object, or `wrong` says which member cannot be read.
    pub(super) fn take_next<'de, A: MapAccess<'de>>(
        &mut self,
        map: &mut A,
    ) -> Result<bool, A::Error> {
        if !self.slots.are_whole() {
            return map.next_value_seed(Maybe(self));
        }
        let object = value(map)?.get();
        let taken = Maybe(self).deserialize(&mut serde_json::Deserializer::from_str(object));
        let is_there = taken.map_err(|_| refuse())?;
        if is_there {
            self.event.keep_whole(self.realm, object);
        }
        Ok(is_there)
    }
}

impl Members for Fields<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let Some(slot) = self.slots.find(self.realm, key) else {
            return map.next_value::<IgnoredAny>().map(|_| ());
        };
        let raw = value(map)?;
        self.event.read(slot, raw.get()).map_err(|wrong| {
            self.wrong = Some((key.to_owned(), wrong));
            refuse()
        })
    }
}

/// An object that is kept whole, member by member, where it does not stand in the question as one.
#[derive(Default)]
pub(super) struct Gathered(Vec<u8>);

impl Gathered {
    /// Adds a member whose value is JSON.
    pub(super) fn add(&mut self, key: &str, json: &str) {
        self.begin(key);
        self.0.extend_from_slice(json.as_bytes());
    }

    /// Adds a member whose value is text.
    pub(super) fn add_text(&mut self, key: &str, text: &str) {
        self.begin(key);
        push_string(&mut self.0, text);
    }

    fn begin(&mut self, key: &str) {
        self.0.push(if self.0.is_empty() { b'{' } else { b',' });
        push_string(&mut self.0, key);
        self.0.push(b':');
    }

    /// The object, where it has a member.
    pub(super) fn object(mut self) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        self.0.push(b'}');
        String::from_utf8(self.0).ok()
    }
}
