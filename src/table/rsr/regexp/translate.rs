//! A pattern said again in the syntax of the `regex` crate.
//!
//! One pass over the text. What is kept on the way is what a repetition needs to know: whether
//! something stands before it, and how often that is repeated already.

use super::escape::{self, Escape};
use super::{Fault, Names, class};

const MISSING_ARGUMENT: &str = "missing argument to repetition operator";
const BAD_COUNT: &str = "invalid repeat count";
const BAD_NESTING: &str = "invalid nested repetition operator";
const BAD_FLAGS: &str = "invalid or unsupported Perl syntax";
const BAD_NAME: &str = "invalid named capture";

/// The greatest count of a repetition, and of nested ones together.
const COUNT_MAX: u32 = 1000;

/// A count of a repetition: RE2 takes no more, so that nothing greater needs to be told apart.
const COUNT_TOO_BIG: u32 = u32::MAX;

struct Translator<'p> {
    whole: &'p str,
    rest: &'p str,
    out: String,
    names: Names,
    captures: usize,
    /// What the groups around this place were repeated at most before it.
    groups: Vec<u32>,
    /// How often anything in the group so far is repeated, by its counts.
    repeated: u32,
    /// The same of what stands right before this place; none when there is nothing to repeat.
    operand: Option<u32>,
    /// Where the repetition right before this place begins.
    repetition: Option<&'p str>,
}

/// Translates, and tells the names of groups.
pub fn translate(pattern: &str) -> Result<(String, Names), Fault> {
    let mut work = Translator {
        whole: pattern,
        rest: pattern,
        out: String::with_capacity(pattern.len() + 16),
        names: Names::new(),
        captures: 0,
        groups: Vec::new(),
        repeated: 1,
        operand: None,
        repetition: None,
    };
    while let Some((first, behind)) = escape::next(work.rest) {
        work.step(first, behind)?;
    }
    if !work.groups.is_empty() {
        return Err(Fault::new("missing closing )", pattern));
    }
    Ok((work.out, work.names))
}

impl<'p> Translator<'p> {
    fn step(&mut self, first: char, behind: &'p str) -> Result<(), Fault> {
        let at = self.rest;
        if let Some((least, most, behind)) = counts(first, behind) {
            return self.repeat(at, least, most, behind);
        }
        self.repetition = None;
        match first {
            '(' if behind.starts_with('?') => self.flags_or_group(at)?,
            '(' => {
                self.captures += 1;
                self.open("(", behind);
            }
            ')' => {
                let outer =
                    self.groups.pop().ok_or_else(|| Fault::new("unexpected )", self.whole))?;
                let inner = self.repeated;
                self.repeated = outer;
                self.said(")", behind, inner);
            }
            '|' => {
                self.out.push('|');
                self.rest = behind;
                self.operand = None;
            }
            '^' => self.said("^", behind, 1),
            '$' => self.said("$", behind, 1),
            '.' => self.said(".", behind, 1),
            '[' => {
                self.rest = class::push(at, &mut self.out)?;
                self.operand = Some(1);
            }
            '\\' => self.escape(at, behind)?,
            plain => {
                self.literal(u32::from(plain));
                self.rest = behind;
            }
        }
        Ok(())
    }

    /// Something that can be repeated is said.
    fn said(&mut self, text: &str, behind: &'p str, repeated: u32) {
        self.out.push_str(text);
        self.rest = behind;
        self.operand = Some(repeated);
        self.repeated = self.repeated.max(repeated);
    }

    fn open(&mut self, text: &str, behind: &'p str) {
        self.out.push_str(text);
        self.rest = behind;
        self.groups.push(self.repeated);
        self.repeated = 1;
        self.operand = None;
    }

    fn literal(&mut self, code: u32) {
        match char::from_u32(code) {
            Some(plain) => {
                if regex_syntax::is_meta_character(plain) {
                    self.out.push('\\');
                }
                self.out.push(plain);
            }
            // No text has surrogates.
            None => self.out.push_str(r"\P{Any}"),
        }
        self.operand = Some(1);
    }

    fn escape(&mut self, at: &'p str, behind: &'p str) -> Result<(), Fault> {
        let Some((letter, after)) = escape::next(behind) else {
            return escape::read(at).map(|_| ());
        };
        match letter {
            'A' => self.said(r"\A", after, 1),
            'z' => self.said(r"\z", after, 1),
            'b' => self.said(r"(?-u:\b)", after, 1),
            'B' => self.said(r"(?-u:\B)", after, 1),
            'C' => return Err(Fault::new(escape::BAD_ESCAPE, r"\C")),
            'Q' => {
                let (literals, after) = after.split_once(r"\E").unwrap_or((after, ""));
                literals.chars().for_each(|plain| self.literal(u32::from(plain)));
                self.rest = after;
            }
            _ => match escape::read(at)? {
                (Escape::Class(class), after) => self.said(&class, after, 1),
                (Escape::Char(code), after) => {
                    self.literal(code);
                    self.rest = after;
                }
            },
        }
        Ok(())
    }

    fn repeat(
        &mut self,
        at: &'p str,
        least: u32,
        most: Option<u32>,
        behind: &'p str,
    ) -> Result<(), Fault> {
        let counted = at.starts_with('{');
        let bounds = most.unwrap_or(least);
        if counted && (least > COUNT_MAX || bounds > COUNT_MAX || bounds < least) {
            return Err(Fault::new(BAD_COUNT, escape::before(at, behind)));
        }
        let behind = behind.strip_prefix('?').unwrap_or(behind);
        if let Some(previous) = self.repetition {
            return Err(Fault::new(BAD_NESTING, escape::before(previous, behind)));
        }
        let operator = escape::before(at, behind);
        let operand = self.operand.ok_or_else(|| Fault::new(MISSING_ARGUMENT, operator))?;
        let times = if counted { bounds } else { 1 };
        // What is repeated no times counts for nothing, whatever is in it; without a limit the least counts.
        let together = match most {
            Some(0) if counted => 1,
            _ => operand.saturating_mul(times.max(1)),
        };
        if counted && bounds >= 2 && together > COUNT_MAX {
            return Err(Fault::new(BAD_COUNT, operator));
        }
        self.said(operator, behind, together);
        self.repetition = Some(at);
        Ok(())
    }

    /// `(?P<name>`, `(?<name>`, `(?i)`, `(?i-s:`.
    fn flags_or_group(&mut self, at: &'p str) -> Result<(), Fault> {
        let behind = at.get(2..).unwrap_or_default();
        let name = behind.strip_prefix("P<").filter(|name| !name.is_empty());
        if let Some(name) = name.or_else(|| behind.strip_prefix('<')) {
            let (name, after) = name.split_once('>').ok_or_else(|| Fault::new(BAD_NAME, at))?;
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Err(Fault::new(BAD_NAME, escape::before(at, after)));
            }
            self.captures += 1;
            self.names.push((name.to_owned(), self.captures));
            self.open("(", after);
            return Ok(());
        }
        let mut flags = Flags::default();
        let mut rest = behind;
        while let Some((flag, after)) = escape::next(rest) {
            rest = after;
            match flag {
                'i' | 'm' | 's' | 'U' => flags.set(flag),
                '-' if !flags.clears => flags.clears = true,
                ':' | ')' if flags.clears && flags.cleared.is_empty() => break,
                ':' => {
                    self.open(&flags.said(':'), after);
                    return Ok(());
                }
                ')' => {
                    self.out.push_str(&flags.said(')'));
                    self.rest = after;
                    self.operand = None;
                    return Ok(());
                }
                _ => break,
            }
        }
        Err(Fault::new(BAD_FLAGS, escape::before(at, rest)))
    }
}

/// Flags that are set and cleared.
#[derive(Debug, Default)]
struct Flags {
    set: String,
    cleared: String,
    clears: bool,
}

impl Flags {
    /// The last word on a flag is in force.
    fn set(&mut self, flag: char) {
        self.set.retain(|other| other != flag);
        self.cleared.retain(|other| other != flag);
        if self.clears { self.cleared.push(flag) } else { self.set.push(flag) }
    }

    /// With the sign behind them; nothing when there is nothing to say.
    fn said(&self, end: char) -> String {
        let dash = if self.cleared.is_empty() { "" } else { "-" };
        match (end, self.set.is_empty() && self.cleared.is_empty()) {
            (')', true) => String::new(),
            _ => format!("(?{}{dash}{}{end}", self.set, self.cleared),
        }
    }
}

/// The counts of the repetition that begins with `first`: the least, the most, and what stands behind it;
/// none when it is no repetition.
fn counts(first: char, behind: &str) -> Option<(u32, Option<u32>, &str)> {
    match first {
        '*' => Some((0, None, behind)),
        '+' => Some((1, None, behind)),
        '?' => Some((0, Some(1), behind)),
        '{' => {
            let (least, rest) = count(behind)?;
            let (most, rest) = match rest.strip_prefix(',') {
                None => (Some(least), rest),
                Some(rest) if rest.starts_with('}') => (None, rest),
                Some(rest) => count(rest).map(|(most, rest)| (Some(most), rest))?,
            };
            rest.strip_prefix('}').map(|rest| (least, most, rest))
        }
        _ => None,
    }
}

/// Digits without a leading zero.
fn count(text: &str) -> Option<(u32, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    if number.is_empty() || number.len() > 1 && number.starts_with('0') {
        return None;
    }
    Some((number.parse().unwrap_or(COUNT_TOO_BIG), rest))
}
