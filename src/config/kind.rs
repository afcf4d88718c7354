//! Which kind of file a text is: settings, or a table.

use super::keys_settings::SETTINGS;
use super::keys_tables::TABLES;
use super::schema::{TableSpec, did_you_mean};
use super::value;
use toml::de::{DeTable, DeValue};

/// Whether a heading with its value is one of a description.
type Known = dyn Fn(&TableSpec, &str, &DeValue<'_>) -> bool;

/// The two kinds of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Listeners, access, limits: `siproute.toml`.
    Settings,
    /// Suppliers and routes: `routes.toml`.
    Table,
}

impl FileKind {
    /// Tells by the headings: those of which kind there are more, slips of the pen included. A
    /// text without any, or with as many of both, is a table.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let (table, _) = DeTable::parse_recoverable(text);
        let count = |known: &Known, spec: &TableSpec| {
            let entries = table.get_ref().iter();
            entries.filter(|(key, value)| known(spec, key.get_ref(), value.get_ref())).count()
        };
        let exact = |spec: &TableSpec, word: &str, value: &DeValue<'_>| {
            spec.key(word).is_some_and(|key| value::has_brackets_of(key, value))
        };
        let near = |spec: &TableSpec, word: &str, _: &DeValue<'_>| {
            did_you_mean(word, (spec.keys)().iter().map(|key| key.name)).is_some()
        };
        let by = |known: &Known| count(known, &SETTINGS).cmp(&count(known, &TABLES));
        if by(&exact).then_with(|| by(&near)).is_gt() { Self::Settings } else { Self::Table }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_its_headings() {
        for (text, want) in [
            ("[listen]\nudp = []\n", FileKind::Settings),
            ("[[supplier]]\n", FileKind::Table),
            ("[listn]\n", FileKind::Settings),
            ("[[suplier]]\n", FileKind::Table),
            ("[listen]\n[access]\n[[route]]\n", FileKind::Settings),
            ("", FileKind::Table),
            ("= = =\n", FileKind::Table),
            ("[routes]\nindexed_selects = true\n", FileKind::Settings),
            ("[[routes]]\n", FileKind::Table),
        ] {
            assert_eq!(FileKind::of(text), want, "{text}");
        }
    }
}
