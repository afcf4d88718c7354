//! Floor 5: the operators' port: metrics, health, the table in force, reloads, explanations.
//!
//! A thread and a runtime of its own, so that no scraper, however slow, is felt by a lookup. It serves
//! loopback alone; that is checked with the settings.

mod explain;
mod health;
mod metrics;
mod reload;
mod table;

use crate::ops::browser;
use crate::ops::clock::Clock;
use crate::ops::http::{self, Answer};
use crate::ops::listen;
use crate::ops::metrics::Metrics;
use crate::ops::patience::Idle;
use crate::ops::shutdown::Stop;
use crate::service::Service;
use crate::service::control::Control;
use hyper::body::Incoming;
use hyper::{Method, Request, StatusCode};
use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::task::LocalSet;

/// Connections at once; more are closed. Idle ones end, so that nobody holds the port by opening them.
const CONNECTIONS_MAX: usize = 64;
/// How long answers that are under way may take after the word to stop.
const FAREWELL: Duration = Duration::from_secs(1);

const PATHS: &str = "/metrics, /live, /ready, /version, /table, /explain and POST /reload";

/// Starts the thread of the operators' port.
///
/// # Errors
/// When the socket cannot be prepared, or no thread can be had.
pub fn spawn(
    listener: std::net::TcpListener,
    service: Arc<Service>,
    control: Arc<dyn Control>,
    clock: Clock,
    stop: Stop,
) -> io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = {
        let _entered = runtime.enter();
        listen::adopt(listener)?
    };
    std::thread::Builder::new().name("admin".into()).spawn(move || {
        let tasks = LocalSet::new();
        let desk = Rc::new(Desk {
            service,
            control,
            clock,
            stop: stop.clone(),
            metrics: RefCell::default(),
            connections: Cell::new(0),
        });
        let accepting = listen::accept(listener, stop, |stream, _| {
            if desk.connections.get() >= CONNECTIONS_MAX {
                desk.service.live.totals.connections_refused.fetch_add(1, Relaxed);
                return;
            }
            let place = Place::take(Rc::clone(&desk));
            tokio::task::spawn_local(async move {
                let desk = &place.0;
                let handle = |request| desk.handle(request);
                let (patience, stop) = (desk.patience(), desk.stop.clone());
                let served = http::serve(stream, patience, Idle::Ends, stop, handle);
                // Operators see a broken connection themselves.
                let _ = served.await;
            });
        });
        runtime.block_on(tasks.run_until(accepting));
        let _ = runtime.block_on(async { tokio::time::timeout(FAREWELL, tasks).await });
        // A reload that somebody waits for does not hold up the end.
        runtime.shutdown_background();
    })
}

/// What the endpoints share.
struct Desk {
    service: Arc<Service>,
    control: Arc<dyn Control>,
    clock: Clock,
    stop: Stop,
    metrics: RefCell<Metrics>,
    connections: Cell<usize>,
}

/// One connection's place among those that are held.
struct Place(Rc<Desk>);

impl Place {
    fn take(desk: Rc<Desk>) -> Self {
        desk.connections.set(desk.connections.get() + 1);
        Self(desk)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.connections.set(self.0.connections.get().saturating_sub(1));
    }
}

impl Desk {
    fn patience(&self) -> Duration {
        let patience_ms = u64::try_from(self.service.limits.tcp_patience_ms);
        Duration::from_millis(patience_ms.unwrap_or(u64::MAX))
    }

    async fn handle(&self, request: Request<Incoming>) -> Answer {
        let fault = browser::page_fault(&request).or_else(|| browser::host_fault(&request));
        if let Some(fault) = fault {
            return http::last(http::error(StatusCode::FORBIDDEN, fault));
        }
        let path = request.uri().path();
        let query = request.uri().query().unwrap_or_default();
        if path == "/reload" {
            return match *request.method() {
                Method::POST => self.reload(request).await,
                _ => http::no_method("POST"),
            };
        }
        let answer: &dyn Fn() -> Answer = match path {
            "/" => &|| http::text(StatusCode::OK, format!("siproute: {PATHS}\n")),
            "/metrics" => &|| self.metrics(),
            "/live" => &|| self.live(),
            "/ready" => &|| self.ready(),
            "/version" => &|| self.version(),
            "/table" => &|| self.table(),
            "/explain" => &|| self.explain(query),
            _ => return http::last(http::no_path(path, PATHS)),
        };
        if *request.method() != Method::GET {
            return http::last(http::no_method("GET"));
        }
        answer()
    }
}
