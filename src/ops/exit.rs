//! Exit codes of the process: a closed set, after `sysexits.h`.

use std::process::ExitCode;

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Fine = 0,
    /// It worked, and the answer is no: mistakes in files, a call without a route, a refused reload.
    Findings = 1,
    /// The command line is wrong.
    Usage = 64,
    /// Input other than the settings is wrong.
    BadInput = 65,
    /// A file that was named is missing.
    FileMissing = 66,
    /// An address cannot be bound.
    CannotBind = 69,
    /// A mistake of the program.
    Bug = 70,
    /// Reading or writing failed, or nobody answered.
    Io = 74,
    /// Not permitted.
    Permission = 77,
    /// The settings, or the tables of a start, are wrong.
    Config = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
