//! What routes cost on fixture A of the specification.

use super::Want::{Error, Is, Routes};
use super::{Call, Row, ask};
use crate::support::site::Setup;

const ASK: &str = "RouteSv1.GetRoutes";
const SET: &str = "APIerSv1.SetRouteProfile";

/// The routes of O56, and no other member.
const AUTHORISED: &str = r#"{"RouteProfiles":[{"ProfileID":"ROUTE_LEASTCOST_1","Sorting":"*lc","Routes":[
    {"RouteID":"route3","RouteParameters":"","SortingData":{"Cost":0.0102,"RatingPlanID":"RP_SPECIAL_1002","Weight":15}},
    {"RouteID":"route1","RouteParameters":"","SortingData":{"Cost":0.0102,"RatingPlanID":"RP_SPECIAL_1002","Weight":10}},
    {"RouteID":"route2","RouteParameters":"","SortingData":{"Cost":1.2,"RatingPlanID":"RP_RETAIL1","Weight":20}}]}]}"#;

const ROWS: &[Row] = &[
    Row {
        number: "8.0",
        calls: &[Call(
            "APIerSv1.LoadTariffPlanFromFolder",
            r#"{"FolderPath":"@plans@/plan"}"#,
            Is("\"OK\""),
        )],
    },
    Row {
        number: "O3 and 4.4",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"O3","Event":{"Account":"1003","Subject":"1003","Destination":"1002","SetupTime":"2017-12-01T14:25:00Z","Usage":"1m20s"},"APIOpts":{"*rouProfileCount":1}}"#,
            Routes(
                r#"ROUTE_LEASTCOST_1 *lc: route3 {"Cost":0.0136,"RatingPlanID":"RP_SPECIAL_1002","Weight":15}, route1 {"Cost":0.0136,"RatingPlanID":"RP_SPECIAL_1002","Weight":10}, route2 {"Cost":1.2667,"RatingPlanID":"RP_RETAIL1","Weight":20}"#,
            ),
        )],
    },
    Row {
        number: "O4",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"O4","Event":{"Account":"1003","Subject":"1003","Destination":"1002","SetupTime":"2017-12-01T14:25:00Z"},"APIOpts":{"*rouProfileCount":1}}"#,
            Routes(
                r#"ROUTE_LEASTCOST_1 *lc: route3 {"Cost":0.0102,"RatingPlanID":"RP_SPECIAL_1002","Weight":15}, route1 {"Cost":0.0102,"RatingPlanID":"RP_SPECIAL_1002","Weight":10}, route2 {"Cost":1.2,"RatingPlanID":"RP_RETAIL1","Weight":20}"#,
            ),
        )],
    },
    Row {
        number: "4.4, the dearest first",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"4.4","Event":{"Account":"1003","Subject":"1003","Destination":"1002","SetupTime":"2017-12-01T14:25:00Z","Usage":"1m20s","DistinctMatch":"*highest_cost"},"APIOpts":{"*rouProfileCount":1}}"#,
            Routes(
                r#"ROUTE_HIGHESTCOST_1 *hc: route2 {"Cost":1.2667,"RatingPlanID":"RP_RETAIL1","Weight":20}, route3 {"Cost":0.0136,"RatingPlanID":"RP_SPECIAL_1002","Weight":15}, route1 {"Cost":0.0136,"RatingPlanID":"RP_SPECIAL_1002","Weight":10}"#,
            ),
        )],
    },
    Row {
        number: "O6",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"O6","Event":{"Account":"1003","Subject":"SPECIAL_1002","Category":"call","ToR":"*voice","Destination":"1002","SetupTime":"2014-01-14T00:00:00Z","Usage":"10m20s"},"APIOpts":{"*rouProfileCount":1,"*rouMaxCost":"*event_cost"}}"#,
            Routes(
                r#"ROUTE_LEASTCOST_1 *lc: route3 {"Cost":0.1054,"RatingPlanID":"RP_SPECIAL_1002","Weight":15}, route1 {"Cost":0.1054,"RatingPlanID":"RP_SPECIAL_1002","Weight":10}"#,
            ),
        )],
    },
    // The profile whose routes all cost too much goes; the one without costs stays.
    Row {
        number: "O7",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"O7","Event":{"Account":"1003","Subject":"1003","Destination":"1002","SetupTime":"2017-12-01T14:25:00Z","Usage":"1m20s"},"APIOpts":{"*rouMaxCost":0.001}}"#,
            Routes("ROUTE_WEIGHT_2 *weight: route1 10"),
        )],
    },
    Row {
        number: "O9",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"O9","Event":{"Account":"1000","Destination":"1001","SetupTime":"*now","Subject":"TEST"},"APIOpts":{"*rouIgnoreErrors":true}}"#,
            Routes("ROUTE_WEIGHT_2 *weight: route1 10"),
        )],
    },
    Row {
        number: "O27",
        calls: &[
            Call(
                SET,
                r#"{"Tenant":"cgrates.org","ID":"O27","FilterIDs":["*string:~*req.Account:SpecialCase"],"Sorting":"*lc","Weight":100,"Routes":[
                {"ID":"local","RatingPlanIDs":["RP_LOCAL"],"Weight":10},
                {"ID":"mobile","FilterIDs":["*destinations:~*req.Destination:DST_MOBILE"],"RatingPlanIDs":["RP_MOBILE"],"Weight":10}]}"#,
                Is("\"OK\""),
            ),
            Call(
                ASK,
                r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"SpecialCase","Destination":"+24680","SetupTime":"2018-11-27T14:25:00Z","Usage":"2m"},"APIOpts":{"*rouProfileCount":1}}"#,
                Routes(r#"O27 *lc: local {"Cost":0.0396,"RatingPlanID":"RP_LOCAL","Weight":10}"#),
            ),
        ],
    },
    Row {
        number: "O28",
        calls: &[
            Call(
                SET,
                r#"{"Tenant":"cgrates.org","ID":"O28","FilterIDs":["*string:~*req.Account:SpecialCase2"],"Sorting":"*lc","Weight":100,"Routes":[
                {"ID":"Route1","FilterIDs":["*string:~*req.Month:April"],"RatingPlanIDs":["RP_LOCAL"],"Weight":10},
                {"ID":"Route1","FilterIDs":["*string:~*req.Month:May"],"RatingPlanIDs":["RP_MOBILE"],"Weight":10}]}"#,
                Is("\"OK\""),
            ),
            Call(
                ASK,
                r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"SpecialCase2","Destination":"+135876","SetupTime":"2018-11-27T14:25:00Z","Usage":"2m","Month":"April"},"APIOpts":{"*rouProfileCount":1}}"#,
                Routes(r#"O28 *lc: Route1 {"Cost":0.0396,"RatingPlanID":"RP_LOCAL","Weight":10}"#),
            ),
        ],
    },
    Row {
        number: "O30",
        calls: &[
            Call(
                "APIerSv1.SetBalance",
                r#"{"Tenant":"cgrates.org","Account":"AccWithVoice","BalanceType":"*voice","Value":30000000000,"Balance":{"ID":"VOICE"}}"#,
                Is("\"OK\""),
            ),
            Call(
                SET,
                r#"{"Tenant":"cgrates.org","ID":"O30","FilterIDs":["*string:~*req.Account:SpecialCase3"],"Sorting":"*lc","Weight":100,"Routes":[
                {"ID":"RouteWithAccAndRP","AccountIDs":["AccWithVoice"],"RatingPlanIDs":["RP_ANY2CNT_SEC"],"Weight":20},
                {"ID":"RouteWithRP","RatingPlanIDs":["RP_ANY1CNT_SEC"],"Weight":10}]}"#,
                Is("\"OK\""),
            ),
            Call(
                ASK,
                r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"SpecialCase3","Destination":"+135876","SetupTime":"2018-11-27T14:25:00Z","Usage":"30s"},"APIOpts":{"*rouProfileCount":1}}"#,
                Routes(
                    r#"O30 *lc: RouteWithAccAndRP {"Account":"AccWithVoice","Cost":0,"MaxUsage":30000000000,"Weight":20}, RouteWithRP {"Cost":0.3,"RatingPlanID":"RP_ANY1CNT_SEC","Weight":10}"#,
                ),
            ),
        ],
    },
    Row {
        number: "O31",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"SpecialCase3","Destination":"+135876","SetupTime":"2018-11-27T14:25:00Z","Usage":"60s"},"APIOpts":{"*rouProfileCount":1}}"#,
            Routes(
                r#"O30 *lc: RouteWithAccAndRP {"Account":"AccWithVoice","Cost":0.6,"MaxUsage":30000000000,"RatingPlanID":"RP_ANY2CNT_SEC","Weight":20}, RouteWithRP {"Cost":0.6,"RatingPlanID":"RP_ANY1CNT_SEC","Weight":10}"#,
            ),
        )],
    },
    Row {
        number: "O56",
        calls: &[Call(
            "SessionSv1.AuthorizeEvent",
            r#"{"GetRoutes":true,"Tenant":"cgrates.org","Event":{"Account":"1003","Subject":"1003","Destination":"1002","Category":"call","SetupTime":"2017-12-01T14:25:00Z","Usage":"1m"},"APIOpts":{"*rouProfileCount":1}}"#,
            Is(AUTHORISED),
        )],
    },
    Row {
        number: "O57",
        calls: &[Call(
            "SessionSv1.AuthorizeEvent",
            r#"{"GetRoutes":true,"RoutesMaxCost":"2","Tenant":"cgrates.org","Event":{"Account":"1003","Subject":"1003","Destination":"1002","Category":"call","SetupTime":"2017-12-01T14:25:00Z","Usage":"1m"},"APIOpts":{"*rouProfileCount":1}}"#,
            Is(AUTHORISED),
        )],
    },
    // Last: it matches every event of its tenant.
    Row {
        number: "O52",
        calls: &[
            Call(
                SET,
                r#"{"Tenant":"cgrates.org","ID":"O52","Sorting":"*lc","Weight":10,"Routes":[{"ID":"ROUTE1","AccountIDs":["accc"],"Weight":10}]}"#,
                Is("\"OK\""),
            ),
            Call(
                ASK,
                r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"accc","Subject":"accc","Destination":"1002","SetupTime":"2017-12-01T14:25:00Z","Usage":"1m20s"}}"#,
                Error("SERVER_ERROR: ACCOUNT_NOT_FOUND"),
            ),
        ],
    },
];

#[test]
fn cases_of_costs_on_a_tariff_plan() {
    let routes = "indexed_selects = true\nprefix_indexed_fields = [\"*req.Destination\"]\n";
    ask(&Setup { routes: routes.to_owned(), ..Setup::default() }, &[ROWS]);
}
