//! When something happens.

/// A moment by two clocks, read outside of everything that decides, once for many requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// Unix nanoseconds.
    pub wall_ns: i64,
    /// Milliseconds of a clock that never steps back.
    pub mono_ms: u64,
}
