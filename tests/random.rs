//! A million datagrams of any bytes: nothing ends, nothing grows, everything is counted.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use crate::support::server::Server;
    use serde_json::json;
    use siproute::model::outcome::{Outcome, Protocol};
    use std::time::{Duration, Instant};

    const DATAGRAMS: u64 = 1_000_000;
    /// Sent before they are waited for, so that the kernel's buffer never overflows.
    const VOLLEY: u64 = 100;

    /// Numbers from a seed (SplitMix64).
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        }

        fn below(&mut self, bound: usize) -> usize {
            (self.next() % bound as u64) as usize
        }
    }

    /// Messages that mean something, to be spoilt.
    const SEEDS: [&str; 6] = [
        r#"{"id":"px1-17","tenant":"cgrates.org","customer":"acme","time":"2026-11-21T12:00:00Z","event":{"Account":"1001","Destination":"+4930123456","Usage":"60s"},"opts":{"limit":3,"offset":0,"max_cost":0.03,"profile_count":1},"failed":[{"supplier":"A","code":503,"pdd_ms":2300}],"as":"json"}"#,
        r#"{"id":"px1-18","as":"rtjson","event":{"Destination":"sip:+4930123456@example.org"},"opts":{"explain":true}}"#,
        r#"{"id":"px1-17","report":{"event":"attempt","attempt":1,"supplier":"A","code":503,"local":false,"pdd_ms":850,"usage":"63s","cost":0.0136}}"#,
        r#"{"id":"px1-17","ack":true,"report":{"event":"answer","attempt":"2","set":2}}"#,
        r#"{"id":"x","status":"ok","generation":17,"routes":[]}"#,
        "ok px1-7 10,12",
    ];

    fn datagram(random: &mut Random, out: &mut Vec<u8>) {
        out.clear();
        match random.below(4) {
            // Any bytes.
            0 => (0..random.below(200)).for_each(|_| out.push(random.next() as u8)),
            // A message with a few bytes changed, cut or doubled.
            _ => {
                out.extend_from_slice(SEEDS[random.below(SEEDS.len())].as_bytes());
                for _ in 0..random.below(4) {
                    let at = random.below(out.len().max(1));
                    match random.below(3) {
                        0 if at < out.len() => out[at] = random.next() as u8,
                        1 => out.truncate(at),
                        _ => {
                            let part = out[at.min(out.len())..].to_vec();
                            out.extend_from_slice(&part);
                        }
                    }
                }
            }
        }
        if random.below(1000) == 0 {
            out.resize(8193 + random.below(1000), b'{');
        }
    }

    fn counted(server: &Server) -> u64 {
        let totals = &server.service.live.totals;
        Outcome::ALL.iter().map(|outcome| totals.requests(Protocol::Udp, *outcome)).sum()
    }

    fn resident_kib() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    #[test]
    fn any_bytes_end_nothing_and_are_counted() {
        let server = Server::start(
            "[[supplier]]\nid = \"A\"\ndispatcher_set = 1\n[[supplier]]\nid = \"B\"\ndispatcher_set = 2\n\
             [[route]]\ntarget = \"+49\"\nsupplier = \"A\"\n[[route]]\ntarget = \"all\"\nsupplier = \"B\"\n\
             [[profile]]\nid = \"P\"\nfilters = [\"*string:~*req.Account:1002\"]\n[[profile.route]]\nid = \"B\"\n",
        );
        let mut random = Random(0x5ee_d0f_517);
        let mut bytes = Vec::new();
        let mut buffer = [0; 65_536];
        server.client.set_nonblocking(true).unwrap();
        let mut resident_before = 0;
        for volley in 1..=DATAGRAMS / VOLLEY {
            for _ in 0..VOLLEY {
                datagram(&mut random, &mut bytes);
                server.client.send(&bytes).unwrap();
                while server.client.recv(&mut buffer).is_ok() {}
            }
            let patience = Instant::now() + Duration::from_secs(10);
            while counted(&server) < volley * VOLLEY {
                assert!(Instant::now() < patience, "{} of {}", counted(&server), volley * VOLLEY);
                std::thread::yield_now();
            }
            if volley == DATAGRAMS / VOLLEY / 10 {
                resident_before = resident_kib();
            }
        }
        let grown_kib = resident_kib().saturating_sub(resident_before);
        let totals = &server.service.live.totals;
        let of = |outcome| totals.requests(Protocol::Udp, outcome);
        let told: Vec<String> = Outcome::ALL
            .iter()
            .filter(|outcome| of(**outcome) > 0)
            .map(|outcome| format!("{} {}", outcome.label(), of(*outcome)))
            .collect();
        println!(
            "{DATAGRAMS} datagrams: {}; resident memory grew {grown_kib} KiB",
            told.join(", ")
        );
        assert_eq!(counted(&server), DATAGRAMS);
        assert_eq!(of(Outcome::Panicked), 0);
        for outcome in [
            Outcome::Ok,
            Outcome::Malformed,
            Outcome::BadRequest,
            Outcome::Report,
            Outcome::Reflected,
            Outcome::TooLong,
        ] {
            assert!(of(outcome) > 100, "{} {}", outcome.label(), of(outcome));
        }
        assert!(grown_kib < 8 * 1024, "memory grew {grown_kib} KiB");

        server.client.set_nonblocking(false).unwrap();
        server.client.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        while server.client.recv(&mut buffer).is_ok() {}
        let answer = server.ask(&json!({"id": "after", "event": {"Destination": "+4930123"}}));
        assert_eq!(answer["id"], "after");
        assert_eq!(answer["routes"][0]["id"], "A");
    }
}
