//! A TCP listener that outlives what befalls it: a queue long enough for a burst, and a loop that
//! survives every error of `accept` without spinning on one.
//!
//! Who may connect, and how many, is decided by whoever takes the connection.

use super::shutdown::Stop;
use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// Connections that wait to be accepted; the kernel may have a lower bound (`net.core.somaxconn`).
const BACKLOG: u32 = 1024;
/// How long the loop rests when no descriptor or no memory is to be had.
const REST: Duration = Duration::from_millis(100);

/// Makes a bound listener one of the runtime in force.
///
/// # Errors
/// When the kernel refuses.
pub fn adopt(listener: std::net::TcpListener) -> io::Result<TcpListener> {
    listener.set_nonblocking(true)?;
    // To listen once more is how a queue is made longer; nothing else changes.
    let socket = std::net::TcpStream::from(OwnedFd::from(listener));
    TcpSocket::from_std_stream(socket).listen(BACKLOG)
}

/// Hands every connection to `take`, until the word is said.
pub async fn accept(
    listener: TcpListener,
    mut stop: Stop,
    mut take: impl FnMut(TcpStream, SocketAddr),
) {
    let stopped = stop.wait();
    tokio::pin!(stopped);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stopped => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Without it an answer waits for the confirmation of the one before.
                let _: io::Result<()> = stream.set_nodelay(true);
                take(stream, peer);
            }
            Err(error) if is_of_the_connection(&error) => {}
            Err(_) => tokio::time::sleep(REST).await,
        }
    }
}

/// Errors of one connection that ended before it was taken: the next one is there at once.
fn is_of_the_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}
