//! The real program: starts, signals, ends, power cuts.

use crate::support::daemon::Daemon;
use crate::support::figures;
use crate::support::folder::{Folder, table};
use crate::support::peer::ask;
use serde_json::json;
use std::io::BufRead;
use std::process::Command;
use std::time::{Duration, Instant};

const STATE: &str = "[tables]\nstate_dir = \"state\"\n";
const LAST_KNOWN_GOOD: &str = "[tables]\nstate_dir = \"state\"\nlast_known_good = true\n";

#[test]
fn it_says_where_it_listens_what_it_loaded_and_what_to_try() {
    let folder = Folder::new("says");
    folder.write("routes.toml", &table("a", &[2, 1]));
    let daemon = Daemon::start(&folder.settings(""));
    let udp = daemon.udp.unwrap();
    assert_ne!(udp.port(), 0);
    assert!(daemon.printed.contains("suppliers 2, routes 3, profiles 0"), "{}", daemon.printed);
    assert!(daemon.printed.contains(&format!("siproute query --udp {udp}")), "{}", daemon.printed);
    assert!(daemon.took < Duration::from_secs(1), "{:?}", daemon.took);
    let answer = daemon.ask(&json!({"Destination": "+4930123"}));
    assert_eq!(answer["status"], "ok", "{answer}");
    assert_eq!(answer["generation"], 1);
}

#[test]
fn a_start_that_cannot_work_ends_with_its_own_code() {
    let held = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let taken = held.local_addr().unwrap().to_string();
    let good = table("a", &[2]);
    for (name, settings, tables, code, says) in [
        ("mistakes in settings", "[listne]\n", good.as_str(), 78, "did you mean `listen`"),
        ("broken tables", "", "[[route]\nx", 78, "routes.toml:1:"),
        ("every mistake", "", "[[route]]\ntarget = 1\n[[supplier]]\n", 78, "routes.toml:3:"),
        ("nothing kept", LAST_KNOWN_GOOD, "[", 78, "nor can the last known good table: "),
    ] {
        let folder = Folder::new("cannot");
        folder.write("routes.toml", tables);
        let failed = Daemon::try_start(&folder.settings(settings)).err().unwrap();
        assert_eq!(failed.code, Some(code), "{name}: {}", failed.log);
        assert!(failed.log.contains(says), "{name}: {}", failed.log);
    }
    let folder = Folder::new("cannot");
    let failed = Daemon::try_start(&folder.path("none.toml")).err().unwrap();
    assert_eq!(failed.code, Some(66), "{}", failed.log);
    // Sockets come first: the tables are not even looked at.
    folder.write("taken.toml", &format!("[listen]\nudp = [\"{taken}\"]\n"));
    let failed = Daemon::try_start(&folder.path("taken.toml")).err().unwrap();
    assert_eq!(failed.code, Some(69), "{}", failed.log);
    assert!(failed.log.contains(&taken) && failed.log.contains("in use"), "{}", failed.log);
}

#[test]
fn a_start_with_broken_files_serves_the_last_known_good_table_loudly() {
    let folder = Folder::new("kept");
    folder.write("routes.toml", &table("kept", &[3]));
    let settings = folder.settings(LAST_KNOWN_GOOD);
    let daemon = Daemon::start(&settings);
    let fingerprint = daemon.ask(&json!({"Destination": "+4930123"}))["table"].clone();
    until_kept(&daemon, &folder);
    daemon.kill();

    for broken in ["[[route]", "[[route]]\ntarget = \"all\"\nsupplier = \"nobody\"\n"] {
        folder.write("routes.toml", broken);
        let daemon = Daemon::start(&settings);
        assert!(daemon.log().contains("SERVING THE LAST KNOWN GOOD TABLE"), "{}", daemon.log());
        assert!(daemon.log().contains("routes.toml:"), "{}", daemon.log());
        assert_eq!(daemon.ask(&json!({"Destination": "+4930123"}))["table"], fingerprint);
    }
    let daemon = Daemon::start(&settings);
    folder.replace("routes.toml", &table("mended", &[3]));
    daemon.until_logged("table 2");
    daemon.kill();
    // Without that wish the same start ends.
    folder.write("routes.toml", "[[route]");
    let failed = Daemon::try_start(&folder.settings(STATE)).err().unwrap();
    assert_eq!(failed.code, Some(78), "{}", failed.log);
}

#[test]
fn a_start_that_the_guard_would_refuse_serves_the_files_and_keeps_what_was_kept() {
    let folder = Folder::new("shrunk");
    let (whole, thin) = (table("whole", &[10, 2]), table("thin", &[1]));
    folder.write("routes.toml", &whole);
    let mark = |daemon: &Daemon| {
        daemon.ask(&json!({"Destination": "+4930123"}))["routes"][0]["parameters"].clone()
    };
    let listen = format!("admin = \"127.0.0.1:0\"\n{LAST_KNOWN_GOOD}");
    let settings = folder.settings(&listen);
    let daemon = Daemon::start(&settings);
    until_kept(&daemon, &folder);
    daemon.kill();
    let kept = || std::fs::read_to_string(folder.path("state/last_known_good")).unwrap();
    let before = kept();

    folder.write("routes.toml", &thin);
    for _ in 0..2 {
        let daemon = Daemon::start(&settings);
        assert_eq!(mark(&daemon), "thin");
        let log = daemon.log();
        assert_eq!(log.matches("rows: 1 in the files, 12 in the last known").count(), 1, "{log}");
        assert!(log.contains("WARN") && log.contains("11 of 12 rows would go (91%)"), "{log}");
        assert_eq!(kept(), before);
        daemon.kill();
    }
    // What is kept still saves a start whose files are broken.
    folder.write("routes.toml", "[");
    let daemon = Daemon::start(&settings);
    assert_eq!(mark(&daemon), "whole");
    daemon.kill();
    // Said to be meant, it is kept, and the next start has nothing to say.
    folder.write("routes.toml", &thin);
    let daemon = Daemon::start(&settings);
    let answer = ask(daemon.admin.unwrap(), "POST /reload?accept=shrink&why=NOC-4711").unwrap();
    assert!(answer.body.contains("\"unchanged\""), "{answer:?}");
    assert!(kept().contains("thin") && daemon.log().contains("NOC-4711"), "{}", daemon.log());
    daemon.kill();
    let daemon = Daemon::start(&settings);
    assert!(!daemon.log().contains("last known good"), "{}", daemon.log());
}

#[test]
fn a_log_is_not_filled_by_asking_for_what_is_in_force() {
    let folder = Folder::new("asked");
    folder.write("routes.toml", &table("v1", &[2]));
    let daemon = Daemon::start(&folder.settings("admin = \"127.0.0.1:0\"\n"));
    let start = Instant::now();
    for _ in 0..50 {
        assert_eq!(ask(daemon.admin.unwrap(), "POST /reload").unwrap().status, 200);
    }
    let lines = daemon.log().matches("in force already").count() as u64;
    assert!((1..=1 + start.elapsed().as_secs() + 1).contains(&lines), "{lines} lines");
}

fn until_kept(daemon: &Daemon, folder: &Folder) {
    daemon.until("a table is kept", || folder.path("state/last_known_good").exists());
}

#[test]
fn a_power_cut_leaves_the_old_or_the_new_table_never_half_of_one() {
    const CUTS: u32 = 20;
    let folder = Folder::new("cut");
    let versions = ["left", "right"].map(|mark| table(mark, &[300, 300]));
    let settings = folder.settings(LAST_KNOWN_GOOD);
    folder.write("routes.toml", &versions[0]);
    let mut known = Vec::new();
    let mut reloads = 0;
    for cut in 0..CUTS {
        folder.replace("routes.toml", &versions[cut as usize % 2]);
        let daemon = Daemon::start(&settings);
        let fingerprint = daemon.ask(&json!({"Destination": "+49"}))["table"].clone();
        if !known.contains(&fingerprint) {
            known.push(fingerprint);
        }
        until_kept(&daemon, &folder);
        // Reloads follow each other so closely that most cuts fall into one.
        let until = Instant::now() + Duration::from_millis(40 + u64::from(cut * 37 % 60));
        let mut turn = cut as usize;
        while Instant::now() < until {
            turn += 1;
            folder.replace("routes.toml", &versions[turn % 2]);
            daemon.signal("HUP", 1);
        }
        daemon.signal("KILL", 1);
        reloads += daemon.log().matches("is in force").count();
        drop(daemon);

        folder.write("routes.toml", "[");
        let daemon = Daemon::start(&settings);
        let served = daemon.ask(&json!({"Destination": "+49"}));
        assert!(known.contains(&served["table"]) || cut == 0, "{served}");
        let marks: Vec<_> = served["routes"].as_array().unwrap().iter().collect();
        assert!(!marks.is_empty(), "{served}");
        assert!(
            marks.iter().all(|route| route["parameters"] == marks[0]["parameters"]),
            "{served}"
        );
    }
    assert_eq!(known.len(), 2);
    figures::leave(
        "power-cut",
        &format!(
            "power cuts: {CUTS} kill -9 among {reloads} reloads; each start found a whole table"
        ),
    );
}

#[test]
fn a_state_directory_that_cannot_be_written_is_one_warning() {
    let folder = Folder::new("blocked");
    folder.write("routes.toml", &table("v0", &[2]));
    folder.write("state", "a file where the directory should be");
    let daemon = Daemon::start(&folder.settings(STATE));
    for version in 1..=3 {
        folder.replace("routes.toml", &table(&format!("v{version}"), &[2]));
        daemon.until_logged(&format!("table {}", version + 1));
    }
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(daemon.log().matches("cannot be written").count(), 1, "{}", daemon.log());
}

#[test]
fn a_thousand_hangups_are_few_reloads_and_no_harm() {
    let folder = Folder::new("hangup");
    folder.write("routes.toml", &table("v1", &[50]));
    let mut daemon = Daemon::start(&folder.settings(""));
    folder.replace("routes.toml", &table("v2", &[50]));
    daemon.signal("HUP", 1000);
    daemon.until_logged("table 2");
    let answer = daemon.ask(&json!({"Destination": "+4930123"}));
    assert_eq!((&answer["generation"], &answer["status"]), (&json!(2), &json!("ok")));
    assert!(daemon.is_alive());
    let log = daemon.log();
    assert_eq!(log.matches("is in force:").count(), 1, "{log}");
    assert!(
        log.lines().count() < 1000,
        "signals that come together are one: {}",
        log.lines().count()
    );
}

#[test]
fn a_refused_reload_is_one_line_with_file_line_and_column() {
    let folder = Folder::new("line");
    folder.write("routes.toml", &table("v1", &[2]));
    let daemon = Daemon::start(&folder.settings(""));
    folder.replace("routes.toml", &table("v2", &[2]).replace("parameters", "paramters"));
    daemon.until_logged("reload refused");
    std::thread::sleep(Duration::from_millis(300));
    let log = daemon.log();
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.contains("(check)") && log.contains("routes.toml:3:1"), "{log}");
}

#[test]
fn told_to_end_it_answers_what_has_arrived_and_ends_with_zero() {
    let folder = Folder::new("end");
    folder.write("routes.toml", &table("v1", &[2]));
    let settings = folder.settings("");
    for signal in ["TERM", "INT"] {
        let mut daemon = Daemon::start(&settings);
        let client = daemon.client();
        daemon.signal(signal, 1);
        let mut buffer = [0; 4096];
        for id in 0..50 {
            let question = json!({"id": format!("q{id}"), "event": {"Destination": "+4930123"}});
            client.send(question.to_string().as_bytes()).unwrap();
            let len = client.recv(&mut buffer).expect("an answer while it drains");
            assert!(String::from_utf8_lossy(&buffer[..len]).contains("\"status\":\"ok\""));
        }
        let (code, took) = daemon.wait();
        assert_eq!(code, Some(0), "{}", daemon.log());
        assert!(took < Duration::from_millis(1200), "{took:?}");
    }
}

#[test]
fn ready_turns_before_anything_else_ends() {
    let folder = Folder::new("ready");
    folder.write("routes.toml", &table("v1", &[2]));
    folder.write(
        "siproute.toml",
        "[listen]\nudp = [\"127.0.0.1:0\"]\ntcp = [\"127.0.0.1:0\"]\nadmin = \"127.0.0.1:0\"\n",
    );
    let mut daemon = Daemon::start(&folder.path("siproute.toml"));
    let ready = |daemon: &Daemon| ask(daemon.admin.unwrap(), "GET /ready").unwrap().status;
    let lookup = |daemon: &Daemon| {
        ask(daemon.tcp.unwrap(), "GET /lookup?Destination=%2B4930123").unwrap().status
    };
    assert_eq!((ready(&daemon), lookup(&daemon)), (200, 200));
    daemon.signal("TERM", 1);
    daemon.until_logged("told to end");
    assert_eq!(ready(&daemon), 503, "while it still answers");
    assert_eq!(daemon.ask(&json!({"Destination": "+4930123"}))["status"], "ok");
    assert_eq!(lookup(&daemon), 200);
    let (code, took) = daemon.wait();
    assert_eq!(code, Some(0), "{}", daemon.log());
    assert!(took < Duration::from_millis(1200), "{took:?}");
}

#[test]
fn the_whole_way_of_a_reload_by_command() {
    let folder = Folder::new("command");
    folder.write("routes.toml", &table("v1", &[8]));
    let settings = "[tables]\nreload = \"command\"\n";
    folder.write(
        "siproute.toml",
        &format!("[listen]\nudp = [\"127.0.0.1:0\"]\nadmin = \"127.0.0.1:0\"\n{settings}"),
    );
    let daemon = Daemon::start(&folder.path("siproute.toml"));
    let reload = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_siproute"))
            .args(["reload", "--admin", &daemon.admin.unwrap().to_string()])
            .args(arguments)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let accept = ["--accept", "shrink", "--why", "NOC-4711"];
    for (name, file, arguments, code, says) in [
        ("nothing new", table("v1", &[8]), &[][..], 0, "in force already"),
        ("what would be", table("v2", &[9]), &["--dry-run"], 0, "routes: 1 added"),
        ("and is", table("v2", &[9]), &[], 0, "table 2"),
        ("broken", "[".to_owned(), &[], 1, "routes.toml:1:2"),
        ("shrunk", table("v3", &[1]), &[], 1, "8 of 9 rows would go"),
        ("shrunk and meant", table("v3", &[1]), &accept, 0, "table 3"),
    ] {
        folder.replace("routes.toml", &file);
        let (got, told) = reload(arguments);
        assert_eq!(got, Some(code), "{name}: {told}");
        assert!(told.contains(says), "{name}: {told}");
    }
    assert!(daemon.log().contains("NOC-4711"), "{}", daemon.log());
    let seen = ask(daemon.admin.unwrap(), "GET /table").unwrap().body;
    assert!(seen.contains("\"generation\":3"), "{seen}");
}

#[test]
fn nobody_who_reads_is_no_reason_to_stop() {
    for outputs in [">/dev/full 2>/dev/full", ">&- 2>&-", "2>&1 | true"] {
        let folder = Folder::new("unread");
        folder.write("routes.toml", &table("v1", &[2]));
        let free = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        folder.write("siproute.toml", &format!("[listen]\nudp = [\"{free}\"]\n"));
        let serve = r#"echo $$ >"$2"; exec "$0" serve --config "$1""#;
        let mut shell = Command::new("sh")
            .args(["-c", &format!(r#"sh -c "$3" "$0" "$1" "$2" {outputs}"#)])
            .arg(env!("CARGO_BIN_EXE_siproute"))
            .args([folder.path("siproute.toml"), folder.path("pid")])
            .arg(serve)
            .spawn()
            .unwrap();
        let mark = || {
            let start = Instant::now();
            loop {
                let client = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
                client.connect(free).unwrap();
                client.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
                let asked = client.send(br#"{"event":{"Destination":"+4930123"}}"#);
                let mut buffer = [0; 4096];
                if let (Ok(_), Ok(len)) = (asked, client.recv(&mut buffer)) {
                    let answer: serde_json::Value = serde_json::from_slice(&buffer[..len]).unwrap();
                    // One that waited in the kernel for the start may be told that it is too old, or that there
                    // is no table yet.
                    if answer["status"] == "ok" {
                        return answer["routes"][0]["parameters"].clone();
                    }
                }
                assert!(start.elapsed() < Duration::from_secs(3), "no answer with {outputs}");
            }
        };
        assert_eq!(mark(), "v1", "{outputs}");
        // Both are worth a line in the log.
        folder.replace("routes.toml", "[");
        std::thread::sleep(Duration::from_millis(300));
        folder.replace("routes.toml", &table("v2", &[2]));
        let start = Instant::now();
        while mark() != "v2" {
            assert!(start.elapsed() < Duration::from_secs(5), "{outputs}");
            std::thread::sleep(Duration::from_millis(5));
        }
        let id = std::fs::read_to_string(folder.path("pid")).unwrap();
        assert!(Command::new("kill").arg(id.trim()).status().unwrap().success(), "{outputs}");
        shell.wait().unwrap();
    }
}

#[test]
fn as_many_files_as_connections_may_be_open_or_the_log_says_so() {
    for (limit, opens, warns) in
        [("ulimit -Sn 100", "4352", false), ("ulimit -n 200", "200", true), ("true", "", false)]
    {
        let folder = Folder::new("files");
        folder.write("routes.toml", &table("v1", &[2]));
        let settings = folder.settings("tcp = [\"127.0.0.1:0\"]\n");
        let log = std::fs::File::create(folder.path("log")).unwrap();
        let mut child = Command::new("sh")
            .args(["-c", &format!(r#"{limit}; exec "$0" serve --config "$1""#)])
            .arg(env!("CARGO_BIN_EXE_siproute"))
            .arg(settings)
            .stdout(std::process::Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().starts_with("try: ")), "{limit}");
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
        let log = std::fs::read_to_string(folder.path("log")).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
        let soft = line.split_whitespace().next().unwrap();
        assert!(opens.is_empty() || soft == opens, "{limit}: {line}");
        assert_eq!(log.contains("200 files may be open at once"), warns, "{limit}: {log}");
    }
}

#[test]
fn told_twice_it_ends_at_once() {
    let folder = Folder::new("twice");
    folder.write("routes.toml", &table("v1", &[2]));
    let mut daemon = Daemon::start(&folder.settings(""));
    daemon.signal("TERM", 1);
    daemon.until_logged("told to end");
    daemon.signal("TERM", 1);
    let (code, _) = daemon.wait();
    assert_eq!(code, Some(0));
    assert!(daemon.log().contains("told again"), "{}", daemon.log());
}

#[test]
fn killed_it_is_back_on_its_port_at_once() {
    let folder = Folder::new("back");
    folder.write("routes.toml", &table("v1", &[2]));
    let first = Daemon::start(&folder.settings(""));
    let udp = first.udp.unwrap();
    first.kill();
    folder.write("again.toml", &format!("[listen]\nudp = [\"{udp}\"]\n"));
    let again = Daemon::start(&folder.path("again.toml"));
    assert_eq!(again.udp, Some(udp));
    assert!(again.took < Duration::from_millis(500), "{:?}", again.took);
    assert_eq!(again.ask(&json!({"Destination": "+49"}))["status"], "ok");
}
