//! One rule of a filter, inline or named: its parts, and what is wrong with it.
//!
//! Checked is what a file should not say, however CGRateS takes it when it is set: types that are not
//! there fail every lookup, types that ask a server would hold one up.

use super::super::finding::shown;
use super::super::schema::did_you_mean;
use super::{Fault, barred};
use crate::model::definition::{Generation, RuleDefinition};
use crate::model::go::time;
use crate::table::filter::{Base, base_of, is_blocking, names, parse_inline};
use ipnet::IpNet;
use jiff::tz::TimeZone;

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
    let rule = parse_inline(text, generation).map_err(|_| parts())?;
    check(&rule, generation)?;
    Ok(rule)
}

/// Says what is wrong with a rule.
pub(in crate::config) fn check(rule: &RuleDefinition, generation: Generation) -> Result<(), Fault> {
    let kind = rule.kind.as_str();
    asking(kind)?;
    let values = rule.values.as_deref().unwrap_or_default();
    for text in std::iter::once(&rule.element).chain(values) {
        barred(text)?;
    }
    let base = base_of(kind, generation).ok_or_else(|| unknown(kind, generation))?;
    if !base.takes_values() && !values.is_empty() {
        return Err(Fault::new(
            format!("{} takes no values", shown(kind)),
            format!("inline it ends with the second colon: `{kind}:~*req.Account:`"),
        ));
    }
    if base.takes_values() && values.is_empty() {
        return Err(Fault::new(
            format!("{} without values tests nothing", shown(kind)),
            format!("write `{kind}:~*req.Account:1001`, or `*exists:~*req.Account:`"),
        ));
    }
    let mut constants = values.iter().filter(|value| !value.starts_with('~'));
    constants.try_for_each(|value| constant(base, value))?;
    element(rule, base, generation)
}

fn asking(kind: &str) -> Result<(), Fault> {
    if is_blocking(kind) {
        return Err(Fault::new(
            format!("{} asks a server, and no lookup waits for one", shown(kind)),
            "let the proxy ask and put the answer into the event, and test that field",
        ));
    }
    Ok(())
}

fn unknown(kind: &str, generation: Generation) -> Fault {
    let others = [Generation::V100, Generation::V011, Generation::V010];
    if let Some(other) = others.into_iter().find(|other| base_of(kind, *other).is_some()) {
        let (other, own) = (other.name(), generation.name());
        return Fault::new(
            format!("{} is of CGRateS {other}, and `compat.cgrates` is {own}", shown(kind)),
            format!(
                "set `compat.cgrates = \"{other}\"` in the settings, or use a type that {own} has"
            ),
        );
    }
    let names = names(generation);
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

/// A value that is no path, where it has to be more than text.
fn constant(base: Base, value: &str) -> Result<(), Fault> {
    match base {
        Base::IpNet if value.parse::<IpNet>().is_err() => Err(Fault::new(
            format!("{} is no network", shown(value)),
            "write it as `192.0.2.0/24` or `2001:db8::/32`; one address is `192.0.2.1/32`",
        )),
        Base::Active if time::parse(value, &TimeZone::UTC, 0).is_err() => Err(Fault::new(
            format!("{} is no time", shown(value)),
            "write it as `2026-11-21T12:00:00Z`; an empty text leaves that side open",
        )),
        _ => Ok(()),
    }
}

/// The element is a path, or a value is; constants such as `*now` have a meaning of their own.
/// Where a path may begin, what siproute does not have included: CGRateS' tables may name it.
const ROOTS: [&str; 10] = [
    "*req",
    "*opts",
    "*vars",
    "*accounts",
    "*stats",
    "*resources",
    "*trends",
    "*rankings",
    "*libphonenumber",
    "*asm",
];

fn element(rule: &RuleDefinition, base: Base, generation: Generation) -> Result<(), Fault> {
    let element = rule.element.as_str();
    // In 0.10 the field of `*rsr` may stand in its value.
    let is_fused = base == Base::Rsr && generation == Generation::V010;
    if base == Base::Never || (element.is_empty() && is_fused) {
        return Ok(());
    }
    if element.starts_with('~') && !element.starts_with("~*") {
        let name = element.trim_start_matches('~');
        let name = name.strip_prefix("req.").unwrap_or(name);
        return Err(Fault::new(
            format!("{} is no path", shown(element)),
            format!("write {}", shown(&format!("~*req.{name}"))),
        ));
    }
    if ["*req.", "*opts.", "*vars."].iter().any(|root| element.starts_with(root)) {
        return Err(Fault::new(
            format!("{} is a text, not what the event has there", shown(element)),
            format!("write {}", shown(&format!("~{element}"))),
        ));
    }
    if let Some(root) = element.strip_prefix('~').and_then(|path| path.split('.').next())
        && !root.contains('<')
        && !ROOTS.contains(&root)
    {
        let near = did_you_mean(root, ROOTS);
        let help = near.map_or_else(
            || "there are ~*req, ~*opts, ~*vars and ~*accounts".to_owned(),
            |near| format!("did you mean `~{near}`?"),
        );
        return Err(Fault::new(format!("{} leads nowhere", shown(element)), help));
    }
    if element.starts_with(['~', '*']) || values_are_paths(rule, base) {
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
fn values_are_paths(rule: &RuleDefinition, base: Base) -> bool {
    // There a tilde begins a regular expression.
    let is_pattern = matches!(base, Base::Rsr | Base::Regex);
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
            ("*string:~req.Account:1001", "no path", "`~*req.Account`"),
            ("*string:*req.Account:1001", "is a text", "`~*req.Account`"),
            ("*string:~*rq.Account:1001", "leads nowhere", "did you mean `~*req`?"),
            ("*string:~*zzzzzzzzz.Account:1001", "leads nowhere", "~*accounts"),
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
            ("*ipnet:~*req.IP:10.0.0.1", "`10.0.0.1` is no network", "/32"),
            ("*notipnet:~*req.IP:10.0.0.0/8|x", "`x` is no network", ""),
            ("*ai:~*req.T:2026-01-01T00:00:00Z|soon", "`soon` is no time", "12:00:00Z"),
        ] {
            let fault = inline(text, Generation::V011).unwrap_err();
            let told = format!("{} {}", fault.text, fault.help);
            assert!(fault.text.contains(reason) && told.contains(help), "{text}: {told}");
        }
        for text in ["*never::", "*notcronexp:~*req.T:* * * * *"] {
            assert!(inline(text, Generation::V100).is_ok(), "{text}");
        }
        for text in ["*destinations:~*req.Destination:DE", "*nottimings:~*req.SetupTime:NIGHT"] {
            let fault = inline(text, Generation::V100).unwrap_err();
            assert!(fault.text.contains("is of CGRateS 0.1"), "{text}: {}", fault.text);
        }
        for text in [
            "*exists:~*stats.Q.*acd:",
            "*string:~*req:x",
            "*string:~*req.<~*req.Name>:x",
            "*ai:*now:2026-01-01T00:00:00Z",
            "*ai:~*req.T:|2026-01-01T00:00:00Z",
            "*ai:~*req.T:~*req.From|*now",
            "*ai:~*req.T:*now|+1h",
            "*ipnet:~*req.IP:10.0.0.0/8|2001:db8::/32|~*req.Net",
        ] {
            assert!(inline(text, Generation::V011).is_ok(), "{text}");
        }
    }
}
