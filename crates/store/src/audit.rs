//! Looking through the journal: by kind, person, time and text, from the newest entry back. An index beside the journal
//! makes that quick; it is brought up to date when somebody looks, so that no sale pays for it.

use domain::StaffId;
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde::Deserialize;

use crate::error::StoreError;
use crate::proof::TableDifference;
use crate::store::Store;

/// Entries that are indexed before others may write again.
const CHUNK: usize = 500;

/// Which entries to show; what is left out does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JournalFilter {
    /// Of this kind.
    pub kind: Option<String>,
    /// By this person.
    pub staff: Option<StaffId>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// What the entry says somewhere, in any case of letters.
    pub text: String,
}

/// What an entry says about itself.
#[derive(Deserialize)]
struct Card {
    at: Timestamp,
    #[serde(default)]
    staff: Option<String>,
    kind: String,
}

fn card(seq: u64, text: &str) -> Result<Card, StoreError> {
    let payload = journal::payload(text).ok_or_else(|| StoreError::content("journal entry", format!("{seq} has no payload")))?;
    serde_json::from_str(&payload).map_err(|error| StoreError::content("journal entry", error))
}

impl Store {
    /// The entries that `filter` lets through before `before` (0: from the newest), newest first, at most `limit`.
    pub fn find_entries(&self, filter: &JournalFilter, before: u64, limit: usize) -> Result<Vec<(u64, String)>, StoreError> {
        self.index_journal()?;
        let before = if before == 0 { i64::MAX } else { i64::try_from(before).unwrap_or(i64::MAX) };
        let mut sql = "SELECT i.seq, j.text FROM journal_index i JOIN journal j ON j.seq = i.seq WHERE i.seq < ?1".to_owned();
        let mut values = vec![Value::Integer(before)];
        let mut also = |condition: &str, value: Value| {
            values.push(value);
            sql.push_str(&format!(" AND {condition} ?{}", values.len()));
        };
        if let Some(kind) = &filter.kind {
            also("i.kind =", Value::Text(kind.clone()));
        }
        if let Some(staff) = &filter.staff {
            also("i.staff =", Value::Text(staff.to_string()));
        }
        if let Some(from) = filter.from {
            also("i.at >=", Value::Integer(from.as_millisecond()));
        }
        if let Some(until) = filter.until {
            also("i.at <", Value::Integer(until.as_millisecond()));
        }
        sql.push_str(" ORDER BY i.seq DESC");
        let wanted = filter.text.trim().to_lowercase();
        self.readers.with(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(params_from_iter(values))?;
            let mut found = Vec::new();
            while found.len() < limit {
                let Some(row) = rows.next()? else { break };
                let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
                if wanted.is_empty() || journal::payload(text).is_some_and(|said| said.to_lowercase().contains(&wanted)) {
                    found.push((row.get(0)?, text.to_owned()));
                }
            }
            Ok(found)
        })
    }

    /// The kinds of entries that this journal holds, and how many of each.
    pub fn journal_kinds(&self) -> Result<Vec<(String, u64)>, StoreError> {
        self.index_journal()?;
        self.readers.with(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT kind, count(*) FROM journal_index GROUP BY kind ORDER BY kind")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Brings the index up to date, a piece at a time so that sales go on between.
    fn index_journal(&self) -> Result<(), StoreError> {
        loop {
            let after = self.readers.with(|connection| {
                let mut statement = connection.prepare_cached("SELECT coalesce(max(seq), 0) FROM journal_index")?;
                Ok(statement.query_row([], |row| row.get::<_, u64>(0))?)
            })?;
            let texts = self.entries_after(after, CHUNK, usize::MAX)?;
            if texts.is_empty() {
                return Ok(());
            }
            let cards = (after + 1..).zip(&texts).map(|(seq, text)| Ok((seq, card(seq, text)?)));
            let cards = cards.collect::<Result<Vec<_>, StoreError>>()?;
            self.write_relaxed(|connection| {
                let sql = "INSERT OR REPLACE INTO journal_index (seq, at, staff, kind) VALUES (?1, ?2, ?3, ?4)";
                let mut insert = connection.prepare_cached(sql)?;
                for (seq, card) in &cards {
                    insert.execute((seq, card.at.as_millisecond(), card.staff.as_deref().unwrap_or_default(), &card.kind))?;
                }
                Ok(())
            })?;
        }
    }
}

/// How the index differs from the journal, as far as it goes.
pub(crate) fn compare_index(connection: &Connection) -> Result<Option<TableDifference>, StoreError> {
    let mut difference = TableDifference { table: "journal_index", rows: 0, first: Vec::new() };
    let sql =
        "SELECT i.seq, i.at, i.staff, i.kind, j.text FROM journal_index i LEFT JOIN journal j ON j.seq = i.seq ORDER BY i.seq";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let seq: u64 = row.get(0)?;
        let indexed: (i64, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let said = match row.get::<_, Option<String>>(4)? {
            Some(text) => card(seq, &text).ok().map(|card| (card.at.as_millisecond(), card.staff.unwrap_or_default(), card.kind)),
            None => None,
        };
        if said.as_ref() != Some(&indexed) {
            difference.rows += 1;
            if difference.first.len() < 5 {
                difference.first.push(format!("seq={seq}: at={} staff='{}' kind='{}'", indexed.0, indexed.1, indexed.2));
            }
        }
    }
    Ok((difference.rows > 0).then_some(difference))
}

/// Forgets the index; it is made anew when somebody looks.
pub(crate) fn forget_index(connection: &Connection) -> Result<(), StoreError> {
    Ok(connection.execute_batch("DELETE FROM journal_index")?)
}
