//! Making the sums anew from the entries, and holding those that are kept against them.

use domain::StoreCode;
use domain::report::FigureKey;
use jiff::tz::TimeZone;
use journal::Entry;
use serde::Serialize;

use super::{Days, counted, read};
use crate::database::{DatabaseError, Session};
use crate::error::HubError;
use crate::hub::Hub;
use crate::store;

/// Entries that are read in one go.
const CHUNK: i64 = 2_000;
/// Differences that are named.
const NAMED: usize = 20;

/// What came of holding the sums against the entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SumsVerdict {
    /// Terminals looked at.
    pub terminals: u64,
    /// Entries folded.
    pub entries: u64,
    /// Figures that are as they must be.
    pub right: u64,
    /// Figures that are not.
    pub wrong: u64,
    /// The first of those.
    pub differences: Vec<SumDifference>,
}

/// A figure that is not what the entries say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SumDifference {
    /// The store.
    pub store: StoreCode,
    /// The terminal's number.
    pub terminal: i64,
    /// The business day.
    pub date: String,
    /// Dimension, key and currency.
    pub figure: String,
    /// Count, quantity and amount that are kept.
    pub kept: String,
    /// Those that the entries make.
    pub entries: String,
}

/// A terminal whose sums are looked at.
#[derive(Clone)]
struct Subject {
    store: i64,
    code: StoreCode,
    terminal: i64,
    zone: TimeZone,
}

impl Hub {
    /// Folds every entry again and compares with the sums that are kept, terminal by terminal; changes nothing.
    pub fn verify_sums(&self) -> Result<SumsVerdict, HubError> {
        let mut verdict = SumsVerdict { terminals: 0, entries: 0, right: 0, wrong: 0, differences: Vec::new() };
        for subject in self.0.database.read(subjects)? {
            let (kept, made, entries) = self.0.database.read_at_once(|session| {
                let (made, entries) = fold(session, &subject)?;
                Ok::<_, HubError>((kept(session, &subject)?, made, entries))
            })?;
            verdict.terminals += 1;
            verdict.entries += entries;
            compare(&subject, &kept, &made, &mut verdict);
        }
        Ok(verdict)
    }

    /// Puts the sums that the entries make in the place of those that are kept, one terminal at a time. How many entries were
    /// folded.
    pub fn rebuild_sums(&self) -> Result<u64, HubError> {
        let mut entries = 0;
        for subject in self.0.database.read(subjects)? {
            entries += self.0.database.write(move |session| rebuild(session, &subject))?;
        }
        self.0.database.write(|session| {
            Ok::<_, HubError>(session.execute("UPDATE report_sums_state SET complete = 1 WHERE one = 1", &[])?)
        })?;
        Ok(entries)
    }

    /// Makes the sums of data that was taken in before there were any.
    pub(crate) fn complete_sums(&self) -> Result<(), HubError> {
        let sql = "SELECT complete FROM report_sums_state WHERE one = 1";
        let complete = self.0.database.read(|session| session.query_one::<_, HubError>(sql, &[], |row| Ok(row.int(0)?)))?;
        if complete == Some(0) {
            let entries = self.rebuild_sums()?;
            tracing::info!(entries, "the sums of reports were made from the entries");
        }
        Ok(())
    }
}

fn subjects(session: &mut Session<'_>) -> Result<Vec<Subject>, HubError> {
    let sql = "SELECT s.number, s.settings, t.number FROM stores s JOIN terminals t ON t.store = s.number \
               ORDER BY s.number, t.number";
    session.query(sql, &[], |row| {
        let shop = store::shop(&row.text(1)?)?;
        Ok(Subject { store: row.int(0)?, zone: shop.zone(), code: shop.code, terminal: row.int(2)? })
    })
}

/// By the store's time zone of now.
fn fold(session: &mut Session<'_>, subject: &Subject) -> Result<(Days, u64), HubError> {
    let mut days = Days::default();
    let (mut after, mut entries) = (0, 0);
    loop {
        let chunk = session.query(
            "SELECT seq, text FROM entries WHERE store = $1 AND terminal = $2 AND seq > $3 AND projected = 1 \
             ORDER BY seq LIMIT $4",
            &[subject.store.into(), subject.terminal.into(), after.into(), CHUNK.into()],
            |row| Ok::<_, DatabaseError>((row.int(0)?, row.text(1)?)),
        )?;
        let Some((last, _)) = chunk.last() else { return Ok((days, entries)) };
        after = *last;
        entries += chunk.len() as u64;
        for (_, text) in &chunk {
            // What cannot be read was not counted when it was taken in either.
            let Ok(entry) = Entry::read(text) else { continue };
            if let Ok(counted) = counted(&subject.zone, &entry.event, entry.staff.as_ref(), entry.at) {
                days.add(&counted)?;
            }
        }
    }
}

fn kept(session: &mut Session<'_>, subject: &Subject) -> Result<Days, HubError> {
    let rows = session.query(
        "SELECT business_date, dimension, currency, key, counted, quantity, amount FROM report_sums \
         WHERE store = $1 AND terminal = $2",
        &[subject.store.into(), subject.terminal.into()],
        |row| Ok::<_, HubError>((row.text(0)?, read::read(row, 1)?)),
    )?;
    let mut days = Days::default();
    for (date, fact) in rows {
        days.0.entry(date).or_default().take([fact])?;
    }
    Ok(days)
}

fn compare(subject: &Subject, kept: &Days, made: &Days, verdict: &mut SumsVerdict) {
    let both: std::collections::BTreeSet<&String> = kept.0.keys().chain(made.0.keys()).collect();
    let empty = domain::Tally::default();
    for date in both {
        let (kept, made) = (kept.0.get(date).unwrap_or(&empty), made.0.get(date).unwrap_or(&empty));
        let wrong = made.differences(kept);
        verdict.wrong += wrong.len() as u64;
        verdict.right += (made.iter().count().saturating_sub(wrong.len())) as u64;
        let room = NAMED.saturating_sub(verdict.differences.len());
        let named = wrong.into_iter().take(room).map(|key| {
            let text = |tally: &domain::Tally| {
                let figure = tally.figure(key.dimension, &key.key, key.currency);
                let amount = figure.amount.map(|amount| format!(", {amount}")).unwrap_or_default();
                format!("{} counted, {} goods{amount}", figure.count, figure.quantity)
            };
            SumDifference {
                store: subject.code.clone(),
                terminal: subject.terminal,
                date: date.clone(),
                figure: in_words(&key),
                kept: text(kept),
                entries: text(made),
            }
        });
        verdict.differences.extend(named);
    }
}

fn in_words(key: &FigureKey) -> String {
    let currency = key.currency.map(|currency| format!(" {currency}")).unwrap_or_default();
    format!("{} '{}'{currency}", key.dimension, key.key)
}

/// Under the lock of the terminal's row, which every push takes.
fn rebuild(session: &mut Session<'_>, subject: &Subject) -> Result<u64, HubError> {
    let place = [subject.store.into(), subject.terminal.into()];
    let sql = "SELECT acked FROM terminals WHERE store = $1 AND number = $2";
    session.lock_one::<_, DatabaseError>(sql, &place, |row| row.int(0))?;
    session.execute("DELETE FROM report_sums WHERE store = $1 AND terminal = $2", &place)?;
    let (days, entries) = fold(session, subject)?;
    session.insert_together(&[days.rows_of(subject.store, subject.terminal)])?;
    Ok(entries)
}
