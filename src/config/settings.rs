//! The settings (`siproute.toml`), checked: listeners, access, limits, which files are tables.
//!
//! Plain data. A change of any of it needs a restart; what changes while running are the tables.

use crate::model::definition::Generation;
use crate::model::limits::Limits;
use crate::model::number::NumberPlan;
use crate::table::rules::{Options, Rules};
use ipnet::IpNet;
use jiff::tz::TimeZone;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Everything that `siproute.toml` says.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The file itself, as it was named.
    pub path: PathBuf,
    /// `[listen]`.
    pub listen: Listen,
    /// `[access]`.
    pub access: Access,
    /// `[tables]`.
    pub tables: Tables,
    /// `[guard]`.
    pub guard: Guard,
    /// `[numbers]`.
    pub numbers: NumberPlan,
    /// `[routes]`.
    pub routes: Routes,
    /// `[compat]`.
    pub compat: Compat,
    /// `[limits]`.
    pub limits: Limits,
}

impl Settings {
    /// What a table needs of `[routes]` and `[compat]`.
    #[must_use]
    pub fn rules(&self) -> Rules {
        let routes = self.routes.clone();
        Rules {
            indexed_selects: routes.indexed_selects,
            string_indexed_fields: routes.string_indexed_fields,
            prefix_indexed_fields: routes.prefix_indexed_fields,
            suffix_indexed_fields: routes.suffix_indexed_fields,
            exists_indexed_fields: routes.exists_indexed_fields,
            notexists_indexed_fields: routes.notexists_indexed_fields,
            nested_fields: routes.nested_fields,
            default_timezone: routes.default_timezone,
            default_ratio: routes.default_ratio,
            generation: self.compat.cgrates,
            quirks: self.compat.cgrates_quirks,
            options: routes.options,
        }
    }
}

/// `[listen]`: where questions arrive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listen {
    /// JSON datagrams.
    pub udp: Vec<SocketAddr>,
    /// JSON lines, JSON-RPC and HTTP on one port.
    pub tcp: Vec<SocketAddr>,
    /// Metrics, health, reload; loopback alone.
    pub admin: Option<SocketAddr>,
}

/// `[access]`: who may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Networks whose questions are answered; everyone else gets silence.
    pub allow: Vec<IpNet>,
    /// Networks whose JSON-RPC may change tables, as far as they may ask at all.
    pub change: Vec<IpNet>,
}

impl Default for Access {
    fn default() -> Self {
        let loopback = [
            IpNet::new_assert([127, 0, 0, 0].into(), 8),
            IpNet::new_assert(std::net::Ipv6Addr::LOCALHOST.into(), 128),
        ];
        Self { allow: loopback.to_vec(), change: loopback.to_vec() }
    }
}

/// `[tables]`: what the routes are read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    /// Paths and patterns (`routes.d/*.toml`), relative to the settings file, in order.
    pub files: Vec<String>,
    /// Folders with CGRateS tariff plans, relative to the settings file, in order.
    pub cgrates: Vec<String>,
    /// Where the state database and the last known good table lie; `None`: nothing is kept, and no API
    /// changes anything.
    pub state_dir: Option<PathBuf>,
    /// When files are read again.
    pub reload: ReloadMode,
    /// Whether a start with broken files serves the last known good table.
    pub last_known_good: bool,
}

impl Default for Tables {
    fn default() -> Self {
        Self {
            files: vec!["routes.toml".into()],
            cgrates: Vec::new(),
            state_dir: None,
            reload: ReloadMode::Watch,
            last_known_good: false,
        }
    }
}

/// `tables.reload`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReloadMode {
    /// When they change, and when asked.
    Watch,
    /// Only when asked (`siproute reload`, SIGHUP).
    Command,
}

/// `[guard]`: reloads beyond these are refused, said, and can be accepted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// Percent of rows that may vanish in one reload, of all rows and of each supplier's; 0 to 100.
    pub shrink_max_percent: u8,
}

impl Default for Guard {
    fn default() -> Self {
        Self { shrink_max_percent: 50 }
    }
}

/// `[routes]`: how profiles are found, and what holds for questions that do not say it.
#[derive(Debug, Clone, PartialEq)]
pub struct Routes {
    /// Profiles are found through their indexed filters alone.
    pub indexed_selects: bool,
    /// Fields that `*string` filters are found by; `None` is every one of the first level.
    pub string_indexed_fields: Option<Vec<String>>,
    /// Fields that `*prefix` filters are found by.
    pub prefix_indexed_fields: Vec<String>,
    /// Fields that `*suffix` filters are found by.
    pub suffix_indexed_fields: Vec<String>,
    /// Fields that `*exists` filters are found by.
    pub exists_indexed_fields: Vec<String>,
    /// Fields that `*notexists` filters are found by.
    pub notexists_indexed_fields: Vec<String>,
    /// Fields within fields are looked up too, where no list says which.
    pub nested_fields: bool,
    /// For Unix times and times without a zone.
    pub default_timezone: TimeZone,
    /// The share of a route of `*load` to which its profile gives none.
    pub default_ratio: u32,
    /// `[routes.opts]`.
    pub options: Options,
}

impl Default for Routes {
    fn default() -> Self {
        let rules = Rules::default();
        Self {
            indexed_selects: rules.indexed_selects,
            string_indexed_fields: rules.string_indexed_fields,
            prefix_indexed_fields: rules.prefix_indexed_fields,
            suffix_indexed_fields: rules.suffix_indexed_fields,
            exists_indexed_fields: rules.exists_indexed_fields,
            notexists_indexed_fields: rules.notexists_indexed_fields,
            nested_fields: rules.nested_fields,
            default_timezone: rules.default_timezone,
            default_ratio: rules.default_ratio,
            options: rules.options,
        }
    }
}

/// `[compat]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compat {
    /// Which generation of CGRateS answers the methods that several share, and reads the filters of
    /// table files.
    pub cgrates: Generation,
    /// Answers follow CGRateS where it is known to be odd.
    pub cgrates_quirks: bool,
    /// A target is `all` or the number's country code, nothing else.
    pub voipbin_exact_targets: bool,
}
