//! The worked examples of rating: section 7.4 of the specification, through the real port.

use super::routes;
use crate::json::Value;
use crate::support::jsonrpc::Rpc;
use crate::support::site::Setup;
use serde_json::{Value as Json, json};

/// Where the example stands in the table, its plan, how long the calls are and what each costs.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const ROWS: &[Row] = &[
    ("7.4/1", "RP_1CNT_4", &[("60s", "0.0102")]),
    ("7.4/2", "RP_1CNT_4", &[("80s", "0.0136")]),
    ("7.4/3", "RP_1CNT_4", &[("620s", "0.1054")]),
    ("7.4/4", "RP_FEE", &[("60s", "1.2")]),
    ("7.4/5", "RP_FEE", &[("80s", "1.2667")]),
    ("7.4/6", "RP_10CNT", &[("60s", "0.1002"), ("150s", "0.2505"), ("205s", "0.34235")]),
    ("7.4/7", "RP_5CNT", &[("60s", "0.0498"), ("150s", "0.1245"), ("205s", "0.17015")]),
    ("7.4/8", "RP_FIRST_MINUTE", &[("60s", "0.6"), ("150s", "1.5")]),
    ("7.4/9", "RP_2CNT_5", &[("120s", "0.0396")]),
    ("7.4/10", "RP_1CNT_5", &[("120s", "0.0204")]),
    ("7.4/11", "RP_1CNT_SEC", &[("30s", "0.3"), ("61s", "0.61")]),
    ("7.4/13 and O160", "RP1", &[("120s", "0.92")]),
];

/// The balance of the account is 30 seconds; the plan pays for what is left.
const OF_AN_ACCOUNT: &[Row] = &[("7.4/12", "RP_2CNT_SEC", &[("60s", "0.6"), ("61s", "0.62")])];

/// Makes a profile for a row and asks it; what failed, a line each.
fn faults(rpc: &mut Rpc, (number, plan, calls): &Row, accounts: &Json) -> Vec<String> {
    let profile = json!({
        "Tenant": "worked", "ID": number, "FilterIDs": [format!("*string:~*req.Case:{number}")],
        "Sorting": "*lc",
        "Routes": [{ "ID": "r", "RatingPlanIDs": [plan], "AccountIDs": accounts }],
    });
    assert_eq!(rpc.result("APIerSv1.SetRouteProfile", &profile.to_string()), "\"OK\"");
    let asked = |(usage, cost): &(&str, &str)| {
        let question = json!({ "Tenant": "worked", "ID": "q", "Event": {
            "Case": number, "Account": "1001", "Destination": "+4930123456",
            "SetupTime": "2018-01-07T17:00:00Z", "Usage": usage,
        } });
        let got = routes(&Value::read(&rpc.result("RouteSv1.GetRoutes", &question.to_string())));
        let data = match accounts.get(0) {
            Some(account) => format!(
                r#"{{"Account":{account},"Cost":{cost},"MaxUsage":30000000000,"RatingPlanID":"{plan}","Weight":0}}"#
            ),
            None => format!(r#"{{"Cost":{cost},"RatingPlanID":"{plan}","Weight":0}}"#),
        };
        let want = format!("{number} *lc: r {data}");
        (got != want).then(|| format!("{usage}: {got:?}, not {want:?}"))
    };
    calls.iter().filter_map(asked).collect()
}

#[test]
fn worked_examples_of_rating() {
    let site = Setup::default().start();
    let mut rpc = site.connect();
    let folder =
        json!({ "FolderPath": concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cgrates/plan_cost") });
    let loaded = rpc.result("APIerSv1.LoadTariffPlanFromFolder", &folder.to_string());
    assert_eq!(loaded, "\"OK\"");
    let mut found = Vec::new();
    for (rows, accounts) in [(ROWS, json!([])), (OF_AN_ACCOUNT, json!(["AccWithVoice"]))] {
        found.extend(rows.iter().flat_map(|row| faults(&mut rpc, row, &accounts)));
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}
