//! Floor 1: bytes ⇄ questions and answers, one file for each form.
//!
//! A decoder fills a [`Query`](crate::model::query::Query) or
//! [`Report`](crate::model::query::Report) in memory that is used again; an encoder copies prepared
//! fragments into a buffer. Neither knows tables or sockets.

pub mod answer;
mod attempt;
pub mod cgr_event;
pub mod cgrates;
pub mod definition;
pub mod fault;
pub mod field;
mod fields;
pub mod json;
pub mod jsonrpc;
pub mod native;
mod options;
pub mod query_string;
pub mod rtjson;
pub mod scan;
pub mod session;
pub mod text;
