//! `siproute import` as people call it: what it writes, what it refuses, and what it leaves alone.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use crate::support::folder::Folder;
    use siproute::config::tariff_plan::{Manner, read_folder};
    use siproute::config::{Settings, Source, check_tables};
    use siproute::model::definition::Definition;
    use siproute::model::limits::Limits;
    use std::path::Path;
    use std::process::{Command, Output};

    const ROUTES: &str = "\
#Tenant,ID,FilterIDs,ActivationInterval,Sorting,SortingParameters,RouteID,RouteFilterIDs,RouteAccountIDs,RouteRatingPlanIDs,RouteResourceIDs,RouteStatIDs,RouteWeight,RouteBlocker,RouteParameters,Weight
acme,EU,*prefix:~*req.Destination:+49|+33;GOLD,2026-01-01T00:00:00Z,*weight,,alfa,,,,,,20,,strip=1,10
acme,EU,,,,,bravo,NIGHT,,,,,10,,,
acme,ALL,,,*weight,,charlie,,,,,,,,,
";
    const FILTERS: &str = "\
#Tenant,ID,Type,Element,Values,ActivationInterval
acme,GOLD,*string,~*req.Category,gold;silver,
acme,GOLD,*destinations,~*req.Destination,DE,
acme,NIGHT,*timings,~*req.SetupTime,T_NIGHT,
";
    const WANT: &str = r#"
tenant = "acme"

[[filter]]
id = "GOLD"
rules = [
  { type = "*string", element = "~*req.Category", values = ["gold", "silver"] },
  { type = "*destinations", element = "~*req.Destination", values = ["DE"] },
]

[[filter]]
id = "NIGHT"
rules = [{ type = "*timings", element = "~*req.SetupTime", values = ["T_NIGHT"] }]

[[destination]]
id = "DE"
prefixes = ["+49", "0049"]

[[timing]]
id = "T_NIGHT"
week_days = [6, 0]
start = "22:00:00"

[[profile]]
id = "EU"
filters = ["*prefix:~*req.Destination:+49|+33", "GOLD"]
sorting = "*weight"
sorting_parameters = []
weight = 10
active_from = 2026-01-01T00:00:00Z

  [[profile.route]]
  id = "alfa"
  weight = 20
  parameters = "strip=1"

  [[profile.route]]
  id = "bravo"
  filters = ["NIGHT"]
  weight = 10

[[profile]]
id = "ALL"
filters = []
sorting = "*weight"
sorting_parameters = []

  [[profile.route]]
  id = "charlie"
"#;

    fn plan() -> Folder {
        let folder = Folder::new("import");
        folder.write("Routes.csv", ROUTES);
        folder.write("Filters.csv", FILTERS);
        folder.write("Destinations.csv", "#Id,Prefix\nDE,+49\nDE,0049\n");
        folder.write("Timings.csv", "T_NIGHT,*any,*any,*any,6;7,22:00:00\nASAP,,,,,*asap\n");
        folder
    }

    fn import(from: &Path, into: &Path, more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_siproute"));
        command.args(["import", "cgrates"]).arg(from).arg("--into").arg(into).args(more);
        command.output().unwrap()
    }

    fn check(output: &Output, code: i32, wanted: &str) {
        let out = String::from_utf8_lossy(&output.stdout);
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{out}{err}");
        let said = if code == 0 { out } else { err };
        assert!(said.contains(wanted), "no {wanted:?} in\n{said}");
    }

    #[test]
    fn a_tariff_plan_becomes_one_table_file() {
        let (plan, into) = (plan(), Folder::new("imported"));
        plan.write("Stats.csv", "anything");
        plan.write("filter.csv", "");
        plan.write("notes.txt", "");
        let output = import(&plan.path(""), &into.path("deep/er"), &[]);
        check(
            &output,
            0,
            "routes.toml: 2 profiles with 3 routes, 1 timing, 1 destination, 2 filters\n",
        );
        check(&output, 0, "not read yet: Stats.csv\n");
        check(&output, 0, "filter.csv: warning: no file of a tariff plan has this name");
        let text = std::fs::read_to_string(into.path("deep/er/routes.toml")).unwrap();
        let (comment, tables) = text.split_at(text.find("\n\n").unwrap() + 1);
        assert_eq!(tables, WANT);
        assert!(comment.starts_with("# Imported from the CGRateS tariff plan "), "{comment}");
        let left_out = "# Left out, since it is not read yet: Stats.csv.\n\
                        # Left out, since no route has a use for them: timings ASAP.\n";
        assert!(comment.ends_with(left_out), "{comment}");
        text.parse::<toml::Table>().unwrap();
    }

    #[test]
    fn an_imported_file_says_what_the_plan_says() {
        let (plan, into) = (plan(), Folder::new("imported"));
        plan.write("Timings.csv", "T_NIGHT,2026,*any,1;2,6;7,22:00:00;23:00:00\n");
        plan.write(
            "Attributes.csv",
            "acme,A,*routes;*any,GOLD,2026-01-01T00:00:00+01:00,,*req.Account,*constant,1001,true,10\n\
             acme,A,,,,NIGHT,*opts.*rouLimit,*composed,~*req.A;`a;b`,,\n\
             other,B,,*prefix:~*req.A:1,,,*tenant,*variable,~*req.T,,0.5\n",
        );
        check(&import(&plan.path(""), &into.path(""), &[]), 0, "2 attributes");
        let text = std::fs::read_to_string(into.path("routes.toml")).unwrap();
        let source = Source { name: "routes.toml".into(), text, folder: None, is_deck: false };
        let checked = check_tables(&Settings::default(), std::slice::from_ref(&source));
        let input =
            checked.input.unwrap_or_else(|| panic!("{:?}\n{}", checked.findings, source.text));
        let mut said: Vec<Definition> =
            input.definitions.into_iter().map(|declared| declared.definition).collect();
        let mut want = read_folder(&plan.path(""), &Limits::default(), &Manner::default())
            .unwrap()
            .plan
            .into_definitions();
        said.sort_by_key(Definition::key);
        want.sort_by_key(Definition::key);
        assert_eq!(said, want, "{}", source.text);
    }

    #[test]
    fn prices_become_decks_beside_the_table_file() {
        let (plan, into) = (Folder::new("prices"), Folder::new("imported"));
        plan.write("Destinations.csv", "DE,49\nDE,0049\n");
        plan.write("Rates.csv", "RT,0,0.02,60s,1s,0s\n");
        plan.write("DestinationRates.csv", "DR,DE,RT,*up,4,0,\nDR,*any,RT,*up,4,0,\n");
        plan.write("RatingPlans.csv", "RP,DR,*any,10\n");
        let output = import(&plan.path(""), &into.path(""), &[]);
        check(&output, 0, "routes.toml: 1 rating plan, 1 destination\n");
        let deck = std::fs::read_to_string(into.path("decks/RP.csv")).unwrap();
        assert_eq!(
            deck,
            "prefix,rate,unit,increment,rounding,decimals,weight\n49,0.02,60s,1s,*up,4,10\n\
             0049,0.02,60s,1s,*up,4,10\n*any,0.02,60s,1s,*up,4,10\n"
        );
        // Of several files none is written when one is in the way.
        std::fs::remove_file(into.path("routes.toml")).unwrap();
        let output = import(&plan.path(""), &into.path(""), &[]);
        check(&output, 74, "decks/RP.csv: the file is there; --force replaces it");
        assert!(!into.path("routes.toml").exists());
        check(&import(&plan.path(""), &into.path(""), &["--force"]), 0, "wrote ");
    }

    #[test]
    fn a_file_that_is_there_stays_unless_it_may_be_replaced() {
        let (plan, into) = (plan(), Folder::new("imported"));
        into.write("routes.toml", "mine");
        let output = import(&plan.path(""), &into.path(""), &[]);
        check(&output, 74, "routes.toml: the file is there; --force replaces it");
        assert_eq!(std::fs::read_to_string(into.path("routes.toml")).unwrap(), "mine");
        check(&import(&plan.path(""), &into.path(""), &["--force"]), 0, "wrote ");
        assert!(std::fs::read_to_string(into.path("routes.toml")).unwrap().ends_with(WANT));
        assert!(!into.path("routes.toml.new").exists());
    }

    #[test]
    fn nothing_is_written_of_a_plan_that_is_wrong() {
        for (file, text, more, code, wanted) in [
            (
                "Routes.csv",
                "acme,X,\n",
                &[][..],
                65,
                "Routes.csv:1:1: error: the row has 3 columns",
            ),
            (
                "Destinations.csv",
                "DE\n",
                &[],
                65,
                "Destinations.csv:1:1: error: the row has 1 column",
            ),
            (
                "Routes.csv",
                "acme,X,,F;1,,*weight,,r,,,,,,,,\n",
                &["--generation", "1.0"],
                65,
                "the weights of profile acme:X have filters of their own\n  help: name the folder in",
            ),
            ("Routes.csv", "", &["--generation", "0.9"], 64, "0.11 or 1.0"),
            ("Routes.csv", "", &["--timezone", "Berlin"], 64, "no zone of the IANA database"),
        ] {
            let (plan, into) = (plan(), Folder::new("imported"));
            plan.write(file, text);
            check(&import(&plan.path(""), &into.path(""), more), code, wanted);
            assert!(!into.path("routes.toml").exists(), "{text}");
        }
    }

    /// Whatever is written, `check` takes; what a table file cannot say is named with its place in the plan.
    #[test]
    fn check_refuses_nothing_that_was_written() {
        const PLAN: [(&str, &str); 5] = [
            ("Destinations.csv", "DE,49\n"),
            ("Rates.csv", "R,0,0.06,60s,1s,0s\n"),
            ("DestinationRates.csv", "DR,DE,R,*up,4,0,\n"),
            ("RatingPlans.csv", "RP,DR,*any,10\n"),
            ("Routes.csv", "t,P,,,*lc,,r,,,RP,,,10,,,\n"),
        ];
        for (file, text, refused) in [
            ("Rates.csv", "R,0,-0.06,60s,1s,0s\n", ""),
            ("Rates.csv", "R,-1,0.06,60s,1s,0s\n", ""),
            ("Rates.csv", "R,0,0.06,60,60,0s\n", ""),
            ("Rates.csv", "R,0,0.06,0s,,0s\n", ""),
            ("Rates.csv", "R,0,0.06,60s,1s,60s\n", ""),
            ("DestinationRates.csv", "DR,DE,R,up,0,0,\n", ""),
            ("DestinationRates.csv", "DR,DE,R,*up,4,-1,*bogus\n", ""),
            ("Destinations.csv", "DE,4 9\n", ""),
            ("Routes.csv", "t,P,,,*lc,,r,,,GONE,,,10,,,\n", ""),
            (
                "Rates.csv",
                "R,0,0.06,-1m,1s,0s\n",
                "RatingPlans.csv:1:1: error: a table file cannot say it: `unit`",
            ),
            (
                "Rates.csv",
                "R,0,1e300,1m,1s,0s\n",
                "RatingPlans.csv:1:1: error: a table file cannot say it: `rate`",
            ),
            ("DestinationRates.csv", "DR,GONE,R,*up,4,0,\n", "no rate in the deck of `RP`"),
            ("Destinations.csv", "DE, 49\n", "the prefix \" 49\" of DE would be another in a deck"),
            (
                "Routes.csv",
                "t,O,,,*weight,,r,,,,,,10,,,\nt,P,,,*lc,,r,,,,,,10,,,\n",
                "Routes.csv:2:1: error: a table file cannot say it: nothing says what the route `r` costs",
            ),
            (
                "Routes.csv",
                "t,P,,,*cheap,,r,,,RP,,,10,,,\n",
                "cannot say it: `sorting` is `*cheap`",
            ),
            (
                "Routes.csv",
                "t,P,,,*weight,,r,G,,,,,10,,,\n",
                "no filter of tenant `t` is called `G`",
            ),
        ] {
            let (plan, into) = (Folder::new("written"), Folder::new("imported"));
            let own = PLAN.iter().filter(|(name, _)| *name != file);
            own.chain([&(file, text)]).for_each(|(name, text)| plan.write(name, text));
            let output = import(&plan.path(""), &into.path(""), &[]);
            if !refused.is_empty() {
                check(&output, 65, refused);
                assert!(!into.path("routes.toml").exists(), "{text}");
                continue;
            }
            check(&output, 0, "wrote ");
            let mut command = Command::new(env!("CARGO_BIN_EXE_siproute"));
            let checked = command.arg("check").arg(into.path("routes.toml")).output().unwrap();
            check(&checked, 0, "ok: ");
        }
    }

    #[test]
    fn a_folder_without_a_plan_is_told_from_one_that_is_not_there() {
        let (empty, into) = (Folder::new("empty"), Folder::new("imported"));
        for (from, code, wanted) in [
            ("", 65, "nothing in this folder can be imported"),
            ("nowhere", 66, "there is no such folder"),
            ("file", 65, "this is no folder"),
        ] {
            empty.write("file", "");
            check(&import(&empty.path(from), &into.path(""), &[]), code, wanted);
        }
    }
}
