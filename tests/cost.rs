//! Prices through the running program: a CGRateS tariff plan read as it is, asked natively.
//!
//! What CGRateS answers to the same questions is replayed in `tests/cgrates`.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use crate::support::folder::Folder;
    use crate::support::server::each;
    use crate::support::site::{Setup, Site};
    use serde_json::{Value, json};

    /// Section 4.4 of the CGRateS specification: plan A costs 0.0136 and plan B 1.2667 for 80 seconds. GAP has
    /// no price for Germany.
    const PLAN: [(&str, &str); 5] = [
        ("Destinations.csv", "DE,+49\nFR,+33\n"),
        ("Rates.csv", "A,0,0.01,60s,1s,0s\nB,0.8,0.4,60s,30s,0s\nB,0,0.2,60s,10s,60s\n"),
        ("DestinationRates.csv", "A,DE,A,*up,4,0,\nB,DE,B,*up,4,0,\nGAP,FR,A,*up,4,0,\n"),
        ("RatingPlans.csv", "A,A,*any,10\nB,B,*any,10\nGAP,GAP,*any,10\n"),
        (
            "Routes.csv",
            "t,LC,*string:~*req.Account:lc,,*lc,,r1,,,A,,,10,,p=1,10\nt,LC,,,,,r2,,,B,,,20,,,\n\
             t,LC,,,,,r3,,,A,,,15,,,\nt,LC,,,,,gap,,,GAP,,,99,,,\n\
             t,HC,*string:~*req.Account:hc,,*hc,,r1,,,A,,,10,,,10\nt,HC,,,,,r2,,,B,,,20,,,\n\
             t,CHEAP,*string:~*req.Account:cheap,,*weight,,r2,*lt:~*vars.Cost:1,,B,,,20,,,10\n\
             t,CHEAP,,,,,r1,*lt:~*vars.Cost:1,,A,,,10,,,\n\
             t,NEXT,*string:~*req.Account:next,,*lc,,r1,,,GAP;A,,,10,,,10\n",
        ),
    ];

    fn site() -> Site {
        let folder = Folder::new("cost");
        std::fs::create_dir_all(folder.path("plan")).unwrap();
        for (name, rows) in PLAN {
            folder.write(&format!("plan/{name}"), rows);
        }
        Setup { tables: "cgrates = [\"plan\"]\n".to_owned(), ..Setup::default() }
            .start_in(folder, &[])
    }

    fn asked(site: &Site, question: &Value) -> String {
        let client = site.daemon.client();
        client.send(question.to_string().as_bytes()).unwrap();
        let mut buffer = vec![0; 65_536];
        let length = client.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..length].to_vec()).unwrap()
    }

    /// A call of 80 seconds for a profile, with options and members of the question.
    fn question(account: &str, opts: &Value, shape: &str) -> Value {
        json!({
            "id": "q", "tenant": "t", "opts": opts, "as": shape,
            "event": { "Account": account, "Destination": "+4930123456", "Usage": "80s" },
        })
    }

    fn answer(site: &Site, account: &str, opts: &Value) -> Value {
        serde_json::from_str(&asked(site, &question(account, opts, "json"))).unwrap()
    }

    fn suppliers(answer: &Value) -> Vec<&str> {
        each(answer, "id").into_iter().filter_map(Value::as_str).collect()
    }

    #[test]
    fn the_cheaper_route_comes_first_or_the_dearer_and_every_shape_has_that_order() {
        let site = site();
        let cheapest = answer(&site, "lc", &json!({}));
        assert_eq!(suppliers(&cheapest), ["r3", "r1", "r2"], "{cheapest}");
        assert_eq!(each(&cheapest, "cost"), ["0.0136", "0.0136", "1.2667"], "{cheapest}");
        let data = json!({ "Cost": 1.2667, "RatingPlanID": "B", "Weight": 20 });
        assert_eq!(cheapest["routes"][2]["sorting_data"], data, "{cheapest}");
        let dearest = answer(&site, "hc", &json!({}));
        assert_eq!(suppliers(&dearest), ["r2", "r1"], "{dearest}");
        for (shape, want) in [("digest", "ok q r3,r1:p=1,r2"), ("carriers", "ok q r3,r1,r2")] {
            assert_eq!(asked(&site, &question("lc", &json!({}), shape)), want);
        }
    }

    #[test]
    fn a_route_that_costs_more_than_the_call_may_drops_out() {
        let site = site();
        for (ceiling, want) in [
            (json!(1.2667), vec!["r3", "r1", "r2"]),
            (json!("1.2666"), vec!["r3", "r1"]),
            (json!(0.0136), vec!["r3", "r1"]),
            (json!(0.01), vec![]),
        ] {
            let answer = answer(&site, "lc", &json!({ "max_cost": ceiling }));
            assert_eq!(suppliers(&answer), want, "{ceiling}: {answer}");
        }
        assert_eq!(suppliers(&answer(&site, "cheap", &json!({}))), ["r1"], "a filter on the cost");
        assert_eq!(suppliers(&answer(&site, "next", &json!({}))), ["r1"], "its second plan");
    }

    #[test]
    fn a_route_without_a_price_drops_out_unless_the_question_minds() {
        let site = site();
        let minds = answer(&site, "lc", &json!({ "ignore_errors": false }));
        assert_eq!(minds["status"], "fallback", "{minds}");
        assert!(minds.to_string().contains("UNAUTHORIZED_DESTINATION"), "{minds}");
        let mind_not = answer(&site, "lc", &json!({ "ignore_errors": true }));
        assert_eq!(suppliers(&mind_not), ["r3", "r1", "r2"], "{mind_not}");
    }

    #[test]
    fn explain_says_which_plan_was_asked_for_what() {
        let site = site();
        let mut question = question("lc", &json!({ "explain": true }), "json");
        question["event"]["Destination"] = json!("4930123456");
        let told = asked(&site, &question);
        let want = r#"UNAUTHORIZED_DESTINATION; the rating plan `A` was asked for the text \"4930123456\""#;
        assert!(told.contains(want), "{told}");
    }

    #[test]
    fn a_field_that_no_price_can_be_computed_with_is_named() {
        let site = site();
        let ask = |account: &str, field: &str, value: Value| {
            let mut question = question(account, &json!({}), "json");
            question["event"][field] = value;
            serde_json::from_str::<Value>(&asked(&site, &question)).unwrap()
        };
        for (field, value, wrong) in [
            ("Usage", json!("sixty"), "is no duration"),
            ("Usage", json!("-60s"), "is below zero"),
            ("Usage", json!([60]), "is no duration"),
            ("SetupTime", json!("tomorrow"), "is no time"),
        ] {
            let refused = ask("lc", field, value);
            assert_eq!(refused["status"], "fallback", "{refused}");
            assert_eq!(refused["error"]["code"], "BAD_REQUEST", "{refused}");
            assert_eq!(refused["error"]["field"], format!("event.{field}"), "{refused}");
            assert!(refused["error"]["message"].as_str().unwrap().starts_with(wrong), "{refused}");
        }
        // What has no price for another reason is not there, and what needs none is not looked at.
        assert_eq!(ask("lc", "Destination", json!("+1"))["error"]["code"], "NOT_FOUND");
        assert_eq!(ask("none", "Usage", json!("sixty"))["error"]["code"], "NOT_FOUND");
    }

    #[test]
    fn explain_shows_the_bill_of_each_route() {
        let site = site();
        let told = answer(&site, "lc", &json!({ "explain": true }));
        let lines = told["explain"].as_array().unwrap();
        let of = |supplier: &str| {
            let is =
                |line: &&Value| line["supplier"] == supplier && line["step"] == "profile_route";
            lines.iter().find(is).unwrap_or_else(|| panic!("{supplier}: {told}"))
        };
        // A fee, a minute by the half, and 20 seconds by ten: a pencil gets the same.
        assert_eq!(
            of("r2")["bill"],
            json!([
                { "plan": "B", "prefix": "+49" },
                {
                    "from": "0s", "billed": "1m0s", "weight": 10.0, "increments": 2,
                    "increment_price": 0.2,
                    "rate": { "slot": "0s", "rate": 0.4, "unit": "1m0s", "increment": "30s" },
                },
                {
                    "from": "1m0s", "billed": "20s", "weight": 10.0, "increments": 2,
                    "increment_price": 0.03333,
                    "rate": { "slot": "1m0s", "rate": 0.2, "unit": "1m0s", "increment": "10s" },
                },
                { "sum": 1.2, "so_far": 1.2, "connect_fee": 0.8 },
                { "sum": 0.06666, "so_far": 1.26666 },
                { "rounding": "*up", "decimals": 4, "from": 1.26666, "cost": 1.2667 },
            ]),
            "{told}"
        );
        // 0.01 a minute by the second: five decimals make 0.00017 of a second.
        let surprise = of("r1")["bill"][2]["surprise"].as_str().unwrap_or_default();
        assert!(surprise.starts_with("2.0 % more than the rate says"), "{told}");
        let gap = of("gap");
        assert_eq!((&gap["in"], &gap["bill"]), (&json!(false), &Value::Null), "{gap}");
        assert!(gap["why"].as_str().unwrap().contains("UNAUTHORIZED_DESTINATION"), "{gap}");
    }
}
