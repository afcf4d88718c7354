//! What a table is built from: plain, checked data, whatever file or API it came from.
//!
//! The readers of files name their mistakes with file, line and column before anything gets here;
//! the builder trusts references (a route's supplier, a policy's name) and refuses the whole input
//! where one is broken.

use crate::model::definition::{Deck, Definition, Kind};
use crate::model::digits::Digits;
use crate::model::gateway::Gateway;
use crate::model::number::{NumberForm, NumberPlan};
use crate::model::policy::Policy;
use crate::model::sip::SipCode;
use crate::table::hours::Hours;
use crate::table::rules::Rules;
use std::sync::Arc;

/// Where something was declared, for messages and for `explain`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// File name as the settings name it.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// Everything that one table holds.
#[derive(Debug, Clone, Default)]
pub struct TableInput {
    /// `[[supplier]]`, ids unique.
    pub suppliers: Vec<SupplierInput>,
    /// `[[route]]`, in file order.
    pub routes: Vec<RouteInput>,
    /// Profiles, filters, attributes, destinations and timings as they are stated, unique by their keys.
    pub definitions: Vec<Declared>,
    /// `[[rating_plan]]` and the decks of suppliers, ids unique.
    pub decks: Vec<DeckInput>,
    /// `[failover]`.
    pub failover: FailoverInput,
    /// `[numbers]` of the settings.
    pub numbers: NumberPlan,
    /// `[routes]` and `[compat]` of the settings.
    pub rules: Rules,
    /// `compat.voipbin_exact_targets` of the settings: a target is `all` or the country code.
    pub exact_targets: bool,
}

impl TableInput {
    /// How many profiles there are.
    #[must_use]
    pub fn profile_count(&self) -> usize {
        let is_profile = |declared: &&Declared| declared.definition.key().kind == Kind::Profile;
        self.definitions.iter().filter(is_profile).count()
    }
}

/// A definition with the place where it is stated.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// What is stated.
    pub definition: Definition,
    /// Where.
    pub place: Place,
}

/// `[[rating_plan]]`, or the deck of a supplier.
#[derive(Debug, Clone, PartialEq)]
pub struct DeckInput {
    /// Its prices.
    pub deck: Arc<Deck>,
    /// Where it is declared.
    pub place: Place,
}

/// `[[supplier]]`.
#[derive(Debug, Clone)]
pub struct SupplierInput {
    /// 1 to 64 letters, digits and `_ - .`.
    pub id: String,
    /// Kamailio's dispatcher set.
    pub dispatcher_set: Option<u32>,
    /// OpenSIPS' drouting carrier; the id when absent.
    pub carrier: Option<String>,
    /// SIP gateways, in order.
    pub gateways: Vec<Gateway>,
    /// What the proxy calls its gateways.
    pub gateway_ids: Vec<String>,
    /// The form of the called number.
    pub send: NumberForm,
    /// The form of the caller's number, when the supplier wants one.
    pub caller: Option<NumberForm>,
    /// SupplierParameters.
    pub parameters: String,
    /// Headers to add, in file order; names and values without line breaks.
    pub headers: Vec<(String, String)>,
    /// Codecs in order of preference.
    pub codecs: Vec<String>,
    /// Name of a failover policy.
    pub failover: Option<String>,
    /// rtjson `fr_timer`: milliseconds until a first answer.
    pub timeout_ms: Option<u32>,
    /// rtjson `fr_inv_timer`: milliseconds of ringing.
    pub ring_timeout_ms: Option<u32>,
    /// `false`: in no answer.
    pub enabled: bool,
    /// Where it is declared.
    pub place: Place,
}

/// Which numbers a row of the layered table serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Every number.
    All,
    /// Numbers that begin with these digits.
    Prefix(Digits),
    /// A text of another form: the row is kept and never matches.
    Never(String),
}

impl Target {
    /// Reads `all`, or a plus and 1 to 32 digits; anything else never matches.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "all" => Self::All,
            _ => text
                .strip_prefix('+')
                .and_then(Digits::parse)
                .map_or_else(|| Self::Never(text.to_owned()), Self::Prefix),
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Prefix(digits) => write!(f, "+{digits}"),
            Self::Never(text) => f.write_str(text),
        }
    }
}

/// `[[route]]`: one row of the layered table.
#[derive(Debug, Clone)]
pub struct RouteInput {
    /// The row's UUID; derived from the content when absent.
    pub id: Option<String>,
    /// Whose row it is; `default` and the UUID `…0001` are the same customer.
    pub customer: String,
    /// Which numbers it serves.
    pub target: Target,
    /// A declared supplier.
    pub supplier: String,
    /// Lower is earlier, within one layer; may be negative.
    pub priority: i32,
    /// Valid from this moment on (Unix nanoseconds).
    pub valid_from_ns: Option<i64>,
    /// Valid until just before this moment (Unix nanoseconds).
    pub valid_until_ns: Option<i64>,
    /// Weekly windows; empty is always.
    pub hours: Vec<Hours>,
    /// When the row was made (Unix nanoseconds): among equal priorities the newest is first.
    pub created_ns: Option<i64>,
    /// Name of a failover policy.
    pub failover: Option<String>,
    /// Where it is declared.
    pub place: Place,
}

/// `[failover]`.
#[derive(Debug, Clone)]
pub struct FailoverInput {
    /// The built-in policies, overridden or joined by those of the file.
    pub policies: Vec<Policy>,
    /// Name of the policy where neither row nor supplier names one.
    pub default: String,
    /// What a call without a route gets.
    pub no_route: NoRoute,
    /// Which code the caller gets when everything failed.
    pub end_with: EndWith,
}

impl Default for FailoverInput {
    fn default() -> Self {
        Self {
            policies: Policy::built_in(),
            default: "classic".into(),
            no_route: NoRoute::Reject(SipCode::NOT_FOUND),
            end_with: EndWith::Best,
        }
    }
}

/// `failover.no_route`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRoute {
    /// The call is refused with this code.
    Reject(SipCode),
    /// The proxy uses its own routes.
    Fallback,
}

/// `failover.end_with`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndWith {
    /// The best response that was heard (RFC 3261 16.7).
    Best,
    /// The last one.
    Last,
    /// Always this one.
    Code(SipCode),
}
