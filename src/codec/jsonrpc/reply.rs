//! Answers of JSON-RPC, in order of keys as CGRateS has them. The line feed behind an answer is the
//! transport's.

use super::Dialect;
use crate::model::go::json::push_string;
use crate::model::json::push_integer;

/// Kinds of error in 2.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// No JSON.
    Parse,
    /// No request.
    InvalidRequest,
    /// Nothing has that name.
    MethodNotFound,
    /// The argument cannot be read, or lacks something.
    InvalidParams,
    /// Anything else that went wrong.
    Server,
}

impl Code {
    /// Its number.
    #[must_use]
    pub fn number(self) -> i32 {
        match self {
            Self::Parse => -32700,
            Self::InvalidRequest => -32600,
            Self::MethodNotFound => -32601,
            Self::InvalidParams => -32602,
            Self::Server => -32000,
        }
    }

    /// The kind of an error that has only its text, as those of 1.0 have.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let begins = |heads: &[&str]| heads.iter().any(|head| text.starts_with(head));
        if begins(&["rpc: "]) {
            Self::MethodNotFound
        } else if begins(&["json: ", "parsing time ", "MANDATORY_IE_MISSING"]) {
            Self::InvalidParams
        } else {
            Self::Server
        }
    }
}

/// Appends what stands before a result.
pub fn begin_result(out: &mut Vec<u8>, id: &str, dialect: Dialect) {
    begin(out, id, dialect);
    out.extend_from_slice(b",\"result\":");
}

/// Appends what stands behind a result.
pub fn end_result(out: &mut Vec<u8>, dialect: Dialect) {
    out.extend_from_slice(match dialect {
        Dialect::V1 => b",\"error\":null}",
        Dialect::V2 => b"}",
    });
}

/// Appends an error; its kind is told from its text.
pub fn error(out: &mut Vec<u8>, id: &str, dialect: Dialect, text: &str) {
    coded_error(out, id, dialect, Code::of(text), text);
}

/// Appends an error of a kind.
pub fn coded_error(out: &mut Vec<u8>, id: &str, dialect: Dialect, code: Code, text: &str) {
    begin(out, id, dialect);
    match dialect {
        Dialect::V1 => {
            out.extend_from_slice(b",\"result\":null,\"error\":");
            push_string(out, text);
        }
        Dialect::V2 => {
            out.extend_from_slice(b",\"error\":{\"code\":");
            push_integer(out, code.number());
            out.extend_from_slice(b",\"message\":");
            push_string(out, text);
            out.push(b'}');
        }
    }
    out.push(b'}');
}

fn begin(out: &mut Vec<u8>, id: &str, dialect: Dialect) {
    out.extend_from_slice(match dialect {
        Dialect::V1 => b"{\"id\":",
        Dialect::V2 => b"{\"jsonrpc\":\"2.0\",\"id\":",
    });
    push_compact(out, id);
}

/// Appends JSON without the blanks between its values.
fn push_compact(out: &mut Vec<u8>, json: &str) {
    let (mut in_string, mut in_escape) = (false, false);
    for byte in json.bytes() {
        let is_blank = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        if in_string || !is_blank {
            out.push(byte);
        }
        if byte == b'"' && !in_escape {
            in_string = !in_string;
        }
        in_escape = byte == b'\\' && !in_escape;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_their_keys_in_the_order_of_cgrates() {
        for (id, dialect, want) in [
            ("1", Dialect::V1, r#"{"id":1,"result":[],"error":null}"#),
            ("null", Dialect::V1, r#"{"id":null,"result":[],"error":null}"#),
            (
                r#"{ "a b" : [1, "\" x"] }"#,
                Dialect::V1,
                r#"{"id":{"a b":[1,"\" x"]},"result":[],"error":null}"#,
            ),
            (r#""x""#, Dialect::V2, r#"{"jsonrpc":"2.0","id":"x","result":[]}"#),
        ] {
            let mut out = Vec::new();
            begin_result(&mut out, id, dialect);
            out.extend_from_slice(b"[]");
            end_result(&mut out, dialect);
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
    }

    #[test]
    fn errors_are_a_text_in_1_0_and_an_object_with_a_code_in_2_0() {
        for (text, code) in [
            ("NOT_FOUND", -32000),
            ("SERVER_ERROR: unsupported sorting strategy: *x", -32000),
            ("rpc: can't find method APIerSv1.Nope", -32601),
            ("rpc: can't find service Nope.X", -32601),
            ("rpc: service/method request ill-formed: X", -32601),
            ("MANDATORY_IE_MISSING: [ID]", -32602),
            ("json: Weight must be a number, not a string", -32602),
        ] {
            let mut out = Vec::new();
            error(&mut out, "1", Dialect::V1, text);
            let want = format!("{{\"id\":1,\"result\":null,\"error\":\"{text}\"}}");
            assert_eq!(String::from_utf8(out).unwrap(), want);
            let mut out = Vec::new();
            error(&mut out, "1", Dialect::V2, text);
            let want = format!(
                "{{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{{\"code\":{code},\"message\":\"{text}\"}}}}"
            );
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
        let mut out = Vec::new();
        error(&mut out, "1", Dialect::V1, "broken reference to filter: <a&b>");
        let want =
            r#"{"id":1,"result":null,"error":"broken reference to filter: \u003ca\u0026b\u003e"}"#;
        assert_eq!(String::from_utf8(out).unwrap(), want);
    }
}
