//! A Destination: `Id`, `Prefixes`; beside it, when it is set, `Overwrite`.

use super::SetDestination;
use super::read::{self, Wrong};
use super::write::Writer;
use crate::model::definition::Destination;

pub(super) fn read(raw: &str) -> Result<SetDestination, Wrong> {
    let (mut id, mut prefixes, mut overwrite) = (String::new(), None, false);
    let names = &["Id", "Prefixes", "Overwrite", "APIOpts"];
    read::object(raw, names, |name, value| match name {
        "Id" => read::string(value, &mut id),
        "Prefixes" => read::strings(value, &mut prefixes),
        "Overwrite" => read::flag(value, &mut overwrite),
        _ => read::options(value),
    })?;
    let destination = Destination { id: id.into(), prefixes: prefixes.unwrap_or_default() };
    Ok(SetDestination { destination, overwrite })
}

pub(super) fn write(destination: &Destination, out: &mut Vec<u8>) {
    let mut object = Writer::object(out);
    object.string("Id", &destination.id);
    object.strings("Prefixes", Some(&destination.prefixes));
    object.end();
}
