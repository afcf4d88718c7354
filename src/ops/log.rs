//! The log: plain lines on standard error.
//!
//! A log that cannot be written is no reason to stop: a closed pipe or a full disk loses lines,
//! nothing else. No colours, no environment variables; the level is an option of `serve`.

use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{SystemTime, UNIX_EPOCH};

pub use tracing::Level;

/// Starts the log at a level. A second call changes nothing.
pub fn start(level: Level) {
    // An error says that there is a log already.
    let _ = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .with_target(false)
        .log_internal_errors(false)
        .with_writer(|| Lossy(io::stderr()))
        .try_init();
    std::panic::set_hook(Box::new(log_panic));
}

/// Standard error that never fails.
struct Lossy(io::Stderr);

impl Write for Lossy {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // What cannot be written is lost: nobody is left to be told.
        let _ = self.0.write_all(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One line for a panic, one a second at most: what ends a message's handling may be in every message.
fn log_panic(panic: &PanicHookInfo<'_>) {
    static LAST_S: AtomicU64 = AtomicU64::new(0);
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    if LAST_S.swap(now_s, Relaxed) != now_s {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("unnamed");
        let payload = panic.payload();
        let text = payload.downcast_ref::<&str>().copied();
        let message = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let message = message.unwrap_or("no message");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!("a bug, please report it: thread {name} panicked at {place}: {message:?}");
    }
}
