//! Floor 3: being a process: clock, shutdown, log, signals, exit codes, metrics. It knows no routing.

pub mod clock;
pub mod exit;
pub mod log;
pub mod shutdown;
pub mod signals;
