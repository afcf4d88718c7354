//! What a lookup costs among few and among many profiles, over JSON-RPC and over UDP.
//!
//! One question is in flight: these are times of the whole way, of which the kernel is the largest part;
//! the echo of `siproute bench` says how large. Instructions are the program's own, counted by callgrind.
//!
//! Alone in its file, so that no other test of this crate runs beside what is measured.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use crate::support::figures;
    use crate::support::folder::Folder;
    use crate::support::site::{Setup, Site};
    use std::fmt::Write;
    use std::process::Command;
    use std::time::Instant;

    const SIZES: [usize; 3] = [10, 10_000, 100_000];
    /// The most that a hundred thousand profiles may cost, in times that ten cost.
    const MOST: f64 = 3.0;
    const ROUNDS: usize = 60;
    const LOOKUPS: usize = 100;
    /// Under callgrind everything takes fifty times as long.
    const COUNTED: usize = 500;

    /// A siproute whose tariff plan has so many profiles, each for one account, each with three routes; its
    /// instructions are counted or not.
    fn site(profiles: usize, counted: bool) -> Site {
        let folder = Folder::new("cgrates-speed");
        let mut rows = String::from(
            "#Tenant,ID,FilterIDs,ActivationInterval,Sorting,SortingParameters,RouteID,RouteFilterIDs,RouteAccountIDs,RouteRatingPlanIDs,RouteResourceIDs,RouteStatIDs,RouteWeight,RouteBlocker,RouteParameters,Weight\n",
        );
        for profile in 0..profiles {
            let filter = format!("*string:~*req.Account:A{profile}");
            writeln!(rows, "cgrates.org,P{profile},{filter},,*weight,,alfa,,,,,,10,,,10").unwrap();
            writeln!(rows, "cgrates.org,P{profile},,,,,bravo,,,,,,30,,,").unwrap();
            writeln!(rows, "cgrates.org,P{profile},,,,,charlie,,,,,,20,,,").unwrap();
        }
        std::fs::create_dir_all(folder.path("plan")).unwrap();
        folder.write("plan/Routes.csv", &rows);
        let out = format!("--callgrind-out-file={}", folder.path("callgrind.out").display());
        let under = if counted {
            vec!["valgrind", "--quiet", "--tool=callgrind", &out]
        } else {
            Vec::new()
        };
        Setup { tables: "cgrates = [\"plan\"]\n".to_owned(), ..Setup::default() }
            .start_in(folder, &under)
    }

    /// Accounts in an order that no cache foresees.
    fn account(number: usize, profiles: usize) -> usize {
        (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) as usize % profiles
    }

    /// One lookup after another over JSON-RPC.
    fn by_jsonrpc(site: &Site, profiles: usize) -> impl FnMut(usize) {
        let mut rpc = site.connect();
        move |number| {
            let account = account(number, profiles);
            let params = format!(
                r#"{{"Tenant":"cgrates.org","ID":"q{number}","Event":{{"Account":"A{account}","Destination":"+4930123456"}}}}"#
            );
            let reply = rpc.call("RouteSv1.GetRoutes", &params).unwrap();
            let head = format!(
                r#"[{{"ProfileID":"P{account}","Sorting":"*weight","Routes":[{{"RouteID":"bravo","RouteParameters":"","SortingData":{{"Weight":30}}}},"#
            );
            let result = reply.result.as_ref().map_or("", |result| result.get());
            assert!(result.starts_with(&head), "{}", reply.raw);
        }
    }

    /// Likewise as native questions over UDP.
    fn by_udp(site: &Site, profiles: usize) -> impl FnMut(usize) {
        let client = site.daemon.client();
        let mut buffer = vec![0; 65_536];
        move |number| {
            let account = account(number, profiles);
            let question = format!(
                r#"{{"id":"q{number}","event":{{"Account":"A{account}","Destination":"+4930123456"}}}}"#
            );
            client.send(question.as_bytes()).unwrap();
            let length = client.recv(&mut buffer).unwrap();
            let answer = std::str::from_utf8(&buffer[..length]).unwrap();
            assert!(answer.contains(&format!("\"profile\":\"P{account}\"")), "{answer}");
        }
    }

    /// A kind of lookup, and the least microseconds that one of a round took: whatever disturbs only adds.
    struct Timed<'s> {
        lookup: Box<dyn FnMut(usize) + 's>,
        least: f64,
    }

    impl<'s> Timed<'s> {
        fn new(mut lookup: impl FnMut(usize) + 's) -> Self {
            (0..10 * LOOKUPS).for_each(&mut lookup);
            Self { lookup: Box::new(lookup), least: f64::INFINITY }
        }

        fn round(&mut self, round: usize) {
            let start = Instant::now();
            (0..LOOKUPS).for_each(|number| (self.lookup)(round * LOOKUPS + number));
            self.least = self.least.min(start.elapsed().as_secs_f64() * 1e6 / LOOKUPS as f64);
        }
    }

    /// Microseconds for an echo over UDP, from the program's own bench.
    fn echo(site: &Site) -> f64 {
        let output = Command::new(env!("CARGO_BIN_EXE_siproute"))
            .args([
                "bench",
                "--json",
                "--outstanding",
                "1",
                "--flows",
                "1",
                "--seconds",
                "2",
                "--udp",
            ])
            .arg(site.daemon.udp.unwrap().to_string())
            .args(["Account=A1", "Destination=+4930123456"])
            .output()
            .unwrap();
        let figures: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        figures["echo"]["latency_us"]["p50"].as_f64().unwrap()
    }

    /// Instructions of the program for one lookup; `None` without callgrind.
    fn instructions(site: &Site, mut lookup: impl FnMut(usize)) -> Option<u64> {
        let control = |what: &str| {
            let id = site.daemon.id().to_string();
            Command::new("callgrind_control")
                .args([what, &id])
                .output()
                .ok()?
                .status
                .success()
                .then_some(())
        };
        (0..COUNTED).for_each(&mut lookup);
        control("--zero")?;
        (0..COUNTED).for_each(&mut lookup);
        control("--dump")?;
        let dumps = std::fs::read_dir(site.path("")).unwrap().map(|file| file.unwrap().path());
        let newest = dumps
            .filter(|path| {
                path.file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with("callgrind."))
            })
            .max_by_key(|path| path.metadata().and_then(|file| file.modified()).unwrap())?;
        let text = std::fs::read_to_string(newest).unwrap();
        let total = text.lines().find_map(|line| line.strip_prefix("totals: "))?;
        Some(total.trim().parse::<u64>().unwrap() / COUNTED as u64)
    }

    fn times() {
        let sites = SIZES.map(|profiles| site(profiles, false));
        let mut timed: Vec<[Timed; 2]> = (sites.iter().zip(SIZES))
            .map(|(site, profiles)| {
                [Timed::new(by_jsonrpc(site, profiles)), Timed::new(by_udp(site, profiles))]
            })
            .collect();
        // In turns, so that what disturbs for a while disturbs all alike.
        for round in 0..ROUNDS {
            timed.iter_mut().flatten().for_each(|one| one.round(round));
        }
        let lines: Vec<String> = (sites.iter().zip(SIZES).zip(&timed))
            .map(|((site, profiles), [rpc, udp])| {
                format!(
                    "*weight, 3 routes, {profiles} profiles: {:.1} µs over JSON-RPC, {:.1} µs over UDP, echo {:.1} µs",
                    rpc.least,
                    udp.least,
                    echo(site)
                )
            })
            .collect();
        figures::leave("cgrates-time", &lines.join("\n"));
        for (place, protocol) in ["JSON-RPC", "UDP"].into_iter().enumerate() {
            let ratio = timed[2][place].least / timed[0][place].least;
            assert!(
                ratio < MOST,
                "{protocol}: 100,000 profiles cost {ratio:.1} times what 10 cost"
            );
        }
    }

    fn counts() {
        // Where the program is not optimised they say nothing, and take long.
        if cfg!(debug_assertions) || Command::new("valgrind").arg("--version").output().is_err() {
            return figures::leave("cgrates-instructions", "instructions: not counted here");
        }
        let (mut lines, mut counts) = (Vec::new(), Vec::new());
        // A hundred thousand profiles take too long to load here.
        for profiles in [SIZES[0], SIZES[1]] {
            let site = site(profiles, true);
            let rpc = instructions(&site, by_jsonrpc(&site, profiles));
            let udp = instructions(&site, by_udp(&site, profiles));
            let (Some(rpc), Some(udp)) = (rpc, udp) else {
                return figures::leave(
                    "cgrates-instructions",
                    "instructions: callgrind_control fails",
                );
            };
            lines.push(format!(
                "*weight, 3 routes, {profiles} profiles: {rpc} instructions over JSON-RPC, {udp} over UDP"
            ));
            counts.push([rpc, udp]);
        }
        figures::leave("cgrates-instructions", &lines.join("\n"));
        for (few, many) in counts[0].iter().zip(counts[1]) {
            assert!(many < 3 * few, "{many} instructions among 10,000 profiles, {few} among 10");
        }
    }

    #[test]
    fn many_profiles_cost_little_more_than_few() {
        // One after the other, so that neither disturbs the other.
        times();
        counts();
    }
}
