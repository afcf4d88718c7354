//! The shipped files as they are: Kamailio accepts them, and what they name is there.

use super::lab::kamailio;
use super::script::{Script, expand};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Each way through the shipped script.
const WAYS: [(&str, &[&str]); 4] = [
    ("UDP, gateways", &[]),
    ("UDP, dispatcher sets", &["WITH_DISPATCHER"]),
    ("HTTP, gateways", &["WITH_HTTP"]),
    ("HTTP, dispatcher sets", &["WITH_HTTP", "WITH_DISPATCHER"]),
];

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("kamailio")
}

fn script(defines: &[&str]) -> Script {
    Script::read(&here().join("kamailio.cfg"), defines)
}

/// Where Kamailio's modules are: those of the package, and `SIPROUTE_KAMAILIO_MODULES`.
pub fn module_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::var_os("SIPROUTE_KAMAILIO_MODULES")
        .map(|paths| std::env::split_paths(&paths).collect())
        .unwrap_or_default();
    for library in ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64"] {
        let inner = std::fs::read_dir(library).into_iter().flatten().flatten();
        folders.extend(inner.map(|entry| entry.path().join("kamailio/modules")));
        folders.push(Path::new(library).join("kamailio/modules"));
    }
    folders.retain(|folder| folder.is_dir());
    assert!(
        !folders.is_empty(),
        "no Kamailio modules: `apt-get install kamailio kamailio-extra-modules`, or tests/run"
    );
    folders
}

/// Whether a module is installed.
pub fn has_module(name: &str) -> bool {
    module_folders().iter().any(|folder| folder.join(format!("{name}.so")).is_file())
}

#[test]
fn kamailio_accepts_each_way_through_the_script() {
    for (way, defines) in WAYS {
        if defines.contains(&"WITH_HTTP") && !has_module("http_async_client") {
            println!(
                "{way}: not read by Kamailio, for http_async_client is not installed; name its folder in SIPROUTE_KAMAILIO_MODULES"
            );
            continue;
        }
        let output =
            kamailio(&here(), defines).arg("-c").stdin(Stdio::null()).output().unwrap_or_else(
                |error| panic!("kamailio: {error}: `apt-get install kamailio`, or tests/run"),
            );
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && words.contains("config file ok"), "{way}:\n{words}");
        assert!(!words.contains("WARNING") && !words.contains("ERROR"), "{way}:\n{words}");
    }
}

#[test]
fn every_module_and_route_that_the_script_names_is_there() {
    for (way, defines) in WAYS {
        let script = script(defines);
        assert!(script.modules.len() > 15 && script.defined.len() > 20, "{way}: little was found");
        assert_eq!(script.findings(), Vec::<String>::new(), "{way}");
        let absent: Vec<_> = script
            .modules
            .iter()
            .filter(|module| *module != "http_async_client" && !has_module(module))
            .collect();
        assert!(
            absent.is_empty(),
            "{way}: no module {absent:?}: `apt-get install kamailio kamailio-extra-modules`, or tests/run"
        );
    }
}

#[test]
fn a_broken_reference_is_found() {
    let mut lines = Vec::new();
    expand(&here().join("kamailio.cfg"), &["WITH_HTTP"], &mut lines);
    let text = lines.join("\n");
    for (from, to, want) in [
        ("route(SR_TRY)", "route(SR_TYR)", "route[SR_TYR] is named, but not defined"),
        ("t_on_failure(\"SR_SILENCE\")", "", "failure_route[SR_SILENCE] is defined, but nothing"),
        ("t_on_reply(\"SR_ATTEMPT\")", "t_on_reply(\"SR\")", "onreply_route[SR] is named"),
        ("\"SR_ANSWER_HTTP\"", "\"SR_HTTP\"", "route[SR_HTTP] is named, but not defined"),
        ("loadmodule \"uac.so\"", "", "parameters for uac, which is not loaded"),
    ] {
        assert!(text.contains(from), "the script no longer has {from}");
        let lines: Vec<String> = text.replace(from, to).lines().map(str::to_owned).collect();
        let found = Script::of_lines(&lines).findings().join("\n");
        assert!(found.contains(want), "{from} -> {to} gave:\n{found}");
    }
}

#[test]
fn the_dispatcher_list_has_the_sets_that_the_script_and_the_shipped_suppliers_name() {
    let list = std::fs::read_to_string(here().join("dispatcher.list")).unwrap();
    let rows = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let sets: BTreeSet<i64> =
        rows.map(|row| row.split_whitespace().next().unwrap().parse().unwrap()).collect();
    let text = std::fs::read_to_string(here().join("../conf/routes.toml")).unwrap();
    let tables: toml::Table = text.parse().unwrap();
    let suppliers = tables["supplier"].as_array().unwrap();
    let named =
        suppliers.iter().filter_map(|supplier| supplier.get("dispatcher_set")?.as_integer());
    for set in named.chain([1, 9]) {
        assert!(sets.contains(&set), "dispatcher.list has no set {set}");
    }
}
