//! The state database and the real program: what is there is used, or said.

use crate::support::daemon::Daemon;
use crate::support::folder::{Folder, table};
use crate::support::site::Setup;
use serde_json::json;
use std::path::Path;
use std::process::Command;

const STATE: &str = "[tables]\nstate_dir = \"state\"\n";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("routes.toml", &table("v1", &[2]));
    folder
}

fn serves(daemon: &Daemon) -> bool {
    daemon.ask(&json!({"Destination": "+4930123"}))["status"] == "ok"
}

/// What `check` says of settings, and its exit code.
fn check(settings: &Path) -> (Option<i32>, String) {
    let mut verb = Command::new(env!("CARGO_BIN_EXE_siproute"));
    let output = verb.arg("check").arg("--config").arg(settings).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_damaged_database_ends_the_start_unless_it_is_left_out() {
    let folder = folder("damaged");
    let settings = folder.settings(STATE);
    let mut daemon = Daemon::start(&settings);
    daemon.signal("TERM", 1);
    assert_eq!(daemon.wait().0, Some(0));
    assert!(!folder.path("state/siproute.db-wal").exists(), "an orderly end leaves one file");
    let whole = std::fs::read(folder.path("state/siproute.db")).unwrap();
    folder.write("state/siproute.db", &"damaged".repeat(1000));
    let failed = Daemon::try_start(&settings).err().unwrap();
    assert_eq!(failed.code, Some(78), "{}", failed.log);
    for says in ["state/siproute.db is damaged", "siproute.db.damaged", "--without-state"] {
        assert!(failed.log.contains(says), "{says}: {}", failed.log);
    }
    let daemon = Daemon::try_start_with(&settings, &["--without-state"]).unwrap();
    assert!(serves(&daemon));
    daemon.kill();
    let (code, said) = check(&settings);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("siproute.db: error: the state database") && said.contains("damaged"));
    let damaged = std::fs::read(folder.path("state/siproute.db")).unwrap();
    assert_eq!(damaged, "damaged".repeat(1000).as_bytes(), "left as it is");

    let explain = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_siproute"))
            .args(["explain", "Destination=+4930123", "--config"])
            .arg(&settings)
            .args(arguments)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, told) = explain(&[]);
    assert_eq!(code, Some(78), "{told}");
    assert!(told.contains("siproute.db is damaged") && told.contains("--without-state"), "{told}");
    assert_eq!(explain(&["--without-state"]), (Some(0), String::new()));

    std::fs::write(folder.path("state/siproute.db"), whole).unwrap();
    assert!(serves(&Daemon::start(&settings)));
}

#[test]
fn two_processes_do_not_share_a_state_directory() {
    let folder = folder("shared");
    let settings = folder.settings(STATE);
    let first = Daemon::start(&settings);
    let failed = Daemon::try_start(&settings).err().unwrap();
    assert_eq!(failed.code, Some(74), "{}", failed.log);
    assert!(failed.log.contains("siproute.db is in use by another process"), "{}", failed.log);
    assert!(serves(&first), "the first one goes on");
    // A verb that only looks is in nobody's way.
    let mut explain = Command::new(env!("CARGO_BIN_EXE_siproute"));
    explain.args(["explain", "Destination=+4930123", "--config"]).arg(&settings);
    assert_eq!(explain.output().unwrap().status.code(), Some(0));
    first.kill();
    assert!(serves(&Daemon::start(&settings)));
}

#[test]
fn where_no_database_can_be_made_serving_goes_on() {
    let folder = folder("unmade");
    folder.write("state", "a file where the directory should be");
    let daemon = Daemon::start(&folder.settings(STATE));
    assert!(serves(&daemon));
    let log = daemon.log();
    assert_eq!(log.matches("what the APIs want to change is refused").count(), 1, "{log}");
}

#[test]
fn what_an_api_states_and_nothing_can_use_is_in_the_log() {
    let site = Setup::default().start();
    let mut rpc = site.connect();
    let sets = [
        (
            "SetFilter",
            r#"{"ID":"ODD","Rules":[{"Type":"*sounds","Element":"~*req.A","Values":["x"]}]}"#,
        ),
        (
            "SetRouteProfile",
            r#"{"ID":"P","FilterIDs":["ODD"],"Sorting":"*cheap","Routes":[{"ID":"r"}]}"#,
        ),
        ("SetRouteProfile", r#"{"ID":"GOOD","Sorting":"*weight","Routes":[{"ID":"r"}]}"#),
    ];
    for (method, argument) in sets {
        assert_eq!(rpc.result(&format!("APIerSv1.{method}"), argument), "\"OK\"");
    }
    let says = "an API stated what is of no use as it stands: the ";
    site.daemon.until_logged(&format!("{says}filter cgrates.org:ODD: "));
    site.daemon.until_logged("profile cgrates.org:P: no sorting is called `*cheap`");
    assert_eq!(site.daemon.log().matches(says).count(), 2, "{}", site.daemon.log());
    // What a folder states is looked at, too.
    let folder = site.path("plan");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("Routes.csv"), "t,ODD,,,*dear,,r,,,,,,10,,,10\n").unwrap();
    let argument = json!({"FolderPath": folder}).to_string();
    assert_eq!(rpc.result("APIerSv1.LoadTariffPlanFromFolder", &argument), "\"OK\"");
    site.daemon.until_logged("profile t:ODD: no sorting is called `*dear`");
    let (code, said) = check(&site.path("siproute.toml"));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("siproute.db: warning: an API stated the profile `t:ODD`"), "{said}");
    for id in ["cgrates.org:ODD", "cgrates.org:P", "t:ODD"] {
        assert!(said.contains(&format!("`{id}`")), "{id}: {said}");
    }
}

/// What was written to a file that is no longer there would be gone with the process.
#[test]
fn a_database_that_is_moved_away_or_emptied_takes_no_change() {
    const SET: &str = r#"{"ID":"P","Sorting":"*weight","Routes":[{"ID":"r"}]}"#;
    type Away = fn(&Path);
    let rows: [(&str, Away); 3] = [
        ("moved", |db| std::fs::rename(db, db.with_extension("old")).unwrap()),
        ("removed with its folder", |db| std::fs::remove_dir_all(db.parent().unwrap()).unwrap()),
        ("emptied", |db| std::fs::write(db, "").unwrap()),
    ];
    for (name, away) in rows {
        let site = Setup::default().start();
        let mut rpc = site.connect();
        assert_eq!(rpc.result("APIerSv1.SetRouteProfile", SET), "\"OK\"");
        away(&site.path("state/siproute.db"));
        let reply = rpc.call("APIerSv1.SetRouteProfile", SET).unwrap();
        let error = reply.error.unwrap_or_default();
        assert!(error.contains("moved away, replaced or emptied"), "{name}: {error}");
    }
}

#[test]
fn an_emptied_database_is_told_of() {
    let folder = folder("emptied");
    std::fs::create_dir(folder.path("state")).unwrap();
    folder.write("state/siproute.db", "");
    let daemon = Daemon::start(&folder.settings(STATE));
    assert!(daemon.log().contains("siproute.db is an empty file"), "{}", daemon.log());
}
