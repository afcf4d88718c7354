//! Walking a JSON document member by member, without building it.

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Takes the members of one object.
pub trait Members {
    /// What has to stand there, for the error: `an object`.
    const WANTED: &'static str = "an object";

    /// Takes one member; it must consume the value.
    ///
    /// # Errors
    /// The document's own, or one made by [`refuse`].
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
}

/// An error that stops the walk; its reason is kept by whoever made it.
pub fn refuse<E: Error>() -> E {
    E::custom("refused")
}

/// The next value, as its bytes stand.
///
/// # Errors
/// The document's own.
pub fn value<'de, A: MapAccess<'de>>(map: &mut A) -> Result<&'de RawValue, A::Error> {
    map.next_value()
}

/// Walks one object.
pub struct Object<'m, M>(pub &'m mut M);

impl<'de, M: Members> DeserializeSeed<'de> for Object<'_, M> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, M: Members> Visitor<'de> for Object<'_, M> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(M::WANTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            self.0.member(&key, &mut map)?;
        }
        Ok(())
    }
}

/// Walks one object, or none: `false` where null stands.
pub struct Maybe<'m, M>(pub &'m mut M);

impl<'de, M: Members> DeserializeSeed<'de> for Maybe<'_, M> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, M: Members> Visitor<'de> for Maybe<'_, M> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(M::WANTED)
    }

    fn visit_none<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        Object(self.0).deserialize(deserializer).map(|()| true)
    }
}

/// Takes the items of one list.
pub trait Items {
    /// Takes the item at `index`; it must consume the value. `None`: the list is over.
    ///
    /// # Errors
    /// The document's own, or one made by [`refuse`].
    fn item<'de, A: SeqAccess<'de>>(
        &mut self,
        index: usize,
        list: &mut A,
    ) -> Result<Option<()>, A::Error>;
}

/// Walks one list.
pub struct List<'m, M>(pub &'m mut M);

impl<'de, M: Items> DeserializeSeed<'de> for List<'_, M> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, M: Items> Visitor<'de> for List<'_, M> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0;
        while self.0.item(index, &mut list)?.is_some() {
            index += 1;
        }
        Ok(())
    }
}

/// A member's name: borrowed, unless it has an escape.
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Borrowed(key)))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(key.to_owned())))
    }
}
