//! A native lookup on UDP allocates nothing, in any shape: counted over the whole process while the
//! real socket thread answers.

#![expect(unsafe_code, reason = "an allocator that counts is an unsafe trait")]

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use crate::support::server::Server;
    use serde_json::json;
    use std::alloc::{GlobalAlloc, Layout, System};
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

    /// Eight suppliers on three targets, and a profile with filters.
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
        table
    }

    #[test]
    fn a_lookup_allocates_nothing_in_any_shape() {
        let server = Server::start(&table());
        let mut questions = Vec::new();
        for shape in
            ["json", "cgrates", "digest", "sets", "carriers", "gateways", "uris", "line", "rtjson"]
        {
            for (number, category) in [
                ("+4930123456", "call"),
                ("tel:+49-40-123", "business"),
                ("sip:112@example.org", "x"),
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
                        "opts": {"limit": 5, "offset": 0, "max_cost": 0.03, "profile_count": 1},
                    });
                    if let Some(id) = id {
                        question["id"] = json!(id);
                    }
                    questions.push(question.to_string());
                }
            }
        }
        let mut buffer = [0_u8; 65_536];
        let mut round = || {
            for question in &questions {
                server.client.send(question.as_bytes()).unwrap();
                let len = server.client.recv(&mut buffer).unwrap();
                assert!(len > 0);
            }
        };
        // The first rounds bring buffers and runtime to their size.
        for _ in 0..3 {
            round();
        }
        let before = ALLOCATIONS.load(SeqCst);
        for _ in 0..10 {
            round();
        }
        let allocations = ALLOCATIONS.load(SeqCst) - before;
        assert_eq!(allocations, 0, "in {} lookups", 10 * questions.len());
    }
}
