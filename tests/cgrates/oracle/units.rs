//! What the original asserts of costs within its process, through the port: routes that are sorted by them,
//! and errors.

use super::Want::{Error, Is, Routes};
use super::{Call, Row, ask};
use crate::support::site::Setup;

const ASK: &str = "RouteSv1.GetRoutes";
const SET: &str = "APIerSv1.SetRouteProfile";

/// A profile of the tenant `units` for events that name it; `$` takes its routes.
macro_rules! unit {
    ($id:literal, $sorting:literal, $routes:literal) => {
        concat!(
            r#"{"Tenant":"units","ID":""#,
            $id,
            r#"","FilterIDs":["*string:~*req.Case:"#,
            $id,
            r#""],"Sorting":""#,
            $sorting,
            r#"","Routes":["#,
            $routes,
            "]}"
        )
    };
}

/// A question for it: a minute, which the plans charge at once.
macro_rules! minute {
    ($id:literal) => {
        minute!($id, "{}")
    };
    ($id:literal, $options:literal) => {
        concat!(
            r#"{"Tenant":"units","ID":"q","Event":{"Case":""#,
            $id,
            r#"","Account":"1001","Destination":"1002","SetupTime":"2018-01-01T10:00:00Z","Usage":"1m"},"APIOpts":"#,
            $options,
            "}"
        )
    };
}

/// Whose cost fields are missing.
const NO_COST_FIELDS: &str = r#"{"Tenant":"units","ID":"q","Event":{"Case":"O85"}}"#;
const NO_COST_FIELDS_IGNORED: &str =
    r#"{"Tenant":"units","ID":"q","Event":{"Case":"O85"},"APIOpts":{"*rouIgnoreErrors":true}}"#;

const ROWS: &[Row] = &[
    Row {
        number: "8.0",
        calls: &[Call(
            "APIerSv1.LoadTariffPlanFromFolder",
            r#"{"FolderPath":"@plans@/plan_cost"}"#,
            Is("\"OK\""),
        )],
    },
    // An account answers with a cost above 0 when its plan pays for what the balance does not.
    Row {
        number: "O80",
        calls: &[
            Call(
                SET,
                unit!(
                    "O80",
                    "*lc",
                    r#"{"ID":"dear","AccountIDs":["AccWithVoice"],"RatingPlanIDs":["RP_12.12"],"Weight":20},{"ID":"cheap","RatingPlanIDs":["RP_10"],"Weight":10}"#
                ),
                Is("\"OK\""),
            ),
            Call(
                ASK,
                minute!("O80"),
                Routes(
                    r#"O80 *lc: cheap {"Cost":10,"RatingPlanID":"RP_10","Weight":10}, dear {"Account":"AccWithVoice","Cost":12.12,"MaxUsage":30000000000,"RatingPlanID":"RP_12.12","Weight":20}"#,
                ),
            ),
            Call(
                ASK,
                minute!("O80", r#"{"*rouMaxCost":11.11}"#),
                Routes(r#"O80 *lc: cheap {"Cost":10,"RatingPlanID":"RP_10","Weight":10}"#),
            ),
        ],
    },
    Row {
        number: "O85",
        calls: &[
            Call(
                SET,
                unit!("O85", "*lc", r#"{"ID":"r","RatingPlanIDs":["RP_10"],"Weight":10}"#),
                Is("\"OK\""),
            ),
            Call(ASK, NO_COST_FIELDS, Error("SERVER_ERROR: MANDATORY_IE_MISSING: [Account]")),
            Call(ASK, NO_COST_FIELDS_IGNORED, Error("NOT_FOUND")),
            Call(SET, unit!("O85", "*lc", r#"{"ID":"r","Weight":10}"#), Is("\"OK\"")),
            Call(
                ASK,
                NO_COST_FIELDS_IGNORED,
                Error("SERVER_ERROR: MANDATORY_IE_MISSING: [RatingPlanIDs or AccountIDs]"),
            ),
        ],
    },
    Row {
        number: "O87",
        calls: &[
            Call(SET, unit!("O87", "*hc", r#"{"ID":"r","Weight":10}"#), Is("\"OK\"")),
            Call(
                ASK,
                minute!("O87"),
                Error("SERVER_ERROR: MANDATORY_IE_MISSING: [RatingPlanIDs or AccountIDs]"),
            ),
            Call(
                ASK,
                minute!("O87", r#"{"*rouIgnoreErrors":true}"#),
                Error("SERVER_ERROR: MANDATORY_IE_MISSING: [RatingPlanIDs or AccountIDs]"),
            ),
        ],
    },
    Row {
        number: "O89",
        calls: &[
            Call(
                SET,
                unit!(
                    "O89",
                    "*lc",
                    r#"{"ID":"r1","RatingPlanIDs":["RP_0.1"],"Weight":10},{"ID":"r2","RatingPlanIDs":["RP_0.1"],"Weight":20},{"ID":"r3","RatingPlanIDs":["RP_0.05"],"Weight":10}"#
                ),
                Is("\"OK\""),
            ),
            Call(
                ASK,
                minute!("O89"),
                Routes(
                    r#"O89 *lc: r3 {"Cost":0.05,"RatingPlanID":"RP_0.05","Weight":10}, r2 {"Cost":0.1,"RatingPlanID":"RP_0.1","Weight":20}, r1 {"Cost":0.1,"RatingPlanID":"RP_0.1","Weight":10}"#,
                ),
            ),
        ],
    },
    Row {
        number: "O91",
        calls: &[
            Call(
                SET,
                unit!(
                    "O91",
                    "*hc",
                    r#"{"ID":"r1","RatingPlanIDs":["RP_0.1"]},{"ID":"r2","RatingPlanIDs":["RP_0.2"]},{"ID":"r3","RatingPlanIDs":["RP_0.05"]}"#
                ),
                Is("\"OK\""),
            ),
            Call(
                ASK,
                minute!("O91"),
                Routes(
                    r#"O91 *hc: r2 {"Cost":0.2,"RatingPlanID":"RP_0.2","Weight":0}, r1 {"Cost":0.1,"RatingPlanID":"RP_0.1","Weight":0}, r3 {"Cost":0.05,"RatingPlanID":"RP_0.05","Weight":0}"#,
                ),
            ),
        ],
    },
    Row {
        number: "O105",
        calls: &[
            Call(
                SET,
                unit!(
                    "O105",
                    "*hc",
                    r#"{"ID":"r1","RatingPlanIDs":["RP_10"],"Weight":2},{"ID":"r2","RatingPlanIDs":["RP_15"],"Weight":3},{"ID":"r3","RatingPlanIDs":["RP_15"],"Weight":1},{"ID":"r4","RatingPlanIDs":["RP_5"],"Weight":4}"#
                ),
                Is("\"OK\""),
            ),
            Call(
                ASK,
                minute!("O105"),
                Routes(
                    r#"O105 *hc: r2 {"Cost":15,"RatingPlanID":"RP_15","Weight":3}, r3 {"Cost":15,"RatingPlanID":"RP_15","Weight":1}, r1 {"Cost":10,"RatingPlanID":"RP_10","Weight":2}, r4 {"Cost":5,"RatingPlanID":"RP_5","Weight":4}"#,
                ),
            ),
        ],
    },
    Row {
        number: "O161",
        calls: &[
            Call(
                SET,
                unit!(
                    "O161",
                    "*lc",
                    r#"{"ID":"r","RatingPlanIDs":["RP_NONE1","RP_NONE2","RP_NONE3"]}"#
                ),
                Is("\"OK\""),
            ),
            Call(ASK, minute!("O161"), Error("SERVER_ERROR: UNAUTHORIZED_DESTINATION")),
            Call(ASK, minute!("O161", r#"{"*rouIgnoreErrors":true}"#), Error("NOT_FOUND")),
        ],
    },
    Row {
        number: "O162",
        calls: &[
            Call(
                SET,
                unit!("O162", "*lc", r#"{"ID":"r","AccountIDs":["1001","1002"]}"#),
                Is("\"OK\""),
            ),
            Call(ASK, minute!("O162"), Error("SERVER_ERROR: ACCOUNT_NOT_FOUND")),
            Call(ASK, minute!("O162", r#"{"*rouIgnoreErrors":true}"#), Error("NOT_FOUND")),
        ],
    },
];

#[test]
fn cases_of_single_costs() {
    ask(&Setup::default(), &[ROWS]);
}
