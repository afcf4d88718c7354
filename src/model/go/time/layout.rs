//! Times read by a layout, with what Go says when a text does not follow it.

use super::super::quote::quoted_bytewise;
use super::zone::{local_ns, utc_ns};
use super::{Time, Zone};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// What can stand in a layout; anything else is itself.
const ELEMENTS: [(&str, Element); 12] = [
    ("2006", Element::Year),
    ("01", Element::Month),
    ("02", Element::Day),
    ("15", Element::Hour),
    ("04", Element::Minute),
    ("05", Element::Second),
    (".999999999", Element::Fraction),
    (".999", Element::Fraction),
    (".000", Element::Milliseconds),
    ("Z07:00", Element::ZoneIso),
    ("-0700", Element::ZoneDigits),
    ("MST", Element::ZoneName),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Fraction,
    Milliseconds,
    ZoneIso,
    ZoneDigits,
    ZoneName,
}

/// Why a text does not follow its layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Fault<'a> {
    layout: &'static str,
    text: &'a str,
    what: What<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What<'a> {
    /// This element was expected and that stands there.
    Unlike(&'static str, &'a str),
    OutOfRange(&'static str),
    Extra(&'a str),
}

impl Fault<'_> {
    /// In Go's words.
    pub(in super::super) fn words(&self) -> String {
        let text = quoted_bytewise(self.text);
        match self.what {
            What::OutOfRange(what) => format!("parsing time {text}: {what} out of range"),
            What::Extra(rest) => {
                format!("parsing time {text}: extra text: {}", quoted_bytewise(rest))
            }
            What::Unlike(element, rest) => format!(
                "parsing time {text} as {}: cannot parse {} as {}",
                quoted_bytewise(self.layout),
                quoted_bytewise(rest),
                quoted_bytewise(element)
            ),
        }
    }
}

/// Reads `text` by `layout`; without a zone in it, it is what the clock of `local` shows.
pub(super) fn read<'a>(
    layout: &'static str,
    text: &'a str,
    local: &TimeZone,
) -> Result<Time, Fault<'a>> {
    let fault = |what| Fault { layout, text, what };
    let mut seen = Seen::default();
    let mut pattern = layout;
    let mut rest = text;
    while !pattern.is_empty() {
        let found = ELEMENTS.iter().find(|(name, _)| pattern.starts_with(name));
        let Some((name, element)) = found else {
            let (literal, tail) = pattern.split_at(1);
            let Some(left) = rest.strip_prefix(literal) else {
                return Err(fault(What::Unlike(literal, rest)));
            };
            (pattern, rest) = (tail, left);
            continue;
        };
        pattern = pattern.strip_prefix(name).unwrap_or_default();
        let fraction_follows = pattern.starts_with('.');
        rest = match seen.take(*element, rest, fraction_follows) {
            Ok(rest) => rest,
            Err(Some(what)) => return Err(fault(What::OutOfRange(what))),
            Err(None) => return Err(fault(What::Unlike(name, rest))),
        };
    }
    if !rest.is_empty() {
        return Err(fault(What::Extra(rest)));
    }
    let clock = seen.clock().ok_or_else(|| fault(What::OutOfRange("day")))?;
    Ok(match seen.offset_s {
        _ if seen.is_utc => Time { ns: utc_ns(clock), zone: Zone::Utc },
        Some(offset_s) => {
            let ns = utc_ns(clock) - i128::from(offset_s) * 1_000_000_000;
            Time { ns, zone: Zone::stated(offset_s, seen.zone_name, ns, local) }
        }
        None => {
            let ns = local_ns(clock, local);
            Time { ns, zone: Zone::local_at(ns, local) }
        }
    })
}

/// What was read so far.
#[derive(Default)]
struct Seen<'a> {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    nanosecond: u32,
    is_utc: bool,
    offset_s: Option<i32>,
    zone_name: &'a str,
}

impl<'a> Seen<'a> {
    /// Takes `element` off the head of `text`. The error names what is out of range; none if something else
    /// stands there.
    fn take(
        &mut self,
        element: Element,
        text: &'a str,
        fraction_follows: bool,
    ) -> Result<&'a str, Option<&'static str>> {
        let ranged = |(value, rest), within: bool, what| {
            if within { Ok((value, rest)) } else { Err(Some(what)) }
        };
        let rest;
        match element {
            Element::Year => (self.year, rest) = digits(text, 4).ok_or(None)?,
            Element::Month => {
                let read = digits(text, 2).ok_or(None)?;
                (self.month, rest) = ranged(read, (1..=12).contains(&read.0), "month")?;
            }
            Element::Day => (self.day, rest) = digits(text, 2).ok_or(None)?,
            Element::Hour => {
                let read = digits(text, 2).or_else(|| digits(text, 1)).ok_or(None)?;
                (self.hour, rest) = ranged(read, read.0 < 24, "hour")?;
            }
            Element::Minute => {
                let read = digits(text, 2).ok_or(None)?;
                (self.minute, rest) = ranged(read, read.0 < 60, "minute")?;
            }
            Element::Second => {
                let read = digits(text, 2).ok_or(None)?;
                let (second, tail) = ranged(read, read.0 < 60, "second")?;
                self.second = second;
                // A fraction may follow, even where the layout has none.
                rest = if fraction_follows { tail } else { self.fraction(tail) };
            }
            Element::Fraction => rest = self.fraction(text),
            Element::Milliseconds => {
                let (value, tail) =
                    text.strip_prefix(['.', ',']).and_then(|text| digits(text, 3)).ok_or(None)?;
                self.nanosecond = value * 1_000_000;
                rest = tail;
            }
            Element::ZoneIso => match text.strip_prefix('Z') {
                Some(tail) => {
                    self.is_utc = true;
                    rest = tail;
                }
                None => rest = self.offset(text, ":")?,
            },
            Element::ZoneDigits => rest = self.offset(text, "")?,
            Element::ZoneName => match text.strip_prefix("UTC") {
                Some(tail) => {
                    self.is_utc = true;
                    rest = tail;
                }
                None => {
                    let len = zone_name_len(text).ok_or(None)?;
                    (self.zone_name, rest) = text.split_at_checked(len).ok_or(None)?;
                }
            },
        }
        Ok(rest)
    }

    /// A dot or comma and digits, of which nine count; may be absent.
    fn fraction(&mut self, text: &'a str) -> &'a str {
        let Some(tail) = text.strip_prefix(['.', ',']) else { return text };
        let len = tail.bytes().take_while(u8::is_ascii_digit).count();
        let (fraction, rest) = tail.split_at_checked(len).unwrap_or_default();
        if fraction.is_empty() {
            return text;
        }
        let nine = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
        self.nanosecond = nine.fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0'));
        rest
    }

    /// A sign, hours and minutes.
    fn offset(&mut self, text: &'a str, between: &str) -> Result<&'a str, Option<&'static str>> {
        let (hours, tail) = text.get(1..).and_then(|text| digits(text, 2)).ok_or(None)?;
        let tail = tail.strip_prefix(between).ok_or(None)?;
        let (minutes, rest) = digits(tail, 2).ok_or(None)?;
        // A whole day and a whole hour pass: some write them.
        if hours > 24 {
            return Err(Some("time zone offset hour"));
        }
        if minutes > 60 {
            return Err(Some("time zone offset minute"));
        }
        // The sign is looked at last, as Go does.
        let sign = match text.bytes().next() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Err(None),
        };
        self.offset_s = i32::try_from(hours * 3600 + minutes * 60).ok().map(|s| s * sign);
        Ok(rest)
    }

    /// What the clock shows; none if the month has no such day.
    fn clock(&self) -> Option<DateTime> {
        let small = |value: u32| i8::try_from(value).ok();
        let year = i16::try_from(self.year).ok()?;
        let date = Date::new(year, small(self.month)?, small(self.day)?).ok()?;
        let (hour, minute, second) = (small(self.hour)?, small(self.minute)?, small(self.second)?);
        Some(date.at(hour, minute, second, i32::try_from(self.nanosecond).ok()?))
    }
}

/// Exactly `count` digits off the head of `text`.
fn digits(text: &str, count: usize) -> Option<(u32, &str)> {
    let (head, rest) = text.split_at_checked(count)?;
    let is_number = head.bytes().all(|byte| byte.is_ascii_digit());
    Some((head.parse().ok().filter(|_| is_number)?, rest))
}

/// How long the name of a zone is at the head of `text`: three capitals; four or five with a T at the end;
/// a few names of their own.
fn zone_name_len(text: &str) -> Option<usize> {
    if text.starts_with("ChST") || text.starts_with("MeST") {
        return Some(4);
    }
    if text.starts_with("GMT") {
        return Some(3);
    }
    let capitals = text.bytes().take(6).take_while(u8::is_ascii_uppercase).count();
    let name = text.get(..capitals)?;
    match capitals {
        3 => Some(3),
        4 if name.ends_with('T') || name == "WITA" => Some(4),
        5 if name.ends_with('T') => Some(5),
        _ => None,
    }
}
