//! Floor 6: the verbs, one file each. What several share (the settings, the question, the way to a
//! daemon, how to fail) stands in files of its own.
//!
//! A verb prints what it found on standard output and why it failed on standard error. Its exit code is
//! one of [`Exit`].

mod address;
mod ask;
mod bench;
mod bill;
mod check;
mod columns;
mod explain;
mod failure;
mod folder;
mod http;
mod import;
mod listen;
mod output;
mod pretty;
mod print;
mod proof;
mod query;
mod question;
mod reload;
mod report;
mod serve;
mod settings;
mod story;
mod tables;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use failure::Failure;
use std::ffi::OsString;
use std::process::ExitCode;

use crate::ops::exit::Exit;

/// What a verb comes to.
type Done = Result<Exit, Failure>;

/// Route selection for SIP proxies: which carrier, in which order, with which number
#[derive(Debug, Parser)]
#[command(name = "siproute", version, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 fine, 1 findings or a refusal, 64 usage, 65 bad input, 66 file \
missing, 69 cannot bind, 70 bug, 74 I/O or no answer, 77 permission, 78 configuration."
)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Serve(serve::Arguments),
    Check(check::Arguments),
    Query(query::Arguments),
    Report(report::Arguments),
    Explain(explain::Arguments),
    Reload(reload::Arguments),
    Import(import::Arguments),
    Bench(bench::Arguments),
    Print(print::Arguments),
}

/// Runs the verb that the arguments name (the first one is the program).
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let verb = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments.verb,
        Err(error) => return refuse(&error).into(),
    };
    let done = match verb {
        Verb::Serve(arguments) => serve::run(&arguments),
        Verb::Check(arguments) => check::run(&arguments),
        Verb::Query(arguments) => query::run(arguments),
        Verb::Report(arguments) => report::run(arguments),
        Verb::Explain(arguments) => explain::run(arguments),
        Verb::Reload(arguments) => reload::run(arguments),
        Verb::Import(arguments) => import::run(arguments),
        Verb::Bench(arguments) => bench::run(arguments),
        Verb::Print(arguments) => print::run(arguments),
    };
    done.unwrap_or_else(|failure| failure.tell()).into()
}

/// Help and version are what was asked for; anything else is a wrong command line.
fn refuse(error: &clap::Error) -> Exit {
    // Nobody is left to be told when this cannot be written.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Fine,
        _ => Exit::Usage,
    }
}
