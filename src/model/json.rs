//! JSON text written by hand: what is on the lookup path copies bytes and allocates nothing.

/// Appends `text` as a JSON string with its quotes.
pub fn push_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    push_escaped(out, text);
    out.push(b'"');
}

/// Appends `text` escaped for the inside of a JSON string.
pub fn push_escaped(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let bytes = text.as_bytes();
    let mut clean = 0;
    for (index, byte) in bytes.iter().enumerate() {
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0..=0x1f => b"\\u00",
            _ => continue,
        };
        out.extend_from_slice(bytes.get(clean..index).unwrap_or_default());
        out.extend_from_slice(escape);
        if escape.len() == 4 {
            let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or(b'0');
            out.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
        }
        clean = index + 1;
    }
    out.extend_from_slice(bytes.get(clean..).unwrap_or_default());
}

/// A text with its JSON form, which is made once and copied ever after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonText {
    text: String,
    quoted: Vec<u8>,
}

impl Default for JsonText {
    fn default() -> Self {
        Self::from(String::new())
    }
}

impl From<String> for JsonText {
    fn from(text: String) -> Self {
        let mut quoted = Vec::with_capacity(text.len() + 2);
        push_string(&mut quoted, &text);
        Self { text, quoted }
    }
}

impl JsonText {
    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// As a JSON string, with its quotes.
    #[must_use]
    pub fn quoted(&self) -> &[u8] {
        &self.quoted
    }

    /// Escaped for the inside of a JSON string.
    #[must_use]
    pub fn escaped(&self) -> &[u8] {
        self.quoted.get(1..self.quoted.len().saturating_sub(1)).unwrap_or_default()
    }
}

/// Appends a whole number, which may be negative.
pub fn push_integer(out: &mut Vec<u8>, value: impl Into<i64>) {
    let value = value.into();
    if value < 0 {
        out.push(b'-');
    }
    push_whole(out, value.unsigned_abs());
}

/// Appends a whole number of 0 or more.
pub fn push_whole(out: &mut Vec<u8>, value: impl Into<u64>) {
    let mut digits = [0_u8; 20];
    let mut rest = value.into();
    let mut start = digits.len();
    loop {
        start -= 1;
        if let Some(place) = digits.get_mut(start) {
            // A remainder of a division by ten is one digit.
            *place = b'0' + (rest % 10) as u8;
        }
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(start..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_what_a_json_reader_reads_back() {
        for text in ["", "plain", "a\"b\\c", "line\r\n\ttab", "\u{0}\u{1f}", "ü€😀", "a/b"] {
            let mut out = Vec::new();
            push_string(&mut out, text);
            assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
        }
    }

    #[test]
    fn integers_are_written_in_full() {
        for value in [0_i64, 7, 10, -1, 1234567890, i64::MAX, i64::MIN] {
            let mut out = Vec::new();
            push_integer(&mut out, value);
            assert_eq!(String::from_utf8(out).unwrap(), value.to_string());
        }
        let mut out = Vec::new();
        push_whole(&mut out, u64::MAX);
        assert_eq!(String::from_utf8(out).unwrap(), u64::MAX.to_string());
    }
}
