//! Tables that are replaced while they are asked: every answer is wholly one of them.
//!
//! Alone in its file, so that no other test of this crate runs beside what is measured.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use crate::support::daemon::Daemon;
    use crate::support::figures;
    use crate::support::folder::{Folder, table};
    use serde_json::{Value, json};
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
    use std::sync::{Arc, OnceLock};
    use std::time::{Duration, Instant};

    const LOOKUPS: usize = 10_000;
    const BETWEEN_LOOKUPS: Duration = Duration::from_millis(1);
    const BETWEEN_FLIPS: Duration = Duration::from_millis(200);
    /// What takes as long was stalled.
    const LONGEST: Duration = Duration::from_millis(50);
    const LOST_MAX: usize = LOOKUPS / 100;
    const FROZEN: Duration = Duration::from_secs(1);
    /// Every so many flips the file is a corrupt one for a while.
    const CORRUPT: usize = 5;

    /// Says stop when it goes, also when something before it panicked.
    struct Finally<'a>(&'a AtomicBool);

    impl Drop for Finally<'_> {
        fn drop(&mut self) {
            self.0.store(true, Relaxed);
        }
    }

    /// Flips the file until told to stop; how often it was good, and corrupt.
    fn flip(folder: &Folder, stop: &AtomicBool) -> (usize, usize) {
        let versions = ["A", "B"].map(|mark| table(mark, &[60, 60, 60, 60]));
        // At the boundary of a row: good TOML, and most rows are gone.
        let cut = &versions[0][..versions[0].match_indices("[[route]]").nth(20).unwrap().0];
        let (mut good, mut corrupt) = (0, 0);
        while !stop.load(Relaxed) {
            if (good + corrupt) % CORRUPT == CORRUPT - 1 {
                // In turn: no TOML at all, and a file that lost its end.
                folder.replace("routes.toml", if corrupt % 2 == 0 { "[[route" } else { cut });
                corrupt += 1;
            } else {
                good += 1;
                folder.replace("routes.toml", &versions[good % 2]);
            }
            std::thread::sleep(BETWEEN_FLIPS);
        }
        (good, corrupt)
    }

    /// The mark of the table that an answer is wholly of.
    fn mark_of(answer: &Value) -> String {
        assert_eq!(answer["status"], "ok", "{answer}");
        let routes = answer["routes"].as_array().unwrap();
        assert_eq!(routes.len(), 4, "{answer}");
        let marks: BTreeSet<&str> =
            routes.iter().map(|route| route["parameters"].as_str().unwrap()).collect();
        assert_eq!(marks.len(), 1, "an answer of two tables: {answer}");
        marks.into_iter().collect()
    }

    #[test]
    fn ten_thousand_lookups_while_the_table_flips_are_each_wholly_of_one_table() {
        let folder = Folder::new("swap");
        folder.write("routes.toml", &table("A", &[60, 60, 60, 60]));
        let mut daemon = Daemon::start(
            &folder.settings("[tables]\nstate_dir = \"state\"\n[limits]\ndeadline_ms = 10000\n"),
        );
        let client = daemon.client();
        let receiver = client.try_clone().unwrap();
        let sent: Arc<Vec<OnceLock<Instant>>> =
            Arc::new((0..LOOKUPS).map(|_| OnceLock::new()).collect());

        let arrivals = Arc::clone(&sent);
        let receiving = std::thread::spawn(move || {
            let mut answers = Vec::with_capacity(LOOKUPS);
            let mut buffer = [0; 8192];
            while answers.len() < LOOKUPS {
                let Ok(len) = receiver.recv(&mut buffer) else { break };
                let at = Instant::now();
                let answer: Value = serde_json::from_slice(&buffer[..len]).unwrap();
                let id: usize = answer["id"].as_str().unwrap()[1..].parse().unwrap();
                answers.push((at - *arrivals[id].get().unwrap(), answer));
            }
            answers
        });
        let stop = AtomicBool::new(false);
        let (good, corrupt) = std::thread::scope(|scope| {
            let flipping = scope.spawn(|| flip(&folder, &stop));
            let stopping = Finally(&stop);
            let start = Instant::now();
            for (number, at) in sent.iter().enumerate() {
                let due = start + BETWEEN_LOOKUPS * u32::try_from(number).unwrap();
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                let question = json!({
                    "id": format!("q{number}"),
                    "event": {"Destination": "+4930123456"},
                });
                let question = question.to_string();
                at.set(Instant::now()).unwrap();
                client.send(question.as_bytes()).unwrap();
            }
            drop(stopping);
            flipping.join().unwrap()
        });
        let answers = receiving.join().unwrap();
        // The kernel drops what this test does not read in time, when the machine stops for a tenth of a second.
        let lost = LOOKUPS - answers.len();
        assert!(lost <= LOST_MAX, "{lost} answers are lost; {}", daemon.log());

        // The fingerprint says which table it is, the generation which publication of it.
        let mut of_fingerprint: BTreeMap<String, String> = BTreeMap::new();
        let mut of_generation: BTreeMap<u64, String> = BTreeMap::new();
        for (_, answer) in &answers {
            let mark = mark_of(answer);
            let fingerprint = answer["table"].as_str().unwrap().to_owned();
            let generation = answer["generation"].as_u64().unwrap();
            let known = of_fingerprint.entry(fingerprint).or_insert_with(|| mark.clone());
            assert_eq!(*known, mark, "{answer}");
            let known = of_generation.entry(generation).or_insert_with(|| mark.clone());
            assert_eq!(*known, mark, "{answer}");
        }
        assert_eq!(of_fingerprint.len(), 2);
        let seen = of_generation.len();
        assert!(seen * 2 > good, "{seen} tables were seen of {good} flips:\n{}", daemon.log());
        let refused = daemon.log().matches("reload refused").count();
        assert!(refused > 0 && corrupt > 0, "{corrupt} corrupt files, {refused} refusals");
        assert!(daemon.is_alive());

        // A swap that stalls lookups stalls them at each flip; a machine that stops for a moment, as virtual ones
        // do, now and then.
        let is_slow = |at: usize| answers.get(at).is_some_and(|(took, _)| *took >= LONGEST);
        let stalls = (0..LOOKUPS).filter(|at| is_slow(*at) && !is_slow(at.wrapping_sub(1))).count();
        let mut took: Vec<Duration> = answers.iter().map(|(took, _)| *took).collect();
        took.sort_unstable();
        let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_micros();
        figures::leave(
            "swap",
            &format!(
                "swap under load: {LOOKUPS} lookups, {good} flips, {corrupt} corrupt files, {refused} \
                 refusals, {seen} tables seen; microseconds p50 {} p99 {} p99.9 {} most {}",
                at(0.5),
                at(0.99),
                at(0.999),
                at(1.0)
            ),
        );
        let longest = took[took.len() - 1];
        assert!(stalls * 4 < good, "{stalls} stalls in {good} flips, the longest {longest:?}");
        assert!(longest < FROZEN, "{longest:?}");
    }
}
