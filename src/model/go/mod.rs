//! Text as Go's standard library reads and writes it: numbers, durations, times, JSON.
//!
//! CGRateS' clients see this text: in comparisons, in answers and in what is said of an error. All of it
//! are pure functions; the moment and the time zone are arguments. What of it CGRateS decides on top (which
//! forms of a time it takes, what a number without a unit means) stands in the sections of the
//! specification that each file names. What reads a text without using what is said of an error
//! allocates nothing.

pub mod duration;
mod float;
pub mod json;
pub mod number;
mod quote;
pub mod time;
pub mod typed;
