//! What reports read: the times of entries, runs of them, and the totals since the beginning.

use domain::{Currency, Money};
use jiff::Timestamp;

use crate::error::StoreError;
use crate::store::Store;

/// What was ever sold and given back in one currency, since the first entry of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerpetualTotal {
    /// Σ of all sales.
    pub sales: Money,
    /// Σ of all refunds, above zero.
    pub refunds: Money,
}

impl Store {
    /// The time of every entry after `seq`, in order. Reads little of each: a million take seconds, not minutes.
    pub fn times_after(&self, seq: u64) -> Result<Vec<(u64, Timestamp)>, StoreError> {
        self.readers.with(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT seq, substr(text, 1, ?2) FROM journal WHERE seq > ?1 ORDER BY seq")?;
            let mut rows = statement.query((seq, journal::BEGINNING))?;
            let mut times = Vec::new();
            while let Some(row) = rows.next()? {
                let seq: u64 = row.get(0)?;
                let at = journal::time_of(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
                times.push((seq, at.ok_or_else(|| StoreError::content("journal", format!("entry {seq} has no time")))?));
            }
            Ok(times)
        })
    }

    /// Hands the texts of the entries from `first` to `last` to `each`, in order, one at a time; stops at the first error.
    pub fn each_entry_between<E: From<StoreError>>(
        &self,
        first: u64,
        last: u64,
        mut each: impl FnMut(u64, &str) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut stopped = None;
        self.readers.with(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT seq, text FROM journal WHERE seq >= ?1 AND seq <= ?2 ORDER BY seq")?;
            let mut rows = statement.query((first, last))?;
            while let Some(row) = rows.next()? {
                if let Err(error) = each(row.get(0)?, row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?) {
                    stopped = Some(error);
                    break;
                }
            }
            Ok(())
        })?;
        stopped.map_or(Ok(()), Err)
    }

    /// What was ever sold and given back at this terminal, by currency: what a fiscal day's end report carries, never set back.
    pub fn perpetual_totals(&self) -> Result<Vec<PerpetualTotal>, StoreError> {
        self.readers.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT currency, coalesce(sum(total) FILTER (WHERE kind = 'sale'), 0),
                 coalesce(sum(total) FILTER (WHERE kind = 'refund'), 0) FROM orders GROUP BY currency ORDER BY currency",
            )?;
            let mut rows = statement.query([])?;
            let mut totals = Vec::new();
            while let Some(row) = rows.next()? {
                let code: String = row.get(0)?;
                let currency = Currency::parse(&code).map_err(|error| StoreError::content("order", error))?;
                let amount = |column| Ok::<_, StoreError>(Money::from_minor(row.get(column)?, currency));
                totals.push(PerpetualTotal { sales: amount(1)?, refunds: amount(2)? });
            }
            Ok(totals)
        })
    }
}
