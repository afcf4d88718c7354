//! `[[supplier]]`.

use super::finding::shown;
use super::report::{Mark, Report};
use super::walk::Node;
use crate::model::gateway::Gateway;
use crate::model::number::NumberForm;
use crate::model::supplier::UNDECLARED;
use crate::table::input::SupplierInput;

/// A supplier with the places that later findings point to.
#[derive(Debug)]
pub(super) struct SupplierRow {
    pub input: SupplierInput,
    /// Its id.
    pub mark: Mark,
    pub dispatcher_set: Mark,
    pub failover: Mark,
    /// Whether `send` or `headers` is given, and where.
    pub rewrites: Option<Mark>,
    /// Whether `carrier` is given.
    pub has_carrier: bool,
}

/// Reads one; what is missing or wrong is empty, and the report has it.
pub(super) fn read(node: Node<'_>, report: &mut Report<'_>) -> SupplierRow {
    let id = node.text("id").unwrap_or_default().to_owned();
    node.read("id", report, supplier_id);
    let rewrites = ["send", "headers"].into_iter().find(|key| node.has(key));
    let integer = |key: &str| node.integer(key).and_then(|value| u32::try_from(value).ok());
    let input = SupplierInput {
        dispatcher_set: integer("dispatcher_set"),
        carrier: node.read("carrier", report, shape_word),
        gateways: node.read_all("gateways", report, Gateway::parse),
        gateway_ids: node.read_all("gateway_ids", report, shape_word),
        send: node.read("send", report, NumberForm::parse).unwrap_or_default(),
        caller: node.read("caller", report, NumberForm::parse),
        parameters: node.read("parameters", report, parameters).unwrap_or_default(),
        headers: headers(node, report),
        codecs: node.read_all("codecs", report, codec),
        failover: node.text("failover").map(str::to_owned),
        timeout_ms: node.duration_ms("timeout"),
        ring_timeout_ms: node.duration_ms("ring_timeout"),
        enabled: node.boolean("enabled").unwrap_or(true),
        place: report.place(node.mark()),
        id,
    };
    SupplierRow {
        input,
        mark: node.mark_of("id"),
        dispatcher_set: node.mark_of("dispatcher_set"),
        failover: node.mark_of("failover"),
        rewrites: rewrites.map(|key| node.mark_of(key)),
        has_carrier: node.has("carrier"),
    }
}

/// Answers, metrics and headers carry the id, so it is plain everywhere.
fn supplier_id(id: &str) -> Result<(), String> {
    if id.len() > 64 {
        return Err(format!("it has {} characters, more than 64", id.len()));
    }
    if matches!(id, UNDECLARED | "unknown") {
        return Err("`other` and `unknown` are labels of the metrics: choose another id".into());
    }
    match id.chars().find(|c| !c.is_ascii_alphanumeric() && !"_-.".contains(*c)) {
        Some(bad) => Err(format!("{bad:?} cannot stand in it: use letters, digits and `_ - .`")),
        None => Ok(()),
    }
}

/// A word of a text shape (`gw1,gw2`): what separates words cannot stand in one.
fn shape_word(word: &str) -> Result<String, String> {
    match word.chars().find(|c| c.is_whitespace() || ",|;".contains(*c)) {
        _ if word.is_empty() => Err("a name is empty".into()),
        _ if word.len() > 255 => Err("a name has more than 255 bytes".into()),
        Some(bad) => Err(format!("{bad:?} cannot stand in {}", shown(word))),
        None => Ok(word.to_owned()),
    }
}

/// Parameters: the digest shape separates routes by commas.
pub(super) fn parameters(text: &str) -> Result<String, String> {
    if text.contains(',') {
        return Err("a comma cannot stand in it, since commas part the routes of an answer".into());
    }
    Ok(text.to_owned())
}

fn codec(name: &str) -> Result<String, String> {
    if is_token(name) {
        Ok(name.to_owned())
    } else {
        Err(format!("{} is no name of a codec", shown(name)))
    }
}

/// RFC 3261 25.1, `token`.
fn is_token(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-.!%*_+`'~".contains(c);
    !text.is_empty() && text.chars().all(fits)
}

/// Headers that the proxy or the dialogue owns (RFC 3261 20), and their short forms (7.3.3): adding
/// one breaks the call.
const OWNED_HEADERS: [&str; 20] = [
    "Via",
    "v",
    "From",
    "f",
    "To",
    "t",
    "Call-ID",
    "i",
    "CSeq",
    "Contact",
    "m",
    "Max-Forwards",
    "Route",
    "Record-Route",
    "Content-Length",
    "l",
    "Content-Type",
    "c",
    "Content-Encoding",
    "e",
];

fn headers(node: Node<'_>, report: &mut Report<'_>) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value, mark) in node.text_map("headers") {
        let owned = OWNED_HEADERS.iter().any(|owned| owned.eq_ignore_ascii_case(name));
        if !is_token(name) {
            let text = format!("{} is no name of a header", shown(name));
            report.error(mark, &text, "use letters, digits and hyphens, such as `X-Trunk`");
        } else if owned {
            let text = format!("the header {} belongs to the proxy", shown(name));
            report.error(mark, &text, "add headers of your own, such as `X-Trunk`");
        } else if headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            let text = format!("the header {} is there twice", shown(name));
            report.error(mark, &text, "names of headers do not differ by upper and lower case");
        } else {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_plain_wherever_it_is_written() {
        for (id, good) in [
            ("telnyx", true),
            ("A-1_b.c", true),
            (&"a".repeat(64), true),
            (&"a".repeat(65), false),
            ("tel nyx", false),
            ("a,b", false),
            ("é", false),
        ] {
            assert_eq!(supplier_id(id).is_ok(), good, "{id}");
        }
    }
}
