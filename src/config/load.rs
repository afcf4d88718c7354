//! The settings file: text → [`Settings`].

use super::files::{self, read_source};
use super::finding::{Finding, has_errors, shown};
use super::keys_settings::SETTINGS;
use super::report::Report;
use super::routes;
use super::settings::{Access, Compat, Guard, Listen, ReloadMode, Settings, Tables};
use super::walk::{self, Node};
use crate::model::country;
use crate::model::definition::Generation;
use crate::model::digits::Digits;
use crate::model::limits::Limits;
use crate::model::number::NumberPlan;
use ipnet::IpNet;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

/// Why there are no settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// The file is missing or cannot be read.
    Unreadable(Finding),
    /// It has mistakes: all of them, warnings included, sorted by line.
    Mistakes(Vec<Finding>),
}

impl LoadError {
    /// What to show, one or more.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Unreadable(finding) => std::slice::from_ref(finding),
            Self::Mistakes(findings) => findings,
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for finding in self.findings() {
            write!(f, "{separator}{finding}")?;
            separator = "\n";
        }
        Ok(())
    }
}

impl std::error::Error for LoadError {}

/// Reads and checks the settings; warnings come beside them.
///
/// # Errors
/// The file cannot be read, or has mistakes.
pub fn load_settings(path: &Path) -> Result<(Settings, Vec<Finding>), LoadError> {
    let max = Limits::default().table_file_max;
    let source = read_source(path, max).map_err(LoadError::Unreadable)?;
    let (settings, findings) = check_settings(path, &source.text);
    if has_errors(&findings) {
        Err(LoadError::Mistakes(findings))
    } else {
        Ok((settings, findings))
    }
}

/// Checks the text of a settings file called `path`; with errors among the findings, the settings
/// are what could be understood, fit for further checks and not for use.
#[must_use]
pub fn check_settings(path: &Path, text: &str) -> (Settings, Vec<Finding>) {
    let mut report = Report::default();
    let file = report.add_file(&path.to_string_lossy().into(), text);
    let table = walk::parse(text, file, &mut report);
    let root = Node::root(&table, &SETTINGS, file);
    walk::check(root, &mut report);
    let settings = Settings {
        path: path.to_owned(),
        listen: listen(root, &mut report),
        access: access(root, &mut report),
        tables: tables(root, path, &mut report),
        guard: guard(root, &mut report),
        numbers: numbers(root, &mut report),
        routes: routes::read(root, &mut report),
        compat: compat(root),
        limits: limits(root),
    };
    exposure(root, &settings, &mut report);
    routes::of_generation(root, settings.compat.cgrates, &mut report);
    (settings, report.finish())
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        format!("{} is no address with a port; names are not resolved here", shown(text))
    })
}

fn listen(root: Node<'_>, report: &mut Report<'_>) -> Listen {
    let Some(node) = root.table("listen") else {
        if !root.has("listen") && !report.is_broken() {
            let help = "add `[listen]` with `udp = [\"127.0.0.1:5070\"]`";
            report.error(root.mark(), "there is no listener: nobody could ask", help);
        }
        return Listen::default();
    };
    let listen = Listen {
        udp: node.read_all("udp", report, address),
        tcp: node.read_all("tcp", report, address),
        admin: node.read("admin", report, address),
    };
    if !node.has("udp") && !node.has("tcp") {
        let help = "add `udp = [\"127.0.0.1:5070\"]`";
        report.error(node.mark(), "`[listen]` has neither `udp` nor `tcp`: nobody could ask", help);
    }
    twice(node, "udp", report, &mut Vec::new());
    let mut on_tcp = Vec::new();
    twice(node, "tcp", report, &mut on_tcp);
    if let Some(admin) = listen.admin.filter(|admin| admin.port() != 0 && on_tcp.contains(admin)) {
        let text = format!("`listen.admin` and `listen.tcp` are both {admin}");
        report.error(node.mark_of("admin"), &text, "give each a port of its own");
    }
    listen
}

/// Reports addresses that are there twice; port 0 is a new port each time.
fn twice(node: Node<'_>, key: &str, report: &mut Report<'_>, seen: &mut Vec<SocketAddr>) {
    for (text, mark) in node.texts(key) {
        let Ok(address) = text.parse::<SocketAddr>() else { continue };
        if address.port() != 0 && seen.contains(&address) {
            let text = format!("`listen.{key}` names {address} twice");
            report.error(mark, &text, "leave one out");
        }
        seen.push(address);
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let single = |_| text.parse::<IpAddr>().map(IpNet::from);
    let network = text.parse::<IpNet>().or_else(single);
    network
        .map(|network| network.trunc())
        .map_err(|_| format!("{} is no network such as 10.0.0.0/8 or 2001:db8::/32", shown(text)))
}

fn access(root: Node<'_>, report: &mut Report<'_>) -> Access {
    let mut access = Access::default();
    let Some(node) = root.table("access") else { return access };
    if node.has("allow") {
        access.allow = node.read_all("allow", report, network);
        if node.items("allow").next().is_none() {
            let help = "name the proxies, or leave the key out for loopback alone";
            report.error(node.mark_of("allow"), "`access.allow` is empty: nobody may ask", help);
        }
        open_to_all(node, "allow", "ask", "name the networks of your proxies", report);
    }
    // An empty list is fine: then the files alone say what the tables hold.
    if node.has("change") {
        access.change = node.read_all("change", report, network);
        let help = "name the hosts from which you provision";
        open_to_all(node, "change", "change tables", help, report);
    }
    access
}

/// Warns of a network that everyone is in.
fn open_to_all(node: Node<'_>, key: &str, what: &str, help: &str, report: &mut Report<'_>) {
    for (text, mark) in node.texts(key) {
        if network(text).is_ok_and(|network| network.prefix_len() == 0) {
            let text = format!("`access.{key}` lets everyone {what}: {}", shown(text));
            report.warn(mark, &text, help);
        }
    }
}

/// Listeners beyond loopback need `access.allow`; the admin port never leaves loopback.
fn exposure(root: Node<'_>, settings: &Settings, report: &mut Report<'_>) {
    let Some(node) = root.table("listen") else { return };
    let allowed = root.table("access").is_some_and(|access| access.has("allow"));
    let beyond = |text: &str| text.parse::<SocketAddr>().is_ok_and(|at| !at.ip().is_loopback());
    for key in ["udp", "tcp"] {
        for (text, mark) in node.texts(key).filter(|(text, _)| !allowed && beyond(text)) {
            let text = format!(
                "`listen.{key}` has {}, beyond loopback, and `access.allow` does not say who may ask",
                shown(text)
            );
            let help = "add `[access]` with `allow = [\"127.0.0.0/8\", \"192.0.2.0/24\"]`, the \
                        networks of your proxies";
            report.error(mark, &text, help);
        }
    }
    if let Some(admin) = settings.listen.admin.filter(|admin| !admin.ip().is_loopback()) {
        let text = format!("`listen.admin` is {admin}, beyond loopback");
        let help = "use 127.0.0.1 or [::1]: whoever reaches this port may reload";
        report.error(node.mark_of("admin"), &text, help);
    }
}

fn tables(root: Node<'_>, path: &Path, report: &mut Report<'_>) -> Tables {
    let mut tables = Tables::default();
    let Some(node) = root.table("tables") else { return tables };
    if node.has("files") {
        tables.files = node
            .read_all("files", report, |entry| files::pattern_fault(entry).map(|()| entry.into()));
    }
    tables.cgrates = node.read_all("cgrates", report, folder);
    let base = path.parent().unwrap_or(Path::new(""));
    tables.state_dir = node.text("state_dir").map(|folder| base.join(folder));
    if node.text("reload") == Some("command") {
        tables.reload = ReloadMode::Command;
    }
    tables.last_known_good = node.boolean("last_known_good").unwrap_or(false);
    if tables.last_known_good && !node.has("state_dir") {
        let text =
            "`tables.last_known_good` without `tables.state_dir`: there is no place to keep it";
        report.error(node.mark_of("last_known_good"), text, "add `state_dir = \"state\"`");
    }
    tables
}

fn percent(text: &str) -> Result<u8, String> {
    let number = text.strip_suffix('%').and_then(|number| number.trim_ascii_end().parse().ok());
    number
        .filter(|percent| *percent <= 100)
        .ok_or_else(|| format!("{} is no whole percentage from 0% to 100%", shown(text)))
}

fn guard(root: Node<'_>, report: &mut Report<'_>) -> Guard {
    let read = |node: Node<'_>| node.read("shrink_max", report, percent);
    root.table("guard")
        .and_then(read)
        .map_or_else(Guard::default, |shrink_max_percent| Guard { shrink_max_percent })
}

fn calling_code(text: &str) -> Result<Digits, String> {
    if text.starts_with('+') || text.starts_with("00") {
        return Err(format!("{} is written without plus and zeros", shown(text)));
    }
    Digits::parse(text)
        .filter(|digits| country::calling_code_len(digits) == Some(digits.count()))
        .ok_or_else(|| format!("{} is no country calling code", shown(text)))
}

fn dialled_prefix(text: &str) -> Result<String, String> {
    let fits = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit() || b"+*#".contains(&c));
    if fits { Ok(text.into()) } else { Err(format!("{} cannot be dialled", shown(text))) }
}

fn numbers(root: Node<'_>, report: &mut Report<'_>) -> NumberPlan {
    let mut plan = NumberPlan::default();
    let Some(node) = root.table("numbers") else { return plan };
    plan.country = node.read("country", report, calling_code);
    if node.has("international") {
        plan.international = node.read_all("international", report, dialled_prefix);
    }
    let national = |text: &str| match text {
        "" => Ok(String::new()),
        text => dialled_prefix(text),
    };
    if let Some(prefix) = node.read("national", report, national) {
        plan.national = prefix;
    }
    if let Some(digits) = node.integer("keep_short").and_then(|digits| usize::try_from(digits).ok())
    {
        plan.keep_short = digits;
    }
    plan
}

fn folder(text: &str) -> Result<String, String> {
    match text {
        "" => Err("a name is empty".into()),
        _ if text.contains('*') => Err(format!("{} is a pattern: name each folder", shown(text))),
        _ => Ok(text.to_owned()),
    }
}

fn compat(root: Node<'_>) -> Compat {
    let node = root.table("compat");
    let is_on = |key| node.and_then(|node| node.boolean(key)).unwrap_or(false);
    let word = node.and_then(|node| node.text("cgrates"));
    Compat {
        cgrates: word.and_then(Generation::named).unwrap_or_default(),
        cgrates_quirks: is_on("cgrates_quirks"),
        voipbin_exact_targets: is_on("voipbin_exact_targets"),
    }
}

fn limits(root: Node<'_>) -> Limits {
    let mut limits = Limits::default();
    let Some(node) = root.table("limits") else { return limits };
    for spec in Limits::SPECS {
        // What is out of range was reported by the walk, and is no integer here.
        if let Some(value) = node.integer(spec.name).and_then(|value| u64::try_from(value).ok()) {
            limits.set(spec.name, value).unwrap_or_default();
        }
    }
    limits
}
