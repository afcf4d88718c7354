//! A stream whose peer has limited time: to finish a request that it began, and to read its answer.
//!
//! What was begun is timed from its first byte on, so that a byte now and then gains nothing. An idle
//! connection may stay for ever where proxies keep theirs open, and has the same time where nobody
//! should.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

/// What becomes of a connection on which nothing is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idle {
    /// It stays.
    Stays,
    /// It ends when its time is over.
    Ends,
}

/// Whether a request is under way on a connection; shared between stream and whoever answers.
#[derive(Debug, Clone, Default)]
pub struct Progress(Rc<State>);

#[derive(Debug, Default)]
struct State {
    begun: Cell<bool>,
    timed: Cell<bool>,
}

impl Progress {
    /// The request was read to its end.
    pub fn finish(&self) {
        self.0.begun.set(false);
        self.0.timed.set(false);
    }

    /// Whether a request was begun and not read to its end.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.0.begun.get()
    }
}

/// The stream.
#[derive(Debug)]
pub struct Patient {
    stream: TcpStream,
    progress: Progress,
    patience: Duration,
    idle: Idle,
    read_until: Pin<Box<Sleep>>,
    write_until: Pin<Box<Sleep>>,
    unread: bool,
}

impl Patient {
    /// Times `stream`; `progress` is told when a request was read.
    #[must_use]
    pub fn new(stream: TcpStream, progress: Progress, patience: Duration, idle: Idle) -> Self {
        let sleep = || Box::pin(tokio::time::sleep(patience));
        Self {
            stream,
            progress,
            patience,
            idle,
            read_until: sleep(),
            write_until: sleep(),
            unread: false,
        }
    }

    /// Ends a write that waits for too long.
    fn write_waits<T>(
        &mut self,
        cx: &mut Context<'_>,
        polled: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.unread = false;
            return polled;
        }
        if !self.unread {
            self.unread = true;
            self.write_until.as_mut().reset(Instant::now() + self.patience);
        }
        self.write_until.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buffer);
        let state = &this.progress.0;
        if polled.is_ready() {
            if buffer.filled().len() > before && !state.begun.replace(true) {
                // The time as an idle one is over; the request has its own.
                state.timed.set(false);
            }
            return polled;
        }
        if !state.begun.get() && this.idle == Idle::Stays {
            return Poll::Pending;
        }
        if !state.timed.replace(true) {
            this.read_until.as_mut().reset(Instant::now() + this.patience);
        }
        this.read_until.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.write_waits(cx, polled)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write_vectored(cx, parts);
        this.write_waits(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
