//! What prices cost: a lookup that sorts its routes by them, and a folder with a million of them.
//!
//! `*lc` is compared with `*weight` over the same routes, asked the same question and answered in the same
//! order, so that the difference is the price of prices. Times are of the whole way and say how that feels;
//! instructions are the program's own and are what a regression shows in.
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
    use serde_json::Value;
    use std::fmt::Write;
    use std::sync::{Mutex, PoisonError};

    const ROUTES: [usize; 3] = [3, 10, 50];
    const SORTINGS: [&str; 2] = ["*weight", "*lc"];
    /// Prefixes of each plan of a lookup.
    const PREFIXES: usize = 300;
    /// The most instructions that a price may add to a route: twice the 3,700 that it added in November 2026.
    const INSTRUCTIONS_MAX: f64 = 7_400.0;
    /// The most that a lookup by price may take, in times that one by weight takes: twice what fifty routes took.
    /// Wall time of a busy machine is no finer measure: instructions are.
    const TIMES_MAX: f64 = 6.0;

    /// Carriers in a large folder, each with a plan of its own.
    const PLANS: usize = 20;
    const RATES: usize = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };
    /// Prices that differ in a large folder.
    const PRICES: usize = 2_000;
    /// CGRateS needs 10.5 s where this needs 1.5: what is allowed is for busy machines.
    const LOAD_SECONDS_MAX: f64 = 20.0;
    /// CGRateS needs 705, this about 140.
    const RATE_BYTES_MAX: f64 = 250.0;

    /// Held by whoever measures, so that neither test disturbs the other.
    static ALONE: Mutex<()> = Mutex::new(());

    /// A place that says nothing about the order: what is cheap must not stand first in the file.
    fn shuffled(route: usize) -> usize {
        (route * 37 + 11) % 50
    }

    /// The routes of a profile, the cheapest first.
    fn in_order(routes: usize) -> Vec<String> {
        let mut order: Vec<usize> = (0..routes).collect();
        order.sort_by_key(|route| shuffled(*route));
        order.iter().map(|route| format!("r{route}")).collect()
    }

    fn profile(sorting: &str, routes: usize) -> String {
        format!("{}{routes}", sorting.trim_start_matches('*'))
    }

    /// Profiles by weight and by price, each for an account that is called like it. The weights give the
    /// order that the prices give.
    fn write_profiles(folder: &Folder) {
        let mut rows = String::new();
        for (routes, sorting) in pairs() {
            let id = profile(sorting, routes);
            for route in 0..routes {
                // The first row says what holds for the profile.
                let (filter, named, weight) = match route {
                    0 => (format!("*string:~*req.Account:{id}"), sorting, "10"),
                    _ => (String::new(), "", ""),
                };
                let heavy = 100 - shuffled(route);
                // A route that has a plan is priced whatever sorts it.
                let plan = if sorting == "*lc" { format!("RP{route}") } else { String::new() };
                writeln!(
                    rows,
                    "cgrates.org,{id},{filter},,{named},,r{route},,,{plan},,,{heavy},,,{weight}"
                )
                .unwrap();
            }
        }
        folder.write("plan/Routes.csv", &rows);
    }

    /// A plan for each route, with the same prefixes and prices of its own.
    fn write_plans(folder: &Folder) {
        let mut destinations = String::new();
        for number in 0..PREFIXES {
            writeln!(destinations, "D{number},+49{}", 1000 + number).unwrap();
        }
        let (mut prices, mut rates, mut plans) = (String::new(), String::new(), String::new());
        for route in 0..ROUTES[2] {
            writeln!(plans, "RP{route},DR{route},*any,10").unwrap();
            for number in 0..PREFIXES {
                // Prefixes differ less than plans do.
                let price = 0.01 + shuffled(route) as f64 / 100.0 + number as f64 / 100_000.0;
                writeln!(prices, "R{route}_{number},0.01,{price:.5},60s,1s,0s").unwrap();
                writeln!(rates, "DR{route},D{number},R{route}_{number},*up,4,0,").unwrap();
            }
        }
        folder.write("plan/Destinations.csv", &destinations);
        folder.write("plan/Rates.csv", &prices);
        folder.write("plan/DestinationRates.csv", &rates);
        folder.write("plan/RatingPlans.csv", &plans);
    }

    /// Every number of routes with every sorting.
    fn pairs() -> impl Iterator<Item = (usize, &'static str)> {
        ROUTES.into_iter().flat_map(|routes| SORTINGS.map(|sorting| (routes, sorting)))
    }

    /// A siproute with all profiles; its instructions are counted or not.
    fn site(counted: bool) -> Site {
        let folder = Folder::new("cost-speed");
        std::fs::create_dir_all(folder.path("plan")).unwrap();
        write_profiles(&folder);
        write_plans(&folder);
        let under = callgrind(&folder);
        let under: Vec<&str> = under.iter().filter(|_| counted).map(String::as_str).collect();
        Setup {
            tables: "cgrates = [\"plan\"]\n".to_owned(),
            // Fifty routes with all that is known of them are longer than the answers of a default.
            limits: "udp_reply_max = 65507\n".to_owned(),
            ..Setup::default()
        }
        .start_in(folder, &under)
    }

    /// A call to one of the prefixes after the other.
    fn event(account: &str, number: usize) -> String {
        let prefix = 1000 + number * 7 % PREFIXES;
        format!(
            r#"{{"Account":"{account}","Destination":"+49{prefix}123456","SetupTime":"2026-01-01T00:00:00Z","Usage":"80s"}}"#
        )
    }

    /// One lookup after another over JSON-RPC; each answer begins with the cheapest route.
    fn by_jsonrpc(site: &Site, routes: usize, sorting: &str) -> impl FnMut(usize) + use<> {
        let mut rpc = site.connect();
        let id = profile(sorting, routes);
        let first = &in_order(routes)[0];
        let head = format!(
            r#"[{{"ProfileID":"{id}","Sorting":"{sorting}","Routes":[{{"RouteID":"{first}","#
        );
        move |number| {
            let event = event(&id, number);
            let params = format!(r#"{{"Tenant":"cgrates.org","ID":"q{number}","Event":{event}}}"#);
            let reply = rpc.call("RouteSv1.GetRoutes", &params).unwrap();
            let result = reply.result.as_ref().map_or("", |result| result.get());
            assert!(result.starts_with(&head), "{}", reply.raw);
        }
    }

    /// Likewise as native questions over UDP.
    fn by_udp(site: &Site, routes: usize, sorting: &str) -> impl FnMut(usize) + use<> {
        let client = site.daemon.client();
        let mut buffer = vec![0; 65_536];
        let id = profile(sorting, routes);
        let first = format!(r#""routes":[{{"id":"{}","#, in_order(routes)[0]);
        move |number| {
            let question = format!(r#"{{"id":"q{number}","event":{}}}"#, event(&id, number));
            client.send(question.as_bytes()).unwrap();
            let length = client.recv(&mut buffer).unwrap();
            let answer = std::str::from_utf8(&buffer[..length]).unwrap();
            assert!(answer.contains(&first), "{answer}");
        }
    }

    /// Whole answers, once: all routes are there, the cheaper before the dearer, and prices say so.
    fn answers_are_ordered(site: &Site) {
        let mut rpc = site.connect();
        for (routes, sorting) in pairs() {
            let event = event(&profile(sorting, routes), 5);
            let params = format!(r#"{{"Tenant":"cgrates.org","ID":"q","Event":{event}}}"#);
            let result = rpc.result("RouteSv1.GetRoutes", &params);
            let result: Value = serde_json::from_str(&result).unwrap();
            check_order(&result[0]["Routes"], "RouteID", "SortingData", routes, sorting);
            let answer = site.daemon.ask(&serde_json::from_str(&event).unwrap());
            check_order(&answer["routes"], "id", "sorting_data", routes, sorting);
        }
    }

    fn check_order(list: &Value, id: &str, data: &str, routes: usize, sorting: &str) {
        let list = list.as_array().unwrap();
        let ids: Vec<&str> = list.iter().map(|route| route[id].as_str().unwrap()).collect();
        assert_eq!(ids, in_order(routes), "{sorting}");
        let costs: Vec<f64> =
            list.iter().filter_map(|route| route[data]["Cost"].as_f64()).collect();
        let priced = if sorting == "*lc" { routes } else { 0 };
        assert_eq!(costs.len(), priced, "{sorting}");
        assert!(costs.is_sorted_by(|cheap, dear| cheap < dear), "{costs:?}");
    }

    fn times() {
        let site = site(false);
        answers_are_ordered(&site);
        // For each number of routes: JSON-RPC and UDP by each sorting.
        let mut timed: Vec<[Timed<'_>; 4]> = ROUTES
            .into_iter()
            .map(|routes| {
                let [weight, cost] = SORTINGS;
                [
                    Timed::new(by_jsonrpc(&site, routes, weight)),
                    Timed::new(by_jsonrpc(&site, routes, cost)),
                    Timed::new(by_udp(&site, routes, weight)),
                    Timed::new(by_udp(&site, routes, cost)),
                ]
            })
            .collect();
        Timed::all(timed.iter_mut().flatten());
        let lines: Vec<String> = ROUTES
            .into_iter()
            .zip(&timed)
            .map(|(routes, [weight_rpc, rpc, weight_udp, udp])| {
                format!(
                    "*lc (*weight), {routes} routes: {:.1} ({:.1}) µs over JSON-RPC, {:.1} ({:.1}) µs over UDP",
                    rpc.least, weight_rpc.least, udp.least, weight_udp.least
                )
            })
            .chain([format!("echo: {:.1} µs over UDP", echo(&site))])
            .collect();
        figures::leave("cost-time", &lines.join("\n"));
        for (routes, [weight_rpc, rpc, weight_udp, udp]) in ROUTES.into_iter().zip(&timed) {
            for (protocol, weight, cost) in
                [("JSON-RPC", weight_rpc, rpc), ("UDP", weight_udp, udp)]
            {
                let ratio = cost.least / weight.least;
                assert!(
                    ratio < TIMES_MAX,
                    "{protocol}: {routes} routes by price take {ratio:.1} times what they take by weight"
                );
            }
        }
    }

    fn counts() {
        if !can_count() {
            return figures::leave("cost-instructions", "instructions: not counted here");
        }
        let site = site(true);
        let (mut lines, mut added) = (Vec::new(), Vec::new());
        for routes in ROUTES {
            let rpc = SORTINGS.map(|it| instructions(&site, by_jsonrpc(&site, routes, it)));
            let udp = SORTINGS.map(|it| instructions(&site, by_udp(&site, routes, it)));
            let ([Some(weight_rpc), Some(cost_rpc)], [Some(weight_udp), Some(cost_udp)]) =
                (rpc, udp)
            else {
                return figures::leave(
                    "cost-instructions",
                    "instructions: callgrind_control fails",
                );
            };
            let each = |cost: u64, weight: u64| (cost as f64 - weight as f64) / routes as f64;
            let [rpc, udp] = [each(cost_rpc, weight_rpc), each(cost_udp, weight_udp)];
            lines.push(format!(
                "{routes} routes, *lc and *weight: {cost_rpc} and {weight_rpc} instructions over JSON-RPC, {cost_udp} and {weight_udp} over UDP; a price adds {rpc:.0} and {udp:.0} to a route"
            ));
            added.push((routes, rpc.max(udp)));
        }
        figures::leave("cost-instructions", &lines.join("\n"));
        for (routes, added) in added {
            assert!(
                added < INSTRUCTIONS_MAX,
                "{routes} routes: a price adds {added:.0} instructions to each"
            );
        }
    }

    /// A folder with so many plans, each with a price for each of so many destinations; two routes have the
    /// first two plans.
    fn large(plans: usize, destinations: usize) -> Folder {
        let folder = Folder::new("cost-load");
        std::fs::create_dir_all(folder.path("plan")).unwrap();
        let mut rows = String::new();
        for number in 0..destinations {
            // Blocks with gaps, as numbering plans have them.
            writeln!(rows, "D{number},+{}", 1_000_000 + number * 37 / 10).unwrap();
        }
        folder.write("plan/Destinations.csv", &rows);
        rows.clear();
        for price in 0..PRICES {
            writeln!(rows, "R{price},0,{:.4},60s,1s,0s", 0.01 + price as f64 / 10_000.0).unwrap();
        }
        folder.write("plan/Rates.csv", &rows);
        rows.clear();
        let mut names = String::new();
        for plan in 0..plans {
            writeln!(names, "RP{plan},DR{plan},*any,10").unwrap();
            for number in 0..destinations {
                let price = (plan * 31 + number * 7) % PRICES;
                writeln!(rows, "DR{plan},D{number},R{price},*up,4,0,").unwrap();
            }
        }
        folder.write("plan/DestinationRates.csv", &rows);
        folder.write("plan/RatingPlans.csv", &names);
        folder.write(
            "plan/Routes.csv",
            "cgrates.org,P,,,*lc,,dear,,,RP1,,,10,,,10\ncgrates.org,P,,,,,cheap,,,RP0,,,10,,,\n",
        );
        folder
    }

    /// Seconds until it was ready, and the kilobytes that it holds then and held at most.
    fn loaded(folder: Folder) -> (f64, f64, f64) {
        let setup = Setup { tables: "cgrates = [\"plan\"]\n".to_owned(), ..Setup::default() };
        let site = setup.start_in(folder, &[]);
        let params = r#"{"Tenant":"cgrates.org","ID":"q","Event":{"Account":"A","Destination":"+1000037123","SetupTime":"2026-01-01T00:00:00Z","Usage":"80s"}}"#;
        let result = site.connect().result("RouteSv1.GetRoutes", params);
        let result: Value = serde_json::from_str(&result).unwrap();
        check_pair(&result[0]["Routes"]);
        let status = std::fs::read_to_string(format!("/proc/{}/status", site.daemon.id())).unwrap();
        let kilobytes = |key: &str| -> f64 {
            let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
            line.trim().trim_end_matches(" kB").parse().unwrap()
        };
        (site.daemon.took.as_secs_f64(), kilobytes("VmRSS:"), kilobytes("VmHWM:"))
    }

    /// Both routes have the price that their plans state: 80 seconds at 0.0170 and 0.0201 a minute, which are
    /// 0.00028 and 0.00034 a second to the five decimals of CGRateS.
    fn check_pair(routes: &Value) {
        let told: Vec<(&str, f64)> = routes
            .as_array()
            .unwrap()
            .iter()
            .map(|it| {
                (it["RouteID"].as_str().unwrap(), it["SortingData"]["Cost"].as_f64().unwrap())
            })
            .collect();
        assert_eq!(told, [("cheap", 0.0224), ("dear", 0.0272)]);
    }

    #[test]
    fn sorting_by_price_adds_little_to_each_route() {
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        // One after the other, so that neither disturbs the other.
        times();
        counts();
    }

    #[test]
    fn a_folder_with_a_million_rates_is_loaded_in_seconds() {
        let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        // What the program holds without rates is not theirs.
        let (_, empty, _) = loaded(large(2, 100));
        let (seconds, held, most) = loaded(large(PLANS, RATES / PLANS));
        let bytes = |kilobytes: f64| (kilobytes - empty) * 1024.0 / RATES as f64;
        let (held, most) = (bytes(held), bytes(most));
        figures::leave(
            "cost-load",
            &format!(
                "{RATES} rates from a tariff plan: ready after {seconds:.1} s, {held:.0} bytes a rate, {most:.0} at most while loading"
            ),
        );
        assert!(seconds < LOAD_SECONDS_MAX, "{RATES} rates take {seconds:.1} s");
        // Among few rates the memory of the loading itself counts more than theirs.
        if !cfg!(debug_assertions) {
            assert!(held < RATE_BYTES_MAX, "{held:.0} bytes a rate");
        }
    }
}
