//! `siproute print`: what the program knows of itself, for other programs.

use super::settings::Place;
use super::{Done, output};
use crate::config::json_schema;
use crate::ops::exit::Exit;
use crate::ops::metrics::names;
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use std::io::{self, Write};

/// Print the schema, the metrics, the man page, completions, or the settings in force
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// JSON Schema of settings and tables, for editors
    Schema,
    /// Every metric with its kind, its labels and what it says
    Metrics,
    /// The man page, in roff
    Man,
    /// Completions for a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// The settings in force, defaults included, as TOML
    Config {
        #[command(flatten)]
        place: Place,
    },
}

pub(super) fn run(arguments: Arguments) -> Done {
    let text = match arguments.what {
        What::Schema => format!("{:#}", json_schema()),
        What::Metrics => names::list(),
        What::Man => man(),
        What::Completions { shell } => completions(shell),
        What::Config { place } => place.load()?.to_toml(),
    };
    output::print(&text)?;
    Ok(Exit::Fine)
}

fn command() -> Command {
    super::Arguments::command()
}

/// One page for the program and all its verbs.
fn man() -> String {
    let mut page = Vec::new();
    // Writing to memory cannot fail.
    let _ = write_man(&mut page);
    String::from_utf8_lossy(&page).into_owned()
}

fn write_man(page: &mut Vec<u8>) -> io::Result<()> {
    let mut command = command();
    command.build();
    let program = Man::new(command.clone());
    program.render_title(page)?;
    program.render_name_section(page)?;
    program.render_synopsis_section(page)?;
    program.render_description_section(page)?;
    for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
        let about = verb.get_about().map(ToString::to_string).unwrap_or_default();
        writeln!(page, ".SH \"siproute {}\"\n{about}", verb.get_name())?;
        let mut sections = Vec::new();
        let verb = Man::new(verb.clone());
        verb.render_synopsis_section(&mut sections)?;
        verb.render_options_section(&mut sections)?;
        // Sections of the verb, which is a section of the page.
        page.extend(String::from_utf8_lossy(&sections).replace(".SH ", ".SS ").bytes());
    }
    program.render_extra_section(page)?;
    program.render_version_section(page)
}

fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "siproute", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
