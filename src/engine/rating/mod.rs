//! What calls cost.

pub mod exact;
