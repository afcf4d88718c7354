//! A definition's text in the database.

use crate::model::definition::{Definition, Destination, Kind};

/// The text from which [`restore`] makes the definition again.
#[must_use]
pub fn store(definition: &Definition) -> String {
    match definition {
        Definition::Destination(one) => serde_json::json!([one.id, one.prefixes]).to_string(),
        other => format!("{other:?}"),
    }
}

/// The definition of a text.
///
/// # Errors
/// Why it is none.
pub fn restore(kind: Kind, text: &str) -> Result<Definition, String> {
    match kind {
        Kind::Destination => {
            let (id, prefixes) = serde_json::from_str(text).map_err(|error| error.to_string())?;
            Ok(Definition::Destination(Destination { id, prefixes }))
        }
        _ => Err("it cannot be read yet".into()),
    }
}
