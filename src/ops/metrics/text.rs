//! The exposition format, for what the exporter's own store does not fit.
//!
//! A histogram of the lookup path counts in buckets already: to hand each sample to the exporter once
//! more would cost a scrape the time and memory of every request since the last one. And a label value
//! that is over must vanish at once.

use super::names::Metric;
use crate::live::histogram::Histogram;
use std::fmt::Write;

/// Writes the lines that stand above a metric's samples.
pub(super) fn head(metric: &Metric, out: &mut String) {
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(out, "# HELP {} {}", metric.name, metric.help);
    let _ = writeln!(out, "# TYPE {} {}", metric.name, metric.kind.word());
}

/// Writes one sample of a gauge.
pub(super) fn sample(metric: &Metric, label: &str, text: &str, value: f64, out: &mut String) {
    let _ = writeln!(out, "{}{{{}}} {value}", metric.name, pair(label, text));
}

/// Writes a histogram; `per_second` of its units are a second.
pub(super) fn histogram(
    metric: &Metric,
    labels: &str,
    histogram: &Histogram,
    per_second: f64,
    out: &mut String,
) {
    let name = metric.name;
    let comma = if labels.is_empty() { "" } else { "," };
    let mut bounds = histogram.bounds().iter();
    let (mut count, mut sum) = (0, 0.0);
    for (bucket_count, bucket_sum) in histogram.buckets() {
        count += bucket_count;
        sum += bucket_sum as f64 / per_second;
        let bound = bounds
            .next()
            .map_or_else(|| "+Inf".to_owned(), |bound| (*bound as f64 / per_second).to_string());
        let _ = writeln!(out, "{name}_bucket{{{labels}{comma}le=\"{bound}\"}} {count}");
    }
    let braces = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
    let _ = writeln!(out, "{name}_sum{braces} {sum}");
    let _ = writeln!(out, "{name}_count{braces} {count}");
}

/// `name="value"`, its value escaped.
pub(super) fn pair(name: &str, value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("{name}=\"{value}\"")
}

#[cfg(test)]
mod tests {
    use super::super::names::{PDD, REQUEST_DURATION};
    use super::*;

    #[test]
    fn buckets_add_up_and_the_sum_is_exact() {
        let counted = Histogram::new(&[100, 250]);
        for (value, times) in [(100, 2), (101, 1), (9_000, 3)] {
            counted.record(value, times);
        }
        let mut out = String::new();
        histogram(&PDD, &pair("supplier", "a\"b\\c\nd"), &counted, 1_000.0, &mut out);
        let label = r#"supplier="a\"b\\c\nd""#;
        let want = format!(
            "siproute_pdd_seconds_bucket{{{label},le=\"0.1\"}} 2\n\
             siproute_pdd_seconds_bucket{{{label},le=\"0.25\"}} 3\n\
             siproute_pdd_seconds_bucket{{{label},le=\"+Inf\"}} 6\n\
             siproute_pdd_seconds_sum{{{label}}} 27.301\n\
             siproute_pdd_seconds_count{{{label}}} 6\n"
        );
        assert_eq!(out, want);
        out.clear();
        histogram(&REQUEST_DURATION, "", &Histogram::new(&[]), 1e9, &mut out);
        assert!(out.contains("_bucket{le=\"+Inf\"} 0\n") && out.contains("_count 0\n"), "{out}");
    }
}
