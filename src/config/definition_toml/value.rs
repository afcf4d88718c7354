//! Values of TOML as people write them.

/// Characters of a list in one line.
const LIST_MAX: usize = 84;

/// A text.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A number as people write it: whole ones without a fraction.
pub(super) fn number(value: f64) -> String {
    // Beyond 2^53 whole numbers have gaps, and TOML's end at 2^63.
    if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
        format!("{value:.0}")
    } else if value.is_nan() {
        "nan".to_owned()
    } else {
        format!("{value:?}")
    }
}

/// `{ a = 1, b = 2 }`, without what is absent.
pub(super) fn inline(entries: &[(&str, Option<String>)]) -> String {
    let entries = entries.iter().filter_map(|(name, value)| {
        let value = value.as_ref()?;
        Some(format!("{name} = {value}"))
    });
    format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
}

/// A list of texts in one line.
pub(super) fn one_line_list(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("[{}]", values.join(", "))
}

/// A list of tables: one in the line, more below each other.
pub(super) fn tables(items: &[String]) -> String {
    match items {
        [] => "[]".to_owned(),
        [item] => format!("[{item}]"),
        _ => format!("[\n  {},\n]", items.join(",\n  ")),
    }
}

/// A list, in several lines when it is long.
pub(super) fn list(items: &[String], indent: &str) -> String {
    let line = format!("[{}]", items.join(", "));
    if line.chars().count() <= LIST_MAX {
        return line;
    }
    let mut text = "[".to_owned();
    let mut room = 0;
    for item in items {
        let length = item.chars().count() + 2;
        if length > room {
            text.push_str("\n  ");
            text.push_str(indent);
            room = LIST_MAX;
        } else {
            text.push(' ');
        }
        room = room.saturating_sub(length);
        text.push_str(item);
        text.push(',');
    }
    text.push('\n');
    text.push_str(indent);
    text.push(']');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_back_the_same() {
        for value in [1.0, -3.0, 0.1, 1e300, -1e-7, 12_345_678_901_234_567_890.0, f64::INFINITY] {
            let table: toml::Table = format!("a = {}", number(value)).parse().unwrap();
            let read = table["a"].as_float().or(table["a"].as_integer().map(|value| value as f64));
            assert_eq!(read, Some(value));
        }
    }
}
