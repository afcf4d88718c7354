//! What the guard refuses, and how it is told that it is meant.

use crate::support::folder::table;
use crate::support::station::Station;
use siproute::service::control::{Control, ReloadRequest, ReloadResult};

#[test]
fn a_file_that_lost_too_much_is_refused_and_accepted_once() {
    let whole = table("whole", &[10, 10, 4]);
    // Cut at the boundary of a row: good TOML, and rows of two suppliers are gone.
    let at = whole.match_indices("[[route]]").nth(9).unwrap().0;
    for (name, text, says) in [
        ("cut", whole[..at].to_owned(), "15 of 24 rows would go (62%)"),
        ("one supplier's", table("thin", &[10, 10, 1]), "3 of 4 rows of supplier \"s2\""),
        ("no row", "[[supplier]]\nid = \"s0\"\n".to_owned(), "no row of 24 would be left"),
    ] {
        let station = Station::start("guard", &whole);
        station.folder.replace("routes.toml", &text);
        station.until(name, |station| station.failures("guard") == 1);
        let error = station.status().last_error;
        assert!(error.contains(says), "{name}: {error}");
        assert!(error.contains("siproute reload --accept shrink --why"), "{name}: {error}");
        assert_eq!(
            station.reload().result,
            ReloadResult::Refused,
            "{name}: asking is no accepting"
        );
        assert_eq!(station.generation(), 1, "{name}");

        let verdict = station.accept("they leave");
        assert_eq!(verdict.result, ReloadResult::Published, "{name}: {verdict:?}");
        assert_eq!(station.generation(), 2, "{name}");

        // It was accepted once: the next shrinking is refused again.
        station.folder.replace("routes.toml", &whole);
        station.until(name, |station| station.generation() == 3);
        station.folder.replace("routes.toml", &text);
        station.until(name, |station| station.failures("guard") == 3);
        assert_eq!(station.generation(), 3, "{name}");
    }
}

#[test]
fn the_guard_is_for_reloads_alone() {
    let station = Station::start("first", "");
    assert_eq!((station.generation(), station.status().routes), (1, 0));
    station.folder.replace("routes.toml", &table("rows", &[5]));
    station.until("rows come", |station| station.status().routes == 5);
}

#[test]
fn nothing_is_accepted_without_a_known_guard_and_a_reason() {
    let station = Station::start("reason", &table("whole", &[8]));
    station.folder.replace("routes.toml", &table("thin", &[1]));
    station.until("refused", |station| station.failures("guard") == 1);
    let request = |accept: &str, why: &str| ReloadRequest {
        accept: Some(accept.into()),
        why: why.into(),
        ..ReloadRequest::default()
    };
    for (request, says) in [
        (request("shrink", " "), "say why"),
        (request("price", "because"), "no such guard: the only one is `shrink`"),
    ] {
        let verdict = station.control.reload(request);
        assert_eq!(verdict.result, ReloadResult::Refused);
        assert!(verdict.message.contains(says), "{verdict:?}");
    }
    assert_eq!(station.generation(), 1);
    assert_eq!(station.failures("guard"), 1, "a wish that makes no sense is no failed reload");
}

#[test]
fn a_dry_run_says_what_would_happen_and_changes_nothing() {
    let base = table("base", &[4, 4]);
    let more = format!(
        "{base}[[supplier]]\nid = \"fresh\"\n[[route]]\ntarget = \"+1\"\nsupplier = \"fresh\"\n"
    );
    let changed = base.replace(
        "target = \"+4900002\"\nsupplier = \"s1\"",
        "target = \"+4900002\"\nsupplier = \"s1\"\npriority = 9",
    );
    for (name, text, result, says) in [
        ("nothing", base.clone(), ReloadResult::Unchanged, "nothing would change"),
        ("more", more, ReloadResult::Published, "routes: 1 added, 0 removed, 0 changed"),
        (
            "another priority",
            changed,
            ReloadResult::Published,
            "routes: 0 added, 0 removed, 1 changed",
        ),
        (
            "one supplier less",
            table("base", &[4]),
            ReloadResult::Refused,
            "would be refused (guard)",
        ),
        ("no TOML", "[".into(), ReloadResult::Refused, "would be refused (syntax)"),
    ] {
        let settings = "[tables]\nreload = \"command\"\n";
        let station =
            Station::with_settings("dry", settings, |folder| folder.write("routes.toml", &base));
        station.folder.replace("routes.toml", &text);
        let before = station.status();
        let verdict = station.dry_run();
        assert_eq!(verdict.result, result, "{name}: {verdict:?}");
        assert!(verdict.message.contains(says), "{name}: {}", verdict.message);
        assert_eq!(station.status(), before, "{name}");
        assert_eq!(station.generation(), 1, "{name}");
        assert_eq!(
            name == "more",
            verdict.message.contains("suppliers added: fresh"),
            "{verdict:?}"
        );
        let known: Vec<_> =
            station.service.live.suppliers.iter().map(|one| one.id.clone()).collect();
        assert_eq!(known, ["s0", "s1"], "{name}: no supplier is known by a dry run");
    }
}
