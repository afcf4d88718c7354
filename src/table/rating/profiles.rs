//! Rating profiles: which plan rates the calls of a subject, since when, and whose profiles are asked where that
//! plan lacks the number.

use crate::model::definition::RatingProfile;
use std::cmp::Ordering;
use std::sync::Arc;

/// The subject whose profile counts for everybody without one.
pub const ANY_SUBJECT: &str = "*any";

/// All rating profiles. A copy shares them.
#[derive(Debug, Clone, Default)]
pub struct Profiles {
    /// Sorted by tenant, category, subject.
    sorted: Arc<[Arc<RatingProfile>]>,
}

impl Profiles {
    /// From their definitions; of two with the same tenant, category and subject the last counts.
    #[must_use]
    pub fn build(profiles: impl IntoIterator<Item = Arc<RatingProfile>>) -> Self {
        let mut all: Vec<Arc<RatingProfile>> = profiles
            .into_iter()
            .map(|profile| {
                if profile.activations.is_sorted_by_key(|activation| activation.from.ns) {
                    return profile;
                }
                let mut sorted = (*profile).clone();
                sorted.activations.sort_by_key(|activation| activation.from.ns);
                Arc::new(sorted)
            })
            .collect();
        all.reverse();
        all.sort_by(|one, two| compare(one, &two.tenant, &two.category, &two.subject));
        all.dedup_by(|later, kept| {
            compare(kept, &later.tenant, &later.category, &later.subject).is_eq()
        });
        Self { sorted: all.into() }
    }

    /// The profile of just this subject.
    #[must_use]
    pub fn get(&self, tenant: &str, category: &str, subject: &str) -> Option<&RatingProfile> {
        let at = self
            .sorted
            .binary_search_by(|profile| compare(profile, tenant, category, subject))
            .ok()?;
        self.sorted.get(at).map(|profile| &**profile)
    }

    /// All of them, sorted by tenant, category and subject.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<RatingProfile>> {
        self.sorted.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }
}

fn compare(profile: &RatingProfile, tenant: &str, category: &str, subject: &str) -> Ordering {
    (&*profile.tenant, &*profile.category, &*profile.subject).cmp(&(tenant, category, subject))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::definition::{PlanActivation, Stamp};

    #[test]
    fn the_last_of_equals_counts_and_its_activations_are_sorted() {
        let profile = |tenant: &str, subject: &str, moments: &[i64]| {
            let activations = moments
                .iter()
                .map(|ns| PlanActivation {
                    from: Stamp { ns: *ns, text: String::new() },
                    plan: "RP".to_owned(),
                    fallback: Vec::new(),
                })
                .collect();
            Arc::new(RatingProfile {
                tenant: tenant.to_owned(),
                category: "call".to_owned(),
                subject: subject.to_owned(),
                activations,
            })
        };
        let profiles = Profiles::build([
            profile("b", "1001", &[1]),
            profile("a", "1001", &[2]),
            profile("a", "*any", &[3]),
            profile("a", "1001", &[5, 4]),
        ]);
        assert_eq!(profiles.len(), 3);
        let moments = |tenant: &str, subject: &str| {
            let found = profiles.get(tenant, "call", subject)?;
            Some(found.activations.iter().map(|a| a.from.ns).collect::<Vec<_>>())
        };
        assert_eq!(moments("a", "1001"), Some(vec![4, 5]));
        assert_eq!(moments("b", "1001"), Some(vec![1]));
        assert_eq!(moments("a", "*any"), Some(vec![3]));
        assert_eq!(moments("b", "*any"), None);
        assert!(profiles.get("a", "", "1001").is_none());
    }
}
