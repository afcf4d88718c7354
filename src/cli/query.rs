//! `siproute query`: asks a running daemon and prints the answer.

use super::ask::{Message, Way};
use super::question::Question;
use super::{Done, output, pretty};
use crate::model::query::Shape;
use crate::ops::exit::Exit;
use serde_json::Value;

/// Ask a running daemon and print the answer
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 routes, 1 reject or fallback, 74 no answer.")]
pub(super) struct Arguments {
    #[command(flatten)]
    question: Question,
    /// Shape of the answer
    #[arg(long = "as", value_name = "SHAPE", default_value = "json",
          value_parser = Shape::NAMES.map(|(name, _)| name))]
    shape: String,
    /// Have the decision told in the answer
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    way: Way,
}

pub(super) fn run(mut arguments: Arguments) -> Done {
    arguments.question.event.extend(arguments.way.stray());
    let question = arguments.question.to_json(Some(&arguments.shape), arguments.explain)?;
    let answer = arguments.way.ask(Message::Lookup, question.to_string().as_bytes())?;
    let answer = String::from_utf8_lossy(&answer);
    output::print(&pretty::json(&answer))?;
    Ok(if has_routes(&answer) { Exit::Fine } else { Exit::Findings })
}

/// Whether an answer, of whichever shape, is one with routes.
fn has_routes(answer: &str) -> bool {
    match serde_json::from_str::<Value>(answer) {
        Ok(Value::Object(told)) => told.get("status").is_some_and(|status| status == "ok"),
        // The result of GetRoutes, which has no status; a refusal is an object in this shape too.
        Ok(Value::Array(profiles)) => !profiles.is_empty(),
        _ => answer.starts_with("ok "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_whether_there_are_routes() {
        for (answer, want) in [
            (r#"{"id":"a","status":"ok","routes":[]}"#, true),
            (r#"[{"ProfileID":"A"}]"#, true),
            (r#"{"id":"a","status":"reject","sip":404}"#, false),
            (r#"{"id":"a","status":"fallback"}"#, false),
            ("ok a 10,12", true),
            ("reject a 404 NOT_FOUND", false),
            ("", false),
        ] {
            assert_eq!(has_routes(answer), want, "{answer}");
        }
    }
}
