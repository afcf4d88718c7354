//! One question, one report: what every wire format is read into.
//!
//! Reused from message to message: clearing keeps the memory, so that a normal question allocates
//! nothing.

use super::event::Event;
use super::outcome::ReportEvent;
use super::sip::SipCode;

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// Native JSON.
    #[default]
    Json,
    /// The result of CGRateS' `RouteSv1.GetRoutes`.
    Cgrates,
    /// `telnyx:strip=1,twilio`.
    Digest,
    /// `10,12`.
    Sets,
    /// `telnyx,twilio`.
    Carriers,
    /// `gw1,gw2`.
    Gateways,
    /// `sip:…,sip:…`.
    Uris,
    /// `telnyx|10|004930123456 twilio|12|+4930123456`.
    Line,
    /// A document for Kamailio's rtjson module.
    Rtjson,
}

impl Shape {
    /// Names as `as` gives them.
    pub const NAMES: [(&'static str, Self); 9] = [
        ("json", Self::Json),
        ("cgrates", Self::Cgrates),
        ("digest", Self::Digest),
        ("sets", Self::Sets),
        ("carriers", Self::Carriers),
        ("gateways", Self::Gateways),
        ("uris", Self::Uris),
        ("line", Self::Line),
        ("rtjson", Self::Rtjson),
    ];

    /// The shape called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, shape)| *shape)
    }

    /// Whether the answer is one line of text rather than a JSON document.
    #[must_use]
    pub fn is_text(self) -> bool {
        !matches!(self, Self::Json | Self::Cgrates | Self::Rtjson)
    }

    /// Whether called and calling number stand in it.
    #[must_use]
    pub fn carries_numbers(self) -> bool {
        matches!(self, Self::Json | Self::Uris | Self::Line | Self::Rtjson)
    }

    /// Reads the name of a shape.
    ///
    /// # Errors
    /// Names those that there are.
    pub fn parse(name: &str) -> Result<Self, String> {
        Self::named(name).ok_or_else(|| {
            let names: Vec<&str> = Self::NAMES.iter().map(|(name, _)| *name).collect();
            format!("must be one of {}", names.join(", "))
        })
    }
}

/// A lookup.
#[derive(Debug, Default)]
pub struct Query {
    /// What the proxy calls the question, up to 255 bytes; empty: one is made up.
    pub id: String,
    /// The tenant; empty: the default one.
    pub tenant: String,
    /// Whose layered routes are used; empty: the event says.
    pub customer: String,
    /// The moment that decides activation, validity and hours (Unix nanoseconds); `None` is now.
    pub time_ns: Option<i64>,
    /// What the proxy says of the call.
    pub event: Event,
    /// Form of the answer.
    pub shape: Shape,
    /// Routes in the answer at most.
    pub limit: Option<usize>,
    /// Routes left out at the head.
    pub offset: usize,
    /// Profiles that may answer together; 0 counts as 1.
    pub profile_count: usize,
    /// These suppliers and no others, in this order.
    pub suppliers: Vec<String>,
    /// What a route may cost at most; `None`: anything.
    pub max_cost: Option<f64>,
    /// Whether a route without a price ends the question, rather than drop out.
    pub minds_errors: bool,
    /// Whether the decision is told.
    pub explain: bool,
    /// Attempts of this call that failed, first one first.
    pub failed: Vec<Attempt>,
}

impl Query {
    /// Empties the query for a table whose events have `slots` fields.
    pub fn clear(&mut self, slots: usize) {
        self.id.clear();
        self.tenant.clear();
        self.customer.clear();
        self.time_ns = None;
        self.event.clear(slots);
        self.shape = Shape::Json;
        self.limit = None;
        self.offset = 0;
        self.profile_count = 0;
        self.suppliers.clear();
        self.max_cost = None;
        self.minds_errors = false;
        self.explain = false;
        self.failed.clear();
    }
}

/// One attempt at a supplier, as a report or an entry of `failed` tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempt {
    /// Which one of the call, from 1; `None`: the place among the entries or the offers.
    pub number: Option<u32>,
    /// At whom.
    pub at: Party,
    /// Final code; `None` where the proxy had none.
    pub code: Option<SipCode>,
    /// Whether the code is the proxy's own (its timeout, its failure to send).
    pub local: bool,
    /// Post-dial delay: milliseconds to the first ringing or answer; `None`: unknown or none.
    pub pdd_ms: Option<u32>,
}

impl Attempt {
    /// The code that the attempt ended with: a proxy that had none timed out.
    #[must_use]
    pub fn final_code(&self) -> SipCode {
        self.code.unwrap_or(SipCode::TIMEOUT)
    }

    /// Whether the attempt ended on the proxy's own account.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.local || self.code.is_none()
    }
}

/// How a report names the supplier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Party {
    /// Not at all: the place among the offers tells.
    #[default]
    Unnamed,
    /// By its id.
    Supplier(String),
    /// By its dispatcher set.
    Set(u32),
    /// By its drouting carrier.
    Carrier(String),
    /// By one of its gateway ids or URIs.
    Gateway(String),
}

/// A report: what happened to a call.
#[derive(Debug, Default)]
pub struct Report {
    /// The question's id.
    pub id: String,
    /// The question's tenant; empty: the default one.
    pub tenant: String,
    /// What happened; `None`: an answer for a 2xx code, else an attempt.
    pub event: Option<ReportEvent>,
    /// The attempt that it happened to.
    pub attempt: Attempt,
    /// Whether the sender waits for a word, on a transport where none would be sent.
    pub ack: bool,
}

impl Report {
    /// Empties the report.
    pub fn clear(&mut self) {
        self.id.clear();
        self.tenant.clear();
        self.event = None;
        self.attempt = Attempt::default();
        self.ack = false;
    }
}

/// The tenant of whoever names none.
pub const DEFAULT_TENANT: &str = "cgrates.org";
