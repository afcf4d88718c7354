//! Time zones as far as they decide what a clock shows, what is printed, and whether two are the same one.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The clock that a time was stated on.
#[derive(Debug, Clone, Copy)]
pub enum Zone {
    /// `Z`, or the name UTC.
    Utc,
    /// The zone that texts without one are read in, as it was at that moment.
    Local(Named),
    /// An offset that was stated.
    Fixed(Named),
}

/// An offset, and the name that it goes by; the name may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    offset_s: i32,
    name: [u8; NAME_MAX],
    name_len: usize,
}

/// Names are at most six letters long in the IANA database; a longer one is cut.
const NAME_MAX: usize = 8;

impl Named {
    /// An offset in seconds east of UTC, and its name.
    #[must_use]
    pub fn new(offset_s: i32, name: &str) -> Self {
        let mut named = Self { offset_s, name: [0; NAME_MAX], name_len: 0 };
        for (place, byte) in named.name.iter_mut().zip(name.bytes()) {
            *place = byte;
            named.name_len += 1;
        }
        named
    }

    /// Its name; empty where none was stated.
    #[must_use]
    pub fn name(&self) -> &str {
        std::str::from_utf8(self.name.get(..self.name_len).unwrap_or_default()).unwrap_or_default()
    }
}

impl Zone {
    /// The local zone as it is at `ns`.
    #[must_use]
    pub fn local_at(ns: i128, local: &TimeZone) -> Self {
        if local.is_unknown() {
            return Self::Local(Named::new(0, "UTC"));
        }
        let moment = clamped(ns);
        let info = local.to_offset_info(moment);
        Self::Local(Named::new(info.offset().seconds(), info.abbreviation()))
    }

    /// The zone of a text that states an offset, and a name or none, for the moment `ns`.
    ///
    /// It is the local one where that has this offset (and this name) then.
    #[must_use]
    pub fn stated(offset_s: i32, name: &str, ns: i128, local: &TimeZone) -> Self {
        match Self::local_at(ns, local) {
            here @ Self::Local(named)
                if named.offset_s == offset_s && (name.is_empty() || named.name() == name) =>
            {
                here
            }
            _ => Self::Fixed(Named::new(offset_s, name)),
        }
    }

    /// Seconds east of UTC.
    #[must_use]
    pub fn offset_s(&self) -> i32 {
        match self {
            Self::Utc => 0,
            Self::Local(named) | Self::Fixed(named) => named.offset_s,
        }
    }

    /// Its name; empty for an offset that was stated without one.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Utc => "UTC",
            Self::Local(named) | Self::Fixed(named) => named.name(),
        }
    }

    /// Whether Go holds both as the same object. Of the offsets it keeps only whole hours without a name;
    /// any other is made anew for each text, and so is never the same.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Utc, Self::Utc) | (Self::Local(_), Self::Local(_)) => true,
            (Self::Fixed(one), Self::Fixed(two)) => {
                let is_kept =
                    one.offset_s % 3600 == 0 && (-12..=14).contains(&(one.offset_s / 3600));
                one == two && one.name_len == 0 && is_kept
            }
            _ => false,
        }
    }
}

/// Nanoseconds since the epoch at which a clock in zone `local` shows `clock`. In the hour that a clock leaves
/// out, or shows twice, it is as Go has it: one of the two.
pub(super) fn local_ns(clock: DateTime, local: &TimeZone) -> i128 {
    let as_utc = utc_ns(clock);
    let offset_ns = |ns: i128| i128::from(local.to_offset(clamped(ns)).seconds()) * 1_000_000_000;
    as_utc - offset_ns(as_utc - offset_ns(as_utc))
}

/// Nanoseconds since the epoch at which a clock in UTC shows `clock`.
pub(super) fn utc_ns(clock: DateTime) -> i128 {
    clock.duration_since(super::EPOCH).as_nanos()
}

fn clamped(ns: i128) -> Timestamp {
    let end = if ns < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_nanosecond(ns).unwrap_or(end)
}
