//! One filter on one event, as a filter of a profile and as one of a route.

use super::routes;
use crate::json::Value;
use crate::support::jsonrpc::Reply;
use crate::support::site::Setup;
use serde_json::json;

/// What a filter says of an event.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Says {
    Yes,
    No,
    Error(&'static str),
}

use Says::{Error, No, Yes};

/// The case, its inline filters, the event, what they say.
type Row = (&'static str, &'static [&'static str], &'static str, Says);

const ROWS: &[Row] = &[
    ("O111", &["*string:~*req.Category:call"], r#"{"Category":"call"}"#, Yes),
    ("O111", &["*string:~*req.Category:cal"], r#"{"Category":"call"}"#, No),
    ("O111", &["*notstring:~*req.Category:call"], r#"{"Category":"call"}"#, No),
    ("O111", &["*notstring:~*req.Category:cal"], r#"{"Category":"call"}"#, Yes),
    ("O112", &["*contains:~*req.Name:Profile"], r#"{"Name":"AttributeProfile1"}"#, Yes),
    ("O112", &["*contains:~*req.IP:81"], r#"{"IP":"22.15.81.122"}"#, Yes),
    ("O112", &["*contains:~*req.Account:200"], r#"{"Account":"1001"}"#, No),
    ("O113", &["*regex:~*req.Category:^call$"], r#"{"Category":"call"}"#, Yes),
    ("O113", &["*regex:~*req.Category:cal$"], r#"{"Category":"call"}"#, No),
    ("O113", &["*notregex:~*req.Category:^call$"], r#"{"Category":"call"}"#, No),
    ("O113", &["*notregex:~*req.Category:cal$"], r#"{"Category":"call"}"#, Yes),
    ("O114", &["*empty:~*req.V:"], r#"{"V":""}"#, Yes),
    ("O114", &["*empty:~*req.V:"], r#"{"V":{"navigation":"off"}}"#, No),
    ("O114", &["*empty:~*req.V:"], r#"{"V":{}}"#, Yes),
    ("O114", &["*notempty:~*req.V:"], r#"{"V":""}"#, No),
    ("O115", &["*exists:~*req.V:"], r#"{"V":""}"#, Yes),
    ("O115", &["*exists:~*req.V:"], "{}", No),
    ("O115", &["*exists:~*req.V:"], r#"{"V":{}}"#, Yes),
    ("O115", &["*notexists:~*req.V:"], "{}", Yes),
    ("O117", &["*suffix:~*req.Destination:963"], r#"{"Destination":"+4986517174963"}"#, Yes),
    ("O117", &["*suffix:~*req.Destination:4966"], r#"{"Destination":"+4986517174963"}"#, No),
    ("O117", &["*notsuffix:~*req.Destination:963"], r#"{"Destination":"+4986517174963"}"#, No),
    ("O118", &[r"*rsr:~*req.Host:~^cgr.*\.org$"], r#"{"Host":"cgrates.org"}"#, Yes),
    ("O118", &["*rsr:~*req.Navigation:on"], r#"{"Navigation":"off"}"#, No),
    ("O118", &["*rsr:~*req.Navigation:off"], r#"{"Navigation":"off"}"#, Yes),
    ("O120", &["*lt:~*req.ASR:40"], r#"{"ASR":40}"#, No),
    ("O120", &["*lte:~*req.ASR:40"], r#"{"ASR":40}"#, Yes),
    ("O120", &["*gte:~*req.ASR:35.5"], r#"{"ASR":40}"#, Yes),
    ("O120", &["*gte:~*req.ACD:1m50s"], r#"{"ACD":"2m"}"#, Yes),
    ("O120", &["*gte:~*req.PDD:10"], r#"{"PDD":"20s"}"#, Yes),
    ("O120", &["*gte:~*req.PDD:10s"], r#"{"PDD":20000000000}"#, Yes),
    ("O121", &["*eq:~*req.ASR:40"], r#"{"ASR":40.0}"#, Yes),
    ("O121", &["*eq:~*req.ASR:40"], r#"{"ASR":39}"#, No),
    ("O121", &["*noteq:~*req.ASR:40"], r#"{"ASR":39}"#, Yes),
    ("O121", &["*eq:~*req.V:string1"], r#"{"V":"string1"}"#, Yes),
    ("O122", &["*string:~*req.Account:1007:error"], r#"{"Account":"1001"}"#, No),
    ("O123", &[r"*regex:~*req.Account:\d{3}7"], r#"{"Account":"1001"}"#, No),
    ("O123", &[r"*regex:~*req.Account:\d{3}7"], r#"{"Account":"1007"}"#, Yes),
    ("O125", &["*empty:~*req.V:"], r#"{"V":[""]}"#, No),
    ("O125", &["*empty:~*req.V:"], r#"{"V":{"":""}}"#, No),
    ("O125", &["*empty:~*req.V:"], r#"{"V":[]}"#, Yes),
    ("O125", &["*empty:~*req.V:"], r#"{"V":{}}"#, Yes),
    ("O125", &["*empty:~*req.V:"], r#"{"V":null}"#, Yes),
    ("O126", &[], r#"{"Account":"1003"}"#, Yes),
    (
        "O126",
        &[
            "*string:~*req.Account:1003",
            "*prefix:~*req.Account:10",
            "*suffix:~*req.Account:03",
            "*rsr:~*req.Destination:1002",
        ],
        r#"{"Account":"1003","Destination":"1002"}"#,
        Yes,
    ),
    (
        "O126",
        &[
            "*string:~*req.Account:1003",
            "*prefix:~*req.Account:10",
            "*suffix:~*req.Account:04",
            "*rsr:~*req.Destination:1002",
        ],
        r#"{"Account":"1003","Destination":"1002"}"#,
        No,
    ),
    (
        "O127",
        &[r"*rsr:~*req.Test.Test2:~^\w{30,}"],
        r#"{"Test":{"Test2":"abcdefghijklmnopq"}}"#,
        No,
    ),
    (
        "O127",
        &[r"*rsr:~*req.Test.Test2:~^\w{30,}"],
        r#"{"Test":{"Test2":"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrs"}}"#,
        Yes,
    ),
    ("O128", &["*gt:~*req.MaxUsage:0s"], r#"{"MaxUsage":-1}"#, No),
    ("O128", &["*gt:~*req.MaxUsage:0s"], r#"{"MaxUsage":0}"#, No),
    ("O128", &["*gt:~*req.MaxUsage:0"], r#"{"MaxUsage":123}"#, Yes),
    ("O129", &["*rsr:~*req.Category:^$"], "{}", Yes),
    ("O129", &["*rsr:~*req.Category:^$"], r#"{"Category":""}"#, Yes),
    ("O129", &["*rsr:~*req.Category:^$"], r#"{"Category":"call"}"#, No),
    ("O133", &["*ipnet:~*req.IP:192.0.2.1/24"], r#"{"IP":"192.0.2.0"}"#, Yes),
    (
        "O133",
        &["*ipnet:~*req.IP:~*req.IP2|192.0.3.0/30"],
        r#"{"IP":"192.0.2.0","IP2":"192.0.1.0/30"}"#,
        No,
    ),
    ("O133", &["*ipnet:~*req.IP:192.0.2.0"], r#"{"IP":"192.0.2.0"}"#, No),
    ("O133", &["*ipnet:~*req.IP:192.0.3.0/30"], r#"{"IP":"192.0.3."}"#, No),
    ("O133", &["*ipnet:~*req.IP:192.0.3.0/30"], "{}", No),
    ("O134", &["*string:~*req.V.X:1"], r#"{"V":1}"#, Error("SERVER_ERROR: WRONG_PATH")),
    (
        "O135",
        &["*gt:~*req.ASR:10"],
        r#"{"ASR":null}"#,
        Error("SERVER_ERROR: incomparable: <<nil>> with <10>"),
    ),
    ("O136", &["*gt:~*req.ASR:~*req.Gone"], r#"{"ASR":20}"#, No),
    ("O137", &["*rsr:~*req.23:dan|1001"], r#"{"23":"sip:11561561561561568@dan"}"#, Yes),
];

/// What an answer means, when the list for yes and the one for no are these; else the answer.
fn said(reply: &Reply, yes: &str, no: Option<&str>) -> String {
    let got = match (&reply.error, &reply.result) {
        (Some(error), _) => error.clone(),
        (None, result) => routes(&Value::read(result.as_ref().unwrap().get())),
    };
    match got {
        got if got == yes => "Yes".to_owned(),
        got if Some(got.as_str()) == no || no.is_none() && got == "NOT_FOUND" => "No".to_owned(),
        got => got,
    }
}

#[test]
fn cases_of_filters() {
    let site = Setup::default().start();
    let mut rpc = site.connect();
    let mut faults = Vec::new();
    for (number, (case, filters, event, says)) in ROWS.iter().enumerate() {
        let want = match says {
            Yes | No => format!("{says:?}"),
            Error(text) => (*text).to_owned(),
        };
        let profiles = [
            json!({"FilterIDs": filters, "Routes": [{"ID": "r", "Weight": 1}]}),
            json!({"Routes": [{"ID": "r", "Weight": 2, "FilterIDs": filters}, {"ID": "s", "Weight": 1}]}),
        ];
        for (place, mut profile) in profiles.into_iter().enumerate() {
            let tenant = format!("{case}-{number}-{place}");
            profile["Tenant"] = json!(tenant);
            profile["ID"] = json!("P");
            profile["Sorting"] = json!("*weight");
            assert_eq!(rpc.result("APIerSv1.SetRouteProfile", &profile.to_string()), "\"OK\"");
            let params = format!(r#"{{"Tenant":"{tenant}","ID":"q","Event":{event}}}"#);
            let reply = rpc.call("RouteSv1.GetRoutes", &params).unwrap();
            let (yes, no) = match place {
                0 => ("P *weight: r 1", None),
                _ => ("P *weight: r 2, s 1", Some("P *weight: s 1")),
            };
            let got = said(&reply, yes, no);
            if got != want {
                let of = ["profile", "route"][place];
                faults
                    .push(format!("{case}, of a {of}: {filters:?} on {event}: {got}, not {want}"));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
