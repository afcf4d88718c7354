//! Converters of RSR rules: `{*duration_seconds&*round:2}` (section 5.8).
//!
//! A name and its parameters are read once, when the rule is; a converter that cannot be used is refused
//! then. Each is given what the one before it made, with its type: `{*slice&*len}` counts members, `{*len}`
//! alone the bytes of a text. Of the converters that the specification only names, each does what its name
//! says; where that leaves a choice, the comment says which was made.
//!
//! `*random` is not here: the same question gets the same answer. `*libphonenumber` is not here either: it
//! needs a database of the world's numbers.

mod clock;
mod datum;
mod e164;
mod round;
mod sip;
mod strip;
mod text;

use crate::model::go::number::parse_float;
use crate::model::go::time;
use clock::Clock;
use datum::Datum;
use jiff::tz::TimeZone;
use round::Round;
use std::borrow::Cow;
use strip::Strip;

/// Octets that one of the gigawords of RADIUS stands for (RFC 2869 5.1): the counter of 32 bits went round.
const GIGAWORD: i64 = 1 << 32;

/// The moment and the zone that conversions of times know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    /// The zone of a time that states none.
    pub zone: &'a TimeZone,
    /// Nanoseconds since the Unix epoch.
    pub now_ns: i64,
}

/// One converter with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Converter {
    Duration,
    DurationMinutes,
    DurationNanoseconds,
    DurationSeconds,
    DurationText(Clock),
    Round(Round),
    /// `*multiply` and `*divide`.
    Multiply(f64),
    Divide(f64),
    Json,
    Len,
    Slice,
    Float,
    UnixTime,
    /// In the zone given, else in the one that the time states.
    TimeText(Option<TimeZone>),
    Strip(Strip),
    SipHost,
    SipUser,
    SipMethod,
    IpHex,
    TextHex,
    E164,
    E164Domain,
    UrlEncode,
    UrlDecode,
    Gigawords,
    ConnStatus,
}

impl Converter {
    /// Reads the chain between the braces.
    pub fn parse_chain(text: &str) -> Result<Vec<Self>, String> {
        text.split('&')
            .map(|one| {
                Self::parse(one).map_err(|error| {
                    format!("invalid converter value in string: <{one}>, err: {error}")
                })
            })
            .collect()
    }

    fn parse(text: &str) -> Result<Self, String> {
        let (name, parameters) = match text.split_once(':') {
            Some((name, parameters)) => (name, Some(parameters)),
            None => (text, None),
        };
        let number = || {
            let text = parameters.ok_or_else(|| format!("`{name}` needs a number: `{name}:2`"))?;
            parse_float(text)
        };
        match name {
            "*durfmt" => return Clock::parse(parameters).map(Self::DurationText),
            "*round" => return Round::parse(parameters).map(Self::Round),
            "*multiply" => return number().map(Self::Multiply),
            "*divide" => return number().map(Self::Divide),
            "*timestring" => return zone(parameters).map(Self::TimeText),
            "*strip" => return Strip::parse(parameters).map(Self::Strip),
            "*random" => {
                return Err("`*random` is not to be had: the same question gets the same answer \
                            here, from every node"
                    .into());
            }
            "*libphonenumber" => {
                return Err("`*libphonenumber` is not to be had: it needs a database of the \
                            world's numbers"
                    .into());
            }
            _ => {}
        }
        Self::plain(name)
            .filter(|_| parameters.is_none())
            .ok_or_else(|| format!("unsupported converter definition: <{text}>"))
    }

    /// The converters without parameters.
    fn plain(name: &str) -> Option<Self> {
        Some(match name {
            "*duration" => Self::Duration,
            "*duration_minutes" => Self::DurationMinutes,
            "*duration_nanoseconds" => Self::DurationNanoseconds,
            "*duration_seconds" => Self::DurationSeconds,
            "*json" => Self::Json,
            "*len" => Self::Len,
            "*slice" => Self::Slice,
            "*float64" => Self::Float,
            "*unixtime" => Self::UnixTime,
            "*sipuri_host" => Self::SipHost,
            "*sipuri_user" => Self::SipUser,
            "*sipuri_method" => Self::SipMethod,
            "*ip2hex" => Self::IpHex,
            "*string2hex" => Self::TextHex,
            "*e164" => Self::E164,
            "*e164Domain" => Self::E164Domain,
            "*urlencode" => Self::UrlEncode,
            "*urldecode" => Self::UrlDecode,
            "*gigawords" => Self::Gigawords,
            "*conn_status" => Self::ConnStatus,
            _ => return None,
        })
    }

    /// What `datum` becomes.
    fn apply<'v>(&self, datum: Datum<'v>, context: Context<'_>) -> Result<Datum<'v>, String> {
        Ok(match self {
            Self::Duration => Datum::Duration(datum.duration_ns()?),
            Self::DurationMinutes => Datum::Float(datum.duration_ns()? as f64 / 60e9),
            Self::DurationNanoseconds => Datum::Int(datum.duration_ns()?),
            Self::DurationSeconds => Datum::Float(datum.duration_ns()? as f64 / 1e9),
            Self::DurationText(clock) => Datum::text(clock.show(datum.duration_ns()?)),
            Self::Round(round) => Datum::Float(round.of(datum.float()?)),
            Self::Multiply(by) => Datum::Float(datum.float()? * by),
            Self::Divide(by) => Datum::Float(datum.float()? / by),
            Self::Json => Datum::text(datum.into_json()),
            Self::Len => Datum::Int(datum.len()),
            Self::Slice => datum.into_list()?,
            Self::Float => Datum::Float(datum.float()?),
            Self::UnixTime => {
                let time = time::parse(&datum.into_text(), context.zone, context.now_ns)?;
                // Times of years up to 9999 have their seconds in 64 bits.
                Datum::Int(i64::try_from(time.ns.div_euclid(1_000_000_000)).unwrap_or(i64::MAX))
            }
            Self::TimeText(zone) => {
                let mut time = time::parse(&datum.into_text(), context.zone, context.now_ns)?;
                if let Some(zone) = zone {
                    time.zone = time::Zone::local_at(time.ns, zone);
                }
                let mut text = String::new();
                time::push_rfc3339(&time, &mut text);
                Datum::text(text)
            }
            Self::Strip(strip) => datum.narrowed(|text| strip.of(text)),
            Self::SipHost => datum.narrowed(sip::host),
            Self::SipUser => datum.narrowed(sip::user),
            Self::SipMethod => datum.narrowed(sip::method),
            Self::IpHex => Datum::text(text::ip_hex(&datum.into_text())?),
            Self::TextHex => Datum::text(text::hex(datum.into_text().as_bytes())),
            Self::E164 => Datum::text(e164::number(&datum.into_text())?),
            Self::E164Domain => Datum::text(e164::domain(&datum.into_text())?),
            Self::UrlEncode => Datum::text(text::url_encode(&datum.into_text())),
            Self::UrlDecode => Datum::text(text::url_decode(&datum.into_text())?),
            Self::Gigawords => {
                let words = datum.int()?;
                let octets = words.checked_mul(GIGAWORD);
                Datum::Int(octets.ok_or_else(|| format!("{words} gigawords are too many"))?)
            }
            Self::ConnStatus => Datum::Int(conn_status(&datum.into_text())?),
        })
    }
}

/// What `text` becomes by all of `chain`.
pub(super) fn convert<'v>(
    chain: &[Converter],
    text: Cow<'v, str>,
    context: Context<'_>,
) -> Result<Cow<'v, str>, String> {
    let mut datum = Datum::Text(text);
    for converter in chain {
        datum = converter.apply(datum, context)?;
    }
    Ok(datum.into_text())
}

/// The zone that `*timestring` is to show.
fn zone(parameters: Option<&str>) -> Result<Option<TimeZone>, String> {
    let wrong = |name: &str| format!("`{name}` is no IANA time zone, such as `Europe/Berlin`");
    parameters.map(|name| TimeZone::get(name).map_err(|_| wrong(name))).transpose()
}

/// How a connection stands, as a number to be compared.
///
/// Chosen: up is the greatest, down the least.
fn conn_status(text: &str) -> Result<i64, String> {
    match text {
        "UP" => Ok(1),
        "DUPLICATE" => Ok(0),
        "DOWN" => Ok(-1),
        _ => Err(format!("`{text}` is no status of a connection: UP, DOWN, DUPLICATE")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_NS: i64 = 1_741_342_272_000_000_000;

    fn converted(chain: &str, text: &str) -> Result<String, String> {
        let chain = Converter::parse_chain(chain)?;
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let context = Context { zone: &zone, now_ns: NOW_NS };
        convert(&chain, Cow::Borrowed(text), context).map(Cow::into_owned)
    }

    #[test]
    fn a_text_becomes_what_its_converters_make_of_it() {
        let rows = [
            ("*duration", "60000000000", "1m0s"),
            ("*duration", "", "0s"),
            ("*duration", "*unlimited", "-1"),
            ("*duration_seconds", "1m30s", "90"),
            ("*duration_seconds", "1500ms", "1.5"),
            ("*duration_minutes", "90s", "1.5"),
            ("*duration_nanoseconds", "150ms", "150000000"),
            ("*duration&*duration_seconds", "2m", "120"),
            ("*durfmt", "1h2m3s", "01:02:03"),
            ("*durfmt:15.04.05.000", "-27h1ms", "-27.00.00.001"),
            ("*duration_seconds&*round:0:*up", "1500ms", "2"),
            ("*round:1", "12.5", "12.5"),
            ("*round:0:*up", "12.5", "13"),
            ("*round:0:*down", "12.5", "12"),
            ("*round:0:*middle", "12.5", "13"),
            ("*round:2", "-1.005001", "-1.01"),
            ("*multiply:2", "12.5", "25"),
            ("*divide:5", "12.5", "2.5"),
            ("*multiply:1e21", "1", "1000000000000000000000"),
            ("*json", "say \"hi\"", r#""say \"hi\"""#),
            ("*float64&*json", "7.0", "7"),
            ("*len", "ünï-1", "7"),
            ("*len", "[1,2]", "5"),
            ("*slice&*len", r#"["a", 1.5, null, [2]]"#, "4"),
            ("*slice&*json", "[ 1 ]", "[1]"),
            ("*float64", "1e3", "1000"),
            ("*unixtime", "2025-03-07T10:11:12Z", "1741342272"),
            ("*unixtime", "2025-03-07 11:11:12", "1741342272"),
            ("*unixtime", "*now", "1741342272"),
            ("*timestring", "2025-03-07T12:11:12+02:00", "2025-03-07T12:11:12+02:00"),
            ("*timestring:America/New_York", "1741342272", "2025-03-07T05:11:12-05:00"),
            ("*gigawords", "3", "12884901888"),
            ("*conn_status", "DOWN", "-1"),
            ("*sipuri_user&*strip:*prefix:1", "sip:+4930@gw.example", "4930"),
        ];
        for (chain, text, becomes) in rows {
            assert_eq!(converted(chain, text).as_deref(), Ok(becomes), "{chain} of {text:?}");
        }
    }

    #[test]
    fn a_text_that_a_converter_cannot_read_is_an_error() {
        let rows = [
            ("*duration", "soon", "time: invalid duration \"soon\""),
            ("*multiply:2", "abc", "strconv.ParseFloat: parsing \"abc\": invalid syntax"),
            ("*float64", "", "strconv.ParseFloat: parsing \"\": invalid syntax"),
            ("*slice", "a", "`a` is no list"),
            ("*slice", "{}", "`{}` is no list"),
            ("*unixtime", "soon", "Unsupported time format"),
            ("*gigawords", "9999999999", "9999999999 gigawords are too many"),
            ("*conn_status", "up", "`up` is no status of a connection: UP, DOWN, DUPLICATE"),
        ];
        for (chain, text, error) in rows {
            assert_eq!(converted(chain, text), Err(error.into()), "{chain} of {text:?}");
        }
    }

    #[test]
    fn a_converter_that_cannot_be_used_is_refused() {
        let rows = [
            ("*nope", "unsupported converter definition: <*nope>"),
            ("*datetime:2006-01-02", "unsupported converter definition: <*datetime:2006-01-02>"),
            ("*", "unsupported converter definition: <*>"),
            ("*len:2", "unsupported converter definition: <*len:2>"),
            ("*multiply", "`*multiply` needs a number: `*multiply:2`"),
            ("*divide:x", "strconv.ParseFloat: parsing \"x\": invalid syntax"),
            ("*timestring:Mars", "`Mars` is no IANA time zone, such as `Europe/Berlin`"),
            (
                "*strip:*prefix:acme",
                "strip converter: invalid amount parameter (strconv.Atoi: parsing \"acme\": invalid syntax)",
            ),
        ];
        for (chain, error) in rows {
            let error = format!("invalid converter value in string: <{chain}>, err: {error}");
            assert_eq!(converted(chain, ""), Err(error), "{chain}");
        }
        for name in ["*random", "*random:1:6", "*libphonenumber", "*len&*random"] {
            let refused = converted(name, "").unwrap_err();
            assert!(refused.contains("is not to be had"), "{refused}");
        }
    }
}
