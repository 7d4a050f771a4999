//! Running sums of what tills report: the fold of `domain::report`, the same that tills make their reports by, kept by store,
//! business day and terminal in the transaction that takes the entries in. A report reads sums, never orders; [`rebuild`]
//! makes them anew from the entries and holds the one against the other.

mod proof;
mod read;
mod rebuild;

use std::collections::BTreeMap;

use domain::report::{Fact, FigureKey, Tally, facts};
use domain::{Event, MoneyError, StaffId};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::database::ColumnType::{Int, Text};
use crate::database::{Column, Insert, Rows};
use crate::incident::without_nul;
use crate::terminal::KnownTerminal;

pub use read::{DayReport, NamedFigure};
pub use rebuild::{SumDifference, SumsVerdict};

/// The most that one fact may say, in minor units or thousandths, to be counted: beyond it, sums of many would not fit.
const MAX_COUNTED: u64 = 100_000_000_000_000;
/// Characters that a key may have; those of honest tills are far shorter.
const MAX_KEY: usize = 120;

static SUMS: Insert = Insert::new(
    "report_sums",
    &[("store", Int), ("terminal", Int)],
    &[
        ("business_date", Text),
        ("dimension", Text),
        ("currency", Text),
        ("key", Text),
        ("counted", Int),
        ("quantity", Int),
        ("amount", Int),
    ],
    "ON CONFLICT (store, dimension, business_date, currency, key, terminal) DO UPDATE SET \
     counted = report_sums.counted + excluded.counted, quantity = report_sums.quantity + excluded.quantity, \
     amount = report_sums.amount + excluded.amount",
);

/// What an entry adds to the sums of its day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    business_date: String,
    facts: Vec<Fact>,
}

/// What `event` adds to the sums of a store with this time zone. An event that says more than can be added up adds nothing.
pub(crate) fn counted(zone: &TimeZone, event: &Event, staff: Option<&StaffId>, at: Timestamp) -> Result<Counted, MoneyError> {
    let local = at.to_zoned_datetime(zone.clone());
    let mut facts = facts(event, staff, u8::try_from(local.hour()).unwrap_or(0))?;
    if facts.is_empty() {
        return Ok(Counted::default());
    }
    for fact in &mut facts {
        let amount = fact.adds.amount.map_or(0, |amount| amount.minor().unsigned_abs());
        if amount > MAX_COUNTED || fact.adds.quantity.milli().unsigned_abs() > MAX_COUNTED {
            return Err(MoneyError::Overflow);
        }
        clean(&mut fact.key);
    }
    Ok(Counted { business_date: local.date().to_string(), facts })
}

/// Keys are what tills send: neither database may stumble over one.
fn clean(key: &mut FigureKey) {
    if key.key.contains('\0') {
        key.key = without_nul(&key.key);
    }
    if let Some((end, _)) = key.key.char_indices().nth(MAX_KEY) {
        key.key.truncate(end);
    }
}

/// Sums by day, of one terminal.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Days(BTreeMap<String, Tally>);

impl Days {
    /// Adds what an entry said.
    pub(crate) fn add(&mut self, counted: &Counted) -> Result<(), MoneyError> {
        if counted.facts.is_empty() {
            return Ok(());
        }
        self.0.entry(counted.business_date.clone()).or_default().take(counted.facts.iter().cloned())
    }

    /// One row a figure.
    fn figures(&self) -> impl Iterator<Item = (&str, &FigureKey, domain::report::Figure)> {
        self.0.iter().flat_map(|(date, tally)| tally.iter().map(move |(key, figure)| (date.as_str(), key, *figure)))
    }

    /// The rows that add these sums to those that are kept.
    pub(crate) fn rows<'a>(&'a self, known: &KnownTerminal) -> Rows<'a> {
        self.rows_of(known.store, known.number)
    }

    fn rows_of(&self, store: i64, terminal: i64) -> Rows<'_> {
        let figures: Vec<_> = self.figures().collect();
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Rows {
            insert: &SUMS,
            same: vec![store.into(), terminal.into()],
            each: vec![
                Column::Texts(figures.iter().map(|(date, ..)| *date).collect()),
                Column::Texts(figures.iter().map(|(_, key, _)| key.dimension.code()).collect()),
                Column::Texts(figures.iter().map(|(_, key, _)| key.currency.as_ref().map_or("", |code| code.code())).collect()),
                Column::Texts(figures.iter().map(|(_, key, _)| key.key.as_str()).collect()),
                Column::Ints(figures.iter().map(|(.., figure)| count(figure.count)).collect()),
                Column::Ints(figures.iter().map(|(.., figure)| figure.quantity.milli()).collect()),
                Column::Ints(figures.iter().map(|(.., figure)| figure.amount.map_or(0, |amount| amount.minor())).collect()),
            ],
        }
    }
}
