//! Floor 5: the control thread: it watches the table files and alone publishes and frees tables.
//!
//! A reload is read → check → guard → build → swap → retire. Whatever fails on the way leaves the
//! table in force untouched, is counted by its stage, and says why in one line. Nothing here is on
//! the way of a question.

mod board;
mod diff;
mod fingerprint;
mod guard;
mod keep;
mod picture;
mod plan;
mod read;
mod restart;
mod same;
mod stage;
mod start;
mod watch;
mod worker;

pub use board::ControlHandle;
pub use stage::{Refusal, Stage};
pub use start::{NoTable, Origin, first_table, spawn, table_of_files};
pub use worker::describe;
