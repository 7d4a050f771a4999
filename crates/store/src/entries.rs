//! The journal table: appending, reading back, and how much of it the hub holds.

use domain::AcknowledgedHead;
use journal::{Entry, EntryHash, Head, entry_hash};
use rusqlite::{Connection, OptionalExtension};

use crate::error::StoreError;
use crate::store::Store;
use crate::writer::hash_from_blob;

impl Store {
    /// The end of the journal.
    pub fn head(&self) -> Result<Head, StoreError> {
        self.readers.with(head)
    }

    /// The newest head that the hub has countersigned, none before the first.
    pub fn acked(&self) -> Result<Option<AcknowledgedHead>, StoreError> {
        self.readers.with(acknowledged)
    }

    /// How many entries only this machine (and its mirror) holds.
    pub fn unsent_count(&self) -> Result<u64, StoreError> {
        self.readers.with(|connection| Ok(last_seq(connection)?.saturating_sub(acked_seq(connection)?)))
    }

    /// The texts of the entries after `seq`, in order, up to `limit` of them and `limit_bytes` together; at least one where
    /// there is one.
    pub fn entries_after(&self, seq: u64, limit: usize, limit_bytes: usize) -> Result<Vec<String>, StoreError> {
        self.readers.with(|connection| {
            let mut statement = connection.prepare_cached("SELECT text FROM journal WHERE seq > ?1 ORDER BY seq")?;
            let mut rows = statement.query([seq])?;
            let mut texts = Vec::new();
            let mut bytes = 0;
            while texts.len() < limit {
                let Some(row) = rows.next()? else { break };
                let text: String = row.get(0)?;
                bytes += text.len();
                if bytes > limit_bytes && !texts.is_empty() {
                    break;
                }
                texts.push(text);
            }
            Ok(texts)
        })
    }

    /// The text of entry `seq`.
    pub fn entry(&self, seq: u64) -> Result<Option<String>, StoreError> {
        self.readers.with(|connection| text(connection, seq))
    }

    /// The hash of entry `seq`; of 0 the zeros that the first entry carries.
    pub fn hash_at(&self, seq: u64) -> Result<Option<EntryHash>, StoreError> {
        if seq == 0 {
            return Ok(Some(EntryHash::ZERO));
        }
        self.readers.with(|connection| {
            let mut statement = connection.prepare_cached("SELECT text FROM journal WHERE seq = ?1")?;
            Ok(statement.query_row([seq], |row| Ok(entry_hash(row.get_ref(0)?.as_str()?))).optional()?)
        })
    }

    /// Hands every entry's text to `each`, in order, one at a time; stops at the first error.
    pub fn for_each_entry<E: From<StoreError>>(&self, mut each: impl FnMut(u64, &str) -> Result<(), E>) -> Result<(), E> {
        let connection = self.readers.open()?;
        for_each(&connection, &mut each)
    }

    /// Keeps that the hub holds the journal up to `head`, with its countersignature; it may go back, when the hub did. A head
    /// that this journal does not have is refused.
    pub fn set_acked(&self, head: Head, countersignature: &str) -> Result<(), StoreError> {
        let mut side = self.write_side();
        if head.seq > 0 {
            let own = text(&side.connection, head.seq)?.ok_or(StoreError::ForeignHead { seq: head.seq })?;
            if entry_hash(&own) != head.hash {
                return Err(StoreError::ForeignHead { seq: head.seq });
            }
        }
        side.transaction(|connection| {
            connection
                .prepare_cached("UPDATE terminal SET acked_seq = ?1, acked_hash = ?2, countersignature = ?3")?
                .execute((head.seq, head.hash.as_bytes(), countersignature))?;
            Ok(())
        })?;
        self.pending.forget();
        side.turn()?.acknowledged = acknowledged(&side.connection)?;
        self.committed();
        Ok(())
    }

    /// Something was committed: the write-ahead log has to be moved some time.
    pub(crate) fn committed(&self) {
        if let Some(checkpointer) = &self.checkpointer {
            checkpointer.committed();
        }
    }
}

pub(crate) fn append(connection: &Connection, entry: &Entry) -> Result<(), StoreError> {
    connection.prepare_cached("INSERT INTO journal (seq, text) VALUES (?1, ?2)")?.execute((entry.seq, &entry.text))?;
    Ok(())
}

pub(crate) fn head(connection: &Connection) -> Result<Head, StoreError> {
    let last = connection
        .prepare_cached("SELECT seq, text FROM journal ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| {
            let text = row.get_ref(1)?.as_str()?;
            Ok(Head { seq: row.get(0)?, hash: entry_hash(text) })
        })
        .optional()?;
    Ok(last.unwrap_or(Head { seq: 0, hash: EntryHash::ZERO }))
}

pub(crate) fn last_seq(connection: &Connection) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached("SELECT coalesce(max(seq), 0) FROM journal")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

pub(crate) fn acked_seq(connection: &Connection) -> Result<u64, StoreError> {
    Ok(connection.prepare_cached("SELECT acked_seq FROM terminal")?.query_row([], |row| row.get(0))?)
}

pub(crate) fn acknowledged(connection: &Connection) -> Result<Option<AcknowledgedHead>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT acked_seq, acked_hash, countersignature FROM terminal")?;
    let (seq, hash, countersignature): (u64, Option<Vec<u8>>, String) =
        statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    match hash {
        Some(hash) if seq > 0 => Ok(Some(AcknowledgedHead { seq, hash: hash_from_blob(&hash)?.to_string(), countersignature })),
        _ => Ok(None),
    }
}

pub(crate) fn text(connection: &Connection, seq: u64) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT text FROM journal WHERE seq = ?1")?;
    Ok(statement.query_row([seq], |row| row.get(0)).optional()?)
}

/// Reads entry `seq` back from its text.
pub(crate) fn read(seq: u64, text: &str) -> Result<Entry, StoreError> {
    Entry::read(text).map_err(|source| StoreError::Entry { seq, source })
}

pub(crate) fn for_each<E: From<StoreError>>(
    connection: &Connection,
    each: &mut impl FnMut(u64, &str) -> Result<(), E>,
) -> Result<(), E> {
    let failed = |error: rusqlite::Error| E::from(StoreError::from(error));
    let mut statement = connection.prepare("SELECT seq, text FROM journal ORDER BY seq").map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let seq: u64 = row.get(0).map_err(failed)?;
        let text = row.get_ref(1).map_err(failed)?.as_str().map_err(|error| failed(error.into()))?;
        each(seq, text)?;
    }
    Ok(())
}
