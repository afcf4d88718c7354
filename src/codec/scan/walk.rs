//! The members of an object and the items of a list, each when it is asked for.

use super::{Malformed, Name, Scanner};

/// The members of one object, in order, each of them when it is asked for.
#[derive(Debug)]
pub struct Members<'a> {
    scanner: Scanner<'a>,
    /// Between the members: which sign has to come before the next.
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Head,
    Within,
    Over,
}

impl<'a> Members<'a> {
    /// The members of the object that `text` begins with; `None`: it is something else.
    #[must_use]
    pub fn of(text: &'a str) -> Option<Self> {
        let mut scanner = Scanner::new(text);
        scanner.blanks();
        scanner.eat(b'{').then_some(Self { scanner, place: Place::Head })
    }

    /// Makes sure that nothing stands behind the object.
    ///
    /// # Errors
    /// Something does, or its members have not all been asked for.
    pub fn end(mut self) -> Result<(), Malformed> {
        if self.place == Place::Over { self.scanner.end() } else { Err(self.scanner.malformed()) }
    }

    fn step(&mut self) -> Result<Option<(Name<'a>, &'a str)>, Malformed> {
        if !enter(&mut self.scanner, &mut self.place, b'}')? {
            return Ok(None);
        }
        let name = Name(self.scanner.name()?);
        Ok(Some((name, self.scanner.value()?)))
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Result<(Name<'a>, &'a str), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if step.is_err() {
            self.place = Place::Over;
        }
        step.transpose()
    }
}

/// The items of one list, in order.
#[derive(Debug)]
pub struct Items<'a> {
    scanner: Scanner<'a>,
    place: Place,
}

impl<'a> Items<'a> {
    /// The items of the list that `text` begins with; `None`: it is something else.
    #[must_use]
    pub fn of(text: &'a str) -> Option<Self> {
        let mut scanner = Scanner::new(text);
        scanner.blanks();
        scanner.eat(b'[').then_some(Self { scanner, place: Place::Head })
    }

    /// Makes sure that nothing stands behind the list.
    ///
    /// # Errors
    /// Something does, or its items have not all been asked for.
    pub fn end(mut self) -> Result<(), Malformed> {
        if self.place == Place::Over { self.scanner.end() } else { Err(self.scanner.malformed()) }
    }

    fn step(&mut self) -> Result<Option<&'a str>, Malformed> {
        if !enter(&mut self.scanner, &mut self.place, b']')? {
            return Ok(None);
        }
        self.scanner.value().map(Some)
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Result<&'a str, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if step.is_err() {
            self.place = Place::Over;
        }
        step.transpose()
    }
}

/// Goes to the next entry; `false`: there is none.
fn enter(scanner: &mut Scanner<'_>, place: &mut Place, close: u8) -> Result<bool, Malformed> {
    scanner.blanks();
    let before = std::mem::replace(place, Place::Within);
    if before == Place::Over || scanner.eat(close) {
        *place = Place::Over;
        return Ok(false);
    }
    if before == Place::Within && !scanner.eat(b',') {
        return Err(scanner.malformed());
    }
    Ok(true)
}
