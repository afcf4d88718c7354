//! What rules of filters and changes of attributes cannot mean: read as a lookup would read it, and
//! refused with its place.

use crate::found::{assert_found, listed, tables};

const SUPPLIER: &str = "[[supplier]]\nid = \"alfa\"\ngateways = [\"sip:192.0.2.1\"]\n";

fn profile(filter: &str) -> String {
    format!(
        "{SUPPLIER}[[profile]]\nid = \"P\"\nfilters = ['{filter}']\n[[profile.route]]\nid = \"alfa\"\n"
    )
}

#[test]
fn a_rule_that_no_lookup_could_ask_is_refused_inline_and_named() {
    for (kind, element, value, text) in [
        ("*regex", "~*req.A", "^(1", "missing closing ): `^(1`"),
        ("*rsr", "~*req.A", "~^(1", "missing closing ): `^(1`"),
        ("*ipnet", "~*req.A", "10.0.0.1", "`10.0.0.1` is no network"),
        ("*ai", "~*req.A", "soon", "`soon` is no time"),
        ("*string", "~*req..A", "1", "Empty field path"),
        ("*string", "~*req.A", "~*req.B.", "Empty field path"),
        ("*string", "~*req.A{*nothing}", "1", "unsupported converter definition: <*nothing>"),
        ("*cronexp", "~*req.A", "* * * * *", "is of CGRateS 1.0"),
        ("*strinng", "~*req.A", "1", "no type of filter"),
    ] {
        let inline = format!("{kind}:{element}:{value}");
        let found = tables(&[("r.toml", &profile(&inline))]);
        assert_found(&found, "6:12: error", text, "", &listed(&found));
        let rules =
            format!("rules = [{{ type = '{kind}', element = '{element}', values = ['{value}'] }}]");
        let named = format!("{}[[filter]]\nid = \"F\"\n{rules}\n", profile("F"));
        let found = tables(&[("r.toml", &named)]);
        assert_found(&found, "11:19: error", text, "", &listed(&found));
    }
}

#[test]
fn a_change_that_no_lookup_could_make_is_refused() {
    for (change, place, text, help) in [
        (
            "type = '*variabel', value = '~*req.B'",
            "12:30: error",
            "no type of change",
            "`*variable`",
        ),
        (
            "type = '*sip_cid', value = 'x'",
            "12:30: error",
            "no type of change",
            "*usage_difference",
        ),
        (
            "type = '*variable', value = '~*req.B{*nothing}'",
            "12:51: error",
            "unsupported converter",
            "path",
        ),
        ("type = '*sum', value = ['1', '~*req.B:s/(/x/']", "12:46: error", "missing closing )", ""),
    ] {
        let attribute = format!(
            "{}[[attribute]]\nid = \"A\"\nfilters = []\nset = [{{ field = 'A', {change} }}]\n",
            profile("*exists:~*req.A:")
        );
        let found = tables(&[("r.toml", &attribute)]);
        assert_found(&found, place, text, help, &listed(&found));
    }
}

#[test]
fn more_fields_than_there_is_room_for_are_refused() {
    let values: Vec<String> = (0..65_536).map(|field| format!("~*req.F{field}")).collect();
    let filter = |values: &[String]| profile(&format!("*string:~*req.A:{}", values.join("|")));
    let found = tables(&[("r.toml", &filter(&values))]);
    assert_found(&found, "6:12: error", "more fields than there is room for", "", "65,536 fields");
    let found = tables(&[("r.toml", &filter(&values[..60_000]))]);
    assert!(found.is_empty(), "{}", listed(&found));
}
