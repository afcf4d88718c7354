//! `siproute report`: tells a running daemon how an attempt or a call ended, and waits for its word.

use super::ask::{Message, Way};
use super::{Done, output, pretty};
use crate::model::outcome::ReportEvent;
use crate::ops::exit::Exit;
use serde_json::{Map, Value, json};

/// Send a report of an attempt or a call, and wait for the word that it was taken
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 taken, 1 refused, 74 no answer.")]
pub(super) struct Arguments {
    /// The question's id
    #[arg(long)]
    id: String,
    /// The question's tenant
    #[arg(long)]
    tenant: Option<String>,
    /// What happened; else answer for a 2xx code, attempt for any other
    #[arg(long, value_parser = ReportEvent::ALL.iter().map(|event| event.label()).collect::<Vec<_>>())]
    event: Option<String>,
    /// The supplier's id
    #[arg(long, group = "party")]
    supplier: Option<String>,
    /// Its dispatcher set
    #[arg(long, value_name = "N", group = "party")]
    set: Option<u32>,
    /// Its drouting carrier
    #[arg(long, group = "party")]
    carrier: Option<String>,
    /// One of its gateways: the proxy's name of it, or its URI
    #[arg(long, group = "party")]
    gateway: Option<String>,
    /// Which attempt of the call, from 1
    #[arg(long, value_name = "N")]
    attempt: Option<u32>,
    /// Final SIP code
    #[arg(long, value_name = "N")]
    code: Option<u16>,
    /// The code is the proxy's own: its timeout, its failure to send
    #[arg(long)]
    local: bool,
    /// Post-dial delay in milliseconds
    #[arg(long, value_name = "N")]
    pdd_ms: Option<u32>,
    /// Talk time: 63s
    #[arg(long, value_name = "TIME")]
    usage: Option<String>,
    #[command(flatten)]
    way: Way,
}

pub(super) fn run(arguments: Arguments) -> Done {
    let answer = arguments.way.ask(Message::Report, arguments.to_json().to_string().as_bytes())?;
    let answer = String::from_utf8_lossy(&answer);
    output::print(&pretty::json(&answer))?;
    let taken = serde_json::from_str::<Value>(&answer)
        .is_ok_and(|answer| answer.get("status").is_some_and(|status| status == "ok"));
    Ok(if taken { Exit::Fine } else { Exit::Findings })
}

impl Arguments {
    /// The native JSON object.
    fn to_json(&self) -> Value {
        let members = [
            ("event", self.event.as_ref().map(|text| json!(text))),
            ("supplier", self.supplier.as_ref().map(|text| json!(text))),
            ("set", self.set.map(|number| json!(number))),
            ("carrier", self.carrier.as_ref().map(|text| json!(text))),
            ("gateway", self.gateway.as_ref().map(|text| json!(text))),
            ("attempt", self.attempt.map(|number| json!(number))),
            ("code", self.code.map(|number| json!(number))),
            ("local", self.local.then_some(Value::Bool(true))),
            ("pdd_ms", self.pdd_ms.map(|number| json!(number))),
            ("usage", self.usage.as_ref().map(|text| json!(text))),
        ];
        let report: Map<String, Value> = members
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| (name.to_owned(), value)))
            .collect();
        let mut message = Map::new();
        message.insert("id".into(), json!(self.id));
        message.extend(self.tenant.as_ref().map(|tenant| ("tenant".into(), json!(tenant))));
        message.insert("report".into(), Value::Object(report));
        message.insert("ack".into(), json!(true));
        Value::Object(message)
    }
}
