//! The figures of a run, as text and as JSON.
//!
//! Over rounds: the lower quartile for costs (contention only ever adds), the upper one for rates.

use super::super::columns::align;
use super::Round;
use super::flow::Tally;
use serde_json::{Value, json};

/// The ratio of CPU for a question to the echo's that we want, and the one that is too much.
const RATIO_TARGET: f64 = 1.10;
const RATIO_FAILS: f64 = 1.25;

const PERCENTILES: [(&str, f64); 4] =
    [("p50", 50.0), ("p90", 90.0), ("p99", 99.0), ("p99.9", 99.9)];

/// What was measured.
pub(super) struct Figures {
    load: Value,
    heading: String,
    daemon: Side,
    echo: Option<Side>,
}

/// One server's figures.
struct Side {
    whole: Tally,
    rate: f64,
    cpu_us: Option<f64>,
    p50_us: Option<f64>,
}

impl Side {
    fn of(rounds: &[Round]) -> Self {
        let mut whole = Tally::default();
        for round in rounds {
            whole.merge(&round.tally);
        }
        let cost = |of: fn(&Round) -> Option<f64>| quartile(rounds.iter().filter_map(of), 0.25);
        let rate = |round: &Round| round.tally.answers() as f64 / round.time.as_secs_f64();
        Self {
            whole,
            rate: quartile(rounds.iter().map(rate), 0.75).unwrap_or(0.0),
            cpu_us: cost(|round| {
                let answers = Some(round.tally.answers()).filter(|answers| *answers > 0)?;
                Some(round.cpu_ns? as f64 / 1000.0 / answers as f64)
            }),
            p50_us: cost(|round| Some(round.tally.latencies.percentile(50.0)? as f64 / 1000.0)),
        }
    }

    fn latencies_us(&self) -> [Option<f64>; 4] {
        PERCENTILES.map(|(_, percent)| {
            self.whole.latencies.percentile(percent).map(|ns| ns as f64 / 1000.0)
        })
    }

    fn row(&self, name: &str) -> Vec<String> {
        let figure = |value: Option<f64>| value.map_or_else(|| "?".into(), |us| format!("{us:.1}"));
        let mut row = vec![name.to_owned(), format!("{:.0}", self.rate), figure(self.cpu_us)];
        row.extend(self.latencies_us().map(figure));
        row.push(self.whole.lost.to_string());
        row
    }

    fn to_json(&self) -> Value {
        let latencies: serde_json::Map<String, Value> = PERCENTILES
            .iter()
            .zip(self.latencies_us())
            .map(|((name, _), us)| ((*name).to_owned(), json!(us.map(tenth))))
            .collect();
        json!({
            "sent": self.whole.sent,
            "answers": self.whole.answers(),
            "lost": self.whole.lost,
            "answer_bytes": self.whole.answer_bytes(),
            "answers_per_s": self.rate.round(),
            "cpu_us": self.cpu_us.map(hundredth),
            "latency_us": latencies,
        })
    }
}

impl Figures {
    pub(super) fn closed(
        outstanding: u32,
        flows: usize,
        daemon: Vec<Round>,
        echo: Vec<Round>,
    ) -> Self {
        let rounds = daemon.len();
        let beside = if echo.is_empty() { "" } else { ", in turn with a bare echo thread" };
        Self {
            load: json!({ "loop": "closed", "outstanding": outstanding, "flows": flows, "rounds": rounds }),
            heading: format!(
                "closed loop, {outstanding} outstanding from {flows} sockets, {rounds} rounds of {:?}{beside}",
                super::closed::ROUND
            ),
            daemon: Side::of(&daemon),
            echo: Some(Side::of(&echo)).filter(|_| !echo.is_empty()),
        }
    }

    pub(super) fn open(rate: u32, flows: usize, round: Round) -> Self {
        Self {
            load: json!({ "loop": "open", "rate": rate, "flows": flows }),
            heading: format!("open loop, {rate} questions a second from {flows} sockets"),
            daemon: Side::of(&[round]),
            echo: None,
        }
    }

    /// Whether nothing was answered.
    pub(super) fn is_empty(&self) -> bool {
        self.daemon.whole.answers() == 0
    }

    /// CPU and median latency of the daemon in relation to the echo's.
    fn ratios(&self) -> (Option<f64>, Option<f64>) {
        let of = |ours: Option<f64>, theirs: Option<f64>| {
            let (ours, theirs) = ours.zip(theirs)?;
            (theirs > 0.0).then_some(ours / theirs)
        };
        let Some(echo) = &self.echo else { return (None, None) };
        (of(self.daemon.cpu_us, echo.cpu_us), of(self.daemon.p50_us, echo.p50_us))
    }

    pub(super) fn to_json(&self) -> String {
        let (cpu, p50) = self.ratios();
        let mut figures = self.load.clone();
        if let Some(members) = figures.as_object_mut() {
            members.insert("daemon".into(), self.daemon.to_json());
            members.insert("refused".into(), json!(self.daemon.whole.refused));
            if let Some(echo) = &self.echo {
                members.insert("echo".into(), echo.to_json());
                let ratio = json!({
                    "cpu": cpu.map(hundredth), "p50": p50.map(hundredth), "cpu_target": RATIO_TARGET, "cpu_fails": RATIO_FAILS,
                });
                members.insert("ratio".into(), ratio);
            }
            if self.daemon.whole.lateness.count() > 0 {
                members.insert("late_us".into(), json!(tenth(self.late_us())));
            }
        }
        format!("{figures:#}")
    }

    fn late_us(&self) -> f64 {
        self.daemon.whole.lateness.percentile(99.0).unwrap_or(0) as f64 / 1000.0
    }

    pub(super) fn to_text(&self) -> String {
        let mut rows: Vec<Vec<String>> = vec![
            ["", "answers/s", "CPU µs", "p50 µs", "p90", "p99", "p99.9", "lost"]
                .map(str::to_owned)
                .to_vec(),
        ];
        rows.push(self.daemon.row("siproute"));
        let (cpu, p50) = self.ratios();
        if let Some(echo) = &self.echo {
            rows.push(echo.row("echo"));
            let figure = |ratio: Option<f64>| {
                ratio.map_or_else(|| "?".into(), |ratio| format!("{ratio:.2}×"))
            };
            rows.push(vec![
                "ratio".into(),
                figure(Some(self.daemon.rate / echo.rate.max(1.0))),
                figure(cpu),
                figure(p50),
            ]);
        }
        let mut lines = vec![self.heading.clone(), align(2, &rows).trim_end().to_owned()];
        let whole = &self.daemon.whole;
        lines.push(format!(
            "{} questions, {} answers of {} bytes",
            whole.sent,
            whole.answers(),
            whole.answer_bytes()
        ));
        if whole.refused > 0 {
            lines.push(format!(
                "{} answers were refusals: `siproute query` shows one",
                whole.refused
            ));
        }
        if whole.lateness.count() > 0 {
            lines.push(format!(
                "99 % of the questions were sent at most {:.0} µs late",
                self.late_us()
            ));
        }
        match cpu {
            Some(cpu) => lines.push(format!(
                "CPU for each question {cpu:.2}× the echo's: target {RATIO_TARGET:.2}×, {}",
                if cpu > RATIO_FAILS {
                    "too much"
                } else if cpu > RATIO_TARGET {
                    "missed"
                } else {
                    "met"
                }
            )),
            None if self.daemon.cpu_us.is_none() => {
                lines.push("CPU of the daemon is unknown here: name its process with --pid".into());
            }
            None => {}
        }
        lines.join("\n")
    }
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn hundredth(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// The value below which this share of all lies.
fn quartile(values: impl Iterator<Item = f64>, share: f64) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    values.get((last as f64 * share).round() as usize).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quartile_leaves_a_quarter_on_its_side() {
        let values = || [5.0, 1.0, 4.0, 2.0, 3.0].into_iter();
        assert_eq!(quartile(values(), 0.25), Some(2.0));
        assert_eq!(quartile(values(), 0.75), Some(4.0));
        assert_eq!(quartile([7.0].into_iter(), 0.25), Some(7.0));
        assert_eq!(quartile(std::iter::empty(), 0.25), None);
    }
}
