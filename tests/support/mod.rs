//! What several tests share.

// Each test is a crate of its own: what one leaves unused another needs.
#![allow(dead_code)]

pub mod daemon;
pub mod folder;
pub mod server;
pub mod station;
pub mod wire;
