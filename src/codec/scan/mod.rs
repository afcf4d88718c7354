//! JSON text taken apart where it stands: how far each value reaches, and the members of an object.
//!
//! Nothing is built and nothing is allocated, whatever lies inside of a value, so that the envelope of a
//! question costs one pass over its bytes. What passes is JSON to the letter (RFC 8259).

mod text;
mod walk;

pub use text::{Name, kind, string};
pub use walk::{Items, Members};

/// Text that is no JSON, or nested more deeply than anything that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    /// The byte at which it shows.
    pub at: usize,
}

/// Lists and objects within each other: far beyond any event, and few enough to note on the stack.
const DEPTH_MAX: usize = 1024;

/// Goes over text value by value.
#[derive(Debug, Clone)]
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// At the head of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next value as it stands, without the blanks around it.
    ///
    /// # Errors
    /// No JSON value stands there.
    pub fn value(&mut self) -> Result<&'a str, Malformed> {
        self.blanks();
        let start = self.at;
        let mut nest = Nest::default();
        loop {
            self.blanks();
            match self.peek() {
                Some(b'{') => {
                    self.at += 1;
                    self.blanks();
                    if !self.eat(b'}') {
                        nest.enter(true).ok_or_else(|| self.malformed())?;
                        self.name()?;
                        continue;
                    }
                }
                Some(b'[') => {
                    self.at += 1;
                    self.blanks();
                    if !self.eat(b']') {
                        nest.enter(false).ok_or_else(|| self.malformed())?;
                        continue;
                    }
                }
                Some(b'"') => self.string().map(|_| ())?,
                Some(b't') => self.word("true")?,
                Some(b'f') => self.word("false")?,
                Some(b'n') => self.word("null")?,
                _ => self.number()?,
            }
            // A value is over; so are all that end with it.
            loop {
                let Some(is_object) = nest.innermost() else {
                    return Ok(self.text.get(start..self.at).unwrap_or_default());
                };
                self.blanks();
                if self.eat(b',') {
                    if is_object {
                        self.name()?;
                    }
                    break;
                }
                if !self.eat(if is_object { b'}' } else { b']' }) {
                    return Err(self.malformed());
                }
                nest.leave();
            }
        }
    }

    /// Makes sure that nothing but blanks is left.
    ///
    /// # Errors
    /// Something is.
    pub fn end(&mut self) -> Result<(), Malformed> {
        self.blanks();
        if self.at == self.text.len() { Ok(()) } else { Err(self.malformed()) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn malformed(&self) -> Malformed {
        Malformed { at: self.at }
    }

    /// A member's name and its colon.
    fn name(&mut self) -> Result<&'a str, Malformed> {
        self.blanks();
        let name = self.string()?;
        self.blanks();
        if self.eat(b':') { Ok(name) } else { Err(self.malformed()) }
    }

    /// A string; gives what stands between the quotes.
    fn string(&mut self) -> Result<&'a str, Malformed> {
        if !self.eat(b'"') {
            return Err(self.malformed());
        }
        let start = self.at;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                            self.at += 1
                        }
                        Some(b'u') => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                                    return Err(self.malformed());
                                }
                                self.at += 1;
                            }
                        }
                        _ => return Err(self.malformed()),
                    }
                }
                None | Some(0..=0x1f) => return Err(self.malformed()),
                Some(_) => self.at += 1,
            }
        }
        let inner = self.text.get(start..self.at).unwrap_or_default();
        self.at += 1;
        Ok(inner)
    }

    fn word(&mut self, word: &str) -> Result<(), Malformed> {
        if self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes()))
        {
            self.at += word.len();
            return Ok(());
        }
        Err(self.malformed())
    }

    fn number(&mut self) -> Result<(), Malformed> {
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        Ok(())
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(self.malformed()) }
    }
}

/// What is open around a place: a bit for each, set where it is an object.
#[derive(Default)]
struct Nest {
    bits: [u64; DEPTH_MAX / 64],
    depth: usize,
}

impl Nest {
    fn enter(&mut self, is_object: bool) -> Option<()> {
        let bit = 1_u64 << (self.depth % 64);
        let word = self.bits.get_mut(self.depth / 64)?;
        *word = if is_object { *word | bit } else { *word & !bit };
        self.depth += 1;
        Some(())
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn innermost(&self) -> Option<bool> {
        let index = self.depth.checked_sub(1)?;
        Some(self.bits.get(index / 64)? >> (index % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests;
