//! What one tenant has: here as it was set, and in the server.

use super::draw::{self, DESTINATIONS, Random};
use super::scan::{self, Destinations, Event, Filter, Rule, Value, Verdict};
use crate::json;
use crate::oracle::routes;
use crate::support::jsonrpc::{Reply, Rpc};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Through which profiles are looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Select {
    /// All.
    Everything,
    /// Those that the indexes lead to, as they are set by default.
    Indexed,
    /// With the other indexes too: prefixes, suffixes, and being there.
    Lists,
}

/// The fields of the other indexes.
pub const LISTS: [(&str, &str, &str); 3] = [
    ("prefix", "prefix_indexed_fields", "*req.Destination"),
    ("suffix", "suffix_indexed_fields", "*req.Origin"),
    ("exists", "exists_indexed_fields", "*req.Cust"),
];

/// How many profiles and filters a tenant has at most.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub profiles: usize,
    pub filters: usize,
    /// Of a hundred values of events, how many are such that rules may fail on them.
    pub flaws: usize,
}

#[derive(Debug, Clone)]
enum Used {
    Inline(Rule),
    Named(usize),
}

#[derive(Debug, Clone)]
struct Route {
    id: String,
    weight: usize,
    filters: Vec<Used>,
}

#[derive(Debug, Clone)]
struct Profile {
    weight: u64,
    filters: Vec<Used>,
    /// It ended long ago.
    is_over: bool,
    routes: Vec<Route>,
}

/// Questions, and what came of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    pub asked: usize,
    pub found: usize,
    pub failed: usize,
}

pub struct World<'r> {
    tenant: String,
    select: Select,
    size: Size,
    pub random: Random,
    rpc: &'r mut Rpc,
    named: Vec<Filter>,
    destinations: Destinations,
    profiles: BTreeMap<usize, Profile>,
    weights: u64,
    pub tally: Tally,
}

/// A key of an index: the type of the rule, the field, the text.
type IndexKey = (&'static str, &'static str, String);

impl<'r> World<'r> {
    pub fn new(
        tenant: String,
        select: Select,
        size: Size,
        random: Random,
        rpc: &'r mut Rpc,
    ) -> Self {
        let mut world = Self {
            tenant,
            select,
            size,
            random,
            rpc,
            named: Vec::new(),
            destinations: Destinations::new(),
            profiles: BTreeMap::new(),
            weights: 0,
            tally: Tally::default(),
        };
        (0..size.filters).for_each(|number| world.set_filter(number));
        (0..size.profiles).for_each(|number| world.set_profile(number));
        world
    }

    /// Changes one thing.
    pub fn change(&mut self) {
        let profile = self.random.below(self.size.profiles);
        match self.random.below(4) {
            0 => self.set_profile(profile),
            1 => self.remove_profile(profile),
            2 => self.set_filter(profile % self.size.filters),
            _ => self.set_destination(),
        }
    }

    fn ok(&mut self, method: &str, params: &serde_json::Value) {
        assert_eq!(self.rpc.result(method, &params.to_string()), "\"OK\"", "{method} {params}");
    }

    fn set_destination(&mut self) {
        let id = draw::destination(&self.tenant, self.random.below(DESTINATIONS - 1));
        let prefixes = draw::prefixes(&mut self.random);
        let params = json!({"Id": id, "Prefixes": prefixes, "Overwrite": true});
        self.ok("APIerSv1.SetDestination", &params);
        self.destinations.insert(id, prefixes);
    }

    fn set_filter(&mut self, number: usize) {
        let count = self.random.below(10).div_ceil(4);
        let rules: Vec<Rule> =
            (0..count).map(|_| draw::rule(&mut self.random, &self.tenant)).collect();
        let told: Vec<_> = rules
            .iter()
            .map(|rule| {
                let values: Vec<String> = rule.values.iter().map(|one| one.written()).collect();
                json!({"Type": rule.kind, "Element": rule.element.written(), "Values": values})
            })
            .collect();
        let mut params = json!({"Tenant": self.tenant, "ID": format!("F{number}"), "Rules": told});
        let is_active = !self.random.chance(8);
        if !is_active {
            params["ActivationInterval"] = interval("2000-01-01T00:00:00Z", "2001-01-01T00:00:00Z");
        } else if self.random.chance(15) {
            params["ActivationInterval"] = interval("2001-01-01T00:00:00Z", "2199-01-01T00:00:00Z");
        }
        self.ok("APIerSv1.SetFilter", &params);
        let filter = Filter { rules, is_active };
        match self.named.get_mut(number) {
            Some(old) => *old = filter,
            None => self.named.push(filter),
        }
    }

    fn filters(&mut self, most: usize) -> Vec<Used> {
        let count = self.random.below(most + 1);
        (0..count)
            .map(|_| match self.random.chance(35) {
                true => Used::Named(self.random.below(self.size.filters)),
                false => Used::Inline(draw::rule(&mut self.random, &self.tenant)),
            })
            .collect()
    }

    fn set_profile(&mut self, number: usize) {
        // No two weigh the same: the order is that of the answer.
        self.weights += 1;
        let weight = self.weights * 7919 % 100_003;
        let filters = self.filters(3);
        let mut free: Vec<usize> = (1..=20).collect();
        let routes: Vec<Route> = (0..self.random.below(5))
            .map(|route| Route {
                id: format!("r{route}"),
                weight: free.swap_remove(self.random.below(free.len())),
                filters: self.filters(2),
            })
            .collect();
        let ids = |filters: &[Used]| -> Vec<String> {
            let id = |filter: &Used| match filter {
                Used::Inline(rule) => rule.inline(),
                Used::Named(number) => format!("F{number}"),
            };
            filters.iter().map(id).collect()
        };
        let told: Vec<_> = routes
            .iter()
            .map(|route| json!({"ID": route.id, "Weight": route.weight, "FilterIDs": ids(&route.filters)}))
            .collect();
        let mut params = json!({
            "Tenant": self.tenant, "ID": format!("P{number}"), "FilterIDs": ids(&filters),
            "Sorting": "*weight", "Weight": weight, "Routes": told,
        });
        let is_over = self.random.chance(8);
        if is_over {
            params["ActivationInterval"] = interval("2000-01-01T00:00:00Z", "2001-01-01T00:00:00Z");
        }
        self.ok("APIerSv1.SetRouteProfile", &params);
        self.profiles.insert(number, Profile { weight, filters, is_over, routes });
    }

    fn remove_profile(&mut self, number: usize) {
        let params = json!({"Tenant": self.tenant, "ID": format!("P{number}")}).to_string();
        let reply = self.rpc.call("APIerSv1.RemoveRouteProfile", &params).unwrap();
        let there = self.profiles.remove(&number).is_some();
        let error = if there { None } else { Some("NOT_FOUND") };
        assert_eq!(reply.error.as_deref(), error);
    }

    fn stated(&self, filters: &[Used]) -> Vec<Filter> {
        let stated = |filter: &Used| match filter {
            Used::Inline(rule) => Filter { rules: vec![rule.clone()], is_active: true },
            Used::Named(number) => self.named[*number].clone(),
        };
        filters.iter().map(stated).collect()
    }

    /// The keys under which an index has a profile.
    fn keys(&self, profile: &Profile) -> Vec<IndexKey> {
        use scan::Operand::{Constant, Field};
        let mut keys = Vec::new();
        for rule in self.stated(&profile.filters).iter().flat_map(|filter| &filter.rules) {
            let base = rule.base();
            if rule.kind != format!("*{base}") {
                continue;
            }
            match (base, &rule.element) {
                ("exists", Field(field)) => keys.push((base, *field, String::new())),
                ("string" | "prefix" | "suffix", Field(field)) => {
                    let constants = rule.values.iter().filter_map(|value| value.constant());
                    keys.extend(constants.map(|text| (base, *field, text.to_owned())));
                }
                ("string" | "prefix" | "suffix", Constant(text)) => {
                    let fields = rule.values.iter().filter_map(|value| match value {
                        Field(field) => Some(*field),
                        _ => None,
                    });
                    keys.extend(fields.map(|field| (base, field, text.clone())));
                }
                _ => {}
            }
        }
        keys
    }

    /// The keys that an event is looked up under.
    fn looked_up(&self, event: &Event) -> BTreeSet<IndexKey> {
        let all: BTreeSet<IndexKey> =
            self.profiles.values().flat_map(|profile| self.keys(profile)).collect();
        let mut keys = BTreeSet::new();
        for (field, value) in event {
            let text = value.text();
            keys.insert(("string", *field, text.clone()));
            let is_listed = |base| LISTS.iter().any(|list| list.0 == base && list.2 == *field);
            if self.select != Select::Lists {
                continue;
            }
            let parts = |base| all.iter().filter(move |key| (key.0, key.1) == (base, *field));
            if is_listed("prefix") {
                let begins = parts("prefix").filter(|key| text.starts_with(&key.2));
                keys.extend(begins.max_by_key(|key| key.2.len()).cloned());
            }
            if is_listed("suffix") {
                let ends = parts("suffix").filter(|key| text.ends_with(&key.2));
                keys.extend(ends.min_by_key(|key| key.2.len()).cloned());
            }
            if is_listed("exists") {
                keys.insert(("exists", *field, String::new()));
            }
        }
        keys
    }

    /// The profiles that an event gets, the best first; or what may be said of a rule that gives no answer.
    fn matching(&self, event: &Event, is_dated: bool) -> Result<Vec<(usize, &Profile)>, Errors> {
        let looked_up = match self.select {
            Select::Everything => BTreeSet::new(),
            Select::Indexed | Select::Lists => self.looked_up(event),
        };
        let mut found = Vec::new();
        let mut errors = Errors::new();
        for (number, profile) in &self.profiles {
            let is_led_to = self.select == Select::Everything
                || profile.filters.is_empty()
                || self.keys(profile).iter().any(|key| looked_up.contains(key));
            if !is_led_to || is_dated && profile.is_over {
                continue;
            }
            let filters = self.stated(&profile.filters);
            match scan::verdict(filters.iter(), |_| true, event, &self.destinations) {
                Ok(Verdict::Passes) => found.push((*number, profile)),
                Ok(Verdict::Fails | Verdict::Inactive) => {}
                Err(error) => _ = errors.insert(error),
            }
        }
        found.sort_by_key(|(_, profile)| std::cmp::Reverse(profile.weight));
        if errors.is_empty() { Ok(found) } else { Err(errors) }
    }

    /// What GetRoutes makes of the profiles.
    fn lists(&self, found: &[(usize, &Profile)], event: &Event) -> Result<String, Errors> {
        let mut lists = Vec::new();
        let mut errors = Errors::new();
        for (number, profile) in found {
            let mut routes = Vec::new();
            for route in &profile.routes {
                let filters = self.stated(&route.filters);
                let filters: Vec<&Filter> = filters.iter().collect();
                match scan::stays(&filters, event, &self.destinations) {
                    Ok(true) => routes.push(route),
                    Ok(false) => {}
                    Err(error) => _ = errors.insert(error),
                }
            }
            routes.sort_by_key(|route| std::cmp::Reverse(route.weight));
            let told: Vec<String> =
                routes.iter().map(|route| format!("{} {}", route.id, route.weight)).collect();
            if !told.is_empty() {
                lists.push(format!("P{number} *weight: {}", told.join(", ")));
            }
        }
        if errors.is_empty() { Ok(lists.join("; ")) } else { Err(errors) }
    }

    /// One event, by both methods.
    pub fn ask(&mut self) {
        let event = draw::event(&mut self.random, self.size.flaws);
        let is_dated = self.random.chance(30);
        let params = self.question(&event, is_dated);
        let matching = self.rpc.call("RouteSv1.GetRouteProfilesForEvent", &params).unwrap();
        let chosen = self.rpc.call("RouteSv1.GetRoutes", &params).unwrap();

        let found = self.matching(&event, is_dated);
        let ids = found.as_ref().map_err(Clone::clone).map(|found| {
            let ids: Vec<String> = found.iter().map(|(number, _)| format!("P{number}")).collect();
            ids.join(" ")
        });
        let lists = found.and_then(|found| self.lists(&found, &event));
        let id = |profile: &json::Value| profile.text("ID").unwrap_or("?").to_owned();
        let all_ids =
            |result: &json::Value| result.items().iter().map(id).collect::<Vec<_>>().join(" ");
        for (method, got, want) in [
            ("profiles", told(&matching, all_ids), &ids),
            ("routes", told(&chosen, routes), &lists),
        ] {
            let of = || format!("{method} for {params}: {want:?} is expected, not {got:?}");
            assert!(is_as_expected(&got, want), "{}\n{}", of(), self.shown());
        }
        self.tally.asked += 1;
        self.tally.found += usize::from(ids.is_ok_and(|ids| !ids.is_empty()));
        self.tally.failed += usize::from(lists.is_err());
    }

    /// The profiles with their filters, for whoever looks for a mistake.
    fn shown(&self) -> String {
        let rules = |filter: &Filter| {
            let rules: Vec<String> = filter.rules.iter().map(Rule::inline).collect();
            format!("{}[{}]", if filter.is_active { "" } else { "inactive" }, rules.join(" "))
        };
        let profile = |(number, profile): (&usize, &Profile)| {
            let filters: Vec<String> = self.stated(&profile.filters).iter().map(rules).collect();
            format!("P{number} {}\n", filters.join(" "))
        };
        self.profiles.iter().map(profile).collect()
    }

    fn question(&mut self, event: &Event, is_dated: bool) -> String {
        let mut params = json!({"Tenant": self.tenant, "ID": "q", "Event": {}, "APIOpts": {}});
        if is_dated {
            params["Time"] = json!("2025-01-01T00:00:00Z");
        }
        for (field, value) in event {
            let (object, name) = match field.strip_prefix("*opts.") {
                Some(name) => ("APIOpts", name),
                None => ("Event", field.trim_start_matches("*req.")),
            };
            params[object][name] = match value {
                Value::Null => json!(null),
                Value::Text(text) => json!(text),
                Value::Number(number) => json!(number),
                Value::Object(None) => json!({}),
                Value::Object(Some((member, text))) => json!({*member: text}),
            };
        }
        params.to_string()
    }
}

/// What may be said: which of several profiles that fail comes first is not decided.
type Errors = BTreeSet<String>;

fn interval(from: &str, until: &str) -> serde_json::Value {
    json!({"ActivationTime": from, "ExpiryTime": until})
}

/// The result in a line, or the error.
fn told(reply: &Reply, of: impl Fn(&json::Value) -> String) -> Result<String, String> {
    match (&reply.error, &reply.result) {
        (None, Some(result)) => Ok(of(&json::Value::read(result.get()))),
        (error, _) => Err(error.clone().unwrap_or_default()),
    }
}

fn is_as_expected(got: &Result<String, String>, want: &Result<String, Errors>) -> bool {
    match (got, want) {
        (Ok(got), Ok(want)) => got == want && !want.is_empty(),
        (Err(got), Ok(want)) => want.is_empty() && got == "NOT_FOUND",
        (Err(got), Err(want)) => want.contains(got),
        (Ok(_), Err(_)) => false,
    }
}
