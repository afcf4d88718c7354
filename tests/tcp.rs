//! JSON lines on TCP, and what else may come to that port.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use super::support::wire::{ANSWER, QUESTION, Wire};
    use std::io::{ErrorKind, Write};
    use std::process::Command;
    use std::time::{Duration, Instant};

    #[test]
    fn each_line_is_answered_by_one_line() {
        let wire = Wire::start("tcp-lines");
        let mut peer = wire.tcp();
        for (sent, want) in [
            (format!("{QUESTION}\n"), ANSWER),
            (format!("{QUESTION}\r\n"), ANSWER),
            (format!("\r\n \n\n  {QUESTION}  \n"), ANSWER),
            (
                "{\"id\":\"q2\",\"event\":{\"Destination\":\"+331\"},\"as\":\"sets\"}\n".into(),
                "reject q2 404 NOT_FOUND",
            ),
            ("{\"id\":\"q3\",\"event\":1}\n".into(), "\"field\":\"event\""),
            ("what?\n".into(), "BAD_REQUEST"),
            (
                "{\"id\":\"q1\",\"report\":{\"supplier\":\"alfa\",\"code\":503}}\n".into(),
                "{\"id\":\"q1\",\"status\":\"ok\"}",
            ),
        ] {
            peer.send(sent.as_bytes());
            let line = peer.line().unwrap();
            assert!(line.contains(want), "{sent}: {line}");
        }
        assert_eq!(wire.outcome("tcp", "ok"), 3.0);
        assert_eq!(wire.messages(), 7.0);
    }

    #[test]
    fn a_line_may_arrive_in_any_pieces_and_many_in_one() {
        let wire = Wire::start("tcp-pieces");
        let lines: Vec<String> =
            (0..40).map(|number| QUESTION.replace("q1", &format!("q{number}")) + "\n").collect();
        let all = lines.concat();
        let wanted: Vec<String> =
            (0..40).map(|number| ANSWER.replace("q1", &format!("q{number}"))).collect();
        for size in [1, 7, 61, 64, 1_000, all.len()] {
            let mut peer = wire.tcp();
            for piece in all.as_bytes().chunks(size) {
                peer.send(piece);
                if size < 10 {
                    std::thread::yield_now();
                }
            }
            let answers: Vec<String> = (0..40).map(|_| peer.line().unwrap()).collect();
            assert_eq!(answers, wanted, "pieces of {size}");
        }
    }

    #[test]
    fn a_last_line_without_its_end_is_answered_before_the_close() {
        let wire = Wire::start("tcp-half");
        let mut peer = wire.tcp();
        peer.send(format!("{QUESTION}\n{QUESTION}").as_bytes());
        peer.half_close();
        assert_eq!(peer.rest(), format!("{ANSWER}\n{ANSWER}\n"));
    }

    #[test]
    fn a_line_beyond_the_limit_is_refused_and_ends_the_connection() {
        let wire = Wire::with_settings("tcp-long", "[limits]\ntcp_request_max = 1000\n");
        for (name, sent) in [
            ("whole", format!("{{{}}}\n", " ".repeat(1_000))),
            ("without an end", format!("{{{}", " ".repeat(1_001))),
            ("far beyond", format!("{{{}", " ".repeat(300_000))),
            ("behind a good one", format!("{QUESTION}\n{{{}", " ".repeat(1_001))),
        ] {
            let mut peer = wire.tcp();
            peer.send(sent.as_bytes());
            let rest = peer.rest();
            assert!(rest.contains("limits.tcp_request_max, 1000 bytes"), "{name}: {rest}");
            assert_eq!(rest.contains(ANSWER), sent.contains(QUESTION), "{name}: {rest}");
        }
        assert_eq!(wire.outcome("tcp", "too_long"), 4.0);
        let mut peer = wire.tcp();
        peer.send(format!("{{{}}}\n", " ".repeat(998)).as_bytes());
        assert!(
            peer.line().unwrap().contains("\"field\":\"event\""),
            "a line of the limit's length"
        );
    }

    #[test]
    fn what_opens_no_known_protocol_is_closed_and_counted() {
        let wire = Wire::start("tcp-strange");
        let tls: &[u8] = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
        for (count, first) in (1..).zip([
            tls,
            b"SSH-2.0-OpenSSH_9.2\r\n",
            b"*1\r\n$4\r\nPING\r\n",
            b"\0\0\0\0",
            b"x:{}",
        ]) {
            let mut peer = wire.tcp();
            peer.send(first);
            assert_eq!(peer.rest(), "");
            wire.until("tcp", "malformed", f64::from(count));
        }
        assert_eq!(wire.messages(), 5.0);
    }

    #[test]
    fn an_answer_that_comes_as_a_question_ends_the_connection_in_silence() {
        let wire = Wire::start("tcp-reflected");
        let mut peer = wire.tcp();
        peer.send(b"{\"id\":\"q1\",\"status\":\"ok\",\"routes\":[]}\n");
        assert_eq!(peer.rest(), "");
        assert_eq!(wire.outcome("tcp", "reflected"), 1.0);
    }

    #[test]
    fn a_source_that_may_not_ask_is_closed_and_counted() {
        let settings = "[access]\nallow = [\"192.0.2.0/24\"]\n";
        let wire = Wire::with_settings("tcp-access", settings);
        let mut peer = wire.tcp();
        assert_eq!(peer.rest(), "");
        wire.until("tcp", "not_allowed", 1.0);
    }

    #[test]
    fn a_line_begun_and_not_finished_ends_in_time_however_its_bytes_drip() {
        let wire = Wire::with_settings("tcp-slow", "[limits]\ntcp_patience_ms = 300\n");
        let mut idle = wire.tcp();
        let mut polite = wire.tcp();
        polite.send(format!("{QUESTION}\n").as_bytes());
        assert_eq!(polite.line().as_deref(), Some(ANSWER));
        let mut slow: Vec<_> = (0..50).map(|_| wire.tcp()).collect();
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(500) {
            for peer in &mut slow {
                // It fails when the connection is closed, which is what is waited for.
                drop(peer.stream.write_all(b"{"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        wire.until("tcp", "timeout", 50.0);
        assert!(start.elapsed() < Duration::from_secs(3));
        // Those that began nothing are still there.
        for peer in [&mut idle, &mut polite] {
            peer.send(format!("{QUESTION}\n").as_bytes());
            assert_eq!(peer.line().as_deref(), Some(ANSWER));
        }
    }

    #[test]
    fn a_reset_in_mid_line_harms_nobody() {
        let wire = Wire::start("tcp-reset");
        for _ in 0..20 {
            let mut peer = wire.tcp();
            peer.send(format!("{QUESTION}\n{QUESTION}\n{{\"ev").as_bytes());
            // Closed with answers unread: the kernel sends a reset.
            std::thread::sleep(Duration::from_millis(5));
        }
        let mut peer = wire.tcp();
        peer.send(format!("{QUESTION}\n").as_bytes());
        assert_eq!(peer.line().as_deref(), Some(ANSWER));
        let gauge = || wire.metrics()["siproute_tcp_connections"];
        let start = Instant::now();
        while gauge() > 1.0 {
            assert!(start.elapsed() < Duration::from_secs(5), "{} connections held", gauge());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    #[test]
    fn one_that_never_reads_is_no_longer_read_from_and_closed_in_time() {
        let wire = Wire::with_settings("tcp-unread", "[limits]\ntcp_patience_ms = 500\n");
        let resident = || wire.metrics()["process_resident_memory_bytes"];
        let mut other = wire.tcp();
        other.send(format!("{QUESTION}\n").as_bytes());
        other.line().unwrap();
        let before = resident();
        let mut peer = wire.tcp();
        peer.stream.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
        let question = "{\"event\":{\"Destination\":\"+4930123\"}}\n".repeat(10_000);
        let start = Instant::now();
        let mut closed = false;
        while !closed {
            assert!(start.elapsed() < Duration::from_secs(10), "it is never closed");
            match peer.stream.write(question.as_bytes()) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    other.send(format!("{QUESTION}\n").as_bytes());
                    let asked = Instant::now();
                    assert_eq!(other.line().as_deref(), Some(ANSWER));
                    assert!(asked.elapsed() < Duration::from_millis(500), "{:?}", asked.elapsed());
                }
                Err(_) => closed = true,
            }
        }
        assert!(resident() - before < 8e6, "{} bytes more", resident() - before);
    }

    #[test]
    fn ten_thousand_pipelined_questions_are_all_answered_in_order() {
        let wire = Wire::start("tcp-many");
        let peer = wire.tcp();
        let mut sender = peer.stream.try_clone().unwrap();
        let sending = std::thread::spawn(move || {
            for number in 0..10_000 {
                let line = QUESTION.replace("q1", &format!("q{number}")) + "\n";
                sender.write_all(line.as_bytes()).unwrap();
            }
        });
        let mut peer = peer;
        for number in 0..10_000 {
            assert_eq!(peer.line().unwrap(), ANSWER.replace("q1", &format!("q{number}")));
        }
        sending.join().unwrap();
        assert_eq!(wire.outcome("tcp", "ok"), 10_000.0);
        assert_eq!(wire.messages(), 10_000.0);
    }

    #[test]
    fn connections_beyond_the_limit_are_closed_and_room_is_found_again() {
        let wire = Wire::with_settings("tcp-cap", "[limits]\ntcp_connections_max = 10\n");
        let mut held: Vec<_> = (0..10).map(|_| wire.tcp()).collect();
        for peer in &mut held {
            peer.send(format!("{QUESTION}\n").as_bytes());
            assert_eq!(peer.line().as_deref(), Some(ANSWER));
        }
        for _ in 0..5 {
            assert_eq!(wire.tcp().rest(), "");
        }
        assert_eq!(wire.metrics()["siproute_tcp_rejected_total"], 5.0);
        assert_eq!(wire.outcome("tcp", "overloaded"), 5.0);
        held.truncate(9);
        let start = Instant::now();
        loop {
            let mut peer = wire.tcp();
            // It may be closed before it can ask.
            drop(peer.stream.write_all(format!("{QUESTION}\n").as_bytes()));
            if peer.line().as_deref() == Some(ANSWER) {
                break;
            }
            assert!(start.elapsed() < Duration::from_secs(5), "no room is found again");
        }
    }

    #[test]
    fn what_was_received_before_the_stop_is_answered_and_the_end_waits_for_no_idle_one() {
        let mut wire = Wire::start("tcp-stop");
        let mut idle = wire.tcp();
        let mut http = wire.tcp();
        http.send(b"GET /lookup?as=sets&id=q1&Destination=+4930123 HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(http.reply().unwrap().body, ANSWER);
        let mut peer = wire.tcp();
        peer.send(format!("{QUESTION}\n").as_bytes());
        wire.daemon.signal("TERM", 1);
        assert_eq!(peer.rest(), format!("{ANSWER}\n"));
        assert_eq!((idle.rest(), http.rest()), (String::new(), String::new()));
        let (code, took) = wire.daemon.wait();
        assert_eq!(code, Some(0));
        assert!(took < Duration::from_secs(2), "{took:?}");
    }

    #[test]
    fn where_descriptors_run_out_lookups_go_on_and_connections_come_back() {
        let mut wire = Wire::start("tcp-descriptors");
        let prlimit = |files: &str| {
            let pid = wire.daemon.id().to_string();
            let limit = format!("--nofile={files}:");
            let status = Command::new("prlimit").args(["--pid", &pid, &limit]).status();
            assert!(status.expect("prlimit of util-linux").success());
        };
        prlimit("40");
        let mut held: Vec<_> = (0..100).map(|_| wire.tcp()).collect();
        std::thread::sleep(Duration::from_millis(300));
        let ticks = || {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", wire.daemon.id())).unwrap();
            let fields: Vec<u64> = stat
                .rsplit_once(')')
                .unwrap()
                .1
                .split_ascii_whitespace()
                .filter_map(|field| field.parse().ok())
                .collect();
            // User and system time, a hundredth of a second each, behind a letter and ten numbers.
            fields[10] + fields[11]
        };
        let before = ticks();
        std::thread::sleep(Duration::from_secs(1));
        assert!(ticks() - before <= 5, "{} hundredths of a second", ticks() - before);
        let answer = wire.daemon.ask(&serde_json::json!({"Destination": "+4930123"}));
        assert_eq!(answer["status"], "ok");
        held[0].send(format!("{QUESTION}\n").as_bytes());
        assert_eq!(held[0].line().as_deref(), Some(ANSWER));
        drop(held);
        let mut peer = wire.tcp();
        peer.send(format!("{QUESTION}\n").as_bytes());
        assert_eq!(peer.line().as_deref(), Some(ANSWER));
        assert!(wire.daemon.is_alive());
    }
}
