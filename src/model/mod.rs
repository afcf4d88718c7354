//! Floor 0: the vocabulary. It knows nothing of files, sockets, clocks or tables.

pub mod amount;
pub mod answer;
pub mod cost;
pub mod country;
pub mod definition;
pub mod digits;
pub mod duration;
pub mod event;
pub mod gateway;
pub mod go;
pub mod json;
pub mod json_value;
pub mod limits;
pub mod moment;
pub mod money;
pub mod number;
pub mod outcome;
pub mod policy;
pub mod query;
pub mod sip;
pub mod supplier;
