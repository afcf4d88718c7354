//! Questions and answers on the native front, byte for byte, in every shape.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use crate::support::server::{Server, each};
    use serde_json::{Value, json};
    use siproute::model::query::Shape;

    const TABLE: &str = r#"
[[supplier]]
id = "telnyx"
dispatcher_set = 10
gateways = ["sip:192.0.2.10:5060;transport=udp", "sip:192.0.2.11"]
gateway_ids = ["gw1", "gw2"]
send = "00{digits}"
caller = "{digits}"
headers = { X-Trunk = "eu-1" }
codecs = ["PCMA"]
parameters = "strip=1"
failover = "carrier"
timeout = "2s"

[[supplier]]
id = "twilio"
dispatcher_set = 12
carrier = "tw"

[[supplier]]
id = "bare"

[[supplier]]
id = "off"
enabled = false

[[route]]
id = "11111111-1111-4111-8111-111111111111"
target = "+49"
supplier = "telnyx"
priority = 1

[[route]]
id = "22222222-2222-4222-8222-222222222222"
target = "+49"
supplier = "twilio"
priority = 2

[[route]]
target = "+49"
supplier = "off"
priority = 3

[[route]]
id = "33333333-3333-4333-8333-333333333333"
target = "+44"
supplier = "bare"

[[profile]]
id = "BUSINESS"
filters = ["*string:~*req.Category:business", "*prefix:~*req.Destination:+49|+43"]
weight = 20
  [[profile.route]]
  id = "twilio"
  weight = 10
  parameters = "rate=b"
  [[profile.route]]
  id = "stranger"
  weight = 20.5
  filters = ["*notstring:~*req.Account:1002"]
  [[profile.route]]
  id = "off"
  weight = 99

[[profile]]
id = "NOBODY"
filters = ["*string:~*req.Category:nobody"]
  [[profile.route]]
  id = "off"
"#;

    fn question(shape: &str) -> Value {
        json!({"id": "px1-7", "as": shape, "event": {"Account": "+4940777", "Destination": "+4930123456"}})
    }

    #[test]
    fn each_shape_is_what_its_reader_expects() {
        let server = Server::start(TABLE);
        let rows = [
            (
                "json",
                r#"{"id":"px1-7","status":"ok","generation":17,"table":"9f3a1c","sorting":"*priority","routes":[{"id":"telnyx","dispatcher_set":10,"carrier":"telnyx","number":"004930123456","uris":["sip:004930123456@192.0.2.10:5060;transport=udp","sip:004930123456@192.0.2.11"],"gateway_ids":["gw1","gw2"],"headers":{"X-Trunk":"eu-1"},"codecs":["PCMA"],"caller":"4940777","parameters":"strip=1","continue":"3..|404|408|480|5..","on_timeout":true,"route":"11111111-1111-4111-8111-111111111111","priority":1,"sorting_data":{"Priority":1}},{"id":"twilio","dispatcher_set":12,"carrier":"tw","number":"+4930123456","parameters":"","continue":"404|5..|6..","on_timeout":true,"route":"22222222-2222-4222-8222-222222222222","priority":2,"sorting_data":{"Priority":2}}],"digest":"telnyx:strip=1,twilio"}"#,
            ),
            (
                "cgrates",
                r#"[{"ProfileID":"","Sorting":"*priority","Routes":[{"RouteID":"telnyx","RouteParameters":"strip=1","SortingData":{"Priority":1}},{"RouteID":"twilio","RouteParameters":"","SortingData":{"Priority":2}}]}]"#,
            ),
            ("digest", "ok px1-7 telnyx:strip=1,twilio"),
            ("sets", "ok px1-7 10,12"),
            ("carriers", "ok px1-7 telnyx,tw"),
            ("gateways", "ok px1-7 gw1,gw2"),
            (
                "uris",
                "ok px1-7 sip:004930123456@192.0.2.10:5060;transport=udp,sip:004930123456@192.0.2.11",
            ),
            ("line", "ok px1-7 telnyx|10|004930123456 twilio|12|+4930123456"),
            (
                "rtjson",
                r#"{"version":"1.0","id":"px1-7","status":"ok","routing":"serial","sets":"10=8;12=8","suppliers":[{"supplier":"telnyx","set":10,"headers":{"extra":"X-Trunk: eu-1\r\n"},"number":"004930123456","caller":"4940777","continue":"3..|404|408|480|5..","on_timeout":true,"fr_timer":2000,"fr_inv_timer":60000},{"supplier":"twilio","set":12,"number":"+4930123456","continue":"404|5..|6..","on_timeout":true,"fr_timer":4000,"fr_inv_timer":60000}],"routes":[{"id":"telnyx","supplier":"telnyx","place":1,"params":"strip=1","uri":"sip:004930123456@192.0.2.10:5060;transport=udp","dst_uri":"sip:192.0.2.10:5060;transport=udp","set":10,"headers":{"extra":"X-Trunk: eu-1\r\n"},"number":"004930123456","caller":"4940777","continue":"3..|404|408|480|5..","on_timeout":true,"fr_timer":2000,"fr_inv_timer":60000},{"id":"telnyx","supplier":"telnyx","place":1,"params":"strip=1","uri":"sip:004930123456@192.0.2.11","dst_uri":"sip:192.0.2.11","set":10,"headers":{"extra":"X-Trunk: eu-1\r\n"},"number":"004930123456","caller":"4940777","continue":"3..|404|408|480|5..","on_timeout":true,"fr_timer":2000,"fr_inv_timer":60000}]}"#,
            ),
        ];
        assert_eq!(rows.map(|(shape, _)| shape), Shape::NAMES.map(|(name, _)| name));
        for ((shape, want), (_, form)) in rows.into_iter().zip(Shape::NAMES) {
            let answer = server.ask_text(&question(shape));
            assert_eq!(answer, want, "as {shape}");
            assert_eq!(answer, server.ask_text(&question(shape)), "a retransmission of {shape}");
            assert_eq!(serde_json::from_str::<Value>(&answer).is_ok(), !form.is_text(), "{shape}");
        }
    }

    #[test]
    fn a_refusal_has_the_shape_of_the_answer_and_a_text_shape_without_text_is_one() {
        let server = Server::start(TABLE);
        let ask = |shape: &str, number: &str| {
            server.ask_text(&json!({"id": "px1-8", "as": shape, "event": {"Destination": number}}))
        };
        let not_found = r#""error":{"code":"NOT_FOUND","message":"no profile or route matches"}}"#;
        for (shape, number, want) in [
            (
                "json",
                "+33123",
                format!(r#"{{"id":"px1-8","status":"reject","sip":404,{not_found}"#),
            ),
            (
                "cgrates",
                "+33123",
                format!(r#"{{"id":"px1-8","status":"reject","sip":404,{not_found}"#),
            ),
            (
                "rtjson",
                "+33123",
                format!(
                    r#"{{"version":"1.0","id":"px1-8","status":"reject","code":404,"reason":"Not Found",{not_found}"#
                ),
            ),
            ("sets", "+33123", "reject px1-8 404 NOT_FOUND".to_owned()),
            // `bare` has no set, no gateway: nothing to say in these shapes.
            ("sets", "+44123", "reject px1-8 404 NOT_FOUND".to_owned()),
            ("gateways", "+44123", "reject px1-8 404 NOT_FOUND".to_owned()),
            ("uris", "+44123", "reject px1-8 404 NOT_FOUND".to_owned()),
            ("carriers", "+44123", "ok px1-8 bare".to_owned()),
        ] {
            assert_eq!(ask(shape, number), want, "{shape} for {number}");
        }
        let fallback = Server::start(&format!("{TABLE}\n[failover]\nno_route = \"fallback\"\n"));
        let question = json!({"id": "px1-9", "as": "sets", "event": {"Destination": "+33123"}});
        assert_eq!(fallback.ask_text(&question), "fallback px1-9 NOT_FOUND");
        let empty = Server::start("");
        assert_eq!(empty.ask_text(&question), "fallback px1-9 NO_TABLE");
    }

    #[test]
    fn a_supplier_that_a_shape_has_no_word_for_takes_no_place_in_it() {
        let server = Server::start(TABLE);
        // telnyx has gateway ids, twilio has none, and the limit counts what is offered.
        for (shape, want) in [
            ("gateways", "ok px1-12 gw1,gw2"),
            ("sets", "ok px1-12 10"),
            ("line", "ok px1-12 telnyx|10|004930123"),
        ] {
            let question = json!({
                "id": "px1-12", "as": shape, "opts": {"limit": 1}, "event": {"Destination": "+4930123"},
            });
            assert_eq!(server.ask_text(&question), want);
        }
        let after = json!({
            "id": "px1-13", "as": "gateways", "event": {"Destination": "+4930123"},
            "failed": [{"supplier": "telnyx", "code": 503}],
        });
        assert_eq!(server.ask_text(&after), "reject px1-13 503 EXHAUSTED");
    }

    #[test]
    fn an_answer_of_which_nothing_has_room_is_a_failure_and_no_refusal() {
        let long = "x".repeat(700);
        let server = Server::with_settings(
            "[limits]\nudp_reply_max = 512\n",
            &format!(
                "[[supplier]]\nid = \"A\"\nparameters = \"{long}\"\n[[route]]\ntarget = \"all\"\nsupplier = \"A\"\n"
            ),
        );
        let question =
            json!({"id": "px1-14", "as": "digest", "event": {"Destination": "+4930123"}});
        assert_eq!(server.ask_text(&question), "fallback px1-14 SERVER_ERROR");
    }

    #[test]
    fn a_profile_answers_by_weight_and_hides_the_layers() {
        let server = Server::start(TABLE);
        let ask = |event: Value| server.ask(&json!({"id": "px1-10", "event": event}));
        let business =
            json!({"Category": "business", "Destination": "+4930123", "Account": "1001"});
        let answer = ask(business);
        assert_eq!(answer["profile"], "BUSINESS");
        assert_eq!(answer["sorting"], "*weight");
        assert_eq!(each(&answer, "id"), ["stranger", "twilio"]);
        assert_eq!(each(&answer, "parameters"), ["", "rate=b"]);
        assert_eq!(answer["routes"][0]["sorting_data"], json!({"Weight": 20.5}));
        assert_eq!(answer["digest"], "stranger,twilio:rate=b");
        for (event, want) in [
            (
                json!({"Category": "business", "Destination": "+4930123", "Account": 1002}),
                vec!["twilio"],
            ),
            (json!({"Category": "private", "Destination": "+4930123"}), vec!["telnyx", "twilio"]),
            (json!({"Category": "business", "Destination": "+44301"}), vec!["bare"]),
        ] {
            assert_eq!(each(&ask(event.clone()), "id"), want, "{event}");
        }
        // A matching profile of which nothing is left is no reason to look further.
        let nobody = ask(json!({"Category": "nobody", "Destination": "+4930123"}));
        assert_eq!(nobody["error"]["code"], "NOT_FOUND");
    }

    #[test]
    fn options_page_force_and_explain() {
        let server = Server::start(TABLE);
        let ask = |opts: Value| {
            server.ask(&json!({"id": "px1-11", "opts": opts, "event": {"Destination": "+4930123"}}))
        };
        for (opts, want) in [
            (json!({"limit": 1}), vec!["telnyx"]),
            (json!({"offset": 1}), vec!["twilio"]),
            (
                json!({"limit": "1", "offset": 1, "max_cost": 0.03, "ignore_errors": true, "profile_count": 1}),
                vec!["twilio"],
            ),
            (
                json!({"suppliers": ["twilio", "bare", "off", "telnyx"]}),
                vec!["twilio", "bare", "telnyx"],
            ),
            (json!({"*anything": 1, "Anything": {"a": 1}}), vec!["telnyx", "twilio"]),
        ] {
            assert_eq!(each(&ask(opts.clone()), "id"), want, "{opts}");
        }
        let story = ask(json!({"explain": true}));
        let lines = story["explain"].as_array().unwrap();
        assert!(
            lines.iter().any(|line| line["supplier"] == "off"
                && line["in"] == false
                && line["why"] == "its supplier is disabled"),
            "{story}"
        );
        assert!(
            lines.iter().any(|line| line["profile"] == "BUSINESS"
                && line["why"].as_str().unwrap().contains("the event has no Category")),
            "{story}"
        );
        assert!(lines.iter().any(|line| line["place"] == "routes.toml:39"), "{story}");
    }

    #[test]
    fn no_answer_of_ours_is_answered() {
        let server = Server::start(TABLE);
        let mut answers = vec![b"{\"id\":\"a b\",\"status\":\"ok\"}".to_vec()];
        for shape in ["json", "digest", "rtjson"] {
            for question in [
                json!({"id": "px1-15", "as": shape, "event": {"Destination": "+4930123"}}),
                json!({"id": "px1-15", "as": shape, "event": {"Destination": "+33"}}),
                json!({"as": shape, "event": 5}),
                json!({"as": shape, "evnt": {}}),
            ] {
                answers.push(server.ask_bytes(question.to_string().as_bytes()));
            }
        }
        answers.push(server.ask_bytes(b"{x"));
        server.client.set_read_timeout(Some(std::time::Duration::from_millis(30))).unwrap();
        for answer in answers {
            server.client.send(&answer).unwrap();
            let mut buffer = [0; 4096];
            let told = String::from_utf8_lossy(&answer);
            assert!(server.client.recv(&mut buffer).is_err(), "silence for {told}");
        }
    }

    #[test]
    fn a_story_never_makes_an_answer_longer_than_its_limit() {
        let mut table = String::from("[[supplier]]\nid = \"A\"\n");
        for index in 0..300 {
            table += &format!(
                "[[profile]]\nid = \"P{index}\"\nfilters = [\"*string:~*req.Account:{index}\"]\n[[profile.route]]\nid = \"A\"\n"
            );
        }
        let server = Server::start(&table);
        for (account, status) in [("x", "reject"), ("7", "ok")] {
            let question =
                json!({"id": "px1-16", "opts": {"explain": true}, "event": {"Account": account}});
            let answer = server.ask_text(&question);
            assert!(answer.len() <= 8192, "{} bytes", answer.len());
            let answer: Value = serde_json::from_str(&answer).unwrap();
            assert_eq!((&answer["status"], &answer["truncated"]), (&json!(status), &json!(true)));
        }
    }

    #[test]
    fn filters_see_the_number_of_a_uri_and_the_time_of_the_question() {
        let server = Server::start(
            "[[supplier]]\nid = \"A\"\n[[supplier]]\nid = \"B\"\n\
             [[profile]]\nid = \"N\"\nfilters = [\"*prefix:~*req.Destination:+49\"]\n[[profile.route]]\nid = \"A\"\n\
             [[profile]]\nid = \"T\"\nfilters = [\"*prefix:~*req.SetupTime:2026-11-21T12:00:00\"]\n[[profile.route]]\nid = \"B\"\n",
        );
        for (time, event, want) in [
            ("2026-11-21T12:00:00Z", json!({"Destination": "sip:+4930@example.org"}), "N"),
            ("2026-11-21T12:00:00Z", json!({"Destination": "tel:+49-30"}), "N"),
            ("2026-11-21T13:00:00+01:00", json!({"Destination": "+33"}), "T"),
            ("2025-01-01T00:00:00Z", json!({"SetupTime": "2026-11-21T12:00:00Z"}), "T"),
        ] {
            let answer = server.ask(&json!({"time": time, "event": event}));
            assert_eq!(answer["profile"], want, "{event}");
        }
        let late =
            server.ask(&json!({"time": "2025-01-01T00:00:00Z", "event": {"Destination": "+33"}}));
        assert_eq!(late["error"]["code"], "NOT_FOUND");
    }

    #[test]
    fn a_tel_uri_is_called_in_its_own_context() {
        let server = Server::with_settings(
            "[numbers]\ncountry = \"49\"\n",
            "[[supplier]]\nid = \"A\"\n[[route]]\ntarget = \"all\"\nsupplier = \"A\"\n",
        );
        for (destination, want) in [
            ("tel:20-7946-0018;phone-context=+44", "+442079460018"),
            ("tel:030123456", "+4930123456"),
            ("tel:+44-20-7946-0018", "+442079460018"),
        ] {
            let answer = server.ask(&json!({"event": {"Destination": destination}}));
            assert_eq!(answer["routes"][0]["number"], want, "{destination}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_and_the_id_echoed() {
        let server = Server::start(TABLE);
        for (question, code, field) in [
            (r#"{"id":"q","event":{},"opts":{"limit":0}}"#, "BAD_REQUEST", Some("opts.limit")),
            (r#"{"event":{},"opts":{"limit":"x"},"id":"q"}"#, "BAD_REQUEST", Some("opts.limit")),
            (r#"{"id":"q","event":{},"opts":{"lmit":1}}"#, "BAD_REQUEST", Some("opts.lmit")),
            (r#"{"id":"q","event":5}"#, "BAD_REQUEST", Some("event")),
            (r#"{"event":[],"id":"q"}"#, "BAD_REQUEST", Some("event")),
            (r#"{"id":"q"}"#, "BAD_REQUEST", Some("event")),
            (r#"{"id":"q","evnt":{}}"#, "BAD_REQUEST", Some("evnt")),
            (r#"{"id":"q","event":{},"as":"xml"}"#, "BAD_REQUEST", Some("as")),
            (r#"{"id":"q","event":{},"time":"yesterday"}"#, "BAD_REQUEST", Some("time")),
            (r#"{"id":"q","event":{},"failed":{}}"#, "BAD_REQUEST", Some("failed")),
            (
                r#"{"id":"q","event":{},"failed":[{"code":503}]}"#,
                "BAD_REQUEST",
                Some("failed[0].supplier"),
            ),
            (
                r#"{"id":"q","event":{},"failed":[{"supplier":"A","code":99}]}"#,
                "BAD_REQUEST",
                Some("failed[0].code"),
            ),
            (
                r#"{"id":"q","event":{"Destination":1e999}}"#,
                "BAD_REQUEST",
                Some("event.Destination"),
            ),
            (r#"{"id":"q","event":{"Account":"\ud800"}}"#, "BAD_REQUEST", Some("event.Account")),
            (
                r#"{"id":"q","event":{},"opts":{"suppliers":["nobody"]}}"#,
                "BAD_REQUEST",
                Some("opts.suppliers[0]"),
            ),
            (
                r#"{"id":"q","event":{},"method":"RouteSv1.GetRoutes"}"#,
                "BAD_REQUEST",
                Some("method"),
            ),
            (r#"{"id":"q","event":{}} x"#, "BAD_REQUEST", None),
            (r#"{"id":"q","event":{}"#, "BAD_REQUEST", None),
            ("{\"id\":\"q\",\"event\":{\"a\":\"\u{1}\"}}", "BAD_REQUEST", None),
        ] {
            let answer = server.ask_bytes(question.as_bytes());
            let answer: Value = serde_json::from_slice(&answer).unwrap();
            assert_eq!(answer["error"]["code"], code, "{question}");
            assert_eq!(answer["error"]["field"].as_str(), field, "{question}: {answer}");
            assert_eq!(answer["status"], "fallback", "{question}");
            if field.is_some() {
                assert_eq!(answer["id"], "q", "{question}");
            }
        }
        let wrong_id = server.ask(&json!({"id": "a b", "event": {}}));
        assert_eq!((&wrong_id["error"]["field"], &wrong_id["id"]), (&json!("id"), &json!("")));
    }

    #[test]
    fn an_answer_that_would_not_fit_loses_routes_from_its_end() {
        let mut table = String::new();
        for index in 0..60 {
            table += &format!(
                "[[supplier]]\nid = \"supplier-{index}\"\ngateways = [\"sip:gw{index}.example.org\"]\n\
                 gateway_ids = [\"gw{index}\"]\ndispatcher_set = {index}\n[[route]]\ntarget = \"all\"\nsupplier = \"supplier-{index}\"\npriority = {index}\n"
            );
        }
        let server = Server::with_settings("[limits]\nudp_reply_max = 2048\n", &table);
        let answer = server.ask(&json!({"event": {"Destination": "+4930123"}}));
        assert_eq!(answer["truncated"], true);
        let ids = each(&answer, "id").len();
        assert!((4..12).contains(&ids), "{ids} routes");
        for (shape, _) in Shape::NAMES {
            let text = server.ask_text(&json!({"as": shape, "event": {"Destination": "+4930123"}}));
            assert!(text.len() <= 2048, "{shape} has {} bytes", text.len());
            assert!(
                ["supplier-0", " 0,1,", " gw0,gw1,", "@gw0."]
                    .iter()
                    .any(|first| text.contains(first)),
                "{shape}: {text}"
            );
        }
    }
}
