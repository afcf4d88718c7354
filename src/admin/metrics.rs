//! `GET /metrics`.

use super::Desk;
use crate::ops::http::{self, Answer};
use crate::ops::metrics::TableFigures;
use crate::service::control::TableStatus;
use hyper::StatusCode;

impl Desk {
    pub(super) fn metrics(&self) -> Answer {
        let table = figures(self.control.status());
        let text = self.metrics.borrow_mut().scrape(&self.service.live, &table);
        http::answer(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", text)
    }
}

fn figures(status: TableStatus) -> TableFigures {
    TableFigures {
        generation: status.generation,
        fingerprint: status.fingerprint,
        routes: status.routes + status.profile_routes,
        last_reload_successful: status.last_reload_successful,
        last_success_s: status.last_success_s,
        failures: status.failures,
        last_duration_s: status.last_duration.as_secs_f64(),
    }
}
