//! Arguments and results of `SessionSv1` (section 2.7 of the CGRateS specification): what a proxy wants
//! done with its event, and what was done.

use super::cgr_event::Beside;
use super::cgrates::push_joined;
use super::scan::Members;
use crate::model::answer::Answer;
use crate::model::event::{Event, Kind, Realm, Slot, Value};
use crate::model::go::json::{push_canonical, push_string};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;

/// What is to be done with an event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wants {
    /// `GetAttributes`: attributes change the event, and are told.
    pub attributes: bool,
    /// `AttributeIDs`: of these profiles alone; empty: of all. Sorted.
    pub attribute_ids: Vec<String>,
    /// `GetMaxUsage`: for how long the call may last.
    pub max_usage: bool,
    /// `GetRoutes`.
    pub routes: bool,
    /// `GetSuppliers`: routes as 0.10 tells them.
    pub suppliers: bool,
    /// `AuthorizeResources`.
    pub resources: bool,
    /// `AuthorizeIP`.
    pub address: bool,
    /// `ProcessStats`.
    pub stats: bool,
    /// `ProcessThresholds`.
    pub thresholds: bool,
}

impl Wants {
    /// Whether anything is wanted that makes a call of it: statistics and thresholds alone do not.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        let Self { attributes, max_usage, routes, suppliers, resources, address, .. } = *self;
        attributes || max_usage || routes || suppliers || resources || address
    }

    /// A flag of ProcessEvent: `*routes`, `*routes:*maxcost:0.1`. One that nobody knows is of no effect, as it is
    /// in CGRateS; so are those of rating, charging and accounting, which siproute does not do.
    fn flag(&mut self, flag: &str, event: &mut Event) {
        let (name, parameters) = flag.split_once(':').unwrap_or((flag, ""));
        match name {
            "*attributes" => {
                self.attributes = true;
                let ids = parameters.split('&').filter(|id| !id.is_empty());
                self.attribute_ids.extend(ids.map(str::to_owned));
                self.attribute_ids.sort_unstable();
            }
            "*routes" | "*suppliers" => {
                self.routes = true;
                match parameters.split_once(':').unwrap_or((parameters, "")) {
                    ("*ignore_errors", _) => set_switch(event, Slot::IGNORE_ERRORS),
                    ("*event_cost", _) => event.set(Slot::MAX_COST, "*event_cost"),
                    ("*maxcost", cost) => event.set(Slot::MAX_COST, cost),
                    _ => {}
                }
            }
            "*resources" => self.resources |= !parameters.is_empty(),
            "*stats" => self.stats = true,
            "*thresholds" => self.thresholds = true,
            _ => {}
        }
    }
}

fn set_switch(event: &mut Event, slot: Slot) {
    event.set_with(slot, Kind::Boolean, |text| text.push_str("true"));
}

impl Beside for Wants {
    fn member(&mut self, key: &str, raw: &RawValue, event: &mut Event) -> Result<(), String> {
        let is = |name: &str| key.eq_ignore_ascii_case(name);
        let raw = raw.get();
        if is("Flags") {
            strings(raw)?.iter().for_each(|flag| self.flag(flag, event));
        } else if is("AttributeIDs") {
            self.attribute_ids = strings(raw)?;
            self.attribute_ids.sort_unstable();
        } else if is("RoutesMaxCost") || is("SuppliersMaxCost") {
            if !string(raw)?.is_empty() {
                event.read(Slot::MAX_COST, raw)?;
            }
        } else if is("RoutesIgnoreErrors") || is("SuppliersIgnoreErrors") {
            if switch(raw)? {
                set_switch(event, Slot::IGNORE_ERRORS);
            }
        } else if let Some((_, wanted)) = self.switches().into_iter().find(|(name, _)| is(name)) {
            *wanted = switch(raw)?;
        }
        Ok(())
    }
}

impl Wants {
    fn switches(&mut self) -> [(&'static str, &mut bool); 8] {
        [
            ("GetRoutes", &mut self.routes),
            ("GetSuppliers", &mut self.suppliers),
            ("GetAttributes", &mut self.attributes),
            ("GetMaxUsage", &mut self.max_usage),
            ("AuthorizeResources", &mut self.resources),
            ("AuthorizeIP", &mut self.address),
            ("ProcessStats", &mut self.stats),
            ("ProcessThresholds", &mut self.thresholds),
        ]
    }
}

fn switch(raw: &str) -> Result<bool, String> {
    match raw {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(format!("must be true or false, not {raw}")),
    }
}

fn string(raw: &str) -> Result<&str, String> {
    let inner = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.ok_or_else(|| format!("must be a string, not {raw}"))
}

fn strings(raw: &str) -> Result<Vec<String>, String> {
    serde_json::from_str(raw).map_err(|_| "must be a list of strings".to_owned())
}

/// An event that attributes changed.
pub struct Attributed<'a> {
    /// The argument as it came.
    pub argument: Option<&'a str>,
    /// Whose event it is.
    pub tenant: &'a str,
    /// Its id, made where it had none.
    pub id: &'a str,
    /// As it is now.
    pub event: &'a Event,
    /// The profiles that matched.
    pub profiles: &'a [String],
    /// Paths of the fields that they changed, `*req.Office`, with their slots.
    pub fields: &'a [(String, Realm, Slot)],
}

impl Attributed<'_> {
    /// Appends the event with its changes.
    pub fn push(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"MatchedProfiles\":");
        push_list(self.profiles.iter().map(String::as_str), out);
        out.extend_from_slice(b",\"AlteredFields\":");
        push_list(self.fields.iter().map(|(path, ..)| path.as_str()), out);
        out.extend_from_slice(b",\"Tenant\":");
        push_string(out, self.tenant);
        out.extend_from_slice(b",\"ID\":");
        push_string(out, self.id);
        out.extend_from_slice(b",\"Time\":");
        out.extend_from_slice(self.members("Time").last().unwrap_or("null").as_bytes());
        out.extend_from_slice(b",\"Event\":");
        push_object(&self.changed("Event", Realm::Event), out);
        out.extend_from_slice(b",\"APIOpts\":");
        let mut options = self.changed("APIOpts", Realm::Options);
        options.insert("*attrProfileIDs".into(), "null".into());
        options.insert("*subsys".into(), "\"*sessions\"".into());
        push_object(&options, out);
        out.push(b'}');
    }

    /// Appends the changed fields of the event as a text: `Office:HQ,Account:1002`.
    pub fn push_digest(&self, out: &mut Vec<u8>) {
        let mut digest = String::new();
        for (path, _, slot) in self.fields.iter().filter(|(_, realm, _)| *realm == Realm::Event) {
            if let Some(value) = self.event.get(*slot) {
                let separator = if digest.is_empty() { "" } else { "," };
                digest.push_str(separator);
                digest.push_str(path.strip_prefix("*req.").unwrap_or(path));
                digest.push(':');
                digest.push_str(value);
            }
        }
        push_string(out, &digest);
    }

    /// What the argument has under a name, as it stands: names are compared as when it was read.
    fn members(&self, name: &str) -> impl Iterator<Item = &str> {
        let argument = self.argument.and_then(Members::of).into_iter().flatten().flatten();
        argument.filter(|(key, _)| key.text().eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The members of an object of the argument with the changes; what nobody reads stands as it came.
    fn changed(&self, name: &str, realm: Realm) -> BTreeMap<Cow<'_, str>, Cow<'_, str>> {
        let stated = self.members(name).filter_map(Members::of).flatten().flatten();
        let mut members: BTreeMap<_, _> =
            stated.map(|(key, value)| (key.text(), Cow::Borrowed(value))).collect();
        for (path, of, slot) in self.fields {
            if *of != realm {
                continue;
            }
            let name = path.split_once('.').map_or("", |(_, name)| name);
            match self.event.value(*slot) {
                Some(value) => _ = members.insert(name.into(), json(value).into()),
                None => _ = members.remove(name),
            }
        }
        members
    }
}

fn json(value: Value<'_>) -> String {
    match value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Text => quoted(value.text),
        Kind::Boolean | Kind::Number | Kind::Json => value.text.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let mut out = Vec::new();
    push_string(&mut out, text);
    String::from_utf8(out).unwrap_or_default()
}

fn push_object(members: &BTreeMap<Cow<'_, str>, Cow<'_, str>>, out: &mut Vec<u8>) {
    out.push(b'{');
    for (position, (name, value)) in members.iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        push_string(out, name);
        out.push(b':');
        let mut canonical = String::new();
        push_canonical(value, &mut canonical);
        out.extend_from_slice(canonical.as_bytes());
    }
    out.push(b'}');
}

fn push_list<'t>(texts: impl Iterator<Item = &'t str>, out: &mut Vec<u8>) {
    let mut before = b'[';
    for text in texts {
        out.push(before);
        push_string(out, text);
        before = b',';
    }
    if before == b'[' {
        out.push(b'[');
    }
    out.push(b']');
}

/// Appends the routes of all profiles as one text: `ID:PARAMETERS,ID`.
pub fn push_routes_digest(answer: &Answer<'_>, out: &mut Vec<u8>) {
    out.push(b'"');
    for (position, offer) in answer.offers().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        push_joined(&offer, out);
    }
    out.push(b'"');
}

/// Appends a length in seconds, with a decimal point always: the `cgrates` module of OpenSIPS 3.6 and 4.0 reads
/// any whole number as 0 or 1.
pub fn push_seconds(ns: i64, out: &mut Vec<u8>) {
    const SECOND_NS: u64 = 1_000_000_000;
    let (sign, ns) = (if ns < 0 { "-" } else { "" }, ns.unsigned_abs());
    let _ = write!(out, "{sign}{}.{:09}", ns / SECOND_NS, ns % SECOND_NS);
    while let [.., before, b'0'] = out.as_slice()
        && *before != b'.'
    {
        out.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_have_a_decimal_point() {
        for (ns, text) in [
            (0, "0.0"),
            (10_800_000_000_000, "10800.0"),
            (1_500_000_000, "1.5"),
            (1, "0.000000001"),
            (-1, "-0.000000001"),
        ] {
            let mut out = Vec::new();
            push_seconds(ns, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }
}
