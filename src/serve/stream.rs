//! An answer that is made as it is sent: a thread makes lines, no faster than they are read, so the longest answer takes no more memory
//! than a few pieces of it.

use std::io::Write;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Bytes, HttpBody};
use http_body::Frame;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Size of a piece, in bytes.
const PIECE: usize = 64 << 10;
/// Pieces that may wait for their reader.
const WAITING: usize = 4;

/// Pieces of an answer; an error cuts it off, so that nobody takes a part for the whole.
#[derive(Debug)]
pub(super) struct Lines(Receiver<Result<Bytes, String>>);

impl Lines {
    /// Runs `make` on a thread of its own. What it writes is sent; if it fails, or nobody reads any more, it ends.
    pub(super) fn made_by(make: impl FnOnce(&mut dyn Write) -> Result<(), String> + Send + 'static) -> Lines {
        let (sender, receiver) = channel(WAITING);
        std::thread::spawn(move || {
            let mut pieces = Pieces { sender, held: Vec::with_capacity(PIECE) };
            let made = make(&mut pieces).and_then(|()| pieces.flush().map_err(|e| e.to_string()));
            if let Err(why) = made {
                // If nobody reads any more, nobody needs to know.
                let _ = pieces.sender.blocking_send(Err(why));
            }
        });
        Lines(receiver)
    }
}

impl HttpBody for Lines {
    type Data = Bytes;
    type Error = String;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, String>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|p| p.map(Frame::data)))
    }
}

/// Gathers what is written into pieces.
struct Pieces {
    sender: Sender<Result<Bytes, String>>,
    held: Vec<u8>,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::replace(&mut self.held, Vec::with_capacity(PIECE)));
        self.sender.blocking_send(Ok(piece)).map_err(|_| std::io::ErrorKind::BrokenPipe.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was sent, and how it ended.
    fn read(lines: Lines) -> (Vec<u8>, Option<String>) {
        let mut receiver = lines.0;
        let (mut all, mut end) = (Vec::new(), None);
        while let Some(piece) = receiver.blocking_recv() {
            match piece {
                Ok(bytes) => all.extend_from_slice(&bytes),
                Err(why) => end = Some(why),
            }
        }
        (all, end)
    }

    #[test]
    fn all_is_sent_in_order_and_a_failure_told() {
        let line = |n: u32| format!("line {n}\n");
        let (all, end) = read(Lines::made_by(move |out| {
            (0..50_000).try_for_each(|n| write!(out, "{}", line(n))).map_err(|e| e.to_string())
        }));
        assert_eq!(all, (0..50_000).map(line).collect::<String>().into_bytes());
        assert_eq!(end, None);
        assert_eq!(read(Lines::made_by(|_| Err("gone".into()))), (Vec::new(), Some("gone".into())));
    }

    #[test]
    fn what_nobody_reads_is_not_made_to_its_end() {
        let (told, hear) = std::sync::mpsc::channel();
        drop(Lines::made_by(move |out| {
            let done = (0..10_000).try_for_each(|_| out.write_all(&[b'x'; 4096]));
            let _ = told.send(done.is_err());
            Ok(())
        }));
        assert_eq!(hear.recv(), Ok(true));
    }
}
