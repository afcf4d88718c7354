//! From when until when something is active.

use crate::model::go::time::{Time, push_rfc3339_nano};

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

    /// The moment that a time is; none for the zero time.
    #[must_use]
    pub fn of(time: &Time) -> Option<Self> {
        (!time.is_zero()).then(|| {
            let mut text = String::new();
            push_rfc3339_nano(time, &mut text);
            // Beyond the years that 64 bits reach nothing happens before or after it.
            let far = if time.ns < 0 { i64::MIN } else { i64::MAX };
            Self { ns: i64::try_from(time.ns).unwrap_or(far), text }
        })
    }

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
