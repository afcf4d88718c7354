//! What happens to files, and what is in force then.

use crate::support::folder::{Folder, table};
use crate::support::station::Station;
use siproute::service::control::ReloadResult;
use std::collections::BTreeSet;
use std::fs::{self, File, FileTimes};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

fn old() -> String {
    table("old", &[3, 3])
}

fn new() -> String {
    table("new", &[3, 3])
}

#[test]
fn a_change_is_seen_within_two_seconds_however_it_was_made() {
    type Change = fn(&Folder);
    let changes: [(&str, Change); 6] = [
        ("replaced by rename", |folder| folder.replace("routes.toml", &new())),
        ("written in place", |folder| folder.write("routes.toml", &new())),
        ("replaced by one of the same size and an old time", |folder| {
            folder.write("beside", &new());
            let file = File::options().write(true).open(folder.path("beside")).unwrap();
            let long_ago = SystemTime::now() - Duration::from_secs(86_400);
            file.set_times(FileTimes::new().set_modified(long_ago)).unwrap();
            fs::rename(folder.path("beside"), folder.path("routes.toml")).unwrap();
        }),
        ("written in place and its time set back", |folder| {
            let path = folder.path("routes.toml");
            let before = fs::metadata(&path).unwrap().modified().unwrap();
            folder.write("routes.toml", &new());
            let file = File::options().write(true).open(path).unwrap();
            file.set_times(FileTimes::new().set_modified(before)).unwrap();
        }),
        ("removed and made anew", |folder| {
            fs::remove_file(folder.path("routes.toml")).unwrap();
            folder.write("routes.toml", &new());
        }),
        ("a link to another file", |folder| {
            folder.write("other", &new());
            symlink("other", folder.path("link")).unwrap();
            fs::rename(folder.path("link"), folder.path("routes.toml")).unwrap();
        }),
    ];
    assert_eq!(old().len(), new().len());
    for (name, change) in changes {
        let station = Station::start("seen", &old());
        assert_eq!((station.generation(), station.mark()), (1, "old".into()), "{name}");
        change(&station.folder);
        station.until(name, |station| station.mark() == "new");
        assert_eq!(station.generation(), 2, "{name}");
        let status = station.status();
        assert!(status.last_reload_successful, "{name}: {status:?}");
        assert_eq!((status.suppliers, status.routes), (2, 6), "{name}");
        assert!(status.failures.iter().all(|(_, count)| *count == 0), "{name}: {status:?}");
    }
}

#[test]
fn a_file_written_slowly_never_shows_a_table_in_between() {
    for anew in [false, true] {
        // Whole rows at a time: each state in between is good TOML, and the guard lets all pass.
        let settings = "[guard]\nshrink_max = \"100%\"\n";
        let station = Station::with_settings("slow", settings, |folder| {
            folder.write("routes.toml", &table("old", &[12, 12]));
        });
        let path = station.folder.path("routes.toml");
        if anew {
            fs::remove_file(&path).unwrap();
        }
        let mut file = File::create(&path).unwrap();
        let text = table("new", &[12, 12]);
        let ends = text.match_indices("[[route]]").map(|(at, _)| at).chain([text.len()]);
        let mut written = 0;
        for end in ends {
            file.write_all(&text.as_bytes()[written..end]).unwrap();
            written = end;
            let pause = if anew { 40 } else { 50 };
            station.throughout(pause, "a table in between", |station| station.mark() == "old");
        }
        station.until("the whole file", |station| station.mark() == "new");
        let status = station.status();
        assert_eq!((status.generation, status.routes), (2, 24));
        assert!(status.failures.iter().all(|(_, count)| *count == 0), "{status:?}");
    }
}

#[test]
fn a_bad_file_leaves_the_table_in_force_and_says_why() {
    type Damage = fn(&Folder);
    let rows: [(&str, Damage, &str, &str); 8] = [
        (
            "no TOML",
            |folder| folder.replace("routes.toml", "[[route]\n"),
            "syntax",
            "routes.toml:1:",
        ),
        (
            "an unknown supplier",
            |folder| {
                folder.replace(
                    "routes.toml",
                    &new().replace("supplier = \"s1\"", "supplier = \"sx\""),
                )
            },
            "check",
            "routes.toml:18:",
        ),
        (
            "removed",
            |folder| fs::remove_file(folder.path("routes.toml")).unwrap(),
            "read",
            "no such file",
        ),
        (
            "a folder",
            |folder| {
                fs::remove_file(folder.path("routes.toml")).unwrap();
                fs::create_dir(folder.path("routes.toml")).unwrap();
            },
            "read",
            "no regular file",
        ),
        (
            "a FIFO that nobody writes",
            |folder| {
                fs::remove_file(folder.path("routes.toml")).unwrap();
                let made = Command::new("mkfifo").arg(folder.path("routes.toml")).status();
                assert!(made.unwrap().success());
            },
            "read",
            "no regular file",
        ),
        (
            "a device",
            |folder| {
                symlink("/dev/zero", folder.path("link")).unwrap();
                fs::rename(folder.path("link"), folder.path("routes.toml")).unwrap();
            },
            "read",
            "no regular file",
        ),
        (
            "ten gigabytes of nothing",
            |folder| {
                let file = File::create(folder.path("routes.toml")).unwrap();
                file.set_len(10 << 30).unwrap();
            },
            "read",
            "limits.table_file_max",
        ),
        ("empty", |folder| folder.write("routes.toml", ""), "guard", "no row of 6 would be left"),
    ];
    for (name, damage, stage, says) in rows {
        let station = Station::start("bad", &old());
        damage(&station.folder);
        station.until(name, |station| !station.status().last_reload_successful);
        let status = station.status();
        assert_eq!((station.mark().as_str(), station.generation()), ("old", 1), "{name}");
        assert!(status.last_error.contains(says), "{name}: {}", status.last_error);
        assert!(!status.last_error.contains('\n'), "{name}: one line");
        for (label, count) in status.failures {
            assert_eq!(count, u64::from(label == stage), "{name}: {label}");
        }
        // The thread is not stuck, and the files can be mended.
        let start = Instant::now();
        assert_eq!(station.reload().result, ReloadResult::Refused, "{name}");
        // Busy machines take a while; what is stuck takes for ever.
        assert!(start.elapsed() < Duration::from_secs(5), "{name}: {:?}", start.elapsed());
        let path = station.folder.path("routes.toml");
        if path.is_dir() {
            fs::remove_dir(&path).unwrap();
        }
        station.folder.replace("routes.toml", &new());
        station.until(name, |station| station.mark() == "new");
        assert!(station.status().last_reload_successful, "{name}");
        assert_eq!(station.status().last_error, "", "{name}");
    }
}

#[test]
fn a_mended_file_that_says_what_is_in_force_is_a_good_end() {
    let station = Station::start("mended", &old());
    station.folder.replace("routes.toml", "[");
    station.until("refused", |station| !station.status().last_reload_successful);
    station.folder.replace("routes.toml", &old());
    station.until("mended", |station| station.status().last_reload_successful);
    assert_eq!(station.generation(), 1);
    assert_eq!(station.reload().result, ReloadResult::Unchanged);
}

#[test]
fn ten_swaps_of_a_linked_folder_are_ten_tables() {
    let station = Station::with_settings("linked", "", |folder| {
        fs::create_dir(folder.path("..version0")).unwrap();
        folder.write("..version0/routes.toml", &table("v0", &[2]));
        symlink("..version0", folder.path("..data")).unwrap();
        symlink("..data/routes.toml", folder.path("routes.toml")).unwrap();
    });
    for version in 1..=10 {
        let (fresh, mark) = (format!("..version{version}"), format!("v{version}"));
        fs::create_dir(station.folder.path(&fresh)).unwrap();
        station.folder.write(&format!("{fresh}/routes.toml"), &table(&mark, &[2]));
        symlink(&fresh, station.folder.path("..data_new")).unwrap();
        fs::rename(station.folder.path("..data_new"), station.folder.path("..data")).unwrap();
        let gone = station.folder.path(&format!("..version{}", version - 1));
        fs::remove_dir_all(gone).unwrap();
        station.until(&mark, |station| station.mark() == mark);
    }
    assert_eq!(station.generation(), 11);
    assert!(station.status().failures.iter().all(|(_, count)| *count == 0));
}

#[test]
fn files_of_a_pattern_come_and_go() {
    let settings = "[tables]\nfiles = [\"routes.d/*.toml\"]\n[guard]\nshrink_max = \"100%\"\n";
    let station = Station::with_settings("pattern", settings, |folder| {
        fs::create_dir(folder.path("routes.d")).unwrap();
        folder.write("routes.d/a.toml", &old());
    });
    let more = "[[route]]\ntarget = \"+1\"\nsupplier = \"s0\"\n";
    station.folder.write("routes.d/b.toml", more);
    station.until("one more", |station| station.status().routes == 7);
    fs::remove_file(station.folder.path("routes.d/b.toml")).unwrap();
    station.until("one less", |station| station.status().routes == 6);
    assert_eq!(station.generation(), 3);
}

#[test]
fn on_command_files_are_read_only_when_asked_for() {
    let settings = "[tables]\nreload = \"command\"\n";
    let station =
        Station::with_settings("command", settings, |folder| folder.write("routes.toml", &old()));
    station.folder.replace("routes.toml", &new());
    station.throughout(600, "it was not asked for", |station| station.mark() == "old");
    let verdict = station.reload();
    assert_eq!((verdict.result, verdict.generation), (ReloadResult::Published, 2), "{verdict:?}");
    assert_eq!(verdict.fingerprint, station.status().fingerprint);
}

#[test]
fn a_wish_does_not_wait_for_files_to_be_still() {
    let station = Station::start("at-once", &old());
    station.folder.write("routes.toml", &new());
    let verdict = station.reload();
    assert_eq!(verdict.result, ReloadResult::Published, "{verdict:?}");
    assert_eq!(station.mark(), "new");
}

#[test]
fn changed_settings_need_a_restart_and_nothing_else_happens() {
    let station = Station::start("settings", &old());
    station.folder.settings("[guard]\nshrink_max = \"10%\"\n[limits]\nroutes_max = 7\n");
    station.until("told", |station| station.status().needs_restart.len() == 2);
    let lines = station.status().needs_restart;
    assert!(
        lines[0].starts_with("[guard] of ") && lines[1].starts_with("[limits] of "),
        "{lines:?}"
    );
    station.folder.settings("[gaurd]\n");
    station.until("told", |station| {
        station.status().needs_restart.iter().any(|line| line.contains("siproute.toml:3:2"))
    });
    station.folder.settings("");
    station.until("taken back", |station| station.status().needs_restart.is_empty());
    assert_eq!(station.generation(), 1);
    assert!(station.status().last_reload_successful);
}

#[test]
fn figures_survive_by_the_suppliers_id() {
    let station = Station::start("figures", &table("v1", &[3, 3]));
    let figures = |station: &Station, id: &str| {
        let table = station.service.table();
        let found = table.suppliers.find(id).and_then(|index| table.suppliers.get(index));
        let live = found.unwrap().live;
        station.service.live.suppliers.get(live.0).unwrap().offers().next().unwrap()
    };
    let count = |station: &Station, id: &str| {
        let index = station.service.live.suppliers.index_of(id).unwrap();
        station.service.live.suppliers.get(index).unwrap().count_offer(0);
    };
    count(&station, "s0");
    count(&station, "s1");
    count(&station, "s1");
    // The other way round, with a new one before them.
    let text = "[[supplier]]\nid = \"s2\"\n[[supplier]]\nid = \"s1\"\n[[supplier]]\nid = \"s0\"\n";
    let rows = table("", &[3, 3]);
    let rows = &rows[rows.find("[[route]]").unwrap()..];
    station.folder.replace("routes.toml", &format!("{text}{rows}"));
    station.until("published", |station| station.generation() == 2);
    let counted = ["s0", "s1", "s2"].map(|id| figures(&station, id));
    assert_eq!(counted, [1, 2, 0]);
}

#[test]
fn tables_that_nobody_reads_any_more_are_freed() {
    let station = Station::start("freed", &old());
    let mut held = Vec::new();
    for version in 0..5 {
        let table = std::sync::Arc::clone(&station.service.table());
        held.push(std::sync::Arc::downgrade(&table));
        station.folder.replace("routes.toml", &table_of(version));
        station.reload();
        // A reader holds it; it stays until then.
        std::thread::sleep(Duration::from_millis(150));
        assert!(held[version].upgrade().is_some());
        drop(table);
    }
    station.until("all but the last are gone", |_| held.iter().all(|one| one.strong_count() == 0));
}

fn table_of(version: usize) -> String {
    table(&format!("v{version}"), &[3, 3])
}

#[test]
fn a_fast_series_of_changes_ends_with_the_last_one() {
    let station = Station::start("series", &old());
    let mut generations = BTreeSet::new();
    for version in 0..100 {
        station.folder.replace("routes.toml", &table(&format!("v{version}"), &[3, 3]));
        generations.insert(station.generation());
        std::thread::sleep(Duration::from_millis(10));
    }
    station.until("the last one", |station| station.mark() == "v99");
    assert!(generations.len() > 2, "and some on the way are seen: {generations:?}");
    assert!(station.status().failures.iter().all(|(_, count)| *count == 0));
}
