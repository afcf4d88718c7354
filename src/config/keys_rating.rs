//! Every key of what calls cost: rating plans with their decks and rates, and accounts.

use super::dates::DateOrder;
use super::schema::{Key, Kind, TableSpec};
use crate::model::cost::{RoundingMethod, WRITTEN_DECIMALS};
use crate::model::definition::MaxCostStrategy;

pub(super) const DECK: Key = Key::new(
    "deck",
    Kind::TextOrTexts,
    "Its prices: a CSV file, or several, from the folder of this file; `*` may stand in the last part of a path",
)
.example("\"decks/telnyx.csv\"");
pub(super) const COLUMNS: Key = Key::new(
    "columns",
    Kind::Table(&COLUMN),
    "What the deck calls its columns, where that is not the name of the key",
);
pub(super) const UNIT: Key =
    Key::new("unit", Kind::Text, "What `rate` is for, where the deck has no such column")
        .default("\"60s\"");
pub(super) const INCREMENT: Key = Key::new(
    "increment",
    Kind::Text,
    "First and further steps in which time is billed, in seconds, where the deck has no such column",
)
.default("\"1/1\"")
.example("\"60/1\"");
pub(super) const CURRENCY: Key =
    Key::new("currency", Kind::Text, "In which currency its prices are; nothing is converted")
        .example("\"EUR\"");
pub(super) const MODE: Key = Key::new(
    "mode",
    Kind::Word(&["replace", "amend"]),
    "Of several files, whether the last one holds all prices, or its rows replace single prefixes of those before",
)
.default("\"replace\"");
pub(super) const DATES: Key = Key::new(
    "dates",
    Kind::Word(DateOrder::WORDS),
    "How the deck writes its dates: day, month and year in which order",
)
.default("\"ymd\"");
pub(super) const ROUNDING: Key = Key::new(
    "rounding",
    Kind::Word(RoundingMethod::WORDS),
    "How a cost is rounded to `decimals`; without both it is exact",
)
.example("\"*up\"");
pub(super) const DECIMALS: Key = Key::new(
    "decimals",
    Kind::Integer(0, WRITTEN_DECIMALS as i64),
    "To how many decimals a cost is rounded",
)
.example("6");

pub(super) static RATING_PLAN: TableSpec = TableSpec {
    heading: "[[rating_plan]]",
    doc: "What calls cost by prefix: a deck in CSV, or a few rates",
    keys: || RATING_PLAN_KEYS,
};
static RATING_PLAN_KEYS: &[Key] = &[
    Key::new("id", Kind::Id, "Its name, unique, and no supplier's that has a deck")
        .required()
        .example("\"RP_TELNYX\""),
    DECK,
    COLUMNS,
    UNIT,
    INCREMENT,
    CURRENCY,
    MODE,
    DATES,
    ROUNDING,
    DECIMALS,
    Key::new(
        "arithmetic",
        Kind::Word(&["exact", "cgrates"]),
        "Exact fractions, or what CGRateS computes, to its last digit",
    )
    .default("\"exact\""),
    Key::new(
        "compare",
        Kind::Word(&["digits", "text"]),
        "Whether prefixes are those of the normalised number, or of the destination's text",
    )
    .default("\"digits\""),
    Key::new("rate", Kind::Tables(&RATE), "Its rates, for small plans and tests"),
];

static RATE: TableSpec = TableSpec {
    heading: "[[rating_plan.rate]]",
    doc: "A rate of the plan above it; what it leaves out is the plan's",
    keys: || RATE_KEYS,
};
static RATE_KEYS: &[Key] = &[
    Key::new("prefix", Kind::Text, "What numbers begin with; `*any` is every number")
        .required()
        .example("\"+49151\""),
    Key::new("rate", Kind::Money, "The price of the unit").required().example("0.0123"),
    Key::new("connect_fee", Kind::Money, "What a call costs at once").default("0"),
    Key::new("unit", Kind::Text, "What `rate` is for").example("\"60s\""),
    Key::new("increment", Kind::Text, "First and further steps in which time is billed, in seconds")
        .example("\"60/1\""),
    Key::new("rounding", Kind::Word(RoundingMethod::WORDS), "How the cost is rounded to `decimals`")
        .example("\"*up\""),
    Key::new(
        "decimals",
        Kind::Integer(0, WRITTEN_DECIMALS as i64),
        "To how many decimals the cost is rounded",
    )
    .example("6"),
    Key::new("effective", Kind::Date, "Valid from this moment on; a date from its midnight on")
        .example("2026-01-01"),
    Key::new("end", Kind::Date, "Valid until just before this moment; a date is valid to its end")
        .example("2026-12-31"),
    Key::new(
        "slot",
        Kind::Text,
        "From when in the call the rate counts; rates of one prefix with several slots are one price",
    )
    .default("\"0s\"")
    .example("\"60s\""),
    Key::new("timing", Kind::Id, "A `[[timing]]`: when the rate counts, by the start of the call")
        .example("\"TM_OFFICE\""),
    Key::new("weight", Kind::Money, "Of rates that count at the same time the heavier one does")
        .default("0"),
    Key::new("max_cost", Kind::Money, "What a call costs at most; 0 is no ceiling").default("0"),
    Key::new(
        "max_cost_strategy",
        Kind::Word(MaxCostStrategy::WORDS),
        "What the ceiling does: `*free` lets the call go on and costs no more",
    )
    .example("\"*free\""),
];

static COLUMN: TableSpec =
    TableSpec { heading: "`columns`", doc: "What a deck calls its columns", keys: || COLUMN_KEYS };
const fn column(name: &'static str, doc: &'static str, example: &'static str) -> Key {
    Key::new(name, Kind::Text, doc).example(example)
}
static COLUMN_KEYS: &[Key] = &[
    column("prefix", "The column of prefixes", "\"Code\""),
    column("rate", "The column of prices", "\"Rate\""),
    column("connect_fee", "The column of connect fees", "\"Setup\""),
    column("unit", "The column of units", "\"Unit\""),
    column("increment", "The column of increments, as `60/1`", "\"Billing\""),
    column("rounding", "The column of roundings", "\"Rounding\""),
    column("decimals", "The column of decimals", "\"Decimals\""),
    column("effective", "The column of the first days", "\"Valid from\""),
    column("end", "The column of the last days", "\"Valid to\""),
    column("slot", "The column of slots", "\"From second\""),
    column("timing", "The column of timings", "\"Timing\""),
    column("weight", "The column of weights", "\"Weight\""),
    column("max_cost", "The column of ceilings", "\"Max\""),
    column("max_cost_strategy", "The column of what ceilings do", "\"Max strategy\""),
];

pub(super) static ACCOUNT: TableSpec = TableSpec {
    heading: "[[account]]",
    doc: "An account whose balances pay for calls before a rating plan is asked",
    keys: || ACCOUNT_KEYS,
};
static ACCOUNT_KEYS: &[Key] = &[
    super::keys_definitions::TENANT,
    Key::new("id", Kind::Id, "Its name, unique in its tenant").required().example("\"1001\""),
    Key::new("balances", Kind::Tables(&BALANCE), "What it has; the heavier ones pay first"),
    Key::new("allow_negative", Kind::Boolean, "Whether it may owe").default("false"),
    Key::new("enabled", Kind::Boolean, "`false`: it pays for nothing").default("true"),
];

static BALANCE: TableSpec =
    TableSpec { heading: "`balances`", doc: "A balance of an account", keys: || BALANCE_KEYS };
static BALANCE_KEYS: &[Key] = &[
    Key::new("id", Kind::Id, "Its name, unique among those of its type; its place when absent")
        .example("\"minutes\""),
    Key::new("type", Kind::Word(&["*voice", "*monetary"]), "Whether it holds time or money")
        .required()
        .example("\"*voice\""),
    Key::new("value", Kind::Amount, "What is in it: time as `\"30s\"`, or money")
        .required()
        .example("\"1.5\""),
    Key::new("destinations", Kind::Texts, "Destinations that it pays for; all when empty")
        .default("[]")
        .example("[\"DST_DE_MOBILE\"]"),
    Key::new("categories", Kind::Texts, "Categories that it pays for; all when empty")
        .default("[]")
        .example("[\"call\"]"),
    Key::new("weight", Kind::Number, "The heavier one pays first").default("0"),
    Key::new(
        "rating_subject",
        Kind::Text,
        "By which steps its time is counted: `*zero20s`, `*zero1m`",
    )
    .default("\"\"")
    .example("\"*zero1m\""),
    Key::new("expires", Kind::Time, "It holds nothing from this moment on")
        .example("2027-01-01T00:00:00Z"),
    Key::new("enabled", Kind::Boolean, "`false`: it pays for nothing").default("true"),
];
