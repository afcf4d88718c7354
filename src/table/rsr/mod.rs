//! RSR: the small language in which filters and attributes name a value and change it on the way.
//!
//! Rules are read once, when the table is built. What a rule's path leads to is looked up elsewhere.

mod converter;
pub mod filter;
pub mod regexp;
mod replace;
pub mod rule;

pub use filter::Expression;
pub use rule::{Part, RsrRule, Source};
