//! The shipped script as text: what it loads, which routes it defines, and which it calls.
//!
//! `kamailio -c` accepts a call of a route that nobody defined, and cannot read a script at all whose
//! modules are not installed. This reads `include_file`, `#!ifdef`, `#!else` and `#!endif` as Kamailio
//! does; it is no parser of the language.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Calls that name a block, and the kind of block: the name is the last argument.
const CALLS: [(&str, &str); 6] = [
    ("route", "route"),
    ("t_continue", "route"),
    ("http_async_query", "route"),
    ("t_on_failure", "failure_route"),
    ("t_on_branch", "branch_route"),
    ("t_on_reply", "onreply_route"),
];

/// What the script says.
#[derive(Default)]
pub struct Script {
    /// `tm`, `pv`, …
    pub modules: BTreeSet<String>,
    /// `route[SIPROUTE]`, `failure_route[SR_SILENCE]`, …
    pub defined: BTreeSet<String>,
    /// Likewise.
    pub named: BTreeSet<String>,
    /// Modules that have parameters.
    parameters: BTreeSet<String>,
}

impl Script {
    /// Reads `file` and what it includes, where `defines` are given by `-A`.
    pub fn read(file: &Path, defines: &[&str]) -> Self {
        let mut lines = Vec::new();
        expand(file, defines, &mut lines);
        Self::of_lines(&lines)
    }

    /// The same of lines that are expanded already.
    pub fn of_lines(lines: &[String]) -> Self {
        let mut script = Self::default();
        for line in lines {
            if let Some(module) = argument(line, "loadmodule \"") {
                script.modules.insert(module.trim_end_matches(".so").to_owned());
            }
            if let Some(module) = argument(line, "modparam(\"") {
                script.parameters.insert(module.to_owned());
            }
            if let Some(block) = line.strip_suffix(" {").filter(|block| block.ends_with(']')) {
                script.defined.insert(block.to_owned());
            }
            for (call, kind) in CALLS {
                for name in named(line, call) {
                    script.named.insert(format!("{kind}[{name}]"));
                }
            }
        }
        script
    }

    /// What does not resolve.
    pub fn findings(&self) -> Vec<String> {
        let undefined = self.named.difference(&self.defined);
        let called =
            |block: &&String| block.starts_with("event_route") || self.named.contains(*block);
        let uncalled = self.defined.iter().filter(|block| !called(block));
        let unloaded = self.parameters.difference(&self.modules);
        undefined
            .map(|block| format!("{block} is named, but not defined"))
            .chain(uncalled.map(|block| format!("{block} is defined, but nothing names it")))
            .chain(unloaded.map(|module| format!("parameters for {module}, which is not loaded")))
            .collect()
    }
}

/// The lines that are in force, without comments.
pub fn expand(file: &Path, defines: &[&str], lines: &mut Vec<String>) {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    let mut in_force = vec![true];
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("#!ifdef") => in_force.push(defines.contains(&words.next().unwrap())),
            Some("#!else") => *in_force.last_mut().unwrap() ^= true,
            Some("#!endif") => drop(in_force.pop()),
            _ if in_force.contains(&false) => {}
            Some("include_file") => {
                let included: PathBuf = argument(line, "include_file \"").unwrap().into();
                expand(&file.parent().unwrap().join(included), defines, lines);
            }
            _ => lines.push(without_comment(line).to_owned()),
        }
    }
    assert_eq!(in_force, [true], "{file:?}: #!ifdef and #!endif do not match");
}

fn without_comment(line: &str) -> &str {
    let mut quote = None;
    for (at, byte) in line.bytes().enumerate() {
        match (quote, byte) {
            (None, b'#') => return line[..at].trim_end(),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    line.trim_end()
}

/// The quoted word after `start`, where the line begins so.
fn argument<'line>(line: &'line str, start: &str) -> Option<&'line str> {
    line.trim_start().strip_prefix(start)?.split('"').next()
}

/// The last argument of each call of `function` in a line.
fn named<'line>(line: &'line str, function: &str) -> Vec<&'line str> {
    let open = format!("{function}(");
    line.match_indices(&open)
        .filter(|(at, _)| {
            !line[..*at].ends_with(|before: char| before == '_' || before.is_alphanumeric())
        })
        .filter_map(|(at, _)| {
            let arguments = &line[at + open.len()..];
            let last = arguments.split(");").next()?.rsplit(", ").next()?;
            last.split([')', '"']).find(|part| !part.is_empty())
        })
        .collect()
}
