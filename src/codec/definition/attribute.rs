//! An AttributeProfile; the values of its attributes are lists of rules, or one text with `;` between them.

use super::activation;
use super::read::{self, Wrong};
use super::write::Writer;
use crate::codec::scan;
use crate::model::definition::{Attribute, AttributeProfile};

pub(super) fn read(raw: &str) -> Result<AttributeProfile, Wrong> {
    let mut profile = AttributeProfile::default();
    let names = &[
        "Tenant",
        "ID",
        "Contexts",
        "FilterIDs",
        "ActivationInterval",
        "Attributes",
        "Blocker",
        "Weight",
        "APIOpts",
    ];
    read::object(raw, names, |name, value| match name {
        "Tenant" => read::string(value, &mut profile.tenant),
        "ID" => read::string(value, &mut profile.id),
        "Contexts" => read::strings(value, &mut profile.contexts),
        "FilterIDs" => read::strings(value, &mut profile.filter_ids),
        "ActivationInterval" => activation::read(value, &mut profile.active),
        "Attributes" => read::objects(value, &mut profile.attributes, attribute),
        "Blocker" => read::flag(value, &mut profile.blocker),
        "Weight" => read::number(value, &mut profile.weight),
        _ => read::options(value),
    })?;
    Ok(profile)
}

fn attribute(raw: &str) -> Result<Attribute, Wrong> {
    let mut attribute = Attribute::default();
    read::object(raw, &["FilterIDs", "Path", "Type", "Value"], |name, value| match name {
        "FilterIDs" => read::strings(value, &mut attribute.filter_ids),
        "Path" => read::string(value, &mut attribute.path),
        "Type" => read::string(value, &mut attribute.kind),
        _ => rules(value, &mut attribute.value),
    })?;
    Ok(attribute)
}

fn rules(raw: &str, field: &mut Option<Vec<String>>) -> Result<(), Wrong> {
    if let Some(text) = scan::string(raw) {
        *field = Some(text.split(';').map(str::to_owned).collect());
        return Ok(());
    }
    read::objects(raw, field, |raw| {
        let mut rule = String::new();
        read::object(raw, &["Rules"], |_, value| read::string(value, &mut rule))?;
        Ok(rule)
    })
}

pub(super) fn write(profile: &AttributeProfile, out: &mut Vec<u8>) {
    let mut object = Writer::object(out);
    object.string("Tenant", &profile.tenant);
    object.string("ID", &profile.id);
    object.strings("Contexts", profile.contexts.as_ref());
    object.strings("FilterIDs", profile.filter_ids.as_ref());
    activation::write(profile.active.as_ref(), object.field("ActivationInterval"));
    object.list("Attributes", profile.attributes.as_ref(), |attribute, out| {
        let mut object = Writer::object(out);
        object.strings("FilterIDs", attribute.filter_ids.as_ref());
        object.string("Path", &attribute.path);
        object.string("Type", &attribute.kind);
        object.list("Value", attribute.value.as_ref(), |rules, out| {
            let mut object = Writer::object(out);
            object.string("Rules", rules);
            object.end();
        });
        object.end();
    });
    object.flag("Blocker", profile.blocker);
    object.number("Weight", profile.weight);
    object.end();
}
