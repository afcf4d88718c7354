//! A lookup on UDP or TCP allocates nothing, native in any shape or by JSON-RPC: counted over the whole
//! process while the real socket thread answers.

#![expect(unsafe_code, reason = "an allocator that counts is an unsafe trait")]

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use crate::support::changes::Hand;
    use crate::support::server::Server;
    use serde_json::json;
    use siproute::model::query::Shape;
    use siproute::net::access::AccessList;
    use siproute::net::tcp;
    use siproute::ops::clock::Clock;
    use siproute::ops::shutdown::pair;
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

    static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

    struct Counting;

    // SAFETY: every call is handed to the system's allocator as it came.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            ALLOCATIONS.fetch_add(1, SeqCst);
            unsafe { System.alloc(layout) }
        }

        unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            ALLOCATIONS.fetch_add(1, SeqCst);
            unsafe { System.realloc(ptr, layout, size) }
        }

        unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
            unsafe { System.dealloc(ptr, layout) }
        }
    }

    #[global_allocator]
    static COUNTING: Counting = Counting;

    /// Eight suppliers on three targets, and profiles with filters, by weight and by cost.
    fn table() -> String {
        let mut table = String::new();
        for index in 0..8 {
            table += &format!(
                "[[supplier]]\nid = \"s{index}\"\ndispatcher_set = {index}\ngateways = [\"sip:192.0.2.{index}\"]\n\
                 gateway_ids = [\"gw{index}\"]\nsend = \"00{{digits}}\"\ncaller = \"{{e164}}\"\nparameters = \"strip=1\"\n\
                 [[route]]\ntarget = \"{}\"\nsupplier = \"s{index}\"\npriority = {index}\n\
                 hours = [\"mon-sun Europe/Berlin\"]\n",
                ["+49", "+4930", "all"][index % 3]
            );
        }
        table += "[[profile]]\nid = \"P\"\nfilters = [\"*prefix:~*req.Category:bus|biz\", \"*exists:~*req.Usage:\"]\n";
        for index in 0..8 {
            table += &format!("[[profile.route]]\nid = \"s{index}\"\nweight = {}\n", index / 2);
        }
        // What is cheapest, by both arithmetics.
        for (name, more) in [("exact", ""), ("cgrates", "arithmetic = \"cgrates\"\n")] {
            table += &format!(
                "[[rating_plan]]\nid = \"{name}\"\n{more}rate = [\n\
                 {{ prefix = \"49\", rate = \"0.02\", connect_fee = \"0.1\" }},\n\
                 {{ prefix = \"4930\", rate = \"0.013\", increment = \"60/1\" }},\n]\n\
                 [[profile]]\nid = \"{name}\"\nsorting = \"*lc\"\n\
                 filters = [\"*string:~*req.Category:{name}\"]\nroute = ["
            );
            for index in 0..8 {
                table += &format!("{{ id = \"s{index}\", rating_plans = [\"{name}\"] }}, ");
            }
            table += "]\n";
        }
        table
    }

    /// Native questions in every shape.
    fn native() -> Vec<String> {
        let mut questions = Vec::new();
        for (shape, _) in Shape::NAMES {
            for (number, category) in [
                ("+4930123456", "call"),
                ("tel:+49-40-123", "business"),
                ("sip:112@example.org", "x"),
                ("+4930123456", "exact"),
                ("+4930123456", "cgrates"),
                ("alice", ""),
            ] {
                for id in [Some("px1-1795344503-17"), None] {
                    let mut question = json!({
                        "as": shape, "call_id": "a84b4c76e66710@pc33", "tenant": "cgrates.org",
                        "time": "2026-11-21T12:00:00Z",
                        "event": {
                            "Account": "+49407771001", "Destination": number, "Category": category,
                            "SetupTime": "2026-11-21T12:00:00Z", "Usage": 60.5, "Other": "sip:x@example.org",
                        },
                        "opts": {
                            "limit": 5, "offset": 0, "max_cost": 0.03, "profile_count": 1,
                            "*plan": "gold", "Plan": "gold",
                        },
                    });
                    if let Some(id) = id {
                        question["id"] = json!(id);
                    }
                    questions.push(question.to_string());
                }
            }
        }
        questions
    }

    /// Calls of JSON-RPC in both dialects, with routes of a profile, by weight and by cost.
    fn calls() -> Vec<String> {
        let mut calls = Vec::new();
        for method in [
            "RouteSv1.GetRoutes",
            "RouteSv1.GetRoutesList",
            "SupplierSv1.GetSuppliers",
            "SessionSv1.AuthorizeEventWithDigest",
        ] {
            for (category, opts) in [
                ("business", json!({})),
                ("business", json!({"*rouLimit": 3, "*rouOffset": 1, "*rouProfileCount": 1})),
                ("exact", json!({"*rouMaxCost": 5})),
                ("cgrates", json!({"*rouMaxCost": "5"})),
            ] {
                let argument = json!({
                    "Tenant": "cgrates.org", "ID": "px1-1795344503-17", "Time": "2026-11-21T12:00:00Z",
                    "Event": {
                        "Account": "+49407771001", "Destination": "+4930123456", "Category": category,
                        "SetupTime": "2026-11-21T12:00:00Z", "Usage": "60s", "Other": ["x"],
                    },
                    "APIOpts": opts, "GetRoutes": true, "GetMaxUsage": true,
                });
                let call = json!({"method": method, "params": [argument], "id": 7});
                calls.push(call.to_string());
                let call =
                    json!({"jsonrpc": "2.0", "method": method, "params": argument, "id": "x"});
                calls.push(call.to_string());
            }
        }
        calls
    }

    /// One test for all, since what is counted is the process.
    #[test]
    fn a_lookup_allocates_nothing_in_any_shape_and_on_any_front() {
        let server = Server::start(&table());
        let mut buffer = [0_u8; 65_536];
        for (front, questions) in [("native on UDP", native()), ("JSON-RPC on UDP", calls())] {
            allocates_nothing(front, &questions, |question| {
                server.client.send(question.as_bytes()).unwrap();
                let count = server.client.recv(&mut buffer).unwrap();
                let answer = std::str::from_utf8(&buffer[..count]).unwrap();
                let is_call = question.contains("\"method\"");
                assert!(!is_call || answer.contains("s4"), "{question}: {answer}");
                let is_priced = question.contains("1.GetRoutes\"") && question.contains("MaxCost");
                assert!(!is_priced || answer.contains("\"Cost\":"), "{question}: {answer}");
            });
        }

        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let access = Arc::new(AccessList::new(vec!["127.0.0.0/8".parse().unwrap()]));
        let (stopper, stop) = pair();
        let service = Arc::clone(&server.service);
        let means = Arc::new(Hand::default()).means();
        let thread =
            tcp::spawn(vec![listener], service, access, means, Clock::start(), stop).unwrap();
        for (front, questions) in [("lines on TCP", native()), ("JSON-RPC on TCP", calls())] {
            let mut client = TcpStream::connect(address).unwrap();
            // Three in one write.
            let thrice = |question: &String| format!("{question}\n").repeat(3);
            let questions: Vec<String> = questions.iter().map(thrice).collect();
            allocates_nothing(front, &questions, |questions| {
                client.write_all(questions.as_bytes()).unwrap();
                let mut answers = 0;
                while answers < 3 {
                    let count = client.read(&mut buffer).unwrap();
                    answers += buffer[..count].iter().filter(|byte| **byte == b'\n').count();
                }
            });
        }
        stopper.stop();
        thread.join().unwrap();
    }

    fn allocates_nothing(front: &str, questions: &[String], mut ask: impl FnMut(&str)) {
        let mut rounds = |count| (0..count).for_each(|_| questions.iter().for_each(|it| ask(it)));
        // The first rounds bring buffers and runtime to their size.
        rounds(3);
        let before = ALLOCATIONS.load(SeqCst);
        rounds(10);
        let allocations = ALLOCATIONS.load(SeqCst) - before;
        assert_eq!(allocations, 0, "{front}: in {} rounds", 10 * questions.len());
    }
}
