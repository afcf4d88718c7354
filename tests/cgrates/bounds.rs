//! Definitions by which a question would grow without end: it is refused instead, and the next is answered.

use crate::support::site::Setup;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[test]
fn attributes_that_double_a_value_again_and_again_end_at_a_bound() {
    let site = Setup::default().start();
    let mut rpc = site.connect();
    let route = json!({ "Tenant": "t", "ID": "R", "Sorting": "*weight",
        "Routes": [{ "ID": "alfa", "Weight": 10 }], "Weight": 10 });
    rpc.result("APIerSv1.SetRouteProfile", &route.to_string());
    let seven = format!("~*req.Z{}", r":s/(.*)/$1$1$1$1$1$1$1$1/".repeat(7));
    for (value, times) in [("~*req.Z;~*req.Z", 40), ("~*req.Z;~*req.Y", 5_000), (&*seven, 1)] {
        let change = json!({ "Path": "*req.Z", "Type": "*variable", "Value": value });
        let changes: Vec<Value> = vec![change; times];
        let profile = json!({ "Tenant": "t", "ID": "A", "Contexts": ["*any"],
            "Attributes": changes, "Weight": 10 });
        rpc.result("APIerSv1.SetAttributeProfile", &profile.to_string());
        let event = json!({ "Z": "x".repeat(100), "Y": "y".repeat(1_000) });
        let question = json!({ "Tenant": "t", "ID": "q", "Event": event }).to_string();
        let start = Instant::now();
        let reply = rpc.call("RouteSv1.GetRoutes", &question).unwrap();
        let error = reply.error.unwrap_or_default();
        assert!(error.contains("bytes"), "{value}: {error}");
        assert!(start.elapsed() < Duration::from_secs(2), "{value}: {:?}", start.elapsed());
    }
    rpc.result("APIerSv1.RemoveAttributeProfile", r#"{"Tenant":"t","ID":"A"}"#);
    rpc.result("RouteSv1.GetRoutes", r#"{"Tenant":"t","ID":"q","Event":{}}"#);
}
