//! What a lookup costs: its time on the wall, and the program's own instructions by callgrind.
//!
//! One question is in flight: times are of the whole way, of which the kernel is the largest part; the echo of
//! `siproute bench` says how large.

use super::folder::Folder;
use super::site::Site;
use std::process::Command;
use std::time::Instant;

const ROUNDS: usize = 60;
const LOOKUPS: usize = 100;
/// Under callgrind everything takes fifty times as long.
const COUNTED: usize = 500;

/// A kind of lookup, and the least microseconds that one of a round took: whatever disturbs only adds.
pub struct Timed<'s> {
    lookup: Box<dyn FnMut(usize) + 's>,
    /// Microseconds for one lookup.
    pub least: f64,
}

impl<'s> Timed<'s> {
    /// Warmed up, and not yet timed.
    pub fn new(mut lookup: impl FnMut(usize) + 's) -> Self {
        (0..10 * LOOKUPS).for_each(&mut lookup);
        Self { lookup: Box::new(lookup), least: f64::INFINITY }
    }

    fn round(&mut self, round: usize) {
        let start = Instant::now();
        (0..LOOKUPS).for_each(|number| (self.lookup)(round * LOOKUPS + number));
        self.least = self.least.min(start.elapsed().as_secs_f64() * 1e6 / LOOKUPS as f64);
    }

    /// Times several kinds in turns, so that what disturbs for a while disturbs all alike.
    pub fn all<'t>(several: impl Iterator<Item = &'t mut Self>)
    where
        's: 't,
    {
        let mut several: Vec<&mut Self> = several.collect();
        for round in 0..ROUNDS {
            several.iter_mut().for_each(|one| one.round(round));
        }
    }
}

/// Microseconds for an echo over UDP, from the program's own bench.
pub fn echo(site: &Site) -> f64 {
    let output = Command::new(env!("CARGO_BIN_EXE_siproute"))
        .args(["bench", "--json", "--outstanding", "1", "--flows", "1", "--seconds", "2", "--udp"])
        .arg(site.daemon.udp.unwrap().to_string())
        .args(["Account=A1", "Destination=+4930123456"])
        .output()
        .unwrap();
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    figures["echo"]["latency_us"]["p50"].as_f64().unwrap()
}

/// Whether instructions are worth counting: where the program is not optimised they say nothing, and take
/// long.
pub fn can_count() -> bool {
    !cfg!(debug_assertions) && Command::new("valgrind").arg("--version").output().is_ok()
}

/// What has to run a program whose instructions are counted; the counts lie in the folder.
pub fn callgrind(folder: &Folder) -> [String; 4] {
    let out = format!("--callgrind-out-file={}", folder.path("callgrind.out").display());
    ["valgrind".into(), "--quiet".into(), "--tool=callgrind".into(), out]
}

/// Instructions for one lookup of a program that runs under callgrind; `None`: it cannot be controlled.
pub fn instructions(site: &Site, mut lookup: impl FnMut(usize)) -> Option<u64> {
    let control = |what: &str| {
        let id = site.daemon.id().to_string();
        Command::new("callgrind_control")
            .args([what, &id])
            .output()
            .ok()?
            .status
            .success()
            .then_some(())
    };
    (0..COUNTED).for_each(&mut lookup);
    control("--zero")?;
    (0..COUNTED).for_each(&mut lookup);
    control("--dump")?;
    let dumps = std::fs::read_dir(site.path("")).unwrap().map(|file| file.unwrap().path());
    let newest = dumps
        .filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("callgrind."))
        })
        .max_by_key(|path| path.metadata().and_then(|file| file.modified()).unwrap())?;
    let text = std::fs::read_to_string(newest).unwrap();
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "))?;
    Some(total.trim().parse::<u64>().unwrap() / COUNTED as u64)
}
