//! Who may sign in, and how often somebody got their PIN wrong.

use std::sync::Arc;

use domain::{Staff, StaffId};
use jiff::Timestamp;
use rusqlite::OptionalExtension;

use crate::error::StoreError;
use crate::orders::timestamp;
use crate::store::Store;

/// Wrong PINs in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinAttempts {
    /// How many since the last right one.
    pub failed: u32,
    /// When the last one was.
    pub last_at: Timestamp,
}

impl Store {
    /// The staff by id, also those who may no longer sign in; from memory.
    pub fn staff(&self) -> Arc<[Staff]> {
        Arc::clone(&self.known().staff)
    }

    /// Wrong PINs of `staff` in a row, none where the last one was right.
    pub fn pin_attempts(&self, staff: &StaffId) -> Result<Option<PinAttempts>, StoreError> {
        self.readers.with(|connection| {
            let found = connection
                .prepare_cached("SELECT failed, last_at FROM pin_attempts WHERE staff = ?1")?
                .query_row([staff.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            found.map(|(failed, at)| Ok(PinAttempts { failed, last_at: timestamp(at)? })).transpose()
        })
    }

    /// Keeps the count of wrong PINs of `staff`, on the disk when this returns, so that a restart does not reset it.
    pub fn set_pin_attempts(&self, staff: &StaffId, attempts: Option<PinAttempts>) -> Result<(), StoreError> {
        self.write_side().transaction(|connection| {
            match attempts {
                Some(PinAttempts { failed, last_at }) => connection
                    .prepare_cached(
                        "INSERT INTO pin_attempts (staff, failed, last_at) VALUES (?1, ?2, ?3)
                         ON CONFLICT (staff) DO UPDATE SET failed = ?2, last_at = ?3",
                    )?
                    .execute((staff.as_str(), failed, last_at.as_millisecond()))?,
                None => connection.prepare_cached("DELETE FROM pin_attempts WHERE staff = ?1")?.execute([staff.as_str()])?,
            };
            Ok(())
        })?;
        self.committed();
        Ok(())
    }
}
