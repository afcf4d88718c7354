//! What several tests share.

// Each test is a crate of its own: what one leaves unused another needs.
#![allow(dead_code)]

pub mod changes;
pub mod daemon;
pub mod figures;
pub mod folder;
pub mod jsonrpc;
pub mod metrics;
pub mod peer;
pub mod process;
pub mod server;
pub mod sipp;
pub mod site;
pub mod speed;
pub mod station;
pub mod wire;
