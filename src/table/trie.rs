//! Prefixes of numbers as a radix-10 trie in one flat array, with many roots.
//!
//! Frees as one block, holds no pointer, and is walked without allocation. A walk yields the value
//! of every prefix that begins the number, so that each can be a layer.

/// No node, no value.
const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Node {
    next: [u32; 10],
    value: u32,
}

/// A set of prefix maps that share their memory.
#[derive(Debug, Clone, Default)]
pub struct DigitTrie {
    nodes: Vec<Node>,
}

/// One map of the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Root(u32);

impl DigitTrie {
    /// A new, empty map.
    pub fn add_root(&mut self) -> Root {
        Root(self.add_node())
    }

    fn add_node(&mut self) -> u32 {
        // Four thousand million nodes would need 180 GB; limits on rows stand far before that.
        let index = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        self.nodes.push(Node { next: [NONE; 10], value: NONE });
        index
    }

    /// The value of `prefix` (ASCII digits), which is `value` from now on if it has none.
    pub fn insert(&mut self, root: Root, prefix: &[u8], value: u32) -> u32 {
        let mut at = root.0;
        for digit in prefix {
            let next = self.step(at, *digit);
            at = if next == NONE {
                let fresh = self.add_node();
                if let Some(place) = self
                    .nodes
                    .get_mut(at as usize)
                    .and_then(|node| node.next.get_mut(slot_of(*digit)))
                {
                    *place = fresh;
                }
                fresh
            } else {
                next
            };
        }
        match self.nodes.get_mut(at as usize) {
            Some(node) => {
                if node.value == NONE {
                    node.value = value;
                }
                node.value
            }
            None => value,
        }
    }

    fn step(&self, at: u32, digit: u8) -> u32 {
        self.nodes
            .get(at as usize)
            .and_then(|node| node.next.get(slot_of(digit)))
            .copied()
            .unwrap_or(NONE)
    }

    /// The values of all prefixes that begin `number` (ASCII digits), shortest first.
    pub fn walk<'a>(&'a self, root: Root, number: &'a [u8]) -> impl Iterator<Item = u32> + 'a {
        let mut at = root.0;
        number
            .iter()
            .map_while(move |digit| {
                at = self.step(at, *digit);
                self.nodes.get(at as usize).map(|node| node.value)
            })
            .filter(|value| *value != NONE)
    }
}

/// Where a node keeps a digit; anything but a digit has no place.
fn slot_of(ascii: u8) -> usize {
    usize::from(ascii.wrapping_sub(b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_yields_what_a_naive_scan_finds() {
        let prefixes: [&[u8]; 6] = [b"1", b"12", b"123", b"44", b"4420", b"9"];
        let mut trie = DigitTrie::default();
        let other = trie.add_root();
        let root = trie.add_root();
        trie.insert(other, b"1", 99);
        for (value, prefix) in (0..).zip(&prefixes) {
            assert_eq!(trie.insert(root, prefix, value), value);
            assert_eq!(trie.insert(root, prefix, 77), value, "the first value stays");
        }
        for number in [&b"1"[..], b"1234", b"44", b"442", b"44207", b"4", b"55", b"", b"1:"] {
            let got: Vec<u32> = trie.walk(root, number).collect();
            let mut want: Vec<u32> = (0..)
                .zip(&prefixes)
                .filter(|(_, p)| number.starts_with(p))
                .map(|(i, _)| i)
                .collect();
            want.sort_by_key(|index| prefixes[*index as usize].len());
            assert_eq!(got, want, "{number:?}");
        }
    }
}
