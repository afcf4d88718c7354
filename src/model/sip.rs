//! SIP response codes.

use std::fmt;

/// A SIP status code: 100 to 699 (RFC 3261 7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SipCode(u16);

impl SipCode {
    /// 404 Not Found.
    pub const NOT_FOUND: Self = Self(404);
    /// 408 Request Timeout.
    pub const TIMEOUT: Self = Self(408);
    /// 503 Service Unavailable.
    pub const UNAVAILABLE: Self = Self(503);

    /// `None` outside 100 to 699.
    #[must_use]
    pub fn new(code: u16) -> Option<Self> {
        (100..700).contains(&code).then_some(Self(code))
    }

    /// The reason phrase (RFC 3261 21), for the code that a caller gets.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self.0 {
            403 => "Forbidden",
            404 => "Not Found",
            408 => "Request Timeout",
            410 => "Gone",
            480 => "Temporarily Unavailable",
            484 => "Address Incomplete",
            486 => "Busy Here",
            487 => "Request Terminated",
            488 => "Not Acceptable Here",
            500 => "Server Internal Error",
            502 => "Bad Gateway",
            503 => "Service Unavailable",
            504 => "Server Time-out",
            600 => "Busy Everywhere",
            603 => "Decline",
            604 => "Does Not Exist Anywhere",
            606 => "Not Acceptable",
            code => match code / 100 {
                3 => "Redirected",
                4 => "Request Failure",
                5 => "Server Failure",
                _ => "Global Failure",
            },
        }
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }

    /// The first digit: 1 to 6.
    #[must_use]
    pub fn class(self) -> u8 {
        // 100 to 699 by construction.
        (self.0 / 100) as u8
    }
}

impl fmt::Display for SipCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
