//! What APIs change: in force and durable when it is acknowledged, and part of every later table.

use crate::support::folder::{Folder, table};
use crate::support::station::Station;
use rusqlite::Connection;
use siproute::model::definition::{
    AccountEdit, BalanceEdit, Definition, Destination, RouteProfile,
};
use siproute::service::control::{
    Change, ChangeError, Control, Edit, Folder as Loaded, ReloadResult,
};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const STATE: &str = "[tables]\nstate_dir = \"state\"\n";

fn station(name: &str) -> Station {
    Station::with_settings(name, STATE, |folder| folder.write("routes.toml", &table("v1", &[2])))
}

fn destination(id: &str, prefix: &str) -> Definition {
    Definition::Destination(Destination { id: id.into(), prefixes: vec![prefix.into()] })
}

fn set(id: &str, prefix: &str) -> Change {
    Change::Set(Box::new(destination(id, prefix)))
}

fn remove(id: &str) -> Change {
    Change::Remove(destination(id, "").key())
}

/// A profile that names a filter that is not there.
fn refused() -> Change {
    Change::Set(Box::new(Definition::Profile(RouteProfile {
        tenant: "cgrates.org".into(),
        id: "RP".into(),
        filter_ids: Some(vec!["FLTR_NONE".into()]),
        sorting: "*weight".into(),
        ..RouteProfile::default()
    })))
}

/// Asks, and does not wait.
fn ask(station: &Station, edit: impl Into<Edit>) -> Receiver<Result<(), ChangeError>> {
    let (sender, verdict) = channel();
    station.control.change(edit.into(), Box::new(move |result| sender.send(result).unwrap()));
    verdict
}

/// Asks and waits.
fn change(station: &Station, change: Change) -> Result<(), ChangeError> {
    ask(station, change).recv_timeout(Duration::from_secs(5)).expect("a verdict")
}

fn database(folder: &Folder) -> Connection {
    Connection::open(folder.path("state/siproute.db")).unwrap()
}

/// Ids in the database as another process sees it.
fn ids(folder: &Folder) -> Vec<String> {
    let database = database(folder);
    let mut every = database.prepare("SELECT id FROM definition ORDER BY seq").unwrap();
    every.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

fn fingerprint(station: &Station) -> String {
    station.service.table().fingerprint.clone()
}

#[test]
fn what_is_acknowledged_is_durable_and_in_force_and_survives_restarts() {
    let station = station("durable");
    let files_alone = fingerprint(&station);
    change(&station, set("DST", "+49")).unwrap();
    assert_eq!(ids(&station.folder), ["DST"]);
    let status = station.status();
    assert_eq!((station.generation(), status.generation), (2, 2));
    let told = fingerprint(&station);
    assert_eq!(status.fingerprint, told);
    assert_ne!(told, files_alone);

    let station = Station::on(station.stop());
    assert_eq!((station.generation(), fingerprint(&station)), (1, told.clone()));
    // The files are what they were: nothing is read again, and nothing of what was told is lost.
    assert_eq!(station.reload().result, ReloadResult::Unchanged);
    change(&station, set("OTHER", "+1")).unwrap();
    assert_ne!(fingerprint(&station), told);
    change(&station, remove("OTHER")).unwrap();
    assert_eq!((station.generation(), fingerprint(&station)), (3, told));
    change(&station, remove("DST")).unwrap();
    assert_eq!(fingerprint(&station), files_alone);
    assert_eq!(fingerprint(&Station::on(station.stop())), files_alone);
}

#[test]
fn a_reload_of_the_files_keeps_what_was_told() {
    let (first, second) = (station("told"), station("told"));
    change(&first, set("A", "+49")).unwrap();
    change(&first, set("B", "+1")).unwrap();
    for station in [&first, &second] {
        station.folder.replace("routes.toml", &table("v2", &[3]));
    }
    let rehearsed = first.dry_run();
    assert_eq!(rehearsed.result, ReloadResult::Published, "{rehearsed:?}");
    assert_eq!(first.reload().result, ReloadResult::Published);
    assert_eq!((first.mark(), first.generation()), ("v2".into(), 4));
    assert_eq!(fingerprint(&first), rehearsed.fingerprint);
    // Another node that reads and is told the same, in another order.
    second.until("the new files", |station| station.mark() == "v2");
    assert_ne!(fingerprint(&second), fingerprint(&first));
    change(&second, set("B", "+1")).unwrap();
    change(&second, set("A", "+49")).unwrap();
    assert_eq!(fingerprint(&second), fingerprint(&first));
}

#[test]
fn what_depends_on_what_is_there_is_decided_when_its_turn_comes() {
    let station = station("edits");
    let balance = |id: &str, value| {
        let (id, value) = (id.to_owned(), Some(value));
        let balance = Some(BalanceEdit { id, value, ..BalanceEdit::default() });
        let edit = AccountEdit { tenant: "t".into(), id: "1001".into(), ..AccountEdit::default() };
        Edit::Account(Box::new(AccountEdit { balance, ..edit }))
    };
    let add = |id: &str, prefix: &str| Edit::Add(Box::new(destination(id, prefix)));
    let verdicts: Vec<_> = [
        balance("A", 1.0),
        add("DST", "+49"),
        balance("B", 2.0),
        add("DST", "+1"),
        balance("A", 3.0),
    ]
    .into_iter()
    .map(|edit| ask(&station, edit))
    .collect();
    let verdicts: Vec<_> = verdicts
        .into_iter()
        .map(|verdict| verdict.recv_timeout(Duration::from_secs(10)).expect("a verdict"))
        .collect();
    assert_eq!(verdicts, [Ok(()), Ok(()), Ok(()), Err(ChangeError::Exists), Ok(())]);
    let check = |station: &Station| {
        let table = station.service.table();
        assert!(table.objects.destination("DST").unwrap().holds("+4930"));
        let account = table.objects.prices().account("t", "1001").unwrap();
        let balances: Vec<(&str, f64)> = account
            .definition
            .balances
            .iter()
            .map(|balance| (balance.id.as_str(), balance.value))
            .collect();
        assert_eq!(balances, [("A", 3.0), ("B", 2.0)]);
    };
    check(&station);
    check(&Station::on(station.stop()));
}

#[test]
fn changes_that_come_together_each_have_a_verdict_of_their_own() {
    const MANY: usize = 300;
    let station = station("together");
    let verdicts: Vec<_> = (0..MANY)
        .map(|n| match n % 3 {
            0 => ask(&station, set(&format!("D{n}"), "+49")),
            1 => ask(&station, set("LAST", &format!("+{n}"))),
            _ => ask(&station, refused()),
        })
        .collect();
    for (n, verdict) in verdicts.into_iter().enumerate() {
        let verdict = verdict.recv_timeout(Duration::from_secs(10)).expect("a verdict");
        assert_eq!(verdict.is_ok(), n % 3 < 2, "{n}: {verdict:?}");
    }
    assert_eq!(ids(&station.folder).len(), MANY / 3 + 1);
    assert!(station.generation() < MANY as u64 / 2, "{} publications", station.generation());
    let body: String = database(&station.folder)
        .query_row("SELECT body FROM definition WHERE id = 'LAST'", [], |row| row.get(0))
        .unwrap();
    assert!(body.contains(&format!("+{}", MANY - 2)), "the last one holds: {body}");
}

#[test]
fn a_change_that_cannot_be_written_is_not_in_force() {
    let station = station("unwritten");
    change(&station, set("A", "+49")).unwrap();
    let before = fingerprint(&station);
    let other = database(&station.folder);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = change(&station, set("B", "+1")).unwrap_err().to_string();
    assert!(error.starts_with("SERVER_ERROR: the state database "), "{error}");
    assert!(error.contains("siproute.db is in use by another process"), "{error}");
    assert_eq!((station.generation(), fingerprint(&station)), (2, before));
    other.execute_batch("ROLLBACK").unwrap();
    change(&station, set("B", "+1")).unwrap();
    assert_eq!((station.generation(), ids(&station.folder)), (3, vec!["A".into(), "B".into()]));
}

#[test]
fn without_a_place_to_keep_it_nothing_is_changed() {
    let station = Station::start("nowhere", &table("v1", &[2]));
    let error = change(&station, set("A", "+49")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "SERVER_ERROR: tables.state_dir is not set: nothing that the API changes could be kept"
    );
    assert_eq!(station.generation(), 1);
}

#[test]
fn a_folder_is_kept_as_its_files() {
    let station = station("folder");
    let folder = Loaded {
        path: "/srv/tp".into(),
        files: vec![("Destinations.csv".into(), b"#Id,Prefix\nDST_DE,+49\n".to_vec())],
        definitions: vec![destination("DST_DE", "+49")],
    };
    change(&station, Change::Load(folder)).unwrap();
    let told = fingerprint(&station);
    change(&station, set("DST_DE", "+43")).unwrap();
    assert_ne!(fingerprint(&station), told);
    change(&station, set("DST_DE", "+49")).unwrap();
    assert_eq!(fingerprint(&station), told, "the same, however it was told");
    let kept: Vec<u8> = database(&station.folder)
        .query_row("SELECT bytes FROM folder_file JOIN content USING (hash)", [], |row| row.get(0))
        .unwrap();
    assert!(kept.ends_with(b"DST_DE,+49\n"));
}

#[test]
fn who_asks_when_all_is_over_is_told_so() {
    let mut station = station("over");
    station.halt();
    let error = change(&station, set("A", "+49")).unwrap_err();
    assert_eq!(error.to_string(), "SERVER_ERROR: siproute is about to end");
}
