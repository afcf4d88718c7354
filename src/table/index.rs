//! The index of a tenant's profiles: from an event to those that can match it.
//!
//! Two ways of using it. By default every profile can match, and each is entered once: under the rule
//! that leads to it most narrowly, or under none. A rule may lead to a profile only when nothing before it
//! can end in an error, since such an error is the answer to the whole question; so the index leaves out
//! no profile that a look at each of them would find (`tests/cgrates/property.rs`). With
//! `indexed_selects` it is CGRateS' own (sections 3.1 and 5.9): every rule that it can index leads to the
//! profile, one of them is enough, and a profile without any is hidden.

use super::filter::{Filter, How, Lead, Rule};
use super::path::Path;
use super::posting::Posting;
use super::profile::ProfileIndex;
use foldhash::fast::FixedState;
use imbl::shared_ptr::DefaultSharedPtr;
use imbl::{GenericHashMap, OrdMap};
use std::sync::Arc;

type Texts = GenericHashMap<Arc<str>, Posting, FixedState, DefaultSharedPtr>;

/// An index.
#[derive(Debug, Clone, Default)]
pub struct Index {
    fields: OrdMap<Arc<str>, Field>,
    /// Profiles that nothing leads to: each question looks at them.
    always: Posting,
}

/// What the values of one field lead to.
#[derive(Debug, Clone)]
pub struct Field {
    /// Where the value comes from.
    pub path: Path,
    exact: Texts,
    prefix: Texts,
    suffix: Texts,
    exists: Posting,
    /// Bytes of the longest prefix and suffix that there ever were.
    longest: usize,
}

/// Under what a profile is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Under nothing.
    Always,
    /// Under a text of a field.
    Text(Arc<str>, How, Arc<str>),
}

impl Field {
    fn new(path: Path) -> Self {
        Self {
            path,
            exact: Texts::default(),
            prefix: Texts::default(),
            suffix: Texts::default(),
            exists: Posting::Nothing,
            longest: 0,
        }
    }

    fn is_empty(&self) -> bool {
        self.exact.is_empty()
            && self.prefix.is_empty()
            && self.suffix.is_empty()
            && self.exists.count() == 0
    }

    fn texts(&self, how: How) -> Option<&Texts> {
        match how {
            How::Exact => Some(&self.exact),
            How::Prefix => Some(&self.prefix),
            How::Suffix => Some(&self.suffix),
            How::Exists => None,
        }
    }

    fn count(&self, how: How, text: &str) -> usize {
        match self.texts(how) {
            Some(texts) => texts.get(text).map_or(0, Posting::count),
            None => self.exists.count(),
        }
    }

    fn change(&mut self, how: How, text: &Arc<str>, change: impl FnOnce(&mut Posting)) {
        let texts = match how {
            How::Exact => &mut self.exact,
            How::Prefix => &mut self.prefix,
            How::Suffix => &mut self.suffix,
            How::Exists => return change(&mut self.exists),
        };
        if how != How::Exact {
            self.longest = self.longest.max(text.len());
        }
        let mut posting = texts.get(text).cloned().unwrap_or_default();
        change(&mut posting);
        if posting.count() == 0 {
            texts.remove(text);
        } else {
            texts.insert(Arc::clone(text), posting);
        }
    }

    /// Appends the profiles whose rule on this field passes `text`.
    pub fn push(&self, text: &str, out: &mut Vec<ProfileIndex>) {
        self.push_exact(text, out);
        self.exists.push(out);
        if !self.prefix.is_empty() {
            for begin in begins(text, self.longest) {
                push(&self.prefix, begin, out);
            }
        }
        if !self.suffix.is_empty() {
            for end in ends(text, self.longest) {
                push(&self.suffix, end, out);
            }
        }
    }

    /// Appends the profiles with this text, word for word.
    pub fn push_exact(&self, text: &str, out: &mut Vec<ProfileIndex>) {
        push(&self.exact, text, out);
    }

    /// Appends the profiles of the longest prefix of `text` that any profile has.
    pub fn push_longest_prefix(&self, text: &str, out: &mut Vec<ProfileIndex>) {
        if let Some(posting) = begins(text, self.longest).find_map(|begin| self.prefix.get(begin)) {
            posting.push(out);
        }
    }

    /// Appends the profiles of the shortest suffix of `text` that any profile has.
    pub fn push_shortest_suffix(&self, text: &str, out: &mut Vec<ProfileIndex>) {
        if let Some(posting) = ends(text, self.longest).find_map(|end| self.suffix.get(end)) {
            posting.push(out);
        }
    }

    /// Appends the profiles that ask for no more than that the field is there.
    pub fn push_exists(&self, out: &mut Vec<ProfileIndex>) {
        self.exists.push(out);
    }
}

fn push(texts: &Texts, text: &str, out: &mut Vec<ProfileIndex>) {
    if let Some(posting) = texts.get(text) {
        posting.push(out);
    }
}

/// What a text begins with, longest first, down to one character.
fn begins(text: &str, longest: usize) -> impl Iterator<Item = &str> {
    (1..=text.len().min(longest)).rev().filter_map(|end| text.get(..end))
}

/// What a text ends with, shortest first.
fn ends(text: &str, longest: usize) -> impl Iterator<Item = &str> {
    let shortest = text.len().saturating_sub(longest);
    (shortest..text.len()).rev().filter_map(|start| text.get(start..))
}

impl Index {
    /// The fields, by the text of their paths.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Field)> {
        self.fields.iter().map(|(path, field)| (path.as_ref(), field))
    }

    /// Appends the profiles that nothing leads to.
    pub fn push_always(&self, out: &mut Vec<ProfileIndex>) {
        self.always.push(out);
    }

    /// Enters a profile where its filters lead most narrowly; says where.
    pub fn enter_once<'f>(
        &mut self,
        profile: ProfileIndex,
        filters: impl Iterator<Item = Option<&'f Filter>>,
    ) -> Arc<[Entry]> {
        let mut best: Option<(usize, &Rule)> = None;
        'filters: for filter in filters {
            // A filter that is not there is an error, one that is not always active leads nowhere.
            let Some(filter) = filter else { break };
            for rule in &filter.rules {
                if let Some(count) = self.lead_count(rule).filter(|_| filter.is_timeless())
                    && best.is_none_or(|(fewest, _)| count < fewest)
                {
                    best = Some((count, rule));
                }
                if rule.can_fail() {
                    break 'filters;
                }
            }
        }
        match best {
            Some((_, rule)) => self.enter(profile, &rule.leads().ways).into(),
            None => {
                self.always.insert(profile);
                [Entry::Always].into()
            }
        }
    }

    /// Enters a profile wherever one of its rules leads to it, as CGRateS does.
    pub fn enter_everywhere<'f>(
        &mut self,
        profile: ProfileIndex,
        filters: impl Iterator<Item = Option<&'f Filter>>,
    ) -> Arc<[Entry]> {
        let mut all = Vec::new();
        let mut has_filters = false;
        for filter in filters {
            has_filters = true;
            for rule in filter.into_iter().flat_map(|filter| &filter.rules) {
                if rule.indexed {
                    all.extend(self.enter(profile, &rule.leads().ways));
                }
            }
        }
        if !has_filters {
            self.always.insert(profile);
            all.push(Entry::Always);
        }
        all.into()
    }

    /// How many profiles share the fullest of the places that the rule leads to; `None`: it does not lead
    /// to all that it passes. A rule that reads more than a plain field can fail, and so does its look-up.
    /// The other way round (a constant that is compared with fields) only equality is the same.
    fn lead_count(&self, rule: &Rule) -> Option<usize> {
        let leads = rule.leads();
        if !leads.are_all {
            return None;
        }
        let is_turned = rule.element.constant().is_some();
        let count = |lead: &Lead<'_>| {
            lead.path.plain().filter(|_| !is_turned || lead.how == How::Exact)?;
            let field = self.fields.get(lead.path_text);
            Some(field.map_or(0, |field| field.count(lead.how, lead.text)))
        };
        let counts: Option<Vec<usize>> = leads.ways.iter().map(count).collect();
        // Without a way it may yet have to be asked: it passes nothing, but it can fail.
        counts?.into_iter().max()
    }

    fn enter(&mut self, profile: ProfileIndex, leads: &[Lead<'_>]) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(leads.len());
        for lead in leads {
            let path: Arc<str> = lead.path_text.into();
            let text: Arc<str> = lead.text.into();
            let field = self
                .fields
                .entry(Arc::clone(&path))
                .or_insert_with(|| Field::new(lead.path.clone()));
            field.change(lead.how, &text, |posting| posting.insert(profile));
            entries.push(Entry::Text(path, lead.how, text));
        }
        entries
    }

    /// Takes a profile out from where it was entered.
    pub fn leave(&mut self, profile: ProfileIndex, entries: &[Entry]) {
        for entry in entries {
            match entry {
                Entry::Always => self.always.remove(profile),
                Entry::Text(path, how, text) => {
                    let Some(field) = self.fields.get_mut(path) else { continue };
                    field.change(*how, text, |posting| posting.remove(profile));
                    if field.is_empty() {
                        self.fields.remove(path);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_alone() {
        assert_eq!(begins("äb", 9).collect::<Vec<_>>(), ["äb", "ä"]);
        assert_eq!(ends("aß", 9).collect::<Vec<_>>(), ["ß", "aß"]);
        assert_eq!(begins("+4930", 2).collect::<Vec<_>>(), ["+4", "+"]);
        assert_eq!(ends("+4930", 2).collect::<Vec<_>>(), ["0", "30"]);
        assert_eq!(begins("", 4).count(), 0);
    }
}
