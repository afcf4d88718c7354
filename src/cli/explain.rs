//! `siproute explain`: one decision, told. On the files by default, or by a running daemon.
//!
//! Both ways it is the service itself that answers, with the story that the engine's own walk tells;
//! what is here asks and prints.

use super::address::Listener;
use super::failure::Failure;
use super::question::Question;
use super::settings::Place;
use super::{Done, ask, http, output, pretty, story, tables};
use crate::engine::explain::{Reason, Recorder};
use crate::engine::layers::{self, Wanted};
use crate::engine::question;
use crate::engine::selection::Selection;
use crate::model::event::Event;
use crate::model::moment::Moment;
use crate::model::outcome::Protocol;
use crate::ops::clock::Clock;
use crate::ops::exit::Exit;
use crate::service::desk::Desk;
use crate::service::story::Story;
use crate::service::{Channel, Input};
use crate::table::input::Target;
use serde_json::{Value, json};
use std::io;
use std::time::Duration;

/// How long a daemon may take for its answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Tell one decision: every profile and route considered, why each is in or out, the final order
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 routes, 1 none, 74 no answer, 78 the files have mistakes.")]
pub(super) struct Arguments {
    #[command(flatten)]
    question: Question,
    /// Tell which layered rows serve this target, a prefix like +82 or `all`, instead of a call
    #[arg(long, conflicts_with_all = ["event", "ask"])]
    target: Option<String>,
    /// Ask a running daemon, not the files; else at `listen.admin` of the settings. Also where there are no settings
    #[arg(long, value_name = "ADDR", num_args = 0..=1)]
    ask: Option<Option<String>>,
    /// Tell what the files alone would do, without what the APIs changed (`siproute.db`)
    #[arg(long, conflicts_with = "ask")]
    without_state: bool,
    /// Print the answer with its story as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(mut arguments: Arguments) -> Done {
    // A KEY=VALUE may stand where an address could.
    let stray = arguments.ask.as_mut().and_then(|said| said.take_if(|text| text.contains('=')));
    arguments.question.event.extend(stray);
    // Where no settings are, as in a fresh clone, a daemon may run all the same.
    if arguments.ask.is_none() && arguments.target.is_none() && !arguments.place.is_there() {
        arguments.ask = Some(None);
    }
    let answer = match (&arguments.target, &arguments.ask) {
        (Some(target), _) => layered(&arguments, target)?,
        (None, Some(said)) => ask_daemon(&arguments, said.as_deref())?,
        (None, None) => ask_files(&arguments, &arguments.question.to_json(Some("json"), true)?)?,
    };
    let told: Value = serde_json::from_str(&answer).map_err(|error| {
        Failure::new(Exit::Io, format!("the answer cannot be read: {error}\n{answer}"))
    })?;
    if arguments.json {
        output::print(&pretty::json(&answer))?;
    } else {
        output::print(&story::text(&told))?;
    }
    let found = told.get("status").is_some_and(|status| status == "ok");
    Ok(if found { Exit::Fine } else { Exit::Findings })
}

/// Has the service answer from the files.
fn ask_files(arguments: &Arguments, question: &Value) -> Result<String, Failure> {
    let service = tables::service(&arguments.place, arguments.without_state)?;
    let channel = Channel {
        protocol: Protocol::Tcp,
        // A story is as long as it is: nothing has to fit into a datagram here.
        reply_max: usize::MAX / 2,
        confirms: true,
        overdue: false,
        may_change: false,
    };
    let mut answer = Vec::new();
    let question = question.to_string();
    let table = service.table();
    let input = Input::Json(question.as_bytes());
    service.respond(&table, &mut Desk::default(), channel, now(), input, &mut answer);
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Has a daemon answer. Its admin port tells without counting a lookup; a lookup port, which is asked
/// where attempts failed, answers as it would a proxy.
fn ask_daemon(arguments: &Arguments, said: Option<&str>) -> Result<String, Failure> {
    let question = arguments.question.to_json(Some("json"), true)?.to_string();
    let parameters = arguments.question.to_query_string();
    let listener = if parameters.is_some() { Listener::Admin } else { Listener::Tcp };
    let at = listener.find(said, &arguments.place)?;
    let told = parameters.and_then(|parameters| {
        let answer = http::get(at, &format!("/explain?{parameters}"), PATIENCE).ok()?;
        matches!(answer.status, 200 | 400).then_some(answer.body)
    });
    let answer = match told {
        Some(answer) => Ok(answer),
        // Over TCP, where a long story fits, else over UDP.
        None => match ask::tcp(at, question.as_bytes(), PATIENCE) {
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                ask::udp(at, question.as_bytes(), PATIENCE)
            }
            answered => answered,
        },
    };
    let answer = answer.map_err(|error| {
        let check = "does `siproute serve` run there, and may this host ask?";
        Failure::io(&error, format!("no answer from {at}; {check}"))
    })?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// The rows that serve a customer's calls to a target, in the form of an answer.
fn layered(arguments: &Arguments, target: &str) -> Result<String, Failure> {
    let target = match Target::parse(target) {
        Target::Never(text) => {
            let help = "write `all`, or + and digits";
            return Err(Failure::usage(format!("`{text}` is no target: {help}")));
        }
        target => target,
    };
    let service = tables::service(&arguments.place, arguments.without_state)?;
    let table = service.table();
    let (question, mut selection) = (&arguments.question, Selection::default());
    let event = Event::default();
    let asked = question::Question {
        tenant: "",
        customer: question.customer.as_deref().unwrap_or("default"),
        number: None,
        event: &event,
        now_ns: moment(question.time.as_deref())?,
        seed: 0,
        active_at_ns: None,
        manner: question::Manner::Native { profiles: 1, terms: question::Terms::default() },
    };
    let wanted = match &target {
        Target::Prefix(digits) => Wanted::Number(digits),
        Target::All | Target::Never(_) => Wanted::All,
    };
    let mut story = Story::new(&table);
    selection.clear(&table);
    layers::choose(&table, &asked, wanted, &mut selection, &mut story);
    for place in &selection.places {
        story.place(place, Reason::Chosen);
    }
    let found = !selection.places.is_empty();
    let answer = json!({
        "status": if found { "ok" } else { "reject" },
        "customer": asked.customer,
        "target": target.to_string(),
        "explain": story.into_lines(),
    });
    Ok(answer.to_string())
}

fn now() -> Moment {
    Clock::start().now()
}

/// A moment as `--time` says it; else now.
fn moment(text: Option<&str>) -> Result<i64, Failure> {
    let Some(text) = text else { return Ok(now().wall_ns) };
    let wrong = || {
        Failure::usage(format!("`{text}` is no time: write it as RFC 3339, 2026-11-21T12:00:00Z"))
    };
    let time: jiff::Timestamp = text.parse().map_err(|_| wrong())?;
    i64::try_from(time.as_nanosecond()).map_err(|_| wrong())
}
