//! A folder of a test's own with settings and tables in it; gone with its guard.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// The folder.
pub struct Folder(PathBuf);

impl Folder {
    /// An empty folder under the build's own.
    pub fn new(name: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Relaxed);
        let name = format!("{name}-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        drop(std::fs::remove_dir_all(&path));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file in place.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Writes a file beside and renames it into place.
    pub fn replace(&self, name: &str, text: &str) {
        let beside = self.path(&format!("{name}.new"));
        std::fs::write(&beside, text).unwrap();
        std::fs::rename(beside, self.path(name)).unwrap();
    }

    /// Settings that listen on UDP alone, and whatever else stands in `more`.
    pub fn settings(&self, more: &str) -> PathBuf {
        self.write("siproute.toml", &format!("[listen]\nudp = [\"127.0.0.1:0\"]\n{more}"));
        self.path("siproute.toml")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Suppliers `s0`…, each with so many rows; every supplier's parameters are `mark`.
pub fn table(mark: &str, rows: &[usize]) -> String {
    let mut text = String::new();
    for (supplier, _) in rows.iter().enumerate() {
        text += &format!("[[supplier]]\nid = \"s{supplier}\"\nparameters = \"{mark}\"\n");
    }
    for (supplier, count) in rows.iter().enumerate() {
        for row in 0..*count {
            // The first row of each supplier serves everyone.
            let target = if row == 0 { "all".into() } else { format!("+49{row:05}") };
            text += &format!("[[route]]\ntarget = \"{target}\"\nsupplier = \"s{supplier}\"\n");
        }
    }
    text
}
