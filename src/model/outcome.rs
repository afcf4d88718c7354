//! How a request and how an attempt can end: closed sets, because each is a metric's label.

use super::sip::SipCode;

macro_rules! labels {
    ($(#[$meta:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $label:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$item])* $variant,)+ }

        impl $name {
            /// All of them, in the order of their indexes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The label value.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// Position in [`Self::ALL`].
            #[must_use]
            pub fn index(self) -> usize {
                self as usize
            }
        }
    };
}

labels! {
    /// How one message ended; every message ends in exactly one of these.
    Outcome {
        /// Answered with routes.
        Ok = "ok",
        /// No route for it.
        NotFound = "not_found",
        /// The failed attempt's code is final.
        Stop = "stop",
        /// No attempt, no time or no supplier remains.
        Exhausted = "exhausted",
        /// A report was taken.
        Report = "report",
        /// Our own fault, or no table.
        Error = "error",
        /// Understood as a question, but a field of it is wrong.
        BadRequest = "bad_request",
        /// No message of a known form.
        Malformed = "malformed",
        /// Longer than the limit; not parsed.
        TooLong = "too_long",
        /// From a source that may not ask.
        NotAllowed = "not_allowed",
        /// A reply, or a message from our own address; never answered.
        Reflected = "reflected",
        /// Refused for lack of room.
        Overloaded = "overloaded",
        /// Too old when its turn came.
        Timeout = "timeout",
        /// Its handling panicked and was stopped.
        Panicked = "panicked",
    }
}

labels! {
    /// How a message came.
    Protocol {
        /// JSON in a datagram.
        Udp = "udp",
        /// JSON lines on TCP.
        Tcp = "tcp",
        /// HTTP on the lookup port.
        Http = "http",
        /// JSON-RPC: a stream, a netstring, `POST /jsonrpc` or a datagram.
        JsonRpc = "jsonrpc",
    }
}

labels! {
    /// How one attempt at a supplier ended.
    AttemptOutcome {
        /// 2xx.
        Answered = "answered",
        /// 486, 600.
        Busy = "busy",
        /// 408, 480, 487.
        NoAnswer = "noanswer",
        /// Another 4xx, or a 6xx.
        Rejected = "rejected",
        /// 3xx, 5xx, or a timeout without ringing.
        Failed = "failed",
        /// Never reported.
        Unknown = "unknown",
    }
}

labels! {
    /// What a report says.
    ReportEvent {
        /// An attempt ended with a code.
        Attempt = "attempt",
        /// The caller gave up.
        Cancel = "cancel",
        /// The call was answered.
        Answer = "answer",
        /// The call ended.
        End = "end",
    }
}

impl AttemptOutcome {
    /// What a final code says of an attempt.
    ///
    /// `local`: the proxy's own timeout or failure to send. Such a timeout is the supplier's failure
    /// unless the called side rang (`rang`), when nobody picked up.
    #[must_use]
    pub fn of(code: SipCode, local: bool, rang: bool) -> Self {
        if local {
            return if rang { Self::NoAnswer } else { Self::Failed };
        }
        match code.get() {
            486 | 600 => Self::Busy,
            408 | 480 | 487 => Self::NoAnswer,
            code => match code / 100 {
                2 => Self::Answered,
                4 | 6 => Self::Rejected,
                _ => Self::Failed,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_one_outcome() {
        use AttemptOutcome::{Answered, Busy, Failed, NoAnswer, Rejected};
        for (code, local, rang, want) in [
            (200, false, false, Answered),
            (486, false, true, Busy),
            (600, false, true, Busy),
            (408, false, false, NoAnswer),
            (480, false, false, NoAnswer),
            (487, false, true, NoAnswer),
            (404, false, false, Rejected),
            (603, false, true, Rejected),
            (302, false, false, Failed),
            (503, false, false, Failed),
            (408, true, false, Failed),
            (408, true, true, NoAnswer),
        ] {
            let got = AttemptOutcome::of(SipCode::new(code).unwrap(), local, rang);
            assert_eq!(got, want, "{code} local {local} rang {rang}");
        }
    }
}
