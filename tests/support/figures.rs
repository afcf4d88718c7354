//! What tests measured, left where the test command shows it: one file for each of them.

use std::path::Path;

/// Leaves `text` as the figures called `name`, in place of those of an earlier run, and prints it.
pub fn leave(name: &str, text: &str) {
    println!("{text}");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures");
    let left = std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(folder.join(format!("{name}.txt")), format!("{text}\n")));
    // A test that has failed may still leave what it has; a second panic would hide the first.
    if !std::thread::panicking() {
        left.unwrap();
    }
}
