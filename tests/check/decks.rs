//! Mistakes in rating plans and decks, and what plans say that are right.

use crate::found::{assert_found, listed, tables};
use siproute::config::{Settings, Source, check_tables};
use siproute::model::definition::Deck;
use siproute::table::input::TableInput;

const ROUTES: &str = "\
[[supplier]]
id = \"alfa\"
dispatcher_set = 1

[[route]]
target = \"all\"
supplier = \"alfa\"
";

/// A plan of a deck with these keys beside.
fn plan(keys: &str) -> String {
    format!("{ROUTES}\n[[rating_plan]]\nid = \"RP\"\ndeck = \"d.csv\"\n{keys}")
}

#[test]
fn mistakes_in_a_deck_are_listed_at_once_by_line_and_column() {
    let named = plan(
        "columns = { prefix = \"Code\", rate = \"Price\", increment = \"Billing\", effective = \"From\", end = \"To\" }\n\
         dates = \"dmy\"\n",
    );
    let head = "Code;Land;Price;Billing;From;To\n";
    for (rows, place, text, help) in [
        ("49;Germany;0,01;;;\n", "2:12", "`rate`: `0,01` is no price: decimals follow", "0.0123"),
        ("4 9;Germany;0.01;;;\n", "2:1", "`prefix`: `4 9` is no prefix", "one prefix a row"),
        ("93-70;A;0.01;;;\n", "2:1", "`93-70` is no prefix", ""),
        ("49;\"Ger;many\";x;;;\n", "2:15", "`x` is no price", ""),
        ("# a comment\n\n49;Ü;-0.01;;;\n", "4:6", "below zero", "leave the row out"),
        ("49;Germany;0.01;60/;;\n", "2:17", "`increment`", "`60/1`"),
        ("49;Germany;0.01;0;;\n", "2:17", "is no time", ""),
        (
            "49;Germany;0.01;;2026-13-01;\n",
            "2:18",
            "it is `2026-13-01`, no date such as 31.01.2026",
            "leave it out",
        ),
        ("49;Germany;0.01;;01.02.2026;01.01.2026\n", "2:29", "never be valid", ""),
        ("49;Germany;0.01\n", "2:1", "3 columns, not 6", "quotes"),
        ("49;\"Germany;0.01;;;\n50;B;1;;;\n", "2:4", "over several lines", "not closed"),
        (
            "49;A;1;;;\n+49;B;2;;;\n",
            "3:1",
            "`49` is there twice with the same validity, first at d.csv:2",
            "say from when",
        ),
        ("49;A;999999999999999;;;\n50;A;1234567890123456789;;;\n", "3:6", "18 digits", ""),
        ("", "13:6", "no rate in the deck of `RP`", ""),
    ] {
        let deck = format!("{head}{rows}");
        let findings = tables(&[("r.toml", &named), ("d.csv", &deck)]);
        let wanted = match place {
            "13:6" => "10:6: error".to_owned(),
            _ => format!("{place}: error"),
        };
        assert_found(&findings, &wanted, text, help, &deck);
    }
    let deck = format!("{head}x;;1;;;\n49;;y;;;\n50;;;z;q;\n");
    let findings = tables(&[("r.toml", &named), ("d.csv", &deck)]);
    let places: Vec<String> = findings
        .iter()
        .filter(|found| &*found.place.file == "d.csv")
        .map(|found| format!("{}:{}", found.place.line, found.place.column))
        .collect();
    assert_eq!(places, ["2:1", "3:5", "4:5", "4:6", "4:8"], "{}", listed(&findings));
}

#[test]
fn columns_are_found_by_their_names() {
    for (keys, deck, place, text, help) in [
        ("", "Code,Rate\n49,1\n", "1:1", "no column `prefix`", "the deck has Code, Rate"),
        (
            "columns = { prefix = \"Cod\" }\n",
            "Code,Rate\n49,1\n",
            "12:22",
            "no column `Cod`",
            "`Code`",
        ),
        (
            "columns = { prefx = \"Code\" }\n",
            "Prefix,Rate\n49,1\n",
            "12:13",
            "unknown key `prefx`",
            "`prefix`",
        ),
        ("", "prefix,rate,PREFIX\n49,1,2\n", "1:1", "`prefix` is there twice", ""),
        ("", "", "1:1", "the deck is empty", ""),
        (
            "rounding = \"*up\"\n",
            "prefix,rate\n49,1\n",
            "12:12",
            "`decimals`: `rounding` rounds nothing",
            "",
        ),
        (
            "decimals = 2\n",
            "prefix,rate\n49,1\n",
            "12:12",
            "`rounding`: `decimals` rounds nothing",
            "",
        ),
        (
            "unit = \"60\"\nincrement = \"x\"\n",
            "prefix,rate\n49,1\n",
            "13:13",
            "`increment`: `x` is no unit",
            "60/1",
        ),
    ] {
        let plan = plan(keys);
        let findings = tables(&[("r.toml", &plan), ("d.csv", deck)]);
        assert_found(&findings, &format!("{place}: error"), text, help, &format!("{keys}{deck}"));
    }
}

#[test]
fn a_column_that_is_nearly_one_of_ours_is_asked_about() {
    let of = |deck: &str| tables(&[("r.toml", &plan("")), ("d.csv", deck)]);
    let misspelt = "prefix,rate,incremnt,city\n49,0.01,60/1,Berlin\n";
    let help = "did you mean `increment`?";
    assert_found(&of(misspelt), "1:1: warning", "`incremnt` is not read", help, misspelt);
    let about_other_things = "prefix,rate,city,date,destination\n49,0.01,Berlin,2026-01-01,DE\n";
    let findings = of(about_other_things);
    assert!(!listed(&findings).contains("not read"), "{}", listed(&findings));
}

#[test]
fn mistakes_of_plans_in_table_files_have_their_places() {
    for (text, place, wanted, help) in [
        ("[[rating_plan]]\nid = \"RP\"\n", "2:6", "the plan has no prices", "deck = "),
        (
            "[[rating_plan]]\nid = \"RP\"\ndeck = \"gone.csv\"\n",
            "3:8",
            "`gone.csv` is not there",
            "",
        ),
        ("[[rating_plan]]\nid = \"RP\"\ndeck = [\"a*/b.csv\"]\n", "3:9", "the last part alone", ""),
        (
            "[[rating_plan]]\nid = \"RP\"\ndeck = \"b-*.csv\"\n",
            "3:8",
            "no deck fits the pattern",
            "",
        ),
        (
            "[[rating_plan]]\nid = \"RP\"\ndeck = \"d.csv\"\nrate = [{ prefix = \"1\", rate = 1 }]\n",
            "4:8",
            "rates beside it",
            "amend",
        ),
        (
            "[[rating_plan]]\nid = \"RP\"\n[[rating_plan.rate]]\nprefix = \"x\"\nrate = \"1,5\"\n",
            "4:10",
            "`x` is no prefix",
            "",
        ),
        (
            "[[rating_plan]]\nid = \"RP\"\n[[rating_plan.rate]]\nprefix = \"1\"\nrate = \"1,5\"\n",
            "5:8",
            "`rate`: `1,5` is no price",
            "rate = 0.0123",
        ),
        (
            "[[rating_plan]]\nid = \"RP\"\n[[rating_plan.rate]]\nprefix = \"1\"\n",
            "3:1",
            "lacks `rate`",
            "",
        ),
        (
            "[[rating_plan]]\nid = \"RP\"\nrounding = \"*up\"\nrate = [{ prefix = \"1\", rate = 1 }]\n",
            "3:12",
            "`decimals`: `rounding` rounds nothing",
            "decimals = 4",
        ),
        (
            "[[rating_plan]]\nid = \"RP\"\nrate = [{ prefix = \"1\", rate = 1, slot = \"60s\" }]\n",
            "3:20",
            "the beginning of a call to `1` has no price",
            "slot of 0s",
        ),
        (
            "[[rating_plan]]\nid = \"RP\"\nrate = [{ prefix = \"1\", rate = 1 }, { prefix = \"1\", rate = 1, connect_fee = 1, slot = \"60s\" }]\n",
            "3:48",
            "later slot of `1` has a connect fee",
            "",
        ),
        (
            "[[rating_plan]]\nid = \"RP\"\nrate = [{ prefix = \"1\", rate = 1, timing = \"T\" }]\n",
            "3:20",
            "no timing is called `T`",
            "",
        ),
        (
            "[[rating_plan]]\nid = \"RP\"\nrate = [{ prefix = \"1\", rate = 999999999999999, connect_fee = 0.000000000000001 }]\n",
            "3:20",
            "beyond exact arithmetic",
            "",
        ),
        (
            "[[rating_plan]]\nid = \"RP\"\nrate = [{ prefix = \"1\", rate = 1, effective = 2026-01-01T00:00:00 , end = \"soon\"}]\n",
            "3:75",
            "`end` is `soon`, no date",
            "",
        ),
        (
            "[[rating_plan]]\nid = \"RP\"\nrate = [{ prefix = \"1\", rate = 1 }]\n[[rating_plan]]\nid = \"RP\"\nrate = [{ prefix = \"1\", rate = 1 }]\n",
            "5:6",
            "`RP` is declared twice",
            "",
        ),
        ("[[supplier]]\nid = \"b\"\nunit = \"60s\"\n", "3:8", "the supplier has none", "deck = "),
        (
            "[[profile]]\nid = \"P\"\nsorting = \"*lc\"\nroutes = [{ id = \"alfa\" }]\n",
            "4:1",
            "unknown key `routes`",
            "",
        ),
        (
            "[[profile]]\nid = \"P\"\nsorting = \"*lc\"\n[[profile.route]]\nid = \"alfa\"\n",
            "5:6",
            "nothing says what the route `alfa` costs",
            "rating_plans",
        ),
        (
            "[[account]]\nid = \"1001\"\nbalances = [{ type = \"*voice\", value = 30 }]\n",
            "3:40",
            "holds time",
            "30s",
        ),
    ] {
        let findings = tables(&[("r.toml", text)]);
        assert_found(&findings, &format!("{place}: error"), wanted, help, text);
    }
}

#[test]
fn doubts_about_prices_are_warnings() {
    for (text, place, wanted, help) in [
        (
            "[[rating_plan]]\nid = \"RP\"\nrate = [{ prefix = \"0049\", rate = 1 }]\n",
            "3:20",
            "`0049` begins with 0",
            "write the country's code first",
        ),
        (
            "[[rating_plan]]\nid = \"RP\"\nrate = [{ prefix = \"1\", rate = 1, max_cost = 5 }]\n",
            "3:20",
            "no effect without",
            "add it, or leave the ceiling out",
        ),
        (
            "[[profile]]\nid = \"P\"\nsorting = \"*lc\"\n[[profile.route]]\nid = \"alfa\"\nrating_plans = [\"RP\"]\naccounts = [\"1001\"]\n",
            "6:17",
            "no rating plan is called `RP`",
            "without the rating plan the route drops out",
        ),
        (
            "[[profile]]\nid = \"P\"\nsorting = \"*lc\"\n[[profile.route]]\nid = \"alfa\"\nrating_plans = [\"RP\"]\naccounts = [\"1001\"]\n",
            "7:13",
            "no account of tenant `cgrates.org` is called `1001`",
            "without the account the route drops out",
        ),
        (
            "[[account]]\nid = \"1001\"\ntenant = \"other\"\n[[profile]]\nid = \"P\"\n[[profile.route]]\nid = \"alfa\"\naccounts = [\"1001\"]\n",
            "8:13",
            "no account of tenant `cgrates.org` is called `1001`",
            "tenant `other` has one of this id: a tenant's profiles use its own accounts",
        ),
        (
            "[[account]]\nid = \"1001\"\n[[account]]\nid = \"1002\"\ntenant = \"other\"\n[[profile]]\nid = \"P\"\n[[profile.route]]\nid = \"alfa\"\naccounts = [\"1003\"]\n",
            "10:13",
            "no account of tenant `cgrates.org` is called `1003`",
            "did you mean `1001`?",
        ),
    ] {
        let findings = tables(&[("r.toml", text)]);
        assert_found(&findings, &format!("{place}: warning"), wanted, help, text);
    }
}

fn input(texts: &[(&str, &str)]) -> TableInput {
    let source = |(name, text): &(&str, &str)| Source {
        name: (*name).into(),
        text: (*text).into(),
        folder: None,
        is_deck: name.ends_with(".csv"),
    };
    let sources: Vec<Source> = texts.iter().map(source).collect();
    let checked = check_tables(&Settings::default(), &sources);
    checked.input.unwrap_or_else(|| panic!("{}", listed(&checked.findings)))
}

/// Prefix, price and currency of each rate.
fn told(deck: &Deck) -> Vec<String> {
    let rates = deck.rates.iter();
    rates.map(|rate| format!("{} {}", deck.prefix(rate), rate.rate)).collect()
}

#[test]
fn one_deck_is_read_alike_however_it_is_written() {
    let toml = "[[rating_plan]]\nid = \"RP\"\ncurrency = \"EUR\"\nrate = [\n\
                { prefix = \"+49\", rate = 0.0123, increment = \"60/1\", effective = 2026-01-31 },\n\
                { prefix = \"44\", rate = \"0.02\", increment = \"60/1\" },\n]\n";
    let inline = input(&[("r.toml", toml)]);
    let want = inline.decks.first().unwrap().deck.clone();
    assert_eq!(told(&want), ["49 0.0123", "44 0.02"]);
    for (keys, deck) in [
        ("increment = \"60/1\"\n", "prefix,rate,effective\n49,0.0123,2026-01-31\n44,0.0200,\n"),
        (
            "increment = \"60/1\"\n",
            "\u{feff}PREFIX;Rate;Effective\r\n49;.0123;2026-01-31\r\n44;2e-2;\r\n",
        ),
        (
            "dates = \"dmy\"\ncolumns = { prefix = \"Code\", increment = \"Billing\", effective = \"Valid from\" }\n",
            "# Telco\n\nLand\tRate\tCode\tBilling\tValid from\n\"Ge\"\"r\"\t0.0123\t\"+49\"\t60/1\t31.01.2026\n\t0.02\t44\t60 / 1\t\n\t\t\t\t\n",
        ),
    ] {
        let toml =
            format!("[[rating_plan]]\nid = \"RP\"\ncurrency = \"EUR\"\ndeck = \"d.csv\"\n{keys}");
        let read = input(&[("r.toml", &toml), ("d.csv", deck)]);
        let got = read.decks.first().unwrap().deck.clone();
        assert_eq!(told(&got), told(&want), "{deck}");
        let terms = |deck: &Deck| -> Vec<_> {
            deck.rates.iter().map(|rate| deck.terms(rate).cloned()).collect()
        };
        assert_eq!(terms(&got), terms(&want), "{deck}");
        assert_eq!(got.currency, want.currency);
    }
}

#[test]
fn the_last_of_several_decks_counts_unless_they_amend() {
    let texts = |mode: &str| {
        format!("[[rating_plan]]\nid = \"RP\"\ndeck = \"d-*.csv\"\nmode = \"{mode}\"\n")
    };
    let (first, second) =
        ("prefix,rate\n1,1\n2,2\n", "prefix,rate,effective\n1,3,\n3,4,2026-01-01\n");
    for (mode, want) in [("replace", &["1 3", "3 4"][..]), ("amend", &["2 2", "1 3", "3 4"])] {
        let toml = texts(mode);
        let read = input(&[("r.toml", &toml), ("d-2.csv", second), ("d-1.csv", first)]);
        assert_eq!(told(&read.decks.first().unwrap().deck), want, "{mode}");
    }
    let toml = format!("{}rate = [{{ prefix = \"2\", rate = 9 }}]\n", texts("amend"));
    let read = input(&[("r.toml", &toml), ("d-1.csv", first)]);
    assert_eq!(told(&read.decks.first().unwrap().deck), ["1 1", "2 9"], "rates amend the deck");
}

#[test]
fn a_suppliers_own_deck_prices_its_routes() {
    let toml = "[[supplier]]\nid = \"alfa\"\ndispatcher_set = 1\ndeck = \"a.csv\"\n\
                [[profile]]\nid = \"P\"\nsorting = \"*lc\"\n[[profile.route]]\nid = \"alfa\"\n";
    let read = input(&[("conf/r.toml", toml), ("conf/a.csv", "prefix,rate\n49,0.01\n")]);
    assert_eq!(read.decks.first().unwrap().deck.id, "alfa");
    let plans = read.definitions.iter().find_map(|declared| match &declared.definition {
        siproute::model::definition::Definition::Profile(profile) => {
            profile.routes.as_ref()?.first()?.rating_plan_ids.clone()
        }
        _ => None,
    });
    assert_eq!(plans, Some(vec!["alfa".to_owned()]));
}
