//! The rules of the house, each a function from a file to what is wrong in it.

use super::source::{Named, Source, is, named, stands};
use std::collections::BTreeSet;

/// Every folder of `src/` and its floor, as ARCHITECTURE.md draws them. A folder may name lower floors
/// and itself.
pub const FLOORS: [(&str, u8); 13] = [
    ("model", 0),
    ("table", 1),
    ("codec", 1),
    ("live", 1),
    ("engine", 2),
    ("config", 3),
    ("store", 3),
    ("ops", 3),
    ("service", 4),
    ("net", 5),
    ("reload", 5),
    ("admin", 5),
    ("cli", 6),
];

/// Folders up to this floor decide: no runtime, clock, file, socket, environment, log or metric.
const PURE_FLOOR_MAX: u8 = 2;

/// The one file that may hold `unsafe`, and say that it expects it.
const UNSAFE_FILE: &str = "src/net/mmsg.rs";

/// Crates that the pure floors do not name.
const IMPURE_CRATES: [&str; 12] = [
    "tokio",
    "tracing",
    "tracing_subscriber",
    "metrics",
    "metrics_exporter_prometheus",
    "hyper",
    "hyper_util",
    "http_body_util",
    "libc",
    "clap",
    "arc_swap",
    "rusqlite",
];

/// Parts of the standard library that the pure floors do not name, what lies below them included.
const IMPURE_PATHS: [&str; 6] =
    ["std::env", "std::fs", "std::net", "std::process", "std::thread", "std::os"];

/// The clock; durations beside it are mere values.
const CLOCKS: [&str; 2] = ["std::time::Instant", "std::time::SystemTime"];

/// What lies below the paths above and is a mere value: an address as it stands in a URI or a filter opens
/// no socket.
const PURE_PATHS: [&str; 3] = ["std::net::IpAddr", "std::net::Ipv4Addr", "std::net::Ipv6Addr"];

/// Ways to end the program or to write where nobody reads, none for the pure floors.
const ENDINGS: [&[&str]; 10] = [
    &[".", "unwrap", "("],
    &[".", "expect", "("],
    &["panic", "!"],
    &["unreachable", "!"],
    &["todo", "!"],
    &["unimplemented", "!"],
    &["print", "!"],
    &["println", "!"],
    &["eprint", "!"],
    &["eprintln", "!"],
];

const LINES_MAX: usize = 500;

/// One mistake: where, what, and the way out.
pub type Finding = String;

/// Whether a file is declared for tests alone, or lies below one that is.
fn is_test_file(path: &str, tests: &BTreeSet<String>) -> bool {
    let folder_of = |test: &String| {
        test.strip_suffix("mod.rs").map_or_else(|| test.replace(".rs", "/"), str::to_owned)
    };
    tests.contains(path) || tests.iter().any(|test| path.starts_with(&folder_of(test)))
}

/// Everything that is wrong in `sources`, in order of path.
pub fn findings(sources: &[Source]) -> Vec<Finding> {
    let tests: BTreeSet<String> = sources.iter().flat_map(Source::test_files).collect();
    let mut found = Vec::new();
    for source in sources {
        found.extend(shape(source));
        found.extend(attributes(source));
        found.extend(unfinished(&source.path, &source.text));
        let Some(floor) = floor_of_file(source, &mut found) else { continue };
        found.extend(imports(source, floor));
        if floor <= PURE_FLOOR_MAX {
            let is_tests = is_test_file(&source.path, &tests);
            found.extend(impure(source, is_tests));
            if !is_tests {
                found.extend(endings(source));
            }
        }
    }
    found
}

/// The folder below `src/`, or the name of a file right in it.
fn folder(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

fn floor_of(folder: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == folder).map(|(_, floor)| *floor)
}

/// `lib.rs` and `main.rs` stand above all floors.
fn floor_of_file(source: &Source, found: &mut Vec<Finding>) -> Option<u8> {
    let folder = folder(&source.path);
    if matches!(folder, "lib" | "main") {
        return Some(u8::MAX);
    }
    let floor = floor_of(folder);
    if floor.is_none() {
        found.push(format!(
            "{}:1: `{folder}` has no floor: move the file, or give the folder one in FLOORS of \
             tests/architecture/rules.rs and in ARCHITECTURE.md",
            source.path
        ));
    }
    floor
}

/// Length, and the sentence at the top.
fn shape(source: &Source) -> Vec<Finding> {
    let mut found = Vec::new();
    let lines = source.text.lines().count();
    if lines > LINES_MAX {
        found.push(format!(
            "{}:{lines}: {lines} lines, more than {LINES_MAX}: one noun, one file; split it",
            source.path
        ));
    }
    if !source.text.starts_with("//! ") {
        found.push(format!(
            "{}:1: begin with `//!`: the file's duty, its invariant, what is deliberately not there",
            source.path
        ));
    }
    found
}

/// `unsafe`, and lints switched off in place.
fn attributes(source: &Source) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, token) in source.tokens.iter().enumerate() {
        let may_be_unsafe = source.path == UNSAFE_FILE;
        if token.text == "unsafe" && !may_be_unsafe {
            found.push(format!(
                "{}:{}: `unsafe`: find a safe call, or move it to {UNSAFE_FILE} with its proof",
                source.path, token.line
            ));
        }
        let inner = usize::from(is(&source.tokens, at + 1, "!"));
        let begins = |pattern: &[&str]| stands(&source.tokens, at + 1 + inner, pattern);
        let is_proven = may_be_unsafe && begins(&["[", "expect", "(", "unsafe_code", ","]);
        let is_off = begins(&["[", "allow", "("]) || begins(&["[", "expect", "("]);
        if token.text == "#" && is_off && !is_proven {
            found.push(format!(
                "{}:{}: a lint is switched off: mend what it found, or change the lint in Cargo.toml",
                source.path, token.line
            ));
        }
    }
    found
}

/// Words that mark unfinished work, in code and comments alike; any text file has them checked.
pub fn unfinished(path: &str, text: &str) -> Vec<Finding> {
    // Put together here, so that this file does not find itself.
    let words =
        [["TO", "DO"], ["FIX", "ME"], ["XX", "X"], ["HA", "CK"]].map(|parts| parts.concat());
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for word in line.split(|c| !is_word(c)).filter(|part| words.iter().any(|word| word == part))
        {
            found.push(format!("{path}:{}: `{word}`: do it, or leave it out", index + 1));
        }
    }
    found
}

/// Names of folders that are not below the file's own.
fn imports(source: &Source, floor: u8) -> Vec<Finding> {
    let own = folder(&source.path);
    let mut found = Vec::new();
    for named in source.named() {
        let Some(target) = from_root(source, &named) else { continue };
        if target == own {
            continue;
        }
        let reason = match floor_of(target) {
            Some(theirs) if theirs < floor => continue,
            _ if floor == u8::MAX => continue,
            Some(theirs) if theirs == floor => format!(
                "`{own}` and `{target}` share floor {floor} and know nothing of each other: move what \
                 both need down, or bring them together on a higher floor"
            ),
            Some(theirs) => format!(
                "`{own}` (floor {floor}) names `{target}` (floor {theirs}): a lower floor knows nothing \
                 of a higher one; move the type down, or take the value as an argument"
            ),
            None => {
                "a path from the root names its folder, so that its floor can be seen".to_owned()
            }
        };
        found.push(format!("{}:{}: `{}`: {reason}", source.path, named.line, named.text()));
    }
    found
}

/// The first segment below the crate's root, of `crate::…` and of `super::…` that climbs so far.
fn from_root<'a>(source: &Source, named: &'a Named) -> Option<&'a str> {
    let climbs = named.segments.iter().take_while(|segment| *segment == "super").count();
    let below = match named.segments.first()?.as_str() {
        "crate" => 1,
        "super" if climbs >= depth(&source.path) + source.nesting(named.at) => climbs,
        _ => return None,
    };
    named.segments.get(below).map(String::as_str)
}

/// How deep the file's module lies below the crate's root.
fn depth(path: &str) -> usize {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    match inside {
        "lib.rs" | "main.rs" => 0,
        _ => inside.trim_end_matches("/mod.rs").split('/').count(),
    }
}

/// The outside world in a pure floor. Its tests are held to that too, but that they may start threads,
/// to show what happens when two write at once.
fn impure(source: &Source, is_tests: bool) -> Vec<Finding> {
    let shipped = if is_tests { Vec::new() } else { named(&source.shipped()) };
    let is_shipped =
        |path: &str, line| shipped.iter().any(|named| named.line == line && named.text() == path);
    let mut found = Vec::new();
    for named in source.named() {
        let path = named.text();
        if path.starts_with("std::thread") && !is_shipped(&path, named.line) {
            continue;
        }
        let within = |roots: &[&str]| {
            roots.iter().any(|root| path == *root || path.starts_with(&format!("{root}::")))
        };
        let first = named.segments.first().map_or("", String::as_str);
        let last = named.segments.last().map_or("", String::as_str);
        let whole_time = matches!(path.as_str(), "std::time" | "std::time::self" | "std::time::*");
        let reason = if IMPURE_CRATES.contains(&first) {
            "the runtime, logs and metrics live from `config` up"
        } else if (within(&IMPURE_PATHS) && !within(&PURE_PATHS)) || path == "std::*" {
            "files, sockets, threads and the environment live from `config` up"
        } else if whole_time || within(&CLOCKS) || (named.segments.len() > 1 && last == "now") {
            "the clock is an argument: take `now`"
        } else {
            continue;
        };
        found.push(format!("{}:{}: `{path}`: {reason}", source.path, named.line));
    }
    found
}

/// `unwrap` and the like outside tests.
fn endings(source: &Source) -> Vec<Finding> {
    let tokens = source.shipped();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        for pattern in ENDINGS.iter().filter(|pattern| stands(&tokens, at, pattern)) {
            found.push(format!(
                "{}:{}: `{}`: return an error, or a type that cannot be wrong",
                source.path,
                token.line,
                pattern.concat()
            ));
        }
    }
    found
}

/// Direct dependencies without a reason: each stands right below a comment, or below one of its own
/// family (`serde`, `serde_json`).
pub fn unreasoned(manifest: &str) -> Vec<Finding> {
    let family = |name: &str| name.split(['-', '_']).next().unwrap_or(name).to_owned();
    let mut found = Vec::new();
    let mut inside = false;
    let mut reasoned = String::new();
    let mut comment = false;
    for (index, line) in manifest.lines().map(str::trim).enumerate() {
        if line.starts_with('[') {
            inside = line.trim_matches(['[', ']']).ends_with("dependencies");
            (comment, reasoned) = (false, String::new());
        } else if line.is_empty() {
            (comment, reasoned) = (false, String::new());
        } else if line.starts_with('#') {
            comment = true;
        } else if let (true, Some((name, _))) = (inside, line.split_once('=')) {
            let name = name.trim().split('.').next().unwrap_or_default();
            if comment {
                reasoned = family(name);
            } else if reasoned != family(name) {
                found.push(format!(
                    "Cargo.toml:{}: `{name}` has no reason: say in a comment above it why it is one",
                    index + 1
                ));
            }
            comment = false;
        }
    }
    found
}
