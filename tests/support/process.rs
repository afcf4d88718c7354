//! Processes that end with their guard, on ports and in folders of their own.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

/// A process that ends with its guard: asked first, so that it can end its own children.
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `command` with its words in `log`. `package` is what brings the program.
    pub fn start(command: &mut Command, log: &Path, package: &str) -> Self {
        let file = std::fs::File::create(log).unwrap();
        command.stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file);
        match command.spawn() {
            Ok(child) => Self { child, log: log.to_owned() },
            Err(error) => panic!(
                "{:?} does not start ({error}): install it by `apt-get install {package}`, or by tests/run",
                command.get_program()
            ),
        }
    }

    /// `kill -NAME`.
    pub fn signal(&self, name: &str) {
        let status =
            Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(status.unwrap().success(), "no process takes {name}");
    }

    /// Ended by the kernel: nothing is said to anyone.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Its exit status, within `patience`.
    pub fn wait(mut self, patience: Duration) -> ExitStatus {
        let end = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "a process did not end in {patience:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until it, or a child of it, holds the UDP port.
    pub fn wait_for_udp(&mut self, port: u16) {
        let end = Instant::now() + Duration::from_secs(10);
        while UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            let waits = Instant::now() < end && self.runs();
            assert!(waits, "nothing listens on {port}; {:?}:\n{}", self.log, self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Everything that it has said so far.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Whether it runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !self.runs() {
            return;
        }
        let id = self.child.id().to_string();
        drop(Command::new("kill").args(["-CONT", &id]).status());
        drop(Command::new("kill").arg(&id).status());
        let end = Instant::now() + Duration::from_secs(5);
        while self.runs() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A port that is free for UDP and TCP, and given to nobody else here. It lies below those that the
/// kernel hands out by itself, or one of sipp's or a test's own sockets could take it meanwhile.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = std::process::id() % 100 * 100;
    loop {
        let port = 20_000 + (start as u16 + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, port));
        if udp.is_ok() && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
