//! Profiles that are set one by one: what matches, paging, errors, order, lists.

use super::Want::{Begins, Count, Error, Is, Profiles, Routes};
use super::{Call, Row, ask};
use crate::support::site::Setup;

const ASK: &str = "RouteSv1.GetRoutes";
const LIST: &str = "RouteSv1.GetRoutesList";
const MATCHES: &str = "RouteSv1.GetRouteProfilesForEvent";
const SET: &str = "APIerSv1.SetRouteProfile";

const P1_EVENT: &str = r#"{"Tenant":"units","ID":"q","Event":{"Route":"RouteProfile1","UsageInterval":"1s","Weight":"20.0"}}"#;
const P2_EVENT: &str = r#"{"Tenant":"units","ID":"q","Event":{"Route":"RouteProfile2","PddInterval":"1s","Weight":"20.0"}}"#;
const PX_EVENT: &str = r#"{"Tenant":"units","ID":"q","Event":{"Route":"RouteProfilePrefix"}}"#;

/// O60 to O68 share three profiles.
const SHARED: &[Row] = &[
    Row {
        number: "O60",
        calls: &[
            Call(
                SET,
                r#"{"Tenant":"units","ID":"P1","FilterIDs":["*string:~*req.Route:RouteProfile1","*gte:~*req.UsageInterval:1s","*gte:~*req.Weight:9.0"],"Sorting":"*weight","Weight":10,
                "Routes":[{"ID":"route1","Weight":10,"RouteParameters":"param1"}]}"#,
                Is("\"OK\""),
            ),
            Call(
                SET,
                r#"{"Tenant":"units","ID":"P2","FilterIDs":["*string:~*req.Route:RouteProfile2","*gte:~*req.PddInterval:1s","*gte:~*req.Weight:15.0"],"Sorting":"*weight","Weight":20,
                "Routes":[{"ID":"route2","Weight":20},{"ID":"route3","Weight":10},{"ID":"route1","Weight":30}]}"#,
                Is("\"OK\""),
            ),
            Call(
                SET,
                r#"{"Tenant":"units","ID":"PX","FilterIDs":["*prefix:~*req.Route:RouteProfilePrefix"],"Sorting":"*weight","Weight":10,
                "Routes":[{"ID":"route1","Weight":10}]}"#,
                Is("\"OK\""),
            ),
            Call(ASK, P1_EVENT, Routes("P1 *weight: route1:param1 10")),
        ],
    },
    Row {
        number: "O61",
        calls: &[Call(ASK, P2_EVENT, Routes("P2 *weight: route1 30, route2 20, route3 10"))],
    },
    Row { number: "O62", calls: &[Call(ASK, PX_EVENT, Routes("PX *weight: route1 10"))] },
    Row {
        number: "O63",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"units","ID":"q","Event":{"Route":"RouteProfile2","PddInterval":"1s","Weight":"20.0"},"APIOpts":{"*rouLimit":2}}"#,
            Routes("P2 *weight: route1 30, route2 20"),
        )],
    },
    Row {
        number: "O64",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"units","ID":"q","Event":{"Route":"RouteProfile2","PddInterval":"1s","Weight":"20.0"},"APIOpts":{"*rouOffset":2}}"#,
            Routes("P2 *weight: route3 10"),
        )],
    },
    Row {
        number: "O67 and O68",
        calls: &[
            Call(MATCHES, P1_EVENT, Profiles("P1")),
            Call(MATCHES, P2_EVENT, Profiles("P2")),
            Call(MATCHES, PX_EVENT, Profiles("PX")),
        ],
    },
];

const ROWS: &[Row] = &[
    Row {
        number: "O69",
        calls: &[Call(MATCHES, r#"{"Tenant":"nobody","ID":"q","Event":{}}"#, Error("NOT_FOUND"))],
    },
    // Over JSON-RPC a null argument is an empty event.
    Row { number: "O70", calls: &[Call(ASK, "null", Error("MANDATORY_IE_MISSING: [ID]"))] },
    Row {
        number: "O71",
        calls: &[
            Call(
                SET,
                r#"{"Tenant":"o71","ID":"P","ActivationInterval":{"ActivationTime":"2022-01-01T00:00:00Z"},"Sorting":"*weight","Routes":[{"ID":"r","Weight":1}]}"#,
                Is("\"OK\""),
            ),
            Call(
                MATCHES,
                r#"{"Tenant":"o71","ID":"q","Event":{"AnswerTime":"2018-01-01T00:00:00Z"}}"#,
                Profiles("P"),
            ),
            Call(
                ASK,
                r#"{"Tenant":"o71","ID":"q","Event":{"AnswerTime":"2018-01-01T00:00:00Z"}}"#,
                Routes("P *weight: r 1"),
            ),
        ],
    },
    Row {
        number: "O72",
        calls: &[
            Call(ASK, r#"{"Tenant":"o72","Event":{}}"#, Error("MANDATORY_IE_MISSING: [ID]")),
            Call(ASK, r#"{"Tenant":"o72","ID":"q"}"#, Error("MANDATORY_IE_MISSING: [Event]")),
            Call(
                "APIerSv1.SetAttributeProfile",
                r#"{"Tenant":"o72","ID":"A","Contexts":["*routes"],"FilterIDs":null,"Attributes":[{"FilterIDs":null,"Path":"*req.A","Type":"*nope","Value":[{"Rules":"x"}]}],"Weight":10}"#,
                Is("\"OK\""),
            ),
            Call(
                SET,
                r#"{"Tenant":"o72","ID":"P","Sorting":"*weight","Routes":[{"ID":"r","Weight":1}]}"#,
                Is("\"OK\""),
            ),
            Call(
                ASK,
                r#"{"Tenant":"o72","ID":"q","Event":{}}"#,
                Error("ROUTES_ERROR:SERVER_ERROR: unsupported type: <*nope>"),
            ),
        ],
    },
    Row {
        number: "O73",
        calls: &[Call(LIST, r#"{"Tenant":"nobody","ID":"q","Event":{}}"#, Error("NOT_FOUND"))],
    },
    Row {
        number: "O74",
        calls: &[
            Call(
                SET,
                r#"{"Tenant":"o74","ID":"P","FilterIDs":["*string:~*req.A:1"],"Sorting":"*weight","Routes":[{"ID":"route2","Weight":10},{"ID":"route1","Weight":20}]}"#,
                Is("\"OK\""),
            ),
            Call(
                LIST,
                r#"{"Tenant":"o74","ID":"q","Event":{"A":"1"}}"#,
                Is(r#"["route1","route2"]"#),
            ),
        ],
    },
    Row {
        number: "O90",
        calls: &[
            Call(
                SET,
                r#"{"Tenant":"o90","ID":"P","Sorting":"*weight","Routes":[{"ID":"r1","Weight":10},{"ID":"r2","Weight":20},{"ID":"r3","Weight":10.5}]}"#,
                Is("\"OK\""),
            ),
            Call(
                ASK,
                r#"{"Tenant":"o90","ID":"q","Event":{}}"#,
                Routes("P *weight: r2 20, r3 10.5, r1 10"),
            ),
        ],
    },
    Row {
        number: "O107",
        calls: &[
            Call(
                SET,
                r#"{"Tenant":"o107","ID":"P","FilterIDs":["*string:~*req.A:1"],"Sorting":"*weight","Routes":[{"ID":"route1","Weight":10,"RouteParameters":"param1"},{"ID":"route2","Weight":20,"RouteParameters":"param2"}]}"#,
                Is("\"OK\""),
            ),
            Call(
                SET,
                r#"{"Tenant":"o107","ID":"Q","FilterIDs":["*string:~*req.A:2"],"Sorting":"*weight","Routes":[]}"#,
                Is("\"OK\""),
            ),
            Call(
                LIST,
                r#"{"Tenant":"o107","ID":"q","Event":{"A":"1"}}"#,
                Is(r#"["route2:param2","route1:param1"]"#),
            ),
            Call(LIST, r#"{"Tenant":"o107","ID":"q","Event":{"A":"2"}}"#, Error("NOT_FOUND")),
        ],
    },
    Row {
        number: "O108",
        calls: &[
            Call(
                SET,
                r#"{"Tenant":"o108","ID":"P1","Sorting":"*weight","Weight":2,"Routes":[{"ID":"ROUTE_ID1","Weight":2,"RouteParameters":"PARAM_1"},{"ID":"ROUTE_ID2","Weight":1,"RouteParameters":"PARAM_2"}]}"#,
                Is("\"OK\""),
            ),
            Call(
                SET,
                r#"{"Tenant":"o108","ID":"P2","Sorting":"*weight","Weight":1,"Routes":[{"ID":"ROUTE_ID1","Weight":2,"RouteParameters":"PARAM_1"},{"ID":"ROUTE_ID2","Weight":1,"RouteParameters":"PARAM_2"}]}"#,
                Is("\"OK\""),
            ),
            Call(
                LIST,
                r#"{"Tenant":"o108","ID":"q","Event":{}}"#,
                Is(
                    r#"["ROUTE_ID1:PARAM_1","ROUTE_ID2:PARAM_2","ROUTE_ID1:PARAM_1","ROUTE_ID2:PARAM_2"]"#,
                ),
            ),
        ],
    },
    Row {
        number: "O110",
        calls: &[
            Call(
                SET,
                r#"{"Tenant":"o110","ID":"P","Sorting":"strategy","Routes":[{"ID":"r"}]}"#,
                Is("\"OK\""),
            ),
            Call(
                ASK,
                r#"{"Tenant":"o110","ID":"q","Event":{}}"#,
                Error("SERVER_ERROR: unsupported sorting strategy: strategy"),
            ),
        ],
    },
    // What is known before the route's data, and what only with it.
    Row {
        number: "O130",
        calls: &[
            Call(
                SET,
                r#"{"Tenant":"o130","ID":"P","Sorting":"*weight","Routes":[{"ID":"base","Weight":1},{"ID":"late","Weight":7,"FilterIDs":["*string:~*req.Account:1001","*eq:~*vars.Weight:7"]}]}"#,
                Is("\"OK\""),
            ),
            Call(
                ASK,
                r#"{"Tenant":"o130","ID":"q","Event":{"Account":"1001"}}"#,
                Routes("P *weight: late 7, base 1"),
            ),
            Call(
                ASK,
                r#"{"Tenant":"o130","ID":"q","Event":{"Account":"1002"}}"#,
                Routes("P *weight: base 1"),
            ),
        ],
    },
    Row {
        number: "O131",
        calls: &[
            Call(
                "APIerSv1.GetFilter",
                r#"{"Tenant":"o131","ID":"*string:~*req.Account:~*uhc.<~*req.CGRID;-Account>|1001"}"#,
                Is(
                    r#"{"Tenant":"o131","ID":"*string:~*req.Account:~*uhc.<~*req.CGRID;-Account>|1001","Rules":[{"Type":"*string","Element":"~*req.Account","Values":["~*uhc.<~*req.CGRID;-Account>","1001"]}],"ActivationInterval":null}"#,
                ),
            ),
            Call(
                SET,
                r#"{"Tenant":"o131","ID":"P","FilterIDs":["*string:~*req.Account"],"Sorting":"*weight","Routes":[{"ID":"r"}]}"#,
                Error(
                    "SERVER_ERROR: broken reference to filter: <*string:~*req.Account> for item with ID: o131:P",
                ),
            ),
            Call(
                SET,
                r#"{"Tenant":"o131","ID":"P","FilterIDs":["*string:~*req.Account{*nope}:1"],"Sorting":"*weight","Routes":[{"ID":"r"}]}"#,
                Error(
                    "SERVER_ERROR: broken reference to filter: <*string:~*req.Account{*nope}:1> for item with ID: o131:P",
                ),
            ),
        ],
    },
    // The original's text goes on with a memory address.
    Row {
        number: "O140",
        calls: &[
            Call(
                "APIerSv1.SetFilter",
                r#"{"Tenant":"o140","ID":"TestFilter","Rules":[{"Type":"*string","Element":"~.","Values":["x"]}]}"#,
                Begins("SERVER_ERROR: Empty field path  for filter <"),
            ),
            Call(
                "APIerSv1.SetFilter",
                r#"{"Tenant":"o140","ID":"TestFilter","Rules":[{"Type":"*notempty","Element":"~*req.Account","Values":["''"]}]}"#,
                Error("SERVER_ERROR: value of filter <TestFilter> is not empty <''>"),
            ),
            Call(
                "APIerSv1.GetFilter",
                r#"{"Tenant":"o140","ID":"TestFilter"}"#,
                Error("NOT_FOUND"),
            ),
        ],
    },
    Row {
        number: "O143",
        calls: &[
            Call(
                "APIerSv1.SetFilter",
                r#"{"Tenant":"o143","ID":"F","Rules":[{"Type":"*regex","Element":"~*req.A","Values":["[invalid-regex"]}]}"#,
                Error("SERVER_ERROR: error parsing regexp: missing closing ]: `[invalid-regex`"),
            ),
            Call(
                "APIerSv1.SetFilter",
                r#"{"Tenant":"o143","ID":"F","Rules":[{"Type":"*regex","Element":"","Values":["a"]}]}"#,
                Error("SERVER_ERROR: empty RSRParser in rule: <>"),
            ),
            Call(
                "APIerSv1.SetFilter",
                r#"{"Tenant":"o143","ID":"F","Rules":[{"Type":"*regex","Element":"~*req.A","Values":[]}]}"#,
                Is("\"OK\""),
            ),
            Call(
                "APIerSv1.SetFilter",
                r#"{"Tenant":"o143","ID":"F","Rules":[{"Type":"*unsupported","Element":"~*req.A","Values":["a"]}]}"#,
                Is("\"OK\""),
            ),
            Call(
                SET,
                r#"{"Tenant":"o143","ID":"P","FilterIDs":["F"],"Sorting":"*weight","Routes":[{"ID":"r"}]}"#,
                Is("\"OK\""),
            ),
            Call(
                ASK,
                r#"{"Tenant":"o143","ID":"q","Event":{"A":"a"}}"#,
                Error("SERVER_ERROR: NOT_IMPLEMENTED:*unsupported"),
            ),
        ],
    },
];

/// With indexes of every kind.
const INDEXED: &[Row] = &[
    Row {
        number: "O144",
        calls: &[
            Call(
                SET,
                r#"{"Tenant":"o144","ID":"S","FilterIDs":["*string:~*req.Field:profile"],"Weight":3,"Sorting":"*weight","Routes":[]}"#,
                Is("\"OK\""),
            ),
            Call(
                SET,
                r#"{"Tenant":"o144","ID":"P","FilterIDs":["*prefix:~*req.Field:profilePrefix"],"Weight":2,"Sorting":"*weight","Routes":[]}"#,
                Is("\"OK\""),
            ),
            Call(
                SET,
                r#"{"Tenant":"o144","ID":"X","FilterIDs":["*suffix:~*req.Field:Prefix"],"Weight":1,"Sorting":"*weight","Routes":[]}"#,
                Is("\"OK\""),
            ),
            Call(
                MATCHES,
                r#"{"Tenant":"o144","ID":"q","Event":{"Field":"profile"}}"#,
                Profiles("S"),
            ),
            Call(
                MATCHES,
                r#"{"Tenant":"o144","ID":"q","Event":{"Field":"profilePrefix"}}"#,
                Profiles("P X"),
            ),
        ],
    },
    Row {
        number: "O145",
        calls: &[
            Call(
                SET,
                r#"{"Tenant":"o145","ID":"N","FilterIDs":["*string:~*req.CallCost.Account:1001"],"Sorting":"*weight","Routes":[]}"#,
                Is("\"OK\""),
            ),
            Call(
                MATCHES,
                r#"{"Tenant":"o145","ID":"q","Event":{"CallCost":{"Account":1001}}}"#,
                Profiles("N"),
            ),
        ],
    },
];

const ALL_INDEXES: &str = "indexed_selects = true\nnested_fields = true\n\
    prefix_indexed_fields = [\"*req.Route\", \"*req.Field\"]\nsuffix_indexed_fields = [\"*req.Field\"]\n";

#[test]
fn cases_of_single_profiles() {
    ask(&Setup::default(), &[SHARED, ROWS, INDEXED]);
}

#[test]
fn cases_of_single_profiles_with_indexes() {
    ask(&Setup { routes: ALL_INDEXES.to_owned(), ..Setup::default() }, &[SHARED, INDEXED]);
}

#[test]
fn more_profiles_than_the_original_warns_of_are_all_found() {
    // O146.
    let site = Setup { routes: ALL_INDEXES.to_owned(), ..Setup::default() }.start();
    let mut rpc = site.connect();
    for number in 0..105 {
        let profile = format!(
            r#"{{"Tenant":"o146","ID":"P{number}","FilterIDs":["*string:~*req.A:1"],"Sorting":"*weight","Routes":[]}}"#
        );
        assert_eq!(rpc.result(SET, &profile), "\"OK\"");
    }
    let reply = rpc.call(MATCHES, r#"{"Tenant":"o146","ID":"q","Event":{"A":"1"}}"#).unwrap();
    assert_eq!(Count(105).fault(&reply), None);
}
