//! What calls cost, compiled.

pub mod deck;
pub mod prefixes;
pub mod tariff;
