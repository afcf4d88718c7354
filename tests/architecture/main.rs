//! The floors of the house and its habits, held by an ordinary test.
//!
//! ARCHITECTURE.md says what they are for. A failure names file, line and the way out. The rows at the
//! end prove that each rule finds what it is there for.

#[cfg(test)]
mod rules;
#[cfg(test)]
mod source;

#[cfg(test)]
mod tests {
    use super::rules::{FLOORS, findings, unfinished, unreasoned};
    use super::source::Source;
    use std::path::Path;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    fn none_in(found: &[String]) {
        assert!(found.is_empty(), "{} broken rules:\n{}", found.len(), found.join("\n"));
    }

    #[test]
    fn the_source_keeps_to_its_floors_and_habits() {
        let sources = Source::walk(root(), "src");
        assert!(sources.len() > 10, "only {} files were found below src/", sources.len());
        none_in(&findings(&sources));
    }

    #[test]
    fn every_direct_dependency_has_its_reason() {
        let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
        none_in(&unreasoned(&manifest));
    }

    #[test]
    fn nothing_that_is_shipped_is_marked_unfinished() {
        let mut found = Vec::new();
        let mut open =
            ["tests", "conf", "kamailio", "opensips"].map(|name| root().join(name)).to_vec();
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                found.extend(unfinished(
                    path.strip_prefix(root()).unwrap().to_str().unwrap(),
                    &text,
                ));
            }
        }
        none_in(&found);
    }

    #[test]
    fn the_architecture_page_draws_the_floors_that_are_there() {
        let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
        // `| 1 | `table/` | …`
        let drawn: Vec<(&str, u8)> = page
            .lines()
            .filter_map(|line| {
                let mut cells = line.split('|').map(str::trim).skip(1);
                let floor = cells.next()?.parse().ok()?;
                Some((cells.next()?.strip_prefix('`')?.strip_suffix("/`")?, floor))
            })
            .collect();
        assert_eq!(drawn, FLOORS, "the table of floors in ARCHITECTURE.md, and tests/architecture");
        for (folder, _) in FLOORS {
            assert!(root().join("src").join(folder).is_dir(), "there is no folder src/{folder}");
        }
    }

    /// The first finding in one file, without the sentence that every file begins with.
    fn check(path: &str, body: &str) -> Option<String> {
        findings(&[Source::new(path, &format!("//! Duty.\n{body}"))]).into_iter().next()
    }

    #[test]
    fn each_rule_finds_what_it_is_there_for() {
        for (path, body, want) in [
            // Floors.
            (
                "src/table/a.rs",
                "use crate::engine::Choice;",
                "a.rs:2: `crate::engine::Choice`: `table`",
            ),
            ("src/model/a.rs", "\n\nuse crate::{model::b, table::c};", "a.rs:4: `crate::table::c`"),
            (
                "src/model/a.rs",
                "use crate::{\n    model::b,\n    table::{self, c},\n};",
                "a.rs:4: `crate::table",
            ),
            ("src/table/a.rs", "fn f() { crate::codec::json::read(); }", "share floor 1"),
            ("src/net/a.rs", "use crate::admin;", "share floor 5"),
            ("src/live/a.rs", "type T = Vec<crate::service::S>;", "`live` (floor 1)"),
            ("src/config/a.rs", "pub(crate) use crate::net::udp::*;", "floor 5"),
            ("src/table/a.rs", "use super::super::engine::Choice;", "names `engine`"),
            ("src/table/mod.rs", "use super::engine::Choice;", "names `engine`"),
            ("src/table.rs", "use super::engine::Choice;", "names `engine`"),
            ("src/table/a.rs", "mod x { use super::super::super::engine::C; }", "names `engine`"),
            ("src/table/a.rs", "#[cfg(test)]\nmod tests { use crate::engine::C; }", "a.rs:3"),
            ("src/table/a.rs", "use crate::Choice;", "names its folder"),
            ("src/table/a.rs", "use crate::*;", "names its folder"),
            ("src/misc/a.rs", "", "`misc` has no floor"),
            // The outside world.
            ("src/engine/a.rs", "use tokio::sync::mpsc;", "`config` up"),
            ("src/engine/a.rs", "use tracing as t;", "`config` up"),
            ("src/engine/a.rs", "fn f() { metrics::counter!(\"x\"); }", "metrics"),
            ("src/codec/a.rs", "use std::{fmt, fs};", "`std::fs`"),
            ("src/model/a.rs", "use std::net::SocketAddr;", "`std::net::SocketAddr`"),
            (
                "src/live/a.rs",
                "use std::time::{Duration, Instant};",
                "`std::time::Instant`: the clock",
            ),
            ("src/live/a.rs", "use std::time;", "take `now`"),
            ("src/live/a.rs", "fn f() { jiff::Timestamp::now(); }", "take `now`"),
            ("src/table/a.rs", "fn f() { std::env::var(\"X\"); }", "`std::env::var`"),
            ("src/live/a.rs", "fn f() { std::thread::yield_now(); }", "`std::thread::yield_now`"),
            ("src/live/a.rs", "#[cfg(test)]\nmod t { use std::time::Instant; }", "take `now`"),
            // Endings.
            ("src/engine/a.rs", "fn f() { x.unwrap(); }", "a.rs:2: `.unwrap(`"),
            ("src/engine/a.rs", "fn f() { x\n  .expect(\"y\"); }", "a.rs:3: `.expect(`"),
            ("src/codec/a.rs", "fn f() { println!(); }", "println!"),
            ("src/codec/a.rs", "#[cfg(not(test))]\nfn f() { panic!() }", "panic!"),
            // Shape and habits.
            ("src/net/a.rs", "fn f() { unsafe { g() } }", "a.rs:2: `unsafe`"),
            ("src/live/a.rs", "use libc::c_int;", "`config` up"),
            ("src/net/a.rs", "#[allow(dead_code)]\nfn f() {}", "switched off"),
            ("src/net/a.rs", "#![allow(dead_code)]", "switched off"),
            ("src/net/a.rs", "#[expect(dead_code)]\nfn f() {}", "switched off"),
            ("src/net/a.rs", "#![expect(unsafe_code, reason = \"fast\")]", "switched off"),
            ("src/net/mmsg.rs", "#![expect(dead_code, reason = \"later\")]", "switched off"),
            ("src/net/a.rs", &format!("// {}: later", ["TO", "DO"].concat()), "a.rs:2"),
            ("src/net/a.rs", &"\n".repeat(500), "more than 500"),
        ] {
            let found = check(path, body).unwrap_or_default();
            assert!(
                found.starts_with("src/") && found.contains(want),
                "{path}: {body}\ngave: {found}"
            );
        }
        let silent = findings(&[Source::new("src/net/a.rs", "use std::fs;\n")]);
        assert!(silent.iter().any(|finding| finding.contains("begin with `//!`")), "{silent:?}");
    }

    #[test]
    fn what_is_allowed_passes() {
        for (path, body) in [
            ("src/engine/a.rs", "use crate::{model::a, table::b, codec::c, live::d, engine::e};"),
            ("src/table/a.rs", "use super::filter::Filter;"),
            ("src/table/a.rs", "mod tests { use super::super::engine; }"),
            ("src/engine/sort/a.rs", "use super::super::table;"),
            ("src/cli/a.rs", "use crate::net::udp; use tokio::sync::mpsc; use std::fs;"),
            ("src/main.rs", "fn main() { siproute::cli::run(); }"),
            (
                "src/net/mmsg.rs",
                "#![expect(unsafe_code, reason = \"no wrapper\")]\nfn f() { unsafe { g() } }",
            ),
            ("src/model/a.rs", "use std::net::Ipv6Addr; use std::time::Duration;"),
            ("src/model/a.rs", "/// Not `x.unwrap()` and not crate::engine::a.\nfn f() {}"),
            (
                "src/model/a.rs",
                "/* /* unsafe */ x.unwrap() */ const A: &str = \"crate::engine::a\";",
            ),
            ("src/model/a.rs", "const A: &str = r#\"a \" .unwrap() \"#; const B: char = '\"';"),
            ("src/model/a.rs", "fn f<'a>(x: &'a str) -> char { '\\'' } // panic!()"),
            ("src/model/a.rs", "fn f() { x.unwrap_or(1); y.expect_digit(); now(); }"),
            (
                "src/model/a.rs",
                "#[cfg(test)]\nmod tests {\n fn f() { { x.unwrap(); } panic!() }\n}",
            ),
            ("src/live/a.rs", "#[cfg(test)]\nmod tests { use std::thread; }"),
            ("src/model/a.rs", "#[cfg(test)]\n#[path = \"x\"]\nfn f(a: [u8; 2]) { x.unwrap() }"),
        ] {
            assert_eq!(check(path, body), None, "{path}: {body}");
        }
    }

    #[test]
    fn a_file_of_tests_may_unwrap_and_start_threads() {
        let declares = Source::new("src/model/a.rs", "//! Duty.\n#[cfg(test)]\nmod tests;\n");
        let tests = Source::new(
            "src/model/a/tests.rs",
            "//! Rows.\nfn f() { std::thread::spawn(g).join().unwrap(); }\n",
        );
        assert_eq!(findings(&[declares, tests]), Vec::<String>::new());
    }

    #[test]
    fn a_dependency_without_a_reason_is_found() {
        for (manifest, want) in [
            ("[dependencies]\n# Why.\na = \"1\"\n", None),
            ("[dependencies]\n# Why.\na = \"1\"\na-more = \"1\"\n", None),
            ("[dependencies]\n# Why.\na = \"1\"\nb = \"1\"\n", Some("Cargo.toml:4: `b`")),
            ("[dependencies]\na = \"1\"\n", Some("Cargo.toml:2: `a`")),
            ("[dev-dependencies]\n# Why.\n\na = \"1\"\n", Some("Cargo.toml:4: `a`")),
            ("[target.'cfg(unix)'.dependencies]\na.workspace = true\n", Some("`a`")),
            ("[package]\nname = \"a\"\n[lints.clippy]\ntodo = \"warn\"\n", None),
        ] {
            let found = unreasoned(manifest).concat();
            assert_eq!(found.is_empty(), want.is_none(), "{manifest}{found}");
            assert!(found.contains(want.unwrap_or_default()), "{manifest}{found}");
        }
    }
}
