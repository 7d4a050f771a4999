//! The shifts of this terminal: whether one is open, what its entries come to so far, and the Z's made.

use domain::shift::{Period, ShiftClosed, ShiftState, ZDiffers};
use domain::{Currency, Event, StaffId};
use jiff::Timestamp;
use journal::Entry;
use rusqlite::{Connection, OptionalExtension};

use crate::entries;
use crate::error::StoreError;
use crate::store::Store;

/// A Z with the entry that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredZ {
    /// The number of its journal entry.
    pub seq: u64,
    /// When the shift was closed.
    pub at: Timestamp,
    /// By whom.
    pub staff: Option<StaffId>,
    /// What it says.
    pub z: ShiftClosed,
    /// True once the hub holds it.
    pub acked: bool,
}

impl Store {
    /// Whether a shift is open. Cheap.
    pub fn shift_state(&self) -> Result<ShiftState, StoreError> {
        self.readers.with(state)
    }

    /// What the entries since the last Z come to. Reads all of them.
    pub fn period(&self) -> Result<Period, StoreError> {
        let currency = self.shop().currency;
        self.readers.with(|connection| {
            let last = entries::last_seq(connection)?;
            period_until(connection, currency, last + 1)
        })
    }

    /// The Z's before number `before` (0: from the newest), newest first.
    pub fn z_reports(&self, before: u64, limit: u32) -> Result<Vec<StoredZ>, StoreError> {
        let before = if before == 0 { i64::MAX as u64 } else { before };
        self.readers.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT seq FROM shift_entries WHERE kind = 'closed' AND number < ?1 ORDER BY number DESC LIMIT ?2",
            )?;
            let seqs = statement.query_map((before, limit), |row| row.get(0))?.collect::<Result<Vec<u64>, _>>()?;
            seqs.into_iter().map(|seq| read_z(connection, seq)).collect()
        })
    }

    /// The Z with this number.
    pub fn z_report(&self, number: u64) -> Result<Option<StoredZ>, StoreError> {
        self.readers.with(|connection| {
            let seq: Option<u64> = connection
                .prepare_cached("SELECT seq FROM shift_entries WHERE kind = 'closed' AND number = ?1")?
                .query_row([number], |row| row.get(0))
                .optional()?;
            seq.map(|seq| read_z(connection, seq)).transpose()
        })
    }

    /// Ok when the Z of entry `seq` is the sum of its entries, follows the Z before it and names the entry that it follows.
    pub fn check_z(&self, seq: u64) -> Result<(), StoreError> {
        self.readers.with(|connection| {
            let text = entries::text(connection, seq)?.ok_or_else(|| missing(seq))?;
            check(connection, &entries::read(seq, &text)?)
        })
    }
}

/// As [`Store::check_z`], of an entry that may not have been recorded yet; entries of other kinds are well.
pub(crate) fn check(connection: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let Event::ShiftClosed(z) = &entry.event else { return Ok(()) };
    let period = period_until(connection, z.count.total.currency(), entry.seq)?;
    Ok(z.check(&period, &entry.prev.to_string())?)
}

/// Writes what `entry` says of the shift.
pub(crate) fn project(connection: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let own = entry.staff.as_ref();
    let (kind, cashier, number) = match &entry.event {
        Event::ShiftOpened(opened) => ("opened", own, Some(opened.number)),
        Event::ShiftHandedOver(handed) => ("handed_over", Some(&handed.to), None),
        Event::ShiftSuspended(_) => ("suspended", own, None),
        Event::ShiftResumed(_) => ("resumed", own, None),
        Event::ShiftClosed(z) => ("closed", None, Some(z.number)),
        _ => return Ok(()),
    };
    connection
        .prepare_cached("INSERT INTO shift_entries (seq, kind, at, cashier, number) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((entry.seq, kind, entry.at.as_millisecond(), cashier.map(StaffId::as_str), number))?;
    Ok(())
}

fn state(connection: &Connection) -> Result<ShiftState, StoreError> {
    let last: Option<(String, Option<String>)> = connection
        .prepare_cached("SELECT kind, cashier FROM shift_entries ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((kind, Some(cashier))) = last else { return Ok(ShiftState::Closed) };
    let cashier = StaffId::parse(&cashier).map_err(|error| StoreError::content("cashier", error))?;
    Ok(if kind == "suspended" { ShiftState::Suspended { cashier } } else { ShiftState::Open { cashier } })
}

/// The period that entry `before` would end, without it.
fn period_until(connection: &Connection, currency: Currency, before: u64) -> Result<Period, StoreError> {
    let wrong = |error: &dyn std::error::Error| StoreError::content("shift", error);
    let last: Option<u64> = connection
        .prepare_cached("SELECT max(seq) FROM shift_entries WHERE kind = 'closed' AND seq < ?1")?
        .query_row([before], |row| row.get(0))?;
    let mut period = match last {
        None => Period::first(currency),
        Some(seq) => {
            let StoredZ { seq, at, z, .. } = read_z(connection, seq)?;
            Period::after(&z, seq, at, currency).map_err(|error| wrong(&error))?
        }
    };
    let mut statement = connection.prepare_cached("SELECT seq, text FROM journal WHERE seq >= ?1 AND seq < ?2 ORDER BY seq")?;
    let mut rows = statement.query((period.first, before))?;
    while let Some(row) = rows.next()? {
        let seq: u64 = row.get(0)?;
        let entry = entries::read(seq, row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?;
        period.add(seq, entry.at, entry.staff.as_ref(), &entry.event).map_err(|error| wrong(&error))?;
    }
    Ok(period)
}

fn read_z(connection: &Connection, seq: u64) -> Result<StoredZ, StoreError> {
    let text = entries::text(connection, seq)?.ok_or_else(|| missing(seq))?;
    let entry = entries::read(seq, &text)?;
    let acked = seq <= entries::acked_seq(connection)?;
    match entry.event {
        Event::ShiftClosed(z) => Ok(StoredZ { seq, at: entry.at, staff: entry.staff, z: *z, acked }),
        _ => Err(missing(seq)),
    }
}

fn missing(seq: u64) -> StoreError {
    StoreError::content("Z", format!("journal entry {seq} does not hold it"))
}

impl From<ZDiffers> for StoreError {
    fn from(differs: ZDiffers) -> Self {
        Self::ZDiffers(differs)
    }
}
