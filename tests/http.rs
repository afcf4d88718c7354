//! HTTP on the lookup port and on the operators' port.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use super::support::peer::Peer;
    use super::support::wire::{ANSWER, QUESTION, TABLE, Wire};
    use serde_json::Value;
    use std::io::{ErrorKind, Write};
    use std::time::{Duration, Instant};

    const FAILED: &str = r#""failed":[{"supplier":"alfa","code":503}]"#;

    fn post(path: &str, body: &str) -> String {
        let length = body.len();
        format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{body}")
    }

    fn get(target: &str) -> String {
        format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n")
    }

    fn question(more: &str) -> String {
        format!(r#"{{"id":"q1","event":{{"Destination":"+4930123"}}{more}}}"#)
    }

    #[test]
    fn each_request_has_its_status_its_type_and_its_answer() {
        let wire = Wire::start("http-rows");
        let mut peer = wire.tcp();
        let next = question(&format!(",\"as\":\"sets\",{FAILED}"));
        let stop = question(r#","failed":[{"supplier":"alfa","code":486}]"#);
        let nowhere = r#"{"id":"q1","event":{"Destination":"+331"}}"#;
        let nowhere_rtjson = nowhere.replace("}}", "},\"as\":\"rtjson\"}");
        let report = r#"{"id":"q1","report":{"supplier":"alfa","code":503}}"#;
        for (request, status, kind, want) in [
            (
                get("/lookup?id=q1&Destination=+4930123&as=sets"),
                200,
                "text/plain; charset=utf-8",
                ANSWER,
            ),
            (
                get("/lookup?id=q1&Destination=%2B4930123"),
                200,
                "application/json",
                "\"status\":\"ok\"",
            ),
            (get("/lookup?id=q1&Destination=+331"), 404, "application/json", "\"sip\":404"),
            (
                get("/lookup?id=q1&Destination=+331&as=sets"),
                404,
                "text/plain; charset=utf-8",
                "reject q1 404 NOT_FOUND",
            ),
            (
                get("/lookup?id=q1&Destination=+331&as=rtjson"),
                200,
                "application/json",
                "\"status\":\"reject\"",
            ),
            (get("/lookup?limit=x"), 400, "application/json", "\"field\":\"limit\""),
            (post("/lookup", QUESTION), 200, "text/plain; charset=utf-8", ANSWER),
            (post("/lookup", &question("")), 200, "application/json", "\"dispatcher_set\":10"),
            (post("/lookup", nowhere), 404, "application/json", "NOT_FOUND"),
            (post("/lookup", &nowhere_rtjson), 200, "application/json", "\"code\":404"),
            (post("/lookup", &next), 200, "text/plain; charset=utf-8", "ok q1 20"),
            (post("/lookup", &stop), 404, "application/json", "\"sip\":486"),
            (post("/lookup", report), 400, "application/json", "belongs to POST /report"),
            (post("/lookup", "{"), 400, "application/json", "BAD_REQUEST"),
            (post("/lookup", ""), 400, "application/json", "BAD_REQUEST"),
            (
                post("/lookup", r#"{"status":"ok","routes":[]}"#),
                400,
                "application/json",
                "an answer, not a question",
            ),
            (post("/next", &next), 200, "text/plain; charset=utf-8", "ok q1 20"),
            (post("/next", &question("")), 400, "application/json", "\"field\":\"failed\""),
            (post("/report", report), 200, "application/json", "{\"id\":\"q1\",\"status\":\"ok\"}"),
            (
                post("/report", r#"{"id":"q1","report":{"code":99}}"#),
                400,
                "application/json",
                "report.code",
            ),
            (post("/report", &question("")), 400, "application/json", "belongs to POST /lookup"),
        ] {
            peer.send(request.as_bytes());
            let reply = peer.reply().unwrap_or_else(|| panic!("closed by {request}"));
            assert_eq!(reply.status, status, "{request}: {reply:?}");
            assert!(
                reply.head.contains(&format!("content-type: {kind}\r\n")),
                "{request}: {reply:?}"
            );
            assert!(reply.body.contains(want), "{request}: {reply:?}");
            assert!(!reply.body.ends_with('\n'), "{request}: {reply:?}");
        }
        assert_eq!(wire.messages(), 21.0);
    }

    #[test]
    fn the_proxys_own_routes_are_503() {
        let wire = Wire::start("http-fallback");
        wire.folder
            .replace("routes.toml", &format!("[failover]\nno_route = \"fallback\"\n{TABLE}"));
        assert_eq!(wire.admin("POST /reload").status, 200);
        let mut peer = wire.tcp();
        for (target, status) in
            [("/lookup?Destination=+331", 503), ("/lookup?Destination=+49301", 200)]
        {
            peer.send(get(target).as_bytes());
            assert_eq!(peer.reply().unwrap().status, status, "{target}");
        }
    }

    #[test]
    fn what_is_no_right_request_is_refused_and_the_connection_ends() {
        let settings = "[limits]\ntcp_request_max = 1000\n";
        let wire = Wire::with_settings("http-wrong", settings);
        let long =
            format!("GET /lookup?A={} HTTP/1.1\r\nHost: localhost\r\n\r\n", "x".repeat(70_000));
        let fields = "X: y\r\n".repeat(10_000);
        let head = "POST /lookup HTTP/1.1\r\nHost: localhost\r\n";
        let chunks = "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n0\r\n\r\n";
        let smuggled =
            "GET /lookup?Destination=+49301&id=smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let mut messages = 0.0;
        for (name, request, statuses, outcome) in [
            ("path", get("/"), vec![404], "bad_request"),
            (
                "method",
                "PUT /lookup HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".into(),
                vec![405],
                "bad_request",
            ),
            ("method of a report", get("/report"), vec![405], "bad_request"),
            (
                "gzip",
                format!("{head}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\0\0\0"),
                vec![415],
                "bad_request",
            ),
            ("chunks", format!("{head}{chunks}"), vec![411], "bad_request"),
            ("long body", post("/lookup", &" ".repeat(1_001)), vec![413], "too_long"),
            (
                "very long body",
                format!("{head}Content-Length: 99999999999\r\n\r\n"),
                vec![413],
                "too_long",
            ),
            (
                "two lengths",
                format!("{head}Content-Length: 2\r\nContent-Length: 60\r\n\r\n{{}}{smuggled}"),
                vec![400],
                "malformed",
            ),
            (
                "length and chunks",
                format!("{head}Content-Length: 6\r\n{chunks}{smuggled}"),
                vec![400, 411],
                "bad_request",
            ),
            (
                "negative length",
                format!("{head}Content-Length: -1\r\n\r\n"),
                vec![400],
                "malformed",
            ),
            (
                "a body behind a GET",
                format!(
                    "GET /lookup?Destination=+49301 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc{smuggled}"
                ),
                vec![200],
                "ok",
            ),
            ("long head", long, vec![414, 431], "too_long"),
            ("many fields", format!("GET /lookup HTTP/1.1\r\n{fields}\r\n"), vec![431], "too_long"),
            ("old", "GET /lookup\r\n\r\n".into(), vec![400], "malformed"),
            ("NUL", "GET /lookup?a=\0 HTTP/1.1\r\n\r\n".into(), vec![400], "malformed"),
            ("redis", "PING\r\n".into(), vec![400], "malformed"),
            (
                "SIP",
                "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TCP x\r\n\r\n".into(),
                vec![400],
                "malformed",
            ),
        ] {
            let before = wire.outcome("http", outcome);
            let mut peer = wire.tcp();
            // The rest of a long one may find the connection closed.
            drop(peer.stream.write_all(request.as_bytes()));
            let reply = peer.reply().unwrap_or_else(|| panic!("{name}: closed without a word"));
            assert!(statuses.contains(&reply.status), "{name}: {reply:?}");
            assert_eq!(peer.rest(), "", "{name}: a second answer");
            wire.until("http", outcome, before + 1.0);
            messages += 1.0;
            assert_eq!(wire.messages(), messages, "{name}");
        }
        let mut peer = wire.tcp();
        peer.send(format!("{head}Content-Length: 68\r\nExpect: 100-continue\r\n\r\n").as_bytes());
        assert_eq!(peer.reply().unwrap().status, 100);
        peer.send(format!("{QUESTION:68}").as_bytes());
        assert_eq!(peer.reply().unwrap().body, ANSWER);
        let absolute = "GET http://x/lookup?as=sets&id=q1&Destination=+4930123 HTTP/1.0\r\n\r\n";
        let mut peer = wire.tcp();
        peer.send(absolute.as_bytes());
        assert_eq!(peer.reply().unwrap().body, ANSWER);
        assert_eq!(peer.rest(), "");
    }

    #[test]
    fn the_methods_of_a_path_are_told() {
        let wire = Wire::start("http-allow");
        for (method, path, allow) in [
            ("DELETE", "/lookup", "GET, POST"),
            ("GET", "/next", "POST"),
            ("HEAD", "/report", "POST"),
        ] {
            let mut peer = wire.tcp();
            peer.send(format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes());
            let head = peer.rest();
            assert!(
                head.contains("405") && head.contains(&format!("allow: {allow}\r\n")),
                "{head}"
            );
        }
    }

    #[test]
    fn pipelined_requests_are_answered_in_order() {
        let wire = Wire::start("http-pipe");
        let mut peer = wire.tcp();
        let requests: String = (0..200)
            .map(|number| post("/lookup", &QUESTION.replace("q1", &format!("q{number}"))))
            .collect();
        peer.send(requests.as_bytes());
        for number in 0..200 {
            let want = ANSWER.replace("q1", &format!("q{number}"));
            assert_eq!(peer.reply().unwrap().body, want);
        }
        assert_eq!(wire.messages(), 200.0);
    }

    #[test]
    fn a_request_begun_and_not_finished_ends_in_time_and_an_idle_one_stays() {
        let wire = Wire::with_settings("http-slow", "[limits]\ntcp_patience_ms = 300\n");
        let mut idle = wire.tcp();
        idle.send(post("/lookup", QUESTION).as_bytes());
        assert_eq!(idle.reply().unwrap().body, ANSWER);
        let start = Instant::now();
        let begin = |text: &str| {
            let mut peer = wire.tcp();
            peer.send(text.as_bytes());
            peer
        };
        let mut slow: Vec<Peer> = (0..20).map(|_| begin("GET /lookup HTTP/1.1\r\n")).collect();
        slow.extend((0..20).map(|_| begin("POST /lookup HTTP/1.1\r\nContent-Length: 99\r\n\r\n{")));
        while start.elapsed() < Duration::from_millis(600) {
            for peer in &mut slow {
                // It fails when the connection is closed, which is what is waited for.
                drop(peer.stream.write_all(b"a"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        for peer in &mut slow {
            let rest = peer.rest();
            assert!(rest.is_empty() || rest.contains(" 408 "), "{rest}");
        }
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
        assert_eq!(wire.outcome("http", "timeout"), 40.0);
        idle.send(post("/lookup", QUESTION).as_bytes());
        assert_eq!(idle.reply().unwrap().body, ANSWER);
        assert_eq!(wire.messages(), 42.0);
    }

    #[test]
    fn one_that_never_reads_is_closed_in_time() {
        let wire = Wire::with_settings("http-unread", "[limits]\ntcp_patience_ms = 300\n");
        let mut peer = wire.tcp();
        peer.stream.set_write_timeout(Some(Duration::from_millis(100))).unwrap();
        let requests = post("/lookup", &question("")).repeat(1_000);
        let start = Instant::now();
        loop {
            assert!(start.elapsed() < Duration::from_secs(5), "it is never closed");
            match peer.stream.write(requests.as_bytes()) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => break,
            }
        }
        assert!(wire.metrics()["process_resident_memory_bytes"] < 150e6);
    }

    #[test]
    fn a_request_that_its_sender_gives_up_harms_nobody() {
        let wire = Wire::start("http-gone");
        for text in ["GET /look", "POST /lookup HTTP/1.1\r\nContent-Length: 99\r\n\r\n{"] {
            let mut peer = wire.tcp();
            peer.send(text.as_bytes());
        }
        let mut peer = wire.tcp();
        peer.send(get("/lookup?Destination=+4930123&as=sets&id=q1").as_bytes());
        peer.half_close();
        assert_eq!(peer.reply().unwrap().body, ANSWER);
    }

    #[test]
    fn web_pages_are_refused_on_both_ports() {
        let wire = Wire::start("http-page");
        let (tcp, admin) = (wire.daemon.tcp.unwrap(), wire.daemon.admin.unwrap());
        let lookup = "GET /lookup?Destination=+49301";
        let mut refused = 0.0;
        for (port, request, fields, status) in [
            (admin, "POST /reload", "Host: localhost\r\nOrigin: http://evil.example", 403),
            (admin, "POST /reload", "Host: localhost\r\nOrigin: null", 403),
            (admin, "POST /reload", "Host: localhost\r\nSec-Fetch-Site: cross-site", 403),
            (admin, "GET /table", "Host: localhost\r\nSec-Fetch-Site: same-site", 403),
            (admin, "GET /table", "Host: localhost\r\nSec-Fetch-Site: none", 200),
            (admin, "GET /table", "Host: evil.example\r\nSec-Fetch-Site: same-origin", 403),
            (admin, "GET /table", "Host: evil.example:9470", 403),
            (admin, "GET http://evil.example/table", "Host: localhost", 403),
            (admin, "GET /table", "Host: 127.0.0.1:9470", 200),
            (admin, "GET /table", "Host: [::1]:9470", 200),
            (admin, "GET /live", "User-Agent: a probe without a Host", 200),
            (tcp, "POST /report", "Host: localhost\r\nOrigin: http://evil.example", 403),
            (tcp, lookup, "Host: localhost\r\nSec-Fetch-Site: cross-site", 403),
            (tcp, lookup, "Host: siproute.example\r\nSec-Fetch-Site: same-origin", 200),
        ] {
            let mut peer = Peer::to(port);
            peer.send(
                format!("{request} HTTP/1.1\r\n{fields}\r\nContent-Length: 0\r\n\r\n").as_bytes(),
            );
            let reply = peer.reply().unwrap();
            assert_eq!(reply.status, status, "{request} {fields}: {reply:?}");
            if status == 403 {
                let told: Value = serde_json::from_str(&reply.body).unwrap();
                assert!(told["error"]["message"].is_string(), "{reply:?}");
                assert_eq!(peer.rest(), "", "the connection ends");
                refused += f64::from(u8::from(port == tcp));
            }
        }
        assert_eq!(wire.outcome("http", "not_allowed"), refused);
        assert_eq!(wire.messages(), refused + 1.0);
    }

    #[test]
    fn operators_see_health_table_and_reasons() {
        let wire = Wire::start("admin-rows");
        for (request, status, want) in [
            ("GET /", 200, "/metrics"),
            ("GET /live", 200, "live"),
            ("GET /ready", 200, "ready"),
            ("GET /version", 200, env!("CARGO_PKG_VERSION")),
            ("GET /table", 200, "\"routes\":2"),
            ("GET /explain?Destination=%2B4930123", 200, "\"explain\":["),
            ("GET /explain?Destination=+331&as=sets", 200, "\"code\":\"NOT_FOUND\""),
            ("GET /explain?limit=x", 400, "\"field\":\"limit\""),
            ("GET /nowhere", 404, "/explain"),
            ("POST /metrics", 405, "GET"),
            ("GET /reload", 405, "POST"),
            ("POST /reload", 200, "\"result\":\"unchanged\""),
            ("POST /reload?dry_run=1", 200, "\"result\":\"unchanged\""),
            ("POST /reload?accept=shrink", 400, "`why`"),
            ("POST /reload?force=1", 400, "`force`"),
        ] {
            let reply = wire.admin(request);
            assert_eq!(reply.status, status, "{request}: {reply:?}");
            assert!(reply.body.contains(want), "{request}: {reply:?}");
        }
        assert_eq!(wire.messages(), 0.0, "operators' questions are no lookups");
        let table: Value = serde_json::from_str(&wire.admin("GET /table").body).unwrap();
        assert_eq!(table["failures"]["guard"], 0);
        assert!(
            table["age_s"].as_i64().unwrap() < 60
                && table["last_duration_s"].as_f64().unwrap() < 10.0
        );
    }

    #[test]
    fn a_refused_reload_is_409_and_a_passed_guard_200() {
        let wire = Wire::start("admin-reload");
        wire.folder.replace("routes.toml", &TABLE[..TABLE.rfind("[[route]]").unwrap()]);
        let reply = wire.admin("POST /reload");
        assert_eq!(reply.status, 409, "{reply:?}");
        assert!(reply.body.contains("\"result\":\"refused\""), "{reply:?}");
        assert_eq!(wire.metrics()["siproute_config_last_reload_successful"], 0.0);
        assert!(wire.metrics()["siproute_reload_failures_total{stage=\"guard\"}"] >= 1.0);
        let body = r#"{"accept":"shrink","why":"beta leaves"}"#;
        let mut peer = Peer::to(wire.daemon.admin.unwrap());
        peer.send(post("/reload", body).as_bytes());
        let reply = peer.reply().unwrap();
        assert_eq!(reply.status, 200, "{reply:?}");
        assert!(reply.body.contains("\"result\":\"published\""), "{reply:?}");
    }

    #[test]
    fn a_process_that_is_told_to_end_is_not_ready() {
        let mut wire = Wire::start("admin-ready");
        assert_eq!(wire.admin("GET /ready").status, 200);
        wire.daemon.signal("TERM", 1);
        let start = Instant::now();
        while wire.admin("GET /ready").status != 503 {
            assert!(start.elapsed() < Duration::from_millis(150), "still ready");
        }
        assert_eq!(wire.daemon.wait().0, Some(0));
    }

    #[test]
    fn operators_connections_have_a_limit_and_slow_ones_an_end() {
        let wire = Wire::with_settings("admin-cap", "[limits]\ntcp_patience_ms = 300\n");
        let mut held: Vec<Peer> = (0..64).map(|_| Peer::to(wire.daemon.admin.unwrap())).collect();
        // Some have begun a request, some have sent nothing, some were answered.
        for peer in &mut held[..20] {
            peer.send(b"GET /metr");
        }
        for peer in &mut held[20..40] {
            peer.send(get("/live").as_bytes());
            assert_eq!(peer.reply().unwrap().status, 200);
        }
        assert_eq!(Peer::to(wire.daemon.admin.unwrap()).rest(), "");
        let start = Instant::now();
        held.iter_mut().for_each(|peer| drop(peer.rest()));
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        assert_eq!(wire.admin("GET /live").status, 200);
        assert_eq!(wire.metrics()["siproute_tcp_rejected_total"], 1.0);
    }
}
