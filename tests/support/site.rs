//! A siproute of a test's own that speaks CGRateS' JSON-RPC, with nothing in it yet.

use super::daemon::Daemon;
use super::folder::Folder;
use super::jsonrpc::Rpc;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

/// How it is set up, beyond the defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Setup {
    /// Answers as the generation 1.0.
    pub v100: bool,
    /// Answers as the original does where it can.
    pub quirks: bool,
    /// The lines of `[routes]`.
    pub routes: String,
    /// Lines of `[tables]`.
    pub tables: String,
    /// Lines of `[limits]`.
    pub limits: String,
}

/// The running program; gone with its guard.
pub struct Site {
    pub daemon: Daemon,
    folder: Folder,
}

impl Setup {
    /// With these keys of `[routes]`.
    pub fn routes(config: &BTreeMap<String, Value>) -> Self {
        let line = |(key, value): (&String, &Value)| format!("{key} = {}\n", toml(value));
        Self { routes: config.iter().map(line).collect(), ..Self::default() }
    }

    pub fn start(&self) -> Site {
        self.start_in(Folder::new("cgrates"), &[])
    }

    /// Starts in a folder that may hold tables, run by another program, if any.
    pub fn start_in(&self, folder: Folder, under: &[&str]) -> Site {
        // Everything comes through the API; a file without tables says that this is meant.
        folder.write("routes.toml", "");
        let mut text = String::from("tcp = [\"127.0.0.1:0\"]\n\n[tables]\nstate_dir = \"state\"\n");
        text += &self.tables;
        // A machine that is busy, or callgrind: late is not wrong here.
        text += "\n[limits]\ndeadline_ms = 10000\n";
        text += &self.limits;
        text += "\n[routes]\n";
        text += &self.routes;
        text += "\n[compat]\n";
        if self.v100 {
            text += "cgrates = \"1.0\"\n";
        }
        if self.quirks {
            text += "cgrates_quirks = true\n";
        }
        let settings = folder.settings(&text);
        Site { daemon: Daemon::start_under(under, &settings), folder }
    }
}

impl Site {
    pub fn address(&self) -> SocketAddr {
        self.daemon.tcp.unwrap()
    }

    pub fn connect(&self) -> Rpc {
        Rpc::to(self.address())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path(name)
    }
}

fn toml(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| format!("{key:?} = {}", toml(value));
            format!("{{ {} }}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", "))
        }
        // Booleans, numbers and plain text look the same in both.
        value => value.to_string(),
    }
}
