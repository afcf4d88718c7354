//! Floor 3: being a process: clock, shutdown, log, signals, exit codes, metrics. It knows no routing.

pub mod browser;
pub mod clock;
pub mod descriptors;
pub mod exit;
pub mod http;
pub mod kernel;
pub mod listen;
pub mod log;
pub mod metrics;
pub mod patience;
pub mod shutdown;
pub mod signals;
