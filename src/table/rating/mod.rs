//! What calls cost, compiled: rating plans.
//!
//! Everything here is immutable and small, since decks are large; what a call costs by it is worked out in
//! `engine/rating`. Plans that came from CGRateS keep their prices as the float64 that it computes with, decks of
//! our own as whole numbers.

pub mod deck;
pub mod decks;
pub mod plan;
pub mod prefixes;
pub mod shape;
pub mod tariff;
pub mod timing;

pub use decks::{Decks, Pricing, StatedDeck};
pub use plan::{Interval, Offer, Plan};
pub use prefixes::Prefixes;
pub use shape::{Shape, Slot};
pub use timing::{Moment, Timing};
