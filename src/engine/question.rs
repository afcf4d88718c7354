//! What the engine is asked.

use super::fields::Failure;
use crate::model::event::Event;
use crate::model::number::Number;

/// What the choice depends on, besides the table.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// Whose profiles.
    pub tenant: &'a str,
    /// Whose layered rows.
    pub customer: &'a str,
    /// The called number as it was normalised; `None`: there is none, or it is no number.
    pub number: Option<&'a Number>,
    /// What filters read.
    pub event: &'a Event,
    /// The moment that decides validity and hours, and whether filters are active (Unix nanoseconds).
    pub now_ns: i64,
    /// The moment that decides whether profiles are active; `None`: all are.
    pub active_at_ns: Option<i64>,
    /// What breaks ties.
    pub seed: u64,
    /// By whose rules profiles answer.
    pub manner: Manner<'a>,
}

/// By whose rules profiles answer together.
#[derive(Clone, Copy)]
pub enum Manner<'a> {
    /// The best profiles, so many at most; what they offer is cut afterwards. A profile that is not needed
    /// is not looked at.
    Native {
        /// Profiles that may answer together; 0 counts as 1.
        profiles: usize,
        /// What a route may cost.
        terms: Terms,
    },
    /// As RouteS answers: every profile that can match is looked at, and pages go over all of them
    /// (section 3.4 of the CGRateS specification).
    Routes(&'a TermsOf<'a>),
    /// As SupplierS of 0.10 answers: the best profile, whose list is cut (section 3.6).
    Suppliers(&'a TermsOf<'a>),
}

/// The terms of a question; asked for once a profile matches, for only then an option that cannot be read is
/// an error.
pub type TermsOf<'a> = dyn Fn() -> Result<Terms, Failure> + 'a;

/// What a question wants of routes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Terms {
    /// Which page.
    pub paging: Paging,
    /// Routes that cannot be priced drop out, rather than end the question.
    pub ignores_errors: bool,
    /// Routes that cost more drop out; `None`: a call may cost anything.
    pub max_cost: Option<f64>,
}

/// Which part of an answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Paging {
    /// Profiles at most; 0 is no bound.
    pub profiles: Option<i64>,
    /// Routes at most, over all profiles.
    pub limit: Option<i64>,
    /// Routes left out at the head, over all profiles.
    pub offset: Option<i64>,
}
