//! What names and strings say, and what kind of value one is.

use std::borrow::Cow;

/// A member's name as it stands, escapes and all.
#[derive(Debug, Clone, Copy)]
pub struct Name<'a>(pub(super) &'a str);

impl<'a> Name<'a> {
    /// The name itself.
    #[must_use]
    pub fn text(self) -> Cow<'a, str> {
        unescaped(self.0)
    }

    /// Whether it is `wanted`, without regard to case. The long s and the Kelvin sign are letters of ASCII
    /// here, since Unicode folds them so.
    #[must_use]
    pub fn is(self, wanted: &str) -> bool {
        if self.0.eq_ignore_ascii_case(wanted) {
            return true;
        }
        if self.0.is_ascii() && !self.0.contains('\\') {
            return false;
        }
        let fold = |c: char| match c {
            '\u{17f}' => 's',
            '\u{212a}' => 'k',
            other => other.to_ascii_lowercase(),
        };
        self.text().chars().map(fold).eq(wanted.chars().map(fold))
    }

    /// Which one of `names` it is, without regard to case.
    #[must_use]
    pub fn among(self, names: &[&'static str]) -> Option<&'static str> {
        names.iter().copied().find(|name| self.is(name))
    }
}

/// The content of a JSON string, `None` where `raw` is another value. A lone surrogate reads as U+FFFD.
#[must_use]
pub fn string(raw: &str) -> Option<Cow<'_, str>> {
    raw.strip_prefix('"')?.strip_suffix('"').map(unescaped)
}

/// What a value is, for errors.
#[must_use]
pub fn kind(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'"') => "a string",
        Some(b'n') => "null",
        Some(b't' | b'f') => "a boolean",
        Some(b'[') => "a list",
        Some(b'{') => "an object",
        _ => "a number",
    }
}

/// Resolves the escapes in what stands between the quotes.
fn unescaped(inner: &str) -> Cow<'_, str> {
    let Some(clean) = inner.find('\\') else { return Cow::Borrowed(inner) };
    let mut text = String::with_capacity(inner.len());
    let (head, mut rest) = inner.split_at(clean);
    text.push_str(head);
    while let Some(escape) = rest.strip_prefix('\\') {
        let mut chars = escape.chars();
        text.push(match chars.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let (unit, behind) = code_unit(chars.as_str());
                let (read, behind) = paired(unit, behind);
                chars = behind.chars();
                read
            }
            Some(other) => other,
            None => char::REPLACEMENT_CHARACTER,
        });
        let behind = chars.as_str();
        let (plain, next) = behind.split_at(behind.find('\\').unwrap_or(behind.len()));
        text.push_str(plain);
        rest = next;
    }
    Cow::Owned(text)
}

/// Four hexadecimal digits, and what stands behind them.
fn code_unit(text: &str) -> (u16, &str) {
    let digits = text.get(..4).unwrap_or_default();
    (u16::from_str_radix(digits, 16).unwrap_or(0xfffd), text.get(4..).unwrap_or_default())
}

/// The character that begins with `unit`, and what stands behind it.
fn paired(unit: u16, behind: &str) -> (char, &str) {
    if let Some(low) = behind.strip_prefix("\\u") {
        let (low, after) = code_unit(low);
        if let Some(Ok(pair)) = char::decode_utf16([unit, low]).next()
            && pair.len_utf16() == 2
        {
            return (pair, after);
        }
    }
    (char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER), behind)
}
