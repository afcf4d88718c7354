//! The replay is right itself: a server that knows the answers passes, one that errs does not.

use crate::json::Value;
use crate::ledger::Ledger;
use crate::replay::{Outcome, Replay};
use crate::support::folder::Folder;
use crate::unbuilt;
use crate::vectors::{self, Expected, Scenario, parse};
use serde_json::value::RawValue;
use std::collections::VecDeque;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};

/// Answers the calls of one connection in order; the connection ends where there is none.
fn server(answers: Vec<Option<String>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut answers = VecDeque::from(answers);
        while let Ok((mut stream, _)) = listener.accept() {
            let reader = std::io::BufReader::new(stream.try_clone().unwrap());
            let calls = serde_json::Deserializer::from_reader(reader).into_iter::<Box<RawValue>>();
            for call in calls.map_while(Result::ok) {
                let call = Value::read(call.get());
                let id = call.member("id").unwrap().as_written();
                let Some(Some(answer)) = answers.pop_front() else { break };
                stream.write_all(format!("{{\"id\":{id},{answer}}}\n").as_bytes()).unwrap();
            }
        }
    });
    address
}

/// The members of a reply in which this is answered.
fn answer(expected: Expected) -> String {
    match expected {
        Expected::Result(text) => {
            format!("\"result\":{},\"error\":null", Value::read(text).as_written())
        }
        Expected::Error(text) => {
            format!("\"result\":null,\"error\":{}", Value::Text(text.to_owned()).as_written())
        }
    }
}

/// What is found wrong with the answers to one scenario.
struct Judged {
    difference: Option<String>,
    strict: Vec<String>,
    asked: usize,
}

fn walk(scenarios: &[&Scenario], answers: Vec<Option<String>>, quirks: bool) -> Vec<Judged> {
    let (ledger, folder) = (Ledger::read(), Folder::new("cgrates-itself"));
    let replay =
        Replay { address: server(answers), quirks, ledger: &ledger, work: folder.path("plans") };
    let judged = |outcome: Outcome| {
        let Outcome { difference, strict, asked, .. } = outcome;
        Judged { difference, strict, asked }
    };
    replay.all(scenarios).into_iter().map(|(_, outcome)| judged(outcome)).collect()
}

/// Every answer as it should be; the expected ones for all steps of all files.
fn right(scenarios: &[&Scenario], quirks: bool) -> Vec<Option<String>> {
    let ledger = Ledger::read();
    let steps = scenarios.iter().flat_map(|scenario| &scenario.steps);
    steps.map(|step| Some(answer(step.expected(quirks, &ledger)))).collect()
}

#[test]
fn a_server_that_knows_every_answer_passes() {
    let (ledger, scenarios) = (Ledger::read(), vectors::all());
    let unlabelled = |scenario: &&Scenario| ledger.unlabelled(&scenario.scenario).is_some();
    let scenarios: Vec<&Scenario> = scenarios.iter().filter(|one| !unlabelled(one)).collect();
    for quirks in [false, true] {
        let outcomes = walk(&scenarios, right(&scenarios, quirks), quirks);
        assert_eq!(outcomes.len(), scenarios.len());
        for (scenario, outcome) in scenarios.iter().zip(outcomes) {
            assert_eq!(outcome.difference, None, "{}", scenario.scenario);
            assert_eq!(outcome.strict, Vec::<String>::new(), "{}", scenario.scenario);
            assert_eq!(outcome.asked, scenario.steps.len());
        }
    }
}

#[test]
fn what_differs_without_a_mark_differs_by_default_alone() {
    let (ledger, scenarios) = (Ledger::read(), vectors::all());
    let unlabelled = |scenario: &&Scenario| ledger.unlabelled(&scenario.scenario).is_some();
    let scenario = scenarios.iter().find(unlabelled).unwrap();
    let other = || Some("\"result\":[],\"error\":null".to_owned());
    // The answer that is another one, whether with quirks, whether that is right.
    let last = scenario.steps.len() - 1;
    for (wrong, quirks, passes) in [
        (None, false, false),
        (None, true, true),
        (Some(last), false, true),
        (Some(last), true, false),
        (Some(0), false, false),
    ] {
        let mut answers = right(&[scenario], quirks);
        if let Some(wrong) = wrong {
            answers[wrong] = other();
        }
        let difference = walk(&[scenario], answers, quirks).remove(0).difference;
        assert_eq!(difference.is_none(), passes, "{wrong:?} {quirks}: {difference:?}");
    }
}

#[test]
fn one_wrong_answer_fails_its_scenario_alone() {
    let scenarios = vectors::all();
    let scenarios: Vec<&Scenario> = scenarios.iter().rev().take(3).collect();
    let wrong = scenarios[0].steps.len() + scenarios[1].steps.len() - 1;
    let mut answers = right(&scenarios, false);
    answers[wrong] = Some("\"result\":[],\"error\":null".to_owned());
    let failed: Vec<bool> = walk(&scenarios, answers.clone(), false)
        .iter()
        .map(|outcome| outcome.difference.is_some())
        .collect();
    assert_eq!(failed, [false, true, false]);

    // So does a connection that ends; the next scenario has one of its own.
    answers[wrong] = None;
    let differences: Vec<Option<String>> =
        walk(&scenarios, answers, false).into_iter().map(|outcome| outcome.difference).collect();
    assert!(differences[1].as_ref().unwrap().contains("connection"), "{differences:?}");
    assert_eq!((&differences[0], &differences[2]), (&None, &None));
}

/// A step with more members, and an answer: what is found different.
fn judged(members: &str, answer: &str, quirks: bool) -> Option<String> {
    let line = format!(
        r#"{{"scenario":"s","engine":"0.11","steps":[{{"method":"M.x","params":{{}},{members}}}]}}"#
    );
    let scenario = parse(&line);
    walk(&[&scenario], vec![Some(answer.to_owned())], quirks).remove(0).difference
}

#[test]
fn answers_are_judged_by_the_rules_of_the_recordings() {
    let routes = |ids: &str| -> String {
        let route = |id: char| format!(r#"{{"RouteID":"{id}","SortingData":{{"Weight":1}}}}"#);
        format!(
            "[{{\"ProfileID\":\"P\",\"Routes\":[{}]}}]",
            ids.chars().map(route).collect::<Vec<_>>().join(",")
        )
    };
    let result = |text: &str| format!("\"result\":{text},\"error\":null");
    let error = |text: &str| format!("\"result\":null,\"error\":\"{text}\"");
    let recorded = |text: &str| format!("\"result\":{text}");
    let tie = |ids: &str| format!("\"result\":{},\"ties\":[[\"a\",\"b\"]]", routes(ids));
    let rows: Vec<(&str, String, String, bool)> = vec![
        ("the same", recorded("{\"A\":1,\"B\":[2]}"), result("{\"B\":[2.0],\"A\":1}"), true),
        ("null is a result", recorded("null"), result("null"), true),
        ("null is no list", recorded("[]"), result("null"), false),
        ("another number", recorded("0.1"), result("0.10000000000000001"), false),
        ("a number is no text", recorded("1"), result("\"1\""), false),
        ("a member too many", recorded("{\"A\":1}"), result("{\"A\":1,\"B\":2}"), false),
        ("a member too few", recorded("{\"A\":1,\"B\":2}"), result("{\"A\":1}"), false),
        ("an item too few", recorded("[1,2]"), result("[1]"), false),
        (
            "a float",
            "\"result\":[0.1],\"float\":true".into(),
            result("[0.10000000000000001]"),
            true,
        ),
        ("another float", "\"result\":[0.1],\"float\":true".into(), result("[0.1000001]"), false),
        (
            "what is ignored",
            "\"result\":{\"A\":1,\"B\":2},\"ignore\":[\"A\"]".into(),
            result("{\"B\":2}"),
            true,
        ),
        (
            "what is not ignored",
            "\"result\":{\"A\":1,\"B\":2},\"ignore\":[\"A\"]".into(),
            result("{\"A\":1}"),
            false,
        ),
        ("routes that tie", tie("cabd"), result(&routes("cbad")), true),
        ("a route on another place", tie("cabd"), result(&routes("acbd")), false),
        ("routes that do not tie", recorded(&routes("ab")), result(&routes("ba")), false),
        (
            "a digest that ties",
            "\"result\":\"c,a:x,b\",\"ties\":[[\"a\",\"b\"]]".into(),
            result("\"c,b,a:x\""),
            true,
        ),
        (
            "a digest that does not",
            "\"result\":\"c,a:x,b\",\"ties\":[[\"a\",\"b\"]]".into(),
            result("\"b,c,a:x\""),
            false,
        ),
        ("an error", "\"error\":\"NOT_FOUND\"".into(), error("NOT_FOUND"), true),
        (
            "another error",
            "\"error\":\"NOT_FOUND\"".into(),
            error("SERVER_ERROR: NOT_FOUND"),
            false,
        ),
        ("a result for an error", "\"error\":\"NOT_FOUND\"".into(), result("[]"), false),
        ("an error for a result", recorded("[]"), error("NOT_FOUND"), false),
        (
            "any error",
            "\"error\":\"x\",\"deviation\":\"go-error-text\",\"want_error\":\"*\"".into(),
            error("y"),
            true,
        ),
        (
            "no error for any",
            "\"error\":\"x\",\"deviation\":\"go-error-text\",\"want_error\":\"*\"".into(),
            result("1"),
            false,
        ),
        (
            "what is wanted",
            "\"result\":1,\"deviation\":\"route-blocker\",\"want\":2".into(),
            result("2"),
            true,
        ),
        (
            "what is not wanted",
            "\"result\":1,\"deviation\":\"route-blocker\",\"want\":2".into(),
            result("1"),
            false,
        ),
    ];
    for (name, members, answer, passes) in rows {
        let difference = judged(&members, &answer, false);
        assert_eq!(difference.is_none(), passes, "{name}: {difference:?}");
    }
    let restored = "\"result\":1,\"deviation\":\"route-blocker\",\"want\":2";
    assert_eq!(judged(restored, &result("1"), true), None);
    assert!(judged(restored, &result("2"), true).is_some());
}

#[test]
fn other_bytes_of_an_equal_answer_are_told() {
    let line = r#"{"scenario":"s","engine":"0.11","steps":[
        {"method":"M.x","params":{},"result":{"A":1.5,"B":"<"}}]}"#;
    let scenario = parse(line);
    let rows = [
        ("\"result\":{\"A\":1.5,\"B\":\"\\u003c\"},\"error\":null", 0),
        ("\"result\":{\"A\":1.50,\"B\":\"\\u003c\"},\"error\":null", 1),
        ("\"result\":{\"B\":\"\\u003c\",\"A\":1.5},\"error\":null", 1),
        ("\"result\":{\"A\":1.5,\"B\":\"<\"},\"error\":null", 1),
        ("\"error\":null,\"result\":{\"A\":1.5,\"B\":\"\\u003c\"}", 1),
    ];
    for (answer, misprinted) in rows {
        let outcome = walk(&[&scenario], vec![Some(answer.to_owned())], false).remove(0);
        assert_eq!((outcome.difference, outcome.strict.len()), (None, misprinted), "{answer}");
    }
}

#[test]
fn what_is_not_built_is_known_by_what_a_scenario_uses() {
    let rows = [
        (
            r#"{"method":"StatSv1.ProcessEvent","params":{},"result":[]}"#,
            Some("StatSv1.ProcessEvent"),
        ),
        (
            r#"{"method":"APIerSv1.SetRouteProfile","params":{"Sorting":"*qos","Routes":[{"ID":"a"}]},"result":"OK"}"#,
            Some("*qos"),
        ),
        (
            r#"{"method":"APIerSv1.SetRouteProfile","params":{"Sorting":"*qos","Routes":[]},"result":"OK"}"#,
            Some("*qos"),
        ),
        (
            r#"{"method":"APIerSv1.SetRouteProfile","params":{"Sorting":"*nosuch","Routes":[{"ID":"a","StatIDs":null}]},"result":"OK"}"#,
            None,
        ),
        (
            r#"{"method":"APIerSv1.SetRouteProfile","params":{"Sorting":"*weight","Routes":[{"ID":"a","StatIDs":["S"]}]},"result":"OK"}"#,
            Some("StatIDs"),
        ),
    ];
    for (step, need) in rows {
        let question = r#"{"method":"RouteSv1.GetRoutes","params":{},"result":[]}"#;
        let scenario =
            parse(&format!(r#"{{"scenario":"s","engine":"0.11","steps":[{step},{question}]}}"#));
        assert_eq!(unbuilt::need(&scenario).as_deref(), need, "{step}");
    }
    // Nobody asks: it is only stored.
    let stored = format!(r#"{{"scenario":"s","engine":"0.11","steps":[{}]}}"#, rows[4].0);
    assert_eq!(unbuilt::need(&parse(&stored)), None);
}
