//! Settings that changed on disk: they need a restart, and until then nothing of them is in force.

use super::picture::Picture;
use super::watch::{Step, Watch};
use crate::config::{Settings, load_settings};

/// Watches the settings file.
#[derive(Debug)]
pub struct SettingsWatch {
    watch: Watch,
}

impl SettingsWatch {
    /// After the settings were read.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self { watch: Watch::new(Picture::of_settings(&settings.path)) }
    }

    /// Whether the file is being changed.
    #[must_use]
    pub fn is_settling(&self) -> bool {
        self.watch.is_settling()
    }

    /// What needs a restart, when the file changed since the last look and is still now, or when
    /// it is looked at `at_once`.
    pub fn look(&mut self, running: &Settings, now_ms: u64, at_once: bool) -> Option<Vec<String>> {
        let picture = Picture::of_settings(&running.path);
        if self.watch.look(picture.clone(), now_ms) != Step::Read && !at_once {
            return None;
        }
        self.watch.took(picture);
        Some(needs_restart(running))
    }
}

/// One line for each section that differs from what runs.
fn needs_restart(running: &Settings) -> Vec<String> {
    let disk = match load_settings(&running.path) {
        Ok((disk, _)) => disk,
        Err(error) => {
            let first = error.findings().first();
            let cause = first.map_or_else(String::new, |at| format!("{}: {}", at.place, at.text));
            return vec![format!("the next start would fail: {cause}")];
        }
    };
    let sections = [
        ("listen", running.listen != disk.listen),
        ("access", running.access != disk.access),
        ("tables", running.tables != disk.tables),
        ("guard", running.guard != disk.guard),
        ("numbers", running.numbers != disk.numbers),
        ("compat", running.compat != disk.compat),
        ("limits", running.limits != disk.limits),
    ];
    let changed = sections.into_iter().filter(|(_, differs)| *differs);
    changed.map(|(name, _)| format!("[{name}] of {} changed", running.path.display())).collect()
}
