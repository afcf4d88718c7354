//! What the kernel knows of this process, read from `/proc` when somebody asks.
//!
//! Each figure is absent where the kernel does not tell it.

use std::collections::HashSet;
use std::fs;

/// Ticks per second in which Linux tells times of a process to programs; the same on all machines.
const TICKS_PER_S: f64 = 100.0;

/// When the process began (Unix seconds).
#[must_use]
pub fn start_time_s() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in brackets, and may hold anything.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks: f64 = fields.split_ascii_whitespace().nth(19)?.parse().ok()?;
    let system = fs::read_to_string("/proc/stat").ok()?;
    let boot: f64 = system.lines().find_map(|line| line.strip_prefix("btime "))?.parse().ok()?;
    Some(boot + ticks / TICKS_PER_S)
}

/// Memory in use, bytes.
#[must_use]
pub fn resident_bytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim_end().parse().ok()?;
    Some(kib * 1024.0)
}

/// The sockets that the process has open.
#[derive(Debug, Default)]
pub struct Sockets(HashSet<String>);

impl Sockets {
    /// Those that are open now. To look for them takes time for each; they are looked for once.
    #[must_use]
    pub fn open() -> Self {
        let descriptors = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
        let inodes = descriptors.filter_map(|entry| {
            let target = fs::read_link(entry.path()).ok()?;
            let inode = target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
            Some(inode.to_owned())
        });
        Self(inodes.collect())
    }

    /// Datagrams that the kernel dropped on those of UDP, since they were opened: they came faster
    /// than they were read.
    #[must_use]
    pub fn udp_drops(&self) -> u64 {
        let tables = ["/proc/self/net/udp", "/proc/self/net/udp6"];
        // Without IPv6 there is no second one.
        let tables = tables.iter().filter_map(|path| fs::read_to_string(path).ok());
        tables
            .map(|table| {
                let drops = table.lines().skip(1).filter_map(|line| drops_of(line, &self.0));
                drops.sum::<u64>()
            })
            .sum()
    }
}

/// The last column of a row, where its inode is one of ours.
fn drops_of(line: &str, own: &HashSet<String>) -> Option<u64> {
    let mut fields = line.split_ascii_whitespace();
    let inode = fields.nth(9)?;
    if !own.contains(inode) {
        return None;
    }
    fields.last()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::UdpSocket;

    #[test]
    fn datagrams_that_nobody_read_in_time_are_seen() {
        let receiver = UdpSocket::bind("127.0.0.1:0").unwrap();
        let sockets = Sockets::open();
        let before = sockets.udp_drops();
        let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
        for _ in 0..2_000 {
            sender.send_to(&[0; 1_400], receiver.local_addr().unwrap()).unwrap();
        }
        assert!(sockets.udp_drops() > before);
    }

    #[test]
    fn the_process_began_in_the_past_and_uses_memory() {
        let now_s = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs_f64();
        let start_s = start_time_s().unwrap();
        assert!(start_s <= now_s + 1.0 && start_s > now_s - 3_600.0, "{start_s} of {now_s}");
        assert!(resident_bytes().unwrap() > 100_000.0);
    }
}
