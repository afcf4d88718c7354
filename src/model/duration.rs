//! Durations in Go style: `60s`, `1m30s`, `250ms`.

/// Reads a Go-style duration; the answer is in nanoseconds.
///
/// # Errors
/// Says what is wrong: no unit, an unknown unit, more than about 292 years.
pub fn parse_ns(text: &str) -> Result<i64, String> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err("a duration is a number with its unit, such as `4s` or `1m30s`".into());
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let number_len = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at(number_len);
        let unit_len = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_len);
        let unit_ns: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "" => return Err(format!("`{number}` has no unit: write `{number}s` or `{number}ms`")),
            other => return Err(format!("`{other}` is no unit: use ns, us, ms, s, m or h")),
        };
        total = total.checked_add(scaled(number, unit_ns)?).ok_or("the duration is too long")?;
        rest = tail;
    }
    let total = if negative { -total } else { total };
    i64::try_from(total).map_err(|_| "the duration is too long".into())
}

/// `number` (digits with at most one dot) times `unit_ns`, cut to whole nanoseconds.
fn scaled(number: &str, unit_ns: i128) -> Result<i128, String> {
    let wrong = || format!("`{number}` is no number");
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || whole.len() + fraction.len() > 30 {
        return Err(wrong());
    }
    let parse = |digits: &str| if digits.is_empty() { Ok(0) } else { digits.parse::<i128>() };
    let whole = parse(whole).map_err(|_| wrong())?;
    let fraction_ns = fraction.get(..fraction.len().min(15)).unwrap_or_default();
    let scale = 10_i128.pow(u32::try_from(fraction_ns.len()).map_err(|_| wrong())?);
    let part = parse(fraction_ns).map_err(|_| wrong())? * unit_ns / scale;
    whole.checked_mul(unit_ns).and_then(|ns| ns.checked_add(part)).ok_or_else(wrong)
}

/// Reads a Go-style duration of 0 or more; the answer is in whole milliseconds.
///
/// # Errors
/// As [`parse_ns`]; a negative duration, one of over 49 days, and one finer than a millisecond are
/// refused as well.
pub fn parse_ms(text: &str) -> Result<u32, String> {
    let ns = parse_ns(text)?;
    if ns < 0 {
        return Err("a duration is not negative here".into());
    }
    if ns % 1_000_000 != 0 {
        return Err("whole milliseconds are the finest here".into());
    }
    u32::try_from(ns / 1_000_000).map_err(|_| "the duration is too long: 49 days at most".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_writes_them() {
        for (text, want) in [
            ("60s", Ok(60_000_000_000)),
            ("1m30s", Ok(90_000_000_000)),
            ("1.5s", Ok(1_500_000_000)),
            (".5s", Ok(500_000_000)),
            ("250ms", Ok(250_000_000)),
            ("1h0m0.5s", Ok(3_600_500_000_000)),
            ("-1ns", Ok(-1)),
            ("0", Ok(0)),
            ("4", Err("no unit")),
            ("4x", Err("is no unit")),
            ("", Err("number with its unit")),
            ("s", Err("is no number")),
            ("1.2.3s", Err("is no number")),
            ("9999999999h", Err("too long")),
        ] {
            match (parse_ns(text), want) {
                (Err(got), Err(want)) => assert!(got.contains(want), "{text}: {got}"),
                (got, want) => assert_eq!(got, want.map_err(str::to_owned), "{text}"),
            }
        }
        assert_eq!(parse_ms("1m30s"), Ok(90_000));
        assert!(parse_ms("-1s").is_err());
        assert!(parse_ms("1us").is_err());
    }
}
