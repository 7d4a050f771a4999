//! The rows of a push, written table by table in one go each.

use std::collections::HashSet;

use domain::{Change, Money, OrderLine, StaffId, Tender};
use jiff::Timestamp;

use super::checking::CheckedEntry;
use super::projection::{ProjectedAdjustment, ProjectedOrder, Projection, bad_content};
use crate::database::ColumnType::{Bytes, Int, Text, Uuid};
use crate::database::{Column, ColumnType, DatabaseError, Insert, Session};
use crate::error::HubError;
use crate::feed;
use crate::incident;
use crate::terminal::KnownTerminal;

/// A clock that is ahead by more than this is flagged.
const MAX_AHEAD_SECONDS: i64 = 300;

const PLACE: &[(&str, ColumnType)] = &[("store", Int), ("terminal", Int)];

static ENTRIES: Insert = Insert::new(
    "entries",
    &[("store", Int), ("terminal", Int), ("received_at", Int)],
    &[("seq", Int), ("hash", Bytes), ("kind", Text), ("at", Int), ("projected", Int), ("text", Text)],
    "",
);
static ORDERS: Insert = Insert::new(
    "orders",
    PLACE,
    &[
        ("seq", Int),
        ("id", Uuid),
        ("kind", Text),
        ("receipt", Text),
        ("business_date", Text),
        ("at", Int),
        ("staff", Text),
        ("currency", Text),
        ("total", Int),
        ("tax", Int),
        ("rounding", Int),
        ("refund_of", Uuid),
        ("external_reference", Text),
    ],
    "ON CONFLICT (store, id) DO NOTHING",
);
static ORDER_LINES: Insert = Insert::new(
    "order_lines",
    PLACE,
    &[
        ("seq", Int),
        ("line", Int),
        ("product", Uuid),
        ("sku", Text),
        ("quantity", Int),
        ("net", Int),
        ("tax", Int),
        ("payable", Int),
    ],
    "",
);
static PAYMENTS: Insert = Insert::new(
    "payments",
    PLACE,
    &[("seq", Int), ("number", Int), ("id", Uuid), ("tender", Text), ("amount", Int), ("reference", Text)],
    "",
);
static POSTING_LINES: Insert =
    Insert::new("posting_lines", PLACE, &[("seq", Int), ("account", Text), ("amount", Int)], "");
static POSTINGS: Insert =
    Insert::new("postings", PLACE, &[("seq", Int), ("business_date", Text), ("currency", Text)], "");
static ADJUSTMENTS: Insert = Insert::new(
    "stock_adjustments",
    PLACE,
    &[("seq", Int), ("id", Uuid), ("business_date", Text), ("reason", Text), ("external_reference", Text)],
    "ON CONFLICT (store, id) DO NOTHING",
);
static ADJUSTMENT_LINES: Insert = Insert::new(
    "stock_adjustment_lines",
    PLACE,
    &[("seq", Int), ("line", Int), ("product", Uuid), ("sku", Text), ("delta", Int), ("note", Text)],
    "",
);

/// A sale or refund with the entry it comes from.
struct OrderRow<'a> {
    seq: i64,
    entry: &'a CheckedEntry,
    projected: &'a ProjectedOrder,
}

struct AdjustmentRow<'a> {
    seq: i64,
    entry: &'a CheckedEntry,
    projected: &'a ProjectedAdjustment,
}

/// Writes `entries` and what is made of them; how many findings were written down.
pub(super) fn write(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    entries: &[CheckedEntry],
    now: Timestamp,
) -> Result<u64, HubError> {
    let mut orders = Vec::new();
    let mut adjustments = Vec::new();
    let mut products: Vec<Change> = Vec::new();
    for entry in entries {
        let seq = feed::signed(entry.signed.seq)?;
        match &entry.projection {
            Projection::Order(projected) => orders.push(OrderRow { seq, entry, projected }),
            Projection::Adjustment(projected) => adjustments.push(AdjustmentRow { seq, entry, projected }),
            Projection::Catalogue(change) => products.push((**change).clone()),
            Projection::Nothing | Projection::Unreadable => {}
        }
    }
    write_entries(session, known, entries, now)?;
    let mut findings = write_orders(session, known, orders, now)?;
    findings += write_adjustments(session, known, adjustments, now)?;
    if !products.is_empty() {
        let new = feed::unknown(session, known.store, products)?;
        feed::publish(session, known.store, &new)?;
    }
    for finding in entries.iter().flat_map(|entry| &entry.findings) {
        incident::record(session, known.store, known.number, finding, now)?;
        findings += 1;
    }
    let ahead = entries.iter().map(|entry| entry.signed.at.duration_since(now).as_secs()).max().unwrap_or(0);
    if ahead > MAX_AHEAD_SECONDS {
        incident::record(session, known.store, known.number, &incident::clock_drift(ahead), now)?;
        findings += 1;
    }
    Ok(findings)
}

fn write_entries(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    entries: &[CheckedEntry],
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let signed = || entries.iter().map(|entry| &entry.signed);
    let seqs = signed().map(|signed| feed::signed(signed.seq)).collect::<Result<_, _>>()?;
    let kinds: Vec<String> = signed().map(|signed| incident::without_nul(&signed.kind)).collect();
    let projected = entries.iter().map(|entry| i64::from(!matches!(entry.projection, Projection::Unreadable)));
    session.insert(
        &ENTRIES,
        &[known.store.into(), known.number.into(), now.as_millisecond().into()],
        &[
            Column::Ints(seqs),
            Column::Bytes(signed().map(|signed| signed.hash.as_bytes().as_slice()).collect()),
            Column::Texts(kinds.iter().map(String::as_str).collect()),
            Column::Ints(signed().map(|signed| signed.at.as_millisecond()).collect()),
            Column::Ints(projected.collect()),
            Column::Texts(entries.iter().map(|entry| entry.text.as_str()).collect()),
        ],
    )?;
    Ok(())
}

fn write_orders(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    mut rows: Vec<OrderRow<'_>>,
    now: Timestamp,
) -> Result<u64, HubError> {
    let place = [known.store.into(), known.number.into()];
    let orders = || rows.iter().map(|row| &row.projected.order);
    let inserted = session.insert(
        &ORDERS,
        &place,
        &[
            Column::Ints(rows.iter().map(|row| row.seq).collect()),
            Column::Uuids(orders().map(|order| order.id.uuid()).collect()),
            Column::Texts(rows.iter().map(|row| row.projected.kind).collect()),
            Column::Texts(orders().map(|order| order.receipt.as_str()).collect()),
            Column::Texts(rows.iter().map(|row| row.projected.business_date.as_str()).collect()),
            Column::Ints(rows.iter().map(|row| row.entry.signed.at.as_millisecond()).collect()),
            Column::OptionalTexts(rows.iter().map(|row| row.entry.signed.staff.as_ref().map(StaffId::as_str)).collect()),
            Column::Texts(orders().map(|order| order.currency.code()).collect()),
            Column::Ints(orders().map(|order| order.total.minor()).collect()),
            Column::Ints(orders().map(|order| order.tax.minor()).collect()),
            Column::Ints(orders().map(|order| order.rounding.minor()).collect()),
            Column::OptionalUuids(rows.iter().map(|row| row.projected.refund_of.map(|of| of.uuid())).collect()),
            Column::OptionalTexts(orders().map(|order| order.external_reference.as_deref()).collect()),
        ],
    )?;
    let mut findings = 0;
    if inserted < rows.len() as u64 {
        let written = written(session, "SELECT seq FROM orders", known, rows.first().map_or(0, |row| row.seq))?;
        for row in rows.iter().filter(|row| !written.contains(&row.seq)) {
            let what = format!("order {} ({})", row.projected.order.id, row.projected.order.receipt);
            twice(session, known, row.entry, &what, now)?;
            findings += 1;
        }
        rows.retain(|row| written.contains(&row.seq));
    }
    write_order_lines(session, known, &rows)?;
    write_payments(session, known, &rows)?;
    write_postings(session, known, &rows)?;
    Ok(findings)
}

fn write_order_lines(session: &mut Session<'_>, known: &KnownTerminal, rows: &[OrderRow<'_>]) -> Result<(), HubError> {
    let lines: Vec<(i64, i64, &OrderLine)> = rows
        .iter()
        .flat_map(|row| (1..).zip(&row.projected.order.lines).map(|(number, line)| (row.seq, number, line)))
        .collect();
    let taxes = lines.iter().map(|(_, _, line)| {
        let taxes = line.taxes.iter().map(|tax| tax.tax);
        Ok(Money::sum(line.payable.currency(), taxes)?.minor())
    });
    let taxes = taxes.collect::<Result<Vec<i64>, HubError>>()?;
    session.insert(
        &ORDER_LINES,
        &[known.store.into(), known.number.into()],
        &[
            Column::Ints(lines.iter().map(|(seq, ..)| *seq).collect()),
            Column::Ints(lines.iter().map(|(_, number, _)| *number).collect()),
            Column::Uuids(lines.iter().map(|(.., line)| line.product.uuid()).collect()),
            Column::Texts(lines.iter().map(|(.., line)| line.sku.as_str()).collect()),
            Column::Ints(lines.iter().map(|(.., line)| line.quantity.milli()).collect()),
            Column::Ints(lines.iter().map(|(.., line)| line.net.minor()).collect()),
            Column::Ints(taxes),
            Column::Ints(lines.iter().map(|(.., line)| line.payable.minor()).collect()),
        ],
    )?;
    Ok(())
}

fn write_payments(session: &mut Session<'_>, known: &KnownTerminal, rows: &[OrderRow<'_>]) -> Result<(), DatabaseError> {
    let payments: Vec<_> = rows
        .iter()
        .flat_map(|row| (1..).zip(&row.projected.order.payments).map(|(number, payment)| (row.seq, number, payment)))
        .collect();
    let tenders = payments.iter().map(|(.., payment)| match &payment.tender {
        Tender::Cash { .. } => ("cash", None),
        Tender::Card { reference } => ("card", Some(reference.as_str())),
    });
    let (tenders, references) = tenders.unzip();
    session.insert(
        &PAYMENTS,
        &[known.store.into(), known.number.into()],
        &[
            Column::Ints(payments.iter().map(|(seq, ..)| *seq).collect()),
            Column::Ints(payments.iter().map(|(_, number, _)| *number).collect()),
            Column::Uuids(payments.iter().map(|(.., payment)| payment.id.uuid()).collect()),
            Column::Texts(tenders),
            Column::Ints(payments.iter().map(|(.., payment)| payment.amount.minor()).collect()),
            Column::OptionalTexts(references),
        ],
    )?;
    Ok(())
}

/// The lines first: the posting closes them, and the database refuses it unless they sum to zero.
fn write_postings(session: &mut Session<'_>, known: &KnownTerminal, rows: &[OrderRow<'_>]) -> Result<(), DatabaseError> {
    let place = [known.store.into(), known.number.into()];
    let lines: Vec<(i64, &str, i64)> = rows
        .iter()
        .flat_map(|row| row.projected.posting.lines().iter().map(|(account, amount)| (row.seq, account.code(), amount.minor())))
        .collect();
    session.insert(
        &POSTING_LINES,
        &place,
        &[
            Column::Ints(lines.iter().map(|(seq, ..)| *seq).collect()),
            Column::Texts(lines.iter().map(|(_, account, _)| *account).collect()),
            Column::Ints(lines.iter().map(|(.., amount)| *amount).collect()),
        ],
    )?;
    // An order of nothing (a free sale) moves no account.
    let moving: Vec<&OrderRow<'_>> = rows.iter().filter(|row| !row.projected.posting.lines().is_empty()).collect();
    session.insert(
        &POSTINGS,
        &place,
        &[
            Column::Ints(moving.iter().map(|row| row.seq).collect()),
            Column::Texts(moving.iter().map(|row| row.projected.business_date.as_str()).collect()),
            Column::Texts(moving.iter().map(|row| row.projected.order.currency.code()).collect()),
        ],
    )?;
    Ok(())
}

fn write_adjustments(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    mut rows: Vec<AdjustmentRow<'_>>,
    now: Timestamp,
) -> Result<u64, HubError> {
    let place = [known.store.into(), known.number.into()];
    let adjustments = || rows.iter().map(|row| &row.projected.adjustment);
    let inserted = session.insert(
        &ADJUSTMENTS,
        &place,
        &[
            Column::Ints(rows.iter().map(|row| row.seq).collect()),
            Column::Uuids(adjustments().map(|adjustment| adjustment.id.uuid()).collect()),
            Column::Texts(rows.iter().map(|row| row.projected.business_date.as_str()).collect()),
            Column::Texts(adjustments().map(|adjustment| adjustment.reason.as_str()).collect()),
            Column::OptionalTexts(adjustments().map(|adjustment| adjustment.external_reference.as_deref()).collect()),
        ],
    )?;
    let mut findings = 0;
    if inserted < rows.len() as u64 {
        let written = written(session, "SELECT seq FROM stock_adjustments", known, rows.first().map_or(0, |row| row.seq))?;
        for row in rows.iter().filter(|row| !written.contains(&row.seq)) {
            twice(session, known, row.entry, &format!("stock adjustment {}", row.projected.adjustment.id), now)?;
            findings += 1;
        }
        rows.retain(|row| written.contains(&row.seq));
    }
    let lines: Vec<_> = rows
        .iter()
        .flat_map(|row| (1..).zip(&row.projected.adjustment.lines).map(|(number, line)| (row.seq, number, line)))
        .collect();
    session.insert(
        &ADJUSTMENT_LINES,
        &place,
        &[
            Column::Ints(lines.iter().map(|(seq, ..)| *seq).collect()),
            Column::Ints(lines.iter().map(|(_, number, _)| *number).collect()),
            Column::Uuids(lines.iter().map(|(.., line)| line.product.uuid()).collect()),
            Column::Texts(lines.iter().map(|(.., line)| line.sku.as_str()).collect()),
            Column::Ints(lines.iter().map(|(.., line)| line.delta.milli()).collect()),
            Column::Texts(lines.iter().map(|(.., line)| line.note.as_str()).collect()),
        ],
    )?;
    Ok(findings)
}

/// The numbers from `first` on that have a row of this terminal; the others met one with the same id.
fn written(
    session: &mut Session<'_>,
    select: &str,
    known: &KnownTerminal,
    first: i64,
) -> Result<HashSet<i64>, DatabaseError> {
    let sql = format!("{select} WHERE store = $1 AND terminal = $2 AND seq >= $3");
    let seqs = session.query(&sql, &[known.store.into(), known.number.into(), first.into()], |row| row.int(0))?;
    Ok(seqs.into_iter().collect())
}

/// The same thing was reported before: the entry is kept, and booked only once.
fn twice(
    session: &mut Session<'_>,
    known: &KnownTerminal,
    entry: &CheckedEntry,
    what: &str,
    now: Timestamp,
) -> Result<(), HubError> {
    let seq = feed::signed(entry.signed.seq)?;
    let sql = "UPDATE entries SET projected = 0 WHERE store = $1 AND terminal = $2 AND seq = $3";
    session.execute(sql, &[known.store.into(), known.number.into(), seq.into()])?;
    let detail = format!("{what} was reported before; entry {seq}, which reports it again, is kept but not booked");
    let finding = bad_content(entry.signed.hash.to_string(), detail, &entry.text);
    incident::record(session, known.store, known.number, &finding, now)
}
