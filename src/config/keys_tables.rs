//! Every key of the tables (`routes.toml`, `routes.d/*.toml`).

use super::keys_definitions::{ATTRIBUTE, DESTINATION, FILTER, PROFILE, TIMING};
use super::keys_rating::{
    ACCOUNT, COLUMNS, CURRENCY, DATES, DECIMALS, DECK, INCREMENT, MODE, RATING_PLAN, ROUNDING, UNIT,
};
use super::keys_rating_profile::RATING_PROFILE;
use super::schema::{Key, Kind, TableSpec};

/// Tables as a whole.
pub static TABLES: TableSpec = TableSpec {
    heading: "a table file",
    doc: "Tables of siproute: suppliers, routes, profiles and failover; read again while running",
    keys: || ROOT_KEYS,
};

static ROOT_KEYS: &[Key] = &[
    Key::new(
        "tenant",
        Kind::Id,
        "Tenant of this file's profiles, filters and attributes that name none",
    )
    .default("\"cgrates.org\""),
    Key::new("supplier", Kind::Tables(&SUPPLIER), "Who carries calls"),
    Key::new("route", Kind::Tables(&ROUTE), "Rows of the layered table"),
    Key::new("profile", Kind::Tables(&PROFILE), "Route profiles, asked before the layered table"),
    Key::new("rating_plan", Kind::Tables(&RATING_PLAN), "What calls cost"),
    Key::new("account", Kind::Tables(&ACCOUNT), "Accounts whose balances pay for calls"),
    Key::new("filter", Kind::Tables(&FILTER), "Filters with names"),
    Key::new("attribute", Kind::Tables(&ATTRIBUTE), "Changes to events before routes are chosen"),
    Key::new("destination", Kind::Tables(&DESTINATION), "Prefixes with names, for filters"),
    Key::new("timing", Kind::Tables(&TIMING), "Recurring times with names, for filters"),
    Key::new(
        "rating_profile",
        Kind::Tables(&RATING_PROFILE),
        "Which rating plan rates whose calls",
    ),
    Key::new("failover", Kind::Table(&FAILOVER), "What follows a failed attempt"),
];

static SUPPLIER: TableSpec =
    TableSpec { heading: "[[supplier]]", doc: "Who carries calls", keys: || SUPPLIER_KEYS };
static SUPPLIER_KEYS: &[Key] = &[
    Key::new("id", Kind::Id, "What answers, reports and metrics name: 1 to 64 letters, digits and `_ - .`")
        .required()
        .example("\"telnyx\""),
    Key::new("name", Kind::Text, "For people").default("\"\""),
    Key::new("dispatcher_set", Kind::Integer(0, i32::MAX as i64), "Kamailio's dispatcher set")
        .example("10"),
    Key::new("carrier", Kind::Id, "OpenSIPS' drouting carrier; the id when absent")
        .example("\"telnyx\""),
    Key::new("gateways", Kind::Texts, "SIP URIs of its gateways, in order")
        .default("[]")
        .example("[\"sip:192.0.2.10:5060;transport=udp\"]"),
    Key::new("gateway_ids", Kind::Texts, "What the proxy calls its gateways (drouting)")
        .default("[]")
        .example("[\"gw1\", \"gw2\"]"),
    Key::new(
        "send",
        Kind::Text,
        "The called number as this supplier wants it: {e164}, {digits}, {national} or {raw}, and literals",
    )
    .default("\"{e164}\"")
    .example("\"00{digits}\""),
    Key::new("caller", Kind::Text, "The caller's number likewise; unchanged when absent")
        .example("\"+{digits}\""),
    DECK,
    COLUMNS,
    UNIT,
    INCREMENT,
    CURRENCY,
    MODE,
    DATES,
    ROUNDING,
    DECIMALS,
    Key::new("parameters", Kind::Text, "Supplier parameters of an answer; no comma")
        .default("\"\"")
        .example("\"strip=1\""),
    Key::new("headers", Kind::TextMap, "Headers to add to the call")
        .default("{}")
        .example("{ X-Trunk = \"eu-1\" }"),
    Key::new("codecs", Kind::Texts, "Codecs in order of preference")
        .default("[]")
        .example("[\"PCMA\", \"PCMU\"]"),
    Key::new("failover", Kind::Id, "Name of the failover policy; `failover.default` when absent")
        .example("\"carrier\""),
    Key::new("timeout", Kind::Duration, "How long the proxy waits for a first answer")
        .default("\"4s\""),
    Key::new("ring_timeout", Kind::Duration, "How long a call may ring").default("\"60s\""),
    Key::new("enabled", Kind::Boolean, "`false` takes the supplier out of every answer")
        .default("true"),
];

static ROUTE: TableSpec =
    TableSpec { heading: "[[route]]", doc: "One row of the layered table", keys: || ROUTE_KEYS };
static ROUTE_KEYS: &[Key] = &[
    Key::new(
        "customer",
        Kind::Id,
        "Whose row it is; rows of `default` serve everyone, after their own",
    )
    .default("\"default\""),
    Key::new(
        "target",
        Kind::Text,
        "Numbers it serves: `all`, or a plus and digits that begin them",
    )
    .required()
    .example("\"+49\""),
    Key::new("supplier", Kind::Id, "A declared supplier").required().example("\"telnyx\""),
    Key::new(
        "priority",
        Kind::Integer(i32::MIN as i64, i32::MAX as i64),
        "Lower is earlier among the rows of one customer and target",
    )
    .default("0"),
    Key::new("id", Kind::Id, "UUID of the row; derived from its content when absent")
        .example("\"7c9e6679-7425-40de-944b-e07fc1f90ae7\""),
    Key::new("name", Kind::Text, "For people").default("\"\""),
    Key::new("detail", Kind::Text, "For people").default("\"\""),
    Key::new("valid_from", Kind::Time, "Used from this moment on").example("2026-01-01T00:00:00Z"),
    Key::new("valid_until", Kind::Time, "Used until just before this moment")
        .example("2027-01-01T00:00:00Z"),
    Key::new(
        "hours",
        Kind::Texts,
        "Weekly windows in a time zone, end excluded; always when empty",
    )
    .default("[]")
    .example("[\"mon-fri 08:00-18:00 Europe/Berlin\"]"),
    Key::new(
        "created",
        Kind::Time,
        "When the row was made; among equal priorities the newest is first",
    )
    .example("2026-01-01T00:00:00Z"),
    Key::new("failover", Kind::Id, "Name of the failover policy; the supplier's when absent")
        .example("\"classic\""),
];

static FAILOVER: TableSpec = TableSpec {
    heading: "[failover]",
    doc: "What follows a failed attempt",
    keys: || FAILOVER_KEYS,
};
static FAILOVER_KEYS: &[Key] = &[
    Key::new("default", Kind::Id, "The policy where neither row nor supplier names one")
        .default("\"classic\""),
    Key::new(
        "no_route",
        Kind::CodeOr(&["fallback"]),
        "What a call without a route gets: a SIP code, or the proxy's own routes",
    )
    .default("404"),
    Key::new(
        "end_with",
        Kind::CodeOr(&["best", "last"]),
        "The code for the caller when all attempts failed",
    )
    .default("\"best\""),
    Key::new(
        "policy",
        Kind::Named(&POLICY),
        "Policies by name; `classic`, `voipbin` and `carrier` are there and can be replaced",
    ),
];

static POLICY: TableSpec = TableSpec {
    heading: "[failover.policy.NAME]",
    doc: "Which answers of a supplier let the call go on to the next one",
    keys: || POLICY_KEYS,
};
static POLICY_KEYS: &[Key] = &[
    Key::new(
        "continue",
        Kind::Codes,
        "Codes and classes that go on; a code stands before its class",
    )
    .default("[]")
    .example("[\"404\", \"5xx\"]"),
    Key::new("stop", Kind::Codes, "Codes and classes that are final")
        .default("[]")
        .example("[\"486\", \"6xx\"]"),
    Key::new(
        "unlisted",
        Kind::Word(&["stop", "continue"]),
        "What holds for a code that neither list names",
    )
    .default("\"stop\""),
    Key::new("on_timeout", Kind::Boolean, "Whether no answer, or a failure to send, goes on")
        .default("true"),
    Key::new("redirects", Kind::Word(&["stop", "next"]), "What a redirection (3xx) does")
        .default("\"stop\""),
    Key::new(
        "max_attempts",
        Kind::Integer(1, u32::MAX as i64),
        "Attempts of one call at most; no cap when absent",
    )
    .example("5"),
    Key::new(
        "max_time",
        Kind::Duration,
        "From the first question of a call to its last attempt at most; no cap when absent",
    )
    .example("\"20s\""),
];

#[cfg(test)]
mod tests {
    use super::super::schema::Preset;
    use super::super::value::duration_ms;
    use super::*;
    use crate::table::supplier::{RING_TIMEOUT_MS, TIMEOUT_MS};

    #[test]
    fn the_times_of_a_supplier_that_says_nothing_are_those_that_hold() {
        for (name, held) in [("timeout", TIMEOUT_MS), ("ring_timeout", RING_TIMEOUT_MS)] {
            let said = match SUPPLIER.key(name).map(|key| key.default) {
                Some(Preset::Toml(text)) => duration_ms(text.trim_matches('"')).ok(),
                _ => None,
            };
            assert_eq!(said, Some(held), "{name}");
        }
    }
}
