//! Receipts on their way to the printer. They survive the end of the program; a job lost with the power can be printed again
//! from its order.

use domain::OrderId;
use jiff::Timestamp;
use rusqlite::OptionalExtension;

use crate::error::StoreError;
use crate::store::Store;

/// Printed jobs of which it is remembered that they were.
const REMEMBERED: i64 = 2_000;

/// Something to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintJob {
    /// Whose receipt it is, if it is one.
    pub order: Option<OrderId>,
    /// What the printer is sent.
    pub bytes: Vec<u8>,
}

/// A job whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedPrint {
    /// Its number.
    pub id: i64,
    /// What the printer is sent.
    pub bytes: Vec<u8>,
    /// How often it failed.
    pub attempts: u32,
}

/// How far a receipt's latest job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrintState {
    /// Never asked for.
    None,
    /// Not tried yet.
    Waiting,
    /// Done.
    Printed,
    /// Failed at least once; it will be tried again.
    Failed,
}

/// The queue as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrintStats {
    /// Jobs not printed yet, the failing ones included.
    pub waiting: u32,
    /// Jobs that failed at least once.
    pub failing: u32,
    /// Why the last of them failed.
    pub last_reason: Option<String>,
}

impl Store {
    /// Adds a job at the end of the queue; gives its number.
    pub fn push_print(&self, job: &PrintJob) -> Result<i64, StoreError> {
        self.write_relaxed(|connection| {
            connection
                .prepare_cached("INSERT INTO print_jobs (order_id, document, state) VALUES (?1, ?2, 'waiting')")?
                .execute((job.order.map(|order| *order.uuid().as_bytes()), &job.bytes))?;
            Ok(connection.last_insert_rowid())
        })
    }

    /// The first job that is due at `now`.
    pub fn next_print(&self, now: Timestamp) -> Result<Option<QueuedPrint>, StoreError> {
        self.readers.with(|connection| {
            let next = connection
                .prepare_cached(
                    "SELECT id, document, attempts FROM print_jobs
                     WHERE state <> 'printed' AND next_at <= ?1 ORDER BY id LIMIT 1",
                )?
                .query_row([now.as_millisecond()], |row| {
                    let bytes = row.get::<_, Option<Vec<u8>>>(1)?.unwrap_or_default();
                    Ok(QueuedPrint { id: row.get(0)?, bytes, attempts: row.get(2)? })
                })
                .optional()?;
            Ok(next)
        })
    }

    /// Job `id` is on paper.
    pub fn mark_printed(&self, id: i64) -> Result<(), StoreError> {
        self.write_relaxed(|connection| {
            connection
                .prepare_cached("UPDATE print_jobs SET state = 'printed', document = NULL, problem = '' WHERE id = ?1")?
                .execute([id])?;
            connection
                .prepare_cached("DELETE FROM print_jobs WHERE id <= ?1 AND state = 'printed'")?
                .execute([id - REMEMBERED])?;
            Ok(())
        })
    }

    /// Job `id` failed; it is due again at `retry_at`.
    pub fn mark_print_failed(&self, id: i64, reason: &str, retry_at: Timestamp) -> Result<(), StoreError> {
        self.write_relaxed(|connection| {
            connection
                .prepare_cached(
                    "UPDATE print_jobs SET state = 'failed', attempts = attempts + 1, problem = ?2, next_at = ?3 WHERE id = ?1",
                )?
                .execute((id, reason, retry_at.as_millisecond()))?;
            Ok(())
        })
    }

    /// Makes every failing job due at once.
    pub fn retry_prints(&self) -> Result<(), StoreError> {
        self.write_relaxed(|connection| {
            connection.prepare_cached("UPDATE print_jobs SET next_at = 0 WHERE state = 'failed'")?.execute([])?;
            Ok(())
        })
    }

    /// Drops every job that is not printed yet: the printer was taken away.
    pub fn drop_prints(&self) -> Result<(), StoreError> {
        self.write_relaxed(|connection| {
            connection.prepare_cached("DELETE FROM print_jobs WHERE state <> 'printed'")?.execute([])?;
            Ok(())
        })
    }

    /// How far the latest job of an order's receipt is.
    pub fn print_state(&self, order: OrderId) -> Result<PrintState, StoreError> {
        self.readers.with(|connection| {
            let state: Option<String> = connection
                .prepare_cached("SELECT state FROM print_jobs WHERE order_id = ?1 ORDER BY id DESC LIMIT 1")?
                .query_row([order.uuid().as_bytes()], |row| row.get(0))
                .optional()?;
            Ok(match state.as_deref() {
                None => PrintState::None,
                Some("printed") => PrintState::Printed,
                Some("failed") => PrintState::Failed,
                Some(_) => PrintState::Waiting,
            })
        })
    }

    /// The queue as a whole.
    pub fn print_stats(&self) -> Result<PrintStats, StoreError> {
        self.readers.with(|connection| {
            let (waiting, failing) = connection
                .prepare_cached(
                    "SELECT count(*), count(*) FILTER (WHERE state = 'failed') FROM print_jobs WHERE state <> 'printed'",
                )?
                .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let last_reason = connection
                .prepare_cached(
                    "SELECT problem FROM print_jobs WHERE state <> 'printed' AND state = 'failed' ORDER BY id DESC LIMIT 1",
                )?
                .query_row([], |row| row.get(0))
                .optional()?;
            Ok(PrintStats { waiting, failing, last_reason })
        })
    }
}
