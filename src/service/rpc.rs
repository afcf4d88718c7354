//! One JSON-RPC request in, one answer out.

use super::control::{Change, ChangeError};
use super::desk::Desk;
use super::{Channel, Service};
use crate::model::definition::{Key, Kind};
use crate::model::moment::Moment;
use crate::model::outcome::{Outcome, Protocol};
use crate::table::Table;
use serde_json::{Value, json};

/// What became of a request.
pub enum Rpc {
    /// It is over and counted; the answer is empty where silence is one.
    Answered(Outcome),
    /// Tables are to change first: [`Service::rpc_changed`] answers and counts then.
    Change(Pending),
    /// No JSON-RPC request, and counted: the connection ends without an answer.
    Close,
}

/// A request that waits for a change.
pub struct Pending {
    id: Value,
    is_two: bool,
    /// What has to be done.
    pub work: Work,
}

/// What has to be done before a request can be answered.
pub enum Work {
    /// A change of the tables.
    Change(Change),
    /// A tariff-plan folder is to be read; then it is a change.
    LoadFolder(String),
}

impl Service {
    /// Answers one JSON-RPC object: `out` holds the answer afterwards, without a line end, and stays
    /// empty where silence is one.
    pub fn rpc(
        &self,
        _: &Table,
        _: &mut Desk,
        channel: Channel,
        _: Moment,
        bytes: &[u8],
        out: &mut Vec<u8>,
    ) -> Rpc {
        out.clear();
        let request: Option<Value> = serde_json::from_slice(bytes).ok();
        let Some((request, method)) =
            request.as_ref().and_then(|request| Some((request, request.get("method")?.as_str()?)))
        else {
            self.live.totals.count(Protocol::JsonRpc, Outcome::Malformed);
            return Rpc::Close;
        };
        let id = request.get("id").cloned();
        let is_two = request.get("jsonrpc").is_some();
        let argument = |name: &str| {
            let argument = request.get("params").and_then(|params| params.get(0)?.get(name));
            argument.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let work = match method {
            "APIerSv1.RemoveRouteProfile" => {
                let (tenant, id) = (argument("Tenant"), argument("ID"));
                Some(Work::Change(Change::Remove(Key { kind: Kind::Profile, tenant, id })))
            }
            "APIerSv1.LoadTariffPlanFromFolder" => Some(Work::LoadFolder(argument("FolderPath"))),
            _ => None,
        };
        let (answer, outcome) = match (work, method) {
            (Some(work), _) if channel.may_change => {
                return Rpc::Change(Pending { id: id.unwrap_or_default(), is_two, work });
            }
            (Some(_), _) if channel.confirms => (
                Err("SERVER_ERROR: this source may not change tables: see access.change".into()),
                Outcome::NotAllowed,
            ),
            (Some(_), _) => {
                (Err("SERVER_ERROR: tables are not changed over UDP".into()), Outcome::NotAllowed)
            }
            (None, "RouteSv1.Ping") => (Ok(json!("Pong")), Outcome::Ok),
            (None, _) => (Err(format!("rpc: can't find service {method}")), Outcome::BadRequest),
        };
        if !is_two || id.is_some() {
            write(&id.unwrap_or_default(), is_two, answer, out);
        }
        self.live.totals.count(channel.protocol, outcome);
        Rpc::Answered(outcome)
    }

    /// Answers a request whose change was made or refused.
    pub fn rpc_changed(
        &self,
        pending: Pending,
        result: Result<(), ChangeError>,
        out: &mut Vec<u8>,
    ) -> Outcome {
        out.clear();
        let (answer, outcome) = match result {
            Ok(()) => (Ok(json!("OK")), Outcome::Ok),
            Err(ChangeError::NotFound) => (Err("NOT_FOUND".to_owned()), Outcome::NotFound),
            Err(ChangeError::Invalid { text } | ChangeError::Store { text }) => {
                (Err(format!("SERVER_ERROR: {text}")), Outcome::Error)
            }
            Err(_) => (Err("SERVER_ERROR".to_owned()), Outcome::Error),
        };
        write(&pending.id, pending.is_two, answer, out);
        self.live.totals.count(Protocol::JsonRpc, outcome);
        outcome
    }
}

fn write(id: &Value, is_two: bool, answer: Result<Value, String>, out: &mut Vec<u8>) {
    let answer = match (answer, is_two) {
        (Ok(result), false) => json!({"id": id, "result": result, "error": null}),
        (Err(error), false) => json!({"id": id, "result": null, "error": error}),
        (Ok(result), true) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
        (Err(error), true) => {
            json!({"jsonrpc": "2.0", "id": id, "error": {"code": -32000, "message": error}})
        }
    };
    out.extend_from_slice(answer.to_string().as_bytes());
}
