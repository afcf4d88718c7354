//! Both ends of a call, played by sipp: callers, and gateways that answer, refuse, ring or stay silent.
//!
//! Scenarios lie in `tests/sip`, for every proxy the same.

use super::process::{Process, free_port};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What a gateway does with each call.
#[derive(Clone, Copy)]
pub enum Plays {
    /// 180, then 200.
    Answers,
    /// One final code.
    Refuses(u16),
    /// 180, until the caller gives up.
    Rings,
    /// Takes the datagrams and says nothing.
    Silent,
}

/// One gateway.
pub struct Gateway {
    /// Where it listens.
    pub port: u16,
    messages: PathBuf,
    _process: Option<Process>,
    _socket: Option<UdpSocket>,
}

impl Gateway {
    /// Starts it; what it receives is kept in `folder`.
    pub fn start(folder: &Path, id: &str, plays: Plays) -> Self {
        let messages = folder.join(format!("{id}.messages"));
        let (scenario, code) = match plays {
            Plays::Answers => ("gateway-answers", 200),
            Plays::Refuses(code) => ("gateway-refuses", code),
            Plays::Rings => ("gateway-rings", 180),
            Plays::Silent => {
                let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
                let port = socket.local_addr().unwrap().port();
                return Self { port, messages, _process: None, _socket: Some(socket) };
            }
        };
        let port = free_port();
        let scenario = scenario_file(folder, scenario, code);
        let mut command = sipp(folder, &scenario, port);
        command.args(["-trace_msg", "-message_file"]).arg(&messages);
        let log = folder.join(format!("{id}.log"));
        let mut process = Process::start(&mut command, &log, "sip-tester");
        process.wait_for_udp(port);
        Self { port, messages, _process: Some(process), _socket: None }
    }

    /// The first INVITE of each call that came here, by Call-ID.
    pub fn invites(&self) -> BTreeMap<String, String> {
        let log = std::fs::read_to_string(&self.messages).unwrap_or_default();
        let mut invites = BTreeMap::new();
        for part in log.split("message received").skip(1) {
            let Some(start) = part.find("\n\nINVITE ") else { continue };
            let message = part[start..].split("\n-----").next().unwrap_or_default().trim();
            let call = message.lines().find_map(|line| line.strip_prefix("Call-ID: "));
            invites.entry(call.unwrap_or_default().trim().to_owned()).or_insert(message.to_owned());
        }
        invites
    }

    /// How many calls came here.
    pub fn calls(&self) -> usize {
        self.invites().len()
    }
}

/// Where calls come from.
pub struct Caller {
    /// Where scenarios, logs and errors go.
    pub folder: PathBuf,
    /// Where the proxy listens.
    pub proxy_port: u16,
    /// What it is called, and its log in `folder`, without `.log`.
    pub proxy: &'static str,
}

impl Caller {
    /// Makes `count` calls to `number`, twenty a second, and goes on while they are made.
    pub fn begin(&self, scenario: &str, code: u16, number: &str, count: usize) -> Calls {
        let scenario_file = scenario_file(&self.folder, scenario, code);
        let mut command = sipp(&self.folder, &scenario_file, free_port());
        let errors = self.folder.join("caller.errors");
        drop(std::fs::remove_file(&errors));
        command
            .arg(format!("127.0.0.1:{}", self.proxy_port))
            .args(["-s", number, "-m", &count.to_string(), "-r", "20"])
            .args(["-timeout", "40", "-timeout_error", "-trace_err", "-error_file"])
            .arg(&errors);
        let sipp = Process::start(&mut command, &self.folder.join("caller.log"), "sip-tester");
        Calls {
            sipp,
            what: format!("{count} calls of {scenario} ({code}) to {number}"),
            logs: [errors, self.folder.join(self.proxy).with_extension("log")],
        }
    }
}

/// Calls on their way.
pub struct Calls {
    sipp: Process,
    what: String,
    logs: [PathBuf; 2],
}

impl Calls {
    /// Waits for the last one; fails the test unless each went as its scenario says.
    pub fn end(self) {
        let status = self.sipp.wait(Duration::from_secs(60));
        let logs = || self.logs.map(|log| std::fs::read_to_string(log).unwrap_or_default());
        assert!(status.success(), "{}: {status}\n{}", self.what, logs().join("\n"));
    }
}

/// A sipp that runs `scenario` on `port` and reads nothing from the keyboard.
fn sipp(folder: &Path, scenario: &Path, port: u16) -> Command {
    let mut command = Command::new("sipp");
    command.current_dir(folder).arg("-sf").arg(scenario).args([
        "-i",
        "127.0.0.1",
        "-p",
        &port.to_string(),
        "-nostdin",
    ]);
    command
}

/// `tests/sip/NAME.xml` with its CODE filled in.
fn scenario_file(folder: &Path, name: &str, code: u16) -> PathBuf {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/sip/{name}.xml"));
    let text =
        std::fs::read_to_string(&shipped).unwrap_or_else(|error| panic!("{shipped:?}: {error}"));
    let path = folder.join(format!("{name}-{code}.xml"));
    std::fs::write(&path, text.replace("CODE", &code.to_string())).unwrap();
    path
}
