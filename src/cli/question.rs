//! A question as the command line says it, shared by `query` and `explain`.

use super::failure::Failure;
use serde_json::{Map, Value, json};

/// `KEY=VALUE…` and what goes with it.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Question {
    /// Fields of the event: Account=1001 Destination=+4930123456
    #[arg(value_name = "KEY=VALUE")]
    pub(super) event: Vec<String>,
    /// The question's id; made up when absent
    #[arg(long)]
    id: Option<String>,
    /// Whose profiles
    #[arg(long)]
    tenant: Option<String>,
    /// Whose layered routes; else the event's Customer, else its Account
    #[arg(long)]
    pub(super) customer: Option<String>,
    /// The moment to decide for, RFC 3339 (2026-11-21T12:00:00Z); else now
    #[arg(long)]
    pub(super) time: Option<String>,
    /// Routes in the answer at most
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Routes left out at the head
    #[arg(long, value_name = "N")]
    offset: Option<u64>,
    /// Profiles that may answer together
    #[arg(long, value_name = "N")]
    profile_count: Option<u64>,
    /// These suppliers and no others
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    suppliers: Vec<String>,
    /// Attempts of this call that failed, first one first; no code: it timed out
    #[arg(long, value_name = "SUPPLIER[:CODE]", num_args = 1, value_delimiter = ',')]
    failed: Vec<String>,
}

impl Question {
    /// These fields of an event, and nothing besides.
    pub(super) fn of(event: Vec<String>) -> Self {
        Self { event, ..Self::default() }
    }

    /// The native JSON object.
    pub(super) fn to_json(&self, shape: Option<&str>, explain: bool) -> Result<Value, Failure> {
        if self.event.is_empty() {
            return Err(Failure::usage(
                "nothing is asked: name the call, Account=1001 Destination=+4930123456",
            ));
        }
        let event = self.event.iter().map(|pair| field(pair)).collect::<Result<Map<_, _>, _>>()?;
        let mut message = Map::new();
        let texts = [
            ("id", &self.id),
            ("tenant", &self.tenant),
            ("customer", &self.customer),
            ("time", &self.time),
        ];
        for (name, text) in texts {
            message.extend(text.as_ref().map(|text| (name.into(), json!(text))));
        }
        message.insert("event".into(), Value::Object(event));
        let mut opts = Map::new();
        let counts =
            [("limit", self.limit), ("offset", self.offset), ("profile_count", self.profile_count)];
        for (name, count) in counts {
            opts.extend(count.map(|count| (name.into(), json!(count))));
        }
        if !self.suppliers.is_empty() {
            opts.insert("suppliers".into(), json!(self.suppliers));
        }
        if explain {
            opts.insert("explain".into(), json!(true));
        }
        if !opts.is_empty() {
            message.insert("opts".into(), Value::Object(opts));
        }
        if !self.failed.is_empty() {
            let failed: Vec<Value> =
                self.failed.iter().map(|text| attempt(text)).collect::<Result<_, Failure>>()?;
            message.insert("failed".into(), Value::Array(failed));
        }
        message.extend(shape.map(|shape| ("as".into(), json!(shape))));
        Ok(Value::Object(message))
    }
}

impl Question {
    /// As the parameters of `GET /explain`; `None`: they cannot say which attempts failed.
    pub(super) fn to_query_string(&self) -> Option<String> {
        if !self.failed.is_empty() {
            return None;
        }
        let number = |number: Option<u64>| number.map(|number| number.to_string());
        let suppliers = Some(self.suppliers.join(",")).filter(|names| !names.is_empty());
        let ours = [
            ("id", self.id.clone()),
            ("tenant", self.tenant.clone()),
            ("customer", self.customer.clone()),
            ("time", self.time.clone()),
            ("limit", number(self.limit)),
            ("offset", number(self.offset)),
            ("profile_count", number(self.profile_count)),
            ("suppliers", suppliers),
        ];
        let ours = ours.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let event = self.event.iter().filter_map(|pair| pair.split_once('='));
        let event = event.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let pairs: Vec<String> = event
            .chain(ours)
            .map(|(name, value)| format!("{}={}", escaped(&name), escaped(&value)))
            .collect();
        Some(pairs.join("&"))
    }
}

/// Percent-encoded (RFC 3986 2.1).
fn escaped(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn field(pair: &str) -> Result<(String, Value), Failure> {
    match pair.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), json!(value))),
        _ => Err(Failure::usage(format!("`{pair}` is no KEY=VALUE: Destination=+4930123456"))),
    }
}

/// `telnyx:503`, or `telnyx` alone for one that timed out.
fn attempt(text: &str) -> Result<Value, Failure> {
    let Some((supplier, code)) = text.rsplit_once(':') else {
        return Ok(json!({ "supplier": text }));
    };
    match code.parse::<u16>() {
        Ok(code) => Ok(json!({ "supplier": supplier, "code": code })),
        Err(_) => {
            let help = format!("`{code}` is no SIP code");
            Err(Failure::usage(format!("--failed {text}: {help}; write it as {supplier}:503")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_stands_in_the_message() {
        let question = Question {
            event: ["Account=1001", "Destination=+4930", "Empty=", "Odd=a=b"]
                .map(str::to_owned)
                .to_vec(),
            id: Some("x".into()),
            limit: Some(2),
            suppliers: vec!["a".into(), "b".into()],
            failed: ["telnyx:503", "twilio"].map(str::to_owned).to_vec(),
            ..Question::default()
        };
        assert_eq!(
            question.to_json(Some("line"), true).unwrap(),
            json!({
                "id": "x", "as": "line",
                "event": {"Account": "1001", "Destination": "+4930", "Empty": "", "Odd": "a=b"},
                "opts": {"limit": 2, "suppliers": ["a", "b"], "explain": true},
                "failed": [{"supplier": "telnyx", "code": 503}, {"supplier": "twilio"}],
            })
        );
    }

    #[test]
    fn a_question_without_failed_attempts_is_a_query_string() {
        let mut question = Question {
            event: ["Account=1001", "Destination=+4930", "Odd=a=&b"].map(str::to_owned).to_vec(),
            limit: Some(2),
            suppliers: vec!["a".into(), "b".into()],
            ..Question::default()
        };
        let want = "Account=1001&Destination=%2B4930&Odd=a%3D%26b&limit=2&suppliers=a%2Cb";
        assert_eq!(question.to_query_string().unwrap(), want);
        question.failed = vec!["a:503".into()];
        assert_eq!(question.to_query_string(), None);
    }

    #[test]
    fn a_field_has_a_name() {
        for wrong in ["Account", "=1001", ""] {
            let question = Question { event: vec![wrong.into()], ..Question::default() };
            assert!(question.to_json(None, false).is_err(), "{wrong}");
        }
        assert!(Question::default().to_json(None, false).is_err());
    }
}
