//! The layered table through the real port: VoIPBIN's rules and the prefixes that extend them.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use crate::support::server::{Server, each};
    use serde_json::json;
    use std::fmt::Write;

    /// Rows as `ID CUSTOMER TARGET SUPPLIER PRIORITY`, one a line, each made one second after the row
    /// before it; `@SECOND` behind a row says when it was made instead. Customer D is the default one.
    fn table(rows: &str) -> String {
        let mut table = String::new();
        for supplier in ["A", "B", "X", "Premium", "Standard", "Budget"] {
            writeln!(table, "[[supplier]]\nid = \"{supplier}\"").unwrap();
        }
        for (second, row) in (10..).zip(rows.lines().map(str::trim).filter(|row| !row.is_empty())) {
            let words: Vec<&str> = row.split_whitespace().collect();
            let [id, customer, target, supplier, priority] = words[..5] else { panic!("{row}") };
            let made = words.get(5).map_or(second, |word| word[1..].parse().unwrap());
            let customer = if customer == "D" { "default" } else { customer };
            writeln!(
                table,
                "[[route]]\nid = \"{}\"\ncustomer = \"{customer}\"\ntarget = \"{target}\"\n\
                 supplier = \"{supplier}\"\npriority = {priority}\n\
                 created = 2026-01-01T00:00:{made:02}Z",
                uuid(id)
            )
            .unwrap();
        }
        table
    }

    /// `r1` as a UUID whose order is that of the number.
    fn uuid(id: &str) -> String {
        let number: u32 = id[1..].parse().unwrap();
        format!("00000000-0000-4000-8000-{number:012}")
    }

    /// The ids of the rows that a call gets, or the code of the refusal.
    fn routes(server: &Server, customer: &str, number: &str) -> String {
        routes_of(server, if customer == "D" { "default" } else { customer }, number)
    }

    fn routes_of(server: &Server, customer: &str, number: &str) -> String {
        let answer = server.ask(&json!({
            "customer": customer,
            "event": { "Destination": number },
        }));
        if answer["status"] != "ok" {
            return answer["error"]["code"].as_str().unwrap().to_owned();
        }
        assert_eq!(answer["sorting"], "*priority");
        assert!(answer.get("profile").is_none());
        let ids: Vec<String> = each(&answer, "route")
            .into_iter()
            .map(|id| {
                let number: u32 = id.as_str().unwrap()[24..].parse().unwrap();
                format!("r{number}")
            })
            .collect();
        ids.join(" ")
    }

    #[test]
    fn rows_come_in_the_documented_order() {
        // Name, rows, customer, called number, expected rows.
        for (name, rows, customer, number, want) in [
            ("D1", "r1 C +1 A 1\nr2 C +1 B 2\nr3 C +1 X 3", "C", "+15551234", "r1 r2 r3"),
            ("D2", "r1 C +1 A 1\nr2 C +1 B 1", "C", "+15551234", "r2 r1"),
            ("D3", "r1 C all A 9\nr2 D +82 B 0", "C", "+8210", "r1 r2"),
            ("D4", "r1 D +82 A 1\nr2 D all B 1", "C", "+8210", "r1 r2"),
            ("D5", "r1 C all A 5\nr2 D +82 A 1\nr3 D +82 B 2", "C", "+8210", "r1 r3"),
            ("D7", "r1 C +82 A 1\nr2 C +82 A 2", "C", "+8210", "r1 r2"),
            ("D12", "r1 C 82 A 1", "C", "+8210", "NOT_FOUND"),
            ("D13 the deleted row is not there", "r2 D +82 A 1", "C", "+8210", "r2"),
            ("D15", "r1 C +1 A 1", "C", "+8210", "NOT_FOUND"),
            ("D17", "r1 K +82 A 1\nr2 D all B 1", "C", "+8210", "r2"),
            ("D18", "r1 C +1 A 0 @30\nr2 C +1 B -1 @20", "C", "+15551234", "r2 r1"),
            (
                "D20, VoIPBIN's page, scenario 3",
                "r1 C1 all Premium 1\nr2 C1 all Standard 2\nr3 C2 all Budget 1\nr4 C2 all Standard 2",
                "C1",
                "+15551234",
                "r1 r2",
            ),
            (
                "VoIPBIN's page, scenario 3, the other customer",
                "r1 C1 all Premium 1\nr2 C1 all Standard 2\nr3 C2 all Budget 1\nr4 C2 all Standard 2",
                "C2",
                "+15551234",
                "r3 r4",
            ),
            (
                "VoIPBIN's page, scenario 1: a primary and a backup",
                "r1 D all A 1\nr2 D all B 2",
                "C",
                "+442071234567",
                "r1 r2",
            ),
            (
                "VoIPBIN's page, scenario 2: by destination, with a default behind",
                "r1 D +1 A 1\nr2 D +44 B 1\nr3 D all X 1",
                "C",
                "+442071234567",
                "r2 r3",
            ),
            (
                "O1",
                "r1 C +82 A 1\nr2 C all B 1\nr3 D +82 X 1\nr4 D all Budget 1",
                "C",
                "+8210",
                "r1 r2 r3 r4",
            ),
            (
                "the default customer's list is not doubled",
                "r1 D +82 A 1\nr2 D all B 1",
                "D",
                "+8210",
                "r1 r2",
            ),
            (
                "twice in the default exact layer",
                "r1 D +82 A 1\nr2 D +82 A 2",
                "C",
                "+8210",
                "r1 r2",
            ),
            ("twice in an `all` layer", "r1 C all A 1\nr2 C all A 2", "C", "+8210", "r1"),
            // The extension: every target that begins the number is a layer, longest first.
            (
                "longest first, shorter ones add suppliers",
                "r1 C +4 A 1\nr2 C +493 B 1\nr3 C +49 A 1\nr4 C +49 X 2\nr5 C all Budget 1",
                "C",
                "+49301234567",
                "r2 r3 r4 r5",
            ),
            (
                "duplicates stay in the longest layer alone",
                "r1 C +493 A 1\nr2 C +493 A 2\nr3 C +49 A 1\nr4 C +49 B 1\nr5 C +49 B 2",
                "C",
                "+49301234567",
                "r1 r2 r4",
            ),
            (
                "equal priority, equal time: the greater id",
                "r1 C +1 A 1 @5\nr2 C +1 B 1 @5",
                "C",
                "+15551234",
                "r2 r1",
            ),
            ("a short number is none of +1", "r1 D +1 A 1\nr2 D all B 1", "C", "112", "r2"),
            ("no number, no row", "r1 D all A 1", "C", "alice", "NOT_FOUND"),
            (
                "33 digits are no number",
                "r1 D all A 1",
                "C",
                "+123456789012345678901234567890123",
                "NOT_FOUND",
            ),
        ] {
            let server = Server::start(&table(rows));
            assert_eq!(routes(&server, customer, number), want, "{name}");
        }
    }

    /// D21: a row without customer and target is kept, and serves nobody.
    #[test]
    fn a_row_of_the_nil_customer_with_an_empty_target_is_never_selected() {
        let nil = "00000000-0000-0000-0000-000000000000";
        let server = Server::start(&format!(
            "[[supplier]]\nid = \"A\"\n[[supplier]]\nid = \"B\"\n\
             [[route]]\ncustomer = \"{nil}\"\ntarget = \"\"\nsupplier = \"A\"\n\
             [[route]]\ntarget = \"+44\"\nsupplier = \"B\"\n",
        ));
        for customer in [nil, "C", "D"] {
            assert_eq!(routes_of(&server, customer, "+8210"), "NOT_FOUND");
        }
    }

    /// D9: asked for as a target of its own, `all` is the exact layer, in which duplicates stay.
    #[test]
    fn the_target_all_asked_for_by_name_keeps_its_duplicates() {
        let folder = std::env::temp_dir().join(format!("siproute-layers-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let settings = folder.join("siproute.toml");
        std::fs::write(&settings, "[listen]\nudp = [\"127.0.0.1:0\"]\n").unwrap();
        std::fs::write(folder.join("routes.toml"), table("r1 C all A 1\nr2 C all A 2")).unwrap();
        let told = |target: &str| {
            let output = std::process::Command::new(env!("CARGO_BIN_EXE_siproute"))
                .args(["explain", "--json", "--customer", "C", "--target", target, "--config"])
                .arg(&settings)
                .output()
                .unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
            let story = answer["explain"].as_array().unwrap();
            story.iter().filter(|line| line["step"] == "place" && line["in"] == true).count()
        };
        assert_eq!((told("all"), told("+82")), (2, 1));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn exact_targets_are_all_or_the_country_code() {
        let settings = "[compat]\nvoipbin_exact_targets = true\n";
        for (name, rows, number, want) in [
            ("D11", "r1 C +8210 A 1\nr2 D all B 1", "+821012345678", "r2"),
            ("the country code serves", "r1 C +82 A 1\nr2 D all B 1", "+821012345678", "r1 r2"),
            ("a shorter prefix does not", "r1 C +8 A 1\nr2 D all B 1", "+821012345678", "r2"),
            ("North America is +1", "r1 C +1 A 1\nr2 C +1212 B 1", "+12125550123", "r1"),
        ] {
            let server = Server::with_settings(settings, &table(rows));
            assert_eq!(routes(&server, "C", number), want, "{name}");
        }
    }

    #[test]
    fn rows_without_created_are_last_in_file_order() {
        let server = Server::start(
            "[[supplier]]\nid = \"A\"\n[[supplier]]\nid = \"B\"\n[[supplier]]\nid = \"X\"\n\
             [[route]]\ntarget = \"all\"\nsupplier = \"B\"\n\
             [[route]]\ntarget = \"all\"\nsupplier = \"A\"\n\
             [[route]]\ntarget = \"all\"\nsupplier = \"X\"\ncreated = 2020-01-01T00:00:00Z\n",
        );
        let answer = server.ask(&json!({"event": {"Destination": "+4930123"}}));
        assert_eq!(each(&answer, "id"), ["X", "B", "A"]);
    }

    #[test]
    fn a_row_keeps_its_id_when_its_priority_changes() {
        let row = |priority: i32, supplier: &str| {
            format!(
                "[[route]]\ntarget = \"+49\"\nsupplier = \"{supplier}\"\npriority = {priority}\n"
            )
        };
        let ids = |rows: &str| {
            let suppliers = "[[supplier]]\nid = \"A\"\n[[supplier]]\nid = \"B\"\n";
            let server = Server::start(&format!("{suppliers}{rows}"));
            let answer = server.ask(&json!({"event": {"Destination": "+4930123"}}));
            let mut pairs: Vec<(String, String)> = each(&answer, "id")
                .into_iter()
                .zip(each(&answer, "route"))
                .map(|(supplier, id)| (supplier.to_string(), id.to_string()))
                .collect();
            pairs.sort();
            pairs
        };
        let before = ids(&format!("{}{}", row(1, "A"), row(2, "B")));
        let after = ids(&format!("{}{}", row(9, "A"), row(2, "B")));
        assert_eq!(before.len(), 2);
        assert_eq!(before, after);
        // Two rows of the same customer, target and supplier are told apart by a running number.
        let twice = ids(&format!("{}{}", row(1, "A"), row(2, "A")));
        assert_ne!(twice[0].1, twice[1].1);
    }

    #[test]
    fn validity_and_hours_are_those_of_the_questions_time() {
        let server = Server::start(
            "[[supplier]]\nid = \"A\"\n[[supplier]]\nid = \"B\"\n[[supplier]]\nid = \"X\"\n\
             [[route]]\ntarget = \"+49\"\nsupplier = \"A\"\npriority = 1\n\
             valid_from = 2026-06-01T00:00:00Z\nvalid_until = 2026-07-01T00:00:00Z\n\
             [[route]]\ntarget = \"+49\"\nsupplier = \"B\"\npriority = 2\n\
             hours = [\"mon-fri 08:00-18:00 Europe/Berlin\"]\n\
             [[route]]\ntarget = \"all\"\nsupplier = \"X\"\n",
        );
        for (time, want) in [
            ("2026-05-31T23:59:59Z", vec!["X"]), // a Sunday
            ("2026-06-01T00:00:00Z", vec!["A", "X"]),
            ("2026-06-01T06:00:00Z", vec!["A", "B", "X"]),
            ("2026-06-30T23:59:59Z", vec!["A", "X"]),
            ("2026-07-01T00:00:00Z", vec!["X"]),
            ("2026-07-01T15:59:59Z", vec!["B", "X"]),
            ("2026-07-01T16:00:00Z", vec!["X"]),
        ] {
            let answer = server.ask(&json!({"time": time, "event": {"Destination": "+4930123"}}));
            assert_eq!(each(&answer, "id"), want, "{time}");
        }
    }
}
