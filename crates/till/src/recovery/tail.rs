//! The mirror as a recovery reads it: every line checked before anything is sent.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use journal::{Entry, Head, Refusal, VerifyingKey, verify};

use super::RecoveryError;
use crate::mirror::{ENTRIES, MirrorCard, TERMINAL, is_mirror};

/// A lost terminal's entries, contiguous and proven to be its own.
#[derive(Debug)]
pub(super) struct Tail {
    pub(super) card: MirrorCard,
    entries: Vec<String>,
    before: Head,
    last: Head,
    /// The last line was not written to its end.
    pub(super) torn: bool,
    /// The first line that is not the terminal's; what stands before it can be delivered.
    pub(super) damaged: Option<(u64, Refusal)>,
}

/// The one mirror in `from` or just below it.
pub(super) fn find(from: &Path) -> Result<PathBuf, RecoveryError> {
    if is_mirror(from) {
        return Ok(from.to_owned());
    }
    let unreadable = |source| RecoveryError::Io { path: from.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(from).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if is_mirror(&path) {
            found.push(path);
        }
    }
    match found.len() {
        0 => Err(RecoveryError::NoMirror(from.to_owned())),
        1 => Ok(found.remove(0)),
        _ => {
            found.sort();
            Err(RecoveryError::SeveralMirrors(found.iter().map(|path| path.display().to_string()).collect()))
        }
    }
}

impl Tail {
    /// Reads and checks the mirror in `dir`.
    pub(super) fn read(dir: &Path) -> Result<Self, RecoveryError> {
        let card = read_card(&dir.join(TERMINAL))?;
        let path = dir.join(ENTRIES);
        let key = VerifyingKey::from_pem(&card.public_key)
            .map_err(|error| RecoveryError::Card { path: dir.join(TERMINAL), what: error.to_string() })?;
        let content = match fs::read(&path) {
            Ok(content) => content,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(source) => return Err(RecoveryError::Io { path, source }),
        };
        let torn = !content.is_empty() && !content.ends_with(b"\n");
        let mut lines: Vec<&[u8]> = content.split(|byte| *byte == b'\n').collect();
        // What follows the last line break is nothing, or a line that was never finished.
        lines.pop();
        let (before, last) = (Head::START, Head::START);
        let mut tail = Self { card, entries: Vec::with_capacity(lines.len()), before, last, torn, damaged: None };
        for (index, line) in lines.iter().enumerate() {
            let text = String::from_utf8_lossy(line);
            if let Err(refusal) = tail.take(text.trim_end_matches('\r'), &key) {
                tail.damaged = Some((index as u64 + 1, refusal));
                break;
            }
        }
        Ok(tail)
    }

    fn take(&mut self, text: &str, key: &VerifyingKey) -> Result<(), Refusal> {
        if self.entries.is_empty() {
            let first = Entry::read(text)?;
            self.before = Head { seq: first.seq.saturating_sub(1), hash: first.prev };
            self.last = self.before;
        }
        self.last = verify(text, key, self.card.terminal, self.last)?.head();
        self.entries.push(text.to_owned());
        Ok(())
    }

    /// True when everything had been sent.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many entries.
    pub(super) fn len(&self) -> u64 {
        self.entries.len() as u64
    }

    /// The number of the first entry.
    pub(super) fn first_seq(&self) -> u64 {
        self.before.seq + 1
    }

    /// The last entry.
    pub(super) fn last(&self) -> Head {
        self.last
    }

    /// How many entries have a number up to `seq`.
    pub(super) fn up_to(&self, seq: u64) -> u64 {
        seq.saturating_sub(self.before.seq).min(self.len())
    }

    /// The entries from number `seq` on, in batches of at most so many entries and about so many bytes.
    pub(super) fn batches_from(&self, seq: u64, (count, bytes): (usize, usize)) -> Vec<Vec<String>> {
        let skip = usize::try_from(seq.saturating_sub(self.first_seq())).unwrap_or(usize::MAX);
        let mut batches: Vec<Vec<String>> = Vec::new();
        let mut room = 0;
        for entry in self.entries.iter().skip(skip) {
            match batches.last_mut() {
                Some(batch) if batch.len() < count && entry.len() <= room => {
                    room -= entry.len();
                    batch.push(entry.clone());
                }
                _ => {
                    room = bytes.saturating_sub(entry.len());
                    batches.push(vec![entry.clone()]);
                }
            }
        }
        batches
    }
}

fn read_card(path: &Path) -> Result<MirrorCard, RecoveryError> {
    let text = fs::read(path).map_err(|source| RecoveryError::Io { path: path.to_owned(), source })?;
    serde_json::from_slice(&text).map_err(|error| RecoveryError::Card { path: path.to_owned(), what: error.to_string() })
}
