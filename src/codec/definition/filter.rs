//! A named filter: `Tenant`, `ID`, `Rules`, `ActivationInterval`.

use super::activation;
use super::read::{self, Wrong};
use super::write::Writer;
use crate::model::definition::{FilterDefinition, RuleDefinition};

pub(super) fn read(raw: &str) -> Result<FilterDefinition, Wrong> {
    let mut filter = FilterDefinition::default();
    let names = &["Tenant", "ID", "Rules", "ActivationInterval", "APIOpts"];
    read::object(raw, names, |name, value| match name {
        "Tenant" => read::string(value, &mut filter.tenant),
        "ID" => read::string(value, &mut filter.id),
        "Rules" => read::objects(value, &mut filter.rules, rule),
        "ActivationInterval" => activation::read(value, &mut filter.active),
        _ => read::options(value),
    })?;
    Ok(filter)
}

fn rule(raw: &str) -> Result<RuleDefinition, Wrong> {
    let mut rule = RuleDefinition::default();
    read::object(raw, &["Type", "Element", "Values"], |name, value| match name {
        "Type" => read::string(value, &mut rule.kind),
        "Element" => read::string(value, &mut rule.element),
        _ => read::strings(value, &mut rule.values),
    })?;
    Ok(rule)
}

pub(super) fn write(filter: &FilterDefinition, out: &mut Vec<u8>) {
    let mut object = Writer::object(out);
    object.string("Tenant", &filter.tenant);
    object.string("ID", &filter.id);
    object.list("Rules", filter.rules.as_ref(), |rule, out| {
        let mut object = Writer::object(out);
        object.string("Type", &rule.kind);
        object.string("Element", &rule.element);
        object.strings("Values", rule.values.as_ref());
        object.end();
    });
    activation::write(filter.active.as_ref(), object.field("ActivationInterval"));
    object.end();
}
