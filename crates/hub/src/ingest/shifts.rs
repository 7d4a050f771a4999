//! Shifts as a terminal reports them: cash that moves is booked, each Z is kept as a row, and its figures are held against the
//! entries that it covers.

use domain::ledger::Posting;
use domain::shift::{Period, ShiftClosed};
use domain::{Currency, Event, StaffId};
use journal::{Entry, SignedEntry};

use super::checking::CheckedEntry;
use super::content::MAX_BOOKED;
use super::projection::{Findings, Projection, bad_content, business_date, clean};
use super::rows::{PLACE, PostingRow, place};
use crate::database::ColumnType::{Int, Text};
use crate::database::{Column, DatabaseError, Insert, Rows, Session};
use crate::error::HubError;
use crate::feed;
use crate::incident::Finding;
use crate::terminal::KnownTerminal;

/// Entries that are read in one go when a Z is checked.
const CHUNK: i64 = 2_000;

static SHIFTS: Insert = Insert::new(
    "shifts",
    PLACE,
    &[
        ("seq", Int),
        ("number", Int),
        ("business_date", Text),
        ("at", Int),
        ("staff", Text),
        ("currency", Text),
        ("first", Int),
        ("last", Int),
        ("opened", Int),
        ("expected", Int),
        ("counted", Int),
        ("over_short", Int),
        ("differences", Int),
        ("taken_out", Int),
        ("grand_sales", Int),
        ("grand_refunds", Int),
        ("clock_back", Int),
        ("reason", Text),
        ("approved_by", Text),
    ],
    "",
);

/// A shift's event.
pub(super) struct ProjectedShift {
    currency: Currency,
    /// None when it moved no cash.
    posting: Option<Posting>,
    business_date: String,
    /// The Z, when it is one, with its day in words.
    z: Option<(Box<ShiftClosed>, String)>,
}

/// A shift's event with the entry it comes from.
pub(super) struct ShiftRow<'a> {
    pub(super) seq: i64,
    pub(super) entry: &'a CheckedEntry,
    pub(super) projected: &'a ProjectedShift,
}

impl<'a> ShiftRow<'a> {
    /// What it books.
    pub(super) fn posting(&self) -> Option<PostingRow<'a>> {
        let ProjectedShift { currency, posting, business_date, .. } = self.projected;
        let posting = posting.as_ref()?;
        Some(PostingRow { seq: self.seq, business_date, currency: currency.code(), posting })
    }

    fn z(&self) -> Option<(&'a ShiftClosed, &'a str)> {
        self.projected.z.as_ref().map(|(z, date)| (&**z, date.as_str()))
    }
}

/// What becomes of a shift's event.
pub(super) fn project(known: &KnownTerminal, signed: &SignedEntry, event: Event, findings: &mut Findings<'_>) -> Projection {
    let posting = match Posting::of_shift(&event) {
        Ok(posting) => posting,
        Err(error) => {
            findings.add(format!("entry {} is kept but cannot be booked: {error}", signed.seq));
            return Projection::Unreadable;
        }
    };
    let largest = posting.iter().flat_map(Posting::lines).map(|(_, amount)| amount.minor().unsigned_abs()).max();
    if largest.is_some_and(|largest| largest > MAX_BOOKED.unsigned_abs()) {
        findings.add(format!("the cash of entry {} is more than can be booked; it is kept", signed.seq));
        return Projection::Unreadable;
    }
    let currency = match &event {
        Event::ShiftOpened(opened) => opened.float.total.currency(),
        Event::CashMoved(moved) => moved.amount.currency(),
        Event::ShiftHandedOver(handed) => handed.over_short.map_or(known.currency, domain::Money::currency),
        Event::ShiftClosed(z) => z.count.total.currency(),
        _ => known.currency,
    };
    let business_date = business_date(known, signed.at);
    let z = match event {
        Event::ShiftClosed(mut z) => {
            clean(&mut z.reason);
            let date = z.business_date.to_string();
            Some((z, date))
        }
        _ => None,
    };
    Projection::Shift(Box::new(ProjectedShift { currency, posting, business_date, z }))
}

/// A row for each Z.
pub(super) fn rows<'a>(known: &KnownTerminal, rows: &[ShiftRow<'a>]) -> Rows<'a> {
    let zs: Vec<(&ShiftRow<'a>, &'a ShiftClosed, &'a str)> =
        rows.iter().filter_map(|row| row.z().map(|(z, date)| (row, z, date))).collect();
    let ints = |value: fn(&ShiftClosed) -> i64| Column::Ints(zs.iter().map(|(_, z, _)| value(z)).collect());
    Rows {
        insert: &SHIFTS,
        same: place(known),
        each: vec![
            Column::Ints(zs.iter().map(|(row, ..)| row.seq).collect()),
            ints(|z| count(z.number)),
            Column::Texts(zs.iter().map(|(.., date)| *date).collect()),
            Column::Ints(zs.iter().map(|(row, ..)| row.entry.signed.at.as_millisecond()).collect()),
            Column::OptionalTexts(zs.iter().map(|(row, ..)| row.entry.signed.staff.as_ref().map(StaffId::as_str)).collect()),
            Column::Texts(zs.iter().map(|(row, ..)| row.projected.currency.code()).collect()),
            ints(|z| count(z.first)),
            ints(|z| count(z.last)),
            ints(|z| i64::from(z.opened)),
            ints(|z| z.expected.minor()),
            ints(|z| z.count.total.minor()),
            ints(|z| z.over_short.minor()),
            ints(|z| z.drawer.differences.minor()),
            ints(|z| z.taken_out.minor()),
            ints(|z| z.grand.sales.minor()),
            ints(|z| z.grand.refunds.minor()),
            ints(|z| i64::from(z.clock_back)),
            Column::Texts(zs.iter().map(|(_, z, _)| z.reason.as_str()).collect()),
            Column::OptionalTexts(zs.iter().map(|(_, z, _)| z.approved_by.as_ref().map(StaffId::as_str)).collect()),
        ],
    }
}

/// A number of a journal, which the database can count.
fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Holds each Z, which is written already, against the entries that it covers; those that differ are findings.
pub(super) fn check(session: &mut Session<'_>, known: &KnownTerminal, rows: &[ShiftRow<'_>]) -> Result<Vec<Finding>, HubError> {
    let mut findings = Vec::new();
    for row in rows {
        let Some((z, _)) = row.z() else { continue };
        let wrong = match period_before(session, known, row.seq, row.projected.currency)? {
            Checked::Period(period) => {
                z.check(&period, &row.entry.signed.prev.to_string()).err().map(|differs| differs.to_string())
            }
            Checked::Wrong(what) => Some(what),
            Checked::Unreadable => None,
        };
        if let Some(what) = wrong {
            let detail = format!("{what} (entry {} is kept and booked as it is)", row.seq);
            findings.push(bad_content(row.entry.signed.hash.to_string(), detail, &row.entry.text));
        }
    }
    Ok(findings)
}

enum Checked {
    Period(Box<Period>),
    /// The entries contradict one another.
    Wrong(String),
    /// A newer till wrote what this version cannot read: it is checked where it can be.
    Unreadable,
}

/// What the entries between the Z before and entry `seq` come to.
fn period_before(session: &mut Session<'_>, known: &KnownTerminal, seq: i64, currency: Currency) -> Result<Checked, HubError> {
    let here = [known.store.into(), known.number.into(), seq.into()];
    let sql = "SELECT MAX(seq) FROM shifts WHERE store = $1 AND terminal = $2 AND seq < $3";
    let before = session.query_one(sql, &here, |row| row.optional_int(0))?.flatten();
    let mut period = match before {
        None => Period::first(currency),
        Some(before) => {
            let sql = "SELECT text FROM entries WHERE store = $1 AND terminal = $2 AND seq = $3";
            let text = session.query_one(sql, &[known.store.into(), known.number.into(), before.into()], |row| row.text(0))?;
            let Some(Ok(entry)) = text.map(|text| Entry::read(&text)) else { return Ok(Checked::Unreadable) };
            let Event::ShiftClosed(z) = &entry.event else { return Ok(Checked::Unreadable) };
            match Period::after(z, entry.seq, entry.at, currency) {
                Ok(period) => period,
                Err(error) => return Ok(Checked::Wrong(error.to_string())),
            }
        }
    };
    let sql = "SELECT text FROM entries WHERE store = $1 AND terminal = $2 AND seq > $3 AND seq < $4 ORDER BY seq LIMIT $5";
    loop {
        let after = feed::signed(period.last)?;
        let range = [known.store.into(), known.number.into(), after.into(), seq.into(), CHUNK.into()];
        let texts = session.query::<_, DatabaseError>(sql, &range, |row| row.text(0))?;
        if texts.is_empty() {
            return Ok(Checked::Period(Box::new(period)));
        }
        for text in texts {
            let Ok(entry) = Entry::read(&text) else { return Ok(Checked::Unreadable) };
            if let Err(error) = period.add(entry.seq, entry.at, entry.staff.as_ref(), &entry.event) {
                return Ok(Checked::Wrong(format!("entry {}: {error}", entry.seq)));
            }
        }
    }
}
