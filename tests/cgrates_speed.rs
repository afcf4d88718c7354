//! What a lookup costs among few and among many profiles, over JSON-RPC and over UDP.
//!
//! Alone in its file, so that no other test of this crate runs beside what is measured.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use crate::support::figures;
    use crate::support::folder::Folder;
    use crate::support::site::{Setup, Site};
    use crate::support::speed::{Timed, callgrind, can_count, echo, instructions};
    use std::fmt::Write;

    const SIZES: [usize; 3] = [10, 10_000, 100_000];
    /// The most that a hundred thousand profiles may cost, in times that ten cost.
    const MOST: f64 = 3.0;

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
        let under = callgrind(&folder);
        let under: Vec<&str> = under.iter().filter(|_| counted).map(String::as_str).collect();
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

    fn times() {
        let sites = SIZES.map(|profiles| site(profiles, false));
        let mut timed: Vec<[Timed; 2]> = (sites.iter().zip(SIZES))
            .map(|(site, profiles)| {
                [Timed::new(by_jsonrpc(site, profiles)), Timed::new(by_udp(site, profiles))]
            })
            .collect();
        Timed::all(timed.iter_mut().flatten());
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
        if !can_count() {
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
