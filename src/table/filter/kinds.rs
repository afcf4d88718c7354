//! The types of rules, by their names in the generations of CGRateS (section 5.3).

use super::Comparison;
use crate::model::definition::Generation;

/// What a type tests, before values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// `*string`.
    String,
    /// `*contains`.
    Contains,
    /// `*prefix`.
    Prefix,
    /// `*suffix`.
    Suffix,
    /// `*empty`.
    Empty,
    /// `*exists`.
    Exists,
    /// `*lt` and its kin.
    Compare(Comparison),
    /// `*eq`.
    Equal,
    /// `*rsr`.
    Rsr,
    /// `*regex`.
    Regex,
    /// `*ipnet`.
    IpNet,
    /// `*ai`.
    Active,
    /// `*destinations`.
    Destinations,
    /// `*timings`.
    Timings,
    /// `*never`.
    Never,
    /// `*cronexp`.
    Cron,
}

/// A type as it is named in a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    pub base: Base,
    pub negated: bool,
    pub indexed: bool,
}

const PLAIN: [(&str, Base); 15] = [
    ("string", Base::String),
    ("contains", Base::Contains),
    ("prefix", Base::Prefix),
    ("suffix", Base::Suffix),
    ("empty", Base::Empty),
    ("exists", Base::Exists),
    ("eq", Base::Equal),
    ("rsr", Base::Rsr),
    ("regex", Base::Regex),
    ("ipnet", Base::IpNet),
    ("ai", Base::Active),
    ("destinations", Base::Destinations),
    ("timings", Base::Timings),
    ("cronexp", Base::Cron),
    ("never", Base::Never),
];

const COMPARISONS: [(&str, Comparison); 4] = [
    ("lt", Comparison::Less),
    ("lte", Comparison::LessOrEqual),
    ("gt", Comparison::Greater),
    ("gte", Comparison::GreaterOrEqual),
];

/// How types are named that the index of profiles does not lead through, beside those that it does.
const UNINDEXED: [Base; 4] = [Base::String, Base::Prefix, Base::Suffix, Base::Exists];

impl Base {
    /// Whether there is something to compare with.
    #[must_use]
    pub fn takes_values(self) -> bool {
        !matches!(self, Self::Empty | Self::Exists | Self::Never)
    }

    fn has_negation(self) -> bool {
        !matches!(self, Self::Compare(_) | Self::Never)
    }
}

/// What the type called `name` tests; `None`: `generation` does not know it.
#[must_use]
pub fn base_of(name: &str, generation: Generation) -> Option<Base> {
    named(name, generation).map(|named| named.base)
}

/// The names of all types that `generation` knows.
#[must_use]
pub fn names(generation: Generation) -> Vec<String> {
    let mut names = Vec::new();
    for (name, base) in types().filter(|(_, base)| is_known(*base, generation)) {
        names.push(format!("*{name}"));
        if base.has_negation() {
            names.push(format!("*not{name}"));
        }
        if UNINDEXED.contains(&base) {
            names.push(format!("*ni{name}"));
        }
    }
    names
}

fn types() -> impl Iterator<Item = (&'static str, Base)> {
    let comparisons =
        COMPARISONS.iter().map(|(name, comparison)| (*name, Base::Compare(*comparison)));
    PLAIN.iter().copied().chain(comparisons)
}

/// The type called `name`, as `generation` knows it; `None`: it does not.
pub(super) fn named(name: &str, generation: Generation) -> Option<Named> {
    let name = name.strip_prefix('*')?;
    let base_of = |name: &str| {
        let (_, base) = types().find(|(known, _)| *known == name)?;
        is_known(base, generation).then_some(base)
    };
    if let Some(base) = base_of(name) {
        let indexed = !matches!(base, Base::Compare(_));
        return Some(Named { base, negated: false, indexed });
    }
    if let Some(base) = name.strip_prefix("not").and_then(base_of) {
        return base.has_negation().then_some(Named { base, negated: true, indexed: false });
    }
    let base = name.strip_prefix("ni").and_then(base_of)?;
    UNINDEXED.contains(&base).then_some(Named { base, negated: false, indexed: false })
}

fn is_known(base: Base, generation: Generation) -> bool {
    match generation {
        Generation::V010 => !matches!(
            base,
            Base::Contains
                | Base::Regex
                | Base::IpNet
                | Base::Active
                | Base::Timings
                | Base::Never
                | Base::Cron
        ),
        Generation::V011 => !matches!(base, Base::Never | Base::Cron),
        Generation::V100 => !matches!(base, Base::Timings | Base::Destinations),
    }
}

/// Whether a type asks a service elsewhere: a lookup would wait for it.
#[must_use]
pub fn is_blocking(name: &str) -> bool {
    let plain = name.strip_prefix('*').map(|name| name.strip_prefix("not").unwrap_or(name));
    plain.is_some_and(|plain| {
        matches!(plain, "apiban" | "sentrypeer" | "http") || plain.starts_with("http#")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_knows_the_types_that_it_names_and_no_others() {
        for generation in [Generation::V010, Generation::V011, Generation::V100] {
            for name in names(generation) {
                assert!(named(&name, generation).is_some(), "{name}");
            }
        }
        for (name, generation, is_known) in [
            ("*notlt", Generation::V011, false),
            ("*notnever", Generation::V100, false),
            ("*nicontains", Generation::V011, false),
            ("*ninotstring", Generation::V011, false),
            ("string", Generation::V011, false),
            ("*destinations", Generation::V100, false),
            ("*regex", Generation::V010, false),
            ("*notcronexp", Generation::V100, true),
        ] {
            let is_named = names(generation).iter().any(|known| known == name);
            assert_eq!(is_named, is_known, "{name}");
            assert_eq!(base_of(name, generation).is_some(), is_known, "{name}");
        }
    }
}
