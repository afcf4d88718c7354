//! The control thread in this process, on real files: what it does to them is seen from inside.

use super::folder::Folder;
use siproute::config::load_settings;
use siproute::live::Live;
use siproute::ops::clock::Clock;
use siproute::ops::shutdown::{Stopper, pair};
use siproute::reload::{ControlHandle, Ledger, first_table, spawn};
use siproute::service::Service;
use siproute::service::control::{Control, ReloadRequest, TableStatus, Verdict};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a change may take to be seen.
pub const SEEN: Duration = Duration::from_secs(2);

/// A running control thread.
pub struct Station {
    pub folder: Folder,
    pub service: Arc<Service>,
    pub control: Arc<ControlHandle>,
    stopper: Stopper,
    thread: Option<JoinHandle<()>>,
}

impl Station {
    /// With `routes.toml` as its only table.
    pub fn start(name: &str, table: &str) -> Self {
        Self::with_settings(name, "", |folder| folder.write("routes.toml", table))
    }

    /// With more settings, and files that `prepare` puts there.
    pub fn with_settings(name: &str, settings: &str, prepare: impl Fn(&Folder)) -> Self {
        let folder = Folder::new(name);
        prepare(&folder);
        folder.settings(settings);
        Self::on(folder)
    }

    /// In a folder that has settings and tables.
    pub fn on(folder: Folder) -> Self {
        let (settings, _) = load_settings(&folder.path("siproute.toml")).unwrap();
        let live = Live::new(&settings.limits);
        let (table, origin) =
            first_table(&settings, &live, Ledger::open(&settings, false).unwrap())
                .unwrap_or_else(|refusal| panic!("{refusal:?}"));
        let service = Arc::new(Service::new(table, live, settings.limits.clone()));
        let (stopper, stop) = pair();
        let (control, thread) =
            spawn(settings, origin, Arc::clone(&service), Clock::start(), stop).unwrap();
        Self { folder, service, control, stopper, thread: Some(thread) }
    }

    /// Ends the control thread; the folder is left.
    pub fn stop(mut self) -> Folder {
        std::mem::replace(&mut self.folder, Folder::new("left"))
    }

    /// The control thread ended, and who has its handle does not know.
    pub fn halt(&mut self) {
        self.stopper.stop();
        self.thread.take().unwrap().join().unwrap();
    }

    pub fn status(&self) -> TableStatus {
        self.control.status()
    }

    pub fn generation(&self) -> u64 {
        self.service.table().generation
    }

    /// The parameters of the first supplier in force, where tables of tests have their mark.
    pub fn mark(&self) -> String {
        let table = self.service.table();
        table
            .suppliers
            .iter()
            .next()
            .map_or_else(String::new, |one| one.facts.parameters.as_str().to_owned())
    }

    pub fn failures(&self, stage: &str) -> u64 {
        let failures = self.status().failures;
        failures.into_iter().find(|(label, _)| *label == stage).unwrap().1
    }

    /// Waits until something holds; gives the time it took.
    pub fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) -> Duration {
        let start = Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < SEEN, "not within {SEEN:?}: {what}; {:?}", self.status());
            std::thread::sleep(Duration::from_millis(2));
        }
        start.elapsed()
    }

    /// Watches for a while that something holds.
    pub fn throughout(&self, ms: u64, what: &str, holds: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(ms) {
            assert!(holds(self), "{what}: {:?}", self.status());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn reload(&self) -> Verdict {
        self.control.reload(ReloadRequest::default())
    }

    pub fn accept(&self, why: &str) -> Verdict {
        let accept = Some("shrink".into());
        self.control.reload(ReloadRequest { accept, why: why.into(), ..ReloadRequest::default() })
    }

    pub fn dry_run(&self) -> Verdict {
        self.control.reload(ReloadRequest { dry_run: true, ..ReloadRequest::default() })
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        self.stopper.stop();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
            && !std::thread::panicking()
        {
            panic!("the control thread panicked");
        }
    }
}
