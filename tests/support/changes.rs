//! A control thread in the hand of a test: it makes a change when it is told to.

use siproute::net::access::AccessList;
use siproute::net::changes::Means;
use siproute::service::control::{
    ChangeError, Control, Done, Edit, Folder, ReloadRequest, ReloadResult, TableStatus, Verdict,
};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// Changes that were asked for and not made.
#[derive(Default)]
pub struct Hand {
    asked: Mutex<VecDeque<(Edit, Done)>>,
    more: Condvar,
}

impl Hand {
    /// What the front that listens on TCP needs of it; every source on loopback may change. Of folders
    /// only `plan` is there, and it takes a while to read.
    pub fn means(self: Arc<Self>) -> Means {
        Means {
            access: AccessList::new(vec!["127.0.0.0/8".parse().unwrap()]),
            control: self,
            read_folder: Arc::new(|path| {
                std::thread::sleep(Duration::from_millis(50));
                let folder = || Folder { path: path.into(), files: vec![], definitions: vec![] };
                (path == "plan").then(folder).ok_or_else(|| format!("INVALID_PATH: {path}"))
            }),
        }
    }

    /// How many wait.
    pub fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    /// The next that was asked for.
    pub fn next(&self) -> (Edit, Done) {
        let asked = self.asked.lock().unwrap();
        let patience = Duration::from_secs(5);
        let (mut asked, _) =
            self.more.wait_timeout_while(asked, patience, |asked| asked.is_empty()).unwrap();
        asked.pop_front().expect("a change that was asked for")
    }

    /// Says of the next that it was made, or not.
    pub fn make(&self, result: Result<(), ChangeError>) -> Edit {
        let (change, done) = self.next();
        done(result);
        change
    }
}

impl Control for Hand {
    fn reload(&self, _: ReloadRequest) -> Verdict {
        Verdict {
            result: ReloadResult::Unchanged,
            generation: 0,
            fingerprint: String::new(),
            message: String::new(),
            findings: Vec::new(),
        }
    }

    fn change(&self, edit: Edit, done: Done) {
        self.asked.lock().unwrap().push_back((edit, done));
        self.more.notify_all();
    }

    fn status(&self) -> TableStatus {
        TableStatus::default()
    }

    fn is_ready(&self) -> bool {
        true
    }
}
