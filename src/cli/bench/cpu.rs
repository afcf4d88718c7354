//! CPU time of threads, from the scheduler's own nanosecond clock in `/proc`.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Threads whose CPU time is read.
#[derive(Debug)]
pub(super) enum Threads {
    /// All threads of a process: the folder of its tasks.
    Process(PathBuf),
    /// One thread: its folder.
    One(PathBuf),
}

impl Threads {
    pub(super) fn of_process(pid: u32) -> Self {
        Self::Process(format!("/proc/{pid}/task").into())
    }

    /// The calling thread.
    pub(super) fn this() -> Option<Self> {
        Some(Self::One(Path::new("/proc").join(fs::read_link("/proc/thread-self").ok()?)))
    }

    /// CPU time so far, nanoseconds; `None` where the kernel does not say.
    pub(super) fn cpu_ns(&self) -> Option<u64> {
        match self {
            Self::One(folder) => thread_ns(folder),
            Self::Process(folder) => {
                let tasks = fs::read_dir(folder).ok()?;
                // A thread that ends meanwhile counts as if it had not been.
                let each = tasks.filter_map(|task| thread_ns(&task.ok()?.path()));
                Some(each.sum::<u64>()).filter(|sum| *sum > 0)
            }
        }
    }
}

/// The first figure of `schedstat`: time spent running.
fn thread_ns(folder: &Path) -> Option<u64> {
    fs::read_to_string(folder.join("schedstat")).ok()?.split(' ').next()?.parse().ok()
}

/// The process that has a UDP socket on this address's port, if it is one of ours to look at.
pub(super) fn process_on(address: SocketAddr) -> Option<u32> {
    let sockets: Vec<String> = ["/proc/net/udp", "/proc/net/udp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| inodes(&table, address.port()))
        .map(|inode| format!("socket:[{inode}]"))
        .collect();
    let processes = fs::read_dir("/proc").ok()?;
    processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .find(|pid| has_open(*pid, &sockets))
}

/// Inodes of the sockets that are bound to a port and not connected, of a table as the kernel prints
/// it: `sl local_address rem_address st … inode …`.
fn inodes(table: &str, port: u16) -> Vec<String> {
    let port = format!(":{port:04X}");
    table
        .lines()
        .skip(1)
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|cells| cells.get(1).is_some_and(|local| local.ends_with(&port)))
        .filter(|cells| cells.get(2).is_some_and(|remote| remote.ends_with(":0000")))
        .filter_map(|cells| cells.get(9).map(ToString::to_string))
        .collect()
}

fn has_open(pid: u32, sockets: &[String]) -> bool {
    let Ok(files) = fs::read_dir(format!("/proc/{pid}/fd")) else { return false };
    files
        .filter_map(|file| fs::read_link(file.ok()?.path()).ok())
        .any(|file| sockets.iter().any(|socket| file.to_str() == Some(socket)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::UdpSocket;

    #[test]
    fn a_process_is_found_by_its_socket_and_its_cpu_time_grows() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let pid = process_on(socket.local_addr().unwrap()).unwrap();
        assert_eq!(pid, std::process::id());
        for threads in [Threads::of_process(pid), Threads::this().unwrap()] {
            let before = threads.cpu_ns().unwrap();
            let mut sum = 0_u64;
            while threads.cpu_ns().unwrap() == before {
                sum = std::hint::black_box(sum.wrapping_add(1));
            }
        }
        assert!(Threads::of_process(u32::MAX).cpu_ns().is_none());
    }
}
