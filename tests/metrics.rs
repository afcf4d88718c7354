//! What Prometheus reads: names, kinds and labels as they are promised, figures as they happened.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use super::support::peer::Peer;
    use super::support::wire::{ANSWER, QUESTION, TABLE, Wire};
    use siproute::ops::metrics::names;
    use std::collections::{BTreeMap, BTreeSet};
    use std::io::Write;
    use std::process::{Command, Stdio};

    const README: &str = include_str!("../README.md");

    /// Name, kind and labels of every metric.
    const GOLDEN: [(&str, &str, &str); 24] = [
        ("process_resident_memory_bytes", "gauge", ""),
        ("process_start_time_seconds", "gauge", ""),
        ("siproute_attempt_responses_total", "counter", "code supplier"),
        ("siproute_attempts_total", "counter", "outcome supplier"),
        ("siproute_build_info", "gauge", "version"),
        ("siproute_config_last_reload_success_timestamp_seconds", "gauge", ""),
        ("siproute_config_last_reload_successful", "gauge", ""),
        ("siproute_exhausted_total", "counter", ""),
        ("siproute_failovers_total", "counter", "code_class from to"),
        ("siproute_lookups_unreported_total", "counter", ""),
        ("siproute_no_route_total", "counter", ""),
        ("siproute_pdd_seconds", "histogram", "supplier"),
        ("siproute_reload_duration_seconds", "gauge", ""),
        ("siproute_reload_failures_total", "counter", "stage"),
        ("siproute_reports_total", "counter", "event"),
        ("siproute_request_duration_seconds", "histogram", ""),
        ("siproute_requests_total", "counter", "outcome protocol"),
        ("siproute_routes_offered_total", "counter", "position supplier"),
        ("siproute_table_generation", "gauge", ""),
        ("siproute_table_info", "gauge", "fingerprint"),
        ("siproute_table_routes", "gauge", ""),
        ("siproute_tcp_connections", "gauge", ""),
        ("siproute_tcp_rejected_total", "counter", ""),
        ("siproute_udp_kernel_drops_total", "counter", ""),
    ];

    /// A call that fails over, is answered, and one that nobody can carry.
    fn traffic(wire: &Wire) {
        let client = wire.daemon.client();
        let mut buffer = [0; 8192];
        let mut ask = |text: &str| {
            client.send(text.as_bytes()).unwrap();
            let count = client.recv(&mut buffer).unwrap();
            String::from_utf8_lossy(&buffer[..count]).into_owned()
        };
        assert_eq!(ask(QUESTION), ANSWER);
        let failed = r#","failed":[{"supplier":"alfa","code":503,"pdd_ms":850}]}"#;
        assert_eq!(
            ask(&QUESTION.replace("\"as\":\"sets\"}", &format!("\"as\":\"sets\"{failed}"))),
            "ok q1 20"
        );
        let report =
            r#"{"id":"q1","report":{"supplier":"beta","code":200,"pdd_ms":1200,"ack":true}}"#;
        ask(&report.replace(",\"ack\":true}}", "},\"ack\":true}"));
        assert!(ask(r#"{"event":{"Destination":"+331"}}"#).contains("NOT_FOUND"));
    }

    fn exposition(wire: &Wire) -> String {
        wire.admin("GET /metrics").body
    }

    /// Kind and labels by name, as the exposition has them.
    fn metrics_in(text: &str) -> BTreeMap<String, (String, String)> {
        let mut kinds = BTreeMap::new();
        let mut labels: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            if let Some(kind) = line.strip_prefix("# TYPE ") {
                let (name, kind) = kind.split_once(' ').unwrap();
                assert!(kinds.insert(name.to_owned(), kind.to_owned()).is_none(), "{name} twice");
            } else if !line.starts_with('#') {
                let sample = line.rsplit_once(' ').unwrap().0;
                let (name, pairs) = sample.split_once('{').unwrap_or((sample, ""));
                let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| {
                    name.strip_suffix(end)
                        .filter(|base| kinds.get(*base).is_some_and(|kind| kind == "histogram"))
                });
                let names = labels.entry(base.unwrap_or(name).to_owned()).or_default();
                for pair in pairs.trim_end_matches('}').split(',').filter(|pair| !pair.is_empty()) {
                    let label = pair.split_once('=').unwrap().0;
                    if base.is_none() || label != "le" {
                        names.insert(label.to_owned());
                    }
                }
            }
        }
        let labels_of = |name: &str| {
            labels.get(name).map(|set| Vec::from_iter(set.iter().map(String::as_str)).join(" "))
        };
        let told = kinds.iter().map(|(name, kind)| {
            (
                name.clone(),
                (kind.clone(), labels_of(name).unwrap_or_else(|| panic!("{name} is empty"))),
            )
        });
        told.collect()
    }

    #[test]
    fn names_kinds_and_labels_are_as_they_are_promised() {
        let wire = Wire::start("metrics-golden");
        traffic(&wire);
        let found = metrics_in(&exposition(&wire));
        let golden = GOLDEN.map(|(name, kind, labels)| (name.into(), (kind.into(), labels.into())));
        assert_eq!(found, BTreeMap::from(golden));
        let listed = names::ALL.iter().map(|metric| {
            let labels = BTreeSet::from_iter(metric.labels.iter().copied());
            (metric.name, metric.kind.word(), Vec::from_iter(labels).join(" "))
        });
        let listed: BTreeSet<_> = listed.collect();
        let golden = GOLDEN.map(|(name, kind, labels)| (name, kind, labels.to_owned()));
        assert_eq!(listed, BTreeSet::from(golden));
    }

    #[test]
    fn every_metric_stands_in_the_readme_with_its_labels() {
        // Other tables of the section tell what the labels hold.
        let rows = README.lines().skip_while(|line| !line.starts_with("| metric | labels |"));
        let rows = rows.skip(2).take_while(|line| line.starts_with('|'));
        let mut documented = BTreeSet::new();
        for row in rows {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            for name in cells[0].split(", ") {
                documented.insert((name.trim_matches('`').to_owned(), cells[1].replace('`', "")));
            }
        }
        let listed =
            names::ALL.iter().map(|metric| (metric.name.to_owned(), metric.labels.join(", ")));
        assert_eq!(documented, listed.collect(), "README.md, section Metrics");
    }

    #[test]
    fn the_exposition_passes_promtool() {
        let wire = Wire::start("metrics-promtool");
        for text in [exposition(&wire), {
            traffic(&wire);
            exposition(&wire)
        }] {
            let promtool = Command::new("promtool")
                .args(["check", "metrics"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn();
            let mut promtool = promtool
                .unwrap_or_else(|error| panic!("promtool: {error}; apt-get install prometheus"));
            promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
            let output = promtool.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() && said.is_empty(), "{said}");
        }
    }

    #[test]
    fn a_call_that_fails_over_is_seen_in_every_figure() {
        let wire = Wire::start("metrics-call");
        traffic(&wire);
        let metrics = wire.metrics();
        for (name, want) in [
            ("siproute_requests_total{protocol=\"udp\",outcome=\"ok\"}", 2.0),
            ("siproute_requests_total{protocol=\"udp\",outcome=\"not_found\"}", 1.0),
            ("siproute_requests_total{protocol=\"udp\",outcome=\"report\"}", 1.0),
            ("siproute_no_route_total", 1.0),
            ("siproute_routes_offered_total{supplier=\"alfa\",position=\"1\"}", 1.0),
            ("siproute_routes_offered_total{supplier=\"beta\",position=\"1\"}", 1.0),
            ("siproute_routes_offered_total{supplier=\"beta\",position=\"2\"}", 1.0),
            ("siproute_attempts_total{supplier=\"alfa\",outcome=\"failed\"}", 1.0),
            ("siproute_attempts_total{supplier=\"beta\",outcome=\"answered\"}", 1.0),
            ("siproute_attempts_total{supplier=\"beta\",outcome=\"failed\"}", 0.0),
            ("siproute_attempt_responses_total{supplier=\"alfa\",code=\"503\"}", 1.0),
            ("siproute_attempt_responses_total{supplier=\"beta\",code=\"200\"}", 1.0),
            ("siproute_failovers_total{from=\"alfa\",to=\"beta\",code_class=\"5xx\"}", 1.0),
            ("siproute_pdd_seconds_sum{supplier=\"alfa\"}", 0.85),
            ("siproute_pdd_seconds_bucket{supplier=\"beta\",le=\"1\"}", 0.0),
            ("siproute_pdd_seconds_bucket{supplier=\"beta\",le=\"1.5\"}", 1.0),
            ("siproute_pdd_seconds_count{supplier=\"beta\"}", 1.0),
            ("siproute_reports_total{event=\"answer\"}", 1.0),
            ("siproute_request_duration_seconds_count", 4.0),
            ("siproute_table_generation", 1.0),
            ("siproute_table_routes", 2.0),
            ("siproute_config_last_reload_successful", 1.0),
        ] {
            assert_eq!(metrics.get(name), Some(&want), "{name}");
        }
    }

    #[test]
    fn outcomes_of_all_protocols_add_up_to_the_messages() {
        let wire = Wire::with_settings("metrics-sum", "[limits]\nudp_request_max = 1000\n");
        let good = QUESTION.to_owned();
        let kinds = [
            good.clone(),
            good.replace("+49", "+33"),
            good.replace("\"event\"", "\"evnt\""),
            "{\"event\":{".into(),
            "{\"id\":\"q1\",\"report\":{\"supplier\":\"alfa\",\"code\":503}}".into(),
        ];
        let client = wire.daemon.client();
        let silent = [b"no json".to_vec(), vec![b'{'; 1_001], b"{\"status\":\"ok\"}".to_vec()];
        let mut lines = wire.tcp();
        let mut http = wire.tcp();
        let mut buffer = [0; 8192];
        let rounds = 30;
        for _ in 0..rounds {
            for message in &kinds {
                client.send(message.as_bytes()).unwrap();
                if !message.contains("report") {
                    client.recv(&mut buffer).unwrap();
                }
                lines.send(format!("{message}\n").as_bytes());
                lines.line().unwrap();
                let (path, length) =
                    (if message.contains("report") { "report" } else { "lookup" }, message.len());
                http.send(format!("POST /{path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{message}").as_bytes());
                http.reply().unwrap();
            }
            for message in &silent {
                client.send(message).unwrap();
            }
        }
        // All datagrams before it were read when it is answered.
        client.send(good.as_bytes()).unwrap();
        client.recv(&mut buffer).unwrap();
        let of = |protocol: &str| {
            let requests = format!("siproute_requests_total{{protocol=\"{protocol}\"");
            let metrics = wire.metrics();
            let counts = metrics.iter().filter(|(name, _)| name.starts_with(&requests));
            counts.map(|(_, count)| *count as usize).sum::<usize>()
        };
        let streamed = rounds * kinds.len();
        assert_eq!((of("tcp"), of("http")), (streamed, streamed));
        assert_eq!(of("udp"), streamed + rounds * silent.len() + 1);
    }

    #[test]
    fn only_the_table_in_force_is_named() {
        let wire = Wire::start("metrics-table");
        let named = || {
            let metrics = wire.metrics();
            let names = metrics.keys().filter(|name| name.starts_with("siproute_table_info"));
            names.cloned().collect::<Vec<_>>()
        };
        let before = named();
        wire.folder.replace("routes.toml", &TABLE.replace("192.0.2.20", "192.0.2.21"));
        assert_eq!(wire.admin("POST /reload").status, 200);
        let after = named();
        assert_eq!((before.len(), after.len()), (1, 1));
        assert_ne!(before, after);
        assert_eq!(wire.metrics()["siproute_table_generation"], 2.0);
    }

    #[test]
    fn scrapers_that_read_slowly_are_not_felt() {
        let wire = Wire::start("metrics-slow");
        let mut slow: Vec<Peer> = (0..50).map(|_| Peer::to(wire.daemon.admin.unwrap())).collect();
        for peer in &mut slow {
            // Many answers, none of them read.
            peer.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(200).as_bytes());
        }
        let client = wire.daemon.client();
        let mut buffer = [0; 8192];
        let mut times: Vec<_> = (0..1_000)
            .map(|_| {
                let start = std::time::Instant::now();
                client.send(QUESTION.as_bytes()).unwrap();
                client.recv(&mut buffer).unwrap();
                start.elapsed()
            })
            .collect();
        times.sort();
        // A lookup that waited for a scraper would wait for the rest of its 200 answers.
        assert!(times[990] < std::time::Duration::from_millis(20), "{:?}", times[990]);
    }
}
