//! Every key of rating profiles.

use super::keys_definitions::TENANT;
use super::schema::{Key, Kind, TableSpec};

pub(super) static RATING_PROFILE: TableSpec = TableSpec {
    heading: "[[rating_profile]]",
    doc: "Which rating plan rates the calls of a subject, for ceilings by cost and for accounts",
    keys: || RATING_PROFILE_KEYS,
};
static RATING_PROFILE_KEYS: &[Key] = &[
    TENANT,
    Key::new("category", Kind::Text, "Of which calls; accounts are asked for `*routes`")
        .default("\"\"")
        .example("\"call\""),
    Key::new(
        "subject",
        Kind::Id,
        "Whose calls; `*any` is everybody who has no profile of their own",
    )
    .required()
    .example("\"*any\""),
    Key::new("plans", Kind::Tables(&PLAN), "The plans, each from a moment on"),
];

static PLAN: TableSpec =
    TableSpec { heading: "`plans`", doc: "A plan of a rating profile", keys: || PLAN_KEYS };
static PLAN_KEYS: &[Key] = &[
    Key::new("plan", Kind::Id, "A `[[rating_plan]]`").required().example("\"RP_RETAIL\""),
    Key::new("from", Kind::Time, "It counts from this moment on; always when absent")
        .example("2026-01-01T00:00:00Z"),
    Key::new(
        "fallback",
        Kind::Texts,
        "Subjects that are asked where the plan lacks the destination",
    )
    .default("[]")
    .example("[\"*any\"]"),
];
