//! The same prices as a tariff-plan folder of CGRateS, inline in a table file, and as a deck in CSV: under
//! the same arithmetic they give the same costs, and where the two arithmetics differ, by how much.

#[cfg(test)]
mod tests {
    use siproute::config::definition_toml;
    use siproute::config::{Settings, Source, check_tables};
    use siproute::engine::rating::exact;
    use siproute::engine::rating::{Call, ROUNDING_DECIMALS, Scratch, cost};
    use siproute::model::go::time;
    use siproute::model::number::Number;
    use siproute::table::Table;
    use siproute::table::builder::build;
    use siproute::table::rating::Pricing;
    use siproute::table::rating::deck::Start;
    use siproute::table::supplier::LiveIndex;

    const SETUP: &str = "2026-11-21T12:00:00Z";

    fn source(name: &str, text: &str) -> Source {
        let folder = name.split_once('/').map(|(folder, _)| folder.into());
        let is_deck = name.ends_with(".csv") && folder.is_none();
        Source { name: name.into(), text: text.into(), folder, is_deck }
    }

    fn table(sources: &[Source]) -> Table {
        let checked = check_tables(&Settings::default(), sources);
        let input = checked.input.unwrap_or_else(|| panic!("{:#?}", checked.findings));
        build(input, 1, String::new(), &mut |_| Ok(LiveIndex(0))).unwrap()
    }

    /// A cent a minute by the second; from 60 s on two cents in steps of 10 s, and a fee; nothing rounded.
    fn folder() -> Table {
        table(&folder_sources())
    }

    fn folder_sources() -> Vec<Source> {
        vec![
            source("plan/Destinations.csv", "DE,+49\nDE,+43\nMOB,+4915\nFR,+33\n"),
            source(
                "plan/Rates.csv",
                "RT_DE,0,0.01,60s,1s,0s\n\
                 RT_MOB,0.8,0.4,60s,30s,0s\nRT_MOB,0,0.2,60s,10s,60s\n\
                 RT_FR,0.05,0.0123,60s,60s,0s\nRT_FR,0,0.0123,60s,1s,60s\n\
                 RT_ANY,0,0.35,60s,60s,0s\n",
            ),
            source(
                "plan/DestinationRates.csv",
                "DR,DE,RT_DE,*up,4,0,\nDR,MOB,RT_MOB,*up,4,0,\nDR,FR,RT_FR,,0,0.5,*free\n\
                 DR,*any,RT_ANY,*middle,2,0,\n",
            ),
            source("plan/RatingPlans.csv", "RP,DR,*any,10\n"),
        ]
    }

    fn inline(arithmetic: &str) -> Table {
        let text = format!(
            "[[rating_plan]]\nid = \"RP\"\n{arithmetic}\nrate = [\n\
             {{ prefix = \"+49\", rate = 0.01, rounding = \"*up\", decimals = 4 }},\n\
             {{ prefix = \"+43\", rate = 0.01, rounding = \"*up\", decimals = 4 }},\n\
             {{ prefix = \"+4915\", rate = 0.4, connect_fee = 0.8, increment = \"30\", rounding = \"*up\", decimals = 4 }},\n\
             {{ prefix = \"+4915\", rate = 0.2, slot = \"60s\", increment = \"10\", rounding = \"*up\", decimals = 4 }},\n\
             {{ prefix = \"+33\", rate = 0.0123, connect_fee = 0.05, increment = \"60/1\", max_cost = 0.5, max_cost_strategy = \"*free\" }},\n\
             {{ prefix = \"*any\", rate = 0.35, increment = \"60\", rounding = \"*middle\", decimals = 2 }},\n]\n"
        );
        table(&[source("r.toml", &text)])
    }

    fn deck(arithmetic: &str) -> Table {
        let text = format!(
            "[[rating_plan]]\nid = \"RP\"\ndeck = \"d.csv\"\n{arithmetic}\n\
             columns = {{ prefix = \"Code\", rate = \"Price\", connect_fee = \"Setup\", increment = \"Billing\", slot = \"From\" }}\n"
        );
        let rows = "Code;Price;Setup;Billing;From;rounding;decimals;max_cost;max_cost_strategy\n\
                    +49;0.01;;1/1;;*up;4;;\n+43;.01;;1/1;;*up;4;;\n\
                    +4915;0.4;0.8;30/30;0;*up;4;;\n+4915;2e-1;;10/10;60;*up;4;;\n\
                    +33;0.0123;0.05;60/1;;;;0.5;*free\n*any;0.35;;60;;*middle;2;;\n";
        table(&[source("r.toml", &text), source("d.csv", rows)])
    }

    /// The folder as `siproute import` writes it.
    fn imported() -> Table {
        let checked = check_tables(&Settings::default(), &folder_sources());
        let definitions: Vec<_> =
            checked.input.unwrap().definitions.into_iter().map(|it| it.definition).collect();
        let written = definition_toml::write(&definitions, "");
        assert_eq!(written.lost, Vec::<String>::new());
        let decks = written.decks.iter().map(|(name, text)| Source {
            is_deck: true,
            folder: None,
            ..source(name, text)
        });
        table(&decks.chain([source("routes.toml", &written.text)]).collect::<Vec<_>>())
    }

    /// What CGRateS' arithmetic makes of a call.
    fn float(table: &Table, number: &str, usage_s: i64) -> f64 {
        let setup = time::parse(SETUP, &jiff::tz::TimeZone::UTC, 0).unwrap();
        let usage_ns = usage_s * 1_000_000_000;
        let call = Call { destination: number, setup, usage_ns, is_voice: true };
        let plan = table.objects.prices().compiled("RP").unwrap();
        cost(plan, &call, ROUNDING_DECIMALS, &mut Scratch::default()).unwrap().value
    }

    fn exactly(table: &Table, number: &str, usage_s: i64) -> String {
        let Some(Pricing::Exact(deck)) = table.decks.find("RP").map(|stated| &stated.pricing)
        else {
            panic!("no exact deck")
        };
        let Some(Number::E164(digits)) = table.numbers.normalise(number) else {
            panic!("{number}")
        };
        let ns =
            i64::try_from(time::parse(SETUP, &jiff::tz::TimeZone::UTC, 0).unwrap().ns).unwrap();
        let start = Start { ns, offset_s: 0 };
        let price = deck.find(digits.as_str(), start).unwrap();
        exact::cost_told(&price, usage_s * 1_000_000_000, &mut ()).to_string()
    }

    #[test]
    fn the_same_prices_give_the_same_costs_however_they_are_written() {
        let cgrates = "arithmetic = \"cgrates\"\ncompare = \"text\"";
        let written = [folder(), inline(cgrates), deck(cgrates), imported()];
        let exact = [inline(""), deck("")];
        let mut differing = Vec::new();
        for number in ["+4930123456", "+43123456", "+4915112345678", "+33123456789", "+12025550100"]
        {
            for usage_s in (0..200).chain([599, 600, 601, 3599, 3600, 86_399]) {
                let [first, rest @ ..] = &written;
                let want = float(first, number, usage_s);
                for table in rest {
                    let got = float(table, number, usage_s);
                    assert_eq!(got.to_bits(), want.to_bits(), "{number} {usage_s}: {got} {want}");
                }
                let [one, two] = exact.each_ref().map(|table| exactly(table, number, usage_s));
                assert_eq!(one, two, "{number} {usage_s}");
                if one.parse::<f64>().unwrap() != want {
                    differing.push((number, usage_s, one, want));
                }
            }
        }
        let of = |number: &str, usage_s: i64| {
            differing.iter().find(|(n, s, ..)| *n == number && *s == usage_s)
        };
        // CGRateS rounds the price of a step to five decimals, and multiplies that: 0.0001666… is 0.00017.
        for (number, usage_s, exact, cgrates) in [
            ("+4930123456", 60, "0.01", 0.0102),
            ("+4930123456", 80, "0.0134", 0.0136),
            ("+4930123456", 3600, "0.6", 0.612),
            // 0.0123 a minute: 0.000205 a second is 0.00021 in the second slot, and the fee is exact.
            ("+33123456789", 61, "0.062505", 0.06251),
        ] {
            let found = of(number, usage_s);
            let found = found.map(|(_, _, exact, cgrates)| (exact.as_str(), *cgrates));
            assert_eq!(found, Some((exact, cgrates)), "{number} {usage_s}");
        }
        // A price whose step has no more than five decimals is the same.
        assert!(differing.iter().all(|(number, ..)| *number != "+12025550100"), "{differing:?}");
        // Never by more than half of the fifth decimal for each step, and one of the last rounding.
        for (number, usage_s, exact, cgrates) in &differing {
            let difference = (exact.parse::<f64>().unwrap() - cgrates).abs();
            let most = 0.000_005 * (*usage_s as f64 + 1.0) + 0.000_1;
            assert!(difference <= most, "{number} {usage_s}: {exact} {cgrates}");
        }
    }
}
