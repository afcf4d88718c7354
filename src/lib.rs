//! siproute: the route-selection sidecar for SIP proxies.
//!
//! Which carrier, in which order, with which parameters? The answer is a synchronous function of
//! bytes, an immutable table and live figures; sockets, files and clocks stand around it.
//! ARCHITECTURE.md draws the house.

pub mod admin;
pub mod cli;
pub mod codec;
pub mod config;
pub mod engine;
pub mod live;
pub mod model;
pub mod net;
pub mod ops;
pub mod reload;
pub mod service;
pub mod store;
pub mod table;
