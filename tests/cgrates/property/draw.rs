//! Random rules and events: few words, so that they meet.

use super::scan::{Event, Operand, Rule, Value};

/// Numbers from a seed (SplitMix64).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn one<'v, T>(&mut self, of: &'v [T]) -> &'v T {
        &of[self.below(of.len())]
    }
}

/// A field, what it may hold, and parts of that.
type Words = (&'static str, &'static [&'static str], &'static [&'static str]);

const TEXTS: [Words; 4] = [
    (
        "*req.Account",
        &["1001", "1002", "1012", "acme-1", "acme-2", ""],
        &["10", "1", "100", "acme", "1001", "-1", "2"],
    ),
    (
        "*req.Destination",
        &["+4930123", "+4915112", "+331", "+33199", "0044", ""],
        &["+49", "+4", "+", "+33", "331", "0044", "3"],
    ),
    (
        "*req.Origin",
        &["gw1.north", "gw2.north", "gw1.south", "edge"],
        &["gw1", "gw", "north", ".south", "h", "edge", "1.north"],
    ),
    ("*opts.Tier", &["gold", "silver"], &["g", "go", "r", "er"]),
];
const CUSTOMER: &str = "*req.Cust";
const CLASSES: [&str; 3] = ["gold", "silver", "1001"];
const NUMBERS: [&str; 2] = ["*req.Calls", "*req.Limit"];
const TIME: &str = "*req.At";
const SINCE: &str = "*req.Since";
const TIMES: [&str; 4] = [
    "2025-01-01T00:00:00Z",
    "2025-03-01T00:00:00Z",
    "2025-06-01T00:00:00Z",
    "2025-09-01T00:00:00Z",
];

const WHOLE_TYPES: [&str; 5] = ["*string", "*string", "*string", "*notstring", "*nistring"];
const PART_TYPES: [&str; 8] = [
    "*prefix",
    "*suffix",
    "*notprefix",
    "*notsuffix",
    "*contains",
    "*notcontains",
    "*niprefix",
    "*nisuffix",
];
const BARE_TYPES: [&str; 6] =
    ["*exists", "*exists", "*notexists", "*empty", "*notempty", "*niexists"];
const NUMBER_TYPES: [&str; 6] = ["*gt", "*gte", "*lt", "*lte", "*eq", "*noteq"];

/// The destinations of a tenant; they have no tenants of their own, and the last one is never set.
pub fn destination(tenant: &str, number: usize) -> String {
    format!("DST_{tenant}_{number}")
}

/// How many ids of destinations rules name.
pub const DESTINATIONS: usize = 4;

pub fn prefixes(random: &mut Random) -> Vec<String> {
    let count = 1 + random.below(2);
    (0..count).map(|_| (*random.one(TEXTS[1].2)).to_owned()).collect()
}

pub fn rule(random: &mut Random, tenant: &str) -> Rule {
    match random.below(20) {
        0..6 => text_rule(random),
        6..10 => part_rule(random),
        10..12 => bare_rule(random),
        12 => turned_rule(random),
        13 => {
            let ids = (0..DESTINATIONS).map(|number| destination(tenant, number));
            let kind = *random.one(&["*destinations", "*notdestinations"]);
            let values = some(random, &ids.collect::<Vec<_>>());
            Rule { kind, element: Operand::Field("*req.Destination"), values }
        }
        14..16 => time_rule(random),
        16 => {
            // A part of what may have none.
            let name = *random.one(&["Class", "Other"]);
            let element = Operand::Part(CUSTOMER, name);
            let kind = *random.one(&["*string", "*notstring", "*prefix", "*exists", "*empty"]);
            let has_values = !["*exists", "*empty"].contains(&kind);
            let values = if has_values { some(random, &CLASSES) } else { Vec::new() };
            Rule { kind, element, values }
        }
        _ => {
            let kind = *random.one(&NUMBER_TYPES);
            let mut values = some(random, &["-1", "0", "2", "3"]);
            if random.chance(15) {
                values.push(Operand::Field(NUMBERS[1]));
            }
            Rule { kind, element: Operand::Field(NUMBERS[0]), values }
        }
    }
}

fn text_rule(random: &mut Random) -> Rule {
    let (field, words, _) = *random.one(&TEXTS);
    let kind = *random.one(&WHOLE_TYPES);
    with_values(random, kind, field, words)
}

/// Prefixes of destinations and suffixes of origins above all: these have indexes.
fn part_rule(random: &mut Random) -> Rule {
    let (field, _, parts) = TEXTS[*random.one(&[0, 1, 1, 1, 2, 2, 3])];
    let kind = match (field, random.chance(60)) {
        ("*req.Destination", true) => "*prefix",
        ("*req.Origin", true) => "*suffix",
        _ => *random.one(&PART_TYPES),
    };
    with_values(random, kind, field, parts)
}

/// A rule on a field with some of the words; at times it reads another value from the event.
fn with_values(
    random: &mut Random,
    kind: &'static str,
    field: &'static str,
    words: &[&str],
) -> Rule {
    let mut values = some(random, words);
    if random.chance(8) {
        let read = match random.chance(50) {
            true => Operand::Field(TEXTS[random.below(3)].0),
            false => Operand::Part(CUSTOMER, "Class"),
        };
        let at = random.below(values.len() + 1);
        values.insert(at, read);
    }
    Rule { kind, element: Operand::Field(field), values }
}

fn bare_rule(random: &mut Random) -> Rule {
    let kind = *random.one(&BARE_TYPES);
    let element = match random.below(10) {
        0 => Operand::Constant("x".to_owned()),
        1..3 => Operand::Field(CUSTOMER),
        _ => Operand::Field(random.one(&TEXTS).0),
    };
    Rule { kind, element, values: Vec::new() }
}

/// A constant that is compared with fields.
fn turned_rule(random: &mut Random) -> Rule {
    let kind = *random.one(&["*string", "*string", "*notstring", "*prefix", "*suffix"]);
    let mut values = vec![Operand::Field(random.one(&TEXTS[..3]).0)];
    if random.chance(30) {
        values.push(Operand::Constant("1001".to_owned()));
    }
    if random.chance(30) {
        values.push(Operand::Field(CUSTOMER));
    }
    Rule { kind, element: Operand::Constant((*random.one(TEXTS[0].1)).into()), values }.filled()
}

impl Rule {
    /// An element that is nothing is refused.
    fn filled(mut self) -> Self {
        if self.element == Operand::Constant(String::new()) {
            self.element = Operand::Constant("1001".to_owned());
        }
        self
    }
}

fn time_rule(random: &mut Random) -> Rule {
    let kind = *random.one(&["*ai", "*notai"]);
    let time = |random: &mut Random| Operand::Constant((*random.one(&TIMES)).to_owned());
    let values = match random.below(4) {
        0 => vec![time(random)],
        1 => vec![Operand::Constant(String::new()), time(random)],
        2 => vec![Operand::Field(SINCE)],
        _ => vec![time(random), time(random)],
    };
    Rule { kind, element: Operand::Field(TIME), values }
}

/// Some of the words, seldom none; a value that is nothing is refused.
fn some(random: &mut Random, words: &[impl AsRef<str>]) -> Vec<Operand> {
    let count = if random.chance(4) { 0 } else { 1 + random.below(3) };
    let mut values = Vec::new();
    while values.len() < count {
        let word = random.one(words).as_ref();
        if !word.is_empty() {
            values.push(Operand::Constant(word.to_owned()));
        }
    }
    values
}

/// An event; of so many hundredths of its values rules may have nothing to say.
pub fn event(random: &mut Random, flaws: usize) -> Event {
    let mut event = Event::new();
    for (field, words, _) in TEXTS {
        if random.chance(75) {
            let word = Value::Text((*random.one(words)).to_owned());
            event.insert(field, if random.chance(6) { Value::Null } else { word });
        }
    }
    for field in NUMBERS {
        if random.chance(70) {
            let number = random.below(6) as i64 - 2;
            let value = match random.chance(50) {
                true => Value::Text(number.to_string()),
                false => Value::Number(number),
            };
            let flaw = random.chance(flaws);
            let nothing = [Value::Text("abc".to_owned()), Value::Null];
            event.insert(field, if flaw { random.one(&nothing).clone() } else { value });
        }
    }
    if random.chance(70) {
        let flaw = random.chance(flaws);
        let time = if flaw { *random.one(&["soon", ""]) } else { *random.one(&TIMES) };
        event.insert(TIME, Value::Text(time.to_owned()));
    }
    if random.chance(90) {
        event.insert(SINCE, Value::Text((*random.one(&TIMES)).to_owned()));
    }
    if random.chance(70) {
        let class = Some(("Class", (*random.one(&CLASSES)).to_owned()));
        let flaw = random.chance(flaws);
        let nothing = [Value::Text("gold".to_owned()), Value::Number(7)];
        let value = if random.chance(10) { Value::Object(None) } else { Value::Object(class) };
        event.insert(CUSTOMER, if flaw { random.one(&nothing).clone() } else { value });
    }
    event
}
