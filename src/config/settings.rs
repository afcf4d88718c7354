//! The settings (`siproute.toml`), checked: listeners, access, limits, which files are tables.
//!
//! Plain data. A change of any of it needs a restart; what changes while running are the tables.

use crate::model::definition::Generation;
use crate::model::limits::Limits;
use crate::model::number::NumberPlan;
use crate::table::rules::Rules;
use ipnet::IpNet;
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
    pub routes: Rules,
    /// `[compat]`.
    pub compat: Compat,
    /// `[limits]`.
    pub limits: Limits,
}

impl Settings {
    /// What a table needs of `[routes]` and `[compat]`.
    #[must_use]
    pub fn rules(&self) -> Rules {
        let (generation, quirks) = (self.compat.cgrates, self.compat.cgrates_quirks);
        Rules { generation, quirks, ..self.routes.clone() }
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
