//! Escapes of a pattern: one character, a class of ASCII characters, a class of Unicode.

use super::Fault;

pub const BAD_ESCAPE: &str = "invalid escape sequence";
pub const BAD_RANGE: &str = "invalid character class range";

/// What an escape stands for.
#[derive(Debug, PartialEq, Eq)]
pub enum Escape {
    /// The number of a character; it may be a surrogate, which no text has.
    Char(u32),
    /// A class, said in the syntax of the `regex` crate.
    Class(String),
}

/// The part of `whole` that stands before `rest`, its end.
pub fn before<'p>(whole: &'p str, rest: &str) -> &'p str {
    whole.get(..whole.len().saturating_sub(rest.len())).unwrap_or(whole)
}

/// Splits off the first character.
pub fn next(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    chars.next().map(|first| (first, chars.as_str()))
}

/// Reads the escape at the beginning of `text`, which is a backslash; gives what stands behind it too.
pub fn read(text: &str) -> Result<(Escape, &str), Fault> {
    let after = text.strip_prefix('\\').unwrap_or(text);
    match next(after) {
        Some(('p' | 'P', rest)) => unicode(text, rest).map(|(c, rest)| (Escape::Class(c), rest)),
        Some((letter @ ('d' | 'D' | 's' | 'S' | 'w' | 'W'), rest)) => {
            Ok((Escape::Class(ascii(letter).to_owned()), rest))
        }
        _ => single(text).map(|(code, rest)| (Escape::Char(code), rest)),
    }
}

/// The classes of ASCII characters.
fn ascii(letter: char) -> &'static str {
    match letter {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        's' => r"[\t\n\x0c\r ]",
        'S' => r"[^\t\n\x0c\r ]",
        'w' => "[0-9A-Za-z_]",
        _ => "[^0-9A-Za-z_]",
    }
}

/// `\pN`, `\p{Greek}`, `\P{^Greek}`; `after` is what stands behind the `p`.
fn unicode<'p>(text: &'p str, after: &'p str) -> Result<(String, &'p str), Fault> {
    let (name, rest) = match next(after) {
        Some(('{', inner)) => inner.split_once('}').ok_or_else(|| Fault::new(BAD_RANGE, text))?,
        Some((_, rest)) => (before(after, rest), rest),
        None => ("", after),
    };
    let mut negated = text.starts_with("\\P");
    let mut plain = name;
    if let Some(inner) = name.strip_prefix('^') {
        negated = !negated;
        plain = inner;
    }
    let class = format!("\\{}{{{plain}}}", if negated { 'P' } else { 'p' });
    let is_name = plain.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name || regex_syntax::Parser::new().parse(&class).is_err() {
        return Err(Fault::new(BAD_RANGE, before(text, rest)));
    }
    Ok((class, rest))
}

/// Reads an escape of one character.
pub fn single(text: &str) -> Result<(u32, &str), Fault> {
    let after = text.strip_prefix('\\').unwrap_or(text);
    let Some((letter, rest)) = next(after) else {
        return Err(Fault::new("trailing backslash at end of expression", ""));
    };
    let refused = |rest: &str| Fault::new(BAD_ESCAPE, before(text, rest));
    let code = match letter {
        // One digit would refer back to a group, which this syntax cannot do.
        '1'..='7' if !rest.starts_with(|c: char| c.is_digit(8)) => return Err(refused(rest)),
        '0'..='7' => {
            let digits =
                after.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
            let (octal, rest) = after.split_at_checked(digits).unwrap_or((after, ""));
            return u32::from_str_radix(octal, 8)
                .map(|code| (code, rest))
                .map_err(|_| refused(rest));
        }
        'x' => return hexadecimal(rest).map_err(refused),
        'a' => 7,
        'f' => 12,
        'n' => 10,
        'r' => 13,
        't' => 9,
        'v' => 11,
        letter if letter.is_ascii() && !letter.is_ascii_alphanumeric() => u32::from(letter),
        _ => return Err(refused(rest)),
    };
    Ok((code, rest))
}

/// `41` or `{10FFFF}`; when it is none, what stands behind the place where that shows.
fn hexadecimal(text: &str) -> Result<(u32, &str), &str> {
    let (first, mut rest) = next(text).ok_or(text)?;
    if first != '{' {
        let (second, rest) = next(rest).ok_or(rest)?;
        let digits = first.to_digit(16).zip(second.to_digit(16)).ok_or(rest)?;
        return Ok((digits.0 * 16 + digits.1, rest));
    }
    let mut code = None;
    loop {
        let (digit, behind) = next(rest).ok_or(rest)?;
        rest = behind;
        if digit == '}' {
            return code.map(|code| (code, rest)).ok_or(rest);
        }
        let value = digit.to_digit(16).ok_or(rest)? + code.unwrap_or(0) * 16;
        if value > u32::from(char::MAX) {
            return Err(rest);
        }
        code = Some(value);
    }
}
