//! What `opensips/` ships: references that resolve, and real calls where OpenSIPS is installed.
//!
//! OpenSIPS is not in Debian 12. Without it (on the PATH, or `SIPROUTE_OPENSIPS` and
//! `SIPROUTE_OPENSIPS_MODULES`) no call is made, and the test says so.

#[cfg(test)]
mod dbtext;
#[cfg(test)]
mod lab;
#[cfg(test)]
mod script;
#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;

#[cfg(test)]
mod tests {
    use super::dbtext::{Tables, table};
    use super::lab::{Lab, OpenSips};
    use super::script::Script;
    use crate::support::figures;
    use crate::support::sipp::Plays::{Answers, Refuses};
    use std::collections::BTreeSet;
    use std::path::Path;
    use std::time::Duration;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    fn shipped_script() -> String {
        std::fs::read_to_string(root().join("opensips/opensips.cfg")).unwrap()
    }

    fn shipped_suppliers() -> Vec<toml::Value> {
        let text = std::fs::read_to_string(root().join("conf/routes.toml")).unwrap();
        let tables: toml::Table = text.parse().unwrap();
        tables["supplier"].as_array().unwrap().clone()
    }

    /// What the shipped suppliers are called in drouting.
    fn suppliers() -> BTreeSet<String> {
        let name = |supplier: &toml::Value| {
            supplier.get("carrier").or(supplier.get("id")).unwrap().as_str().unwrap().to_owned()
        };
        shipped_suppliers().iter().map(name).collect()
    }

    #[test]
    fn every_route_function_and_module_of_the_script_is_there() {
        let script = Script::read(&shipped_script());
        assert!(script.defined.len() >= 10, "only {:?} were found", script.defined);
        assert_eq!(script.findings(), Vec::<String>::new());
    }

    #[test]
    fn every_reference_of_the_tables_resolves() {
        let tables = Tables::read(&root().join("opensips/dbtext")).unwrap();
        assert_eq!(tables.findings(&suppliers()), Vec::<String>::new());
        let gateways = tables.column("dr_gateways", "gwid");
        for supplier in shipped_suppliers() {
            let named = supplier.get("gateway_ids").and_then(toml::Value::as_array).cloned();
            for id in named.unwrap_or_default() {
                let id = id.as_str().unwrap();
                assert!(gateways.contains(id), "{id} of conf/routes.toml is not in dr_gateways");
            }
        }
    }

    #[test]
    fn a_broken_reference_in_the_script_is_found() {
        for (from, to, want) in [
            ("route(fallback)", "route(fallbak)", "route[fallbak] is named, but not defined"),
            ("t_on_failure(\"failed\")", "", "failure_route[failed] is defined, but nothing"),
            ("t_on_reply(\"progress\")", "t_on_reply(\"p\")", "onreply_route[p] is named"),
            (", answered)", ", anwsered)", "route[anwsered] is named, but not defined"),
            ("loadmodule \"json.so\"", "", "$json needs the module json"),
            ("loadmodule \"tm.so\"", "", "t_relay() needs the module tm"),
            ("loadmodule \"tm.so\"", "", "modparam for tm, which is not loaded"),
            ("use_next_gw()", "next_gw()", "next_gw() is in no module"),
            ("loadmodule \"sl.so\"", "loadmodule \"acc.so\"", "the module acc is loaded, but"),
        ] {
            let text = shipped_script();
            assert!(text.contains(from), "the script no longer has {from}");
            let found = Script::read(&text.replace(from, to)).findings().join("\n");
            assert!(found.contains(want), "{from} -> {to} gave:\n{found}");
        }
    }

    #[test]
    fn a_broken_reference_in_the_tables_is_found() {
        for (name, row, column, value, want) in [
            ("dr_rules", 0, "gwlist", "#nobody", "no #nobody"),
            ("dr_rules", 0, "gwlist", "gw9=30", "no gw9"),
            ("dr_rules", 1, "prefix", "49", "no rule for every number"),
            ("dr_carriers", 0, "gwlist", "gw9", "no gateway gw9"),
            ("dr_carriers", 0, "gwlist", "", "has no gateway"),
            ("dr_carriers", 0, "carrierid", "nobody", "nobody is no supplier"),
            ("dr_carriers", 0, "carrierid", "nobody", "is no carrier here"),
            ("dr_gateways", 0, "address", "host:sip", "is no address"),
            ("version", 0, "table_version", "1", "its version is not 3"),
        ] {
            let mut tables = Tables::read(&root().join("opensips/dbtext")).unwrap();
            tables.set(name, row, column, value);
            let found = tables.findings(&suppliers()).join("\n");
            assert!(found.contains(want), "{name}.{column} = {value:?} gave:\n{found}");
        }
    }

    #[test]
    fn a_table_that_opensips_would_not_load_is_refused() {
        let head = "id(int,auto) name(string) note(string,null) \n";
        for (row, want) in [
            ("1:a\\:b:", Ok("a:b")),
            ("1:a:x", Ok("a")),
            ("1:a", Err("2 values for 3 columns")),
            ("1:a:b:c", Err("4 values for 3 columns")),
            ("1::x", Err("name may not be empty")),
            ("x:a:b", Err("id is no number")),
            ("1:a\\b:c", Err("a broken escape")),
        ] {
            match (table(&format!("{head}{row}\n")), want) {
                (Ok(rows), Ok(want)) => assert_eq!(rows[0]["name"], want, "{row}"),
                (Err(error), Err(want)) => assert!(error.contains(want), "{row}: {error}"),
                (have, want) => panic!("{row}: {have:?}, not {want:?}"),
            }
        }
    }

    const ROUTES: &str = r#"
[[supplier]]
id = "alfa"
[[supplier]]
id = "bravo"
[[route]]
target = "+49"
supplier = "alfa"
priority = 1
[[route]]
target = "+49"
supplier = "bravo"
priority = 2
"#;

    #[test]
    fn real_calls_fail_over_are_refused_and_are_carried_by_the_fallback() {
        let Some(opensips) = OpenSips::find() else {
            figures::leave(
                "opensips",
                "OpenSIPS: neither on the PATH nor named by SIPROUTE_OPENSIPS; references checked, no call made",
            );
            return;
        };
        // Both gateways of alfa refuse, so that a call costs three attempts.
        let gateways = [("alfa1", Refuses(503)), ("alfa2", Refuses(503)), ("bravo1", Answers)];
        let mut lab = Lab::start(&opensips, ROUTES, &gateways);

        lab.calls("caller-answered", 200, "+4930123456", 20);
        for (want, name, labels) in [
            (20, "siproute_routes_offered_total", &["supplier=\"alfa\"", "position=\"1\""][..]),
            (40, "siproute_attempts_total", &["supplier=\"alfa\"", "outcome=\"failed\""]),
            (40, "siproute_attempt_responses_total", &["supplier=\"alfa\"", "code=\"503\""]),
            (20, "siproute_attempts_total", &["supplier=\"bravo\"", "outcome=\"answered\""]),
            (20, "siproute_failovers_total", &["from=\"alfa\"", "to=\"bravo\""]),
            (20, "siproute_reports_total", &["event=\"end\""]),
        ] {
            lab.metrics.expect(want, name, labels);
        }

        lab.calls("caller-refused", 404, "+33140000000", 5);
        assert_eq!(lab.metrics.sum("siproute_requests_total", &["outcome=\"not_found\""]), 5);

        assert_eq!(lab.said("fallback for"), 0, "siproute answered all of them");

        lab.stop_siproute();
        lab.calls("caller-answered", 200, "+4930123456", 20);
        assert_eq!(lab.said("fallback for"), 20);

        // The proxy may still leave the port alone that was closed; then these wait for their timeout,
        // and what comes after three timeouts does not.
        let silent = lab.silent_siproute();
        std::thread::sleep(Duration::from_millis(2100));
        lab.calls("caller-answered", 200, "+4930123456", 10);
        let asked = lab.said("no answer, rest_post -3");
        assert!(asked >= 3, "{asked} calls waited for the silent siproute");
        lab.calls("caller-answered", 200, "+4930123456", 10);
        assert_eq!(lab.said("no answer, rest_post -3"), asked, "calls that waited once more");
        assert_eq!(lab.said("fallback for"), 40);
        drop(silent);

        lab.start_siproute();
        std::thread::sleep(Duration::from_secs(6));
        lab.calls("caller-answered", 200, "+4930123456", 5);
        let answered = ["supplier=\"bravo\"", "outcome=\"answered\""];
        lab.metrics.expect(5, "siproute_attempts_total", &answered);
        assert_eq!(lab.said("fallback for"), 40);

        figures::leave(
            "opensips",
            "OpenSIPS: 70 calls: 25 failed over from alfa to bravo and were answered, 5 refused with 404, 40 \
             carried by the fallback (20 with siproute dead, 20 with siproute silent)",
        );
    }
}
