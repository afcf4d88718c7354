//! Real calls: a Kamailio with the shipped script, its siproute, and what becomes of each call.

use super::lab::{Lab, Place};
use super::shipped::has_module;
use super::tally;
use crate::support::sipp::Plays::{self, Answers, Refuses, Rings, Silent};
use std::time::Duration;

const NUMBER: &str = "4930123456";

/// Alfa before bravo; alfa wants numbers, callers and headers in a form of its own.
const TABLES: &str = r#"
[[supplier]]
id = "alfa"
dispatcher_set = 10
gateways = ["sip:127.0.0.1:{alfa}"]
timeout = "500ms"
ring_timeout = "10s"
headers = { X-Trunk = "eu-1" }
send = "00{digits}"
caller = "00{digits}"

[[supplier]]
id = "bravo"
dispatcher_set = 20
gateways = ["sip:127.0.0.1:{bravo}"]
timeout = "2s"
ring_timeout = "10s"

[[route]]
target = "+49"
supplier = "alfa"
priority = 1

[[route]]
target = "+49"
supplier = "bravo"
priority = 2
"#;

/// The ways that can be run here, by what they are called in logs and what is defined for them.
fn ways() -> Vec<(&'static str, &'static [&'static str])> {
    let mut ways: Vec<(_, &[_])> = vec![("gateways", &[]), ("sets", &["WITH_DISPATCHER"])];
    if has_module("http_async_client") {
        ways.push(("http", &["WITH_HTTP"]));
    } else {
        tally::not_run("HTTP");
    }
    ways
}

/// The usual cast: alfa as given, bravo answers, and the fallback set answers.
fn cast(alfa: Plays) -> [Place; 3] {
    [("alfa", 10, alfa), ("bravo", 20, Answers), ("rescue", 9, Answers)]
}

/// Fails the test unless exactly so many calls came to alfa, bravo and the fallback set.
fn expect_carried(lab: &Lab, what: &str, made: usize, want: [usize; 3]) {
    let [alfa, bravo, rescue] = lab.carried(["alfa", "bravo", "rescue"]);
    println!(
        "{what}: {made} calls, {alfa} to alfa, {bravo} to bravo, {rescue} to the fallback set"
    );
    assert_eq!([alfa, bravo, rescue], want, "{what}\n{}", lab.log("kamailio.log"));
}

#[test]
fn a_call_that_the_first_supplier_refuses_is_answered_by_the_second() {
    for (way, defines) in ways() {
        let lab = Lab::start(&format!("refused-{way}"), defines, &cast(Refuses(503)), TABLES);
        lab.calls("caller-answered", 200, NUMBER, 20);
        expect_carried(&lab, way, 20, [20, 20, 0]);
        lab.metrics.expect(
            20,
            "siproute_failovers_total",
            &["from=\"alfa\"", "to=\"bravo\"", "code_class=\"5xx\""],
        );
        lab.metrics.expect(
            20,
            "siproute_attempts_total",
            &["supplier=\"alfa\"", "outcome=\"failed\""],
        );
        lab.metrics.expect(
            20,
            "siproute_attempts_total",
            &["supplier=\"bravo\"", "outcome=\"answered\""],
        );
        lab.metrics.expect(20, "siproute_reports_total", &["event=\"answer\""]);
        lab.metrics.expect(20, "siproute_reports_total", &["event=\"end\""]);
    }
}

#[test]
fn each_attempt_has_the_form_that_its_supplier_wants_and_none_of_the_one_before() {
    for (way, defines) in ways() {
        let lab = Lab::start(&format!("forms-{way}"), defines, &cast(Refuses(503)), TABLES);
        lab.calls("caller-answered", 200, NUMBER, 1);
        for (id, line, from, trunk) in [
            ("alfa", "INVITE sip:004930123456@", "From: <sip:004989123456@", true),
            ("bravo", "INVITE sip:+4930123456@", "From: <sip:4989123456@", false),
        ] {
            let invites = lab.gateway(id).invites();
            let invite = invites.values().next().unwrap();
            assert!(invite.starts_with(line), "{way}: {invite}");
            assert!(invite.contains(from), "{way}: {invite}");
            assert_eq!(invite.contains("X-Trunk: eu-1"), trunk, "{way}: {invite}");
        }
    }
}

#[test]
fn the_answers_terms_decide_whether_a_call_goes_on() {
    let policies = "
[failover.policy.patient]
continue = [\"486\"]
on_timeout = false
";
    for (way, defines) in ways() {
        for (name, alfa, policy, heard) in [
            ("busy-classic", Refuses(486), "classic", 486),
            ("busy-patient", Refuses(486), "patient", 200),
            ("decline-classic", Refuses(603), "classic", 200),
            ("failed-patient", Refuses(503), "patient", 500), // RFC 3261 16.7: never a 503 upstream
            ("silent-classic", Silent, "classic", 200),
            ("silent-patient", Silent, "patient", 408),
        ] {
            let what = format!("{name}-{way}");
            let tables = TABLES
                .replace("id = \"alfa\"", &format!("id = \"alfa\"\nfailover = \"{policy}\""))
                + policies;
            let lab = Lab::start(&what, defines, &cast(alfa), &tables);
            let answered = heard == 200;
            let scenario = if answered { "caller-answered" } else { "caller-refused" };
            lab.calls(scenario, heard, NUMBER, 3);
            let [bravo, rescue] = lab.carried(["bravo", "rescue"]);
            println!(
                "{what}: 3 calls heard {heard}, {bravo} to bravo, {rescue} to the fallback set"
            );
            assert_eq!([bravo, rescue], [if answered { 3 } else { 0 }, 0], "{what}");
            let class = match alfa {
                Silent => "code_class=\"timeout\"",
                Refuses(486) => "code_class=\"4xx\"",
                _ => "code_class=\"6xx\"",
            };
            if answered {
                lab.metrics.expect(
                    3,
                    "siproute_failovers_total",
                    &["from=\"alfa\"", "to=\"bravo\"", class],
                );
            } else {
                lab.metrics.expect(3, "siproute_reports_total", &["event=\"attempt\""]);
                lab.metrics.expect(0, "siproute_failovers_total", &[]);
            }
        }
    }
}

#[test]
fn a_second_gateway_is_another_attempt_of_the_same_supplier() {
    let tables = TABLES
        .replace("\"sip:127.0.0.1:{alfa}\"", "\"sip:127.0.0.1:{alfa}\", \"sip:127.0.0.1:{alfa2}\"");
    for (way, defines) in ways() {
        let places = [
            ("alfa", 10, Refuses(503)),
            ("alfa2", 10, Refuses(500)),
            ("bravo", 20, Answers),
            ("rescue", 9, Answers),
        ];
        let lab = Lab::start(&format!("gateways-{way}"), defines, &places, &tables);
        lab.calls("caller-answered", 200, NUMBER, 5);
        assert_eq!(lab.carried(["alfa", "alfa2", "bravo", "rescue"]), [5, 5, 5, 0], "{way}");
        lab.metrics.expect(
            10,
            "siproute_attempts_total",
            &["supplier=\"alfa\"", "outcome=\"failed\""],
        );
        lab.metrics.expect(5, "siproute_failovers_total", &["from=\"alfa\"", "to=\"bravo\""]);
        lab.metrics.expect(5, "siproute_failovers_total", &[]);
    }
}

#[test]
fn when_all_have_failed_the_caller_hears_the_last_code() {
    for (way, defines) in ways() {
        let places =
            [("alfa", 10, Refuses(404)), ("bravo", 20, Refuses(500)), ("rescue", 9, Answers)];
        let lab = Lab::start(&format!("exhausted-{way}"), defines, &places, TABLES);
        lab.calls("caller-refused", 500, NUMBER, 3);
        expect_carried(&lab, way, 3, [3, 3, 0]);
    }
}

#[test]
fn eleven_gateways_are_tried() {
    let ids = ["g0", "g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8", "g9", "g10"];
    let mut places: Vec<Place> =
        ids.iter().zip(10..).map(|(id, set)| (*id, set, Refuses(503))).collect();
    places[10].2 = Answers;
    places.push(("rescue", 9, Answers));
    let tables: String = places[..11]
        .iter()
        .map(|(id, set, _)| {
            format!(
                "[[supplier]]\nid = \"{id}\"\ndispatcher_set = {set}\n\
                 gateways = [\"sip:127.0.0.1:{{{id}}}\"]\n\
                 [[route]]\ntarget = \"all\"\nsupplier = \"{id}\"\npriority = {set}\n"
            )
        })
        .collect();
    for (way, defines) in ways() {
        let lab = Lab::start(&format!("eleven-{way}"), defines, &places, &tables);
        lab.calls("caller-answered", 200, NUMBER, 2);
        assert_eq!(lab.carried(ids), [2; 11], "{way}\n{}", lab.log("kamailio.log"));
        assert_eq!(lab.carried(["rescue"]), [0], "{way}");
        lab.metrics.expect(20, "siproute_failovers_total", &[]);
    }
}

#[test]
fn a_number_without_a_route_is_refused_or_left_to_the_fallback_set_as_siproute_says() {
    let own = format!("{TABLES}\n[failover]\nno_route = \"fallback\"\n");
    for (way, defines) in ways() {
        let lab = Lab::start(&format!("reject-{way}"), defines, &cast(Answers), TABLES);
        lab.calls("caller-refused", 404, "12125550123", 3);
        expect_carried(&lab, &format!("{way}, reject"), 3, [0, 0, 0]);

        let lab = Lab::start(&format!("fallback-{way}"), defines, &cast(Answers), &own);
        lab.calls("caller-answered", 200, "12125550123", 3);
        expect_carried(&lab, &format!("{way}, fallback"), 3, [0, 0, 3]);
    }
}

#[test]
fn what_a_caller_writes_stays_within_its_string_of_the_question() {
    for (way, defines) in ways() {
        let lab = Lab::start(&format!("quotes-{way}"), defines, &cast(Answers), TABLES);
        for number in ["1\",\"Destination\":\"4930123456", "4930\\", "$rU$ci"] {
            lab.calls("caller-refused", 404, number, 1);
        }
        expect_carried(&lab, way, 3, [0, 0, 0]);
        lab.metrics.expect(3, "siproute_requests_total", &["outcome=\"not_found\""]);
    }
}

#[test]
fn a_caller_who_gives_up_is_reported() {
    for (way, defines) in ways() {
        let lab = Lab::start(&format!("cancel-{way}"), defines, &cast(Rings), TABLES);
        lab.calls("caller-cancels", 487, NUMBER, 3);
        expect_carried(&lab, way, 3, [3, 0, 0]);
        lab.metrics.expect(3, "siproute_reports_total", &["event=\"cancel\""]);
        lab.metrics.expect(
            3,
            "siproute_attempts_total",
            &["supplier=\"alfa\"", "outcome=\"noanswer\""],
        );
        lab.metrics.expect(0, "siproute_failovers_total", &[]);
    }
}

#[test]
fn a_caller_who_hangs_up_while_siproute_is_asked_reaches_no_gateway() {
    for (way, defines) in ways() {
        let lab = Lab::start(&format!("hangs-up-{way}"), defines, &cast(Answers), TABLES);
        lab.silence_siproute();
        lab.calls("caller-hangs-up", 487, NUMBER, 3);
        lab.wake_siproute();
        std::thread::sleep(Duration::from_millis(500));
        expect_carried(&lab, way, 3, [0, 0, 0]);
    }
}

#[test]
fn the_fallback_set_carries_every_call_while_siproute_is_dead_and_no_longer() {
    for (way, defines) in ways() {
        let mut lab = Lab::start(&format!("dead-{way}"), defines, &cast(Answers), TABLES);
        let calls = lab.begin_calls("caller-answered", 200, NUMBER, 40);
        std::thread::sleep(Duration::from_secs(1));
        lab.kill_siproute();
        calls.end();
        let [alfa, rescue] = lab.carried(["alfa", "rescue"]);
        println!(
            "{way}, killed in between: 40 calls, {alfa} to alfa, {rescue} to the fallback set"
        );
        assert_eq!(alfa + rescue, 40, "{way}\n{}", lab.log("kamailio.log"));
        assert!(alfa > 5 && rescue > 5, "{way}: {alfa} and {rescue}");

        lab.start_siproute();
        std::thread::sleep(Duration::from_secs(3)); // the pause after a question without an answer
        lab.calls("caller-answered", 200, NUMBER, 5);
        expect_carried(&lab, &format!("{way}, back"), 45, [alfa + 5, 0, rescue]);
    }
}

#[test]
fn the_fallback_set_carries_every_call_while_siproute_is_silent_and_late_answers_start_nothing() {
    for (way, defines) in ways() {
        let lab = Lab::start(&format!("silent-siproute-{way}"), defines, &cast(Answers), TABLES);
        lab.silence_siproute();
        lab.calls("caller-answered", 200, NUMBER, 20);
        lab.wake_siproute();
        std::thread::sleep(Duration::from_secs(3));
        expect_carried(&lab, &format!("{way}, silent"), 20, [0, 0, 20]);
        lab.calls("caller-answered", 200, NUMBER, 5);
        expect_carried(&lab, &format!("{way}, awake"), 25, [5, 0, 20]);
    }
}
