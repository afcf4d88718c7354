//! Several files of one deck: the rows of a later one replace single prefixes of those before.
//!
//! Of a prefix that a later file has, the rates before end where the first of that file's becomes valid; those
//! that would begin after it are gone.

use super::rates::Rates;

/// Joins the files; each begins at one of `starts`, sorted places of rates.
pub(super) fn amend(rates: &mut Rates, starts: &[usize]) {
    let file_of = |place: usize| starts.partition_point(|start| *start <= place);
    let order = rates.by_prefix();
    let mut gone = vec![false; order.len()];
    let mut ends: Vec<(usize, i64)> = Vec::new();
    for same in order.chunk_by(|one, two| rates.prefix(*one) == rates.prefix(*two)) {
        // From the last file back: what later ones have is the bound of earlier ones.
        let (mut bound_ns, mut next_bound_ns) = (i64::MAX, i64::MAX);
        let mut file = usize::MAX;
        for place in same.iter().rev().copied() {
            let Some(terms) = rates.terms(place) else { continue };
            if file_of(place) != file {
                file = file_of(place);
                bound_ns = next_bound_ns;
            }
            if terms.effective_ns >= bound_ns {
                if let Some(gone) = gone.get_mut(place) {
                    *gone = true;
                }
            } else if terms.end_ns > bound_ns {
                ends.push((place, bound_ns));
            }
            next_bound_ns = next_bound_ns.min(terms.effective_ns);
        }
    }
    for (place, end_ns) in ends {
        let Some(terms) = rates.terms(place).cloned() else { continue };
        let terms = rates.place_of(crate::model::definition::Terms { end_ns, ..terms });
        if let Some(rate) = rates.deck.rates.get_mut(place) {
            *rate = rate.with_terms(terms);
        }
    }
    let mut kept = gone.iter().map(|gone| !gone);
    rates.deck.rates.retain(|_| kept.next().unwrap_or(true));
    let mut kept = gone.iter().map(|gone| !gone);
    rates.marks.retain(|_| kept.next().unwrap_or(true));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::report::Mark;
    use crate::model::definition::Terms;
    use crate::model::money::Money;

    #[test]
    fn later_rows_replace_single_prefixes_from_when_they_are_valid() {
        const OPEN: (i64, i64) = (i64::MIN, i64::MAX);
        /// Prefix, price, validity.
        type Row = (&'static str, &'static str, (i64, i64));
        type Files = &'static [&'static [Row]];
        let rows: [(&str, Files, &[Row]); 5] = [
            (
                "a prefix that the later file lacks stays",
                &[&[("1", "1", OPEN), ("2", "2", OPEN)], &[("1", "3", OPEN)]],
                &[("2", "2", OPEN), ("1", "3", OPEN)],
            ),
            (
                "until the new price is valid the old one holds",
                &[&[("1", "1", OPEN)], &[("1", "2", (100, i64::MAX))]],
                &[("1", "1", (i64::MIN, 100)), ("1", "2", (100, i64::MAX))],
            ),
            (
                "what was to come is gone",
                &[&[("1", "1", OPEN), ("1", "2", (150, 200))], &[("1", "3", (100, i64::MAX))]],
                &[("1", "1", (i64::MIN, 100)), ("1", "3", (100, i64::MAX))],
            ),
            (
                "three files",
                &[&[("1", "1", OPEN)], &[("1", "2", (100, i64::MAX))], &[("1", "3", (50, 60))]],
                &[("1", "1", (i64::MIN, 50)), ("1", "3", (50, 60))],
            ),
            (
                "rows of one file leave each other alone",
                &[&[("1", "1", OPEN)], &[("1", "2", (100, 200)), ("1", "3", (150, 300))]],
                &[("1", "1", (i64::MIN, 100)), ("1", "2", (100, 200)), ("1", "3", (150, 300))],
            ),
        ];
        for (name, files, want) in rows {
            let mut rates = Rates::default();
            let mut starts = Vec::new();
            for file in files {
                starts.push(rates.marks.len());
                for (prefix, rate, (effective_ns, end_ns)) in *file {
                    let (effective_ns, end_ns) = (*effective_ns, *end_ns);
                    let terms = rates.place_of(Terms { effective_ns, end_ns, ..Terms::default() });
                    let rate = Money::parse(rate).unwrap();
                    rates.push(prefix, rate, terms, Mark::default()).unwrap();
                }
            }
            amend(&mut rates, &starts);
            let got: Vec<(String, String, (i64, i64))> = (0..rates.marks.len())
                .map(|place| {
                    let terms = rates.terms(place).unwrap();
                    let rate = rates.rate(place).unwrap().rate.to_string();
                    (rates.prefix(place).to_owned(), rate, (terms.effective_ns, terms.end_ns))
                })
                .collect();
            let want: Vec<(String, String, (i64, i64))> = want
                .iter()
                .map(|(prefix, rate, span)| ((*prefix).into(), (*rate).into(), *span))
                .collect();
            assert_eq!(got, want, "{name}");
        }
    }
}
