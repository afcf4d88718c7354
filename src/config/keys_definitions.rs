//! Every key of what tables say in CGRateS' terms: profiles, filters, attributes, destinations, timings.

use super::schema::{Key, Kind, TableSpec};

pub(super) const TENANT: Key =
    Key::new("tenant", Kind::Id, "Whose it is; the file's `tenant` when absent")
        .example("\"cgrates.org\"");
const FILTERS: Key =
    Key::new("filters", Kind::Texts, "Inline filters and names of filters, all must pass")
        .default("[]")
        .example("[\"*prefix:~*req.Destination:+49\", \"FLTR_BUSINESS\"]");
const ACTIVE_FROM: Key =
    Key::new("active_from", Kind::Time, "Active after this moment").example("2026-01-01T00:00:00Z");
const ACTIVE_UNTIL: Key = Key::new("active_until", Kind::Time, "Active before this moment")
    .example("2027-01-01T00:00:00Z");

pub(super) static PROFILE: TableSpec = TableSpec {
    heading: "[[profile]]",
    doc: "A route profile: its routes are the answer for events that pass its filters",
    keys: || PROFILE_KEYS,
};
static PROFILE_KEYS: &[Key] = &[
    TENANT,
    Key::new("id", Kind::Id, "Its name, unique in its tenant")
        .required()
        .example("\"EU_BUSINESS\""),
    FILTERS,
    Key::new("sorting", Kind::Word(&["*weight", "*lc", "*hc"]), "How its routes are ordered")
        .default("\"*weight\""),
    Key::new("sorting_parameters", Kind::Texts, "What the sorting needs to know")
        .default("[]")
        .example("[\"*acd\", \"*tcc\"]"),
    Key::new("weight", Kind::Number, "Among profiles that match, the higher weight counts")
        .default("0"),
    Key::new("blocker", Kind::Boolean, "Profiles after it are not considered").default("false"),
    ACTIVE_FROM,
    ACTIVE_UNTIL,
    Key::new("route", Kind::Tables(&PROFILE_ROUTE), "Its routes"),
];

static PROFILE_ROUTE: TableSpec = TableSpec {
    heading: "[[profile.route]]",
    doc: "A route of the profile above it",
    keys: || PROFILE_ROUTE_KEYS,
};
static PROFILE_ROUTE_KEYS: &[Key] = &[
    Key::new("id", Kind::Id, "Usually a declared supplier; another id is returned as it is")
        .required()
        .example("\"telnyx\""),
    FILTERS,
    Key::new(
        "rating_plans",
        Kind::Texts,
        "What it costs, for `*lc` and `*hc`; the supplier's own deck when absent",
    )
    .default("[]")
    .example("[\"RP_TELNYX\"]"),
    Key::new("accounts", Kind::Texts, "Accounts whose balances pay before a rating plan is asked")
        .default("[]")
        .example("[\"1001\"]"),
    Key::new("weight", Kind::Number, "Higher is earlier").default("0"),
    Key::new("parameters", Kind::Text, "In place of the supplier's own; no comma")
        .default("\"\"")
        .example("\"strip=1\""),
    Key::new("blocker", Kind::Boolean, "The list ends with it").default("false"),
];

pub(super) static FILTER: TableSpec = TableSpec {
    heading: "[[filter]]",
    doc: "A filter with a name, for profiles, routes and attributes to refer to",
    keys: || FILTER_KEYS,
};
static FILTER_KEYS: &[Key] = &[
    TENANT,
    Key::new("id", Kind::Id, "Its name, unique in its tenant; not with `*` in front")
        .required()
        .example("\"FLTR_BUSINESS\""),
    Key::new("rules", Kind::Tables(&RULE), "All must pass"),
    Key::new("active_from", Kind::Time, "Active after this moment; before it is passed over")
        .example("2026-01-01T00:00:00Z"),
    Key::new("active_until", Kind::Time, "Active before this moment; then it is passed over")
        .example("2027-01-01T00:00:00Z"),
];

static RULE: TableSpec =
    TableSpec { heading: "`rules`", doc: "One rule of a filter", keys: || RULE_KEYS };
static RULE_KEYS: &[Key] = &[
    Key::new("type", Kind::Text, "What is tested: `*string`, `*notprefix`, …")
        .required()
        .example("\"*string\""),
    Key::new("element", Kind::Text, "What it is tested of: a path, or a constant")
        .default("\"\"")
        .example("\"~*req.Category\""),
    Key::new("values", Kind::Texts, "Any of them will do: constants, or paths")
        .default("[]")
        .example("[\"business\"]"),
];

pub(super) static ATTRIBUTE: TableSpec = TableSpec {
    heading: "[[attribute]]",
    doc: "Changes to events that pass its filters, made before routes are chosen",
    keys: || ATTRIBUTE_KEYS,
};
static ATTRIBUTE_KEYS: &[Key] = &[
    TENANT,
    Key::new("id", Kind::Id, "Its name, unique in its tenant")
        .required()
        .example("\"ATTR_SHARED\""),
    Key::new("contexts", Kind::Texts, "For which contexts; `*any` is each")
        .default("[\"*routes\"]"),
    FILTERS,
    Key::new("weight", Kind::Number, "The higher weight is applied first").default("0"),
    Key::new("blocker", Kind::Boolean, "No attribute after it is applied").default("false"),
    ACTIVE_FROM,
    ACTIVE_UNTIL,
    Key::new("set", Kind::Tables(&SET), "The changes, in order"),
];

static SET: TableSpec =
    TableSpec { heading: "`set`", doc: "One change to the event", keys: || SET_KEYS };
static SET_KEYS: &[Key] = &[
    Key::new(
        "field",
        Kind::Id,
        "A field of the event (`Account`), an option (`*opts.*rouLimit`) or `*tenant`",
    )
    .required()
    .example("\"Account\""),
    Key::new("type", Kind::Text, "How it gets its value").default("\"*constant\""),
    Key::new("value", Kind::TextOrTexts, "The value: text or a path; several are joined")
        .default("\"\"")
        .example("\"1001\""),
    FILTERS,
];

pub(super) static DESTINATION: TableSpec = TableSpec {
    heading: "[[destination]]",
    doc: "Prefixes with a name, for filters of type `*destinations`; compared as text",
    keys: || DESTINATION_KEYS,
};
static DESTINATION_KEYS: &[Key] = &[
    Key::new("id", Kind::Id, "Its name, unique").required().example("\"DST_DE_MOBILE\""),
    Key::new("prefixes", Kind::Texts, "What numbers of it begin with")
        .required()
        .example("[\"+4915\", \"+4916\"]"),
];

pub(super) static TIMING: TableSpec = TableSpec {
    heading: "[[timing]]",
    doc: "A recurring time with a name, for filters of type `*timings`",
    keys: || TIMING_KEYS,
};
static TIMING_KEYS: &[Key] = &[
    Key::new("id", Kind::Id, "Its name, unique").required().example("\"TM_OFFICE\""),
    Key::new("years", Kind::Integers(0, 9999), "Every year when empty")
        .default("[]")
        .example("[2026, 2027]"),
    Key::new("months", Kind::Integers(1, 12), "Every month when empty")
        .default("[]")
        .example("[1, 12]"),
    Key::new("month_days", Kind::Integers(1, 31), "Every day of the month when empty")
        .default("[]")
        .example("[24, 31]"),
    Key::new(
        "week_days",
        Kind::Integers(0, 7),
        "1 is Monday, 0 and 7 are Sunday; every day when empty",
    )
    .default("[]")
    .example("[1, 2, 3, 4, 5]"),
    Key::new("start", Kind::Text, "Time of day from which it holds; midnight when absent")
        .example("\"08:00:00\""),
    Key::new(
        "end",
        Kind::Text,
        "Time of day up to which it holds, that second included; the end of the day when absent",
    )
    .example("\"18:00:00\""),
];
