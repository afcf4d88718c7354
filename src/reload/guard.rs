//! The guard: a reload that takes too much away is refused until somebody says that it is meant.
//!
//! A file cut at a table boundary is good TOML, a deck cut at a line end a good deck, so that nothing else would
//! notice. Counted are rows of the layered table and routes of profiles, together and for each supplier; rates,
//! for each rating plan and each supplier's own deck; and prefixes of destinations. Reloads alone are refused; a
//! start may be empty.

use crate::model::definition::Definition;
use crate::table::input::TableInput;
use std::collections::BTreeMap;

/// The guard's name, as `siproute reload --accept` takes it.
pub const SHRINK: &str = "shrink";

/// Suppliers, and rating plans, that one refusal names.
const NAMED_MAX: usize = 5;

/// How many rows there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rows {
    total: usize,
    by_supplier: BTreeMap<String, usize>,
    /// Rates by the ids of rating plans and of decks.
    by_plan: BTreeMap<String, usize>,
    /// Of all destinations.
    prefixes: usize,
}

impl Rows {
    /// Counts the rows of `input`.
    #[must_use]
    pub fn of(input: &TableInput) -> Self {
        let mut rows = Self::default();
        let routes = input.routes.iter().map(|route| &route.supplier);
        let profiles = input.definitions.iter().filter_map(|declared| match &declared.definition {
            Definition::Profile(profile) => profile.routes.as_deref(),
            _ => None,
        });
        for supplier in routes.chain(profiles.flatten().map(|route| &route.id)) {
            rows.total += 1;
            match rows.by_supplier.get_mut(supplier) {
                Some(count) => *count += 1,
                None => drop(rows.by_supplier.insert(supplier.clone(), 1)),
            }
        }
        for deck in input.decks.iter().map(|input| &input.deck) {
            rows.by_plan.insert(deck.id.clone(), deck.rates.len());
        }
        for declared in &input.definitions {
            match &declared.definition {
                Definition::RatingPlan(plan) => {
                    rows.by_plan.insert(plan.id.clone(), plan.rows.len());
                }
                Definition::Destination(destination) => rows.prefixes += destination.prefixes.len(),
                _ => {}
            }
        }
        rows
    }

    /// The rows of layers and profiles, all of them.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }
}

/// Compares what is in force with what would be.
///
/// # Errors
/// Names the figures, and the command that accepts them.
pub fn judge(old: &Rows, new: &Rows, shrink_max_percent: u8) -> Result<(), String> {
    let mut faults = Vec::new();
    if new.total == 0 && old.total > 0 {
        faults.push(format!("no row of {} would be left", old.total));
    } else {
        if shrinks(old.total, new.total, shrink_max_percent) {
            faults.push(lost("rows", old.total, new.total));
        }
        let [was, is] = [old, new].map(|rows| &rows.by_supplier);
        faults.extend(each("rows of", "supplier", was, is, shrink_max_percent));
    }
    if shrinks(old.prefixes, new.prefixes, shrink_max_percent) {
        faults.push(lost("prefixes of destinations", old.prefixes, new.prefixes));
    }
    let [was, is] = [old, new].map(|rows| &rows.by_plan);
    faults.extend(each("rates of", "rating plan", was, is, shrink_max_percent));
    if faults.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}; guard.shrink_max is {shrink_max_percent}%; if it is meant: siproute reload --accept \
         {SHRINK} --why TEXT",
        faults.join(", ")
    ))
}

/// Whether more went than may.
fn shrinks(old: usize, new: usize, max_percent: u8) -> bool {
    let lost = old.saturating_sub(new) as u128;
    lost * 100 > old as u128 * u128::from(max_percent)
}

fn lost(what: &str, old: usize, new: usize) -> String {
    let gone = old.saturating_sub(new);
    format!("{gone} of {old} {what} would go ({}%)", gone * 100 / old.max(1))
}

/// Those that lose more than they may: `rows of supplier "alfa"`.
fn each(
    what: &str,
    whose: &str,
    old: &BTreeMap<String, usize>,
    new: &BTreeMap<String, usize>,
    max_percent: u8,
) -> Vec<String> {
    let left = |id: &str| new.get(id).copied().unwrap_or_default();
    let shrunk: Vec<String> = old
        .iter()
        .filter(|(id, count)| shrinks(**count, left(id), max_percent))
        .map(|(id, count)| lost(&format!("{what} {whose} {id:?}"), *count, left(id)))
        .collect();
    let more = shrunk.len().saturating_sub(NAMED_MAX);
    let mut named: Vec<String> = shrunk.into_iter().take(NAMED_MAX).collect();
    if more > 0 {
        named.push(format!("{what} {more} more {whose}s"));
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(counts: &[(&str, usize)]) -> Rows {
        Rows {
            total: counts.iter().map(|(_, count)| count).sum(),
            by_supplier: counts.iter().map(|(id, count)| ((*id).to_owned(), *count)).collect(),
            ..Rows::default()
        }
    }

    #[test]
    fn the_guard_counts_rates_and_prefixes() {
        let priced = |rates: usize, prefixes: usize| Rows {
            by_plan: BTreeMap::from([("RP".to_owned(), rates), ("OTHER".to_owned(), 4)]),
            prefixes,
            ..rows(&[("alfa", 1)])
        };
        for (new, want) in [
            (priced(5, 5), None),
            (priced(4, 10), Some("6 of 10 rates of rating plan \"RP\" would go (60%)")),
            (priced(10, 0), Some("10 of 10 prefixes of destinations would go (100%)")),
            (priced(20, 20), None),
        ] {
            let judged = judge(&priced(10, 10), &new, 50);
            assert_eq!(judged.is_ok(), want.is_none(), "{judged:?}");
            assert!(judged.err().unwrap_or_default().starts_with(want.unwrap_or_default()));
        }
    }

    #[test]
    fn the_guard_counts_all_rows_and_each_suppliers() {
        let full = [("alfa", 10), ("beta", 10), ("gamma", 4)];
        for (name, new, max, want) in [
            ("the same", &full[..], 0, None),
            ("more", &[("alfa", 11), ("beta", 10), ("gamma", 4), ("delta", 1)][..], 0, None),
            ("half of each", &[("alfa", 5), ("beta", 5), ("gamma", 2)], 50, None),
            (
                "one row",
                &[("alfa", 9), ("beta", 10), ("gamma", 4)],
                0,
                Some("1 of 24 rows would go (4%)"),
            ),
            (
                "more than half of one",
                &[("alfa", 10), ("beta", 4), ("gamma", 4)],
                50,
                Some("6 of 10 rows of supplier \"beta\" would go (60%)"),
            ),
            (
                "one that is gone",
                &[("alfa", 10), ("beta", 10)],
                50,
                Some("4 of 4 rows of supplier \"gamma\" would go (100%)"),
            ),
            ("moved to another", &[("alfa", 24)], 100, None),
            (
                "a cut file",
                &[("alfa", 10)],
                50,
                Some(
                    "14 of 24 rows would go (58%), 10 of 10 rows of supplier \"beta\" would go (100%)",
                ),
            ),
            ("nothing left, whatever is allowed", &[], 100, Some("no row of 24 would be left")),
        ] {
            match (judge(&rows(&full), &rows(new), max), want) {
                (Ok(()), None) => {}
                (Err(message), Some(want)) => {
                    assert!(message.starts_with(want), "{name}: {message}");
                    assert!(message.contains("siproute reload --accept shrink --why"), "{message}");
                }
                (judged, _) => panic!("{name}: {judged:?}"),
            }
        }
        assert_eq!(judge(&rows(&[]), &rows(&[]), 0), Ok(()), "empty stays empty");
        assert_eq!(judge(&rows(&[]), &rows(&full), 0), Ok(()), "the first rows");
    }

    #[test]
    fn a_refusal_names_a_few_suppliers_and_counts_the_rest() {
        let ids: Vec<String> = (0..9).map(|n| format!("s{n}")).collect();
        let full: Vec<(&str, usize)> = ids.iter().map(|id| (id.as_str(), 2)).collect();
        let message = judge(&rows(&full), &rows(&[("new", 18)]), 50).unwrap_err();
        assert_eq!(message.matches("rows of supplier").count(), NAMED_MAX, "{message}");
        assert!(message.contains("rows of 4 more suppliers"), "{message}");
    }
}
