//! `GET /table`: what is in force, and how it got there.

use super::Desk;
use crate::ops::http::{self, Answer};
use hyper::StatusCode;
use serde_json::{Map, Value, json};

impl Desk {
    pub(super) fn table(&self) -> Answer {
        let status = self.control.status();
        let now_s = self.clock.now().wall_ns / 1_000_000_000;
        let failures: Map<String, Value> = status
            .failures
            .iter()
            .map(|(stage, count)| ((*stage).to_owned(), json!(count)))
            .collect();
        let mut told = match serde_json::to_value(&status) {
            Ok(Value::Object(told)) => told,
            other => {
                let message = format!("the table's status cannot be told: {other:?}");
                return http::error(StatusCode::INTERNAL_SERVER_ERROR, &message);
            }
        };
        told.remove("last_duration");
        told.insert("last_duration_s".into(), json!(status.last_duration.as_secs_f64()));
        told.insert("failures".into(), failures.into());
        told.insert("age_s".into(), json!((now_s - status.published_s).max(0)));
        http::json(StatusCode::OK, Value::Object(told).to_string())
    }
}
