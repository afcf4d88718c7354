//! Every bound that an operator can set: its name, default, least and greatest value.
//!
//! One place, so that a reviewer can see what any single message may cost. The names are the keys
//! of `[limits]` in the settings. Behind them stand bounds that nobody sets and several folders share;
//! one that a single file needs (bytes of an HTTP head, a batch of datagrams) is a constant there.

/// One bound as the settings, the schema and the documentation see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitSpec {
    /// Key under `[limits]`; units stand last in the name.
    pub name: &'static str,
    /// What holds when the settings are silent.
    pub default: u64,
    /// Least value that the settings may give.
    pub min: u64,
    /// Greatest value that the settings may give.
    pub max: u64,
    /// What it bounds, one sentence without a full stop.
    pub doc: &'static str,
}

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident = $default:literal, $min:literal ..= $max:literal;)+) => {
        /// The bounds in force.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Limits {
            $($(#[doc = $doc])+ pub $name: usize,)+
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        impl Limits {
            /// All bounds, in the order in which they are documented.
            pub const SPECS: &'static [LimitSpec] = &[
                $(LimitSpec {
                    name: stringify!($name),
                    default: $default,
                    min: $min,
                    max: $max,
                    doc: concat!($($doc),+),
                },)+
            ];

            /// Sets the bound called `name`.
            ///
            /// # Errors
            /// Says so when there is no such bound, or when `value` lies outside its range.
            pub fn set(&mut self, name: &str, value: u64) -> Result<(), String> {
                let spec = Self::SPECS
                    .iter()
                    .find(|spec| spec.name == name)
                    .ok_or_else(|| format!("no limit is called `{name}`"))?;
                if value < spec.min || value > spec.max {
                    return Err(format!("{value} is outside {} to {}", spec.min, spec.max));
                }
                let value = usize::try_from(value).map_err(|error| error.to_string())?;
                match name {
                    $(stringify!($name) => self.$name = value,)+
                    _ => {}
                }
                Ok(())
            }

            /// The bound called `name`, if there is one.
            #[must_use]
            pub fn get(&self, name: &str) -> Option<usize> {
                match name {
                    $(stringify!($name) => Some(self.$name),)+
                    _ => None,
                }
            }
        }
    };
}

limits! {
    /// Bytes of one UDP question; a longer one gets no answer
    udp_request_max = 8192, 512 ..= 65507;
    /// Bytes of one UDP answer; routes beyond it fall off the end
    udp_reply_max = 8192, 512 ..= 65507;
    /// Bytes of one line or HTTP body on TCP; a longer one is refused
    tcp_request_max = 65536, 512 ..= 1048576;
    /// Bytes of one JSON-RPC request on TCP or HTTP; a longer one is refused
    rpc_request_max = 1048576, 512 ..= 67108864;
    /// Bytes of one answer on TCP or HTTP; routes beyond it fall off the end
    tcp_reply_max = 262144, 512 ..= 4194304;
    /// TCP connections held at once; more are closed at once and counted
    tcp_connections_max = 4096, 1 ..= 1048576;
    /// Milliseconds that a begun request or an unread answer may take on TCP before its connection is closed
    tcp_patience_ms = 5000, 100 ..= 600000;
    /// Milliseconds that a UDP question may wait; an older one is refused as TIMEOUT
    deadline_ms = 40, 1 ..= 10000;
    /// Routes in one answer
    routes_max = 64, 1 ..= 1024;
    /// Entries of `failed` in one question
    failed_max = 16, 1 ..= 16;
    /// Bytes of a question's id
    id_bytes_max = 255, 1 ..= 255;
    /// Calls remembered for reports and failover, 72 bytes each
    calls_max = 262144, 1024 ..= 16777216;
    /// Seconds that a call is remembered until it is answered
    call_unanswered_s = 180, 1 ..= 86400;
    /// Seconds that an answered call is remembered until it ends
    call_answered_s = 10800, 1 ..= 604800;
    /// Seconds that a call is remembered when it is over
    call_over_s = 60, 1 ..= 86400;
    /// Pairs of suppliers that the failover counter tells apart; more count as `other`
    failover_pairs_max = 10000, 1 ..= 1000000;
    /// Suppliers known since the start, those of replaced tables included
    suppliers_max = 16384, 1 ..= 65000;
    /// Bytes of one table file
    table_file_max = 67108864, 1024 ..= 1073741824;
    /// Rows of `[[route]]` in all files together
    table_routes_max = 1000000, 1 ..= 100000000;
}

/// Digits of a telephone number (E.164 has 15 at most; short numbers, prefixes and test numbers pass).
pub const NUMBER_DIGITS_MAX: usize = 32;

/// Places of one call that are remembered (the size of a call's slot depends on it).
pub const CALL_PLACES_MAX: usize = 16;
