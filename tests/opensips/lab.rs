//! A proxy, its gateways and siproute on loopback, each a process of its own on ports of its own.
//!
//! Whatever was started ends with its guard. The shipped script and tables are used; only addresses
//! and paths are replaced, and each replacement must find what it replaces.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// A gateway's id in `dr_gateways`, and what it plays: `answer` or `refuse`.
pub type Gateway = (&'static str, &'static str);

/// A process that ends with its guard: asked first, so that it can end its own children.
struct Process(Child);

impl Process {
    fn start(command: &mut Command, log: &Path) -> Self {
        let log = std::fs::File::create(log).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        Self(command.spawn().unwrap())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let asked = Command::new("kill").arg(self.0.id().to_string()).status();
        let patience = Instant::now() + Duration::from_secs(5);
        while asked.is_ok() && Instant::now() < patience {
            if !matches!(self.0.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

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
    proxy_port: u16,
    lookup_port: u16,
    admin_port: u16,
    siproute: Option<Process>,
    _opensips: Process,
    _gateways: Vec<Process>,
}

impl Lab {
    /// Starts siproute on `tables`, OpenSIPS, and a gateway for each of `gateways`.
    pub fn start(opensips: &OpenSips, tables: &str, gateways: &[Gateway]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("opensips");
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(folder.join("dbtext")).unwrap();
        let [proxy_port, lookup_port, admin_port] = [(); 3].map(|()| free_port());
        let ports: Vec<u16> = gateways.iter().map(|_| free_port()).collect();

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
        for ((id, _), port) in gateways.iter().zip(&ports) {
            rows = with_address(&rows, id, *port);
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

        let _gateways = gateways
            .iter()
            .zip(&ports)
            .map(|((id, scenario), port)| gateway(&folder, id, scenario, *port))
            .collect();
        let mut command = Command::new(&opensips.program);
        command.current_dir(&folder).args(["-F", "-m", "64", "-M", "8", "-f", "opensips.cfg"]);
        let _opensips = Process::start(&mut command, &folder.join("opensips.log"));
        let mut lab = Self {
            folder,
            proxy_port,
            lookup_port,
            admin_port,
            siproute: None,
            _opensips,
            _gateways,
        };
        lab.start_siproute();
        lab.wait_for(proxy_port, "opensips.log");
        lab
    }

    /// Starts siproute, again if it was stopped.
    pub fn start_siproute(&mut self) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_siproute"));
        command.current_dir(&self.folder).args(["serve", "--config", "siproute.toml"]);
        self.siproute = Some(Process::start(&mut command, &self.folder.join("siproute.log")));
        self.wait_for(self.lookup_port, "siproute.log");
        self.wait_for(self.admin_port, "siproute.log");
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

    /// Makes `count` calls of `scenario` to `number` and fails the test unless each goes as it says.
    pub fn calls(&self, scenario: &str, number: &str, count: u32) {
        let errors = self.folder.join("caller.err");
        let status = Command::new("sipp")
            .current_dir(&self.folder)
            .arg(format!("127.0.0.1:{}", self.proxy_port))
            .args(["-sf", &format!("{HERE}/tests/opensips/{scenario}.xml"), "-s", number])
            .args(["-i", "127.0.0.1", "-p", &free_port().to_string(), "-nostdin"])
            .args(["-m", &count.to_string(), "-r", "20", "-timeout", "30", "-timeout_error"])
            .args(["-trace_err", "-error_file", errors.to_str().unwrap()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("sipp is needed: apt-get install sip-tester");
        let log = |name: &str| std::fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        assert!(
            status.success(),
            "{count} calls of {scenario} to {number}: {status}\n{}\n{}",
            log("caller.err"),
            log("opensips.log")
        );
    }

    /// The sum of a counter's samples whose labels hold all of `labels`.
    pub fn counter(&self, name: &str, labels: &[&str]) -> u64 {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.admin_port)).unwrap();
        stream
            .write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text.lines()
            .filter(|line| {
                line.starts_with(name) && labels.iter().all(|label| line.contains(label))
            })
            .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
            .sum::<f64>() as u64
    }

    /// The same, once it has reached `want` or two seconds have passed: reports come after the call.
    pub fn counter_reaching(&self, want: u64, name: &str, labels: &[&str]) -> u64 {
        let patience = Instant::now() + Duration::from_secs(2);
        loop {
            let have = self.counter(name, labels);
            if have >= want || Instant::now() > patience {
                return have;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// How many lines of the proxy's log hold `words`.
    pub fn said(&self, words: &str) -> usize {
        let log = std::fs::read_to_string(self.folder.join("opensips.log")).unwrap();
        log.lines().filter(|line| line.contains(words)).count()
    }

    fn wait_for(&self, port: u16, log: &str) {
        let patience = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let said = || std::fs::read_to_string(self.folder.join(log)).unwrap_or_default();
            assert!(Instant::now() < patience, "nothing listens on {port}; {log}:\n{}", said());
            std::thread::sleep(Duration::from_millis(50));
        }
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

fn gateway(folder: &Path, id: &str, scenario: &str, port: u16) -> Process {
    let mut command = Command::new("sipp");
    command
        .current_dir(folder)
        .args(["-sf", &format!("{HERE}/tests/opensips/{scenario}.xml")])
        .args(["-i", "127.0.0.1", "-p", &port.to_string(), "-nostdin"]);
    let process = Process::start(&mut command, &folder.join(format!("{id}.log")));
    let patience = Instant::now() + Duration::from_secs(5);
    while UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
        assert!(Instant::now() < patience, "the gateway {id} did not start: see {id}.log");
        std::thread::sleep(Duration::from_millis(50));
    }
    process
}

/// A port that is free for UDP and TCP now.
fn free_port() -> u16 {
    loop {
        let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = udp.local_addr().unwrap().port();
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
