//! How a number arrives, and the form in which a supplier wants it.
//!
//! A number is normalised once, at the edge of a native front, and written once for each route,
//! always from the normalised form: a second attempt never inherits the form of the first one.
//! A wrong form here dials another country, so every rule is a row of the tests below.

use super::digits::Digits;

/// `[numbers]`: how numbers that arrive on native fronts become E.164.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberPlan {
    /// Country calling code of national numbers; without it, a number that has neither a plus nor an
    /// international prefix is taken as E.164 digits.
    pub country: Option<Digits>,
    /// What stands before a number in international form: `+`, `00`, …
    pub international: Vec<String>,
    /// What stands before a number in national form: `0` (trunk prefix); may be empty.
    pub national: String,
    /// A number of so many digits or fewer, without a plus or an international prefix, is short
    /// (112, 110, service numbers) and stays itself.
    pub keep_short: usize,
}

impl Default for NumberPlan {
    fn default() -> Self {
        Self {
            country: None,
            international: vec!["+".into(), "00".into()],
            national: "0".into(),
            keep_short: 6,
        }
    }
}

/// A number as it was normalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// E.164: country calling code and the rest, without a plus.
    E164(Digits),
    /// A short number, valid where it was dialled alone.
    Short(Digits),
}

/// The part of a `Destination` that is the number: of `sip:`, `sips:` and `tel:` URIs the user
/// part without its parameters, of anything else all of it.
#[must_use]
pub fn number_part(raw: &str) -> &str {
    if raw.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+') {
        return raw;
    }
    let text = raw.trim_matches([' ', '\t']);
    let text =
        text.strip_prefix('<').map_or(text, |inner| inner.split('>').next().unwrap_or(inner));
    let has_scheme = |scheme: &str| {
        text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    };
    let user = if has_scheme("sip:") || has_scheme("sips:") {
        let rest = text.split_once(':').map_or("", |(_, rest)| rest);
        // Without an `@` there is no user part (RFC 3261 19.1.1), hence no number.
        rest.split_once('@').map_or("", |(user, _)| user)
    } else if has_scheme("tel:") {
        text.get(4..).unwrap_or_default()
    } else {
        text
    };
    // `;phone-context=…` and `;npdi` (RFC 3966), `:password` (RFC 3261 19.1.1).
    user.split([';', ':']).next().unwrap_or_default()
}

/// The digits that stand before a local number of a `tel:` URI (RFC 3966 5.1.5):
/// `tel:7042;phone-context=+1-914-555`.
fn phone_context(raw: &str) -> Option<Digits> {
    let raw = raw.get(..4).filter(|head| head.eq_ignore_ascii_case("tel:")).and(Some(raw))?;
    let mut parameters = raw.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let (_, context) = parameters.find(|(name, _)| name.eq_ignore_ascii_case("phone-context"))?;
    let digits: String = context
        .strip_prefix('+')?
        .chars()
        .filter(|c| !matches!(c, '-' | '.' | '(' | ')'))
        .collect();
    Digits::parse(&digits)
}

impl Number {
    /// Its digits, without a plus.
    #[must_use]
    pub fn digits(&self) -> &str {
        match self {
            Self::E164(digits) | Self::Short(digits) => digits.as_str(),
        }
    }
}

impl NumberPlan {
    /// Normalises a `Destination` or a caller: digits, `+E.164`, `tel:` or `sip:` URI.
    ///
    /// Visual separators of RFC 3966 (`-`, `.`, `(`, `)`) are left out. `None`: it is no number of
    /// 1 to 32 digits.
    #[must_use]
    pub fn normalise(&self, raw: &str) -> Option<Number> {
        const SEPARATORS: &[u8] = b"-.()";
        let part = number_part(raw);
        let mut buffer = [0_u8; 80];
        let text = if part.bytes().any(|byte| SEPARATORS.contains(&byte)) {
            let mut len = 0;
            for byte in part.bytes().filter(|byte| !SEPARATORS.contains(byte)) {
                *buffer.get_mut(len)? = byte;
                len += 1;
            }
            std::str::from_utf8(buffer.get(..len)?).ok()?
        } else {
            part
        };

        // Short before international: 000 is a number of its own, and no `00` before a 0.
        if let Some(short) = Digits::parse(text).filter(|short| short.count() <= self.keep_short) {
            return Some(Number::Short(short));
        }
        if !text.starts_with('+')
            && let Some(context) = phone_context(raw)
        {
            return context.join(text).map(Number::E164);
        }
        let international = self
            .international
            .iter()
            .filter(|prefix| !prefix.is_empty())
            .filter_map(|prefix| text.strip_prefix(prefix.as_str()))
            .min_by_key(|rest| rest.len());
        if let Some(rest) = international {
            return Digits::parse(rest).map(Number::E164);
        }
        let digits = Digits::parse(text)?;
        let Some(country) = self.country else { return Some(Number::E164(digits)) };
        let significant = text.strip_prefix(self.national.as_str()).unwrap_or(text);
        country.join(significant).map(Number::E164)
    }
}

/// A supplier's `send` or `caller`: literals and placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberForm {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    E164,
    Digits,
    National,
    Raw,
}

impl Default for NumberForm {
    fn default() -> Self {
        Self { parts: vec![Part::E164] }
    }
}

impl NumberForm {
    /// Reads `{e164}`, `{digits}`, `{national}`, `{raw}` and literals.
    ///
    /// # Errors
    /// Says which placeholder or character is wrong: a literal may hold what a SIP user part may
    /// hold unescaped (RFC 3261 25.1), and there must be exactly one placeholder.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (literal, tail) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
            if !literal.is_empty() {
                if let Some(bad) = literal.chars().find(|c| !is_user_character(*c)) {
                    return Err(format!("{bad:?} cannot stand in the user part of a SIP URI"));
                }
                parts.push(Part::Literal(literal.to_owned()));
            }
            let Some(tail) = tail.strip_prefix('{') else { break };
            let (name, tail) = tail.split_once('}').ok_or("a `{` without its `}`")?;
            parts.push(match name {
                "e164" => Part::E164,
                "digits" => Part::Digits,
                "national" => Part::National,
                "raw" => Part::Raw,
                other => {
                    return Err(format!(
                        "`{{{other}}}` is none of {{e164}}, {{digits}}, {{national}}, {{raw}}"
                    ));
                }
            });
            rest = tail;
        }
        match parts.iter().filter(|part| !matches!(part, Part::Literal(_))).count() {
            1 => Ok(Self { parts }),
            0 => Err("no number in it: use {e164}, {digits}, {national} or {raw}".into()),
            _ => Err("more than one number in it".into()),
        }
    }

    /// Whether it is `{e164}`, without literals.
    #[must_use]
    pub fn is_e164(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::E164])
    }

    /// Appends the number in this form to `out`.
    ///
    /// `raw` is the number as it arrived, `home` the country calling code for `{national}`. A short
    /// number stays itself, without the form's literals. `{national}` of a number abroad is its
    /// `{e164}`. Without a number (`None`) nothing can be rewritten: `raw` passes as it came.
    pub fn write(&self, number: Option<&Number>, raw: &str, plan: &NumberPlan, out: &mut String) {
        let digits = match number {
            Some(Number::E164(digits)) => digits,
            Some(Number::Short(digits)) => return out.push_str(digits.as_str()),
            None => return write_user(number_part(raw), out),
        };
        for part in &self.parts {
            match part {
                Part::Literal(text) => out.push_str(text),
                Part::Digits => out.push_str(digits.as_str()),
                Part::Raw => write_user(number_part(raw), out),
                Part::E164 => write_e164(digits, out),
                Part::National => match plan.country.filter(|home| digits.starts_with(home)) {
                    Some(home) if digits.count() > home.count() => {
                        out.push_str(&plan.national);
                        out.push_str(digits.as_str().get(home.count()..).unwrap_or_default());
                    }
                    _ => write_e164(digits, out),
                },
            }
        }
    }
}

fn write_e164(digits: &Digits, out: &mut String) {
    out.push('+');
    out.push_str(digits.as_str());
}

/// Characters of a SIP user part that need no escape (RFC 3261 25.1: unreserved, user-unreserved),
/// without the comma, which separates URIs in text answers; and `#`, which carriers use as a postfix.
fn is_user_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.!~*'()&=+$/#".contains(c)
}

/// Appends `text` as a SIP user part: what may not stand there is escaped, so that nothing that
/// arrived can break a URI or a header line.
fn write_user(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if is_user_character(char::from(byte)) {
            out.push(char::from(byte));
        } else {
            let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
            out.push('%');
            out.extend(
                [digit(byte >> 4), digit(byte & 15)].map(|digit| digit.to_ascii_uppercase()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn germany() -> NumberPlan {
        NumberPlan { country: Digits::parse("49"), ..NumberPlan::default() }
    }

    #[test]
    fn numbers_are_normalised_by_the_plan() {
        let long = "1".repeat(32);
        let none = NumberPlan::default();
        let us = NumberPlan {
            country: Digits::parse("1"),
            international: vec!["+".into(), "011".into()],
            national: "1".into(),
            keep_short: 3,
        };
        let e164 = |text: &str| Digits::parse(text).map(Number::E164);
        let short = |text: &str| Digits::parse(text).map(Number::Short);
        for (plan, raw, want) in [
            (&none, "+4930123456", e164("4930123456")),
            (&none, "004930123456", e164("4930123456")),
            (&none, "4930123456", e164("4930123456")),
            (&none, "030123456", e164("030123456")),
            (&none, "112", short("112")),
            (&none, "+112", e164("112")),
            (&none, "tel:+49-30-123456", e164("4930123456")),
            (&none, "tel:+49(30)123.456;npdi", e164("4930123456")),
            (&none, "TEL:112;phone-context=+49", short("112")),
            (&none, "sip:+4930123456@example.org;user=phone", e164("4930123456")),
            (&none, "sips:4930123456;npdi:secret@example.org", e164("4930123456")),
            (&none, "<sip:+4930123456@example.org>;tag=1", e164("4930123456")),
            (&none, "sip:example.org", None),
            (&none, "sip:alice@example.org", None),
            (&none, "+", None),
            (&none, "", None),
            (&none, "+4930x", None),
            (&none, "%2B4930123456", None),
            (&none, "+٤٩٣٠", None),
            (&none, long.as_str(), e164(long.as_str())),
            (&none, &format!("+{long}1"), None),
            (&germany(), "030123456", e164("4930123456")),
            (&germany(), "0043123456", e164("43123456")),
            (&germany(), "30123456", e164("4930123456")),
            (&germany(), "112", short("112")),
            (&germany(), "110110", short("110110")),
            (&us, "2125551234", e164("12125551234")),
            (&us, "12125551234", e164("12125551234")),
            (&us, "011442071234567", e164("442071234567")),
            (&us, "911", short("911")),
            (&none, "000", short("000")),
            (&germany(), "tel:20-7946-0018;phone-context=+44", e164("442079460018")),
            (&germany(), "tel:+4420;phone-context=+1", e164("4420")),
            (&germany(), "tel:7042777;phone-context=example.org", e164("497042777")),
        ] {
            assert_eq!(plan.normalise(raw), want, "{raw} with country {:?}", plan.country);
        }
    }

    #[test]
    fn each_form_is_written_from_the_normalised_number() {
        for (form, raw, want) in [
            ("{e164}", "030123456", "+4930123456"),
            ("{digits}", "030123456", "4930123456"),
            ("00{digits}", "+4930123456", "004930123456"),
            ("011{digits}", "+442071234567", "011442071234567"),
            ("{national}", "+4930123456", "030123456"),
            ("{national}", "+442071234567", "+442071234567"),
            ("9{national}", "+4930123456", "9030123456"),
            ("{raw}", "030123456", "030123456"),
            ("{raw}", "sip:030123456@example.org", "030123456"),
            ("{digits}#", "+4930123456", "4930123456#"),
            ("#31#{e164}", "tel:+4930123456", "#31#+4930123456"),
            ("00{digits}", "112", "112"),
            ("{e164}", "112", "112"),
            ("{national}", "tel:112", "112"),
            ("00{digits}", "sip:alice@example.org", "alice"),
            ("{e164}", "a>b\r\nX: 1", "a%3Eb%0D%0AX"),
        ] {
            let plan = germany();
            let mut out = String::new();
            let number = plan.normalise(raw);
            NumberForm::parse(form).unwrap().write(number.as_ref(), raw, &plan, &mut out);
            assert_eq!(out, want, "{form} of {raw}");
        }
    }

    #[test]
    fn a_wrong_form_is_refused_with_its_reason() {
        for (form, reason) in [
            ("{e164", "without its"),
            ("{E164}", "is none of"),
            ("00", "no number in it"),
            ("{digits}{raw}", "more than one"),
            ("{digits}@host", "cannot stand"),
            ("{digits}\r\n", "cannot stand"),
        ] {
            let error = NumberForm::parse(form).unwrap_err();
            assert!(error.contains(reason), "{form}: {error}");
        }
    }
}
