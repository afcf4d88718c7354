//! Definitions read, told again and kept: rows of what is said and what comes back.

#[cfg(test)]
mod accounts;
mod prices;
mod wrong;

use super::*;
use crate::model::definition::{Activation, Conditional, RouteDefinition, RuleDefinition};

const V010: Generation = Generation::V010;
const V011: Generation = Generation::V011;
const V100: Generation = Generation::V100;

/// What `Get…` tells of what `Set…` was given.
fn told(kind: Kind, generation: Generation, argument: &str) -> Result<String, String> {
    let definition = decode(kind, Some(argument), generation)?;
    let mut out = Vec::new();
    encode(&definition, generation, &mut out);
    Ok(String::from_utf8(out).unwrap())
}

/// Kinds, arguments of `Set…`, and results of `Get…` to the byte.
const ROWS: [(Kind, Generation, &str, &str); 19] = [
    (
        Kind::Profile,
        V011,
        r#"{"Tenant":"t","ID":"P","Sorting":"*weight","Routes":[{"ID":"a","Weight":2.5,"StatIDs":[]},
            {"ID":"b","Weight":-1,"Blocker":true,"RouteParameters":"p;q","FilterIDs":["F"]}],
            "Weight":1e21,"APIOpts":{"*cache":"*reload"}}"#,
        r#"{"Tenant":"t","ID":"P","FilterIDs":null,"ActivationInterval":null,"Sorting":"*weight","SortingParameters":null,"Routes":[{"ID":"a","FilterIDs":null,"AccountIDs":null,"RatingPlanIDs":null,"ResourceIDs":null,"StatIDs":[],"Weight":2.5,"Blocker":false,"RouteParameters":""},{"ID":"b","FilterIDs":["F"],"AccountIDs":null,"RatingPlanIDs":null,"ResourceIDs":null,"StatIDs":null,"Weight":-1,"Blocker":true,"RouteParameters":"p;q"}],"Weight":1e+21}"#,
    ),
    (
        // Any case, members that there are not, the last of several, an escape in a name.
        Kind::Profile,
        V011,
        r#"{"tenant":"t","id":"x","iD":"P","SORTING":"*weight","routes":[{"id":"a","weight":2,
            "routeparameters":"p","Nope":1}],"weight":3,"Blocker":true,"Color":"red",
            "Weights":[{"Weight":9}],"Sorting\u0050arameters":["*acd"]}"#,
        r#"{"Tenant":"t","ID":"P","FilterIDs":null,"ActivationInterval":null,"Sorting":"*weight","SortingParameters":["*acd"],"Routes":[{"ID":"a","FilterIDs":null,"AccountIDs":null,"RatingPlanIDs":null,"ResourceIDs":null,"StatIDs":null,"Weight":2,"Blocker":false,"RouteParameters":"p"}],"Weight":3}"#,
    ),
    (
        // A null leaves a field as it is, makes a list null, and is an empty text in one.
        Kind::Profile,
        V011,
        r#"{"ID":"P","ID":null,"Tenant":null,"Weight":null,"Routes":[],"FilterIDs":["a",null],
            "SortingParameters":null,"Sorting":null,"APIOpts":null}"#,
        r#"{"Tenant":"cgrates.org","ID":"P","FilterIDs":["a",""],"ActivationInterval":null,"Sorting":"","SortingParameters":null,"Routes":[],"Weight":0}"#,
    ),
    (
        Kind::Profile,
        V011,
        r#"{"Tenant":"t","ID":"<P&>\u2028","ActivationInterval":{}}"#,
        r#"{"Tenant":"t","ID":"\u003cP\u0026\u003e\u2028","FilterIDs":null,"ActivationInterval":{"ActivationTime":"0001-01-01T00:00:00Z","ExpiryTime":"0001-01-01T00:00:00Z"},"Sorting":"","SortingParameters":null,"Routes":null,"Weight":0}"#,
    ),
    (
        Kind::Profile,
        V011,
        r#"{"Tenant":"t","ID":"P","ActivationInterval":{"ActivationTime":"2025-12-31T23:59:59.500Z",
            "ExpiryTime":"2026-01-01T00:00:00+02:00"},"Routes":null}"#,
        r#"{"Tenant":"t","ID":"P","FilterIDs":null,"ActivationInterval":{"ActivationTime":"2025-12-31T23:59:59.5Z","ExpiryTime":"2026-01-01T00:00:00+02:00"},"Sorting":"","SortingParameters":null,"Routes":null,"Weight":0}"#,
    ),
    (
        Kind::Profile,
        V011,
        r#"{"Tenant":"t","ID":"P","ActivationInterval":{"activationtime":null,
            "EXPIRYTIME":"2030-01-01T00:00:00+00:00"}}"#,
        r#"{"Tenant":"t","ID":"P","FilterIDs":null,"ActivationInterval":{"ActivationTime":"0001-01-01T00:00:00Z","ExpiryTime":"2030-01-01T00:00:00Z"},"Sorting":"","SortingParameters":null,"Routes":null,"Weight":0}"#,
    ),
    (
        Kind::Profile,
        V010,
        r#"{"Tenant":"t","ID":"P","FilterIDs":null,"ActivationInterval":null,"Sorting":"*weight",
            "SortingParameters":[],"Suppliers":[{"ID":"s1","FilterIDs":["*string:~*req.D:a;b"],
            "Weight":10,"Blocker":true,"SupplierParameters":"p1","RouteParameters":"no"}],
            "Routes":[{"ID":"no"}],"Weight":10,"Cache":"*reload"}"#,
        r#"{"Tenant":"t","ID":"P","FilterIDs":null,"ActivationInterval":null,"Sorting":"*weight","SortingParameters":[],"Suppliers":[{"ID":"s1","FilterIDs":["*string:~*req.D:a;b"],"AccountIDs":null,"RatingPlanIDs":null,"ResourceIDs":null,"StatIDs":null,"Weight":10,"Blocker":true,"SupplierParameters":"p1"}],"Weight":10}"#,
    ),
    (
        Kind::Profile,
        V010,
        r#"{"Tenant":"t","ID":"P","Suppliers":[]}"#,
        r#"{"Tenant":"t","ID":"P","FilterIDs":null,"ActivationInterval":null,"Sorting":"","SortingParameters":null,"Suppliers":[],"Weight":0}"#,
    ),
    (
        Kind::Profile,
        V100,
        r#"{"Tenant":"t","ID":"P","FilterIDs":null,"Weights":null,"Blockers":[],"Sorting":"*weight",
            "SortingParameters":null,"Routes":[{"ID":"r1","RateProfileIDs":["RT"],
            "Weights":[{"FilterIDs":["*string:~*req.A:b"],"Weight":5},{"Weight":10}],"Blockers":null,
            "RouteParameters":"p"},{"ID":"r2","Weight":7,"Blockers":[{"FilterIDs":[],"Blocker":true}]}]}"#,
        r#"{"Tenant":"t","ID":"P","FilterIDs":null,"Weights":null,"Blockers":[],"Sorting":"*weight","SortingParameters":null,"Routes":[{"ID":"r1","FilterIDs":null,"AccountIDs":null,"RateProfileIDs":["RT"],"ResourceIDs":null,"StatIDs":null,"Weights":[{"FilterIDs":["*string:~*req.A:b"],"Weight":5},{"FilterIDs":null,"Weight":10}],"Blockers":null,"RouteParameters":"p"},{"ID":"r2","FilterIDs":null,"AccountIDs":null,"RateProfileIDs":null,"ResourceIDs":null,"StatIDs":null,"Weights":null,"Blockers":[{"FilterIDs":[],"Blocker":true}],"RouteParameters":""}]}"#,
    ),
    (
        Kind::Filter,
        V011,
        r#"{"Tenant":"t","ID":"F","Rules":[{"Type":"*string","Element":"~*req.A","Values":["1","2"]},
            {"Type":"*exists","Element":"~*req.B","Values":[]},{"Type":"*empty","Element":"~*req.C"}]}"#,
        r#"{"Tenant":"t","ID":"F","Rules":[{"Type":"*string","Element":"~*req.A","Values":["1","2"]},{"Type":"*exists","Element":"~*req.B","Values":[]},{"Type":"*empty","Element":"~*req.C","Values":null}],"ActivationInterval":null}"#,
    ),
    (
        Kind::Filter,
        V011,
        r#"{"Tenant":"t","ID":"F","Rules":[]}"#,
        r#"{"Tenant":"t","ID":"F","Rules":[],"ActivationInterval":null}"#,
    ),
    (
        Kind::Filter,
        V011,
        r#"{"ID":"F"}"#,
        r#"{"Tenant":"cgrates.org","ID":"F","Rules":null,"ActivationInterval":null}"#,
    ),
    (
        Kind::Filter,
        V011,
        r#"{"Tenant":"t","ID":"F","Rules":[{"Type":"*ai","Element":"~*req.T","Values":[""]}],
            "ActivationInterval":{"ActivationTime":"2025-01-01T00:00:00Z"}}"#,
        r#"{"Tenant":"t","ID":"F","Rules":[{"Type":"*ai","Element":"~*req.T","Values":[""]}],"ActivationInterval":{"ActivationTime":"2025-01-01T00:00:00Z","ExpiryTime":"0001-01-01T00:00:00Z"}}"#,
    ),
    (
        Kind::Attribute,
        V011,
        r#"{"Tenant":"t","ID":"A","Contexts":["*routes"],"FilterIDs":null,"Attributes":[
            {"FilterIDs":null,"Path":"*req.J","Type":"*variable","Value":[{"Rules":"~*req.A"},
            {"Rules":"-"},{"rules":"~*req.B:s/a;b/c/"}]},{"Path":"*req.K","Value":[]}],"Weight":10,
            "Blocker":true}"#,
        r#"{"Tenant":"t","ID":"A","Contexts":["*routes"],"FilterIDs":null,"ActivationInterval":null,"Attributes":[{"FilterIDs":null,"Path":"*req.J","Type":"*variable","Value":[{"Rules":"~*req.A"},{"Rules":"-"},{"Rules":"~*req.B:s/a;b/c/"}]},{"FilterIDs":null,"Path":"*req.K","Type":"","Value":[]}],"Blocker":true,"Weight":10}"#,
    ),
    (
        Kind::Attribute,
        V011,
        r#"{"Tenant":"t","ID":"A","Attributes":[{"Path":"*req.J","Type":"*constant",
            "Value":"~*req.A;-"},{"Path":"*req.K","Value":null}]}"#,
        r#"{"Tenant":"t","ID":"A","Contexts":null,"FilterIDs":null,"ActivationInterval":null,"Attributes":[{"FilterIDs":null,"Path":"*req.J","Type":"*constant","Value":[{"Rules":"~*req.A"},{"Rules":"-"}]},{"FilterIDs":null,"Path":"*req.K","Type":"","Value":null}],"Blocker":false,"Weight":0}"#,
    ),
    (
        Kind::Destination,
        V011,
        r#"{"Id":"D","Prefixes":["+49","0049"],"Overwrite":true}"#,
        r#"{"Id":"D","Prefixes":["+49","0049"]}"#,
    ),
    (
        Kind::Timing,
        V011,
        r#"{"ID":"T","Years":[2026],"Months":[1,12],"MonthDays":[],"WeekDays":[6,0],
            "StartTime":"10:00:00","EndTime":"11:00:00"}"#,
        r#"{"ID":"T","Years":[2026],"Months":[1,12],"MonthDays":[],"WeekDays":[6,0],"StartTime":"10:00:00","EndTime":"11:00:00"}"#,
    ),
    (
        Kind::Timing,
        V011,
        r#"{"ID":"T","Years":null,"WeekDays":[1,null]}"#,
        r#"{"ID":"T","Years":[],"Months":[],"MonthDays":[],"WeekDays":[1,0],"StartTime":"","EndTime":""}"#,
    ),
    (
        Kind::Filter,
        V100,
        r#"{"Tenant":"t","ID":"F\ud800","Rules":[{"Type":"*never"}]}"#,
        "{\"Tenant\":\"t\",\"ID\":\"F\u{fffd}\",\"Rules\":[{\"Type\":\"*never\",\"Element\":\"\",\"Values\":null}],\"ActivationInterval\":null}",
    ),
];

#[test]
fn what_is_told_is_what_was_set() {
    for (kind, generation, argument, want) in ROWS {
        assert_eq!(told(kind, generation, argument).as_deref(), Ok(want), "{argument}");
    }
}

#[test]
fn what_is_told_can_be_set_again_and_what_is_stored_comes_back() {
    for (kind, generation, argument, want) in ROWS {
        let definition = decode(kind, Some(argument), generation).unwrap();
        assert_eq!(decode(kind, Some(want), generation).as_ref(), Ok(&definition), "{argument}");
        let stored = store(&definition);
        assert_eq!(restore(kind, &stored), Ok(definition), "{stored}");
    }
}

#[test]
fn the_state_database_keeps_what_no_single_generation_can_tell() {
    let route = RouteDefinition {
        id: "a".into(),
        weight: Conditional::First(Some(vec![(Some(vec!["F".into()]), 0.1), (None, 2.0)])),
        blocker: Conditional::Fixed(true),
        ..RouteDefinition::default()
    };
    for generation in [V010, V011, V100] {
        let profile = RouteProfile {
            generation,
            id: "P".into(),
            active: Some(Activation::default()),
            routes: Some(vec![route.clone(), RouteDefinition::default()]),
            weight: Conditional::Fixed(7.25),
            blocker: Conditional::First(None),
            ..RouteProfile::default()
        };
        let definition = Definition::Profile(profile);
        let stored = store(&definition);
        assert_eq!(restore(Kind::Profile, &stored), Ok(definition), "{stored}");
    }
    assert!(restore(Kind::Profile, r#"{"Generation":"2.0"}"#).is_err());
    assert!(restore(Kind::Filter, "").is_err());
}

#[test]
fn a_profile_is_told_in_the_names_of_whoever_asks() {
    let profile = RouteProfile {
        tenant: "t".into(),
        id: "P".into(),
        weight: Conditional::Fixed(2.0),
        routes: Some(vec![RouteDefinition {
            id: "a".into(),
            weight: Conditional::First(Some(vec![(Some(vec!["F".into()]), 5.0), (None, 3.0)])),
            blocker: Conditional::First(Some(vec![(Some(vec!["F".into()]), true)])),
            ..RouteDefinition::default()
        }]),
        ..RouteProfile::default()
    };
    for (generation, want) in [
        (
            V010,
            r#"{"Tenant":"t","ID":"P","FilterIDs":null,"ActivationInterval":null,"Sorting":"","SortingParameters":null,"Suppliers":[{"ID":"a","FilterIDs":null,"AccountIDs":null,"RatingPlanIDs":null,"ResourceIDs":null,"StatIDs":null,"Weight":3,"Blocker":false,"SupplierParameters":""}],"Weight":2}"#,
        ),
        (
            V100,
            r#"{"Tenant":"t","ID":"P","FilterIDs":null,"Weights":[{"FilterIDs":null,"Weight":2}],"Blockers":null,"Sorting":"","SortingParameters":null,"Routes":[{"ID":"a","FilterIDs":null,"AccountIDs":null,"RateProfileIDs":null,"ResourceIDs":null,"StatIDs":null,"Weights":[{"FilterIDs":["F"],"Weight":5},{"FilterIDs":null,"Weight":3}],"Blockers":[{"FilterIDs":["F"],"Blocker":true}],"RouteParameters":""}]}"#,
        ),
    ] {
        let mut out = Vec::new();
        encode_profile(&profile, generation, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), want);
    }
}

#[test]
fn a_destination_says_beside_it_whether_it_overwrites() {
    for (argument, overwrite) in [
        (r#"{"Id":"D","Prefixes":["+49"]}"#, false),
        (r#"{"ID":"D","prefixes":["+49"],"OVERWRITE":true}"#, true),
    ] {
        let set = SetDestination::decode(Some(argument)).unwrap();
        assert_eq!(set.overwrite, overwrite, "{argument}");
        assert_eq!(set.destination.prefixes, ["+49"], "{argument}");
    }
}

#[test]
fn rules_are_plain_data() {
    let filter = decode_filter(
        Some(r#"{"ID":"F","Rules":[{"TYPE":"*nosuch","element":"","VALUES":["",null]}]}"#),
        V011,
    )
    .unwrap();
    let rule = RuleDefinition {
        kind: "*nosuch".into(),
        element: String::new(),
        values: Some(vec![String::new(), String::new()]),
    };
    assert_eq!(filter.rules, Some(vec![rule]));
}
