//! Deviations that no recorded conversation shows: mostly requests that end the original's process.

use crate::support::jsonrpc::{Reply, Rpc};

/// What the original does with the last call of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Upstream {
    /// Its process ends, without an answer.
    Ends,
    /// It answers this error.
    Error(&'static str),
}

/// What siproute does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ours {
    /// An error, of any text.
    Refuses,
    /// A result.
    Answers,
    /// Either.
    Replies,
}

/// One row: calls of which the last one is the question.
pub struct Row {
    /// The name in the ledger.
    pub name: &'static str,
    pub calls: &'static [(&'static str, &'static str)],
    pub upstream: Upstream,
    pub ours: Ours,
}

impl Ours {
    /// What is wrong with an answer.
    pub fn fault(self, reply: &Reply) -> Option<String> {
        let refused = reply.error.as_ref().is_some_and(|error| !error.is_empty());
        let right = match self {
            Self::Refuses => refused,
            Self::Answers => reply.error.is_none(),
            Self::Replies => true,
        };
        (!right).then(|| format!("{self:?} is expected, not {}", reply.raw.trim_end()))
    }
}

impl Row {
    /// The answer to the last call.
    pub fn ask(&self, rpc: &mut Rpc) -> std::io::Result<Reply> {
        let mut reply = None;
        for (method, params) in self.calls {
            reply = Some(rpc.call(method, params)?);
        }
        Ok(reply.unwrap())
    }
}

impl Upstream {
    /// Whether an answer is the original's: none is, where its process ends.
    pub fn is(self, reply: &Reply) -> bool {
        match self {
            Self::Ends => false,
            Self::Error(error) => reply.error.as_deref() == Some(error),
        }
    }
}

const SET: &str = "APIerSv1.SetRouteProfile";
const SET_FILTER: &str = "APIerSv1.SetFilter";
const SET_ATTRIBUTES: &str = "APIerSv1.SetAttributeProfile";
const SET_TIMING: &str = "APIerSv1.SetTiming";
const ASK: &str = "RouteSv1.GetRoutes";

const fn ends(
    name: &'static str,
    ours: Ours,
    calls: &'static [(&'static str, &'static str)],
) -> Row {
    Row { name, calls, upstream: Upstream::Ends, ours }
}

use Ours::{Answers, Refuses, Replies};

/// The rows.
pub const ROWS: &[Row] = &[
    Row {
        name: "every-profile-matches",
        calls: &[
            (
                SET,
                r#"{"Tenant":"own0","ID":"P","FilterIDs":["*gt:~*req.N:5"],"Sorting":"*weight","Routes":[{"ID":"r"}]}"#,
            ),
            (ASK, r#"{"Tenant":"own0","ID":"q","Event":{"N":6}}"#),
        ],
        upstream: Upstream::Error("NOT_FOUND"),
        ours: Answers,
    },
    ends(
        "negative-profile-count",
        Refuses,
        &[
            (SET, r#"{"Tenant":"own1","ID":"P","Sorting":"*weight","Routes":[{"ID":"r"}]}"#),
            (ASK, r#"{"Tenant":"own1","ID":"q","Event":{},"APIOpts":{"*rouProfileCount":-1}}"#),
        ],
    ),
    ends(
        "attribute-without-change",
        Answers,
        &[
            (SET, r#"{"Tenant":"own2","ID":"P","Sorting":"*weight","Routes":[{"ID":"r"}]}"#),
            (
                SET_ATTRIBUTES,
                r#"{"Tenant":"own2","ID":"A","Contexts":["*routes"],"Attributes":[{"FilterIDs":["*string:~*req.No:such"],"Path":"*req.A","Type":"*constant","Value":[{"Rules":"x"}]}],"Weight":10}"#,
            ),
            (ASK, r#"{"Tenant":"own2","ID":"q","Event":{}}"#),
        ],
    ),
    ends("set-nothing", Refuses, &[(SET, "{}")]),
    ends("set-nothing", Refuses, &[(SET, "null")]),
    ends("set-nothing", Refuses, &[(SET, r#"{"Colour":"red"}"#)]),
    ends("set-nothing", Refuses, &[(SET_FILTER, "{}")]),
    ends("set-nothing", Refuses, &[(SET_FILTER, "null")]),
    ends("set-nothing", Refuses, &[(SET_TIMING, "{}")]),
    ends("set-nothing", Refuses, &[(SET_TIMING, "null")]),
    ends("set-nothing", Refuses, &[(SET_ATTRIBUTES, "{}")]),
    ends("set-nothing", Refuses, &[(SET_ATTRIBUTES, "null")]),
    ends(
        "null-in-list",
        Refuses,
        &[(SET, r#"{"Tenant":"own4","ID":"P","Sorting":"*weight","Routes":[{"ID":"r"},null]}"#)],
    ),
    ends("null-in-list", Refuses, &[(SET_FILTER, r#"{"Tenant":"own4","ID":"F","Rules":[null]}"#)]),
    // Whether it is refused when it is set or when it is asked: no answer, and no end.
    ends(
        "filter-without-values",
        Refuses,
        &[
            (
                SET,
                r#"{"Tenant":"own5","ID":"P","FilterIDs":["*ai:~*req.T:"],"Sorting":"*weight","Routes":[{"ID":"r"}]}"#,
            ),
            (ASK, r#"{"Tenant":"own5","ID":"q","Event":{"T":"2025-01-01T00:00:00Z"}}"#),
        ],
    ),
    ends(
        "filter-without-values",
        Refuses,
        &[
            (
                SET_FILTER,
                r#"{"Tenant":"own6","ID":"F","Rules":[{"Type":"*ai","Element":"~*req.T","Values":["",""]}]}"#,
            ),
            (
                SET,
                r#"{"Tenant":"own6","ID":"P","FilterIDs":["F"],"Sorting":"*weight","Routes":[{"ID":"r"}]}"#,
            ),
            (ASK, r#"{"Tenant":"own6","ID":"q","Event":{"T":"2025-01-01T00:00:00Z"}}"#),
        ],
    ),
    ends(
        "filter-without-values",
        Refuses,
        &[
            (
                SET,
                r#"{"Tenant":"own7","ID":"P","FilterIDs":["*apiban:~*req.IP:"],"Sorting":"*weight","Routes":[{"ID":"r"}]}"#,
            ),
            (ASK, r#"{"Tenant":"own7","ID":"q","Event":{"IP":"192.0.2.1"}}"#),
        ],
    ),
    ends(
        "filter-without-values",
        Refuses,
        &[
            (
                SET,
                r#"{"Tenant":"own8","ID":"P","FilterIDs":["*sentrypeer:~*req.IP:"],"Sorting":"*weight","Routes":[{"ID":"r"}]}"#,
            ),
            (ASK, r#"{"Tenant":"own8","ID":"q","Event":{"IP":"192.0.2.1"}}"#),
        ],
    ),
    ends(
        "angle-brackets",
        Answers,
        &[
            (
                SET,
                r#"{"Tenant":"own9","ID":"P","FilterIDs":["*rsr:~*req.N:>5|<3"],"Sorting":"*weight","Routes":[{"ID":"r"}]}"#,
            ),
            (ASK, r#"{"Tenant":"own9","ID":"q","Event":{"N":6}}"#),
        ],
    ),
    ends(
        "negative-index",
        Replies,
        &[
            (
                SET,
                r#"{"Tenant":"own10","ID":"P","FilterIDs":["*string:~*req.Tags[-1]:a"],"Sorting":"*weight","Routes":[{"ID":"r"}]}"#,
            ),
            (ASK, r#"{"Tenant":"own10","ID":"q","Event":{"Tags":["a"]}}"#),
        ],
    ),
    ends(
        "supplier-profiles-of-nothing",
        Refuses,
        &[("SupplierSv1.GetSupplierProfilesForEvent", "{}")],
    ),
];
