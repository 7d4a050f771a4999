//! A store's whole state while it comes in: compressed lines, read as they arrive, so that no more than a little of it is
//! ever held in memory.

use std::io::{self, BufRead, BufReader, Read};

use domain::Change;
use reqwest::Response;
use tokio::sync::mpsc;
use zstd::Decoder;

use crate::client_error::{ClientError, UnreachableReason};
use crate::wire::SnapshotHeader;

/// The longest line that is read.
const MAX_LINE_BYTES: u64 = 1024 * 1024;
/// Pieces of the answer that may wait to be read.
const WAITING_CHUNKS: usize = 16;

/// A snapshot being received: an iterator over its changes. Reading blocks; an error ends it, and then nothing of it may be
/// kept.
pub struct Snapshot {
    header: SnapshotHeader,
    lines: Lines,
    read: u64,
    ended: bool,
}

type Lines = BufReader<Decoder<'static, BufReader<Chunks>>>;

impl Snapshot {
    /// Reads the header; the changes follow by iterating.
    fn begin(chunks: Chunks) -> io::Result<Self> {
        let mut lines = BufReader::new(Decoder::new(chunks)?);
        let header = read_line(&mut lines)?.ok_or_else(incomplete)?;
        let header = serde_json::from_slice(&header)?;
        Ok(Self { header, lines, read: 0, ended: false })
    }

    /// The feed position that the snapshot stands for.
    pub fn feed(&self) -> u64 {
        self.header.feed
    }

    /// How many changes it holds.
    pub fn changes(&self) -> u64 {
        self.header.changes
    }

    fn advance(&mut self) -> io::Result<Option<Change>> {
        match read_line(&mut self.lines)? {
            None if self.read == self.header.changes => Ok(None),
            Some(line) if self.read < self.header.changes => {
                self.read += 1;
                Ok(Some(serde_json::from_slice(&line)?))
            }
            _ => Err(incomplete()),
        }
    }
}

impl Iterator for Snapshot {
    type Item = io::Result<Change>;
    fn next(&mut self) -> Option<io::Result<Change>> {
        if self.ended {
            return None;
        }
        let next = self.advance().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("header", &self.header).field("read", &self.read).finish_non_exhaustive()
    }
}

fn incomplete() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the snapshot does not hold as many changes as it says")
}

fn read_line(lines: &mut Lines) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    lines.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line)?;
    match line.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(line)),
        Some(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "a line of the snapshot has no end")),
    }
}

/// The answer's pieces, handed over from the task that receives them.
struct Chunks {
    incoming: mpsc::Receiver<io::Result<Vec<u8>>>,
    current: Vec<u8>,
    position: usize,
}

impl Read for Chunks {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.position == self.current.len() {
            match self.incoming.blocking_recv() {
                Some(chunk) => (self.current, self.position) = (chunk?, 0),
                None => return Ok(0),
            }
        }
        let length = into.len().min(self.current.len() - self.position);
        into[..length].copy_from_slice(&self.current[self.position..self.position + length]);
        self.position += length;
        Ok(length)
    }
}

/// Receives an answer while `take` reads it on a thread that may block.
pub(crate) async fn receive<T: Send + 'static>(
    mut response: Response,
    address: String,
    take: impl FnOnce(Snapshot) -> T + Send + 'static,
) -> Result<T, ClientError> {
    let (outgoing, incoming) = mpsc::channel(WAITING_CHUNKS);
    let reading = tokio::task::spawn_blocking(move || {
        let chunks = Chunks { incoming, current: Vec::new(), position: 0 };
        Snapshot::begin(chunks).map(take)
    });
    let mut broken = false;
    loop {
        let piece = match response.chunk().await {
            Ok(None) => break,
            Ok(Some(chunk)) => Ok(chunk.to_vec()),
            Err(error) => {
                broken = true;
                Err(io::Error::other(error))
            }
        };
        // The reader may have stopped early; what it made of that is its result.
        if outgoing.send(piece).await.is_err() || broken {
            break;
        }
    }
    drop(outgoing);
    match reading.await {
        Ok(Ok(taken)) => Ok(taken),
        Ok(Err(_)) if broken => Err(ClientError::Unreachable { address, reason: UnreachableReason::Interrupted }),
        Ok(Err(error)) => Err(ClientError::NotAHub { address, what: format!("its snapshot cannot be read: {error}") }),
        Err(error) => Err(ClientError::Local(error.to_string())),
    }
}
