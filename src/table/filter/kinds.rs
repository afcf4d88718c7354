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

/// The type called `name`, as `generation` knows it; `None`: it does not.
pub(super) fn named(name: &str, generation: Generation) -> Option<Named> {
    let name = name.strip_prefix('*')?;
    if let Some((_, comparison)) = COMPARISONS.iter().find(|(known, _)| *known == name) {
        return Some(Named { base: Base::Compare(*comparison), negated: false, indexed: false });
    }
    let base_of = |name: &str| {
        let known = PLAIN.iter().find(|(known, _)| *known == name).map(|(_, base)| *base)?;
        (!matches!(known, Base::Compare(_)) && is_known(known, generation)).then_some(known)
    };
    if let Some(base) = base_of(name) {
        return Some(Named { base, negated: false, indexed: true });
    }
    if let Some(base) = name.strip_prefix("not").and_then(base_of) {
        return (base != Base::Never).then_some(Named { base, negated: true, indexed: false });
    }
    let base = name.strip_prefix("ni").and_then(base_of)?;
    let has_form = matches!(base, Base::String | Base::Prefix | Base::Suffix | Base::Exists);
    has_form.then_some(Named { base, negated: false, indexed: false })
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
