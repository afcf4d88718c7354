//! Rows of a tariff plan that CGRateS loads and that will hurt, and what is said where a file of it is missing
//! or cannot be read: by the program itself.

use crate::support::folder::Folder;
use std::fmt::Write as _;
use std::process::Command;

/// A plan of which nothing is to be said.
const PLAN: [(&str, &str); 5] = [
    ("Destinations.csv", "DE,49\nDE,+49\n"),
    ("Rates.csv", "R,0.1,0.06,60s,1s,0s\n"),
    ("DestinationRates.csv", "DR,DE,R,*up,4,0,\n"),
    ("RatingPlans.csv", "RP,DR,*any,10\n"),
    ("Routes.csv", "t,P,,,*lc,,r,,,RP,,,10,,,\n"),
];

/// That plan with other files in the place of its own, or without them (`-`), and settings that name it.
fn plan(others: &[(&str, &str)]) -> Folder {
    let folder = Folder::new("plan-rows");
    std::fs::create_dir_all(folder.path("tp")).unwrap();
    let is_own = |name: &str| !others.iter().any(|(other, _)| *other == name);
    for (name, text) in PLAN.iter().filter(|(name, _)| is_own(name)).chain(others) {
        if *text != "-" {
            folder.write(&format!("tp/{name}"), text);
        }
    }
    folder.settings("[tables]\nfiles = []\ncgrates = [\"tp\"]\n");
    folder
}

/// What `check` says, with its exit code, and without the folder.
fn check(folder: &Folder, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_siproute"));
    let output = command.arg("check").args(arguments).current_dir(folder.path("")).output();
    let output = output.unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn told(folder: &Folder) -> (Option<i32>, String) {
    check(folder, &["--config", "siproute.toml"])
}

#[test]
fn a_plan_without_a_doubt_has_none() {
    let (code, said) = told(&plan(&[]));
    assert_eq!((code, said.as_str()), (Some(0), "ok: 0 routes, 0 suppliers, 1 profile\n"));
}

#[test]
fn a_prefix_of_two_destinations_of_one_plan_is_told() {
    let rates = |both: &str| format!("DR,DE,R,*up,4,0,\n{both}");
    for (both, want) in [
        (
            "DR,UK,R,*up,4,0,\n",
            "tp/RatingPlans.csv:1:1: warning: in the rating plan `RP` the prefix `44` is of two destinations, `DE` and \
             `UK`, and 1 more prefix is\n  help: which price counts hangs on weights and the order of rows: leave it \
             in one of them\n",
        ),
        // Another plan's destination is no matter.
        ("OTHER,UK,R,*up,4,0,\n", ""),
    ] {
        let destinations = ("Destinations.csv", "DE,49\nDE,44\nUK,49\nUK,44\nUK,44\n");
        let (code, said) = told(&plan(&[destinations, ("DestinationRates.csv", &rates(both))]));
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(said, format!("{want}ok: 0 routes, 0 suppliers, 1 profile\n"));
    }
}

#[test]
fn each_doubt_of_a_row_has_its_place_and_a_way_out() {
    for (file, text, wanted, help) in [
        (
            "Rates.csv",
            "R,0,0.09,1h,1s,0s\n",
            "1:5: warning: the rate 0.09 for 1h0m0s bills 0.108 for 1h0m0s, not 0.09 (20 % more): 1s costs \
             0.000025, rounded to 0.00003",
            "a deck of your own computes exactly",
        ),
        (
            "Rates.csv",
            "R,0,0.06,60s,1s,0s\nR,0,0.00025,60s,1s,60s\n",
            "2:5: warning: the rate 0.00025 for 1m0s bills 0 for 1h0m0s, not 0.015 (100 % less)",
            "a longer increment rounds less",
        ),
        (
            "Rates.csv",
            "R,0,0.02,60s,1ms,0s\n",
            "1:5: warning: the rate 0.02 for 1m0s bills nothing for 1h0m0s, not 1.2: it has more than 1,000,000 \
             increments of 1ms",
            "a longer increment rounds less",
        ),
        (
            "Rates.csv",
            "#Id,Rate,ConnectFee,RateUnit,RateIncrement,GroupIntervalStart\nR,0,0.06,60s,1s,0s\n",
            "1:1: warning: the heading has the columns in another order, and they are read by their places",
            "they are Id,ConnectFee,Rate,RateUnit,RateIncrement,GroupIntervalStart",
        ),
        (
            "Attributes.csv",
            "cgrates.org,A,*any,,,,Account,*constant,y,false,10\n",
            "1:23: warning: `Account` is no path: it changes nothing",
            "write `*req.Account`",
        ),
        (
            "Attributes.csv",
            "cgrates.org,A,*any,,,,*req.X,*const,y,false,10\n",
            "1:30: warning: `*const` is no type of change",
            "write `*constant` or `*variable`",
        ),
        (
            "Rates.csv",
            "R,0,-0.06,60s,1s,0s\n",
            "1:5: warning: `-0.06` in Rate is below zero",
            "`*lc`",
        ),
        (
            "Rates.csv",
            "R,-1,0.06,60s,1s,0s\n",
            "1:3: warning: `-1` in ConnectFee is below zero",
            "leave out what nobody may call",
        ),
        (
            "Rates.csv",
            "R,0,0.06,60,60,0s\n",
            "1:10: warning: `60` in RateUnit has no unit, and counts as nanoseconds",
            "write `60s` if seconds are meant",
        ),
        (
            "Rates.csv",
            "R,0,0.06,60s,60,0s\n",
            "1:14: warning: `60` in RateIncrement has no unit, and counts as nanoseconds",
            "write `60s` if seconds are meant",
        ),
        (
            "Rates.csv",
            "R,0,0.06,-1m,1s,0s\n",
            "1:10: warning: `-1m` in RateUnit is below zero",
            "write it as 60s or 1m",
        ),
        (
            "Rates.csv",
            "R,0,0.06,0s,1s,0s\n",
            "1:10: warning: the RateUnit of the rate `0.06` is none",
            "it counts as the price of a second",
        ),
        (
            "Rates.csv",
            "R,0,0.06,60s,1s,60s\n",
            "1:17: warning: the rate begins later than the call: the time up to its first slot is free",
            "0s",
        ),
        (
            "Rates.csv",
            "R,0,0.06,60s,1s,0s\nR,0,0.12,60s,1s,60s\nR,0,0.18,60s,1s,1m\n",
            "3:17: warning: a row of this Id has the same GroupIntervalStart, at tp/Rates.csv:2",
            "leave out",
        ),
        (
            "DestinationRates.csv",
            "DR,DE,R,up,4,0,\n",
            "1:9: warning: no rounding is called `up`: the cost is not rounded",
            "*up, *middle, *down",
        ),
        (
            "DestinationRates.csv",
            "DR,DE,R,*up,4,0,\nD2,DE,R,*up,4,0,\nDR,DE,R,*up,2,0,\n",
            "3:4: warning: `DR` has this destination twice, first at tp/DestinationRates.csv:1",
            "leave out",
        ),
        (
            "Destinations.csv",
            "DE,49\nDE,49 30\n",
            "2:4: warning: the prefix `49 30` has a space in it, which no number has",
            "digits",
        ),
        (
            "Destinations.csv",
            "DE,49\nId,Prefix\n",
            "2:4: warning: the prefix `Prefix` has `P` in it",
            "write digits alone",
        ),
        (
            "Routes.csv",
            "t,P,,,*lc,,r,,,RP;RQ,,,10,,,\n",
            "1:16: warning: no rating plan is called `RQ`",
            "did you mean `RP`?",
        ),
        (
            "Routes.csv",
            "t,P,,,*lc,,r,,,GONE,,,10,,,\n",
            "1:16: warning: no rating plan is called `GONE`",
            "have an API state it",
        ),
        (
            "Routes.csv",
            "t,P,,,*lc,,r,,1001,,,,10,,,\n",
            "1:15: warning: no account of tenant `t` is called `1001`",
            "have an API state it: without the account the route drops out",
        ),
        (
            "Routes.csv",
            "t,P,,,*hc,,r,,,RP,,,10,,,\nt,P,,,,,s,,,,,,,,,\n",
            "2:9: warning: nothing says what the route `s` costs, and `*hc` fails without",
            "answered with an error",
        ),
        (
            "Routes.csv",
            "t,P,,,*lc,,r,F;G,,RP,,,10,,,\nt,P,,,,,r,G;F,,RP,,,10,,,\n",
            "2:9: warning: the route `r` of these filters is in the profile already, at tp/Routes.csv:1",
            "it adds nothing",
        ),
        (
            "Routes.csv",
            "t,P,,,*lc,,r,,,RP,,,10,,,\nt,P,,,,,r,,,,RES,,20,,,\n",
            "2:9: warning: the route `r` of these filters is in the profile already",
            "those of its first row",
        ),
    ] {
        let (code, said) = told(&plan(&[(file, text)]));
        assert_eq!(code, Some(0), "{text}{said}");
        let wanted = format!("tp/{file}:{wanted}");
        let found = said.split_once(&wanted).map(|(_, rest)| rest);
        let found = found.unwrap_or_else(|| panic!("no {wanted}\nof {text}in\n{said}"));
        let way_out = found.split("\ntp/").next().unwrap_or_default();
        assert!(way_out.contains(help), "no {help} in {way_out}");
    }
}

#[test]
fn what_cgrates_merges_and_prices_that_five_decimals_hold_are_no_doubt() {
    for (file, text) in [
        ("Routes.csv", "t,P,,,*lc,,r,,,RP,,,10,,,\nt,P,,,,,r,,,,RES,,,,,\n"),
        ("Rates.csv", "R,0,0.06,60s,1s,0s\nR,9,0.02,60s,60s,60s\nS,0,0,,,0\n"),
        ("Destinations.csv", "DE,49\nDE,*31#\n"),
        ("DestinationRates.csv", "DR,DE,R,,4,0,\nDR,*any,R,*down,0,0,\n"),
    ] {
        let (_, said) = told(&plan(&[(file, text)]));
        assert!(!said.contains("warning") && said.starts_with("ok"), "{text}{said}");
    }
}

#[test]
fn of_many_rows_the_worst_are_told_and_the_others_counted() {
    let (mut rates, mut prefixes) = (PLAN[1].1.to_owned(), String::new());
    for row in 0..60 {
        let _ = writeln!(rates, "S{row},0,0.01{row:02},60s,1s,0s");
        let _ = writeln!(prefixes, "DE,49 {row}");
    }
    let (_, said) = told(&plan(&[("Rates.csv", &rates), ("Destinations.csv", &prefixes)]));
    let count = |text: &str| said.matches(text).count();
    assert_eq!(count("s bills "), 20, "{said}");
    assert!(
        said.contains(
            "32:7: warning: 10 more rows are billed more than 1 % off the price, this the first"
        ),
        "{said}"
    );
    assert_eq!(count("which no number has\n  help: numbers"), 20, "{said}");
    assert!(
        said.contains("21:4: warning: 40 more rows have a prefix which no number has"),
        "{said}"
    );
}

#[test]
fn a_file_that_is_not_in_the_folder_is_named_once() {
    let rows = "DR,DE,R,*up,4,0,\nDR,*any,R,*up,4,0,\nD2,DE,S,*up,4,0,\n";
    for (missing, file, text, wanted) in [
        (
            "Rates.csv",
            "DestinationRates.csv",
            rows,
            "tp/DestinationRates.csv:1:7: error: Rates.csv is not in this folder",
        ),
        (
            "DestinationRates.csv",
            "RatingPlans.csv",
            "RP,DR,*any,10\nRQ,DR,*any,10\n",
            "tp/RatingPlans.csv:1:4: error: DestinationRates.csv is not in this folder",
        ),
        (
            "Timings.csv",
            "RatingPlans.csv",
            "RP,DR,PEAK,10\nRQ,DR,OFF,10\n",
            "tp/RatingPlans.csv:1:7: error: Timings.csv is not in this folder",
        ),
        (
            "ActionPlans.csv",
            "AccountActions.csv",
            "t,1,AP,,,\nt,2,AP,,,\n",
            "tp/AccountActions.csv:1:5: error: ActionPlans.csv is not in this folder",
        ),
    ] {
        let (code, said) = told(&plan(&[(missing, "-"), (file, text)]));
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(wanted), "no {wanted} in {said}");
        assert_eq!(said.matches("error").count(), 1, "{said}");
    }
    let (_, said) = told(&plan(&[("DestinationRates.csv", "DR,DE,S,*up,4,0,\n")]));
    assert!(said.contains("error: no row of Rates.csv has the Id `S`"), "{said}");
}

#[test]
fn a_file_that_is_no_utf_8_is_not_missed_as_well() {
    for (name, text) in PLAN {
        let folder = plan(&[]);
        let latin = [text.as_bytes(), b"# caf\xe9\n"].concat();
        std::fs::write(folder.path(&format!("tp/{name}")), latin).unwrap();
        let (code, said) = told(&folder);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("error: the byte 0xe9 is no UTF-8"), "{said}");
        assert_eq!(said.matches(": error: ").count(), 1, "{said}");
        assert_eq!(said.matches(": warning: ").count(), 0, "{said}");
    }
    let folder = Folder::new("latin-deck");
    folder.write(
        "r.toml",
        "[[supplier]]\nid = \"a\"\ngateway_ids = [\"1\"]\ndeck = \"d.csv\"\n[[route]]\ntarget = \"all\"\n\
         supplier = \"a\"\n",
    );
    std::fs::write(folder.path("d.csv"), b"prefix,rate\n49,0.1\n# caf\xe9\n").unwrap();
    let (_, said) = check(&folder, &["r.toml"]);
    let want = "d.csv:3:6: error: the byte 0xe9 is no UTF-8\n  help: save the file as UTF-8\n";
    assert_eq!(said, want);
}

#[test]
fn table_files_have_these_doubts_where_they_compute_as_cgrates_does() {
    let folder = Folder::new("cgrates-deck");
    let rows = [
        ("49,0.09,1h,1s\n", "d.csv:2:1: warning: the rate 0.09 for 1h0m0s bills 0.108"),
        ("49,-0.06,60s,1s\n", "d.csv:2:1: warning: the price is below zero"),
    ];
    let plan = "[[rating_plan]]\nid = \"RP\"\ndeck = \"d.csv\"\n";
    for (row, wanted) in rows {
        folder.write("d.csv", &format!("prefix,rate,unit,increment\n{row}"));
        folder.write("r.toml", &format!("{plan}arithmetic = \"cgrates\"\n"));
        let (code, said) = check(&folder, &["r.toml"]);
        assert!(code == Some(0) && said.contains(wanted), "no {wanted} in {said}");
        folder.write("r.toml", plan);
        let (_, said) = check(&folder, &["r.toml"]);
        assert!(!said.contains(" bills "), "exact prices are what they say: {said}");
    }
    folder.write("d.csv", "prefix,rate,slot\n49,0.06,60s\n");
    for (more, wanted) in [("arithmetic = \"cgrates\"\n", "warning"), ("", "error")] {
        folder.write("r.toml", &format!("{plan}{more}"));
        let (_, said) = check(&folder, &["r.toml"]);
        let wanted = format!("d.csv:2:1: {wanted}: the beginning of a call to `49` has no price");
        assert!(said.contains(&wanted), "no {wanted} in {said}");
    }
    folder.write(
        "r.toml",
        "[[profile]]\nid = \"P\"\nfilters = [\"*string:~*req.A:1\"]\n[[profile.route]]\nid = \"r\"\n\
         [[profile.route]]\nid = \"r\"\n",
    );
    let (_, said) = check(&folder, &["r.toml"]);
    let wanted = "r.toml:7:6: warning: the route `r` of these filters is in the profile already, at r.toml:5";
    assert!(said.contains(wanted), "{said}");
}
