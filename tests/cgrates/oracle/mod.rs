//! The cases of the original's own tests that concern selection and cost, by their number in the
//! specification (section 8; 4.4 and 7.4 are its worked examples), through the real port.
//!
//! Not here: what needs statistics or resources (O10 to O14, O43 to O48, O54, O55, O75 to O78, O82 to O84,
//! O86, O88, O92 to O104, O138, O147 to O159; O37 to O42 and O49 to O51 are here with fields of the event in
//! their place); what the original wants to be random, where any order is right (O106); what is only seen
//! within its process (O81: a price that is nothing; O109: an agent's own form; O139: connections that
//! siproute does not have; O141: a cache in front of the data).

mod costs;
mod filters;
mod plan;
mod profiles;
mod sessions;
mod units;
mod vendors;
mod worked;

use crate::compare::{Manner, shown};
use crate::json::Value;
use crate::support::jsonrpc::{Reply, Rpc};
use crate::support::site::Setup;

/// One case: calls in order, each with its answer.
pub struct Row {
    /// `O15`.
    pub number: &'static str,
    pub calls: &'static [Call],
}

/// A method, the JSON of its argument, and the answer.
pub struct Call(pub &'static str, pub &'static str, pub Want);

/// An answer.
#[derive(Debug, Clone, Copy)]
pub enum Want {
    /// This JSON.
    Is(&'static str),
    /// A list that begins with this JSON.
    First(&'static str),
    /// A list of so many items.
    Count(usize),
    /// Profiles with their routes and weights: `P *weight: r2 20, r1:params 10; Q …`.
    Routes(&'static str),
    /// Full profiles of these ids.
    Profiles(&'static str),
    /// An error of this text.
    Error(&'static str),
    /// An error that begins so.
    Begins(&'static str),
}

impl Want {
    /// What is wrong with an answer.
    fn fault(self, reply: &Reply) -> Option<String> {
        let error = reply.error.as_deref();
        match self {
            Self::Error(want) if error == Some(want) => return None,
            Self::Begins(want) if error.is_some_and(|error| error.starts_with(want)) => {
                return None;
            }
            Self::Error(_) | Self::Begins(_) => {
                return Some(format!("{self:?} is expected, not {}", reply.raw.trim_end()));
            }
            _ if error.is_some() => return Some(format!("{self:?} is expected, not {error:?}")),
            _ => {}
        }
        let got = reply.result.as_ref().map_or(Value::Null, |result| Value::read(result.get()));
        let equal = |want: &str, got: &Value| Manner::default().difference(&Value::read(want), got);
        let told = |want: &str, got: String| {
            (want != got).then(|| format!("{want:?} is expected, not {got:?}"))
        };
        match self {
            Self::Is(want) => equal(want, &got),
            Self::First(want) => equal(want, got.items().first().unwrap_or(&Value::Null)),
            Self::Count(want) => told(&want.to_string(), got.items().len().to_string()),
            Self::Routes(want) => told(want, routes(&got)),
            Self::Profiles(want) => {
                let ids: Vec<&str> = got.items().iter().filter_map(|one| one.text("ID")).collect();
                told(want, ids.join(" "))
            }
            Self::Error(_) | Self::Begins(_) => None,
        }
    }
}

/// The result of GetRoutes in a line.
pub fn routes(result: &Value) -> String {
    let route = |route: &Value| {
        let id = route.text("RouteID").unwrap_or("?");
        let colon = if route.text("RouteParameters") == Some("") { "" } else { ":" };
        let parameters = route.text("RouteParameters").unwrap_or("?");
        let data = match route.member("SortingData") {
            Some(Value::Object(data)) if data.len() == 1 && data[0].0 == "Weight" => {
                data[0].1.as_written()
            }
            data => data.map_or_else(String::new, shown),
        };
        format!("{id}{colon}{parameters} {data}")
    };
    let profile = |profile: &Value| {
        let routes: Vec<String> =
            profile.member("Routes").map_or(&[][..], Value::items).iter().map(route).collect();
        let text = |name| profile.text(name).unwrap_or("?");
        format!("{} {}: {}", text("ProfileID"), text("Sorting"), routes.join(", "))
    };
    result.items().iter().map(profile).collect::<Vec<_>>().join("; ")
}

/// Asks all rows of one server; what failed, a line each.
fn ask(setup: &Setup, rows: &[&[Row]]) {
    let site = setup.start();
    let mut rpc = site.connect();
    let plans = concat!("\"", env!("CARGO_MANIFEST_DIR"), "/tests/cgrates");
    let mut faults = Vec::new();
    for row in rows.iter().copied().flatten() {
        for (step, Call(method, params, want)) in row.calls.iter().enumerate() {
            let fault = match rpc.call(method, &params.replace("\"@plans@", plans)) {
                Ok(reply) => want.fault(&reply),
                Err(error) => {
                    rpc = Rpc::to(site.address());
                    Some(format!("connection: {error}"))
                }
            };
            let at = format!("{} step {step} {method} {params}", row.number);
            faults.extend(fault.map(|fault| format!("{at}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_list_of_routes_is_told_in_a_line() {
    let result = r#"[{"ProfileID":"P","Sorting":"*weight","Routes":[
        {"RouteID":"a","RouteParameters":"x=1","SortingData":{"Weight":2.5}},
        {"RouteID":"b","RouteParameters":"","SortingData":{"Cost":1,"Weight":1}}]},
        {"ProfileID":"Q","Sorting":"*lc","Routes":[]}]"#;
    let line = r#"P *weight: a:x=1 2.5, b {"Cost":1,"Weight":1}; Q *lc: "#;
    assert_eq!(routes(&Value::read(result)), line);
}
