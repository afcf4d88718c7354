//! Names that lead to no row of another file of the folder.
//!
//! Where that file is not there at all this is said once, not of each row; where it could not be read, nothing
//! more is said.

use super::names::Content;
use super::rows::{Row, Sink};
use crate::config::finding::shown;

/// The file that rows of another one name.
#[derive(Debug)]
pub(super) struct Named {
    file: &'static str,
    content: Content,
    /// What an id is called in it.
    id: &'static str,
    is_there: bool,
    is_told: bool,
}

impl Named {
    pub(super) fn new(file: &'static str, id: &'static str, sink: &Sink<'_>) -> Self {
        let content = Content::of(file);
        Self { file, content, id, is_there: sink.has(content), is_told: false }
    }

    /// A cell names what is not there; `said` is what CGRateS says of it.
    pub(super) fn miss(&mut self, row: &Row<'_>, column: usize, said: &str, sink: &mut Sink<'_>) {
        if sink.has_lost(self.content) {
            return;
        }
        let file = self.file;
        if self.is_there {
            let text = format!("no row of {file} has the {} {}", self.id, shown(row.text(column)));
            sink.error(row.mark(column), &text, "", said);
        } else if !std::mem::replace(&mut self.is_told, true) {
            let text = format!("{file} is not in this folder, and rows of this file name it");
            let help = format!("{} names rows of it: put it beside this file", row.name(column));
            sink.error(row.mark(column), &text, &help, said);
        }
    }
}
