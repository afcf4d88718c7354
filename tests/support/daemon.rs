//! The real program, started on a folder of its own; its ports are read from what it prints.

use super::station::SEEN;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running `siproute serve`; killed with its guard.
pub struct Daemon {
    child: Child,
    log: PathBuf,
    /// The first of each that it listens on.
    pub udp: Option<SocketAddr>,
    pub tcp: Option<SocketAddr>,
    pub admin: Option<SocketAddr>,
    /// Everything that it printed until it was ready.
    pub printed: String,
    /// From the start of the process to its last line.
    pub took: Duration,
}

/// A start that came to nothing.
#[derive(Debug)]
pub struct Failed {
    pub code: Option<i32>,
    pub log: String,
}

impl Daemon {
    /// Starts on a settings file; the log lies beside it.
    pub fn start(settings: &Path) -> Self {
        Self::try_start(settings).unwrap_or_else(|failed| panic!("{failed:?}"))
    }

    /// Likewise, run by the program and the arguments that `under` holds, if any.
    pub fn start_under(under: &[&str], settings: &Path) -> Self {
        Self::run(under, settings, &[]).unwrap_or_else(|failed| panic!("{failed:?}"))
    }

    /// Likewise, where it may fail.
    pub fn try_start(settings: &Path) -> Result<Self, Failed> {
        Self::run(&[], settings, &[])
    }

    /// Likewise, with more arguments.
    pub fn try_start_with(settings: &Path, arguments: &[&str]) -> Result<Self, Failed> {
        Self::run(&[], settings, arguments)
    }

    fn run(under: &[&str], settings: &Path, arguments: &[&str]) -> Result<Self, Failed> {
        let log = settings.with_extension("log");
        let start = Instant::now();
        let siproute = env!("CARGO_BIN_EXE_siproute");
        let words: Vec<&str> = under.iter().copied().chain([siproute]).collect();
        let mut child = Command::new(words[0])
            .args(&words[1..])
            .args(["serve", "--config"])
            .arg(settings)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut daemon = Self {
            child,
            log,
            udp: None,
            tcp: None,
            admin: None,
            printed: String::new(),
            took: Duration::ZERO,
        };
        for line in lines.by_ref().map_while(Result::ok) {
            daemon.printed += &format!("{line}\n");
            daemon.hear(&line);
            if line.starts_with("try: ") {
                daemon.took = start.elapsed();
                // What comes later is read, so that nobody waits for a reader.
                std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
                return Ok(daemon);
            }
        }
        Err(Failed { code: daemon.child.wait().unwrap().code(), log: daemon.log() })
    }

    fn hear(&mut self, line: &str) {
        let mut words = line.strip_prefix("listening on ").unwrap_or_default().split(' ');
        let (what, address) = (words.next(), words.next());
        let place = match what {
            Some("udp") => &mut self.udp,
            Some("tcp") => &mut self.tcp,
            Some("admin") => &mut self.admin,
            _ => return,
        };
        let address = address.unwrap_or_default().trim_end_matches(':');
        place.get_or_insert(address.parse().unwrap());
    }

    /// Everything that it logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until something holds.
    pub fn until(&self, what: &str, holds: impl Fn() -> bool) {
        let start = Instant::now();
        while !holds() {
            assert!(start.elapsed() < SEEN, "not within {SEEN:?}: {what}\n{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the log says something.
    pub fn until_logged(&self, text: &str) {
        self.until(text, || self.log().contains(text));
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name, so many times in a row.
    pub fn signal(&self, name: &str, times: u32) {
        let script = "i=0; while [ $i -lt $3 ]; do kill -$1 $2; i=$((i+1)); done";
        let arguments = [name.to_owned(), self.id().to_string(), times.to_string()];
        let mut shell = Command::new("sh");
        assert!(shell.args(["-c", script, "sh"]).args(arguments).status().unwrap().success());
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end: the exit code, and how long that took.
    pub fn wait(&mut self) -> (Option<i32>, Duration) {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status.code(), start.elapsed());
            }
            assert!(start.elapsed() < Duration::from_secs(10), "it does not end:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// A socket that asks it over UDP.
    pub fn client(&self) -> UdpSocket {
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        client.connect(self.udp.unwrap()).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        client
    }

    /// One question and its answer.
    pub fn ask(&self, event: &serde_json::Value) -> serde_json::Value {
        let client = self.client();
        let question = serde_json::json!({ "event": event });
        let mut buffer = vec![0; 65_536];
        loop {
            client.send(question.to_string().as_bytes()).unwrap();
            let len = client.recv(&mut buffer).unwrap();
            let answer: serde_json::Value = serde_json::from_slice(&buffer[..len]).unwrap();
            // On a busy machine it may have waited too long in the kernel.
            if answer["error"]["code"] != "TIMEOUT" {
                return answer;
            }
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
