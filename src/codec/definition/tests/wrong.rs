//! What is refused, in which words.

use super::*;

#[test]
fn a_value_of_the_wrong_kind_is_named_with_its_place() {
    for (kind, argument, want) in [
        (Kind::Profile, r#"{"ID":"E","Weight":"10"}"#, "Weight must be a number, not a string"),
        (
            Kind::Profile,
            r#"{"ID":"E","FilterIDs":"a"}"#,
            "FilterIDs must be a list of strings, not a string",
        ),
        (
            Kind::Profile,
            r#"{"ID":"E","filterids":[null,5]}"#,
            "FilterIDs[1] must be a string, not a number",
        ),
        (
            Kind::Profile,
            r#"{"ID":"E","Routes":{}}"#,
            "Routes must be a list of objects, not an object",
        ),
        (Kind::Profile, r#"{"ID":"E","Routes":[5]}"#, "Routes[0] must be an object, not a number"),
        (
            Kind::Profile,
            r#"{"ID":"E","Routes":[{},null]}"#,
            "Routes[1] must be an object, not null",
        ),
        (
            Kind::Profile,
            r#"{"ID":"E","Routes":[{"ID":5}]}"#,
            "Routes[0].ID must be a string, not a number",
        ),
        (
            Kind::Profile,
            r#"{"ID":"E","Routes":[{},{"StatIDs":["a",["b"]]}]}"#,
            "Routes[1].StatIDs[1] must be a string, not a list",
        ),
        (
            Kind::Profile,
            r#"{"ID":"E","Routes":[{"ID":"a","Weight":true}]}"#,
            "Routes[0].Weight must be a number, not a boolean",
        ),
        (
            Kind::Profile,
            r#"{"ID":"E","Routes":[{"ID":"a","Blocker":"true"}]}"#,
            "Routes[0].Blocker must be true or false, not a string",
        ),
        (Kind::Profile, r#"{"ID":"E","Sorting":5}"#, "Sorting must be a string, not a number"),
        (
            Kind::Profile,
            r#"{"ID":"E","Weight":1e400}"#,
            "Weight is larger than any number that a double holds",
        ),
        (
            Kind::Profile,
            r#"{"ID":"E","ActivationInterval":"2025-01-01T00:00:00Z"}"#,
            "ActivationInterval must be an object, not a string",
        ),
        (
            Kind::Profile,
            r#"{"ID":"E","ActivationInterval":{"ExpiryTime":5}}"#,
            "ActivationInterval.ExpiryTime must be a time such as \"2026-11-21T12:00:00Z\", not a number",
        ),
        (Kind::Profile, r#"{"ID":"E","APIOpts":"x"}"#, "APIOpts must be an object, not a string"),
        (Kind::Profile, r#""text""#, "the argument must be an object, not a string"),
        (Kind::Filter, r#"{"ID":"F","Rules":[null]}"#, "Rules[0] must be an object, not null"),
        (
            Kind::Filter,
            r#"{"ID":"F","Rules":[{"Values":"x"}]}"#,
            "Rules[0].Values must be a list of strings, not a string",
        ),
        (
            Kind::Attribute,
            r#"{"ID":"A","Attributes":[null]}"#,
            "Attributes[0] must be an object, not null",
        ),
        (
            Kind::Attribute,
            r#"{"ID":"A","Attributes":[{"Value":[{"Rules":1}]}]}"#,
            "Attributes[0].Value[0].Rules must be a string, not a number",
        ),
        (
            Kind::Timing,
            r#"{"ID":"T","Years":["*any"]}"#,
            "Years[0] must be a whole number, not a string",
        ),
        (Kind::Timing, r#"{"ID":"T","Years":[2026.5]}"#, "Years[0] must be a whole number"),
        (Kind::Destination, r#"{"Id":"D","Prefixes":["1",""]}"#, "Prefixes[1] must not be empty"),
        (
            Kind::Destination,
            r#"{"Id":"D","Prefixes":["1"],"Overwrite":1}"#,
            "Overwrite must be true or false, not a number",
        ),
    ] {
        let error = decode(kind, Some(argument), V011).unwrap_err();
        assert_eq!(error, format!("json: {want}"), "{argument}");
    }
    let nulls = r#"{"ID":"P","Routes":[{"Weights":[{"Weight":1},null]}]}"#;
    let error = decode(Kind::Profile, Some(nulls), V100).unwrap_err();
    assert_eq!(error, "json: Routes[0].Weights[1] must be an object, not null");
}

#[test]
fn a_time_that_is_none_gets_the_words_of_cgrates() {
    let argument = r#"{"ID":"E","ActivationInterval":{"ActivationTime":"soon"}}"#;
    let error = decode(Kind::Profile, Some(argument), V011).unwrap_err();
    assert_eq!(
        error,
        "parsing time \"soon\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"soon\" as \"2006\""
    );
}

#[test]
fn fields_that_must_be_there_are_asked_for() {
    for (kind, generation, argument, want) in [
        (Kind::Profile, V011, None, "[ID]"),
        (Kind::Profile, V011, Some(r#"{"Tenant":"t","ID":""}"#), "[ID]"),
        (Kind::Profile, V100, Some(r#"{"Tenant":"t"}"#), "[ID]"),
        (Kind::Profile, V100, Some(r#"{"ID":"P","Routes":[]}"#), "[Routes]"),
        (Kind::Profile, V010, Some(r#"{"Tenant":"t"}"#), "[ID]"),
        (Kind::Profile, V010, Some(r#"{"ID":"P"}"#), "[Tenant]"),
        (Kind::Profile, V010, None, "[Tenant ID]"),
        (Kind::Filter, V011, Some("{}"), "[ID]"),
        (Kind::Attribute, V011, None, "[ID]"),
        (Kind::Timing, V011, None, "[ID]"),
        (Kind::Destination, V011, None, "[Id Prefixes]"),
        (Kind::Destination, V011, Some(r#"{"Id":"D","Prefixes":[]}"#), "[Prefixes]"),
    ] {
        let error = decode(kind, argument, generation).unwrap_err();
        assert_eq!(error, format!("MANDATORY_IE_MISSING: {want}"), "{argument:?}");
    }
}
