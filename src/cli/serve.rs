//! `siproute serve`: the daemon.
//!
//! Sockets are bound before tables are read, so that what cannot work is said at once and questions
//! wait in the kernel and not nowhere. SIGTERM turns `/ready` first, then drains the sockets; a second
//! one ends at once.

use super::failure::Failure;
use super::folder;
use super::listen::Sockets;
use super::output::complain;
use super::settings::Place;
use super::tables::trouble_exit;
use super::{Done, output};
use crate::admin;
use crate::config::{Settings, Severity};
use crate::live::Live;
use crate::net::access::AccessList;
use crate::net::changes::Means;
use crate::net::{tcp, udp};
use crate::ops::clock::Clock;
use crate::ops::descriptors;
use crate::ops::exit::Exit;
use crate::ops::log;
use crate::ops::shutdown::{self, Stopper};
use crate::ops::signals::{Signals, Wish};
use crate::reload::{self, ControlHandle, Ledger, NoTable, Origin, describe};
use crate::service::Service;
use crate::store::Trouble;
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// After `/ready` turned, so long questions are still taken: whoever watches it stops asking.
const TURN: Duration = Duration::from_millis(200);
/// Longest time that threads get to answer what has arrived.
const DRAIN: Duration = Duration::from_millis(800);
/// Between two looks at whether all threads live.
const PULSE: Duration = Duration::from_millis(200);

/// Run the daemon
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// What is logged: error, warn, info, debug or trace
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    log_level: log::Level,
    /// Start from the files alone, without what the APIs changed (`siproute.db`), and refuse changes
    #[arg(long)]
    without_state: bool,
}

/// Open files beside the connections of the lookup port: the operators' port, listeners, threads, logs,
/// and the table files that are being read.
const OTHER_FILES: u64 = 256;

/// Serves until it is told to end.
pub(super) fn run(arguments: &Arguments) -> Done {
    log::start(arguments.log_level);
    let settings = arguments.place.load()?;
    open_enough(&settings);
    let sockets = Sockets::bind(&settings)?;
    let places = sockets.places()?;
    let live = Live::new(&settings.limits);
    let ledger = Ledger::open(&settings, arguments.without_state).map_err(no_state)?;
    let (table, origin) = reload::first_table(&settings, &live, ledger).map_err(no_table)?;
    loudly(&origin);
    let loaded = describe(&table, origin.findings.len());
    let service = Arc::new(Service::new(table, live, settings.limits.clone()));
    let failed = |error| Failure::io(&error, "the threads cannot be started");
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        // Before anything is told, so that who reads it may send signals.
        let signals = Signals::listen().map_err(failed)?;
        let daemon =
            Daemon::start(settings, sockets, &service, origin, Clock::start()).map_err(failed)?;
        let told = output::print(&format!("{}{loaded}\n{}", places.lines(), places.next_step()));
        // It serves whether or not anybody could read that.
        if let Err(failure) = told {
            failure.tell();
        }
        Ok(daemon.watch(signals).await)
    })
}

/// Sees to it that as many connections as the settings allow can be held; says it where they cannot.
fn open_enough(settings: &Settings) {
    let connections = settings.limits.tcp_connections_max;
    let wanted = OTHER_FILES.saturating_add(u64::try_from(connections).unwrap_or(u64::MAX));
    if settings.listen.tcp.is_empty() {
        return;
    }
    match descriptors::raise(wanted) {
        Ok(may) if may >= wanted => {}
        Ok(may) => tracing::warn!(
            "{may} files may be open at once: too few for `limits.tcp_connections_max` = \
             {connections}, which takes {wanted}; raise `ulimit -n` or LimitNOFILE=, or lower the limit"
        ),
        Err(error) => tracing::warn!("the limit of open files cannot be raised: {error}"),
    }
}

/// What the APIs changed and were told is kept cannot be read: nothing is served without it, unless
/// somebody says so.
fn no_state(trouble: Trouble) -> Failure {
    let text = format!("{trouble}; nothing is served\n  help: {}", trouble.help());
    Failure::new(trouble_exit(&trouble), text)
}

/// All that is wrong, then what that means.
fn no_table(no_table: NoTable) -> Failure {
    let NoTable { refusal, kept } = no_table;
    let errors = refusal.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let count = errors.inspect(|finding| complain(&finding.to_string())).count();
    let mut text = "the tables cannot be used, nothing is served".to_owned();
    if count == 0 {
        text.push_str(&format!(": {}", refusal.message));
    }
    if let Some(why) = kept {
        text.push_str(&format!("; nor can the last known good table: {why}"));
    }
    Failure::new(Exit::Config, text)
}

fn loudly(origin: &Origin) {
    if let Some(refusal) = &origin.refusal {
        tracing::error!(
            "the table files are refused ({}): {}",
            refusal.stage.label(),
            refusal.message
        );
        tracing::error!("SERVING THE LAST KNOWN GOOD TABLE until they are mended");
    }
    if let Some(shrunk) = &origin.shrunk {
        tracing::warn!(
            "{shrunk}. They are served, and `last_known_good` stays as it was until the next \
             accepted reload"
        );
    }
}

/// The running threads, and what may become of them.
struct Daemon {
    control: Arc<ControlHandle>,
    threads: Vec<(String, JoinHandle<()>)>,
    stopper: Stopper,
}

impl Daemon {
    fn start(
        settings: Settings,
        sockets: Sockets,
        service: &Arc<Service>,
        origin: Origin,
        clock: Clock,
    ) -> io::Result<Self> {
        let (stopper, stop) = shutdown::pair();
        let access = Arc::new(AccessList::new(settings.access.allow.clone()));
        let may_change = AccessList::new(settings.access.change.clone());
        let read_folder = folder::reader(&settings);
        let (control, thread) =
            reload::spawn(settings, origin, Arc::clone(service), clock, stop.clone())?;
        let mut threads = vec![("control".to_owned(), thread)];
        for socket in sockets.udp {
            let name = format!("udp {}", socket.local_addr()?);
            let (service, access) = (Arc::clone(service), Arc::clone(&access));
            threads.push((name, udp::spawn(socket, service, access, clock, stop.clone())?));
        }
        if !sockets.tcp.is_empty() {
            let service = Arc::clone(service);
            let means =
                Means { access: may_change, control: Arc::clone(&control) as _, read_folder };
            let thread = tcp::spawn(sockets.tcp, service, access, means, clock, stop.clone())?;
            threads.push(("tcp".to_owned(), thread));
        }
        if let Some(listener) = sockets.admin {
            let (service, control) = (Arc::clone(service), Arc::clone(&control));
            let thread = admin::spawn(listener, service, control, clock, stop)?;
            threads.push(("admin".to_owned(), thread));
        }
        Ok(Self { control, threads, stopper })
    }

    /// Waits for signals, and sees to it that all threads live.
    async fn watch(self, mut signals: Signals) -> Exit {
        loop {
            tokio::select! {
                wish = signals.next() => match wish {
                    Wish::Reload => self.control.wish(),
                    Wish::End => return self.end(signals).await,
                },
                () = tokio::time::sleep(PULSE) => {
                    if let Some((name, _)) = self.threads.iter().find(|(_, one)| one.is_finished()) {
                        tracing::error!("the thread of {name} ended by itself: siproute ends, for \
                                         half of it would look like all of it");
                        return Exit::Bug;
                    }
                }
            }
        }
    }

    /// Turns `/ready`, answers what has arrived, ends; at once when it is told a second time.
    async fn end(self, mut signals: Signals) -> Exit {
        tracing::info!("told to end: what has arrived is answered first");
        self.control.close();
        tokio::select! {
            () = self.drain() => tracing::info!("ended"),
            () = told_again(&mut signals) => tracing::warn!("told again: ended at once"),
        }
        Exit::Fine
    }

    async fn drain(&self) {
        tokio::time::sleep(TURN).await;
        self.stopper.stop();
        let start = Instant::now();
        while self.threads.iter().any(|(_, thread)| !thread.is_finished()) {
            if start.elapsed() >= DRAIN {
                let left = self.threads.iter().filter(|(_, thread)| !thread.is_finished());
                let names: Vec<&str> = left.map(|(name, _)| name.as_str()).collect();
                return tracing::warn!("not waited for any longer: {}", names.join(", "));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn told_again(signals: &mut Signals) {
    while signals.next().await != Wish::End {}
}
