//! Reading table files: what is no regular file, what is too long, what is no text.

use siproute::config::files::{idle_patterns, read_each};
use siproute::config::finding::Finding;
use siproute::config::{Settings, Source, check_tables, load_settings, read_sources, table_files};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of its own, gone with the value.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("siproute-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.0.join(name), bytes).unwrap();
    }

    fn settings(&self, files: &[&str]) -> Settings {
        let mut settings = Settings { path: self.0.join("s.toml"), ..Settings::default() };
        settings.tables.files = files.iter().map(|file| (*file).to_owned()).collect();
        settings
    }

    /// The findings of reading one file, without the folder's name.
    fn findings(&self, settings: &Settings) -> Vec<String> {
        let folder = format!("{}/", self.0.display());
        let plain = |finding: Finding| finding.to_string().replace(&folder, "");
        read_sources(settings).err().unwrap_or_default().into_iter().map(plain).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

#[test]
fn what_cannot_be_read_is_a_finding_and_holds_nothing_up() {
    let folder = Folder::new("unreadable");
    folder.write("good.toml", "tenant = \"a\"\n");
    folder.write("latin1.toml", b"tenant = \"a\"\n# gr\xfcn\n");
    folder.write("zero.toml", b"tenant = \"a\"\n\0\0");
    folder.write("long.toml", "#".repeat(2000));
    fs::create_dir(folder.0.join("dir.toml")).unwrap();
    let fifo = folder.0.join("fifo.toml");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", folder.0.join("zeros.toml")).unwrap();
    std::os::unix::fs::symlink("loop.toml", folder.0.join("loop.toml")).unwrap();

    for (file, wanted) in [
        ("gone.toml", "gone.toml: error: there is no such file\n  help: `tables.files` of "),
        ("latin1.toml", "latin1.toml:2:5: error: the byte 0xfc is no UTF-8"),
        ("zero.toml", "zero.toml:2:1: error: a zero byte stands here"),
        ("long.toml", "long.toml: error: the file has 2000 bytes, more than 1024"),
        ("dir.toml", "dir.toml: error: this is no regular file"),
        ("fifo.toml", "fifo.toml: error: this is no regular file"),
        ("zeros.toml", "zeros.toml: error: this is no regular file"),
        ("loop.toml", "loop.toml: error: it cannot be read"),
    ] {
        let mut settings = folder.settings(&["good.toml", file]);
        settings.limits.table_file_max = 1024;
        let findings = folder.findings(&settings);
        assert!(
            matches!(findings.as_slice(), [one] if one.starts_with(wanted)),
            "wanted {wanted}, found {findings:?}"
        );
        let (sources, _) = read_each(&settings);
        assert_eq!(sources.len(), 1, "what can be read is read beside {file}");
    }
}

#[test]
fn a_pattern_that_fits_no_file_is_a_warning() {
    let folder = Folder::new("idle");
    folder.write("a.toml", "");
    for (files, want) in [
        (&["a.toml", "a*.toml"][..], &[][..]),
        (&["gone.toml"], &[]),
        (&["x*.toml", "*.toml", "nowhere/*.toml"], &["`x*.toml`", "`nowhere/*.toml`"]),
    ] {
        let findings = idle_patterns(&folder.settings(files));
        assert_eq!(findings.len(), want.len(), "{findings:?}");
        for (finding, want) in findings.iter().zip(want) {
            let told = finding.to_string();
            assert!(
                told.contains("s.toml: warning: the pattern ") && told.contains(want),
                "{told}"
            );
        }
    }
}

#[test]
fn patterns_stand_for_the_files_that_fit_each_once_in_order() {
    let folder = Folder::new("patterns");
    fs::create_dir(folder.0.join("routes.d")).unwrap();
    for name in [
        "b.toml",
        "routes.d/20-b.toml",
        "routes.d/10-a.toml",
        "routes.d/x.toml~",
        "routes.d/.h.toml",
    ] {
        folder.write(name, "");
    }
    for (files, wanted) in [
        (
            vec!["b.toml", "routes.d/*.toml"],
            vec!["b.toml", "routes.d/10-a.toml", "routes.d/20-b.toml"],
        ),
        (
            vec!["routes.d/20-b.toml", "routes.d/*.toml"],
            vec!["routes.d/20-b.toml", "routes.d/10-a.toml"],
        ),
        (vec!["gone.d/*.toml"], vec![]),
        (vec!["*.toml"], vec!["b.toml"]),
        (vec!["gone.toml"], vec!["gone.toml"]),
    ] {
        let found = table_files(&folder.settings(&files)).unwrap();
        let wanted: Vec<PathBuf> = wanted.iter().map(|name| folder.0.join(name)).collect();
        assert_eq!(found, wanted, "{files:?}");
    }
}

#[test]
fn a_settings_file_that_is_missing_says_so() {
    let error = load_settings(Path::new("nowhere/s.toml")).unwrap_err();
    assert_eq!(error.to_string(), "nowhere/s.toml: error: there is no such file");
}

#[test]
fn more_rows_than_the_limits_allow_are_an_error() {
    let row = "[[route]]\ntarget = \"+1\"\nsupplier = \"a\"\n";
    let mut settings = Settings::default();
    settings.limits.table_routes_max = 3;
    settings.limits.suppliers_max = 1;
    let text = format!("[[supplier]]\nid = \"a\"\n[[supplier]]\nid = \"b\"\n{}", row.repeat(4));
    let checked = check_tables(
        &settings,
        &[Source { name: "r.toml".into(), text, folder: None, is_deck: false }],
    );
    let texts: Vec<String> = checked.findings.iter().map(ToString::to_string).collect();
    for wanted in [
        "r.toml:14:1: error: there are 4 rows of `[[route]]`, more than 3",
        "r.toml:4:6: error: there are 2 suppliers, more than 1",
    ] {
        assert!(texts.iter().any(|text| text.starts_with(wanted)), "{wanted} in {texts:#?}");
    }
    assert!(checked.input.is_none());
}
