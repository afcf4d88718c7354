//! Filters: which events a profile or a route is for.
//!
//! An inline filter `*TYPE:ELEMENT:VALUE|VALUE` is one rule (section 5 of the CGRateS
//! specification): values are ORed, filters of one object ANDed, a type that begins with `*not`
//! inverts the result. What is here is the parsed rule with its field bound to a slot of the event;
//! `engine/matching.rs` decides whether an event passes.

use crate::model::event::{Slot, SlotNames};

/// The test that a rule makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// The text equals a value.
    String,
    /// The text begins with a value.
    Prefix,
    /// The text ends with a value.
    Suffix,
    /// The field is there, even as `""` or null.
    Exists,
}

/// Every type of filter that can be written, with the test and the negation it stands for.
const TYPES: [(&str, Test, bool); 8] = [
    ("*string", Test::String, false),
    ("*notstring", Test::String, true),
    ("*prefix", Test::Prefix, false),
    ("*notprefix", Test::Prefix, true),
    ("*suffix", Test::Suffix, false),
    ("*notsuffix", Test::Suffix, true),
    ("*exists", Test::Exists, false),
    ("*notexists", Test::Exists, true),
];

/// One parsed filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// As it was written.
    pub text: String,
    /// What is tested.
    pub test: Test,
    /// Whether the result is inverted.
    pub negated: bool,
    /// The event's field, without `~*req.`.
    pub field: String,
    /// Any of these.
    pub values: Vec<String>,
}

impl Filter {
    /// Reads an inline filter.
    ///
    /// # Errors
    /// Says which of the three parts is wrong and what may stand there.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, ':');
        let (Some(kind), Some(element), Some(values)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err("an inline filter has three parts: `*string:~*req.Account:1001|1002` \
                        (the second colon stands even without values)"
                .into());
        };
        let Some((_, test, negated)) = TYPES.iter().find(|(name, ..)| *name == kind) else {
            let names: Vec<&str> = TYPES.iter().map(|(name, ..)| *name).collect();
            return Err(format!("`{kind}` is no type of filter here: use {}", names.join(", ")));
        };
        let field = element
            .strip_prefix("~*req.")
            .filter(|field| !field.is_empty())
            .ok_or_else(|| format!("`{element}` is no field of the event: write `~*req.FIELD`"))?;
        if let Some(bad) = field.chars().find(|c| ".[]{}~<>#;".contains(*c)) {
            return Err(format!(
                "{bad:?} cannot stand in `{element}`: plain fields alone are read"
            ));
        }
        let values: Vec<String> = if values.is_empty() {
            Vec::new()
        } else {
            values.split('|').map(str::to_owned).collect()
        };
        if *test == Test::Exists && !values.is_empty() {
            return Err(format!("`{kind}` takes no values: end it with `{element}:`"));
        }
        if *test != Test::Exists && values.is_empty() {
            return Err(format!("`{kind}` without values never passes"));
        }
        if let Some(path) = values.iter().find(|value| value.starts_with('~')) {
            return Err(format!("`{path}`: values are constants here, not fields"));
        }
        Ok(Self {
            text: text.to_owned(),
            test: *test,
            negated: *negated,
            field: field.to_owned(),
            values,
        })
    }

    /// Binds the rule to the slot that the table gives its field.
    #[must_use]
    pub fn compile(self, names: &mut SlotNames) -> Rule {
        let slot = names.slot_of(&self.field);
        Rule { slot, filter: self }
    }
}

/// A filter whose field is a slot of the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Where the event keeps the field.
    pub slot: Slot,
    /// What is asked of it.
    pub filter: Filter,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_filters_are_read_by_their_parts() {
        let filter = Filter::parse("*notprefix:~*req.Destination:+49|+43:1").unwrap();
        assert_eq!((filter.test, filter.negated), (Test::Prefix, true));
        assert_eq!(filter.field, "Destination");
        assert_eq!(filter.values, ["+49", "+43:1"]);
        assert!(Filter::parse("*exists:~*req.X:").unwrap().values.is_empty());
    }

    #[test]
    fn a_wrong_filter_is_refused_with_its_reason() {
        for (text, reason) in [
            ("*string:~*req.Account", "three parts"),
            ("*sting:~*req.Account:1001", "no type of filter"),
            ("*string:Account:1001", "no field of the event"),
            ("*string:~*req.:1001", "no field of the event"),
            ("*string:~*req.A.B:1", "plain fields"),
            ("*exists:~*req.X:1", "takes no values"),
            ("*string:~*req.X:", "never passes"),
            ("*string:~*req.X:~*req.Y", "constants"),
        ] {
            let error = Filter::parse(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
