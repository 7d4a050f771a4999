//! The rows that entries make, table by table.

use std::collections::BTreeMap;

use domain::ledger::Posting;
use domain::{AdjustmentLine, OrderId, OrderLine, Payment, StaffId, Tender};
use jiff::Timestamp;

use super::checking::CheckedEntry;
use super::projection::{ProjectedAdjustment, ProjectedCustomerOrder, ProjectedOrder, Projection};
use crate::database::ColumnType::{Bytes, Int, Text, Uuid};
use crate::database::{Column, ColumnType, DatabaseError, Insert, Rows, Value};
use crate::feed;
use crate::terminal::KnownTerminal;

pub(super) const PLACE: &[(&str, ColumnType)] = &[("store", Int), ("terminal", Int)];

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
    "ON CONFLICT (id, store) DO NOTHING",
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
        ("stock_delta", Int),
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
static POSTING_LINES: Insert = Insert::new("posting_lines", PLACE, &[("seq", Int), ("account", Text), ("amount", Int)], "");
static POSTINGS: Insert = Insert::new("postings", PLACE, &[("seq", Int), ("business_date", Text), ("currency", Text)], "");
static DAILY_TOTALS: Insert = Insert::new(
    "daily_totals",
    PLACE,
    &[("business_date", Text), ("currency", Text), ("orders", Int), ("refunds", Int), ("gross", Int), ("refunded", Int)],
    "ON CONFLICT (store, business_date, terminal, currency) DO UPDATE SET orders = daily_totals.orders + excluded.orders, \
     refunds = daily_totals.refunds + excluded.refunds, gross = daily_totals.gross + excluded.gross, \
     refunded = daily_totals.refunded + excluded.refunded",
);
static ADJUSTMENTS: Insert = Insert::new(
    "stock_adjustments",
    PLACE,
    &[
        ("seq", Int),
        ("id", Uuid),
        ("business_date", Text),
        ("reason", Text),
        ("external_reference", Text),
        ("kind", Text),
        ("staff", Text),
    ],
    "ON CONFLICT (id, store) DO NOTHING",
);
static ADJUSTMENT_LINES: Insert = Insert::new(
    "stock_adjustment_lines",
    PLACE,
    &[("seq", Int), ("line", Int), ("product", Uuid), ("sku", Text), ("delta", Int), ("note", Text)],
    "",
);

/// A sale or refund with the entry it comes from.
pub(super) struct OrderRow<'a> {
    pub(super) seq: i64,
    pub(super) entry: &'a CheckedEntry,
    pub(super) projected: &'a ProjectedOrder,
}

/// A stock adjustment with the entry it comes from.
pub(super) struct AdjustmentRow<'a> {
    pub(super) seq: i64,
    pub(super) entry: &'a CheckedEntry,
    pub(super) projected: &'a ProjectedAdjustment,
}

pub(super) fn place(known: &KnownTerminal) -> Vec<Value<'static>> {
    vec![known.store.into(), known.number.into()]
}

pub(super) fn entries<'a>(known: &KnownTerminal, entries: &'a [CheckedEntry], now: Timestamp) -> Result<Rows<'a>, DatabaseError> {
    let signed = || entries.iter().map(|entry| &entry.signed);
    let projected = entries.iter().map(|entry| i64::from(!matches!(entry.projection, Projection::Unreadable)));
    let mut same = place(known);
    same.push(now.as_millisecond().into());
    Ok(Rows {
        insert: &ENTRIES,
        same,
        each: vec![
            Column::Ints(signed().map(|signed| feed::signed(signed.seq)).collect::<Result<_, _>>()?),
            Column::Bytes(signed().map(|signed| signed.hash.as_bytes().as_slice()).collect()),
            Column::Texts(signed().map(|signed| signed.kind.as_str()).collect()),
            Column::Ints(signed().map(|signed| signed.at.as_millisecond()).collect()),
            Column::Ints(projected.collect()),
            Column::Texts(entries.iter().map(|entry| entry.text.as_str()).collect()),
        ],
    })
}

pub(super) fn orders<'a>(known: &KnownTerminal, rows: &[OrderRow<'a>]) -> Rows<'a> {
    let orders = || rows.iter().map(|row| &row.projected.order);
    Rows {
        insert: &ORDERS,
        same: place(known),
        each: vec![
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
            Column::OptionalUuids(rows.iter().map(|row| row.projected.refund_of.map(OrderId::uuid)).collect()),
            Column::OptionalTexts(orders().map(|order| order.external_reference.as_deref()).collect()),
        ],
    }
}

pub(super) fn order_lines<'a>(known: &KnownTerminal, rows: &[OrderRow<'a>]) -> Rows<'a> {
    let lines: Vec<(i64, i64, &'a OrderLine)> =
        rows.iter().flat_map(|row| (1..).zip(&row.projected.order.lines).map(|(number, line)| (row.seq, number, line))).collect();
    let deltas = rows.iter().flat_map(|row| {
        let sign = if row.projected.kind == "sale" { -1 } else { 1 };
        row.projected.order.lines.iter().map(move |line| sign * line.quantity.milli())
    });
    // Amounts that are booked are far from what would overflow.
    let taxes = lines.iter().map(|(.., line)| line.taxes.iter().map(|tax| tax.tax.minor()).fold(0, i64::saturating_add));
    Rows {
        insert: &ORDER_LINES,
        same: place(known),
        each: vec![
            Column::Ints(lines.iter().map(|(seq, ..)| *seq).collect()),
            Column::Ints(lines.iter().map(|(_, number, _)| *number).collect()),
            Column::Uuids(lines.iter().map(|(.., line)| line.product.uuid()).collect()),
            Column::Texts(lines.iter().map(|(.., line)| line.sku.as_str()).collect()),
            Column::Ints(lines.iter().map(|(.., line)| line.quantity.milli()).collect()),
            Column::Ints(deltas.collect()),
            Column::Ints(lines.iter().map(|(.., line)| line.net.minor()).collect()),
            Column::Ints(taxes.collect()),
            Column::Ints(lines.iter().map(|(.., line)| line.payable.minor()).collect()),
        ],
    }
}

pub(super) fn payments<'a>(known: &KnownTerminal, rows: &[OrderRow<'a>]) -> Rows<'a> {
    let payments: Vec<(i64, i64, &'a Payment)> = rows
        .iter()
        .flat_map(|row| (1..).zip(&row.projected.order.payments).map(|(number, payment)| (row.seq, number, payment)))
        .collect();
    let tenders = payments.iter().map(|(.., payment)| match &payment.tender {
        Tender::Card { reference } => ("card", Some(reference.as_str())),
        other => (other.code(), None),
    });
    let (tenders, references) = tenders.unzip();
    Rows {
        insert: &PAYMENTS,
        same: place(known),
        each: vec![
            Column::Ints(payments.iter().map(|(seq, ..)| *seq).collect()),
            Column::Ints(payments.iter().map(|(_, number, _)| *number).collect()),
            Column::Uuids(payments.iter().map(|(.., payment)| payment.id.uuid()).collect()),
            Column::Texts(tenders),
            Column::Ints(payments.iter().map(|(.., payment)| payment.amount.minor()).collect()),
            Column::OptionalTexts(references),
        ],
    }
}

/// What an entry books.
pub(super) struct PostingRow<'a> {
    pub(super) seq: i64,
    pub(super) business_date: &'a str,
    pub(super) currency: &'a str,
    pub(super) posting: &'a Posting,
}

impl<'a> OrderRow<'a> {
    pub(super) fn posting(&self) -> PostingRow<'a> {
        let ProjectedOrder { business_date, posting, order, .. } = self.projected;
        PostingRow { seq: self.seq, business_date, currency: order.currency.code(), posting }
    }
}

impl ProjectedCustomerOrder {
    pub(super) fn posting(&self, seq: i64) -> PostingRow<'_> {
        PostingRow { seq, business_date: &self.business_date, currency: self.currency.code(), posting: &self.posting }
    }
}

pub(super) fn posting_lines<'a>(known: &KnownTerminal, rows: &[PostingRow<'a>]) -> Rows<'a> {
    let lines: Vec<(i64, &str, i64)> = rows
        .iter()
        .flat_map(|row| row.posting.lines().iter().map(|(account, amount)| (row.seq, account.code(), amount.minor())))
        .collect();
    Rows {
        insert: &POSTING_LINES,
        same: place(known),
        each: vec![
            Column::Ints(lines.iter().map(|(seq, ..)| *seq).collect()),
            Column::Texts(lines.iter().map(|(_, account, _)| *account).collect()),
            Column::Ints(lines.iter().map(|(.., amount)| *amount).collect()),
        ],
    }
}

/// Written after its lines: it closes them, and the database refuses it unless they sum to zero. An order of nothing (a free
/// sale) moves no account and has none.
pub(super) fn postings<'a>(known: &KnownTerminal, rows: &[PostingRow<'a>]) -> Rows<'a> {
    let moving = || rows.iter().filter(|row| !row.posting.lines().is_empty());
    Rows {
        insert: &POSTINGS,
        same: place(known),
        each: vec![
            Column::Ints(moving().map(|row| row.seq).collect()),
            Column::Texts(moving().map(|row| row.business_date).collect()),
            Column::Texts(moving().map(|row| row.currency).collect()),
        ],
    }
}

/// Reports of many days read these sums instead of the orders.
pub(super) fn daily_totals<'a>(known: &KnownTerminal, rows: &[OrderRow<'a>]) -> Rows<'a> {
    let mut days: BTreeMap<(&'a str, &'a str), [i64; 4]> = BTreeMap::new();
    for OrderRow { projected, .. } in rows {
        let day = days.entry((projected.business_date.as_str(), projected.order.currency.code())).or_default();
        let kind = usize::from(projected.kind == "refund");
        day[kind] += 1;
        day[2 + kind] += projected.order.total.minor();
    }
    let column = |index: usize| Column::Ints(days.values().map(|sums| sums[index]).collect());
    Rows {
        insert: &DAILY_TOTALS,
        same: place(known),
        each: vec![
            Column::Texts(days.keys().map(|(date, _)| *date).collect()),
            Column::Texts(days.keys().map(|(_, currency)| *currency).collect()),
            column(0),
            column(1),
            column(2),
            column(3),
        ],
    }
}

pub(super) fn adjustments<'a>(known: &KnownTerminal, rows: &[AdjustmentRow<'a>]) -> Rows<'a> {
    let adjustments = || rows.iter().map(|row| &row.projected.adjustment);
    Rows {
        insert: &ADJUSTMENTS,
        same: place(known),
        each: vec![
            Column::Ints(rows.iter().map(|row| row.seq).collect()),
            Column::Uuids(adjustments().map(|adjustment| adjustment.id.uuid()).collect()),
            Column::Texts(rows.iter().map(|row| row.projected.business_date.as_str()).collect()),
            Column::Texts(adjustments().map(|adjustment| adjustment.reason.as_str()).collect()),
            Column::OptionalTexts(adjustments().map(|adjustment| adjustment.external_reference.as_deref()).collect()),
            Column::Texts(rows.iter().map(|row| row.projected.kind.code()).collect()),
            Column::OptionalTexts(rows.iter().map(|row| row.entry.signed.staff.as_ref().map(StaffId::as_str)).collect()),
        ],
    }
}

pub(super) fn adjustment_lines<'a>(known: &KnownTerminal, rows: &[AdjustmentRow<'a>]) -> Rows<'a> {
    let lines: Vec<(i64, i64, &'a AdjustmentLine)> = rows
        .iter()
        .flat_map(|row| (1..).zip(&row.projected.adjustment.lines).map(|(number, line)| (row.seq, number, line)))
        .collect();
    Rows {
        insert: &ADJUSTMENT_LINES,
        same: place(known),
        each: vec![
            Column::Ints(lines.iter().map(|(seq, ..)| *seq).collect()),
            Column::Ints(lines.iter().map(|(_, number, _)| *number).collect()),
            Column::Uuids(lines.iter().map(|(.., line)| line.product.uuid()).collect()),
            Column::Texts(lines.iter().map(|(.., line)| line.sku.as_str()).collect()),
            Column::Ints(lines.iter().map(|(.., line)| line.delta.milli()).collect()),
            Column::Texts(lines.iter().map(|(.., line)| line.note.as_str()).collect()),
        ],
    }
}
