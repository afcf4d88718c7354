//! Calls that wait for a change of the tables: in order on their connection, out of nobody's way.

#[cfg(test)]
mod support;

#[cfg(test)]
mod tests {
    use super::support::changes::Hand;
    use super::support::peer::Peer;
    use super::support::server::Server;
    use serde_json::{Value, json};
    use siproute::model::outcome::{Outcome, Protocol};
    use siproute::net::access::AccessList;
    use siproute::net::tcp;
    use siproute::ops::clock::Clock;
    use siproute::ops::shutdown::{Stopper, pair};
    use siproute::service::control::{Change, ChangeError, Edit};
    use std::net::{SocketAddr, TcpListener};
    use std::sync::Arc;
    use std::thread::JoinHandle;
    use std::time::{Duration, Instant};

    const PING: &str = r#"{"method":"RouteSv1.Ping","params":[{}],"id":"ping"}"#;

    fn remove(id: &str) -> String {
        let params = json!([{"Tenant": "cgrates.org", "ID": id}]);
        json!({"method": "APIerSv1.RemoveRouteProfile", "params": params, "id": id}).to_string()
    }

    fn load(path: &str) -> String {
        let params = json!([{"FolderPath": path}]);
        json!({"method": "APIerSv1.LoadTariffPlanFromFolder", "params": params, "id": path})
            .to_string()
    }

    /// The TCP front with a control thread in hand.
    struct Front {
        server: Server,
        hand: Arc<Hand>,
        address: SocketAddr,
        stopper: Stopper,
        thread: JoinHandle<()>,
    }

    impl Front {
        fn start() -> Self {
            let server = Server::with_settings("[limits]\ntcp_patience_ms = 300\n", "");
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let access = Arc::new(AccessList::new(vec!["127.0.0.0/8".parse().unwrap()]));
            let hand = Arc::new(Hand::default());
            let (stopper, stop) = pair();
            let (service, means) = (Arc::clone(&server.service), Arc::clone(&hand).means());
            let clock = Clock::start();
            let thread = tcp::spawn(vec![listener], service, access, means, clock, stop).unwrap();
            Self { server, hand, address, stopper, thread }
        }

        fn peer(&self) -> Peer {
            Peer::to(self.address)
        }

        fn counted(&self, outcome: Outcome) -> u64 {
            self.server.service.live.totals.requests(Protocol::JsonRpc, outcome)
        }

        fn until(&self, what: &str, is: impl Fn(&Self) -> bool) {
            let start = Instant::now();
            while !is(self) {
                assert!(start.elapsed() < Duration::from_secs(5), "{what}");
                std::thread::sleep(Duration::from_millis(2));
            }
        }

        fn end(self) {
            self.stopper.stop();
            self.thread.join().unwrap();
        }
    }

    fn answer(peer: &mut Peer) -> (Value, Value) {
        let line = peer.line().expect("an answer");
        let mut answer: Value = serde_json::from_str(&line).unwrap();
        let error = answer["error"].take();
        (answer["id"].take(), if error.is_null() { answer["result"].take() } else { error })
    }

    fn id_of(edit: &Edit) -> &str {
        match edit {
            Edit::Change(Change::Remove(key)) => &key.id,
            Edit::Change(Change::Load(folder)) => &folder.path,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn calls_behind_a_change_wait_for_it_and_other_connections_do_not() {
        let front = Front::start();
        let mut peer = front.peer();
        peer.send(format!("{PING}{}{PING}{}{PING}", remove("a"), remove("b")).as_bytes());
        assert_eq!(answer(&mut peer), (json!("ping"), json!("Pong")));
        front.until("a change", |front| front.hand.count() == 1);
        let mut other = front.peer();
        other.send(PING.as_bytes());
        assert_eq!(answer(&mut other), (json!("ping"), json!("Pong")));
        // Longer than patience has time: a change takes what it takes.
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(front.hand.count(), 1, "the second change waits for the first");
        assert_eq!(id_of(&front.hand.make(Ok(()))), "a");
        assert_eq!(answer(&mut peer), (json!("a"), json!("OK")));
        assert_eq!(answer(&mut peer), (json!("ping"), json!("Pong")));
        assert_eq!(id_of(&front.hand.make(Err(ChangeError::NotFound))), "b");
        assert_eq!(answer(&mut peer), (json!("b"), json!("NOT_FOUND")));
        assert_eq!(answer(&mut peer), (json!("ping"), json!("Pong")));
        front.end();
    }

    #[test]
    fn a_change_over_http_or_in_a_batch_is_answered_when_it_is_made() {
        let front = Front::start();
        let post = |body: &str| {
            let mut peer = front.peer();
            let head =
                format!("POST /jsonrpc HTTP/1.1\r\nHost: x\r\nContent-Length: {}", body.len());
            peer.send(format!("{head}\r\n\r\n{body}").as_bytes());
            peer
        };
        let mut http = post(&remove("a"));
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(id_of(&front.hand.make(Ok(()))), "a");
        let reply = http.reply().unwrap();
        assert!(reply.status == 200 && reply.body.contains("OK"), "{reply:?}");
        let batch = format!("[{},{PING},{}]", remove("b"), remove("c"));
        for is_http in [true, false] {
            let mut peer = if is_http { post(&batch) } else { front.peer() };
            if !is_http {
                peer.send(batch.as_bytes());
            }
            for id in ["b", "c"] {
                let change = front.hand.make(Ok(()));
                assert_eq!(id_of(&change), id);
            }
            let list = if is_http { peer.reply().unwrap().body } else { peer.line().unwrap() };
            let list: Value = serde_json::from_str(&list).unwrap();
            let ids: Vec<&Value> = list.as_array().unwrap().iter().map(|one| &one["id"]).collect();
            assert_eq!(ids, ["b", "ping", "c"]);
        }
        front.end();
    }

    #[test]
    fn a_client_that_goes_away_takes_nothing_back() {
        let front = Front::start();
        for (count, is_http) in [(1, false), (2, true)] {
            let mut peer = front.peer();
            let body = load("plan");
            if is_http {
                let head =
                    format!("POST /jsonrpc HTTP/1.1\r\nHost: x\r\nContent-Length: {}", body.len());
                peer.send(format!("{head}\r\n\r\n{body}").as_bytes());
            } else {
                peer.send(body.as_bytes());
            }
            std::thread::sleep(Duration::from_millis(20));
            drop(peer);
            assert_eq!(id_of(&front.hand.make(Ok(()))), "plan");
            front.until("it is counted", |front| front.counted(Outcome::Ok) == count);
        }
        front.end();
    }

    #[test]
    fn a_folder_is_read_beside_and_then_put_in_force() {
        let front = Front::start();
        let mut peer = front.peer();
        peer.send(format!("{}{}", load("plan"), load("nowhere")).as_bytes());
        let mut other = front.peer();
        other.send(PING.as_bytes());
        assert_eq!(answer(&mut other), (json!("ping"), json!("Pong")));
        assert_eq!(id_of(&front.hand.make(Ok(()))), "plan");
        assert_eq!(answer(&mut peer), (json!("plan"), json!("OK")));
        let (id, error) = answer(&mut peer);
        assert_eq!(id, "nowhere");
        assert_eq!(error, "INVALID_PATH: nowhere");
        assert_eq!(front.hand.count(), 0);
        front.end();
    }

    #[test]
    fn too_many_changes_at_once_are_refused_and_room_is_found_again() {
        let front = Front::start();
        let mut peers: Vec<Peer> = (0..64).map(|_| front.peer()).collect();
        for peer in &mut peers {
            peer.send(remove("a").as_bytes());
        }
        front.until("they wait", |front| front.hand.count() == 64);
        let mut one_more = front.peer();
        one_more.send(remove("b").as_bytes());
        let (id, error) = answer(&mut one_more);
        assert_eq!(id, "b");
        assert!(error.as_str().unwrap().contains("too many changes wait"), "{error}");
        for peer in &mut peers {
            front.hand.make(Ok(()));
            assert_eq!(answer(peer), (json!("a"), json!("OK")));
        }
        one_more.send(remove("b").as_bytes());
        front.hand.make(Ok(()));
        assert_eq!(answer(&mut one_more), (json!("b"), json!("OK")));
        front.end();
    }

    #[test]
    fn a_control_thread_that_ends_answers_those_who_wait() {
        let front = Front::start();
        let mut peer = front.peer();
        peer.send(format!("{}{PING}", remove("a")).as_bytes());
        drop(front.hand.next());
        let (id, error) = answer(&mut peer);
        assert_eq!(id, "a");
        assert!(error.as_str().unwrap().contains("about to end"), "{error}");
        assert_eq!(answer(&mut peer), (json!("ping"), json!("Pong")));
        front.end();
    }
}
