//! Changes of the tables that clients ask for: who may, how many wait, and how one is waited for.
//!
//! The control thread makes them one by one. A thread of connections hands one over and goes on with
//! its other connections; a client that goes away takes nothing back.

use super::access::AccessList;
use crate::service::control::{Change, ChangeError, Control, Folder};
use crate::service::rpc::Work;
use std::cell::Cell;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::{Mutex, oneshot};

/// Changes that wait at once. The control thread makes hundreds in a second, and each client waits for
/// its own: more are of clients that have gone, and each holds up to `limits.rpc_request_max` bytes.
const WAITING_MAX: usize = 64;

/// Reads a tariff-plan folder, or says what the client is answered, word for word.
pub type FolderReader = Arc<dyn Fn(&str) -> Result<Folder, String> + Send + Sync>;

/// What the fronts need for changes.
pub struct Means {
    /// Whose changes are made.
    pub access: AccessList,
    /// Who makes them.
    pub control: Arc<dyn Control>,
    /// How a tariff-plan folder is read; it may take its time.
    pub read_folder: FolderReader,
}

/// The changes of one thread's connections.
pub(super) struct Changes {
    means: Means,
    waiting: Cell<usize>,
    /// Folders are read one at a time: one may fill much memory.
    folders: Mutex<()>,
}

impl Changes {
    pub(super) fn new(means: Means) -> Self {
        Self { means, waiting: Cell::new(0), folders: Mutex::new(()) }
    }

    /// Whether this source may change tables.
    pub(super) fn allows(&self, source: IpAddr) -> bool {
        self.means.access.allows(source)
    }

    /// Has a change made, and waits until it is in force.
    pub(super) async fn make(&self, work: Work) -> Result<(), ChangeError> {
        let Some(_place) = Place::take(&self.waiting) else {
            let text = "too many changes wait: try again when some are made".into();
            return Err(ChangeError::Store { text });
        };
        let edit = match work {
            Work::Change(edit) => edit,
            Work::LoadFolder(path) => Change::Load(self.read(path).await?).into(),
        };
        let (sender, result) = oneshot::channel();
        // Nobody is left to hear it when the process ends.
        self.means.control.change(edit, Box::new(move |made| drop(sender.send(made))));
        result
            .await
            .unwrap_or_else(|_| Err(ChangeError::Store { text: "siproute is about to end".into() }))
    }

    /// Reads a folder on a thread of its own.
    async fn read(&self, path: String) -> Result<Folder, ChangeError> {
        let _turn = self.folders.lock().await;
        let (sender, folder) = oneshot::channel();
        let read = Arc::clone(&self.means.read_folder);
        let thread = std::thread::Builder::new().name("folder".into());
        thread.spawn(move || drop(sender.send(read(&path)))).map_err(|error| {
            ChangeError::Store { text: format!("no thread to be had: {error}") }
        })?;
        let fault = || {
            let text = "the folder met a fault of siproute itself".into();
            Err(ChangeError::Invalid { text })
        };
        let refused = |answer| ChangeError::BadFolder { answer };
        folder.await.map_or_else(|_| fault(), |read| read.map_err(refused))
    }
}

/// One change's place among those that wait.
struct Place<'c>(&'c Cell<usize>);

impl<'c> Place<'c> {
    fn take(waiting: &'c Cell<usize>) -> Option<Self> {
        let free = waiting.get() < WAITING_MAX;
        free.then(|| {
            waiting.set(waiting.get() + 1);
            Self(waiting)
        })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}
