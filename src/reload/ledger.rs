//! Where what the APIs change is written down before it is in force.

use super::told::Told;
use crate::config::Settings;
use crate::config::tariff_plan::{self, Manner, Plan};
use crate::model::definition::Definition;
use crate::store::{self, NAME, State, Stored, Trouble, TroubleKind};
use crate::table::change::{Change, ChangeError};

/// Why no change is taken where `tables.state_dir` is not set.
const NO_PLACE: &str = "tables.state_dir is not set: nothing that the API changes could be kept";
/// Why no change is taken after a start `--without-state`.
const WITHOUT: &str = "siproute was started with --without-state: nothing that the API changes could \
                       be kept";

/// The state database, or why there is none.
#[derive(Debug)]
pub struct Ledger {
    state: Result<State, String>,
    told: Told,
    /// The last commit failed, and the log says so.
    fails: bool,
}

/// What the APIs changed before.
#[derive(Debug, Default)]
pub struct Recalled {
    /// In the order in which it was stated.
    pub stored: Vec<Stored>,
    /// Its part of the fingerprint.
    pub told: Told,
}

impl Recalled {
    fn new(stored: Vec<Stored>) -> Self {
        let told = Told::of(stored.iter().map(|one| &one.definition));
        Self { stored, told }
    }

    /// What is in the state database, for whoever serves nobody.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(settings: &Settings) -> Result<Self, Trouble> {
        let Some(folder) = &settings.tables.state_dir else { return Ok(Self::default()) };
        store::read(folder, &|files| parse(settings, files)).map(Self::new)
    }
}

impl Ledger {
    /// Opens the state database and reads it. Where none is and none can be made, changes are refused
    /// and everything else goes on.
    ///
    /// # Errors
    /// What is there cannot be used: without it, what was acknowledged would silently be missing.
    pub fn open(settings: &Settings, without_state: bool) -> Result<(Self, Recalled), Trouble> {
        let folder = match &settings.tables.state_dir {
            _ if without_state => return Ok((Self::refusing(WITHOUT), Recalled::default())),
            None => return Ok((Self::refusing(NO_PLACE), Recalled::default())),
            Some(folder) => folder,
        };
        if store::is_empty(folder) {
            let path = folder.join(NAME);
            tracing::warn!(
                "the state database {} is an empty file: if the APIs had changed anything, it is lost",
                path.display()
            );
        }
        let state = match State::open(folder) {
            Ok(state) => state,
            Err(trouble) if trouble.kind == TroubleKind::Io && !store::is_there(folder) => {
                tracing::warn!(
                    "{trouble}; serving goes on, what the APIs want to change is refused"
                );
                return Ok((Self::refusing(trouble.to_string()), Recalled::default()));
            }
            Err(trouble) => return Err(trouble),
        };
        let mut ledger = Self { state: Ok(state), told: Told::default(), fails: false };
        let recalled = ledger.recall(settings)?;
        ledger.told = recalled.told.clone();
        Ok((ledger, recalled))
    }

    fn refusing(why: impl Into<String>) -> Self {
        Self { state: Err(why.into()), told: Told::default(), fails: false }
    }

    /// What was written down so far.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn recall(&mut self, settings: &Settings) -> Result<Recalled, Trouble> {
        match &mut self.state {
            Ok(state) => state.load(&|files| parse(settings, files)).map(Recalled::new),
            Err(_) => Ok(Recalled::default()),
        }
    }

    /// From now on, what was recalled is in force.
    pub fn adopt(&mut self, told: Told) {
        self.told = told;
    }

    /// Why no change can be taken at all, if so.
    #[must_use]
    pub fn refusal(&self) -> Option<ChangeError> {
        self.state.as_ref().err().map(|why| ChangeError::Store { text: why.clone() })
    }

    /// Writes changes down, all or none; afterwards they survive a power cut.
    ///
    /// # Errors
    /// Why they could not be written.
    pub fn commit(&mut self, changes: &[&Change]) -> Result<(), ChangeError> {
        let state = self.state.as_mut().map_err(|why| ChangeError::Store { text: why.clone() })?;
        match state.commit(changes.iter().copied()) {
            Ok(()) => {
                if std::mem::take(&mut self.fails) {
                    tracing::info!("{} is written again", state.path().display());
                }
                changes.iter().for_each(|change| self.told.change(change));
                Ok(())
            }
            Err(trouble) => {
                if !std::mem::replace(&mut self.fails, true) {
                    tracing::error!("{trouble}; what the APIs want to change is refused");
                }
                Err(ChangeError::Store { text: trouble.to_string() })
            }
        }
    }

    /// The fingerprint of the table whose files have the fingerprint `files`.
    #[must_use]
    pub fn fingerprint(&self, files: &str) -> String {
        self.told.fingerprint(files)
    }
}

/// The definitions of a tariff-plan folder's files.
fn parse(settings: &Settings, files: &[(String, Vec<u8>)]) -> Result<Vec<Definition>, String> {
    let plan = tariff_plan::parse(NAME, files, &Manner::of(settings));
    plan.map(Plan::into_definitions).map_err(|error| error.answer)
}
