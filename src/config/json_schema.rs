//! The description of all keys as a JSON Schema, for editors that complete and explain them.
//!
//! One schema serves both kinds of file, so that one line on top (`#:schema …`) works anywhere;
//! which key belongs in which file is for `check` to say. It is looser than `check`: what a string
//! means is not in it.

use super::keys_settings::SETTINGS;
use super::keys_tables::TABLES;
use super::schema::{Key, Kind, Preset, TableSpec};
use serde_json::{Map, Value, json};

/// The schema of settings and tables.
#[must_use]
pub fn json_schema() -> Value {
    let mut properties = Map::new();
    for root in [&SETTINGS, &TABLES] {
        properties.extend((root.keys)().iter().map(property));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "siproute",
        "description": format!("{}. {}.", SETTINGS.doc, TABLES.doc),
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn property(key: &Key) -> (String, Value) {
    let mut schema = kind(key.kind);
    if let Some(object) = schema.as_object_mut() {
        object.insert("description".into(), key.doc.into());
        if let Some(default) = default(key.default) {
            object.insert("default".into(), default);
        }
    }
    (key.name.into(), schema)
}

fn table(spec: &TableSpec) -> Value {
    let keys = (spec.keys)();
    let properties: Map<String, Value> = keys.iter().map(property).collect();
    let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    json!({
        "type": "object",
        "description": spec.doc,
        "additionalProperties": false,
        "properties": properties,
        "required": required,
    })
}

fn kind(kind: Kind) -> Value {
    let code = json!({ "type": "integer", "minimum": 400, "maximum": 699 });
    match kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Id => json!({ "type": "string", "minLength": 1, "maxLength": 255 }),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Integer(min, max) => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::Number => json!({ "type": "number" }),
        Kind::Duration => {
            json!({ "type": "string", "pattern": "^([0-9]*\\.?[0-9]+(ns|us|µs|μs|ms|s|m|h))+$" })
        }
        // Editors hand over a TOML date-time as a string.
        Kind::Time => json!({ "type": "string", "format": "date-time" }),
        Kind::Money => json!({
            "anyOf": [
                { "type": "number" },
                { "type": "string", "pattern": "^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$" }
            ]
        }),
        Kind::Amount => json!({ "type": ["number", "string"] }),
        Kind::Date => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}" }),
        Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::NumberOr(words) => json!({
            "anyOf": [
                { "type": "number" },
                { "type": "string", "enum": words },
                { "type": "string", "pattern": "^[+-]?[0-9]*\\.?[0-9]+$" }
            ]
        }),
        Kind::Integers(min, max) => json!({
            "type": "array",
            "items": { "type": "integer", "minimum": min, "maximum": max }
        }),
        Kind::TextOrTexts => json!({
            "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }]
        }),
        Kind::Codes => json!({
            "type": "array",
            "items": {
                "anyOf": [code, { "type": "string", "pattern": "^[4-6]([0-9]{2}|xx|XX)$" }]
            }
        }),
        Kind::CodeOr(words) => json!({
            "anyOf": [
                code,
                { "type": "string", "enum": words },
                { "type": "string", "pattern": "^[4-6][0-9]{2}$" }
            ]
        }),
        Kind::TextMap => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Kind::Table(spec) => table(spec),
        Kind::Tables(spec) => json!({ "type": "array", "items": table(spec) }),
        Kind::Named(spec) => json!({ "type": "object", "additionalProperties": table(spec) }),
    }
}

/// A default as JSON; those that are TOML are plain values.
fn default(preset: Preset) -> Option<Value> {
    match preset {
        Preset::Absent => None,
        Preset::Count(count) => Some(count.into()),
        Preset::Toml("{}") => Some(json!({})),
        // Strings, numbers, booleans and lists are written alike in TOML and JSON.
        Preset::Toml(text) => serde_json::from_str(text).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_key(visit: &mut dyn FnMut(&TableSpec, &Key)) {
        fn walk(spec: &TableSpec, visit: &mut dyn FnMut(&TableSpec, &Key)) {
            for key in (spec.keys)() {
                visit(spec, key);
                if let Kind::Table(inner) | Kind::Tables(inner) | Kind::Named(inner) = key.kind {
                    walk(inner, visit);
                }
            }
        }
        walk(&SETTINGS, visit);
        walk(&TABLES, visit);
    }

    #[test]
    fn every_default_and_example_is_a_right_value_of_its_key() {
        every_key(&mut |spec, key| {
            let place = format!("{} {}", spec.heading, key.name);
            assert!(!key.doc.is_empty() && !key.doc.ends_with('.'), "{place}: {}", key.doc);
            if let Preset::Toml(text) = key.default {
                assert!(default(key.default).is_some(), "{place}: {text}");
            }
            if !matches!(key.kind, Kind::Table(_) | Kind::Tables(_) | Kind::Named(_)) {
                let sample = key.sample();
                let value = toml::de::DeValue::parse(&sample);
                let value = value.unwrap_or_else(|error| panic!("{place}: `{sample}`: {error}"));
                let faults = super::super::value::faults(key, value.get_ref());
                assert!(faults.is_empty(), "{place}: `{sample}`: {faults:?}");
            }
        });
    }

    #[test]
    fn the_schema_has_every_key_with_its_bounds() {
        let schema = json_schema();
        let limit = &schema["properties"]["limits"]["properties"]["failed_max"];
        assert_eq!((&limit["default"], &limit["maximum"]), (&json!(16), &json!(16)));
        let route = &schema["properties"]["route"]["items"];
        assert_eq!(route["required"], json!(["target", "supplier"]));
        assert_eq!(route["additionalProperties"], json!(false));
        let policy = &schema["properties"]["failover"]["properties"]["policy"];
        assert_eq!(
            policy["additionalProperties"]["properties"]["on_timeout"]["default"],
            json!(true)
        );
    }
}
