//! Answers that siproute never gives: whatever stands on its port, calls are carried.

use super::lab::Lab;
use crate::support::sipp::Plays::Answers;
use std::net::{Ipv4Addr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Somebody who answers each question with `template`, where ID is the question's.
struct Impostor {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<usize>>,
}

impl Impostor {
    fn start(port: u16, template: String) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || answer_until(&socket, &template, &stopped));
        Self { stop, thread: Some(thread) }
    }

    /// How many questions it answered.
    fn end(mut self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap()
    }
}

fn answer_until(socket: &UdpSocket, template: &str, stop: &AtomicBool) -> usize {
    let mut buffer = [0; 4096];
    let mut answered = 0;
    while !stop.load(Ordering::Relaxed) {
        let Ok((length, from)) = socket.recv_from(&mut buffer) else { continue };
        let question: serde_json::Value = serde_json::from_slice(&buffer[..length]).unwrap();
        if question.get("event").is_some() {
            let answer = template.replace("ID", question["id"].as_str().unwrap());
            socket.send_to(answer.as_bytes(), from).unwrap();
            answered += 1;
        }
    }
    answered
}

#[test]
fn an_answer_that_makes_no_sense_leaves_the_call_to_the_fallback_set() {
    let places = [("rescue", 9, Answers)];
    let mut lab = Lab::start("broken", &["SIPROUTE_PAUSE_S=0"], &places, "");
    lab.kill_siproute();
    let rows = [
        ("no JSON", "once upon a time in a datagram".to_owned()),
        ("no id", r#"{"version":"1.0","status":"ok"}"#.to_owned()),
        ("an id of nobody", r#"{"status":"ok","id":"px1-1:1","routing":"serial"}"#.to_owned()),
        ("no status", r#"{"version":"1.0","id":"ID","routing":"serial"}"#.to_owned()),
        ("an unknown status", r#"{"status":"perhaps","id":"ID"}"#.to_owned()),
        ("a refusal that is none", r#"{"status":"reject","id":"ID","code":200,"reason":"OK"}"#.to_owned()),
        ("a refusal without a code", r#"{"status":"reject","id":"ID"}"#.to_owned()),
        ("no routes", r#"{"status":"ok","id":"ID","routing":"serial","routes":[]}"#.to_owned()),
        ("routes of another kind", r#"{"status":"ok","id":"ID","routing":"serial","routes":"all"}"#.to_owned()),
        ("unknown routing", r#"{"status":"ok","id":"ID","routing":"SERIAL","routes":[{"uri":"sip:1@127.0.0.1:9"}]}"#.to_owned()),
        ("cut off", r#"{"status":"ok","id":"ID","routing":"serial","routes":[{"uri":"#.to_owned()),
    ];
    let mut carried = 0;
    for (what, answer) in rows {
        let impostor = Impostor::start(lab.lookup_port, answer);
        lab.calls("caller-answered", 200, "4930123456", 2);
        assert!(impostor.end() > 0, "{what}: nobody asked");
        carried += 2;
        assert_eq!(lab.gateway("rescue").calls(), carried, "{what}\n{}", lab.log("kamailio.log"));
    }
    println!("answers that make no sense: {carried} calls, all to the fallback set");
}

#[test]
fn a_gateway_that_the_invite_cannot_be_sent_to_is_passed_over() {
    let places = [("alfa", 10, Answers), ("rescue", 9, Answers)];
    let mut lab = Lab::start("unsent", &[], &places, "");
    lab.kill_siproute();
    let own = format!("sip:1@127.0.0.1:{}", lab.proxy_port);
    let alfa = format!("sip:1@127.0.0.1:{}", lab.gateway("alfa").port);
    let route = |uri: &str, on_timeout: bool| {
        format!(
            r#"{{"supplier":"x","uri":"{uri}","on_timeout":{on_timeout},"fr_timer":2000,"fr_inv_timer":9000}}"#
        )
    };
    let nowhere = "sip:1@127.0.0.1:0;transport=sctp";
    for (what, routes, heard, carried) in [
        ("the proxy itself", vec![route(&own, true)], 503, 0),
        ("the proxy itself, then alfa", vec![route(&own, true), route(&alfa, true)], 200, 2),
        ("the proxy itself, and no going on", vec![route(&own, false), route(&alfa, true)], 503, 0),
        (
            "a transport that is not there, then alfa",
            vec![route(nowhere, true), route(&alfa, true)],
            200,
            2,
        ),
    ] {
        let routes = routes.join(",");
        let answer =
            format!(r#"{{"status":"ok","id":"ID","routing":"serial","routes":[{routes}]}}"#);
        let before = lab.gateway("alfa").calls();
        let impostor = Impostor::start(lab.lookup_port, answer);
        lab.calls(
            if heard == 200 { "caller-answered" } else { "caller-refused" },
            heard,
            "4930123456",
            2,
        );
        assert_eq!(impostor.end(), 2, "{what}: a call asks once\n{}", lab.log("kamailio.log"));
        let [alfa, rescue] = lab.carried(["alfa", "rescue"]);
        println!("{what}: 2 calls heard {heard}, {} to alfa", alfa - before);
        assert_eq!([alfa - before, rescue], [carried, 0], "{what}\n{}", lab.log("kamailio.log"));
    }
}
