//! Kamailio with the shipped script, siproute and gateways on loopback, on ports of their own.
//!
//! The script is the shipped one, read where it stands: addresses are given by `-A`, as an operator
//! would, never by a copy. For busy machines, calls wait longer for an answer than by default, and
//! siproute answers older questions.

use super::shipped::module_folders;
use super::tally;
use crate::support::metrics::Metrics;
use crate::support::process::{Process, free_port};
use crate::support::sipp::{Caller, Calls, Gateway, Plays};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// A gateway's name, its dispatcher set, and what it plays. Set 9 is the fallback.
pub type Place = (&'static str, u32, Plays);

/// The whole set-up; all of it ends when this is dropped.
pub struct Lab {
    way: &'static str,
    made: Cell<usize>,
    folder: PathBuf,
    gateways: BTreeMap<&'static str, Gateway>,
    caller: Caller,
    /// Where Kamailio listens.
    pub proxy_port: u16,
    /// Where siproute listens, and Kamailio asks.
    pub lookup_port: u16,
    /// What siproute has counted.
    pub metrics: Metrics,
    siproute: Option<Process>,
    kamailio: Process,
}

impl Lab {
    /// Starts all. `defines` choose the path (`WITH_DISPATCHER`); in `tables`, `{alfa}` is the port of
    /// that gateway.
    pub fn start(name: &str, defines: &[&str], places: &[Place], tables: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kamailio").join(name);
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).unwrap();
        let gateways: BTreeMap<_, _> = places
            .iter()
            .map(|(id, _, plays)| (*id, Gateway::start(&folder, id, *plays)))
            .collect();
        let [proxy_port, lookup_port, admin_port] = [(); 3].map(|()| free_port());

        let mut list = "1 sip:127.0.0.1:5060\n".to_owned();
        let mut tables = tables.to_owned();
        for (id, set, _) in places {
            let port = gateways[id].port;
            list.push_str(&format!("{set} sip:127.0.0.1:{port}\n"));
            tables = tables.replace(&format!("{{{id}}}"), &port.to_string());
        }
        std::fs::write(folder.join("dispatcher.list"), list).unwrap();
        std::fs::write(folder.join("routes.toml"), tables).unwrap();
        std::fs::write(
            folder.join("siproute.toml"),
            format!(
                "[listen]\nudp = [\"127.0.0.1:{lookup_port}\"]\ntcp = [\"127.0.0.1:{lookup_port}\"]\n\
                 admin = \"127.0.0.1:{admin_port}\"\n[tables]\nfiles = [\"routes.toml\"]\n\
                 state_dir = \"state\"\n[limits]\ndeadline_ms = 5000\n"
            ),
        )
        .unwrap();

        let mut command = kamailio(&folder, defines);
        command
            .args(["-DD", "-E", "-m", "64", "-M", "8"])
            .args(["-A", &format!("PROXY_LISTEN=udp:127.0.0.1:{proxy_port}")])
            .args(["-A", &format!("SIPROUTE_PORT={lookup_port}")])
            .args(["-A", "SIPROUTE_WAIT_MS=1500"]);
        let kamailio = Process::start(&mut command, &folder.join("kamailio.log"), "kamailio");
        let mut lab = Self {
            way: tally::way(defines),
            made: Cell::new(0),
            caller: Caller { folder: folder.clone(), proxy_port, proxy: "kamailio" },
            folder,
            gateways,
            proxy_port,
            lookup_port,
            metrics: Metrics(SocketAddr::from((Ipv4Addr::LOCALHOST, admin_port))),
            siproute: None,
            kamailio,
        };
        lab.start_siproute();
        lab.kamailio.wait_for_udp(proxy_port);
        lab
    }

    /// Starts siproute, again if it was stopped.
    pub fn start_siproute(&mut self) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_siproute"));
        command.current_dir(&self.folder).args(["serve", "--config", "siproute.toml"]);
        let mut siproute = Process::start(&mut command, &self.folder.join("siproute.log"), "cargo");
        siproute.wait_for_udp(self.lookup_port);
        self.siproute = Some(siproute);
    }

    /// `kill -9`.
    pub fn kill_siproute(&mut self) {
        self.siproute.take().unwrap().kill();
    }

    /// Its socket stays open and says nothing.
    pub fn silence_siproute(&self) {
        self.siproute.as_ref().unwrap().signal("STOP");
    }

    /// It answers again, what was asked meanwhile too.
    pub fn wake_siproute(&self) {
        self.siproute.as_ref().unwrap().signal("CONT");
    }

    /// Makes `count` calls and fails the test unless each goes as the scenario says.
    pub fn calls(&self, scenario: &str, code: u16, number: &str, count: usize) {
        self.begin_calls(scenario, code, number, count).end();
    }

    /// The same, but goes on while they are made, twenty a second.
    pub fn begin_calls(&self, scenario: &str, code: u16, number: &str, count: usize) -> Calls {
        self.made.set(self.made.get() + count);
        self.caller.begin(scenario, code, number, count)
    }

    /// A gateway by its name.
    pub fn gateway(&self, id: &str) -> &Gateway {
        &self.gateways[id]
    }

    /// How many calls came to each of these gateways.
    pub fn carried<const N: usize>(&self, ids: [&str; N]) -> [usize; N] {
        ids.map(|id| self.gateway(id).calls())
    }

    /// The lines of a process's log, for the message of a failure.
    pub fn log(&self, file: &str) -> String {
        std::fs::read_to_string(self.folder.join(file)).unwrap_or_default()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let calls = |id: &str| self.gateways.get(id).map_or(0, Gateway::calls);
        tally::add(self.way, [self.made.get(), calls("bravo"), calls("rescue")]);
    }
}

/// Kamailio with the shipped script and a run-time folder of its own.
pub fn kamailio(folder: &Path, defines: &[&str]) -> Command {
    let mut command = Command::new("kamailio");
    command.current_dir(folder).arg("-f").arg(Path::new(HERE).join("kamailio/kamailio.cfg"));
    command.arg("-Y").arg(folder);
    let list = folder.join("dispatcher.list");
    command.args(["-A", &format!("DISPATCHER_LIST={list:?}")]);
    for define in defines {
        command.args(["-A", define]);
    }
    let folders = module_folders();
    let folders: Vec<_> = folders.iter().map(|folder| folder.to_str().unwrap()).collect();
    command.args(["-L", &folders.join(":")]);
    command
}
