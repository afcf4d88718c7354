//! What routes cost on fixture B of the specification, and what its accounts have.
//!
//! Where fixture B reads a statistic or a resource, the fixture here reads a field of the event that says
//! the same: ACD for the call duration of a queue, InUse and Available for units of a resource. The routes
//! name no resource, so their data has no ResourceUsage.

use super::Want::{Error, Is, Routes};
use super::{Call, Row, ask};
use crate::support::site::Setup;

const ASK: &str = "RouteSv1.GetRoutes";

const ROWS: &[Row] = &[
    Row {
        number: "8.0",
        calls: &[Call(
            "APIerSv1.LoadTariffPlanFromFolder",
            r#"{"FolderPath":"@plans@/plan_cost"}"#,
            Is("\"OK\""),
        )],
    },
    Row {
        number: "O34",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"1001"}}"#,
            Routes("ROUTE_ACNT_1001 *weight: vendor4 35, vendor2 20"),
        )],
    },
    Row {
        number: "O35",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"1001","Destination":"1003"}}"#,
            Routes("ROUTE_ACNT_1001 *weight: vendor3 40, vendor4 35, vendor2 20, vendor1 10"),
        )],
    },
    Row {
        number: "O36",
        calls: &[
            Call(
                "APIerSv1.SetBalance",
                r#"{"Tenant":"cgrates.org","Account":"1001","BalanceType":"*monetary","Value":5,"Balance":{"ID":"MONEY"}}"#,
                Is("\"OK\""),
            ),
            Call(
                ASK,
                r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"1001","Destination":"1003"}}"#,
                Routes("ROUTE_ACNT_1001 *weight: vendor3 40, vendor4 35, vendor1 10"),
            ),
        ],
    },
    Row {
        number: "paths into accounts",
        calls: &[
            Call(
                "APIerSv1.SetRouteProfile",
                r#"{"Tenant":"cgrates.org","ID":"PATHS","FilterIDs":["*string:~*req.Account:paths"],"Sorting":"*weight","Weight":10,"Routes":[
                    {"ID":"there","Weight":6,"FilterIDs":["*string:~*accounts.1001.Disabled:false"]},
                    {"ID":"second","Weight":5,"FilterIDs":["*exists:~*accounts.1001.BalanceMap.*monetary[1].Value:"]},
                    {"ID":"list","Weight":4,"FilterIDs":["*exists:~*accounts.1001.BalanceMap.*monetary:"]},
                    {"ID":"odd","Weight":3,"FilterIDs":["*exists:~*accounts.1001.BalanceMap.*monetary[x].Value:"]},
                    {"ID":"spliced","Weight":2,"FilterIDs":["*eq:~*accounts.<~*req.Payer>.BalanceMap.*monetary[0].Value:5"]},
                    {"ID":"nobody","Weight":1,"FilterIDs":["*notexists:~*accounts.nobody.Disabled:"]}]}"#,
                Is("\"OK\""),
            ),
            Call(
                ASK,
                r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"paths","Payer":"1001"}}"#,
                Routes("PATHS *weight: there 6, list 4, spliced 2, nobody 1"),
            ),
        ],
    },
    Row {
        number: "O37",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"1002","Destination":"1003","SetupTime":"2013-06-01T00:00:00Z","Usage":"2m30s","InUse":0,"ACD":-1}}"#,
            Routes(
                r#"ROUTE_ACNT_1002 *lc: vendor3 {"Cost":0.1245,"RatingPlanID":"RP_VENDOR2","Weight":10}, vendor1 {"Cost":0.2505,"RatingPlanID":"RP_VENDOR1","Weight":0}"#,
            ),
        )],
    },
    Row {
        number: "O38",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"1002","Destination":"1003","SetupTime":"2013-06-01T00:00:00Z","AnswerTime":"2013-06-01T05:00:00Z","InUse":0,"ACD":-1}}"#,
            Routes(
                r#"ROUTE_ACNT_1002 *lc: vendor3 {"Cost":0.0498,"RatingPlanID":"RP_VENDOR2","Weight":10}, vendor1 {"Cost":0.1002,"RatingPlanID":"RP_VENDOR1","Weight":0}, vendor4 {"Cost":0.6,"RatingPlanID":"RP_STANDARD","Weight":30}"#,
            ),
        )],
    },
    Row {
        number: "O39",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"1002","Destination":"1003","SetupTime":"2013-06-01T00:00:00Z","AnswerTime":"2013-06-01T05:00:00Z","Usage":"2m30s","InUse":6,"ACD":150000000000}}"#,
            Routes(
                r#"ROUTE_ACNT_1002 *lc: vendor3 {"Cost":0.1245,"RatingPlanID":"RP_VENDOR2","Weight":10}, vendor2 {"Cost":0.1245,"RatingPlanID":"RP_VENDOR2","Weight":0}, vendor4 {"Cost":1.5,"RatingPlanID":"RP_STANDARD","Weight":30}"#,
            ),
        )],
    },
    Row {
        number: "O40",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"1002","Destination":"1003","SetupTime":"2013-06-01T00:00:00Z","AnswerTime":"2013-06-01T05:00:00Z","Usage":"2m30s","InUse":4,"ACD":150000000000}}"#,
            Routes(
                r#"ROUTE_ACNT_1002 *lc: vendor3 {"Cost":0.1245,"RatingPlanID":"RP_VENDOR2","Weight":10}, vendor2 {"Cost":0.1245,"RatingPlanID":"RP_VENDOR2","Weight":0}, vendor1 {"Cost":0.2505,"RatingPlanID":"RP_VENDOR1","Weight":0}, vendor4 {"Cost":1.5,"RatingPlanID":"RP_STANDARD","Weight":30}"#,
            ),
        )],
    },
    Row {
        number: "O41",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"1002","Destination":"1003","SetupTime":"2013-06-01T00:00:00Z","AnswerTime":"2013-06-01T05:00:00Z","Usage":"2m30s","InUse":4,"ACD":150000000000},"APIOpts":{"*rouMaxCost":0.35}}"#,
            Routes(
                r#"ROUTE_ACNT_1002 *lc: vendor3 {"Cost":0.1245,"RatingPlanID":"RP_VENDOR2","Weight":10}, vendor2 {"Cost":0.1245,"RatingPlanID":"RP_VENDOR2","Weight":0}, vendor1 {"Cost":0.2505,"RatingPlanID":"RP_VENDOR1","Weight":0}"#,
            ),
        )],
    },
    Row {
        number: "O42",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"1002","Destination":"1003","SetupTime":"2013-06-01T00:00:00Z","AnswerTime":"2013-06-01T05:00:00Z","Usage":"2m30s","InUse":4,"ACD":150000000000},"APIOpts":{"*rouMaxCost":0.05}}"#,
            Error("NOT_FOUND"),
        )],
    },
    Row {
        number: "O49",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"1008","Destination":"1007","SetupTime":"2013-06-01T00:00:00Z","Usage":"3m25s","InUse":9,"Available":3}}"#,
            Routes(
                r#"ROUTE_HC1 *hc: route2 {"Cost":0.34235,"RatingPlanID":"RP_VENDOR1","Weight":20}, route3 {"Cost":0.34235,"RatingPlanID":"RP_VENDOR1","Weight":10}"#,
            ),
        )],
    },
    Row {
        number: "O50",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"1008","Destination":"1007","SetupTime":"2013-06-01T00:00:00Z","Usage":"3m25s","InUse":4,"Available":9}}"#,
            Routes(
                r#"ROUTE_HC1 *hc: route3 {"Cost":0.34235,"RatingPlanID":"RP_VENDOR1","Weight":10}, route1 {"Cost":0.17015,"RatingPlanID":"RP_VENDOR2","Weight":20}"#,
            ),
        )],
    },
    Row {
        number: "O51",
        calls: &[Call(
            ASK,
            r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"1008","Destination":"1007","SetupTime":"2013-06-01T00:00:00Z","Usage":"3m25s","InUse":9,"Available":9}}"#,
            Routes(
                r#"ROUTE_HC1 *hc: route2 {"Cost":0.34235,"RatingPlanID":"RP_VENDOR1","Weight":20}, route3 {"Cost":0.34235,"RatingPlanID":"RP_VENDOR1","Weight":10}, route1 {"Cost":0.17015,"RatingPlanID":"RP_VENDOR2","Weight":20}"#,
            ),
        )],
    },
];

#[test]
fn cases_of_costs_of_vendors() {
    let routes = "indexed_selects = true\nprefix_indexed_fields = [\"*req.Destination\"]\n";
    ask(&Setup { routes: routes.to_owned(), ..Setup::default() }, &[ROWS]);
}
