//! What all calls of the run came to, left where the test command shows it.

use crate::support::figures;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Calls made, carried by a second supplier, carried by the fallback set.
type Counts = [usize; 3];

static TALLY: Mutex<BTreeMap<&str, Counts>> = Mutex::new(BTreeMap::new());

/// The way through the script that these defines choose.
pub fn way(defines: &[&str]) -> &'static str {
    if defines.contains(&"WITH_HTTP") {
        "HTTP, gateways"
    } else if defines.contains(&"WITH_DISPATCHER") {
        "UDP, dispatcher sets"
    } else {
        "UDP, gateways"
    }
}

/// Adds calls to what the run has made so far.
pub fn add(way: &'static str, counts: Counts) {
    let Ok(mut tally) = TALLY.lock() else { return };
    let sums = tally.entry(way).or_default();
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum += count;
    }
    let lines: Vec<String> = tally
        .iter()
        .map(|(way, [made, failed_over, fallback])| {
            format!(
                "Kamailio, {way}: {made} calls, {failed_over} failed over to the second supplier, \
                 {fallback} carried by the fallback set"
            )
        })
        .collect();
    figures::leave("kamailio", &lines.join("\n"));
}

/// Says that a way was not run, and why.
pub fn not_run(way: &str) {
    figures::leave(
        "kamailio-not-run",
        &format!(
            "Kamailio, {way}: references checked, no call made: http_async_client is not installed \
             (SIPROUTE_KAMAILIO_MODULES names its folder)"
        ),
    );
}
