//! The answer, as every wire format writes it.

use super::amount::Amount;
use super::go::json::push_string;
use super::go::number::push_json;
use super::json::{JsonText, push_integer};
use super::sip::SipCode;
use super::supplier::SupplierFacts;

/// An answer with routes. It borrows from table and question; nothing is copied to make it.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// The question's id.
    pub id: &'a str,
    /// Which publication of the table answered; grows with each.
    pub generation: u64,
    /// What the table was read from, as a short hash.
    pub fingerprint: &'a str,
    /// The profile; `None` for the layered table.
    pub profile: Option<&'a str>,
    /// `*weight`, `*priority`.
    pub sorting: &'a str,
    /// Whether several profiles may answer together, so that each offer names its own.
    pub names_profiles: bool,
    /// How many offers there are.
    pub count: usize,
    /// The offer at a position from 0 up to `count`.
    pub offer: &'a dyn Fn(usize) -> Option<Offer<'a>>,
    /// The decision's story, a JSON array, where it was asked for.
    pub explain: Option<&'a [u8]>,
}

impl<'a> Answer<'a> {
    /// The offers in order.
    pub fn offers(&self) -> impl Iterator<Item = Offer<'a>> + '_ {
        (0..self.count).map_while(|index| (self.offer)(index))
    }
}

/// One supplier in an answer.
#[derive(Clone, Copy)]
pub struct Offer<'a> {
    /// Who.
    pub supplier: &'a SupplierFacts,
    /// The profile that offers it.
    pub profile: Option<&'a str>,
    /// How that profile orders its routes.
    pub sorting: Option<&'a str>,
    /// The called number in the supplier's form; `None`: the question has no destination.
    pub number: Option<&'a str>,
    /// The caller's number, where the supplier wants a form.
    pub caller: Option<&'a str>,
    /// SupplierParameters.
    pub parameters: &'a JsonText,
    /// Why it stands where it stands.
    pub rank: &'a Rank,
    /// `,"continue":"…","on_timeout":…`: when a script goes on to the next offer.
    pub policy_json: &'a [u8],
}

/// The sort key of an offer, as answers copy it; made once, when the table is built.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rank {
    /// `,"route":…,"priority":…` or `,"weight":…`, and `,"sorting_data":{…}`.
    members: Vec<u8>,
    /// Where the value of `sorting_data` begins.
    data: usize,
}

/// What is known of a route of a profile: its SortingData.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Known<'k> {
    /// Its weight.
    pub weight: f64,
    /// The list ends with it, which answers of 1.0 say.
    pub blocks: bool,
    /// What the call costs.
    pub cost: Option<Amount>,
    /// The account that pays.
    pub account: Option<&'k str>,
    /// The rating plan that priced it.
    pub plan: Option<&'k str>,
    /// How long the account pays (nanoseconds).
    pub max_usage_ns: Option<i64>,
}

impl Rank {
    /// Of a row of the layered table: lower is earlier. Its id is a UUID, of which nothing has to be
    /// escaped.
    #[must_use]
    pub fn of_row(id: &str, priority: i32) -> Self {
        let members = format!(",\"route\":\"{id}\",\"priority\":{priority}");
        Self::new(members, &format!("{{\"Priority\":{priority}}}"))
    }

    /// Of a route of a profile of which nothing but its weight is known: higher is earlier.
    #[must_use]
    pub fn of_weight(weight: f64) -> Self {
        let mut rank = Self::default();
        rank.write(&Known { weight, ..Known::default() });
        rank
    }

    /// Writes what is known of a route of a profile, in the order and in the form in which CGRateS prints
    /// it. The memory of what stood there before is used again.
    pub fn write(&mut self, known: &Known<'_>) {
        let out = &mut self.members;
        out.clear();
        // Each number stands twice, and is printed once.
        let cost = known.cost.map(|cost| {
            out.extend_from_slice(b",\"cost\":\"");
            let from = out.len();
            cost.write(out);
            let cost = from..out.len();
            out.push(b'"');
            cost
        });
        out.extend_from_slice(b",\"weight\":");
        let from = out.len();
        push_json(known.weight, out);
        let weight = from..out.len();
        out.extend_from_slice(b",\"sorting_data\":");
        self.data = out.len();
        out.push(b'{');
        if let Some(account) = known.account {
            out.extend_from_slice(b"\"Account\":");
            push_string(out, account);
            out.push(b',');
        }
        if known.blocks {
            out.extend_from_slice(b"\"Blocker\":true,");
        }
        if let Some(cost) = cost {
            out.extend_from_slice(b"\"Cost\":");
            out.extend_from_within(cost);
            out.push(b',');
        }
        if let Some(usage_ns) = known.max_usage_ns {
            out.extend_from_slice(b"\"MaxUsage\":");
            push_integer(out, usage_ns);
            out.push(b',');
        }
        if let Some(plan) = known.plan {
            out.extend_from_slice(b"\"RatingPlanID\":");
            push_string(out, plan);
            out.push(b',');
        }
        out.extend_from_slice(b"\"Weight\":");
        out.extend_from_within(weight);
        out.push(b'}');
    }

    /// Of a supplier that the question names: it has none.
    #[must_use]
    pub fn forced() -> Self {
        Self::new(String::new(), "{}")
    }

    fn new(mut members: String, data: &str) -> Self {
        members.push_str(",\"sorting_data\":");
        let at = members.len();
        members.push_str(data);
        Self { members: members.into_bytes(), data: at }
    }

    /// The members of a route in a native answer, each with the comma before it.
    #[must_use]
    pub fn members(&self) -> &[u8] {
        &self.members
    }

    /// The sort key as CGRateS names it: an object.
    #[must_use]
    pub fn sorting_data(&self) -> &[u8] {
        self.members.get(self.data..).unwrap_or_default()
    }
}

/// Why there are no routes, and what the script shall do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Answer the caller with this code.
    Reject(SipCode),
    /// Use the proxy's own routes.
    Fallback,
}

/// The codes of refusals; names are part of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalCode {
    /// A field is wrong, or the text is no question.
    BadRequest,
    /// No profile or route.
    NotFound,
    /// The failed attempt's code is final.
    Stop,
    /// Nothing remains to be tried.
    Exhausted,
    /// The table is empty.
    NoTable,
    /// Too old when its turn came.
    Timeout,
    /// Our own fault.
    ServerError,
}

impl RefusalCode {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::NotFound => "NOT_FOUND",
            Self::Stop => "STOP",
            Self::Exhausted => "EXHAUSTED",
            Self::NoTable => "NO_TABLE",
            Self::Timeout => "TIMEOUT",
            Self::ServerError => "SERVER_ERROR",
        }
    }
}

/// An answer without routes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which refusal.
    pub code: RefusalCode,
    /// What the script shall do.
    pub status: Status,
    /// The field that is wrong, as a path: `opts.limit`.
    pub field: Option<String>,
    /// For people; a sentence without a full stop.
    pub message: std::borrow::Cow<'static, str>,
}

impl Refusal {
    /// A question with a wrong field; the proxy uses its own routes.
    #[must_use]
    pub fn bad_field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: RefusalCode::BadRequest,
            status: Status::Fallback,
            field: Some(field.into()),
            message: std::borrow::Cow::Owned(message.into()),
        }
    }

    /// A refusal without a field.
    #[must_use]
    pub fn new(
        code: RefusalCode,
        status: Status,
        message: impl Into<std::borrow::Cow<'static, str>>,
    ) -> Self {
        Self { code, status, field: None, message: message.into() }
    }
}
