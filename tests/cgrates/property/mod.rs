//! The compiled index answers like a scan of everything: random profiles, filters and events, and
//! random changes of them. The scan is written here anew, for the types of filters that it uses.

use crate::json::Value;
use crate::oracle::routes;
use crate::support::jsonrpc::{Reply, Rpc};
use crate::support::site::Setup;
use serde_json::{Map, json};
use std::collections::BTreeMap;

const TENANTS: u64 = 6;
const PROFILES: usize = 40;
const FILTERS: usize = 6;
const CHANGES: usize = 60;
const EVENTS_AT_FIRST: usize = 40;
const EVENTS_PER_CHANGE: usize = 4;

/// Numbers from a seed (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn one<'v, T>(&mut self, of: &'v [T]) -> &'v T {
        &of[self.below(of.len())]
    }
}

/// Few words, so that they meet.
const TEXTS: [(&str, &[&str]); 3] = [
    ("Account", &["1001", "1002", "1012", "acme-1", "acme-2", ""]),
    ("Destination", &["+4930123", "+4915112", "+331", "+33199", "0044", ""]),
    ("Origin", &["gw1.north", "gw2.north", "gw1.south", "edge"]),
];
/// What they may begin with, end with and hold.
const PARTS: [(&str, &[&str]); 3] = [
    ("Account", &["10", "1", "100", "acme", "1001", "-1", "2"]),
    ("Destination", &["+49", "+4", "+", "+33", "331", "0044", "3"]),
    ("Origin", &["gw1", "gw", "north", ".south", "e", "edge"]),
];
const WHOLE_TYPES: [&str; 3] = ["*string", "*notstring", "*nistring"];
const PART_TYPES: [&str; 8] = [
    "*prefix",
    "*notprefix",
    "*suffix",
    "*notsuffix",
    "*contains",
    "*notcontains",
    "*niprefix",
    "*nisuffix",
];
const BARE_TYPES: [&str; 5] = ["*exists", "*notexists", "*empty", "*notempty", "*niexists"];
const NUMBER_TYPES: [&str; 6] = ["*gt", "*gte", "*lt", "*lte", "*eq", "*noteq"];
/// The one field that holds numbers: compared with text they would be errors.
const NUMBER: &str = "Calls";

#[derive(Debug, Clone)]
struct Rule {
    kind: &'static str,
    field: &'static str,
    values: Vec<String>,
}

type Event = BTreeMap<&'static str, Option<String>>;

impl Rule {
    fn random(random: &mut Random) -> Self {
        let at = random.below(3);
        let (kind, field, words): (_, _, &[&str]) = match random.below(10) {
            0..4 => (*random.one(&WHOLE_TYPES), TEXTS[at].0, TEXTS[at].1),
            4..7 => (*random.one(&PART_TYPES), PARTS[at].0, PARTS[at].1),
            7 => (*random.one(&BARE_TYPES), TEXTS[at].0, &[]),
            _ => (*random.one(&NUMBER_TYPES), NUMBER, &["-1", "0", "2", "3"]),
        };
        let count = if words.is_empty() { 0 } else { 1 + random.below(3) };
        let mut values = Vec::new();
        while values.len() < count {
            let word = *random.one(words);
            if !word.is_empty() {
                values.push(word.to_owned());
            }
        }
        Self { kind, field, values }
    }

    /// The scan's decision; no index has a part in it.
    fn passes(&self, event: &Event) -> bool {
        let (kind, negated) = match self.kind.strip_prefix("*not") {
            Some(kind) => (kind, true),
            None => (self.kind.trim_start_matches('*').trim_start_matches("ni"), false),
        };
        let value = event.get(self.field);
        // Null is there, and reads as nothing.
        let text = value.map(|value| value.as_deref().unwrap_or_default());
        let any = |test: &dyn Fn(&str, &str) -> bool| {
            text.is_some_and(|text| self.values.iter().any(|value| test(text, value)))
        };
        let number = |test: &dyn Fn(i64, i64) -> bool| {
            any(&|text, value| test(text.parse().unwrap(), value.parse().unwrap()))
        };
        let hit = match kind {
            "string" => any(&|text, value| text == value),
            "prefix" => any(&|text, value| text.starts_with(value)),
            "suffix" => any(&|text, value| text.ends_with(value)),
            "contains" => any(&|text, value| text.contains(value)),
            "exists" => text.is_some(),
            "empty" => text.is_none_or(str::is_empty),
            "gt" => number(&|one, other| one > other),
            "gte" => number(&|one, other| one >= other),
            "lt" => number(&|one, other| one < other),
            "lte" => number(&|one, other| one <= other),
            "eq" => number(&|one, other| one == other),
            kind => panic!("{kind}"),
        };
        hit != negated
    }

    fn inline(&self) -> String {
        format!("{}:~*req.{}:{}", self.kind, self.field, self.values.join("|"))
    }
}

#[derive(Debug, Clone)]
enum Filter {
    Inline(Rule),
    Named(usize),
}

#[derive(Debug, Clone)]
struct Route {
    id: String,
    weight: usize,
    filters: Vec<Filter>,
}

#[derive(Debug, Clone)]
struct Profile {
    weight: u64,
    filters: Vec<Filter>,
    routes: Vec<Route>,
}

/// What one tenant has: here as it was set, and in the server.
struct World<'r> {
    tenant: String,
    indexed: bool,
    random: Random,
    rpc: &'r mut Rpc,
    named: Vec<Vec<Rule>>,
    profiles: BTreeMap<usize, Profile>,
    weights: u64,
    asked: usize,
    found: usize,
}

impl World<'_> {
    fn filters(&mut self, most: usize) -> Vec<Filter> {
        let count = self.random.below(most + 1);
        let random = &mut self.random;
        (0..count)
            .map(|_| match random.chance(30) {
                true => Filter::Named(random.below(FILTERS)),
                false => Filter::Inline(Rule::random(random)),
            })
            .collect()
    }

    fn set_filter(&mut self, number: usize) {
        let count = 1 + self.random.below(2);
        let rules: Vec<Rule> = (0..count).map(|_| Rule::random(&mut self.random)).collect();
        let told: Vec<_> = rules
            .iter()
            .map(|rule| json!({"Type": rule.kind, "Element": format!("~*req.{}", rule.field), "Values": rule.values}))
            .collect();
        let params = json!({"Tenant": self.tenant, "ID": format!("F{number}"), "Rules": told});
        assert_eq!(self.rpc.result("APIerSv1.SetFilter", &params.to_string()), "\"OK\"");
        if number == self.named.len() {
            self.named.push(rules);
        } else {
            self.named[number] = rules;
        }
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
        let ids = |filters: &[Filter]| -> Vec<String> {
            let id = |filter: &Filter| match filter {
                Filter::Inline(rule) => rule.inline(),
                Filter::Named(number) => format!("F{number}"),
            };
            filters.iter().map(id).collect()
        };
        let told: Vec<_> = routes
            .iter()
            .map(|route| json!({"ID": route.id, "Weight": route.weight, "FilterIDs": ids(&route.filters)}))
            .collect();
        let params = json!({
            "Tenant": self.tenant, "ID": format!("P{number}"), "FilterIDs": ids(&filters),
            "Sorting": "*weight", "Weight": weight, "Routes": told,
        });
        assert_eq!(self.rpc.result("APIerSv1.SetRouteProfile", &params.to_string()), "\"OK\"");
        self.profiles.insert(number, Profile { weight, filters, routes });
    }

    fn remove_profile(&mut self, number: usize) {
        let params = json!({"Tenant": self.tenant, "ID": format!("P{number}")}).to_string();
        let reply = self.rpc.call("APIerSv1.RemoveRouteProfile", &params).unwrap();
        let there = self.profiles.remove(&number).is_some();
        let error = if there { None } else { Some("NOT_FOUND") };
        assert_eq!(reply.error.as_deref(), error);
    }

    fn rules<'w>(&'w self, filter: &'w Filter) -> &'w [Rule] {
        match filter {
            Filter::Inline(rule) => std::slice::from_ref(rule),
            Filter::Named(number) => &self.named[*number],
        }
    }

    fn pass(&self, filters: &[Filter], event: &Event) -> bool {
        filters.iter().all(|one| self.rules(one).iter().all(|rule| rule.passes(event)))
    }

    /// The profiles that an event gets, the best first.
    fn matching(&self, event: &Event) -> Vec<(usize, &Profile)> {
        // With indexes as they are set by default only `*string` leads to a profile with filters.
        let reached = |profile: &Profile| {
            let mut rules = profile.filters.iter().flat_map(|filter| self.rules(filter));
            !self.indexed || profile.filters.is_empty() || rules.any(|rule| rule.kind == "*string")
        };
        let mut found: Vec<(usize, &Profile)> = self
            .profiles
            .iter()
            .filter(|(_, profile)| reached(profile) && self.pass(&profile.filters, event))
            .map(|(number, profile)| (*number, profile))
            .collect();
        found.sort_by_key(|(_, profile)| std::cmp::Reverse(profile.weight));
        found
    }

    fn random_event(&mut self) -> Event {
        let mut event = Event::new();
        for (field, words) in TEXTS {
            if self.random.chance(75) {
                let word = *self.random.one(words);
                event.insert(field, (!self.random.chance(7)).then(|| word.to_owned()));
            }
        }
        if self.random.chance(70) {
            event.insert(NUMBER, Some((self.random.below(6) as i64 - 2).to_string()));
        }
        event
    }

    /// One event, by both methods.
    fn ask(&mut self) {
        let event = self.random_event();
        let mut members = Map::new();
        for (field, value) in &event {
            let number = value.as_ref().filter(|_| *field == NUMBER);
            let value = match number {
                // As a number or as text, which compare alike.
                Some(number) if self.random.chance(50) => json!(number.parse::<i64>().unwrap()),
                _ => json!(value),
            };
            members.insert((*field).to_owned(), value);
        }
        let params = json!({"Tenant": self.tenant, "ID": "q", "Event": members}).to_string();
        let matching = self.rpc.call("RouteSv1.GetRouteProfilesForEvent", &params).unwrap();
        let chosen = self.rpc.call("RouteSv1.GetRoutes", &params).unwrap();

        let expected = self.matching(&event);
        let ids: Vec<String> = expected.iter().map(|(number, _)| format!("P{number}")).collect();
        let lists: Vec<String> = expected
            .iter()
            .filter_map(|(number, profile)| {
                let mut routes: Vec<&Route> = profile
                    .routes
                    .iter()
                    .filter(|route| self.pass(&route.filters, &event))
                    .collect();
                routes.sort_by_key(|route| std::cmp::Reverse(route.weight));
                let told: Vec<String> =
                    routes.iter().map(|route| format!("{} {}", route.id, route.weight)).collect();
                (!told.is_empty()).then(|| format!("P{number} *weight: {}", told.join(", ")))
            })
            .collect();
        let id = |profile: &Value| profile.text("ID").unwrap_or("?").to_owned();
        let all_ids = |result: &Value| result.items().iter().map(id).collect::<Vec<_>>().join(" ");
        assert_eq!(told(&matching, all_ids), or_none(&ids, " "), "profiles for {params}");
        assert_eq!(told(&chosen, routes), or_none(&lists, "; "), "routes for {params}");
        self.asked += 1;
        self.found += usize::from(!ids.is_empty());
    }
}

fn told(reply: &Reply, of: impl Fn(&Value) -> String) -> String {
    match (&reply.error, &reply.result) {
        (None, Some(result)) => of(&Value::read(result.get())),
        (error, _) => error.clone().unwrap_or_default(),
    }
}

fn or_none(all: &[String], between: &str) -> String {
    if all.is_empty() { "NOT_FOUND".to_owned() } else { all.join(between) }
}

/// Makes, changes and asks tables of random content.
fn compare(indexed: bool) {
    let routes = format!("indexed_selects = {indexed}\n");
    let site = Setup { routes, ..Setup::default() }.start();
    let mut rpc = site.connect();
    let (mut asked, mut found) = (0, 0);
    for seed in 0..TENANTS {
        let mut world = World {
            tenant: format!("random{seed}"),
            indexed,
            random: Random(seed * 1_000_003 + u64::from(indexed)),
            rpc: &mut rpc,
            named: Vec::new(),
            profiles: BTreeMap::new(),
            weights: seed,
            asked: 0,
            found: 0,
        };
        (0..FILTERS).for_each(|number| world.set_filter(number));
        (0..PROFILES).for_each(|number| world.set_profile(number));
        (0..EVENTS_AT_FIRST).for_each(|_| world.ask());
        for _ in 0..CHANGES {
            let number = world.random.below(PROFILES);
            match world.random.below(3) {
                0 => world.set_profile(number),
                1 => world.remove_profile(number),
                _ => world.set_filter(number % FILTERS),
            }
            (0..EVENTS_PER_CHANGE).for_each(|_| world.ask());
        }
        asked += world.asked;
        found += world.found;
    }
    // Events that find nothing prove little.
    assert!(found * 2 > asked, "{found} of {asked} events found a profile");
}

#[test]
fn every_profile_is_found_that_a_scan_finds() {
    compare(false);
}

#[test]
fn with_indexes_every_profile_is_found_that_they_lead_to() {
    compare(true);
}

#[test]
fn the_scan_decides_as_the_rules_say() {
    let event = Event::from([
        ("Account", Some("1001".to_owned())),
        ("Origin", None),
        (NUMBER, Some("2".to_owned())),
    ]);
    let rows: [(&'static str, &'static str, &[&str], bool); 16] = [
        ("*string", "Account", &["7", "1001"], true),
        ("*notstring", "Account", &["7", "1001"], false),
        ("*nistring", "Account", &["1001"], true),
        ("*string", "Destination", &["1"], false),
        ("*notprefix", "Destination", &["1"], true),
        ("*prefix", "Origin", &["g"], false),
        ("*suffix", "Account", &["01"], true),
        ("*contains", "Account", &["00"], true),
        ("*exists", "Origin", &[], true),
        ("*notexists", "Destination", &[], true),
        ("*empty", "Origin", &[], true),
        ("*empty", "Destination", &[], true),
        ("*notempty", "Account", &[], true),
        ("*lt", NUMBER, &["1", "3"], true),
        ("*gte", NUMBER, &["3"], false),
        ("*noteq", NUMBER, &["2"], false),
    ];
    for (kind, field, values, passes) in rows {
        let rule =
            Rule { kind, field, values: values.iter().map(|one| (*one).to_owned()).collect() };
        assert_eq!(rule.passes(&event), passes, "{}", rule.inline());
    }
}
