//! `siproute bench`: load for a running daemon, and what it costs there.
//!
//! Closed loop: so many questions are always outstanding; in turn with it, in the same run, the same
//! load on a bare echo thread of ours, since figures of one machine mean little by themselves. Open
//! loop: questions come at a rate, whether answers do or not.

mod closed;
mod cpu;
mod echo;
mod figures;
mod flow;
mod latency;
mod open;
mod request;

use super::address::Listener;
use super::failure::Failure;
use super::question::Question;
use super::settings::Place;
use super::{Done, ask, output};
use crate::model::query::Shape;
use crate::ops::exit::Exit;
use cpu::Threads;
use figures::Figures;
use flow::Tally;
use request::Request;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// How long the last answers may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// Put load on a running daemon: answers a second, latency, CPU per question beside a bare UDP echo
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Without KEY=VALUE the question is Account=1001 Destination=+12125550123.\n\
Latency is from our sending to the arrival of the answer in our socket, in microseconds. CPU is of \
the daemon's threads; on an idle machine a low rate costs more for each question, since cores sleep.\n\
Exit codes: 0 measured, 74 no answer."
)]
pub(super) struct Arguments {
    /// Fields of the event
    #[arg(value_name = "KEY=VALUE")]
    event: Vec<String>,
    /// Shape of the answers
    #[arg(long = "as", value_name = "SHAPE", default_value = "json", value_parser = shapes())]
    shape: String,
    /// Questions outstanding (closed loop)
    #[arg(long, value_name = "N", default_value_t = 16, conflicts_with = "rate",
          value_parser = clap::value_parser!(u32).range(1..=4096))]
    outstanding: u32,
    /// Questions a second, at random moments (open loop)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rate: Option<u32>,
    /// Sockets that they come from
    #[arg(long, value_name = "N", default_value_t = 8,
          value_parser = clap::value_parser!(u32).range(1..=64))]
    flows: u32,
    /// How long to measure
    #[arg(long, value_name = "N", default_value_t = 5,
          value_parser = clap::value_parser!(u32).range(1..=86_400))]
    seconds: u32,
    /// Without the echo beside it (closed loop)
    #[arg(long)]
    no_echo: bool,
    /// The daemon's process, for its CPU time; found by its socket where we may look
    #[arg(long)]
    pid: Option<u32>,
    /// Where to ask; else `listen.udp` of the settings
    #[arg(long, value_name = "ADDR")]
    udp: Option<String>,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// The shapes whose answers say which question they answer.
fn shapes() -> Vec<&'static str> {
    Shape::NAMES.iter().map(|(name, _)| *name).filter(|name| *name != "cgrates").collect()
}

pub(super) fn run(arguments: Arguments) -> Done {
    let target = Listener::Udp.find(arguments.udp.as_deref(), &arguments.place)?;
    let request = Request::new(&arguments.message()?);
    // Says in a second what a whole run would only show by its losses.
    ask::udp(target, &request.sample(), PATIENCE).map_err(|error| no_answer(target, &error))?;
    let daemon = arguments.pid.or_else(|| cpu::process_on(target)).map(Threads::of_process);
    let load = Load { target, request, daemon, flows: arguments.flows as usize };
    let figures = match arguments.rate {
        Some(rate) => load.open(rate, arguments.seconds),
        None => load.closed(arguments.outstanding, arguments.seconds, !arguments.no_echo),
    };
    let figures = figures.map_err(|error| Failure::io(&error, "the load cannot be made"))?;
    output::print(&if arguments.json { figures.to_json() } else { figures.to_text() })?;
    Ok(if figures.is_empty() { Exit::Io } else { Exit::Fine })
}

impl Arguments {
    fn message(&self) -> Result<serde_json::Value, Failure> {
        let mut event = self.event.clone();
        if event.is_empty() {
            event = ["Account=1001", "Destination=+12125550123"].map(str::to_owned).to_vec();
        }
        Question::of(event).to_json(Some(&self.shape), false)
    }
}

fn no_answer(target: SocketAddr, error: &io::Error) -> Failure {
    let check = "does `siproute serve` run there, and may this host ask?";
    Failure::io(error, format!("no answer from udp {target}; {check}"))
}

/// What is asked, of whom, from how many sockets.
struct Load {
    target: SocketAddr,
    request: Request,
    daemon: Option<Threads>,
    flows: usize,
}

impl Load {
    fn open(&self, rate: u32, seconds: u32) -> io::Result<Figures> {
        let time = Duration::from_secs(seconds.into());
        let before = self.cpu_ns();
        let tally = open::run(self.target, &self.request, self.flows, rate, time)?;
        Ok(Figures::open(rate, self.flows, round_of(tally, time, before, self.cpu_ns())))
    }

    fn closed(&self, outstanding: u32, seconds: u32, echo: bool) -> io::Result<Figures> {
        let mut daemon = closed::Side::new(self.target, self.flows, outstanding as usize)?;
        let warm = daemon.round(&self.request, closed::WARM_UP)?;
        let echo = echo.then(|| echo::spawn(warm.answer_bytes())).transpose()?;
        let mut beside = match &echo {
            Some(echo) => {
                let mut side = closed::Side::new(echo.address, self.flows, outstanding as usize)?;
                side.round(&self.request, closed::WARM_UP)?;
                Some((side, &echo.threads))
            }
            None => None,
        };
        let time = Duration::from_secs(seconds.into());
        let sides = if beside.is_some() { 2 } else { 1 };
        let turns = (time.as_millis() / closed::ROUND.as_millis() / sides).max(1);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..turns {
            let before = self.cpu_ns();
            let tally = daemon.round(&self.request, closed::ROUND)?;
            ours.push(round_of(tally, closed::ROUND, before, self.cpu_ns()));
            if let Some((side, threads)) = &mut beside {
                let before = threads.cpu_ns();
                let tally = side.round(&self.request, closed::ROUND)?;
                theirs.push(round_of(tally, closed::ROUND, before, threads.cpu_ns()));
            }
        }
        Ok(Figures::closed(outstanding, self.flows, ours, theirs))
    }

    fn cpu_ns(&self) -> Option<u64> {
        self.daemon.as_ref().and_then(Threads::cpu_ns)
    }
}

/// One measured stretch.
struct Round {
    tally: Tally,
    time: Duration,
    cpu_ns: Option<u64>,
}

fn round_of(tally: Tally, time: Duration, before: Option<u64>, after: Option<u64>) -> Round {
    let cpu_ns = after.zip(before).and_then(|(after, before)| after.checked_sub(before));
    Round { tally, time, cpu_ns }
}
