//! Whether the file is sound.

use journal::{Entry, entry_hash};
use rusqlite::Connection;

use crate::error::StoreError;

/// Journals up to this length are checked wholly at every start; that takes a few tens of milliseconds.
const SMALL_JOURNAL: u64 = 4_000;

/// How many of the last entries are checked at every start.
const TAIL: u64 = 64;

/// Tables that hold what cannot be fetched from the hub again.
const PRECIOUS: [&str; 8] =
    ["journal", "orders", "order_lines", "payments", "adjustments", "adjustment_lines", "held_orders", "drafts"];

/// The check at start, in bounded time whatever the size of the file.
pub(crate) fn look_over(connection: &Connection) -> Result<(), StoreError> {
    let last: u64 = connection.query_row("SELECT coalesce(max(seq), 0) FROM journal", [], |row| row.get(0))?;
    if last <= SMALL_JOURNAL {
        for table in PRECIOUS {
            check(connection, &format!("PRAGMA quick_check({table})"))?;
        }
    }
    check_tail(connection, last)
}

/// The last entries must be readable, contiguous and chained.
fn check_tail(connection: &Connection, last: u64) -> Result<(), StoreError> {
    let mut statement = connection.prepare("SELECT seq, text FROM journal WHERE seq > ?1 ORDER BY seq")?;
    let mut rows = statement.query([last.saturating_sub(TAIL)])?;
    let mut before: Option<journal::Head> = None;
    while let Some(row) = rows.next()? {
        let seq: u64 = row.get(0)?;
        let text = row.get_ref(1)?.as_str().map_err(|error| damaged(seq, &error))?;
        let entry = Entry::read(text).map_err(|error| damaged(seq, &error))?;
        let follows = before.is_none_or(|head| head.seq + 1 == entry.seq && head.hash == entry.prev);
        if entry.seq != seq || !follows {
            return Err(StoreError::Damaged { detail: format!("journal entry {seq} does not follow the one before") });
        }
        before = Some(journal::Head { seq, hash: entry_hash(text) });
    }
    Ok(())
}

fn damaged(seq: u64, error: &dyn std::error::Error) -> StoreError {
    StoreError::Damaged { detail: format!("journal entry {seq}: {error}") }
}

/// Reads everything.
pub(crate) fn integrity_check(connection: &Connection) -> Result<(), StoreError> {
    check(connection, "PRAGMA integrity_check(10)")
}

fn check(connection: &Connection, pragma: &str) -> Result<(), StoreError> {
    let mut statement = connection.prepare(pragma)?;
    let findings = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    if findings.iter().all(|finding| finding == "ok") {
        return Ok(());
    }
    Err(StoreError::Damaged { detail: findings.join("; ") })
}
