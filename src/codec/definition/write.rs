//! Objects written as CGRateS writes them: fields in declared order, no list as null.

use crate::model::go::json::push_string;
use crate::model::go::number::push_json;

/// An object in writing.
pub(super) struct Writer<'o> {
    out: &'o mut Vec<u8>,
    is_empty: bool,
}

impl<'o> Writer<'o> {
    /// Opens an object.
    pub(super) fn object(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, is_empty: true }
    }

    /// Closes it.
    pub(super) fn end(self) {
        self.out.push(b'}');
    }

    /// Begins a field; its value is to be appended to what is given back.
    pub(super) fn field(&mut self, name: &str) -> &mut Vec<u8> {
        if !self.is_empty {
            self.out.push(b',');
        }
        self.is_empty = false;
        push_string(self.out, name);
        self.out.push(b':');
        self.out
    }

    /// A text.
    pub(super) fn string(&mut self, name: &str, text: &str) {
        push_string(self.field(name), text);
    }

    /// A number.
    pub(super) fn number(&mut self, name: &str, number: f64) {
        push_json(number, self.field(name));
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, name: &str, flag: bool) {
        self.field(name).extend_from_slice(if flag { b"true" } else { b"false" });
    }

    /// A list of texts.
    pub(super) fn strings(&mut self, name: &str, list: Option<&Vec<String>>) {
        self.list(name, list, |text, out| push_string(out, text));
    }

    /// A list; `None` is null.
    pub(super) fn list<T>(
        &mut self,
        name: &str,
        list: Option<&Vec<T>>,
        push: impl Fn(&T, &mut Vec<u8>),
    ) {
        let out = self.field(name);
        let Some(list) = list else { return out.extend_from_slice(b"null") };
        push_list(list, push, out);
    }
}

/// Appends a list.
pub fn push_list<T>(
    items: impl IntoIterator<Item = T>,
    push: impl Fn(T, &mut Vec<u8>),
    out: &mut Vec<u8>,
) {
    out.push(b'[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        push(item, out);
    }
    out.push(b']');
}
