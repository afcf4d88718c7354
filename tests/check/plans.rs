//! Tariff-plan folders beside table files: what refers to what, and what is only a doubt since CGRateS
//! takes it.

use crate::found::{assert_found, listed};
use siproute::config::folders::warnings;
use siproute::config::{Finding, Settings, Source, check_tables};
use siproute::model::definition::{Generation, Kind};

const FILTERS: &str = "t,F,*string,~*req.A,1,\n";
const ROUTES: &str = "t,P,F,,*weight,,r,,,,,,1,,,1\n";
const TABLE: &str = "tenant = \"t\"\n";

fn file(name: &str, text: &str) -> Source {
    Source {
        name: format!("plan/{name}").into(),
        text: text.into(),
        folder: Some("plan".into()),
        is_deck: false,
    }
}

fn table(text: &str) -> Source {
    Source { name: "r.toml".into(), text: format!("{TABLE}{text}"), folder: None, is_deck: false }
}

fn findings(sources: &[Source]) -> Vec<Finding> {
    check_tables(&Settings::default(), sources).findings
}

#[test]
fn each_mistake_and_doubt_of_a_plan_has_its_place() {
    for (name, text, place, reason, help) in [
        // What the table refuses is an error, with the words that a table file gets.
        (
            "Routes.csv",
            "t,Q,F;G,,*weight,,r,,,,,,1,,,1\n",
            "1:5: error",
            "is called `G`",
            "declare",
        ),
        (
            "Routes.csv",
            "u,Q,F,,*weight,,r,,,,,,1,,,1\n",
            "1:5: error",
            "is called `F`",
            "tenant `t`",
        ),
        (
            "Attributes.csv",
            "t,A,*any,G,,,*req.X,*constant,1,,\n",
            "1:10: error",
            "is called `G`",
            "",
        ),
        (
            "Filters.csv",
            "t,F,*string,~*req.A,1,\nt,G,*apiban,~*req.A,*all,\n",
            "2:5: error",
            "asks a server",
            "",
        ),
        (
            "Filters.csv",
            "t,F,*string,~*req.A,1,\nt,G,*regex,~*req.A,(,\n",
            "2:5: error",
            "error parsing regexp",
            "",
        ),
        (
            "Filters.csv",
            "t,F,*string,~*req.A,1,\nt,G,*string,~*req.A,,\nt,G,*exists,~*req.B,b,\n",
            "3:5: error",
            "takes no values",
            "colon",
        ),
        (
            "Routes.csv",
            "t,Q,*http#x:~*req.A:,,*weight,,r,,,,,,1,,,1\n",
            "1:5: error",
            "asks a server",
            "",
        ),
        (
            "Routes.csv",
            "t,Q,,,*weight,,r,*apiban:~*req.A:*all,,,,,1,,,1\n",
            "1:18: error",
            "asks a server",
            "",
        ),
        // What CGRateS takes and misses only when it is asked is a doubt.
        ("Routes.csv", "t,Q,,,*weight,,r,G,,,,,1,,,1\n", "1:18: warning", "is called `G`", ""),
        (
            "Attributes.csv",
            "t,A,*any,,,G,*req.X,*constant,1,,\n",
            "1:12: warning",
            "is called `G`",
            "",
        ),
        (
            "Filters.csv",
            "t,F,*string,~*req.A,1,\nt,G,*strin,~*req.A,1,\n",
            "2:5: warning",
            "no type of filter",
            "`*string`",
        ),
        (
            "Routes.csv",
            "t,Q,*strin:~*req.A:1,,*weight,,r,,,,,,1,,,1\n",
            "1:5: warning",
            "no type of filter",
            "",
        ),
        (
            "Routes.csv",
            "#Tenant,ID,FilterIDs,Weights\nt,Q,,G;1,,*weight,,r,,,,,,H;1;;2,,\n",
            "2:6: warning",
            "is called `G`",
            "",
        ),
        (
            "Filters.csv",
            "t,F,*destinations,~*req.A,DE,\n",
            "1:5: warning",
            "no destination is called `DE`",
            "",
        ),
        (
            "Routes.csv",
            "t,Q,F,,*cheap,,r,,,,,,1,,,1\n",
            "1:3: warning",
            "called `*cheap`",
            "*weight",
        ),
        (
            "Stats.csv",
            "anything",
            "1:1: warning",
            "not read of this tariff plan: Stats.csv",
            "no route depends on it",
        ),
    ] {
        let base = [("Filters.csv", FILTERS), ("Routes.csv", ROUTES)];
        let base = base.iter().filter(|(other, _)| *other != name);
        let mut sources = vec![table("")];
        sources.extend(base.map(|(name, text)| file(name, text)));
        sources.push(file(name, text));
        assert_found(&findings(&sources), place, reason, help, text);
    }
}

#[test]
fn a_row_that_cannot_be_read_is_not_missed_as_well() {
    let sources = [file("Filters.csv", "t,F,*string\n"), file("Routes.csv", ROUTES)];
    let checked = check_tables(&Settings::default(), &sources);
    assert!(checked.broken);
    assert_eq!(checked.findings.len(), 1, "{}", listed(&checked.findings));
}

#[test]
fn files_and_plans_use_each_others_definitions() {
    let profile = "[[profile]]\nid = \"Q\"\nfilters = [\"F\"]\n[[profile.route]]\nid = \"r\"\n\
                   [[supplier]]\nid = \"r\"\ngateways = [\"sip:192.0.2.1\"]\n";
    let filter =
        "[[filter]]\nid = \"F\"\nrules = [{ type = \"*exists\", element = \"~*req.A\" }]\n";
    for (name, sources) in [
        ("a filter of the plan", vec![table(profile), file("Filters.csv", FILTERS)]),
        ("a filter of the file", vec![table(filter), file("Routes.csv", ROUTES)]),
        ("the plan alone", vec![file("Filters.csv", FILTERS), file("Routes.csv", ROUTES)]),
    ] {
        let checked = check_tables(&Settings::default(), &sources);
        assert!(checked.findings.is_empty(), "{name}: {}", listed(&checked.findings));
        let kinds: Vec<Kind> = checked
            .input
            .unwrap()
            .definitions
            .iter()
            .map(|declared| declared.definition.key().kind)
            .collect();
        assert_eq!(kinds, [Kind::Filter, Kind::Profile], "{name}");
    }
}

#[test]
fn what_is_stated_twice_names_both_places() {
    let other = Source {
        name: "more/Filters.csv".into(),
        text: format!("# more\n{FILTERS}"),
        folder: Some("more".into()),
        is_deck: false,
    };
    let filter =
        "[[filter]]\nid = \"F\"\nrules = [{ type = \"*exists\", element = \"~*req.A\" }]\n";
    for (first, second, wanted) in [
        (
            file("Filters.csv", FILTERS),
            other,
            "more/Filters.csv:2:3: error: the filter `F` of tenant `t` is declared twice, first at plan/Filters.csv:1",
        ),
        (
            table(filter),
            file("Filters.csv", FILTERS),
            "plan/Filters.csv:1:3: error: the filter `F` of tenant `t` is declared twice, first at r.toml:3",
        ),
    ] {
        let told = listed(&findings(&[first, second]));
        assert!(told.contains(wanted), "{told}");
    }
}

#[test]
fn times_and_headings_are_read_as_the_settings_say() {
    let mut settings = Settings::default();
    settings.compat.cgrates = Generation::V100;
    let row = "t,P,,;10,,*weight,,r,,,,,,;5,,\n";
    let checked = check_tables(&settings, &[file("Routes.csv", row)]);
    assert!(checked.input.is_some(), "{}", listed(&checked.findings));
    assert!(check_tables(&Settings::default(), &[file("Routes.csv", row)]).input.is_none());
}

#[test]
fn folders_without_a_plan_and_names_that_are_misspelt_are_doubts() {
    let folder = std::env::temp_dir().join(format!("siproute-plans-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("plan")).unwrap();
    std::fs::create_dir_all(folder.join("empty")).unwrap();
    std::fs::write(folder.join("plan/routes.csv"), "").unwrap();
    std::fs::write(folder.join("plan/Filters.csv"), "").unwrap();
    let mut settings = Settings { path: folder.join("s.toml"), ..Settings::default() };
    settings.tables.cgrates = vec!["plan/".into(), "empty".into(), "plan".into()];
    let told = listed(&warnings(&settings));
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(told.matches("warning").count(), 2, "{told}");
    assert!(told.contains("plan/routes.csv: warning: no file of a tariff plan has this name"));
    assert!(told.contains("empty: warning: no file of a tariff plan is in this folder"), "{told}");
}
