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

/// Cut at a line end, a deck is a good one, and a plan without destinations loads: calls would have no price.
#[test]
fn prices_that_vanish_are_refused_too() {
    let rates: String = (0..10).map(|prefix| format!("{prefix},0.0{prefix}\n")).collect();
    let deck = format!("prefix,rate\n{rates}");
    let destinations: String = (0..10).map(|prefix| format!("D{prefix},{prefix}\n")).collect();
    let plan = "[tables]\ncgrates = [\"plan\"]\n";
    let station = Station::with_settings("guard-prices", plan, |folder| {
        folder.write(
            "routes.toml",
            "[[supplier]]\nid = \"s\"\ngateways = [\"sip:192.0.2.1\"]\ndeck = \"s.csv\"\n\
             [[profile]]\nid = \"P\"\nsorting = \"*lc\"\nroute = [{ id = \"s\" }]\n",
        );
        folder.write("s.csv", &deck);
        std::fs::create_dir(folder.path("plan")).unwrap();
        folder.write("plan/Destinations.csv", &destinations);
    });
    let rows = [
        ("s.csv", &deck[..40], &deck, "6 of 10 rates of rating plan \"s\" would go (60%)"),
        ("plan/Destinations.csv", "", &destinations, "10 of 10 prefixes of destinations would go"),
    ];
    for (failures, (file, cut, whole, says)) in (1..).zip(rows) {
        station.folder.replace(file, cut);
        station.until(file, |station| station.failures("guard") == failures);
        let error = station.status().last_error;
        assert!(error.contains(says), "{file}: {error}");
        station.folder.replace(file, whole);
        assert_eq!(station.generation(), 1, "{file}");
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
fn wishes_without_an_end_keep_no_change_from_being_seen() {
    let station = Station::start("flood", &table("old", &[4]));
    let asking = std::sync::atomic::AtomicBool::new(true);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while asking.load(std::sync::atomic::Ordering::Relaxed) {
                    drop(station.dry_run());
                }
            });
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
        station.folder.replace("routes.toml", &table("new", &[4]));
        let start = std::time::Instant::now();
        while station.mark() != "new" && start.elapsed() < std::time::Duration::from_secs(2) {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        asking.store(false, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(station.mark(), "new");
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
        assert_eq!(known, ["other", "s0", "s1"], "{name}: no supplier is known by a dry run");
    }
}

/// One of everything that a table can say.
const EVERYTHING: &str = "\
[[supplier]]
id = \"alfa\"
name = \"Alfa Inc.\"
send = \"{e164}\"
gateways = [\"sip:192.0.2.1\"]
headers = { X-A = \"1\" }
codecs = [\"PCMA\"]
[[supplier]]
id = \"bravo\"
[[route]]
id = \"11111111-1111-4111-8111-111111111111\"
customer = \"acme\"
target = \"+49\"
supplier = \"alfa\"
created = 2026-01-01T00:00:00Z
hours = [\"mon-fri UTC\"]
failover = \"carrier\"
[[route]]
target = \"all\"
supplier = \"alfa\"
[[route]]
target = \"all\"
supplier = \"bravo\"
[[profile]]
id = \"P\"
filters = [\"*string:~*req.A:1\"]
[[profile.route]]
id = \"alfa\"
[[profile.route]]
id = \"elsewhere\"
[failover]
no_route = 404
[failover.policy.own]
continue = [\"404\"]
";

#[test]
fn a_dry_run_sees_every_change_of_what_answers_say() {
    let routes = "routes: 0 added, 0 removed, 1 changed; profiles: 0 added, 0 removed, 0 changed";
    let profiles = "routes: 0 added, 0 removed, 0 changed; profiles: 0 added, 0 removed, 1 changed";
    let neither = profiles.replace('1', "0");
    let supplier = |key: &str| ("id = \"bravo\"", format!("id = \"bravo\"\n{key}"));
    let alfa = format!("{neither}; suppliers changed: alfa");
    let bravo = format!("{neither}; suppliers changed: bravo");
    let settings = "[tables]\nreload = \"command\"\n[guard]\nshrink_max = \"100%\"\n";
    let station =
        Station::with_settings("all", settings, |folder| folder.write("routes.toml", EVERYTHING));
    let swapped = "[[route]]\ntarget = \"all\"\nsupplier = \"bravo\"\n\
                   [[route]]\ntarget = \"all\"\nsupplier = \"alfa\"\n";
    let in_order = "[[route]]\ntarget = \"all\"\nsupplier = \"alfa\"\n\
                    [[route]]\ntarget = \"all\"\nsupplier = \"bravo\"\n";
    let mut rows: Vec<(&str, String, &str)> = vec![
        // Rows.
        ("\"carrier\"", "\"classic\"".into(), routes),
        ("created = 2026", "created = 2025".into(), routes),
        ("mon-fri", "mon-sat".into(), routes),
        ("\"acme\"", "\"globex\"".into(), routes),
        (in_order, swapped.into(), routes),
        // Suppliers.
        ("send = \"{e164}\"", "send = \"00{digits}\"".into(), &alfa),
        ("sip:192.0.2.1", "sip:192.0.2.2".into(), &alfa),
        ("X-A = \"1\"", "X-A = \"2\"".into(), &alfa),
        ("PCMA", "PCMU".into(), &alfa),
        // Profiles.
        ("~*req.A:1", "~*req.B:1".into(), profiles),
        ("id = \"P\"", "id = \"P\"\nweight = 1".into(), profiles),
        ("id = \"P\"", "id = \"P\"\nactive_from = 2026-01-01T00:00:00Z".into(), profiles),
        ("id = \"elsewhere\"", "id = \"elsewhere\"\nweight = 1".into(), profiles),
        ("id = \"elsewhere\"", "id = \"elsewhere\"\nparameters = \"x\"".into(), profiles),
        ("id = \"elsewhere\"", "id = \"nowhere\"".into(), profiles),
        // Failover.
        ("no_route = 404", "no_route = \"fallback\"".into(), "; [failover] changed"),
        ("continue = [\"404\"]", "continue = [\"503\"]".into(), "; [failover] changed"),
        ("no_route = 404", "default = \"own\"".into(), "; [failover] changed"),
    ];
    for key in [
        "dispatcher_set = 7",
        "carrier = \"b\"",
        "gateway_ids = [\"gw1\"]",
        "caller = \"{digits}\"",
        "parameters = \"x\"",
        "failover = \"own\"",
        "timeout = \"5s\"",
        "ring_timeout = \"5s\"",
        "enabled = false",
    ] {
        let (what, by) = supplier(key);
        rows.push((what, by, &bravo));
    }
    let mend =
        EVERYTHING.replace("Alfa Inc.", "Alfa Ltd.").replace("[failover]", "# New\n[failover]");
    station.folder.replace("routes.toml", &mend);
    assert_eq!(station.dry_run().message, format!("would be published: {neither}"));
    for (what, by, says) in rows {
        let text = EVERYTHING.replace(what, &by);
        assert_ne!(text, EVERYTHING, "{what}");
        station.folder.replace("routes.toml", &text);
        let verdict = station.dry_run();
        assert_eq!(verdict.result, ReloadResult::Published, "{by}: {verdict:?}");
        assert!(verdict.message.contains(says), "{by}: {}", verdict.message);
        let is_failover = says.contains("[failover]");
        assert_eq!(verdict.message.contains("[failover]"), is_failover, "{by}: {verdict:?}");
        if !says.contains("suppliers") {
            assert!(!verdict.message.contains("suppliers"), "{by}: {}", verdict.message);
        }
    }
}
