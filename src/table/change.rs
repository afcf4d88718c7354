//! What an API changes in a table, and why it may not.
//!
//! Files and APIs go one path: whatever is stated becomes part of a table through [`Table::changed`](super::Table::changed).

use crate::model::definition::{AccountEdit, Definition, Key, Kind};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;

/// What an API asks for: what becomes of it may depend on what is there when its turn comes.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// A change, whatever is there.
    Change(Change),
    /// States a definition, where there is none of its key.
    Add(Box<Definition>),
    /// Changes fields of an account, which is made where there is none.
    Account(Box<AccountEdit>),
}

impl From<Change> for Edit {
    fn from(change: Change) -> Self {
        Self::Change(change)
    }
}

/// What is changed in a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// States a definition, in place of the one that was there.
    Set(Box<Definition>),
    /// Takes a definition away.
    Remove(Key),
    /// States everything that a folder holds; what else is there stays.
    Load(Folder),
}

/// A tariff-plan folder that was read: kept as its files, since it may be gone tomorrow.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Folder {
    /// Where it lay.
    pub path: String,
    /// Its files, name and content, in the order in which they are read.
    pub files: Vec<(String, Vec<u8>)>,
    /// What they say.
    pub definitions: Vec<Definition>,
}

/// Why a change is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeError {
    /// What is to be removed is not there.
    NotFound,
    /// It is there, and was not to be overwritten.
    Exists,
    /// A filter is named that is not there, or cannot be read.
    BrokenReference {
        /// As the definition names it.
        filter: String,
        /// The definition.
        key: Key,
        /// Whether it is worded as 0.10 words it.
        is_old: bool,
    },
    /// The definition cannot be used.
    Invalid {
        /// Why, for people.
        text: String,
    },
    /// The folder cannot be read, or a file of it is wrong.
    BadFolder {
        /// What is answered, as CGRateS answers it.
        answer: String,
    },
    /// Profiles name the filter that is to be removed.
    InUse {
        /// The filter.
        filter: Key,
        /// Who names it: kind and id.
        users: Vec<(Kind, String)>,
    },
    /// A file holds it: what a file states no API changes.
    InFile {
        /// What it is.
        key: Key,
        /// `FILE:LINE`.
        place: String,
    },
    /// The database could not be written.
    Store {
        /// Why, for people.
        text: String,
    },
}

impl fmt::Display for ChangeError {
    /// As CGRateS answers it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("NOT_FOUND"),
            Self::Exists => f.write_str("EXISTS"),
            Self::BadFolder { answer } => f.write_str(answer),
            Self::BrokenReference { filter, key, is_old: true } => {
                let id = &key.id;
                write!(
                    f,
                    "SERVER_ERROR: broken reference to filter: {filter} for itemType: spp_ and ID: {id}"
                )
            }
            Self::BrokenReference { filter, key, is_old: false } => {
                write!(
                    f,
                    "SERVER_ERROR: broken reference to filter: <{filter}> for item with ID: {key}"
                )
            }
            Self::Invalid { text } | Self::Store { text } => write!(f, "SERVER_ERROR: {text}"),
            Self::InUse { filter, users } => write!(
                f,
                "SERVER_ERROR: cannot remove filter <{filter}> because will broken the reference to \
                 following items: {}",
                indexes(users)
            ),
            Self::InFile { key, place } => {
                write!(f, "SERVER_ERROR: {key} is defined in {place}")
            }
        }
    }
}

impl std::error::Error for ChangeError {}

/// `{"*route_filter_indexes":{"RP1":{}}}`: who names a filter, by the index that CGRateS keeps of them.
fn indexes(users: &[(Kind, String)]) -> String {
    let mut by_index: BTreeMap<String, BTreeMap<&str, Value>> = BTreeMap::new();
    for (kind, id) in users {
        let index = match kind {
            Kind::Profile => "*route_filter_indexes".to_owned(),
            kind => format!("*{}_filter_indexes", kind.name()),
        };
        by_index.entry(index).or_default().insert(id, json!({}));
    }
    // Maps with texts for keys are always written.
    let json = serde_json::to_string(&by_index).unwrap_or_default();
    // Outside of strings JSON has none of these, so that all of them stand in ids.
    [('<', "\\u003c"), ('>', "\\u003e"), ('&', "\\u0026")]
        .into_iter()
        .fold(json, |json, (sign, escape)| json.replace(sign, escape))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kind: Kind, tenant: &str, id: &str) -> Key {
        Key { kind, tenant: tenant.into(), id: id.into() }
    }

    #[test]
    fn a_refusal_is_worded_as_cgrates_words_it() {
        let users = |users: &[(Kind, &str)]| {
            users.iter().map(|(kind, id)| (*kind, (*id).to_owned())).collect::<Vec<_>>()
        };
        let filter = key(Kind::Filter, "sa000300", "FA_0");
        let in_use = |named: &[(Kind, &str)]| ChangeError::InUse {
            filter: filter.clone(),
            users: users(named),
        };
        let cannot = "SERVER_ERROR: cannot remove filter <sa000300:FA_0> because will broken the \
                      reference to following items: ";
        for (error, want) in [
            (ChangeError::NotFound, "NOT_FOUND".to_owned()),
            (ChangeError::Exists, "EXISTS".to_owned()),
            (ChangeError::BadFolder { answer: "INVALID_PATH".into() }, "INVALID_PATH".to_owned()),
            (
                ChangeError::BrokenReference {
                    filter: "*never:".into(),
                    key: key(Kind::Profile, "roc00007", "P4"),
                    is_old: false,
                },
                "SERVER_ERROR: broken reference to filter: <*never:> for item with ID: roc00007:P4"
                    .to_owned(),
            ),
            (ChangeError::Invalid { text: "no".into() }, "SERVER_ERROR: no".to_owned()),
            (ChangeError::Store { text: "full".into() }, "SERVER_ERROR: full".to_owned()),
            (
                ChangeError::InFile {
                    key: key(Kind::Profile, "cgrates.org", "RP1"),
                    place: "routes.toml:12".into(),
                },
                "SERVER_ERROR: cgrates.org:RP1 is defined in routes.toml:12".to_owned(),
            ),
            (
                ChangeError::InFile {
                    key: key(Kind::Destination, "", "DST"),
                    place: "a.toml:1".into(),
                },
                "SERVER_ERROR: DST is defined in a.toml:1".to_owned(),
            ),
            (
                in_use(&[(Kind::Profile, "AD_1")]),
                format!("{cannot}{{\"*route_filter_indexes\":{{\"AD_1\":{{}}}}}}"),
            ),
            (
                in_use(&[(Kind::Profile, "B"), (Kind::Attribute, "A<"), (Kind::Profile, "A\"")]),
                format!(
                    "{cannot}{{\"*attribute_filter_indexes\":{{\"A\\u003c\":{{}}}},\
                     \"*route_filter_indexes\":{{\"A\\\"\":{{}},\"B\":{{}}}}}}"
                ),
            ),
        ] {
            assert_eq!(error.to_string(), want, "{error:?}");
        }
    }
}
