//! What elements and values read, and filters that cannot be used.

use super::Says::{self, Error, No, Yes};
use super::{check, check_in};
use crate::model::definition::Generation;

#[test]
fn paths_lead_into_values() {
    const PATH: Says = Error("WRONG_PATH");
    check(&[
        ("*string:~*req.F.G.H:x", r#""F":{"G":{"H":"x"}}"#, Yes),
        ("*string:~*req.F.G.H:x", r#""F":{"G":{}}"#, No),
        ("*notexists:~*req.F.G.H:", r#""F":{}"#, Yes),
        ("*string:~*req.F[1]:b", r#""F":["a","b"]"#, Yes),
        ("*exists:~*req.F[2]:", r#""F":["a","b"]"#, No),
        ("*exists:~*req.F[-1]:", r#""F":["a","b"]"#, No),
        ("*exists:~*req.F[0]:", r#""F":"text""#, No),
        ("*string:~*req.F[k]:x", r#""F":{"k":"x"}"#, Yes),
        ("*string:~*req.F.G[0].H:x", r#""F":{"G":[{"H":"x"}]}"#, Yes),
        // O134
        ("*string:~*req.F.X:1", r#""F":1"#, PATH),
        ("*notexists:~*req.F.X:", r#""F":"text""#, PATH),
        ("*empty:~*req.F.X:", r#""F":["X"]"#, PATH),
        ("*string:~*req.F.X:1", "", No),
        (
            "*string:~*req.F[x]:1",
            r#""F":["a"]"#,
            Error("`[x]` is no position in a list: write a whole number"),
        ),
        ("*string:~F:1", r#""F":1"#, Error("invalid fieldname <[F]>")),
        ("*string:~*nope.F:1", r#""F":1"#, No),
        ("*notstring:~*nope.F:1", r#""F":1"#, Yes),
        ("*string:~*opts.Tier:gold", "", Yes),
        ("*exists:~*vars.Weight:", "", No),
        // What is read as a value, and what is passed over where it is missing.
        ("*string:~*req.F:~*req.G|c", r#""F":"a","G":"a""#, Yes),
        ("*string:~*req.F:~*req.G|c", r#""F":"c""#, Yes),
        ("*string:~*req.F:~*req.G", r#""F":"a""#, No),
        ("*string:a:~*req.G", r#""G":"a""#, Yes),
        ("*prefix:abc:~*req.G", r#""G":"ab""#, Yes),
        ("*string:~*req.F:~*req.G.H", r#""F":"a","G":1"#, PATH),
        ("*string:~*req.F:a|~*req.G.H", r#""F":"a","G":1"#, Yes),
        ("*string:~*req.F:~*req.G.H", r#""G":1"#, No),
        // O136
        ("*gt:~*req.F:~*req.G", r#""F":20"#, No),
        ("*string:~*req.<~*req.G>:a", r#""F":"a","G":"F""#, Yes),
        ("*string:~*req.<~*req.G>:a", r#""F":"a""#, No),
        ("*gte:~*req.F{*len}:4", r#""F":"1001""#, Yes),
        ("SEARCH", r#""F":"+49301""#, Yes),
        ("SEARCH", r#""F":"+43301""#, No),
        ("LENGTH", r#""F":"1001""#, Yes),
        ("LENGTH", "", No),
    ]);
}

#[test]
fn filters_that_cannot_be_used_fail_when_they_are_asked() {
    check(&[
        // O131
        (
            "*string:~*req.F",
            r#""F":"a""#,
            Error("inline parse error for string: <*string:~*req.F>"),
        ),
        (
            "*string:~*req.F{*nope}:a",
            r#""F":"a""#,
            Error(
                "invalid converter value in string: <*nope>, err: unsupported converter definition: <*nope>",
            ),
        ),
        // O140
        ("*string:~.:a", "", Error("Empty field path  for filter <*string:~.:a>")),
        (
            "*notempty:~*req.F:''",
            "",
            Error("value of filter <*notempty:~*req.F:''> is not empty <''>"),
        ),
        // O141
        ("FLTR_GONE", "", Error("NOT_FOUND:FLTR_GONE")),
        // O143
        ("*unsupported:~*req.F:a", "", Error("NOT_IMPLEMENTED:*unsupported")),
        ("*notunsupported:~*req.F:a", "", Error("NOT_IMPLEMENTED:*notunsupported")),
        ("*regex::a", "", Error("empty RSRParser in rule: <>")),
        ("*regex:~*req.F:", r#""F":"a""#, No),
        (
            "*regex:~*req.F:[invalid-regex",
            r#""F":"a""#,
            Error("error parsing regexp: missing closing ]: `[invalid-regex`"),
        ),
        ("*never:~*req.F:", "", Error("NOT_IMPLEMENTED:*never")),
    ]);
}

#[test]
fn generations_have_types_of_their_own() {
    check_in(
        Generation::V100,
        &[
            ("*never::", "", No),
            ("*cronexp:~*req.F:* 10 * * *", r#""F":"2025-03-07T10:11:12Z""#, Yes),
            ("*cronexp:~*req.F:* 11 * * *", r#""F":"2025-03-07T10:11:12Z""#, No),
            ("*cronexp:~*req.F:* 10 * * *", "", No),
            ("*notcronexp:~*req.F:* 10 * * *", "", Yes),
            ("*timings:~*req.F:MORNING", r#""F":"x""#, Error("NOT_IMPLEMENTED:*timings")),
            ("*destinations:~*req.F:DST_DE", r#""F":"x""#, Error("NOT_IMPLEMENTED:*destinations")),
        ],
    );
    check_in(
        Generation::V010,
        &[
            ("*string:~*req.F:a;b", r#""F":"b""#, Yes),
            ("*string:~*req.F:a|b", r#""F":"b""#, No),
            ("*contains:~*req.F:a", r#""F":"a""#, Error("NOT_IMPLEMENTED:*contains")),
        ],
    );
}
