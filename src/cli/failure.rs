//! Why a verb failed: a sentence for people and an exit code.

use super::output;
use crate::ops::exit::Exit;
use std::io;

/// The end of a verb that could not do its work.
#[derive(Debug)]
pub(super) struct Failure {
    exit: Exit,
    /// Whole lines: what is wrong, and how to mend it.
    text: String,
}

impl Failure {
    pub(super) fn new(exit: Exit, text: impl Into<String>) -> Self {
        Self { exit, text: format!("siproute: {}", text.into()) }
    }

    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self::new(Exit::Usage, text)
    }

    /// An error of the system, and what it kept from being done.
    pub(super) fn io(error: &io::Error, what: impl std::fmt::Display) -> Self {
        let exit = match error.kind() {
            io::ErrorKind::PermissionDenied => Exit::Permission,
            _ => Exit::Io,
        };
        Self::new(exit, format!("{what}: {error}"))
    }

    /// Findings, as they are: they begin with file and line.
    pub(super) fn findings(exit: Exit, text: impl Into<String>) -> Self {
        Self { exit, text: text.into() }
    }

    /// Says it on standard error.
    pub(super) fn tell(self) -> Exit {
        output::complain(&self.text);
        self.exit
    }
}
