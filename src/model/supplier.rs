//! What an answer says of a supplier, ready to be copied into it.
//!
//! Escaped and put together once, when the table is built; a lookup copies bytes.

use super::gateway::Gateway;
use super::json::{JsonText, push_escaped, push_integer, push_string};
use super::query::Shape;

/// Under which name the figures of all suppliers are kept that nothing declares: labels of metrics are
/// a closed set.
pub const UNDECLARED: &str = "other";

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
    /// The members of a route in a native answer that are the supplier's: id, dispatcher_set, carrier,
    /// number, uris, gateway_ids, headers, codecs.
    pub json: NumberedText,
}

/// Whether a text can stand in a list of a text answer without breaking it.
#[must_use]
pub fn is_word(text: &str) -> bool {
    !text.is_empty()
        && !text.contains([',', '|'])
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// A text with places for the called number; it is told apart from the text without one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberedText {
    /// What stands before, between and behind the numbers.
    pieces: Vec<Vec<u8>>,
    /// The whole text of a question that has no number.
    bare: Vec<u8>,
}

impl NumberedText {
    /// Appends the text with the number in its places.
    pub fn push(&self, number: Option<&str>, out: &mut Vec<u8>) {
        let Some(number) = number else { return out.extend_from_slice(&self.bare) };
        for (index, piece) in self.pieces.iter().enumerate() {
            if index > 0 {
                out.extend_from_slice(number.as_bytes());
            }
            out.extend_from_slice(piece);
        }
    }

    /// Makes it from a text that is written with a number and without one.
    fn written_by(write: impl Fn(Option<&str>, &mut Vec<u8>)) -> Self {
        // No JSON text holds a bare zero byte, so that it marks the places of the number.
        let (mut marked, mut bare) = (Vec::new(), Vec::new());
        write(Some("\0"), &mut marked);
        write(None, &mut bare);
        Self { pieces: marked.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect(), bare }
    }
}

impl SupplierFacts {
    /// How many places it takes in an answer: gateways where the shape names gateways, else one. 0: the
    /// shape has no word for it.
    #[must_use]
    pub fn places_in(&self, shape: Shape) -> usize {
        let has_set = usize::from(self.dispatcher_set.is_some());
        match shape {
            Shape::Json | Shape::Cgrates => 1,
            Shape::Sets => has_set,
            Shape::Carriers => usize::from(is_word(&self.carrier)),
            Shape::Digest | Shape::Line => usize::from(is_word(self.id.as_str())),
            Shape::Gateways => self.gateway_ids.iter().filter(|id| is_word(id)).count(),
            Shape::Uris => self.gateways.len(),
            Shape::Rtjson if self.gateways.is_empty() => has_set,
            Shape::Rtjson => self.gateways.len(),
        }
    }

    /// Escapes what answers copy; `headers` and `codecs` are in file order.
    #[must_use]
    pub fn prepared(mut self, headers: &[(String, String)], codecs: &[String]) -> Self {
        for (name, value) in headers {
            push_escaped(&mut self.extra_headers_json, &format!("{name}: {value}\r\n"));
        }
        self.json = NumberedText::written_by(|number, out| {
            self.push_members(number, headers, codecs, out);
        });
        self
    }

    fn push_members(
        &self,
        number: Option<&str>,
        headers: &[(String, String)],
        codecs: &[String],
        out: &mut Vec<u8>,
    ) {
        out.extend_from_slice(b"\"id\":");
        out.extend_from_slice(self.id.quoted());
        if let Some(set) = self.dispatcher_set {
            out.extend_from_slice(b",\"dispatcher_set\":");
            push_integer(out, set);
        }
        out.extend_from_slice(b",\"carrier\":");
        push_string(out, &self.carrier);
        if let Some(number) = number {
            out.extend_from_slice(b",\"number\":\"");
            out.extend_from_slice(number.as_bytes());
            out.push(b'"');
        }
        for (index, gateway) in self.gateways.iter().enumerate() {
            out.extend_from_slice(if index == 0 { b",\"uris\":[\"" } else { b"\",\"" });
            gateway.push_uri(number, out);
        }
        if !self.gateways.is_empty() {
            out.extend_from_slice(b"\"]");
        }
        push_list(out, b",\"gateway_ids\":", &self.gateway_ids);
        for (index, (name, value)) in headers.iter().enumerate() {
            out.extend_from_slice(if index == 0 { b",\"headers\":{" } else { b"," });
            push_string(out, name);
            out.push(b':');
            push_string(out, value);
        }
        if !headers.is_empty() {
            out.push(b'}');
        }
        push_list(out, b",\"codecs\":", codecs);
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
            gateways: ["sip:192.0.2.1", "sips:gw.example.org;lr"]
                .map(|uri| Gateway::parse(uri).unwrap())
                .to_vec(),
            gateway_ids: vec!["gw1".into(), "gw2".into()],
            ..SupplierFacts::default()
        }
        .prepared(&[("X-A".into(), "1".into()), ("X-B".into(), "\"2\"".into())], &["PCMA".into()]);
        let written = |number| {
            let mut text = b"{".to_vec();
            facts.json.push(number, &mut text);
            text.push(b'}');
            serde_json::from_slice::<serde_json::Value>(&text).unwrap()
        };
        let mut want = serde_json::json!({
            "id": "telnyx", "dispatcher_set": 10, "carrier": "t\"1",
            "uris": ["sip:192.0.2.1", "sips:gw.example.org;lr"],
            "gateway_ids": ["gw1", "gw2"], "headers": {"X-A": "1", "X-B": "\"2\""},
            "codecs": ["PCMA"]
        });
        assert_eq!(written(None), want);
        want["number"] = "0049".into();
        want["uris"] = serde_json::json!(["sip:0049@192.0.2.1", "sips:0049@gw.example.org;lr"]);
        assert_eq!(written(Some("0049")), want);
        assert_eq!(facts.extra_headers_json, br#"X-A: 1\r\nX-B: \"2\"\r\n"#);
    }
}
