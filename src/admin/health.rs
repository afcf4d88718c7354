//! `GET /live`, `/ready` and `/version`.

use super::Desk;
use crate::ops::http::{self, Answer};
use hyper::StatusCode;
use serde_json::json;

impl Desk {
    /// The process runs: whoever can ask this has the answer.
    pub(super) fn live(&self) -> Answer {
        http::text(StatusCode::OK, "live\n")
    }

    /// Whether questions should come here.
    pub(super) fn ready(&self) -> Answer {
        let (status, text) = if self.stop.is_said() {
            (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
        } else if !self.control.is_ready() {
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        } else {
            (StatusCode::OK, "ready\n")
        };
        http::text(status, text)
    }

    /// What runs.
    pub(super) fn version(&self) -> Answer {
        let version = json!({"name": "siproute", "version": env!("CARGO_PKG_VERSION")});
        http::json(StatusCode::OK, version.to_string())
    }
}
