//! What a recorder hears while a choice is made: everything considered, and why it is in or out.
//!
//! The lookup path records into [`Silent`], which the compiler removes.

use super::fields::Failure;
use super::rating;
use super::selection::Place;
use crate::table::filter::{Filter, Rule};
use crate::table::hours::Hours;
use crate::table::input::Target;
use crate::table::layers::Row;
use crate::table::profile::{Profile, ProfileRoute};

/// Why something is in the answer, or out of it.
#[derive(Debug, Clone, Copy)]
pub enum Reason<'a> {
    /// It is in.
    Chosen,
    /// A filter does not pass, because of one of its rules.
    Filter(&'a Filter, &'a Rule),
    /// Its filters give no answer.
    NoAnswer(&'a Failure),
    /// All of its filters are outside of the time in which they count.
    Inactive,
    /// The index of profiles does not lead to it (`routes.indexed_selects`).
    Hidden,
    /// Its time has not come (Unix nanoseconds).
    NotYet(i64),
    /// Its time is over (Unix nanoseconds).
    Over(i64),
    /// None of its weekly windows is open.
    Closed(&'a [Hours]),
    /// It costs more than the call may.
    TooDear,
    /// It has no price for the call: why, where that is known.
    Unpriced(Option<&'a Failure>),
    /// Its supplier is disabled.
    Disabled,
    /// Its supplier stands in the customer's own list or an earlier layer already.
    Duplicate,
    /// A heavier route of its profile has the same id.
    Twin,
    /// A blocker stands before it.
    Blocked,
    /// Another profile was first, and no more were asked for.
    NotNeeded,
    /// An attempt that failed took its place.
    Failed,
    /// The shape that was asked for has no word for its supplier.
    Unsaid,
    /// Before the offset of the question.
    Skipped,
    /// Behind the limit of the question, of the answer, or of the attempts that are left.
    BeyondLimit,
}

/// What the rule of a filter read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Where: a path, as it was written.
    pub path: String,
    /// What stands there; `None`: nothing does.
    pub found: Option<String>,
}

/// Hears a choice being made.
pub trait Recorder {
    /// What hears how a price comes about.
    type Bill: rating::Recorder;
    /// Whether it wants to hear of what is left out, too.
    const HEARS_ALL: bool;

    /// What the filter read that the next line tells of; `None`: nothing.
    fn saw(&mut self, seen: Option<Seen>);
    /// A price of a route is looked for, for calls to a number: what hears the steps to it.
    fn bill(&mut self, route: &ProfileRoute, number: &str) -> &mut Self::Bill;
    /// A profile was considered.
    fn profile(&mut self, profile: &Profile, reason: Reason<'_>);
    /// A route of a matching profile was considered.
    fn route(&mut self, profile: &Profile, route: &ProfileRoute, reason: Reason<'_>);
    /// A layer was met: whose, and which target.
    fn layer(&mut self, customer: &str, target: &Target);
    /// A row of the layer last met was considered.
    fn row(&mut self, row: &Row, reason: Reason<'_>);
    /// A place of the finished list, and whether it is in the answer.
    fn place(&mut self, place: &Place, reason: Reason<'_>);
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Recorder for Silent {
    type Bill = Self;

    const HEARS_ALL: bool = false;

    fn saw(&mut self, _: Option<Seen>) {}
    fn bill(&mut self, _: &ProfileRoute, _: &str) -> &mut Self {
        self
    }
    fn profile(&mut self, _: &Profile, _: Reason<'_>) {}
    fn route(&mut self, _: &Profile, _: &ProfileRoute, _: Reason<'_>) {}
    fn layer(&mut self, _: &str, _: &Target) {}
    fn row(&mut self, _: &Row, _: Reason<'_>) {}
    fn place(&mut self, _: &Place, _: Reason<'_>) {}
}

/// Nor of prices.
impl rating::Recorder for Silent {}
