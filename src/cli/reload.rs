//! `siproute reload`: asks a running daemon to read its tables again, and waits for the verdict.

use super::address::Listener;
use super::ask;
use super::failure::Failure;
use super::settings::Place;
use super::{Done, http, output, pretty};
use crate::ops::exit::Exit;
use serde_json::{Map, Value, json};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// Have a running daemon read its tables again, and wait for the verdict
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 in force (or unchanged), 1 refused, 74 no answer.")]
pub(super) struct Arguments {
    /// Say what would change or be refused, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Let one guard pass once: `shrink`
    #[arg(long, value_name = "GUARD", requires = "why")]
    accept: Option<String>,
    /// Why it may pass; for the log
    #[arg(long, value_name = "TEXT", requires = "accept")]
    why: Option<String>,
    /// The daemon's admin address; else `listen.admin` of the settings
    #[arg(long, value_name = "ADDR")]
    admin: Option<String>,
    /// How long the reload may take
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = ask::duration)]
    timeout: Duration,
    /// Print the verdict as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(arguments: Arguments) -> Done {
    let address = Listener::Admin.find(arguments.admin.as_deref(), &arguments.place)?;
    let wish = arguments.to_json().to_string();
    let answer = http::post(address, "/reload", wish.as_bytes(), arguments.timeout)
        .map_err(|error| silent(address, &error, arguments.timeout))?;
    let text = String::from_utf8_lossy(&answer.body);
    let verdict: Value = match serde_json::from_str(&text) {
        Ok(verdict @ Value::Object(_)) => verdict,
        _ => return Err(Failure::new(Exit::Io, odd(address, answer.status, &text))),
    };
    let Some(result) = verdict.get("result").and_then(Value::as_str) else {
        return Err(Failure::new(Exit::Io, odd(address, answer.status, &text)));
    };
    output::print(&if arguments.json { pretty::json(&text) } else { told(&verdict) })?;
    Ok(if result == "refused" { Exit::Findings } else { Exit::Fine })
}

impl Arguments {
    fn to_json(&self) -> Value {
        let mut wish = Map::new();
        wish.insert("dry_run".into(), json!(self.dry_run));
        wish.extend(self.accept.as_ref().map(|guard| ("accept".into(), json!(guard))));
        wish.extend(self.why.as_ref().map(|why| ("why".into(), json!(why))));
        Value::Object(wish)
    }
}

/// The findings first, as `check` prints them; the verdict is what is still to be seen at the end.
fn told(verdict: &Value) -> String {
    let word = |name| verdict.get(name).and_then(Value::as_str).unwrap_or_default();
    let findings = verdict.get("findings").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut lines: Vec<String> =
        findings.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    lines.push(format!("{}: {}", word("result"), word("message")));
    lines.join("\n")
}

/// What answered is no daemon of ours, or refused the request as such.
fn odd(address: SocketAddr, status: u16, text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).take(200).collect();
    format!("{address} answered HTTP {status} without a verdict: {text}")
}

fn silent(address: SocketAddr, error: &io::Error, timeout: Duration) -> Failure {
    let (why, check) = match error.kind() {
        io::ErrorKind::ConnectionRefused => (
            "nobody listens there".to_owned(),
            "does `siproute serve` run, with this `listen.admin`?",
        ),
        io::ErrorKind::TimedOut => (
            format!("no verdict within {timeout:?}"),
            "`/table` says what is in force; --timeout gives it more time",
        ),
        _ => (error.to_string(), "is that the daemon's `listen.admin`?"),
    };
    Failure::new(Exit::Io, format!("no verdict from {address}: {why}\n  check: {check}"))
}
