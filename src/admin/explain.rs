//! `GET /explain`: one decision of the table in force, told.
//!
//! Asked of a service of its own over the same table, whose live figures nobody reads: an operator's
//! question neither counts as a lookup nor is remembered as a call.

use super::Desk;
use crate::live::Live;
use crate::model::limits::Limits;
use crate::model::outcome::{Outcome, Protocol};
use crate::ops::http::{self, Answer};
use crate::service::{self, Channel, Input, Service};
use crate::table::Table;
use hyper::StatusCode;

impl Desk {
    /// `query` has the parameters of `GET /lookup`.
    pub(super) fn explain(&self, query: &str) -> Answer {
        let table = Table::clone(&self.service.table());
        let few =
            Limits { calls_max: 1, suppliers_max: 1, failover_pairs_max: 1, ..Limits::default() };
        let aside = Service::new(table, Live::new(&few), self.service.limits.clone());
        let channel = Channel {
            protocol: Protocol::Http,
            reply_max: self.service.limits.tcp_reply_max,
            confirms: true,
            overdue: false,
            may_change: false,
        };
        // The last value of a parameter counts; only this shape can tell a story.
        let query = format!("{query}&explain=true&as=json");
        let mut out = Vec::new();
        let outcome = aside.respond(
            &aside.table(),
            &mut service::desk::Desk::default(),
            channel,
            self.clock.now(),
            Input::QueryString(&query),
            &mut out,
        );
        let status = match outcome {
            Outcome::BadRequest | Outcome::Malformed => StatusCode::BAD_REQUEST,
            Outcome::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
            // That there is no route is what was to be explained.
            _ => StatusCode::OK,
        };
        http::json(status, out)
    }
}
