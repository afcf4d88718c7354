//! `*durfmt:15:04:05`: a duration as a clock shows it.
//!
//! The layout is written as Go writes the reference time: `15` hours, `04` or `4` minutes, `05` or `5`
//! seconds, `.000` thousandths. Chosen: hours are all of the duration's, also more than 23.

use std::fmt::Write;

/// When no layout is given.
const USUAL: &str = "15:04:05";

/// What a layout is made of; the longer words stand before those that they begin with.
const WORDS: [(&str, Part); 5] = [
    ("15", Part::Hours),
    ("04", Part::Minutes(2)),
    ("05", Part::Seconds(2)),
    ("4", Part::Minutes(1)),
    ("5", Part::Seconds(1)),
];

/// A layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock(Vec<Part>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Hours,
    /// With at least so many digits.
    Minutes(usize),
    /// With at least so many digits.
    Seconds(usize),
    /// A dot and so many digits.
    Fraction(usize),
    Plain(char),
}

impl Clock {
    pub fn parse(layout: Option<&str>) -> Result<Self, String> {
        let layout = layout.unwrap_or(USUAL);
        let mut parts = Vec::new();
        let mut rest = layout;
        while let Some(first) = rest.chars().next() {
            let fraction = rest
                .strip_prefix('.')
                .map_or(0, |rest| rest.len() - rest.trim_start_matches('0').len());
            let word = WORDS.iter().find(|(word, _)| rest.starts_with(word));
            let (part, len) = match word {
                Some((word, part)) => (*part, word.len()),
                None if (1..=9).contains(&fraction) => (Part::Fraction(fraction), 1 + fraction),
                None if first.is_alphanumeric() => {
                    return Err(format!(
                        "`{layout}` is no layout of a duration: use 15, 04, 05 and .000 with signs between them"
                    ));
                }
                None => (Part::Plain(first), first.len_utf8()),
            };
            parts.push(part);
            rest = rest.get(len..).unwrap_or_default();
        }
        Ok(Self(parts))
    }

    pub fn show(&self, ns: i64) -> String {
        let size = ns.unsigned_abs();
        let seconds = size / 1_000_000_000;
        let mut out = String::new();
        if ns < 0 {
            out.push('-');
        }
        for part in &self.0 {
            // Writing to a string cannot fail.
            let _ = match *part {
                Part::Hours => write!(out, "{:02}", seconds / 3600),
                Part::Minutes(digits) => write!(out, "{:0digits$}", seconds / 60 % 60),
                Part::Seconds(digits) => write!(out, "{:0digits$}", seconds % 60),
                Part::Fraction(digits) => {
                    let nanoseconds = format!("{:09}", size % 1_000_000_000);
                    write!(out, ".{nanoseconds:.digits$}")
                }
                Part::Plain(plain) => write!(out, "{plain}"),
            };
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_that_is_none_is_refused() {
        for layout in ["hh:mm", "2006-01-02", "15:4:0"] {
            let refused = Clock::parse(Some(layout)).unwrap_err();
            assert!(refused.starts_with(&format!("`{layout}` is no layout")), "{refused}");
        }
    }
}
