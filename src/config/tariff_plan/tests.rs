//! Tariff plans as rows: what they say, and what is said of wrong ones.

use super::*;
use crate::model::definition::{
    Activation, Attribute, AttributeProfile, Blocker, Conditional, Destination, FilterDefinition,
    RouteDefinition, RouteProfile, RuleDefinition, Stamp, Timing, Weight,
};

fn strings(values: &[&str]) -> Option<Vec<String>> {
    Some(values.iter().map(|value| (*value).to_owned()).collect())
}

fn read(files: &[(&str, &str)]) -> Result<Plan, PlanError> {
    let files: Vec<_> =
        files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    parse("plan", &files, &Manner::default())
}

fn definitions(name: &str, text: &str) -> Vec<Definition> {
    let plan = read(&[(name, text)]);
    plan.unwrap_or_else(|error| panic!("{name}\n{text}\n{error:?}")).into_definitions()
}

fn profiles(name: &str, text: &str) -> Vec<RouteProfile> {
    let profiles = definitions(name, text).into_iter().map(|definition| match definition {
        Definition::Profile(profile) => profile,
        other => panic!("{other:?}"),
    });
    profiles.collect()
}

fn profile(id: &str, routes: Vec<RouteDefinition>) -> RouteProfile {
    RouteProfile {
        tenant: "t".into(),
        id: id.into(),
        filter_ids: strings(&[]),
        sorting: "*weight".into(),
        sorting_parameters: strings(&[]),
        routes: Some(routes),
        ..RouteProfile::default()
    }
}

fn route(id: &str, weight: f64, parameters: &str) -> RouteDefinition {
    RouteDefinition {
        id: id.into(),
        weight: Weight::Fixed(weight),
        parameters: parameters.into(),
        ..RouteDefinition::default()
    }
}

#[test]
fn rows_of_one_profile_are_merged() {
    let text = "\
#Tenant,ID,FilterIDs,ActivationInterval,Sorting,SortingParameters,RouteID,RouteFilterIDs,RouteAccountIDs,RouteRatingPlanIDs,RouteResourceIDs,RouteStatIDs,RouteWeight,RouteBlocker,RouteParameters,Weight
t,C1,*string:~*req.A:1,,*weight,,r1,,,,,,10,false,p1,20
t,C1,,,,,r2,,,,,,5,,p2,0
t,C1,,,,,r1,,A;B,P,,,99,true,zz,
t,C2,,,,,r9,,,,,,,,,
t,C2,,,*weight,,r9,*string:~*req.A:2,,,,,7,,f,3
# a comment line

t,C3,F;G,2025-01-01T00:00:00Z;2025-02-01T00:00:00Z,*weight,a;b,only,,,,,,1.5,,\"a,b;\"\"c\"\"\",15
t,C3,G;H,,,b;c,,,,,,,,,,
t,C4,,,*weight,,,,,,,,,,,2
";
    let stamp = |text: &str, ns| Some(Stamp { ns, text: text.into() });
    let want = vec![
        RouteProfile {
            filter_ids: strings(&["*string:~*req.A:1"]),
            weight: Weight::Fixed(20.0),
            ..profile(
                "C1",
                vec![
                    RouteDefinition {
                        account_ids: strings(&["A", "B"]),
                        rating_plan_ids: strings(&["P"]),
                        ..route("r1", 10.0, "p1")
                    },
                    route("r2", 5.0, "p2"),
                ],
            )
        },
        RouteProfile {
            weight: Weight::Fixed(3.0),
            ..profile(
                "C2",
                vec![
                    route("r9", 0.0, ""),
                    RouteDefinition {
                        filter_ids: strings(&["*string:~*req.A:2"]),
                        ..route("r9", 7.0, "f")
                    },
                ],
            )
        },
        RouteProfile {
            filter_ids: strings(&["F", "G", "H"]),
            active: Some(Activation {
                from: stamp("2025-01-01T00:00:00Z", 1_735_689_600_000_000_000),
                until: stamp("2025-02-01T00:00:00Z", 1_738_368_000_000_000_000),
            }),
            sorting_parameters: strings(&["a", "b", "c"]),
            weight: Weight::Fixed(15.0),
            ..profile("C3", vec![route("only", 1.5, "a,b;\"c\"")])
        },
        RouteProfile { weight: Weight::Fixed(2.0), ..profile("C4", vec![]) },
    ];
    assert_eq!(profiles("Routes.csv", text), want);
}

#[test]
fn the_same_filters_in_another_order_are_the_same_route() {
    let text = "t,P,,,*weight,,r,A;B,,,,,1,,,\nt,P,,,,,r,B;A,,RP,,,2,,,\nt,P,,,,,r,A,,,,,3,,,\n";
    let routes = profiles("Routes.csv", text).remove(0).routes.unwrap();
    let told: Vec<_> = routes.iter().map(|route| (&route.filter_ids, &route.weight)).collect();
    assert_eq!(
        told,
        [
            (&strings(&["A", "B", "B", "A"]), &Weight::Fixed(1.0)),
            (&strings(&["A"]), &Weight::Fixed(3.0)),
        ]
    );
}

#[test]
fn suppliers_of_0_10_are_profiles_of_their_generation() {
    let text = "t,S,*string:~*req.Account:1001,,*weight,,s1,F,,RP,,,20,,p1,10\n";
    let want = RouteProfile {
        generation: Generation::V010,
        filter_ids: strings(&["*string:~*req.Account:1001"]),
        weight: Weight::Fixed(10.0),
        ..profile(
            "S",
            vec![RouteDefinition {
                filter_ids: strings(&["F"]),
                rating_plan_ids: strings(&["RP"]),
                ..route("s1", 20.0, "p1")
            }],
        )
    };
    assert_eq!(profiles("Suppliers.csv", text), [want]);
}

#[test]
fn weights_of_1_0_have_filters_of_their_own() {
    let heading = "# Routes of the new platform\n#Tenant,ID,FilterIDs,Weights,Blockers,Sorting,SortingParameters,RouteID,RouteFilterIDs,RouteAccountIDs,RouteRateProfileIDs,RouteResourceIDs,RouteStatIDs,RouteWeights,RouteBlockers,RouteParameters\n";
    let rows = "t,P,F,A&B;10;;5,,*weight,,r,,,,,,;10,;true,p\nt,P,,,,,,r,X,,RP,,,,,\n";
    let first = |filters: Option<Vec<String>>, weight| (filters, weight);
    let want = RouteProfile {
        generation: Generation::V100,
        filter_ids: strings(&["F"]),
        weight: Weight::First(Some(vec![first(strings(&["A", "B"]), 10.0), first(None, 5.0)])),
        blocker: Blocker::First(None),
        ..profile(
            "P",
            vec![RouteDefinition {
                filter_ids: strings(&["X"]),
                rating_plan_ids: strings(&["RP"]),
                weight: Conditional::First(Some(vec![(None, 10.0)])),
                blocker: Conditional::First(Some(vec![(None, true)])),
                ..route("r", 0.0, "p")
            }],
        )
    };
    let told = profiles("Routes.csv", &format!("{heading}{rows}"));
    assert_eq!(told, vec![want.clone()]);
    let manner = Manner { generation: Generation::V100, ..Manner::default() };
    let files = [("Routes.csv".to_owned(), rows.as_bytes().to_vec())];
    let plan = parse("plan", &files, &manner).unwrap();
    assert_eq!(plan.into_definitions(), [Definition::Profile(want)]);
}

#[test]
fn filters_destinations_timings_and_attributes_are_read() {
    let rule = |kind: &str, element: &str, values| RuleDefinition {
        kind: kind.into(),
        element: element.into(),
        values,
    };
    for (name, text, want) in [
        (
            "Filters.csv",
            "#Tenant,ID,Type,Path,Values,ActivationInterval\n\
             t,F,*string,~*req.A,a;b,\nt,F,*exists,~*req.B,,\nt,F,*string,~*req.A,c,\n\
             t,F,,,,2026-01-01T00:00:00Z\n",
            Definition::Filter(FilterDefinition {
                tenant: "t".into(),
                id: "F".into(),
                rules: Some(vec![
                    rule("*string", "~*req.A", strings(&["a", "b", "c"])),
                    rule("*exists", "~*req.B", None),
                ]),
                active: Some(Activation {
                    from: Some(Stamp {
                        ns: 1_767_225_600_000_000_000,
                        text: "2026-01-01T00:00:00Z".into(),
                    }),
                    until: None,
                }),
            }),
        ),
        (
            "Filters.csv",
            "#Tenant,ID,Type,Element,Values\nt,F,*string,~*req.A,a\n",
            Definition::Filter(FilterDefinition {
                tenant: "t".into(),
                id: "F".into(),
                rules: Some(vec![rule("*string", "~*req.A", strings(&["a"]))]),
                active: None,
            }),
        ),
        (
            "Destinations.csv",
            "\u{feff}#Id,Prefix\r\nDE,+49\r\nDE,0049\r\n",
            Definition::Destination(Destination {
                id: "DE".into(),
                prefixes: vec!["+49".into(), "0049".into()],
            }),
        ),
        (
            "Timings.csv",
            "T,2025;2026,*any,,6;7,8:00:00;24:00:00",
            Definition::Timing(Timing {
                id: "T".into(),
                years: vec![2025, 2026],
                week_days: vec![6, 0],
                start: "08:00:00".into(),
                ..Timing::default()
            }),
        ),
        (
            "Attributes.csv",
            "t,A,*routes;*any,F,,,*req.Account,*constant,1001,true,10\nt,A,*any,F,,G;H,*tenant,*variable,~*req.X;y,false,\nt,A,,,,,,,,,\n",
            Definition::Attribute(AttributeProfile {
                tenant: "t".into(),
                id: "A".into(),
                contexts: strings(&["*routes", "*any"]),
                filter_ids: strings(&["F"]),
                active: None,
                attributes: Some(vec![
                    Attribute {
                        filter_ids: strings(&[]),
                        path: "*req.Account".into(),
                        kind: "*constant".into(),
                        value: strings(&["1001"]),
                    },
                    Attribute {
                        filter_ids: strings(&["G", "H"]),
                        path: "*tenant".into(),
                        kind: "*variable".into(),
                        value: strings(&["~*req.X", "y"]),
                    },
                ]),
                blocker: true,
                weight: 10.0,
            }),
        ),
    ] {
        assert_eq!(definitions(name, text), [want], "{text}");
    }
}

#[test]
fn what_others_refer_to_comes_first_and_files_of_one_name_belong_together() {
    let plan = read(&[
        ("Routes.csv", "t,P,,,*weight,,r,,,,,,1,,,1\n"),
        ("Stats.csv", "anything"),
        ("b/Destinations.csv", "DE,+49\nFR,+33\n"),
        ("a/Destinations.csv", "DE,0049\n"),
        ("Filters.csv", "#Tenant,ID,Type,Path,Values,ActivationInterval\nt,F,*string,~*req.A,a,\n"),
    ])
    .unwrap();
    let stated: Vec<String> = plan
        .definitions
        .iter()
        .map(|declared| format!("{} {}", declared.definition.key(), declared.place))
        .collect();
    assert_eq!(
        stated,
        [
            "t:F plan/Filters.csv:2",
            "DE plan/b/Destinations.csv:1",
            "FR plan/b/Destinations.csv:2",
            "t:P plan/Routes.csv:1",
        ]
    );
    assert_eq!(plan.unread, ["Stats.csv"]);
    assert_eq!(plan.warnings, []);
}

#[test]
fn each_mistake_has_its_place_and_the_first_one_is_answered_as_cgrates_does() {
    let routes = "t,P,,,*weight,,r,,,,,,1,,,1\n";
    for (name, text, answer, found) in [
        (
            "Routes.csv",
            "t,C1,,,*weight,,r1,,,,,,abc,,,50\n",
            "SERVER_ERROR: invalid value \"abc\" for field RouteMdl.RouteWeight",
            &["plan/Routes.csv:1:25: error: `abc` in RouteWeight is no number"][..],
        ),
        (
            "Routes.csv",
            &format!("# comment\n\n{routes}# more\nt,P,\n\n\"t\",\"P,Q\",,,,,r,,,,,,1,yes,,inf\n"),
            "SERVER_ERROR: record on line 5: wrong number of fields",
            &[
                "plan/Routes.csv:5:1: error: the row has 3 columns, not 16",
                "plan/Routes.csv:7:24: error: `yes` in RouteBlocker is neither true nor false",
                "plan/Routes.csv:7:29: error: `inf` in Weight is no number",
            ],
        ),
        (
            "Routes.csv",
            ",P,,tomorrow,*weight,,r,,,,,,1,,,1\nt,,,2026-01-01T00:00:00Z;*now,*weight,,r,,,,,,1,,,1\n",
            "SERVER_ERROR: Unsupported time format",
            &[
                "plan/Routes.csv:1:1: error: the row has no Tenant",
                "plan/Routes.csv:1:5: error: `tomorrow` in ActivationInterval is no moment",
                "plan/Routes.csv:2:3: error: the row has no ID",
                "plan/Routes.csv:2:5: error: `*now` in ActivationInterval is no moment",
            ],
        ),
        (
            "Suppliers.csv",
            "t,P,,,*weight,,r,,,,,,x,,,1\n",
            "SERVER_ERROR: invalid value \"x\" for field TpSupplier.SupplierWeight",
            &["plan/Suppliers.csv:1:23: error: `x` in SupplierWeight is no number"],
        ),
        (
            "Routes.csv",
            "#Tenant,ID,FilterIDs,Weights\nt,P,,F;1;2,;x,*weight,,r,,,,,,F;y,,\n",
            "SERVER_ERROR: invalid DynamicWeight format for string <F;1;2>",
            &[
                "plan/Routes.csv:2:6: error: `F;1;2` in Weights is not made of pairs",
                "plan/Routes.csv:2:12: error: `x` in Blockers cannot be read",
                "plan/Routes.csv:2:31: error: `y` in RouteWeights cannot be read",
            ],
        ),
        (
            "Destinations.csv",
            "DE,\"+49\nFR,+33\nIT,+39\n",
            "SERVER_ERROR: parse error on line 1: extraneous or missing \" in quoted-field",
            &["plan/Destinations.csv:1:4: error: a cell runs over several lines"],
        ),
        (
            "Destinations.csv",
            "DE,\n,+49\n+33\n",
            "SERVER_ERROR: MANDATORY_IE_MISSING: [Prefix]",
            &[
                "plan/Destinations.csv:1:4: error: the row has no Prefix",
                "plan/Destinations.csv:2:1: error: the row has no Id",
                "plan/Destinations.csv:3:1: error: the row has 1 column, not 2",
            ],
        ),
        (
            "Timings.csv",
            "A,*any,13,0;1,mon,8\nB,*any,*any,*any,*any,08:00:60\nB,*any,*any,*any,*any,\n",
            "SERVER_ERROR: `8` in Time is no time of day",
            &[
                "plan/Timings.csv:1:8: error: `13` in Months is no list of numbers from 1 to 12",
                "plan/Timings.csv:1:11: error: `0;1` in MonthDays is no list of numbers from 1 to 31",
                "plan/Timings.csv:1:15: error: `mon` in WeekDays is no list of numbers from 0 to 7",
                "plan/Timings.csv:1:19: error: `8` in Time is no time of day",
                "plan/Timings.csv:2:23: error: `08:00:60` in Time is no time of day",
                "plan/Timings.csv:3:1: error: the timing `B` stands in another row, too",
            ],
        ),
        (
            "Attributes.csv",
            "t,A,,,,,*req.A,*constant,`a,,x\n",
            "SERVER_ERROR: invalid value \"x\" for field AttributeMdl.Weight",
            &[
                "plan/Attributes.csv:1:26: error: a back-tick in Value has no second one",
                "plan/Attributes.csv:1:30: error: `x` in Weight is no number",
            ],
        ),
    ] {
        let error = read(&[(name, text)]).unwrap_err();
        assert_eq!(error.answer, answer, "{text}");
        let told: Vec<String> = error
            .findings
            .iter()
            .map(|finding| finding.to_string().lines().next().unwrap().to_owned())
            .collect();
        assert_eq!(told, found, "{text}");
    }
}

#[test]
fn a_profile_is_of_one_generation_and_bytes_are_text() {
    let row = b"t,P,,,*weight,,r,,,,,,1,,,1\n".to_vec();
    let files = [("Routes.csv".to_owned(), row.clone()), ("Suppliers.csv".to_owned(), row)];
    let error = parse("plan", &files, &Manner::default()).unwrap_err();
    assert!(error.answer.contains("another generation"), "{error:?}");
    let files = [("Routes.csv".to_owned(), b"t,P\n\xff".to_vec())];
    let error = parse("plan/", &files, &Manner::default()).unwrap_err();
    assert!(
        error.findings[0].to_string().starts_with("plan/Routes.csv:2:1: error: this is no UTF-8")
    );
}

#[test]
fn what_plans_of_actions_need_is_passed_over_with_a_warning() {
    let text = "ASAP,*any,*any,*any,*any,*asap\nM,*monthly_estimated,*any,*any,*any,00:00:00\n";
    let plan = read(&[("Timings.csv", text)]).unwrap();
    assert_eq!(plan.definitions.len(), 2);
    let warnings: Vec<String> = plan.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        ["plan/Timings.csv:2:3: warning: `*monthly_estimated` in Years is passed over\n  \
          help: routing knows `*any` and numbers"]
    );
}

#[test]
fn a_folder_that_is_not_there_is_refused() {
    let folder = Path::new("nowhere/plan");
    let error = read_folder(folder, &Limits::default(), &Manner::default()).unwrap_err();
    assert_eq!(error.answer, "INVALID_PATH");
    assert_eq!(error.findings[0].to_string(), "nowhere/plan: error: there is no such folder");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let error = read_folder(&file, &Limits::default(), &Manner::default()).unwrap_err();
    assert_eq!(error.answer, "INVALID_PATH");
}
