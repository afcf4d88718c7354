//! On a tariff plan, with indexes: fixture A of the specification without its statistics.

use super::Want::{Count, Error, First, Is, Routes};
use super::{Call, Row, ask};
use crate::support::site::Setup;

const ASK: &str = "RouteSv1.GetRoutes";
const GET: &str = "APIerSv1.GetRouteProfile";
const SET: &str = "APIerSv1.SetRouteProfile";
const REMOVE: &str = "APIerSv1.RemoveRouteProfile";

const ROUTE_LCR: &str = r#"{"Tenant":"cgrates.org","ID":"ROUTE_LCR","FilterIDs":["FLTR_TEST"],
    "ActivationInterval":{"ActivationTime":"2017-11-27T00:00:00Z","ExpiryTime":"0001-01-01T00:00:00Z"},
    "Sorting":"*lc","SortingParameters":[],"Routes":[
    {"ID":"route_1","FilterIDs":null,"AccountIDs":null,"RatingPlanIDs":["RP_TEST_1"],"ResourceIDs":null,"StatIDs":null,"Weight":10,"Blocker":false,"RouteParameters":""},
    {"ID":"route_2","FilterIDs":null,"AccountIDs":null,"RatingPlanIDs":["RP_TEST_2"],"ResourceIDs":null,"StatIDs":null,"Weight":0,"Blocker":false,"RouteParameters":""}],
    "Weight":50}"#;

/// A profile of odd names, all of which are kept; `$` takes more routes.
macro_rules! test_profile {
    ($more:literal) => {
        concat!(
            r#"{"Tenant":"cgrates.org","ID":"TEST_PROFILE1","FilterIDs":["FLTR_1"],
            "ActivationInterval":{"ActivationTime":"2024-05-06T07:08:09Z","ExpiryTime":"2034-05-06T07:08:09Z"},
            "Sorting":"Sort1","SortingParameters":["p2","p1"],"Routes":[
            {"ID":"one","FilterIDs":["FLTR_1"],"AccountIDs":["Acc"],"RatingPlanIDs":["RP1"],"ResourceIDs":["Res"],"StatIDs":["Stat"],"Weight":20,"Blocker":false,"RouteParameters":"x=1"}"#,
            $more,
            r#"],"Weight":10}"#
        )
    };
}

const ONE_ROUTE: &str = test_profile!("");
const TWO_ROUTES: &str = test_profile!(
    r#",{"ID":"two","FilterIDs":["FLTR_2"],"AccountIDs":["Acc"],"RatingPlanIDs":["RP2"],"ResourceIDs":[],"StatIDs":null,"Weight":7.5,"Blocker":true,"RouteParameters":""}"#
);

const ROWS: &[Row] = &[
    Row {
        number: "O16",
        calls: &[
            Call(GET, r#"{"Tenant":"cgrates.org","ID":"ROUTE_WEIGHT_1"}"#, Error("NOT_FOUND")),
            Call(
                "APIerSv1.LoadTariffPlanFromFolder",
                r#"{"FolderPath":"@plans@/plan"}"#,
                Is("\"OK\""),
            ),
        ],
    },
    Row {
        number: "O1",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"O1","Event":{"Account":"1007","Destination":"+491511231234"},"APIOpts":{"*rouProfileCount":1}}"#,
            Routes("ROUTE_WEIGHT_1 *weight: route2 20, route1 10"),
        )],
    },
    Row {
        number: "O2",
        calls: &[Call(
            ASK,
            r#"{"ID":"O2","Event":{"Account":"1007","Destination":"+491511231234"},"APIOpts":{"*rouProfileCount":1}}"#,
            Routes("ROUTE_WEIGHT_1 *weight: route2 20, route1 10"),
        )],
    },
    Row {
        number: "O15",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"O15","Event":{"Account":"1008","Destination":"+49"}}"#,
            Routes("ROUTE_WEIGHT_2 *weight: route1 10"),
        )],
    },
    Row {
        number: "O17",
        calls: &[
            Call(
                SET,
                r#"{"Tenant":"cgrates.org","ID":"TEST_PROFILE1","FilterIDs":["FLTR_NotFound"],"Sorting":"Sort1","Routes":[{"ID":"one"}]}"#,
                Error(
                    "SERVER_ERROR: broken reference to filter: <FLTR_NotFound> for item with ID: cgrates.org:TEST_PROFILE1",
                ),
            ),
            Call(GET, r#"{"Tenant":"cgrates.org","ID":"TEST_PROFILE1"}"#, Error("NOT_FOUND")),
        ],
    },
    Row {
        number: "O18",
        calls: &[
            Call(
                "APIerSv1.SetFilter",
                r#"{"Tenant":"cgrates.org","ID":"FLTR_1","Rules":[{"Type":"*string","Element":"~*req.Account","Values":["1001"]}]}"#,
                Is("\"OK\""),
            ),
            Call(SET, ONE_ROUTE, Is("\"OK\"")),
            Call(GET, r#"{"Tenant":"cgrates.org","ID":"TEST_PROFILE1"}"#, Is(ONE_ROUTE)),
        ],
    },
    Row {
        number: "O19",
        calls: &[
            Call("APIerSv1.GetRouteProfileIDs", "{}", Count(13)),
            Call("APIerSv1.GetRouteProfileIDs", r#"{"Tenant":"cgrates.org"}"#, Count(13)),
        ],
    },
    Row {
        number: "O20",
        calls: &[
            Call(SET, TWO_ROUTES, Is("\"OK\"")),
            Call(GET, r#"{"Tenant":"cgrates.org","ID":"TEST_PROFILE1"}"#, Is(TWO_ROUTES)),
        ],
    },
    Row {
        number: "O21",
        calls: &[
            Call(REMOVE, r#"{"Tenant":"cgrates.org","ID":"TEST_PROFILE1"}"#, Is("\"OK\"")),
            Call(GET, r#"{"Tenant":"cgrates.org","ID":"TEST_PROFILE1"}"#, Error("NOT_FOUND")),
        ],
    },
    Row {
        number: "O22",
        calls: &[Call(
            REMOVE,
            r#"{"Tenant":"cgrates.org","ID":"TEST_PROFILE1"}"#,
            Error("NOT_FOUND"),
        )],
    },
    Row {
        number: "O23",
        calls: &[Call(
            "RouteSv1.GetRouteProfilesForEvent",
            r#"{"Tenant":"cgrates.org","ID":"O23","Event":{"Account":"1000","Destination":"1001","Subject":"TEST"}}"#,
            First(ROUTE_LCR),
        )],
    },
    Row {
        number: "O24",
        calls: &[Call(
            "RouteSv1.GetRouteProfilesForEvent",
            r#"{"ID":"O24","Event":{"Account":"1000","Destination":"1001","Subject":"TEST"}}"#,
            First(ROUTE_LCR),
        )],
    },
    Row {
        number: "O25",
        calls: &[
            Call(
                SET,
                r#"{"ID":"TEST_PROFILE10","Sorting":"*weight","Routes":[{"ID":"one","Weight":1}],"Weight":3}"#,
                Is("\"OK\""),
            ),
            Call(
                GET,
                r#"{"ID":"TEST_PROFILE10"}"#,
                Is(
                    r#"{"Tenant":"cgrates.org","ID":"TEST_PROFILE10","FilterIDs":null,"ActivationInterval":null,"Sorting":"*weight","SortingParameters":null,
                "Routes":[{"ID":"one","FilterIDs":null,"AccountIDs":null,"RatingPlanIDs":null,"ResourceIDs":null,"StatIDs":null,"Weight":1,"Blocker":false,"RouteParameters":""}],"Weight":3}"#,
                ),
            ),
            Call(REMOVE, r#"{"ID":"TEST_PROFILE10"}"#, Is("\"OK\"")),
            Call(GET, r#"{"ID":"TEST_PROFILE10"}"#, Error("NOT_FOUND")),
        ],
    },
    Row { number: "O26", calls: &[Call("RouteSv1.Ping", "{}", Is("\"Pong\""))] },
    // As over the original's internal database: nothing is cached in front of the data.
    Row {
        number: "O33",
        calls: &[
            Call(GET, r#"{"ID":"CACHED"}"#, Error("NOT_FOUND")),
            Call(
                SET,
                r#"{"ID":"CACHED","Sorting":"*weight","Routes":[],"APIOpts":{"*cache":"*none"}}"#,
                Is("\"OK\""),
            ),
            Call(
                GET,
                r#"{"ID":"CACHED"}"#,
                Is(
                    r#"{"Tenant":"cgrates.org","ID":"CACHED","FilterIDs":null,"ActivationInterval":null,"Sorting":"*weight","SortingParameters":null,"Routes":[],"Weight":0}"#,
                ),
            ),
            Call(
                "CacheSv1.ReloadCache",
                r#"{"RouteProfileIDs":["cgrates.org:CACHED"]}"#,
                Is("\"OK\""),
            ),
            Call(
                GET,
                r#"{"ID":"CACHED"}"#,
                Is(
                    r#"{"Tenant":"cgrates.org","ID":"CACHED","FilterIDs":null,"ActivationInterval":null,"Sorting":"*weight","SortingParameters":null,"Routes":[],"Weight":0}"#,
                ),
            ),
        ],
    },
];

#[test]
fn cases_on_a_tariff_plan() {
    let routes = "indexed_selects = true\nprefix_indexed_fields = [\"*req.Destination\"]\n";
    ask(&Setup { routes: routes.to_owned(), ..Setup::default() }, &[ROWS]);
}
