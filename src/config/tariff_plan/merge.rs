//! Rows that make one thing, and lists without doubles, both in the order of the file.

use foldhash::{HashMap, HashSet};
use std::borrow::Borrow;
use std::hash::Hash;

/// Things by a key, in the order in which their keys came.
#[derive(Debug)]
pub(super) struct Merged<K, T> {
    things: Vec<T>,
    places: HashMap<K, usize>,
}

impl<K, T> Default for Merged<K, T> {
    fn default() -> Self {
        Self { things: Vec::new(), places: HashMap::default() }
    }
}

impl<K: Eq + Hash, T> Merged<K, T> {
    /// The thing of a key; a new one is made when the key is new. (There is always one.)
    pub(super) fn entry(&mut self, key: K, make: impl FnOnce() -> T) -> Option<&mut T> {
        let place = *self.places.entry(key).or_insert_with(|| {
            self.things.push(make());
            self.things.len() - 1
        });
        self.things.get_mut(place)
    }

    /// As [`Self::entry`], where the key of a new thing is made from what it is looked for by, or shared with it.
    pub(super) fn entry_of<Q: Eq + Hash + ?Sized>(
        &mut self,
        wanted: &Q,
        make: impl FnOnce() -> (K, T),
    ) -> Option<&mut T>
    where
        K: Borrow<Q>,
    {
        let place = match self.places.get(wanted) {
            Some(place) => *place,
            None => {
                let (key, thing) = make();
                self.things.push(thing);
                self.places.insert(key, self.things.len() - 1);
                self.things.len() - 1
            }
        };
        self.things.get_mut(place)
    }

    /// Whether there is a thing of this key.
    pub(super) fn has(&self, key: &K) -> bool {
        self.places.contains_key(key)
    }

    pub(super) fn into_vec(self) -> Vec<T> {
        self.things
    }
}

/// A list without doubles.
#[derive(Debug, Default)]
pub(super) struct Union {
    parts: Vec<String>,
    seen: HashSet<String>,
}

impl Union {
    pub(super) fn extend(&mut self, parts: Vec<String>) {
        for part in parts {
            if self.seen.insert(part.clone()) {
                self.parts.push(part);
            }
        }
    }

    pub(super) fn into_vec(self) -> Vec<String> {
        self.parts
    }
}
