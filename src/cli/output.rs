//! Standard output and standard error.
//!
//! A reader that went away (`siproute query … | head -1`) is no failure: it has what it wanted.

use super::failure::Failure;
use std::io::{self, Write};

/// Writes a text and a line end to standard output.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let written = write!(out, "{text}{end}").and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::io(&error, "standard output cannot be written"))
        }
        _ => Ok(()),
    }
}

/// Writes a text and a line end to standard error, if that is possible.
pub(super) fn complain(text: &str) {
    let mut err = io::stderr().lock();
    // Nobody is left to be told when this cannot be written.
    let _ = writeln!(err, "{}", text.trim_end());
}
