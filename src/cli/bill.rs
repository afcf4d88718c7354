//! The bills of a story as people read them, to be checked with a pencil.

use super::story::word;
use serde_json::Value;
use std::fmt::Write;

/// How the price of each route came about.
pub(super) fn text(lines: &[Value], out: &mut String) {
    let billed: Vec<(&Value, &Vec<Value>)> =
        lines.iter().filter_map(|line| Some((line, line.get("bill")?.as_array()?))).collect();
    if billed.is_empty() {
        return;
    }
    out.push_str("\nPrices\n");
    for (line, bill) in billed {
        let _ = writeln!(out, "  {}", word(line, "supplier"));
        for step in bill {
            let _ = writeln!(out, "    {}", sentence(step));
        }
    }
}

/// One step of a bill; what it is told by the members that it has.
fn sentence(step: &Value) -> String {
    let of = |name: &str| word(step, name);
    let has = |name: &str| step.get(name).is_some_and(|value| !value.is_null());
    if has("plan") {
        return format!("rating plan {}, prefix {}", of("plan"), of("prefix"));
    }
    if has("minute_price") {
        let steps = format!("{} in steps of {}", of("billed"), of("increment"));
        return format!(
            "from {}: {steps} at {} a minute = {}",
            of("from"),
            of("minute_price"),
            of("cost")
        );
    }
    if has("increments") {
        return part(step);
    }
    if has("so_far") {
        let fee = if has("connect_fee") {
            format!(" with a connect fee of {}", of("connect_fee"))
        } else {
            String::new()
        };
        let times = if has("equal_parts") {
            format!(" of {} equal parts", of("equal_parts"))
        } else {
            String::new()
        };
        let cap = if has("max_cost") { ", the ceiling" } else { "" };
        return format!("sum{times}{fee}: {}, so far {}{cap}", of("sum"), of("so_far"));
    }
    if has("cost") {
        return rounded(step);
    }
    ["surprise", "more"].into_iter().map(of).collect()
}

/// A part of a call by a plan of CGRateS.
fn part(step: &Value) -> String {
    let of = |name: &str| word(step, name);
    let billed =
        format!("from {}: {} as {} increments", of("from"), of("billed"), of("increments"));
    match step.get("rate").filter(|rate| !rate.is_null()) {
        Some(rate) => format!(
            "{billed} of {} at {} for {} = {} each",
            word(rate, "increment"),
            word(rate, "rate"),
            word(rate, "unit"),
            of("increment_price")
        ),
        None => format!("{billed}: no slot of the rate has begun"),
    }
}

/// The end of a bill.
fn rounded(step: &Value) -> String {
    let of = |name: &str| word(step, name);
    let before = match step.get("sum") {
        Some(_) => format!("connect fee {}, together {}", of("connect_fee"), of("sum")),
        None => of("from"),
    };
    match step.get("rounding").and_then(Value::as_str).filter(|name| !name.is_empty()) {
        Some(method) => {
            format!("{before}, rounded {method} to {} decimals = {}", of("decimals"), of("cost"))
        }
        None => format!("{before} = {}", of("cost")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_step_is_a_sentence_with_its_figures() {
        for (step, want) in [
            (json!({ "plan": "RP", "prefix": "49" }), "rating plan RP, prefix 49"),
            (
                json!({ "from": "0s", "billed": "1m0s", "increments": 2, "increment_price": 0.2,
                    "rate": { "rate": 0.4, "unit": "1m0s", "increment": "30s", "slot": "0s" } }),
                "from 0s: 1m0s as 2 increments of 30s at 0.4 for 1m0s = 0.2 each",
            ),
            (
                json!({ "sum": 1.2, "so_far": 1.2, "connect_fee": 0.8 }),
                "sum with a connect fee of 0.8: 1.2, so far 1.2",
            ),
            (
                json!({ "rounding": "*up", "decimals": 4, "from": 1.26666, "cost": 1.2667 }),
                "1.26666, rounded *up to 4 decimals = 1.2667",
            ),
            (
                json!({ "from": "0s", "billed": "1m20s", "minute_price": "0.0055",
                    "increment": "1m0s/1s", "cost": "0.007333333333" }),
                "from 0s: 1m20s in steps of 1m0s/1s at 0.0055 a minute = 0.007333333333",
            ),
            (
                json!({ "connect_fee": "0", "sum": "0.5", "rounding": null, "cost": "0.5" }),
                "connect fee 0, together 0.5 = 0.5",
            ),
            (json!({ "surprise": "the time is free" }), "the time is free"),
        ] {
            assert_eq!(sentence(&step), want);
        }
    }
}
