//! The fingerprint of a table's files: the same on every node that read the same.

use crate::config::{Settings, Source};
use uuid::Uuid;

/// Hex digits of a fingerprint.
const DIGITS: usize = 12;

/// A short hash of the files' texts in their order, and of the settings that change what they mean.
/// Where the files lie makes no difference.
#[must_use]
pub(super) fn fingerprint(settings: &Settings, sources: &[Source]) -> String {
    let numbers = &settings.numbers;
    let meaning = format!(
        "country {:?} international {:?} national {:?} keep_short {} voipbin_exact_targets {} \
         {:?}",
        numbers.country.map(|digits| digits.to_string()),
        numbers.international,
        numbers.national,
        numbers.keep_short,
        settings.compat.voipbin_exact_targets,
        settings.rules(),
    );
    let start = Uuid::new_v5(&Uuid::NAMESPACE_OID, meaning.as_bytes());
    // Each text is hashed under what came before it: no text can pass for two.
    let under = |before: Uuid, text: &str| Uuid::new_v5(&before, text.as_bytes());
    let chain = |before: Uuid, source: &Source| {
        // A file of a tariff plan means what its name says. No text has a zero byte.
        let name = source.name_in_folder().map(|name| under(before, &format!("\0{name}")));
        let deck = source.is_deck.then(|| under(before, "\0deck"));
        under(name.or(deck).unwrap_or(before), &source.text)
    };
    let whole = sources.iter().fold(start, chain);
    digits(whole)
}

/// A hash of any text, as long as a fingerprint is.
#[must_use]
pub(super) fn short(text: &str) -> String {
    digits(Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes()))
}

fn digits(hash: Uuid) -> String {
    hash.simple().to_string().chars().take(DIGITS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::{Compat, Guard};

    fn sources(texts: &[&str]) -> Vec<Source> {
        let source = |(at, text): (usize, &&str)| Source {
            name: format!("folder{}/{at}.toml", text.len()).into(),
            text: (*text).to_owned(),
            folder: None,
            is_deck: false,
        };
        texts.iter().enumerate().map(source).collect()
    }

    #[test]
    fn only_what_changes_the_table_changes_the_fingerprint() {
        let plain = Settings::default();
        let guard = Guard { shrink_max_percent: 7 };
        let path = "/etc/other.toml".into();
        let elsewhere = Settings { path, guard, ..Settings::default() };
        let compat = Compat { voipbin_exact_targets: true, ..Compat::default() };
        let exact = Settings { compat, ..Settings::default() };
        let mut indexed = Settings::default();
        indexed.routes.indexed_selects = true;
        let of = |settings: &Settings, texts: &[&str]| fingerprint(settings, &sources(texts));
        let base = of(&plain, &["a", "b"]);
        assert_eq!(base.len(), DIGITS);
        assert_eq!(of(&elsewhere, &["a", "b"]), base);
        for other in [
            of(&exact, &["a", "b"]),
            of(&indexed, &["a", "b"]),
            of(&plain, &["b", "a"]),
            of(&plain, &["ab"]),
            of(&plain, &["a", "b", ""]),
            of(&plain, &["a"]),
        ] {
            assert_ne!(other, base);
        }
        let plan = |folder: &str, name: &str| {
            let name = format!("{folder}/{name}").into();
            let source =
                Source { name, text: "a".into(), folder: Some(folder.into()), is_deck: false };
            fingerprint(&plain, &[source])
        };
        let base = plan("plan", "Routes.csv");
        assert_eq!(plan("elsewhere/plan", "Routes.csv"), base);
        assert_ne!(plan("plan", "Suppliers.csv"), base);
        assert_ne!(of(&plain, &["a"]), base);
    }
}
