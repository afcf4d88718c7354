//! What several tests share.

// Each test is a crate of its own: what one leaves unused another needs.
#![allow(dead_code)]

pub mod server;
