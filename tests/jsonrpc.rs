//! JSON-RPC on the lookup port: how calls and answers stand in streams, netstrings, HTTP and datagrams.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use super::support::peer::{Peer, Reply};
    use super::support::site::Setup;
    use super::support::wire::{ANSWER, QUESTION, Wire};
    use serde_json::{Value, json};
    use std::io::{Read, Write};
    use std::net::Shutdown;
    use std::time::Duration;

    const PING: &str = r#"{"method":"RouteSv1.Ping","params":[{}],"id":7}"#;
    const REMOVE: &str =
        r#"{"method":"APIerSv1.RemoveRouteProfile","params":[{"Tenant":"x","ID":"none"}],"id":8}"#;

    fn ping(id: impl Into<Value>) -> String {
        PING.replace('7', &id.into().to_string())
    }

    fn pong(id: impl Into<Value>) -> Value {
        json!({"id": id.into(), "result": "Pong", "error": null})
    }

    fn json_line(peer: &mut Peer) -> Value {
        let line = peer.line().expect("an answer");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    fn netstring(text: &str) -> String {
        format!("{}:{text},", text.len())
    }

    #[test]
    fn calls_need_nothing_between_them_and_are_answered_in_order() {
        let wire = Wire::start("rpc-stream");
        let ids = [json!(1), json!("two"), json!(null), json!({"three": [3]}), json!(-4.5)];
        for (name, between) in [("nothing", ""), ("line ends", "\n"), ("blanks", " \r\n\t ")] {
            let calls: Vec<String> = ids.iter().map(|id| ping(id.clone())).collect();
            let mut peer = wire.tcp();
            peer.send(calls.join(between).as_bytes());
            for id in &ids {
                assert_eq!(json_line(&mut peer), pong(id.clone()), "{name} between");
            }
            peer.half_close();
            assert_eq!(peer.rest(), "", "{name} between");
        }
        assert_eq!(wire.outcome("jsonrpc", "ok"), 15.0);
        assert_eq!(wire.messages(), 15.0);
    }

    #[test]
    fn a_call_may_come_in_any_pieces() {
        let wire = Wire::start("rpc-pieces");
        let pretty = serde_json::to_string_pretty(&json!({
            "id": 2, "method": "RouteSv1.Ping", "params": [{"ID": "a }{ \" \\ b", "Event": {}}],
        }));
        let stream = format!("{}{}{}", ping(1), pretty.unwrap(), ping("3"));
        for at in 1..stream.len() {
            let mut peer = wire.tcp();
            peer.send(&stream.as_bytes()[..at]);
            std::thread::sleep(Duration::from_millis(1));
            peer.send(&stream.as_bytes()[at..]);
            for id in [json!(1), json!(2), json!("3")] {
                assert_eq!(json_line(&mut peer), pong(id), "cut at {at}");
            }
        }
        let mut peer = wire.tcp();
        for byte in stream.as_bytes() {
            peer.send(&[*byte]);
        }
        for id in [json!(1), json!(2), json!("3")] {
            assert_eq!(json_line(&mut peer), pong(id), "byte by byte");
        }
    }

    #[test]
    fn a_call_may_be_printed_over_several_lines_the_first_one_too() {
        let wire = Wire::start("rpc-pretty");
        for first in [
            "{\n  \"method\": \"RouteSv1.Ping\",\n  \"params\": [\n    {\n    }\n  ],\n  \"id\": 1\n}\n",
            "{\"id\": 1,\r\n\"params\":\r\n[{}], \"METHOD\": \"x\", \"method\": \"RouteSv1.Ping\"}",
            "\n\n{\n\"jsonrpc\"\n:\n\"2.0\",\"id\":1,\"method\":\"RouteSv1.Ping\",\"params\":[{}]}",
        ] {
            let mut peer = wire.tcp();
            peer.send(first.as_bytes());
            let answer = json_line(&mut peer);
            assert_eq!((&answer["id"], &answer["result"]), (&json!(1), &json!("Pong")), "{first}");
        }
    }

    #[test]
    fn netstrings_are_answered_by_netstrings() {
        let wire = Wire::start("rpc-netstrings");
        let call = r#"{"id":2,"jsonrpc":"2.0","method":"RouteSv1.Ping","params":{}}"#;
        let told = r#"{"jsonrpc":"2.0","method":"RouteSv1.Ping","params":{}}"#;
        let stream = [call, told, PING, call].map(netstring).concat();
        for size in [1, 2, 7, stream.len()] {
            let mut peer = wire.tcp();
            for piece in stream.as_bytes().chunks(size) {
                peer.send(piece);
            }
            peer.half_close();
            let answers = peer.rest();
            let mut rest = answers.as_str();
            for id in [2, 7, 2] {
                let (length, behind) = rest.split_once(':').unwrap();
                let (answer, behind) = behind.split_at(length.parse().unwrap());
                rest = behind.strip_prefix(',').unwrap();
                let answer: Value = serde_json::from_str(answer).unwrap();
                assert_eq!((&answer["id"], &answer["result"]), (&json!(id), &json!("Pong")));
            }
            assert_eq!(rest, "", "pieces of {size}: a notification is not answered");
        }
        assert_eq!(wire.outcome("jsonrpc", "ok"), 16.0);
    }

    #[test]
    fn a_batch_is_answered_by_one_list() {
        let wire = Wire::start("rpc-batch");
        let two = |id: &str| json!({"jsonrpc": "2.0", "method": "RouteSv1.Ping", "params": [{}], "id": id});
        let told = json!({"jsonrpc": "2.0", "method": "RouteSv1.Ping", "params": [{}]});
        let answer = |id: &str| json!({"jsonrpc": "2.0", "id": id, "result": "Pong"});
        let invalid = |text: &str| {
            json!({
                "jsonrpc": "2.0", "id": null, "error": {"code": -32600, "message": text},
            })
        };
        let no_object = invalid("a request in a batch is an object");
        let no_version = invalid("a request in a batch has a member \"jsonrpc\" with \"2.0\"");
        let mut peer = wire.tcp();
        for (batch, want) in [
            (json!([two("a")]), json!([answer("a")])),
            (json!([two("a"), told, two("b")]), json!([answer("a"), answer("b")])),
            (json!([1, two("b")]), json!([no_object, answer("b")])),
            (json!([{"foo": "bar"}]), json!([no_version])),
            (json!([]), invalid("a batch has one request or more")),
        ] {
            peer.send(batch.to_string().as_bytes());
            assert_eq!(json_line(&mut peer), want, "{batch}");
        }
        // One of notifications alone is not answered, and what follows is.
        peer.send(format!("{}{PING}", json!([told, told])).as_bytes());
        assert_eq!(json_line(&mut peer), pong(7));
        peer.send(json!(vec![two("a"); 101]).to_string().as_bytes());
        let answer = json_line(&mut peer);
        assert!(answer["error"]["message"].as_str().unwrap().contains("100 calls at most"));
        peer.send(b"[{\"jsonrpc\":\"2.0\", nonsense]");
        assert_eq!(json_line(&mut peer)["error"]["code"], -32700);
        assert_eq!(peer.rest(), "", "nobody knows where it ends");
        assert_eq!(wire.outcome("jsonrpc", "too_long"), 1.0);
        assert_eq!(wire.outcome("jsonrpc", "malformed"), 4.0);
    }

    #[test]
    fn what_is_no_call_ends_the_connection_without_an_answer_and_is_counted() {
        let wire = Wire::start("rpc-broken");
        let mut count = 0.0;
        for (name, broken) in [
            ("no JSON", "{\"method\":\"RouteSv1.Ping\",params}"),
            ("no text for a method", "{\"method\":5,\"params\":[{}],\"id\":1}"),
            ("no bracket", "x"),
            ("a bare value", "5"),
            ("a bracket too many", "}"),
            ("an end in the middle", "{\"method\":\"RouteSv1.Ping\""),
        ] {
            let mut peer = wire.tcp();
            peer.send(format!("{PING}{broken}").as_bytes());
            peer.half_close();
            let rest = peer.rest();
            assert_eq!(rest.lines().count(), 1, "{name}: {rest}");
            assert_eq!(serde_json::from_str::<Value>(&rest).unwrap(), pong(7), "{name}");
            count += 1.0;
            assert_eq!(wire.outcome("jsonrpc", "malformed"), count, "{name}");
        }
        for broken in ["5{}", "3:{},x", "2:{}x", "2;", ":"] {
            let mut peer = wire.tcp();
            peer.send(broken.as_bytes());
            // It fails when the connection is closed already.
            drop(peer.stream.shutdown(Shutdown::Write));
            assert_eq!(peer.rest(), "", "{broken}");
        }
        let mut peer = wire.tcp();
        peer.send(PING.as_bytes());
        assert_eq!(json_line(&mut peer), pong(7), "others are still served");
    }

    #[test]
    fn native_messages_and_calls_are_told_apart_on_every_connection() {
        let wire = Wire::start("rpc-apart");
        let is = |answer: &str, native: bool| {
            if native {
                assert_eq!(answer, ANSWER);
            } else {
                assert_eq!(serde_json::from_str::<Value>(answer).unwrap(), pong(7));
            }
        };
        for native_first in [true, false] {
            let mut peer = wire.tcp();
            let (first, second) = if native_first { (QUESTION, PING) } else { (PING, QUESTION) };
            // Lines need their ends, objects do not.
            let end = if native_first { "\n" } else { "" };
            for (message, native) in
                [(first, native_first), (second, !native_first), (first, native_first)]
            {
                peer.send(format!("{message}{end}").as_bytes());
                is(&peer.line().unwrap(), native);
            }
        }
        let mut peer = wire.tcp();
        peer.send([PING, QUESTION].map(netstring).concat().as_bytes());
        peer.half_close();
        assert!(peer.rest().ends_with(&netstring(ANSWER)));
        assert_eq!(wire.outcome("tcp", "ok"), 4.0);
        assert_eq!(wire.outcome("jsonrpc", "ok"), 4.0);
    }

    #[test]
    fn a_call_beyond_the_limit_is_refused_and_ends_the_connection() {
        let settings = "[limits]\ntcp_request_max = 600\nrpc_request_max = 2000\n";
        let wire = Wire::with_settings("rpc-long", settings);
        let call = |bytes: usize| {
            let call = json!({"method": "RouteSv1.Ping", "params": [{"ID": ""}], "id": 7});
            let call = call.to_string();
            let fill = "x".repeat(bytes - call.len());
            call.replace("\"ID\":\"\"", &format!("\"ID\":\"{fill}\""))
        };
        let mut peer = wire.tcp();
        peer.send(call(2_000).as_bytes());
        assert_eq!(json_line(&mut peer), pong(7), "a call of the limit's length");
        for (count, sent) in
            (1..).zip([call(2_001), call(300_000), "2001:".into(), netstring(&call(2_001))])
        {
            let mut peer = wire.tcp();
            // The connection may end before everything was sent.
            drop(peer.stream.write_all(sent.as_bytes()));
            let rest = peer.rest();
            assert!(rest.contains("longer than limits.rpc_request_max, 2000 bytes"), "{rest}");
            assert_eq!(wire.outcome("jsonrpc", "too_long"), f64::from(count));
        }
        let reply = post(&wire, "", &call(2_001));
        assert_eq!(reply.status, 413);
        let reply = post(&wire, "", &call(2_000));
        assert_eq!((reply.status, body(&reply)), (200, pong(7)));
    }

    #[test]
    fn a_call_begun_and_not_finished_ends_in_time_and_an_idle_connection_stays() {
        let wire = Wire::with_settings("rpc-slow", "[limits]\ntcp_patience_ms = 300\n");
        let mut idle = wire.tcp();
        idle.send(PING.as_bytes());
        assert_eq!(json_line(&mut idle), pong(7));
        for begun in ["{\"method\":\"RouteSv1.Ping\"", "[{\"method\"", "12:{\"m"] {
            let mut peer = wire.tcp();
            peer.send(begun.as_bytes());
            assert_eq!(peer.rest(), "", "{begun}");
        }
        assert_eq!(wire.outcome("jsonrpc", "timeout"), 3.0);
        idle.send(PING.as_bytes());
        assert_eq!(json_line(&mut idle), pong(7));
    }

    fn post(wire: &Wire, head: &str, body: &str) -> Reply {
        let mut peer = wire.tcp();
        let length = body.len();
        let head = format!("POST /jsonrpc HTTP/1.1\r\nHost: x\r\n{head}Content-Length: {length}");
        peer.send(format!("{head}\r\n\r\n{body}").as_bytes());
        peer.reply().expect("an answer")
    }

    fn body(reply: &Reply) -> Value {
        serde_json::from_str(&reply.body).unwrap_or_else(|error| panic!("{error}: {reply:?}"))
    }

    #[test]
    fn http_takes_a_call_or_a_batch() {
        let wire = Wire::start("rpc-http");
        let reply = post(&wire, "", PING);
        assert_eq!((reply.status, body(&reply)), (200, pong(7)));
        assert!(reply.head.contains("content-type: application/json\r\n"), "{}", reply.head);
        assert!(reply.body.ends_with('\n'));
        let told = r#"{"jsonrpc":"2.0","method":"RouteSv1.Ping"}"#;
        let two = r#"{"jsonrpc":"2.0","method":"RouteSv1.Ping","id":1}"#;
        let reply = post(&wire, "", &format!("[{told},{two}]"));
        assert_eq!(body(&reply), json!([{"jsonrpc": "2.0", "id": 1, "result": "Pong"}]));
        let reply = post(&wire, "", told);
        assert_eq!((reply.status, reply.body.as_str()), (204, ""));
        for broken in ["", "{", "5", "[", "{\"method\":5}"] {
            assert_eq!(post(&wire, "", broken).status, 400, "{broken}");
        }
        let page = post(&wire, "Origin: http://127.0.0.1\r\n", PING);
        assert_eq!(page.status, 403, "a web page");
        let mut peer = wire.tcp();
        peer.send(b"GET /jsonrpc HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(peer.reply().unwrap().status, 405);
        assert_eq!(wire.outcome("jsonrpc", "malformed"), 5.0);
        assert_eq!(wire.outcome("http", "not_allowed"), 1.0);
    }

    #[test]
    fn a_datagram_is_one_call_and_changes_nothing() {
        let wire = Wire::start("rpc-udp");
        let client = wire.daemon.client();
        let mut buffer = [0; 65_536];
        let mut ask = |sent: &str| -> Value {
            client.send(sent.as_bytes()).unwrap();
            let count = client.recv(&mut buffer).unwrap();
            serde_json::from_slice(&buffer[..count]).unwrap()
        };
        assert_eq!(ask(PING), pong(7));
        let refused = ask(REMOVE);
        assert_eq!(refused["id"], 8);
        assert!(refused["error"].as_str().unwrap().contains("not changed over UDP"), "{refused}");
        // Silence, and the next one is answered.
        for silent in ["{\"method\":5}", "{\"jsonrpc\":\"2.0\",\"method\":\"RouteSv1.Ping\"}"] {
            client.send(silent.as_bytes()).unwrap();
        }
        assert_eq!(ask(PING), pong(7));
        assert_eq!(ask(&json!({"event": {"Destination": "+4930123"}}).to_string())["status"], "ok");
        assert_eq!(wire.outcome("jsonrpc", "ok"), 3.0);
        assert_eq!(wire.outcome("udp", "ok"), 1.0);
        assert_eq!(wire.outcome("jsonrpc", "not_allowed"), 1.0);
    }

    #[test]
    fn a_source_outside_access_change_asks_and_changes_nothing() {
        let wire = Wire::with_settings("rpc-access", "[access]\nchange = [\"192.0.2.0/24\"]\n");
        let refusal = "this source may not change tables: see access.change";
        let mut peer = wire.tcp();
        peer.send(format!("{PING}{REMOVE}{PING}").as_bytes());
        assert_eq!(json_line(&mut peer), pong(7));
        let refused = json_line(&mut peer);
        assert!(refused["error"].as_str().unwrap().contains(refusal), "{refused}");
        assert_eq!(json_line(&mut peer), pong(7));
        let refused = body(&post(&wire, "", REMOVE));
        assert!(refused["error"].as_str().unwrap().contains(refusal), "{refused}");
        assert_eq!(wire.outcome("jsonrpc", "not_allowed"), 2.0);
        let wire = Wire::start("rpc-access-default");
        let refused = body(&post(&wire, "", REMOVE));
        assert!(!refused["error"].as_str().unwrap().contains(refusal), "{refused}");
    }

    /// Every question asks thousands of filters, none of which an index can find.
    #[test]
    fn long_work_of_one_connection_does_not_keep_others_waiting() {
        let site = Setup::default().start();
        let rules =
            json!({"Type": "*contains", "Element": "~*req.Account", "Values": vec!["x"; 20_000]});
        let filter = json!({"ID": "LONG", "Rules": vec![rules; 8]});
        let profile = json!({
            "ID": "P", "FilterIDs": ["LONG"], "Sorting": "*weight", "Routes": [{"ID": "alfa"}],
        });
        let mut rpc = site.connect();
        rpc.result("APIerSv1.SetFilter", &filter.to_string());
        rpc.result("APIerSv1.SetRouteProfile", &profile.to_string());
        let question = |id: u32| {
            json!({"jsonrpc": "2.0", "method": "RouteSv1.GetRoutes", "id": id,
                   "params": {"ID": "q", "Event": {"Account": "1001"}}})
        };
        let batch = Value::from((0..100).map(question).collect::<Vec<_>>()).to_string();
        let pipelined = (0..100).map(|id| question(id).to_string()).collect::<String>();
        // Many that cost little, in many reads.
        let cheap = PING.repeat(5_000);
        for (work, answers) in [(batch, 1), (pipelined, 100), (cheap, 5_000)] {
            let mut busy = Peer::to(site.address());
            busy.send(work.as_bytes());
            let mut other = Peer::to(site.address());
            other.send(PING.as_bytes());
            assert_eq!(json_line(&mut other), pong(7));
            // Some of the work is still to be done.
            busy.stream.set_nonblocking(true).unwrap();
            let mut so_far = String::new();
            drop(busy.stream.read_to_string(&mut so_far));
            assert!(so_far.lines().count() < answers, "{} answers first", so_far.lines().count());
            busy.stream.set_nonblocking(false).unwrap();
            busy.half_close();
            assert_eq!(so_far.lines().count() + busy.rest().lines().count(), answers);
        }
    }
}
