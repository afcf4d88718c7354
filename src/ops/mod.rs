//! Floor 3: being a process: clock, exit codes, shutdown, log, metrics. It knows no routing.

pub mod clock;
pub mod exit;
pub mod shutdown;
