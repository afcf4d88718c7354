//! Floor 6: the verbs. Arguments → exit code; what they do lies below.

pub mod check;

use std::path::{Path, PathBuf};

/// The settings file: what `--config` says, else `$SIPROUTE_CONFIG`, else the system's.
#[must_use]
pub fn settings_path(given: Option<&Path>) -> PathBuf {
    let named = || std::env::var_os("SIPROUTE_CONFIG").filter(|path| !path.is_empty());
    given
        .map(Path::to_owned)
        .or_else(|| named().map(PathBuf::from))
        .unwrap_or_else(|| PathBuf::from("/etc/siproute/siproute.toml"))
}
