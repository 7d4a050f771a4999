//! Recording: one entry of the journal and everything that follows from it, in one transaction.

use std::sync::MutexGuard;

use domain::{AcknowledgedHead, ReceiptNumber};
use journal::{Entry, EntryHash, Head};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::drafts;
use crate::entries;
use crate::error::StoreError;
use crate::projections::{self, Place};
use crate::shifts;
use crate::store::Store;

/// What the next entry follows; kept in memory so that a sale need not ask for it.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    pub(crate) head: Head,
    pub(crate) next_number: u64,
    pub(crate) acknowledged: Option<AcknowledgedHead>,
}

/// The writing connections and what is known of the journal's end.
#[derive(Debug)]
pub(crate) struct WriteSide {
    pub(crate) connection: Connection,
    /// For what may be lost with the power: `synchronous=NORMAL`.
    pub(crate) relaxed: Connection,
    /// None after a failure: to be read again.
    turn: Option<Turn>,
}

impl WriteSide {
    pub(crate) fn new(connection: Connection, relaxed: Connection) -> Result<Self, StoreError> {
        let turn = Some(read_turn(&connection)?);
        Ok(Self { connection, relaxed, turn })
    }

    /// Forgets what is kept in memory.
    pub(crate) fn distrust(&mut self) {
        self.turn = None;
    }

    fn is_trusted(&self) -> bool {
        self.turn.is_some()
    }

    pub(crate) fn turn(&mut self) -> Result<&mut Turn, StoreError> {
        if self.turn.is_none() {
            self.turn = Some(read_turn(&self.connection)?);
        }
        self.turn.as_mut().ok_or(StoreError::NotWritable { detail: "the journal's end is not known".to_owned() })
    }

    /// Runs `write` in one transaction that is on the disk when this returns, or leaves nothing.
    pub(crate) fn transaction<T>(&mut self, write: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let answer = transaction(&self.connection, write);
        if answer.is_err() {
            self.distrust();
        }
        answer
    }
}

/// Runs `write` in one transaction. Whatever fails, or panics, rolls it back.
pub(crate) fn transaction<T>(
    connection: &Connection,
    write: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let answer = write(&transaction)?;
    transaction.commit()?;
    Ok(answer)
}

fn read_turn(connection: &Connection) -> Result<Turn, StoreError> {
    Ok(Turn {
        head: entries::head(connection)?,
        next_number: projections::last_number(connection)? + 1,
        acknowledged: entries::acknowledged(connection)?,
    })
}

/// The right to write the next entry. While one thread holds it, all others that want to write wait: take it, compose and
/// sign, record, let go. Reading calls of the [`Store`] may be made meanwhile, writing ones may not (they would wait for
/// ever).
#[derive(Debug)]
pub struct Writer<'a> {
    store: &'a Store,
    side: MutexGuard<'a, WriteSide>,
    turn: Turn,
}

impl Store {
    /// Waits for its turn to write.
    pub fn writer(&self) -> Result<Writer<'_>, StoreError> {
        let mut side = self.write_side();
        let turn = side.turn()?.clone();
        Ok(Writer { store: self, side, turn })
    }
}

impl Writer<'_> {
    /// The end of the journal, which the next entry follows.
    pub fn head(&self) -> Head {
        self.turn.head
    }

    /// The number of the next receipt.
    pub fn next_receipt_number(&self) -> ReceiptNumber {
        let known = self.store.known();
        ReceiptNumber::compose(&known.shop.code, known.number(), self.turn.next_number)
    }

    /// The newest head that the hub has countersigned, for the next order to carry.
    pub fn acknowledged(&self) -> Option<&AcknowledgedHead> {
        self.turn.acknowledged.as_ref()
    }

    /// Records `entry` and what follows from it. When this returns Ok it is on the disk; after an error nothing is.
    pub fn record(&mut self, entry: &Entry) -> Result<(), StoreError> {
        self.record_with(entry, |_| Ok(()))
    }

    /// The number of the receipt after the next one: for two orders in one commit.
    pub fn receipt_number_after_next(&self) -> ReceiptNumber {
        let known = self.store.known();
        ReceiptNumber::compose(&known.shop.code, known.number(), self.turn.next_number + 1)
    }

    /// Records several entries, each following the one before, and replaces the draft of `session`, all in one transaction:
    /// the refund and the sale of an exchange are both there or neither is.
    pub fn record_together(&mut self, entries: &[Entry], session: &str, draft: Option<&str>) -> Result<(), StoreError> {
        let version = self.store.draft_file.next_version();
        self.record_entries(entries, |connection| drafts::replace(connection, session, draft, version))
    }

    /// As [`Writer::record`], and in the same transaction the draft of `session` is replaced, or deleted (`None`): an order
    /// is either still open or finished, whenever the power fails.
    pub fn record_closing(&mut self, entry: &Entry, session: &str, draft: Option<&str>) -> Result<(), StoreError> {
        let version = self.store.draft_file.next_version();
        self.record_with(entry, |connection| drafts::replace(connection, session, draft, version))
    }

    fn record_with(&mut self, entry: &Entry, also: impl FnOnce(&Connection) -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.record_entries(std::slice::from_ref(entry), also)
    }

    fn record_entries(
        &mut self,
        entries: &[Entry],
        also: impl FnOnce(&Connection) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        if !self.side.is_trusted() {
            self.turn = self.side.turn()?.clone();
        }
        let mut after = self.turn.clone();
        let mut numbers = Vec::with_capacity(entries.len());
        for entry in entries {
            if entry.seq != after.head.seq + 1 || entry.prev != after.head.hash {
                return Err(StoreError::NotNext { expected: after.head.seq + 1, found: entry.seq });
            }
            numbers.push(after.next_number);
            after.next_number += u64::from(self.receipt_in_turn(entry, after.next_number)?);
            after.head = entry.head();
        }
        let recorded = self.side.transaction(|connection| {
            for (entry, number) in entries.iter().zip(numbers) {
                shifts::check(connection, entry)?;
                entries::append(connection, entry)?;
                projections::project(connection, entry, Place { number })?;
            }
            also(connection)
        });
        if let Err(error) = recorded {
            // Should even this reading fail, it is done again before the next entry.
            if let Ok(turn) = self.side.turn() {
                self.turn = turn.clone();
            }
            return Err(already_recorded(error));
        }
        self.turn = after;
        *self.side.turn()? = self.turn.clone();
        for entry in entries {
            self.store.pending.recorded(entry);
        }
        self.store.committed();
        Ok(())
    }

    /// True when the entry takes the next receipt number, which must then be the right one.
    fn receipt_in_turn(&self, entry: &Entry, number: u64) -> Result<bool, StoreError> {
        let Some(order) = projections::order_of(&entry.event) else { return Ok(false) };
        let known = self.store.known();
        let expected = ReceiptNumber::compose(&known.shop.code, known.number(), number);
        if order.receipt == expected {
            return Ok(true);
        }
        Err(StoreError::ReceiptOutOfTurn { expected: expected.to_string(), found: order.receipt.to_string() })
    }
}

/// A broken uniqueness of an id or external reference, said in words.
fn already_recorded(error: StoreError) -> StoreError {
    let StoreError::Database(rusqlite::Error::SqliteFailure(code, Some(message))) = &error else { return error };
    if code.extended_code != rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE {
        return error;
    }
    let double = |column: &str| message.contains(column);
    if double(".external") {
        StoreError::AlreadyRecorded { detail: "its external reference is taken".to_owned() }
    } else if double(".id") {
        StoreError::AlreadyRecorded { detail: "its id is taken".to_owned() }
    } else {
        error
    }
}

/// A hash as databases hold it.
pub(crate) fn hash_from_blob(bytes: &[u8]) -> Result<EntryHash, StoreError> {
    let bytes = bytes.try_into().map_err(|_| StoreError::content("hash", "it does not have 32 bytes"))?;
    Ok(EntryHash::from_bytes(bytes))
}
