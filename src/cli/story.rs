//! A decision's story as people read it: from the answer's JSON, wherever that came from.

use super::bill;
use super::columns::align;
use serde_json::Value;
use std::fmt::Write;

/// The whole story: what was asked, what was considered, what came of it.
pub(super) fn text(answer: &Value) -> String {
    let lines = answer.get("explain").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let steps = |name: &str| -> Vec<&Value> {
        lines.iter().filter(|line| word(line, "step") == name).collect()
    };
    let mut out = String::new();
    asked(&steps("number"), &steps("customer"), &mut out);
    profiles(lines, &steps("customer"), &mut out);
    bill::text(lines, &mut out);
    rows(lines, &mut out);
    result(answer, &steps("place"), &mut out);
    let mut out = out.trim_start().to_owned();
    if lines.is_empty() && answer.get("truncated").is_some() {
        out.push_str("\nThe story did not fit into the answer: ask over TCP.\n");
    }
    out
}

/// What the choice depends on.
fn asked(numbers: &[&Value], customers: &[&Value], out: &mut String) {
    let mut rows = Vec::new();
    for line in numbers {
        let arrived = line.get("arrived").and_then(Value::as_str).unwrap_or("none");
        let number = line.get("number").and_then(Value::as_str).unwrap_or("no number");
        rows.push(vec!["Destination".into(), format!("{arrived} → {number}"), word(line, "why")]);
    }
    for line in customers {
        let customer = Some(word(line, "customer")).filter(|customer| !customer.is_empty());
        let customer = customer.unwrap_or_else(|| "none".into());
        rows.push(vec!["Customer".into(), customer, word(line, "why")]);
    }
    out.push_str(&align(0, &rows));
}

/// Every profile, and the routes of those that answer.
fn profiles(lines: &[Value], customers: &[&Value], out: &mut String) {
    // A list that the question names, or rows of a target, are no matter of profiles.
    let Some(customer) = customers.first() else { return };
    let considered = |line: &&Value| word(line, "step").starts_with("profile");
    let rows: Vec<Vec<String>> = lines
        .iter()
        .filter(considered)
        .map(|line| match word(line, "step").as_str() {
            "profile" => vec![
                is_in(line),
                word(line, "profile"),
                weight(line),
                word(line, "place"),
                word(line, "why"),
            ],
            _ => vec![
                format!("  {}", is_in(line)),
                format!("  {}", word(line, "supplier")),
                weight(line),
                String::new(),
                word(line, "why"),
            ],
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nProfiles of tenant {}", word(customer, "tenant"));
    out.push_str(&align(2, &rows));
    let matches = |line: &Value| word(line, "step") == "profile" && is_true(line);
    if lines.iter().any(matches) {
        out.push_str("  a profile answers: layered routes are not asked\n");
    }
}

/// Every layer that was met, and its rows.
fn rows(lines: &[Value], out: &mut String) {
    let mut rows = Vec::new();
    let mut headings = Vec::new();
    for line in lines {
        match word(line, "step").as_str() {
            "layer" => headings.push((
                rows.len(),
                format!("Layer {} of customer {}", word(line, "target"), word(line, "customer")),
            )),
            "row" => rows.push(vec![
                is_in(line),
                word(line, "supplier"),
                format!("priority {}", word(line, "priority")),
                word(line, "place"),
                word(line, "why"),
            ]),
            _ => {}
        }
    }
    // One table, so that the columns of all layers stand below each other.
    let aligned = align(2, &rows);
    let mut headings = headings.into_iter().peekable();
    for (index, line) in aligned.lines().enumerate() {
        while let Some((_, heading)) = headings.next_if(|(at, _)| *at == index) {
            let _ = writeln!(out, "\n{heading}");
        }
        let _ = writeln!(out, "{line}");
    }
}

/// The final order, and what the list lost on its way.
fn result(answer: &Value, places: &[&Value], out: &mut String) {
    let (chosen, lost): (Vec<&Value>, Vec<&Value>) =
        places.iter().copied().partition(|line| is_true(line));
    let _ = writeln!(out, "\nAnswer: {}", heading(answer, chosen.len()));
    let routes = answer.get("routes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let rows: Vec<Vec<String>> = chosen
        .iter()
        .enumerate()
        .map(|(index, place)| {
            let (number, then) = offer(routes.get(index));
            let policy = format!("policy {}{then}", word(place, "policy"));
            vec![(index + 1).to_string(), word(place, "supplier"), number, policy]
        })
        .collect();
    out.push_str(&align(2, &rows));
    let lost: Vec<Vec<String>> = lost
        .iter()
        .map(|line| vec!["out".into(), word(line, "supplier"), word(line, "why")])
        .collect();
    out.push_str(&align(2, &lost));
}

/// What came of it, in a few words.
fn heading(answer: &Value, places: usize) -> String {
    let parts = match answer.get("error") {
        Some(error) => vec![
            word(answer, "status"),
            word(answer, "sip"),
            format!("{}:", word(error, "code")),
            word(error, "field"),
            word(error, "message"),
        ],
        None if places == 0 => vec!["no row serves it".to_owned()],
        None => {
            let table = Some(word(answer, "table")).filter(|table| !table.is_empty());
            let table = table.map(|table| format!("(table {table})")).unwrap_or_default();
            vec!["in this order".to_owned(), word(answer, "sorting"), table]
        }
    };
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// The number of an offer, and what its policy says.
fn offer(route: Option<&Value>) -> (String, String) {
    let Some(route) = route else { return Default::default() };
    let timeout = match route.get("on_timeout").and_then(Value::as_bool) {
        Some(true) => " and a timeout",
        _ => "",
    };
    (word(route, "number"), format!(", goes on after {}{timeout}", word(route, "continue")))
}

fn is_true(line: &Value) -> bool {
    line.get("in").and_then(Value::as_bool).unwrap_or(false)
}

fn is_in(line: &Value) -> String {
    if is_true(line) { "in" } else { "out" }.into()
}

fn weight(line: &Value) -> String {
    format!("weight {}", word(line, "weight").trim_end_matches(".0"))
}

/// A member as text; what a daemon sends is made safe for a terminal.
pub(super) fn word(line: &Value, name: &str) -> String {
    let text = match line.get(name) {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    };
    text.chars().map(|c| if c.is_control() { '·' } else { c }).collect()
}
