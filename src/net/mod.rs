//! Floor 5: sockets. Who may ask, how bytes come and go; what they mean is the service's.

pub mod access;
pub mod changes;
mod frame;
mod http;
pub mod mmsg;
mod nest;
mod rpc;
mod stream;
pub mod tcp;
mod turn;
pub mod udp;
