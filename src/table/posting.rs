//! A set of profiles that an index leads to: mostly one, sometimes thousands.

use super::profile::ProfileIndex;
use imbl::OrdSet;

/// A set of profiles. Two versions of a large one share what they have in common.
#[derive(Debug, Clone, Default)]
pub enum Posting {
    /// None.
    #[default]
    Nothing,
    /// One.
    One(ProfileIndex),
    /// More.
    Many(OrdSet<ProfileIndex>),
}

impl Posting {
    /// Adds a profile.
    pub fn insert(&mut self, profile: ProfileIndex) {
        match self {
            Self::Nothing => *self = Self::One(profile),
            Self::One(one) if *one == profile => {}
            Self::One(one) => *self = Self::Many([*one, profile].into_iter().collect()),
            Self::Many(set) => _ = set.insert(profile),
        }
    }

    /// Takes a profile out.
    pub fn remove(&mut self, profile: ProfileIndex) {
        match self {
            Self::One(one) if *one == profile => *self = Self::Nothing,
            Self::Nothing | Self::One(_) => {}
            Self::Many(set) => {
                set.remove(&profile);
                if set.len() == 1 {
                    *self = set.get_min().map_or(Self::Nothing, |one| Self::One(*one));
                }
            }
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::One(_) => 1,
            Self::Many(set) => set.len(),
        }
    }

    /// Appends them to `out`.
    pub fn push(&self, out: &mut Vec<ProfileIndex>) {
        match self {
            Self::Nothing => {}
            Self::One(one) => out.push(*one),
            Self::Many(set) => out.extend(set.iter().copied()),
        }
    }
}
