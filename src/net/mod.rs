//! Floor 5: sockets. Who may ask, how bytes come and go; what they mean is the service's.

pub mod access;
mod http;
mod lines;
pub mod mmsg;
pub mod tcp;
pub mod udp;
