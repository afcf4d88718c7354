//! One rule of a filter, inline or named: its parts, and what is wrong with it.
//!
//! Checked is what a file should not say, however CGRateS takes it when it is set: types that are not
//! there fail every lookup, types that ask a server would hold one up.

use super::super::finding::shown;
use super::super::schema::did_you_mean;
use super::{Fault, barred};
use crate::model::definition::{Generation, RuleDefinition};

/// Types that test values, by their names without `*` and `*not`; whether there is a negation.
const WITH_VALUES: [(&str, bool); 19] = [
    ("string", true),
    ("contains", true),
    ("prefix", true),
    ("suffix", true),
    ("lt", false),
    ("lte", false),
    ("gt", false),
    ("gte", false),
    ("eq", true),
    ("rsr", true),
    ("regex", true),
    ("ipnet", true),
    ("ai", true),
    ("destinations", true),
    ("timings", true),
    ("nistring", false),
    ("niprefix", false),
    ("nisuffix", false),
    ("cronexp", true),
];

/// Types that test whether something is there.
const WITHOUT_VALUES: [(&str, bool); 4] =
    [("exists", true), ("empty", true), ("niexists", false), ("never", false)];

/// Types of 1.0 alone.
const OF_100: [&str; 3] = ["*never", "*cronexp", "*notcronexp"];

/// Types that ask a server of others.
const ASKING: [&str; 4] = ["*apiban", "*notapiban", "*sentrypeer", "*notsentrypeer"];

/// The rule of an inline filter, `*TYPE:ELEMENT:VALUE|VALUE`.
pub(in crate::config) fn inline(
    text: &str,
    generation: Generation,
) -> Result<RuleDefinition, Fault> {
    let parts = || {
        Fault::new(
            "an inline filter has three parts: `*string:~*req.Account:1001|1002` (the second colon \
             stands even without values)",
            "write it as `*prefix:~*req.Destination:+49|+43`; the name of a filter does not begin \
             with `*`",
        )
    };
    // What asks a server has colons of its own.
    asking(text.split(':').next().unwrap_or(text))?;
    let (kind, rest) = split(text).ok_or_else(parts)?;
    let (element, values) = split(rest).ok_or_else(parts)?;
    let rule = RuleDefinition {
        kind: kind.to_owned(),
        element: element.to_owned(),
        values: (!values.is_empty()).then(|| split_values(values, generation)),
    };
    check(&rule, generation)?;
    Ok(rule)
}

/// Cuts at the first colon outside of brackets.
fn split(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let colon = |(_, c): &(usize, char)| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        *c == ':' && depth == 0
    };
    let (at, _) = text.char_indices().find(colon)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Values stand apart by `|` outside of `<…>`; in 0.10 by `;`.
fn split_values(text: &str, generation: Generation) -> Vec<String> {
    if generation == Generation::V010 {
        return text.split(';').map(str::to_owned).collect();
    }
    let mut values = vec![String::new()];
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        // One that is not closed protects nothing.
        let closed = (c == '<').then(|| rest.find('>')).flatten();
        let end = closed.map_or(c.len_utf8(), |at| at + 1);
        let (part, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        match values.last_mut() {
            Some(last) if part != "|" => last.push_str(part),
            _ => values.push(String::new()),
        }
        rest = after;
    }
    values
}

/// Says what is wrong with a rule.
pub(in crate::config) fn check(rule: &RuleDefinition, generation: Generation) -> Result<(), Fault> {
    let kind = rule.kind.as_str();
    asking(kind)?;
    let values = rule.values.as_deref().unwrap_or_default();
    for text in std::iter::once(&rule.element).chain(values) {
        barred(text)?;
    }
    if OF_100.contains(&kind) && generation != Generation::V100 {
        return Err(Fault::new(
            format!("{} is of CGRateS 1.0, and `compat.cgrates` is another one", shown(kind)),
            "set `compat.cgrates = \"1.0\"` in the settings, or use `active_from`, `active_until` and \
             `*timings`",
        ));
    }
    let known = |types: &[(&str, bool)]| types.iter().any(|(name, not)| is(kind, name, *not));
    if known(&WITHOUT_VALUES) {
        if !values.is_empty() {
            return Err(Fault::new(
                format!("{} takes no values", shown(kind)),
                format!("inline it ends with the second colon: `{kind}:~*req.Account:`"),
            ));
        }
    } else if known(&WITH_VALUES) {
        if values.is_empty() {
            return Err(Fault::new(
                format!("{} without values tests nothing", shown(kind)),
                format!("write `{kind}:~*req.Account:1001`, or `*exists:~*req.Account:`"),
            ));
        }
    } else {
        return Err(unknown(kind));
    }
    element(rule)
}

fn asking(kind: &str) -> Result<(), Fault> {
    if kind.starts_with("*http") || kind.starts_with("*nothttp") || ASKING.contains(&kind) {
        return Err(Fault::new(
            format!("{} asks a server, and no lookup waits for one", shown(kind)),
            "let the proxy ask and put the answer into the event, and test that field",
        ));
    }
    Ok(())
}

/// Whether `kind` is `*NAME`, or `*notNAME` where there is one.
fn is(kind: &str, name: &str, negation: bool) -> bool {
    let plain = kind.strip_prefix('*');
    plain == Some(name)
        || (negation && plain.and_then(|kind| kind.strip_prefix("not")) == Some(name))
}

fn unknown(kind: &str) -> Fault {
    let types = || WITH_VALUES.iter().chain(&WITHOUT_VALUES);
    let mut names: Vec<String> = types().map(|(name, _)| format!("*{name}")).collect();
    let negations = types().filter(|(_, not)| *not);
    names.extend(negations.map(|(name, _)| format!("*not{name}")));
    let near = did_you_mean(kind, names.iter().map(String::as_str));
    let help = near.map_or_else(
        || {
            "use *string, *prefix, *suffix, *exists or another type that the README lists"
                .to_owned()
        },
        |near| format!("did you mean `{near}`?"),
    );
    Fault::new(format!("{} is no type of filter", shown(kind)), help)
}

/// The element is a path, or a value is; constants such as `*now` have a meaning of their own.
fn element(rule: &RuleDefinition) -> Result<(), Fault> {
    let element = rule.element.as_str();
    if rule.kind == "*never" {
        return Ok(());
    }
    if element.starts_with('~') && !element.starts_with("~*") {
        let name = element.trim_start_matches('~');
        return Err(Fault::new(
            format!("{} is no path", shown(element)),
            format!("write {}", shown(&format!("~*req.{name}"))),
        ));
    }
    if element.starts_with(['~', '*']) || values_are_paths(rule) {
        return Ok(());
    }
    if element.is_empty() {
        return Err(Fault::new("the rule has no element", "name a field, such as `~*req.Account`"));
    }
    Err(Fault::new(
        format!("{} is no field of the event: the rule tests constants alone", shown(element)),
        format!("write {}", shown(&format!("~*req.{element}"))),
    ))
}

/// Whether one of the values is read from the event.
fn values_are_paths(rule: &RuleDefinition) -> bool {
    // There a tilde begins a regular expression.
    let is_pattern = ["rsr", "regex"].iter().any(|name| is(&rule.kind, name, true));
    let mut values = rule.values.iter().flatten();
    !is_pattern && values.any(|value| value.starts_with('~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inline_filter_is_cut_at_its_first_two_colons() {
        for (text, kind, element, values) in [
            ("*notprefix:~*req.A:+49|+43:1", "*notprefix", "~*req.A", vec!["+49", "+43:1"]),
            ("*exists:~*req.X:", "*exists", "~*req.X", vec![]),
            ("*string:~*req.M[a:b]:1", "*string", "~*req.M[a:b]", vec!["1"]),
            ("*string:~*req.A:<~*req.B|x>|y", "*string", "~*req.A", vec!["<~*req.B|x>", "y"]),
            ("*rsr:~*req.X:>5|<3", "*rsr", "~*req.X", vec![">5", "<3"]),
            ("*string:1001:~*req.Account", "*string", "1001", vec!["~*req.Account"]),
            ("*string:~*req.A:1;2", "*string", "~*req.A", vec!["1;2"]),
        ] {
            let rule = inline(text, Generation::V011).unwrap();
            assert_eq!((rule.kind.as_str(), rule.element.as_str()), (kind, element), "{text}");
            assert_eq!(rule.values.unwrap_or_default(), values, "{text}");
        }
        let old = inline("*string:~*req.A:1;2", Generation::V010).unwrap();
        assert_eq!(old.values.unwrap(), ["1", "2"]);
    }

    #[test]
    fn a_wrong_rule_is_refused_with_a_way_out() {
        for (text, reason, help) in [
            ("*string:~*req.Account", "three parts", "second colon stands"),
            ("*sting:~*req.Account:1001", "no type of filter", "`*string`"),
            ("*notgt:~*req.Usage:1", "no type of filter", ""),
            ("*zzzzzzzz:~*req.Usage:1", "no type of filter", "README"),
            ("*string:Account:1001", "constants alone", "`~*req.Account`"),
            ("*string::1001", "no element", "`~*req.Account`"),
            ("*string:~Account:1001", "no path", "`~*req.Account`"),
            ("*rsr:Account:~^1", "constants alone", ""),
            ("*exists:~*req.X:1", "takes no values", "second colon"),
            ("*string:~*req.X:", "tests nothing", "*exists"),
            ("*http#http://127.0.0.1/x:~*req.A:", "asks a server", "the proxy"),
            ("*apiban:~*req.IP:*all", "asks a server", ""),
            ("*notsentrypeer:~*req.IP:*ip", "asks a server", ""),
            ("*string:~*req.A{*libphonenumber}:49", "does not hold", "prefixes"),
            ("*string:~*libphonenumber.<~*req.A>.Region:DE", "does not hold", ""),
            ("*never::", "of CGRateS 1.0", "compat.cgrates"),
            ("*cronexp:~*req.T:* * * * *", "of CGRateS 1.0", ""),
        ] {
            let fault = inline(text, Generation::V011).unwrap_err();
            let told = format!("{} {}", fault.text, fault.help);
            assert!(fault.text.contains(reason) && told.contains(help), "{text}: {told}");
        }
        for text in ["*never::", "*notcronexp:~*req.T:* * * * *"] {
            assert!(inline(text, Generation::V100).is_ok(), "{text}");
        }
        assert!(inline("*ai:*now:2026-01-01T00:00:00Z", Generation::V011).is_ok());
    }
}
