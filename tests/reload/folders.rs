//! Tariff-plan folders of CGRateS: those that the settings name are tables like others, and an API loads
//! others.

use crate::support::daemon::Daemon;
use crate::support::folder::Folder;
use crate::support::jsonrpc::Rpc;
use serde_json::json;
use std::fs;
use std::process::Command;

const FILTERS: &str = "\
#Tenant,ID,Type,Element,Values,ActivationInterval
cgrates.org,FLTR_DE,*prefix,~*req.Destination,+49,
";

/// A profile of the filter whose one route is `route`.
fn routes(route: &str) -> String {
    format!("# Routes\ncgrates.org,RP_DE,FLTR_DE,,*weight,,{route},,,,,,10,,,20\n")
}

/// A folder with the plan, and settings that name it.
fn site(name: &str, more: &str) -> Folder {
    let folder = Folder::new(name);
    fs::create_dir_all(folder.path("plan/eu")).unwrap();
    folder.write("plan/Filters.csv", FILTERS);
    folder.write("plan/eu/Routes.csv", &routes("alfa"));
    folder.settings(&format!(
        "tcp = [\"127.0.0.1:0\"]\n[tables]\nfiles = [\"*.routes.toml\"]\ncgrates = [\"plan\"]\n\
         state_dir = \"state\"\n{more}[guard]\nshrink_max = \"100%\"\n"
    ));
    folder
}

fn start(folder: &Folder) -> Daemon {
    Daemon::start(&folder.path("siproute.toml"))
}

/// The ids of the routes that a call to Germany gets, or why it gets none.
fn offered(daemon: &Daemon) -> String {
    let answer = daemon.ask(&json!({"Destination": "+4930123"}));
    let ids =
        answer["routes"].as_array().into_iter().flatten().filter_map(|one| one["id"].as_str());
    let ids: Vec<&str> = ids.collect();
    if ids.is_empty() { answer["reason"].to_string() } else { ids.join(",") }
}

/// What a verb tells of the folder, and how it ends.
fn tell(folder: &Folder, arguments: &[&str]) -> (Option<i32>, String) {
    let mut verb = Command::new(env!("CARGO_BIN_EXE_siproute"));
    verb.args(arguments).arg("--config").arg(folder.path("siproute.toml"));
    let output = verb.output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn a_folder_is_loaded_and_every_change_of_it_is_seen() {
    let folder = site("plan", "");
    let daemon = start(&folder);
    assert!(daemon.printed.contains("profiles 1 with 1 routes"), "{}", daemon.printed);
    assert_eq!(offered(&daemon), "alfa");
    assert!(tell(&folder, &["check"]).1.contains("ok: 0 routes, 0 suppliers, 1 profile\n"));
    let (code, told) = tell(&folder, &["explain", "Destination=+4930123"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("plan/eu/Routes.csv:2  it matches"), "{told}");
    type Change = fn(&Folder);
    let changes: [(&str, Change, &str); 5] = [
        ("replaced", |folder| folder.replace("plan/eu/Routes.csv", &routes("bravo")), "bravo"),
        ("written", |folder| folder.write("plan/eu/Routes.csv", &routes("delta")), "delta"),
        (
            "a new file",
            |folder| {
                let row = "cgrates.org,RP_ALL,,,*weight,,echo,,,,,,10,,,90\n";
                folder.write("plan/Routes.csv", row);
            },
            "echo",
        ),
        (
            "a file that is gone",
            |folder| fs::remove_file(folder.path("plan/Routes.csv")).unwrap(),
            "delta",
        ),
        (
            "a table file that uses its filters",
            |folder| {
                let profile = "[[profile]]\nid = \"RP_FILE\"\nfilters = [\"FLTR_DE\"]\nweight = 99\n\
                               [[profile.route]]\nid = \"foxtrot\"\n";
                folder.write("a.routes.toml", profile);
            },
            "foxtrot",
        ),
    ];
    for (name, change, want) in changes {
        change(&folder);
        daemon.until(name, || offered(&daemon) == want);
    }
}

#[test]
fn a_plan_that_is_wrong_is_refused_with_its_place_and_the_table_stays() {
    type Damage = fn(&Folder);
    let rows: [(&str, Damage, &str, &str); 8] = [
        (
            "a bad number",
            |folder| {
                let text = routes("bravo").replace(",10,", ",abc,");
                folder.replace("plan/eu/Routes.csv", &text);
            },
            "check",
            "plan/eu/Routes.csv:2:48: error: `abc` in RouteWeight is no number",
        ),
        (
            "a row cut off",
            |folder| folder.replace("plan/eu/Routes.csv", "# Routes\ncgrates.org,RP_DE\n"),
            "syntax",
            "plan/eu/Routes.csv:2:1: error: the row has 2 columns, not 16",
        ),
        (
            "a filter that is not there",
            |folder| folder.replace("plan/Filters.csv", &FILTERS.replace("FLTR_DE", "FLTR_D")),
            "check",
            "plan/eu/Routes.csv:2:19: error: no filter of tenant `cgrates.org` is called `FLTR_DE`\n  \
             help: did you mean `FLTR_D`?",
        ),
        (
            "a pattern that is none",
            |folder| {
                let text = FILTERS.replace("*prefix", "*regex").replace("+49", "[");
                folder.replace("plan/Filters.csv", &text);
            },
            "check",
            "plan/Filters.csv:2:21: error: error parsing regexp: missing closing ]: `[`",
        ),
        (
            "a value that only shows when all is put together",
            |folder| {
                let row = "cgrates.org,A,*routes,,,,*req.X,*variable,~*req.Y{*nosuch},,\n";
                folder.write("plan/Attributes.csv", row);
            },
            "build",
            "plan/Attributes.csv:1:1: error: cgrates.org:A: ",
        ),
        (
            "an id that a table file has, too",
            |folder| {
                let profile = "\n[[profile]]\nid = \"RP_DE\"\nfilters = [\"FLTR_DE\"]\n\
                               [[profile.route]]\nid = \"x\"\n";
                folder.replace("a.routes.toml", profile);
            },
            "check",
            "plan/eu/Routes.csv:2:13: error: the profile `RP_DE` of tenant `cgrates.org` is declared \
             twice, first at SITE/a.routes.toml:3",
        ),
        (
            "the folder gone",
            |folder| fs::rename(folder.path("plan"), folder.path("gone")).unwrap(),
            "read",
            "plan: error: there is no such folder\n  help: `tables.cgrates` of ",
        ),
        (
            "nothing left",
            |folder| fs::remove_file(folder.path("plan/eu/Routes.csv")).unwrap(),
            "guard",
            "",
        ),
    ];
    for (name, damage, stage, says) in rows {
        let folder = site("wrong", "");
        let daemon = start(&folder);
        damage(&folder);
        let refused = format!("reload refused ({stage})");
        daemon.until_logged(&refused);
        let log = daemon.log();
        let place = says.split(": error").next().unwrap();
        // What is only known to the line has no column here.
        let place = if stage == "build" { place.trim_end_matches(":1") } else { place };
        assert!(log.contains(place), "{name}: {log}");
        assert_eq!(offered(&daemon), "alfa", "{name}");

        if !says.is_empty() {
            let (code, told) = tell(&folder, &["check"]);
            let site = folder.path("").display().to_string();
            let told = told.replace(site.trim_end_matches('/'), "SITE");
            assert_eq!(code, Some(1), "{name}: {told}");
            assert!(told.contains(&format!("SITE/{says}")), "{name}: {told}");
        }
    }
}

#[test]
fn a_start_with_a_broken_folder_serves_what_is_kept_of_it() {
    let folder = site("kept", "last_known_good = true\n");
    let daemon = start(&folder);
    daemon.until("it is kept", || folder.path("state/last_known_good").exists());
    daemon.kill();
    folder.write("plan/Filters.csv", "cgrates.org\n");
    let daemon = start(&folder);
    assert!(daemon.log().contains("SERVING THE LAST KNOWN GOOD TABLE"), "{}", daemon.log());
    assert_eq!(offered(&daemon), "alfa");
    folder.write("plan/Filters.csv", FILTERS);
    folder.write("plan/eu/Routes.csv", &routes("bravo"));
    daemon.until("it is mended", || offered(&daemon) == "bravo");
}

#[test]
fn a_folder_that_an_api_loads_holds_after_a_restart_and_a_wrong_one_is_answered_in_one_line() {
    let folder = Folder::new("loaded");
    folder.write("routes.toml", "");
    fs::create_dir(folder.path("plan")).unwrap();
    folder.write("plan/Filters.csv", FILTERS);
    folder.write("plan/Routes.csv", &routes("alfa").replace(",10,", ",abc,"));
    let settings = folder.settings("tcp = [\"127.0.0.1:0\"]\n[tables]\nstate_dir = \"state\"\n");
    let daemon = Daemon::start(&settings);
    let load = |daemon: &Daemon, path: &str| {
        let params = json!({ "FolderPath": folder.path(path) }).to_string();
        let mut rpc = Rpc::to(daemon.tcp.unwrap());
        let reply = rpc.call("APIerSv1.LoadTariffPlanFromFolder", &params).unwrap();
        reply.error.unwrap_or_else(|| reply.result.unwrap().get().to_owned())
    };
    assert_eq!(load(&daemon, "nowhere"), "INVALID_PATH");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let wrong = "SERVER_ERROR: invalid value \"abc\" for field RouteMdl.RouteWeight";
    assert_eq!(load(&daemon, "plan"), wrong);
    let place = "plan/Routes.csv:2:47: error: `abc` in RouteWeight is no number";
    assert!(daemon.log().contains(place), "{}", daemon.log());
    assert_eq!(load(&daemon, "plan"), wrong);
    assert_eq!(daemon.log().matches(place).count(), 1, "who asks fast does not fill the log");

    folder.write("plan/Routes.csv", &routes("alfa"));
    assert_eq!(load(&daemon, "plan"), "\"OK\"");
    assert_eq!(offered(&daemon), "alfa");
    daemon.kill();
    fs::remove_dir_all(folder.path("plan")).unwrap();
    assert_eq!(offered(&Daemon::start(&settings)), "alfa");
}

#[test]
fn the_log_has_the_warnings_that_a_change_brings_and_no_others() {
    let folder = site("plan-warnings", "");
    let daemon = start(&folder);
    let warned = "new in the table: ";
    let wrong = routes("alfa").replace("*weight", "*wieght");
    folder.replace("plan/eu/Routes.csv", &wrong);
    daemon.until_logged("table 2");
    daemon.until_logged(warned);
    let log = daemon.log();
    assert!(log.contains("eu/Routes.csv:2:13: warning: no sorting is called `*wieght`; "), "{log}");
    // The row moved, and is as it was.
    folder.replace("plan/eu/Routes.csv", &format!("#\n{wrong}"));
    daemon.until_logged("table 3");
    folder.replace("plan/eu/Routes.csv", &routes("bravo"));
    daemon.until_logged("table 4");
    assert_eq!(daemon.log().matches(warned).count(), 1, "{}", daemon.log());
}
