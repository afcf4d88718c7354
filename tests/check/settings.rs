//! Mistakes in the settings, and what right ones mean.

use crate::found::{assert_found, listed};
use siproute::config::Settings;
use siproute::config::finding::has_errors;
use siproute::config::load::check_settings;
use siproute::model::definition::Generation;
use siproute::table::rules::Rules;
use std::path::Path;

#[test]
fn each_mistake_in_the_settings_is_named_with_its_place_and_cure() {
    let listen = "[listen]\nudp = [\"127.0.0.1:5070\"]\n";
    for (text, place, wanted, help) in [
        ("", "1:1: error", "no listener", "[listen]"),
        ("[listen]\nadmin = \"127.0.0.1:1\"\n", "1:1: error", "neither `udp` nor `tcp`", ""),
        (
            "[listen]\nudp = [\"localhost:5070\"]\n",
            "2:8: error",
            "no address with a port",
            "127.0.0.1:5070",
        ),
        (
            "[listen]\nudp = \"127.0.0.1:5070\"\n",
            "2:7: error",
            "a list of strings",
            "udp = [\"127.0.0.1:5070\"]",
        ),
        ("[listen]\nupd = []\nudp = []\n", "2:1: error", "unknown key `upd`", "`udp`"),
        (
            "[listen]\nudp = [\"0.0.0.0:5070\"]\n",
            "2:8: error",
            "`access.allow` does not say",
            "[access]",
        ),
        ("[listen]\ntcp = [\"[::]:5070\"]\n", "2:8: error", "`listen.tcp`", "allow ="),
        ("[listen]\nudp = [\"127.0.0.1:1\", \"127.0.0.1:1\"]\n", "2:23: error", "twice", ""),
        (
            "[listen]\ntcp = [\"127.0.0.1:1\"]\nadmin = \"127.0.0.1:1\"\n",
            "3:9: error",
            "are both",
            "of its own",
        ),
        ("[listen]\ntcp = []\nadmin = \"0.0.0.0:1\"\n", "3:9: error", "beyond loopback", "[::1]"),
        ("[access]\nallow = [\"10.0.0.0/33\"]\n", "2:10: error", "no network", ""),
        ("[access]\nallow = []\n", "2:9: error", "nobody may ask", ""),
        ("[access]\nallow = [\"0.0.0.0/0\"]\n", "2:10: warning", "lets everyone ask", ""),
        ("[access]\nchange = [\"10.0.0.0/33\"]\n", "2:11: error", "no network", ""),
        ("[access]\nchange = [\"::/0\"]\n", "2:11: warning", "lets everyone change tables", ""),
        ("[tables]\nfiles = [\"*/a.toml\"]\n", "2:10: error", "last part alone", ""),
        ("[tables]\nfiles = [\"routes.d/\"]\n", "2:10: error", "is a folder", ""),
        ("[tables]\nreload = \"wach\"\n", "2:10: error", "is `wach`", "\"watch\" or \"command\""),
        ("[tables]\nlast_known_good = true\n", "2:19: error", "`tables.state_dir`", "state_dir ="),
        ("[guard]\nshrink_max = \"150%\"\n", "2:14: error", "no whole percentage", "50%"),
        ("[guard]\nshrink_max = 50\n", "2:14: error", "must be a string", "\"50%\""),
        ("[numbers]\ncountry = \"+49\"\n", "2:11: error", "without plus", "\"49\""),
        ("[numbers]\ncountry = \"999\"\n", "2:11: error", "no country calling code", ""),
        ("[numbers]\ninternational = [\"\"]\n", "2:18: error", "cannot be dialled", ""),
        ("[numbers]\nkeep_short = 33\n", "2:14: error", "outside 0 to 32", ""),
        ("[compat]\nvoipbin_exact_targets = \"yes\"\n", "2:25: error", "must be true or false", ""),
        (
            "[compat]\ncgrates = \"0.12\"\n",
            "2:11: error",
            "is `0.12`",
            "\"0.10\", \"0.11\" or \"1.0\"",
        ),
        ("[compat]\ncgrates = 1.0\n", "2:11: error", "found the number 1.0", "\"0.11\""),
        ("[tables]\ncgrates = [\"tp/*\"]\n", "2:12: error", "is a pattern", "tariffplan"),
        ("[tables]\ncgrates = [\"\"]\n", "2:12: error", "a name is empty", ""),
        (
            "[routes]\nprefix_indexed_fields = [\"Destination\"]\n",
            "2:26: error",
            "no field, such as `*req.Destination`",
            "",
        ),
        (
            "[routes]\nstring_indexed_fields = [\"~*req.A\"]\n",
            "2:26: error",
            "without the `~`",
            "*req.Account",
        ),
        (
            "[routes]\nnotexists_indexed_fields = [\"*req.A\"]\n",
            "2:28: error",
            "of CGRateS 1.0",
            "compat.cgrates",
        ),
        ("[routes]\ndefault_timezone = \"Local\"\n", "2:20: error", "no IANA time zone", "\"UTC\""),
        ("[routes]\ndefault_ratio = 0\n", "2:17: error", "outside 1 to", "= 1"),
        (
            "[routes.opts]\n\"*maxCost\" = \"cheap\"\n",
            "2:14: error",
            "is `cheap`",
            "a number, or \"\" or \"*event_cost\"",
        ),
        ("[routes.opts]\n\"*maxCost\" = true\n", "2:14: error", "must be a number or", ""),
        ("[routes.opts]\n\"*limit\" = 0\n", "2:12: error", "outside 1 to", "= 3"),
        (
            "[routes.opts]\n\"*profilesCount\" = 1\n",
            "2:1: error",
            "unknown key",
            "did you mean `*profileCount`?",
        ),
        ("[[route]]\ntarget = \"all\"\n", "1:3: error", "belongs in a table file", "move it"),
        ("[route]\nnested_fields = true\n", "1:2: error", "unknown key", "did you mean `routes`?"),
        ("[limits]\nfailed_max = 65\n", "2:14: error", "is 65, outside 1 to 16", "failed_max = 16"),
        ("[limits]\nudp_reply = 5\n", "2:1: error", "unknown key", "udp_reply_max"),
        ("[[supplier]]\nid = \"a\"\n", "1:3: error", "belongs in a table file", "`tables.files`"),
        ("[sip]\n", "1:2: error", "unknown key `sip`", ""),
    ] {
        let text = if text.is_empty() || text.starts_with("[listen]") {
            text.to_owned()
        } else {
            format!("{text}{listen}")
        };
        let (_, findings) = check_settings(Path::new("s.toml"), &text);
        assert_found(&findings, place, wanted, help, &text);
        assert_eq!(findings.len(), 1, "of\n{text}\nfound\n{}", listed(&findings));
    }
}

#[test]
fn settings_are_what_the_file_says() {
    let text = "
[listen]
udp = [\"0.0.0.0:0\", \"[::1]:5070\"]
[access]
allow = [\"192.0.2.7\", \"10.1.2.3/8\"]
change = []
[tables]
files = [\"a.toml\", \"/etc/b.toml\"]
state_dir = \"state\"
reload = \"command\"
last_known_good = true
[guard]
shrink_max = \"20%\"
[numbers]
country = \"1\"
international = [\"011\"]
national = \"\"
keep_short = 3
[routes]
indexed_selects = true
string_indexed_fields = []
prefix_indexed_fields = [\"*req.Destination\"]
default_timezone = \"Europe/Berlin\"
[routes.opts]
\"*maxCost\" = 0.030
\"*limit\" = 3
[compat]
cgrates = \"1.0\"
cgrates_quirks = true
voipbin_exact_targets = true
[limits]
deadline_ms = 100
";
    let (settings, findings) = check_settings(Path::new("etc/s.toml"), text);
    assert!(!has_errors(&findings), "{}", listed(&findings));
    assert_eq!(settings.listen.udp.len(), 2);
    let allow: Vec<String> = settings.access.allow.iter().map(ToString::to_string).collect();
    assert_eq!(allow, ["192.0.2.7/32", "10.0.0.0/8"]);
    assert!(settings.access.change.is_empty());
    assert_eq!(settings.tables.state_dir.as_deref(), Some(Path::new("etc/state")));
    assert!(settings.tables.last_known_good);
    assert_eq!(settings.guard.shrink_max_percent, 20);
    assert_eq!(settings.numbers.keep_short, 3);
    assert_eq!((settings.numbers.national.as_str(), settings.limits.deadline_ms), ("", 100));
    let files = siproute::config::table_files(&settings).unwrap();
    assert_eq!(files, [Path::new("etc/a.toml"), Path::new("/etc/b.toml")]);
    let rules = settings.rules();
    assert_eq!((rules.generation, rules.quirks), (Generation::V100, true));
    assert_eq!((rules.indexed_selects, rules.nested_fields), (true, false));
    assert_eq!(rules.string_indexed_fields.as_deref(), Some(&[][..]));
    assert_eq!(rules.prefix_indexed_fields, ["*req.Destination"]);
    assert_eq!(rules.default_timezone.iana_name(), Some("Europe/Berlin"));
    assert_eq!((rules.options.max_cost.as_str(), rules.options.limit), ("0.030", Some(3)));
    assert_eq!((rules.options.context.as_str(), rules.options.offset), ("*routes", None));
    assert_eq!(Settings::default().rules(), Rules::default());
}
