//! How files are described: each table's keys with name, kind, default and one sentence.
//!
//! The descriptions themselves stand in `keys_settings.rs` and `keys_tables.rs`, and nowhere else:
//! the walk that refuses unknown keys and wrong types, the JSON Schema and the test that every key
//! is documented all read them from there.

/// One table of a file.
#[derive(Debug)]
pub struct TableSpec {
    /// As a file writes it: `[listen]`, `[[route]]`.
    pub heading: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// Its keys, in the order in which they are documented.
    pub keys: fn() -> &'static [Key],
}

impl TableSpec {
    /// The description of a key.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        (self.keys)().iter().find(|key| key.name == name)
    }
}

/// One key of a table.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What may stand there.
    pub kind: Kind,
    /// Whether a table without it is an error.
    pub required: bool,
    /// What holds when it is absent.
    pub default: Preset,
    /// A right value as TOML, for help.
    pub example: &'static str,
    /// What it says, one sentence without a full stop.
    pub doc: &'static str,
}

/// What holds when a key is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Nothing.
    Absent,
    /// A value as TOML.
    Toml(&'static str),
    /// A number.
    Count(u64),
}

/// What may stand at a key.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A string without control characters.
    Text,
    /// A string of 1 to 255 bytes without control characters.
    Id,
    /// One of these strings.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Boolean,
    /// A whole number within bounds.
    Integer(i64, i64),
    /// A finite number.
    Number,
    /// A price: a decimal, as a number or in a string, taken from its written digits.
    Money,
    /// A price, or a Go-style duration in a string.
    Amount,
    /// A moment with its offset from UTC, or a date.
    Date,
    /// A Go-style duration of at least one millisecond.
    Duration,
    /// A moment with its offset from UTC, as a date-time or a string.
    Time,
    /// A number, or one of these strings; the number may be a string, too.
    NumberOr(&'static [&'static str]),
    /// Strings.
    Texts,
    /// Whole numbers within bounds.
    Integers(i64, i64),
    /// A string, or several.
    TextOrTexts,
    /// SIP codes and classes: `"404"`, `"5xx"`.
    Codes,
    /// A SIP code of a final failure, or one of these strings.
    CodeOr(&'static [&'static str]),
    /// A table of strings under names of the user's choice.
    TextMap,
    /// A table.
    Table(&'static TableSpec),
    /// Several tables of one heading.
    Tables(&'static TableSpec),
    /// Tables under names of the user's choice.
    Named(&'static TableSpec),
}

impl Kind {
    /// What is wanted, for messages.
    #[must_use]
    pub fn wanted(&self) -> String {
        match self {
            Self::Text | Self::Id => "a string".into(),
            Self::Word(words) => one_of(words),
            Self::Boolean => "true or false".into(),
            Self::Integer(min, max) => format!("a whole number from {min} to {max}"),
            Self::Number => "a number".into(),
            Self::Money => "a price".into(),
            Self::Amount => "an amount, or a duration in a string".into(),
            Self::Date => "a date, or a date-time with its offset".into(),
            Self::Duration => "a duration in a string".into(),
            Self::Time => "a date-time with its offset".into(),
            Self::NumberOr(words) => format!("a number or {}", one_of(words)),
            Self::Texts => "a list of strings".into(),
            Self::Integers(min, max) => format!("a list of whole numbers from {min} to {max}"),
            Self::TextOrTexts => "a string or a list of strings".into(),
            Self::Codes => "a list of SIP codes and classes".into(),
            Self::CodeOr(words) => format!("a SIP code from 400 to 699 or {}", one_of(words)),
            Self::TextMap => "a table of strings".into(),
            Self::Table(_) | Self::Named(_) => "a table".into(),
            Self::Tables(_) => "a list of tables".into(),
        }
    }
}

/// `"a", "b" or "c"`.
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

impl Key {
    pub(super) const fn new(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { name, kind, required: false, default: Preset::Absent, example: "", doc }
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn default(mut self, toml: &'static str) -> Self {
        self.default = Preset::Toml(toml);
        self
    }

    pub(super) const fn example(mut self, toml: &'static str) -> Self {
        self.example = toml;
        self
    }

    /// A right way to write it: the example, else the default.
    #[must_use]
    pub fn sample(&self) -> String {
        match (self.example, self.default) {
            ("", Preset::Toml(text)) => text.into(),
            ("", Preset::Count(count)) => count.to_string(),
            (example, _) => example.into(),
        }
    }
}

/// The name among `names` that was probably meant.
#[must_use]
pub fn did_you_mean<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let word: String = word.chars().take(64).flat_map(char::to_lowercase).collect();
    let allowed = match word.len() {
        0 => return None,
        1..=3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    names
        .into_iter()
        .filter(|name| name.len().abs_diff(word.len()) <= allowed)
        .map(|name| (strsim::damerau_levenshtein(&word, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= allowed && *distance < name.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Every key of settings and tables by its full name: `listen.udp`, `supplier.id`,
/// `failover.policy.NAME.continue`.
#[must_use]
pub fn key_names() -> Vec<String> {
    let mut names = Vec::new();
    for root in [&super::keys_settings::SETTINGS, &super::keys_tables::TABLES] {
        add_names("", root, &mut names);
    }
    names
}

fn add_names(prefix: &str, spec: &TableSpec, names: &mut Vec<String>) {
    for key in (spec.keys)() {
        let name = format!("{prefix}{}", key.name);
        match key.kind {
            Kind::Table(inner) | Kind::Tables(inner) => {
                add_names(&format!("{name}."), inner, names)
            }
            Kind::Named(inner) => add_names(&format!("{name}.NAME."), inner, names),
            _ => names.push(name),
        }
    }
}

/// The heading of every table that has a key of this name.
pub(super) fn tables_with_key(name: &str) -> Vec<&'static str> {
    fn search(spec: &'static TableSpec, name: &str, found: &mut Vec<&'static str>) {
        for key in (spec.keys)() {
            if key.name == name && !found.contains(&spec.heading) {
                found.push(spec.heading);
            }
            if let Kind::Table(inner) | Kind::Tables(inner) | Kind::Named(inner) = key.kind {
                search(inner, name, found);
            }
        }
    }
    let mut found = Vec::new();
    search(&super::keys_settings::SETTINGS, name, &mut found);
    search(&super::keys_tables::TABLES, name, &mut found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        let names = ["supplier", "route", "profile", "failover", "tenant", "udp"];
        for (word, want) in [
            ("suplier", Some("supplier")),
            ("SUPPLIER", Some("supplier")),
            ("suppliers", Some("supplier")),
            ("rotue", Some("route")),
            ("failovr", Some("failover")),
            ("upd", Some("udp")),
            ("x", None),
            ("", None),
            ("dispatcher", None),
        ] {
            assert_eq!(did_you_mean(word, names), want, "{word}");
        }
    }

    #[test]
    fn every_key_is_named_once_and_says_what_it_is_for() {
        let names = key_names();
        let mut unique = names.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), names.len());
        for name in
            ["listen.udp", "limits.calls_max", "failover.policy.NAME.continue", "profile.route.id"]
        {
            assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
        }
    }
}
