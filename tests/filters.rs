//! Filters on the native front: what they see of a question, and what a story tells of them.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use crate::support::server::{Server, each};
    use serde_json::{Value, json};

    /// A profile `IN` for what passes the filter, else `OUT`.
    fn table(filter: &str) -> String {
        format!(
            "[[profile]]\nid = \"IN\"\nweight = 1.0\nfilters = ['{filter}']\n[[profile.route]]\nid = \"A\"\n\
             [[profile]]\nid = \"OUT\"\n[[profile.route]]\nid = \"A\"\n"
        )
    }

    #[test]
    fn a_filter_sees_event_and_options_of_a_question() {
        let event = json!({"Account": "1001", "Field": "Plan", "Customer": {"Class": "gold"}});
        let opts = json!({"*plan": "gold", "Plan": {"Name": "gold"}, "Rate": 1.5, "limit": 3});
        for (filter, is_in) in [
            ("*string:~*opts.*plan:gold", true),
            ("*string:~*opts.*plan:silver", false),
            ("*string:~*opts.Plan.Name:gold", true),
            ("*gt:~*opts.Rate:1", true),
            ("*exists:~*opts.Rate:", true),
            ("*exists:~*opts.Other:", false),
            // Ours are not the event's.
            ("*exists:~*opts.limit:", false),
            ("*string:~*opts.<~*req.Field>.Name:gold", true),
            ("*exists:~*opts.<~*req.Limit>:", false),
            ("*string:~*req.Customer.Class:gold", true),
            ("*string:~*req.<~*opts.Wanted>:1001", false),
            ("*notempty:~*req:", true),
            ("*rsr:~*req:1001", true),
            ("*rsr:~*opts:limit", false),
            ("*rsr:~*opts:\"Rate\":1.5", true),
        ] {
            let server = Server::start(&table(filter));
            let answer = server.ask(&json!({"event": event, "opts": opts}));
            assert_eq!(answer["profile"], if is_in { "IN" } else { "OUT" }, "{filter}: {answer}");
        }
    }

    #[test]
    fn an_option_that_cannot_be_read_is_named() {
        let server = Server::start(&table("*string:~*opts.*plan:gold"));
        for (opts, field) in [
            (r#"{"*plan":1e999}"#, Some("opts.*plan")),
            (r#"{"*other":1e999}"#, None),
            (r#"{"plan":"gold"}"#, Some("opts.plan")),
        ] {
            let question = format!(r#"{{"event":{{}},"opts":{opts}}}"#);
            let answer: Value =
                serde_json::from_slice(&server.ask_bytes(question.as_bytes())).unwrap();
            assert_eq!(answer["error"]["field"].as_str(), field, "{opts}: {answer}");
        }
    }

    #[test]
    fn a_filter_of_0_10_may_have_its_field_in_its_value() {
        for (filter, account, is_in) in [
            ("*rsr::~*req.Account(~^10)", "1001", true),
            ("*rsr::~*req.Account(~^10)", "2001", false),
            ("*rsr::~*req.Account(~^10);~*req.Account(7$)", "1007", true),
            ("*rsr::~*req.Account(~^10);~*req.Account(7$)", "1001", false),
            ("*notrsr::~*req.Account(~^10)", "2001", true),
            ("*rsr::~*req.Subject(~^10)", "1001", false),
            ("*rsr::~*req.Account", "1001", true),
        ] {
            let server = Server::with_settings("[compat]\ncgrates = \"0.10\"\n", &table(filter));
            let answer = server.ask(&json!({"event": {"Account": account}}));
            assert_eq!(answer["profile"], if is_in { "IN" } else { "OUT" }, "{filter} {account}");
        }
    }

    #[test]
    fn a_story_says_why_each_profile_and_route_is_in_or_out() {
        let profiles = [
            ("*string:~*req.Category:x", "the event has no Category"),
            ("*notstring:~*req.Account:1001", "Account is \"1001\""),
            ("*string:x:~*req.Account", "Account is \"1001\""),
            ("*string:~*opts.Plan:gold", "there is no ~*opts.Plan"),
            ("*exists:~*req.Category:", "the event has no Category"),
            ("*empty:~*req.Account:", "Account is \"1001\""),
            ("*gte:~*req.Usage:10m", "Usage is \"60s\""),
            ("*rsr:~*req.Account{*len}:>5", "Account{*len} is \"4\""),
            ("*ipnet:~*req.Source:10.0.0.0/8", "Source is \"192.0.2.1\""),
            ("*destinations:~*req.Destination:AT", "Destination is \"+4930123\""),
            ("*ai:*now:2050-01-01T00:00:00Z", ""),
            ("NAMED", "Account is \"1001\""),
        ];
        let mut table = String::from(
            "[[filter]]\nid = \"NAMED\"\nrules = [{ type = \"*suffix\", element = \"~*req.Account\", values = [\"7\"] }]\n\
             [[filter]]\nid = \"LATER\"\nactive_from = \"2050-01-01T00:00:00Z\"\nrules = [{ type = \"*exists\", element = \"~*req.Account\" }]\n\
             [[destination]]\nid = \"AT\"\nprefixes = [\"+43\"]\n",
        );
        for (index, (filter, _)) in profiles.iter().enumerate() {
            table += &format!(
                "[[profile]]\nid = \"P{index}\"\nfilters = [\"{filter}\"]\n[[profile.route]]\nid = \"A\"\n"
            );
        }
        table += "[[profile]]\nid = \"UNTIL\"\nactive_until = \"2020-01-01T00:00:00Z\"\n[[profile.route]]\nid = \"A\"\n\
                  [[profile]]\nid = \"NONE\"\nfilters = [\"LATER\"]\n[[profile.route]]\nid = \"A\"\n\
                  [[profile]]\nid = \"IN\"\nweight = 1.0\n\
                  [[profile.route]]\nid = \"A\"\nweight = 5.0\nfilters = [\"*lt:~*vars.Weight:5\"]\n\
                  [[profile.route]]\nid = \"B\"\nweight = 4.0\nblocker = true\n\
                  [[profile.route]]\nid = \"C\"\n";
        let server = Server::start(&table);
        let event = json!({"Account": "1001", "Destination": "+4930123", "Usage": "60s", "Source": "192.0.2.1"});
        let story = server.ask(&json!({"id": "px1-17", "opts": {"explain": true}, "event": event}));
        assert_eq!(each(&story, "id"), ["B"], "{story}");
        let lines = story["explain"].as_array().unwrap();
        let why = |key: &str, id: &str| {
            let line = lines.iter().find(|line| line[key] == id).unwrap();
            (line["in"].as_bool().unwrap(), line["why"].as_str().unwrap().to_owned())
        };
        for (index, (filter, read)) in profiles.iter().enumerate() {
            let (is_in, why) = why("profile", &format!("P{index}"));
            let filter = filter.replace("NAMED", "NAMED: *suffix:~*req.Account:7");
            let end = if read.is_empty() { String::new() } else { format!(": {read}") };
            assert_eq!((is_in, why), (false, format!("{filter} does not pass{end}")));
        }
        for (key, id, is_in, want) in [
            ("profile", "UNTIL", false, "its time ended at 2020-01-01T00:00:00Z"),
            ("profile", "NONE", false, "none of its filters counts at this time"),
            ("profile", "IN", true, "it matches"),
            ("supplier", "A", false, "*lt:~*vars.Weight:5 does not pass: ~*vars.Weight is \"5\""),
            ("supplier", "B", true, "it passes"),
            ("supplier", "C", false, "a blocker stands before it"),
        ] {
            assert_eq!(why(key, id), (is_in, want.to_owned()), "{id}");
        }
    }
}
