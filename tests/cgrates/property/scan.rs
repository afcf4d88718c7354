//! Filters decided rule by rule, with no index: what the server's answers are compared with.
//!
//! Written anew from the specification (sections 5.2 to 5.6) for the types, values and paths that
//! `draw.rs` makes; it shares no line with what is tested.

use std::collections::BTreeMap;

/// A value of an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Text(String),
    Number(i64),
    /// One member, or none.
    Object(Option<(&'static str, String)>),
}

impl Value {
    /// How it reads.
    pub fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Object(None) => "{}".to_owned(),
            Self::Object(Some((name, text))) => format!("{{\"{name}\":\"{text}\"}}"),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Null | Self::Object(None) => true,
            Self::Text(text) => text.is_empty(),
            Self::Number(_) | Self::Object(Some(_)) => false,
        }
    }
}

/// `*req.Account`, `*opts.Tier` and so on: what the question says.
pub type Event = BTreeMap<&'static str, Value>;

/// The prefixes of destinations by their ids.
pub type Destinations = BTreeMap<String, Vec<String>>;

/// An element or a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    Constant(String),
    Field(&'static str),
    /// A member of a field.
    Part(&'static str, &'static str),
}

impl Operand {
    pub fn constant(&self) -> Option<&str> {
        match self {
            Self::Constant(text) => Some(text),
            Self::Field(_) | Self::Part(..) => None,
        }
    }

    /// As filters write it.
    pub fn written(&self) -> String {
        match self {
            Self::Constant(text) => text.clone(),
            Self::Field(field) => format!("~{field}"),
            Self::Part(field, name) => format!("~{field}.{name}"),
        }
    }

    fn read(&self, event: &Event) -> Result<Option<Value>, String> {
        Ok(match self {
            Self::Constant(text) => Some(Value::Text(text.clone())),
            Self::Field(field) => event.get(field).cloned(),
            Self::Part(field, name) => match event.get(field) {
                None | Some(Value::Object(None)) => None,
                Some(Value::Object(Some((member, text)))) => {
                    (member == name).then(|| Value::Text(text.clone()))
                }
                Some(_) => return Err("SERVER_ERROR: WRONG_PATH".to_owned()),
            },
        })
    }
}

/// A rule of a filter.
#[derive(Debug, Clone)]
pub struct Rule {
    pub kind: &'static str,
    pub element: Operand,
    pub values: Vec<Operand>,
}

impl Rule {
    /// The type without its `*`, `not` or `ni`.
    pub fn base(&self) -> &'static str {
        let name = self.kind.trim_start_matches('*');
        let plain = name.strip_prefix("not").or_else(|| name.strip_prefix("ni"));
        plain.unwrap_or(name)
    }

    pub fn inline(&self) -> String {
        let values: Vec<String> = self.values.iter().map(Operand::written).collect();
        format!("{}:{}:{}", self.kind, self.element.written(), values.join("|"))
    }

    /// Whether a route asks it when everything else is known.
    fn is_deferred(&self) -> bool {
        let is_option = |operand: &Operand| operand.written().starts_with("~*opts");
        is_option(&self.element) || self.values.iter().any(is_option)
    }

    pub fn passes(&self, event: &Event, destinations: &Destinations) -> Result<bool, String> {
        let base = self.base();
        let hit = match self.element.read(event)? {
            None => base == "empty",
            Some(_) if base == "exists" => true,
            Some(value) if base == "empty" => value.is_empty(),
            Some(value) if base == "ai" => self.is_between(&value.text(), event)?,
            Some(value) => self.any(&value.text(), event, destinations)?,
        };
        Ok(hit != self.kind.starts_with("*not"))
    }

    fn any(&self, text: &str, event: &Event, known: &Destinations) -> Result<bool, String> {
        for value in &self.values {
            let Some(value) = value.read(event)? else { continue };
            let value = value.text();
            let hit = match self.base() {
                "string" => text == value,
                "prefix" => text.starts_with(&value),
                "suffix" => text.ends_with(&value),
                "contains" => text.contains(&value),
                "destinations" => {
                    let mut prefixes = known.get(&value).into_iter().flatten();
                    prefixes.any(|prefix| text.starts_with(prefix))
                }
                base => compares(base, text, &value)?,
            };
            if hit {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// All times are of one form, in which the earlier one is the lesser text; none is before all.
    fn is_between(&self, text: &str, event: &Event) -> Result<bool, String> {
        let time = |text: String| {
            let is_time = text.is_empty() || text.starts_with("20");
            if is_time { Ok(text) } else { Err("SERVER_ERROR: Unsupported time format".to_owned()) }
        };
        let at = time(text.to_owned())?;
        let mut bounds = Vec::new();
        for value in &self.values {
            let value = value.read(event)?.ok_or("NOT_FOUND")?;
            bounds.push(time(value.text())?);
        }
        let bound = |place: usize| bounds.get(place).filter(|bound| !bound.is_empty());
        Ok(bound(0).is_none_or(|start| *start < at) && bound(1).is_none_or(|end| at < *end))
    }
}

/// A typed comparison of texts that are whole numbers or nothing in particular.
fn compares(base: &str, text: &str, value: &str) -> Result<bool, String> {
    let (one, other) = match (text.parse::<i64>(), value.parse::<i64>()) {
        (Ok(one), Ok(other)) => (one, other),
        (Ok(one), Err(_)) => {
            return Err(format!("SERVER_ERROR: incomparable: <{one}> with <<nil>>"));
        }
        (Err(_), Ok(other)) => {
            return Err(format!("SERVER_ERROR: incomparable: <<nil>> with <{other}>"));
        }
        (Err(_), Err(_)) if base == "eq" => return Ok(text == value),
        (Err(_), Err(_)) => {
            let text = "unsupported comparison type: string, kind: string";
            return Err(format!("SERVER_ERROR: {text}"));
        }
    };
    Ok(match base {
        "gt" => one > other,
        "gte" => one >= other,
        "lt" => one < other,
        "lte" => one <= other,
        "eq" => one == other,
        base => panic!("{base}"),
    })
}

/// A filter: inline, or what its name stands for now.
#[derive(Debug, Clone)]
pub struct Filter {
    pub rules: Vec<Rule>,
    /// Whether it counts at all.
    pub is_active: bool,
}

/// What filters say of an event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    Passes,
    Fails,
    /// There are some, and none counts.
    Inactive,
}

/// One after the other, up to the first rule that does not pass.
pub fn verdict<'f>(
    filters: impl Iterator<Item = &'f Filter>,
    asked: impl Fn(&Rule) -> bool,
    event: &Event,
    destinations: &Destinations,
) -> Result<Verdict, String> {
    let (mut count, mut inactive) = (0, 0);
    for filter in filters {
        count += 1;
        if !filter.is_active {
            inactive += 1;
            continue;
        }
        for rule in filter.rules.iter().filter(|rule| asked(rule)) {
            if !rule.passes(event, destinations)? {
                return Ok(Verdict::Fails);
            }
        }
    }
    Ok(if count > 0 && inactive == count { Verdict::Inactive } else { Verdict::Passes })
}

/// Whether a route stays: its filters that are asked early, then the others; inactive ones are no hindrance.
pub fn stays(
    filters: &[&Filter],
    event: &Event,
    destinations: &Destinations,
) -> Result<bool, String> {
    for deferred in [false, true] {
        let asked = |rule: &Rule| rule.is_deferred() == deferred;
        if verdict(filters.iter().copied(), asked, event, destinations)? == Verdict::Fails {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A rule, and what it says.
#[cfg(test)]
type Row = (&'static str, Operand, &'static [&'static str], Result<bool, &'static str>);

#[test]
fn the_scan_decides_as_the_rules_say() {
    use Operand::{Constant, Field, Part};
    let text = |text: &str| Value::Text(text.to_owned());
    let event = Event::from([
        ("*req.Account", text("1001")),
        ("*req.Origin", Value::Null),
        ("*req.Calls", Value::Number(2)),
        ("*req.Word", text("abc")),
        ("*req.At", text("2025-06-01T00:00:00Z")),
        ("*req.Cust", Value::Object(Some(("Class", "gold".to_owned())))),
    ]);
    let destinations = Destinations::from([("DST".to_owned(), vec!["10".to_owned()])]);
    let (account, calls) = (Field("*req.Account"), Field("*req.Calls"));
    let (gone, at) = (Field("*req.Gone"), Field("*req.At"));
    let rows: Vec<Row> = vec![
        ("*string", account.clone(), &["7", "1001"], Ok(true)),
        ("*notstring", account.clone(), &["7", "1001"], Ok(false)),
        ("*nistring", account.clone(), &["1001"], Ok(true)),
        ("*string", gone.clone(), &["1"], Ok(false)),
        ("*notprefix", gone.clone(), &["1"], Ok(true)),
        ("*prefix", Field("*req.Origin"), &["g"], Ok(false)),
        ("*suffix", account.clone(), &["01"], Ok(true)),
        ("*contains", account.clone(), &["00"], Ok(true)),
        ("*exists", Field("*req.Origin"), &[], Ok(true)),
        ("*notexists", gone.clone(), &[], Ok(true)),
        ("*empty", Field("*req.Origin"), &[], Ok(true)),
        ("*empty", gone.clone(), &[], Ok(true)),
        ("*notempty", account.clone(), &[], Ok(true)),
        ("*exists", Constant("x".to_owned()), &[], Ok(true)),
        ("*string", Part("*req.Cust", "Class"), &["gold"], Ok(true)),
        ("*exists", Part("*req.Cust", "Other"), &[], Ok(false)),
        ("*notexists", Part("*req.Gone", "Class"), &[], Ok(true)),
        ("*destinations", account.clone(), &["NONE", "DST"], Ok(true)),
        ("*notdestinations", account.clone(), &["NONE"], Ok(true)),
        ("*lt", calls.clone(), &["1", "3"], Ok(true)),
        ("*gte", calls.clone(), &["3"], Ok(false)),
        ("*noteq", calls.clone(), &["2"], Ok(false)),
        ("*ai", at.clone(), &["2025-01-01T00:00:00Z"], Ok(true)),
        ("*ai", at.clone(), &["2025-01-01T00:00:00Z", "2025-06-01T00:00:00Z"], Ok(false)),
        ("*notai", gone.clone(), &["2025-01-01T00:00:00Z"], Ok(true)),
        ("*notexists", Part("*req.Account", "Class"), &[], Err("SERVER_ERROR: WRONG_PATH")),
        (
            "*lt",
            Field("*req.Word"),
            &["1", "3"],
            Err("SERVER_ERROR: incomparable: <<nil>> with <1>"),
        ),
        (
            "*gt",
            Field("*req.Word"),
            &["b"],
            Err("SERVER_ERROR: unsupported comparison type: string, kind: string"),
        ),
        ("*ai", account, &["2025-01-01T00:00:00Z"], Err("SERVER_ERROR: Unsupported time format")),
    ];
    for (kind, element, values, want) in rows {
        let values = values.iter().map(|value| Constant((*value).to_owned())).collect();
        let rule = Rule { kind, element, values };
        let got = rule.passes(&event, &destinations);
        assert_eq!(got, want.map_err(str::to_owned), "{}", rule.inline());
    }
}
