//! Tables of `db_text` as drouting reads them, and whether their references resolve.
//!
//! drouting skips what it cannot resolve and starts all the same, so nobody hears of a mistake before
//! the fallback is needed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The versions of the tables that OpenSIPS 3.6 and 4.0 ask for.
const VERSIONS: [(&str, &str); 4] =
    [("dr_carriers", "3"), ("dr_gateways", "6"), ("dr_groups", "2"), ("dr_rules", "4")];

/// One table: each row by the names of its columns.
pub type Table = Vec<BTreeMap<String, String>>;

/// All tables of a folder.
#[derive(Debug, Default, Clone)]
pub struct Tables(BTreeMap<String, Table>);

impl Tables {
    /// Reads a folder.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let mut tables = BTreeMap::new();
        for entry in std::fs::read_dir(folder).map_err(|error| error.to_string())? {
            let path = entry.map_err(|error| error.to_string())?.path();
            let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            tables.insert(name.clone(), table(&text).map_err(|error| format!("{name}: {error}"))?);
        }
        Ok(Self(tables))
    }

    /// The rows of a table; none when it is missing.
    pub fn rows(&self, name: &str) -> &[BTreeMap<String, String>] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// One column of a table.
    pub fn column(&self, name: &str, column: &str) -> BTreeSet<&str> {
        self.rows(name).iter().filter_map(|row| row.get(column)).map(String::as_str).collect()
    }

    /// Changes one value, for tests of the check itself.
    pub fn set(&mut self, name: &str, row: usize, column: &str, value: &str) {
        self.0.get_mut(name).unwrap()[row].insert(column.to_owned(), value.to_owned());
    }

    /// Every reference that leads nowhere; `suppliers` are the carriers that siproute can name.
    pub fn findings(&self, suppliers: &BTreeSet<String>) -> Vec<String> {
        let mut found = Vec::new();
        for (name, version) in VERSIONS {
            let stands = self
                .rows("version")
                .iter()
                .any(|row| row["table_name"] == name && row["table_version"] == version);
            if !stands || !self.0.contains_key(name) {
                found.push(format!("{name} is missing, or its version is not {version}"));
            }
        }
        let gateways = self.column("dr_gateways", "gwid");
        let carriers = self.column("dr_carriers", "carrierid");
        for row in self.rows("dr_gateways") {
            let address = row["address"].split(';').next().unwrap_or_default();
            let address = address.trim_start_matches("sip:");
            let (host, port) = address.rsplit_once(':').unwrap_or((address, "5060"));
            if host.is_empty() || port.parse::<u16>().is_err() {
                found.push(format!("gateway {}: {} is no address", row["gwid"], row["address"]));
            }
        }
        for row in self.rows("dr_carriers") {
            let list = members(&row["gwlist"]);
            if list.is_empty() {
                found.push(format!("carrier {} has no gateway", row["carrierid"]));
            }
            for gateway in list.iter().filter(|gateway| !gateways.contains(gateway.as_str())) {
                found.push(format!("carrier {}: no gateway {gateway}", row["carrierid"]));
            }
        }
        for row in self.rows("dr_rules") {
            for member in members(&row["gwlist"]) {
                let stands = match member.strip_prefix('#') {
                    Some(carrier) => carriers.contains(carrier),
                    None => gateways.contains(member.as_str()),
                };
                if !stands {
                    found.push(format!("rule {}: no {member}", row["ruleid"]));
                }
            }
        }
        if !self
            .rows("dr_rules")
            .iter()
            .any(|row| row["groupid"] == "0" && row["prefix"].is_empty())
        {
            found.push("dr_rules: group 0 has no rule for every number".to_owned());
        }
        for supplier in suppliers.iter().filter(|id| !carriers.contains(id.as_str())) {
            found.push(format!("supplier {supplier} of conf/routes.toml is no carrier here"));
        }
        for carrier in carriers.iter().filter(|id| !suppliers.contains(**id)) {
            found.push(format!("carrier {carrier} is no supplier of conf/routes.toml"));
        }
        found
    }
}

/// `a,b=20` without the weights.
fn members(list: &str) -> Vec<String> {
    let name = |part: &str| part.split('=').next().unwrap_or_default().trim().to_owned();
    list.split(',').map(name).filter(|name| !name.is_empty()).collect()
}

/// A head line `name(type[,null|auto]) …`, then rows of values with `:` between them.
pub fn table(text: &str) -> Result<Table, String> {
    let mut lines = text.lines().enumerate();
    let head = lines.next().ok_or("is empty")?.1;
    let columns: Vec<(&str, &str)> = head
        .split_whitespace()
        .map(|column| column.trim_end_matches(')').split_once('(').ok_or("its head line is broken"))
        .collect::<Result<_, _>>()?;
    let mut rows = Vec::new();
    for (index, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let line_number = index + 1;
        let values = values(line).ok_or(format!("line {line_number}: a broken escape"))?;
        if values.len() != columns.len() {
            let (have, want) = (values.len(), columns.len());
            return Err(format!("line {line_number}: {have} values for {want} columns"));
        }
        for ((name, kind), value) in columns.iter().zip(&values) {
            if value.is_empty() && !kind.contains("null") && !kind.contains("auto") {
                return Err(format!("line {line_number}: {name} may not be empty"));
            }
            if kind.starts_with("int") && !value.is_empty() && value.parse::<i64>().is_err() {
                return Err(format!("line {line_number}: {name} is no number: {value}"));
            }
        }
        rows.push(columns.iter().map(|(name, _)| (*name).to_owned()).zip(values).collect());
    }
    Ok(rows)
}

/// The values of one line, escapes undone; `None` for an escape that db_text refuses.
fn values(line: &str) -> Option<Vec<String>> {
    let mut values = vec![String::new()];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ':' => values.push(String::new()),
            '\\' => {
                let plain = match chars.next()? {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    '0' => '\0',
                    c @ ('\\' | ':') => c,
                    _ => return None,
                };
                values.last_mut()?.push(plain);
            }
            c => values.last_mut()?.push(c),
        }
    }
    Some(values)
}
