//! What proxies ask of calls, as far as no recorded conversation shows it (section 2.7, and what the `cgrates`
//! module of OpenSIPS makes of the answers).

use super::Want::{Begins, Error, Is};
use super::{Call, Row, ask};
use crate::support::site::Setup;

const AUTHORIZE: &str = "SessionSv1.AuthorizeEvent";
const DIGEST: &str = "SessionSv1.AuthorizeEventWithDigest";
const PROCESS: &str = "SessionSv1.ProcessEvent";
const OK: super::Want = Is("\"OK\"");

/// A plan of a cent a second, two routes that cost it, an account of 30 cents and attributes.
const SET_UP: &[Call] = &[
    Call("APIerSv1.LoadTariffPlanFromFolder", r#"{"FolderPath":"@plans@/plan"}"#, OK),
    Call(
        "APIerSv1.SetRouteProfile",
        r#"{"Tenant":"s","ID":"P","Sorting":"*lc","Weight":10,"Routes":[
            {"ID":"a","RatingPlanIDs":["RP_ANY2CNT_SEC"],"RouteParameters":"gw=\"1\""},
            {"ID":"b","RatingPlanIDs":["RP_ANY1CNT_SEC"]}]}"#,
        OK,
    ),
    Call(
        "APIerSv1.SetBalance",
        r#"{"Tenant":"cgrates.org","Account":"1001","BalanceType":"*voice","Value":30000000000,"Balance":{"ID":"v"}}"#,
        OK,
    ),
    Call(
        "APIerSv1.SetAttributeProfile",
        r#"{"Tenant":"s","ID":"HQ","Contexts":["*sessions"],"FilterIDs":["*string:~*req.Account:1001"],"Weight":20,"Attributes":[
            {"Path":"*req.Office","Type":"*constant","Value":"HQ"},
            {"Path":"*opts.*rouLimit","Type":"*constant","Value":"1"},
            {"Path":"*req.Caller","Type":"*constant","Value":"*remove"}]}"#,
        OK,
    ),
    Call(
        "APIerSv1.SetAttributeProfile",
        r#"{"Tenant":"s","ID":"LOW","Contexts":["*any"],"Weight":10,"Attributes":[
            {"Path":"*req.Office","Type":"*constant","Value":"low"}]}"#,
        OK,
    ),
];

const ROWS: &[Row] = &[
    Row { number: "set-up", calls: SET_UP },
    Row {
        number: "a digest for the scripts of two generations",
        calls: &[
            Call(
                DIGEST,
                r#"{"GetRoutes":true,"Tenant":"s","Event":{"Account":"1","Destination":"1002","SetupTime":"1795292984","Usage":"60s"}}"#,
                Is(
                    r#"{"AttributesDigest":null,"ResourceAllocation":null,"MaxUsage":10800,"RoutesDigest":"b,a:gw=\"1\"","SuppliersDigest":"b,a:gw=\"1\"","Thresholds":null,"StatQueues":null}"#,
                ),
            ),
            Call(
                DIGEST,
                r#"{"GetMaxUsage":true,"ProcessStats":true,"Tenant":"s","Event":{"Usage":1500000000}}"#,
                Is(
                    r#"{"AttributesDigest":null,"ResourceAllocation":null,"MaxUsage":1.5,"RoutesDigest":null,"SuppliersDigest":null,"Thresholds":null,"StatQueues":""}"#,
                ),
            ),
        ],
    },
    Row {
        number: "suppliers of 0.10",
        calls: &[Call(
            AUTHORIZE,
            r#"{"GetSuppliers":true,"SuppliersMaxCost":"0.5","Tenant":"s","ID":"q","Event":{"Account":"1","Destination":"1002","SetupTime":"1795292984","Usage":"40s"}}"#,
            Is(
                r#"{"Suppliers":{"ProfileID":"P","Sorting":"*lc","Count":1,"SortedSuppliers":[{"SupplierID":"b","SupplierParameters":"","SortingData":{"Cost":0.4,"RatingPlanID":"RP_ANY1CNT_SEC","Weight":0}}]}}"#,
            ),
        )],
    },
    Row {
        number: "who is prepaid may call for as long as the account pays",
        calls: &[
            Call(
                AUTHORIZE,
                r#"{"GetMaxUsage":true,"Event":{"RequestType":"*prepaid","Account":"1001","Subject":"SPECIAL_1002","Destination":"1002","SetupTime":"1795292984","Usage":"60s"}}"#,
                Is(r#"{"MaxUsage":30000000000}"#),
            ),
            Call(
                AUTHORIZE,
                r#"{"GetMaxUsage":true,"Tenant":"s","Event":{"RequestType":"*prepaid","Account":"nobody","Destination":"1002","SetupTime":"1795292984"}}"#,
                Error("RALS_ERROR:ACCOUNT_NOT_FOUND"),
            ),
            Call(
                AUTHORIZE,
                r#"{"GetMaxUsage":true,"Tenant":"s","Event":{"RequestType":"*prepaid","Account":"1001"}}"#,
                Error("RALS_ERROR:MANDATORY_IE_MISSING: [Destination]"),
            ),
            Call(
                AUTHORIZE,
                r#"{"GetMaxUsage":true,"Tenant":"s","Event":{"ToR":"*sms"}}"#,
                Is(r#"{"MaxUsage":1}"#),
            ),
            Call(
                AUTHORIZE,
                r#"{"GetMaxUsage":true,"Tenant":"s","Event":{"Usage":"long"}}"#,
                Begins("SERVER_ERROR: "),
            ),
        ],
    },
    Row {
        number: "attributes change what routes see, and are told",
        calls: &[
            Call(
                AUTHORIZE,
                r#"{"GetAttributes":true,"GetRoutes":true,"Tenant":"s","ID":"q","Time":"2026-11-26T00:00:00Z","Event":{"Account":"1001","Destination":"1002","SetupTime":"1795292984","Usage":"10s","Caller":"x","Tags":{"b":1.50,"a":[true,null]}}}"#,
                Is(
                    r#"{"Attributes":{"MatchedProfiles":["s:HQ"],"AlteredFields":["*req.Office","*opts.*rouLimit","*req.Caller"],"Tenant":"s","ID":"q","Time":"2026-11-26T00:00:00Z","Event":{"Account":"1001","Destination":"1002","SetupTime":"1795292984","Usage":"10s","Tags":{"a":[true,null],"b":1.5},"Office":"HQ"},"APIOpts":{"*attrProfileIDs":null,"*rouLimit":"1","*subsys":"*sessions"}},"RouteProfiles":[{"ProfileID":"P","Sorting":"*lc","Routes":[{"RouteID":"b","RouteParameters":"","SortingData":{"Cost":0.1,"RatingPlanID":"RP_ANY1CNT_SEC","Weight":0}}]}]}"#,
                ),
            ),
            // What nobody reads comes back as it came, also where no reader could take it.
            Call(
                AUTHORIZE,
                r#"{"GetAttributes":true,"Tenant":"s","ID":"q","event":{"Account":"1001","Keep":1},"Event":{"Keep":2,"Odd":1e999}}"#,
                Is(
                    r#"{"Attributes":{"MatchedProfiles":["s:HQ"],"AlteredFields":["*req.Office","*opts.*rouLimit","*req.Caller"],"Tenant":"s","ID":"q","Time":null,"Event":{"Account":"1001","Keep":2,"Odd":1e999,"Office":"HQ"},"APIOpts":{"*attrProfileIDs":null,"*rouLimit":"1","*subsys":"*sessions"}}}"#,
                ),
            ),
            Call(
                DIGEST,
                r#"{"GetAttributes":true,"AttributeIDs":["NONE","LOW"],"Tenant":"s","Event":{"Account":"1001"}}"#,
                Is(
                    r#"{"AttributesDigest":"Office:low","ResourceAllocation":null,"MaxUsage":10800,"RoutesDigest":null,"SuppliersDigest":null,"Thresholds":null,"StatQueues":null}"#,
                ),
            ),
            Call(
                PROCESS,
                r#"{"Flags":["*attributes:NONE"],"Tenant":"s","Event":{"Account":"1001"}}"#,
                Is("{}"),
            ),
        ],
    },
    Row {
        number: "what is not there yet is refused as CGRateS refuses what matches nothing",
        calls: &[
            Call(
                AUTHORIZE,
                r#"{"AuthorizeResources":true,"GetRoutes":true,"Tenant":"s","Event":{}}"#,
                Error("RESOURCES_ERROR:NOT_FOUND"),
            ),
            Call(
                PROCESS,
                r#"{"Flags":["*resources:*authorize"],"Tenant":"s","Event":{}}"#,
                Error("PARTIALLY_EXECUTED"),
            ),
            Call(
                "SessionSv1.InitiateSession",
                r#"{"InitSession":true,"Tenant":"s","Event":{}}"#,
                Error("rpc: can't find method SessionSv1.InitiateSession"),
            ),
        ],
    },
    Row {
        number: "wrong arguments are named",
        calls: &[
            Call(AUTHORIZE, "null", Error("MANDATORY_IE_MISSING: [Event]")),
            Call(
                AUTHORIZE,
                r#"{"GetRoutes":"yes","Event":{}}"#,
                Error(r#"json: GetRoutes must be true or false, not "yes""#),
            ),
            Call(
                PROCESS,
                r#"{"Flags":"*routes","Event":{}}"#,
                Error("json: Flags must be a list of strings"),
            ),
            Call(
                AUTHORIZE,
                r#"{"GetRoutes":true,"RoutesMaxCost":1,"Event":{}}"#,
                Error("json: RoutesMaxCost must be a string, not 1"),
            ),
        ],
    },
];

#[test]
fn sessions_are_asked_for_what_becomes_of_a_call() {
    ask(&Setup::default(), &[ROWS]);
}

#[test]
fn a_call_without_an_id_has_the_same_one_wherever_it_is_asked() {
    let argument = r#"{"GetAttributes":true,"Event":{"OriginID":"%"}}"#;
    let set = r#"{"ID":"A","Contexts":["*any"],"Attributes":[{"Path":"*req.X","Type":"*constant","Value":"y"}]}"#;
    let ids = [(); 2].map(|()| {
        let site = Setup::default().start();
        let mut rpc = site.connect();
        rpc.result("APIerSv1.SetAttributeProfile", set);
        ["a", "b"].map(|call| {
            let told = rpc.result(AUTHORIZE, &argument.replace('%', call));
            let told: serde_json::Value = serde_json::from_str(&told).unwrap();
            told["Attributes"]["ID"].as_str().unwrap().to_owned()
        })
    });
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0][0], ids[0][1]);
    assert_eq!(ids[0][0].len(), 16, "{}", ids[0][0]);
}

/// OpenSIPS reads whole numbers as 0 or 1.
#[test]
fn seconds_have_a_decimal_point_on_the_wire() {
    let site = Setup::default().start();
    let told = site.connect().result(DIGEST, r#"{"GetMaxUsage":true,"Event":{"Usage":"60s"}}"#);
    assert!(told.contains(r#""MaxUsage":60.0,"#), "{told}");
}
