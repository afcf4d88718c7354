//! Weights and blockers: one value, or the list of those with filters that 1.0 has.

use super::read::{self, Wrong};
use super::write::Writer;
use crate::model::definition::Conditional;

/// What can be one value or a list.
pub(super) trait Value: Copy + Default + PartialEq {
    /// What it is called; lists have an `s` behind it.
    const NAME: &'static str;
    /// The name of the list.
    const LIST: &'static str;

    /// Reads one.
    fn read(raw: &str, field: &mut Self) -> Result<(), Wrong>;

    /// Writes one.
    fn write(self, object: &mut Writer<'_>);
}

impl Value for f64 {
    const NAME: &'static str = "Weight";
    const LIST: &'static str = "Weights";

    fn read(raw: &str, field: &mut Self) -> Result<(), Wrong> {
        read::number(raw, field)
    }

    fn write(self, object: &mut Writer<'_>) {
        object.number(Self::NAME, self);
    }
}

impl Value for bool {
    const NAME: &'static str = "Blocker";
    const LIST: &'static str = "Blockers";

    fn read(raw: &str, field: &mut Self) -> Result<(), Wrong> {
        read::flag(raw, field)
    }

    fn write(self, object: &mut Writer<'_>) {
        object.flag(Self::NAME, self);
    }
}

/// A value as 0.10 and 0.11 have it.
pub(super) fn read_fixed<T: Value>(raw: &str, field: &mut Conditional<T>) -> Result<(), Wrong> {
    if !read::is_null(raw) {
        let mut value = T::default();
        T::read(raw, &mut value)?;
        *field = Conditional::Fixed(value);
    }
    Ok(())
}

/// A list as 1.0 has it.
pub(super) fn read_list<T: Value>(raw: &str, field: &mut Conditional<T>) -> Result<(), Wrong> {
    let mut list = None;
    read::objects(raw, &mut list, |raw| {
        let (mut filter_ids, mut value) = (None, T::default());
        read::object(raw, &["FilterIDs", T::NAME], |name, raw| match name {
            "FilterIDs" => read::strings(raw, &mut filter_ids),
            _ => T::read(raw, &mut value),
        })?;
        Ok((filter_ids, value))
    })?;
    *field = Conditional::First(list);
    Ok(())
}

/// Writes the list; a single value has no filters, and the default is no list.
pub(super) fn write_list<T: Value>(value: &Conditional<T>, object: &mut Writer<'_>) {
    let single;
    let list = match value {
        Conditional::First(list) => list.as_ref(),
        Conditional::Fixed(value) if *value == T::default() => None,
        Conditional::Fixed(value) => {
            single = vec![(None, *value)];
            Some(&single)
        }
    };
    object.list(T::LIST, list, |(filter_ids, value), out| {
        let mut object = Writer::object(out);
        object.strings("FilterIDs", filter_ids.as_ref());
        value.write(&mut object);
        object.end();
    });
}

/// Writes the value or the list, so that it is known which.
pub(super) fn write_stored<T: Value>(value: &Conditional<T>, object: &mut Writer<'_>) {
    match value {
        Conditional::Fixed(value) => value.write(object),
        Conditional::First(_) => write_list(value, object),
    }
}

/// Writes one value, for a generation that knows no filters here: the first without any.
pub(super) fn write_fixed<T: Value>(value: &Conditional<T>, object: &mut Writer<'_>) {
    let plain = match value {
        Conditional::Fixed(value) => *value,
        Conditional::First(list) => list
            .iter()
            .flatten()
            .find(|(filter_ids, _)| filter_ids.as_ref().is_none_or(Vec::is_empty))
            .map_or_else(T::default, |(_, value)| *value),
    };
    plain.write(object);
}
