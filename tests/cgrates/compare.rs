//! When an answer is the one that was recorded: object keys in any order, numbers as decimals, routes
//! that tie in any order on the places that they hold.

use crate::json::Value;

/// How two results are compared.
#[derive(Default)]
pub struct Manner<'s> {
    /// Numbers within 1e-9 of each other are equal.
    pub loose: bool,
    /// Paths that are not looked at, as `result.Routes[0].ID`.
    pub ignored: Vec<String>,
    /// Groups of route ids that may change places among themselves.
    pub ties: &'s [Vec<String>],
}

impl Manner<'_> {
    /// The first difference, in words.
    pub fn difference(&self, want: &Value, got: &Value) -> Option<String> {
        let mut got = got.clone();
        match (want, &mut got) {
            (Value::Text(want), Value::Text(got)) => self.settle_digest(want, got),
            (want, got) => self.settle_ties(want, got),
        }
        self.compare(want, &got, "result")
    }

    fn compare(&self, want: &Value, got: &Value, path: &str) -> Option<String> {
        if self.ignored.iter().any(|ignored| ignored == path) {
            return None;
        }
        match (want, got) {
            (Value::Object(members), Value::Object(others)) => {
                let mut names: Vec<&str> =
                    members.iter().chain(others).map(|member| member.0.as_str()).collect();
                names.sort_unstable();
                names.dedup();
                names.into_iter().find_map(|name| {
                    let path = format!("{path}.{name}");
                    match (want.member(name), got.member(name)) {
                        (Some(want), Some(got)) => self.compare(want, got, &path),
                        _ if self.ignored.contains(&path) => None,
                        (Some(want), None) => {
                            Some(format!("{path}: missing, expected {}", shown(want)))
                        }
                        (None, got) => {
                            Some(format!("{path}: not expected, got {}", shown(got.unwrap())))
                        }
                    }
                })
            }
            (Value::List(items), Value::List(others)) if items.len() == others.len() => {
                let mut pairs = items.iter().zip(others).enumerate();
                pairs.find_map(|(place, (want, got))| {
                    self.compare(want, got, &format!("{path}[{place}]"))
                })
            }
            (Value::Number(one), Value::Number(other)) if self.loose => {
                let (one, other) = (one.float(), other.float());
                let near = (one - other).abs() <= 1e-9 * one.abs().max(other.abs());
                (!near).then(|| format!("{path}: expected {one}, got {other}"))
            }
            (want, got) if want == got => None,
            _ => Some(format!("{path}: expected {}, got {}", shown(want), shown(got))),
        }
    }

    /// Moves routes of `got` that tie to where `want` has them, when they hold the same places.
    fn settle_ties(&self, want: &Value, got: &mut Value) {
        if self.ties.is_empty() {
            return;
        }
        let mut want = want.clone();
        let (mut expected, mut actual) = (Vec::new(), Vec::new());
        route_lists(&mut want, &mut expected);
        route_lists(got, &mut actual);
        for (expected, actual) in expected.iter().zip(&mut actual) {
            if expected.len() != actual.len() {
                return;
            }
            for group in self.ties {
                let places = places(expected, group);
                if places != self::places(actual, group) {
                    continue;
                }
                let mut pool: Vec<Value> = places.iter().map(|at| actual[*at].clone()).collect();
                for at in places {
                    let whole = pool.iter().position(|route| *route == expected[at]);
                    let same_id = || pool.iter().position(|route| id(route) == id(&expected[at]));
                    if let Some(found) = whole.or_else(same_id) {
                        actual[at] = pool.remove(found);
                    }
                }
            }
        }
    }

    /// The same for a digest.
    fn settle_digest(&self, want: &str, got: &mut String) {
        let expected: Vec<&str> = want.split(',').collect();
        let mut actual: Vec<&str> = got.split(',').collect();
        if expected.len() != actual.len() {
            return;
        }
        let id = |entry: &str| entry.split([':', '@']).next().unwrap_or_default().to_owned();
        for group in self.ties {
            let inside = |entries: &[&str]| -> Vec<usize> {
                (0..entries.len()).filter(|at| group.contains(&id(entries[*at]))).collect()
            };
            let places = inside(&expected);
            let sorted = |entries: &[&str]| {
                let mut of_group: Vec<String> =
                    places.iter().map(|at| entries[*at].to_owned()).collect();
                of_group.sort_unstable();
                of_group
            };
            if places == inside(&actual) && sorted(&expected) == sorted(&actual) {
                for at in places {
                    actual[at] = expected[at];
                }
            }
        }
        *got = actual.join(",");
    }
}

/// Every list of routes in a result.
fn route_lists<'v>(value: &'v mut Value, out: &mut Vec<&'v mut Vec<Value>>) {
    match value {
        Value::Object(members) => {
            members.iter_mut().for_each(|member| route_lists(&mut member.1, out))
        }
        Value::List(items) => {
            if !items.is_empty() && items.iter().all(|item| id(item).is_some()) {
                out.push(items);
            } else {
                items.iter_mut().for_each(|item| route_lists(item, out));
            }
        }
        _ => {}
    }
}

fn id(route: &Value) -> Option<&str> {
    route.text("RouteID").or_else(|| route.text("SupplierID"))
}

fn places(routes: &[Value], group: &[String]) -> Vec<usize> {
    let inside = |at: &usize| id(&routes[*at]).is_some_and(|id| group.iter().any(|one| one == id));
    (0..routes.len()).filter(inside).collect()
}

/// A value for people, cut when it is long.
pub fn shown(value: &Value) -> String {
    let text = value.as_written();
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
