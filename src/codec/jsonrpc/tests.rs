//! Requests, and what is none.

use super::*;

#[test]
fn requests_are_read_in_both_dialects() {
    type Want = (&'static str, Result<Option<&'static str>, &'static str>, &'static str);
    const NO_ARRAY: &str = "json: cannot unmarshal object into Go value of type [1]interface {}";
    const MISSING: &str = "jsonrpc: request body missing params";
    let v1: [(&str, Want); 15] = [
        (
            r#"{"method":"A.B","params":[{"ID":"x"}],"id":1}"#,
            ("A.B", Ok(Some(r#"{"ID":"x"}"#)), "1"),
        ),
        (
            r#" {"ID" : {"a": 1} , "METHOD":"A.B","Params":[ {} , 2 ],"more":[]} "#,
            ("A.B", Ok(Some("{}")), r#"{"a": 1}"#),
        ),
        (r#"{"method":"A.B","params":[],"id":"x"}"#, ("A.B", Ok(None), r#""x""#)),
        (r#"{"method":"A.B","params":[null]}"#, ("A.B", Ok(None), "null")),
        (r#"{"method":"A.B","params":["text"]}"#, ("A.B", Ok(Some(r#""text""#)), "null")),
        (r#"{"method":"A.B"}"#, ("A.B", Err(MISSING), "null")),
        (r#"{"method":"A.B","params":null,"id":null}"#, ("A.B", Err(MISSING), "null")),
        (r#"{"method":"A.B","params":{}}"#, ("A.B", Err(NO_ARRAY), "null")),
        (
            r#"{"method":"A.B","params":"x"}"#,
            (
                "A.B",
                Err("json: cannot unmarshal string into Go value of type [1]interface {}"),
                "null",
            ),
        ),
        (
            r#"{"method":"A.B","params":-1}"#,
            (
                "A.B",
                Err("json: cannot unmarshal number into Go value of type [1]interface {}"),
                "null",
            ),
        ),
        (
            r#"{"method":"A.B","params":true}"#,
            (
                "A.B",
                Err("json: cannot unmarshal bool into Go value of type [1]interface {}"),
                "null",
            ),
        ),
        (
            r#"{"method":"A","method":"B","id":1,"id":2,"params":[1],"params":[]}"#,
            ("B", Ok(None), "2"),
        ),
        (r#"{"method":"A\u002eB","params":[]}"#, ("A.B", Ok(None), "null")),
        (r#"{"method":"A","method":null,"params":[]}"#, ("A", Ok(None), "null")),
        ("{}", ("", Err(MISSING), "null")),
    ];
    for (text, (method, argument, id)) in v1 {
        let request = Request::parse(text.as_bytes()).unwrap();
        assert_eq!(request.method, method, "{text}");
        assert_eq!(request.argument(), argument, "{text}");
        assert_eq!(request.id, id, "{text}");
        assert_eq!(request.dialect, Dialect::V1, "{text}");
        assert!(!request.is_notification, "{text}");
    }
    let v2: [(&str, Want, bool); 6] = [
        (
            r#"{"jsonrpc":"2.0","method":"A.B","params":[{}],"id":1}"#,
            ("A.B", Ok(Some("{}")), "1"),
            false,
        ),
        (
            r#"{"jsonrpc":"2.0","method":"A.B","params":{"a":1},"id":"x"}"#,
            ("A.B", Ok(Some(r#"{"a":1}"#)), r#""x""#),
            false,
        ),
        (r#"{"jsonrpc":"2.0","method":"A.B","id":null}"#, ("A.B", Ok(None), "null"), false),
        (r#"{"jsonrpc":"2.0","method":"A.B"}"#, ("A.B", Ok(None), "null"), true),
        (r#"{"method":"A.B","params":null,"id":1,"jsonrpc":"2.0"}"#, ("A.B", Ok(None), "1"), false),
        (
            r#"{"jsonrpc":"2.0","method":"A.B","params":5,"id":1}"#,
            ("A.B", Err("json: params must be a list or an object"), "1"),
            false,
        ),
    ];
    for (text, (method, argument, id), is_notification) in v2 {
        let request = Request::parse(text.as_bytes()).unwrap();
        assert_eq!(request.method, method, "{text}");
        assert_eq!(request.argument(), argument, "{text}");
        assert_eq!(request.id, id, "{text}");
        assert_eq!(request.dialect, Dialect::V2, "{text}");
        assert_eq!(request.is_notification, is_notification, "{text}");
    }
}

#[test]
fn what_is_no_request_ends_the_connection_or_gets_an_error_of_2_0() {
    for text in [
        "",
        "[]",
        "5",
        "\"text\"",
        "{",
        r#"{"method":"A.B","params":[{}],"id":1"#,
        r#"{"method":"A.B","params":[{]],"id":1}"#,
        r#"{"method":5,"params":[{}],"id":1}"#,
        r#"{"method":["A.B"],"params":[{}],"id":1}"#,
        r#"{"method":"A.B"} x"#,
        r#"{"method":"A.B","params":[{}]}{"method":"A.C","params":[{}]}"#,
    ] {
        assert_eq!(Request::parse(text.as_bytes()), Err(Broken::Close), "{text}");
    }
    assert_eq!(Request::parse(b"{\"method\":\"\xff\"}"), Err(Broken::Close));
    for (text, want) in [
        (
            r#"{"jsonrpc":"2.0","method":1,"id":7}"#,
            r#"{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"method must be a string"}}"#,
        ),
        (
            r#"{"jsonrpc":"2.0","id":7}"#,
            r#"{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"method is missing"}}"#,
        ),
        (
            r#"{"jsonrpc":"2.0","id":7,"method":"A.B","params":[}"#,
            r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"the request is not valid JSON"}}"#,
        ),
    ] {
        let mut out = Vec::new();
        assert!(Request::parse(text.as_bytes()).unwrap_err().answer(&mut out), "{text}");
        assert_eq!(String::from_utf8(out).unwrap(), want, "{text}");
    }
}
