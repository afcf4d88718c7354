//! `siproute import`: table files from the data of other systems.
//!
//! A file that is there is not touched unless that is asked for, and nothing is written of data that is
//! wrong somewhere or of which a table file cannot say all.

use super::failure::Failure;
use super::{Done, output, proof};
use crate::config::tariff_plan::{Manner, PlanFolder, read_folder};
use crate::config::{Settings, definition_toml};
use crate::model::definition::{Definition, Generation, Kind};
use crate::model::limits::Limits;
use crate::ops::exit::Exit;
use crate::table::input::Declared;
use jiff::tz::TimeZone;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The file that is written.
const FILE: &str = "routes.toml";

/// Write table files from the data of another system
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 written; 65 the data is wrong, 66 it is not there, 74 the file \
cannot be written or is there already, 77 not permitted."
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// A tariff-plan folder of CGRateS: filters, destinations, timings, prices, accounts, attributes, routes or suppliers
    Cgrates(Cgrates),
}

#[derive(Debug, clap::Args)]
struct Cgrates {
    /// The folder with Routes.csv, Filters.csv and the like
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Where routes.toml is written, and decks/ with the prices beside it
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    into: PathBuf,
    /// Replace a routes.toml that is there
    #[arg(long)]
    force: bool,
    /// Whose columns Routes.csv has, when its heading does not tell: 0.11 or 1.0
    #[arg(long, value_name = "GENERATION", default_value = "0.11", value_parser = generation)]
    generation: Generation,
    /// The zone of times that name none
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = timezone)]
    timezone: TimeZone,
}

pub(super) fn run(arguments: Arguments) -> Done {
    match arguments.what {
        What::Cgrates(arguments) => cgrates(&arguments),
    }
}

fn generation(text: &str) -> Result<Generation, String> {
    match text {
        "0.11" => Ok(Generation::V011),
        "1.0" => Ok(Generation::V100),
        _ => Err("0.11 or 1.0; Suppliers.csv is 0.10 by its name".to_owned()),
    }
}

fn timezone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| "no zone of the IANA database has this name".to_owned())
}

fn cgrates(arguments: &Cgrates) -> Done {
    let mut plan = read(arguments)?;
    let idle = take_idle(&mut plan.plan.definitions);
    let definitions = plan.plan.clone().into_definitions();
    let written = definition_toml::write(&definitions, &comment(&plan, &idle));
    if !written.lost.is_empty() {
        let lines =
            written.lost.iter().map(|lost| format!("error: a table file cannot say it: {lost}"));
        return Err(unsaid(lines));
    }
    let file = arguments.into.join(FILE);
    let mut settings = Settings::default();
    settings.compat.cgrates = arguments.generation;
    settings.routes.default_timezone = arguments.timezone.clone();
    let faults = proof::faults(&written, &plan.plan.definitions, &file, &settings);
    if !faults.is_empty() {
        return Err(unsaid(faults.iter().map(ToString::to_string)));
    }
    // Decks first: the table file never names one that is not there.
    let decks = written.decks.iter().map(|(path, text)| (arguments.into.join(path), text));
    let files: Vec<(PathBuf, &String)> = decks.chain([(file.clone(), &written.text)]).collect();
    if !arguments.force
        && let Some((there, _)) = files.iter().rev().find(|(path, _)| path.exists())
    {
        return Err(is_there(there));
    }
    for (path, text) in &files {
        put(path, text, arguments.force)?;
    }
    output::print(&told(&plan, &file))?;
    Ok(Exit::Fine)
}

/// What a table file has no words for, with the way out.
fn unsaid(lines: impl Iterator<Item = String>) -> Failure {
    let help =
        "  help: name the folder in `tables.cgrates` of the settings: there it is read as it is";
    let text = lines.chain([help.to_owned()]).collect::<Vec<_>>().join("\n");
    Failure::findings(Exit::BadInput, text)
}

fn read(arguments: &Cgrates) -> Result<PlanFolder, Failure> {
    let folder = &arguments.folder;
    if let Err(error) = fs::read_dir(folder) {
        let named = folder.display();
        return Err(match error.kind() {
            ErrorKind::NotFound => {
                Failure::new(Exit::FileMissing, format!("{named}: there is no such folder"))
            }
            ErrorKind::NotADirectory => {
                Failure::new(Exit::BadInput, format!("{named}: this is no folder"))
            }
            _ => Failure::io(&error, format!("{named} cannot be read")),
        });
    }
    let manner = Manner { generation: arguments.generation, timezone: arguments.timezone.clone() };
    let plan = read_folder(folder, &Limits::default(), &manner).map_err(|error| {
        let lines: Vec<String> = error.findings.iter().map(ToString::to_string).collect();
        Failure::findings(Exit::BadInput, lines.join("\n"))
    })?;
    if plan.plan.definitions.is_empty() {
        let text = format!("{}: nothing in this folder can be imported", folder.display());
        return Err(Failure::new(Exit::BadInput, text));
    }
    Ok(plan)
}

/// Takes out timings that are for plans of actions alone (`*asap`, `+20s`), and names them.
fn take_idle(definitions: &mut Vec<Declared>) -> Vec<String> {
    let mut idle = Vec::new();
    definitions.retain(|declared| match &declared.definition {
        Definition::Timing(timing) if timing.start.starts_with(['*', '+']) => {
            idle.push(timing.id.clone());
            false
        }
        _ => true,
    });
    idle
}

/// What stands at the top of the file.
fn comment(plan: &PlanFolder, idle: &[String]) -> String {
    let unread = &plan.plan.unread;
    let read: Vec<&str> = plan
        .files
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| !unread.iter().any(|unread| unread == name))
        .collect();
    let mut text =
        format!("Imported from the CGRateS tariff plan {}: {}.\n", plan.path, read.join(", "));
    if !unread.is_empty() {
        text.push_str(&format!("Left out, since it is not read yet: {}.\n", unread.join(", ")));
    }
    if !idle.is_empty() {
        text.push_str(&format!(
            "Left out, since no route has a use for them: timings {}.\n",
            idle.join(", ")
        ));
    }
    text
}

/// What was done, for people.
fn told(plan: &PlanFolder, file: &Path) -> String {
    let mut text: String =
        plan.plan.warnings.iter().map(|warning| format!("{warning}\n")).collect();
    if !plan.plan.unread.is_empty() {
        text.push_str(&format!("not read yet: {}\n", plan.plan.unread.join(", ")));
    }
    let stated = || plan.plan.definitions.iter().map(|declared| &declared.definition);
    let count = |kind| stated().filter(|definition| definition.key().kind == kind).count();
    let counts: Vec<String> = Kind::ALL
        .into_iter()
        .rev()
        .filter_map(|kind| match count(kind) {
            0 => None,
            1 => Some(format!("1 {}", kind.name().replace('_', " "))),
            count => Some(format!("{count} {}s", kind.name().replace('_', " "))),
        })
        .collect();
    let routes = stated().map(|definition| match definition {
        Definition::Profile(profile) => profile.routes.iter().flatten().count(),
        _ => 0,
    });
    let routes = match routes.sum() {
        0 => String::new(),
        1 => " with 1 route".to_owned(),
        routes => format!(" with {routes} routes"),
    };
    let counts = match counts.split_first() {
        Some((profiles, [])) => format!("{profiles}{routes}"),
        Some((profiles, others)) => format!("{profiles}{routes}, {}", others.join(", ")),
        None => String::new(),
    };
    text.push_str(&format!("wrote {}: {counts}\n", file.display()));
    text
}

fn is_there(file: &Path) -> Failure {
    let text = format!("{}: the file is there; --force replaces it", file.display());
    Failure::new(Exit::Io, text)
}

/// Writes the file whole or not at all.
fn put(file: &Path, text: &str, force: bool) -> Result<(), Failure> {
    let failed = |error: &io::Error| match error.kind() {
        ErrorKind::AlreadyExists => is_there(file),
        _ => Failure::io(error, format!("{} cannot be written", file.display())),
    };
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    }
    // Beside it first: a reader never meets half of it.
    let beside = file.with_extension("new");
    let written = if force {
        let mut out = File::create(&beside);
        fill(&mut out, text).and_then(|()| fs::rename(&beside, file))
    } else {
        let mut out = OpenOptions::new().write(true).create_new(true).open(file);
        fill(&mut out, text)
    };
    written.map_err(|error| {
        if error.kind() != ErrorKind::AlreadyExists {
            // What is half written is of no use; when it cannot be removed either, the error tells.
            let _ = fs::remove_file(if force { &beside } else { file });
        }
        failed(&error)
    })
}

fn fill(out: &mut io::Result<File>, text: &str) -> io::Result<()> {
    match out {
        Ok(out) => out.write_all(text.as_bytes()).and_then(|()| out.sync_all()),
        Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
    }
}
