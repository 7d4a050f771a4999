//! Orders that are not finished: one draft a session, and held ones. What is in them is the till's business.

use domain::{Currency, Money, StaffId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::draft_file::Version;
use crate::error::StoreError;
use crate::orders::timestamp;
use crate::store::Store;
use crate::writer;

/// An order put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldOrder {
    /// Its id.
    pub id: String,
    /// What it was called.
    pub label: String,
    /// When it was put aside.
    pub at: Timestamp,
    /// By whom.
    pub staff: StaffId,
    /// What it comes to.
    pub total: Money,
    /// How many lines it has.
    pub lines: u32,
    /// The order, as the till wrote it.
    pub body: String,
}

impl Store {
    /// The open order of `session`, as the till wrote it.
    pub fn draft(&self, session: &str) -> Result<Option<String>, StoreError> {
        let closed = self.readers.with(|connection| {
            let mut statement = connection.prepare_cached("SELECT version, body FROM drafts WHERE session = ?1")?;
            let read = |row: &Row<'_>| Ok(Version { version: row.get(0)?, body: row.get(1)? });
            Ok(statement.query_row([session], read).optional()?)
        })?;
        let newest = [closed, self.draft_file.read(session)?].into_iter().flatten().max_by_key(|known| known.version);
        Ok(newest.and_then(|known| known.body))
    }

    /// Keeps the open order of `session`. It survives the end of the program from now on, the end of the power from the next
    /// quiet moment on: no scan waits for the disk.
    pub fn save_draft(&self, session: &str, body: &str) -> Result<(), StoreError> {
        self.keep_draft(session, Some(body))
    }

    /// Forgets the open order of `session`.
    pub fn delete_draft(&self, session: &str) -> Result<(), StoreError> {
        self.keep_draft(session, None)
    }

    fn keep_draft(&self, session: &str, body: Option<&str>) -> Result<(), StoreError> {
        self.draft_file.write(session, body)?;
        self.committed();
        Ok(())
    }

    /// Puts an order aside and empties the draft of `session` in one step.
    pub fn hold(&self, held: &HeldOrder, session: &str) -> Result<(), StoreError> {
        let version = self.draft_file.next_version();
        self.write_side().transaction(|connection| {
            connection
                .prepare_cached(
                    "INSERT INTO held_orders (id, label, at, staff, currency, total, lines, body)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                )?
                .execute((
                    &held.id,
                    &held.label,
                    held.at.as_millisecond(),
                    held.staff.as_str(),
                    held.total.currency().code(),
                    held.total.minor(),
                    held.lines,
                    &held.body,
                ))?;
            replace(connection, session, None, version)
        })?;
        self.committed();
        Ok(())
    }

    /// The orders put aside, oldest first.
    pub fn held(&self) -> Result<Vec<HeldOrder>, StoreError> {
        self.readers.with(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT id, label, at, staff, currency, total, lines, body FROM held_orders ORDER BY at, id")?;
            let mut rows = statement.query([])?;
            let mut held = Vec::new();
            while let Some(row) = rows.next()? {
                held.push(read_held(row)?);
            }
            Ok(held)
        })
    }

    /// Takes a held order up again: in one step it stops being held and `draft` becomes the open order of `session`. Gives the
    /// held order's body; none, and nothing changes, where it is no longer held.
    pub fn take_held(&self, id: &str, session: &str, draft: &str) -> Result<Option<String>, StoreError> {
        let version = self.draft_file.next_version();
        let taken = self.write_side().transaction(|connection| {
            let body = connection
                .prepare_cached("DELETE FROM held_orders WHERE id = ?1 RETURNING body")?
                .query_row([id], |row| row.get(0))
                .optional()?;
            if body.is_some() {
                replace(connection, session, Some(draft), version)?;
            }
            Ok(body)
        })?;
        self.committed();
        Ok(taken)
    }

    /// Forgets a held order that was taken up elsewhere; false where it is not held.
    pub fn drop_held(&self, id: &str) -> Result<bool, StoreError> {
        let dropped = self.write_side().transaction(|connection| {
            Ok(connection.prepare_cached("DELETE FROM held_orders WHERE id = ?1")?.execute([id])? > 0)
        })?;
        self.committed();
        Ok(dropped)
    }

    /// Writes what may be lost with the power but not with the program.
    pub(crate) fn write_relaxed<T>(&self, write: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let side = self.write_side();
        let answer = writer::transaction(&side.relaxed, write)?;
        self.committed();
        Ok(answer)
    }
}

/// Says in the store, together with what closes or opens it, what is open in `session` as of `version`.
pub(crate) fn replace(connection: &Connection, session: &str, body: Option<&str>, version: u64) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO drafts (session, body, version) VALUES (?1, ?2, ?3)
             ON CONFLICT (session) DO UPDATE SET body = ?2, version = ?3",
        )?
        .execute((session, body, version))?;
    Ok(())
}

fn read_held(row: &Row<'_>) -> Result<HeldOrder, StoreError> {
    let wrong = |error: &dyn std::error::Error| StoreError::content("held order", error);
    let currency = Currency::parse(&row.get::<_, String>(4)?).map_err(|error| wrong(&error))?;
    Ok(HeldOrder {
        id: row.get(0)?,
        label: row.get(1)?,
        at: timestamp(row.get(2)?)?,
        staff: StaffId::parse(&row.get::<_, String>(3)?).map_err(|error| wrong(&error))?,
        total: Money::from_minor(row.get(5)?, currency),
        lines: row.get(6)?,
        body: row.get(7)?,
    })
}
