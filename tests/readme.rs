//! What the README says of keys, bounds and answers is what the program holds.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use crate::support::server::Server;
    use serde_json::{Value, json};
    use siproute::model::digits::Digits;
    use siproute::model::limits::Limits;
    use siproute::model::number::{NumberForm, NumberPlan};
    use siproute::model::outcome::{AttemptOutcome, Outcome};
    use siproute::model::query::Shape;

    const README: &str = include_str!("../README.md");

    #[test]
    fn every_limit_stands_in_the_readme_as_it_is() {
        for spec in Limits::SPECS {
            let row = format!(
                "| `{}` | {} | {} | {} | {} |",
                spec.name,
                spec.default,
                spec.min,
                spec.max,
                spec.doc.trim()
            );
            assert!(README.contains(&row), "README.md, section Settings, lacks the row\n{row}");
        }
        let rows = README.lines().skip_while(|line| !line.starts_with("| key | default | least"));
        let rows = rows.skip(2).take_while(|line| line.starts_with('|')).count();
        assert_eq!(rows, Limits::SPECS.len(), "README.md has a row for a limit that is not there");
    }

    /// What stands first in each row of the table whose head begins so.
    fn first_cells(head: &str) -> impl Iterator<Item = &'static str> {
        let rows = README.lines().skip_while(move |line| !line.starts_with(head)).skip(2);
        let rows = rows.take_while(|line| line.starts_with('|'));
        rows.map(|row| row.split('|').nth(1).unwrap().trim())
    }

    #[test]
    fn the_outcomes_in_the_readme_are_those_that_are_counted() {
        let told: Vec<&str> = first_cells("| `outcome` of a request |")
            .flat_map(|cell| cell.split(',').map(|name| name.trim().trim_matches('`')))
            .collect();
        let counted: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.label()).collect();
        assert_eq!(told, counted, "README.md, section Metrics, `outcome` of a request");

        let (_, row) = README.split_once("\n| `siproute_attempts_total` |").unwrap();
        let list = row.lines().next().unwrap().trim_end_matches(['|', ' ']).rsplit('|').next();
        let told: Vec<&str> = list.unwrap().split(',').map(str::trim).collect();
        let counted: Vec<&str> =
            AttemptOutcome::ALL.iter().map(|outcome| outcome.label()).collect();
        assert_eq!(told, counted, "README.md, section Metrics, `outcome` of an attempt");
    }

    #[test]
    fn the_shapes_in_the_readme_are_those_that_can_be_asked_for() {
        let mut told: Vec<&str> =
            first_cells("| `as` | answer |").map(|cell| cell.trim_matches('`')).collect();
        let mut known = Shape::NAMES.map(|(name, _)| name);
        told.sort_unstable();
        known.sort_unstable();
        assert_eq!(told, known, "README.md, the table of shapes");
    }

    /// What the README asks.
    fn question(shape: &str) -> Value {
        json!({
            "id": "px1-17", "as": shape,
            "event": {"Account": "1001", "Destination": "+4930123456"},
        })
    }

    #[test]
    fn the_shipped_example_answers_as_the_readme_says() {
        let server = Server::start(include_str!("../conf/routes.toml"));
        let ask = README.split("## Ask").nth(1).unwrap();
        let sample = ask.split("```json").nth(1).unwrap().split("```").next().unwrap();
        let mut want: Value = serde_json::from_str(sample).unwrap();
        let mut got = server.ask(&question("json"));
        // They differ from question to question, and from reading to reading.
        for member in ["id", "generation", "table"] {
            assert!(want[member].take() != Value::Null && got[member].take() != Value::Null);
        }
        assert_eq!(got, want);
        for (shape, _) in Shape::NAMES.iter().filter(|(_, shape)| shape.is_text()) {
            let row = README.lines().find(|line| line.starts_with(&format!("| `{shape}` | `ok ")));
            let cell = row.unwrap().split('`').nth(3).unwrap().replace("\\|", "|");
            let answer = server.ask_text(&question(shape));
            match cell.split_once('…') {
                None => assert_eq!(answer, cell),
                Some((begin, _)) => assert!(answer.starts_with(begin), "{answer} for {cell}"),
            }
        }
    }

    #[test]
    fn numbers_are_written_as_the_readme_says() {
        let plan = NumberPlan { country: Digits::parse("49"), ..NumberPlan::default() };
        let cells = |line: &'static str| {
            line.trim_matches(['|', ' ']).split(" | ").map(|cell| cell.trim_matches('`')).collect()
        };
        let mut lines = README.lines().skip_while(|line| !line.starts_with("| arrives |"));
        let forms: Vec<&str> = cells(lines.next().unwrap());
        let rows: Vec<Vec<&str>> =
            lines.skip(1).take_while(|line| line.starts_with('|')).map(cells).collect();
        assert_eq!((forms.len(), rows.len()), (6, 4), "the table of README.md, section Numbers");
        for row in rows {
            let arrives = row[0];
            let number = plan.normalise(arrives);
            for (form, want) in forms.iter().zip(&row).skip(1) {
                let mut written = String::new();
                NumberForm::parse(form).unwrap().write(
                    number.as_ref(),
                    arrives,
                    &plan,
                    &mut written,
                );
                assert_eq!(written, *want, "{arrives} as {form}");
            }
        }
    }
}
