//! Far ends of a call: gateways that answer, refuse, ring or stay silent, played by sipp.

use super::process::{Process, free_port, wait_for_udp};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;

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
        let process = Process::start(&mut command, &folder.join(format!("{id}.log")), "sip-tester");
        wait_for_udp(port, id);
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

/// A sipp that runs `scenario` on `port` and reads nothing from the keyboard.
pub fn sipp(folder: &Path, scenario: &Path, port: u16) -> Command {
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
pub fn scenario_file(folder: &Path, name: &str, code: u16) -> PathBuf {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/sip/{name}.xml"));
    let text =
        std::fs::read_to_string(&shipped).unwrap_or_else(|error| panic!("{shipped:?}: {error}"));
    let path = folder.join(format!("{name}-{code}.xml"));
    std::fs::write(&path, text.replace("CODE", &code.to_string())).unwrap();
    path
}
