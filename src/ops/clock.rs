//! The clocks of the process.

use crate::model::moment::Moment;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Reads both clocks. Cheap to copy; the steady one counts from the moment it was made.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
}

impl Clock {
    /// A clock that starts now; its steady time begins at one hour.
    #[must_use]
    pub fn start() -> Self {
        Self { start: Instant::now() }
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.moment_of(Instant::now())
    }

    /// Now, where the steady clock was just read for another purpose too.
    #[must_use]
    pub fn moment_of(&self, now: Instant) -> Moment {
        const BEGIN_MS: u64 = 3_600_000;
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let elapsed = now.saturating_duration_since(self.start);
        let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX / 2);
        Moment {
            wall_ns: i64::try_from(since_epoch.as_nanos()).unwrap_or(i64::MAX),
            mono_ms: BEGIN_MS + elapsed_ms,
        }
    }
}
