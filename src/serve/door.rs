//! The door: lets connections in, so many at a time, and cuts off those that stand still. A client that sends its request a byte at a
//! time, or reads its answer so, holds nobody else up.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

/// Most connections at a time; others wait to be let in.
const CONNECTIONS: usize = 512;
/// How long a whole request may take to come in, and how long an answer may wait for its reader.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked whether the answer is ready yet.
const AGAIN: Duration = Duration::from_secs(1);

/// Listens, and counts who is in.
pub(super) struct Door {
    listener: TcpListener,
    places: Arc<Semaphore>,
    patience: Duration,
}

impl Door {
    pub(super) fn new(listener: TcpListener) -> Door {
        Door { listener, places: Arc::new(Semaphore::new(CONNECTIONS)), patience: PATIENCE }
    }
}

impl Listener for Door {
    type Io = Guest;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Guest, SocketAddr) {
        loop {
            let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
                // Never closed.
                return std::future::pending().await;
            };
            match self.listener.accept().await {
                Ok((stream, from)) => {
                    // An answer is written whole; waiting for more to send with it only costs time.
                    let _ = stream.set_nodelay(true);
                    return (Guest::new(stream, place, self.patience), from);
                }
                // Out of file handles or the like: it passes when others leave.
                Err(_) => tokio::time::sleep(AGAIN).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Who asks, and whether the answer is being worked on.
#[derive(Clone)]
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    working: Arc<AtomicBool>,
}

impl Connected<IncomingStream<'_, Door>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Peer {
        Peer { address: *stream.remote_addr(), working: Arc::clone(&stream.io().working) }
    }
}

impl Peer {
    /// Says that the answer is being worked on until what is given back is dropped: meanwhile nobody is cut off for being still.
    pub(super) fn working(&self) -> Working {
        self.working.store(true, Ordering::Relaxed);
        Working(Arc::clone(&self.working))
    }
}

/// An answer being worked on.
pub(super) struct Working(Arc<AtomicBool>);

impl Drop for Working {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// One connection.
pub(super) struct Guest {
    stream: TcpStream,
    /// When it is cut off. Moved on by what is written alone, so that a request has to come in whole before it.
    until: Pin<Box<Sleep>>,
    patience: Duration,
    working: Arc<AtomicBool>,
    _place: OwnedSemaphorePermit,
}

impl Guest {
    fn new(stream: TcpStream, place: OwnedSemaphorePermit, patience: Duration) -> Guest {
        let until = Box::pin(tokio::time::sleep(patience));
        Guest { stream, until, patience, working: Arc::default(), _place: place }
    }

    /// True if its time is over.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        while self.until.as_mut().poll(cx).is_ready() {
            if !self.working.load(Ordering::Relaxed) {
                return true;
            }
            self.until.as_mut().reset(Instant::now() + AGAIN.min(self.patience));
        }
        false
    }

    fn has_moved(&mut self) {
        let until = Instant::now() + self.patience;
        self.until.as_mut().reset(until);
    }
}

fn late() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the connection stood still")
}

impl AsyncRead for Guest {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.is_late(cx) {
            return Poll::Ready(Err(late()));
        }
        Pin::new(&mut this.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Guest {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match Pin::new(&mut this.stream).poll_write(cx, bytes) {
            Poll::Pending if this.is_late(cx) => Poll::Ready(Err(late())),
            Poll::Pending => Poll::Pending,
            Poll::Ready(done) => {
                this.has_moved();
                Poll::Ready(done)
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};

    const LONG: Duration = Duration::from_secs(3600);
    const SHORT: Duration = Duration::from_millis(100);

    /// What a guest does to whom `body` is answered.
    fn with_guest<T: Send + 'static>(
        patience: Duration,
        places: usize,
        body: &'static [u8],
        guest: impl FnOnce(SocketAddr) -> T + Send + 'static,
    ) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let door = Door { patience, places: Arc::new(Semaphore::new(places)), listener };
            let client = tokio::task::spawn_blocking(move || guest(address));
            let answer = axum::Router::new().fallback(move || async move { body });
            let service = answer.into_make_service_with_connect_info::<Peer>();
            let server = tokio::spawn(async move { axum::serve(door, service).await });
            let all = client.await.unwrap();
            server.abort();
            all
        })
    }

    fn connected(address: SocketAddr) -> std::net::TcpStream {
        std::net::TcpStream::connect(address).unwrap()
    }

    fn ask(stream: &mut std::net::TcpStream) {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    }

    /// All that still comes, until the connection ends in whatever way.
    fn rest(stream: &mut std::net::TcpStream) -> Vec<u8> {
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        all
    }

    /// More letters than anybody is listened to for.
    const ENDLESS: usize = 10_000;

    /// Sends a letter again and again until the connection is gone, and says how many.
    fn dribble(stream: &mut std::net::TcpStream) -> usize {
        let mut sent = 0;
        while sent < ENDLESS && stream.write_all(b"G").is_ok() {
            sent += 1;
            std::thread::sleep(Duration::from_millis(10));
        }
        sent
    }

    #[test]
    fn a_request_that_dribbles_in_is_cut_off() {
        let whole = with_guest(LONG, 1, b"done", |address| {
            let mut stream = connected(address);
            ask(&mut stream);
            rest(&mut stream)
        });
        assert!(String::from_utf8_lossy(&whole).ends_with("done"));
        let (sent, answer) = with_guest(SHORT, 1, b"done", |address| {
            let mut stream = connected(address);
            (dribble(&mut stream), rest(&mut stream))
        });
        assert!(sent < ENDLESS && !String::from_utf8_lossy(&answer).contains("done"), "{sent}");
    }

    #[test]
    fn a_guest_that_says_nothing_is_let_go() {
        assert!(with_guest(SHORT, 1, b"done", |address| rest(&mut connected(address))).is_empty());
    }

    #[test]
    fn an_answer_that_nobody_takes_up_is_cut_off() {
        // More than the sockets of both sides hold.
        static LARGE: [u8; 64 << 20] = [0; 64 << 20];
        // Time enough to be let in and heard.
        let patience = Duration::from_secs(2);
        let (begun, sent, taken) = with_guest(patience, 1, &LARGE, |address| {
            let mut stream = connected(address);
            ask(&mut stream);
            let begun = stream.peek(&mut [0]).is_ok_and(|n| n == 1);
            // Reads nothing; that the connection is gone shows when something is sent.
            (begun, dribble(&mut stream), rest(&mut stream).len())
        });
        assert!(begun && sent < ENDLESS && taken < LARGE.len(), "{begun} {sent} {taken}");
    }

    #[test]
    fn no_more_are_let_in_than_there_are_places() {
        let (early, at_last) = with_guest(LONG, 2, b"done", |address| {
            let (first, _second) = (connected(address), connected(address));
            let mut third = connected(address);
            ask(&mut third);
            third.set_read_timeout(Some(SHORT)).unwrap();
            let early = third.peek(&mut [0]).is_ok();
            drop(first);
            third.set_read_timeout(None).unwrap();
            (early, rest(&mut third))
        });
        assert!(!early && String::from_utf8_lossy(&at_last).ends_with("done"));
    }
}
