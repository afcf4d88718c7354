//! RSR: the small language in which filters and attributes name a value and change it on the way.

pub mod regexp;
mod tmp; pub use tmp::*;
