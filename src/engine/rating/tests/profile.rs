//! Which plan rates an event.

use super::*;
use crate::model::definition::{PlanActivation, RatingProfile, Stamp};
use crate::table::rating::Profiles;

/// Plans with a price a minute each for one prefix.
pub(super) struct Plans(Vec<(&'static str, Plan)>);

impl Plans {
    pub(super) fn new(plans: &[(&'static str, &str, Rate)]) -> Self {
        let one =
            |destination: &str, rate: &Rate| plan(vec![row(destination, rate.clone(), None, 10.0)]);
        Self(plans.iter().map(|(id, destination, rate)| (*id, one(destination, rate))).collect())
    }

    pub(super) fn get(&self, id: &str) -> Option<&Plan> {
        self.0.iter().find(|(name, _)| *name == id).map(|(_, plan)| plan)
    }
}

/// A subject's profile: plans since a day of March 2024, with their fallback subjects.
pub(super) fn profile(
    category: &str,
    subject: &str,
    activations: &[(&str, &str, &[&str])],
) -> Arc<RatingProfile> {
    let activations = activations
        .iter()
        .map(|(from, plan, fallback)| {
            let ns = i64::try_from(moment(from).ns).unwrap_or_default();
            PlanActivation {
                from: Stamp { ns, text: String::new() },
                plan: (*plan).to_owned(),
                fallback: fallback.iter().map(|subject| (*subject).to_owned()).collect(),
            }
        })
        .collect();
    let (category, subject) = (category.to_owned(), subject.to_owned());
    Arc::new(RatingProfile { tenant: "t".to_owned(), category, subject, activations })
}

#[test]
fn an_event_is_rated_by_its_subjects_profile() {
    let minute = |price: f64| rate(0.5, &[(0, price, 60, 60)], "*up", 4);
    let plans = Plans::new(&[("ONE", "D49", minute(1.0)), ("TWO", "D49", minute(2.0))]);
    let empty = Plan::compile(&RatingPlan::default(), &|_| None);
    let plan_of = |id: &str| if id == "EMPTY" { Some(&empty) } else { plans.get(id) };
    const OLD: &str = "01T00:00:00";
    let profiles = Profiles::build([
        profile("call", "one", &[(OLD, "ONE", &[])]),
        profile("call", "*any", &[(OLD, "TWO", &[])]),
        profile("call", "changes", &[(OLD, "ONE", &[]), ("13T12:00:00", "TWO", &[])]),
        profile("call", "begins", &[("13T12:00:00", "ONE", &[])]),
        profile("call", "lacks", &[(OLD, "EMPTY", &["gone", "one"])]),
        profile("call", "lacks it all", &[(OLD, "EMPTY", &[])]),
        profile("call", "lacks twice", &[(OLD, "EMPTY", &["lacks"])]),
        profile("call", "lacks thrice", &[(OLD, "EMPTY", &["lacks twice"])]),
        profile("call", "lacks for ever", &[(OLD, "EMPTY", &["lacks for ever"])]),
        profile("call", "no such plan", &[(OLD, "GONE", &["one"])]),
        profile("call", "nothing", &[]),
        profile("alone", "begins", &[("13T12:00:00", "ONE", &[])]),
    ]);
    let not_found = Err(RatingError::PlanNotFound);
    let unauthorized = Err(RatingError::Unauthorized);
    for (category, subject, at, want) in [
        ("call", "one", "13T10:00:00", Ok(2.5)),
        ("call", "anybody", "13T10:00:00", Ok(4.5)),
        ("", "one", "13T10:00:00", not_found),
        ("call", "changes", "13T10:00:00", Ok(2.5)),
        ("call", "changes", "13T12:00:00", Ok(4.5)),
        // It is cut into two equal minutes, both by the plan before, and the fee counts twice.
        ("call", "changes", "13T11:59:00", Ok(3.0)),
        // Not active yet: everybody's profile is not asked.
        ("call", "begins", "13T10:00:00", unauthorized),
        // Begins during the call: everybody's rates the part before, and goes on.
        ("call", "begins", "13T11:59:00", Ok(5.0)),
        ("alone", "begins", "13T11:59:00", unauthorized),
        ("call", "lacks", "13T10:00:00", Ok(2.5)),
        ("call", "lacks it all", "13T10:00:00", unauthorized),
        ("call", "lacks twice", "13T10:00:00", Ok(2.5)),
        ("call", "lacks thrice", "13T10:00:00", unauthorized),
        ("call", "lacks for ever", "13T10:00:00", unauthorized),
        ("call", "no such plan", "13T10:00:00", unauthorized),
        ("call", "nothing", "13T10:00:00", unauthorized),
    ] {
        let rater = Rater { profiles: &profiles, plans: &plan_of, tenant: "t", category, subject };
        let asked = call(at, 2 * M);
        let got = event_cost(&rater, &asked, 5, &mut Scratch::default(), &mut ());
        assert_eq!(got.map(|cost| cost.value), want, "{category} {subject} {at}");
        let free = event_cost(&rater, &call(at, 0), 5, &mut Scratch::default(), &mut ());
        assert_eq!(free.map(|cost| cost.value), Ok(0.0), "usage 0 asks for no profile");
    }
}
