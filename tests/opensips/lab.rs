//! A proxy, its gateways and siproute on loopback, each a process of its own on ports of its own.
//!
//! Whatever was started ends with its guard. The shipped script and tables are used; only addresses
//! and paths are replaced, and each replacement must find what it replaces.

use crate::support::metrics::Metrics;
use crate::support::process::{Process, free_port};
use crate::support::sipp::{Caller, Gateway, Plays};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// A gateway's id in `dr_gateways`, and what it plays.
pub type Place = (&'static str, Plays);

/// OpenSIPS as the environment offers it.
pub struct OpenSips {
    program: PathBuf,
    modules: PathBuf,
}

impl OpenSips {
    /// `$SIPROUTE_OPENSIPS` or `opensips` on the PATH, and `$SIPROUTE_OPENSIPS_MODULES` or the usual
    /// places; `None` when there is no OpenSIPS.
    pub fn find() -> Option<Self> {
        let program = match std::env::var_os("SIPROUTE_OPENSIPS") {
            Some(path) => PathBuf::from(path),
            None => std::env::split_paths(&std::env::var_os("PATH")?)
                .map(|folder| folder.join("opensips"))
                .find(|path| path.is_file())?,
        };
        let usual = [
            "/usr/lib/x86_64-linux-gnu/opensips/modules",
            "/usr/lib/aarch64-linux-gnu/opensips/modules",
            "/usr/lib64/opensips/modules",
            "/usr/lib/opensips/modules",
            "/usr/local/lib64/opensips/modules",
            "/usr/local/lib/opensips/modules",
        ];
        let modules = match std::env::var_os("SIPROUTE_OPENSIPS_MODULES") {
            Some(path) => PathBuf::from(path),
            None => usual.iter().map(PathBuf::from).find(|path| path.is_dir()).expect(
                "opensips is there, its modules are not: name their folder in \
                 SIPROUTE_OPENSIPS_MODULES",
            ),
        };
        Some(Self { program, modules })
    }
}

/// The whole set-up.
pub struct Lab {
    folder: PathBuf,
    caller: Caller,
    lookup_port: u16,
    /// What siproute has counted.
    pub metrics: Metrics,
    siproute: Option<Process>,
    opensips: Process,
    _gateways: Vec<Gateway>,
}

impl Lab {
    /// Starts siproute on `tables`, OpenSIPS, and a gateway for each of `places`.
    pub fn start(opensips: &OpenSips, tables: &str, places: &[Place]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("opensips");
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(folder.join("dbtext")).unwrap();
        let [proxy_port, lookup_port, admin_port] = [(); 3].map(|()| free_port());
        let gateways: Vec<_> =
            places.iter().map(|(id, plays)| Gateway::start(&folder, id, *plays)).collect();

        let script = shipped(
            "opensips.cfg",
            &[
                ("/usr/lib/x86_64-linux-gnu/opensips/modules", opensips.modules.to_str().unwrap()),
                ("127.0.0.1:5060", &format!("127.0.0.1:{proxy_port}")),
                ("127.0.0.1:5070", &format!("127.0.0.1:{lookup_port}")),
                ("/etc/opensips/dbtext", folder.join("dbtext").to_str().unwrap()),
            ],
        );
        std::fs::write(folder.join("opensips.cfg"), script).unwrap();
        for table in ["version", "dr_carriers", "dr_groups", "dr_rules"] {
            let text = shipped(&format!("dbtext/{table}"), &[]);
            std::fs::write(folder.join("dbtext").join(table), text).unwrap();
        }
        let mut rows = shipped("dbtext/dr_gateways", &[]);
        for ((id, _), gateway) in places.iter().zip(&gateways) {
            rows = with_address(&rows, id, gateway.port);
        }
        std::fs::write(folder.join("dbtext/dr_gateways"), rows).unwrap();
        std::fs::write(folder.join("routes.toml"), tables).unwrap();
        std::fs::write(
            folder.join("siproute.toml"),
            format!(
                "[listen]\nudp = [\"127.0.0.1:{lookup_port}\"]\ntcp = [\"127.0.0.1:{lookup_port}\"]\n\
                 admin = \"127.0.0.1:{admin_port}\"\n[tables]\nfiles = [\"routes.toml\"]\n\
                 state_dir = \"state\"\n"
            ),
        )
        .unwrap();

        let mut command = Command::new(&opensips.program);
        command.current_dir(&folder).args(["-F", "-m", "64", "-M", "8", "-f", "opensips.cfg"]);
        let opensips = Process::start(&mut command, &folder.join("opensips.log"), "opensips");
        let mut lab = Self {
            caller: Caller { folder: folder.clone(), proxy_port, proxy: "opensips" },
            folder,
            lookup_port,
            metrics: Metrics(SocketAddr::from((Ipv4Addr::LOCALHOST, admin_port))),
            siproute: None,
            opensips,
            _gateways: gateways,
        };
        lab.start_siproute();
        lab.opensips.wait_for_udp(proxy_port);
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

    /// Ends siproute; its port is closed when this returns.
    pub fn stop_siproute(&mut self) {
        self.siproute = None;
    }

    /// Something that takes connections where siproute was and never says a word.
    pub fn silent_siproute(&mut self) -> TcpListener {
        self.siproute = None;
        TcpListener::bind((Ipv4Addr::LOCALHOST, self.lookup_port)).unwrap()
    }

    /// Makes `count` calls and fails the test unless each goes as the scenario says.
    pub fn calls(&self, scenario: &str, code: u16, number: &str, count: usize) {
        self.caller.begin(scenario, code, number, count).end();
    }

    /// How many lines of the proxy's log hold `words`.
    pub fn said(&self, words: &str) -> usize {
        self.opensips.said().lines().filter(|line| line.contains(words)).count()
    }
}

/// A shipped file with the replacements made.
fn shipped(file: &str, replacements: &[(&str, &str)]) -> String {
    let mut text = std::fs::read_to_string(Path::new(HERE).join("opensips").join(file)).unwrap();
    for (from, to) in replacements {
        assert!(text.contains(from), "opensips/{file} lacks {from}");
        text = text.replace(from, to);
    }
    text
}

/// `dr_gateways` with the address of one gateway replaced.
fn with_address(rows: &str, id: &str, port: u16) -> String {
    let row = rows.lines().find(|row| row.split(':').nth(1) == Some(id));
    let row = row.unwrap_or_else(|| panic!("dr_gateways has no {id}"));
    let fields = row.splitn(4, ':').collect::<Vec<_>>();
    let (_, after) = fields[3].split_once("\\:").expect("an address is host\\:port");
    let (_, rest) = after.split_once(':').unwrap();
    let [number, id, kind] = [fields[0], fields[1], fields[2]];
    rows.replace(row, &format!("{number}:{id}:{kind}:127.0.0.1\\:{port}:{rest}"))
}
