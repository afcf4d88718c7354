//! From text to tables whose keys and kinds are right: parses a file, compares it with its
//! description, and hands out values.
//!
//! Two steps: [`check`] reports what is wrong once; the getters of [`Node`] give `None` for what is
//! absent or wrong, silently, so that readers need not tell these apart.

use super::finding::{Severity, shown};
use super::keys_settings::SETTINGS;
use super::keys_tables;
use super::report::{Mark, Report};
use super::schema::{Key, Kind, TableSpec, did_you_mean, tables_with_key};
use super::value::{self, Fault};
use crate::model::definition::Stamp;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// Parses a file; every syntax error goes to the report.
pub(super) fn parse<'s>(text: &'s str, file: u32, report: &mut Report<'s>) -> DeTable<'s> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        let (text, help) = syntax_help(error.message());
        report.syntax(Mark::new(file, at), &text, help);
    }
    table.into_inner()
}

/// The parser's words, with a way out where they leave one to be guessed.
fn syntax_help(message: &str) -> (String, &'static str) {
    match message {
        "duplicate key" => (
            "this key or table is there twice".into(),
            "keep one; a list of tables is written with two brackets, `[[route]]`",
        ),
        other if other.contains("quoted") => (other.into(), "put the text in double quotes"),
        other => (
            other.trim_end_matches(", expected nothing").into(),
            "see https://toml.io for how values are written",
        ),
    }
}

/// A table with its description.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'a> {
    table: &'a DeTable<'a>,
    spec: &'static TableSpec,
    file: u32,
    start: usize,
}

impl<'a> Node<'a> {
    pub(super) fn root(table: &'a DeTable<'a>, spec: &'static TableSpec, file: u32) -> Self {
        Self { table, spec, file, start: 0 }
    }

    /// Where the table begins.
    pub(super) fn mark(&self) -> Mark {
        Mark::new(self.file, self.start)
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(key)
    }

    /// The value, unless it is absent or wrong in itself.
    fn sound(&self, key: &str) -> Option<&'a DeValue<'a>> {
        let value = self.get(key)?.get_ref();
        let key = self.spec.key(key)?;
        single_is_sound(key, value).then_some(value)
    }

    /// Where the value of a key is, else where the table begins.
    pub(super) fn mark_of(&self, key: &str) -> Mark {
        self.get(key).map_or_else(|| self.mark(), |value| Mark::new(self.file, value.span().start))
    }

    /// Whether the key is there, right or wrong.
    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether the key is there, and right in itself.
    pub(super) fn is_sound(&self, key: &str) -> bool {
        self.sound(key).is_some()
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.sound(key)?.as_str()
    }

    pub(super) fn boolean(&self, key: &str) -> Option<bool> {
        self.sound(key)?.as_bool()
    }

    pub(super) fn integer(&self, key: &str) -> Option<i64> {
        value::integer(self.sound(key)?.as_integer()?)
    }

    pub(super) fn number(&self, key: &str) -> Option<f64> {
        value::number(self.sound(key)?)
    }

    pub(super) fn duration_ms(&self, key: &str) -> Option<u32> {
        value::duration_ms(self.text(key)?).ok()
    }

    pub(super) fn time_ns(&self, key: &str) -> Option<i64> {
        value::time_ns(self.sound(key)?).ok()
    }

    /// The moment with the offset that it was written in.
    pub(super) fn stamp(&self, key: &str) -> Option<Stamp> {
        value::stamp(self.sound(key)?)
    }

    /// A number's digits, or the string in its place.
    pub(super) fn number_text(&self, key: &str) -> Option<String> {
        value::digits(self.sound(key)?)
    }

    /// A date or a moment, as it is written.
    pub(super) fn time_text(&self, key: &str) -> Option<String> {
        value::time_text(self.sound(key)?)
    }

    /// The whole numbers of a list; `None` without the key.
    pub(super) fn integers(&self, key: &str) -> Option<Vec<i64>> {
        let items = self.sound(key)?.as_array()?.iter();
        Some(items.filter_map(|item| value::integer(item.get_ref().as_integer()?)).collect())
    }

    /// The strings of a list, or the one string in its place; `None` without the key.
    pub(super) fn list(&self, key: &str) -> Option<Vec<String>> {
        match self.get(key)?.get_ref() {
            DeValue::String(text) => Some(vec![text.to_string()]),
            DeValue::Array(_) => Some(self.texts(key).map(|(text, _)| text.to_owned()).collect()),
            _ => None,
        }
    }

    /// The value of a key that is a code or a word.
    pub(super) fn code_or_word(&self, key: &str) -> Option<&'a DeValue<'a>> {
        self.sound(key)
    }

    /// The items of a list with their places.
    pub(super) fn items(
        &self,
        key: &str,
    ) -> impl Iterator<Item = (&'a DeValue<'a>, Mark)> + use<'a> {
        let file = self.file;
        let items = self.get(key).and_then(|value| value.get_ref().as_array());
        let items = items.into_iter().flat_map(|items| items.iter());
        items.map(move |item| (item.get_ref(), Mark::new(file, item.span().start)))
    }

    /// The strings of a list with their places.
    pub(super) fn texts(&self, key: &str) -> impl Iterator<Item = (&'a str, Mark)> + use<'a> {
        self.items(key).filter_map(|(value, mark)| Some((value.as_str()?, mark)))
    }

    /// The strings of a list, or the one string in its place, with their places.
    pub(super) fn one_or_more_texts(&self, key: &str) -> Vec<(&'a str, Mark)> {
        match self.get(key).and_then(|value| value.get_ref().as_str()) {
            Some(text) => vec![(text, self.mark_of(key))],
            None => self.texts(key).collect(),
        }
    }

    /// Names and strings of a table of strings, in file order.
    pub(super) fn text_map(&self, key: &str) -> Vec<(&'a str, &'a str, Mark)> {
        let table = self.get(key).and_then(|value| value.get_ref().as_table());
        let mut entries: Vec<_> = table.into_iter().flat_map(|table| table.iter()).collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let entry = |(name, value): (&'a Spanned<DeString<'a>>, &'a Spanned<DeValue<'a>>)| {
            let mark = Mark::new(self.file, name.span().start);
            Some((&**name.get_ref(), value.get_ref().as_str()?, mark))
        };
        entries.into_iter().filter_map(entry).collect()
    }

    /// The table at a key.
    pub(super) fn table(&self, key: &str) -> Option<Self> {
        let Kind::Table(spec) = self.spec.key(key)?.kind else { return None };
        self.child(self.get(key)?, spec)
    }

    /// The tables at a key.
    pub(super) fn tables(&self, key: &str) -> Vec<Self> {
        let Some(Kind::Tables(spec)) = self.spec.key(key).map(|key| key.kind) else {
            return Vec::new();
        };
        let items = self.get(key).and_then(|value| value.get_ref().as_array());
        let items = items.into_iter().flat_map(|items| items.iter());
        items.filter_map(|item| self.child(item, spec)).collect()
    }

    /// The tables under names of the user's choice, in file order.
    pub(super) fn named(&self, key: &str) -> Vec<(&'a str, Mark, Self)> {
        let Some(Kind::Named(spec)) = self.spec.key(key).map(|key| key.kind) else {
            return Vec::new();
        };
        let table = self.get(key).and_then(|value| value.get_ref().as_table());
        let mut entries: Vec<_> = table.into_iter().flat_map(|table| table.iter()).collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let entry = |(name, value): (&'a Spanned<DeString<'a>>, &'a Spanned<DeValue<'a>>)| {
            let mark = Mark::new(self.file, name.span().start);
            Some((&**name.get_ref(), mark, self.child(value, spec)?))
        };
        entries.into_iter().filter_map(entry).collect()
    }

    fn child(&self, value: &'a Spanned<DeValue<'a>>, spec: &'static TableSpec) -> Option<Self> {
        let table = value.get_ref().as_table()?;
        Some(Self { table, spec, file: self.file, start: value.span().start })
    }

    /// What `read` makes of a string; its error is reported as one of this key.
    pub(super) fn read<T>(
        &self,
        key: &str,
        report: &mut Report<'_>,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.text(key)?;
        self.result(key, self.mark_of(key), report, read(text))
    }

    /// What `read` makes of each string of a list.
    pub(super) fn read_all<T>(
        &self,
        key: &str,
        report: &mut Report<'_>,
        mut read: impl FnMut(&str) -> Result<T, String>,
    ) -> Vec<T> {
        // What holds control characters is wrong whatever it says, and reported as such.
        self.texts(key)
            .filter(|(text, _)| !text.contains(char::is_control))
            .filter_map(|(text, mark)| self.result(key, mark, report, read(text)))
            .collect()
    }

    fn result<T>(
        &self,
        key: &str,
        mark: Mark,
        report: &mut Report<'_>,
        result: Result<T, String>,
    ) -> Option<T> {
        result
            .map_err(|text| {
                let sample = self.spec.key(key).map(Key::sample).unwrap_or_default();
                let help = format!("for example `{key} = {sample}`");
                report.error(mark, &format!("`{key}`: {text}"), &help);
            })
            .ok()
    }
}

fn single_is_sound(key: &Key, value: &DeValue<'_>) -> bool {
    value::faults(key, value).is_empty()
}

/// Reports unknown keys, missing keys and values of a wrong kind, in this table and those below.
pub(super) fn check(node: Node<'_>, report: &mut Report<'_>) {
    for (name, value) in node.table.iter() {
        let Some(key) = node.spec.key(name.get_ref()) else {
            unknown_key(&node, name, value.get_ref(), report);
            continue;
        };
        match (key.kind, value.get_ref()) {
            (Kind::Tables(spec), DeValue::Array(items)) => {
                for item in items.iter() {
                    match node.child(item, spec) {
                        Some(child) => check(child, report),
                        None => report_faults(&node, key, item, report),
                    }
                }
            }
            (Kind::Named(spec), DeValue::Table(tables)) => {
                for (name, item) in tables.iter() {
                    match node.child(item, spec) {
                        Some(child) => check(child, report),
                        None => {
                            let mark = Mark::new(node.file, name.span().start);
                            let text = format!("{} must be a table", shown(name.get_ref()));
                            report.error(mark, &text, &format!("write {}", spec.heading));
                        }
                    }
                }
            }
            (Kind::Table(spec), DeValue::Table(_)) => {
                if let Some(child) = node.child(value, spec) {
                    check(child, report);
                }
            }
            _ => report_faults(&node, key, value, report),
        }
    }
    missing_keys(&node, report);
}

fn report_faults(
    node: &Node<'_>,
    key: &Key,
    value: &Spanned<DeValue<'_>>,
    report: &mut Report<'_>,
) {
    // What stands in for a value that could not be read has no place of its own.
    if report.is_broken() && value.span().is_empty() {
        return;
    }
    for Fault { at, text, help } in value::faults(key, value.get_ref()) {
        let at = at.unwrap_or_else(|| value.span());
        report.error(Mark::new(node.file, at.start), &text, &help);
    }
}

fn missing_keys(node: &Node<'_>, report: &mut Report<'_>) {
    let missing = (node.spec.keys)().iter().filter(|key| key.required && !node.has(key.name));
    for key in missing {
        let values = node.table.values().map(|value| value.span().end);
        let end = Mark::new(node.file, values.max().unwrap_or(node.start));
        // A line that cannot be read may be the one that is missed.
        if !report.is_broken_near(node.mark(), end) {
            let text = format!("{} lacks `{}`", node.spec.heading, key.name);
            report.error(node.mark(), &text, &format!("add `{} = {}`", key.name, key.sample()));
        }
    }
}

fn unknown_key(
    node: &Node<'_>,
    name: &Spanned<DeString<'_>>,
    value: &DeValue<'_>,
    report: &mut Report<'_>,
) {
    let word: &str = name.get_ref();
    let mark = Mark::new(node.file, name.span().start);
    let is_settings = std::ptr::eq(node.spec, &SETTINGS);
    let is_tables = std::ptr::eq(node.spec, &keys_tables::TABLES);
    let known = || (node.spec.keys)().iter().map(|key| key.name);
    // `[[routes]]` is a slip of `[[route]]`, not the settings' `[routes]`.
    let is_of = |spec: &TableSpec| {
        let brackets = |key| value::has_brackets_of(key, value);
        spec.key(word).is_some_and(|key| brackets(key) || did_you_mean(word, known()).is_none())
    };
    if is_settings && is_of(&keys_tables::TABLES) {
        let help = "move it to a file that `tables.files` names: settings need a restart, tables are \
                    read again while running";
        report.error(mark, &format!("`{word}` belongs in a table file, not in the settings"), help);
        return;
    }
    if is_tables && is_of(&SETTINGS) {
        let help = "move it to the settings, the file that `--config` names";
        report.error(mark, &format!("`{word}` belongs in the settings, not in a table file"), help);
        return;
    }
    if report.is_full(Severity::Error) {
        report.error(mark, "", "");
        return;
    }
    let elsewhere = tables_with_key(word);
    let help = match did_you_mean(word, known()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if !elsewhere.is_empty() => {
            format!(
                "it is a key of {}: keys belong to the heading above them",
                elsewhere.join(", ")
            )
        }
        None => {
            let names: Vec<&str> = known().take(20).collect();
            format!("{} knows {}", node.spec.heading, names.join(", "))
        }
    };
    report.error(mark, &format!("unknown key {}", shown(word)), &help);
}
