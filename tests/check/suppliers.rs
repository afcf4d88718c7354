//! Doubts about suppliers: who is used, who can be offered in which shape, who stands alone.

use crate::found::{assert_found, listed, tables};
use crate::tables::{BASE, supplier};

#[test]
fn each_doubt_about_suppliers_is_a_warning_of_its_own() {
    let routes = "\n[[route]]\ntarget = \"all\"\nsupplier = \"alfa\"\npriority = 1\n";
    for (text, place, wanted) in [
        (
            "[[supplier]]\nid = \"charlie\"\ngateways = [\"sip:192.0.2.3\"]\n",
            "2:6: warning",
            "no route uses",
        ),
        (
            "[[supplier]]\nid = \"charlie\"\n[[route]]\ntarget = \"+1\"\nsupplier = \"charlie\"\n",
            "2:6: warning",
            "has no `dispatcher_set`, `gateways` or `gateway_ids`",
        ),
        (
            &supplier("send = \"00{digits}\"\ndispatcher_set = 1\ncarrier = \"c\""),
            "4:8: warning",
            "`sets`, `carriers` and `digest` drop",
        ),
        (
            &supplier("headers = { X-A = \"1\" }\ngateway_ids = [\"g\"]"),
            "4:11: warning",
            "`gateways` and `digest` drop",
        ),
    ] {
        let findings = tables(&[("base.toml", BASE), ("r.toml", text)]);
        assert_found(&findings, place, wanted, "", text);
        assert_eq!(findings.len(), 1, "of\n{text}\nfound\n{}", listed(&findings));
    }
    let shared = "[[supplier]]\nid = \"alfa\"\ndispatcher_set = 1\n\
                  [[supplier]]\nid = \"bravo\"\ndispatcher_set = 1\n";
    let row = |supplier: &str, priority| {
        format!("[[route]]\ntarget = \"all\"\nsupplier = \"{supplier}\"\npriority = {priority}\n")
    };
    let both = format!("{}{}", row("alfa", 1), row("bravo", 2));
    let findings = tables(&[("s.toml", shared), ("r.toml", &both)]);
    let names_both = "`bravo` and `alfa`, at s.toml:1, share the dispatcher set 1";
    assert_found(&findings, "6:18: warning", names_both, "a set of its own", shared);
    assert_eq!(findings.len(), 1, "{}", listed(&findings));
    let apart = shared.replacen("= 1", "= 2", 1);
    assert!(tables(&[("s.toml", &apart), ("r.toml", &both)]).is_empty());
    let mixed = "[[supplier]]\nid = \"alfa\"\ndispatcher_set = 1\n[[supplier]]\nid = \"bravo\"\n\
                 dispatcher_set = 2\n[[supplier]]\nid = \"charlie\"\ngateways = [\"sip:192.0.2.1\"]\n";
    let findings = tables(&[("r.toml", &format!("{mixed}{routes}"))]);
    assert_found(&findings, "8:6: warning", "`sets` leaves it out", "add `dispatcher_set`", mixed);
}

#[test]
fn a_target_with_one_supplier_is_a_warning_over_all_its_layers() {
    let suppliers = "[[supplier]]\nid = \"a\"\ngateways = [\"sip:192.0.2.1\"]\n\
                     [[supplier]]\nid = \"b\"\ngateways = [\"sip:192.0.2.2\"]\n";
    let row = |customer: &str, target: &str, supplier: &str| {
        format!(
            "[[route]]\ncustomer = \"{customer}\"\ntarget = \"{target}\"\nsupplier = \"{supplier}\"\n"
        )
    };
    let single = "have one supplier to go to";
    for (rows, warnings) in [
        (row("default", "+1", "a") + &row("default", "+44", "b"), 2),
        (row("default", "+1", "a") + &row("default", "all", "b"), 1),
        (row("acme", "+1", "a") + &row("default", "+1", "b"), 1),
        (row("acme", "+12", "a") + &row("acme", "+1", "b"), 1),
        (row("acme", "+1", "a") + &row("globex", "+1", "b"), 2),
    ] {
        let text = format!("{suppliers}{rows}");
        let findings = tables(&[("r.toml", &text)]);
        let count = findings.iter().filter(|finding| finding.text.contains(single)).count();
        assert_eq!(count, warnings, "of\n{rows}\nfound\n{}", listed(&findings));
    }
    let many: String = (100..150).map(|code| row("default", &format!("+{code}"), "a")).collect();
    let findings = tables(&[("r.toml", &format!("{suppliers}{many}"))]);
    assert_eq!(findings.iter().filter(|finding| finding.text.contains(single)).count(), 20);
    assert!(findings.iter().any(|finding| finding.text.contains("and 30 more customers")));
}
