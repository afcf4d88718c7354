//! `POST /reload`: reads the files again and says what became of it.
//!
//! Wishes stand in the query string or in a JSON body: `dry_run`, `accept`, `why`.

use super::Desk;
use crate::ops::http::{self, Answer};
use crate::service::control::{ReloadRequest, ReloadResult};
use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use std::sync::Arc;

/// Bytes of a body; a wish is short.
const BODY_BYTES_MAX: usize = 16 * 1024;

/// The body.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Wish {
    dry_run: bool,
    accept: Option<String>,
    why: String,
}

impl Desk {
    pub(super) async fn reload(&self, request: Request<Incoming>) -> Answer {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let body = match http::body(request, BODY_BYTES_MAX, self.patience()).await {
            Ok(body) => body,
            Err(unread) => {
                return http::last(http::error(unread.status(), &unread.message(BODY_BYTES_MAX)));
            }
        };
        let wish = match read(&query, &body) {
            Ok(wish) => wish,
            Err(message) => return http::error(StatusCode::BAD_REQUEST, &message),
        };
        let control = Arc::clone(&self.control);
        // It waits for the control thread; the port goes on meanwhile.
        let reloaded = tokio::task::spawn_blocking(move || control.reload(wish)).await;
        let answered = reloaded.map_err(|error| error.to_string()).and_then(|verdict| {
            let status = match verdict.result {
                ReloadResult::Published | ReloadResult::Unchanged => StatusCode::OK,
                ReloadResult::Refused => StatusCode::CONFLICT,
            };
            let body = serde_json::to_vec(&verdict).map_err(|error| error.to_string())?;
            Ok(http::json(status, body))
        });
        answered.unwrap_or_else(|message| http::error(StatusCode::INTERNAL_SERVER_ERROR, &message))
    }
}

/// What is wished; the query string stands above the body.
fn read(query: &str, body: &[u8]) -> Result<ReloadRequest, String> {
    let mut wish = if body.trim_ascii().is_empty() {
        Wish::default()
    } else {
        serde_json::from_slice(body).map_err(|error| format!("the body is no wish: {error}"))?
    };
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, "1"));
        let value = http::unescape(value).ok_or_else(|| format!("`{name}` has a wrong escape"))?;
        match name {
            "dry_run" => {
                wish.dry_run = match value.as_str() {
                    "1" | "true" => true,
                    "0" | "false" => false,
                    _ => return Err("`dry_run` must be 0 or 1".into()),
                }
            }
            "accept" => wish.accept = Some(value),
            "why" => wish.why = value,
            _ => return Err(format!("`{name}` is no wish: there are dry_run, accept and why")),
        }
    }
    if wish.accept.is_some() && wish.why.trim().is_empty() {
        return Err("`accept` needs a `why`: the log shall say who passed the guard and why".into());
    }
    Ok(ReloadRequest { dry_run: wish.dry_run, accept: wish.accept, why: wish.why })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_read_from_query_and_body() {
        for (query, body, want) in [
            ("", "", Ok((false, None, ""))),
            ("dry_run", "", Ok((true, None, ""))),
            ("dry_run=0", r#"{"dry_run":true}"#, Ok((false, None, ""))),
            (
                "accept=shrink&why=NOC-4711+it%27s+fine",
                "",
                Ok((false, Some("shrink"), "NOC-4711 it's fine")),
            ),
            ("", r#"{"accept":"shrink","why":"x"}"#, Ok((false, Some("shrink"), "x"))),
            ("accept=shrink", "", Err("`why`")),
            ("dry_run=maybe", "", Err("0 or 1")),
            ("force=1", "", Err("`force`")),
            ("why=%zz", "", Err("escape")),
            ("", "{", Err("body")),
            ("", r#"{"force":true}"#, Err("force")),
        ] {
            match (read(query, body.as_bytes()), want) {
                (Ok(got), Ok((dry_run, accept, why))) => {
                    let want = ReloadRequest {
                        dry_run,
                        accept: accept.map(str::to_owned),
                        why: why.to_owned(),
                    };
                    assert_eq!(got, want, "{query} {body}");
                }
                (Err(got), Err(want)) => assert!(got.contains(want), "{query} {body}: {got}"),
                (got, want) => panic!("{query} {body}: {got:?}, not {want:?}"),
            }
        }
    }
}
