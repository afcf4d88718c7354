//! What each type of filter says of a value, and of none.

use super::Says::{self, Error, No, Yes};
use super::check;

#[test]
fn texts_are_compared_byte_by_byte() {
    check(&[
        // O111
        ("*string:~*req.F:call", r#""F":"call""#, Yes),
        ("*string:~*req.F:cal", r#""F":"call""#, No),
        ("*notstring:~*req.F:call", r#""F":"call""#, No),
        ("*notstring:~*req.F:cal", r#""F":"call""#, Yes),
        // O122: what stands behind the second colon is all value.
        ("*string:~*req.F:1007:error", r#""F":"1001""#, No),
        ("*string:~*req.F:1007:error", r#""F":"1007:error""#, Yes),
        ("*string:~*req.F:a|b", r#""F":"b""#, Yes),
        ("*string:~*req.F:a|b", r#""F":"B""#, No),
        ("*string:~*req.F:a|b", "", No),
        ("*notstring:~*req.F:a|b", r#""F":"a""#, No),
        ("*notstring:~*req.F:a|b", "", Yes),
        ("*string:~*req.F:", r#""F":"""#, No),
        ("*notstring:~*req.F:", r#""F":"x""#, Yes),
        ("*nistring:~*req.F:a|b", r#""F":"b""#, Yes),
        ("*nistring:~*req.F:a|b", "", No),
        // O112
        ("*contains:~*req.F:Profile", r#""F":"AttributeProfile1""#, Yes),
        ("*contains:~*req.F:81", r#""F":"22.15.81.122""#, Yes),
        ("*contains:~*req.F:200", r#""F":"1001""#, No),
        ("*notcontains:~*req.F:200|00", r#""F":"1001""#, No),
        ("*notcontains:~*req.F:200", "", Yes),
        ("*prefix:~*req.F:+49|+43", r#""F":"+4930""#, Yes),
        ("*prefix:~*req.F:+49|+43", r#""F":"4930""#, No),
        ("*prefix:~*req.F:ü", r#""F":"\u00fcn""#, Yes),
        ("*prefix:~*req.F:+49", "", No),
        ("*notprefix:~*req.F:+49", r#""F":"+4930""#, No),
        ("*niprefix:~*req.F:+49", r#""F":"+4930""#, Yes),
        // O117
        ("*suffix:~*req.F:963", r#""F":"+4986517174963""#, Yes),
        ("*suffix:~*req.F:4966", r#""F":"+4986517174963""#, No),
        ("*notsuffix:~*req.F:963", r#""F":"+4986517174963""#, No),
        ("*notsuffix:~*req.F:963", "", Yes),
        ("*nisuffix:~*req.F:63|64", r#""F":"+4986517174963""#, Yes),
    ]);
}

#[test]
fn a_value_has_one_text_whatever_it_is() {
    check(&[
        ("*string:~*req.F:7", r#""F":7"#, Yes),
        ("*string:~*req.F:7", r#""F":7.0"#, Yes),
        ("*string:~*req.F:0.0000001", r#""F":1e-7"#, Yes),
        ("*string:~*req.F:1000000000000000000000", r#""F":1e21"#, Yes),
        ("*string:~*req.F:true", r#""F":true"#, Yes),
        ("*prefix:~*req.F:x", r#""F":null"#, No),
        ("*notprefix:~*req.F:x", r#""F":null"#, Yes),
        ("*string:~*req.F:[1,2]", r#""F":[1, 2.0]"#, Yes),
        (r#"*string:~*req.F:{"a":"x","b":1}"#, r#""F":{"b":1,"a":"x"}"#, Yes),
        ("*contains:~*req.F:\\u003c", r#""F":["<"]"#, Yes),
        ("*string:~*req.F:<", r#""F":"<""#, Yes),
    ]);
}

#[test]
fn what_is_there_and_what_is_in_it_are_two_questions() {
    check(&[
        // O114
        ("*empty:~*req.F:", r#""F":"""#, Yes),
        ("*empty:~*req.F:", r#""F":{"navigation":"off"}"#, No),
        ("*empty:~*req.F:", r#""F":{}"#, Yes),
        ("*notempty:~*req.F:", r#""F":"""#, No),
        // O125
        ("*empty:~*req.F:", r#""F":[""]"#, No),
        ("*empty:~*req.F:", r#""F":{"":""}"#, No),
        ("*empty:~*req.F:", r#""F":[ ]"#, Yes),
        ("*empty:~*req.F:", r#""F":null"#, Yes),
        ("*empty:~*req.F:", "", Yes),
        ("*empty:~*req.F:", r#""F":0"#, No),
        ("*empty:~*req.F:", r#""F":false"#, No),
        ("*notempty:~*req.F:", "", No),
        ("*empty:~*req:", "", No),
        // O115
        ("*exists:~*req.F:", r#""F":"""#, Yes),
        ("*exists:~*req.F:", "", No),
        ("*exists:~*req.F:", r#""F":{}"#, Yes),
        ("*exists:~*req.F:", r#""F":null"#, Yes),
        ("*exists:constant:", "", Yes),
        ("*notexists:~*req.F:", "", Yes),
        ("*notexists:~*req.F:", r#""F":null"#, No),
        ("*niexists:~*req.F:", r#""F":0"#, Yes),
        ("*niexists:~*req.F:", "", No),
    ]);
}

#[test]
fn numbers_durations_and_times_are_compared_by_what_they_mean() {
    const NIL_10: Says = Error("incomparable: <<nil>> with <10>");
    check(&[
        // O120
        ("*lt:~*req.F:40", r#""F":40"#, No),
        ("*lte:~*req.F:40", r#""F":40"#, Yes),
        ("*gte:~*req.F:35.5", r#""F":40"#, Yes),
        ("*gte:~*req.F:1m50s", r#""F":"2m""#, Yes),
        ("*gte:~*req.F:10", r#""F":"20s""#, Yes),
        ("*gte:~*req.F:10s", r#""F":20000000000"#, Yes),
        // O121
        ("*eq:~*req.F:40", r#""F":40.0"#, Yes),
        ("*eq:~*req.F:40", r#""F":39"#, No),
        ("*noteq:~*req.F:40", r#""F":39"#, Yes),
        ("*eq:~*req.F:string1", r#""F":"string1""#, Yes),
        // O128
        ("*gt:~*req.F:0s", r#""F":-1"#, No),
        ("*gt:~*req.F:0s", r#""F":0"#, No),
        ("*gt:~*req.F:0", r#""F":123"#, Yes),
        ("*lt:~*req.F:1|3", r#""F":"2""#, Yes),
        ("*gt:~*req.F:10", "", No),
        ("*eq:~*req.F:10", "", No),
        ("*noteq:~*req.F:10", "", Yes),
        ("*gt:~*req.F:2025-03-07T10:11:11Z", r#""F":"2025-03-07T10:11:12Z""#, Yes),
        // The same moment on two clocks is not the same.
        ("*gte:~*req.F:2025-03-07T10:11:12Z", r#""F":"2025-03-07T12:11:12+02:00""#, No),
        ("*lt:~*req.F:2025-03-07T10:11:12Z", r#""F":"2025-03-07T12:11:12+02:00""#, Yes),
        // O135, and errors are not inverted.
        ("*gt:~*req.F:10", r#""F":null"#, NIL_10),
        ("*eq:~*req.F:10", r#""F":"""#, NIL_10),
        ("*noteq:~*req.F:10", r#""F":"abc""#, NIL_10),
        ("*lt:~*req.F:10", r#""F":[7]"#, NIL_10),
        ("*gt:~*req.F:abc", r#""F":7"#, Error("incomparable: <7> with <<nil>>")),
        ("*gt:~*req.F:b", r#""F":"a""#, Error("unsupported comparison type: string, kind: string")),
        ("*eq:~*req.F:true", r#""F":true"#, Error("unsupported comparison type: bool, kind: bool")),
        // A value that passes ends the work before one that gives no answer.
        ("*gt:~*req.F:1|abc", r#""F":7"#, Yes),
        ("*gt:~*req.F:abc|1", r#""F":7"#, Error("incomparable: <7> with <<nil>>")),
        // There is no such negation.
        ("*notgt:~*req.F:1", r#""F":7"#, Error("NOT_IMPLEMENTED:*notgt")),
    ]);
}

#[test]
fn expressions_and_patterns() {
    check(&[
        // O113
        ("*regex:~*req.F:^call$", r#""F":"call""#, Yes),
        ("*regex:~*req.F:cal$", r#""F":"call""#, No),
        ("*notregex:~*req.F:^call$", r#""F":"call""#, No),
        ("*notregex:~*req.F:cal$", r#""F":"call""#, Yes),
        // O123
        (r"*regex:~*req.F:\d{3}7", r#""F":"1001""#, No),
        (r"*regex:~*req.F:\d{3}7", r#""F":"1007""#, Yes),
        ("*regex:~*req.F:x|00", r#""F":"1001""#, Yes),
        ("*regex:~*req.F:.", "", No),
        ("*notregex:~*req.F:.", "", Yes),
        // O118
        (r"*rsr:~*req.F:~^cgr.*\.org$", r#""F":"cgrates.org""#, Yes),
        ("*rsr:~*req.F:on", r#""F":"off""#, No),
        ("*rsr:~*req.F:off", r#""F":"off""#, Yes),
        // O127
        (r"*rsr:~*req.F.G:~^\w{30,}", r#""F":{"G":"abcdefghijklmnopq"}"#, No),
        (
            r"*rsr:~*req.F.G:~^\w{30,}",
            r#""F":{"G":"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrs"}"#,
            Yes,
        ),
        // O129
        ("*rsr:~*req.F:^$", "", Yes),
        ("*rsr:~*req.F:^$", r#""F":"""#, Yes),
        ("*rsr:~*req.F:^$", r#""F":"call""#, No),
        ("*notrsr:~*req.F:^$", "", No),
        ("*rsr:~*req.F:call", "", No),
        // O137
        ("*rsr:~*req.23:dan|1001", r#""23":"sip:11561561561561568@dan""#, Yes),
        ("*rsr:~*req.F:^acme", r#""F":"acme-17""#, Yes),
        ("*rsr:~*req.F:!17$", r#""F":"acme-17""#, No),
        ("*rsr:~*req.F:>=10", r#""F":"9""#, No),
        ("*rsr:~*req.F:>=10", r#""F":"x""#, No),
        ("*rsr:~*req.F:", r#""F":"x""#, Yes),
        ("*rsr:~*req.F:", "", No),
    ]);
}

#[test]
fn addresses() {
    check(&[
        // O133
        ("*ipnet:~*req.F:192.0.2.1/24", r#""F":"192.0.2.0""#, Yes),
        ("*ipnet:~*req.F:~*req.G|192.0.3.0/30", r#""F":"192.0.2.0","G":"192.0.1.0/30""#, No),
        ("*ipnet:~*req.F:~*req.G|192.0.3.0/30", r#""F":"192.0.2.0","G":"192.0.2.0/30""#, Yes),
        ("*ipnet:~*req.F:192.0.2.0", r#""F":"192.0.2.0""#, No),
        ("*ipnet:~*req.F:192.0.3.0/30", r#""F":"192.0.3.""#, No),
        ("*ipnet:~*req.F:192.0.3.0/30", "", No),
        ("*notipnet:~*req.F:192.0.3.0/30", r#""F":"192.0.3.""#, Yes),
        ("*notipnet:~*req.F:192.0.3.0/30", r#""F":"192.0.3.1""#, No),
        ("*ipnet:~*req.F:192.0.2.0/24", r#""F":"::ffff:192.0.2.17""#, Yes),
        ("*ipnet:~*req.F:::/0", r#""F":"192.0.2.17""#, No),
        ("*ipnet:~*req.F:2001:db8::/32", r#""F":"2001:db8::5""#, Yes),
    ]);
}

#[test]
fn moments() {
    const WHEN: Says = Error("Unsupported time format");
    check(&[
        ("*ai:~*req.F:2025-03-07T10:11:11Z", r#""F":"2025-03-07T10:11:12Z""#, Yes),
        ("*ai:~*req.F:2025-03-07T10:11:12Z", r#""F":"2025-03-07T10:11:12Z""#, No),
        (
            "*ai:~*req.F:2025-03-07T10:11:11Z|2025-03-07T10:11:13Z",
            r#""F":"2025-03-07 10:11:12""#,
            Yes,
        ),
        (
            "*ai:~*req.F:2025-03-07T10:11:11Z|2025-03-07T10:11:12Z",
            r#""F":"2025-03-07T10:11:12Z""#,
            No,
        ),
        ("EMPTY_TEXT", r#""F":"2025-03-07T10:11:11Z""#, Yes),
        ("EMPTY_TEXT", r#""F":"2025-03-07T10:11:12Z""#, No),
        ("*ai:~*req.F:*now", r#""F":"2025-03-07T10:11:13Z""#, Yes),
        ("*ai:~*req.F:2025-01-01T00:00:00Z", r#""F":null"#, No),
        ("*ai:~*req.F:2025-01-01T00:00:00Z", "", No),
        ("*notai:~*req.F:2025-01-01T00:00:00Z", "", Yes),
        ("*ai:~*req.F:2025-01-01T00:00:00Z", r#""F":"2025-01-01""#, WHEN),
        ("*notai:~*req.F:2025-01-01T00:00:00Z", r#""F":"soon""#, WHEN),
        ("*ai:~*req.F:soon", r#""F":"2025-01-01T00:00:00Z""#, WHEN),
        ("*ai:~*req.F:~*req.G", r#""F":"2025-03-07T10:11:12Z""#, Error("NOT_FOUND")),
        ("*timings:~*req.F:MORNING", r#""F":"2025-03-07T10:11:12Z""#, Yes),
        ("*timings:~*req.F:MORNING", r#""F":"2025-03-07T12:11:12.9Z""#, Yes),
        ("*timings:~*req.F:MORNING", r#""F":"2025-03-07T12:11:13Z""#, No),
        ("*timings:~*req.F:MORNING", r#""F":"2025-03-07T12:11:12+05:00""#, Yes),
        ("*timings:~*req.F:NIGHT", r#""F":"2025-03-07T23:00:00Z""#, No),
        ("*timings:~*req.F:NONE|WEEKEND", r#""F":"2025-03-08T23:00:00Z""#, Yes),
        ("*nottimings:~*req.F:WEEKEND", r#""F":"2025-03-07T23:00:00Z""#, Yes),
        ("*nottimings:~*req.F:WEEKEND", "", Yes),
        ("*timings:~*req.F:MORNING", r#""F":"soon""#, WHEN),
        ("*timings:~*req.F:~*req.G", r#""F":"2025-03-07T23:00:00Z""#, Error("NOT_FOUND")),
    ]);
}

#[test]
fn destinations_are_prefixes() {
    check(&[
        ("*destinations:~*req.F:DST_DE", r#""F":"+4930""#, Yes),
        ("*destinations:~*req.F:DST_DE", r#""F":"4930""#, No),
        ("*destinations:~*req.F:NONE|DST_1", r#""F":1202"#, Yes),
        ("*destinations:~*req.F:NONE", r#""F":"+4930""#, No),
        ("*destinations:~*req.F:~*req.G", r#""F":"+4930","G":"DST_DE""#, Yes),
        ("*destinations:~*req.F:~*req.G", r#""F":"+4930""#, No),
        ("*destinations:~*req.F:DST_DE", "", No),
        ("*notdestinations:~*req.F:DST_DE", r#""F":"+4930""#, No),
        ("*notdestinations:~*req.F:DST_DE", "", Yes),
    ]);
}
