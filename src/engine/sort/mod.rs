//! The sorting strategies, one file each.

pub mod weight;
