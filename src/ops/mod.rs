//! Floor 3: being a process: clock, shutdown, log, metrics. It knows no routing.

pub mod clock;
pub mod shutdown;
