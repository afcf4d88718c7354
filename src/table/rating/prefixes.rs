//! Longest prefixes of numbers: text in front of the digits chooses a root, a trie takes the digits.
//!
//! The trie lies in one flat array, ten digits a node. It is leaf-pushed: a place without a longer prefix holds
//! what was inherited, so that a walk ends at its answer; an eleventh place answers for numbers that end inside
//! the trie. Each record knows the one of the next shorter prefix, whatever its root. Prefixes with something
//! else behind their digits, or without digits, lie in a sorted list beside it.

use std::collections::BTreeMap;

/// No record.
const NONE: u32 = (1 << 31) - 1;

/// Marks a place that leads to a node; the other values are records.
const NODE: u32 = 1 << 31;

/// The place of a node that holds what was inherited.
const INHERITED: usize = 10;

/// Longer prefixes lie in the list: numbers have fifteen digits, and this bounds how deep a build goes.
const DIGITS_MAX: usize = 32;

/// A set of prefixes, each with a value.
#[derive(Debug, Clone, Default)]
pub struct Prefixes {
    nodes: Vec<[u32; 11]>,
    /// The text before the digits, and the place for no digit behind it.
    roots: Vec<(Box<str>, u32)>,
    /// Prefixes that are no text with digits behind it; sorted.
    others: Vec<(Box<str>, u32)>,
    /// The length of the longest of `others`.
    others_max: usize,
    records: Vec<Record>,
    /// How long each record's prefix is.
    lengths: Vec<u16>,
}

/// A prefix.
#[derive(Debug, Clone, Copy)]
struct Record {
    value: u32,
    /// The record of the next shorter prefix.
    shorter: u32,
}

/// A prefix that a number begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The prefix's value.
    pub value: u32,
    /// Its length in bytes.
    pub length: usize,
}

impl Prefixes {
    /// From prefixes and their values; of equal prefixes the first counts. The empty prefix begins no number,
    /// and neither does one longer than 65,535 bytes.
    #[must_use]
    pub fn build<'a>(rows: impl Iterator<Item = (&'a str, u32)>) -> Self {
        let mut rows: Vec<(&str, u32)> = rows
            .filter(|(prefix, _)| !prefix.is_empty() && prefix.len() <= usize::from(u16::MAX))
            .collect();
        rows.sort_by_key(|(prefix, _)| *prefix);
        rows.dedup_by_key(|(prefix, _)| *prefix);
        // Thousands of millions of prefixes would not fit into memory.
        rows.truncate(NONE as usize);
        let mut built = Self { records: records(&rows), ..Self::default() };
        built.lengths =
            rows.iter().map(|(prefix, _)| u16::try_from(prefix.len()).unwrap_or(0)).collect();
        let mut of_root: BTreeMap<&str, Vec<(&[u8], u32)>> = BTreeMap::new();
        for (record, (prefix, _)) in (0_u32..).zip(&rows) {
            let (lead, digits) = split(prefix);
            let is_plain = !digits.is_empty()
                && digits.len() <= DIGITS_MAX
                && digits.bytes().all(|byte| byte.is_ascii_digit());
            if is_plain {
                of_root.entry(lead).or_default().push((digits.as_bytes(), record));
            } else {
                built.others_max = built.others_max.max(prefix.len());
                built.others.push(((*prefix).into(), record));
            }
        }
        for (lead, rows) in of_root {
            let place = built.place(&rows, 0, NONE);
            built.roots.push((lead.into(), place));
        }
        built.nodes.shrink_to_fit();
        built.others.shrink_to_fit();
        built
    }

    /// The place for `rows`, sorted digits that are equal up to `depth`: what they inherit, or a node.
    fn place(&mut self, rows: &[(&[u8], u32)], depth: usize, inherited: u32) -> u32 {
        let (inherited, rows) = match rows.split_first() {
            Some(((digits, record), rest)) if digits.len() == depth => (*record, rest),
            _ => (inherited, rows),
        };
        if rows.is_empty() {
            return inherited;
        }
        let node = self.nodes.len();
        self.nodes.push([inherited; 11]);
        let mut rows = rows;
        while let Some(digit) = rows.first().and_then(|(digits, _)| digits.get(depth)).copied() {
            let same =
                rows.partition_point(|(digits, _)| digits.get(depth).is_some_and(|d| *d <= digit));
            let (these, rest) = rows.split_at(same);
            rows = rest;
            let place = self.place(these, depth + 1, inherited);
            if let Some(slot) =
                self.nodes.get_mut(node).and_then(|node| node.get_mut(usize::from(digit - b'0')))
            {
                *slot = place;
            }
        }
        NODE | u32::try_from(node).unwrap_or(NONE)
    }

    /// The values of the prefixes that `number` begins with, the longest first.
    pub fn matches<'a>(&'a self, number: &str) -> impl Iterator<Item = u32> + use<'a> {
        self.hits(number).map(|hit| hit.value)
    }

    /// The prefixes that `number` begins with, the longest first.
    pub fn hits<'a>(&'a self, number: &str) -> impl Iterator<Item = Hit> + use<'a> {
        let mut at = self.longest(number);
        std::iter::from_fn(move || {
            let record = self.records.get(at as usize)?;
            let length = self.length(at);
            at = record.shorter;
            Some(Hit { value: record.value, length })
        })
    }

    /// How many prefixes it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Bytes that it takes, without those of its roots' and odd prefixes' texts.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        size_of_val(self.nodes.as_slice())
            + size_of_val(self.records.as_slice())
            + size_of_val(self.lengths.as_slice())
            + size_of_val(self.others.as_slice())
    }

    fn length(&self, record: u32) -> usize {
        self.lengths.get(record as usize).copied().map_or(0, usize::from)
    }

    fn longest(&self, number: &str) -> u32 {
        let of_digits = self.walk(number);
        if self.others.is_empty() {
            return of_digits;
        }
        let shortest = self.length(of_digits) + 1;
        (shortest..=number.len().min(self.others_max))
            .rev()
            .filter_map(|end| number.get(..end))
            .find_map(|begin| {
                let at = self.others.binary_search_by(|(prefix, _)| (**prefix).cmp(begin)).ok()?;
                self.others.get(at).map(|(_, record)| *record)
            })
            .unwrap_or(of_digits)
    }

    /// The record of the longest prefix among those of digits.
    fn walk(&self, number: &str) -> u32 {
        let (lead, digits) = split(number);
        let Some((_, root)) = self.roots.iter().find(|(text, _)| **text == *lead) else {
            return NONE;
        };
        let mut place = *root;
        let mut digits = digits.bytes();
        while place & NODE != 0 {
            let Some(node) = self.nodes.get((place & !NODE) as usize) else {
                return NONE;
            };
            let slot = match digits.next() {
                Some(byte) if byte.is_ascii_digit() => usize::from(byte - b'0'),
                _ => INHERITED,
            };
            place = node.get(slot).copied().unwrap_or(NONE);
        }
        place
    }
}

/// Text up to the first digit, and what follows.
fn split(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len()))
}

/// Records of sorted rows: what begins with a prefix follows it.
fn records(rows: &[(&str, u32)]) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::with_capacity(rows.len());
    let mut open: Vec<(&str, u32)> = Vec::new();
    for (record, (prefix, value)) in (0_u32..).zip(rows) {
        while open.pop_if(|(begin, _)| !prefix.starts_with(*begin)).is_some() {}
        let shorter = open.last().map_or(NONE, |(_, record)| *record);
        records.push(Record { value: *value, shorter });
        open.push((prefix, record));
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every prefix tried, from the whole number down.
    fn naive(rows: &[(String, u32)], number: &str) -> Vec<(u32, usize)> {
        (1..=number.len())
            .rev()
            .filter_map(|end| {
                let begin = number.get(..end)?;
                rows.iter().find(|(prefix, _)| prefix == begin).map(|(_, value)| (*value, end))
            })
            .collect()
    }

    fn check(rows: &[(String, u32)], numbers: &[String]) {
        let prefixes = Prefixes::build(rows.iter().map(|(prefix, value)| (&**prefix, *value)));
        for number in numbers {
            let got: Vec<(u32, usize)> =
                prefixes.hits(number).map(|hit| (hit.value, hit.length)).collect();
            assert_eq!(got, naive(rows, number), "{number:?} among {rows:?}");
        }
    }

    #[test]
    fn prefixes_are_text_and_the_longest_comes_first() {
        let rows: Vec<(String, u32)> = (0..)
            .zip([
                "49", "4915", "491", "+49", "0049", "+", "sip:", "s", "sip:49", "49a", "49a1", "é",
                "é4", "4", "49",
            ])
            .map(|(value, prefix)| (prefix.to_owned(), value))
            .collect();
        let numbers = [
            "49", "4915", "49151", "4", "5", "", "+49", "+4", "+", "00491", "004", "sip:4915",
            "sip:5", "sip", "49a", "49a12", "49b", "4915#1", "é49", "é", "s1", "491 5",
        ];
        check(&rows, &numbers.map(str::to_owned));
    }

    #[test]
    fn a_walk_finds_what_a_naive_loop_finds() {
        let mut state = 7_u64;
        let mut next = move |bound: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % bound
        };
        for round in 0..200 {
            // Few letters and digits, so that prefixes nest.
            let letters: &[u8] = if round % 2 == 0 { b"0123" } else { b"01+a" };
            let mut text = |longest: u64| -> String {
                let length = next(longest + 1);
                (0..length).map(|_| char::from(letters[next(4) as usize])).collect()
            };
            let rows: Vec<(String, u32)> = (0..40).map(|value| (text(5), value)).collect();
            let numbers: Vec<String> = (0..60).map(|_| text(8)).collect();
            check(&rows, &numbers);
        }
    }

    #[test]
    fn a_prefix_longer_than_any_number_neither_ends_the_build_nor_is_lost() {
        let long = "1".repeat(100_000);
        let rows = [("1".repeat(40), 1), ("1".repeat(60_000), 2), (long.clone(), 3)];
        let prefixes = Prefixes::build(rows.iter().map(|(prefix, value)| (&**prefix, *value)));
        assert_eq!(prefixes.matches(&long).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(prefixes.len(), 2);
    }

    #[test]
    fn a_deck_of_the_world_takes_little_memory() {
        // 50,000 prefixes of one to seven digits, most of them in blocks of ten as numbering plans have them.
        let rows: Vec<(String, u32)> =
            (0..50_000).map(|n| ((1_000_000 + u64::from(n) * 37 / 10).to_string(), n)).collect();
        let prefixes = Prefixes::build(rows.iter().map(|(prefix, value)| (&**prefix, *value)));
        let each = prefixes.size_bytes() / prefixes.len();
        assert!(each <= 32, "{each} bytes a prefix");
    }
}
