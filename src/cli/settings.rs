//! Which settings hold: `--config FILE`, else `$SIPROUTE_CONFIG`, else the system's place.

use super::failure::Failure;
use crate::config::{self, LoadError, Settings};
use crate::ops::exit::Exit;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Where the settings are when nobody says so.
const SYSTEM_PLACE: &str = "/etc/siproute/siproute.toml";

/// The file that somebody named; `None`: nobody did.
fn named(given: Option<&Path>) -> Option<PathBuf> {
    let environment = || std::env::var_os("SIPROUTE_CONFIG").filter(|text| !text.is_empty());
    given.map(Path::to_owned).or_else(|| environment().map(PathBuf::from))
}

/// `--config`.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Place {
    /// Settings file; else $SIPROUTE_CONFIG, else /etc/siproute/siproute.toml
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

impl Place {
    /// The settings file: what `--config` says, else `$SIPROUTE_CONFIG`, else the system's.
    pub(super) fn file(&self) -> PathBuf {
        named(self.config.as_deref()).unwrap_or_else(|| SYSTEM_PLACE.into())
    }

    /// The settings; their warnings are `check`'s business.
    pub(super) fn load(&self) -> Result<Settings, Failure> {
        let file = self.file();
        match config::load_settings(&file) {
            Ok((settings, _)) => Ok(settings),
            Err(LoadError::Unreadable(finding)) => {
                let exit = match File::open(&file).map_err(|error| error.kind()) {
                    Err(ErrorKind::NotFound) => Exit::FileMissing,
                    Err(ErrorKind::PermissionDenied) => Exit::Permission,
                    _ => Exit::Io,
                };
                Err(Failure::findings(exit, finding.to_string()))
            }
            Err(mistakes) => Err(Failure::findings(Exit::Config, mistakes.to_string())),
        }
    }

    /// Whether somebody named a settings file, or the system's place has one.
    pub(super) fn is_there(&self) -> bool {
        named(self.config.as_deref()).is_some() || Path::new(SYSTEM_PLACE).exists()
    }

    /// The settings, for a verb that can do without.
    pub(super) fn load_if_any(&self) -> Result<Option<Settings>, Failure> {
        if self.is_there() { self.load().map(Some) } else { Ok(None) }
    }
}
