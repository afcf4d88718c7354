//! `GET /table`: what is in force, and how it got there.

use super::Desk;
use crate::ops::http::{self, Answer};
use hyper::StatusCode;

impl Desk {
    pub(super) fn table(&self) -> Answer {
        match serde_json::to_vec(&self.control.status()) {
            Ok(status) => http::json(StatusCode::OK, status),
            Err(error) => http::error(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
        }
    }
}
