//! No bytes whatever end the check.

use siproute::config::finding::Finding;
use siproute::config::load::check_settings;
use siproute::config::{Settings, Source, check_tables};
use std::fs;
use std::path::Path;

/// Marsaglia's xorshift, seeded, so that a failure can be had again.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

/// The example with a few places changed: bytes, pieces cut out, pieces of it put elsewhere.
fn mutated(text: &str, random: &mut Random) -> String {
    const PIECES: [&str; 24] = [
        "[",
        "]",
        "[[",
        "]]",
        "=",
        "\"",
        "'",
        "\"\"\"",
        "{",
        "}",
        ",",
        ".",
        "\n",
        "\0",
        "é",
        "\u{202e}",
        "0x",
        "nan",
        "-",
        "9999999999999999999999",
        "1979-05-27",
        "true",
        "[[route]]\n",
        "= = ",
    ];
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len().max(1)).min(bytes.len());
        match random.below(4) {
            0 => {
                let piece = PIECES[random.below(PIECES.len())].bytes();
                bytes.splice(at..at, piece);
            }
            1 => {
                let end = (at + random.below(80)).min(bytes.len());
                bytes.drain(at..end);
            }
            2 => {
                let end = (at + random.below(200)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            _ => bytes.truncate(at.max(bytes.len() / 2)),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn no_text_ends_the_check_and_its_findings_are_single_lines_in_the_file() {
    let conf = Path::new(env!("CARGO_MANIFEST_DIR")).join("conf");
    let routes = fs::read_to_string(conf.join("routes.toml")).unwrap();
    let profiles = fs::read_to_string(conf.join("cgrates-profiles.toml")).unwrap();
    let example = fs::read_to_string(conf.join("siproute.toml")).unwrap();
    let mut random = Random(0x5151_2026);
    let mut refused = 0;
    for round in 0..2_000 {
        let text = mutated([&routes, &profiles][round % 2], &mut random);
        let lines = u32::try_from(text.matches('\n').count()).unwrap() + 1;
        let checked = check_tables(
            &Settings::default(),
            &[Source { name: "r.toml".into(), text: text.clone(), folder: None, is_deck: false }],
        );
        refused += u32::from(checked.input.is_none());
        let (_, findings) = check_settings(Path::new("s.toml"), &mutated(&example, &mut random));
        let beyond = checked.findings.iter().find(|finding| finding.place.line > lines);
        assert_eq!(beyond, None, "round {round}, {lines} lines in\n{text}");
        for finding in checked.findings.iter().chain(&findings) {
            let Finding { text, help, .. } = finding;
            assert!(
                !text.contains(char::is_control) && !help.contains(char::is_control),
                "{finding}"
            );
        }
    }
    assert!((500..2_000).contains(&refused), "{refused} of 2,000 were refused");
}

#[test]
fn a_row_of_which_nothing_could_be_read_is_one_syntax_error() {
    let text = "tenant = \"a\"\n\n[[route]]\n= =\n".to_owned();
    let checked = check_tables(
        &Settings::default(),
        &[Source { name: "r.toml".into(), text, folder: None, is_deck: false }],
    );
    let places: Vec<String> =
        checked.findings.iter().map(|finding| finding.place.to_string()).collect();
    assert_eq!(places, ["r.toml:4:3"]);
    assert!(checked.broken);
}
