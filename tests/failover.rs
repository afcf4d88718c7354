//! Attempts that failed: what a call gets next, what is counted, what is remembered.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use crate::support::server::{Server, each};
    use serde_json::{Value, json};
    use siproute::live::pairs::CodeClass;
    use siproute::model::outcome::{AttemptOutcome, ReportEvent};
    use std::sync::atomic::Ordering::Relaxed;
    use std::time::{Duration, Instant};

    /// A, B and X for everyone; the row of X and the supplier B have policies of their own.
    const TABLE: &str = r#"
[[supplier]]
id = "A"
dispatcher_set = 1
gateways = ["sip:192.0.2.1", "sip:192.0.2.2"]
[[supplier]]
id = "B"
dispatcher_set = 2
gateways = ["sip:192.0.2.3"]
failover = "picky"
[[supplier]]
id = "X"
gateway_ids = ["gwx"]
[[route]]
target = "all"
supplier = "A"
priority = 1
[[route]]
target = "all"
supplier = "B"
priority = 2
[[route]]
target = "all"
supplier = "X"
priority = 3
failover = "voipbin"
[failover.policy.picky]
continue = ["486"]
stop = ["5xx"]
unlisted = "continue"
on_timeout = false
[failover.policy.capped]
continue = ["5xx"]
unlisted = "stop"
max_attempts = 2
"#;

    fn ask(server: &Server, id: &str, failed: Value) -> Value {
        server.ask(&json!({"id": id, "event": {"Destination": "+4930123"}, "failed": failed}))
    }

    /// `A B`, or `STOP 486`.
    fn told(answer: &Value) -> String {
        if answer["status"] == "ok" {
            let ids: Vec<&str> = each(answer, "id").into_iter().filter_map(Value::as_str).collect();
            return ids.join(" ");
        }
        format!("{} {}", answer["error"]["code"].as_str().unwrap(), answer["sip"])
    }

    #[test]
    fn the_policy_of_the_last_attempt_decides() {
        let server = Server::start(TABLE);
        for (failed, want) in [
            (json!([]), "A B X"),
            // classic, for A: 404, 5xx and 6xx go on, other 4xx do not.
            (json!([{"supplier": "A", "code": 503}]), "B X"),
            (json!([{"set": 1, "code": "404"}]), "B X"),
            (json!([{"supplier": "A", "code": 603}]), "B X"),
            (json!([{"supplier": "A", "code": 486}]), "STOP 486"),
            (json!([{"supplier": "A", "code": 480}]), "STOP 480"),
            (json!([{"supplier": "A", "code": 408, "local": 1}]), "B X"),
            (json!([{"supplier": "A"}]), "B X"),
            (json!([{"supplier": "A", "code": 302}]), "STOP 503"),
            // picky, for B.
            (json!([{"supplier": "A", "code": 503}, {"supplier": "B", "code": 503}]), "STOP 503"),
            (json!([{"supplier": "A", "code": 503}, {"carrier": "B", "code": 486}]), "X"),
            (
                json!([{"supplier": "A", "code": 503}, {"supplier": "B", "code": 408, "local": true}]),
                "STOP 408",
            ),
            // voipbin, by the row of X.
            (json!([{"gateway": "gwx", "code": 487}]), "A B"),
            (json!([{"gateway": "gwx", "code": 603}]), "STOP 603"),
            // Nothing is left: the best code that was heard.
            (
                json!([{"supplier": "A", "code": 503}, {"supplier": "B", "code": 404}, {"supplier": "X", "code": 500}]),
                "EXHAUSTED 404",
            ),
            (json!([{"supplier": "nobody", "code": 503}]), "A B X"),
        ] {
            assert_eq!(told(&ask(&server, "px1-1", failed.clone())), want, "{failed}");
        }
    }

    #[test]
    fn an_answer_offers_no_more_places_than_attempts_are_left() {
        let server = Server::start(&format!(
            "{TABLE}\n[failover]\ndefault = \"capped\"\nend_with = \"last\"\n"
        ));
        assert_eq!(told(&ask(&server, "px1-2", json!([]))), "A B");
        assert_eq!(told(&ask(&server, "px1-2", json!([{"supplier": "A", "code": 503}]))), "B");
        let twice = json!([{"supplier": "A", "code": 404}, {"supplier": "A", "code": 502}]);
        assert_eq!(told(&ask(&server, "px1-2", twice)), "EXHAUSTED 502");
    }

    #[test]
    fn time_counts_from_the_first_question_of_the_id_where_that_is_known() {
        let table = format!(
            "{TABLE}\n[failover.policy.classic]\ncontinue = [\"5xx\"]\nmax_time = \"150ms\"\n"
        );
        let server = Server::start(&table);
        let failed = json!([{"supplier": "A", "code": 503}]);
        assert_eq!(told(&ask(&server, "px1-3", json!([]))), "A B X");
        assert_eq!(told(&ask(&server, "px1-3", failed.clone())), "B X");
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(told(&ask(&server, "px1-3", failed.clone())), "EXHAUSTED 503");
        assert_eq!(
            told(&ask(&server, "px1-4", failed)),
            "B X",
            "an id that is not known has no past"
        );
    }

    /// Figures of one supplier: answered, busy, noanswer, rejected, failed, unknown.
    fn attempts(server: &Server, id: &str) -> [u64; 6] {
        let figures =
            server.service.live.suppliers.iter().find(|figures| figures.id == id).unwrap();
        let mut counts = [0; 6];
        for (count, outcome) in counts.iter_mut().zip(AttemptOutcome::ALL) {
            *count = figures.attempts(*outcome);
        }
        counts
    }

    /// Failovers as `A>B 5xx 1`, sorted.
    fn failovers(server: &Server) -> Vec<String> {
        let live = &server.service.live;
        let name = |index: u16| live.suppliers.get(index).unwrap().id.clone();
        let mut list: Vec<String> = live
            .pairs
            .iter()
            .map(|(pair, count)| {
                let to = pair.to.map_or("unknown".to_owned(), name);
                format!("{}>{to} {} {count}", name(pair.from), CodeClass::label(pair.class))
            })
            .collect();
        list.sort();
        list
    }

    /// Sends a report and waits until it counts.
    fn report(server: &Server, id: &str, report: Value) {
        let before: u64 =
            ReportEvent::ALL.iter().map(|e| server.service.live.totals.reports(*e)).sum();
        server.tell(&json!({"id": id, "report": report}));
        let patience = Instant::now() + Duration::from_secs(5);
        while ReportEvent::ALL.iter().map(|e| server.service.live.totals.reports(*e)).sum::<u64>()
            == before
        {
            assert!(Instant::now() < patience, "the report was not taken");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn each_attempt_counts_once_whichever_message_tells_of_it() {
        let server = Server::start(TABLE);
        ask(&server, "px1-5", json!([]));
        let first =
            json!({"event": "attempt", "attempt": 1, "supplier": "A", "code": 503, "pdd_ms": -1});
        report(&server, "px1-5", first.clone());
        report(&server, "px1-5", first);
        ask(&server, "px1-5", json!([{"supplier": "A", "code": 503}]));
        assert_eq!(attempts(&server, "A"), [0, 0, 0, 0, 1, 0]);
        assert_eq!(failovers(&server), ["A>B 5xx 1"]);
        // A late answer of the same attempt takes the call, but the attempt keeps its first outcome.
        report(&server, "px1-5", json!({"event": "answer", "attempt": 1, "pdd_ms": 850}));
        assert_eq!(attempts(&server, "A"), [0, 0, 0, 0, 1, 0]);
        // The second attempt is named by its place alone, its event by its code.
        report(&server, "px1-5", json!({"attempt": "2", "code": "200", "pdd_ms": "850"}));
        assert_eq!(attempts(&server, "B"), [1, 0, 0, 0, 0, 0]);
        report(&server, "px1-5", json!({"event": "end", "usage": "63s", "cost": 0.0136}));
        let totals = &server.service.live.totals;
        assert_eq!(totals.reports(ReportEvent::End), 1);
        assert_eq!(totals.reports(ReportEvent::Answer), 2);
    }

    #[test]
    fn another_gateway_of_the_same_supplier_is_an_attempt_and_no_failover() {
        let server = Server::start(TABLE);
        server.ask(&json!({"id": "px1-6", "as": "rtjson", "event": {"Destination": "+4930123"}}));
        report(&server, "px1-6", json!({"attempt": 1, "supplier": "A", "code": 503}));
        assert_eq!(failovers(&server), [""; 0]);
        report(&server, "px1-6", json!({"attempt": 2, "supplier": "A", "code": 408, "local": 1}));
        assert_eq!(failovers(&server), ["A>B timeout 1"]);
        assert_eq!(attempts(&server, "A"), [0, 0, 0, 0, 2, 0]);
    }

    #[test]
    fn a_call_that_is_first_heard_of_by_its_failures_is_one_call() {
        let server = Server::with_settings("[limits]\ncalls_max = 1024\n", TABLE);
        ask(&server, "px1-30", json!([{"supplier": "A", "code": 503}]));
        let later = siproute::model::moment::Moment { wall_ns: 0, mono_ms: 3_600_000 + 900_000 };
        for part in 0..siproute::live::calls::SWEEPS {
            server.service.sweep(part, later);
        }
        // A was heard of, B was to come next; the call counts as lost once.
        assert_eq!(attempts(&server, "A"), [0, 0, 0, 0, 1, 0]);
        assert_eq!(attempts(&server, "B"), [0, 0, 0, 0, 0, 1]);
        assert_eq!(server.service.live.totals.unreported.load(Relaxed), 0);
    }

    #[test]
    fn the_policy_of_the_row_decides_for_reports_too() {
        let last = "[[supplier]]\nid = \"Y\"\n[[route]]\ntarget = \"all\"\nsupplier = \"Y\"\npriority = 4\n";
        let server = Server::start(&format!("{TABLE}\n{last}"));
        ask(&server, "px1-20", json!([]));
        // X's row goes on after 487, the default policy would not.
        report(&server, "px1-20", json!({"attempt": 3, "supplier": "X", "code": 487}));
        assert_eq!(failovers(&server), ["X>Y 4xx 1"]);
        report(&server, "px1-20", json!({"attempt": 4, "supplier": "Y", "code": 487}));
        assert_eq!(failovers(&server), ["X>Y 4xx 1"]);
    }

    #[test]
    fn gateway_ids_are_places_where_the_answer_names_them() {
        let table = TABLE.replace(
            "gateways = [\"sip:192.0.2.1\", \"sip:192.0.2.2\"]",
            "gateway_ids = [\"a1\", \"a2\", \"a3\"]",
        );
        let server = Server::start(&table);
        let answer = server.ask_text(
            &json!({"id": "px1-21", "as": "gateways", "event": {"Destination": "+4930123"}}),
        );
        assert_eq!(answer, "ok px1-21 a1,a2,a3,gwx");
        report(&server, "px1-21", json!({"attempt": 2, "code": 503}));
        assert_eq!(failovers(&server), [""; 0]);
        report(&server, "px1-21", json!({"attempt": 3, "code": 503}));
        assert_eq!(failovers(&server), ["A>X 5xx 1"]);
        assert_eq!(attempts(&server, "A"), [0, 0, 0, 0, 2, 0]);
    }

    #[test]
    fn several_attempts_at_one_place_are_one_failover_in_every_shape() {
        for shape in ["json", "sets", "carriers"] {
            let server = Server::start(TABLE);
            let question =
                json!({"id": "px1-22", "as": shape, "event": {"Destination": "+4930123"}});
            server.ask_text(&question);
            report(&server, "px1-22", json!({"attempt": 1, "supplier": "A", "code": 503}));
            report(&server, "px1-22", json!({"attempt": 2, "supplier": "A", "code": 503}));
            report(&server, "px1-22", json!({"attempt": 3, "supplier": "B", "code": 486}));
            report(&server, "px1-22", json!({"event": "answer", "attempt": 4, "supplier": "X"}));
            let failed_over = failovers(&server);
            // X has no dispatcher set.
            let want: &[&str] =
                if shape == "sets" { &["A>B 5xx 1"] } else { &["A>B 5xx 1", "B>X 4xx 1"] };
            assert_eq!(failed_over, want, "{shape}");
            assert_eq!(attempts(&server, "A"), [0, 0, 0, 0, 2, 0]);
            assert_eq!(attempts(&server, "X"), [1, 0, 0, 0, 0, 0]);
        }
    }

    #[test]
    fn a_report_that_is_doubled_counts_once_though_it_names_no_attempt() {
        let server = Server::start(TABLE);
        for id in ["px1-23", "asked-by-nobody"] {
            if id == "px1-23" {
                ask(&server, id, json!([]));
            }
            report(&server, id, json!({"supplier": "A", "code": 503}));
            report(&server, id, json!({"supplier": "A", "code": 486}));
            report(&server, id, json!({"event": "answer", "supplier": "B"}));
            report(&server, id, json!({"event": "answer", "supplier": "B"}));
        }
        assert_eq!(attempts(&server, "A"), [0, 0, 0, 0, 2, 0]);
        assert_eq!(attempts(&server, "B"), [2, 0, 0, 0, 0, 0]);
        assert_eq!(failovers(&server), ["A>B 5xx 1", "A>unknown 5xx 1"]);
    }

    #[test]
    fn a_failure_after_the_answer_is_no_failover() {
        let server = Server::start(TABLE);
        ask(&server, "px1-24", json!([]));
        report(&server, "px1-24", json!({"event": "answer", "attempt": 1, "supplier": "A"}));
        report(&server, "px1-24", json!({"attempt": 1, "supplier": "A", "code": 503}));
        assert_eq!(failovers(&server), [""; 0]);
        assert_eq!(attempts(&server, "A"), [1, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_code_that_contradicts_its_event_is_refused() {
        let server = Server::start(TABLE);
        for (event, code) in [("answer", 503), ("attempt", 200), ("attempt", 180)] {
            let report = json!({"event": event, "supplier": "A", "code": code});
            let word = server.ask(&json!({"id": "px1-25", "ack": true, "report": report}));
            assert_eq!(word["error"]["field"], "report.code", "{event} {code}");
        }
        let answer = ask(&server, "px1-25", json!([{"supplier": "A", "code": 200}]));
        assert_eq!(answer["error"]["field"], "failed[0].code");
    }

    #[test]
    fn a_report_without_its_question_counts_with_an_unknown_successor() {
        let server = Server::start(TABLE);
        report(&server, "px9-1", json!({"supplier": "A", "code": 503}));
        assert_eq!(failovers(&server), ["A>unknown 5xx 1"]);
        // Its policy takes 486 as final: no failover.
        report(&server, "px9-2", json!({"supplier": "A", "code": 486}));
        assert_eq!(failovers(&server), ["A>unknown 5xx 1"]);
        assert_eq!(attempts(&server, "A"), [0, 1, 0, 0, 1, 0]);
        report(&server, "px9-3", json!({"event": "cancel", "supplier": "B", "attempt": 1}));
        assert_eq!(attempts(&server, "B"), [0, 0, 1, 0, 0, 0]);
    }

    #[test]
    fn reports_are_answered_only_when_a_word_is_asked_for() {
        let server = Server::start(TABLE);
        server.client.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        for message in [
            json!({"id": "px1-7", "report": {"supplier": "A", "code": 503}}),
            json!({"id": "px1-7", "report": {"supplier": "A", "code": 99}}),
            json!({"id": "px1-7", "report": {"supplier": "nobody", "code": 503}}),
            json!({"report": {"supplier": "A", "code": 503}}),
        ] {
            server.tell(&message);
            let mut buffer = [0; 512];
            assert!(server.client.recv(&mut buffer).is_err(), "silence for {message}");
        }
        let word = server
            .ask(&json!({"id": "px1-7", "ack": true, "report": {"supplier": "A", "code": 503}}));
        assert_eq!(word, json!({"id": "px1-7", "status": "ok"}));
        let word = server
            .ask(&json!({"id": "px1-7", "ack": true, "report": {"supplier": "A", "code": 99}}));
        assert_eq!(word["error"]["field"], "report.code");
    }

    #[test]
    fn a_call_that_nothing_is_heard_of_counts_as_unreported() {
        let settings = "[limits]\ncall_unanswered_s = 1\ncalls_max = 1024\n";
        let server = Server::with_settings(settings, TABLE);
        ask(&server, "px1-8", json!([]));
        // Long after the moment of the question, by the clock that the server was started with.
        let later = siproute::model::moment::Moment { wall_ns: 0, mono_ms: 3_600_000 + 60_000 };
        for part in 0..siproute::live::calls::SWEEPS {
            server.service.sweep(part, later);
        }
        assert_eq!(server.service.live.totals.unreported.load(Relaxed), 1);
        assert_eq!(attempts(&server, "A"), [0, 0, 0, 0, 0, 1]);
    }
}
