//! The program as people and scripts call it: verbs, exit codes, what it prints where.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use crate::support::daemon::Daemon;
    use crate::support::figures;
    use crate::support::folder::Folder;
    use serde_json::Value;
    use std::path::Path;
    use std::process::{Command, Output, Stdio};

    const TABLE: &str = r#"
[[supplier]]
id = "alfa"
dispatcher_set = 10
send = "00{digits}"
[[supplier]]
id = "bravo"
dispatcher_set = 20
failover = "carrier"
[[supplier]]
id = "charlie"
enabled = false
[[route]]
target = "+49"
supplier = "alfa"
[[route]]
target = "+49"
supplier = "charlie"
[[route]]
customer = "acme"
target = "+4930"
supplier = "bravo"
[[route]]
target = "all"
supplier = "bravo"
valid_until = 2026-01-01T00:00:00Z
[[profile]]
id = "GOLD"
filters = ["*string:~*req.Category:gold"]
[[profile.route]]
id = "bravo"
"#;

    fn siproute(arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_siproute"));
        command.args(arguments).stdin(Stdio::null()).env_remove("SIPROUTE_CONFIG");
        command
    }

    fn run(line: &str) -> Output {
        siproute(&line.split_whitespace().collect::<Vec<_>>()).output().unwrap()
    }

    fn text(bytes: &[u8]) -> &str {
        std::str::from_utf8(bytes).unwrap()
    }

    /// Exit code, and that what was wanted is on standard output (0 and 1) or standard error.
    fn check(line: &str, code: i32, wanted: &[&str]) -> Output {
        let output = run(line);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "siproute {line}\n{out}{err}");
        let said = if code < 2 { out } else { err };
        for wanted in wanted {
            assert!(said.contains(wanted), "siproute {line}: no {wanted:?} in\n{said}");
        }
        assert!(!err.contains("panicked"), "siproute {line}\n{err}");
        output
    }

    #[test]
    fn the_command_line_says_what_is_wrong_with_it() {
        for (line, code, wanted) in [
            ("", 64, &["Usage: siproute", "serve", "query", "bench", "Exit codes"][..]),
            ("--help", 0, &["Usage: siproute", "Exit codes"]),
            ("--version", 0, &["siproute 0."]),
            ("query --help", 0, &["Usage: siproute query", "--failed"]),
            ("qery", 64, &["unrecognized subcommand 'qery'", "query"]),
            ("query", 64, &["nothing is asked"]),
            ("query Account", 64, &["`Account` is no KEY=VALUE"]),
            ("query a=b --as xml", 64, &["possible values", "rtjson"]),
            ("query a=b --tcp --http", 64, &["cannot be used with"]),
            ("query a=b --udp nowhere", 64, &["`nowhere` is no address"]),
            ("query a=b --timeout soon", 64, &["soon"]),
            ("report --code 503", 64, &["--id"]),
            ("report --id a --supplier b --set 1", 64, &["cannot be used with"]),
            ("explain --target 44", 64, &["`44` is no target"]),
            ("reload --accept shrink", 64, &["--why"]),
            ("bench --outstanding 4 --rate 5", 64, &["cannot be used with"]),
            ("bench --as cgrates", 64, &["possible values"]),
            ("print", 64, &["schema"]),
            ("serve --config /nowhere/siproute.toml", 66, &["there is no such file"]),
            ("explain a=b --config /nowhere/siproute.toml", 66, &["there is no such file"]),
            ("query a=b --config /nowhere/siproute.toml", 66, &["there is no such file"]),
            ("reload --config /nowhere/siproute.toml", 66, &["there is no such file"]),
            ("query a=b --udp 127.0.0.1:9", 74, &["nobody listens there", "check:"]),
            ("query a=b --tcp 127.0.0.1:9", 74, &["nobody listens there"]),
            ("query a=b --http 127.0.0.1:9", 74, &["nobody listens there"]),
            ("explain a=b --ask 127.0.0.1:9", 74, &["no answer from 127.0.0.1:9"]),
            ("reload --admin 127.0.0.1:9", 74, &["nobody listens there"]),
            ("bench --udp 127.0.0.1:9", 74, &["no answer from udp 127.0.0.1:9"]),
        ] {
            check(line, code, wanted);
        }
    }

    #[test]
    fn settings_are_what_was_named_and_their_mistakes_end_every_verb() {
        let folder = Folder::new("cli-settings");
        folder.write("routes.toml", TABLE);
        let good = folder.settings("");
        folder.write("broken.toml", "[listen]\nupd = [\"127.0.0.1:0\"]\n");
        folder.write(
            "sockets.toml",
            "[listen]\nudp = [\"203.0.113.1:5070\"]\n[access]\nallow = [\"::1/128\"]\n",
        );
        folder.write(
            "tables.toml",
            "[listen]\nudp = [\"127.0.0.1:0\"]\n[tables]\nfiles = [\"bad.toml\"]\n",
        );
        folder.write("bad.toml", "[[route]]\ntarget = \"all\"\nsupplier = \"nobody\"\n");
        let at = |name: &str| folder.path(name).display().to_string();
        for (verb, file, code, wanted) in [
            ("serve", "broken.toml", 78, "did you mean `udp`"),
            ("explain Account=1", "broken.toml", 78, "broken.toml:2:1"),
            ("query Account=1", "broken.toml", 78, "did you mean `udp`"),
            ("print config", "broken.toml", 78, "did you mean `udp`"),
            ("serve", "tables.toml", 78, "bad.toml:3:"),
            ("explain Account=1", "tables.toml", 78, "bad.toml:3:"),
            ("serve", "sockets.toml", 69, "203.0.113.1:5070"),
            ("query Account=1", "siproute.toml", 78, "port 0"),
            ("query Account=1 --tcp", "siproute.toml", 78, "there is no `listen.tcp`"),
            ("reload", "siproute.toml", 78, "there is no `listen.admin`"),
        ] {
            check(&format!("{verb} --config {}", at(file)), code, &[wanted]);
        }
        let named = siproute(&["explain", "Destination=+4940"])
            .env("SIPROUTE_CONFIG", &good)
            .output()
            .unwrap();
        assert_eq!(named.status.code(), Some(0), "{}", text(&named.stderr));
    }

    #[test]
    fn what_is_printed_is_what_others_read() {
        let schema = check("print schema", 0, &[]);
        serde_json::from_slice::<Value>(&schema.stdout).unwrap();
        check("print metrics", 0, &["siproute_requests_total {protocol, outcome} counter"]);
        check("print man", 0, &[".TH siproute 1", "siproute query", "\\-\\-failed"]);
        for shell in ["bash", "zsh", "fish"] {
            check(&format!("print completions {shell}"), 0, &["siproute", "explain"]);
        }
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("conf/siproute.toml");
        let printed = check(&format!("print config --config {}", shipped.display()), 0, &[]);
        let folder = Folder::new("cli-print");
        folder.write("siproute.toml", text(&printed.stdout));
        let again = check(
            &format!("print config --config {}", folder.path("siproute.toml").display()),
            0,
            &["[listen]", "deadline_ms = 40"],
        );
        assert_eq!(again.stdout, printed.stdout);
    }

    #[test]
    fn a_reader_that_goes_away_is_no_failure() {
        for verb in ["--help", "print schema", "print man", "print completions bash"] {
            let mut child = siproute(&verb.split(' ').collect::<Vec<_>>())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            drop(child.stdout.take());
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{verb}: {}", text(&output.stderr));
            assert_eq!(text(&output.stderr), "", "{verb}");
        }
    }

    #[test]
    fn explain_tells_of_every_row_why_it_is_in_or_out() {
        let folder = Folder::new("cli-explain");
        folder.write("routes.toml", TABLE);
        let settings = folder.settings("[numbers]\ncountry = \"49\"\n").display().to_string();
        for (asked, code, wanted) in [
            (
                "Account=acme Destination=030123456",
                0,
                &[
                    "030123456 → +4930123456  country 49 stands in the place of `0`",
                    "acme                     from the event's Account",
                    "out  GOLD",
                    "Layer +4930 of customer acme",
                    "routes.toml:19",
                    "Layer +49 of customer default",
                    "out  charlie",
                    "its supplier is disabled",
                    "Layer all of customer default",
                    "its time ended at 2026-01-01T00:00:00Z",
                    "1  bravo  +4930123456   policy carrier",
                    "2  alfa   004930123456  policy classic, goes on after 404|5..|6.. and a timeout",
                ][..],
            ),
            (
                "Category=gold Destination=+1",
                0,
                &["in    GOLD", "a profile answers: layered routes are not asked", "1  bravo  +1"],
            ),
            ("Destination=112", 1, &["a short number", "reject 404 NOT_FOUND"]),
            ("Destination=112 --time 2025-12-31T00:00:00Z", 0, &["in  bravo", "1  bravo  112"]),
            ("Destination=abc", 1, &["no number of 1 to 32 digits", "reject 404 NOT_FOUND"]),
            (
                "Destination=+49301 Account=acme --failed bravo:503 --limit 1",
                0,
                &["1    alfa   0049301", "out  bravo  an attempt at it failed"],
            ),
            ("Destination=+49301 --failed alfa:486", 1, &["reject 486 STOP"]),
            ("Destination=+1 --suppliers nobody", 1, &["BAD_REQUEST: opts.suppliers[0]"]),
            ("--target +4930 --customer acme", 0, &["1  bravo  ", "2  alfa   "]),
            ("--target all", 1, &["Layer all of customer default", "no row serves it"]),
        ] {
            let line = format!("explain {asked} --config {settings}");
            let output = run(&line);
            let said = text(&output.stdout);
            let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(output.status.code(), Some(code), "{line}\n{}", text(&output.stderr));
            for wanted in wanted {
                let found = squeezed(said).contains(&squeezed(wanted));
                assert!(found, "{line}: no {wanted:?} in\n{said}");
            }
        }
        let line = format!("explain Destination=+4940 --json --config {settings}");
        let told: Value = serde_json::from_slice(&run(&line).stdout).unwrap();
        assert_eq!(told["routes"][0]["id"], "alfa");
        assert!(told["explain"].as_array().unwrap().len() > 4, "{told}");
    }

    /// A daemon on ports of its own, and settings that name them.
    fn daemon(folder: &Folder) -> (Daemon, String) {
        folder.write("routes.toml", TABLE);
        let daemon = Daemon::start(&folder.settings(
            "tcp = [\"127.0.0.1:0\"]\nadmin = \"127.0.0.1:0\"\n[guard]\nshrink_max = \"20%\"\n",
        ));
        let [udp, tcp, admin] = [daemon.udp, daemon.tcp, daemon.admin].map(Option::unwrap);
        folder.write(
            "ask.toml",
            &format!("[listen]\nudp = [\"{udp}\"]\ntcp = [\"{tcp}\"]\nadmin = \"{admin}\"\n"),
        );
        (daemon, folder.path("ask.toml").display().to_string())
    }

    #[test]
    fn a_running_daemon_answers_over_every_way() {
        let folder = Folder::new("cli-ask");
        let (_daemon, config) = daemon(&folder);
        for (line, code, wanted) in [
            ("query Destination=+4930", 0, r#""number": "004930""#),
            ("query Destination=+4930 --id k1 --as sets", 0, "ok k1 10\n"),
            ("query --tcp Destination=+4930 --id k2 --as sets", 0, "ok k2 10\n"),
            ("query --http Destination=+4930 --id k3 --as sets", 0, "ok k3 10\n"),
            ("query Destination=+4930 Account=acme --id k4 --as sets", 0, "ok k4 20,10\n"),
            (
                "query Destination=+4930 --customer acme --id k5 --limit 1 --as sets",
                0,
                "ok k5 20\n",
            ),
            (
                "query Destination=+4930 --customer acme --id k6 --offset 1 --as sets",
                0,
                "ok k6 10\n",
            ),
            (
                "query Destination=+4930 --customer acme --id k7 --failed bravo --as sets",
                0,
                "ok k7 10\n",
            ),
            (
                "query Destination=+4930 --suppliers bravo,alfa --id k8 --as digest",
                0,
                "ok k8 bravo,alfa\n",
            ),
            ("query Destination=+1 --id k9 --time 2025-01-01T00:00:00Z --as sets", 0, "ok k9 20\n"),
            ("query Destination=+1 --id k10 --as sets", 1, "reject k10 404 NOT_FOUND\n"),
            ("query Destination=+1 --http", 1, r#""status": "reject""#),
            ("query Destination=+4930 --as cgrates", 0, r#""RouteID": "alfa""#),
            ("query Destination=+4930 --explain", 0, r#""step": "layer""#),
            (
                "query Destination=+4930 --failed alfa:486 --as sets --id k11",
                1,
                "reject k11 486 STOP\n",
            ),
            ("query Destination=+4930 --time now", 1, "BAD_REQUEST"),
            (
                "report --id k4 --supplier bravo --code 503 --pdd-ms 30",
                0,
                r#"{"id": "k4", "status": "ok"}"#,
            ),
            ("report --id k4 --set 10 --code 200 --http", 0, r#""status": "ok""#),
            ("report --id k4 --event end --usage 63s --tcp", 0, r#""status": "ok""#),
            ("report --id k12 --supplier nobody --code 503", 1, "names no supplier"),
            ("explain --ask Destination=+4930", 0, "1 alfa 004930 policy classic"),
            ("explain --ask Destination=+4930 --failed alfa:503", 1, "reject 503 EXHAUSTED"),
        ] {
            let output = run(&format!("{line} --config {config}"));
            let said = text(&output.stdout);
            assert_eq!(output.status.code(), Some(code), "{line}\n{said}{}", text(&output.stderr));
            let squeezed = said.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(said.contains(wanted) || squeezed.contains(wanted), "{line}\n{said}");
        }
    }

    #[test]
    fn reload_waits_for_the_verdict() {
        let folder = Folder::new("cli-reload");
        let (_daemon, config) = daemon(&folder);
        let reload = |more: &[&str], code: i32, wanted: &[&str]| {
            let mut arguments = vec!["reload", "--config", &config];
            arguments.extend(more);
            let output = siproute(&arguments).output().unwrap();
            let said = text(&output.stdout);
            assert_eq!(output.status.code(), Some(code), "{more:?}\n{said}");
            for wanted in wanted {
                assert!(said.contains(wanted), "{more:?}: no {wanted:?} in\n{said}");
            }
        };
        reload(&[], 0, &["unchanged: "]);
        // Renamed into place right before it is asked for: whether the watcher is faster must not
        // matter to what is refused.
        let smaller = TABLE.replace("[[route]]\ntarget = \"all\"\nsupplier = \"bravo\"\nvalid_until = 2026-01-01T00:00:00Z\n", "");
        assert_ne!(smaller, TABLE);
        folder.replace("routes.toml", &smaller);
        reload(&["--dry-run"], 1, &["refused: "]);
        reload(&[], 1, &["refused: ", "shrink"]);
        reload(&["--accept", "shrink", "--why", "a test"], 0, &["published: "]);
        folder.replace("routes.toml", "[[route]]\nsupplier = \"alfa\"\n");
        reload(&[], 1, &["routes.toml:1", "error: ", "refused: "]);
        let json = siproute(&["reload", "--json", "--config", &config]).output().unwrap();
        let verdict: Value = serde_json::from_slice(&json.stdout).unwrap();
        assert_eq!(verdict["result"], "refused");
        assert_eq!(json.status.code(), Some(1));
    }

    #[test]
    fn bench_measures_the_daemon_beside_an_echo() {
        let folder = Folder::new("cli-bench");
        let (_daemon, config) = daemon(&folder);
        let bench = |more: &str| -> Value {
            let line =
                format!("bench --json Destination=+4930 --seconds 1 --config {config} {more}");
            serde_json::from_slice(&check(&line, 0, &[]).stdout).unwrap()
        };
        let closed = bench("");
        assert_eq!(closed["outstanding"], 16);
        for side in ["daemon", "echo"] {
            let answers = closed[side]["answers"].as_u64().unwrap();
            assert!(answers > 100, "{closed}");
            assert_eq!(closed[side]["sent"], answers + closed[side]["lost"].as_u64().unwrap());
            assert!(closed[side]["cpu_us"].as_f64().unwrap() > 0.1, "{closed}");
            let latency = |name: &str| closed[side]["latency_us"][name].as_f64().unwrap();
            assert!(latency("p50") <= latency("p99") && latency("p50") > 0.0, "{closed}");
        }
        let bytes = |side: &str| closed[side]["answer_bytes"].as_u64().unwrap();
        assert!(bytes("daemon").abs_diff(bytes("echo")) <= 1, "{closed}");
        assert!(closed["ratio"]["cpu"].as_f64().unwrap() > 0.1, "{closed}");

        let alone = bench("--no-echo --outstanding 3");
        assert!(alone.get("echo").is_none(), "{alone}");
        let open = bench("--rate 500 --as line");
        let sent = open["daemon"]["sent"].as_u64().unwrap();
        assert!((350..650).contains(&sent), "{open}");
        let refused = bench("--outstanding 1 --no-echo --as sets Category=gold --flows 1");
        assert_eq!(refused["refused"], 0, "{refused}");
        figures::leave(
            "bench",
            &format!(
                "bench: {} answers/s, CPU {} µs each, {}× the echo's",
                closed["daemon"]["answers_per_s"],
                closed["daemon"]["cpu_us"],
                closed["ratio"]["cpu"]
            ),
        );
    }
}
