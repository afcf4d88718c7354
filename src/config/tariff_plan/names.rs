//! The files that a tariff plan consists of, by their names.

/// Names of files that are part of a tariff plan and are not read.
const UNREAD: [&str; 19] = [
    "Accounts.csv",
    "ActionProfiles.csv",
    "ActionTriggers.csv",
    "Aliases.csv",
    "CdrStats.csv",
    "Chargers.csv",
    "DerivedChargers.csv",
    "DispatcherHosts.csv",
    "DispatcherProfiles.csv",
    "IPs.csv",
    "LcrRules.csv",
    "Rankings.csv",
    "RateProfiles.csv",
    "Resources.csv",
    "SharedGroups.csv",
    "Stats.csv",
    "Thresholds.csv",
    "Trends.csv",
    "Users.csv",
];

/// Names of files that are read.
const READ: [(&str, Content); 13] = [
    ("AccountActions.csv", Content::AccountActions),
    ("ActionPlans.csv", Content::ActionPlans),
    ("Actions.csv", Content::Actions),
    ("Attributes.csv", Content::Attributes),
    ("Destinations.csv", Content::Destinations),
    ("DestinationRates.csv", Content::DestinationRates),
    ("Filters.csv", Content::Filters),
    ("Rates.csv", Content::Rates),
    ("RatingPlans.csv", Content::RatingPlans),
    ("RatingProfiles.csv", Content::RatingProfiles),
    ("Routes.csv", Content::Routes),
    ("Suppliers.csv", Content::Suppliers),
    ("Timings.csv", Content::Timings),
];

/// What a file has in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Sets of prefixes.
    Destinations,
    /// Recurring times.
    Timings,
    /// Prices.
    Rates,
    /// What destinations cost.
    DestinationRates,
    /// Which prices count when.
    RatingPlans,
    /// Whose calls a plan rates.
    RatingProfiles,
    /// What fills balances.
    Actions,
    /// When balances are filled.
    ActionPlans,
    /// Accounts.
    AccountActions,
    /// Named filters.
    Filters,
    /// Profiles with their routes, of 0.11 or 1.0.
    Routes,
    /// Profiles with their suppliers, of 0.10.
    Suppliers,
    /// Changes to events.
    Attributes,
    /// Part of a tariff plan, and not read.
    Unread,
    /// No part of a tariff plan.
    Unknown,
}

impl Content {
    /// By the last part of a path.
    pub(super) fn of(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        match READ.iter().find(|(known, _)| *known == name) {
            Some((_, content)) => *content,
            None if UNREAD.contains(&name) => Self::Unread,
            None => Self::Unknown,
        }
    }
}

/// The name that was meant, probably.
pub(super) fn meant(name: &str) -> Option<&'static str> {
    let known = READ.iter().map(|(known, _)| *known).chain(UNREAD);
    let name = name.to_lowercase();
    let far = |known: &str| strsim::damerau_levenshtein(&known.to_lowercase(), &name);
    let near = known.into_iter().map(|known| (far(known), known)).filter(|(far, _)| *far < 3);
    near.min_by_key(|(far, _)| *far).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_its_name_alone() {
        for (path, want, near) in [
            ("Routes.csv", Content::Routes, Some("Routes.csv")),
            ("eu/Routes.csv", Content::Routes, None),
            ("Suppliers.csv", Content::Suppliers, Some("Suppliers.csv")),
            ("Thresholds.csv", Content::Unread, Some("Thresholds.csv")),
            ("Rates.csv", Content::Rates, Some("Rates.csv")),
            ("routes.csv", Content::Unknown, Some("Routes.csv")),
            ("Destination.csv", Content::Unknown, Some("Destinations.csv")),
            ("customers.csv", Content::Unknown, None),
        ] {
            assert_eq!(Content::of(path), want, "{path}");
            assert_eq!(meant(path), near, "{path}");
        }
    }
}
