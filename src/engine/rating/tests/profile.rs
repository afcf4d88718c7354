//! Which plan rates an event.

use super::*;
use crate::model::definition::{Definition, Destination, PlanActivation, RatingProfile, Stamp};
use crate::table::Table;
use crate::table::builder::build;
use crate::table::input::{Declared, Place, TableInput};
use crate::table::supplier::LiveIndex;

/// A table with plans that have a price for one destination each, and with profiles.
pub(super) fn table(plans: Vec<(&str, &str, Rate)>, profiles: Vec<RatingProfile>) -> Table {
    let mut definitions: Vec<Definition> = vec![Definition::Destination(Destination {
        id: "D49".into(),
        prefixes: vec!["49".to_owned()],
    })];
    for (id, destination, rate) in plans {
        let rows = vec![row(destination, rate, None, 10.0)];
        definitions.push(Definition::RatingPlan(Arc::new(RatingPlan { id: id.to_owned(), rows })));
    }
    definitions.extend(profiles.into_iter().map(Definition::RatingProfile));
    let place = Place { file: "t".into(), line: 1 };
    let declare = |definition| Declared { definition, place: place.clone() };
    let definitions = definitions.into_iter().map(declare).collect();
    let input = TableInput { definitions, ..TableInput::default() };
    build(input, 1, String::new(), &mut |_| Ok(LiveIndex(0))).unwrap()
}

/// A subject's profile: plans since a day of March 2024, with their fallback subjects.
pub(super) fn profile(
    category: &str,
    subject: &str,
    activations: &[(&str, &str, &[&str])],
) -> RatingProfile {
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
    RatingProfile { tenant: "t".to_owned(), category, subject, activations }
}

#[test]
fn an_event_is_rated_by_its_subjects_profile() {
    let minute = |price: f64| rate(0.5, &[(0, price, 60, 60)], "*up", 4);
    let plans = vec![
        ("ONE", "D49", minute(1.0)),
        ("TWO", "D49", minute(2.0)),
        ("EMPTY", "GONE", minute(3.0)),
    ];
    const OLD: &str = "01T00:00:00";
    let profiles = vec![
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
    ];
    let table = table(plans, profiles);
    let prices = table.objects.prices();
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
        let rater = Rater { prices, tenant: "t", category, subject };
        let asked = call(at, 2 * M);
        let got = event_cost(&rater, &asked, 5, &mut Scratch::default(), &mut ());
        assert_eq!(got.map(|cost| cost.value), want, "{category} {subject} {at}");
        let free = event_cost(&rater, &call(at, 0), 5, &mut Scratch::default(), &mut ());
        assert_eq!(free.map(|cost| cost.value), Ok(0.0), "usage 0 asks for no profile");
    }
}
