//! The reference: a thread that takes one datagram and sends one back, the plainest server that there
//! is. Its answers are as long as the daemon's.

use super::cpu::Threads;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc;
use std::time::Duration;

/// A running echo thread; it ends when this is dropped.
pub(super) struct Echo {
    pub(super) address: SocketAddr,
    pub(super) threads: Threads,
    stop: Arc<AtomicBool>,
}

/// Starts the thread.
pub(super) fn spawn(answer_bytes: usize) -> io::Result<Echo> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    // So that it sees the stop; while datagrams come, this costs nothing.
    socket.set_read_timeout(Some(Duration::from_millis(100)))?;
    let address = socket.local_addr()?;
    let stop = Arc::new(AtomicBool::new(false));
    let (started, wait) = mpsc::channel();
    let stopped = Arc::clone(&stop);
    std::thread::Builder::new().name("echo".into()).spawn(move || {
        // Nobody waits any more when this cannot be said.
        let _ = started.send(Threads::this());
        serve(&socket, answer_bytes, &stopped);
    })?;
    let threads = wait.recv().ok().flatten();
    let threads = threads.ok_or_else(|| io::Error::other("/proc/thread-self cannot be read"))?;
    Ok(Echo { address, threads, stop })
}

fn serve(socket: &UdpSocket, answer_bytes: usize, stop: &AtomicBool) {
    let mut buffer = vec![b' '; 65_536];
    while !stop.load(Relaxed) {
        let Ok((_, peer)) = socket.recv_from(&mut buffer) else { continue };
        if let Some(answer) = buffer.get(..answer_bytes) {
            // One that cannot be sent is one that is lost, and counted there.
            let _ = socket.send_to(answer, peer);
        }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.stop.store(true, Relaxed);
    }
}
