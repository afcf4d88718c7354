//! The sorting strategies, one file each.

pub mod cost;
pub mod weight;
