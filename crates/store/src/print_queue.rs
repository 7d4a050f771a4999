//! What is on its way to a printer. It survives the end of the program; a job lost with the power can be printed again from
//! its order. Each printer has its own queue, in the order in which things were queued.

use domain::OrderId;
use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, Row};

use crate::error::StoreError;
use crate::store::Store;

/// Finished jobs of which it is remembered that they were.
const REMEMBERED: i64 = 2_000;
/// Finished jobs that can be printed again from the queue.
const KEPT_WHOLE: i64 = 50;

/// A printer with a queue of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Printer {
    /// Receipts and reports, with the drawer.
    Receipt,
    /// Labels.
    Label,
}

impl Printer {
    /// Every printer.
    pub const ALL: [Self; 2] = [Self::Receipt, Self::Label];

    /// Its name in the store and in the interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Label => "label",
        }
    }

    /// The printer of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|printer| printer.name() == name)
    }
}

impl ToSql for Printer {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for Printer {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str().and_then(|name| Self::named(name).ok_or(FromSqlError::InvalidType))
    }
}

/// Something to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintJob {
    /// On which printer.
    pub printer: Printer,
    /// What a person calls it: a receipt's number, `Z 12`; may be empty.
    pub title: String,
    /// Whose receipt it is, if it is one.
    pub order: Option<OrderId>,
    /// What the printer is sent; may be empty where only the drawer opens.
    pub bytes: Vec<u8>,
    /// Whether the drawer opens before it.
    pub drawer: bool,
    /// When it was queued.
    pub at: Timestamp,
}

/// A job whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedPrint {
    /// Its number.
    pub id: i64,
    /// What the printer is sent.
    pub bytes: Vec<u8>,
    /// Whether the drawer opens before it.
    pub drawer: bool,
    /// Whether a part of it may already be on paper.
    pub begun: bool,
    /// How often it failed.
    pub attempts: u32,
    /// When it was queued.
    pub at: Timestamp,
}

/// A job as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintRow {
    /// Its number.
    pub id: i64,
    /// On which printer.
    pub printer: Printer,
    /// What a person calls it.
    pub title: String,
    /// Whose receipt it is, if it is one.
    pub order: Option<OrderId>,
    /// How far it is.
    pub state: PrintState,
    /// Whether a part of it may already be on paper.
    pub begun: bool,
    /// How often it failed.
    pub attempts: u32,
    /// What the last failure was, as it was given to [`Store::mark_print_failed`]; may be empty.
    pub refusal: String,
    /// When it was queued.
    pub at: Timestamp,
    /// Whether it can be printed again from here.
    pub kept: bool,
}

/// How far a job is.
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
    /// Taken out of the queue by a person.
    Cancelled,
}

impl PrintState {
    fn named(name: &str) -> Self {
        match name {
            "printed" => Self::Printed,
            "failed" => Self::Failed,
            "cancelled" => Self::Cancelled,
            _ => Self::Waiting,
        }
    }
}

/// The queues as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrintStats {
    /// Jobs not printed yet, the failing ones included.
    pub waiting: u32,
    /// Jobs that failed at least once.
    pub failing: u32,
    /// Why the last of them failed.
    pub last_reason: Option<String>,
}

/// Why a job failed.
#[derive(Debug, Clone, Copy)]
pub struct PrintFailure<'a> {
    /// In English, for logs and programs.
    pub reason: &'a str,
    /// What a user interface is told, kept as it is.
    pub refusal: &'a str,
}

impl Store {
    /// Adds a job at the end of its printer's queue; gives its number.
    pub fn push_print(&self, job: &PrintJob) -> Result<i64, StoreError> {
        self.write_relaxed(|connection| {
            connection
                .prepare_cached(
                    "INSERT INTO print_jobs (printer, title, order_id, document, drawer, state, queued_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', ?6)",
                )?
                .execute((
                    job.printer,
                    &job.title,
                    job.order.map(|order| *order.uuid().as_bytes()),
                    &job.bytes,
                    job.drawer,
                    job.at.as_millisecond(),
                ))?;
            Ok(connection.last_insert_rowid())
        })
    }

    /// The first job of a printer that is due at `now`.
    pub fn next_print(&self, printer: Printer, now: Timestamp) -> Result<Option<QueuedPrint>, StoreError> {
        self.readers.with(|connection| {
            let next = connection
                .prepare_cached(
                    "SELECT id, document, drawer, begun, attempts, queued_at FROM print_jobs
                     WHERE printer = ?1 AND state IN ('waiting', 'failed') AND next_at <= ?2 ORDER BY id LIMIT 1",
                )?
                .query_row((printer, now.as_millisecond()), |row| {
                    let bytes = row.get::<_, Option<Vec<u8>>>(1)?.unwrap_or_default();
                    Ok(QueuedPrint {
                        id: row.get(0)?,
                        bytes,
                        drawer: row.get(2)?,
                        begun: row.get(3)?,
                        attempts: row.get(4)?,
                        at: moment(row, 5)?,
                    })
                })
                .optional()?;
            Ok(next)
        })
    }

    /// From now on a part of job `id` may be on paper.
    pub fn mark_print_begun(&self, id: i64) -> Result<(), StoreError> {
        self.write_relaxed(|connection| {
            connection.prepare_cached("UPDATE print_jobs SET begun = 1 WHERE id = ?1")?.execute([id])?;
            Ok(())
        })
    }

    /// Job `id` is on paper.
    pub fn mark_printed(&self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        self.finish_print(id, "printed", at).map(|_| ())
    }

    /// Takes job `id` out of the queue. False when it was no longer in it.
    pub fn cancel_print(&self, id: i64, at: Timestamp) -> Result<bool, StoreError> {
        self.finish_print(id, "cancelled", at)
    }

    fn finish_print(&self, id: i64, state: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.write_relaxed(|connection| {
            let changed = connection
                .prepare_cached(
                    "UPDATE print_jobs SET state = ?2, problem = '', refusal = '', done_at = ?3
                     WHERE id = ?1 AND state IN ('waiting', 'failed')",
                )?
                .execute((id, state, at.as_millisecond()))?;
            connection
                .prepare_cached(
                    "UPDATE print_jobs SET document = NULL
                     WHERE id <= ?1 AND id > ?1 - 50 AND state IN ('printed', 'cancelled') AND document IS NOT NULL",
                )?
                .execute([id - KEPT_WHOLE])?;
            connection
                .prepare_cached("DELETE FROM print_jobs WHERE id <= ?1 AND state IN ('printed', 'cancelled')")?
                .execute([id - REMEMBERED])?;
            Ok(changed == 1)
        })
    }

    /// Job `id` failed; it is due again at `retry_at`.
    pub fn mark_print_failed(&self, id: i64, failure: PrintFailure<'_>, retry_at: Timestamp) -> Result<(), StoreError> {
        self.write_relaxed(|connection| {
            connection
                .prepare_cached(
                    "UPDATE print_jobs SET state = 'failed', attempts = attempts + 1, problem = ?2, refusal = ?3, next_at = ?4
                     WHERE id = ?1 AND state IN ('waiting', 'failed')",
                )?
                .execute((id, failure.reason, failure.refusal, retry_at.as_millisecond()))?;
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

    /// Queues a finished job once more, as one of which a part is already on paper. None when it is not kept any more.
    pub fn print_again(&self, id: i64, at: Timestamp) -> Result<Option<i64>, StoreError> {
        self.write_relaxed(|connection| {
            let added = connection
                .prepare_cached(
                    "INSERT INTO print_jobs (printer, title, order_id, document, state, begun, queued_at)
                     SELECT printer, title, order_id, document, 'waiting', state = 'printed' OR begun, ?2 FROM print_jobs
                     WHERE id = ?1 AND state IN ('printed', 'cancelled') AND length(document) > 0",
                )?
                .execute((id, at.as_millisecond()))?;
            Ok((added == 1).then(|| connection.last_insert_rowid()))
        })
    }

    /// The jobs that are not printed yet in their order, then those that are, newest first; `finished` of them.
    pub fn print_jobs(&self, finished: u32) -> Result<Vec<PrintRow>, StoreError> {
        const COLUMNS: &str = "SELECT id, printer, title, order_id, state, begun, attempts, refusal, queued_at,
             coalesce(length(document) > 0, 0) FROM print_jobs";
        self.readers.with(|connection| {
            let mut rows = connection
                .prepare_cached(&format!("{COLUMNS} WHERE state IN ('waiting', 'failed') ORDER BY id"))?
                .query_map([], read_row)?
                .collect::<Result<Vec<_>, _>>()?;
            let done = format!("{COLUMNS} WHERE state IN ('printed', 'cancelled') ORDER BY id DESC LIMIT ?1");
            rows.extend(connection.prepare_cached(&done)?.query_map([finished], read_row)?.collect::<Result<Vec<_>, _>>()?);
            Ok(rows)
        })
    }

    /// How far the latest job of an order's receipt is.
    pub fn print_state(&self, order: OrderId) -> Result<PrintState, StoreError> {
        self.readers.with(|connection| {
            let state: Option<String> = connection
                .prepare_cached("SELECT state FROM print_jobs WHERE order_id = ?1 ORDER BY id DESC LIMIT 1")?
                .query_row([order.uuid().as_bytes()], |row| row.get(0))
                .optional()?;
            Ok(state.map_or(PrintState::None, |state| PrintState::named(&state)))
        })
    }

    /// The queues as a whole.
    pub fn print_stats(&self) -> Result<PrintStats, StoreError> {
        self.readers.with(|connection| {
            let (waiting, failing) = connection
                .prepare_cached(
                    "SELECT count(*), count(*) FILTER (WHERE state = 'failed') FROM print_jobs
                     WHERE state IN ('waiting', 'failed')",
                )?
                .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let last_reason = connection
                .prepare_cached("SELECT problem FROM print_jobs WHERE state = 'failed' ORDER BY id DESC LIMIT 1")?
                .query_row([], |row| row.get(0))
                .optional()?;
            Ok(PrintStats { waiting, failing, last_reason })
        })
    }

    /// Keeps a file of this terminal's devices; none takes it away.
    pub fn set_device_file(&self, name: &str, body: Option<&[u8]>) -> Result<(), StoreError> {
        self.write_relaxed(|connection| {
            match body {
                Some(body) => connection
                    .prepare_cached(
                        "INSERT INTO device_files (name, body) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET body = ?2",
                    )?
                    .execute((name, body))?,
                None => connection.prepare_cached("DELETE FROM device_files WHERE name = ?1")?.execute([name])?,
            };
            Ok(())
        })
    }

    /// A file of this terminal's devices.
    pub fn device_file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.readers.with(|connection| {
            let body = connection
                .prepare_cached("SELECT body FROM device_files WHERE name = ?1")?
                .query_row([name], |row| row.get(0))
                .optional()?;
            Ok(body)
        })
    }
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<PrintRow> {
    let order = row.get::<_, Option<Vec<u8>>>(3)?.and_then(|bytes| uuid::Uuid::from_slice(&bytes).ok()).map(OrderId::from_uuid);
    Ok(PrintRow {
        id: row.get(0)?,
        printer: row.get(1)?,
        title: row.get(2)?,
        order,
        state: PrintState::named(&row.get::<_, String>(4)?),
        begun: row.get(5)?,
        attempts: row.get(6)?,
        refusal: row.get(7)?,
        at: moment(row, 8)?,
        kept: row.get(9)?,
    })
}

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Ok(Timestamp::from_millisecond(row.get(column)?).unwrap_or(Timestamp::UNIX_EPOCH))
}
