//! Floor 3: text → checked settings and table input.
//!
//! Every mistake at once, with file, line, column and a way out. One description of all keys
//! ([`schema`]) drives what is refused, the JSON Schema and what must be documented. No sockets
//! here, and no table: the input is plain data.

mod billing;
mod dates;
pub mod decks;
mod definition;
pub mod definition_toml;
mod effective;
mod failover;
pub mod files;
pub mod finding;
pub mod folders;
pub mod json_schema;
mod keys_definitions;
mod keys_rating;
mod keys_rating_profile;
pub mod keys_settings;
pub mod keys_tables;
pub mod kind;
mod layers_lint;
mod lint;
pub mod load;
mod rating;
mod references;
mod report;
mod route;
mod routes;
pub mod schema;
pub mod settings;
mod supplier;
pub mod tables;
pub mod tariff_plan;
mod value;
mod walk;

pub use definition::doubts;
pub use files::{Source, read_sources, table_files};
pub use finding::{Finding, Severity};
pub use json_schema::json_schema;
pub use kind::FileKind;
pub use load::{LoadError, load_settings};
pub use settings::Settings;
pub use tables::{Checked, check_tables, check_tables_beside};
