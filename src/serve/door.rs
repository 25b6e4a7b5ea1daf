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

    /// A guest that sends what `send` does is served only if its request came in whole in time.
    fn served(send: impl FnOnce(&mut std::net::TcpStream) + Send + 'static) -> Vec<u8> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let door = Door { patience: Duration::from_millis(300), ..Door::new(listener) };
            let answer = axum::Router::new().fallback(|| async { "done" });
            let client = tokio::task::spawn_blocking(move || {
                let mut stream = std::net::TcpStream::connect(address).unwrap();
                send(&mut stream);
                let mut all = Vec::new();
                let _ = stream.read_to_end(&mut all);
                all
            });
            let service = answer.into_make_service_with_connect_info::<Peer>();
            let server = tokio::spawn(async move { axum::serve(door, service).await });
            let all = client.await.unwrap();
            server.abort();
            all
        })
    }

    #[test]
    fn a_request_that_dribbles_in_is_cut_off() {
        let whole = served(|s| s.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap());
        assert!(String::from_utf8_lossy(&whole).ends_with("done"));
        let dribbled = served(|s| {
            for _ in 0..60 {
                if s.write_all(b"G").is_err() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        assert!(!String::from_utf8_lossy(&dribbled).contains("done"));
    }

    #[test]
    fn a_guest_that_says_nothing_is_let_go() {
        assert!(served(|_| ()).is_empty());
    }
}
