//! RSR rules: `~*req.Destination:s/^\+43(\d+)$/0${1}/{*len}` (section 5.8).
//!
//! A rule is a constant, or `~` and the path of a value with what is to be done to it: search and replace,
//! then converters. Reading a path's value is not here: [`RsrRule::finish`] is given what was found.

use super::converter::{self, Context, Converter};
use super::replace::Replace;
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// Rules inside of paths inside of rules: more than anybody writes, little enough for the stack.
const DEPTH_MAX: usize = 8;

/// One rule.
#[derive(Debug, Clone)]
pub struct RsrRule {
    /// Where its text comes from.
    pub source: Source,
    replaces: Vec<Replace>,
    converters: Vec<Converter>,
}

/// Where a rule's text comes from.
#[derive(Debug, Clone)]
pub enum Source {
    /// The rule itself, which is anything that does not begin with `~`. Nothing is done to it: search and
    /// replace and converters belong to paths, `x{*len}` is a text of seven characters.
    Constant(String),
    /// A path, without the `~`; the parts follow each other.
    Path(Vec<Part>),
}

/// A part of a path.
#[derive(Debug, Clone)]
pub enum Part {
    /// As it stands.
    Text(String),
    /// `<RULE;RULE>`: the texts of the rules, one behind the other.
    Nested(Vec<RsrRule>),
}

impl RsrRule {
    /// Reads one rule, as filters have it: `;` and back-ticks are plain text.
    ///
    /// # Errors
    /// What is wrong with the rule, a search or a converter in the words of CGRateS; `emtpy RSRParser in
    /// rule: <>` (so it is spelt there) when there is no text.
    pub fn parse(text: &str) -> Result<Self, String> {
        parse_at(text, 0)
    }

    /// Reads one rule that is the element of a filter: there the complaint about no text is spelt otherwise.
    ///
    /// # Errors
    /// As [`RsrRule::parse`], but `empty RSRParser in rule: <>`.
    pub fn parse_element(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("empty RSRParser in rule: <>".into());
        }
        Self::parse(text)
    }

    /// A rule that does nothing to the text of its source.
    #[must_use]
    pub fn bare(source: Source) -> Self {
        Self { source, replaces: Vec::new(), converters: Vec::new() }
    }

    /// Whether nothing is done to the text of the source.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.replaces.is_empty() && self.converters.is_empty()
    }

    /// The path as it was written, without the `~`; none for a constant and for one that is put together.
    #[must_use]
    pub fn path_text(&self) -> Option<&str> {
        match &self.source {
            Source::Path(parts) => match parts.as_slice() {
                [Part::Text(text)] => Some(text),
                _ => None,
            },
            Source::Constant(_) => None,
        }
    }

    /// The text of a constant; none for a path.
    #[must_use]
    pub fn constant(&self) -> Option<&str> {
        match &self.source {
            Source::Constant(text) => Some(text),
            Source::Path(_) => None,
        }
    }

    /// What becomes of the `text` that the source gave. Nothing is allocated when there is nothing to do.
    ///
    /// `zone` is that of times that state none, `now_ns` the moment in nanoseconds since the Unix epoch.
    ///
    /// # Errors
    /// A converter cannot read the text; the words are mostly those of Go's standard library.
    pub fn finish<'v>(
        &self,
        text: &'v str,
        zone: &TimeZone,
        now_ns: i64,
    ) -> Result<Cow<'v, str>, String> {
        let text =
            self.replaces.iter().try_fold(Cow::Borrowed(text), |text, one| one.apply(text))?;
        converter::convert(&self.converters, text, Context { zone, now_ns })
    }
}

fn parse_at(text: &str, depth: usize) -> Result<RsrRule, String> {
    if text.is_empty() {
        return Err("emtpy RSRParser in rule: <>".into());
    }
    let Some(path) = text.strip_prefix('~') else {
        let source = Source::Constant(text.to_owned());
        return Ok(RsrRule { source, replaces: Vec::new(), converters: Vec::new() });
    };
    let (parts, rest) = path_at(path, depth)?;
    let (replaces, rest) = replaces(text, rest)?;
    let converters = match rest.strip_prefix('{') {
        None => Vec::new(),
        Some(chain) => Converter::parse_chain(
            chain
                .strip_suffix('}')
                .ok_or_else(|| format!("no }} at the end of the converters in rule: <{text}>"))?,
        )?,
    };
    Ok(RsrRule { source: Source::Path(parts), replaces, converters })
}

/// The parts of a path, and what stands behind it: nothing, `:s/…` or `{*…`.
fn path_at(path: &str, depth: usize) -> Result<(Vec<Part>, &str), String> {
    let brackets = Brackets::of(path);
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = path;
    while let Some(first) = rest.chars().next() {
        if rest.starts_with(":s/") || rest.starts_with("{*") {
            break;
        }
        if let Some((inner, behind)) = brackets.split(path, rest) {
            if depth >= DEPTH_MAX {
                return Err(format!("over {DEPTH_MAX} rules inside of each other: <{path}>"));
            }
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            parts.push(Part::Nested(list_at(inner, depth + 1)?));
            rest = behind;
        } else {
            text.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok((parts, rest))
}

/// Reads rules with `;` between them; their texts are to be joined. Inside `<…>` and between back-ticks `;` is
/// plain text; the back-ticks themselves go. No text is no rule.
fn list_at(text: &str, depth: usize) -> Result<Vec<RsrRule>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let brackets = Brackets::of(text);
    let mut rules = Vec::new();
    let mut rule = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let behind = rest.get(first.len_utf8()..).unwrap_or_default();
        rest = match (first, brackets.split(text, rest)) {
            ('`', _) => {
                let (plain, behind) = behind
                    .split_once('`')
                    .ok_or_else(|| format!("a back-tick without its second in rules: <{text}>"))?;
                rule.push_str(plain);
                behind
            }
            (';', _) => {
                rules.push(parse_at(&rule, depth)?);
                rule.clear();
                behind
            }
            (_, Some((inner, behind))) => {
                rule.push('<');
                rule.push_str(inner);
                rule.push('>');
                behind
            }
            _ => {
                rule.push(first);
                behind
            }
        };
    }
    rules.push(parse_at(&rule, depth)?);
    Ok(rules)
}

/// The places of pointed brackets that belong together, in order; others are plain text.
struct Brackets(Vec<(usize, usize)>);

impl Brackets {
    fn of(text: &str) -> Self {
        let mut open = Vec::new();
        let mut pairs = Vec::new();
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'<' => open.push(at),
                b'>' => pairs.extend(open.pop().map(|start| (start, at))),
                _ => {}
            }
        }
        pairs.sort_unstable();
        Self(pairs)
    }

    /// What stands in the brackets that `rest`, an end of `text`, begins with, and behind them.
    fn split<'t>(&self, text: &'t str, rest: &str) -> Option<(&'t str, &'t str)> {
        let start = text.len().checked_sub(rest.len())?;
        let found = self.0.binary_search_by_key(&start, |(start, _)| *start).ok()?;
        let (_, end) = self.0.get(found)?;
        Some((text.get(start + 1..*end)?, text.get(end + 1..)?))
    }
}

/// The chain of `:s/SEARCH/TEMPLATE/`, and what stands behind it. A slash that means itself is written `\/`.
fn replaces<'t>(rule: &str, mut rest: &'t str) -> Result<(Vec<Replace>, &'t str), String> {
    let wrong = || format!("search and replace is written `:s/SEARCH/TEMPLATE/` in rule: <{rule}>");
    let mut replaces = Vec::new();
    while let Some(chain) = rest.strip_prefix(":s/") {
        let (search, behind) = until_slash(chain).ok_or_else(wrong)?;
        let (template, behind) = until_slash(behind).ok_or_else(wrong)?;
        replaces.push(Replace::new(search, &template.replace(r"\/", "/"))?);
        rest = behind;
    }
    if rest.is_empty() || rest.starts_with("{*") { Ok((replaces, rest)) } else { Err(wrong()) }
}

/// What stands before the first slash without a backslash, and behind it.
fn until_slash(text: &str) -> Option<(&str, &str)> {
    let mut is_escaped = false;
    let end = text.bytes().position(|byte| {
        let found = byte == b'/' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        found
    })?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rule as the parts of its source: constants quoted, paths with their nested rules in brackets.
    fn shown(rule: &RsrRule) -> String {
        match &rule.source {
            Source::Constant(text) => format!("'{text}'"),
            Source::Path(parts) => parts.iter().map(part).collect(),
        }
    }

    fn part(part: &Part) -> String {
        match part {
            Part::Text(text) => text.clone(),
            Part::Nested(rules) => format!("<{}>", list(rules)),
        }
    }

    fn list(rules: &[RsrRule]) -> String {
        rules.iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    fn finished(rule: &str, text: &str) -> Result<String, String> {
        let rule = RsrRule::parse(rule)?;
        rule.finish(text, &TimeZone::UTC, 0).map(Cow::into_owned)
    }

    #[test]
    fn one_rule_is_a_constant_or_a_path() {
        let rows = [
            ("1001", "'1001'"),
            ("a;b", "'a;b'"),
            ("`a`", "'`a`'"),
            ("x{*len}", "'x{*len}'"),
            ("~", ""),
            ("~*req.Account", "*req.Account"),
            ("~*req.A;-;~*req.B", "*req.A;-;~*req.B"),
            ("~*req.A{*len}", "*req.A"),
            ("~*req.A{b}", "*req.A{b}"),
            ("~*req.A:s/a/b/{*len&*json}", "*req.A"),
            ("~*req.<~*req.Name>", "*req.<*req.Name>"),
            ("~*uhc.<~*req.CGRID;-Account>.x", "*uhc.<*req.CGRID '-Account'>.x"),
            ("~*req.<~*req.<~*req.A>{*len}>", "*req.<*req.<*req.A>>"),
            ("~*req.a<b", "*req.a<b"),
            ("~*req.a>b", "*req.a>b"),
            ("~*stats.SQ.*sum#~*req.Usage", "*stats.SQ.*sum#~*req.Usage"),
        ];
        for (text, sources) in rows {
            assert_eq!(shown(&RsrRule::parse(text).unwrap()), sources, "{text}");
        }
    }

    #[test]
    fn a_list_of_rules_is_split_but_not_inside_brackets_and_back_ticks() {
        let rows = [
            ("", ""),
            ("~*req.Account", "*req.Account"),
            ("~*req.Cost;10", "*req.Cost '10'"),
            ("~*req.<~*req.A;x>;y", "*req.<*req.A 'x'> 'y'"),
            ("`a;b`;c", "'a;b' 'c'"),
            ("a`;`b", "'a;b'"),
            ("a<b;c", "'a<b' 'c'"),
        ];
        for (text, sources) in rows {
            assert_eq!(list(&list_at(text, 0).unwrap()), sources, "{text}");
        }
    }

    #[test]
    fn a_text_is_replaced_and_converted_in_turn() {
        let rows = [
            (r"~*req.D:s/^\+43(\d*)$/0043${1}/", "+4367612", "004367612"),
            (r"~*req.D:s/^\+/00/:s/^00/011/", "+4367612", "011"),
            (r"~*req.D:s/^\+43(\d{2,5})$/0${1}/{*len}", "+4367612", "6"),
            (r"~*req.D:s/a\/b/x\/y/", "a/b", "x/y"),
            ("~*req.D:s/x/y/", "abc", "abc"),
            ("~*req.D{*duration_seconds&*round:0:*up}", "1500ms", "2"),
            ("~*req.D", "abc", "abc"),
        ];
        for (rule, text, becomes) in rows {
            assert_eq!(finished(rule, text).as_deref(), Ok(becomes), "{rule} of {text}");
        }
    }

    #[test]
    fn a_text_to_which_nothing_is_done_is_not_copied() {
        for rule in ["~*req.A", "~*req.A:s/x/y/", "~*req.A{*strip:*prefix:1}"] {
            let rule = RsrRule::parse(rule).unwrap();
            let text = rule.finish("abc", &TimeZone::UTC, 0).unwrap();
            assert!(matches!(text, Cow::Borrowed(_)), "{rule:?}");
        }
    }

    #[test]
    fn a_wrong_rule_is_refused_with_the_reason() {
        let rows = [
            ("", "emtpy RSRParser in rule: <>"),
            ("~*req.A{*len:x", "no } at the end of the converters in rule: <~*req.A{*len:x>"),
            ("~*req.A{*len}x", "no } at the end of the converters in rule: <~*req.A{*len}x>"),
            (
                "~*req.A{*nope}",
                "invalid converter value in string: <*nope>, err: unsupported converter definition: <*nope>",
            ),
            ("~*req.A:s/(/x/", "error parsing regexp: missing closing ): `(`"),
            (
                "~*req.A:s/a/b",
                "search and replace is written `:s/SEARCH/TEMPLATE/` in rule: <~*req.A:s/a/b>",
            ),
            (
                "~*req.A:s/a/b/c/",
                "search and replace is written `:s/SEARCH/TEMPLATE/` in rule: <~*req.A:s/a/b/c/>",
            ),
            ("~*req.<a;;b>", "emtpy RSRParser in rule: <>"),
            (
                "~*req.<~*req.A{*x}>",
                "invalid converter value in string: <*x>, err: unsupported converter definition: <*x>",
            ),
        ];
        for (text, error) in rows {
            assert_eq!(finished(text, ""), Err(error.into()), "{text}");
        }
        assert_eq!(RsrRule::parse_element("").unwrap_err(), "empty RSRParser in rule: <>");
        assert!(list_at("a;", 0).is_err(), "nothing behind the last ;");
        assert!(list_at("a;`b", 0).is_err(), "one back-tick");
    }

    #[test]
    fn brackets_in_brackets_without_end_do_not_exhaust_the_stack() {
        let deep = format!("{}x{}", "~<".repeat(10_000), ">".repeat(10_000));
        assert!(
            RsrRule::parse(&deep).unwrap_err().starts_with("over 8 rules inside of each other")
        );
        assert!(RsrRule::parse(&"~<".repeat(2_000)).is_ok(), "plain text");
    }
}
