//! Floor 5: the control thread: it watches the table files and alone publishes and frees tables.
//!
//! A reload is read → check → guard → build → swap → retire; a change by an API is check → write down →
//! swap → acknowledge. Whatever fails on the way leaves the
//! table in force untouched, is counted by its stage, and says why in one line. Nothing here is on
//! the way of a question.

mod board;
mod change;
mod diff;
mod fingerprint;
mod guard;
mod keep;
mod ledger;
mod picture;
mod plan;
mod read;
mod restart;
mod same;
mod stage;
mod start;
mod told;
mod watch;
mod worker;

pub use board::ControlHandle;
pub use ledger::{Ledger, Recalled};
pub use stage::{Refusal, Stage};
pub use start::{NoTable, Origin, first_table, spawn, table_of_files};
pub use worker::describe;
