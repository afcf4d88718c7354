//! Rows of texts for the scanner.

use super::*;

#[test]
fn what_is_json_passes_to_its_end_and_nothing_else_does() {
    for text in [
        "{}",
        "[]",
        " [ ] ",
        "{ }",
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-1.50e+10",
        "1E9",
        "0.1e-7",
        r#""""#,
        r#""\"\\\/\b\f\n\r\tAü€😀""#,
        r#"{"a":[1,{"b":[]},"}"],"c":{}}"#,
        "[[[1],[2]],{}]",
        "\r\n\t {\"a\" : 1 , \"b\" : [ 2 , 3 ] } \n",
    ] {
        let mut scanner = Scanner::new(text);
        assert_eq!(scanner.value().map(str::len), Ok(text.trim().len()), "{text}");
        assert_eq!(scanner.end(), Ok(()), "{text}");
        assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text}");
    }
    for text in [
        "",
        " ",
        "{",
        "}",
        "[1,]",
        "[,1]",
        "{,}",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        r#"{a:1}"#,
        "{1:2}",
        "[1}",
        "{]",
        "[1 2]",
        "nul",
        "True",
        "01",
        "1.",
        ".5",
        "1e",
        "-",
        "+1",
        r#"""#,
        r#""\x""#,
        r#""\u12g4""#,
        "\"\n\"",
        "'a'",
        "{} {}",
        "[] x",
        "NaN",
    ] {
        let mut scanner = Scanner::new(text);
        let read = scanner.value().and_then(|_| scanner.end());
        assert!(read.is_err(), "{text}");
        assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
    }
}

#[test]
fn nesting_has_a_bound() {
    for (depth, passes) in [(1, true), (64, true), (65, true), (1024, true), (1025, false)] {
        let text = "[".repeat(depth) + "1" + &"]".repeat(depth);
        assert_eq!(Scanner::new(&text).value().is_ok(), passes, "{depth} lists");
        let text = "{\"a\":".repeat(depth) + "1" + &"}".repeat(depth);
        assert_eq!(Scanner::new(&text).value().is_ok(), passes, "{depth} objects");
    }
}

#[test]
fn members_and_items_come_in_order() {
    let text = r#" {"a" : [1, 2] , "b":{"c":"}"},"a":null} "#;
    let mut members = Members::of(text).unwrap();
    let read: Vec<_> =
        members.by_ref().map(|member| member.map(|(name, raw)| (name.0, raw)).unwrap()).collect();
    assert_eq!(read, [("a", "[1, 2]"), ("b", r#"{"c":"}"}"#), ("a", "null")]);
    assert_eq!(members.end(), Ok(()));
    let mut items = Items::of(r#"[1, "a,b" ,[2]]"#).unwrap();
    let read: Vec<_> = items.by_ref().map(Result::unwrap).collect();
    assert_eq!(read, ["1", r#""a,b""#, "[2]"]);
    assert_eq!(items.end(), Ok(()));
    assert!(Members::of("[]").is_none());
    assert!(Items::of("{}").is_none());
    for broken in [r#"{"a":1 "b":2}"#, r#"{"a":1,}"#, r#"{"a":1"#, r#"{"a":}"#, "{"] {
        let mut members = Members::of(broken).unwrap();
        assert!(members.by_ref().any(|member| member.is_err()), "{broken}");
        assert!(members.next().is_none(), "{broken}");
    }
}

#[test]
fn names_are_read_without_regard_to_case() {
    for (name, wanted, same) in [
        ("ID", "ID", true),
        ("iD", "ID", true),
        ("IDs", "ID", false),
        (r"\u0049d", "ID", true),
        ("Routeſ", "Routes", true),
        ("\u{212a}ey", "Key", true),
        ("Ü", "ü", false),
        ("", "ID", false),
    ] {
        assert_eq!(Name(name).is(wanted), same, "{name}");
    }
    assert_eq!(Name("routes").among(&["ID", "Routes"]), Some("Routes"));
    assert_eq!(Name("route").among(&["ID", "Routes"]), None);
}

#[test]
fn strings_are_what_their_escapes_say() {
    for (raw, want) in [
        (r#""""#, Some("")),
        (r#""plain""#, Some("plain")),
        (r#""a\"b\\c\/d\b\f\n\r\t""#, Some("a\"b\\c/d\u{8}\u{c}\n\r\t")),
        (r#""\u00fc\u20AC\ud83d\ude00x""#, Some("ü€😀x")),
        (r#""\ud83d""#, Some("\u{fffd}")),
        (r#""\ud83dx\ude00""#, Some("\u{fffd}x\u{fffd}")),
        (r#""\ud83d\u0041""#, Some("\u{fffd}A")),
        (r#""ü\n€""#, Some("ü\n€")),
        ("null", None),
        ("5", None),
    ] {
        assert_eq!(string(raw).as_deref(), want, "{raw}");
    }
}
