//! The file that open orders are kept in: `drafts.sqlite` beside the store. Every scan writes to it, so it has a log of its
//! own; a sale then flushes nothing but the sale. It may lose its last moments with the power, never with the program.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::error::StoreError;
use crate::store::connect;

/// The name of the file in a store's folder.
pub(crate) const FILE: &str = "drafts.sqlite";

/// A session's open order, or that it has none, as of `version`.
#[derive(Debug)]
pub(crate) struct Version {
    pub(crate) version: u64,
    pub(crate) body: Option<String>,
}

/// The file, open.
#[derive(Debug)]
pub(crate) struct DraftFile {
    connection: Mutex<Connection>,
    /// The last version given out, here or in the store.
    last: AtomicU64,
}

impl DraftFile {
    /// Opens the file in `dir`. One that cannot be read holds nothing that is worth a refusal to sell: a new one takes its
    /// place. `known` is the last version that the store has seen.
    pub(crate) fn open(dir: &Path, known: u64) -> Result<Self, StoreError> {
        let file = dir.join(FILE);
        let (connection, last) = match prepared(&file) {
            Ok(opened) => opened,
            Err(error) => {
                tracing::warn!(%error, "the file of open orders is damaged and begins anew");
                for part in parts(&file) {
                    match std::fs::remove_file(&part) {
                        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                            return Err(StoreError::io(&part, source));
                        }
                        _ => {}
                    }
                }
                prepared(&file)?
            }
        };
        Ok(Self { connection: Mutex::new(connection), last: AtomicU64::new(last.max(known)) })
    }

    /// Opens the file to look at it; an empty one in memory where there is none.
    pub(crate) fn open_read_only(dir: &Path) -> Result<Self, StoreError> {
        let file = dir.join(FILE);
        let connection = if file.is_file() {
            connect(&file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?
        } else {
            let connection = Connection::open_in_memory()?;
            connection.execute_batch(SCHEMA)?;
            connection
        };
        Ok(Self { connection: Mutex::new(connection), last: AtomicU64::new(0) })
    }

    /// A version above all others.
    pub(crate) fn next_version(&self) -> u64 {
        self.last.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// What the file says of `session`.
    pub(crate) fn read(&self, session: &str) -> Result<Option<Version>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT version, body FROM drafts WHERE session = ?1")?;
        let read = |row: &rusqlite::Row<'_>| Ok(Version { version: row.get(0)?, body: row.get(1)? });
        Ok(statement.query_row([session], read).optional()?)
    }

    /// Keeps the open order of `session`, or (`None`) that it has none.
    pub(crate) fn write(&self, session: &str, body: Option<&str>) -> Result<(), StoreError> {
        let connection = self.connection();
        let version = self.next_version();
        connection
            .prepare_cached(
                "INSERT INTO drafts (session, body, version) VALUES (?1, ?2, ?3)
                 ON CONFLICT (session) DO UPDATE SET body = ?2, version = ?3",
            )?
            .execute((session, body, version))?;
        Ok(())
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS drafts
    (session TEXT PRIMARY KEY, body TEXT, version INTEGER NOT NULL) STRICT, WITHOUT ROWID";

fn prepared(file: &Path) -> Result<(Connection, u64), StoreError> {
    let connection =
        connect(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // No commit waits for the disk; the checkpointer flushes when the counter is quiet.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.execute_batch(SCHEMA)?;
    let sound: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if sound != "ok" {
        return Err(StoreError::Damaged { detail: sound });
    }
    let last = connection.query_row("SELECT coalesce(max(version), 0) FROM drafts", [], |row| row.get(0))?;
    Ok((connection, last))
}

fn parts(file: &Path) -> [PathBuf; 3] {
    ["sqlite", "sqlite-wal", "sqlite-shm"].map(|extension| file.with_extension(extension))
}
