//! `*strip:*prefix:4`, `*strip:*both:*char: :1`: less of a text at its ends.

use crate::model::go::number::atoi;

/// What is taken away, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strip {
    prefix: bool,
    suffix: bool,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// So many characters.
    Count(usize),
    /// This text, as often as it stands there, at most so often.
    Text(String, usize),
}

impl Strip {
    /// `SIDE:COUNT`, `SIDE:*char:TEXT`, `SIDE:*char:TEXT:TIMES`.
    ///
    /// Chosen: characters are counted, not bytes; a negative count takes nothing away; on both sides each
    /// is taken from as often as is said.
    pub fn parse(parameters: Option<&str>) -> Result<Self, String> {
        let form = "`*strip` is written `*strip:*prefix:4` or `*strip:*both:*char:0:1`";
        let (side, what) = parameters.and_then(|text| text.split_once(':')).ok_or(form)?;
        let count = |text: &str| {
            let count = atoi(text)
                .map_err(|error| format!("strip converter: invalid amount parameter ({error})"))?;
            Ok::<_, String>(usize::try_from(count).unwrap_or(0))
        };
        let (prefix, suffix) = match side {
            "*prefix" => (true, false),
            "*suffix" => (false, true),
            "*both" => (true, true),
            other => return Err(format!("`{other}` is no side: *prefix, *suffix, *both")),
        };
        let what = match what.strip_prefix("*char:") {
            None => What::Count(count(what)?),
            Some(text) => {
                let (text, times) = match text.rsplit_once(':') {
                    Some((text, times)) if !text.is_empty() => (text, count(times)?),
                    _ => (text, usize::MAX),
                };
                if text.is_empty() {
                    return Err(form.into());
                }
                What::Text(text.to_owned(), times)
            }
        };
        Ok(Self { prefix, suffix, what })
    }

    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        let text = if self.prefix { self.without_prefix(text) } else { text };
        if self.suffix { self.without_suffix(text) } else { text }
    }

    fn without_prefix<'t>(&self, mut text: &'t str) -> &'t str {
        match &self.what {
            What::Count(count) => {
                let mut chars = text.chars();
                (0..*count).find(|_| chars.next().is_none());
                chars.as_str()
            }
            What::Text(part, times) => {
                for _ in 0..*times {
                    match text.strip_prefix(part.as_str()) {
                        Some(rest) => text = rest,
                        None => break,
                    }
                }
                text
            }
        }
    }

    fn without_suffix<'t>(&self, mut text: &'t str) -> &'t str {
        match &self.what {
            What::Count(count) => {
                let mut chars = text.chars();
                (0..*count).find(|_| chars.next_back().is_none());
                chars.as_str()
            }
            What::Text(part, times) => {
                for _ in 0..*times {
                    match text.strip_suffix(part.as_str()) {
                        Some(rest) => text = rest,
                        None => break,
                    }
                }
                text
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_stripped_at_its_ends() {
        let rows = [
            ("*prefix:2", "acme", "me"),
            ("*prefix:9", "acme", ""),
            ("*suffix:1", "aé", "a"),
            ("*both:1", "acme", "cm"),
            ("*suffix:-17", "acme-17", "acme-17"),
            ("*prefix:*char:2", "acme-17", "acme-17"),
            ("*prefix:*char:0", "000120", "120"),
            ("*suffix:*char:ab", "xababa", "xababa"),
            ("*suffix:*char:ab", "xabab", "x"),
            ("*both:*char: :1", "  x ", " x"),
            ("*prefix:*char::", "::a", "a"),
            ("*prefix:*char:::1", "::a", ":a"),
        ];
        for (parameters, text, stripped) in rows {
            let strip = Strip::parse(Some(parameters)).unwrap();
            assert_eq!(strip.of(text), stripped, "{parameters} of {text:?}");
        }
    }

    #[test]
    fn what_cannot_be_stripped_so_is_refused() {
        for parameters in [None, Some(""), Some("*prefix"), Some("*left:1"), Some("*both:*char:")] {
            assert!(Strip::parse(parameters).is_err(), "{parameters:?}");
        }
        assert!(Strip::parse(Some("*prefix:*char:a:x")).is_err(), "a count that is none");
    }
}
