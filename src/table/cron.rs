//! Cron expressions of `*cronexp`: which moments they name.

use jiff::tz::TimeZone;

/// A cron expression with five fields (or six, seconds first).
#[derive(Debug, Clone)]
pub struct Cron {
    pattern: croner::Cron,
    has_seconds: bool,
}
