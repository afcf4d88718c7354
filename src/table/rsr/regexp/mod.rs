//! Regular expressions as filters and rules write them: the syntax of RE2, as Go reads it.
//!
//! A pattern is read by the rules of that syntax, refused in its words, and said again in the syntax of
//! the `regex` crate, so that the same texts match. Where the two differ, and what is done about it:
//!
//! - `\d`, `\s`, `\w`, `\b`, `\B` know ASCII alone, and `\s` has no vertical tab;
//! - one repetition cannot follow another (`a**`), a count is at most 1000, nested counts together as well;
//! - `{` that begins no repetition is a brace; octal `\07`, `\Q…\E` and `\pN` are read;
//! - flags are `i`, `m`, `s` and `U`;
//! - several groups may have the same name: groups reach the other syntax without names, see [`Names`];
//! - inside `[…]` there are no intersections and differences of classes.
//!
//! A repetition right after `(?i)` is refused here, while RE2 repeats what stands before the flags.

mod class;
mod escape;
mod translate;

use regex::{Regex, RegexBuilder};

/// What a pattern may take when it is compiled: some thousand times what an operator writes, and little
/// enough for one in each of many filters.
const COMPILED_MAX_BYTES: usize = 1 << 20;
/// What a thread may keep of the states that it meets when matching: when it is full, it is built anew.
const CACHE_MAX_BYTES: usize = 1 << 20;

/// The numbers of the groups that have names, in order; the same name may stand more than once.
pub type Names = Vec<(String, usize)>;

/// Why a pattern is refused: the fault in RE2's words and the part of the pattern that has it.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    what: &'static str,
    part: String,
}

impl Fault {
    fn new(what: &'static str, part: &str) -> Self {
        Self { what, part: part.to_owned() }
    }
}

/// Compiles `pattern`.
///
/// # Errors
/// ``error parsing regexp: missing closing ): `(` `` and the like: the fault and where it is.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    compile_named(pattern).map(|(regex, _)| regex)
}

/// Compiles `pattern` and tells which of its groups have which names.
///
/// # Errors
/// As [`compile`].
pub fn compile_named(pattern: &str) -> Result<(Regex, Names), String> {
    let text = |what: &str, part: &str| format!("error parsing regexp: {what}: `{part}`");
    let (translated, names) =
        translate::translate(pattern).map_err(|fault| text(fault.what, &fault.part))?;
    let regex = RegexBuilder::new(&translated)
        .size_limit(COMPILED_MAX_BYTES)
        .dfa_size_limit(CACHE_MAX_BYTES)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(limit) => {
                text(&format!("expression too large, over {limit} bytes when compiled"), pattern)
            }
            // Everything else was found by the translation.
            _ => text("expression nests too deeply", pattern),
        })?;
    Ok((regex, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_pattern_is_refused_in_the_words_of_re2() {
        let rows = [
            ("(", "missing closing ): `(`"),
            ("a(b|c", "missing closing ): `a(b|c`"),
            ("[a", "missing closing ]: `[a`"),
            ("x[]", "missing closing ]: `[]`"),
            ("x[^]a", "missing closing ]: `[^]a`"),
            ("*x", "missing argument to repetition operator: `*`"),
            ("a|+?b", "missing argument to repetition operator: `+?`"),
            ("({2})", "missing argument to repetition operator: `{2}`"),
            ("a{2,1}", "invalid repeat count: `{2,1}`"),
            ("a{1001}", "invalid repeat count: `{1001}`"),
            ("a{123456789012}", "invalid repeat count: `{123456789012}`"),
            ("((a{10}){10}b){11}", "invalid repeat count: `{11}`"),
            ("a**", "invalid nested repetition operator: `**`"),
            ("a*+?", "invalid nested repetition operator: `*+?`"),
            ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
            ("a)", "unexpected ): `a)`"),
            ("(a))b", "unexpected ): `(a))b`"),
            ("[z-a]", "invalid character class range: `z-a`"),
            ("[[:nope:]]", "invalid character class range: `[:nope:]`"),
            (r"\p{Nope}", r"invalid character class range: `\p{Nope}`"),
            (r"\p{Greek", r"invalid character class range: `\p{Greek`"),
            (r"\pé", r"invalid character class range: `\pé`"),
            (r"a\", "trailing backslash at end of expression: ``"),
            (r"[a\", "trailing backslash at end of expression: ``"),
            (r"a\y", r"invalid escape sequence: `\y`"),
            (r"\1", r"invalid escape sequence: `\1`"),
            (r"\Z", r"invalid escape sequence: `\Z`"),
            (r"\C", r"invalid escape sequence: `\C`"),
            (r"\é", r"invalid escape sequence: `\é`"),
            (r"[\b]", r"invalid escape sequence: `\b`"),
            (r"\x{}", r"invalid escape sequence: `\x{}`"),
            (r"\x{110000}", r"invalid escape sequence: `\x{110000`"),
            (r"\xg1", r"invalid escape sequence: `\xg1`"),
            ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
            ("(?i", "invalid or unsupported Perl syntax: `(?i`"),
            ("(?i-)", "invalid or unsupported Perl syntax: `(?i-)`"),
            ("(?x)a", "invalid or unsupported Perl syntax: `(?x`"),
            ("(?P<n", "invalid named capture: `(?P<n`"),
            ("(?P<a b>x)", "invalid named capture: `(?P<a b>`"),
            ("(?<=a)b", "invalid named capture: `(?<=a)b`"),
        ];
        for (pattern, words) in rows {
            let refused = compile(pattern).unwrap_err();
            assert_eq!(refused, format!("error parsing regexp: {words}"), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_matches_what_it_matches_in_go() {
        let rows: [(&str, &[&str], &[&str]); 30] = [
            ("", &["", "x"], &[]),
            (r"^\d+$", &["7"], &["٣", ""]),
            (r"\D", &["٣"], &["7"]),
            (r"^\w$", &["a", "_"], &["é", "日"]),
            (r"\W", &["é"], &["a"]),
            (r"^\s$", &[" ", "\t", "\u{c}"], &["\u{b}", "\u{a0}"]),
            (r"[\s]", &["\n"], &["\u{b}"]),
            (r"[[:space:]]", &["\u{b}"], &["x"]),
            (r"\bgold\b", &["a gold b", "égold"], &["golden", "_gold"]),
            (r"é\b", &["éa"], &["é", "é "]),
            (r"\Bx", &["ax", "éax"], &["x", " x", "éx"]),
            (r"é\B", &["é", "é "], &["éa"]),
            ("(?i)ACME", &["acme", "AcMe"], &["acm"]),
            ("(?i:É)a", &["éa"], &["éA"]),
            (".", &["日"], &["\n", ""]),
            ("(?s).", &["\n"], &[]),
            ("a$", &["ba"], &["a\n"]),
            ("(?m)a$", &["a\nb"], &["ab"]),
            (r"a\z", &["a"], &["a\n"]),
            ("a{,2}", &["a{,2}"], &["aa"]),
            ("{a}]", &["{a}]"], &["a"]),
            ("a{02}", &["a{02}"], &["aa"]),
            (r"\Qa.b*\E+", &["a.b**"], &["axb"]),
            (r"\101\x42\x{43}", &["ABC"], &["A"]),
            ("^[a&&b~~c-]$", &["&", "~", "a", "c", "-"], &["x"]),
            ("^[]-]$", &["]", "-"], &["["]),
            ("^[^a]$", &["\n", "b"], &["a"]),
            (r"^\pL\p{^Greek}[\P{Lu}]$", &["xxx"], &["xαx", "xxX"]),
            ("(?P<a>x)(?P<a>y)", &["xy"], &["x"]),
            ("(?ii-sU)a*?()|^*", &["", "A"], &[]),
        ];
        for (pattern, matching, others) in rows {
            let regex = compile(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
            for text in matching {
                assert!(regex.is_match(text), "{pattern} on {text:?}");
            }
            for text in others {
                assert!(!regex.is_match(text), "{pattern} not on {text:?}");
            }
        }
    }

    #[test]
    fn a_pattern_that_would_take_too_much_memory_is_refused() {
        let refused = compile(r"((\pL{30}){30}){1}").unwrap_err();
        assert!(refused.starts_with("error parsing regexp: expression too large"), "{refused}");
        let deep = format!("{}a{}", "(".repeat(900), ")".repeat(900));
        let refused = compile(&deep).unwrap_err();
        assert!(refused.starts_with("error parsing regexp: expression nests too"), "{refused}");
    }

    #[test]
    fn the_numbers_of_named_groups_are_told() {
        let (_, names) = compile_named("(a)(?P<x>b)(?:c)(?<x>d)(?P<y>e)").unwrap();
        assert_eq!(names, [("x".into(), 2), ("x".into(), 3), ("y".into(), 4)]);
    }
}
