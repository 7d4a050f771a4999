//! Recovery of a lost terminal: what its mirror holds and the hub does not is handed to the hub verbatim, from a new terminal
//! of the same hub. The entries carry the lost terminal's own signatures, so nothing is made up, and the hub knows them by
//! their numbers, so nothing is doubled however often this is run.

mod tail;

use std::io;
use std::path::{Path, PathBuf};

use domain::event::JournalRecovered;
use domain::{Event, StoreCode, TerminalId};
use journal::{Head, Refusal};
use sync::wire::PushAnswer;
use thiserror::Error;

use crate::error::TillError;
use crate::mirror::ENTRIES;
use crate::terminal::Terminal;
use tail::Tail;

/// Entries of one request; well below what the hub takes.
const BATCH: (usize, usize) = (100, 2 * 1024 * 1024);

/// Why a lost terminal is not (wholly) recovered. What was delivered stays delivered.
#[derive(Debug, Error)]
pub enum RecoveryError {
    /// The folder is no mirror and holds none.
    #[error("{} holds no mirror of a terminal: name the folder that has terminal.json and entries.jws in it", .0.display())]
    NoMirror(PathBuf),
    /// The folder holds several.
    #[error("the folder holds the mirrors of several terminals, name one of them: {}", .0.join(", "))]
    SeveralMirrors(Vec<String>),
    /// A file cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// `terminal.json` is not what a terminal wrote.
    #[error("{} is not what a terminal wrote: {what}", path.display())]
    Card {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// An entry is not what the lost terminal wrote.
    #[error(
        "line {line} of {} is not what the terminal wrote ({refusal}): the hub holds everything before it, nothing from there on can be \
         delivered",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line.
        line: u64,
        /// What is wrong.
        refusal: Refusal,
    },
    /// Entries between the hub's last and the mirror's first are nowhere.
    #[error(
        "entries {from} to {to} of terminal {terminal} are neither at the hub nor in the mirror, so the {waiting} entries after them \
         cannot be delivered yet: keep the folder and look for a newer copy of that terminal's store"
    )]
    Missing {
        /// The lost terminal.
        terminal: TerminalId,
        /// The first missing entry.
        from: u64,
        /// The last missing entry.
        to: u64,
        /// Entries in the mirror that wait for them.
        waiting: u64,
    },
    /// The mirror is that of the terminal it is to be recovered on.
    #[error("this is the mirror of this very terminal, which is not lost: run tillbridge sync")]
    OwnMirror,
    /// The hub took less than was there.
    #[error("the hub holds terminal {terminal} up to entry {acked}, the mirror goes to entry {last}: run this again")]
    Incomplete {
        /// The lost terminal.
        terminal: TerminalId,
        /// What the hub holds.
        acked: u64,
        /// What the mirror holds.
        last: u64,
    },
    /// The terminal, its store or the hub.
    #[error(transparent)]
    Till(#[from] TillError),
}

/// A recovered terminal: the hub holds everything that its mirror holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// The lost terminal.
    pub terminal: TerminalId,
    /// The store it sold in.
    pub store: StoreCode,
    /// Entries that the hub took over now.
    pub delivered: u64,
    /// Entries of the mirror that the hub held before.
    pub held_before: u64,
    /// The last entry of the mirror, 0 for an empty one.
    pub last_seq: u64,
    /// True when the last line was torn: its terminal died while it wrote it.
    pub torn_line: bool,
}

/// Delivers the mirror in `from` (the terminal's own folder or the one above it) through `terminal`, which must have joined
/// the hub.
pub fn recover(terminal: &Terminal, from: &Path) -> Result<Recovery, RecoveryError> {
    let dir = tail::find(from)?;
    let tail = Tail::read(&dir)?;
    let lost = tail.card.terminal;
    if lost == terminal.id() {
        return Err(RecoveryError::OwnMirror);
    }
    let connection = terminal.connection()?;
    let before = connection.head_of(lost)?;
    let mut recovery = Recovery {
        terminal: lost,
        store: tail.card.store.clone(),
        delivered: 0,
        held_before: tail.up_to(before.acked),
        last_seq: tail.last().seq,
        torn_line: tail.torn,
    };
    if tail.is_empty() {
        return whole(tail, &dir, recovery);
    }
    if tail.first_seq() > before.acked + 1 {
        let (from, to) = (before.acked + 1, tail.first_seq() - 1);
        return Err(RecoveryError::Missing { terminal: lost, from, to, waiting: tail.len() });
    }
    // What the hub holds already is sent from its last entry on, so that a fork shows instead of passing unseen.
    let mut answer: Option<PushAnswer> = None;
    for batch in tail.batches_from(before.acked.max(tail.first_seq()), BATCH) {
        answer = Some(connection.push_for(lost, &batch)?);
    }
    let acked = answer.map_or(before.acked, |answer| answer.acked);
    if acked < tail.last().seq {
        return Err(RecoveryError::Incomplete { terminal: lost, acked, last: tail.last().seq });
    }
    recovery.delivered = tail.last().seq.saturating_sub(before.acked);
    note(terminal, &recovery, tail.last())?;
    whole(tail, &dir, recovery)
}

/// The recovery, if every line of the mirror was the terminal's.
fn whole(tail: Tail, dir: &Path, recovery: Recovery) -> Result<Recovery, RecoveryError> {
    match tail.damaged {
        None => Ok(recovery),
        Some((line, refusal)) => Err(RecoveryError::Damaged { path: dir.join(ENTRIES), line, refusal }),
    }
}

/// The new terminal's journal says what it delivered, once for each state of the mirror, and tells the hub.
fn note(terminal: &Terminal, recovery: &Recovery, last: Head) -> Result<(), RecoveryError> {
    let head = last.hash.to_string();
    let mut noted = false;
    terminal
        .store()
        .for_each_entry(|seq, text| {
            let entry = journal::Entry::read(text).map_err(|source| store::StoreError::Entry { seq, source })?;
            if let Event::JournalRecovered(said) = entry.event {
                noted |= said.terminal == recovery.terminal && said.head == head;
            }
            Ok::<(), TillError>(())
        })
        .map_err(RecoveryError::Till)?;
    if !noted {
        let said = JournalRecovered { terminal: recovery.terminal, entries: recovery.delivered, last_seq: last.seq, head };
        terminal.record(Event::JournalRecovered(said), None, terminal.clock.now())?;
    }
    terminal.sync_until_quiet()?;
    Ok(())
}
