//! Every key of the settings (`siproute.toml`).

use super::schema::{Key, Kind, Preset, TableSpec};
use crate::model::limits::{Limits, NUMBER_DIGITS_MAX};
use std::sync::LazyLock;

/// The settings as a whole.
pub static SETTINGS: TableSpec = TableSpec {
    heading: "the settings",
    doc: "Settings of siproute: listeners, access, limits, which files are tables; a change needs a restart",
    keys: || ROOT_KEYS,
};

static ROOT_KEYS: &[Key] = &[
    Key::new("listen", Kind::Table(&LISTEN), "Where questions arrive"),
    Key::new("access", Kind::Table(&ACCESS), "Who may ask"),
    Key::new("tables", Kind::Table(&TABLES), "What the routes are read from"),
    Key::new(
        "guard",
        Kind::Table(&GUARD),
        "Reloads beyond these are refused, and can be accepted once",
    ),
    Key::new("numbers", Kind::Table(&NUMBERS), "How numbers that arrive become E.164"),
    Key::new(
        "routes",
        Kind::Table(&ROUTES),
        "How profiles are found, and what holds for questions that do not say it",
    ),
    Key::new("compat", Kind::Table(&COMPAT), "Where siproute follows another system to the letter"),
    Key::new("limits", Kind::Table(&LIMITS), "Every bound of the program"),
];

static LISTEN: TableSpec =
    TableSpec { heading: "[listen]", doc: "Where questions arrive", keys: || LISTEN_KEYS };
static LISTEN_KEYS: &[Key] = &[
    Key::new("udp", Kind::Texts, "Addresses for one JSON question or JSON-RPC call a datagram")
        .default("[]")
        .example("[\"127.0.0.1:5070\"]"),
    Key::new("tcp", Kind::Texts, "Addresses for JSON lines, JSON-RPC and HTTP, on one port")
        .default("[]")
        .example("[\"127.0.0.1:5070\"]"),
    Key::new("admin", Kind::Text, "Address for metrics, health and reload; loopback alone")
        .example("\"127.0.0.1:9470\""),
];

static ACCESS: TableSpec =
    TableSpec { heading: "[access]", doc: "Who may ask", keys: || ACCESS_KEYS };
static ACCESS_KEYS: &[Key] = &[
    Key::new(
        "allow",
        Kind::Texts,
        "Networks whose questions are answered, everyone else gets silence; must be given for a listener beyond loopback",
    )
    .default("[\"127.0.0.0/8\", \"::1/128\"]"),
    Key::new(
        "change",
        Kind::Texts,
        "Networks that may change tables by JSON-RPC, as far as `allow` lets them ask; over UDP nobody may",
    )
    .default("[\"127.0.0.0/8\", \"::1/128\"]"),
];

static TABLES: TableSpec =
    TableSpec { heading: "[tables]", doc: "What the routes are read from", keys: || TABLES_KEYS };
static TABLES_KEYS: &[Key] = &[
    Key::new(
        "files",
        Kind::Texts,
        "Table files, relative to the settings; `*` may stand in the last part and matches in order of name",
    )
    .default("[\"routes.toml\"]"),
    Key::new(
        "cgrates",
        Kind::Texts,
        "Folders with CGRateS tariff plans (CSV), relative to the settings, read as they are",
    )
    .default("[]")
    .example("[\"tariffplan\"]"),
    Key::new("state_dir", Kind::Id, "Folder for what the APIs changed (siproute.db) and the last known good table, relative to the settings")
        .example("\"state\""),
    Key::new("reload", Kind::Word(&["watch", "command"]), "When files are read again: when they change, or only when asked")
        .default("\"watch\""),
    Key::new(
        "last_known_good",
        Kind::Boolean,
        "Whether a start with broken files serves the last known good table",
    )
    .default("false"),
];

static GUARD: TableSpec = TableSpec {
    heading: "[guard]",
    doc: "Reloads beyond these are refused, and can be accepted once",
    keys: || GUARD_KEYS,
};
static GUARD_KEYS: &[Key] = &[Key::new(
    "shrink_max",
    Kind::Text,
    "Share of rows that may vanish in one reload, of all rows and of each supplier's",
)
.default("\"50%\"")];

static NUMBERS: TableSpec = TableSpec {
    heading: "[numbers]",
    doc: "How numbers that arrive become E.164",
    keys: || NUMBERS_KEYS,
};
static NUMBERS_KEYS: &[Key] = &[
    Key::new(
        "country",
        Kind::Text,
        "Country calling code of national numbers; without it a number without a plus or an international prefix is taken as E.164 digits",
    )
    .example("\"49\""),
    Key::new("international", Kind::Texts, "What stands before a number in international form")
        .default("[\"+\", \"00\"]"),
    Key::new("national", Kind::Text, "What stands before a number in national form")
        .default("\"0\""),
    Key::new(
        "keep_short",
        Kind::Integer(0, NUMBER_DIGITS_MAX as i64),
        "A number of so many digits or fewer is short (112) and stays itself",
    )
    .default("6"),
];

static ROUTES: TableSpec = TableSpec {
    heading: "[routes]",
    doc: "How profiles are found, and what holds for questions that do not say it; the words are those of CGRateS",
    keys: || ROUTES_KEYS,
};
static ROUTES_KEYS: &[Key] = &[
    Key::new(
        "default_ratio",
        Kind::Integer(1, i32::MAX as i64),
        "Share of a route of `*load` to which its profile gives none",
    )
    .default("1"),
    Key::new(
        "indexed_selects",
        Kind::Boolean,
        "Profiles are found through their indexed filters alone; `false`: every profile can match",
    )
    .default("false"),
    Key::new(
        "string_indexed_fields",
        Kind::Texts,
        "With `indexed_selects`, fields that `*string` filters are found by; every field when absent, none when empty",
    )
    .example("[\"*req.Account\"]"),
    Key::new(
        "prefix_indexed_fields",
        Kind::Texts,
        "With `indexed_selects`, fields that `*prefix` filters are found by",
    )
    .default("[]")
    .example("[\"*req.Destination\"]"),
    Key::new(
        "suffix_indexed_fields",
        Kind::Texts,
        "With `indexed_selects`, fields that `*suffix` filters are found by",
    )
    .default("[]")
    .example("[\"*req.Domain\"]"),
    Key::new(
        "exists_indexed_fields",
        Kind::Texts,
        "With `indexed_selects`, fields that `*exists` filters are found by",
    )
    .default("[]")
    .example("[\"*opts.Premium\"]"),
    Key::new(
        "notexists_indexed_fields",
        Kind::Texts,
        "With `indexed_selects`, fields that `*notexists` filters are found by; of CGRateS 1.0 alone",
    )
    .default("[]")
    .example("[\"*opts.Premium\"]"),
    Key::new(
        "nested_fields",
        Kind::Boolean,
        "With `indexed_selects`, fields within fields are looked up too, where no list says which",
    )
    .default("false"),
    Key::new(
        "default_timezone",
        Kind::Text,
        "IANA time zone of Unix times and of times without a zone; the host's is never used",
    )
    .default("\"UTC\""),
    Key::new("opts", Kind::Table(&ROUTE_OPTS), "Options of questions that do not give them"),
];

static ROUTE_OPTS: TableSpec = TableSpec {
    heading: "[routes.opts]",
    doc: "Options of questions that do not give them",
    keys: || ROUTE_OPTS_KEYS,
};
static ROUTE_OPTS_KEYS: &[Key] = &[
    Key::new("*context", Kind::Text, "For which context attribute profiles change the event")
        .default("\"*routes\""),
    Key::new("*ignoreErrors", Kind::Boolean, "A route that cannot be computed drops out")
        .default("false"),
    Key::new(
        "*maxCost",
        Kind::NumberOr(&["", "*event_cost"]),
        "Ceiling of a route's cost: an amount, or what the call costs the caller; none when empty",
    )
    .default("\"\""),
    Key::new(
        "*profileCount",
        Kind::Integer(1, u32::MAX as i64),
        "Profiles in one answer at most; when absent all (CGRateS 0.11) or one (1.0)",
    )
    .example("1"),
    Key::new(
        "*limit",
        Kind::Integer(1, u32::MAX as i64),
        "Routes in one answer at most, over all profiles",
    )
    .example("3"),
    Key::new(
        "*offset",
        Kind::Integer(0, u32::MAX as i64),
        "Routes that are left out before the first, over all profiles",
    )
    .example("0"),
];

static COMPAT: TableSpec = TableSpec {
    heading: "[compat]",
    doc: "Where siproute follows another system to the letter",
    keys: || COMPAT_KEYS,
};
static COMPAT_KEYS: &[Key] = &[
    Key::new(
        "cgrates",
        Kind::Word(&["0.10", "0.11", "1.0"]),
        "Generation of CGRateS that answers the methods which several share, and that reads the filters of table files",
    )
    .default("\"0.11\""),
    Key::new(
        "cgrates_quirks",
        Kind::Boolean,
        "Answer as CGRateS does where its behaviour is odd and can be restored",
    )
    .default("false"),
    Key::new(
        "voipbin_exact_targets",
        Kind::Boolean,
        "A target is `all` or the number's country calling code, nothing else",
    )
    .default("false"),
];

static LIMITS: TableSpec =
    TableSpec { heading: "[limits]", doc: "Every bound of the program", keys: || &LIMITS_KEYS };
static LIMITS_KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let bound = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let key = |spec: &'static crate::model::limits::LimitSpec| Key {
        default: Preset::Count(spec.default),
        ..Key::new(
            spec.name,
            Kind::Integer(bound(spec.min), bound(spec.max)),
            spec.doc.trim_ascii(),
        )
    };
    Limits::SPECS.iter().map(key).collect()
});
