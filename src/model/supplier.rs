//! What an answer says of a supplier, ready to be copied into it.
//!
//! Escaped and put together once, when the table is built; a lookup copies bytes.

use super::gateway::Gateway;
use super::json::{JsonText, push_escaped, push_integer, push_string};

/// The parts of a supplier that answers name.
#[derive(Debug, Clone, Default)]
pub struct SupplierFacts {
    /// What answers name.
    pub id: JsonText,
    /// Kamailio's dispatcher set.
    pub dispatcher_set: Option<u32>,
    /// OpenSIPS' drouting carrier.
    pub carrier: String,
    /// SIP gateways, in order.
    pub gateways: Vec<Gateway>,
    /// What the proxy calls its gateways.
    pub gateway_ids: Vec<String>,
    /// SupplierParameters where the route gives none.
    pub parameters: JsonText,
    /// rtjson `fr_timer`, milliseconds.
    pub timeout_ms: u32,
    /// rtjson `fr_inv_timer`, milliseconds.
    pub ring_timeout_ms: u32,
    /// Header lines, each ended by CR LF, escaped for the inside of a JSON string.
    pub extra_headers_json: Vec<u8>,
    /// `"id":…,"dispatcher_set":…,"carrier":…`.
    pub json_head: Vec<u8>,
    /// `,"gateway_ids":[…],"headers":{…},"codecs":[…]` as far as they are there.
    pub json_tail: Vec<u8>,
}

impl SupplierFacts {
    /// Escapes what answers copy; `headers` and `codecs` are in file order.
    #[must_use]
    pub fn prepared(mut self, headers: &[(String, String)], codecs: &[String]) -> Self {
        let head = &mut self.json_head;
        head.extend_from_slice(b"\"id\":");
        head.extend_from_slice(self.id.quoted());
        if let Some(set) = self.dispatcher_set {
            head.extend_from_slice(b",\"dispatcher_set\":");
            push_integer(head, set);
        }
        head.extend_from_slice(b",\"carrier\":");
        push_string(head, &self.carrier);

        let tail = &mut self.json_tail;
        push_list(tail, b",\"gateway_ids\":", &self.gateway_ids);
        for (index, (name, value)) in headers.iter().enumerate() {
            tail.extend_from_slice(if index == 0 { b",\"headers\":{" } else { b"," });
            push_string(tail, name);
            tail.push(b':');
            push_string(tail, value);
            push_escaped(&mut self.extra_headers_json, &format!("{name}: {value}\r\n"));
        }
        if !headers.is_empty() {
            tail.push(b'}');
        }
        push_list(tail, b",\"codecs\":", codecs);
        self
    }
}

fn push_list(out: &mut Vec<u8>, key: &[u8], items: &[String]) {
    for (index, item) in items.iter().enumerate() {
        if index == 0 {
            out.extend_from_slice(key);
        }
        out.push(if index == 0 { b'[' } else { b',' });
        push_string(out, item);
    }
    if !items.is_empty() {
        out.push(b']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_are_json_when_put_together() {
        let facts = SupplierFacts {
            id: "telnyx".to_owned().into(),
            dispatcher_set: Some(10),
            carrier: "t\"1".into(),
            gateway_ids: vec!["gw1".into(), "gw2".into()],
            ..SupplierFacts::default()
        }
        .prepared(&[("X-A".into(), "1".into()), ("X-B".into(), "\"2\"".into())], &["PCMA".into()]);
        let text = [b"{", facts.json_head.as_slice(), &facts.json_tail, b"}"].concat();
        let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(
            value,
            serde_json::json!({
                "id": "telnyx", "dispatcher_set": 10, "carrier": "t\"1",
                "gateway_ids": ["gw1", "gw2"], "headers": {"X-A": "1", "X-B": "\"2\""},
                "codecs": ["PCMA"]
            })
        );
        assert_eq!(facts.extra_headers_json, br#"X-A: 1\r\nX-B: \"2\"\r\n"#);
    }
}
