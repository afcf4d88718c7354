//! What was committed comes back, what was not does not, and what is damaged is said to be.

use super::*;
use crate::model::definition::{Destination, Kind};
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// A folder of a test's own; gone with its guard.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let name = format!("siproute-store-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        drop(fs::remove_dir_all(&path));
        Self(path)
    }

    fn open(&self) -> State {
        State::open(&self.0).unwrap()
    }

    /// The state as it would be found after a power cut now.
    fn cut(&self, name: &str) -> Self {
        let copy = Self::new(name);
        fs::create_dir_all(&copy.0).unwrap();
        for file in [NAME, "siproute.db-wal"] {
            if self.0.join(file).exists() {
                fs::copy(self.0.join(file), copy.0.join(file)).unwrap();
            }
        }
        copy
    }

    fn sql(&self) -> Connection {
        Connection::open(self.0.join(NAME)).unwrap()
    }

    fn count(&self, table: &str) -> i64 {
        let count = format!("SELECT count(*) FROM {table}");
        self.sql().query_row(&count, [], |row| row.get(0)).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn execute(place: &Place, sql: &str) {
    place.sql().execute(sql, []).unwrap();
}

fn destination(id: &str, prefix: &str) -> Definition {
    Definition::Destination(Destination { id: id.into(), prefixes: vec![prefix.into()] })
}

fn set(id: &str, prefix: &str) -> Change {
    Change::Set(Box::new(destination(id, prefix)))
}

fn remove(id: &str) -> Change {
    Change::Remove(Key { kind: Kind::Destination, tenant: String::new(), id: id.into() })
}

/// A folder whose files have lines of an id and a prefix.
fn loaded(path: &str, files: &[(&str, &str)]) -> Change {
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|(name, text)| ((*name).into(), text.as_bytes().into())).collect();
    let definitions = parse(&files).unwrap();
    Change::Load(Folder { path: path.into(), files, definitions })
}

fn parse(files: &[(String, Vec<u8>)]) -> Result<Vec<Definition>, String> {
    let lines = files.iter().flat_map(|(_, bytes)| std::str::from_utf8(bytes).unwrap().lines());
    let line = |line: &str| {
        let (id, prefix) = line.split_once(' ').ok_or_else(|| format!("no prefix: {line}"))?;
        Ok(destination(id, prefix))
    };
    lines.map(line).collect()
}

/// `ID PREFIX PLACE` of all that holds.
fn shown(stored: &[Stored]) -> Vec<String> {
    let show = |one: &Stored| match &one.definition {
        Definition::Destination(Destination { id, prefixes }) => {
            format!("{id} {} {}", prefixes.join(","), one.place)
        }
        other => format!("{other:?}"),
    };
    stored.iter().map(show).collect()
}

#[test]
fn what_was_stated_last_holds_also_after_a_restart() {
    let csv = [("a.csv", "A +49\nB +1")];
    let more = [("b.csv", "C +44"), ("a.csv", "A +49\nB +1")];
    let other = [("a.csv", "A +43")];
    for (name, changes, want) in [
        ("nothing", vec![], &[][..]),
        ("one", vec![set("A", "+49")], &["A +49 siproute.db"]),
        (
            "in order of their last statement",
            vec![set("A", "+49"), set("B", "+1"), set("A", "+48")],
            &["B +1 siproute.db", "A +48 siproute.db"],
        ),
        ("removed", vec![set("A", "+49"), set("B", "+1"), remove("A")], &["B +1 siproute.db"]),
        ("a folder", vec![loaded("/tp", &csv)], &["A +49 /tp", "B +1 /tp"]),
        (
            "a folder over what was set",
            vec![set("A", "+7"), loaded("/tp", &csv)],
            &["A +49 /tp", "B +1 /tp"],
        ),
        (
            "set over a folder",
            vec![loaded("/tp", &csv), set("A", "+7")],
            &["B +1 /tp", "A +7 siproute.db"],
        ),
        ("removed over a folder", vec![loaded("/tp", &csv), remove("A")], &["B +1 /tp"]),
        (
            "removed over a folder and set again",
            vec![loaded("/tp", &csv), remove("A"), set("A", "+7")],
            &["B +1 /tp", "A +7 siproute.db"],
        ),
        (
            "set over a folder and removed",
            vec![loaded("/tp", &csv), set("A", "+7"), remove("A")],
            &["B +1 /tp"],
        ),
        (
            "removed and loaded again",
            vec![loaded("/tp", &csv), remove("A"), loaded("/tp", &csv)],
            &["A +49 /tp", "B +1 /tp"],
        ),
        (
            "another folder takes nothing away",
            vec![loaded("/tp", &csv), loaded("/tp", &other)],
            &["B +1 /tp", "A +43 /tp"],
        ),
        (
            "files that are among those of a later load",
            vec![loaded("/tp", &csv), loaded("/other", &more)],
            &["C +44 /other", "A +49 /other", "B +1 /other"],
        ),
        (
            "twice in one folder",
            vec![loaded("/tp", &[("a.csv", "A +1"), ("b.csv", "A +2")])],
            &["A +2 /tp"],
        ),
        (
            "texts that could be taken for SQL",
            vec![set("'; DROP TABLE folder; --", "\u{0}ü"), remove("%")],
            &["'; DROP TABLE folder; -- \u{0}ü siproute.db"],
        ),
    ] {
        for together in [true, false] {
            let place = Place::new("last");
            let mut state = place.open();
            assert_eq!(state.load(&parse), Ok(vec![]), "{name}");
            if together {
                state.commit(&changes).unwrap();
            } else {
                changes.iter().for_each(|change| state.commit([change]).unwrap());
            }
            assert_eq!(shown(&state.load(&parse).unwrap()), want, "{name}");
            assert_eq!(shown(&read(&place.0, &parse).unwrap()), want, "{name}: read beside it");
            drop(state);
            assert_eq!(shown(&place.open().load(&parse).unwrap()), want, "{name}: restarted");
            assert_eq!(shown(&read(&place.0, &parse).unwrap()), want, "{name}: read without it");
        }
    }
}

#[test]
fn a_removal_leaves_a_mark_only_over_what_a_folder_has() {
    let place = Place::new("mark");
    let mut state = place.open();
    state.load(&parse).unwrap();
    state.commit(&[loaded("/tp", &[("a.csv", "A +49")])]).unwrap();
    state.commit(&[set("B", "+1"), remove("B"), set("A", "+1"), remove("A")]).unwrap();
    assert_eq!(place.count("definition"), 1);
    drop(state);
    // As long as nobody has read what folders have, any may have it.
    let mut state = place.open();
    state.commit(&[remove("C")]).unwrap();
    assert_eq!(place.count("definition"), 2);
    assert_eq!(state.load(&parse), Ok(vec![]));
}

#[test]
fn equal_contents_and_equal_loads_are_kept_once() {
    let place = Place::new("once");
    let mut state = place.open();
    let files = [("a.csv", "A +49"), ("b.csv", "A +49")];
    for (name, load, folders, files, contents) in [
        ("two equal files", loaded("/tp", &files), 1, 2, 1),
        ("the same again", loaded("/tp", &files), 1, 2, 1),
        ("from elsewhere", loaded("/other", &files), 1, 2, 1),
        ("one file less", loaded("/tp", &files[..1]), 2, 3, 1),
        ("all of them again", loaded("/tp", &files), 1, 2, 1),
        ("another content", loaded("/tp", &[("a.csv", "A +48"), ("b.csv", "A +49")]), 2, 4, 2),
        ("no file", loaded("/tp", &[]), 3, 4, 2),
        ("no file again", loaded("/tp", &[]), 3, 4, 2),
    ] {
        state.commit(&[load]).unwrap();
        let counts = ["folder", "folder_file", "content"].map(|table| place.count(table));
        assert_eq!(counts, [folders, files, contents], "{name}");
    }
}

#[test]
fn a_power_cut_leaves_what_was_committed_and_nothing_else() {
    let place = Place::new("cut");
    let mut state = place.open();
    for n in 0..20 {
        state.commit(&[set(&format!("D{n}"), "+49"), set("LAST", &format!("+{n}"))]).unwrap();
        let found = place.cut("found").open().load(&parse).unwrap();
        assert_eq!(found.len(), n + 2, "durable before it is acknowledged");
        assert!(shown(&found).contains(&format!("LAST +{n} siproute.db")));
    }
    // So much that it reaches the log on disk before it is committed.
    let connection = &mut state.connection;
    connection.pragma_update(None, "cache_size", 10).unwrap();
    let before = fs::metadata(place.0.join("siproute.db-wal")).unwrap().len();
    let transaction = connection.transaction().unwrap();
    for n in 0..2000 {
        super::set(&transaction, 1000 + n, &destination(&format!("X{n}"), "+1")).unwrap();
    }
    assert!(fs::metadata(place.0.join("siproute.db-wal")).unwrap().len() > before);
    let found = place.cut("found").open().load(&parse).unwrap();
    assert_eq!(found.len(), 21, "nothing that was not committed");
    transaction.commit().unwrap();
    assert_eq!(place.cut("found").open().load(&parse).unwrap().len(), 2021);
}

#[test]
fn changes_for_which_there_is_no_room_leave_everything_as_it_was() {
    let place = Place::new("full");
    let mut state = place.open();
    state.commit(&[set("A", "+49")]).unwrap();
    let pages: i64 =
        state.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    state
        .connection
        .pragma_update_and_check(None, "max_page_count", pages + 4, |_| Ok(()))
        .unwrap();
    let much = "x".repeat(1 << 20);
    let trouble = state.commit(&[set("B", "+1"), set("C", &much)]).unwrap_err();
    assert_eq!(trouble.kind, TroubleKind::Io);
    assert!(trouble.to_string().contains("full"), "{trouble}");
    assert_eq!(shown(&state.load(&parse).unwrap()), ["A +49 siproute.db"]);
    state.commit(&[set("B", "+1")]).unwrap();
    assert_eq!(shown(&state.load(&parse).unwrap()), ["A +49 siproute.db", "B +1 siproute.db"]);
}

#[test]
fn one_process_alone_changes_it() {
    let place = Place::new("alone");
    let mut state = place.open();
    state.commit(&[set("A", "+49")]).unwrap();
    let trouble = State::open(&place.0).unwrap_err();
    assert_eq!(trouble.kind, TroubleKind::InUse, "{trouble}");
    let said = trouble.to_string();
    assert!(said.contains("siproute.db") && said.contains("in use by another process"), "{said}");
    // The one that has it goes on, and when it ends, the next may.
    state.commit(&[set("B", "+1")]).unwrap();
    drop(state);
    assert_eq!(place.open().load(&parse).unwrap().len(), 2);
}

#[test]
fn a_damaged_database_is_said_to_be_with_the_way_out() {
    type Damage = fn(&Place);
    let damages: [(&str, Damage, TroubleKind, &str); 10] = [
        (
            "no database",
            |place| fs::write(place.0.join(NAME), "no database at all".repeat(100)).unwrap(),
            TroubleKind::Damaged,
            "not a database",
        ),
        (
            "cut",
            |place| {
                let path = place.0.join(NAME);
                let whole = fs::read(&path).unwrap();
                fs::write(path, &whole[..whole.len() / 2]).unwrap();
            },
            TroubleKind::Damaged,
            "",
        ),
        (
            "pages of something else",
            |place| {
                let path = place.0.join(NAME);
                let mut whole = fs::read(&path).unwrap();
                whole[8192..].fill(0x5a);
                fs::write(path, whole).unwrap();
            },
            TroubleKind::Damaged,
            "",
        ),
        (
            "a text that is none",
            |place| execute(place, "UPDATE definition SET body = '{'"),
            TroubleKind::Damaged,
            "destination :A",
        ),
        (
            "a text under another id",
            |place| execute(place, "UPDATE definition SET id = 'Z'"),
            TroubleKind::Damaged,
            "destination :Z: the row holds something else",
        ),
        (
            "a kind that is none",
            |place| execute(place, "UPDATE definition SET kind = 'x'"),
            TroubleKind::Damaged,
            "x :A: there is no such kind",
        ),
        (
            "a file that is not what was loaded",
            |place| execute(place, "UPDATE content SET bytes = x'41'"),
            TroubleKind::Damaged,
            "a.csv of /tp is not what was loaded",
        ),
        (
            "a file that is gone",
            |place| execute(place, "DELETE FROM content"),
            TroubleKind::Damaged,
            "a.csv of /tp is not what was loaded",
        ),
        (
            "another program's",
            |place| place.sql().pragma_update(None, "application_id", 7).unwrap(),
            TroubleKind::Foreign,
            "another program made it",
        ),
        (
            "a later version's",
            |place| place.sql().pragma_update(None, "user_version", 2).unwrap(),
            TroubleKind::Foreign,
            "it has version 2",
        ),
    ];
    for (name, damage, kind, why) in damages {
        let place = Place::new("damaged");
        let mut state = place.open();
        state.commit(&[set("A", "+49"), loaded("/tp", &[("a.csv", "B +1")])]).unwrap();
        drop(state);
        damage(&place);
        let opened = State::open(&place.0).and_then(|mut state| state.load(&parse));
        for (who, opened) in [("opened", opened), ("read", read(&place.0, &parse))] {
            let trouble = opened.expect_err(name);
            assert_eq!(trouble.kind, kind, "{name}, {who}: {trouble}");
            let path = place.0.join(NAME);
            let said = trouble.to_string();
            assert!(said.contains(path.to_str().unwrap()) && said.contains(why), "{name}: {said}");
            let help = trouble.help();
            assert!(help.contains("--without-state"), "{name}: {help}");
            let command = format!("mv {0} {0}.damaged", path.display());
            assert_eq!(help.contains(&command), kind == TroubleKind::Damaged, "{name}: {help}");
        }
        // Nothing was mended behind anybody's back: it says the same the next time.
        assert!(State::open(&place.0).and_then(|mut state| state.load(&parse)).is_err(), "{name}");
        // Set aside as it says, it is in nobody's way.
        let (path, aside) = (place.0.join(NAME), place.0.join("siproute.db.damaged"));
        fs::rename(path, aside).unwrap();
        assert_eq!(place.open().load(&parse), Ok(vec![]), "{name}");
    }
}

#[test]
fn a_folder_that_cannot_be_read_again_is_not_passed_over() {
    let place = Place::new("again");
    let mut state = place.open();
    state.commit(&[loaded("/tp", &[("a.csv", "B +1")])]).unwrap();
    let trouble = state.load(&|_| Err("a.csv:1: no".into())).unwrap_err();
    let said = trouble.to_string();
    assert_eq!(trouble.kind, TroubleKind::Damaged, "{said}");
    assert!(said.contains("what was loaded from /tp cannot be read again: a.csv:1: no"), "{said}");
}

#[test]
fn where_nothing_can_be_made_the_error_says_so() {
    let place = Place::new("blocked");
    fs::write(&place.0, "a file where the folder should be").unwrap();
    let trouble = State::open(&place.0).unwrap_err();
    assert_eq!(trouble.kind, TroubleKind::Io, "{trouble}");
    assert!(!is_there(&place.0), "nothing that could be missed");
    fs::remove_file(&place.0).unwrap();

    fs::create_dir_all(place.0.join(NAME)).unwrap();
    let trouble = State::open(&place.0).unwrap_err();
    assert_eq!(trouble.kind, TroubleKind::Io, "{trouble}");
    assert_eq!(read(&place.0, &parse).unwrap_err().kind, TroubleKind::Io);
    fs::remove_dir(place.0.join(NAME)).unwrap();

    assert_eq!(read(&place.0, &parse), Ok(vec![]), "none is no trouble for who only reads");
    let made = std::process::Command::new("mkfifo").arg(place.0.join(NAME)).status();
    assert!(made.unwrap().success());
    let trouble = State::open(&place.0).unwrap_err();
    assert_eq!(trouble.kind, TroubleKind::Io, "nothing waits for a FIFO: {trouble}");
}

#[test]
fn nobody_else_may_read_it() {
    let place = Place::new("mode");
    let mut state = place.open();
    state.commit(&[set("A", "+49")]).unwrap();
    for file in [NAME, "siproute.db-wal", "siproute.db-shm"] {
        let mode = fs::metadata(place.0.join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    assert!(is_there(&place.0));
}

#[test]
fn every_kind_comes_back_as_it_was_stated() {
    use crate::model::definition::{
        Activation, AttributeProfile, Conditional, FilterDefinition, Generation, RouteDefinition,
        RouteProfile, Stamp, Timing,
    };
    let text = "2026-01-01T01:00:00+01:00".to_owned();
    let from = Some(Stamp { ns: 1_767_225_600_000_000_000, text });
    let active = Some(Activation { from, until: None });
    let (tenant, id) = ("cgrates.org".to_owned(), "\"ü\n".to_owned());
    let route = RouteDefinition { id: "r1".into(), ..RouteDefinition::default() };
    let definitions = vec![
        destination("DST", "+49"),
        Definition::Timing(Timing { id: "T".into(), years: vec![2026], ..Timing::default() }),
        Definition::Filter(FilterDefinition {
            tenant: tenant.clone(),
            id: id.clone(),
            rules: Some(vec![]),
            active: active.clone(),
        }),
        Definition::Attribute(AttributeProfile {
            tenant: tenant.clone(),
            id: id.clone(),
            weight: 0.1,
            ..AttributeProfile::default()
        }),
        Definition::Profile(RouteProfile {
            generation: Generation::V100,
            tenant,
            id,
            active,
            weight: Conditional::First(Some(vec![(Some(vec!["F".into()]), 1.5)])),
            routes: Some(vec![route]),
            ..RouteProfile::default()
        }),
    ];
    let place = Place::new("kinds");
    let changes: Vec<Change> =
        definitions.iter().map(|one| Change::Set(Box::new(one.clone()))).collect();
    place.open().commit(&changes).unwrap();
    let stored = place.open().load(&parse).unwrap();
    let back: Vec<Definition> = stored.into_iter().map(|one| one.definition).collect();
    assert_eq!(back, definitions);
}
