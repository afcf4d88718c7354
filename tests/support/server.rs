//! A server in this process: a table from TOML, the real UDP socket, the real service.

use serde_json::Value;
use siproute::config::files::Source;
use siproute::config::load::check_settings;
use siproute::config::tables::check_tables;
use siproute::live::Live;
use siproute::net::access::AccessList;
use siproute::net::udp;
use siproute::ops::clock::Clock;
use siproute::ops::shutdown::{Stopper, pair};
use siproute::service::Service;
use siproute::table::builder::build;
use siproute::table::supplier::LiveIndex;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// A running server and a client of it.
pub struct Server {
    pub address: SocketAddr,
    pub service: Arc<Service>,
    pub client: UdpSocket,
    stopper: Stopper,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// With the default settings.
    pub fn start(table: &str) -> Self {
        Self::with_settings("", table)
    }

    pub fn with_settings(settings: &str, table: &str) -> Self {
        let settings = format!("[listen]\nudp = [\"127.0.0.1:0\"]\n{settings}");
        let (settings, findings) = check_settings(Path::new("siproute.toml"), &settings);
        assert!(findings.is_empty(), "{findings:?}");
        let source = Source {
            name: "routes.toml".into(),
            text: table.to_owned(),
            folder: None,
            is_deck: false,
        };
        let checked = check_tables(&settings, &[source]);
        let input = checked.input.unwrap_or_else(|| panic!("{:#?}", checked.findings));
        let live = Live::new(&settings.limits);
        let mut index_of = |id: &str| live.suppliers.index_of(id).map(LiveIndex);
        let table = build(input, 17, "9f3a1c".into(), &mut index_of).unwrap();
        let service = Arc::new(Service::new(table, live, settings.limits));

        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let (stopper, stop) = pair();
        let access = Arc::new(AccessList::new(settings.access.allow));
        let thread =
            udp::spawn(socket, Arc::clone(&service), access, Clock::start(), stop).unwrap();
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        client.connect(address).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        Self { address, service, client, stopper, thread: Some(thread) }
    }

    /// The answer's bytes.
    pub fn ask_bytes(&self, question: &[u8]) -> Vec<u8> {
        self.client.send(question).unwrap();
        let mut buffer = vec![0; 65_536];
        let len = self.client.recv(&mut buffer).expect("an answer");
        buffer.truncate(len);
        buffer
    }

    pub fn ask_text(&self, question: &Value) -> String {
        String::from_utf8(self.ask_bytes(question.to_string().as_bytes())).unwrap()
    }

    pub fn ask(&self, question: &Value) -> Value {
        let answer = self.ask_text(question);
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }

    /// Sends what is not answered.
    pub fn tell(&self, message: &Value) {
        self.client.send(message.to_string().as_bytes()).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopper.stop();
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// A member of each route, in order.
pub fn each<'v>(answer: &'v Value, member: &str) -> Vec<&'v Value> {
    let routes = answer["routes"].as_array().map(Vec::as_slice).unwrap_or_default();
    routes.iter().map(|route| &route[member]).collect()
}
