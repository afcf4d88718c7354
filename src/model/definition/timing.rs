//! A recurring time with a name.

/// A Timing. An empty list is every year, month or day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timing {
    /// Its id.
    pub id: String,
    /// Years.
    pub years: Vec<i64>,
    /// Months, 1 to 12.
    pub months: Vec<i64>,
    /// Days of the month, 1 to 31.
    pub month_days: Vec<i64>,
    /// Days of the week, 0 is Sunday.
    pub week_days: Vec<i64>,
    /// `HH:MM:SS` from which it lasts; empty is midnight.
    pub start: String,
    /// `HH:MM:SS` up to which it lasts, that second included; empty is the end of the day.
    pub end: String,
}
