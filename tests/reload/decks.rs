//! Decks in CSV: read with the table files that name them, watched like these, and kept with them.

use crate::support::daemon::Daemon;
use crate::support::folder::Folder;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The shipped example, beside settings of its own.
fn site(name: &str) -> Folder {
    let folder = Folder::new(name);
    let conf = Path::new(env!("CARGO_MANIFEST_DIR")).join("conf");
    fs::create_dir_all(folder.path("decks")).unwrap();
    for file in ["least-cost.toml", "decks/alfa.csv", "decks/bravo.csv", "decks/charlie.csv"] {
        folder.write(file, &fs::read_to_string(conf.join(file)).unwrap());
    }
    folder.settings(
        "[tables]\nfiles = [\"least-cost.toml\"]\nstate_dir = \"state\"\nlast_known_good = true\n\
         [guard]\nshrink_max = \"100%\"\n",
    );
    folder
}

fn start(folder: &Folder) -> Daemon {
    Daemon::start(&folder.path("siproute.toml"))
}

/// The answer to a customer's call of so many seconds.
fn ask(daemon: &Daemon, customer: &str, number: &str, time: &str, usage: &str) -> Value {
    let question = json!({
        "id": "q", "time": time,
        "event": { "Account": customer, "Destination": number, "Usage": usage },
    });
    let client = daemon.client();
    client.send(question.to_string().as_bytes()).unwrap();
    let mut buffer = vec![0; 65_536];
    let length = client.recv(&mut buffer).unwrap();
    serde_json::from_slice(&buffer[..length]).unwrap()
}

/// Suppliers with their costs, in order.
fn told(answer: &Value) -> String {
    let routes = answer["routes"].as_array().into_iter().flatten();
    let one = |route: &Value| {
        let word = |key: &str| route[key].as_str().unwrap_or("?").to_owned();
        format!("{} {}", word("id"), word("cost"))
    };
    routes.map(one).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_cheapest_comes_first_exactly_and_by_when_the_call_begins() {
    let folder = site("least-cost");
    let daemon = start(&folder);
    let (june, july) = ("2026-06-30T23:59:59Z", "2026-07-01T00:00:00Z");
    for (customer, number, time, usage, want) in [
        ("acme", "+4930123456", july, "60s", "bravo 0.0055, charlie 0.0058, alfa 0.0061"),
        // Bravo bills the first minute whole; a twelfth of 0.0058 repeats.
        (
            "acme",
            "+4930123456",
            july,
            "5s",
            "charlie 0.000483333333, alfa 0.000508333333, bravo 0.0055",
        ),
        ("budget", "+4930123456", july, "60s", "bravo 0.0055, charlie 0.0058"),
        ("acme", "+4915112345678", june, "60s", "bravo 0.0198, charlie 0.0202, alfa 0.021"),
        ("acme", "+4915112345678", july, "60s", "charlie 0.0189, bravo 0.0198, alfa 0.021"),
        // The connect fee of charlie.
        ("acme", "+442079460000", july, "30s", "alfa 0.0026, charlie 0.00335, bravo 0.0049"),
        ("budget", "+12025550100", july, "61s", "bravo 0.7"),
        ("budget", "004930123456", july, "0s", "bravo 0, charlie 0"),
    ] {
        let answer = ask(&daemon, customer, number, time, usage);
        let mut got = told(&answer);
        if usage == "0s" {
            // Of equal prices chance decides.
            let mut parts: Vec<&str> = got.split(", ").collect();
            parts.sort_unstable();
            got = parts.join(", ");
        }
        assert_eq!(got, want, "{customer} {number} {time} {usage}: {answer}");
    }
    let answer = ask(&daemon, "acme", "+4930123456", july, "60s");
    let data = json!({ "Cost": 0.0055, "RatingPlanID": "bravo", "Weight": 0 });
    assert_eq!(answer["routes"][0]["sorting_data"], data, "{answer}");
}

#[test]
fn every_change_of_a_deck_is_seen_and_a_wrong_one_refused_with_its_place() {
    let folder = site("deck-changes");
    let daemon = start(&folder);
    let first = || {
        let answer = ask(&daemon, "acme", "+4930123456", "2026-07-01T00:00:00Z", "60s");
        told(&answer).split(',').next().unwrap_or_default().to_owned()
    };
    assert_eq!(first(), "bravo 0.0055");
    let deck = "prefix,rate\n49,0.0050\n";
    type Change = fn(&Folder, &str);
    let changes: [(&str, Change, &str); 4] = [
        ("replaced", |folder, deck| folder.replace("decks/alfa.csv", deck), "alfa 0.005"),
        (
            "written",
            |folder, deck| folder.write("decks/alfa.csv", &deck.replace("0.0050", "0.0051")),
            "alfa 0.0051",
        ),
        (
            "another deck is named",
            |folder, deck| {
                folder.write("decks/new.csv", &deck.replace("0.0050", "0.0040"));
                let table = fs::read_to_string(folder.path("least-cost.toml")).unwrap();
                folder.replace("least-cost.toml", &table.replace("decks/alfa", "decks/new"));
            },
            "alfa 0.004",
        ),
        (
            "and changed",
            |folder, deck| folder.replace("decks/new.csv", &deck.replace("0.0050", "0.0030")),
            "alfa 0.003",
        ),
    ];
    for (name, change, want) in changes {
        change(&folder, deck);
        daemon.until(name, || first() == want);
    }
    folder.replace("decks/new.csv", "prefix,rate\n49,0.0020\n50,0,1\n");
    daemon.until_logged("decks/new.csv:3:1");
    assert_eq!(first(), "alfa 0.003", "the table stays");
    fs::remove_file(folder.path("decks/new.csv")).unwrap();
    daemon.until_logged("is not there");
    folder.replace("decks/new.csv", "prefix,rate\n49,0.0010\n");
    daemon.until("it came back", || first() == "alfa 0.001");
}

#[test]
fn decks_are_part_of_the_last_known_good_table() {
    let folder = site("deck-kept");
    let daemon = start(&folder);
    let call = |daemon: &Daemon| {
        told(&ask(daemon, "budget", "+4930123456", "2026-07-01T00:00:00Z", "60s"))
    };
    assert_eq!(call(&daemon), "bravo 0.0055, charlie 0.0058");
    let kept = folder.path("state/last_known_good");
    daemon.until("the table is kept", || kept.exists());
    drop(daemon);
    folder.write("decks/bravo.csv", "prefix,rate\n49,free\n");
    let daemon = start(&folder);
    assert_eq!(call(&daemon), "bravo 0.0055, charlie 0.0058", "{}", daemon.log());
    let check = Command::new(env!("CARGO_BIN_EXE_siproute"))
        .args(["check", "--config"])
        .arg(folder.path("siproute.toml"))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(told.contains("decks/bravo.csv:2:4: error: `rate`: `free` is no price"), "{told}");
}

#[test]
fn each_plan_computes_and_compares_as_it_says() {
    const DAY: [&str; 4] =
        ["cgrates 0.0136", "cgrates-text 0.0136", "exact 0.0134", "exact-text 0.0134"];
    const NIGHT: [&str; 4] =
        ["cgrates 0.0064", "cgrates-text 0.0064", "exact 0.0067", "exact-text 0.0067"];
    let folder = Folder::new("deck-kinds");
    let plan = |id: &str, keys: &str, prefix: &str| {
        format!(
            "[[rating_plan]]\nid = \"{id}\"\nrounding = \"*up\"\ndecimals = 4\n{keys}\n\
             rate = [{{ prefix = \"{prefix}\", rate = 0.01, timing = \"DAY\", weight = 10 }}, \
             {{ prefix = \"{prefix}\", rate = 0.005 }}]\n"
        )
    };
    let plans = [
        plan("exact", "", "49"),
        plan("exact-text", "compare = \"text\"", "+49"),
        plan("cgrates", "arithmetic = \"cgrates\"", "49"),
        plan("cgrates-text", "arithmetic = \"cgrates\"\ncompare = \"text\"", "+49"),
    ];
    let table = format!(
        "{}[[timing]]\nid = \"DAY\"\nstart = \"08:00:00\"\n[[profile]]\nid = \"P\"\nsorting = \"*lc\"\n\
         route = [\n{}]\n",
        plans.concat(),
        ["exact", "exact-text", "cgrates", "cgrates-text"]
            .map(|id| format!("{{ id = \"{id}\", rating_plans = [\"{id}\"] }},\n"))
            .concat()
    );
    folder.write("routes.toml", &table);
    folder.settings("[tables]\nfiles = [\"routes.toml\"]\n");
    let daemon = start(&folder);
    for (number, time, want) in [
        ("+4930123456", "2026-07-01T12:00:00Z", &DAY[..]),
        ("004930123456", "2026-07-01T12:00:00Z", &["cgrates 0.0136", "exact 0.0134"]),
        // Before the day begins; `time` is a moment, whatever clock it is written by.
        ("+4930123456", "2026-07-01T05:00:00Z", &NIGHT),
        ("+4930123456", "2026-07-01T09:30:00+02:00", &NIGHT),
        ("+4930123456", "2026-07-01T10:30:00+02:00", &DAY),
        ("+4930123456", "2026-07-01T05:00:00+02:00", &NIGHT),
        ("+33123456789", "2026-07-01T12:00:00Z", &[]),
    ] {
        let answer = ask(&daemon, "acme", number, time, "80s");
        let got = told(&answer);
        let mut got: Vec<&str> = got.split(", ").filter(|one| !one.is_empty()).collect();
        got.sort_unstable();
        assert_eq!(got, want, "{number} {time}: {answer}");
    }
}
