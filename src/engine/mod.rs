//! Floor 2: the choice. A function of a table, a question, a moment and a seed.
//!
//! It knows nothing of bytes, files and clocks. `explain` is this same walk with a recorder, never a
//! second implementation.

pub mod attributes;
pub mod call;
pub mod candidates;
pub mod explain;
pub mod failover;
pub mod fields;
pub mod layers;
pub mod matching;
pub mod price;
pub mod profiles;
pub mod question;
pub mod rating;
mod routes;
pub mod select;
pub mod selection;
pub mod sort;
