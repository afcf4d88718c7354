//! The rules of the settings by which profiles are found and questions completed: `[routes]`, and what
//! `[compat]` says of CGRateS.
//!
//! Plain data with CGRateS' meaning (section 1.8 of its specification), but for two defaults: every
//! profile can match, and the default time zone is UTC, never the host's.

use crate::model::definition::Generation;
use jiff::tz::TimeZone;

/// What holds for every lookup of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// Profiles are found through their indexed filters alone.
    pub indexed_selects: bool,
    /// Fields that `*string` filters are found by, as `*req.Account`; `None` is every one of the first
    /// level.
    pub string_indexed_fields: Option<Vec<String>>,
    /// Fields that `*prefix` filters are found by.
    pub prefix_indexed_fields: Vec<String>,
    /// Fields that `*suffix` filters are found by.
    pub suffix_indexed_fields: Vec<String>,
    /// Fields that `*exists` filters are found by.
    pub exists_indexed_fields: Vec<String>,
    /// Fields that `*notexists` filters are found by; of 1.0 alone.
    pub notexists_indexed_fields: Vec<String>,
    /// Fields within fields are looked up too, where no list says which.
    pub nested_fields: bool,
    /// For Unix times and times without a zone.
    pub default_timezone: TimeZone,
    /// The share of a route of `*load` to which its profile gives none.
    pub default_ratio: u32,
    /// Which generation answers the methods that several share, and reads the filters of table files.
    pub generation: Generation,
    /// Answers follow the original where it is known to be odd.
    pub quirks: bool,
    /// What holds for questions that do not say it.
    pub options: Options,
}

impl Rules {
    /// Whether blockers are stored without effect, as 0.11 and 0.10 store them.
    #[must_use]
    pub fn ignores_blockers(&self) -> bool {
        self.quirks && self.generation != Generation::V100
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            indexed_selects: false,
            string_indexed_fields: None,
            prefix_indexed_fields: Vec::new(),
            suffix_indexed_fields: Vec::new(),
            exists_indexed_fields: Vec::new(),
            notexists_indexed_fields: Vec::new(),
            nested_fields: false,
            default_timezone: TimeZone::UTC,
            default_ratio: 1,
            generation: Generation::default(),
            quirks: false,
            options: Options::default(),
        }
    }
}

/// `[routes.opts]`: options of a question that it need not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// `*context`: for which context attribute profiles change the event.
    pub context: String,
    /// `*ignoreErrors`: a route that cannot be computed drops out.
    pub ignore_errors: bool,
    /// `*maxCost`: a number as it was written, `*event_cost`, or nothing for no ceiling.
    pub max_cost: String,
    /// `*profileCount`: how many profiles an answer has at most; `None` is the generation's own number.
    pub profile_count: Option<u32>,
    /// `*limit`: how many routes over all profiles.
    pub limit: Option<u32>,
    /// `*offset`: how many routes are left out before, over all profiles.
    pub offset: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            context: "*routes".into(),
            ignore_errors: false,
            max_cost: String::new(),
            profile_count: None,
            limit: None,
            offset: None,
        }
    }
}
