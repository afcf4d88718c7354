//! From when until when something is active.

/// An ActivationInterval: both bounds exclusive, either may be open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Activation {
    /// Active after this moment.
    pub from: Option<Stamp>,
    /// Active before this moment.
    pub until: Option<Stamp>,
}

/// A moment as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Unix nanoseconds.
    pub ns: i64,
    /// RFC 3339 with the offset that it was written in; fractions only where there are any.
    pub text: String,
}

impl Stamp {
    /// How the zero time is written, which stands for no moment.
    pub const ZERO: &str = "0001-01-01T00:00:00Z";

    /// The moment before all others.
    #[must_use]
    pub fn first() -> Self {
        Self { ns: i64::MIN, text: Self::ZERO.to_owned() }
    }
}

impl Activation {
    /// The first and the last nanosecond that are not part of it, open sides far away.
    #[must_use]
    pub fn bounds_ns(&self) -> (i64, i64) {
        (
            self.from.as_ref().map_or(i64::MIN, |stamp| stamp.ns),
            self.until.as_ref().map_or(i64::MAX, |stamp| stamp.ns),
        )
    }
}
